"""What may be one, as it is proposed at the merge desk: found by looking at what came, kept, and shown with reasons.

Rules: looking costs what came, for the filing is kept in the vault (vault/near.py): only records that changed since the
last look are compared, with those filed near them. It only proposes; joining and parting is joining.py's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from kzdoc.analysis.likeness import Reason
from kzdoc.analysis.matching import LIKELY, compare, keys_of, near
from kzdoc.analysis.occasions import Occasion
from kzdoc.analysis.occasions import compare as compare_events
from kzdoc.analysis.occasions import keys_of as event_keys
from kzdoc.analysis.words import Person
from kzdoc.domain import dates
from kzdoc.errors import InputError
from kzdoc.joining import KINDS, group
from kzdoc.matching import Around, Filed, undecided
from kzdoc.naming import catch_up
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.near import Near

AT_ONCE = 200
"""Records looked at in one go; then the desk may do something else."""
LISTS_AT_ONCE = 6
"""Lists laid beside each other; more would not be read."""
_CROWD = 200
_PERSON, _EVENT = KINDS


# --- looking


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look did: how many records, how many pairs were compared, and how many records still wait."""

    records: int
    compared: int
    left: int


def look(session: Session, *, most: int = AT_ONCE, progress: Progress = silent) -> Looked:
    """Compare records that changed since the last look with those near them, and keep the likely pairs.

    Does nothing in a vault that can only be read.
    """
    catch_up(session, most=most)  # the names that came, while there is time
    filing = session.store.near
    if session.vault.read_only or not filing.left():
        return Looked(0, 0, 0)
    around, compared = Around(session), 0
    with session.vault.transaction():
        due = filing.waiting(most)
        people, events = _concerned(around, due)
        for record in people:
            person = around.person(record)
            filing.put(record, {("all", _PERSON), *keys_of(person)} if person is not None else ())
        for record in events:
            one = around.occasion(record)
            filing.put(record, [(_EVENT, *key) for key in event_keys(one)] if one is not None else ())
        for number, record in enumerate([*people, *events]):
            compared += _compare(around, filing, record)
            progress("match.comparing", number + 1, len(people) + len(events))
        filing.done([record for record, _ in due])
    return Looked(len(due), compared, filing.left())


def _concerned(around: Around, due: Sequence[tuple[bytes, str]]) -> tuple[list[bytes], list[bytes]]:
    """Return the people and events to look at: those that changed, and those of whom what changed says something.

    Whoever was at an event is filed with the names of the others there.
    """
    people = {record for record, of in due if of == _PERSON}
    events = {record for record, of in due if of == _EVENT}
    for record, _ in due:
        shown = around.state(record)
        if shown is not None and shown.kind != _PERSON:
            people |= set(shown.values("person")) | set(shown.values("persons"))
            events |= set(shown.values("event"))
    for event in events:
        people |= around.people_at(event)
    return sorted(people), sorted(events)


def _compare(around: Around, filing: Near, record: bytes) -> int:
    """Compare one record with those near it, keep the likely pairs, and return how many were compared."""
    found: list[tuple[bytes, int]] = []
    others: set[bytes]
    person, event = around.person(record), around.occasion(record)
    if person is not None:
        filed = Filed(filing)
        others = cast("set[bytes]", near(person, filed))
        for other in sorted(others):
            its = around.person(other)
            match = compare(person, its, filed) if its is not None else None
            found += [(other, match.score)] if match is not None and match.score >= LIKELY else []
    elif event is not None:
        others = {one for key in event_keys(event) for one in filing.under((_EVENT, *key), _CROWD)} - {record}
        for other in sorted(others):
            theirs = around.occasion(other)
            match = compare_events(event, theirs) if theirs is not None else None
            found += [(other, match.score)] if match is not None and match.score >= LIKELY else []
    else:
        others = set()
    filing.note_pairs(record, found)
    return len(others)


