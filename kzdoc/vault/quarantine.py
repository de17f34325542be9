"""What arrived and waits for a person: bundles opened and parsed but not taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kzdoc.moment import Clock
    from kzdoc.vault.connection import Database


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing in quarantine: the bundle's root, who sent it, when it came, why it waits (a code)."""

    id: bytes
    sender: bytes
    arrived: int
    reason: str


class Quarantine:
    """The quarantine of an open vault; what lies in it is in no list, count or search."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put(self, root: bytes, *, sender: bytes, reason: str, content: bytes) -> None:
        """Keep ``content`` (bytes the exchange will read again), over an older copy of the same bundle."""
        self._database.change(
            "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?)",
            (root, sender, self._clock().seconds, reason, content),
        )

    def all(self) -> list[Waiting]:
        """Return what waits, the oldest first."""
        rows = self._database.rows("SELECT id, sender, arrived, reason FROM quarantine ORDER BY arrived, id")
        return [Waiting(*row) for row in rows]

    def content(self, root: bytes) -> bytes | None:
        """Return the bytes that were kept, or None."""
        row = self._database.row("SELECT content FROM quarantine WHERE id = ?", (root,))
        return bytes(row[0]) if row else None

    def drop(self, root: bytes) -> None:
        """Remove it: taken in or refused."""
        self._database.change("DELETE FROM quarantine WHERE id = ?", (root,))
