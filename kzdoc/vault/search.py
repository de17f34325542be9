"""Finding records by what people type: any alphabet, any case, the beginning of the last word.

Rules: text is folded once, on the way in, by ``kzdoc.names.fold``; the index keeps no text. What is ranked first:
people by their names, then titles, in which people may only be mentioned, then other words; whole words before
beginnings; inside a rank the newest first. Every word must be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kzdoc.domain.catalogue import KINDS
from kzdoc.names.fold import fold, prefix_variants
from kzdoc.remembering import forget_too

if TYPE_CHECKING:
    from kzdoc.vault.connection import Database

_MAX_WORDS = 12
_REMEMBERED = 50_000
_MENTIONS = 10_000
"""Among so many records in whose names or titles a word stands, the newest, people are looked for first."""
_TELEPHONE = re.compile(r"\+?[78]?([0-9]{10})", re.ASCII)
_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015]")
_KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_ORDER = str.maketrans({letter: chr(0xE000 + place) for place, letter in enumerate(_KAZAKH)})


class _Pieces(dict[str, str]):
    """What pieces of text fold to, each after a space, or nothing; words repeat and are kept, numbers are not."""

    def __missing__(self, piece: str) -> str:
        if piece.isdigit() and piece.isascii():
            return f" {piece}"
        if len(self) >= _REMEMBERED:
            self.clear()
        key = fold(piece)
        self[piece] = told = f" {key}" if key else ""
        return told


_pieces = _Pieces()
forget_too(_pieces.clear)


def folded(texts: Iterable[str]) -> str:
    """Return the folded words of all texts, parted by spaces; the same as folding the whole, but words repeat."""
    return "".join(map(_pieces.__getitem__, " ".join(texts).split()))[1:]


def words_of(value: Any) -> list[str]:
    """Return the texts inside a value that is not a text itself."""
    if isinstance(value, bool):
        return []
    if isinstance(value, int):
        return [str(value)]
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for part in value.values() for text in words_of(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in words_of(part)]
    return []


def sort_key(title: str) -> str:
    """Return a key by which titles stand in the order of the Kazakh alphabet, which holds the Russian one."""
    return title.lower().translate(_ORDER)


def find(database: Database, text: str, *, kind: str | None, limit: int) -> list[tuple[int, bytes]]:
    """Return (number, record id) of the best ``limit`` records for what was typed, best first."""
    begun = _begun(text)
    whole = _all_of(folded([text]).split()[:_MAX_WORDS])
    if not whole:
        return []
    found: dict[int, bytes] = {}
    kinds = (kind,) if kind else ()
    names = [f"names : ({whole})", f"names : ({begun})"]
    asked = [] if kind else [(question, _named(), _MENTIONS) for question in names]
    asked += [(question, kinds, -1) for question in (*names, whole, begun, *_as_telephone(text))]
    for question, among, newest in asked:
        for number, record in database.rows(*_question(question, among, newest, limit + len(found))):
            found.setdefault(number, record)
        if len(found) >= limit:
            break
    return list(found.items())[:limit]


def _named() -> tuple[str, ...]:
    """Return the kinds of those who have names in several spellings; titles of other kinds only mention them."""
    return tuple([of.id for of in KINDS.values() if sum(of.field(name).name_of for name in of.title) > 1])


def _all_of(words: list[str]) -> str:
    return " ".join([f'"{word}"' for word in words])


def _begun(text: str) -> str:
    """Return the question for every word of ``text``, the last one as a beginning in every way it may go on."""
    keys = [key.split()[:_MAX_WORDS] for key in prefix_variants(text)]
    return " OR ".join([f"({_all_of(words)}*)" for words in keys if words])


def _as_telephone(text: str) -> list[str]:
    """Return the question for a telephone number in its other spellings: +7, 8 or neither, whole or in groups."""
    number = _TELEPHONE.fullmatch(_BETWEEN.sub("", text))
    if not number:
        return []
    digits = number[1]
    groups = [f"{digits[:3]} {rest}" for rest in (digits[3:], f"{digits[3:6]} {digits[6:]}")]
    groups.append(f"{digits[:3]} {digits[3:6]} {digits[6:8]} {digits[8:]}")
    return [" OR ".join([f'"{form}"' for form in (f"7{digits}", f"8{digits}", digits, *groups)])]


def _question(match: str, kinds: Sequence[str], newest: int, enough: int) -> tuple[str, tuple[Any, ...]]:
    """Return the question for records of these kinds (none: of all) among the newest so many (-1: all) that match."""
    narrowed = f" AND r.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    sql = (
        "SELECT r.number, r.id FROM"  # noqa: S608 - no outside text
        " (SELECT rowid AS number FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?) s"
        f" CROSS JOIN record r ON r.number = s.number WHERE r.removed = 0{narrowed} ORDER BY s.number DESC LIMIT ?"
    )
    return sql, (match, newest, *kinds, enough)


def purge(database: Database) -> None:
    """Write the index anew without what was taken out of it, so that no word of it stays in the file."""
    database.run("INSERT INTO search (search) VALUES ('optimize')")
