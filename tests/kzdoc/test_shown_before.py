"""What a reader already has of a case under a profile that shows more is told before more is handed on."""

from __future__ import annotations

from pathlib import Path

import pytest

from kzdoc import publishing, telling
from kzdoc.domain.audience import Audience
from kzdoc.redaction.profile import AUDIENCES, shows_more
from kzdoc.session import Session
from kzdoc.together import reader_key
from tests.kzdoc.redaction.test_papers import add
from tests.offices import Office


@pytest.fixture
def session(office: Office) -> Session:
    return office.open()


def publish(session: Session, hero: bytes, out: Path, audience: Audience, recipient: str) -> None:
    publishing.make_report(session, hero, out, template="case-file", audience=audience, lang="ru", recipient=recipient,
                           purpose="Доклад", pack=False)  # fmt: skip


def before(session: Session, hero: bytes, audience: Audience, recipient: str) -> list[tuple[str, list[str]]]:
    told = telling.shown_before(session, hero, audience=audience, recipient=recipient)
    return [(one["audience"], one["classes"]) for one in told]


def test_a_reader_who_had_more_is_noticed_and_nobody_else(session: Session, tmp_path: Path) -> None:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    other = add(session, "person", name_ru="Образцов Марат", naming_basis="already_public")
    publish(session, hero, tmp_path / "a.pdf", Audience.PARTNER, "Общество  «Пример»")
    assert before(session, hero, Audience.EMBASSY, "общество «пример»") == [
        ("partner", ["contact", "location", "quasi"])
    ]
    assert before(session, hero, Audience.EMBASSY, "Посольство") == []
    assert before(session, other, Audience.EMBASSY, "Общество «Пример»") == []
    assert before(session, hero, Audience.PARTNER, "Общество «Пример»") == []


def test_the_twin_that_forgets_the_ledger_would_be_caught(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    publish(session, hero, tmp_path / "a.pdf", Audience.LAWYER, "Адвокат")
    assert before(session, hero, Audience.PUBLIC, "Адвокат")
    monkeypatch.setattr(type(session.vault.exports), "all", lambda _self: [])
    assert before(session, hero, Audience.PUBLIC, "Адвокат") == []


def test_no_profile_shows_more_than_itself() -> None:
    assert all(shows_more(one, one) == [] for one in AUDIENCES)
    assert not any(shows_more(Audience.PUBLIC, one) for one in AUDIENCES)


SPELLINGS = [
    "посольство Франции",
    "ПОСОЛЬСТВО  ФРАНЦИИ ",
    "Посольство Франции.",
    "«Посольство» Франции",
    "Посольство-Франции",
]


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_a_reader_is_the_same_however_spelled(session: Session, tmp_path: Path, spelled: str) -> None:
    hero = add(session, "person", name_ru="Тестов Данияр", naming_basis="already_public")
    publish(session, hero, tmp_path / "a.pdf", Audience.PARTNER, "Посольство Франции")
    assert before(session, hero, Audience.EMBASSY, spelled)
    assert not before(session, hero, Audience.EMBASSY, "Посольство Италии")
    assert session.vault.exports.all()[0].recipient == "Посольство Франции"


@pytest.mark.parametrize(
    ("one", "other"),
    [("U.N.", "UN"), ("Human Rights Watch", "HumanRights watch"), ("OSCE", "ОSCE"), ("Алёна Ли", "алена  ли.")],
)
def test_a_reader_s_key_leaves_spelling_out(one: str, other: str) -> None:
    assert reader_key(one) == reader_key(other)
    assert reader_key(one) != reader_key(one + " Б")
