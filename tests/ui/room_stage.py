"""Rooms on a stage: a real vault behind the worker, the window's notices and journeys noted, dialogs found by sight."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QListWidget, QWidget

from kzdoc.session import Session
from tests.field_office import Office
from ui.keys import Keys
from ui.messages import Words
from ui.room import Room
from ui.surroundings import Surroundings
from ui.tasks import Tasks
from ui.theme import Theme
from ui.widgets.file_choice import FileChoice

PATIENCE = 30_000


@dataclass
class Stage:
    """A room at work."""

    room: Any
    desk: Surroundings
    notices: list[str] = field(default_factory=list)
    undo: list[Callable[[], None] | None] = field(default_factory=list)
    journeys: list[tuple[str, object]] = field(default_factory=list)


@contextmanager
def on_stage(
    office: Office, at: str, build: Callable[[Surroundings], Room], theme: Theme, qtbot: Any, *, lang: str = "ru"
) -> Iterator[Stage]:
    """Show a room that works on a real vault; the worker ends with the block."""
    tasks: Tasks[Session] = Tasks(lambda: office.open(at), lambda session: session.close())
    tasks.start()
    desk = Surroundings(Words(lang), theme, Keys(theme.watch), tasks)
    stage = Stage(None, desk)

    def notice(key: str, params: dict[str, str | int], undo: Callable[[], None] | None) -> None:
        stage.notices.append(desk.words.say(key, **params))
        stage.undo.append(undo)

    desk.show_notice = notice
    desk.show_room = lambda room, what: stage.journeys.append((room, what))
    room = build(desk)
    stage.room = room
    tasks.changed.connect(room.refresh)
    desk.keys.add(*room.commands())
    desk.keys.enter(room.commands()[0].scope)
    qtbot.addWidget(room)
    room.resize(1260, 660)
    room.set_breadth("wide")
    room.show()
    room.arrive(None)
    try:
        calm(qtbot, desk)
        yield stage
    finally:
        for dialog in room.findChildren(FileChoice):
            dialog.reject()
        assert tasks.stop(20)


def calm(qtbot: Any, desk: Surroundings) -> None:
    """Wait until the worker has nothing to do."""
    qtbot.waitUntil(lambda: desk.tasks.idle, timeout=PATIENCE)
    qtbot.wait(20)
    qtbot.waitUntil(lambda: desk.tasks.idle, timeout=PATIENCE)


def texts(room: QWidget) -> str:
    """Return everything a person can read in a room."""
    shown = [one.text() for one in room.findChildren(QLabel) if one.isVisibleTo(room)]
    return "\n".join(shown)


def press(qtbot: Any, room: QWidget, text: str) -> None:
    """Click the button with this text."""
    found = [one for one in room.findChildren(QAbstractButton) if one.isVisibleTo(room) and one.text() == text]
    assert found, f"no button {text!r}"
    assert found[0].isEnabled(), f"{text!r} is off"
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def write(field: QWidget, text: str) -> None:
    """Type a text in any script, one key event a letter (QTest's own stops at letters that are not Latin)."""
    field.setFocus()
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def drop(target: QWidget, *paths: Path) -> None:
    """Drag files in and drop them, with the events Qt sends."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Qt calls it so, and offers no other way to make one
        enter = QDragEnterEvent(QPoint(5, 5), action, data, button, keys)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), action, data, button, keys))


def choose_file(qtbot: Any, room: QWidget, path: Path) -> None:
    """Choose a file in our own dialog by typing where it is."""
    qtbot.waitUntil(lambda: bool(open_choices(room)), timeout=PATIENCE)
    dialog = open_choices(room)[0]
    saving = dialog._wanted == "save"
    dialog._path.selectAll()
    write(dialog._path, str(path.parent if saving else path))
    qtbot.keyClick(dialog._path, Qt.Key.Key_Return)
    if saving:
        dialog._name.selectAll()
        write(dialog._name, path.name)
        press(qtbot, dialog, dialog._main.text())


def choose_folder(qtbot: Any, room: QWidget, path: Path) -> None:
    """Choose a folder in our own dialog by typing where it is."""
    qtbot.waitUntil(lambda: bool(open_choices(room)), timeout=PATIENCE)
    dialog = open_choices(room)[0]
    dialog._path.selectAll()
    write(dialog._path, str(path))
    qtbot.keyClick(dialog._path, Qt.Key.Key_Return)
    press(qtbot, dialog, dialog._main.text())


def open_choices(room: QWidget) -> list[FileChoice]:
    """Return the file dialogs that are open over a room."""
    return [one for one in room.findChildren(FileChoice) if one.isVisible() and one.findChildren(QListWidget)]
