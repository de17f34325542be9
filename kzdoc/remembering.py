"""What functions remember of words, so that the same word is not worked out again: forgotten when a vault is closed.

Rules: whatever is remembered by a text that may come from a record (a name, a line, a partner's card) is remembered
here, so that all of it can be forgotten at once; what is remembered by something of the program's own need not be. To
forget loses time, never anything else. Bytes are not wiped: locking ends the process (docs/security-target.md, M2, N3).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

_Function = TypeVar("_Function", bound=Callable[..., Hashable])
_KEPT: list[Callable[[], None]] = []


def remembering(most: int) -> Callable[[_Function], _Function]:
    """Let a function remember what it gave for its ``most`` latest arguments."""

    def kept(function: _Function) -> _Function:
        known = functools.lru_cache(maxsize=most)(function)
        _KEPT.append(known.cache_clear)
        return cast("_Function", known)

    return kept


def forget_too(clear: Callable[[], None]) -> None:
    """Have something of a room's own that remembers words forgotten as well, by calling ``clear``."""
    _KEPT.append(clear)


def forget() -> None:
    """Forget everything that was remembered of words, searches for them included."""
    for clear in _KEPT:
        clear()
    re.purge()
