"""Lists of records: their rows in alphabetical order, how many there are of what, what they can be narrowed by.

Rules: a list costs what it shows. All of its records are counted, ordered and narrowed by their rows in the vault;
read are those in sight alone. A search keeps its rank. Everything returned is plain and frozen, so that it may leave
the session's thread; words are made in the asker's language. Nothing here writes.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kzdoc.browsing import PLACES, SHORT, Naming, led_by, short_title
from kzdoc.casework import kind_or_none
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Kind, Type
from kzdoc.ledger.merge import RecordState
from kzdoc.session import Session
from kzdoc.vault.search import sort_key
from kzdoc.vault.shelf import Placed

ROWS_AT_ONCE = 200
_FIRST_TYPES = (Type.DATE, Type.TIME)
_IN_FIGURES = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:T(?P<at>\d\d:\d\d)(?P<zone>[+-]\d\d:\d\d)?"
    r"(?:/(?P=year)-(?P=month)-(?P=day)T(?P<till>\d\d:\d\d)(?(zone)(?P=zone)))?)?"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a list; ``line`` is in the asker's language, ``place`` one of ``PLACES``."""

    id: bytes
    kind: str
    name: str
    line: str
    place: str
    conflicts: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is asked for; ``facets`` are (field, value) pairs of one kind, ``kind`` "" means all kinds."""

    kind: str = ""
    text: str = ""
    place: str = ""
    in_conflict: bool = False
    facets: frozenset[tuple[str, Any]] = frozenset()
    lang: str = "en"
    limit: int = ROWS_AT_ONCE


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as asked for: its first rows, how many there are, and what it can be narrowed by.

    ``kinds`` counts all records by kind, ``places`` those of the list by place, ``facets`` are (field, value, count).
    """

    rows: tuple[Row, ...] = ()
    total: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    in_conflict: int = 0
    facets: tuple[tuple[str, Any, int], ...] = ()


def list_records(session: Session, wanted: Wanted) -> Listing:
    """Return the list that was asked for; a search keeps its rank, anything else stands in the Kazakh alphabet."""
    counts = session.records.counts()
    if wanted.text.strip():
        return _found(session, wanted, counts)
    chosen = _narrowed(session, wanted)
    rows = [one for kind in _kinds(wanted, counts) for one in session.vault.shelf.rows(kind)]
    if chosen is not None:
        rows = [one for one in rows if one.number in chosen]
    places = Counter([one.origin for one in rows])
    kept = [one for one in rows if _stays(wanted, PLACES[one.origin], one.conflicts)]
    return Listing(
        _first(session, kept, wanted),
        len(kept),
        counts,
        {place: places[origin] for origin, place in enumerate(PLACES)},
        sum(one.conflicts > 0 for one in rows),
        _in_order(_tally(session, wanted.kind, chosen)),
    )


def only_here(session: Session, *, lang: str, limit: int) -> Listing:
    """Return the records that are nowhere else, the newest first, and how many there are where; reads these alone."""
    places = dict.fromkeys(PLACES, 0)
    counts = {key: count for key, count in session.records.places().items() if key[0] in KINDS}
    for (_, origin), count in counts.items():
        places[PLACES[origin]] += count
    found = [
        each
        for name, origin in counts
        if not origin
        for each in session.records.newest(name, origin=origin, limit=limit)
    ]
    found.sort(key=lambda each: -each[0])
    naming = Naming(session)
    rows = [_row(naming, state, PLACES[0], lang) for _, state in found[:limit]]
    return Listing(tuple(rows), places[PLACES[0]], places=places)


def suggestions(session: Session, text: str, *, kind_id: str, lang: str, limit: int = 12) -> list[Row]:
    """Return the records one may mean by what was typed so far, in any spelling; all kinds when ``kind_id`` is ""."""
    naming = Naming(session)
    if text.strip():
        states = session.records.find(text, kind=kind_id or None, limit=limit)
    else:
        briefs = session.records.briefs(kind_id)[:limit] if kind_id else []
        states = list(session.records.states([brief.id for brief in briefs]).values())
    return [_row(naming, state, "only_here", lang) for state in states]


# --- all of a list, by its rows


def _kinds(wanted: Wanted, counts: Mapping[str, int]) -> list[str]:
    return [wanted.kind] if wanted.kind else [kind for kind in counts if kind in KINDS]


def _stays(wanted: Wanted, place: str, conflicts: int) -> bool:
    return (not wanted.place or place == wanted.place) and (not wanted.in_conflict or conflicts > 0)


def _narrowed(session: Session, wanted: Wanted) -> frozenset[int] | None:
    """Return the numbers of the records that have all the facets that were chosen, None when none was."""
    having = [session.vault.shelf.with_value(wanted.kind, name, value) for name, value in sorted(wanted.facets)]
    return frozenset.intersection(*having) if having else None


