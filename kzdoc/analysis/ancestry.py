"""Who had seen what when he wrote: the ancestry of the revisions of one record.

Rules: only what is signed counts. A revision was written after having seen another when it replaces a statement of it
(or says in a removal that it has seen one), follows it in its chain, or its chain was opened knowing it; and so on from
there. Nothing here looks at a clock. That no such way exists shows only that nothing signed says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kzdoc.ledger.history import Head


@dataclass(frozen=True, slots=True)
class Step:
    """One revision about the record: its place in its author's chain, and the revisions it names."""

    revision: bytes
    author: bytes
    chain: bytes
    sequence: int
    names: frozenset[bytes] = frozenset()


Openings = Mapping[tuple[bytes, bytes], Iterable[Head]]
"""By (author, chain): the heads that were known when the chain was opened."""

FORK, COPY = "fork", "copy"


def seen_by(steps: Iterable[Step], openings: Openings) -> dict[bytes, frozenset[bytes]]:
    """Return for each revision the revisions of the record that its author had seen, as the signatures show."""
    known = {step.revision: step for step in steps}
    forked = _forked(known.values())
    before = {key: _before(step, known, forked, openings) for key, step in known.items()}
    return {key: frozenset(_reached(key, before)) for key in known}


def standing(steps: Iterable[Step]) -> str:
    """Return what several statements of one author that contradict each other come from; "" when it is no such thing.

    ``fork``: two revisions with one number in one chain; ``copy``: two chains, as a copied or restored vault has them.
    """
    several = list(steps)
    chains: dict[bytes, set[bytes]] = {}
    for step in several:
        chains.setdefault(step.author, set()).add(step.chain)
    if _forked(several):
        return FORK
    return COPY if any(len(found) > 1 for found in chains.values()) else ""


def _forked(steps: Iterable[Step]) -> set[tuple[bytes, bytes]]:
    places = Counter((step.author, step.chain, step.sequence) for step in steps)
    return {place[:2] for place, count in places.items() if count > 1}


def _before(
    step: Step, known: Mapping[bytes, Step], forked: set[tuple[bytes, bytes]], openings: Openings
) -> set[bytes]:
    chain = (step.author, step.chain)
    found = {key for key in step.names if key in known}
    heads = list(openings.get(chain, ()))
    for key, other in known.items():
        place = (other.author, other.chain)
        follows = place == chain and other.sequence < step.sequence and chain not in forked
        if follows or any(
            place == (head.author, head.chain) and other.sequence <= head.sequence and place not in forked
            for head in heads
        ):
            found.add(key)
    return found


def _reached(start: bytes, before: Mapping[bytes, set[bytes]]) -> set[bytes]:
    found: set[bytes] = set()
    waiting = list(before[start])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(before[one])
    return found - {start}
