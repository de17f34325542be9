"""What a desk shows of a record: what it is called, all its sides, its files. Lists of them: listing.py.

Rules: everything returned is plain and frozen, so that it may leave the session's thread; values stay as they are in
statements, words are made in the asker's language. A record is named by its title; one whose first field leads to a
person (a detention, a charge) by that person. Nothing here writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kzdoc.casework import kind_or_none, statement_name
from kzdoc.domain.catalogue import kind
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

SHORT = 60
LARGEST_SHOWN = 64 << 20
_EVIDENCE = "evidence_item"
_OFFSET = re.compile(r" \(UTC[^)]*\)")


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


class Naming:
    """What records are called; each is read once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._titles: dict[bytes, str] = {}

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
        leads = led_by(of)
        if leads is not None and any(self.of(value) for value in state.values(leads.id)):
            return leads.id
        return next((name for name in of.title if state.values(name)), "")

    def _name(self, state: RecordState) -> str:
        of = kind_or_none(state.kind)
        if of is None:
            return ""
        name = self.field_of(of, state)
        value = state.value(name) if name else None
        if isinstance(value, bytes):
            return self.of(value)
        return short_title(value) if isinstance(value, str) else ""


def short_title(title: str) -> str:
    """Return a title as a name in a list: in one line, not too long, nothing in it that cannot be seen."""
    return visible(" ".join(title.split())[: 2 * SHORT])


def led_by(of: Kind) -> Field | None:
    """Return the field of a kind whose link names its records (the person detained), None when their title does."""
    first = of.fields[0] if of.fields else None
    return first if first is not None and first.type is Type.LINK and first.to == "person" and not first.many else None


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
