"""What a desk shows of records: rows of a list, how many there are of what, one record with all its sides, its files.

Rules: everything returned is plain and frozen, so that it may leave the session's thread; values stay as they are in
statements, words are made in the asker's language. A record is named by its title; one whose first field leads to a
person (a detention, a charge) by that person. Nothing here writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kzdoc.casework import kind_or_none, statement_name
from kzdoc.domain.catalogue import KINDS, kind
from kzdoc.domain.dates import read_date
from kzdoc.domain.field import Field, Kind, Type, show_value
from kzdoc.domain.text import visible
from kzdoc.errors import InputError
from kzdoc.ledger.merge import REMOVED, LiveValue, RecordState
from kzdoc.moment import Moment
from kzdoc.session import Session
from kzdoc.vault.search import sort_key

PLACES = ("only_here", "sent", "receipted")
"""Where else a record is, by its origin in the vault."""

REMOVAL = REMOVED
"""The field of a sheet that says that the record is removed."""

ROWS_AT_ONCE = 200
SHORT = 60
LARGEST_SHOWN = 64 << 20
_EVIDENCE = "evidence_item"
_FIRST_TYPES = (Type.DATE, Type.TIME)
_IN_FIGURES = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:T(?P<at>\d\d:\d\d)(?P<zone>[+-]\d\d:\d\d)?"
    r"(?:/(?P=year)-(?P=month)-(?P=day)T(?P<till>\d\d:\d\d)(?(zone)(?P=zone)))?)?"
)
_OFFSET = re.compile(r" \(UTC[^)]*\)")


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


@dataclass(frozen=True, slots=True)
class Said:
    """One live value of a field: its statement's name, who wrote it, when, and whether that was here."""

    value: Any
    statement: str
    author: str
    time: Moment
    own: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A file that belongs to a record; ``record`` is the item of evidence, ``graphic`` its answer or None."""

    record: bytes
    title: str
    sha256: bytes
    size: int
    media: str
    graphic: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One record with all its sides, or (``id`` empty) a form not written yet.

    ``withheld`` are (field or "", reason) pairs; ``names`` are those of the records it leads to; ``today`` is the
    day against which its dates are read; ``removed_for`` the reason when it was removed.
    """

    id: bytes
    kind: str
    today: str
    name: str = ""
    place: str = "only_here"
    fields: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    conflicts: frozenset[str] = frozenset()
    withheld: tuple[tuple[str, str], ...] = ()
    removed: bool = False
    removed_for: str = ""
    names: Mapping[bytes, str] = field(default_factory=dict)
    items: tuple[Item, ...] = ()

    def values(self, name: str) -> list[Any]:
        """Return the live values of a field that are not `nothing`."""
        return [said.value for said in self.fields.get(name, ()) if said.value is not None]


# --- lists


