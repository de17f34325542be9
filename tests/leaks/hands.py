"""Hands at the two windows: they press keys and click, each in the real process of the window it works at."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from ui.supervisor import CLOSED

PATIENCE = 60.0
KEPT: list[bytes] = []
"""What a twin keeps."""


def until(ready: Any, what: str = "") -> Any:
    """Let the window work until something is true, and return it."""
    end = time.monotonic() + PATIENCE
    while not (found := ready()):
        if time.monotonic() > end:
            raise TimeoutError(what)
        QTest.qWait(20)
    return found


def sittings(control: Path) -> int:
    """Return how many sittings have begun."""
    return len(list(control.glob("sitting-*")))


def pause(control: Path, name: str) -> None:
    """Tell the test that this is the moment, and wait until it says to go on."""
    (control / f"{name}.ready").touch()
    until((control / f"{name}.go").exists, name)


def safely(act: Any) -> Any:
    """Return ``act`` such that a failure ends the process with its place, so that no test waits for it."""

    def run() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - a test must see it
            trace, where = error.__traceback__, []
            while trace is not None:
                where.append(f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
                trace = trace.tb_next
            sys.stderr.write(f"HAND {type(error).__name__} {' '.join(where)}\n")
            os._exit(97)

    return run


class Eye(QObject):
    """Sees when a window is painted for the first time, and says so with a file named after the sittings so far."""

    def __init__(self, window: QObject, control: Path) -> None:
        super().__init__(window)
        self._control = control
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Paint:
            (self._control / f"stands-{sittings(self._control)}").touch()
            watched.removeEventFilter(self)
        return False


# -- at the unlock window -----------------------------------------------------------------------------------------


def unlock_hand(window: Any, control: Path, end: Any) -> None:
    """Type the passphrase into the window that stands there: make the vault or open it; after the plan, wait."""
    from tests.ui.record_stage import write

    number = sittings(control)
    (control / f"sitting-{number}").touch()
    (control / "unlock-waits").unlink(missing_ok=True)
    if number >= len(json.loads((control / "plan.json").read_text())):
        until((control / "close").exists, "close")
        end(CLOSED)
        return
    passphrase = (control / "passphrase").read_text(encoding="utf-8")
    panel = until(lambda: next((one for one in (window.create_panel, window.open_panel) if one.isVisible()), None))
    QTest.qWait(300)
    panel = next(one for one in (window.create_panel, window.open_panel) if one.isVisible())
    until((control / "desk-waits").exists, "a desk")  # it starts meanwhile: nobody types as fast as a hand here
    (control / "desk-waits").unlink()
    if panel is window.create_panel:
        until(panel.secret.text, "seven words are offered first")
        write(panel.author, "Тестілеуші")
        write(panel.again.field, passphrase)
    QTest.keyClick(panel.secret.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    write(panel.secret.field, passphrase)
    last = panel.again.field if panel is window.create_panel else panel.secret.field
    if (control / "slip").exists():  # a wrong passphrase first, as people do
        (control / "slip").unlink()
        write(last, "х")
        QTest.keyClick(last, Qt.Key.Key_Return)
        QTest.qWait(3000)
        until(panel.main.isEnabled, "refused")
        QTest.keyClick(last, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        write(last, passphrase)
    (control / "pressed").touch()
    QTest.keyClick(last, Qt.Key.Key_Return)


def unlock(control: Path) -> int:
    """Run the unlock process as ui.unlock does, with the hand at its window."""
    from tests.ui import record_stage  # noqa: F401 - now, while the process waits hidden, and not when it is shown
    from ui.application import Application
    from ui.gate import SessionGate
    from ui.handover import send, take_standard_output
    from ui.unlock import SupervisorLine, Unlock

    pipe = take_standard_output()
    application = Application()
    made = Unlock(application, SessionGate, lambda handover: send(pipe, handover))
    line = SupervisorLine(application.qt)
    line.told.connect(made.show)
    Eye(made.window, control)
    act = safely(lambda: unlock_hand(made.window, control, made.end))
    line.told.connect(lambda *_: QTimer.singleShot(100, act))
    line.gone.connect(lambda: made.end(CLOSED))
    line.listen()
    (control / "unlock-waits").touch()
    return application.qt.exec()


# -- at the desk --------------------------------------------------------------------------------------------------


def desk(control: Path) -> int:
    """Run the desk process as ui.desk does, with the hand at its window."""
    from kzdoc.errors import KzdocError
    from kzdoc.platform.hardening import harden_process
    from tests.ui import record_stage, room_stage  # noqa: F401 - now, and not when the window is to be shown
    from ui import desk as real
    from ui.application import Application
    from ui.handover import receive

    harden_process()
    (control / "desk-waits").touch()
    try:
        handover = receive()
    except KzdocError:
        return real.NOT_WHOLE
    if handover is None:
        return real.NOTHING_CAME
    if (control / "twin").exists():  # the rule broken: a copy that nobody wipes
        KEPT.append(bytes(handover.key))
    application = Application()
    steps = json.loads((control / "plan.json").read_text())[sittings(control) - 1]
    QTimer.singleShot(0, application.qt, safely(lambda: _at_the_desk(control, steps)))
    return real.run(application, handover)


def _at_the_desk(control: Path, steps: list[str]) -> None:
    from tests.leaks.deeds import Deeds
    from ui.main_window import MainWindow

    def shown() -> QObject | None:
        windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]
        return windows[0] if windows else None

    window = until(shown, "desk")
    (control / "shown").touch()
    Deeds(window, control).do(steps)


if __name__ == "__main__":
    sys.exit({"unlock": unlock, "desk": desk}[sys.argv[1]](Path(sys.argv[2])))
