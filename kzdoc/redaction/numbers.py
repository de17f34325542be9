"""Identifying numbers in free text: those of the vault's people in any grouping, and whatever has the shape of one.

Rules: a number goes whole or not at all. An IIN is known by its shape, with a wrong check digit, in groups, with
letters that look like digits, in whatever digits of the world. Numbers known from people's records (phones, papers,
accounts, addresses) are looked up whatever stands between their parts. Dates, clock times, sums of money and the
numbers of laws stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from kzdoc.redaction.addresses import Addresses
from kzdoc.redaction.coordinates import find_coordinates
from kzdoc.redaction.plain import plain, spoken
from kzdoc.redaction.shapes import AROUND, KEPT, SHAPES, SIGNS, WORDED

_PIECE = re.compile(r"[^\W_]+")
_SHORTEST, _LONGEST, _PIECES, _APART = 5, 64, 14, 3
_PHONE_DIGITS = 10
_BOX = "@"
"""What stands before the key of a mailbox: it counts where it is written as one word."""


class KnownNumbers(Protocol):
    """Numbers known from people's records, wherever they are kept."""

    def within(self, text: str) -> Numbers:
        """Return those that may stand in a text."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers known from people's records, by their letters and digits alone."""

    keys: frozenset[str] = frozenset()
    addresses: Addresses | None = None

    @staticmethod
    def known(values: Iterable[str], addresses: Iterable[str] = ()) -> Numbers:
        """Return the known numbers, and addresses in parts; what is shorter than five characters is not looked for."""
        values, addresses = [*values, *addresses], list(addresses)
        keys: set[str] = set()
        for value in values:
            keys.update(_keys_of(_key(value)))
            box = _key(mailbox(value))
            if _SHORTEST <= len(box) <= _LONGEST:
                keys.add(_BOX + box)
        return Numbers(frozenset(keys), Addresses.known(addresses) if addresses else None)

    @staticmethod
    def looked_for(text: str) -> set[str]:
        """Return every key that a number standing in ``text`` may have."""
        found: set[str] = set()
        for pieces in _readings(text):
            figured = [any(map(str.isdigit, piece.key)) for piece in pieces]
            for at, piece in enumerate(pieces):
                if not piece.key.isascii() and not any(figured[at : at + _PIECES]):
                    continue  # neither a number nor a handle begins here
                for key, _, one in _grown(pieces, at):
                    if len(key) >= _SHORTEST and (key.isascii() or any(map(str.isdigit, key))):
                        found |= {key, key[-_PHONE_DIGITS:] if key.isdigit() else key, _BOX + key if one else key}
        return found

    def within(self, _text: str) -> Numbers:
        """Return those that may stand in a text: all."""
        return self

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return where a known number stands: neighbouring pieces that together spell it, a handle whole."""
        found: list[tuple[int, int]] = []
        for pieces in _readings(text) if self.keys else ():
            at = 0
            while at < len(pieces):
                last, key = self._longest(pieces, at)
                if key:
                    found.append(_whole(text, pieces[at].start, pieces[last].end, key))
                at = last + 1
        return apart(found)

    def met(self, text: str) -> bool:
        """Return whether a known number or address stands in a text."""
        return bool(self.find(text)) or (self.addresses is not None and bool(self.addresses.find(text)))

    def _longest(self, pieces: Sequence[_Piece], at: int) -> tuple[int, str]:
        """Return the last piece of the longest known number that begins with one, and the number's key, or nothing."""
        found = at, ""
        for key, last, one in _grown(pieces, at):
            phone = key[-_PHONE_DIGITS:] if key.isdigit() and len(key) == _PHONE_DIGITS + 1 else key
            if key in self.keys or phone in self.keys or (one and _BOX + key in self.keys):
                found = last, key
        return found


def mailbox(value: str) -> str:
    """Return what stands before the "@" of an e-mail address where a figure in it makes it somebody's, else nothing."""
    name, at, _ = value.partition("@")
    return name if at and any(map(str.isdigit, name)) else ""


def _key(value: str) -> str:
    return "".join(_PIECE.findall(value.casefold()))


def _keys_of(key: str) -> Iterator[str]:
    if key.isdigit() and len(key) > _PHONE_DIGITS:
        yield key[-_PHONE_DIGITS:] if len(key) == _PHONE_DIGITS + 1 else key
    if _SHORTEST <= len(key) <= _LONGEST and (key.isascii() or any(map(str.isdigit, key))):
        yield key


class _Piece(NamedTuple):
    """Letters and digits that stand together, how much else stands before them, and whether that may be in a handle."""

    key: str
    start: int
    end: int
    gap: int
    tied: bool


