"""Places told by numbers in a finished text, whoever's they are: coordinates, codes; not by redaction's means.

Rules: decimals are read one by one, and two that lie near each other and could be a latitude and a longitude of our
part of the world are a place; anywhere in the world a value beside a word or sign of a side is one, and so is an angle
with minutes or a plus code. What somebody agreed to show is let stand by its very digits.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

COORDINATES = "coordinates"
_DECIMAL = re.compile(r"(?<!\d)(?=(\d{1,3})[.,](\d{2,15})(?!\d))")
"""Looked for at every digit that begins a number: "п.1.43.24" holds 43.24 too."""

_FINE = 4
_NEAR, _BESIDE = 24, 14
_LATITUDES, _LONGITUDES = range(40, 57), range(46, 89)
_SIDE = re.compile(
    r"широт|долгот|ендік|ендіг|бойлы[қғ]|latitud|longitud|(?<!\w)(?:lat|lon|lng)(?![a-z])|(?<!\w)с\.\s?ш(?!\w)|"
    r"(?<!\w)в\.\s?д(?!\w)|(?<!\w)ш\.\s?б(?!\w)",
    re.IGNORECASE,
)
_ANGLE = re.compile(r"\d{1,3}\s?[°º˚]\s?\d{1,2}(?:[.,]\d+)?\s?['′’ʹ´]")
_PLUS = re.compile(r"(?<![\w+])[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,3}(?![\w+])", re.IGNORECASE)


def places_in(text: str, allowed: str = "") -> Iterator[tuple[int, int]]:
    """Yield where a text tells a place by numbers; ``allowed``: texts whose very digits may stand."""
    free = re.sub(r"\D", "", allowed)
    for start, end in (*_decimals(text), *_marked(text)):
        digits = re.sub(r"\D", "", text[start:end])
        if not digits or digits not in free:
            yield start, end


def _decimals(text: str) -> Iterator[tuple[int, int]]:
    values = list(_DECIMAL.finditer(text))
    for one, other in itertools.pairwise(values):
        fine = len(one[2]) >= _FINE and len(other[2]) >= _FINE
        pair = int(one[1]), int(other[1])
        ours = any(first in _LATITUDES and second in _LONGITUDES for first, second in (pair, pair[::-1]))
        if fine and ours and other.start() - one.end(2) <= _NEAR:
            yield one.start(), other.end(2)
    for one in values:
        if _SIDE.search(text, max(0, one.start() - _BESIDE - 12), one.end(2) + _BESIDE):
            yield one.start(), one.end(2)


def _marked(text: str) -> Iterator[tuple[int, int]]:
    for shape in (_ANGLE, _PLUS):
        for one in shape.finditer(text):
            if any(sign.isalpha() for sign in one.group()) or shape is _ANGLE:
                yield one.span()
