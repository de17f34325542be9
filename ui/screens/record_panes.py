"""How the Record room is laid out: the list, the page in the middle, the side; what there is room for is shown.

Three panes from 1180 pixels, two from 900 (the side stands under the form), below that the list is a page of its own
with Back. With one pane ``alone`` (an interview) there is only the page, whatever the width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QStackedWidget, QWidget

from ui.room import Breadth, Room, focus_stays
from ui.screens.record_list import WIDTH
from ui.screens.record_row import fitted
from ui.tokens import SPACE_4
from ui.widgets.basics import button, column, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.screens.record_form import RecordForm
    from ui.screens.record_list import ListPane
    from ui.screens.record_side import RecordSide

_SIDE_WIDTH = 320
_ANY_WIDTH = 16_777_215


class RecordPanes(QWidget):
    """``idle`` are the pages that stand for no record; the first of them is shown without the list beside it."""

    def __init__(
        self, room: Room, listed: ListPane, form: RecordForm, side: RecordSide, idle: Sequence[QWidget]
    ) -> None:
        super().__init__()
        self._room, self._list, self._form, self._side = room, listed, form, side
        self._idle = tuple(idle)
        self._stack = QStackedWidget()
        for page in (*idle, form):
            self._stack.addWidget(page)
        self._front = "list"
        self._alone = False
        words, theme = room.desk.words, room.desk.theme
        back = button(words, "record.list_title", self.show_list, look="link", theme=theme, icon="back")
        self._bar = QFrame()
        self._bar.setLayout(row(back, None))
        self._side_frame = QFrame()
        self._side_frame.setProperty("look", "side")
        beside = QFrame()
        self._side_place = column(None)
        self._side_place.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        beside.setLayout(self._side_place)
        area: QScrollArea = fitted(beside)
        self._side_frame.setLayout(column(area))
        self._panes = row(listed, column(self._bar, self._stack, spacing=0), self._side_frame, spacing=0)
        self._panes.setStretch(1, 1)
        self.setLayout(self._panes)

    def add(self, *pages: QWidget) -> None:
        """Take in pages that may stand in the middle."""
        for page in pages:
            self._stack.addWidget(page)

    def page(self) -> QWidget | None:
        """Return the page in the middle."""
        return self._stack.currentWidget()

    @property
    def on_page(self) -> bool:
        """Whether the page, not the list, is what one went to last."""
        return self._front == "page"

    def show_page(self, page: QWidget, *, forward: bool = True) -> None:
        """Show a page; ``forward`` also goes to it where there is one column."""
        with focus_stays(self._room, self.first_here):
            self._stack.setCurrentWidget(page)
            if page not in self._idle and forward:
                self._front = "page"
            self._show()

    def go_to_list(self) -> None:
        """Let the list be in front the next time there is one column."""
        self._front = "list"

    def show_list(self) -> None:
        """Go to the list, unless there is none."""
        if self._alone:
            return
        self._front = "list"
        self.place()
        self._list.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_alone(self, *, alone: bool) -> None:
        """Show the page without the list, or beside it again."""
        self._alone = alone
        self.place()

    def rearrange(self, breadth: Breadth) -> None:
        """Lay out for three, two or one column."""
        narrow = breadth == "narrow"
        if breadth == "wide":
            self._side_place.insertWidget(0, self._side)
        else:
            self._form.put_under(self._side)
        self._form.set_narrow(narrow=narrow)
        self._list.setMinimumWidth(0 if narrow else WIDTH)
        self._list.setMaximumWidth(_ANY_WIDTH if narrow else WIDTH)
        self._side_frame.setFixedWidth(_SIDE_WIDTH)
        self.place()

    def place(self) -> None:
        """Show the panes there is room for."""
        with focus_stays(self._room, self.first_here):
            self._show()

    def first_here(self) -> QWidget:
        """Return what takes the focus first on what is shown."""
        page = self.page()
        if self._list.isVisibleTo(self._room) or page is None:
            return self._list.search
        return page.findChild(QPushButton) or page if page in self._idle else page

    def _show(self) -> None:
        narrow = self._room.breadth == "narrow"
        empty = self.page() is self._idle[0]
        page = not narrow or self.on_page or empty or self._alone
        self._list.setVisible((not narrow or not page) and not empty and not self._alone)
        self._stack.setVisible(page)
        self._panes.setStretch(0, int(not page))
        self._panes.setStretch(1, int(page))
        self._bar.setVisible(narrow and page and not empty and not self._alone)
        self._side_frame.setVisible(self._room.breadth == "wide" and self.page() is self._form)
