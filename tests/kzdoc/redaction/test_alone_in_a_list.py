"""Lists against an attacker who knows everybody's signs, and the rule, and tries every order of the rows."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest

from kzdoc.redaction import cells
from kzdoc.redaction.cells import K

Rows = list[tuple[str, ...]]
Line = tuple[int, tuple[str, ...]]
"""A row as its reader has it: a number that rows of one person share (0: nobody knows), and what it shows."""


def lines_told(people: list[Rows], k: int) -> list[Line]:
    """Return a list as its reader has it, row after row."""
    told: list[Line] = []
    for number, (rows, kept) in enumerate(zip(people, cells.keep_in_rows(people, k=k), strict=True), 1):
        for row in rows:
            shown = tuple("" if kept is None or place not in kept else said for place, said in enumerate(row))
            told.append((0 if kept is None else number, shown))
    return told


def possible(people: list[Rows], k: int) -> list[set[int]]:
    """Return, for each row, who may be meant in it: an attacker knows everybody's signs and the rule, and tries all."""
    flat = [(person, row) for person, rows in enumerate(people) for row in rows]
    told = lines_told(people, k)
    found: list[set[int]] = [set() for _ in flat]
    for world in itertools.permutations(range(len(flat))):
        whose = [flat[one] for one in world]
        if same_list(told, whose, len(people), k):
            for place, (person, _) in enumerate(whose):
                found[place].add(person)
    return found


def same_list(told: list[Line], whose: list[tuple[int, tuple[str, ...]]], people: int, k: int) -> bool:
    """Return whether a list would have been told like this if its rows were those of these people."""
    mine = [[place for place, (one, _) in enumerate(whose) if one == person] for person in range(people)]
    mine.sort()
    would = lines_told([[whose[place][1] for place in places] for places in mine], k)
    back: list[Line] = [(0, ())] * len(whose)
    for place, line in zip((place for places in mine for place in places), would, strict=True):
        back[place] = line
    marks = [next(places for places in mine if place in places)[0] + 1 for place in range(len(whose))]
    return [(mark if one else 0, shown) for mark, (one, shown) in zip(marks, back, strict=True)] == [
        (first_of(told, place), shown) for place, (_, shown) in enumerate(told)
    ]


def first_of(told: list[Line], place: int) -> int:
    """Return the first place of the rows that are joined with this one, from 1; 0 where nothing joins it."""
    number = told[place][0]
    return 1 + min(at for at, (one, _) in enumerate(told) if one == number) if number else 0


def drawn_people(chance: random.Random, *, rows: int = 6) -> list[Rows]:
    """Return people with few rows and few signs, so that many are alike and some are not."""
    people: list[Rows] = []
    while (left := rows - sum(map(len, people))) > 0:
        many = 2 if left > 1 and chance.random() < 0.1 else 1
        people.append([(chance.choice("AAAAB"), chance.choice(["", "x", "x", "y"])) for _ in range(many)])
    return people


def test_everybody_in_a_list_is_like_enough_others() -> None:
    people = [[("A", "m")]] * 6 + [[("A", "f")]] * 2 + [[("B", "m")]] * 5
    kept = cells.keep_in_rows(people)
    assert kept[8:] == [{0, 1}] * 5
    assert kept[:8] == [{0}] * 8, "two women would be few, so those of the same region show no sex either"
    assert cells.keep_in_rows([[("A",)]] * 4) == [None] * 4
    assert cells.keep_in_rows([]) == []
    several = cells.keep_in_rows([[("A",)]] * 7 + [[("A",), ("A",)]])
    assert several == [None] * 8, "who has two rows would be known by it, and seven others hide the number with them"
    chance = random.Random(1)
    for _ in range(50):
        many: list[Rows] = [[(chance.choice("AB"), chance.choice("abcd"))] for _ in range(chance.randint(5, 40))]
        sizes = Counter(shown for _, shown in lines_told(many, K))
        assert min(sizes.values()) >= K


@pytest.mark.parametrize("k", [2, 3])
def test_who_knows_everybodys_signs_and_the_rule_finds_nobody_in_a_list(k: int) -> None:
    chance, told = random.Random(k), 0
    for _ in range(12):
        people = drawn_people(chance)
        who = possible(people, k)
        assert len(people) < k or min(map(len, who)) >= k, people
        told += sum(any(shown) for _, shown in lines_told(people, k))
    assert told > 0


def test_twins_that_leave_somebody_alone_in_a_list_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfilled(parts: list[list[int]], k: int) -> tuple[list[list[int]], list[int]]:
        return [part for part in parts if len(part) >= k], [one for part in parts if len(part) < k for one in part]

    lone: list[Rows] = [[("A",)], [("A",)], [("A",)], [("B",)]]
    assert min(map(len, possible(lone, 2))) >= 2
    with monkeypatch.context() as patched:
        patched.setattr(cells, "_parted", unfilled)
        assert min(map(len, possible(lone, 2))) == 1

    def row_by_row(units: list[Rows], *, k: int) -> list[frozenset[int] | None]:
        sizes = Counter(row for rows in units for row in rows)
        return [frozenset({0}) if all(sizes[row] >= k for row in rows) else None for rows in units]

    joined: list[Rows] = [[("A",), ("B",)], [("A",)], [("B",)]]
    assert min(map(len, possible(joined, 2))) >= 2
    monkeypatch.setattr(cells, "keep_in_rows", row_by_row)
    assert min(map(len, possible(joined, 2))) == 1
