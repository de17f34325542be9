"""Doubles: which records may be of one person or one event; joining them, parting them, handing them to Splink.

Rules: nothing is joined without a person. Joining writes one link (``same_as``) in one revision: both records stay as
they are, with all their files, and parting takes the link out again. A pair found to be different is not proposed
again. Everybody joined forms one group, whoever was linked to whom.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from kzdoc.analysis.matching import LIKELY, Index, Match, compare, near
from kzdoc.analysis.occasions import Occasion, occasions
from kzdoc.analysis.words import Key, Person, Word, called, companion_key, read_name
from kzdoc.casework import Change, new_entry, state
from kzdoc.domain.catalogue import kind
from kzdoc.domain.kinds.recurring import NOT_SAME_AS, SAME_AS
from kzdoc.errors import InputError, KzdocError
from kzdoc.ledger.merge import RecordState
from kzdoc.platform.files import file_errors, replace_durably
from kzdoc.redaction.joined import joined
from kzdoc.session import Session
from kzdoc.vault.near import Near
from kzdoc.vault.store import Changes

KINDS = ("person", "event")
TABLE = "people.csv"
_PERSON, _EVENT = KINDS
_SURNAME = re.compile(r"(?:[oe]va?|ina?|ski|skaia|bai|bek)$")
COLUMNS = (
    "unique_id", "cluster_id", "surname_key", "given_key", "father_key", "surname_bones", "given_bones", "father_bones",
    "name_key", "birth_year", "birth_date", "sex", "region", "article", "companions",
)  # fmt: skip
"""The columns of the table for Splink (docs/matching.md)."""


# --- who may be whom


@dataclass
class Known:
    """What is said elsewhere of people: where they were held, for what, and with whom."""

    regions: dict[bytes, set[str]] = field(default_factory=dict)
    articles: dict[bytes, set[str]] = field(default_factory=dict)
    at: dict[bytes, set[bytes]] = field(default_factory=dict)
    events: dict[bytes, set[bytes]] = field(default_factory=dict)

    def together(self, event: bytes, people: Iterable[bytes]) -> None:
        """Note that these people were at an event."""
        for person in people:
            self.at.setdefault(event, set()).add(person)
            self.events.setdefault(person, set()).add(event)


def candidates(session: Session, records: Collection[bytes] | None = None, *, kind_id: str = "person") -> list[Match]:
    """Return the pairs that may be one, the likeliest first: of ``records`` with all others, or (None) of all.

    Pairs that are joined already or were found to be different are left out. Raises ``InputError("match.kind")``.
    """
    if kind_id not in KINDS:
        raise InputError("match.kind")
    here = {one.id: one for one in session.records.records(kind_id)}
    new = None if records is None else [key for key in here if key in set(records)]
    if new == []:
        return []
    known, names = _known(session), _names(session)
    if kind_id == "person":
        found = list(Index([person_of(one, known, names) for one in here.values()]).pairs(new))
    else:
        asked = None if new is None else frozenset(new)
        found = list(occasions([occasion_of(one, known, names) for one in here.values()], asked))
    open_ = undecided(here.values())
    waiting = [match for match in found if open_(match.one, match.other)]
    return sorted(waiting, key=lambda match: (-match.score, repr((match.one, match.other))))


def undecided(states: Collection[RecordState]) -> Callable[[bytes, bytes], bool]:
    """Return whether nobody has said yet of two of these records that they are one, or that they are not."""
    groups = {key: one for one in joined(states) for key in one}
    apart = {frozenset((one.id, other)) for one in states for other in one.values(NOT_SAME_AS)}
    return lambda one, other: frozenset((one, other)) not in apart and other not in groups.get(one, ())


def _names(session: Session) -> dict[bytes, str]:
    return {one.id: companion_key(called(one)) for one in session.records.records("person")}


def _known(session: Session) -> Known:
    known = Known()
    for of in ("detention", "charge"):
        for one in session.records.records(of):
            for person in one.values("person"):
                known.regions.setdefault(person, set()).update(map(str, one.values("region")))
                known.articles.setdefault(person, set()).update(map(str, one.values("article")))
                for event in one.values("event"):
                    known.together(event, [person])
    for one in session.records.records("event"):
        known.together(one.id, one.values("persons"))
        for person in one.values("persons"):
            known.regions.setdefault(person, set()).update(map(str, one.values("region")))
    return known


def person_of(one: RecordState, known: Known, names: Mapping[bytes, str]) -> Person:
    """Return what is compared of a person; ``names`` are the companions' keys by record."""
    beside = {other for event in known.events.get(one.id, ()) for other in known.at[event]} - {one.id}
    numbers = frozenset(str(value) for name in ("document_number", "phone", "email") for value in one.values(name))
    return Person(
        one.id,
        called(one),
        str(one.value("born") or ""),
        str(one.value("sex") or ""),
        str(one.value("iin") or ""),
        numbers,
        frozenset(known.regions.get(one.id, ())),
        frozenset(known.articles.get(one.id, ())),
        frozenset(names[other] for other in beside if names.get(other)),
    )


