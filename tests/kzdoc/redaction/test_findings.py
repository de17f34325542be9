"""What the leak check finds in a paper is decided of: withheld, a common word, or another person with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from kzdoc import naming, publishing
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.redaction.unknown import NAME, WORD
from kzdoc.session import Session
from tests.kzdoc.redaction.test_papers import READER, add, paper
from tests.offices import Office


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def case(session: Session, told: str) -> bytes:
    """Return somebody who may be named, in whose case a text has a word that is also a withheld person's name."""
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    add(session, "person", name_ru="Мысалова Надежда")
    add(session, "event", title="Собрание", persons=[hero.hex()], response=told)
    return hero


def found(session: Session, hero: bytes) -> list[str]:
    return list(publishing.found_words(paper(session, hero, Audience.PUBLIC)))


def test_a_common_word_is_decided_once_and_the_paper_is_made(session: Session, tmp_path: Path) -> None:
    hero = case(session, "Осталась только надежда.")
    assert found(session, hero) == ["надежда"]
    naming.decide(session, ["надежда"], WORD)
    assert found(session, hero) == []
    publishing.make_report(session, hero, tmp_path / "a.pdf", template="case-file", audience=Audience.PUBLIC,
                           lang="ru", pack=False, **READER)  # fmt: skip
    naming.decide(session, ["надежда"], naming.ASK)
    assert found(session, hero) == ["надежда"]


def test_a_common_word_beside_a_name_is_found_all_the_same(session: Session) -> None:
    hero = case(session, "Осталась надежда мысалова, сказали им.")
    naming.decide(session, ["надежда"], WORD)
    texts = [one.plain() for record in paper(session, hero, Audience.PUBLIC).view.records for field in record.fields
             for one in field.values]  # fmt: skip
    assert found(session, hero) or not any("мысалова" in text for text in texts)


def test_another_person_needs_a_reason_and_every_saying_is_kept(session: Session) -> None:
    hero = case(session, "Осталась только надежда.")
    with pytest.raises(InputError, match=r"name\.no-reason"):
        naming.decide(session, ["надежда"], naming.OTHER, reason=" ", scope=naming.in_case(hero))
    assert found(session, hero) == ["надежда"]
    naming.decide(session, ["надежда"], naming.OTHER, reason="Кличка собаки", scope=naming.in_case(hero))
    assert found(session, hero) == []
    naming.decide(session, ["надежда"], naming.ASK)
    assert found(session, hero) == ["надежда"]
    assert [(one["name"], one["as"], one["reason"]) for one in naming.reasons(session)] == [
        ("надежда", "other", "Кличка собаки"),
        ("надежда", "ask", ""),
    ]


def test_withheld_it_is_taken_out(session: Session) -> None:
    hero = case(session, "Осталась только надежда.")
    naming.decide(session, ["надежда"], NAME)
    made = paper(session, hero, Audience.PUBLIC)
    assert made.findings == ()
    assert not any("надежда" in text for text in made.view.texts())


def test_a_finding_says_page_span_and_rule_and_never_the_words(session: Session) -> None:
    hero = case(session, "Осталась только надежда.")
    made = paper(session, hero, Audience.PUBLIC)
    one = next(one for one in made.findings if one.rule == "text.name")
    assert one.page >= 1
    assert one.position[1] > one.position[0]
    assert one.box
    assert "надежда" not in repr(made.findings)
