"""Whether two records may be of one event: the day, the place, who was there and what it was, with the reasons.

Rules: events are compared only when their days touch and they share a region, a place's word or somebody who was
there; the rest is weighed as in matching.py. It only proposes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz import fuzz

from kzdoc.analysis.likeness import Reason, in_both
from kzdoc.analysis.matching import LIKELY, Match
from kzdoc.names.fold import fold, fold_tokens

_LEAST = 7.0
_DAY = 10
_MONTH = 7
_ALIKE, _NEAR = 80, 60
_FEW = 3
_WORD = 4


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is compared of an event; ``day`` is its date as far as known, ``people`` are `companion_key`s."""

    id: Hashable
    title: str = ""
    day: str = ""
    place: str = ""
    regions: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()


def keys_of(one: Occasion) -> set[tuple[str, str]]:
    """Return the keys of an event: its day and the next, or its month, with what else is known."""
    days = _days(one.day)
    words = {word for word in fold_tokens(f"{one.place} {one.title}") if len(word) >= _WORD}
    what = {*one.regions, *words, *one.people, *one.types}
    return {(day, thing) for day in days for thing in what}


def _days(day: str) -> list[str]:
    if len(day) < _DAY:
        return [day[:_MONTH]] if len(day) >= _MONTH else []
    try:
        first = dt.date.fromisoformat(day[:_DAY])
    except ValueError:
        return []
    return [day[:_MONTH], first.isoformat(), (first + dt.timedelta(days=1)).isoformat()]


def occasions(events: Iterable[Occasion], new: frozenset[Hashable] | None = None) -> Iterator[Match]:
    """Yield the likely pairs that one of ``new`` (None: every event) is in, each once."""
    known = {one.id: one for one in events}
    filed: dict[tuple[str, str], list[Hashable]] = {}
    for one in known.values():
        for place in keys_of(one):
            filed.setdefault(place, []).append(one.id)
    done: set[Hashable] = set()
    for key in known if new is None else [key for key in known if key in new]:
        done.add(key)
        near = {other for shared in keys_of(known[key]) for other in filed[shared]} - done
        for other in sorted(near, key=repr):
            match = compare(known[key], known[other])
            if match.score >= LIKELY:
                yield match


def compare(one: Occasion, other: Occasion) -> Match:
    """Return how likely two records are of one event."""
    told = [*_when(one.day, other.day), *_where(one, other), *_who(one, other)]
    if one.types and other.types:
        told.append((1.0, Reason("type-same")) if one.types & other.types else (-2.0, Reason("type-differs")))
    if one.title and other.title and fuzz.token_set_ratio(fold(one.title), fold(other.title)) >= _ALIKE:
        told.append((2.5, Reason("title-alike", (("one", one.title), ("other", other.title)))))
    bits = sum(weight for weight, _ in told) - _LEAST
    score = min(99, round(100 / (1 + 2 ** -max(-30.0, min(30.0, bits)))))
    return Match(one.id, other.id, score, tuple([said for _, said in sorted(told, key=lambda pair: -abs(pair[0]))]))


def _when(one: str, other: str) -> list[tuple[float, Reason]]:
    if len(one) < _MONTH or len(other) < _MONTH:
        return []
    if len(one) < _DAY or len(other) < _DAY:
        return [(1.0, Reason("month-same", (("date", one[:_MONTH]),)))] if one[:_MONTH] == other[:_MONTH] else []
    if one[:_DAY] == other[:_DAY]:
        return [(5.0, Reason("day-same", (("date", one[:_DAY]),)))]
    close = set(_days(one)[1:]) & set(_days(other)[1:])
    return [
        (-1.0 if close else -12.0, Reason("day-close" if close else "day-differs", (("one", one), ("other", other))))
    ]


def _where(one: Occasion, other: Occasion) -> list[tuple[float, Reason]]:
    told = []
    if one.regions and other.regions:
        common = sorted(one.regions & other.regions)
        told.append(
            (2.0, Reason("region-same", (("region", common[0]),))) if common else (-6.0, Reason("region-differs"))
        )
    if one.place and other.place:
        alike = fuzz.token_set_ratio(fold(one.place), fold(other.place))
        named = (("one", one.place), ("other", other.place))
        if alike >= _ALIKE:
            told.append((3.0, Reason("place-same", named)))
        elif alike < _NEAR:
            told.append((-2.0, Reason("place-differs", named)))
    return told


def _who(one: Occasion, other: Occasion) -> list[tuple[float, Reason]]:
    common = in_both(one.people, other.people)
    if common:
        return [(min(12.0, 4.0 * common), Reason("people-same", (("n", str(common)),)))]
    many = min(len(one.people), len(other.people)) >= _FEW
    return [(-3.0, Reason("people-differ"))] if many else []
