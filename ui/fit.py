"""The check worth keeping: walk all texts and find those that are wider or higher than their place.

Looked at are labels, buttons, what is chosen in a combo box and the hint in an empty field, against the widget's own
place and against everything around it that cuts. What may end in … on purpose (a line of a record) says so by the
property ``elides``; it must still show enough to be told from another.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStyleOptionFrame,
    QToolButton,
    QWidget,
)

_SLACK = 1
_HINT_MARGIN = 2
_ICON_MARGIN = 4
_TELLING = 12
"""So many letters of an elided text must be seen."""


@dataclass(frozen=True, slots=True)
class Clipped:
    """A text that does not fit: what sort of widget, the text, what it needs and what it has."""

    kind: str
    text: str
    needs: tuple[int, int]
    has: tuple[int, int]


def clipped_texts(root: QWidget) -> list[Clipped]:
    """Return every visible text of ``root`` that does not fit its widget, or whose widget leaves its window."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisibleTo(root):
            continue
        needs = _needed(widget)
        if needs is None:
            continue
        has = _place(widget)
        if needs[0] > has[0] + _SLACK or needs[1] > has[1] + _SLACK or _cut_off(widget, root):
            found.append(Clipped(type(widget).__name__, _text(widget), needs, has))
    return found


def _text(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QLineEdit) and not widget.text():
        return widget.placeholderText()
    return ""


def _place(widget: QWidget) -> tuple[int, int]:
    """Return the width and height there is for the text."""
    place = widget.contentsRect()
    if isinstance(widget, QComboBox):
        box = QStyleOptionComboBox()
        widget.initStyleOption(box)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        place = widget.style().subControlRect(control, box, part, widget)
    elif isinstance(widget, QLineEdit):
        frame = QStyleOptionFrame()
        widget.initStyleOption(frame)
        place = widget.style().subElementRect(QStyle.SubElement.SE_LineEditContents, frame, widget)
        margins = widget.textMargins()
        beside = sum(
            icon.width() + _ICON_MARGIN for icon in widget.findChildren(QToolButton) if icon.isVisibleTo(widget)
        )
        return place.width() - margins.left() - margins.right() - beside - 2 * _HINT_MARGIN, place.height()
    return place.width(), place.height()


def _needed(widget: QWidget) -> tuple[int, int] | None:
    """Return the width and height the text needs, or None for what shows no text of its own."""
    text = _text(widget)
    if not text:
        return None
    metrics = QFontMetrics(widget.font())
    if widget.property("elides"):
        text = text if len(text) <= _TELLING else text[:_TELLING] + "…"
        return _one_line(text, metrics)
    if isinstance(widget, QLabel):
        return _wrapped(widget, metrics) if widget.wordWrap() else _one_line(text, metrics)
    if isinstance(widget, QToolButton):
        bold = widget.font()
        bold.setBold(True)
        shows_icon_only = widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
        return None if shows_icon_only else _one_line(text, QFontMetrics(bold))
    if isinstance(widget, QComboBox | QLineEdit):
        return metrics.horizontalAdvance(text), 0
    return widget.sizeHint().width(), widget.sizeHint().height()


def _one_line(text: str, metrics: QFontMetrics) -> tuple[int, int]:
    return metrics.horizontalAdvance(text), metrics.height()


def _wrapped(widget: QLabel, metrics: QFontMetrics) -> tuple[int, int]:
    room = QRect(0, 0, max(1, widget.contentsRect().width()), 10_000)
    box = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), widget.text())
    longest = max((metrics.horizontalAdvance(word) for word in widget.text().split()), default=0)
    return max(longest, box.width()), box.height()


def _cut_off(widget: QWidget, root: QWidget) -> bool:
    """Tell whether anything around the widget cuts it: sideways always, in height where nothing scrolls."""
    scrolled = False
    around = widget.parentWidget() if widget is not root else None
    while around is not None:
        place = QRect(widget.mapTo(around, widget.rect().topLeft()), widget.size())
        if place.left() < -_SLACK or place.right() > around.width() + _SLACK:
            return True
        outer = around.parentWidget()
        scrolled = scrolled or (isinstance(outer, QAbstractScrollArea) and outer.viewport() is around)
        if not scrolled and (place.top() < -_SLACK or place.bottom() > around.height() + _SLACK):
            return True
        around = outer if around is not root else None
    return False
