"""The theme on real, open windows."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QHBoxLayout, QLineEdit, QPushButton, QStyle, QWidget

from ui.tokens import DARK, LIGHT


def _window(qtbot) -> tuple[QWidget, QLineEdit, QPushButton]:
    window = QWidget()
    field, button = QLineEdit(), QPushButton("Сақтау")
    box = QHBoxLayout(window)
    for part in (field, button, QComboBox()):
        box.addWidget(part)
    window.resize(400, 80)
    qtbot.addWidget(window)
    window.show()
    return window, field, button


def test_light_to_dark_on_an_open_window(theme, qtbot) -> None:
    window, _, _ = _window(qtbot)
    assert window.grab().toImage().pixelColor(2, 2).name() == LIGHT.ground.lower()
    theme.set_mode("dark")
    assert window.grab().toImage().pixelColor(2, 2).name() == DARK.ground.lower()


def test_heights_come_from_the_sheet(theme, qtbot) -> None:
    window, field, button = _window(qtbot)
    heights = [part.height() for part in (field, button, *window.findChildren(QComboBox))]
    assert heights == [32, 32, 32]


def test_focus_does_not_move_anything(theme, qtbot) -> None:
    window, field, button = _window(qtbot)
    button.setFocus()
    before = field.geometry()
    field.setFocus()
    QApplication.processEvents()
    assert field.geometry() == before
    assert window.isVisible()


def test_zoom_reaches_fields_that_are_open(theme, qtbot) -> None:
    window, field, _ = _window(qtbot)
    before = field.fontInfo().pixelSize()
    theme.set_zoom(1.6)
    assert field.fontInfo().pixelSize() == round(14 * 1.6) > before
    theme.step_zoom(100)
    assert theme.zoom == 2.0
    assert window.isVisible()


def _turn(widget: QWidget, notches: int, modifiers: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(widget.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_ctrl_and_wheel_zooms_once_per_stop(theme, qtbot) -> None:
    window, _, _ = _window(qtbot)
    applied = []
    theme.changed.connect(lambda: applied.append(1))
    for _ in range(3):
        _turn(window, 1, Qt.KeyboardModifier.ControlModifier)
    assert not applied
    qtbot.waitUntil(lambda: bool(applied))
    assert len(applied) == 1
    assert theme.zoom == 1.4
    _turn(window, 1, Qt.KeyboardModifier.NoModifier)
    qtbot.wait(200)
    assert theme.zoom == 1.4


def test_nothing_moves_by_itself(theme, qtbot) -> None:
    window, _, button = _window(qtbot)
    assert window.isVisible()
    assert button.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, button) == 0
