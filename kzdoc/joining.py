"""Joining records of one person or one event, and parting them.

Rules: nothing is joined without a person. Joining writes one link (``same_as``) in one revision: both records stay as
they are, with all their files, and parting takes the link out again. Everybody joined forms one group, whoever was
linked to whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kzdoc.authority import check_replaceable
from kzdoc.casework import Change, new_entry, state
from kzdoc.domain.catalogue import kind
from kzdoc.domain.kinds.recurring import NOT_SAME_AS, SAME_AS
from kzdoc.errors import InputError
from kzdoc.ledger.merge import LiveValue, RecordState
from kzdoc.session import Session
from kzdoc.vault.store import Changes

KINDS = ("person", "event")
"""What may stand in a vault twice."""


def group(session: Session, record: bytes) -> list[bytes]:
    """Return every record that is joined with this one, itself included, sorted."""
    return sorted(_reached(record, lambda one: _beside(session, one)))


def _said(there: RecordState, record: bytes) -> list[LiveValue]:
    return [live for live in there.fields.get(SAME_AS, ()) if live.value == record]


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
    joined. Without: raises ``match.not-joined`` when the record is joined with none. A record that is not here is left
    as it is. Raises ``conflict.no-right`` when the roster lets others alone replace who joined them.
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
    check_replaceable(session, here.refs(SAME_AS))
    own = [Change(SAME_AS, "take", value) for value in here.values(SAME_AS)]
    if own:
        entries.append(new_entry(session, record, kind(here.kind), here, own))
    for place, key in enumerate(beside):
        there = session.records.record(key)
        if there is None:
            continue
        check_replaceable(session, [ref for live in _said(there, record) for ref in live.refs])
        changes = [Change(SAME_AS, "take", record)] if record in there.values(SAME_AS) else []
        if place and beside[0] not in _reached(key, lambda one: _beside(session, one) - {record}):
            changes.append(Change(SAME_AS, "add", beside[0]))
        if changes:
            entries.append(new_entry(session, key, kind(there.kind), there, changes))
    return session.write(entries)