def _readings(text: str) -> list[list[_Piece]]:
    """Return the pieces of a text, and those around words that stand for signs ("собака") without these."""
    whole: list[_Piece] = []
    for match in _PIECE.finditer(text):
        gap = match.start() - whole[-1].end if whole else 0
        tied = gap == 1 and text[match.start() - 1] in "._-+"
        whole.append(_Piece(match.group().casefold(), *match.span(), gap, tied))
    around = [(max(0, at - _PIECES), at + _PIECES) for at, piece in enumerate(whole) if piece.key in SIGNS]
    return [whole, *(list(_without_signs(whole[start:end])) for start, end in apart(around))]


def _without_signs(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    gap = 0
    for piece in pieces:
        gap = max(gap, piece.gap)
        if piece.key not in SIGNS:
            yield piece._replace(gap=gap, tied=piece.tied and gap == piece.gap)
            gap = 0


def _grown(pieces: Sequence[_Piece], at: int) -> Iterator[tuple[str, int, bool]]:
    """Yield what pieces from one on spell together, with the last of them, and whether they are written as one."""
    key, one = "", True
    for number in range(at, min(at + _PIECES, len(pieces))):
        key += pieces[number].key
        if (number > at and pieces[number].gap > _APART) or len(key) > _LONGEST:
            return
        one = one and (number == at or pieces[number].tied)
        yield key, number, one


_SIGN_BEFORE, _HANDLE_BEFORE = re.compile(r"[+@№]$"), re.compile(r"@?(?:[A-Za-z0-9]+[._])*$")
_HANDLE_AFTER = re.compile(r"(?:[._][A-Za-z0-9]+)*")


def _whole(text: str, start: int, end: int, key: str) -> tuple[int, int]:
    """Return where a known number stands with its sign, a handle with all that is of the same handle."""
    if not key.isdigit() and (after := _HANDLE_AFTER.match(text, end)):
        end = after.end()
    before = (_SIGN_BEFORE if key.isdigit() else _HANDLE_BEFORE).search(text[max(0, start - _LONGEST) : start])
    sign = _SIGN_BEFORE.search(text[max(0, start - 1) : start])
    return start - len((before or sign or [""])[0]), end


def find_numbers(text: str, numbers: KnownNumbers) -> list[tuple[int, int, str]]:
    """Return (start, end, rule) of every identifying number, by place, none overlapping another.

    The text is read as it is meant (plain.py), and where numbers stand in words, once more with these as figures.
    """
    read = plain(text)
    found = [(*read.span(start, end), rule) for start, end, rule in _find(read.text, numbers)]
    heard = spoken(read)
    if heard is not read:
        taken = marked(text, [(start, end) for start, end, _ in found])
        also = [(*heard.span(start, end), rule) for start, end, rule in _find(heard.text, numbers)]
        new = [(start, end, rule) for start, end, rule in also if not all(taken[start:end])]
        found = [one for one in found if not any(start < one[1] and one[0] < end for start, end, _ in new)] + new
    return sorted(found)


def _find(text: str, numbers: KnownNumbers) -> list[tuple[int, int, str]]:
    known = numbers.within(text)
    places = find_coordinates(text)
    shaped = [("coordinates", places), *((rule, _spans(shape, text)) for rule, shape in SHAPES)]
    around = [span for rule, spans in shaped if rule in AROUND for span in spans]
    wider = marked(text, [*around, *places])
    found = [(start, end, "known-number") for start, end in known.find(text) if not all(wider[start:end])]
    if known.addresses is not None:
        here = marked(text, [(start, end) for start, end, _ in found])
        found += [(*span, "address") for span in apart(known.addresses.find(text)) if not any(here[slice(*span)])]
    taken, kept = marked(text, [(start, end) for start, end, _ in found]), marked(text, _spans(KEPT, text))
    for rule, spans in shaped:
        for start, end in spans:
            if rule not in WORDED and sum(character.isdigit() for character in text[start:end]) < _SHORTEST:
                continue
            link = rule == "coordinates" and "/" in text[start:end]  # a date in it is no date of the text
            if (link or not any(kept[start:end])) and not any(taken[start:end]):
                found.append((start, end, rule))
                taken[start:end] = b"\1" * (end - start)
    return found


def apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans with those that overlap made one."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


def _spans(shape: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Return where a shape stands; of one that is known by the word before it, the number alone."""
    told = "number" if "number" in shape.groupindex else 0
    return [match.span(told) for match in shape.finditer(text)]


def marked(text: str, spans: Iterable[tuple[int, int]]) -> bytearray:
    """Return one byte a character, set inside the spans: looking up a place costs nothing of the others."""
    marks = bytearray(len(text))
    for start, end in spans:
        marks[start:end] = b"\1" * (end - start)
    return marks