def occasion_of(one: RecordState, known: Known, names: Mapping[bytes, str]) -> Occasion:
    """Return what is compared of an event."""
    return Occasion(
        one.id,
        str(one.value("title") or ""),
        str(one.value("date") or one.value("time") or ""),
        str(one.value("place") or ""),
        frozenset(map(str, one.values("region"))),
        frozenset(map(str, one.values("type"))),
        frozenset(names[person] for person in known.at.get(one.id, ()) if names.get(person)),
    )


class Filed:
    """The vault's filing of people as a comparison asks of it."""

    def __init__(self, filing: Near) -> None:
        self._near = filing

    def size(self) -> int:
        """Return how many people are filed."""
        return self._near.count(("all", _PERSON))

    def count(self, key: Key) -> int:
        """Return how many are filed under a key."""
        return self._near.count(key)

    def under(self, key: Key, most: int) -> Collection[Hashable]:
        """Return who is filed under a key, nobody for a crowd."""
        return self._near.under(key, most)


@dataclass
class Around:
    """The people and events in hand with what is said elsewhere of them; each record is read once."""

    session: Session
    states: dict[bytes, RecordState | None] = field(default_factory=dict)
    people: dict[bytes, Person] = field(default_factory=dict)
    there: dict[bytes, frozenset[bytes]] = field(default_factory=dict)

    def state(self, record: bytes) -> RecordState | None:
        """Return a record, None when it is not here or was removed."""
        if record not in self.states:
            found = self.session.records.record(record)
            self.states[record] = None if found is None or found.removed else found
        return self.states[record]

    def person(self, record: bytes) -> Person | None:
        """Return what is compared of a person, None when there is none (any more)."""
        shown = self.state(record)
        if shown is None or shown.kind != _PERSON:
            return None
        if record not in self.people:
            self.people[record] = person_of(shown, *self._said_of(record))
        return self.people[record]

    def occasion(self, record: bytes) -> Occasion | None:
        """Return what is compared of an event."""
        shown = self.state(record)
        if shown is None or shown.kind != _EVENT:
            return None
        there = self.people_at(record)
        known = Known()
        known.together(record, there)
        return occasion_of(shown, known, self._names(there))

    def people_at(self, event: bytes) -> frozenset[bytes]:
        """Return who was at an event: by the event's own list, and by detentions that belong to it."""
        if event not in self.there:
            shown = self.state(event)
            found = set(shown.values("persons")) if shown is not None else set()
            for link in self.session.records.linked(event):
                source = self.state(link.source) if link.field == "event" else None
                found |= set(source.values("person")) if source is not None else set()
            self.there[event] = frozenset(found)
        return self.there[event]

    def _said_of(self, record: bytes) -> tuple[Known, dict[bytes, str]]:
        known = Known()
        for link in self.session.records.linked(record):
            source = self.state(link.source)
            if link.source == record or source is None or link.field not in ("person", "persons"):
                continue
            known.regions.setdefault(record, set()).update(map(str, source.values("region")))
            known.articles.setdefault(record, set()).update(map(str, source.values("article")))
            for event in [source.id] if source.kind == _EVENT else source.values("event"):
                known.together(event, [record, *self.people_at(event)])
        return known, self._names({one for people in known.at.values() for one in people})

    def _names(self, people: Iterable[bytes]) -> dict[bytes, str]:
        shown = {one: self.state(one) for one in people}
        return {one: companion_key(called(found)) for one, found in shown.items() if found is not None}


