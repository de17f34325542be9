"""Identifying numbers in free text: those of the vault's people in any grouping, and whatever has the shape of one.

Rules: a number goes whole or not at all. An IIN is known by its shape, with a wrong check digit, in groups, with
letters that look like digits, in whatever digits of the world. Numbers known from people's records (phones, papers,
accounts, addresses) are looked up whatever stands between their parts. Dates, clock times, sums of money and the
numbers of laws stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from kzdoc.redaction.addresses import Addresses
from kzdoc.redaction.coordinates import find_coordinates

_GAP = r"[\s\u00a0.\-‐-―]{0,2}"
_IIN_DIGITS = "[0-9OОoоlI|ЗзБ]"
_KZ_LETTERS = "A-ZАВЕКМНОРСТУХ"
_LAWS = "УК|ГК|УПК|ГПК|УИК|КРК|РК|ҚР|ҚК|ЕС|МК|СК|НК|КК|СССР|ООН|АО|ТОО|ЗК"
_AT = r"\s?[\[({<]\s?(?:at|ат|эт|собака|@)\s?[\])}>]\s?"
_DOT = r"\s?[\[({<]\s?(?:dot|дот|точка|нүкте|\.)\s?[\])}>]\s?"
_PAPERS = (
    r"удостоверени\w{1,3}|уд\.?[\s\u00a0]?л(?:ичн\w*)?\.?|жеке[\s\u00a0]куәлі\w{1,8}|куәлі[кг]\w{0,8}|паспорт\w{0,3}|"
    r"төлқұжат\w{0,8}|(?:id|identity)(?:[\s\u00a0-]?card)?|passport|udostoverenie\w{0,2}|zheke[\s\u00a0]kualik\w{0,4}"
)
_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]{1,128}@[\w-]{1,128}(?:\.[\w-]{1,128}){1,8}")),
    ("email", re.compile(
        rf"(?<![\w.+-])[\w.+-]{{1,128}}(?:{_DOT}[\w+-]{{1,64}}){{0,3}}(?:{_AT}|@)[\w-]{{1,128}}"
        rf"(?:(?:\.|{_DOT})[\w-]{{1,128}}){{1,8}}",
        re.IGNORECASE,
    )),
    ("email", re.compile(
        r"(?<![\w.+-])[\w.+-]{1,128}\s(?:at|эт|собака)\s[\w-]{1,128}(?:\s(?:dot|точка)\s[\w-]{1,64}){0,4}"
        r"\s(?:dot|точка)\s(?:kz|ru|com|org|net|info|eu|кз|ру|ком|орг|нет)\b",
        re.IGNORECASE,
    )),
    ("account", re.compile(r"(?<![\w@/])@[A-Za-z][\w.]{2,31}\b")),
    (
        "profile",
        re.compile(
            r"(?:https?://)?(?:www\.|m\.)?(?:t\.me|wa\.me|instagram\.com|facebook\.com|fb\.com|vk\.com|ok\.ru|"
            r"tiktok\.com|youtube\.com|twitter\.com|x\.com)/[\w.@?=&+-]{0,200}\w",
            re.IGNORECASE,
        ),
    ),
    ("case", re.compile(
        rf"(?<!\w)(?:ЕРДР|КУИ|СДТБТ|СДТБ|ҚАК|ERDR|KUI)\b[^\d\n]{{0,16}}(?P<number>\d(?:{_GAP}\d){{8,17}})(?!\d)",
        re.IGNORECASE,
    )),
    ("case", re.compile(r"(?<!\d)\d{15}(?!\d)")),
    ("bank", re.compile(rf"\bKZ{_GAP}\d{{2}}(?:{_GAP}[0-9A-Z]){{16}}\b", re.IGNORECASE)),
    ("card", re.compile(rf"(?<!\d)\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?!\d)")),
    ("iin", re.compile(
        rf"(?<![\w]){_IIN_DIGITS}{{2}}{_GAP}[01OОoоlI|]{_IIN_DIGITS}{_GAP}[0-3OОoоlI|Зз]{_IIN_DIGITS}"
        rf"(?:{_GAP}{_IIN_DIGITS}){{6}}(?![\w])"
    )),
    ("digits", re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{11}}(?!\d)")),
    ("phone", re.compile(
        r"(?<![\d+])(?:\+?7|8)[\s\u00a0(.-]{0,3}\d{3}[\s\u00a0).-]{0,3}\d{3}[\s\u00a0.-]{0,2}\d{2}[\s\u00a0.-]{0,2}\d{2}(?!\d)"
    )),
    ("phone", re.compile(r"(?<!\d)7\d{2}[\s\u00a0.-]?\d{3}[\s\u00a0.-]?\d{2}[\s\u00a0.-]?\d{2}(?!\d)")),
    ("phone", re.compile(r"\+\d{1,3}[\s\u00a0(-]{0,2}\d{2,4}(?:[\s\u00a0)-]{0,2}\d){6,8}(?!\d)")),
    ("plate", re.compile(
        rf"(?<!\w)\d{{3}}[\s-]?(?!(?:{_LAWS})\b)[{_KZ_LETTERS}]{{2,3}}[\s-]?(?:0[1-9]|1\d|20)(?!\w)"
    )),
    ("plate", re.compile(
        rf"(?<!\w)\d{{3}}(?P<gap>[\s-]?)(?!(?:{_LAWS})\b)[A-ZА-Я]{{3}}(?P=gap)(?:0[1-9]|1\d|20)(?!\w)", re.IGNORECASE
    )),
    ("plate", re.compile(rf"(?<!\w)[{_KZ_LETTERS}]\s?\d{{3}}\s?(?!(?:{_LAWS})\b)[{_KZ_LETTERS}]{{2,3}}(?!\w)")),
    ("document", re.compile(r"(?<!\w)[NН]\s?\d{8}(?!\w)|№\s?\d{8,9}(?!\d)|(?<![\w.,])0\d{8}(?!\w)")),
    ("document", re.compile(
        rf"(?<!\w)(?:{_PAPERS})(?!\w)[^\d\n.;!?]{{0,48}}?(?P<number>(?:№[\s\u00a0]?|\b[NН][\s\u00a0]?)?"
        r"\d(?:[\s\u00a0-]?\d){7,8})(?!\w)",
        re.IGNORECASE,
    )),
)  # fmt: skip
_KEPT = re.compile(
    r"(?<!\d)[0-3]?\d[./][01]?\d[./](?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d[-./][01]\d(?:[-./][0-3]\d)?(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d\s?[-–—]\s?(?:19|20)\d\d(?!\d)"
    r"|(?<!\w)(?<!\d[\s\u00a0.,-])(?:\d{1,3}(?:[ \u00a0.]\d{3}){0,5}|\d{1,9})(?:,\d{1,2})?"
    r"(?=[\s\u00a0]?(?:тенге|теңге|тг\b|₸|KZT\b|USD\b|EUR\b|долл|евро|руб|%|млн|млрд|tenge|dollars))",
    re.IGNORECASE,
)
"""What looks like a number of somebody and is a date, a span of years or a sum."""
_PIECE = re.compile(r"[^\W_]+")
_SHORTEST, _LONGEST, _PIECES, _APART = 5, 64, 14, 3
_PHONE_DIGITS = 10


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
            key = "".join(_PIECE.findall(value.casefold()))
            if key.isdigit() and len(key) > _PHONE_DIGITS:
                keys.add(key[-_PHONE_DIGITS:] if len(key) == _PHONE_DIGITS + 1 else key)
            if _SHORTEST <= len(key) <= _LONGEST and any(character.isdigit() or key.isascii() for character in key):
                keys.add(key)
        return Numbers(frozenset(keys), Addresses.known(addresses) if addresses else None)

    @staticmethod
    def looked_for(text: str) -> set[str]:
        """Return every key that a number standing in ``text`` may have."""
        pieces = [(match.group().casefold(), *match.span()) for match in _PIECE.finditer(text)]
        figured = [any(character.isdigit() for character in piece) for piece, _, _ in pieces]
        found: set[str] = set()
        for at in range(len(pieces)):
            key, tells = "", False
            for number in range(at, min(at + _PIECES, len(pieces))):
                if number > at and pieces[number][1] - pieces[number - 1][2] > _APART:
                    break
                key += pieces[number][0]
                tells = tells or figured[number]
                if len(key) > _LONGEST:
                    break
                if len(key) >= _SHORTEST and (tells or key.isascii()):
                    found.add(key)
                    if key.isdigit():
                        found.add(key[-_PHONE_DIGITS:])
        return found

    def within(self, _text: str) -> Numbers:
        """Return those that may stand in a text: all."""
        return self

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return where a known number stands: neighbouring pieces that together spell it."""
        if not self.keys:
            return []
        pieces = [(match.group().casefold(), *match.span()) for match in _PIECE.finditer(text)]
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(pieces):
            last = self._longest(pieces, at)
            if last is None:
                at += 1
                continue
            start = pieces[at][1]
            found.append((start - 1 if text[start - 1 : start] in ("+", "@", "№") else start, pieces[last][2]))
            at = last + 1
        return found

    def met(self, text: str) -> bool:
        """Return whether a known number or address stands in a text."""
        return bool(self.find(text)) or (self.addresses is not None and bool(self.addresses.find(text)))

    def _longest(self, pieces: list[tuple[str, int, int]], at: int) -> int | None:
        key, last = "", None
        for number in range(at, min(at + _PIECES, len(pieces))):
            if number > at and pieces[number][1] - pieces[number - 1][2] > _APART:
                break
            key += pieces[number][0]
            if len(key) > _LONGEST:
                break
            phone = key[-_PHONE_DIGITS:] if key.isdigit() and len(key) == _PHONE_DIGITS + 1 else key
            if key in self.keys or phone in self.keys:
                last = number
        return last


