"""Where people are filed under keys: those who may be one are met without comparing everybody with everybody."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from typing import Protocol

from kzdoc.analysis.words import Key


class Filing(Protocol):
    """What a comparison asks of a filing, in memory or in a vault."""

    def size(self) -> int:
        """Return how many are filed."""

    def count(self, key: Key) -> int:
        """Return how many are filed under a key."""

    def under(self, key: Key, most: int) -> Collection[Hashable]:
        """Return who is filed under a key; nobody when it is a crowd of more than ``most``."""


class InMemory:
    """A filing that lasts as long as the program runs."""

    def __init__(self) -> None:
        self._under: dict[Key, set[Hashable]] = {}
        self._keys: dict[Hashable, set[Key]] = {}

    def put(self, who: Hashable, keys: Iterable[Key]) -> None:
        """File somebody, in place of what was filed before."""
        self.take(who)
        self._keys[who] = set(keys)
        for key in self._keys[who]:
            self._under.setdefault(key, set()).add(who)

    def take(self, who: Hashable) -> None:
        """Take somebody out."""
        for key in self._keys.pop(who, ()):
            self._under[key].discard(who)

    def size(self) -> int:
        """Return how many are filed."""
        return len(self._keys)

    def count(self, key: Key) -> int:
        """Return how many are filed under a key."""
        return len(self._under.get(key, ()))

    def under(self, key: Key, most: int) -> Collection[Hashable]:
        """Return who is filed under a key; nobody when it is a crowd of more than ``most``."""
        found = self._under.get(key, ())
        return found if len(found) <= most else ()
