"""What only looks like a name: when a decision settles it, and what it leaves to be asked."""

from __future__ import annotations

import pytest

from kzdoc.names.words import candidates
from kzdoc.redaction.unknown import WORD, Decisions


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