def find_numbers(text: str, numbers: KnownNumbers) -> list[tuple[int, int, str]]:
    """Return (start, end, rule) of every identifying number, by place, none overlapping another."""
    text = plain_digits(text)
    known = numbers.within(text)
    places = find_coordinates(text)
    around = [span for rule, shape in _SHAPES if rule in _AROUND for span in _spans(shape, text)]
    wider = marked(text, [*around, *places])
    found = [(start, end, "known-number") for start, end in known.find(text) if not all(wider[start:end])]
    if known.addresses is not None:
        here = marked(text, [(start, end) for start, end, _ in found])
        found += [(*span, "address") for span in _apart(known.addresses.find(text)) if not any(here[slice(*span)])]
    taken, kept = marked(text, [(start, end) for start, end, _ in found]), marked(text, _spans(_KEPT, text))
    shaped = [("coordinates", places), *((rule, _spans(shape, text)) for rule, shape in _SHAPES)]
    for rule, spans in shaped:
        for start, end in spans:
            if rule not in _WORDED and sum(character.isdigit() for character in text[start:end]) < _SHORTEST:
                continue
            link = rule == "coordinates" and "/" in text[start:end]  # a date in it is no date of the text
            if (link or not any(kept[start:end])) and not any(taken[start:end]):
                found.append((start, end, rule))
                taken[start:end] = b"\1" * (end - start)
    return sorted(found)


def plain_digits(text: str) -> str:
    """Return the text with full-width, Arabic-Indic and all other decimal digits as 0 to 9, each in its place."""
    if text.isascii():
        return text
    others = {sign: unicodedata.decimal(sign, None) for sign in set(text) if not sign.isascii()}
    table = {ord(sign): str(value) for sign, value in others.items() if value is not None}
    return text.translate({**table, ord("＋"): "+", ord("－"): "-"}) if table else text


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans with those that overlap made one."""
    whole: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return whole


_AROUND = ("email", "profile")
"""Shapes that may hold a known number and go with all that is around it ("t.me/name")."""
_WORDED = ("email", "account", "profile", "plate", "coordinates")


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
