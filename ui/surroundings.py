"""What every part of the window is given: words, looks, keys, work and notices. There is no global handle to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ui.keys import Keys
    from ui.messages import Words
    from ui.tasks import Tasks
    from ui.theme import Theme


def _no_notice(key: str, params: dict[str, str | int], undo: Callable[[], None] | None) -> None:
    del key, params, undo


def _no_choice(minutes: int) -> None:
    del minutes


def _no_sitting(code: str, minutes: int) -> None:
    del code, minutes


def _no_room(room: str, what: object) -> None:
    del room, what


def _no_way_back() -> None:
    """Stay: nothing was shown before."""


def _no_saved(key: str, params: dict[str, str | int]) -> None:
    del key, params


@dataclass(slots=True)
class Surroundings:
    """Passed to every room and to those widgets that need more than words and theme."""

    words: Words
    theme: Theme
    keys: Keys
    tasks: Tasks[Any]
    show_notice: Callable[[str, dict[str, str | int], Callable[[], None] | None], None] = field(default=_no_notice)
    show_room: Callable[[str, object], None] = field(default=_no_room)
    show_before: Callable[[], None] = field(default=_no_way_back)
    show_saved: Callable[[str, dict[str, str | int]], None] = field(default=_no_saved)
    choose_idle: Callable[[int], None] = field(default=_no_choice)
    """Lock after so many minutes without a sign of life, from now on; remembered."""
    idle_minutes: int = 5
    sit: Callable[[str, int], None] = field(default=_no_sitting)
    """Begin an interview: the code that lifts its curtain, and the minutes until it locks."""

    def notice(self, key: str, *, undo: Callable[[], None] | None = None, **params: str | int) -> None:
        """Show a toast: one sentence of the catalogue, with Undo when something can be undone."""
        self.show_notice(key, params, undo)

    def go(self, room: str, what: object = None) -> None:
        """Go to a room and give it what it should show."""
        self.show_room(room, what)

    def back(self) -> None:
        """Go back to the room that was shown before this one, to where the focus was."""
        self.show_before()

    def saved(self, key: str, **params: str | int) -> None:
        """Say in the top bar what is saved: a sentence of the catalogue."""
        self.show_saved(key, params)
