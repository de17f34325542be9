"""Which records a choice of some of a bundle comes to, with the consents that govern them.

Rules: the bundle is read through once before anything is taken. Kinds are turned into records, so that of one record
nothing comes without what replaces it, whatever kind an entry of it claims. A consent travels with what it governs: one
that speaks of a record that was chosen or is here, or of somebody who is one with such a person, comes whether it was
chosen or not; else a withdrawal could stay out while what it withdraws is still published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.bundle.items import TakenRevision
from kzdoc.domain.kinds.recurring import SAME_AS
from kzdoc.errors import InputError
from kzdoc.exchange.arriving import EVERYTHING, Choice
from kzdoc.redaction.consent import CONSENT, PERSON

if TYPE_CHECKING:
    from kzdoc.bundle.reader import Opened
    from kzdoc.ledger.merge import Held
    from kzdoc.progress import Progress
    from kzdoc.session import Session

_GOVERNS = (PERSON, "about")


class _Inside:
    """What a bundle says of its records, as far as a choice asks."""

    def __init__(self) -> None:
        self.kinds: dict[bytes, set[str]] = {}
        self.governed: dict[bytes, set[bytes]] = {}
        self.one_with: dict[bytes, set[bytes]] = {}

    def see(self, held: Held) -> None:
        entry = held.entry
        self.kinds.setdefault(entry.record, set()).add(entry.kind)
        if entry.kind == CONSENT:
            self.governed.setdefault(entry.record, set())
        for said in held.statements.values():
            if isinstance(said.value, bytes) and said.field in _GOVERNS:
                self.governed.setdefault(entry.record, set()).add(said.value)
            elif isinstance(said.value, bytes) and said.field == SAME_AS:
                self.one_with.setdefault(entry.record, set()).add(said.value)


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
    met: set[bytes | str] = {*inside.kinds, *frozenset().union(*inside.kinds.values())}
    for named in sorted((choice.records | choice.kinds) - met, key=str):
        raise InputError("bundle.not-in-it", name=named.hex() if isinstance(named, bytes) else named)
    taken = {
        record
        for record, kinds in inside.kinds.items()
        if (record in choice.records or bool(kinds & choice.kinds)) is not choice.but
    }
    chosen = frozenset(taken)
    _with_doubles(inside, taken)
    taken |= _governing(session, inside, taken)
    return Choice(frozenset(taken), along=frozenset(taken - chosen))


def _with_doubles(inside: _Inside, taken: set[bytes]) -> None:
    """Add whom those that are taken are said to be one with, as far as they come."""
    waiting = list(taken)
    while waiting:
        more = inside.one_with.get(waiting.pop(), set()) & inside.kinds.keys() - taken
        taken |= more
        waiting += more


def _governing(session: Session, inside: _Inside, taken: set[bytes]) -> set[bytes]:
    """Return the consents that govern what is taken or here."""
    consents = {key: spoken for key, spoken in inside.governed.items() if CONSENT in inside.kinds[key]}
    for key, state in session.records.states(consents).items():
        consents[key] |= {one for name in _GOVERNS for one in state.values(name) if isinstance(one, bytes)}
    here = taken | session.records.known([*inside.kinds, *frozenset().union(*consents.values())])
    joined = session.records.joined()
    here |= {one for source, target, _ in joined if source in here or target in here for one in (source, target)}
    return {key for key, spoken in consents.items() if spoken & here}
