"""Short forms of given names, in a text that knows the whole name alone."""

from __future__ import annotations

import pytest

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


def test_every_name_of_the_table_has_a_form_that_is_no_common_word() -> None:
    assert whole_names("Саша", fold_word("Саша")) == {"aleksandr", "aleksandra"}
    assert whole_names("Тони", fold_word("Тони"))
    assert not whole_names("Tonei", fold_word("Tonei"))
