"""What taking something back must not open: whose consent would allow more without it, and what said so.

Rules: a withdrawn or narrower consent, a weaker naming basis and a joining (of two that are one, the stricter holds)
close something. Whoever would be allowed more afterwards is loosened; what the bundle said of his consents, his naming
basis and his joinings stays in force then. What only opened something may go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from kzdoc.domain.kinds.recurring import NOT_SAME_AS, SAME_AS
from kzdoc.ledger.history import ASIDE, asides, held_entries
from kzdoc.ledger.merge import KIND, REMOVED, Held, RecordState
from kzdoc.ledger.revision import Revision
from kzdoc.redaction.consent import CONSENT, PERSON, Permissions
from kzdoc.session import Session
from kzdoc.vault.filing import Filing

_CLOSING = frozenset(("naming_basis", SAME_AS, NOT_SAME_AS, REMOVED, KIND))
"""Fields of a person that decide what he allows."""


class Closed:
    """What the people whom some records are about allow now; ``loosened`` grows by those who would allow more."""

    def __init__(self, session: Session, about: AbstractSet[bytes], loosened: set[bytes]) -> None:
        states = session.records.states(about)
        people = {key for key, one in states.items() if one.kind == PERSON}
        people |= {one for state in states.values() if state.kind == CONSENT for one in _named(state)}
        beside = Filing(session.vault, session.clock().day()).names
        for key in list(people):
            person = states.get(key) or session.records.record(key)
            people |= beside.joined(person, present=False) if person is not None else set()
        self._session = session
        self.before = {key: said for key in people if (said := self._allowed(key)) is not None}
        self.loosened = loosened

    def _allowed(self, person: bytes) -> tuple[Permissions, frozenset[bytes]] | None:
        """Return what a person who is here allows, and the records that say so."""
        state = self._session.records.record(person)
        if state is None or state.kind != PERSON or state.removed:
            return None
        filing = Filing(self._session.vault, self._session.clock().day())
        allowed, consents = filing.allowed(state)
        beside = filing.names.joined(state, present=False)
        return allowed, frozenset([person, *beside, *[one.id for one in consents]])

    def opened(self) -> set[bytes]:
        """Return the records that decide of those who allow more now than before, and note these people."""
        found: set[bytes] = set()
        for person, (was, said) in self.before.items():
            now = self._allowed(person)
            if now is not None and _more(person, was, now[0]):
                self.loosened.add(person)
                found |= said | now[1]
        return found


def closed_by(session: Session, closed: Closed, chosen: Mapping[int, bytes]) -> frozenset[bytes]:
    """Return those of the chosen revisions (by place), set aside just now, without which more is open than before."""
    records = closed.opened()
    if not records:
        return frozenset()
    read = [revision for _, revision in session.vault.chains.at(list(chosen))]
    said = {revision.id for revision in read if _closes(revision, records)}
    said |= {revision.id for revision in read if _undoes(session, revision, records)}
    return frozenset(said) or frozenset(chosen.values())


def _closes(revision: Revision, records: AbstractSet[bytes]) -> bool:
    return any(_decides(held) for held in held_entries(revision) if held.entry.record in records)


def _decides(held: Held) -> bool:
    return (
        held.entry.kind != PERSON or bool(held.absent) or any(one.field in _CLOSING for one in held.statements.values())
    )


def _undoes(session: Session, revision: Revision, records: AbstractSet[bytes]) -> bool:
    """Return whether a revision sets aside one that speaks of these records: it took a consent back, perhaps."""
    if not any(held.entry.kind == ASIDE for held in held_entries(revision)):
        return False
    targets = session.vault.chains.revisions([target for _, _, target in asides([revision])])
    return any(held.entry.record in records for one in targets.values() for held in held_entries(one))


def _named(consent: RecordState) -> Iterable[bytes]:
    return [one for one in consent.values(PERSON) if isinstance(one, bytes)]


def _more(person: bytes, was: Permissions, now: Permissions) -> bool:
    """Return whether a person allows anything now that he did not allow before."""
    nothing: frozenset[tuple[str, str]] = frozenset()
    records = {record for key, record in (*was.particular, *now.particular) if key == person}
    for record in (None, *records):
        before, after = was.scopes.get(person, nothing), now.scopes.get(person, nothing)
        if record is not None:
            before, after = was.particular.get((person, record), before), now.particular.get((person, record), after)
        if after - before:
            return True
    bases = {"": 0, "own_consent": 1, "already_public": 2, "official": 3}
    first, then = was.basis.get(person, ""), now.basis.get(person, "")
    freed = then == "already_public" and person in was.withdrawn and person not in now.withdrawn
    return bases.get(then, 0) > bases.get(first, 0) or freed or (first == "official" and then not in ("", first))
