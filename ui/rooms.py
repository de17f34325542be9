"""Which rooms there are, in the order of the rail; keys stand last, at the bottom. The manual is in no rail: F1.

A room whose screen is not built yet says so, teaches what it will be for, and leads to where it is done meanwhile.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ui.room import Room, RoomEntry, TitledPage
from ui.screens.keys import KeysRoom
from ui.screens.manual import ManualRoom
from ui.screens.merge import MergeRoom
from ui.screens.merge_send import SendRoom
from ui.screens.outgoing import OutgoingRoom
from ui.screens.record import RecordRoom
from ui.screens.today import TodayRoom
from ui.widgets.basics import column
from ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.surroundings import Surroundings

_MONITOR, _LAWYER, _COORDINATOR = "monitor", "lawyer", "coordinator"
_ALL = frozenset({_MONITOR, _LAWYER, _COORDINATOR})
_MEANWHILE = {"rally": ("today.write", "detention")}
"""The verb and the kind of record to begin, of a room that is not built yet."""


class TeachingRoom(Room):
    """An empty room: its title, what it is for, and the one button that leads to what can be done now."""

    def __init__(self, desk: Surroundings, room: str) -> None:
        super().__init__(desk)
        verb, what = _MEANWHILE.get(room, ("empty.to_records", None))
        page = TitledPage(desk, f"rail.{room}")
        run = partial(desk.go, "record", what)
        page.column.addWidget(EmptyState(desk.words, desk.theme, room, f"empty.{room}", verb=verb, run=run), 1)
        self.setLayout(column(self.banners, page, spacing=0))


def _teaching(room: str) -> Callable[[Surroundings], Room]:
    return lambda desk: TeachingRoom(desk, room)


def _entry(
    room: str, keys: str, roles: frozenset[str], build: Callable[[Surroundings], Room] | None = None
) -> RoomEntry:
    return RoomEntry(room, room, f"rail.{room}", (keys,), roles, build or _teaching(room))


ROOMS: tuple[RoomEntry, ...] = (
    _entry("today", "Ctrl+1", _ALL, TodayRoom),
    _entry("record", "Ctrl+2", _ALL, RecordRoom),
    _entry("rally", "Ctrl+3", frozenset({_MONITOR, _COORDINATOR})),
    _entry("send", "Ctrl+4", frozenset({_MONITOR, _COORDINATOR}), SendRoom),
    _entry("merge", "Ctrl+5", frozenset({_COORDINATOR}), MergeRoom),
    _entry("cases", "Ctrl+6", frozenset({_LAWYER, _COORDINATOR})),
    _entry("boards", "Ctrl+7", frozenset({_COORDINATOR})),
    _entry("numbers", "Ctrl+8", frozenset({_COORDINATOR})),
    _entry("publish", "Ctrl+9", frozenset({_LAWYER, _COORDINATOR}), OutgoingRoom),
    RoomEntry("manual", "help", "rail.manual", ("F1",), frozenset(), ManualRoom),
    _entry("keys", "Ctrl+0", _ALL, KeysRoom),
)
