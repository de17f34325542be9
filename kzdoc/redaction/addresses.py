"""Recorded addresses met in free text in parts: the street with the house, in any case and order, without the town.

Rules: what tells of an address is the house number beside the name of the street ("ул. Сатпаева 7", "на Сатпаева, 7",
"Ақжол көшесі, 7-үй", "7 Akzhol Street"); the two together are taken out with the flat and the words between them. A
street alone is everybody's and stays. The street is known by its words in all forms (kzdoc/names), the town is not
looked for.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kzdoc.names.fold import fold_word
from kzdoc.names.index import BONES, NameIndex, keys_of, shapes
from kzdoc.names.words import Word, words_of

_GENERIC_WORDS = (
    "г город гор қ қаласы қала ауылы ауыл а с село п пос поселок посёлок аул обл область облысы р-н район ауданы аудан "
    "ул улица улице улицы улицей улицу к-сі к сі көшесі көш көшесінде көшесінің к-ші пр проспект просп пр-т даңғылы "
    "даң мкр мкрн микрорайон м-н ықшамауданы шағын пер переулок тұйық бульвар б-р шоссе тас жолы площадь алаңы "
    "д дом доме дома үй үйі үйінде кв квартира квартире квартиры пәтер пәтері корпус корп стр подъезд этаж кіреберіс "
    "street st str road rd ave avenue lane apt apartment flat house building bldg fl ul kv dom city town no"
)
_GENERIC = frozenset(map(fold_word, _GENERIC_WORDS.split()))
_TOWN = re.compile(
    r"(?<!\w)(?:г|город|гор|с|село|п|пос|пос[её]лок|аул|а)\.?\s+[^\W\d_]+(?:-[^\W\d_]+)?"
    r"|(?<!\w)[^\W\d_]+(?:-[^\W\d_]+)?\s+(?:қ\.|қаласы|а\.|ауылы|облысы|обл\.|область)",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"(?<![\d/])(?<!\d[.,])(?P<number>\d{1,4})(?!\d|\.\d)(?:[/-]?(?P<letter>[а-яәіңғүұқөһa-z])(?![^\W\d_]))?",
    re.IGNORECASE,
)
_CALLED_HOUSE = re.compile(
    r"(?<!\w)(?:д|дом|house|bldg)\.?[\s\u00a0]?№?[\s\u00a0]?(?P<number>\d{1,4})(?!\d)|(?<!\d)(?P<before>\d{1,4})-?[\s\u00a0]?үй",
    re.IGNORECASE,
)
_OF_DISTRICT = re.compile(
    r"(?:[^\W\d_][-‐‑]|(?:мкр|мкрн|м-н|микрорайон|ықшамаудан|шағын аудан)\w*\.?[\s\u00a0]?)$", re.IGNORECASE
)
"""What stands before the number of a district ("Самал-2", "мкр. 5"), which is no house."""
_BEYOND = re.compile(
    r"[\s,.\u00a0]{0,3}(?:[-–/][\s\u00a0]?)?"
    r"(?:(?:кв|квартира|пәтер|apt|apartment|flat|kv|корп|корпус|к|стр|подъезд|д|дом|no)\b\.?[\s\u00a0]{0,2})?"
    r"\d{1,4}(?:[а-яa-z](?!\w))?(?:-(?:пәтер|үй)\w*|[\s\u00a0](?:пәтер|үй)\w*)?(?!\d)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:(?:ул|улиц[аеыу]|улицей|пр|просп|проспект\w?|мкр|мкрн|микрорайон\w?|пер|переул\w+|ul|д|дом)\.?[\s\u00a0,]{1,2})$",
    re.IGNORECASE,
)
_AFTER_HOUSE = re.compile(r"-?(?:үй|үйі|үйінде|үйінен|пәтер)(?!\w)")
_NEAR = 40
"""How far apart street and house may stand, in characters."""
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Addresses:
    """Recorded addresses by the words of their streets and by their house numbers."""

    streets: NameIndex
    houses: dict[int, frozenset[str]] = field(default_factory=dict)

    @staticmethod
    def known(texts: Iterable[str]) -> Addresses:
        """Return the addresses; one without a street's name or without a house is not looked for."""
        words: list[tuple[int, str]] = []
        houses: dict[int, frozenset[str]] = {}
        for number, text in enumerate(dict.fromkeys(texts)):
            street, house = _parts(text)
            if street and house:
                words += [(number, one) for one in street]
                houses[number] = frozenset({house})
        return Addresses(NameIndex(words), houses)

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return where a street and its house stand together."""
        houses = list(_HOUSE.finditer(text)) if self.houses else []
        if not houses:
            return []
        starts = [one.start() for one in houses]
        spans: list[tuple[int, int]] = []
        for word in _words(text):
            owners = self.streets.owners(word.key) if _tells(word) else frozenset()
            if not owners:
                continue
            numbers = {one for owner in owners if isinstance(owner, int) for one in self.houses[owner]}
            first, last = bisect_left(starts, word.start - _NEAR), bisect_left(starts, word.end + _NEAR)
            near = [one for one in houses[first:last] if one["number"] in numbers and _beside(text, word, one)]
            if near:
                spans.append(_span(text, word, min(near, key=lambda one: _apart(word, one))))
        return spans


def _parts(text: str) -> tuple[list[str], str]:
    """Return the words of an address's street, also as they are written as one, and its house."""
    bare = _TOWN.sub(lambda match: " " * len(match.group()), text)
    words = words_of(bare)
    street = [bare[word.start : word.end] for word in words if _tells(word)]
    joined: list[list[Word]] = []
    for word in words:
        if not (_tells(word) or word.key == _WAY):
            continue
        if joined and _ONE_SIGN.fullmatch(bare, joined[-1][-1].end, word.start):
            joined[-1].append(word)
        else:
            joined.append([word])
    together = ["".join(bare[word.start : word.end] for word in run) for run in joined if len(run) > 1]
    return [*street, *together], _house(bare)


