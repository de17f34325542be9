"""The weight of evidence that two people are one, in bits, each with its reason.

Rules: what agrees weighs log2 of (how often it agrees in records of one person) over (how often by chance), and chance
is what is filed here: a rare name, a small region, an unusual article say more. What disagrees takes away, by as much
as it is rare that one person's records disagree in it. The shares that no vault can tell by itself stand below, as
plain numbers.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import DamerauLevenshtein

from kzdoc.analysis.filing import Filing
from kzdoc.analysis.words import DAY, YEAR, Person, Read, Reading, Word, companion_key, whole
from kzdoc.remembering import remembering

_TAIL = re.compile(r"(bai?|bek|zhan|han|gali|mirza|kul)?(?:[oe]va?|ina?)?$")
_OV, _IN = re.compile(r"[oe]va?$"), re.compile(r"ina?$")
_OTHER_FAMILY = 5.0
"""Bits taken where one surname ends in -ов and the other in -ин: one root, mostly two families."""
_RAREST, _COMMONEST = 14.0, 1.0
_ALIKE, _NEAR = 50, 78
_LONG, _MANY = 4, 6
_APART = 2
_STAYED = {"region": 0.85, "article": 0.75}
"""How often two records of one person that both name a region, an article, name the same."""
_RAREST_FACT = 6.0
_BORN_SAME, _YEAR_SAME = 0.75, 0.93
_DAYS = 300
"""Days of birth that are told apart in a year: not all are as common."""
_TOGETHER = (0.0, -0.7, -1.6, -2.6, -3.2, -3.8)
"""Bits taken where nobody is common to two lists of companions, by the number in the shorter."""
_COMPANION, _EACH, _MOST = 6.0, 2.5, 15.0
_TWO = -4.0
"""Bits taken where two lists have the same people and one of the two stands beside the other."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason in words: a code and what the sentence names."""

    code: str
    params: tuple[tuple[str, str], ...] = ()


Told = list[tuple[float, Reason]]


def name_told(mine: Read, theirs: Read, filing: Filing, people: int) -> Told:
    """Return what the names say: of all pairs of readings the one that says most for it."""
    found = [(_compared(first, second, filing, people), a, b) for a, first in mine for b, second in theirs]
    if not found:
        return []
    (bits, code), a, b = max(found, key=lambda pair: pair[0])
    namesakes = max(filing.count(("called", *whole(read))) for read in (mine, theirs))
    bits -= max(0.0, math.log2(max(1, namesakes) / 2))
    return [(bits, Reason(code, (("one", a), ("other", b))))]


def _rarity(bones: str, filing: Filing, people: int) -> float:
    count = max(1, filing.count(("bears", bones)))
    return min(_RAREST, max(_COMMONEST, math.log2(people / count)))


