"""Statements that travel: whole or not at all, by the same judge as papers."""

from __future__ import annotations

import pytest

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Sensitivity
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.consent import Permissions
from kzdoc.redaction.sharing import disclosable, travelling_judge
from tests.kzdoc.redaction import cases
from tests.kzdoc.redaction.cases import HERO, WITNESS, Secret, rid, state
from tests.kzdoc.redaction.checker import leaks

SECRET = Secret()
QUIET = Secret(told="нет такого текста", day="нет такого дня", born="никогда", street=SECRET.street)


def going(records: list[RecordState], audience: Audience = Audience.PARTNER) -> dict[bytes, dict[str, list[object]]]:
    """Return the values that go, by record and field."""
    parts = cases.parts(SECRET, audience)
    by_id = {record.id: record for record in records}
    judge = travelling_judge(audience=audience, allowed=parts["allowed"], book=parts["book"], find=by_id.get)
    return {
        record.id: {
            one.id: values
            for one in KINDS[record.kind].fields
            if (values := [value for value in record.values(one.id) if disclosable(judge, record, one, value)])
        }
        for record in records
    }


@pytest.mark.parametrize("audience", [one for one in Audience if one is not Audience.INTERNAL])
def test_no_statement_that_goes_holds_a_withheld_name_or_number(audience: Audience) -> None:
    if audience is Audience.LAWYER:
        return  # the witness agreed to be named to the lawyer
    gone = going(cases.records(SECRET), audience)
    assert leaks(list(gone.values()), QUIET) == []


def test_to_ourselves_all_but_the_notes_goes() -> None:
    gone = going(cases.records(SECRET), Audience.INTERNAL)
    assert leaks(list(gone.values()), SECRET)
    assert "original_name" not in gone[rid(10)]


def test_what_travels_of_an_unnamed_person_is_no_name_no_number_no_home() -> None:
    gone = going(cases.records(SECRET))[WITNESS]
    classes = {KINDS["person"].field(name).sensitivity for name in gone}
    assert classes <= {Sensitivity.OPEN, Sensitivity.QUASI}
    assert going(cases.records(SECRET), Audience.EMBASSY)[WITNESS] == {}


def test_consents_go_with_what_they_govern() -> None:
    gone = going(cases.records(SECRET))[rid(17)]
    assert {"person", "classes", "audiences", "given_on"} <= set(gone)
    assert "purpose" not in gone


def test_a_testimony_without_consent_does_not_travel_at_all() -> None:
    gone = going(cases.records(SECRET))
    assert gone[rid(20)] == {}
    assert gone[rid(11)] == {}  # the photo of it
    assert gone[rid(12)] == {}  # the lawyer's note
    assert gone[rid(19)] == {}  # removed


def test_an_organiser_and_a_witness_stay() -> None:
    event = state(rid(1), "event", organiser="Чужаков Некто", persons=[HERO])
    told = state(rid(2), "testimony", witness=HERO, text="Рассказ", source=rid(8))
    source = state(rid(8), "source", published="yes", title="Доклад")
    gone = going([*cases.people(SECRET), event, told, source])
    assert set(gone[rid(1)]) == {"persons"}
    assert "witness" not in gone[rid(2)]


def test_a_clearing_goes_where_the_value_may_have_gone() -> None:
    judge = travelling_judge(
        audience=Audience.PARTNER, find={}.get,
        **{name: cases.parts(SECRET, Audience.PARTNER)[name] for name in ("allowed", "book")},
    )  # fmt: skip
    event, testimony = state(rid(1), "event"), state(rid(2), "testimony", witness=WITNESS)
    of = KINDS["event"]
    assert disclosable(judge, event, of.field("title"), None)
    assert disclosable(judge, event, of.field("organiser"), None)
    assert not disclosable(judge, event, of.field("work_notes"), None)
    assert not disclosable(judge, testimony, KINDS["testimony"].field("text"), None)


def test_twin_a_consent_that_defaults_to_yes_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Permissions, "covers", lambda *_: True)
    gone = going(cases.records(SECRET))
    assert leaks(list(gone.values()), SECRET)
