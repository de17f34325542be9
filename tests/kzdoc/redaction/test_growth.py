"""Redacting a text costs as much as the text is long: four times the text, about four times the work.

What grows with the square would cost sixteen times as much. Processor time of this process alone is compared, between
the two, and only where there is enough of it to compare.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from kzdoc.names.index import NameIndex
from kzdoc.redaction.numbers import Numbers
from kzdoc.redaction.text import NameBook, Numbering, redact_text, wholly_named

if TYPE_CHECKING:
    from collections.abc import Callable

BOOK = NameBook(
    NameIndex([(b"a", "Тестов Данияр Серік ұлы"), (b"b", "Сынақова Айгүл"), (b"c", "А. К."), (b"d", "Ли Анна")]),
    frozenset(),
    {},
    Numbers.known(["001231500012", "+77010000001", "12345"]),
)
PIECES = {
    "prose": "Тестов 5 марта 2019 года пришёл к Сынақовой Айгүл, +7 701 000 00 01. ",
    "capitalised words": "Абвгдов ",
    "names": "Тестов ",
    "names on lines": "Тестов\n",
    "one word": "аб",
    "one long sound": "KZ",
    "digits": "1",
    "digits apart": "1 ",
    "line ends": "\n",
    "letters apart": "А ",
    "names letter by letter": "Т е с т о в, ",
    "hyphens": "а-",
    "children": "Серік ұлы ұлы ",
    "marks": "\u0301",
    "apostrophes": "'",
    "names in addresses": "testov@a.kz ",
    "initials": "А. К. ",
    "pages": "t.me/",
    "tags in a name": "Тес<b>тов</b>а ",
    "emphasis": "*а",
    "letters by their numbers": "%D0",
    "told signs": "a собака ",
    "numerals": "семь ",
    "markup": "<b>а",
    "entities": "&shy;",
    "open tags": "<b ",
}
LEAST = 0.4
"""Seconds below which there is nothing to compare."""
MOST = 9.0


def growth(work: Callable[[str], object], piece: str, least: float) -> float:
    """Return how many times more a text four times as long costs; 0 when it costs less than that many seconds."""

    def cost(size: int) -> float:
        text = "а" + piece * (size // len(piece))
        costs = []
        for _ in range(2):
            begun = time.process_time()
            work(text)
            costs.append(time.process_time() - begun)
        return min(costs)

    large = cost(48_000)
    return large / max(cost(12_000), 1e-4) if large > least else 0.0


def too_fast(work: Callable[[str], object], piece: str, least: float = LEAST) -> bool:
    """Return whether the cost grows faster than the text, each of three times it is measured: machines are busy."""
    return all(growth(work, piece, least) >= MOST for _ in range(3))


def redacted(text: str) -> object:
    """Redact a text for strangers."""
    return redact_text(text, book=BOOK, lang="ru", numbering=Numbering())


@pytest.mark.parametrize("name", PIECES)
def test_redaction_grows_with_the_text_alone(name: str) -> None:
    assert not too_fast(redacted, PIECES[name])


def test_whether_a_text_is_wholly_of_names_grows_with_it_alone() -> None:
    assert not too_fast(lambda text: wholly_named(text, BOOK), "Тестов Абвгдов ")


def test_the_twin_that_looks_at_every_earlier_word_is_caught() -> None:
    def square(text: str) -> int:
        words = text.split()
        return sum(sum(1 for other in words[:at] if other == word) for at, word in enumerate(words))

    assert too_fast(square, "Тестов ", least=0.01), "a fast machine has it done in less than is compared elsewhere"