def likely(session: Session, records: Collection[bytes]) -> list[tuple[bytes, bytes]]:
    """Return (person of ``records``, person not of them) pairs that may be one, as the merge desk will propose them.

    Compared with those filed near them; while some wait to be filed, also with those whom the search finds by a name.
    Nothing is filed or kept.
    """
    around, filed, new = Around(session), Filed(session.store.near), set(records)
    waits = bool(session.store.near.left())
    found = []
    for record in sorted(new):
        person, shown = around.person(record), around.state(record)
        if person is None or shown is None:
            continue
        others = cast("set[bytes]", near(person, filed)) | (_called_alike(session, shown) if waits else set())
        for other in sorted(others - new):
            its = around.person(other)
            if its is not None and compare(person, its, filed).score >= LIKELY:
                found.append((record, other))
    return found


def _called_alike(session: Session, shown: RecordState) -> set[bytes]:
    """Return whom the search finds by a person's names."""
    names = [str(value) for name in ("name_ru", "name_kk", "name_latin") for value in shown.values(name)]
    return {one.id for name in names for one in session.records.find(name, kind=_PERSON, limit=5)}


# --- joining and parting


def group(session: Session, record: bytes) -> list[bytes]:
    """Return every record that is joined with this one, itself included, sorted."""
    return sorted(_reached(record, lambda one: _beside(session, one)))


def _reached(record: bytes, beside: Callable[[bytes], Iterable[bytes]]) -> set[bytes]:
    found, waiting = {record}, [record]
    while waiting:
        for other in set(beside(waiting.pop())) - found:
            found.add(other)
            waiting.append(other)
    return found


def groups(session: Session) -> list[list[bytes]]:
    """Return every group of records that are joined, each sorted; costs what is joined, not what there is."""
    beside: dict[bytes, set[bytes]] = {}
    links = session.records.joined()
    for source, target, removed in links:
        beside.setdefault(source, set()).add(target)
        if not removed:
            beside.setdefault(target, set()).add(source)
    grouped: set[bytes] = set()
    found = []
    for source in [source for source, _, removed in links if not removed]:
        if source not in grouped:
            found.append(sorted(_reached(source, lambda one: beside.get(one, ()))))
            grouped |= set(found[-1])
    return sorted(each for each in found if len(each) > 1)


def _beside(session: Session, record: bytes) -> set[bytes]:
    links = [link for link in session.records.linked(record) if link.field == SAME_AS]
    return {end for link in links for end in (link.source, link.target)} - {record}


def _two(session: Session, one: bytes, other: bytes) -> tuple[RecordState, RecordState]:
    here = state(session, one), state(session, other)
    if one == other or here[0].kind != here[1].kind or here[0].kind not in KINDS:
        raise InputError("match.not-two")
    if any(shown.removed for shown in here):
        raise InputError("match.removed")
    return here


def same_person(session: Session, one: bytes, other: bytes) -> Changes:
    """Join two records of one person (or of one event), as one revision; nothing of either is changed or lost.

    Raises ``InputError``: ``record.unknown``, ``match.not-two``, ``match.removed``, ``match.joined``.
    """
    first, second = _two(session, one, other)
    if other in group(session, one):
        raise InputError("match.joined")
    entries = []
    for here, there, changes in ((first, other, [Change(SAME_AS, "add", other)]), (second, one, [])):
        if there in here.values(NOT_SAME_AS):
            changes.append(Change(NOT_SAME_AS, "take", there))
        if changes:
            entries.append(new_entry(session, here.id, kind(here.kind), here, changes))
    return session.write(entries)


