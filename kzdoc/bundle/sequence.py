"""Where a bundle stands among those its sender made for this reader (docs/formats/bundle.md, "Order and forks").

Pure; nothing here refuses a bundle. Devices are restored from backups and sticks arrive late, so what looks odd is
named and a person decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kzdoc.limits import LIMITS


class Standing(StrEnum):
    """How a bundle follows what is here."""

    NEXT = "next"
    ALREADY = "already"
    LATE = "late"
    GAP = "gap"
    JUMP = "jump"
    FORK = "fork"


def standing(sequence: int, root: bytes, previous: bytes, *, taken: Mapping[int, bytes]) -> Standing:
    """Return where (sequence, root, previous root) stands beside ``taken``: root by sequence, all of one sender.

    A fork: this number was taken in with another root, or the number before it with another root than this bundle
    says. A jump stays in quarantine until a person has looked.
    """
    if taken.get(sequence) == root:
        return Standing.ALREADY
    before, after = taken.get(sequence - 1), sequence in taken
    if after or (before is not None and before != previous):
        return Standing.FORK
    highest = max(taken, default=0)
    if sequence - highest > LIMITS.sequence_jump:
        return Standing.JUMP
    if sequence < highest:
        return Standing.LATE
    return Standing.NEXT if sequence == highest + 1 else Standing.GAP
