"""Home addresses told in a finished text, read apart from redaction's reading: somebody's street beside their house.

Rules: an address is read from its house backwards: the part between commas that has the house, or the one before it,
has the street. A house counts where a word of its street, in any form, stands on either side with hardly a word
between; a street alone is everybody's, and so is a number before the name of a month. What is shown on purpose is not
given here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from kzdoc.leakcheck.stock import Stock
from kzdoc.names.fold import fold_word
from kzdoc.names.words import words_of

ADDRESS = "address"
_HOUSE = re.compile(r"(?<!\d)(?<!\d[.,/])(\d{1,4})(?!\d|\.\d)")
_CALLED = re.compile(r"(?<!\w)(?:д|дом|house)\b|\d-?\s?үй", re.IGNORECASE)
_DISTRICT = re.compile(r"[^\W\d_][-‐‑]$")
_NUMBERED = re.compile(r"^[-‐‑]\d{1,2}(?=\D)")
_PART = re.compile(r"[,;\n]")
_MONTH = re.compile(
    r"[\s\u00a0]+(?:янв|февр|март|апр|ма[йя]|июн|июл|авг|сент|окт|нояб|дек|қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|"
    r"тамыз|қыркүйек|қазан|қараша|желтоқсан|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|год|жыл|г\.)",
    re.IGNORECASE,
)
_COMMON_WORDS = (
    "город улица улице улицы улицей проспект проспекте микрорайон микрорайоне переулок бульвар шоссе площадь село "
    "поселок посёлок область район дом доме дома квартира квартире корпус строение подъезд этаж көшесі көшесінде "
    "даңғылы даңғылында ықшамауданы қаласы ауылы облысы ауданы үйі үйінде пәтер пәтері street road avenue lane "
    "apartment flat house building city town"
)
_COMMON = frozenset(map(fold_word, _COMMON_WORDS.split()))
_SHORTEST, _NEAR, _BETWEEN = 4, 30, 1


class Homes:
    """Addresses by the words of their streets, each with its house and its class."""

    def __init__(self) -> None:
        self.streets = Stock()
        self.houses: list[tuple[str, str]] = []

    def add(self, address: str, sensitivity: str) -> None:
        """Take in an address; one without a house or a street is looked for by nobody."""
        parts = _PART.split(address)
        housed = [(at, found) for at, part in enumerate(parts) if (found := _HOUSE.search(part))]
        if not housed:
            return
        likely = [one for one in housed if _CALLED.search(parts[one[0]])]
        likely += [(at, one) for at, one in housed if not _DISTRICT.search(parts[at][: one.start()])]
        at, found = (likely or housed)[0]
        street: list[str] = []
        while at >= 0 and not street:
            street = [parts[at][word.start : word.end] for word in words_of(parts[at]) if _tells(word.key)]
            at -= 1
        for one in dict.fromkeys((" ".join(street), "".join(street))) if street else ():
            self.streets.add(one)
            self.houses.append((found[1], sensitivity))

    def search(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Yield the class of an address and where its street and house stand together."""
        wanted = {house for house, _ in self.houses}
        numbers = [one for one in _HOUSE.finditer(text) if one[1] in wanted and not _MONTH.match(text, one.end())]
        words = words_of(text) if numbers else []
        ends = [word.end for word in words]
        for number in numbers:
            for word in words[bisect_left(ends, number.start() - _NEAR) : bisect_left(ends, number.end() + _NEAR)]:
                if not _tells(word.key):
                    continue
                start, end = min(word.start, number.start()), max(word.end, number.end())
                between = _NUMBERED.sub("", text[min(word.end, number.end()) : max(word.start, number.start())])
                met = {self.houses[name] for name, _ in self.streets.places(word.key)}
                if _beside(between) and (classes := sorted(kept for house, kept in met if house == number[1])):
                    yield classes[0], start, end


def _tells(key: str) -> bool:
    return len(key) >= _SHORTEST and key not in _COMMON


def _beside(between: str) -> bool:
    """Return whether hardly anything stands between a street and a house: no number, no other sentence."""
    loose = [one for one in words_of(between) if _tells(one.key)]
    return len(loose) <= _BETWEEN and not re.search(r"\d|[.!?]\s+[А-ЯA-ZӘҒҚҢӨҰҮІ]", between)
