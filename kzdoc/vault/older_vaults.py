"""Partners whose vaults are older ones again: receipts from before that was seen say nothing of what they hold now.

Nor do the bundles that they made before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cbor2

from kzdoc.encoding import encode_trusted
from kzdoc.vault.rows import NamedBytes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kzdoc.vault.connection import Database

_NAME, _BEFORE = "restored:", "made-before-restored:"


class OlderVaults:
    """Since which bundle to a partner receipts count again."""

    def __init__(self, database: Database) -> None:
        self._settings = NamedBytes(database, "setting")

    def note(self, contact: int, *, root: bytes, previous: bytes, last: int) -> bool:
        """Note that a bundle of a partner shows that his vault is an older one; return whether that is new.

        It is not for the bundle by which it was seen, one that follows it, and the one before it that came later.
        ``last``: the number of the last bundle made for him.
        """
        kept = self._settings.get(f"{_NAME}{contact}")
        mark, newest, first = cbor2.loads(kept) if kept else (0, b"", b"")
        new = not kept or not (previous == newest or root in (newest, first))
        if new:
            mark, newest, first = last, root, previous
        elif root == first:
            first = previous
        else:
            newest = root
        self._settings.put(f"{_NAME}{contact}", encode_trusted([mark, newest, first]))
        return new

    def note_before(self, contact: int, roots: Iterable[bytes]) -> None:
        """Note which bundles a partner made before his vault was an older one again."""
        kept = self._settings.get(f"{_BEFORE}{contact}")
        before = set(cbor2.loads(kept)) if kept else set()
        self._settings.put(f"{_BEFORE}{contact}", encode_trusted(sorted(before.union(roots))))

    def made_before(self) -> set[bytes]:
        """Return the bundles of all partners that were made before their vaults were older ones again."""
        return {root for kept in self._settings.under(_BEFORE).values() for root in cbor2.loads(kept)}

    def counting_from(self, contact: int) -> int:
        """Return the number of the last bundle to a partner whose receipt does not count any more, else 0."""
        kept = self._settings.get(f"{_NAME}{contact}")
        return int(cbor2.loads(kept)[0]) if kept else 0

    def marks(self) -> dict[int, int]:
        """Return ``counting_from`` of all partners whose vaults are older ones."""
        kept = self._settings.under(_NAME)
        return {int(name.removeprefix(_NAME)): cbor2.loads(value)[0] for name, value in kept.items()}
