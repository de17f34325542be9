"""Fields people type into: one line (also of digits), several lines, a choice.

Digits: under the Kazakh layout the number row writes ә і ң ғ , . ү ұ қ ө һ. A field of numbers or a phone reads it as
1 to 0, - and +. A field of dates does too, but in it people also write words ("5 қыркүйек"): right after a letter the
row writes letters, and a digit or hyphen the row wrote at the beginning of a word turns back into its letter when a
letter follows. Under Kazakh and Russian the key left of the right Shift is the full stop.

The mouse wheel only scrolls: it never changes a choice. Tab leaves a text of several lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
)

from ui.layouts import DIGIT_OF_LETTER, NUMBER_ROW, physical_key, scan_code

if TYPE_CHECKING:
    from collections.abc import Iterable

Digits = Literal["", "number", "phone", "date"]

_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_CARE = 2
"""What a style keeps free beside the text of a choice."""

_BACK_TO_LETTER = {"0": "қ", "-": "ө"}
"""The letters of the number row with which Kazakh words in a date begin: қыркүйек, қазан, қараша, өткен."""


class LineEntry(QLineEdit):
    """One line of text; ``digits`` says how the number row is read."""

    def __init__(self, digits: Digits = "") -> None:
        super().__init__()
        self._digits = digits
        self._written_by_row = -1
        self.setMinimumWidth(40)
        hints = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        self.setInputMethodHints(hints)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._digits and not event.modifiers() & _COMMANDS and event.text() and self._read_row(event):
            event.accept()
            return
        super().keyPressEvent(event)

    def _read_row(self, event: QKeyEvent) -> bool:
        """Write what the key means in a field of digits; return False when it means what the layout says."""
        typed, key = event.text(), physical_key(event)
        if not scan_code(event):
            return False
        before = self.text()[: self.cursorPosition()]
        if self._digits == "date" and typed.isalpha() and key not in NUMBER_ROW:
            return self._follow_with_letter(typed, before)
        meant = self._meaning(key, typed, shifted=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        if not meant or (self._digits == "date" and before[-1:].isalpha()):
            return False
        self.insert(meant)
        self._written_by_row = self.cursorPosition()
        return True

    def _meaning(self, key: str, typed: str, *, shifted: bool) -> str:
        if key == "/" and typed in "№?":
            return "."
        if key not in NUMBER_ROW or typed == key:
            return ""
        if not shifted and typed in DIGIT_OF_LETTER:
            meant = DIGIT_OF_LETTER[typed]
            return "+" if meant == "=" and self._digits != "date" else meant
        if key == "=" and shifted and typed.lower() in DIGIT_OF_LETTER:
            return "+"
        return ""

    def _follow_with_letter(self, typed: str, before: str) -> bool:
        """Turn a lone digit of the row at the beginning of a word back into its letter, because a letter follows."""
        was = before[-1:]
        begins_word = len(before) == 1 or before[-2:-1] == " "
        fresh = self._written_by_row == self.cursorPosition()
        if was not in _BACK_TO_LETTER or not begins_word or not fresh:
            return False
        self.backspace()
        self.insert(_BACK_TO_LETTER[was] + typed)
        return True


class TextEntry(QPlainTextEdit):
    """Several lines of what a person told."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        hints = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        self.setInputMethodHints(hints | Qt.InputMethodHint.ImhMultiLine)


class Choice(QComboBox):
    """One of a list; each item has an id."""

    def __init__(self) -> None:
        super().__init__()
        self.setMaxVisibleItems(12)
        self.setMinimumWidth(80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def show_choices(self, choices: Iterable[tuple[str, str]], chosen: str = "") -> None:
        """Show (id, label) pairs and choose one, without telling that it changed."""
        told = self.blockSignals(True)
        self.clear()
        for key, text in choices:
            self.addItem(text, key)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        self.blockSignals(told)

    def chosen(self) -> str:
        """Return the id of the chosen item, or ""."""
        return str(self.currentData() or "")

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        """Paint the box as Qt does, but end a text that does not fit in …; a tooltip tells the whole."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        control = QStyle.ComplexControl.CC_ComboBox
        place = self.style().subControlRect(control, option, QStyle.SubControl.SC_ComboBoxEditField, self)
        shown = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, place.width() - _CARE)
        self.setToolTip(self.currentText() if shown != self.currentText() else "")
        option.currentText = shown
        painter.drawComplexControl(control, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()