# --- what is proposed


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be of one person, with the reasons."""

    one: bytes
    other: bytes
    score: int
    reasons: tuple[Reason, ...]


def waiting(session: Session) -> tuple[int, int]:
    """Return how many sets of lists and how many pairs of people wait for somebody to decide."""
    return len(event_groups(session)), len(_open_pairs(session, _PERSON))


def pairs(session: Session, *, most: int = 50) -> list[Pair]:
    """Return pairs of people that may be one, the likeliest first, with the reasons of the moment."""
    around, filed = Around(session), Filed(session.store.near)
    told = []
    for one, other, _ in _open_pairs(session, _PERSON)[:most]:
        first, second = around.person(one), around.person(other)
        if first is not None and second is not None:
            match = compare(first, second, filed)
            told.append(Pair(one, other, match.score, match.reasons))
    return told


def alike(session: Session, names: Sequence[str], year: str, *, but: bytes = b"", most: int = 3) -> list[bytes]:
    """Return the people here who may be the one that is being written down, the likeliest first.

    Names and the year of birth alone are compared, with those filed here; nothing is filed or kept. ``but``: the record
    that is being edited; with whom it is joined, and of whom somebody said that it is another, is left out.
    """
    around, filed = Around(session), Filed(session.store.near)
    person = Person(b"", tuple(names), year)
    found = []
    for other in cast("set[bytes]", near(person, filed)):
        its = around.person(other)
        if its is not None and its.names:
            score = compare(person, Person(other, its.names, its.born), filed).score
            found += [(score, other)] if score >= LIKELY else []
    return _undecided(session, but, [other for _, other in sorted(found, reverse=True)])[:most]


def alike_events(session: Session, event: Occasion, *, but: bytes = b"", most: int = 3) -> list[bytes]:
    """Return the events here that may be the one being written down, the likeliest first; nothing is filed or kept."""
    around, filing = Around(session), session.store.near
    others = {one for key in event_keys(event) for one in filing.under((_EVENT, *key), _CROWD)}
    found = []
    for other in others:
        theirs = around.occasion(other)
        score = compare_events(event, theirs).score if theirs is not None else 0
        found += [(score, other)] if score >= LIKELY else []
    return _undecided(session, but, [other for _, other in sorted(found, reverse=True)])[:most]


def same_day(session: Session, person: bytes, time: str, *, but: bytes = b"", most: int = 3) -> list[bytes]:
    """Return the detentions of a person that are said to have been on the day that is being written down."""
    day = _one_day(time)
    sources = {link.source for link in session.records.linked(person) if link.field == "person"} - {but}
    told = [one for one in session.records.states(sources if day else ()).values() if one.kind == "detention"]
    then = [one for one in told if day in [_one_day(said) for said in one.values("actual_time")]]
    return sorted(one.id for one in then if not one.removed)[:most]


def _one_day(said: Any) -> str:
    """Return the day of a time, nothing for one that is not known to the day."""
    try:
        first, last = dates.bounds(said)
    except InputError:
        return ""
    return first if first == last else ""


def _undecided(session: Session, record: bytes, others: Sequence[bytes]) -> list[bytes]:
    """Return those of whom nobody has said yet whether they are one with a record; of a new one all."""
    known = list(session.records.states([record, *others]).values()) if record else []
    reached = {member for one in known for member in group(session, one.id)} - {one.id for one in known}
    is_open = undecided([*known, *session.records.states(reached).values()])
    return [one for one in others if one != record and is_open(record, one)]


def _open_pairs(session: Session, of: str) -> list[tuple[bytes, bytes, int]]:
    found = session.store.near.pairs(of)
    known = session.records.states({key for one, other, _ in found for key in (one, other)})
    reached = {member for key in known for member in group(session, key)} - known.keys()
    is_open = undecided([*known.values(), *session.records.states(reached).values()])
    return [(one, other, score) for one, other, score in found if is_open(one, other)]


def event_groups(session: Session) -> list[list[bytes]]:
    """Return the sets of events that may be one, each with those that are joined already, the largest first.

    Of what is joined already one record comes first, then the others. What is more than ``LISTS_AT_ONCE`` comes in
    further sets, each beginning with the same first record, so that every list lies beside others somewhere.
    """
    beside: dict[bytes, set[bytes]] = {}
    for one, other, _ in _open_pairs(session, _EVENT):
        joined = {*group(session, one), *group(session, other)}
        for key in joined:
            beside.setdefault(key, set()).update(joined - {key})
    groups, done = [], set()
    for key in sorted(beside):
        found, left = {key}, [key]
        while left:
            new = beside[left.pop()] - found
            found |= new
            left.extend(new)
        if key not in done:
            groups += _at_once(session, found)
        done |= found
    return sorted(groups, key=lambda each: (-len(each), each))


def _at_once(session: Session, events: set[bytes]) -> list[list[bytes]]:
    """Return events in sets of as many as are laid beside each other, one of what is joined before the others of it."""
    heads: list[bytes] = []
    others: list[bytes] = []
    seen: set[bytes] = set()
    for key in sorted(events):
        (others if key in seen else heads).append(key)
        seen.update(group(session, key))
    first, *rest = [*heads, *others]
    step = LISTS_AT_ONCE - 1
    return [[first, *rest[start : start + step]] for start in range(0, len(rest), step)]
