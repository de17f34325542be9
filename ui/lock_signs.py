"""What locks besides a person and idleness: the machine goes to sleep or slept, the stick with the vault is gone.

Where the system sends a message before it sleeps (Windows), the desk ends then. Elsewhere it ends as soon as the
machine wakes: the clock that goes on in sleep has run ahead. The vault's folder is looked at by a thread, because a
stick that hangs must not hang the window; the thread knows two events alone and may outlive the desk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, QTimer, Signal

from kzdoc.platform import power

EVERY_MS = 1_000
SLEPT_SECONDS = 2.0
"""Clocks drift by less, nobody sleeps for less."""


class LockSigns(QObject):
    """Emits ``seen`` once, at the first sign."""

    seen = Signal()

    def __init__(
        self,
        parent: QObject,
        folder: Path | None,
        *,
        asleep: Callable[[], float] = power.seconds_asleep,
        every: int = EVERY_MS,
    ) -> None:
        super().__init__(parent)
        self._asleep, self._slept = asleep, asleep()
        self._gone, self._over = threading.Event(), threading.Event()
        self._timer = QTimer(self, interval=every)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self.destroyed.connect(self._over.set)
        if folder is not None:
            told = (folder, self._gone, self._over, every / 1000)
            threading.Thread(target=_watch, args=told, name="vault-watch", daemon=True).start()
        self._messages = _Messages(self.tell) if power.asks_for_messages() else None
        application = QCoreApplication.instance()
        if self._messages is not None and application is not None:
            application.installNativeEventFilter(self._messages)

    def tell(self) -> None:
        """Say that it is time to lock; said once."""
        if self._timer.isActive():
            self.stop()
            self.seen.emit()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._over.set()

    def _look(self) -> None:
        if self._gone.is_set() or self._asleep() - self._slept >= SLEPT_SECONDS:
            self.tell()


class _Messages(QAbstractNativeEventFilter):
    """Reads the window messages of a system that tells of sleep by them."""

    def __init__(self, sleeps: Callable[[], None]) -> None:
        super().__init__()
        self._sleeps = sleeps

    def nativeEventFilter(self, kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        del kind
        if power.goes_to_sleep(int(message)):
            self._sleeps()
        return False


def _watch(folder: Path, gone: threading.Event, over: threading.Event, every: float) -> None:
    """Look again and again whether the folder can still be read; an error of its medium counts as gone."""
    while not over.wait(every):
        try:
            next(folder.iterdir(), None)
        except OSError:
            gone.set()
            return
