"""Locking when nobody is there: after so many minutes without a key, a click or a move of the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal

if TYPE_CHECKING:
    from ui.watch import Watch

_SIGNS_OF_LIFE = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TabletPress,
)


class Idle(QObject):
    """Emits ``slept`` once when the time is over; an interview may ask for a longer time."""

    slept = Signal()

    def __init__(self, watch: Watch, *, milliseconds: int) -> None:
        super().__init__(watch)
        self._timer = QTimer(self, singleShot=True, interval=milliseconds)
        self._timer.timeout.connect(self.slept)
        self.deaf = False
        """Take no sign of life for one: under a curtain somebody may only be wiping the keyboard."""
        watch.on(*_SIGNS_OF_LIFE, handler=self._alive)
        self._timer.start()

    def set_time(self, milliseconds: int) -> None:
        """Wait so long from now on."""
        self._timer.start(milliseconds)

    @property
    def time(self) -> int:
        """How many milliseconds it waits."""
        return self._timer.interval()

    def stop(self) -> None:
        """Wait no more."""
        self._timer.stop()

    def _alive(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 - any sign of life counts
        if self._timer.isActive() and not self.deaf:
            self._timer.start()
        return False
