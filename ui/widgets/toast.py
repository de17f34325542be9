"""The toast: one sentence and perhaps Undo, for 10 seconds, at the bottom left of the content.

It waits while the mouse is over it or the focus in it, is told to screen readers, and never covers the foot bar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ui.tokens import SPACE_3, SPACE_4
from ui.widgets.basics import button, icon_button, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.messages import Words
    from ui.theme import Theme

SHOWN_MS = 10_000
_MARGIN = 16
_WIDEST = 560


class Toast(QFrame):
    """Lies over ``over`` and shows one sentence at a time."""

    def __init__(self, words: Words, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._undo: Callable[[], None] | None = None
        self._held = False
        self._waiting: tuple[str, Callable[[], None] | None] | None = None
        self.setProperty("look", "toast")
        box = QHBoxLayout(self)
        box.setContentsMargins(SPACE_4, 8, 8, 8)
        box.setSpacing(SPACE_3)
        self._sentence = label(wrap=True)
        self._undo_button: QPushButton = button(words, "action.undo", self._do_undo, look="link")
        box.addWidget(self._sentence, 1)
        box.addWidget(self._undo_button)
        box.addWidget(icon_button(words, theme, "close", "action.close", self.hide))
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        for part in (*self.findChildren(QPushButton), over):
            part.installEventFilter(self)
        self.hide()

    def say(self, sentence: str, undo: Callable[[], None] | None = None) -> None:
        """Show a sentence; with ``undo``, also the button that runs it."""
        if self._held:
            self._waiting = sentence, undo
            return
        self._undo = undo
        self._sentence.setText(sentence)
        self._undo_button.setVisible(undo is not None)
        self.setAccessibleName(sentence)
        self.show()
        self.raise_()
        self._place()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def hold(self, *, held: bool) -> None:
        """Say nothing for a while, to the eye or to a screen reader; the last sentence comes after it."""
        self._held = held
        waiting, self._waiting = self._waiting, None
        if not held and waiting is not None:
            self.say(*waiting)

    @property
    def waiting(self) -> bool:
        """Whether its time stands still because someone is at it."""
        return self.isVisible() and not self._timer.isActive()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
        elif event.type() == QEvent.Type.FocusIn:
            self._timer.stop()
        elif event.type() == QEvent.Type.FocusOut and self.isVisible():
            self._timer.start()
        return False

    def _place(self) -> None:
        width = min(_WIDEST, self._over.width() - 2 * _MARGIN)
        one_line = self._sentence.fontMetrics().horizontalAdvance(self._sentence.text())
        rest = self.sizeHint().width() - self._sentence.sizeHint().width()
        width = min(width, max(240, one_line + rest + 8))
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.setGeometry(_MARGIN, self._over.height() - height - _MARGIN, width, height)

    def _do_undo(self) -> None:
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()
