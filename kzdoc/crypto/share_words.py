"""A share as 20 words that a person writes down and types again, and what is wrong with words that do not fit.

docs/formats/slots.md tells the layout. A word of our lists is 11 bits, so a share is 20 symbols of GF(2^11): 16 carry
it, 4 are the check symbols of a Reed-Solomon code (distance 5). Two wrong words are found and named, three or more
are noticed. Nothing is put right silently: a wrong word is looked up on the paper again.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, pairwise

from kzdoc.crypto.passphrase import normalise
from kzdoc.crypto.words import words_of
from kzdoc.errors import InputError
from kzdoc.language import LANGUAGES

WORDS = 20
VALUE_SIZE = 16
SET_SIZE = 4
VERSION = 1
TELLING = 4
"""So many first letters tell a word of our lists from every other."""

_CHECKS = 4
_DATA = WORDS - _CHECKS
_BITS = 11
_ORDER = (1 << _BITS) - 1
_POLYNOMIAL = 0x805  # x^11 + x^2 + 1, primitive
_MARK = (0x6B5, 0x3D3, 0x5B7, 0x1A9)
"""Added to the check symbols, so that one word written 20 times is not a share."""

_NEAR = 3


@dataclass(frozen=True, slots=True)
class Share:
    """One share: of which set, how many are needed of how many, which one it is, and its value."""

    set_id: bytes
    needed: int
    total: int
    number: int
    value: bytes = field(repr=False)


def _tables() -> tuple[list[int], list[int]]:
    powers, logs, value = [0] * _ORDER, [0] * (_ORDER + 1), 1
    for exponent in range(_ORDER):
        powers[exponent], logs[value] = value, exponent
        value <<= 1
        if value >> _BITS:
            value ^= _POLYNOMIAL
    return powers, logs


_POWERS, _LOGS = _tables()


def write_share(share: Share, lang: str) -> list[str]:
    """Return the 20 words of a share in ``lang``; raises ``KzdocError("language.unknown")``."""
    listed = words_of(lang)
    head = bytes([VERSION << 4 | share.needed - 1, (share.total - 1) << 4 | share.number])
    number = int.from_bytes(head + share.set_id + share.value, "big")
    data = [number >> _BITS * place & _ORDER for place in range(_DATA - 1, -1, -1)]
    return [listed[symbol] for symbol in (*data, *_checks(data))]


def read_share(text: str, *, share: int = 1) -> Share:
    """Return the share written in ``text``, in any of our languages; four first letters of a word are enough.

    ``share`` is how the errors call it: the first, the second … that was given.

    Raises:
        InputError: ``share.words`` (``count``, ``needed``) for another number of words, ``share.unknown-word``
            (``place``) for one that is in no list, ``share.wrong-word`` (``place``) or ``share.wrong-words``
            (``places``) where the check symbols say so, ``share.check`` when more is wrong than can be found,
            ``share.version``, ``share.malformed``.
    """
    typed = normalise(text).split()
    lang = language_of(typed)
    if len(typed) != WORDS:
        raise InputError("share.words", share=share, count=len(typed), needed=WORDS)
    symbols = [find_word(word, lang) for word in typed]
    unknown = [place for place, symbol in enumerate(symbols, start=1) if symbol is None]
    if unknown:
        raise InputError("share.unknown-word", share=share, place=unknown[0], places=_listed(unknown))
    found = [symbol for symbol in symbols if symbol is not None]
    wrong = _wrong(found)
    if wrong is None:
        raise InputError("share.check", share=share)
    if wrong:
        code = "share.wrong-word" if len(wrong) == 1 else "share.wrong-words"
        raise InputError(code, share=share, place=wrong[0], places=_listed(wrong))
    return _taken_apart(found[:_DATA], share)


def find_word(word: str, lang: str) -> int | None:
    """Return the number of a word in the list of ``lang``, given whole or by four first letters or more."""
    places = _places(lang)
    if word in places:
        return places[word]
    found = complete(word, lang) if len(word) >= TELLING else []
    return places[found[0]] if len(found) == 1 else None


def complete(start: str, lang: str, *, most: int = 8) -> list[str]:
    """Return the words of ``lang`` that begin so, at most ``most`` of them."""
    start = normalise(start)
    return [word for word in words_of(lang) if word.startswith(start)][:most] if start else []


def near(word: str, lang: str) -> list[str]:
    """Return words of ``lang`` that somebody may have meant who typed ``word``."""
    return difflib.get_close_matches(normalise(word), words_of(lang), n=_NEAR)


def language_of(typed: Sequence[str]) -> str:
    """Return the language whose list has most of these words."""
    return max(LANGUAGES, key=lambda lang: sum(find_word(word, lang) is not None for word in typed))


@cache
def _places(lang: str) -> dict[str, int]:
    return {word: place for place, word in enumerate(words_of(lang))}


def _taken_apart(data: Sequence[int], share: int) -> Share:
    number = 0
    for symbol in data:
        number = number << _BITS | symbol
    raw = number.to_bytes(_DATA * _BITS // 8, "big")
    if raw[0] >> 4 != VERSION:
        raise InputError("share.version", share=share)
    made = Share(raw[2 : 2 + SET_SIZE], (raw[0] & 15) + 1, (raw[1] >> 4) + 1, raw[1] & 15, raw[2 + SET_SIZE :])
    if not 2 <= made.needed <= made.total or made.number >= made.total:  # noqa: PLR2004 - one share is no sharing
        raise InputError("share.malformed", share=share)
    return made


def _times(one: int, two: int) -> int:
    return _POWERS[(_LOGS[one] + _LOGS[two]) % _ORDER] if one and two else 0


def _checks(data: Sequence[int]) -> list[int]:
    """Return the remainder of the data by the generator (x - α)(x - α²)(x - α³)(x - α⁴)."""
    generator = [1]
    for root in range(1, _CHECKS + 1):
        longer = [*generator, 0]
        for place, factor in enumerate(generator):
            longer[place + 1] ^= _times(factor, _POWERS[root])
        generator = longer
    rest = [*data, *[0] * _CHECKS]
    for place in range(len(data)):
        lead = rest[place]
        for step, factor in enumerate(generator):
            rest[place + step] ^= _times(lead, factor)
    return [symbol ^ mark for symbol, mark in zip(rest[len(data) :], _MARK, strict=True)]


def _wrong(symbols: Sequence[int]) -> list[int] | None:
    """Return which words (from 1) are wrong: none, one or two of them; None when it cannot be told."""
    plain = [*symbols[:_DATA], *(symbol ^ mark for symbol, mark in zip(symbols[_DATA:], _MARK, strict=True))]
    syndromes = []
    for root in range(1, _CHECKS + 1):
        value = 0
        for symbol in plain:
            value = _times(value, _POWERS[root]) ^ symbol
        syndromes.append(value)
    if not any(syndromes):
        return []
    for count in (1, 2):
        for places in combinations(range(WORDS), count):
            if _explains(places, syndromes):
                return [place + 1 for place in places]
    return None


def _explains(places: Sequence[int], syndromes: Sequence[int]) -> bool:
    """Tell whether errors at just these places give these syndromes: the locator's recurrence holds for them."""
    roots = [_POWERS[WORDS - 1 - place] for place in places]
    if len(roots) == 1:
        return all(syndromes) and all(_times(before, roots[0]) == after for before, after in pairwise(syndromes))
    total, product = roots[0] ^ roots[1], _times(roots[0], roots[1])
    return all(
        _times(total, syndromes[place + 1]) ^ _times(product, syndromes[place]) == syndromes[place + 2]
        for place in range(_CHECKS - 2)
    )


def _listed(places: Sequence[int]) -> str:
    return ", ".join(str(place) for place in places)
