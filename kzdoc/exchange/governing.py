"""Which records a choice of some of a bundle comes to, with the consents that govern them.

Rules: the bundle is read through once before anything is taken. Kinds are turned into records, so that of one record
nothing comes without what replaces it, whatever kind an entry of it claims. A consent travels with what it governs: one
that speaks of a record that was chosen or is here, or of somebody who is one with such a person, here or not, comes
whether it was chosen or not; else a withdrawal could stay out while what it withdraws is still published. So does what
else closes something: a person's record that is removed, loses or changes a naming basis, or is said to be one with
somebody, when who that is about is here or was chosen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kzdoc.bundle.items import TakenRevision
from kzdoc.domain.kinds.recurring import SAME_AS
from kzdoc.errors import InputError
from kzdoc.exchange.arriving import ERASED, EVERYTHING, Choice
from kzdoc.ledger.merge import REMOVED
from kzdoc.redaction.consent import CONSENT, PERSON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.bundle.reader import Opened
    from kzdoc.encoding import Value
    from kzdoc.ledger.merge import Held, RecordState
    from kzdoc.progress import Progress
    from kzdoc.session import Session

_GOVERNS = (PERSON, "about")
_BASIS = "naming_basis"
_CLOSING = frozenset((_BASIS, SAME_AS, REMOVED))
_Said = tuple[bytes, int, str, "Value"]
"""A revision, the index of a statement in it, its field and value."""


class _Inside:
    """What a bundle says of its records, as far as a choice asks."""

    def __init__(self) -> None:
        self.kinds: dict[bytes, set[str]] = {}
        self.governed: dict[bytes, set[bytes]] = {}
        self.one_with: dict[bytes, set[bytes]] = {}
        self.closing: dict[bytes, list[_Said]] = {}

    def see(self, held: Held) -> None:
        entry = held.entry
        self.kinds.setdefault(entry.record, set()).add(entry.kind)
        if entry.kind == CONSENT:
            self.governed.setdefault(entry.record, set())
        for index, said in held.statements.items():
            if entry.kind == PERSON and said.field in _CLOSING:
                self.closing.setdefault(entry.record, []).append((held.revision, index, said.field, said.value))
            if isinstance(said.value, bytes) and said.field in _GOVERNS:
                self.governed.setdefault(entry.record, set()).add(said.value)
            elif isinstance(said.value, bytes) and said.field == SAME_AS:
                self.one_with.setdefault(entry.record, set()).add(said.value)
                self.one_with.setdefault(said.value, set()).add(entry.record)


def resolved(session: Session, opened: Opened, choice: Choice, progress: Progress) -> Choice:
    """Return the choice as the records that come.

    Raises ``InputError("bundle.not-in-it")`` when a record or kind was named that the bundle says nothing about;
    ``BundleError`` as reading the bundle does.
    """
    if choice is EVERYTHING:
        return choice
    inside = _Inside()
    for item in opened.items(progress):
        for held in item.held() if isinstance(item, TakenRevision) else ():
            inside.see(held)
    if choice.as_before:
        choice = replace(choice, records=choice.records & inside.kinds.keys())
        if not choice.records:
            return EVERYTHING
    met: set[bytes | str] = {*inside.kinds, *frozenset().union(*inside.kinds.values())}
    for named in sorted((choice.records | choice.kinds) - met, key=str):
        raise InputError("bundle.not-in-it", name=named.hex() if isinstance(named, bytes) else named)
    taken = {
        record
        for record, kinds in inside.kinds.items()
        if (record in choice.records or bool(kinds & choice.kinds)) is not choice.but
    }
    chosen = frozenset(taken)
    while True:
        _with_doubles(inside, taken)
        more = _closing(session, inside, taken)
        if not more:
            break
        taken |= more
    taken |= _governing(session, inside, taken)
    return Choice(frozenset(taken), along=frozenset(taken - chosen))


def _with_doubles(inside: _Inside, taken: set[bytes]) -> None:
    """Add whom those that are taken are said to be one with, as far as they come."""
    waiting = list(taken)
    while waiting:
        more = inside.one_with.get(waiting.pop(), set()) & inside.kinds.keys() - taken
        taken |= more
        waiting += more


def _closing(session: Session, inside: _Inside, taken: set[bytes]) -> set[bytes]:
    """Return the people, not taken yet, of whom the bundle closes something that is open here or was chosen."""
    others = {key: said for key, said in inside.closing.items() if key not in taken}
    ends = {value for said in others.values() for *_, value in said if isinstance(value, bytes)}
    met = taken | session.records.known({*others, *ends})
    found: set[bytes] = set()
    for key, said in others.items():
        state = session.records.record(key) if key in met else None
        closing = [one for one in said if _closes(state, one[2], one[3], met)]
        if closing and _not_here(session, closing):
            found.add(key)
    return found


def _closes(state: RecordState | None, name: str, value: Value, met: set[bytes]) -> bool:
    """Return whether a statement about a person, who is here or not, may allow less than what is here or was chosen."""
    if name == SAME_AS:
        return isinstance(value, bytes) and (state is not None or value in met)
    if state is None or state.removed:
        return False
    return value is not None if name == REMOVED else bool(state.values(_BASIS)) and value not in state.values(_BASIS)


def _not_here(session: Session, said: Sequence[_Said]) -> bool:
    """Return whether any of these statements is not here, but for what was forgotten."""
    here = session.vault.chains.revisions([one[0] for one in said])
    for revision, index, *_ in said:
        mine = here.get(revision)
        if mine is None or (index not in mine.statements and mine.absent.get(index) != ERASED):
            return True
    return False


def _governing(session: Session, inside: _Inside, taken: set[bytes]) -> set[bytes]:
    """Return the consents that govern what is taken or here."""
    consents = {key: spoken for key, spoken in inside.governed.items() if CONSENT in inside.kinds[key]}
    for key, state in session.records.states(consents).items():
        consents[key] |= {one for name in _GOVERNS for one in state.values(name) if isinstance(one, bytes)}
    here = taken | session.records.known([*inside.kinds, *frozenset().union(*consents.values())])
    here |= {one for source, target, _ in session.records.joined() for one in (source, target)}
    here |= frozenset().union(*[inside.one_with.get(one, ()) for one in here])  # with whom this bundle joins them
    return {key for key, spoken in consents.items() if spoken & here}
