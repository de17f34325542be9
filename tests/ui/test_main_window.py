"""The window: rooms, palette, notices, locking, one column, live language."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QToolButton

from kzdoc.errors import VaultError
from ui.idle import Idle
from ui.keys import Command
from ui.main_window import MainWindow
from ui.room import Breadth, Room
from ui.rooms import ROOMS, TeachingRoom
from ui.widgets.basics import column
from ui.widgets.palette import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.surroundings import Surroundings

told: list[str] = []


class TryRoom(Room):
    """A room that tells what is done to it."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk)
        told.append("built")
        self.field = QLineEdit()
        self.setLayout(column(self.banners, self.field))

    def commands(self) -> Sequence[Command]:
        return (Command("try.mark", "command.jot", lambda: told.append("command"), ("Ctrl+D",), scope="rally"),)

    def arrive(self, what: object) -> None:
        told.append(f"arrive {what}")
        self.field.setFocus()

    def refresh(self, changes: object) -> None:
        told.append(f"refresh {changes}")

    def keep(self) -> None:
        told.append("keep")
        self.desk.tasks.write(lambda session, _: session.append(self.field.text()))

    def leave(self) -> None:
        told.append("leave")

    def rearrange(self, breadth: Breadth) -> None:
        told.append(breadth)

    def back(self) -> bool:
        told.append("back")
        return True


def _teaching(room: str) -> Callable[[Surroundings], Room]:
    """Return what builds an empty room: the session of these tests is a list, which no real room can read."""
    return lambda desk: TeachingRoom(desk, room)


@pytest.fixture
def window(desk, qtbot):
    told.clear()
    entries = [replace(entry, build=TryRoom if entry.id == "rally" else _teaching(entry.id)) for entry in ROOMS]
    made = MainWindow(desk, entries, role="coordinator")
    qtbot.addWidget(made)
    made.resize(1366, 690)
    made.show()
    made.show_room("today")
    yield made
    made._ending = True


def test_a_room_is_built_at_its_first_visit(window) -> None:
    assert "built" not in told
    window.show_room("rally", "a record")
    assert told == ["built", "wide", "arrive a record"]
    window.show_room("today")
    window.show_room("rally")
    assert told[3:] == ["leave", "arrive None"]
    assert window.current().field.hasFocus()


def test_the_role_decides_the_rail_and_the_palette_keeps_all(window) -> None:
    window.set_role("monitor")
    QApplication.processEvents()
    names = [button.text() for button in window.rail._buttons.values()]
    assert names == ["Сегодня", "Записи", "Митинг", "Отправка", "Ключи"]
    assert len(window.palette_box.rooms) == len(ROOMS)


