"""Every room by Tab alone at 683 × 384: the focus begins in the room, is seen, is named, and comes round."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from ui.main_window import MainWindow
from ui.screens.scenes import ROOM_SCENES

MOST = 150
SEEN = 24
"""So many pixels of what has the focus must be seen."""


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
        QTest.qWait(15)
    return [*wrong, "the focus does not come round"]


@pytest.mark.parametrize("scene", ROOM_SCENES, ids=lambda scene: scene.name)
def test_tab_alone(scene, desk, qtbot) -> None:
    window = scene.build(desk)
    qtbot.addWidget(window)
    window.setFixedSize(683, 384)
    window.show()
    window.activateWindow()
    QTest.qWait(60)
    scene.arrange(window)
    QTest.qWait(60)
    assert walk(window) == []
    window._ending = True


def test_a_focus_that_is_not_scrolled_to_is_seen_by_the_check(desk, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(MainWindow, "_show_focus", lambda *_: None)
    scene = next(one for one in ROOM_SCENES if one.name == "send")
    window = scene.build(desk)
    qtbot.addWidget(window)
    window.setFixedSize(683, 384)
    window.show()
    window.activateWindow()
    QTest.qWait(60)
    assert any("not seen" in one for one in walk(window))
    window._ending = True
