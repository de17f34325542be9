"""The curtain: one key covers every room, dialog and whatever opens meanwhile; one deliberate act brings it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QMenu, QPlainTextEdit, QWidget

from kzdoc.errors import KzdocError
from ui.curtain import Code
from ui.main_window import MainWindow
from ui.rooms import ROOMS, TeachingRoom
from ui.screens.asking import ask
from ui.screens.scenes import ROOM_SCENES
from ui.sitting import ALLOWED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.surroundings import Surroundings

SECRET = "Тестов Данияр"
SEEN = ("today", "merge-conflict", "send", "publish", "keys", "keys-compare")
"""A scene of every room that has something to show; publish has a page of a paper in it."""


@pytest.fixture
def window(desk: Surroundings, qtbot) -> Iterator[MainWindow]:
    """Return a window of empty rooms, with one text in it that nobody opposite may read."""
    entries = [one.__class__(one.id, one.icon, one.label, one.keys, one.roles, _teaching(one.id)) for one in ROOMS]
    made = MainWindow(desk, entries, role="coordinator")
    qtbot.addWidget(made)
    made.resize(1366, 690)
    made.show()
    made.show_room("today")
    yield made
    made._ending = True


def _teaching(room: str):
    return lambda desk: TeachingRoom(desk, room)


def told(window: QWidget) -> set[str]:
    """Return every text that can be read, on any window of the program."""
    found: set[str] = {one.windowTitle() for one in QApplication.topLevelWidgets() if one.isVisible()}
    kinds: tuple[type[QLabel | QAbstractButton | QLineEdit], ...] = (QLabel, QAbstractButton, QLineEdit)
    for top in {window, *QApplication.topLevelWidgets()}:
        if top.isVisible():
            found |= {one.text() for kind in kinds for one in top.findChildren(kind) if one.isVisible()}
            found |= {one.toPlainText() for one in top.findChildren(QPlainTextEdit) if one.isVisible()}
    return found - {""}


def on_the_screen() -> list[QWidget]:
    """Return the windows that are drawn."""
    hidden = Qt.WidgetAttribute.WA_DontShowOnScreen
    return [one for one in QApplication.topLevelWidgets() if one.isVisible() and not one.testAttribute(hidden)]


def press(window: QWidget, key: Qt.Key) -> None:
    """Press a key where the focus is, as a keyboard does."""
    QTest.keyClick(QApplication.focusWidget() or window, key)


@pytest.mark.parametrize("scene", [one for one in ROOM_SCENES if one.name in SEEN], ids=lambda one: one.name)
def test_under_the_curtain_nothing_of_any_room_is_seen(scene, desk: Surroundings, qtbot) -> None:
    window: MainWindow = scene.build(desk)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    scene.arrange(window)
    title = window.windowTitle()
    assert len(told(window)) > len(ROOMS)
    press(window, Qt.Key.Key_F11)
    QTest.qWait(30)
    said = {
        desk.words.say(key) for key in ("curtain.title", "curtain.kept", "curtain.show", "top.lock", "window.neutral")
    }
    assert told(window) == said
    assert window.windowTitle() == desk.words.say("window.neutral") != title
    assert on_the_screen() == [window]
    covered = window.grab().toImage()
    for part in window.layout().itemAt(0).widget().findChildren(QLabel):
        part.setText(SECRET)
    assert window.grab().toImage() == covered, "another desk behind it looks the same"
    QTest.mouseClick(window.sitting.curtain.show_button, Qt.MouseButton.LeftButton)
    assert SECRET in told(window)
    assert window.grab().toImage() != covered, "without a curtain the picture tells"
    assert window.windowTitle() == title
    window._ending = True


def test_a_curtain_one_can_look_through_would_be_seen(window: MainWindow) -> None:
    """The twin: the desk stays where it is, under something half drawn over it."""
    veil = QWidget(window)
    veil.setStyleSheet("background: rgba(255, 255, 255, 180);")
    veil.setGeometry(window.rect())
    veil.show()
    label = next(one for one in window.findChildren(QLabel) if one.isVisible() and one.text())
    before = window.grab().toImage()
    assert label.text() in told(window)
    label.setText(SECRET)
    assert window.grab().toImage() != before


def test_dialogs_menus_and_what_opens_meanwhile_are_covered_and_come_back(window: MainWindow, qtbot) -> None:
    desk = window.desk
    ended: list[int] = []
    first = ask(desk, window, SECRET, (), verb="record.remove", leave="action.cancel", then=lambda: ended.append(1))
    second = QDialog(first)
    second.setWindowTitle(SECRET)
    field = QLineEdit(second)
    second.open()
    field.setText(SECRET)
    menu = QMenu(second)
    menu.addAction(SECRET)
    menu.popup(second.pos())
    QTest.qWait(20)
    QTest.keyClick(menu, Qt.Key.Key_Escape)
    QTest.keyClick(field, Qt.Key.Key_F11)
    assert on_the_screen() == [window]
    late = ask(desk, window, SECRET, (), verb="record.remove", leave="action.cancel", then=lambda: ended.append(2))
    QTest.qWait(30)
    assert on_the_screen() == [window]
    assert SECRET not in told(window)
    window.sitting.curtain.show_button.setFocus()
    press(window, Qt.Key.Key_Return)
    QTest.qWait(30)
    assert {first, second, late} <= set(on_the_screen())
    assert field.text() == SECRET
    assert not ended, "what they ask stays asked"
    assert QApplication.activeModalWidget() is not None
    late.act.click()
    second.reject()
    first.act.click()
    assert ended == [2, 1]


def test_a_popup_is_closed(window: MainWindow) -> None:
    menu = QMenu(window)
    menu.addAction(SECRET)
    menu.popup(window.pos())
    QTest.qWait(20)
    window.desk.keys.command("curtain").run()
    assert on_the_screen() == [window]
    assert not menu.isVisible()


def test_no_key_of_the_desk_works_behind_it_but_locking(window: MainWindow, qtbot) -> None:
    press(window, Qt.Key.Key_F11)
    for key in (Qt.Key.Key_3, Qt.Key.Key_K, Qt.Key.Key_J):
        QTest.keyClick(window.sitting.curtain, key, Qt.KeyboardModifier.ControlModifier)
    for key in (Qt.Key.Key_F11, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space):
        QTest.keyClick(window.sitting.curtain, key)
    assert window.room == "today"
    assert window.sitting.drawn
    with qtbot.waitSignal(window.locking):
        QTest.keyClick(window.sitting.curtain, Qt.Key.Key_F12)


def test_the_focus_goes_back_to_where_one_typed(window: MainWindow) -> None:
    field = QLineEdit(window.current())
    field.show()
    field.setFocus()
    press(window, Qt.Key.Key_F11)
    assert window.sitting.curtain.hasFocus()
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Return)
    assert not window.sitting.drawn
    assert field.hasFocus()


def test_in_an_interview_only_its_code_lifts_it_and_three_wrong_ones_lock(window: MainWindow, qtbot) -> None:
    window.desk.sit("2580", 30)
    assert window.desk.keys._only == ALLOWED
    press(window, Qt.Key.Key_F11)
    entry = window.sitting.curtain.entry
    assert entry.hasFocus()
    QTest.keyClicks(entry, "1111")
    press(window, Qt.Key.Key_Return)
    assert window.sitting.drawn
    assert window.desk.words.say("curtain.wrong", n=2) in told(window)
    QTest.keyClicks(entry, "2580")
    press(window, Qt.Key.Key_Return)
    assert not window.sitting.drawn
    press(window, Qt.Key.Key_F11)
    locked: list[int] = []
    window.locking.connect(lambda: locked.append(1))
    for number in range(3):
        assert not locked, number
        QTest.keyClicks(entry, "0000")
        press(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: locked == [1])
    assert on_the_screen() == []


def test_a_quiet_minute_of_an_interview_draws_it(window: MainWindow, qtbot) -> None:
    window.sitting.curtain_after = 150
    assert not window.sitting.drawn
    window.desk.sit("2580", 30)
    qtbot.waitUntil(lambda: window.sitting.drawn)
    QTest.keyClicks(window.sitting.curtain.entry, "2580")
    press(window, Qt.Key.Key_Return)
    assert not window.sitting.drawn
    qtbot.waitUntil(lambda: window.sitting.drawn)


def test_an_interview_tells_how_long_it_may_wait_and_ends_by_its_verb(window: MainWindow) -> None:
    waits: list[int] = []
    window.sat.connect(waits.append)
    window.desk.sit("2580", 45)
    assert window.rail.isHidden()
    assert window.top.search.isHidden()
    window.show_room("keys")
    assert window.room == "today", "in an interview there is one room"
    end = next(
        one for one in window.findChildren(QAbstractButton) if one.text() == window.desk.words.say("top.end_sitting")
    )
    QTest.mouseClick(end, Qt.MouseButton.LeftButton)
    assert window.sitting.drawn
    assert window.desk.words.say("top.end_sitting") in told(window), "what the code does here is said"
    for code in ("1111", "2580"):
        assert waits == [45], "without the code it goes on"
        QTest.keyClicks(window.sitting.curtain.entry, code)
        press(window, Qt.Key.Key_Return)
    assert not window.sitting.drawn
    assert waits == [45, 0]
    press(window, Qt.Key.Key_F11)
    assert window.desk.words.say("curtain.show") in told(window)
    window.sitting.lift()
    assert not window.rail.isHidden()
    window.show_room("keys")
    assert window.room == "keys"


def test_in_an_interview_no_banner_of_the_window_comes(window: MainWindow) -> None:
    error = KzdocError("record.unknown")
    window.desk.sit("2580", 30)
    window.show_error(error)
    assert window.banners.isHidden()
    window.sitting.end()
    assert not window.banners.isHidden()


def test_nothing_is_said_under_it_not_even_to_a_screen_reader(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F11)
    window.desk.notice("sitting.line")
    assert not window.toast.accessibleName()
    window.sitting.lift()
    assert window.toast.accessibleName() == window.desk.words.say("sitting.line")


def test_the_code_is_kept_so_that_nobody_reads_it() -> None:
    code = Code.of("2580")
    assert code.matches(" 2580 ")
    assert not code.matches("2581")
    assert "2580" not in repr(code)
    assert b"2580" not in code.digest + code.salt
    assert Code.of("2580").digest != code.digest


def test_practice_stands_in_the_title_and_on_the_desk_for_good(window: MainWindow) -> None:
    words = window.desk.words
    assert words.say("top.practice") not in told(window)
    window.set_practice(True)
    for lang in ("kk", "ru", "en"):
        window.choose_language(lang)
        for room in ("keys", "record", "today"):
            window.show_room(room)
            assert words.say("top.practice") in told(window)
            assert window.windowTitle() == words.say("window.practice")
    window.resize(683, 384)
    QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
    assert words.say("top.practice") in told(window)
