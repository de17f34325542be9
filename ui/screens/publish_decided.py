"""What was decided before of names and of sentences, folded away under what is still asked; it can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.models import RecordList, Row
from ui.widgets.basics import button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.surroundings import Surroundings

_LIST_ROWS = 4
_LIST_ROW = 60


class DecidedNames(QWidget):
    """What was decided before, folded away; the chosen name can be taken back."""

    again = Signal(str)
    unfolded = Signal()

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self._count = label(size="small", tone="quiet")
        self.unfold = button(desk.words, "publish.names_decided", self._toggle, look="link")
        self.list = RecordList(desk.words, desk.theme)
        desk.words.put(self.list.setAccessibleName, "publish.names_decided")
        self.back = button(desk.words, "publish.names_again", self._take_back, theme=desk.theme, icon="undo")
        self.folded = QWidget()
        self.folded.setLayout(column(self.list, row(self.back, None)))
        self.folded.hide()
        self.setLayout(column(row(self.unfold, self._count, None), self.folded))
        for part in (self, self.folded):
            layout = part.layout()
            if layout is not None:
                layout.setContentsMargins(0, 0, 0, 0)

    def show_decided(self, said_of: Sequence[tuple[str, str]]) -> None:
        """Show what was decided."""
        words = self._desk.words
        chosen = self.list.chosen()
        rows = [Row(name.encode(), name, words.say(f"publish.names_was_{how}")) for name, how in said_of]
        self.list.rows.show_rows(rows)
        if rows and not (chosen and self.list.choose(chosen)):
            self.list.choose(rows[0].id)
        self.list.setFixedHeight(self._desk.theme.px(_LIST_ROW) * min(len(rows), _LIST_ROWS) + 2)
        self._count.setText(words.number(len(rows)))
        self.setVisible(bool(rows))

    def _toggle(self) -> None:
        self.folded.setVisible(self.folded.isHidden())
        if not self.folded.isHidden():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            self.unfolded.emit()

    def _take_back(self) -> None:
        chosen = self.list.chosen()
        if chosen is not None:
            self.again.emit(chosen.decode())
