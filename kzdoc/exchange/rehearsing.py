"""What an act would do here: done in a transaction that is rolled back, and what it made count no more or again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from kzdoc.session import Session


class _EndedError(Exception):
    """Rolls a rehearsal back."""


@contextlib.contextmanager
def rehearsal(session: Session) -> Iterator[None]:
    """Let the block do what it does and take all of it back.

    Raises the ``VaultError`` of where nothing can be written.
    """
    with contextlib.suppress(_EndedError), session.vault.transaction():
        yield
        raise _EndedError


@contextlib.contextmanager
def counting(session: Session) -> Iterator[dict[str, int]]:
    """Give a dictionary that says after the block what it did to what is here.

    ``uncounted``, ``counted``: revisions that count no more, or again; ``conflicts``: new ones.
    """
    (before, _), conflicts = session.store.in_force(), conflict_count(session)
    told: dict[str, int] = {}
    yield told
    after, _ = session.store.in_force()
    told |= {"uncounted": len(after - before), "counted": len(before - after)}
    told["conflicts"] = max(0, conflict_count(session) - conflicts)


def conflict_count(session: Session) -> int:
    """Return how many fields are in conflict."""
    return sum(len(shown.conflicts) for shown in session.records.in_conflict())
