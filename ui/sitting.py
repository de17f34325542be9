"""What keeps eyes off the desk: the curtain, and the interview's sitting, in which little else is on the screen.

An interview leaves one form on the screen, waits longer until it locks (up to an hour, by choice), and draws the
curtain by itself after a minute without a sign of life; only its short code lifts that. The title of the window says
nothing meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from ui.cover import Cover
from ui.curtain import Code, Curtain
from ui.idle import Idle

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QStackedLayout, QWidget

    from ui.main_window import MainWindow

CURTAIN_AFTER_MS = 60_000
MINUTES = (10, 15, 30, 45, 60)
"""How long an interview may wait until it locks."""

ROOM, SITTING = "record", "sitting"
"""The room of an interview, and what it is asked to show before one begins."""

ALLOWED = frozenset({
    "lock", "curtain", "sitting.end", "zoom-in", "zoom-out", "light", "dark", "lang.kk", "lang.ru", "lang.en",
    "record.save", "record.attach",
})  # fmt: skip
_COVERED = frozenset({"lock"})


class Sitting(QObject):
    """``changed``: how many minutes an interview may wait, 0 when it is over; ``covered``: the curtain is drawn."""

    changed = Signal(int)
    covered = Signal(bool)

    def __init__(self, window: MainWindow, layers: QStackedLayout, lock: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._layers = window, layers
        desk = window.desk
        self._watch = desk.theme.watch
        self._cover = Cover(self._watch, window)
        self.curtain = Curtain(desk.words, desk.theme, lock)
        layers.addWidget(self.curtain)
        self.curtain.lifting.connect(self.lift)
        self.curtain.refused.connect(lock)
        self._code: Code | None = None
        self._minute: Idle | None = None
        self._focus: QWidget | None = None
        self._ending = False
        self.curtain_after = CURTAIN_AFTER_MS

    @property
    def on(self) -> bool:
        """Whether an interview is going on."""
        return self._code is not None

    @property
    def drawn(self) -> bool:
        """Whether the curtain is drawn."""
        return self._cover.on

    def draw(self) -> None:
        """Draw the curtain over everything."""
        if self.drawn:
            return
        self._focus = QApplication.focusWidget()
        self._cover.put()
        self._layers.setCurrentWidget(self.curtain)
        self.curtain.close_for(self._code, ending=self._ending)
        self._window.desk.keys.only(_COVERED)
        if self._minute is not None:
            self._minute.stop()
        self.covered.emit(True)

    def lift(self) -> None:
        """Show the desk again, where it was."""
        if not self.drawn:
            return
        ending, self._ending = self._ending, False
        self._layers.setCurrentIndex(0)
        self._cover.lift()
        self._window.desk.keys.only(ALLOWED if self.on else None)
        focus, self._focus, page = self._focus, None, self._window.current()
        if focus is not None and shiboken6.isValid(focus) and focus.isVisible():
            focus.setFocus()
        elif page is not None:
            page.focusNextChild()
        if self._minute is not None and self.on:
            self._minute.set_time(self.curtain_after)
        self.covered.emit(False)
        if ending:
            self.end()

    def ask_to_end(self) -> None:
        """Draw the curtain; its code ends the interview: who has no code must not bring the desk back."""
        if self.on and not self.drawn:
            self._ending = True
            self.draw()

    def begin(self, code: str, minutes: int) -> None:
        """Begin an interview whose curtain this code lifts, and which may wait so many minutes until it locks."""
        self._code = Code.of(code)
        if self._minute is None:
            self._minute = Idle(self._watch, milliseconds=self.curtain_after)
            self._minute.slept.connect(self.draw)
        self._minute.set_time(self.curtain_after)
        self._window.desk.keys.only(ALLOWED)
        self.changed.emit(minutes)

    def end(self) -> None:
        """End the interview; the desk is as before."""
        if not self.on:
            return
        self._code = None
        if self._minute is not None:
            self._minute.stop()
        self._window.desk.keys.only(None)
        self.changed.emit(0)
