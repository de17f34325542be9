"""What taking something back must not open: whose consent would allow more without it, and what said so.

Rules: a withdrawn or narrower consent, a weaker naming basis and a joining (of two that are one, the stricter holds)
close something, and so does setting aside what gave a consent, or what set a withdrawal aside. Whoever would be allowed
more afterwards is loosened; what the bundle said of his consents, his naming basis and his joinings stays in force
then. What only opened something may go.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from kzdoc.domain.kinds.recurring import NOT_SAME_AS, SAME_AS
from kzdoc.ledger.history import asides, held_entries
from kzdoc.ledger.merge import KIND, REMOVED, Held
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
        people |= _once_named(session, {key for key in about if key not in states or states[key].kind == CONSENT})
        beside = Filing(session.vault, session.clock().day()).names
        for key in list(people):
            people |= beside.joined(key, present=False)
        self._session = session
        self.before = {key: said for key in people if (said := self._allowed(key)) is not None}
        self.loosened = loosened

    def _allowed(self, person: bytes) -> tuple[Permissions, frozenset[bytes]] | None:
        """Return what a person who is here allows, and the records that say so."""
        state = self._session.records.record(person)
        if state is None or state.kind != PERSON or state.removed:
            return None
        filing = Filing(self._session.vault, self._session.clock().day())
        allowed, consents = filing.allowed(person)
        beside = filing.names.joined(person, present=False)
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
    """Return whether a revision sets aside one that decides of these records, or gives it back by setting aside."""
    met, waiting = {revision.id}, [revision]
    while waiting:
        named = {target for _, _, target in asides([waiting.pop()])} - met
        targets = session.vault.chains.revisions(sorted(named)).values()
        if any(_closes(one, records) for one in targets):
            return True
        met |= named
        waiting += targets
    return False


def _once_named(session: Session, records: AbstractSet[bytes]) -> set[bytes]:
    """Return whose consents these records are, by all that was ever said: what is set aside may come back."""
    read = session.vault.chains.at(sorted(session.vault.brought.about(records)))
    about = [held for _, revision in read for held in held_entries(revision) if held.entry.record in records]
    said = [one for held in about for one in held.statements.values() if held.entry.kind == CONSENT]
    return {one.value for one in said if one.field == PERSON and isinstance(one.value, bytes)}


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
