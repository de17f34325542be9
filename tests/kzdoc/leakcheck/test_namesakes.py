"""Two people with one surname, one shown and one withheld: what passes and what somebody has to decide."""

from __future__ import annotations

import pytest

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Index

SHOWN = ["Тестов Данияр"]


def rules(text: str, withheld: str, *, near: bool = True, decided: tuple[str, ...] = ()) -> list[str]:
    index = Index([Forbidden(withheld, "identity", near=near)], SHOWN, decided=decided)
    return [hit.rule for hit in index.search(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Тестов Данияр ушёл.",
        "Данияра Тестова увезли.",
        "Д. Тестов, Тестов Д.",
        "ТЕСТОВ\nДАНИЯР",
        "Данияр Тестовтың үйі",
        "Daniyar Testov",
    ],
)
def test_the_shown_ones_own_name_passes(text: str) -> None:
    assert rules(text, "Тестов Ерлан") == []


@pytest.mark.parametrize(
    "text", ["Увезли Тестова.", "Тестова увезли, Данияр ушёл.", "Тестов и Данияр", "Тес-\nтов ушёл."]
)
def test_a_lone_surname_that_could_be_either_is_a_finding(text: str) -> None:
    assert rules(text, "Тестов Ерлан") == ["shared-name"]
    assert rules(text, "Тестов Ерлан", near=False) == []


@pytest.mark.parametrize("text", ["Увезли Ерлана Тестова.", "Е. Тестов", "Тестов Е.", "Тестовтың інісі Ерлан", "Ерлан"])
def test_the_withheld_one_is_always_a_finding(text: str) -> None:
    assert rules(text, "Тестов Ерлан")
    assert rules(f"Тестов Данияр. {text}", "Тестов Ерлан")


def test_a_whole_name_that_both_bear_is_a_finding_to_decide() -> None:
    assert rules("Данияр Тестов ушёл.", "Тестов Данияр") == ["same-name", "same-name"]
    assert rules("Данияр Тестов ушёл.", "Тестов Данияр Серикович") == ["same-name", "same-name"]
    assert rules("Данияр Тестов ушёл.", "Тестов Данияр", near=False) == []
    assert rules("Данияр Тестов ушёл.", "Тестов Данияр", decided=("Данияр Тестов",)) == []


def test_what_was_decided_passes_as_it_was_decided() -> None:
    assert rules("Увезли Тестова.", "Тестов Ерлан", decided=("Тестова",)) == []
    assert rules("Тестов ушёл.", "Тестов Ерлан", decided=("Тестова",)) == ["shared-name"]
    assert rules("Увезли Тестова Ерлана.", "Тестов Ерлан", decided=("Тестова",))
    assert rules("Тестов Марат ушёл.", "Тестов Ерлан", decided=("Тестов Марат",)) == []
    assert rules("Тестов ушёл.", "Тестов Ерлан", decided=("Тестов Марат",)) == ["shared-name"]


def test_a_sister_is_known_by_her_whole_name_only() -> None:
    index = Index([Forbidden("Тестов Ерлан", "identity", near=True)], ["Тестова Айгүл"])
    assert not index.search("Тестова Айгүл рассказала, Айгүл Тестовой не поверили.")
    assert [hit.rule for hit in index.search("Дело Тестова.")] == ["shared-name"]


def test_a_given_name_that_two_bear_is_doubtful_alone() -> None:
    assert rules("Данияр Тестов", "Мысалов Данияр") == []
    assert rules("Данияр сказал.", "Мысалов Данияр") == ["shared-name"]
    assert rules("Данияр Мысалов", "Мысалов Данияр")


@pytest.mark.parametrize(
    "text",
    [
        "Тестовой выкручивали руки.", "Рядом стояла Тестова.", "Увезли обоих Тестовых.", "Mrs Testova cried.",
        "Тестов и Тестова.", "Тестову били.", "дело Тес товой", "Тестова А.", "А. Тестова", "testova",
    ],
)  # fmt: skip
def test_a_woman_s_form_beside_a_shown_man_is_a_finding_wherever_she_belongs(text: str) -> None:
    assert rules(text, "Тестова Айгүл", near=False) == ["shared-name"]
    assert set(rules(text, "Тестова Айгүл")) == {"shared-name"}


@pytest.mark.parametrize("text", ["Увидели Тестова.", "Дело Тестова.", "Тестов ушёл.", "Тестова Данияра", "к Тестову"])
def test_a_form_that_is_surely_the_shown_man_s_passes(text: str) -> None:
    assert rules(text, "Тестова Айгүл", near=False) == []


def test_what_may_be_either_s_passes_when_decided() -> None:
    assert rules("Тестову били.", "Тестова Айгүл", near=False, decided=("Тестову",)) == []


def test_an_initial_that_only_the_withheld_one_has_is_a_finding() -> None:
    assert rules("Тестов Е.", "Тестов Ерлан", near=False) == ["shared-name"]
    assert rules("Тестов Д.", "Тестов Ерлан", near=False) == []


@pytest.mark.parametrize(
    "text", ["Пришёл Т е с т о в Е.", "Был тут вчера Тес-\nтов Е.", "Е. Тес-\nтов", "Т е с т о в Е."]
)
def test_a_name_in_pieces_beside_an_initial_is_judged_like_a_whole_one(text: str) -> None:
    assert "shared-name" in rules(text, "Тестов Ерлан", near=False)
