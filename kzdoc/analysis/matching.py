"""Whether two records may be of one person or one event: a score, and the reasons for it in words.

Rules: evidence is weighed as in record linkage (Fellegi and Sunter 1969): what agrees adds as many bits as it is rare
among the records here, what disagrees takes away. Names are compared word by word in any order, as they sound; a
missing word or date says nothing. Nobody is compared with everybody: `Index` finds who shares a key (bones of a word
with a letter, a year, a number, a companion), so a record costs what is near it. A key that a crowd shares is left out.
It only proposes. Reasons are codes with parameters (``match.…`` in resources/i18n/redaction.*.json).
"""

from __future__ import annotations

import functools
import itertools
import math
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from kzdoc.names.fold import fold_tokens, skeleton

LIKELY = 60
"""From this score on (of 100) a pair is worth a look."""
CROWD = {"letter": 400, "year": 200, "father": 200, "with": 400, "alone": 40, "begins": 200, "place": 100, "day": 200}
"""A key of a sort that more records share than this gathers nobody by itself."""
_FEWEST = 500
_FATHER = re.compile(r"(?:ovich|evich|ich|ovna|evna|ichna|uli|kizi|tegi)$")
_CHILD = ("uli", "kizi", "tegi", "ogli")
_TORN = re.compile("[-\u00ad]\\s*\\n\\s*")
_TAIL = re.compile(r"(bai?|bek|zhan|han|gali|mirza|kul)?(?:[oe]va?|ina?)?$")
_PAIRS = ("zh", "sh", "ch", "ts", "ia", "iu")
_FIRST = str.maketrans("eiouhgqdj", "aaaakkkzz")
_RAREST, _COMMONEST = 14.0, 1.0
_ALIKE, _NEAR = 50, 78
_LONG, _MANY = 4, 6
_DAY = 10
_YEAR = 4
_APART = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words: a code and what the sentence names."""

    code: str
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that may be one: 0 to 100, with the reasons, the weightiest first."""

    one: Any
    other: Any
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of a person. ``born`` begins with the year; ``companions`` are `companion_key`s."""

    id: Hashable
    names: tuple[str, ...]
    born: str = ""
    sex: str = ""
    iin: str = ""
    numbers: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    companions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Word:
    key: str
    bones: str
    first: str
    initial: bool
    father: bool


_Read = tuple[tuple[_Word, ...], ...]
_Told = list[tuple[float, Reason]]


def read_name(name: str) -> tuple[_Word, ...]:
    """Return the words of a name as they are compared; "Серік ұлы" is one word."""
    words: list[str] = []
    for key in fold_tokens(_TORN.sub("", name)):
        if key in _CHILD and words:
            words[-1] += key
        else:
            words.append(key)
    return tuple([_word(key) for key in words])


@functools.lru_cache(maxsize=200_000)
def _word(key: str) -> _Word:
    bones = skeleton(key)
    father = len(key) > _LONG and _FATHER.search(key) is not None
    return _Word(key, bones, bones[:1].translate(_FIRST), len(key) == 1 or key in _PAIRS, father)


def companion_key(names: Iterable[str]) -> str:
    """Return a key by which a companion's record in one list is met again in another list."""
    for name in names:
        bones = sorted(word.bones for word in read_name(name) if not word.father)
        if bones:
            return " ".join(bones)
    return ""


def _keys(person: Person, read: _Read) -> set[tuple[str, ...]]:
    """Return the keys under which a person is filed and looked for."""
    found: set[tuple[str, ...]] = {("#", number) for number in person.numbers | {person.iin} if number}
    year = person.born[:_YEAR]
    for words in read:
        fathers = [word for word in words if word.father]
        names = [word for word in words if not word.father and not word.initial]
        letters = {word.first for word in words if not word.father}
        for word in names if len(names) > 1 else names + fathers:
            found |= {("letter", word.bones, letter) for letter in letters if letter != word.first}
            found |= {("year", word.bones, year)} if year else set()
            found |= {("father", word.bones, father.bones[:3]) for father in fathers}
            found |= {("with", word.first, one) for one in person.companions}
            found.add(("alone", word.bones))
        for one, other in itertools.combinations(sorted(names, key=lambda word: word.bones), 2):
            both = (one.bones[:2], other.bones[:2])
            found |= {("begins", *both, year)} if year else set()
            found |= {("place", one.first, other.first, year, region) for region in person.regions if year}
            found.add(("day", one.first, other.first, person.born)) if len(person.born) == _DAY else None
    return found


