"""Which records belong to a case: the root, what links to it, and what those link to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kzdoc.casework import state
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Type
from kzdoc.errors import InputError
from kzdoc.ledger.merge import RecordState
from kzdoc.redaction.judge import LEADING
from kzdoc.redaction.view import people_near
from kzdoc.session import Session

CASE_LIMIT = 5_000
CASE_KINDS = ("person", "event")


def case_of(session: Session, root: bytes) -> list[RecordState]:
    """Return the records of a case: the root, all that links to it, and what those link to.

    A paper is about a person or an event; ``InputError("publication.no-case")`` for another kind.
    """
    first = state(session, root)
    if first.kind not in CASE_KINDS:
        raise InputError("publication.no-case")
    found: dict[bytes, RecordState] = {root: first}
    near = {link.source for link in session.records.linked(root)} | {
        link.target for link in session.records.linked(root)
    }
    _add(session, found, near)
    own = [one for one in found.values() if one.id == root or one.kind not in ("person", "event", "source")]
    _add(session, found, {target for one in own for target in targets_of(one)})
    attached = {
        link.source
        for one in own
        if one.kind not in ("recommendation", "consent")
        for link in session.records.linked(one.id)
        if link.target == one.id
    }
    _add(session, found, attached)
    _add(session, found, {target for one in found.values() if one.kind == "source" for target in targets_of(one)})
    if len(found) > CASE_LIMIT:
        raise InputError("publication.case-too-large", limit=CASE_LIMIT)
    return list(found.values())


def _add(session: Session, found: dict[bytes, RecordState], ids: Iterable[bytes]) -> None:
    missing = [one for one in ids if one not in found]
    found.update({key: shown for key, shown in session.records.states(missing).items() if not shown.removed})


def led_to(session: Session, records: Iterable[RecordState]) -> list[RecordState]:
    """Return the records beside these that they are about or were made of, however far away: whose they are as well."""
    waiting = list(records)
    here = {one.id for one in waiting}
    found: dict[bytes, RecordState] = {}
    while waiting:
        wanted = {value for one in waiting for value in _leads(one)}
        states = session.records.states(wanted - here).values()
        waiting = [one for one in states if not one.removed]
        here |= wanted
        found.update((one.id, one) for one in waiting)
    return list(found.values())


def _leads(record: RecordState) -> set[bytes]:
    return {value for name in LEADING for value in record.values(name) if isinstance(value, bytes)}


def hangs_on(session: Session, records: Sequence[RecordState]) -> frozenset[bytes]:
    """Return what the lines of these records in a table hang on beside them: what they link to, and whose that is.

    Also what is not here yet, or not any more: it may come.
    """
    near = {value for one in records for value in targets_of(one)}
    beside = list(session.records.states(near).values())
    beside += led_to(session, [*records, *beside])
    return people_near(beside).union(near, *map(_leads, beside))


def withdrawn_from(session: Session, people: Iterable[bytes]) -> frozenset[bytes]:
    """Return the consents of these people that say they were withdrawn, also where they were said of a double."""
    asked = frozenset(people)
    said = session.once("withdrawals", lambda: _withdrawals(session))
    return frozenset(consent for consent, whose in said if whose & asked)


def _withdrawals(session: Session) -> list[tuple[bytes, frozenset[bytes]]]:
    """Return the consents that were withdrawn, each with whom it was of: somebody and who is joined with them."""
    consents = [one for one in session.records.records("consent") if one.values("withdrawn_on")]
    of = {one.id: [person for person in one.values("person") if isinstance(person, bytes)] for one in consents}
    known = {person for people in of.values() for person in people}
    doubles = {one: session.vault.names.joined(one, present=False) for one in known}
    return [
        (consent, frozenset(people).union(*(doubles[person] for person in people))) for consent, people in of.items()
    ]


def targets_of(record: RecordState) -> set[bytes]:
    """Return the records a record links to."""
    of = KINDS.get(record.kind)
    links = [one.id for one in of.fields if one.type is Type.LINK] if of else []
    return {value for name in links for value in record.values(name) if isinstance(value, bytes)}
