"""Every room by Tab alone at 683 × 384: the focus begins in the room, is seen, is named, and comes round."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget

from ui.main_window import MainWindow
from ui.screens.record_scenes import RECORD_SCENES
from ui.screens.scenes import ROOM_SCENES

MOST = 150
SEEN = 24
"""So many pixels of what has the focus must be seen."""


class Strays(QObject):
    """Notes every widget that is shown as a window of its own without being one."""

    def __init__(self, app: QApplication) -> None:
        super().__init__()
        self.met: list[str] = []
        self._app = app
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            own = isinstance(watched, MainWindow) or watched.windowType() != Qt.WindowType.Window
            self.met += [] if own else [type(watched).__name__]
        return False

    def end(self) -> None:
        """Look no more."""
        self._app.removeEventFilter(self)


@pytest.fixture
def strays(qapp):
    made = Strays(qapp)
    yield made
    made.end()


def test_a_control_shown_before_it_has_a_place_is_seen_by_the_check(strays, qtbot) -> None:
    part = QPushButton("Показать")
    qtbot.addWidget(part)
    part.setVisible(True)
    assert strays.met == ["QPushButton"]


def walk(window: QWidget) -> list[str]:
    """Press Tab until the focus comes round; return what is wrong on the way."""
    wrong: list[str] = []
    met: list[QWidget] = []
    for _ in range(MOST):
        now = QApplication.focusWidget()
        if now is None or now in met:
            return wrong if now is not None else [*wrong, "the focus is nowhere"]
        met.append(now)
        part = now.visibleRegion().boundingRect()
        if part.height() < min(now.height(), SEEN) or part.width() < min(now.width(), SEEN):
            wrong.append(f"{type(now).__name__} {len(met)} {now.accessibleName()} {part} has the focus and is not seen")
        if not now.accessibleName() and not (isinstance(now, QAbstractButton) and now.text()):
            wrong.append(f"{type(now).__name__} has no name")
        QTest.keyClick(now, Qt.Key.Key_Tab)
        QTest.qWait(45)
    return [*wrong, "the focus does not come round"]


SCROLLED = ("record-below", "record-evidence", "record-alike", "keys-roster")
"""Scenes that look elsewhere on the same page than where the focus is."""


@pytest.mark.parametrize(
    "scene",
    [one for one in (*ROOM_SCENES, *RECORD_SCENES) if one.name not in SCROLLED],
    ids=lambda scene: scene.name,
)
def test_tab_alone(scene, desk, qtbot, strays) -> None:
    window = scene.build(desk)
    qtbot.addWidget(window)
    window.setFixedSize(683, 384)
    window.show()
    window.activateWindow()
    QTest.qWait(60)
    scene.arrange(window)
    QTest.qWait(60)
    window.activateWindow()  # a screen that is not there does not do it when a dialog has been answered
    QTest.qWait(60)
    room = window.current()
    assert room.isAncestorOf(QApplication.focusWidget()), "the focus does not begin in the room"
    assert walk(window) == []
    assert strays.met == []
    window._ending = True


def test_a_focus_that_is_not_scrolled_to_is_seen_by_the_check(desk, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(MainWindow, "_show_focus", lambda *_: None)
    scene = next(one for one in ROOM_SCENES if one.name == "send")
    window = scene.build(desk)
    assert isinstance(window, MainWindow)
    qtbot.addWidget(window)
    window.setFixedSize(683, 384)
    window.show()
    window.activateWindow()
    QTest.qWait(60)
    assert any("not seen" in one for one in walk(window))
    window._ending = True
