"""Short forms of given names, in a text that knows the whole name alone."""

from __future__ import annotations

import pytest

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.names.diminutives import whole_names
from kzdoc.names.fold import fold_word
from kzdoc.names.index import NameIndex
from kzdoc.names.reading import mentions

NAMES = (
    ("alexander", "Кузнецов Александр"),
    ("katya", "Орлова Екатерина"),
    ("nadya", "Мысалова Надежда"),
    ("aigul", "Үлгілиева Айгүл"),
)


def met(text: str) -> list[str]:
    return [text[one.start : one.end] for one in mentions(NameIndex(NAMES), text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Саша Кузнецов пришёл.", "Саша Кузнецов"), ("Потом Катю били.", "Катю"), ("Надя молчит.", "Надя"),
        ("Звали Надюшей.", "Надюшей"), ("Шура ушёл.", "Шура"), ("Видели Саню.", "Саню"), ("Гулей звали.", "Гулей"),
        ("Katya said so.", "Katya"), ("саша кузнецов пришёл", "саша кузнецов"),
    ],
)  # fmt: skip
def test_a_short_form_is_met(text: str, found: str) -> None:
    assert met(text) == [found]


@pytest.mark.parametrize("text", ["Люди вышли.", "Семей қаласы.", "Жеке тұлға.", "Света не было.", "Толық емес."])
def test_a_common_word_is_no_short_form(text: str) -> None:
    names = [*NAMES, (1, "Тестова Людмила"), (2, "Тестов Семён"), (3, "Тестов Евгений"), (4, "Тестов Анатолий")]
    assert mentions(NameIndex(names), text) == []


SOFTENED = ("Тестова Айгүл", "Сынақов Данияр", "Мысалова Сауле", "Үлгіов Арман", "Примерова Динара", "Мысалов Болат")


@pytest.mark.parametrize(
    "word",
    [
        "Айгуляша", "Айгуляше", "Айгуляшка", "Айгулёчек", "Айгулюнька", "Айгүлтай", "Айгүлтайдың", "Данияршик",
        "Данияршику", "Сауляша", "Сауляшей", "Саулеш", "Саулешті", "Арманка", "Арманёнок", "Динаруля", "Динарули",
        "Динарулька", "Болатау", "Болаттай", "Aigulyasha", "Болатик", "Маратушку",
    ],
)  # fmt: skip
def test_a_name_made_small_or_dear_is_met_and_is_a_finding_where_it_is_left(word: str) -> None:
    names = [*SOFTENED, "Тестов Марат"]
    text = f"Пришли {word} и ещё двое."
    assert [text[one.start : one.end] for one in mentions(NameIndex(enumerate(names)), text)] == [word]
    found = Index([Forbidden(name, "identity") for name in names]).search(text)
    assert {text[one.start : one.end] for one in found} == {word}


@pytest.mark.parametrize("word", ["Мылтық", "Чашка", "Арматура", "Данный", "Болатхан", "Армения", "Саулет", "Маршрут"])
def test_a_word_that_only_begins_like_a_name_is_no_small_form(word: str) -> None:
    assert mentions(NameIndex(enumerate(SOFTENED)), f"{word} осында.") == []
    assert Index([Forbidden(name, "identity") for name in SOFTENED]).search(f"{word} осында.") == []


def test_every_name_of_the_table_has_a_form_that_is_no_common_word() -> None:
    assert whole_names("Саша", fold_word("Саша")) == {"aleksandr", "aleksandra"}
    assert whole_names("Тони", fold_word("Тони"))
    assert not whole_names("Tonei", fold_word("Tonei"))
