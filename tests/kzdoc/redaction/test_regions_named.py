"""A region called as people are (Абай, Жамбыл) stays where it is named as one; the person goes everywhere else."""

from __future__ import annotations

import pytest

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.redaction import text as redaction_text
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from tests.kzdoc.redaction.cases import HERO, WITNESS, state

NAMES = {HERO: "Тестов Абай", WITNESS: "Сынақов Жамбыл"}
BOOK = NameBook.build([state(one, "person", name_kk=name) for one, name in NAMES.items()], [])
REGIONS = [
    "Абай облысы", "Жамбыл облысында болды", "Жамбыл ауданының тұрғыны", "ЖАМБЫЛ ОБЛЫСЫ", "область Абай",
    "в области Абай", "Abai region", "Zhambyl Region", "Zhambyl district", "Жамбыл\nоблысы",
]  # fmt: skip


def left(text: str) -> str:
    return redact_text(text, book=BOOK, lang="kk", numbering=Numbering()).text.plain()


def found(text: str) -> list[str]:
    return [hit.rule for hit in Index([Forbidden(one, "identity") for one in NAMES.values()]).search(text)]


@pytest.mark.parametrize("text", REGIONS)
def test_a_region_stays_and_is_no_finding(text: str) -> None:
    assert left(f"Кеше {text}.") == f"Кеше {text}."
    assert found(f"Кеше {text}.") == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Абай облыста болды ма?", "[АДАМ-1] облыста болды ма?"),
        ("Абай облысында ма, Абай?", "Абай облысында ма, [АДАМ-1]?"),
        ("Сынақов Жамбыл облысында тұрады", "[АДАМ-1] облысында тұрады"),
        ("Жамбыл, облыс әкімі", "[АДАМ-1], облыс әкімі"),
        ("Жамбылдың ауданы", "[АДАМ-1] ауданы"),
        ("Абай\n\nоблысы", "[АДАМ-1]\n\nоблысы"),
        ("Жамбыл көшесі", "[АДАМ-1] көшесі"),
        ("в области Абая били", "в области [АДАМ-1] били"),
    ],
)
def test_the_person_goes(text: str, kept: str) -> None:
    assert left(text) == kept
    assert found(text)


def test_who_is_withheld_is_not_told_by_what_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same sentence with people of other names gives the same words; one that covers regions differs."""
    other = NameBook.build([state(HERO, "person", name_kk="Тестов Данияр")], [])
    text = "Жамбыл облысында ұсталды."

    def both() -> set[str]:
        books = (BOOK, other)
        return {redact_text(text, book=one, lang="kk", numbering=Numbering()).text.plain() for one in books}

    assert both() == {text}
    monkeypatch.setattr(redaction_text, "regions_named", lambda _: [])
    assert len(both()) == 2
