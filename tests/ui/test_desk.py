"""The desk process around its window: what it does when the curtain is drawn, in an interview, on a practice vault."""

from __future__ import annotations

import shutil
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import shiboken6
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from kzdoc import session
from tests.ui.room_stage import texts
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.opening import OpeningWindow
from ui.preferences import Preferences
from ui.supervisor import LOCKED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.ui.record_stage import Template
    from ui.messages import Words
    from ui.theme import Theme


@pytest.fixture
def around(theme: Theme, words: Words, tmp_path: Path, qtbot) -> Any:
    """Return what a desk stands in: the application, as far as a desk asks of it."""
    return SimpleNamespace(
        qt=QApplication.instance(),
        theme=theme,
        words=words,
        path=tmp_path / "desk.json",
        preferences=Preferences(idle_minutes=5),
        clipboard=SimpleNamespace(clear=lambda: None),
        exit=lambda _status: None,
    )


@pytest.fixture
def open_desk(around, template: Template, tmp_path: Path, qtbot) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the desk on a vault; what it copied is counted instead of kept by the system."""
    made: list[Desk] = []
    cleared: list[int] = []

    def open_it(*, practice: bool) -> session.Session:
        at = session.open_session_with_key(tmp_path / "vault", bytearray(template.key))
        if practice:
            at.vault.settings.put(session.PRACTICE, b"1")
        return at

    around.clipboard.clear = lambda: cleared.append(1)

    def build(*, practice: bool) -> tuple[Desk, list[int]]:
        shutil.copytree(template.folder, tmp_path / "vault")
        desk = Desk(around, lambda: open_it(practice=practice))
        made.append(desk)
        desk.begin()
        qtbot.waitUntil(lambda: desk.tasks.idle and desk.window.isVisible(), timeout=10_000)
        return desk, cleared

    yield build
    for desk in made:
        desk.signs.stop()
        assert desk.tasks.stop(10)
        desk.window._ending = True
        desk.window.hide()
        desk.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_a_practice_vault_says_so_from_its_opening(open_desk, words: Words) -> None:
    desk, _ = open_desk(practice=True)
    assert desk.window.windowTitle() == words.say("window.practice")


def test_a_real_one_does_not_and_the_curtain_clears_what_was_copied_and_hears_nothing(open_desk, words: Words) -> None:
    desk, cleared = open_desk(practice=False)
    window = desk.window
    assert window.windowTitle() == words.say("window.title")
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert cleared == [1]
    assert desk.idle.deaf
    window.sitting.curtain.show_button.click()
    assert not desk.idle.deaf
    window.desk.sit("2580", 45)
    assert desk.idle.time == 45 * 60_000
    window.sitting.end()
    assert desk.idle.time == 5 * 60_000


def slow(around: Any, opening: threading.Event) -> Desk:
    """Return a desk whose vault takes as long to open as the event stays unset, and tells how far it is."""

    def open_it() -> Any:
        while not opening.wait(0.02):
            desk.tasks.tell_opening("vault.rebuild", 3_000, 10_000)
        desk.tasks.tell_opening("vault.rebuild", 10_000, 10_000)
        return SimpleNamespace(practice=False, close=lambda: None, stop_asking=lambda: None, ask_again=lambda: None)

    desk = Desk(around, open_it)
    return desk


@pytest.mark.parametrize("stopped", [False, True])
def test_an_opening_that_takes_long_says_how_far_it_is_and_can_be_stopped(
    around, words: Words, qtbot, monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    monkeypatch.setattr(Desk, "_ask_practice", lambda _self: None)
    monkeypatch.setattr(Desk, "_ask_warnings", lambda _self: None)
    monkeypatch.setattr(MainWindow, "show_room", lambda _self, _room: None)
    opening, ended = threading.Event(), []
    around.exit = ended.append
    desk = slow(around, opening)
    desk.begin()
    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, OpeningWindow)]
    try:
        qtbot.waitUntil(windows[0].isVisible, timeout=5_000)
        far = words.say("work.of", done=words.number(3_000), total=words.number(10_000))
        qtbot.waitUntil(lambda: far in texts(windows[0]))
        assert words.say("desk.lists_anew") in texts(windows[0])
        assert not desk.window.isVisible()
        if stopped:
            windows[0].bar.findChild(QAbstractButton).click()
            qtbot.waitUntil(lambda: ended == [LOCKED], timeout=5_000)
            assert not desk.window.isVisible()
        else:
            opening.set()
            qtbot.waitUntil(desk.window.isVisible, timeout=5_000)
        assert not [one for one in windows if shiboken6.isValid(one) and one.isVisible()]
    finally:
        opening.set()
        desk.signs.stop()
        assert desk.tasks.stop(10)
        desk.window._ending = True
        desk.window.hide()
        desk.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
