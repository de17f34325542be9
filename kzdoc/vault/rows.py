"""Small tables of named bytes: what the vault knows of itself, its owner's secrets, a person's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kzdoc.vault.connection import Database


class NamedBytes:
    """A table ``name → value``; a put outside a transaction is one of its own."""

    def __init__(self, database: Database, table: str) -> None:
        self._database = database
        self._table = table

    def get(self, name: str) -> bytes | None:
        """Return the value or None."""
        row = self._database.row(f"SELECT value FROM {self._table} WHERE name = ?", (name,))  # noqa: S608 - our own name
        return bytes(row[0]) if row else None

    def put(self, name: str, value: bytes) -> None:
        """Write the value, over an older one."""
        self._database.change(
            f"INSERT INTO {self._table} VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",  # noqa: S608 - our own name
            (name, value),
        )

    def drop(self, name: str) -> None:
        """Remove the value if it is there."""
        self._database.change(f"DELETE FROM {self._table} WHERE name = ?", (name,))  # noqa: S608 - our own name

    def under(self, beginning: str) -> dict[str, bytes]:
        """Return the values whose names begin so, sorted by name."""
        asked = f"SELECT name, value FROM {self._table} WHERE name >= ? AND name < ? ORDER BY name"  # noqa: S608 - our own name
        return {name: bytes(value) for name, value in self._database.rows(asked, (beginning, beginning + "\U0010ffff"))}

    def names(self) -> list[str]:
        """Return all names, sorted."""
        return [row[0] for row in self._database.rows(f"SELECT name FROM {self._table} ORDER BY name")]  # noqa: S608 - our own name
