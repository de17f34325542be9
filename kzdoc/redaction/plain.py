"""A text as a reader takes it in: without markup and signs nobody sees, every digit as 0 to 9, each in its place.

Rules: what is left out of the plain text, or stands otherwise in it, keeps its place in the original, so that what is
found in the one is taken out of the other whole. Numbers in words are read as figures only where they stand beside
figures, three in a row, or after the word for a house or a flat: "один из них" is no number.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from kzdoc.names.fold import INVISIBLE

_UNSEEN = re.compile(rf"[{INVISIBLE}]+|<[/!]?[A-Za-z][^<>\n]{{0,200}}>")
_ODD = re.compile(
    rf"{_UNSEEN.pattern}|&(?:\#\d{{1,7}}|\#x[0-9A-Fa-f]{{1,6}}|[A-Za-z]{{2,8}});|%40|[\uff01-\uff5e]|(?![0-9])\d"
)
_WIDE = 0xFEE0
"""How far a full-width sign stands from the common one."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain text, and where each of its signs begins and ends in the original (nothing: in the same place)."""

    text: str
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the plain text, not an empty one, stands in the original."""
        return (self.starts[start], self.ends[end - 1]) if self.starts else (start, end)


def plain(text: str) -> Plain:
    """Return a text without markup and what nobody sees, all else as it is commonly typed."""
    return replaced(Plain(text), _ODD, _typed)


def spoken(read: Plain) -> Plain:
    """Return a plain text with numbers in words as figures; the very same where there are none."""
    return replaced(read, _RUN, lambda match: _figures(match.group()) if _tells(match) else match.group())


def replaced(read: Plain, what: re.Pattern[str], by: Callable[[re.Match[str]], str]) -> Plain:
    """Return a text with every place of a shape written otherwise; the very same where nothing changes."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0

    def keep(start: int, end: int) -> None:
        parts.append(read.text[start:end])
        starts.extend(read.starts[start:end] or range(start, end))
        ends.extend(read.ends[start:end] or range(start + 1, end + 1))

    for match in what.finditer(read.text):
        new = by(match)
        if new == match.group():
            continue
        keep(at, match.start())
        start, end = read.span(*match.span())
        parts.append(new)
        starts += [start] * len(new)
        ends += [end] * len(new)
        at = match.end()
    if not parts:
        return read
    keep(at, len(read.text))
    return Plain("".join(parts), tuple(starts), tuple(ends))


def _typed(match: re.Match[str]) -> str:
    sign = match.group()
    if _UNSEEN.match(sign):
        return ""
    if sign == "%40":
        return "@"
    if sign[0] == "&" and len(sign) > 1:
        return _UNSEEN.sub("", html.unescape(sign))
    value = unicodedata.decimal(sign, None)
    return str(value) if value is not None else chr(ord(sign) - _WIDE)


_WORDS = (
    (0, "ноль нуль нөл zero oh"), (1, "один одна бір one"), (2, "два две екі two"), (3, "три үш three"),
    (4, "четыре төрт four"), (5, "пять бес five"), (6, "шесть алты six"), (7, "семь жеті seven"),
    (8, "восемь сегіз eight"), (9, "девять тоғыз nine"), (10, "десять он ten"), (11, "одиннадцать eleven"),
    (12, "двенадцать twelve"), (13, "тринадцать thirteen"), (14, "четырнадцать fourteen"),
    (15, "пятнадцать fifteen"), (16, "шестнадцать sixteen"), (17, "семнадцать seventeen"),
    (18, "восемнадцать eighteen"), (19, "девятнадцать nineteen"), (20, "двадцать жиырма twenty"),
    (30, "тридцать отыз thirty"), (40, "сорок қырық forty"), (50, "пятьдесят елу fifty"),
    (60, "шестьдесят алпыс sixty"), (70, "семьдесят жетпіс seventy"), (80, "восемьдесят сексен eighty"),
    (90, "девяносто тоқсан ninety"), (100, "сто жүз hundred"), (200, "двести"), (300, "триста"), (400, "четыреста"),
    (500, "пятьсот"), (600, "шестьсот"), (700, "семьсот"), (800, "восемьсот"), (900, "девятьсот"),
)  # fmt: skip
_NUMERALS = {word: value for value, words in _WORDS for word in words.split()}
_TIMES = ("жүз", "hundred")
_ONE = "|".join(sorted(_NUMERALS, key=len, reverse=True))
_RUN = re.compile(rf"(?<!\w)(?:{_ONE})(?!\w)(?:[\s\u00a0-]{{1,2}}(?:{_ONE})(?!\w))*", re.IGNORECASE)
_FEW, _TEN, _HUNDRED = 3, 10, 100
_BEFORE = re.compile(
    r"(?:\d[\s\u00a0().-]{1,3}|(?<!\w)(?:дом\w?|д\.|кв\.|квартир\w{1,2}|үй|пәтер|house|flat|apartment)[\s\u00a0]{1,2})$",
    re.IGNORECASE,
)
_AFTER = re.compile(r"[\s\u00a0().-]{1,3}\d|-?[\s\u00a0]?(?:үй|пәтер)", re.IGNORECASE)


def _tells(match: re.Match[str]) -> bool:
    """Return whether numerals stand where a number of somebody may."""
    text, (start, end) = match.string, match.span()
    beside = _BEFORE.search(text[max(0, start - 20) : start]) or _AFTER.match(text, end)
    return bool(beside) or len(re.split(r"[\s\u00a0-]+", match.group())) >= _FEW


def _figures(words: str) -> str:
    """Return numerals as they would be typed: "семьсот один" is 701, "ноль один" 01, single figures stand together."""
    groups: list[int] = []
    room = 0  # what is smaller than this still belongs to the number before
    for word in re.split(r"[\s\u00a0-]+", words.casefold()):
        value = _NUMERALS[word]
        if word in _TIMES and groups and 0 < groups[-1] < _TEN:
            groups[-1] *= value
        elif 0 < value < room:
            groups[-1] += value
        else:
            groups.append(value)
        room = _HUNDRED if value >= _HUNDRED else _TEN if value > 2 * _TEN - 1 else 0
    if all(one < _TEN for one in groups):
        return "".join(map(str, groups))
    return "".join(str(one) + ("" if one == 0 else " ") for one in groups).rstrip()