class Index:
    """People filed so that those who may be one are found without comparing everybody with everybody."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.people: dict[Hashable, Person] = {}
        self._read: dict[Hashable, _Read] = {}
        self._filed: dict[tuple[str, ...], set[Hashable]] = {}
        self._bearers: Counter[str] = Counter()
        self._called: Counter[tuple[str, ...]] = Counter()
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        """File a person, in place of what was filed under the id before."""
        if person.id in self.people:
            self.remove(person.id)
        read = tuple([read_name(name) for name in person.names])
        self.people[person.id], self._read[person.id] = person, read
        for key in _keys(person, read):
            self._filed.setdefault(key, set()).add(person.id)
        self._bearers.update(_bones(read))
        self._called[_whole(read)] += 1

    def remove(self, key: Hashable) -> None:
        """Take a person out."""
        person, read = self.people.pop(key), self._read.pop(key)
        for one in _keys(person, read):
            self._filed[one].discard(key)
        self._bearers.subtract(_bones(read))
        self._called[_whole(read)] -= 1

    def near(self, person: Person) -> set[Hashable]:
        """Return who shares a key with a person who need not be filed."""
        read = self._words(person)
        found: set[Hashable] = set()
        for key in _keys(person, read):
            here = self._filed.get(key, ())
            if len(here) <= CROWD.get(key[0], _FEWEST):
                found.update(here)
        return found - {person.id}

    def matches(self, person: Person, *, least: int = LIKELY) -> list[Match]:
        """Return the records that may be this person, the likeliest first."""
        found = [self.compare(person, self.people[other]) for other in self.near(person)]
        likely = [match for match in found if match.score >= least]
        return sorted(likely, key=lambda match: (-match.score, repr(match.other)))

    def pairs(self, new: Iterable[Hashable] | None = None, *, least: int = LIKELY) -> Iterator[Match]:
        """Yield the likely pairs that one of ``new`` (None: everybody) is in, each once."""
        asked = list(self.people if new is None else new)
        done: set[Hashable] = set()
        for key in asked:
            done.add(key)
            person = self.people[key]
            for other in self.near(person) - done:
                match = self.compare(person, self.people[other])
                if match.score >= least:
                    yield match

    def compare(self, one: Person, other: Person) -> Match:
        """Return how likely two people are one."""
        names = self._names(one, other)
        told = names + _facts(one, other)
        bits = sum(weight for weight, _ in told) - math.log2(max(len(self.people), _FEWEST))
        score = round(100 / (1 + 2 ** -max(-30.0, min(30.0, bits))))
        reasons = tuple([reason for _, reason in sorted(told, key=lambda one: -abs(one[0])) if reason.code])
        return Match(one.id, other.id, min(99, score), reasons)

    def _names(self, one: Person, other: Person) -> _Told:
        mine, theirs = self._words(one), self._words(other)
        found = [
            (self._compared(first, second), a, b)
            for first, a in zip(mine, one.names, strict=True)
            for second, b in zip(theirs, other.names, strict=True)
        ]
        if not found:
            return []
        (bits, code), a, b = max(found, key=lambda pair: pair[0])
        bits -= max(0.0, math.log2(max(1, self._namesakes(one, other)) / 2))
        return [(bits, Reason(code, (("one", a), ("other", b))))]

    def _namesakes(self, one: Person, other: Person) -> int:
        """Return how many records bear the name that the commoner of two records bears."""
        return max(self._called[_whole(self._words(person))] for person in (one, other))

    def _words(self, person: Person) -> _Read:
        return self._read.get(person.id) or tuple([read_name(name) for name in person.names])

    def _rarity(self, bones: str) -> float:
        count = max(1, self._bearers[bones])
        return min(_RAREST, max(_COMMONEST, math.log2(max(len(self.people), _FEWEST) / count)))

    def _compared(self, mine: tuple[_Word, ...], theirs: tuple[_Word, ...]) -> tuple[float, str]:
        """Return the bits that two names give, and the code that says how they are alike."""
        levels = sorted(
            (
                (*level, i, j)
                for i, a in enumerate(mine)
                for j, b in enumerate(theirs)
                if (level := self._level(a, b)) is not None
            ),
            reverse=True,
        )
        left, right = dict(enumerate(mine)), dict(enumerate(theirs))
        bits, how = 0.0, set()
        for weight, way, i, j in levels:
            if i in left and j in right:
                bits += weight
                how.add(way)
                del left[i], right[j]
        bits += _unlike(list(left.values()), list(right.values()))
        return bits, _way(how, left=bool(left), right=bool(right))

    def _level(self, one: _Word, other: _Word) -> tuple[float, str] | None:
        """Return the bits of two words that may be one, and how; None when they are not."""
        part = 1.0 if one.father == other.father else 0.3
        if one.key == other.key and not one.initial:
            return self._rarity(one.bones) * part, "same"
        if one.initial or other.initial:
            short, long = sorted((one, other), key=lambda word: len(word.key))
            begins = long.key.startswith(short.key) or long.first == short.first
            return (3.0 * part, "initials") if begins else None
        way = _sounds(one.key, one.bones, other.key, other.bones)
        if way == "spelling":
            return (self._rarity(one.bones) * 0.92 - 0.3) * part, way
        if way == "slip":
            commoner = max(self._bearers[one.bones], self._bearers[other.bones], 1)
            known = math.log2(max(len(self.people), _FEWEST) / commoner)
            return (max(0.5, min(_RAREST, known) * 0.7 - 1.5)) * part, "slip"
        return None


@functools.lru_cache(maxsize=200_000)
def _sounds(one: str, bones: str, other: str, others: str) -> str:
    """Return how two words may be one: "spelling", "slip" of the pen, "" for not at all; remembers words."""
    alike = fuzz.ratio(one, other)
    if bones == others and alike >= _ALIKE:
        return "spelling"
    if min(len(one), len(other)) < _LONG:
        return ""
    slips = DamerauLevenshtein.distance(one, other, score_cutoff=2)
    if slips <= 1:
        return "slip"
    tails = [found[1] if (found := _TAIL.search(key)) else None for key in (one, other)]
    if tails[0] != tails[1]:
        return ""
    few = slips <= _APART and max(len(one), len(other)) > _MANY
    return "slip" if few or (DamerauLevenshtein.distance(bones, others) <= 1 and alike >= _NEAR) else ""


def _bones(read: _Read) -> set[str]:
    return {word.bones for words in read for word in words}


def _whole(read: _Read) -> tuple[str, ...]:
    """Return a person's name as namesakes share it: the bones of the words, fathers left out."""
    return next((tuple(sorted(word.bones for word in words if not word.father)) for words in read), ())


