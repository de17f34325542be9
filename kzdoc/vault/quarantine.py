"""What arrived and waits for a person: bundles opened and parsed but not taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kzdoc.vault.names import Names

if TYPE_CHECKING:
    from kzdoc.moment import Clock
    from kzdoc.vault.connection import Database


WITHHELD = "withheld"
"""Why words of a record lie here: they were withheld on this desk."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing in quarantine: the bundle's root, who sent it, when it came, why it waits (a code)."""

    id: bytes
    sender: bytes
    arrived: int
    reason: str


class Quarantine:
    """The quarantine of an open vault; what lies in it is in no list, count or search.

    Words of a record kept aside are still met in texts (names.py): what comes or goes is looked at anew.
    """

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def put(self, root: bytes, *, sender: bytes, reason: str, content: bytes) -> None:
        """Keep ``content`` (bytes the exchange will read again), over an older copy of the same bundle."""
        with self._database.transaction():
            self._database.run(
                "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?)",
                (root, sender, self._clock().seconds, reason, content),
            )
            Names(self._database).touch_kept_aside(root)

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
        with self._database.transaction():
            self._database.run("DELETE FROM quarantine WHERE id = ?", (root,))
            Names(self._database).touch_kept_aside(root)