def _tally(session: Session, kind: str, chosen: frozenset[int] | None) -> Mapping[tuple[str, Any], int]:
    """Return how many records of a kind have each value of a facet, among those that were chosen."""
    names = _facets_of(kind)
    if chosen is None:
        counted = {name: session.records.facet_counts(kind, name) for name in names}
        return {(name, value): count for name, values in counted.items() for value, count in values.items()}
    facets = session.vault.shelf.facets(kind, names)
    return Counter([(name, value) for number, name, value in facets if number in chosen])


def _in_order(tally: Mapping[tuple[str, Any], int]) -> tuple[tuple[str, Any, int], ...]:
    """Return facets with their counts, those of most records first; values that are no texts or numbers left out."""
    counted = [(*key, count) for key, count in tally.items() if isinstance(key[1], str | int)]
    return tuple(sorted(counted, key=lambda one: (-one[2], one[0], str(one[1]))))


def _first(session: Session, kept: Sequence[Placed], wanted: Wanted) -> tuple[Row, ...]:
    """Return the first rows in alphabetical order; only their records are read, and those no row can name."""
    naming = Naming(session)
    names = _names(session, naming, kept)
    first = heapq.nsmallest(wanted.limit, kept, key=lambda one: (sort_key(names[one.number]), one.id))
    states = session.records.states([one.id for one in first])
    return tuple(_row(naming, states[one.id], PLACES[one.origin], wanted.lang) for one in first)


def _names(session: Session, naming: Naming, kept: Sequence[Placed]) -> dict[int, str]:
    """Return what records are called, by their numbers, as ``Naming`` calls them."""
    names: dict[int, str] = {}
    led: dict[str, dict[int, str]] = {}
    for one in kept:
        leads = led_by(KINDS[one.kind])
        if leads is None:
            names[one.number] = short_title(one.title)
            continue
        if one.kind not in led:
            led[one.kind] = session.vault.shelf.named_by(one.kind, leads.id, to="person")
        name = "" if one.conflicts else short_title(led[one.kind].get(one.number) or one.title)
        if not name:  # several people, or nobody by name
            state = session.records.record(one.id)
            name = naming.of_state(state) if state is not None else ""
        names[one.number] = name
    return names


# --- what was searched for


def _found(session: Session, wanted: Wanted, counts: Mapping[str, int]) -> Listing:
    """Return the list of what was searched for: few enough to be read."""
    naming = Naming(session)
    states = session.records.find(wanted.text, kind=wanted.kind or None, limit=ROWS_AT_ONCE)
    among = [one for one in states if all(value in one.values(name) for name, value in wanted.facets)]
    briefs = {one.id: session.records.brief(one.id) for one in among}
    placed = [(one, PLACES[brief.origin]) for one in among if (brief := briefs[one.id]) is not None]
    places = Counter([place for _, place in placed])
    kept = [(one, place) for one, place in placed if _stays(wanted, place, len(one.conflicts))]
    said = [(name, value) for one, _ in placed for name in _facets_of(wanted.kind) for value in one.values(name)]
    return Listing(
        tuple(_row(naming, one, place, wanted.lang) for one, place in kept[: wanted.limit]),
        len(kept),
        counts,
        {place: places[place] for place in PLACES},
        sum(bool(one.conflicts) for one, _ in placed),
        _in_order(Counter([one for one in said if isinstance(one[1], str | int)])),
    )


def _facets_of(kind_id: str) -> list[str]:
    """Return the facets of a kind that are counted; an address is one of its own, shown nowhere as a facet."""
    of = KINDS.get(kind_id)
    return [one.id for one in of.fields if one.facet and one.type is not Type.ADDRESS] if of else []


# --- one row


def _row(naming: Naming, state: RecordState, place: str, lang: str) -> Row:
    of = kind_or_none(state.kind)
    line = " · ".join(_line(naming, of, state, lang)) if of else state.kind
    return Row(state.id, state.kind, naming.of_state(state), line, place, len(state.conflicts), len(state.absent))


def _line(naming: Naming, of: Kind, state: RecordState, lang: str) -> list[str]:
    """Return the kind and the listed values that do not name the record already, when it was first."""
    named = naming.field_of(of, state)
    listed = [one for one in of.fields if one.listed and one.id != named and one.type is not Type.LONG_TEXT]
    parts = [of.label.to(lang)]
    for one in sorted(listed, key=lambda one: one.type not in _FIRST_TYPES):
        shown = [_short_date(one, value, naming.of_value(one, value, lang)) for value in state.values(one.id)]
        text = ", ".join(filter(None, shown))
        if text:
            parts.append(text if len(text) <= SHORT else text[:SHORT].rstrip() + "…")
    return parts


def _short_date(one: Field, value: Any, said: str) -> str:
    """Return a certain day, with its time or span of times, in figures, for a row has no room; else what was said."""
    found = _IN_FIGURES.fullmatch(value) if one.type in _FIRST_TYPES and isinstance(value, str) else None
    if found is None or "(" in said:
        return said
    day = f"{found['day']}.{found['month']}.{found['year']}"
    times = "–".join(filter(None, (found["at"], found["till"])))
    return f"{day}, {times}" if times else day