def test_a_rooms_own_commands_are_in_force_only_there(window) -> None:
    window.show_room("rally")
    QTest.keyClick(window.current().field, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert told[-1] == "command"
    window.show_room("today")
    told.clear()
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert "command" not in told


def test_rooms_by_key_and_by_rail(window) -> None:
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.room == "rally"
    button = next(b for b in window.rail.findChildren(QToolButton) if b.text() == "Ключи")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.room == "keys"
    assert button.isChecked()


def test_one_column_under_900(window) -> None:
    window.show_room("rally")
    window.resize(683, 384)
    QApplication.processEvents()
    assert told[-1] == "narrow"
    assert window.rail.width() == 44
    assert all(b.toolTip() and b.accessibleName() for b in window.rail._buttons.values())
    assert window.current().width() == 683 - 44
    QTest.keyClick(window.current().field, Qt.Key.Key_Escape)
    assert told[-1] == "back"


def test_the_palette_opens_at_the_search_field_and_gives_the_focus_back(window, qtbot) -> None:
    window.show_room("rally")
    field = window.current().field
    QTest.keyClick(field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    search = window.top.search
    assert search.hasFocus()
    assert window.palette_box.isVisible()
    with qtbot.waitSignal(window.searched) as heard:
        QTest.keyClicks(search, "ntcn")  # "тест" in the wrong layout
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert not window.palette_box.isVisible()
    assert field.hasFocus()
    assert heard.args[0] == "nt"
    assert search.text() == ""


def test_the_palette_runs_and_shows_records(window) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    window.top.search.insert("тестов")  # QTest types Latin letters only
    window.top.search.textEdited.emit("тестов")
    window.palette_box.show_records("тестов", [Item("Тестов Данияр", lambda: told.append("record"))])
    QTest.keyClick(window.top.search, Qt.Key.Key_Return)
    assert told[-1] == "record"


def test_the_language_switches_everything_live(window) -> None:
    window.choose_language("kk")
    texts = [part.text() for part in window.findChildren(QLabel)]
    assert "Бәрі сақталды" in texts
    assert window.top._language.text() == "Қаз"
    assert window.palette_box.rooms[0].text == "Бүгін"


def test_a_write_refreshes_the_rooms_that_exist(window, qtbot) -> None:
    window.show_room("rally")
    window.show_room("today")
    window.desk.tasks.write(lambda _session, _: "changes")
    qtbot.waitUntil(lambda: "refresh changes" in told)


def test_an_error_nobody_hears_becomes_a_banner(window, qtbot) -> None:
    def refuses(_session: object, _progress: object) -> None:
        raise VaultError("work.cancelled")

    window.desk.tasks.read(refuses)
    qtbot.waitUntil(window.banners.isVisible)
    assert window.banners.gravest().params["sentence"].startswith("Остановлено.")
    for lang in ("kk", "en"):
        window.choose_language(lang)
        told_now = [part.text() for part in window.banners.findChildren(QLabel)]
        assert window.desk.words.error(VaultError("work.cancelled")) in told_now


def test_locking_hides_all_keeps_the_draft_and_asks_nothing(window, qtbot) -> None:
    window.show_room("rally")
    window.current().field.setText("свидетельство")
    dialog = QDialog(window)
    dialog.setModal(True)
    dialog.show()
    with qtbot.waitSignal(window.locking):
        QTest.keyClick(dialog, Qt.Key.Key_F12)
    assert not any(widget.isVisible() for widget in QApplication.topLevelWidgets())
    assert "keep" in told
    kept: list[list[str]] = []
    window.desk.tasks.read(lambda session, _: list(session), done=kept.append)
    qtbot.waitUntil(lambda: bool(kept))
    assert kept == [["свидетельство"]]


def test_closing_the_window_keeps_too(window, qtbot) -> None:
    window.show_room("rally")
    with qtbot.waitSignal(window.closing):
        window.close()
    assert "keep" in told


def test_long_work_stands_in_the_foot_bar(window, qtbot) -> None:
    import time

    def work(_session: object, progress) -> None:
        for number in range(100):
            progress("nothing.known", number, 1040)
            time.sleep(0.012)

    window.desk.tasks.read(work, label="work.saving")
    qtbot.wait(300)
    assert not window.foot.isVisible()
    qtbot.waitUntil(window.foot.isVisible)
    qtbot.waitUntil(lambda: any(" из 1" in part.text() for part in window.foot.findChildren(QLabel)))
    qtbot.waitUntil(lambda: not window.foot.isVisible())


def test_a_toast_over_the_content(window) -> None:
    undone: list[int] = []
    window.desk.notice("notice.removed", undo=lambda: undone.append(1))
    assert window.toast.isVisible()
    bottom = window.toast.mapTo(window, window.toast.rect().bottomLeft())
    assert bottom.y() < window.height()
    assert bottom.x() >= window.rail.width()


def test_what_is_deaf_sleeps_whatever_is_pressed(theme, window, qtbot) -> None:
    idle = Idle(theme.watch, milliseconds=200)
    idle.deaf = True
    slept: list[int] = []
    idle.slept.connect(lambda: slept.append(1))
    for _ in range(60):
        QTest.keyClick(window, Qt.Key.Key_Shift)
        qtbot.wait(10)
    assert slept == [1]


def test_idle_locks(theme, window, qtbot) -> None:
    idle = Idle(theme.watch, milliseconds=400)
    slept: list[int] = []
    idle.slept.connect(lambda: slept.append(1))
    for _ in range(4):
        qtbot.wait(150)
        QTest.keyClick(window, Qt.Key.Key_Shift)
    assert slept == []
    qtbot.waitUntil(lambda: slept == [1])


def test_a_notice_stays_in_front_of_the_room_that_is_gone_to(window) -> None:
    window.desk.notice("notice.removed")
    for room in ("publish", "today"):
        window.show_room(room)
        QApplication.processEvents()
        siblings = [one for one in window._stack.children() if one.isWidgetType()]
        assert siblings[-1] is window.toast, "no page lies over it"
