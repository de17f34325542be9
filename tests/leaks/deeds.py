"""What a hand does at the desk: writes, finds, attaches, looks, sends, takes in, publishes, locks, or breaks things."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.leaks import canaries
from tests.leaks.hands import pause, safely, until
from tests.ui import room_stage
from tests.ui.record_stage import Stage, write
from ui.screens.record_side import ItemRow
from ui.widgets.file_choice import DropTarget

CONTROL_KEY = Qt.KeyboardModifier.ControlModifier


class Hand:
    """What tests/ui calls a qtbot, without a test around it."""

    keyClick = staticmethod(QTest.keyClick)  # noqa: N815 - Qt's name
    mouseClick = staticmethod(QTest.mouseClick)  # noqa: N815 - Qt's name
    wait = staticmethod(QTest.qWait)

    def waitUntil(self, ready: Any, timeout: int = 0) -> None:  # noqa: N802 - Qt's name
        until(ready)


class Deeds(Stage):
    """Everything a scenario can ask for, by name; the vault and the window are the program's own."""

    def __init__(self, window: Any, control: Path) -> None:  # not a stage of a test: nothing is built here
        self.window, self.control = window, control
        self.desk, self.tasks = window.desk, window.desk.tasks
        self.home = Path.home()
        self.bot = Hand()

    def do(self, steps: list[str]) -> None:
        """Do the steps one after the other, each from the program's own event loop."""
        name, _, word = steps[0].partition(":")
        getattr(self, f"do_{name}")(*([word] if word else []))
        if steps[1:]:
            QTimer.singleShot(200, self.window, safely(lambda: self.do(steps[1:])))

    def settle(self) -> None:
        """Wait until the worker has nothing to do."""
        QTest.qWait(80)
        until(lambda: self.tasks.idle, "worker")
        QTest.qWait(30)

    def to(self, room: str) -> Any:
        """Go to a room."""
        self.window.show_room(room)
        self.settle()
        return self.window.current()

    def press(self, key: str, inside: QWidget | None = None) -> None:
        """Press the button with a text of the catalogue."""
        room_stage.press(self.bot, inside or self.window, self.desk.words.say(key))
        self.settle()

    # -- writing

    def do_record(self) -> None:
        """Write a person, a detention and a testimony, every text field of each, and save them."""
        for kind in ("person", "detention", "testimony"):
            self._begin(kind)
            for name, row in list(self.room.form.body.rows.items()):
                if row.slot.of.type.value in ("text", "long_text") and not row.slot.of.many:
                    self.fill(name, canaries.value(f"{kind} {name}"))
            if kind == "person":
                self.fill("iin", canaries.NUMBERS[0])
            self.save()
            if self.room.form.dirty:
                raise ValueError(kind)

    def _begin(self, kind: str) -> None:
        self.to("record")
        QTest.keyClick(self.window, Qt.Key.Key_N, CONTROL_KEY)
        self.bot.mouseClick(
            next(one for one in self.room.new_page.buttons if one.property("kind") == kind), Qt.MouseButton.LeftButton
        )
        self.settle()

    def do_draft(self) -> None:
        """Write half a person and let it be kept by itself, unsaved."""
        self._begin("person")
        self.fill("name_kk", canaries.value("жоба"))
        self.fill("occupation", canaries.value("жоба 2"))
        QTest.qWait(3_400)
        self.settle()

    def do_search(self) -> None:
        """Find somebody by name, in the palette and in the list."""
        QTest.keyClick(self.window, Qt.Key.Key_K, CONTROL_KEY)
        write(self.window.top.search, canaries.MARKER)
        self.settle()
        QTest.qWait(400)
        QTest.keyClick(self.window.top.search, Qt.Key.Key_Return)
        self.settle()

    def do_attach(self) -> None:
        """Attach a picture by our own file dialog and look at it."""
        file = self.home / "sources" / f"{canaries.MARKER} {canaries.PLAIN}.png"
        self.do_search()
        self.settle()
        self.room.side.ask()
        room_stage.choose_file(self.bot, self.window, file)
        self.settle()
        item = until(lambda: self.room.side.findChild(ItemRow), "item")
        self.bot.mouseClick(item.eye, Qt.MouseButton.LeftButton)
        self.settle()
        until(item.picture.isVisible, "picture")

    # -- partners and readers

    def do_take(self) -> None:
        """Take in the bundle that waits."""
        room_stage.drop(self.to("merge").findChild(DropTarget), self.home / "in.kzbundle")
        self.settle()
        self.press("merge.take")

    def do_send(self) -> None:
        """Make a bundle of everything for the partner."""
        room = self.to("send")
        until(lambda: not room.why_not(), "send")
        room.make()
        room_stage.choose_file(self.bot, self.window, self.home / "out.kzbundle")
        self.settle()
        until((self.home / "out.kzbundle").exists, "bundle")

    def do_publish(self) -> None:
        """Lay out a paper for inside, look at it, sign it into a file."""
        room = self.to("publish").paper
        write(room.choice.entry, canaries.MARKER)
        self.settle()
        QTest.keyClick(room.choice.entry, Qt.Key.Key_Return)
        until(lambda: room.shown is not None, "preview")
        form = room.form
        form.audience.setCurrentIndex(form.audience.findData("internal"))
        form.audience.activated.emit(form.audience.currentIndex())
        until(lambda: room.shown is not None and room.shown.wanted == form.wanted() and not room.why_not(), "sign")
        self.settle()
        if (self.home / "papers" / "paper.pdf").exists():
            raise FileExistsError
        QTest.keyClick(self.window, Qt.Key.Key_Return, CONTROL_KEY)
        room_stage.choose_file(self.bot, self.window, self.home / "papers" / "paper.pdf")
        self.settle()
        until((self.home / "papers" / "paper.pdf.sig").exists, "paper")

    def do_copy(self) -> None:
        """Copy a name out of a field with Ctrl+C."""
        self._begin("person")
        entry = self.entry("name_kk")
        self.fill("name_kk", canaries.value("көшірме"))
        QTest.keyClick(entry, Qt.Key.Key_A, CONTROL_KEY)
        QTest.keyClick(entry, Qt.Key.Key_C, CONTROL_KEY)
        if QGuiApplication.clipboard().text() != canaries.value("көшірме"):
            raise ValueError

    # -- ends

    def do_pause(self, name: str) -> None:
        """Wait for the test."""
        pause(self.control, name)

    def do_speak(self, lang: str) -> None:
        """Change the language, which is remembered outside the vault."""
        self.window.choose_language(lang)
        self.settle()

    def do_ponder(self) -> None:
        """Let the desk read what never ends, as a search over everything seems to."""
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        self.tasks.read(lambda session, _: session.vault.database.rows(endless))

    def do_lock(self) -> None:
        """Press F12."""
        (self.control / "locking").touch()
        QTest.keyClick(self.window, Qt.Key.Key_F12)

    def do_quit(self) -> None:
        """Press Ctrl+Q."""
        QTest.keyClick(self.window, Qt.Key.Key_Q, CONTROL_KEY)

    def do_raise(self) -> None:
        """Let a slot and the worker fail with a value of a record in hand, as a fault of ours would."""

        def slot() -> None:
            name = canaries.value("slot")
            raise ValueError(name)

        def work(_session: Any, _progress: Any) -> None:
            number = canaries.NUMBERS[0]
            raise KeyError(number)

        QTimer.singleShot(100, slot)
        self.tasks.read(work)

    def do_fall(self) -> None:
        """Die as a fault in compiled code would let the desk die, with a record open."""
        os.kill(os.getpid(), signal.SIGSEGV)
        time.sleep(10)

    # -- what a leaky program would do, one each

    def do_twin(self, _which: str) -> None:
        """Break a rule: spill a record into a temporary file with an innocent name, and take the file away again."""
        file = self.home / "tmp" / "tmpabcdefgh"
        file.write_text(canaries.value("twin"))
        file.unlink()
