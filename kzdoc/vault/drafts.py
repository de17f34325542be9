"""Unsaved forms: each sealed under a key of its own that is destroyed when the form is saved, sealed or dropped.

A form that is written for headquarters alone (kzdoc/direct.py) comes here sealed already: its row has no key, and this
vault does not open it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kzdoc.crypto.sealing import open_bytes, seal_bytes
from kzdoc.errors import KzdocError, VaultError

if TYPE_CHECKING:
    from kzdoc.moment import Clock, Randomness
    from kzdoc.vault.connection import Database

_TAG = b"kzdoc-draft-1\0"


@dataclass(frozen=True, slots=True)
class DraftNote:
    """That there is a draft, and when it was last kept (claimed seconds); ``direct``: nobody here opens it."""

    id: bytes
    saved: int
    direct: bool = False


class Drafts:
    """The drafts of an open vault."""

    def __init__(self, database: Database, *, clock: Clock, randomness: Randomness) -> None:
        self._database = database
        self._clock = clock
        self._randomness = randomness

    def keep(self, draft: bytes, content: bytes) -> None:
        """Write the draft with this id (16 random bytes chosen by the form), over what it was."""
        row = self._database.row("SELECT key FROM draft WHERE id = ?", (draft,))
        key = row[0] if row else self._randomness(32)
        sealed = seal_bytes(key, content, associated=_TAG + draft, randomness=self._randomness)
        self._database.change(
            "INSERT INTO draft VALUES (?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, saved = excluded.saved",
            (draft, key, sealed, self._clock().seconds),
        )

    def keep_direct(self, draft: bytes, sealed: bytes) -> None:
        """Write a draft that was sealed elsewhere, under a key that is not here, over what it was."""
        self._database.change(
            "INSERT INTO draft VALUES (?, x'', ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET key = x'', sealed = excluded.sealed, saved = excluded.saved",
            (draft, sealed, self._clock().seconds),
        )

    def direct(self, draft: bytes) -> bytes | None:
        """Return a draft that nobody here opens, as it was sealed, or None."""
        row = self._database.row("SELECT sealed FROM draft WHERE id = ? AND length(key) = 0", (draft,))
        return bytes(row[0]) if row else None

    def open(self, draft: bytes) -> bytes | None:
        """Return the content, None when there is no such draft or nobody here opens it; raises ``vault.damaged``."""
        row = self._database.row("SELECT key, sealed FROM draft WHERE id = ?", (draft,))
        if row is None or not row[0]:
            return None
        try:
            return open_bytes(row[0], row[1], associated=_TAG + draft)
        except KzdocError as error:
            raise VaultError("vault.damaged", item="draft") from error

    def drop(self, draft: bytes) -> None:
        """Destroy the draft and its key."""
        self._database.change("DELETE FROM draft WHERE id = ?", (draft,))

    def all(self) -> list[DraftNote]:
        """Return which drafts there are, the newest first."""
        rows = self._database.rows("SELECT id, saved, length(key) FROM draft ORDER BY saved DESC, id")
        return [DraftNote(draft, saved, not key) for draft, saved, key in rows]