def _compared(mine: Reading, theirs: Reading, filing: Filing, people: int) -> tuple[float, str]:
    """Return the bits that two names give, and the code that says how they are alike."""
    levels = sorted(
        (
            (*level, i, j)
            for i, a in enumerate(mine)
            for j, b in enumerate(theirs)
            if (level := _level(a, b, filing, people)) is not None
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


def _level(one: Word, other: Word, filing: Filing, people: int) -> tuple[float, str] | None:
    """Return the bits of two words that may be one, and how; None when they are not."""
    part = 1.0 if one.father == other.father else 0.3
    if one.key == other.key and not one.initial:
        return _rarity(one.bones, filing, people) * part, "same"
    if one.initial or other.initial:
        short, long = sorted((one, other), key=lambda word: len(word.key))
        begins = long.key.startswith(short.key) or long.first == short.first
        return (3.0 * part, "initials") if begins else None
    way = _sounds(one.key, one.bones, other.key, other.bones)
    if way == "spelling":
        less = _OTHER_FAMILY if _two_families(one, other) else 0.3
        return (_rarity(one.bones, filing, people) * 0.92 - less) * part, way
    if way == "slip":
        commoner = max(filing.count(("bears", one.bones)), filing.count(("bears", other.bones)), 1)
        return (max(0.5, min(_RAREST, math.log2(people / commoner)) * 0.7 - 1.5)) * part, "slip"
    return None


def _two_families(one: Word, other: Word) -> bool:
    ends = [("ov" if _OV.search(word.key) else "in" if _IN.search(word.key) else "") for word in (one, other)]
    return ends[0] != ends[1] and all(ends) and not (one.father or other.father)


@remembering(200_000)
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


def _unlike(left: list[Word], right: list[Word]) -> float:
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


def facts_told(one: Person, other: Person, filing: Filing, people: int) -> Told:
    """Return what is said by the rest: birth, sex, numbers, region, article, companions."""
    told = _born(one.born, other.born, filing, people)
    if one.sex and other.sex:
        told.append((1.0, Reason("")) if one.sex == other.sex else (-5.0, Reason("sex-differs")))
    if one.iin and other.iin:
        slips = DamerauLevenshtein.distance(one.iin, other.iin)
        told.append(
            (22.0, Reason("number-same")) if not slips else (-1.0 if slips == 1 else -9.0, Reason("number-differs"))
        )
    if one.numbers & other.numbers:
        told.append((12.0, Reason("contact-same")))
    told += _stayed(one.regions, other.regions, "region", filing, people)
    told += _stayed(one.articles, other.articles, "article", filing, people)
    return told + _held_with(one, other)


def _stayed(one: frozenset[str], other: frozenset[str], what: str, filing: Filing, people: int) -> Told:
    """Return what a region or an article says: the same one by how few share it, another by how few change it."""
    if not one or not other:
        return []
    stays = _STAYED[what]
    common = sorted(one & other, key=lambda value: (filing.count((what, value)), value))
    if not common:
        return [(math.log2(1 - stays) + 0.2, Reason(f"{what}-differs"))]
    share = min(1.0, max(1, filing.count((what, common[0]))) / people)
    return [(min(_RAREST_FACT, max(0.0, math.log2(stays / share))), Reason(f"{what}-same", ((what, common[0]),)))]


def _held_with(one: Person, other: Person) -> Told:
    """Return what the lists say in which both stand; where one stands beside the other, they are two."""
    mine, theirs = one.companions, other.companions
    common = in_both(mine, theirs) if mine and theirs else 0
    if common:
        beside = _beside(one, other) or _beside(other, one)
        bits = _TWO if beside else min(_MOST, _COMPANION + _EACH * (common - 1))
        return [(bits, Reason("beside" if beside else "companions", (("n", str(common)),)))]
    fewest = min(len(mine), len(theirs), len(_TOGETHER) - 1)
    return [(_TOGETHER[fewest], Reason(""))] if fewest else []


def _beside(one: Person, other: Person) -> bool:
    """Return whether somebody called as ``one`` is, and not as ``other``, was held with ``other``."""
    mine, theirs = companion_key(one.names).split(), companion_key(other.names).split()
    held = (key.split() for key in other.companions)
    return any(
        (words == mine or _may_be(mine, words)) and words != theirs and not _may_be(theirs, words) for words in held
    )


def in_both(one: frozenset[str], other: frozenset[str]) -> int:
    """Return how many companions are in both lists: by the same key, or by a shared word and fitting first letters."""
    same = one & other
    rest: dict[str, list[list[str]]] = {}
    for theirs in (key.split() for key in sorted(other - same)):
        for word in theirs:
            rest.setdefault(word, []).append(theirs)
    found, taken = len(same), set[int]()
    for words in (key.split() for key in sorted(one - same)):
        near = (theirs for word in words for theirs in rest.get(word, ()) if id(theirs) not in taken)
        match = next((theirs for theirs in near if _may_be(words, theirs)), None)
        if match is not None:
            found += 1
            taken.add(id(match))
    return found


def _may_be(one: list[str], other: list[str]) -> bool:
    shared = [word for word in one if word in other and len(word) > _APART]
    if not shared:
        return False
    mine, theirs = [word for word in one if word != shared[0]], [word for word in other if word != shared[0]]
    return bool(mine and theirs) and any(a[0] == b[0] for a in mine for b in theirs)


def _born(one: str, other: str, filing: Filing, people: int) -> Told:
    years = one[:YEAR], other[:YEAR]
    if not all(len(year) == YEAR and year.isdigit() for year in years):
        return []
    if len(one) == len(other) == DAY:
        return [_born_on(one, other, filing, people)]
    if years[0] == years[1]:
        return [(_year_bits(years[0], filing, people), Reason("year-same", (("year", years[0]),)))]
    named = (("one", years[0]), ("other", years[1]))
    if abs(int(years[0]) - int(years[1])) == 1:
        return [(0.5, Reason("year-close", named))]
    return [(-4.0 if DamerauLevenshtein.distance(*years) == 1 else -11.0, Reason("year-differs", named))]


def _born_on(one: str, other: str, filing: Filing, people: int) -> tuple[float, Reason]:
    """Return what two whole dates say: the same, turned round or a sign apart, another day, another year."""
    named = (("one", one), ("other", other))
    if one == other:
        bits = _year_bits(one[:YEAR], filing, people) + math.log2(_DAYS * _BORN_SAME)
        return bits, Reason("born-same", (("date", one),))
    turned = f"{one[:YEAR]}-{one[8:]}-{one[5:7]}"
    if other == turned or DamerauLevenshtein.distance(one, other) == 1:
        return 4.0, Reason("born-close", named)
    return -4.0 if one[:YEAR] == other[:YEAR] else -11.0, Reason("born-differs", named)


def _year_bits(year: str, filing: Filing, people: int) -> float:
    share = max(1, filing.count(("born", year))) / people
    return min(7.0, max(3.0, math.log2(_YEAR_SAME / share)))