def listing(session: Session, wanted: Wanted) -> Listing:
    """Return the list that was asked for; a search keeps its rank, anything else stands in the Kazakh alphabet."""
    counts = session.records.counts()
    naming = Naming(session)
    facets = _facets_of(wanted.kind)
    tally: dict[tuple[str, Any], int] = {}
    places = dict.fromkeys(PLACES, 0)
    conflicts = 0
    kept: list[_Candidate] = []
    for one in _candidates(session, wanted, counts, naming):
        if not all(_has(one.state, name, value) for name, value in wanted.facets):
            continue
        places[one.place] += 1
        conflicts += one.in_conflict
        for name in facets:
            for value in one.state.values(name) if one.state else ():
                if isinstance(value, str | int):
                    tally[name, value] = tally.get((name, value), 0) + 1
        if (not wanted.place or one.place == wanted.place) and (not wanted.in_conflict or one.in_conflict):
            kept.append(one)
    if not wanted.text.strip():
        kept.sort(key=lambda one: (sort_key(one.name), one.id))
    shown = kept[: wanted.limit]
    states = session.records.states([one.id for one in shown if one.state is None])
    rows = [_row(naming, one.state or states[one.id], one.place, wanted.lang) for one in shown]
    by_count = sorted(((*key, count) for key, count in tally.items()), key=lambda one: (-one[2], one[0], str(one[1])))
    return Listing(tuple(rows), len(kept), counts, places, conflicts, tuple(by_count))


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


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A record that may be in a list; its state is read only where the list needs more than its row in the vault."""

    id: bytes
    name: str
    place: str
    in_conflict: bool
    state: RecordState | None


def _candidates(session: Session, wanted: Wanted, counts: Mapping[str, int], naming: Naming) -> Iterator[_Candidate]:
    if wanted.text.strip():
        for state in session.records.find(wanted.text, kind=wanted.kind or None, limit=ROWS_AT_ONCE):
            brief = session.records.brief(state.id)
            place = PLACES[brief.origin if brief else 0]
            yield _Candidate(state.id, naming.of_state(state), place, bool(state.conflicts), state)
        return
    briefs = {name: session.records.briefs(name) for name in counts if name in KINDS}
    for name, rows in briefs.items():
        if not _led(KINDS[name]):
            naming.know({one.id: one.title for one in rows})
    for name in [wanted.kind] if wanted.kind else briefs:
        needed = _led(KINDS[name]) or bool(_facets_of(wanted.kind))
        states = {one.id: one for one in session.records.records(name)} if needed else {}
        for brief in briefs.get(name, ()):
            here = states.get(brief.id)
            title = naming.of_state(here) if here is not None else naming.of(brief.id)
            yield _Candidate(brief.id, title, PLACES[brief.origin], brief.conflicts > 0, here)


def suggestions(session: Session, text: str, *, kind_id: str, lang: str, limit: int = 12) -> list[Row]:
    """Return the records one may mean by what was typed so far, in any spelling; all kinds when ``kind_id`` is ""."""
    naming = Naming(session)
    if text.strip():
        states = session.records.find(text, kind=kind_id or None, limit=limit)
    else:
        briefs = session.records.briefs(kind_id)[:limit] if kind_id else []
        states = list(session.records.states([brief.id for brief in briefs]).values())
    return [_row(naming, state, "only_here", lang) for state in states]


def _facets_of(kind_id: str) -> list[str]:
    of = KINDS.get(kind_id)
    return [one.id for one in of.fields if one.facet] if of else []


def _has(state: RecordState | None, name: str, value: Any) -> bool:
    return state is not None and value in state.values(name)


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


# --- names


def shown(one: Field, value: Any, lang: str) -> str:
    """Return a value as a person here reads and types it: a time without the UTC offset that goes without saying."""
    text = visible(show_value(one, value, lang))
    if one.type is not Type.TIME or not isinstance(value, str):
        return text
    spoken = _OFFSET.sub("", text)
    try:
        return spoken if read_date(spoken) == value else text
    except InputError:
        return text


def _short_date(one: Field, value: Any, said: str) -> str:
    """Return a certain day, with its time or span of times, in figures, for a row has no room; else what was said."""
    found = _IN_FIGURES.fullmatch(value) if one.type in _FIRST_TYPES and isinstance(value, str) else None
    if found is None or "(" in said:
        return said
    day = f"{found['day']}.{found['month']}.{found['year']}"
    times = "–".join(filter(None, (found["at"], found["till"])))
    return f"{day}, {times}" if times else day


class Naming:
    """What records are called; each is read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._titles: dict[bytes, str] = {}

    def know(self, titles: Mapping[bytes, str]) -> None:
        """Take titles that are at hand already; only those of kinds that no link names."""
        self._titles.update((record, _short(title)) for record, title in titles.items())

    def of_state(self, state: RecordState) -> str:
        """Return the name of a record whose state is at hand, "" when nothing names it."""
        if state.id not in self._titles:
            self._titles[state.id] = ""  # a circle of links ends here
            self._titles[state.id] = self._name(state)
        return self._titles[state.id]

    def of(self, record: bytes) -> str:
        """Return the name of a record by its id, "" when it is not here."""
        if record in self._titles:
            return self._titles[record]
        state = self._session.records.record(record)
        return self.of_state(state) if state is not None else ""

    def of_value(self, one: Field, value: Any, lang: str) -> str:
        """Return a value as a person reads it, a link by its name."""
        return self.of(value) if one.type is Type.LINK and isinstance(value, bytes) else shown(one, value, lang)

    def field_of(self, of: Kind, state: RecordState) -> str:
        """Return the field that names the record: a leading link to a person, else the first title with a value."""
        first = of.fields[0] if of.fields else None
        if first is not None and _leads(first) and any(self.of(value) for value in state.values(first.id)):
            return first.id
        return next((name for name in of.title if state.values(name)), "")

    def _name(self, state: RecordState) -> str:
        of = kind_or_none(state.kind)
        if of is None:
            return ""
        name = self.field_of(of, state)
        value = state.value(name) if name else None
        if isinstance(value, bytes):
            return self.of(value)
        return _short(value) if isinstance(value, str) else ""


