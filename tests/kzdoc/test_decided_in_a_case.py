"""What may be somebody withheld in a case is settled by an answer given in that case alone."""

from __future__ import annotations

import pytest

from kzdoc import naming, publishing
from kzdoc.domain.audience import Audience
from kzdoc.redaction.unknown import NAME, SHOWN, WORD, Decisions, shown_texts
from kzdoc.session import Session
from tests.kzdoc.redaction.test_papers import READER, add
from tests.offices import Office

TOLD = "Видели А.М. там. Потом арман айтты."
MAYBE = ["А.М.", "арман"]


def case_with(session: Session, secret: str, told: str = TOLD) -> bytes:
    """Return the case of somebody named in which somebody withheld may be told of."""
    withheld = add(session, "person", name_ru=secret)
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    add(session, "event", title="Собрание", persons=[hero.hex(), withheld.hex()], response=told)
    return hero


def asked(session: Session, root: bytes) -> list[str]:
    made = publishing.preview(session, root, audience=Audience.PUBLIC, template="case-file", lang="ru", **READER)
    return sorted(one.text for one in made.unknown)


def left_unasked(session: Session, root: bytes) -> list[str]:
    """Return what may be somebody withheld, is read in the paper and is not asked about."""
    made = publishing.preview(session, root, audience=Audience.PUBLIC, template="case-file", lang="ru", **READER)
    read = " ".join(text.plain() for _, text in shown_texts(made.view.records))
    return [one for one in MAYBE if one in read and one not in {each.text for each in made.unknown}]


@pytest.mark.parametrize("how", [SHOWN, WORD])
def test_an_answer_in_one_case_says_nothing_of_another(office: Office, how: str) -> None:
    session = office.open()
    first, second = case_with(session, "Абаев Мереке"), case_with(session, "Мыктыбаев Арман")
    assert "А.М." in asked(session, first)
    assert asked(session, second) == MAYBE
    naming.decide(session, MAYBE, how, scope=naming.in_case(first))
    assert asked(session, first) == []
    assert left_unasked(session, second) == [], "here it may be Арман"
    naming.decide(session, MAYBE, how, scope=naming.in_case(second))
    assert asked(session, second) == []
    naming.decide(session, MAYBE, naming.ASK)
    assert asked(session, second) == MAYBE


def test_an_answer_without_a_place_settles_it_where_nobody_withheld_may_be_meant(office: Office) -> None:
    session = office.open()
    meant, other = case_with(session, "Мыктыбаев Арман"), case_with(session, "Сынақов Ғалым", "Видели г-жу Б. там.")
    naming.decide(session, [*MAYBE, "г-жа Б."], SHOWN)
    assert asked(session, other) == []
    assert "А.М." in asked(session, meant)
    assert left_unasked(session, meant) == []


def test_that_nobody_may_read_it_holds_everywhere(office: Office) -> None:
    session = office.open()
    first, second = case_with(session, "Абаев Мереке"), case_with(session, "Мыктыбаев Арман")
    naming.decide(session, ["А.М."], NAME, scope=naming.in_case(first))
    assert "А.М." not in asked(session, second)
    made = publishing.preview(session, second, audience=Audience.PUBLIC, template="case-file", lang="ru", **READER)
    assert "А.М." not in str(made.view)


def test_the_twin_that_takes_an_answer_for_every_case_is_caught(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = office.open()
    second = case_with(session, "Мыктыбаев Арман")
    naming.decide(session, MAYBE, SHOWN)
    assert left_unasked(session, second) == []
    monkeypatch.setattr(Decisions, "_holds_here", lambda *_: True)
    assert left_unasked(session, second) == ["А.М."]
