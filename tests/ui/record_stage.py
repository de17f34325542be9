"""A real vault, the real window and worker, and hands that type in any alphabet, for the tests of the Record room."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from kzdoc import casework, session
from ui.keys import Keys
from ui.main_window import MainWindow
from ui.rooms import ROOMS
from ui.screens.record_scenes import said
from ui.screens.record_search import search_records
from ui.surroundings import Surroundings
from ui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kzdoc.moment import Clock
    from ui.screens.record import RecordRoom

PASSPHRASE = "сынақ түбі сары алтын тұнық бұлақ суы"
PATIENCE_MS = 60_000
QUIET_MS = 40


@dataclass(frozen=True)
class Template:
    """A closed vault with its owner's keys, and its database key."""

    folder: Path
    key: bytes


def make_template(folder: Path, clock: Clock) -> Template:
    """Make the vault once; its passphrase protects nothing."""
    session.create_vault(folder, PASSPHRASE, author="Тестілеуші", clock=clock).close()
    return Template(folder, bytes(session.unlock(folder, PASSPHRASE)))


class Stage:
    """One window on one copy of the vault."""

    def __init__(
        self, template: Template, folder: Path, desk: Surroundings, clock: Clock, *, room: str = "record"
    ) -> None:
        if not folder.exists():
            shutil.copytree(template.folder, folder)
        self.folder, self.key, self.clock = folder, template.key, clock
        self.tasks: Tasks[session.Session] = Tasks(self._open, lambda at: at.close())
        self.tasks.start()
        self.desk = Surroundings(desk.words, desk.theme, Keys(desk.theme.watch), self.tasks)
        self.window = MainWindow(self.desk, ROOMS, role="coordinator")
        search_records(self.desk, self.window)
        self.window.resize(1366, 768)
        self.window.show()
        self.window.show_room(room)
        self.settle()

    def _open(self) -> session.Session:
        return session.open_session_with_key(self.folder, bytearray(self.key), clock=self.clock)

    @property
    def room(self) -> RecordRoom:
        """The Record room."""
        return self.window.current()  # type: ignore[return-value]

    def settle(self) -> None:
        """Wait until nothing runs, waits or is about to be asked."""
        QTest.qWait(80)
        quiet = waited = 0
        while quiet < QUIET_MS:
            assert waited < PATIENCE_MS, "the worker never rests"
            QTest.qWait(10)
            waited += 10
            quiet = quiet + 10 if self.tasks.idle else 0

    def ask(self, action: Callable[[session.Session], Any]) -> Any:
        """Run something in the session on its own thread and return what it returned."""
        answers: list[Any] = []
        errors: list[Any] = []
        self.tasks.read(lambda at, _: action(at), done=answers.append, failed=errors.append)
        self.settle()
        assert not errors, [error.code for error in errors]
        return answers[0]

    def go(self, record: bytes) -> None:
        """Open a record."""
        self.room.open(record)
        self.settle()

    def row(self, field: str) -> Any:
        """Return a row of the form."""
        assert self.room.form.body is not None
        return self.room.form.body.rows[field]

    def entry(self, field: str) -> QWidget:
        """Return what a person types into for a field."""
        entry: QWidget = self.row(field).slot.entry
        return entry

    def fill(self, field: str, text: str) -> None:
        """Type into a field."""
        entry = self.entry(field)
        entry.setFocus(Qt.FocusReason.OtherFocusReason)
        write(entry, text)

    def save(self) -> None:
        """Press Ctrl+Enter."""
        QTest.keyClick(
            QApplication.focusWidget() or self.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
        )
        self.settle()

    def names(self) -> list[str]:
        """Return the names in the list."""
        rows = self.room.list.list.rows
        return [rows.row_at(rows.index(number)).name for number in range(rows.rowCount())]

    def end(self) -> None:
        """Close the vault and the window."""
        assert self.tasks.stop(PATIENCE_MS / 1000)
        self.window._ending = True
        self.window.hide()
        self.window.deleteLater()
        self.desk.theme.watch.forget()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def write(target: QWidget, text: str) -> None:
    """Press one key for each letter, as a keyboard of any layout does."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = ord(letter.upper()) if len(letter.upper()) == 1 else 0
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(QApplication.activePopupWidget() or target, event)


def click(widget: QWidget) -> None:
    """Press the mouse on a widget."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def button(inside: QWidget, text: str) -> QPushButton:
    """Return the visible button with this text."""
    return next(one for one in inside.findChildren(QPushButton) if one.text() == text and one.isVisible())


def begin(stage: Stage, kind_id: str) -> None:
    """Begin a record of a kind by Ctrl+N."""
    QTest.keyClick(stage.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    click(next(one for one in stage.room.new_page.buttons if one.property("kind") == kind_id))
    stage.settle()


def add(stage: Stage, kind_id: str, **values: Any) -> bytes:
    """Write a record beside the window and show the list anew."""
    record: bytes = stage.ask(lambda at: casework.add(at, kind_id, said(**values)))
    stage.room.list.ask()
    stage.settle()
    return record
