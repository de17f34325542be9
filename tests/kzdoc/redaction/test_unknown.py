"""What only looks like a name: when a decision settles it, and what it leaves to be asked."""

from __future__ import annotations

import pytest

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.names.words import candidates
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from kzdoc.redaction.unknown import NAME, WORD, Decisions


@pytest.mark.parametrize(
    ("decided", "settled", "asked"),
    [
        ("Корпус Б.", ("Корпуса Б.", "Б. Корпус"), ("Корпус В.", "Корпус Б. А.")),
        ("Ахметов С.", ("Ахметову С.", "С. Ахметов"), ("Ахметов К.", "Ахметов С. К.")),
        ("Ахметов С. К.", ("С. К. Ахметова",), ("Ахметов С.", "Ахметов К. М.")),
        ("Досжан Каримов", ("Каримову Досжану",), ("Каримов", "Досжан Каримов Асанович")),
    ],
)
def test_a_decision_is_of_as_many_words_and_of_these_initials(
    decided: str, settled: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    decisions = Decisions(((decided, WORD),))
    assert decisions.settles(decided)
    assert [text for text in settled if not decisions.settles(text)] == []
    assert [text for text in asked if decisions.settles(text)] == []


def test_letters_alone_settle_themselves_and_nothing_else() -> None:
    decided = Decisions((("А. Б.", WORD),))
    assert [one for one in ("А.Б.", "А. В.", "Б. А.", "А. Б. В.", "А. Б. Тестов", "А.") if decided.settles(one)] == [
        "А.Б."
    ]


def test_a_list_of_names_is_as_many_candidates() -> None:
    text = "Тестов Данияр\nСынақова Айгүл\nМысалов Ғ."
    assert [text[start:end] for start, end in candidates(text)] == text.split("\n")


@pytest.mark.parametrize("met", ["Тестову Данияру", "Тестовқа Даниярға", "Тестовым Данияром", "Тестовтың Даниярдың"])
def test_a_name_met_in_a_case_is_withheld_in_every_other(met: str) -> None:
    decided = Decisions(((met, NAME),))
    book = NameBook.build([], [], decided.names(NAME))
    for form in ("Данияр", "Данияру", "Даниярдың", "Тестов", "Тестовқа", "Данияр Тестов", "Daniyar"):
        shown = redact_text(f"Кеше {form} келді.", book=book, lang="kk", numbering=Numbering()).text.plain()
        assert shown == "Кеше [АДАМ-1] келді.", form
    assert Index([Forbidden(name, "identity") for _, name in decided.whole(NAME)]).search("Кеше Данияр келді.")


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("Үміт Мысалов көшесі", 0), ("Мысалов келді", 1), ("Мысаловға айтты", 1), ("Үміт келді", 0),
        ("Мысалов Үміт көшесі", 1),
    ],
)  # fmt: skip
def test_words_that_are_no_name_together_are_none_alone(text: str, met: int) -> None:
    index = Index([Forbidden("Мысалов Ғалым", "identity")], common=["Үміт Мысалов"])
    assert len(index.search(text)) == met
    assert Index([Forbidden("Мысалов Ғалым", "identity")], common=["Мысалов"]).search(text) == []
