"""What a new version of the office's roster does on this desk, in sentences: before it is in force and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ui.messages import Words

NAMED = ("joins", "goes", "changes", "revokes")
COUNTED = ("uncounted", "counted", "conflicts")


def effect(words: Words, told: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each thing it does: who joins, goes or is revoked, what counts no more or again."""
    named = [words.say(f"office.seen_{key}", names=", ".join(told[key])) for key in NAMED if told.get(key)]
    return named + [words.say(f"office.seen_{key}", n=told[key]) for key in COUNTED if told.get(key)]
