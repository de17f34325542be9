"""The base of every room (screen) of the desk, and how rooms are declared.

To add a room: a class ``XRoom(Room)`` in ui/screens/x.py, and one line in ``ROOMS`` of ui/rooms.py. A room is built at
its first visit. It reads and writes through ``self.desk.tasks`` only, says everything through ``self.desk.words``, and
overrides the hooks it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.tokens import MIDDLE, SPACE_2, SPACE_4, SPACE_6, WIDE
from ui.widgets.banner import BannerPlace
from ui.widgets.basics import label, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from ui.keys import Command
    from ui.surroundings import Surroundings

Breadth = Literal["wide", "middle", "narrow"]


def breadth_of(width: int) -> Breadth:
    """Return how many panes a window of this width shows: three, two or one."""
    return "wide" if width >= WIDE else "middle" if width >= MIDDLE else "narrow"


class Room(QWidget):
    """A page of the window. ``banners`` is its one place for a banner."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.desk = desk
        self.breadth: Breadth = "wide"
        self.banners = BannerPlace(desk.words, desk.theme)

    # hooks, in the order in which the window calls them

    def commands(self) -> Sequence[Command]:
        """Return the room's own commands; their scope is the room's id. Asked once, after it is built."""
        return ()

    def arrive(self, what: object) -> None:
        """Be shown; ``what`` is what another room or the palette asked for (a record's id), or None.

        Set the focus to the first thing a person wants here.
        """

    def refresh(self, changes: object) -> None:
        """Take note of what a write returned, also while not shown."""

    def keep(self) -> None:
        """Write the draft now (``desk.tasks.write``): the desk is about to lock or to close."""

    def leave(self) -> None:
        """Be hidden because another room is shown."""

    def sit(self, sitting: bool) -> None:
        """Show only what an interview needs, with the witness at the table, or everything again."""

    def rearrange(self, breadth: Breadth) -> None:
        """Lay panes out for three, two or one column; called when the breadth changes and once at the start."""

    def back(self) -> bool:
        """Go one pane back in one column (Esc); return whether there was one."""
        return False

    # for the window

    def focusNextChild(self) -> bool:
        """Go to the first control in it (Qt keeps this from others)."""
        return super().focusNextChild()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.back():
            return
        super().keyPressEvent(event)

    def set_breadth(self, breadth: Breadth) -> None:
        """Note the breadth of the window and lay out anew if it changed."""
        if breadth != self.breadth or not self.property("arranged"):
            self.breadth = breadth
            self.setProperty("arranged", True)
            self.rearrange(breadth)


@contextmanager
def focus_stays(room: Room, first: Callable[[], QWidget]) -> Iterator[None]:
    """Show or hide panes inside: a focus that was in one that goes is set to ``first``, not to the window's search.

    What counts is the focus the window remembers, which it also has while another window is in front.
    """
    focus = room.window().focusWidget()
    was_here = focus is not None and room.isAncestorOf(focus)
    yield
    now = room.window().focusWidget()
    if was_here and (now is None or not room.isAncestorOf(now) or not now.isVisibleTo(room)):
        first().setFocus(Qt.FocusReason.OtherFocusReason)


@dataclass(frozen=True, slots=True)
class RoomEntry:
    """A room as it is declared: where it stands, its key, for whom it is in the rail, and what builds it."""

    id: str
    icon: str
    label: str
    keys: tuple[str, ...]
    roles: frozenset[str]
    build: Callable[[Surroundings], Room]


class TitledPage(QWidget):
    """A page with one title, a quiet line under it, buttons at its right (``verbs``), and a column for the rest."""

    def __init__(self, desk: Surroundings, title: str) -> None:
        super().__init__()
        self._desk = desk
        self.title = said(desk.words, title, size="title", wrap=True)
        self.line = label(size="small", tone="quiet", wrap=True)
        self.line.hide()
        self.verbs = QHBoxLayout()
        self.verbs.setSpacing(SPACE_2)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self.title)
        names.addWidget(self.line)
        head = QHBoxLayout()
        head.addLayout(names, 1)
        head.addLayout(self.verbs)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE_6, SPACE_4, SPACE_6, SPACE_4)
        self.column.setSpacing(SPACE_4)
        self.column.addLayout(head)

    def show_line(self, text: str) -> None:
        """Show the quiet line under the title."""
        self.line.setText(text)
        self.line.setVisible(bool(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = SPACE_6 if event.size().width() >= MIDDLE // 2 else SPACE_4
        self.column.setContentsMargins(side, SPACE_4, side, SPACE_4)
