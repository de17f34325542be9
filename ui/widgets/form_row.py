"""One question of a form: label, field, and under it why it is asked, what was understood, or what is wrong.

The three share one line, so an error replaces the reason and pushes nothing. A grid puts rows in two columns from 560
pixels, else in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from ui.tokens import SPACE_3, SPACE_4
from ui.widgets.basics import column, label, set_look

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

TWO_COLUMNS = 560


class FormRow(QWidget):
    """Label over field over reason; the field is a buddy of the label and has a name and a description to be read."""

    def __init__(self, field: QWidget, *, wide: bool = False) -> None:
        super().__init__()
        self.field = field
        self.wide = wide
        self._reason, self._understood, self._error = "", "", ""
        self.name = label(wrap=True)
        self.note = label(size="small", tone="quiet", wrap=True)
        self.name.setBuddy(field)
        self.setLayout(column(self.name, field, self.note, None, spacing=4))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setFocusProxy(field)

    def set_name(self, text: str) -> None:
        """Say what is asked."""
        self.name.setText(text)
        self.field.setAccessibleName(text)

    def set_reason(self, text: str) -> None:
        """Say why it is asked and which standard wants it."""
        self._reason = text
        self._show()

    def set_understood(self, text: str) -> None:
        """Show what was understood of what was typed; "" shows the reason again."""
        self._understood = text
        self._show()

    def set_error(self, text: str) -> None:
        """Show what is wrong in place of the reason; "" takes it back."""
        self._error = text
        self._show()

    @property
    def error(self) -> str:
        """What is wrong, or ""."""
        return self._error

    def _show(self) -> None:
        text = self._error or self._understood or self._reason
        self.note.setText(text)
        self.note.setVisible(bool(text))
        set_look(self.note, tone="danger" if self._error else "quiet")
        set_look(self.field, wrong=bool(self._error))
        self.field.setAccessibleDescription(text)


class FormGrid(QWidget):
    """Rows in two columns where there is room for them."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[FormRow] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_4)
        self._grid.setVerticalSpacing(SPACE_3)

    def add(self, row: FormRow) -> FormRow:
        """Put a row at the end and return it."""
        self._rows.append(row)
        self._arrange(max(1, self._columns))
        return row

    def arrange_again(self) -> None:
        """Lay the rows out anew because one became wide or narrow."""
        self._arrange(max(1, self._columns))

    def rows(self) -> list[FormRow]:
        """Return the rows in reading order."""
        return list(self._rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = 2 if event.size().width() >= TWO_COLUMNS else 1
        if columns != self._columns:
            self._arrange(columns)
            self._grid.activate()

    def _arrange(self, columns: int) -> None:
        self._columns = columns
        for row in self._rows:
            self._grid.removeWidget(row)  # takeAt would leave the old item behind, whose heights Qt then believes
        line = at = 0
        for row in self._rows:
            if row.isHidden() and row.property("left_out"):
                continue
            span = columns if row.wide else 1
            if at + span > columns:
                line, at = line + 1, 0
            self._grid.addWidget(row, line, at, 1, span, Qt.AlignmentFlag.AlignTop)
            at += span
        for number in (0, 1):
            self._grid.setColumnStretch(number, 1 if number < columns else 0)
            self._grid.setColumnMinimumWidth(number, 0)
