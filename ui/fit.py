"""The check worth keeping: walk all labels and buttons and find text that is wider or higher than its place.

It found every clipped word before an eye did. What may be cut off on purpose (an elided line of a record) says so by
the property ``elides``.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QToolButton, QWidget

_SLACK = 1


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
        if not widget.isVisibleTo(root) or widget.property("elides"):
            continue
        needs = _needed(widget)
        if needs is None:
            continue
        has = (widget.contentsRect().width(), widget.contentsRect().height())
        if needs[0] > has[0] + _SLACK or needs[1] > has[1] + _SLACK or _leaves(widget, root):
            found.append(Clipped(type(widget).__name__, _text(widget), needs, has))
    return found


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""


def _needed(widget: QWidget) -> tuple[int, int] | None:
    """Return the width and height the text needs, or None for what shows no text of its own."""
    if not _text(widget):
        return None
    metrics = QFontMetrics(widget.font())
    if isinstance(widget, QLabel):
        return _wrapped(widget, metrics) if widget.wordWrap() else _one_line(widget.text(), metrics)
    if isinstance(widget, QToolButton):
        bold = widget.font()
        bold.setBold(True)
        shows_icon_only = widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
        return None if shows_icon_only else _one_line(widget.text(), QFontMetrics(bold))
    return widget.sizeHint().width(), widget.sizeHint().height()


def _one_line(text: str, metrics: QFontMetrics) -> tuple[int, int]:
    return metrics.horizontalAdvance(text), metrics.height()


def _wrapped(widget: QLabel, metrics: QFontMetrics) -> tuple[int, int]:
    room = QRect(0, 0, max(1, widget.contentsRect().width()), 10_000)
    box = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), widget.text())
    longest = max((metrics.horizontalAdvance(word) for word in widget.text().split()), default=0)
    return max(longest, box.width()), box.height()


def _leaves(widget: QWidget, root: QWidget) -> bool:
    """Tell whether the widget sticks out of the window sideways, or out of it downwards where nothing scrolls."""
    scrolled = False
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        scrolled = scrolled or isinstance(parent, QScrollArea)
        parent = parent.parentWidget()
    place = QRect(widget.mapTo(root, widget.rect().topLeft()), widget.size())
    if place.left() < -_SLACK or place.right() > root.width() + _SLACK:
        return True
    return not scrolled and (place.top() < -_SLACK or place.bottom() > root.height() + _SLACK)
