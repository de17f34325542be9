"""Partners: a name of one's own choosing, their card, and whether a person has verified it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kzdoc.errors import VaultError

if TYPE_CHECKING:
    from kzdoc.moment import Clock
    from kzdoc.vault.connection import Database

STATES = ("unverified", "verified", "revoked")
_COLUMNS = "SELECT id, name, author, card, state, how FROM contact"


@dataclass(frozen=True, slots=True)
class Contact:
    """A partner; ``author`` signs the partner's revisions, ``card`` is the card's bytes, ``how`` it was verified."""

    number: int
    name: str
    author: bytes
    card: bytes
    state: str
    how: str


class Contacts:
    """The partners of an open vault."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, name: str, *, author: bytes, card: bytes) -> Contact:
        """Note a new partner as unverified; raises ``VaultError("vault.contact-exists")`` when the name is taken."""
        if self.named(name) is not None:
            raise VaultError("vault.contact-exists")
        now = self._clock().seconds
        self._database.change(
            "INSERT INTO contact (name, author, card, state, how, added, changed) VALUES (?, ?, ?, ?, '', ?, ?)",
            (name, author, card, "unverified", now, now),
        )
        return self._named(name)

    def named(self, name: str) -> Contact | None:
        """Return the partner of that name, or None."""
        row = self._database.row(_COLUMNS + " WHERE name = ?", (name,))
        return Contact(*row) if row else None

    def by_author(self, author: bytes) -> list[Contact]:
        """Return the partners with that author key (more than one only when a card was added twice)."""
        return [Contact(*row) for row in self._database.rows(_COLUMNS + " WHERE author = ? ORDER BY id", (author,))]

    def numbered(self, number: int) -> Contact | None:
        """Return the partner of that number, or None."""
        row = self._database.row(_COLUMNS + " WHERE id = ?", (number,))
        return Contact(*row) if row else None

    def all(self) -> list[Contact]:
        """Return all partners, sorted by name."""
        return [Contact(*row) for row in self._database.rows(_COLUMNS + " ORDER BY name")]

    def set_state(self, name: str, state: str, *, how: str) -> Contact:
        """Note that a partner was verified (``how``: person, voice) or revoked.

        Raises ``VaultError``: ``vault.contact-unknown``, ``vault.contact-state``.
        """
        if state not in STATES:
            raise VaultError("vault.contact-state")
        self._named(name)
        self._database.change(
            "UPDATE contact SET state = ?, how = ?, changed = ? WHERE name = ?",
            (state, how, self._clock().seconds, name),
        )
        return self._named(name)

    def rename(self, name: str, new: str) -> Contact:
        """Call a partner something else; nothing but the own name for him changes.

        Raises ``VaultError``: ``vault.contact-unknown``, ``vault.contact-exists``.
        """
        contact = self._named(name)
        if new != name and self.named(new) is not None:
            raise VaultError("vault.contact-exists")
        self._database.change(
            "UPDATE contact SET name = ?, changed = ? WHERE id = ?", (new, self._clock().seconds, contact.number)
        )
        return self._named(new)

    def _named(self, name: str) -> Contact:
        contact = self.named(name)
        if contact is None:
            raise VaultError("vault.contact-unknown")
        return contact
