"""The desk process around its window: what it does when the curtain is drawn, in an interview, on a practice vault."""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kzdoc import session
from ui.desk import Desk
from ui.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.ui.record_stage import Template
    from ui.messages import Words
    from ui.theme import Theme


@pytest.fixture
def open_desk(theme: Theme, words: Words, template: Template, tmp_path: Path, qtbot) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the desk on a vault; what it copied is counted instead of kept by the system."""
    made: list[Desk] = []
    cleared: list[int] = []

    def open_it(*, practice: bool) -> session.Session:
        at = session.open_session_with_key(tmp_path / "vault", bytearray(template.key))
        if practice:
            at.vault.settings.put(session.PRACTICE, b"1")
        return at

    def build(*, practice: bool) -> tuple[Desk, list[int]]:
        shutil.copytree(template.folder, tmp_path / "vault")
        around: Any = SimpleNamespace(
            qt=QApplication.instance(),
            theme=theme,
            words=words,
            path=tmp_path / "desk.json",
            preferences=Preferences(idle_minutes=5),
            clipboard=SimpleNamespace(clear=lambda: cleared.append(1)),
            exit=lambda _status: None,
        )
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