def _short(title: str) -> str:
    return visible(" ".join(title.split())[: 2 * SHORT])


def _led(of: Kind) -> bool:
    return bool(of.fields) and _leads(of.fields[0])


def _leads(one: Field) -> bool:
    return one.type is Type.LINK and one.to == "person" and not one.many


# --- one record


def blank(session: Session, kind_id: str) -> Sheet:
    """Return the sheet of a record not written yet; raises ``InputError("kind.unknown")``."""
    return Sheet(b"", kind(kind_id).id, session.clock().day())


def sheet(session: Session, record: bytes) -> Sheet:
    """Return one record with all its sides; raises ``InputError("record.unknown")``."""
    state = session.records.record(record)
    if state is None:
        raise InputError("record.unknown")
    naming = Naming(session)
    brief = session.records.brief(record)
    own = session.author
    links = {live.value for lives in state.fields.values() for live in lives if isinstance(live.value, bytes)}
    removals = [live.value for live in state.fields.get(REMOVED, ()) if isinstance(live.value, Mapping)]
    return Sheet(
        record,
        state.kind,
        session.clock().day(),
        naming.of_state(state),
        PLACES[brief.origin if brief else 0],
        {name: tuple([_said(session, live, own) for live in lives]) for name, lives in state.fields.items()},
        state.conflicts,
        tuple([(absence.field or "", absence.reason) for absence in state.absent]),
        state.removed,
        str(removals[0].get("reason", "")) if removals else "",
        {target: naming.of(target) for target in links},
        tuple(_items(session, state)),
    )


def _said(session: Session, live: LiveValue, own: bytes) -> Said:
    mine = live.author == own
    return Said(live.value, statement_name(live.refs[0]), session.author_name(live.author), live.time, mine)


def _items(session: Session, state: RecordState) -> Iterable[Item]:
    """Yield the record's own files, then those of the items of evidence about it."""
    yield from _files(session, state)
    about = {link.source for link in session.records.linked(state.id) if link.target == state.id}
    items = [item for item in session.records.states(about).values() if item.kind == _EVIDENCE and not item.removed]
    for item in sorted(items, key=lambda one: (sort_key(str(one.value("title") or "")), one.id)):
        yield from _files(session, item)


def _files(session: Session, state: RecordState) -> Iterable[Item]:
    of = kind_or_none(state.kind)
    for one in of.fields if of else ():
        if one.type is not Type.FILE:
            continue
        for value in state.values(one.id):
            title = state.value("title") or state.value("original_name") or ""
            graphic = state.value("graphic") if of is not None and of.has("graphic") else "no"
            here = session.blobs.has(value["sha256"])
            yield Item(state.id, visible(str(title)), value["sha256"], value["size"], value["media"], graphic, here)


def file_bytes(session: Session, sha256: bytes) -> bytes:
    """Return a whole file, true to its hash, for showing it from memory.

    Raises ``InputError("file.too-large-to-show")`` above ``LARGEST_SHOWN``, and what ``Blobs.read`` raises.
    """
    blob = session.blobs.get(sha256)
    if blob is not None and blob.size > LARGEST_SHOWN:
        raise InputError("file.too-large-to-show", limit=LARGEST_SHOWN >> 20)
    return b"".join(session.blobs.read(sha256))
