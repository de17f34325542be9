"""Looking up in the filing of names (names.py): who is met by a key, which words have a form. Nothing here writes.

Rules: looking up costs what is asked for, however many people are filed; what waits to be filed is not found, so
whoever asks has it filed first (filing.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kzdoc.names.index import is_word
from kzdoc.vault.names import BESIDE, WHOLE
from kzdoc.vault.truth import IN_ONE_QUESTION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kzdoc.vault.connection import Database


class Lookups:
    """Questions to the filing of names of one vault."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def longest(self) -> int:
        """Return how long the longest form ever filed is."""
        row = self._database.row("SELECT longest FROM name_upto")
        return int(row[0]) if row else 0

    def called(self, whole: str) -> set[bytes]:
        """Return the people present who are called by a whole name."""
        rows = self._database.rows(
            "SELECT owner FROM name_key WHERE key = ? AND flags & ? = 0", (WHOLE + whole, BESIDE)
        )
        return {row[0] for row in rows}

    def forms(self, forms: Collection[str]) -> Iterator[tuple[str, str]]:
        """Return (form, word) for the words that have one of these forms."""
        return ((row[0], row[1]) for row in self._in("SELECT form, word FROM name_form WHERE form IN", forms))

    def beginning(self, head: str) -> list[str]:
        """Return the words that begin so."""
        rows = self._database.rows(
            "SELECT word FROM name_form WHERE form >= ? AND form < ? AND form = word", (head, head + "\U0010ffff")
        )
        return [row[0] for row in rows if is_word(row[0])]

    def bearers(self, key: str) -> list[tuple[bytes, int]]:
        """Return (owner, flags) of everybody filed under a key."""
        return self._database.rows("SELECT owner, flags FROM name_key WHERE key = ?", (key,))

    def known(self, keys: Collection[str]) -> set[str]:
        """Return those of the keys that anybody is filed under."""
        return {row[0] for row in self._in("SELECT DISTINCT key FROM name_key WHERE key IN", keys)}

    def filed(self, keys: Collection[str]) -> set[bytes]:
        """Return who is filed under any of the keys."""
        return {row[0] for row in self._in("SELECT DISTINCT owner FROM name_key WHERE key IN", keys)}

    def addresses(self, owners: Collection[bytes]) -> list[str]:
        """Return the addresses of owners."""
        rows = self._in("SELECT owner, key FROM name_key WHERE key >= '&' AND key < '(' AND owner IN", owners)
        return [row[1][1:] for row in rows]

    def words(self, owners: Collection[bytes]) -> Iterator[tuple[bytes, str]]:
        """Return (owner, word) of the words of owners' names, initials too; every mark stands before the letters."""
        rows = self._in("SELECT owner, key FROM name_key WHERE key >= 'a' AND owner IN", owners)
        return ((row[0], row[1]) for row in rows if is_word(row[1]))

    def everything(self) -> dict[bytes, dict[str, int]]:
        """Return all keys by owner, for judging them."""
        found: dict[bytes, dict[str, int]] = {}
        for key, owner, flags in self._database.rows("SELECT key, owner, flags FROM name_key"):
            found.setdefault(owner, {})[key] = flags
        return found

    def _in(self, sql: str, values: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        wanted = sorted(values)
        for start in range(0, len(wanted), IN_ONE_QUESTION):
            part = wanted[start : start + IN_ONE_QUESTION]
            yield from self._database.rows(f"{sql} ({','.join('?' * len(part))})", part)
