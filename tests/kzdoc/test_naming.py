"""Who is met in texts is read once, and anew after anything changed: a person saved a moment ago is already met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, naming, reviewing, withholding
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.redaction.unknown import NAME
from kzdoc.vault.filing import Filing
from tests.field_office import made_office, office  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from kzdoc.session import Session

TEXT = "Рядом стоял Үлгіқызы Әсем, дальше Мысалов Ғалым."


def shown(session: Session) -> str:
    """Return the text as strangers read it."""
    return str(reviewing.redact(session, TEXT, audience=Audience.PUBLIC, lang="ru")["text"])


def test_what_was_read_is_kept_until_something_changes(office) -> None:  # noqa: F811
    with office.at("monitor") as session:
        assert naming.people(session) is naming.people(session)
        before = naming.people(session)
        casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")])
        assert naming.people(session) is not before


def test_a_person_saved_decided_or_withheld_a_moment_ago_is_met(office) -> None:  # noqa: F811
    with office.at("monitor") as session:
        assert "Мысалов" in shown(session)
        person = casework.add(session, "person", [Change("name_ru", "set", "Мысалов Ғалым")])
        assert "Мысалов" not in shown(session)
        assert "Әсем" in shown(session)
        naming.decide(session, ["Үлгіқызы Әсем"], NAME)
        assert "Әсем" not in shown(session)
        withholding.withhold(session, person, ["name_ru"], "asked_by_person")
        assert "Мысалов" not in shown(session), "withheld here, and still somebody's name"


def test_the_twin_that_never_reads_anew_is_caught(office, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    with office.at("monitor") as session:
        assert "Мысалов" in shown(session)
        monkeypatch.setattr(Filing, "behind", lambda _: False)
        casework.add(session, "person", [Change("name_ru", "set", "Мысалов Ғалым")])
        assert "Мысалов" in shown(session), "stale, as the twin must be"


def test_another_day_is_read_anew(office) -> None:  # noqa: F811
    with office.at("monitor") as session:
        before, now = naming.people(session), session.clock()
        session.clock = lambda: type(now)(now.seconds + 86_400, now.offset)
        assert naming.people(session) is not before, "consent ends with a day"
