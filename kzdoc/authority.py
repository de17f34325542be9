"""Whether one's own words may stand over what others said: asked before anything is settled, parted or given back.

Without a roster everybody may; with one, who holds the right to replace, or succeeds the author. Words written without
it would stand beside the others': nobody is told that something is settled which is not.
"""

from __future__ import annotations

from collections.abc import Iterable

from kzdoc.errors import InputError
from kzdoc.ledger.revision import StatementRef
from kzdoc.session import Session


def replaceable(session: Session, refs: Iterable[StatementRef]) -> tuple[StatementRef, ...]:
    """Return those of the statements that words written here may replace, in their order."""
    asked, policy, own = list(refs), session.store.policy(), session.author
    if policy.rights is None:
        return tuple(asked)
    said = session.vault.chains.revisions(sorted({ref[0] for ref in asked}))
    may = {key for key, one in said.items() if policy.may_replace(own, one.skeleton.author)}
    return tuple([ref for ref in asked if ref[0] in may])


def check_replaceable(session: Session, refs: Iterable[StatementRef]) -> None:
    """Raise ``InputError("conflict.no-right")`` unless words written here may replace all of these statements."""
    asked = list(refs)
    if len(replaceable(session, asked)) < len(asked):
        raise InputError("conflict.no-right")
