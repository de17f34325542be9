"""The smallest parts: labels, icons, cards, rules, buttons; all of them say plain text only.

QLabel guesses rich text, so a name typed as ``<b>`` would become markup: every label made here is plain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.icons import paint_icon
from ui.tokens import SPACE_3, SPACE_4

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLayout

    from ui.messages import Words
    from ui.theme import Theme


def set_look(widget: QWidget, **properties: str | bool) -> None:
    """Set the dynamic properties the style sheet reads, and polish again if one of them changed."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed and widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.updateGeometry()


def label(text: str = "", *, size: str = "body", tone: str = "text", bold: bool = False, wrap: bool = False) -> QLabel:
    """Return a plain-text label: ``size`` small, body or title; ``tone`` a token's name."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    made.setProperty("scale", size)
    if tone != "text":
        made.setProperty("tone", tone)
    if bold:
        made.setProperty("weight", "bold")
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


def said(
    words: Words, key: str, *, size: str = "body", tone: str = "text", bold: bool = False, wrap: bool = False
) -> QLabel:
    """Return a label that says a sentence of the catalogue, live in every language."""
    made = label(size=size, tone=tone, bold=bold, wrap=wrap)
    words.put(made.setText, key)
    return made


class ElidedLabel(QLabel):
    """One line of a record's text that may be longer than its place: it ends in … and tells the whole in a tooltip."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setProperty("elides", True)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.end()


class IconLabel(QWidget):
    """An icon beside a word; decoration for a screen reader, which reads the word."""

    def __init__(self, theme: Theme, name: str, tone: str = "text", size: int = 16) -> None:
        super().__init__()
        self._theme, self._name, self._tone, self._size = theme, name, tone, size
        self.setFixedSize(self.sizeHint())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, tone: str) -> None:
        """Show another icon."""
        self._name, self._tone = name, tone
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.px(self._size)
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self.setFixedSize(self.sizeHint())
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        painter = QPainter(self)
        paint_icon(painter, self._name, self._theme.colour(self._tone).name(), self.rect())
        painter.end()


def button(
    words: Words,
    key: str,
    run: Callable[[], object],
    *,
    look: str = "plain",
    theme: Theme | None = None,
    icon: str = "",
) -> QPushButton:
    """Return a button with a verb of the catalogue on it; ``look`` plain, main, link or tall."""
    made = QPushButton()
    made.setProperty("look", look)
    made.setAutoDefault(False)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    words.put(made.setText, key)
    made.clicked.connect(lambda _checked=False: run())
    if theme is not None and icon:
        tone = {"main": "on_accent", "tall": "on_accent", "link": "accent"}.get(look, "text")
        made.setIcon(theme.icon(icon, tone))
        made.setIconSize(QSize(18, 18))
    return made


def icon_button(words: Words, theme: Theme, icon: str, key: str, run: Callable[[], object]) -> QPushButton:
    """Return a button with an icon alone; its name is a tooltip and what a screen reader says."""
    made = QPushButton()
    made.setProperty("look", "icon")
    made.setAutoDefault(False)
    made.setIcon(theme.icon(icon, "quiet"))
    made.setIconSize(QSize(20, 20))
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    words.put(made.setToolTip, key)
    words.put(made.setAccessibleName, key)
    made.clicked.connect(lambda _checked=False: run())
    return made


def rule() -> QFrame:
    """Return a thin horizontal line, for decoration only."""
    made = QFrame()
    made.setProperty("look", "rule")
    return made


class Card(QFrame):
    """A white panel with a thin edge; ``body`` is its column."""

    def __init__(self, *, look: str = "card") -> None:
        super().__init__()
        self.setProperty("look", look)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        self.body.setSpacing(SPACE_3)


def row(*parts: QWidget | QLayout | int | None, spacing: int = 8) -> QHBoxLayout:
    """Return a row without margins: widgets, layouts, an int as a fixed space, None as the stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    _fill(made, parts)
    return made


def column(*parts: QWidget | QLayout | int | None, spacing: int = 8) -> QVBoxLayout:
    """Return a column without margins, filled as ``row`` is."""
    made = QVBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    _fill(made, parts)
    return made


def _fill(target: QHBoxLayout | QVBoxLayout, parts: tuple[QWidget | QLayout | int | None, ...]) -> None:
    for part in parts:
        if part is None:
            target.addStretch(1)
        elif isinstance(part, int):
            target.addSpacing(part)
        elif isinstance(part, QWidget):
            target.addWidget(part)
        else:
            target.addLayout(part)


def scrolled(page: QWidget) -> QScrollArea:
    """Return ``page`` in an area that scrolls vertically only."""
    page.setObjectName("page")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area
