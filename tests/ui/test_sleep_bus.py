"""Sleep told by the system's bus: a private bus, a stand-in of systemd's login manager on it, and the desk's ear."""

from __future__ import annotations

import os
import select
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusUnixFileDescriptor, QDBusVirtualObject

from ui.lock_signs import LockSigns, SleepBus, unix_address

LOGIN = "org.freedesktop.login1"
PATH = "/org/freedesktop/login1"
CONFIG = """<busconfig><type>system</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""


class Login(QDBusVirtualObject):
    """Answers Inhibit with the writing end of a pipe, as systemd does, and can say that sleep comes."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.asked: list[list[object]] = []
        self.bus = QDBusConnection.connectToBus(address, f"login-{id(self)}")
        assert self.bus.registerService(LOGIN)
        assert self.bus.registerVirtualObject(PATH, self)
        self.end, self._given = os.pipe()

    def introspect(self, path: str) -> str:
        del path
        return ""

    def handleMessage(self, message: QDBusMessage, bus: QDBusConnection) -> bool:  # noqa: N802 - Qt's
        self.asked.append([message.member(), *message.arguments()])
        bus.send(message.createReply([QDBusUnixFileDescriptor(self._given)]))
        os.close(self._given)
        return True

    def tell(self, before: bool) -> None:
        """Send PrepareForSleep."""
        signal = QDBusMessage.createSignal(PATH, f"{LOGIN}.Manager", "PrepareForSleep")
        signal.setArguments([before])
        self.bus.send(signal)

    def waits(self) -> bool:
        """Tell whether anybody still holds the other end of the pipe."""
        return not select.select([self.end], [], [], 0)[0]


@pytest.fixture
def address(tmp_path_factory):
    """Return the address of a private bus, which ends with the test."""
    folder = tmp_path_factory.mktemp("bus")
    (folder / "config").write_text(CONFIG.format(folder / "bus"))
    command = ["dbus-daemon", "--config-file", folder / "config", "--nofork", "--print-address"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        yield process.stdout.readline().decode().strip()
        process.kill()


@pytest.fixture
def login(address, qapp):
    made = Login(address)
    yield made
    os.close(made.end)
    QDBusConnection.disconnectFromBus(made.bus.name())


def test_sleep_waits_for_us_and_is_heard_before_it_comes(login, address, qtbot) -> None:
    parent, told = QObject(), []
    bus = SleepBus(parent, address)
    bus.comes.connect(lambda: told.append(1))
    qtbot.waitUntil(lambda: bus.holds)
    assert login.asked == [["Inhibit", "sleep", "kzdoc", "kzdoc locks its vault", "delay"]]
    assert login.waits()
    login.tell(before=False)
    qtbot.wait(50)
    assert told == []
    login.tell(before=True)
    qtbot.waitUntil(lambda: told == [1])
    assert login.waits()
    bus.let_sleep()
    qtbot.waitUntil(lambda: not login.waits())


def test_the_desk_locks_before_sleep(login, address, qtbot, tmp_path) -> None:
    parent, told = QObject(), []
    signs = LockSigns(parent, tmp_path, bus=address)
    signs.seen.connect(lambda: told.append(1))
    qtbot.waitUntil(lambda: bool(login.asked))
    login.tell(before=True)
    qtbot.waitUntil(lambda: told == [1])
    signs.stop()


def test_a_bus_without_a_login_manager_is_no_harm(address, qtbot) -> None:
    bus = SleepBus(QObject(), address)
    assert bus.heard
    qtbot.wait(50)
    assert not bus.holds


@pytest.mark.parametrize(
    "address",
    [
        "tcp:host=127.0.0.1,port=5",
        "nonce-tcp:host=127.0.0.1,port=5,noncefile=/tmp/x",
        "unixexec:path=/bin/sh",
        "autolaunch:",
        "unix:path={socket};tcp:host=127.0.0.1,port=5",
        "tcp:host=127.0.0.1;unix:path={socket}",
        "unix:path=/nowhere/at/all",
        "",
    ],
)
def test_an_address_that_is_not_one_socket_of_this_machine_is_refused(address, tmp_path) -> None:
    socket = tmp_path / "socket"
    socket.touch()
    assert unix_address(address.format(socket=socket)) == ""
    assert unix_address(f"unix:path={socket},guid=00") == f"unix:path={socket},guid=00"
    assert not SleepBus(QObject(), address.format(socket=socket)).heard


def test_without_a_bus_nothing_is_heard() -> None:
    assert not SleepBus(QObject(), "unix:path=" + str(Path("/nonexistent/bus"))).heard
