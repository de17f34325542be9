"""Names cut short, from the record to the paper: asked about, held for, decided, taken out; alike for every secret."""

from __future__ import annotations

import pytest

from kzdoc import naming, publishing
from kzdoc.domain.audience import Audience
from kzdoc.names.words import candidates
from kzdoc.redaction import unknown
from kzdoc.redaction.unknown import NAME, SHOWN, WORD
from kzdoc.session import Session
from tests.kzdoc.redaction.test_papers import READER, add
from tests.offices import Office

TOLD = "Видели г-жу Б. и Ж-ву, писал Ж***, пришёл Витя {0}. Потом {0} Жанболатова ушла. Дочери Жан болатовой отказали."
ASKED = ["Витя", "Ж***", "Ж-ву", "г-жу Б.", "Жанболатова", "Жан болатовой"]


def case_of(session: Session, secret: str) -> bytes:
    """Return the case of somebody named, in which somebody withheld is told of."""
    add(session, "person", name_ru=secret)
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    add(session, "event", title="Собрание", persons=[hero.hex()], response=TOLD.format(secret))
    return hero


def paper(session: Session, secret: str, hero: bytes = b"") -> publishing.Paper:
    """Return the public paper of a case, a new one when none is given."""
    hero = hero or case_of(session, secret)
    return publishing.preview(session, hero, audience=Audience.PUBLIC, template="case-file", lang="ru", **READER)


def asked(session: Session, withheld: str = "Мысалов Ғалым") -> list[str]:
    return sorted((one.text for one in paper(session, withheld).unknown), key=lambda one: (len(one), one))


def test_they_are_asked_about_in_a_paper(office: Office) -> None:
    assert asked(office.open()) == ASKED


def test_the_twin_that_asks_of_whole_names_alone_is_caught(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown, "written_names", lambda text, **_: candidates(text))
    assert asked(office.open()) != ASKED


@pytest.mark.parametrize("secret", ["Мысалов Ғалым", "Үлгіқызы Әсем", "Жанболатов Виктор"])
def test_whoever_is_withheld_the_same_is_asked(office: Office, secret: str) -> None:
    found = asked(office.open(), secret)
    assert set(found) >= {"Ж***", "Ж-ву", "г-жу Б."}
    assert set(found) <= set(ASKED)


def test_what_was_decided_is_settled_and_what_is_a_name_is_taken_out(office: Office) -> None:
    session = office.open()
    naming.decide(session, ["г-жу Б.", "Ж-ву"], NAME)
    naming.decide(session, ["Ж***", "Жанболатова", "Жан болатовой"], SHOWN)
    naming.decide(session, ["Витя"], WORD)
    made = paper(session, "Мысалов Ғалым")
    assert [one.text for one in made.unknown] == []
    assert made.findings == ()
    shown = " ".join(text.plain() for _, text in unknown.shown_texts(made.view.records))
    assert "г-жу Б." not in shown
    assert "Ж-ву" not in shown
    assert "Ж***" in shown
    assert "Витя" in shown


def test_a_decision_holds_for_every_case_of_the_word_before_the_initial(office: Office) -> None:
    session = office.open()
    naming.decide(session, ["г-жа Б."], NAME)
    naming.decide(session, ["Ч."], SHOWN)
    decided = naming.decisions(session)
    assert all(decided.settles(form) for form in ("г-жу Б.", "Г-жой Б.", "Ч."))
    assert not any(decided.settles(form) for form in ("г-н Б.", "г-жа В.", "А. Ч."))
    made = paper(session, "Мысалов Ғалым")
    assert "г-жу Б." not in " ".join(text.plain() for _, text in unknown.shown_texts(made.view.records))


@pytest.mark.parametrize("told", ["г-же Б. отказали.", "писала Ж-ва.", "затем Ч. избили."])
def test_left_in_a_finished_paper_what_was_decided_to_be_a_name_is_a_finding(
    office: Office, monkeypatch: pytest.MonkeyPatch, told: str
) -> None:
    session = office.open()
    naming.decide(session, ["г-жу Б.", "Ж-ва", "Ч."], NAME)
    monkeypatch.setattr(f"{__name__}.TOLD", f"Потом {{0}} ушла, {told}")
    assert paper(session, "Мысалов Ғалым").findings == ()
    monkeypatch.setattr("kzdoc.names.reading.cut_names", lambda _: [])
    monkeypatch.setattr("kzdoc.names.reading.lone_initials", lambda _: [])
    monkeypatch.setattr("kzdoc.names.reading.covered", lambda _: [])
    assert {one.rule.split(".")[1] for one in paper(session, "Мысалов Ғалым").findings} >= {"cut-name"}


def test_what_may_be_somebody_withheld_in_the_case_holds_its_paper_until_it_is_decided(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        f"{__name__}.TOLD", "Потом {0} ушёл. Ғ. рассказал всё. И тогда Ғалыш айтты, потом ғалым сказал."
    )
    session = office.open()
    assert asked(session) == ["Ғ.", "Ғалыш", "ғалым"]
    assert asked(session, "Тестов Марат") == []
    naming.decide(session, ["Ғ.", "Ғалыш"], NAME)
    hero = case_of(session, "Мысалов Ғалым")
    naming.decide(session, ["ғалым"], WORD)
    assert [one.text for one in paper(session, "", hero).unknown] == ["ғалым"], "here it may be Ғалым"
    naming.decide(session, ["ғалым"], WORD, scope=naming.in_case(hero))
    made = paper(session, "", hero)
    shown = " ".join(text.plain() for _, text in unknown.shown_texts(made.view.records))
    assert made.unknown == ()
    assert "Ғ." not in shown
    assert "Ғалыш" not in shown
    assert "ғалым сказал" in shown


def test_letters_covered_and_two_initials_are_asked_about_decided_and_taken_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.TOLD", "Потом {0} ушёл. Увели М*ва, Ғ.М. рассказал, Мыс. и били. А М_ву нет.")
    session = office.open()
    assert asked(session) == ["М*ва", "М_ву", "Мыс.", "Ғ.М."]
    naming.decide(session, ["М*ва", "Ғ.М.", "Мыс."], NAME)
    hero = case_of(session, "Мысалов Ғалым")
    naming.decide(session, ["М_ву"], SHOWN, scope=naming.in_case(hero))
    made = paper(session, "", hero)
    shown = " ".join(text.plain() for _, text in unknown.shown_texts(made.view.records))
    assert (made.unknown, made.findings) == ((), ())
    assert not any(one in shown for one in ("М*ва", "Ғ.М", "Мыс."))
    assert "М_ву" in shown
    monkeypatch.setattr("kzdoc.names.reading.covered", lambda _: [])
    assert {one.rule.split(".")[1] for one in paper(session, "Мысалов Ғалым").findings} == {"cut-name", "shown-text"}
