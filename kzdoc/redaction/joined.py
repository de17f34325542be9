"""Which records are one: groups by the links that somebody made (``same_as``), whoever was linked to whom."""

from __future__ import annotations

from collections.abc import Iterable

from kzdoc.domain.kinds.recurring import SAME_AS
from kzdoc.ledger.merge import RecordState


def joined(states: Iterable[RecordState], *, elsewhere: bool) -> list[frozenset[bytes]]:
    """Return the groups of two records and more.

    ``elsewhere``: those too that are not among ``states``; else a link to one of them says nothing.
    """
    here = {one.id: one for one in states}
    links = [(one.id, other) for one in here.values() for other in one.values(SAME_AS) if isinstance(other, bytes)]
    return groups_of((one, other) for one, other in links if elsewhere or other in here)


def groups_of(links: Iterable[tuple[bytes, bytes]]) -> list[frozenset[bytes]]:
    """Return the groups of two records and more that links make, whichever end says it."""
    beside: dict[bytes, set[bytes]] = {}
    for one, other in links:
        if one != other:
            beside.setdefault(one, set()).add(other)
            beside.setdefault(other, set()).add(one)
    groups: list[frozenset[bytes]] = []
    done: set[bytes] = set()
    for key in beside:
        if key in done:
            continue
        found, waiting = {key}, [key]
        while waiting:
            new = beside[waiting.pop()] - found
            found |= new
            waiting.extend(new)
        done |= found
        groups.append(frozenset(found))
    return groups
