"""The rail: the rooms of one's role, icon over word; under 900 pixels a strip of icons with names as tooltips."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout

from ui.tokens import RAIL_NARROW, RAIL_WIDTH, SPACE_1

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.messages import Words
    from ui.theme import Theme

_ICON = 24
_BUTTON_HEIGHT = 56
_STRIP_HEIGHT = 36


class Rail(QFrame):
    """Exclusive buttons, one for each room; the last one (keys) stands at the bottom."""

    chosen = Signal(str)

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "rail")
        self._words, self._theme = words, theme
        self._buttons: dict[str, QToolButton] = {}
        self._icons: dict[str, str] = {}
        self._narrow = False
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._box = QVBoxLayout(self)
        self._box.setSpacing(SPACE_1)
        words.put(self.setAccessibleName, "rail.name")
        self._measure()

    def show_rooms(self, rooms: Sequence[tuple[str, str, str]]) -> None:
        """Show (id, icon, label key) of the rooms, top to bottom; the last one goes to the bottom."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.deleteLater()
        self._buttons.clear()
        while self._box.takeAt(0) is not None:
            pass
        for number, (room, icon, key) in enumerate(rooms):
            if number == len(rooms) - 1:
                self._box.addStretch(1)
            self._box.addWidget(self._button(room, icon, key), 0, Qt.AlignmentFlag.AlignHCenter)
        self._measure()

    def mark(self, room: str) -> None:
        """Show which room one is in; no room of the rail when it was reached by the palette."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == room)
            button.setIcon(self._theme.icon(self._icons[name], "accent" if name == room else "quiet"))
        self._group.setExclusive(True)

    def set_narrow(self, narrow: bool) -> None:
        """Switch between words under the icons and icons alone."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._measure()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._measure()
        super().changeEvent(event)

    def _button(self, room: str, icon: str, key: str) -> QToolButton:
        button = QToolButton()
        button.setProperty("look", "rail")
        button.setCheckable(True)
        button.setIcon(self._theme.icon(icon, "quiet"))
        button.setIconSize(QSize(_ICON, _ICON))
        self._words.put(button.setText, key)
        self._words.put(button.setToolTip, key)
        self._words.put(button.setAccessibleName, key)
        button.clicked.connect(lambda _checked=False: self.chosen.emit(room))
        self._group.addButton(button)
        self._buttons[room] = button
        self._icons[room] = icon
        return button

    def _measure(self) -> None:
        px = self._theme.px
        side = SPACE_1 if self._narrow else 8
        self._box.setContentsMargins(side, SPACE_1 if self._narrow else 12, side, SPACE_1 if self._narrow else 12)
        self._box.setSpacing(0 if self._narrow else SPACE_1)
        width = RAIL_NARROW if self._narrow else max(RAIL_WIDTH, px(RAIL_WIDTH))
        self.setFixedWidth(width)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        only = Qt.ToolButtonStyle.ToolButtonIconOnly
        under = Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        for button in self._buttons.values():
            button.setToolButtonStyle(only if self._narrow else under)
            button.setFixedSize(width - 2 * side - 1, _STRIP_HEIGHT if self._narrow else px(_BUTTON_HEIGHT))