def _unlike(left: list[_Word], right: list[_Word]) -> float:
    """Return the (negative) bits of words that found no partner, where both names have one left of a sort."""
    fathers = [sum(word.father for word in words) for words in (left, right)]
    others = [sum(not word.father for word in words) for words in (left, right)]
    return -6.0 * min(fathers) - 9.0 * min(others) - (0.5 * abs(others[0] - others[1]))


def _way(how: set[str], *, left: bool, right: bool) -> str:
    if not how:
        return ""
    if left and right:
        return "name-partly"
    for way in ("slip", "initials", "spelling"):
        if way in how:
            return f"name-{way}"
    return "name-part" if left or right else "name-same"


def _facts(one: Person, other: Person) -> _Told:
    told = _born(one.born, other.born)
    if one.sex and other.sex:
        told.append((1.0, Reason("")) if one.sex == other.sex else (-5.0, Reason("sex-differs")))
    if one.iin and other.iin:
        slips = DamerauLevenshtein.distance(one.iin, other.iin)
        told.append(
            (22.0, Reason("number-same")) if not slips else (-1.0 if slips == 1 else -9.0, Reason("number-differs"))
        )
    if one.numbers & other.numbers:
        told.append((12.0, Reason("contact-same")))
    told += _shared(one.regions, other.regions, "region", 1.6, -0.8)
    told += _shared(one.articles, other.articles, "article", 2.0, -0.4)
    common = one.companions & other.companions
    if common:
        told.append((min(12.0, 5.0 + 2.0 * (len(common) - 1)), Reason("companions", (("n", str(len(common))),))))
    return told


def _shared(
    one: frozenset[str], other: frozenset[str], what: str, same: float, unlike: float
) -> list[tuple[float, Reason]]:
    if not one or not other:
        return []
    common = sorted(one & other)
    return [(same, Reason(f"{what}-same", ((what, common[0]),)))] if common else [(unlike, Reason(f"{what}-differs"))]


def _born(one: str, other: str) -> _Told:
    years = one[:_YEAR], other[:_YEAR]
    if not all(len(year) == _YEAR and year.isdigit() for year in years):
        return []
    named = (("one", one), ("other", other))
    if len(one) == len(other) == _DAY:
        if one == other:
            return [(11.0, Reason("born-same", (("date", one),)))]
        turned = f"{one[:_YEAR]}-{one[8:]}-{one[5:7]}"
        if other == turned or DamerauLevenshtein.distance(one, other) == 1:
            return [(4.0, Reason("born-close", named))]
        return [(-4.0 if years[0] == years[1] else -11.0, Reason("born-differs", named))]
    return [_years(*years)]


def _years(one: str, other: str) -> tuple[float, Reason]:
    named = (("one", one), ("other", other))
    if one == other:
        return 4.8, Reason("year-same", (("year", one),))
    if abs(int(one) - int(other)) == 1:
        return 0.5, Reason("year-close", named)
    return -4.0 if DamerauLevenshtein.distance(one, other) == 1 else -11.0, Reason("year-differs", named)
