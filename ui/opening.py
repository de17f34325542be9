"""The window that is shown while a vault opens slowly: once after an update its lists are made anew.

It comes with the first news of that and goes when the vault is open; Cancel leaves the vault as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from ui.tokens import SPACE_3
from ui.widgets.basics import Card, IconLabel, column, label, row
from ui.widgets.foot_bar import FootBar

if TYPE_CHECKING:
    from ui.messages import Words
    from ui.tasks import Tasks
    from ui.theme import Theme

_WIDTH = 720


class OpeningWindow(QWidget):
    """Says what is done, how far it is, and that it is done once."""

    def __init__(self, words: Words, theme: Theme, tasks: Tasks[object]) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words.put(self.setWindowTitle, "window.title")
        self._tasks = tasks
        self.bar = FootBar(words, tasks)
        card = Card()
        card.setFixedWidth(theme.px(_WIDTH))
        card.body.setSpacing(SPACE_3)
        card.body.addWidget(IconLabel(theme, "history", "quiet", 24))
        card.body.addWidget(label(words.say("desk.lists_anew"), wrap=True))
        card.body.addWidget(self.bar)
        self.setLayout(column(None, row(None, card, None), None))
        tasks.progressed.connect(self._told)

    def _told(self, *_: object) -> None:
        if not self.isVisible():
            self.showMaximized()
            self.bar.show()

    def end(self) -> None:
        """Go: the vault is open, or it will not be."""
        self._tasks.progressed.disconnect(self._told)
        self.hide()
        self.deleteLater()
