"""Doubles: which records may be of one person or one event, and which of those nobody has judged yet.

It only proposes: joining and parting is joining.py's. A pair found to be different is not proposed again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from kzdoc.analysis.matching import LIKELY, Index, Match, compare, near
from kzdoc.analysis.occasions import Occasion, occasions
from kzdoc.analysis.words import Key, Person, called, companion_key
from kzdoc.domain.kinds.recurring import NOT_SAME_AS
from kzdoc.errors import InputError
from kzdoc.joining import KINDS
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.joined import joined
from kzdoc.session import Session
from kzdoc.vault.near import Near

_PERSON, _EVENT = KINDS


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
    known, names = said_elsewhere(session), companion_keys(session)
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
    groups = {key: one for one in joined(states, elsewhere=True) for key in one}
    apart = {frozenset((one.id, other)) for one in states for other in one.values(NOT_SAME_AS)}
    return lambda one, other: frozenset((one, other)) not in apart and other not in groups.get(one, ())


def companion_keys(session: Session) -> dict[bytes, str]:
    """Return by which folded key each person is compared as somebody's companion."""
    return {one.id: companion_key(called(one)) for one in session.records.records("person")}


def said_elsewhere(session: Session) -> Known:
    """Return where everybody was held, for what, and with whom."""
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