def part(session: Session, record: bytes, other: bytes | None = None) -> Changes:
    """Part a record from all it is joined with, in one act; the others stay joined with each other.

    With ``other``: say that the two are different. They are not proposed again; raises ``match.joined`` while they are
    joined. Without: raises ``match.not-joined`` when the record is joined with none.
    """
    if other is not None:
        first, _ = _two(session, record, other)
        if other in group(session, record):
            raise InputError("match.joined")
        return session.write([new_entry(session, record, kind(first.kind), first, [Change(NOT_SAME_AS, "add", other)])])
    beside = sorted(_beside(session, record))
    if not beside:
        raise InputError("match.not-joined")
    entries = []
    here = state(session, record)
    own = [Change(SAME_AS, "take", value) for value in here.values(SAME_AS)]
    if own:
        entries.append(new_entry(session, record, kind(here.kind), here, own))
    for place, key in enumerate(beside):
        there = state(session, key)
        changes = [Change(SAME_AS, "take", record)] if record in there.values(SAME_AS) else []
        if place and beside[0] not in _without(session, key, record):
            changes.append(Change(SAME_AS, "add", beside[0]))
        if changes:
            entries.append(new_entry(session, key, kind(there.kind), there, changes))
    return session.write(entries)


def _without(session: Session, record: bytes, gone: bytes) -> set[bytes]:
    """Return what a record stays joined with when ``gone`` leaves."""
    found, waiting = {record}, [record]
    while waiting:
        for other in _beside(session, waiting.pop()) - found - {gone}:
            found.add(other)
            waiting.append(other)
    return found


# --- for Splink


def export(session: Session, folder: Path) -> dict[str, Any]:
    """Write ``TABLE`` with the folded columns of docs/matching.md into a folder that is made when missing.

    Raises ``InputError("file.exists")``, or what the disk says; then no folder is left that was not there before.
    """
    known, names = _known(session), _names(session)
    here = {one.id: one for one in session.records.records("person")}
    cluster = {key: min(found) for found in joined(here.values()) for key in found}
    rows = [columns(person_of(one, known, names), cluster.get(one.id, one.id).hex()) for one in here.values()]
    target = io.StringIO(newline="")
    writer = csv.DictWriter(target, COLUMNS, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    out, there = folder / TABLE, folder.exists()
    try:
        with file_errors():
            folder.mkdir(parents=True, exist_ok=True)
        if out.exists():
            raise InputError("file.exists")
        replace_durably(out, target.getvalue().encode("utf-8"))
    except KzdocError:
        if not there:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise
    return {"file": str(out), "rows": len(rows), "columns": list(COLUMNS)}


def _as_surname(word: Word) -> tuple[bool, bool, int, str]:
    """Return by what the words of a name are ordered, the likeliest surname first; the same however it is written."""
    return word.initial, _SURNAME.search(word.key) is None, -len(word.key), word.key


def columns(person: Person, cluster: str) -> dict[str, str]:
    """Return one row of the table for Splink: only folded keys, nothing as it was written."""
    words = max((read_name(name) for name in person.names), key=len, default=())
    own = sorted((word for word in words if not word.father), key=_as_surname)
    fathers = [word for word in words if word.father]
    cells = dict.fromkeys(COLUMNS, "")
    for what, word in zip(("surname", "given", "father"), (*own[:2], *[None] * (2 - len(own)), *fathers), strict=False):
        if word is not None:
            cells[f"{what}_key"], cells[f"{what}_bones"] = word.key, word.bones
    key = person.id.hex() if isinstance(person.id, bytes) else str(person.id)
    return cells | {
        "unique_id": key,
        "cluster_id": cluster,
        "name_key": " ".join(sorted(word.key for word in words)),
        "birth_year": person.born[:4],
        "birth_date": person.born if len(person.born) == len("2000-01-01") else "",
        "sex": person.sex,
        "region": min(person.regions, default=""),
        "article": min(person.articles, default=""),
        "companions": "|".join(sorted(person.companions)),
    }
