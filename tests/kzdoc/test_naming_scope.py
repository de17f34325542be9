"""That a word is another person holds where it was said: in the papers of one case, in the tables of one kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kzdoc import exporting, naming, publishing, reviewing
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.leaving import LeakError
from kzdoc.naming import ASK, OTHER, in_case, in_tables
from kzdoc.redaction.unknown import SHOWN, WORD, Decisions
from kzdoc.session import Session
from tests.kzdoc.redaction.test_papers import READER, add, paper
from tests.offices import Office

PUBLIC, PARTNER = ({"audience": one, **READER} for one in (Audience.PUBLIC, Audience.PARTNER))
TOLD = "Сказала Надежда, и ушли."
FREE = ("response", "occupation")
WHY = "Соседка с тем же именем, согласна"


@pytest.fixture
def session(office: Office) -> Session:
    session = office.open()
    add(session, "person", name_ru="Мысалова Надежда")
    return session


def case(session: Session, named: str) -> bytes:
    """Return somebody of an event in whose account a word stands that somebody withheld elsewhere is called."""
    hero = add(session, "person", name_ru=named, naming_basis="already_public")
    add(session, "event", title="Собрание", persons=[hero.hex()], response="Осталась лишь надежда.")
    return hero


def stopped(session: Session, hero: bytes) -> bool:
    return any(one.rule == "text.name" for one in paper(session, hero, Audience.PUBLIC).findings)


def table(session: Session, out: Path, kind: str = "event") -> None:
    exporting.export_table(session, kind, out, lang="ru", **PARTNER)


def test_another_case_asks_anew(session: Session) -> None:
    one, other = case(session, "Тестов Данияр"), case(session, "Үлгіқызы Әсем")
    assert stopped(session, one)
    assert stopped(session, other)
    naming.decide(session, ["надежда"], OTHER, reason=WHY, scope=in_case(one))
    assert not stopped(session, one)
    assert stopped(session, other)
    naming.decide(session, ["надежда"], OTHER, reason=WHY, scope=in_case(other))
    assert not stopped(session, one)
    assert not stopped(session, other)


def test_the_twin_that_heeds_no_case_is_caught(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = case(session, "Тестов Данияр"), case(session, "Үлгіқызы Әсем")
    naming.decide(session, ["надежда"], OTHER, reason=WHY, scope=in_case(one))
    assert stopped(session, other)
    honest = Decisions.within
    monkeypatch.setattr(Decisions, "within", lambda self, _scope: honest(self, in_case(one)))
    assert not stopped(session, other)


@pytest.fixture
def leaking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the exporter write the word as a name is written: written small it counts in no table."""
    honest = exporting._said
    monkeypatch.setattr(exporting, "_said", lambda shown: honest(shown) | dict.fromkeys(FREE, "Ушла Надежда"))


@pytest.mark.usefixtures("leaking")
def test_tables_of_a_kind_and_papers_of_a_case_do_not_speak_for_each_other(session: Session, tmp_path: Path) -> None:
    hero = case(session, "Тестов Данияр")
    naming.decide(session, ["Надежда"], OTHER, reason=WHY, scope=in_case(hero))
    with pytest.raises(LeakError):
        table(session, tmp_path / "a.csv")
    naming.decide(session, ["Надежда"], ASK, scope=in_case(hero))
    naming.decide(session, ["Надежда"], OTHER, reason=WHY, scope=in_tables("event"))
    table(session, tmp_path / "a.csv")
    assert stopped(session, hero)
    with pytest.raises(LeakError):
        table(session, tmp_path / "b.csv", "person")


def test_a_common_word_is_one_everywhere(session: Session) -> None:
    one, other = case(session, "Тестов Данияр"), case(session, "Үлгіқызы Әсем")
    naming.decide(session, ["надежда"], WORD)
    assert not stopped(session, one)
    assert not stopped(session, other)


def test_what_holds_in_a_case_is_taken_back_there_and_a_general_answer_replaces_it(session: Session) -> None:
    one, other = in_case(b"\1" * 16), in_case(b"\2" * 16)

    def said(*names: str, how: str, scope: str = "") -> Decisions:
        return naming.decide(session, names, how, reason=WHY if how == OTHER else "", scope=scope)

    said("Надежда", how=SHOWN)
    assert said("Надежда", how=OTHER, scope=one).said == (("Надежда", SHOWN),)
    both = said("Надежда", how=OTHER, scope=other)
    assert both.others == (("Надежда", one), ("Надежда", other))
    assert both.within(one).said == (("Надежда", OTHER),)
    assert both.within("event").said == (("Надежда", SHOWN),)
    assert said("Надежда", how=ASK, scope=one).others == (("Надежда", other),)
    assert said("Надежда", how=ASK, scope=one).said == ()
    assert said("Надежда", how=WORD).others == ()
    said("Надежда", how=OTHER, scope=one)
    cleared = said("Надежда", how=ASK)
    assert (cleared.said, cleared.others) == ((), ())
    kept = [(row["as"], row["scope"]) for row in naming.reasons(session)]
    assert kept == [(OTHER, one), (OTHER, other), (ASK, one), (WORD, ""), (OTHER, one), (ASK, "")]


def test_without_a_place_nobody_is_another(session: Session) -> None:
    with pytest.raises(InputError, match=r"name\.no-scope"):
        naming.decide(session, ["надежда"], OTHER, reason=WHY)


def test_a_candidate_is_settled_in_its_case_alone(session: Session) -> None:
    def about(named: str) -> bytes:
        hero = add(session, "person", name_ru=named, naming_basis="already_public")
        add(session, "event", title="Собрание", persons=[hero.hex()], response="Сказал Выдумов Марат.")
        return hero

    def asked(root: bytes) -> list[Any]:
        return [one["name"] for one in reviewing.candidates(session, root, audience=Audience.PUBLIC, lang="ru")]

    one, other = about("Тестов Данияр"), about("Үлгіқызы Әсем")
    assert asked(one) == asked(other) == ["Выдумов Марат"]
    naming.decide(session, ["Выдумов Марат"], OTHER, reason=WHY, scope=in_case(one))
    assert asked(one) == []
    assert asked(other) == ["Выдумов Марат"]
    assert publishing.preview(session, one, template="case-file", lang="ru", **PUBLIC).unknown == ()