_WAY = fold_word("жолы")
"""A road, and also "this time": part of a street's name only beside another word of it."""
_ONE_SIGN = re.compile(r"[\s\u00a0-]")


def _house(address: str) -> str:
    """Return the house of an address: the number called so, else the first that is not a district's."""
    if called := _CALLED_HOUSE.search(address):
        return str(called["number"] or called["before"])
    found = list(_HOUSE.finditer(address))
    own = [one for one in found if not _OF_DISTRICT.search(address[: one.start()])]
    return str((own or found)[0]["number"]) if found else ""


_HEAD = 2


def filed(text: str) -> set[str]:
    """Return what an address is kept under to be looked up: the house and how a word of its street may begin."""
    street, house = _parts(text)
    forms = [form for one in street for key in keys_of(one) for form, sort in shapes(key) if sort != BONES]
    return {f"{house}:{form[:_HEAD]}" for form in forms} if house else set()


def looked_for(text: str) -> set[str]:
    """Return what any address that may be met in ``text`` is kept under (``filed``)."""
    houses = list(_HOUSE.finditer(text))
    starts = [one.start() for one in houses]
    found: set[str] = set()
    for word in _words(text) if houses else ():
        first, last = bisect_left(starts, word.start - _NEAR), bisect_left(starts, word.end + _NEAR)
        found |= {f"{one['number']}:{word.key[:_HEAD]}" for one in houses[first:last]}
    return found


_CAMEL = re.compile(r"(?<=[^\W\d_A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])")


def _words(text: str) -> Iterator[Word]:
    """Yield the words of a text, and of what is written as one ("ул.ЖибекЖолы") its parts too."""
    for word in words_of(text):
        yield word
        cuts = [one.start() for one in _CAMEL.finditer(text, word.start, word.end)]
        for start, end in itertools.pairwise([word.start, *cuts, word.end]) if cuts else ():
            yield Word(fold_word(text[start:end]), start, end)


def _tells(word: Word) -> bool:
    return word.key not in _GENERIC and len(word.key) >= _SHORTEST


def _apart(word: Word, house: re.Match[str]) -> int:
    return max(house.start() - word.end, word.start - house.end())


def _beside(text: str, word: Word, house: re.Match[str]) -> bool:
    """Return whether nothing but the street's own words stands between the street and the house."""
    between = text[house.end() : word.start]
    if house.start() >= word.end:
        between = _DISTRICT.sub("", text[word.end : house.start()], count=1)
    if "\n\n" in between or re.search(r"[.!?;:]\s+[А-ЯA-ZӘҒҚҢӨҰҮІ]", between):
        return False
    loose = [one for one in words_of(between) if one.key not in _GENERIC]
    return len(loose) <= 2 and not any(sign.isdigit() for sign in between)  # noqa: PLR2004 - a street of three words


_DISTRICT = re.compile(r"^[-‐‑][\s\u00a0]?\d{1,2}(?!\d)")

_AFTER_STREET = re.compile(r"[\s\u00a0,.]{1,3}(?:street|st|road|rd|ave|avenue|apt|flat|көшесі)\b\.?", re.IGNORECASE)


_HYPHENED_BEFORE = re.compile(r"(?:[^\W\d_]{1,40}[-‐‑])?[^\W\d_]{0,40}$")
_HYPHENED_AFTER = re.compile(r"[^\W\d_]{0,40}(?:[-‐‑][^\W\d_]{1,40})?")
"""What belongs to the same word: nobody is left with half a street."""


def _span(text: str, word: Word, house: re.Match[str]) -> tuple[int, int]:
    first, last = _HYPHENED_BEFORE.search(text, 0, word.start), _HYPHENED_AFTER.match(text, word.end)
    start, end = word.start - len(first.group() if first else ""), last.end() if last else word.end
    start, end = min(start, house.start()), max(end, house.end())
    tail = _AFTER_HOUSE if word.end <= house.start() else _AFTER_STREET
    while more := tail.match(text, end) or _BEYOND.match(text, end):
        end = more.end()
    before = _BEFORE.search(text, max(0, start - 20), start)
    return (before.start() if before else start, end)
