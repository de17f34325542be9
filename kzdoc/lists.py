"""Lists of several monitors laid row beside row: the people of events that may be one, and settling them in one pass.

Rules: a person of one list is looked for among the people of the other lists of that event, so names decide here, not
the place or the company that all of them share. What is sure is shown as one, what is doubtful waits to be said;
nothing is joined without a person. One pass is one act that can be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from kzdoc.analysis.likeness import Reason
from kzdoc.analysis.matching import LIKELY, compare
from kzdoc.analysis.occasions import compare as compare_events
from kzdoc.casework import Change, new_entry, state
from kzdoc.domain.catalogue import kind
from kzdoc.domain.kinds.recurring import NOT_SAME_AS, SAME_AS
from kzdoc.errors import InputError
from kzdoc.joining import KINDS, group
from kzdoc.ledger.merge import RecordState
from kzdoc.matching import Around, Filed
from kzdoc.proposing import event_groups
from kzdoc.session import Session
from kzdoc.vault.store import Changes

SURE = 90
"""From this score on a row of several lists is shown as one until somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One event of several that may be one: its record, and how many people it lists."""

    id: bytes
    shown: RecordState
    author: str
    people: int


@dataclass(frozen=True, slots=True)
class Line:
    """One row of lists laid beside each other: for each list its person or None; ``score`` 100 when joined already."""

    people: tuple[bytes | None, ...]
    score: int
    reasons: tuple[Reason, ...]

    @property
    def several(self) -> bool:
        """Whether more than one list has somebody here."""
        return sum(one is not None for one in self.people) > 1


@dataclass(frozen=True, slots=True)
class Lists:
    """Several records of what may be one event, with the people of each laid row beside row."""

    events: tuple[Listed, ...]
    score: int
    reasons: tuple[Reason, ...]
    lines: tuple[Line, ...]


def lists(session: Session, *, most: int = 5) -> list[Lists]:
    """Return events that may be one, the people of each list in one row with those of the others they may be."""
    around = Around(session)
    return [told for keys in event_groups(session)[:most] if (told := _lists(session, around, keys)) is not None]


def _lists(session: Session, around: Around, keys: Sequence[bytes]) -> Lists | None:
    shown = [(key, around.state(key), around.occasion(key)) for key in keys]
    events = [(key, one, its) for key, one, its in shown if one is not None and its is not None]
    if len(events) < 2:  # noqa: PLR2004 - one list has nothing beside it
        return None
    matches = [compare_events(first, second) for (_, _, first), (_, _, second) in combinations(events, 2)]
    best = max(matches, key=lambda match: match.score)
    listed = tuple([Listed(key, one, _author(session, one), len(around.people_at(key))) for key, one, _ in events])
    return Lists(listed, best.score, best.reasons, tuple(_lines(session, around, [key for key, _, _ in events])))


def _author(session: Session, shown: RecordState) -> str:
    first = next((live for lives in shown.fields.values() for live in lives), None)
    return session.author_name(first.author) if first is not None else ""


def _lines(session: Session, around: Around, events: Sequence[bytes]) -> list[Line]:
    people = [sorted(one for one in around.people_at(event) if around.person(one)) for event in events]
    everybody = {one for column in people for one in column}
    told = _alike(session, around, people)
    rows: dict[bytes, dict[int, bytes]] = {}
    found: dict[bytes, list[tuple[int, tuple[Reason, ...]]]] = {}
    for number, column in enumerate(people):
        for one in column:
            rows.setdefault(one, {})[number] = one
    for one in sorted(everybody):
        for other in group(session, one):
            if other in everybody and rows[other] is not rows[one]:
                _lay(rows, one, other)
    apart = {frozenset((one, other)) for one in everybody for other in _apart(around, one)}
    for score, one, other, reasons in sorted(told, key=lambda line: (-line[0], line[1], line[2])):
        row, their = rows[one], rows[other]
        crossed = any(frozenset((a, b)) in apart for a in row.values() for b in their.values())
        if row is not their and not crossed and not row.keys() & their.keys():
            found.setdefault(one, []).append((score, reasons))
            _lay(rows, one, other)
    lines = {id(row): _line(session, row, len(events), found) for row in rows.values()}
    return sorted(lines.values(), key=lambda line: (not line.several, line.score, [one or b"" for one in line.people]))


def _lay(rows: dict[bytes, dict[int, bytes]], one: bytes, other: bytes) -> None:
    """Put two rows together; where both have somebody in a column (only people joined already) the first stays."""
    row, their = rows[one], rows[other]
    for column, person in their.items():
        row.setdefault(column, person)
    for key, value in rows.items():
        if value is their:
            rows[key] = row


def _line(
    session: Session,
    row: Mapping[int, bytes],
    width: int,
    found: Mapping[bytes, Sequence[tuple[int, tuple[Reason, ...]]]],
) -> Line:
    people = tuple([row.get(column) for column in range(width)])
    distinct = [one for one in dict.fromkeys(people) if one is not None]
    told = [said for one in distinct for said in found.get(one, ())]
    if len(distinct) < 2 or set(distinct) <= set(group(session, distinct[0])):  # noqa: PLR2004 - somebody with somebody
        return Line(people, 100, ())
    score, reasons = min(told, key=lambda said: said[0], default=(0, ()))
    return Line(people, score, reasons)


def _apart(around: Around, one: bytes) -> list[bytes]:
    shown = around.state(one)
    return shown.values(NOT_SAME_AS) if shown is not None else []


def _alike(
    session: Session, around: Around, people: Sequence[Sequence[bytes]]
) -> list[tuple[int, bytes, bytes, tuple[Reason, ...]]]:
    """Return the likely pairs of people of different lists; what all of one event share says nothing here."""
    filed = Filed(session.store.near)
    alone = {
        one: replace(person, regions=frozenset(), articles=frozenset(), companions=frozenset())
        for column in people
        for one in column
        if (person := around.person(one)) is not None
    }
    told = []
    for mine, theirs in combinations(people, 2):
        for one in mine:
            for other in theirs:
                if one != other:
                    match = compare(alone[one], alone[other], filed, among=max(len(mine), len(theirs), 2))
                    if match.score >= LIKELY:
                        told.append((match.score, one, other, match.reasons))
    return told


# --- settling lists


def settle_lists(
    session: Session,
    events: Sequence[bytes],
    same: Sequence[Sequence[bytes]],
    different: Sequence[tuple[bytes, bytes]] = (),
) -> Changes:
    """Join events and people of their lists, and keep others apart, in one act; `unsettle_group` takes it back.

    What was said to be different before and is joined now is not said to be different any more. A row of nobody says
    nothing. Raises ``InputError``: ``match.not-two``, ``match.removed``, ``record.unknown``, ``match.nothing``;
    ``match.joined`` for two who are to differ and are one, before or by this act.
    """
    asked: dict[bytes, list[Change]] = {}
    whole: dict[bytes, frozenset[bytes]] = {}
    joined: set[bytes] = set()
    for members in [events, *same]:
        for first, other in [(members[0], other) for other in dict.fromkeys(members) if other != members[0]]:
            _check(session, first, other)
            if other not in _whole(session, whole, first):
                asked.setdefault(first, []).append(Change(SAME_AS, "add", other))
                together = _whole(session, whole, first) | _whole(session, whole, other)
                whole.update(dict.fromkeys(together, together))
                joined |= together
    for one, other in different:
        _check(session, one, other)
        if other in _whole(session, whole, one):
            raise InputError("match.joined")
        if other not in state(session, one).values(NOT_SAME_AS):
            asked.setdefault(one, []).append(Change(NOT_SAME_AS, "add", other))
    for record in sorted(joined):
        apart = [other for other in state(session, record).values(NOT_SAME_AS) if other in whole[record]]
        if apart:
            asked.setdefault(record, []).extend([Change(NOT_SAME_AS, "take", other) for other in apart])
    if not asked:
        raise InputError("match.nothing")
    shown = {record: state(session, record) for record in asked}
    return session.write([new_entry(session, key, kind(shown[key].kind), shown[key], asked[key]) for key in asked])


def _whole(session: Session, known: dict[bytes, frozenset[bytes]], record: bytes) -> frozenset[bytes]:
    """Return what a record is joined with, by what this act says too."""
    if record not in known:
        found = frozenset(group(session, record))
        known.update(dict.fromkeys(found, found))
    return known[record]


def _check(session: Session, one: bytes, other: bytes) -> None:
    first, second = state(session, one), state(session, other)
    if first.kind != second.kind or first.kind not in KINDS or one == other:
        raise InputError("match.not-two")
    if first.removed or second.removed:
        raise InputError("match.removed")
