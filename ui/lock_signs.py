"""What locks besides a person and idleness: the machine goes to sleep or slept, the stick with the vault is gone.

Where the system tells before it sleeps, the desk ends then: Windows by a window message, Linux by systemd's signal
``PrepareForSleep``, while we hold what makes it wait for us (a delay inhibitor, five seconds at most). Elsewhere the
desk ends as soon as the machine wakes: the clock that goes on in sleep has run ahead. D-Bus could also go through a
network, so every address is refused that is not one socket of this machine. The vault's folder is looked at by a
thread, because a stick that hangs must not hang the window; the thread knows two events alone and may outlive the desk.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    SLOT,
    QAbstractNativeEventFilter,
    QByteArray,
    QCoreApplication,
    QObject,
    QTimer,
    Signal,
    Slot,
)

from kzdoc.platform import power

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher

EVERY_MS = 1_000
SLEPT_SECONDS = 2.0
"""Clocks drift by less, nobody sleeps for less."""

BUS = "unix:path=/run/dbus/system_bus_socket"
"""Where Linux has the system's bus unless ``DBUS_SYSTEM_BUS_ADDRESS`` says otherwise."""
_LOGIN = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")
_INHIBIT = ["sleep", "kzdoc", "kzdoc locks its vault", "delay"]
_SOCKET = re.compile(r"unix:path=([^,;%]+)(,.*)?")


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
        bus: str = "",
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
        self._sleep = SleepBus(self, bus or os.environ.get("DBUS_SYSTEM_BUS_ADDRESS", BUS))
        self._sleep.comes.connect(self.tell)
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
        """Look no more; sleep need not wait for us once the process has ended."""
        self._timer.stop()
        self._over.set()

    def _look(self) -> None:
        if self._gone.is_set() or self._asleep() - self._slept >= SLEPT_SECONDS:
            self.tell()


class SleepBus(QObject):
    """Hears of sleep from the system's bus and makes it wait; ``comes`` is emitted before the machine sleeps.

    What makes it wait is a descriptor inside the answer that is kept: it goes with ``let_sleep`` or with the process.
    """

    comes = Signal()

    def __init__(self, parent: QObject, address: str) -> None:
        super().__init__(parent)
        self._held: QDBusMessage | None = None
        self._asked: QDBusPendingCallWatcher | None = None
        self._bus = self._connect(address)

    @property
    def heard(self) -> bool:
        """Whether there is a bus that would tell."""
        return self._bus is not None

    @property
    def holds(self) -> bool:
        """Whether sleep waits for us."""
        return self._held is not None

    def let_sleep(self) -> None:
        """Let sleep not wait for us any longer."""
        self._held = None

    def _connect(self, address: str) -> QDBusConnection | None:
        if not unix_address(address):
            return None
        from PySide6.QtDBus import (  # noqa: PLC0415 - not in every system's PySide, and needed only where there is a bus
            QDBusConnection,
            QDBusMessage,
            QDBusPendingCallWatcher,
        )

        bus = QDBusConnection.connectToBus(unix_address(address), f"kzdoc-sleep-{id(self)}")
        if not bus.isConnected():
            return None
        slot: Any = SLOT("prepare(bool)")  # text, though the stubs say bytes
        bus.connect(*_LOGIN, "PrepareForSleep", self, slot)
        call = QDBusMessage.createMethodCall(*_LOGIN, "Inhibit")
        call.setArguments(_INHIBIT)
        self._asked = QDBusPendingCallWatcher(bus.asyncCall(call), self)
        self._asked.finished.connect(self._answered)
        return bus

    def _answered(self, call: QDBusPendingCallWatcher) -> None:
        if not call.isError():
            self._held = call.reply()
        self._asked = None
        call.deleteLater()  # it holds the answer too

    @Slot(bool)
    def prepare(self, before: bool) -> None:
        """Hear ``PrepareForSleep``: True before the machine sleeps, False when it woke."""
        if before:
            self.comes.emit()


def unix_address(address: str) -> str:
    """Return the address of a bus when it is one socket of this machine that exists, else ""."""
    found = _SOCKET.fullmatch(address)
    return address if found and Path(found[1]).exists() else ""


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
