"""Doubles are proposed with their reasons, others are not."""

import pytest

from kzdoc.names.match import LIKELY, doubles, likeness


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Тестов Данияр", "Daniyar Testov", "same-name"),
        ("Мысалов Ғалым", "Мысалов Галым Ерланович", "part-of-name"),
        ("Тестов Д. С.", "Тестов Данияр Серікұлы", "initials"),
        ("Тестова Гүлжанат", "Тестова Гулжанар", "other-spelling"),
        ("Джанмысалов Ерлан", "Жанмысал Ерлан", "other-spelling"),
        ("Джанмысалов Ерлан", "Жанмысалұлы Ерлана", "same-family-close-name"),
    ],
)
def test_alike(one, other, reason):
    found = likeness([one], [other])
    assert reason in found.reasons
    assert found.score >= LIKELY


def test_unlike():
    assert likeness(["Тестов Данияр"], ["Мысалова Айгүл"]).score == 0
    assert likeness(["Тестов Данияр"], ["Тестов Ғалым"]).reasons == ("same-family",)
    assert likeness([], ["Тестов"]).score == 0
    fathers = likeness(["Тестов Данияр Серікұлы"], ["Тестов Данияр Берікұлы"])
    assert "patronymic-differs" in fathers.reasons
    assert fathers.score < LIKELY


def test_doubles_of_a_list_each_pair_once():
    people = [
        (1, ["Тестов Данияр", "Testov Daniyar"]),
        (2, ["Данияр Тестов"]),
        (3, ["Мысалова Айгүл"]),
        (4, ["Тестов Ғалым"]),
    ]
    assert [(a, b) for a, b, _ in doubles(people)] == [(1, 2)]
