"""What the rooms of exchange, publishing and keys are laid out with: two panes over a bar of verbs, rows in a card.

In one column the right pane goes under the left one; the bar stays and everything else scrolls.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QPoint, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kzdoc.domain.dates import show_date
from ui.room import Breadth, Room, TitledPage
from ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from ui.widgets.basics import Card, IconLabel, column, label, row, scrolled, set_look

if TYPE_CHECKING:
    from ui.messages import Words
    from ui.surroundings import Surroundings
    from ui.theme import Theme

LEFT_WIDTH = 320


class VerbBar(QFrame):
    """The foot of a room: one sentence, and beside it what can be done. A button that is off has its reason here."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("look", "foot")
        self.icon = IconLabel(theme, "info", "quiet", 20)
        self.sentence = label(wrap=True)
        self._verbs = QHBoxLayout()
        self._verbs.setSpacing(SPACE_2)
        self._box = QHBoxLayout(self)
        self._box.setSpacing(SPACE_3)
        self._box.addWidget(self.icon)
        self._box.addWidget(self.sentence, 1)
        self._box.addLayout(self._verbs)
        self.set_narrow(False)
        self.icon.hide()

    def add_verbs(self, *verbs: QAbstractButton) -> None:
        """Put buttons here for good; the main one stands last."""
        for verb in verbs:
            self._verbs.addWidget(verb)

    def show_only(self, *verbs: QPushButton) -> None:
        """Show these of the buttons."""
        for place in range(self._verbs.count()):
            item = self._verbs.itemAt(place)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setVisible(widget in verbs)

    def say(self, sentence: str, icon: str = "", tone: str = "text") -> None:
        """Say a sentence, with an icon when it is a reason."""
        self.sentence.setText(sentence)
        self.icon.setVisible(bool(icon))
        if icon:
            self.icon.show_icon(icon, tone)

    def set_narrow(self, narrow: bool) -> None:
        """Take less room."""
        side, height = (SPACE_4, SPACE_2) if narrow else (SPACE_6, SPACE_2)
        self._box.setContentsMargins(side, height, side, height)
        set_look(self.sentence, scale="small" if narrow else "body")


class PanedRoom(Room):
    """A room with a title, a left and a right column, and a bar of verbs."""

    def __init__(self, desk: Surroundings, title: str, *, left: int = LEFT_WIDTH, right: int = 0) -> None:
        """One of the columns is as wide as told (the left one, unless ``right`` is given), the other takes the rest."""
        super().__init__(desk)
        self._fixed_width = right or left
        self.page = TitledPage(desk, title)
        self._left_place, self._right_place = QWidget(), QWidget()
        self.left = QVBoxLayout(self._left_place)
        self.right = QVBoxLayout(self._right_place)
        for box in (self.left, self.right):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(SPACE_3)
        self._panes = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._panes.setSpacing(SPACE_4)
        self._panes.addWidget(self._left_place, int(bool(right)))
        self._panes.addWidget(self._right_place, int(not right))
        self._fixed = self._right_place if right else self._left_place
        self.page.column.addLayout(self._panes, 1)
        self.bar = VerbBar(desk.theme)
        self.area = as_high_as_told(self.page)
        self.setLayout(column(self.banners, self.area, self.bar, spacing=0))

    def rearrange(self, breadth: Breadth) -> None:
        narrow = breadth == "narrow"
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._panes.setDirection(way)
        if narrow:
            self._fixed.setMinimumWidth(0)
            self._fixed.setMaximumWidth(16_777_215)
        else:
            self._fixed.setFixedWidth(self.desk.theme.px(self._fixed_width))
        self.bar.set_narrow(narrow)

    def bring(self, widget: QWidget) -> None:
        """Scroll to a widget once it is laid out; in one column it may stand far below."""
        QTimer.singleShot(0, widget, lambda: self._scroll_to(widget))

    def _scroll_to(self, widget: QWidget) -> None:
        top = widget.mapTo(self.page, QPoint(0, 0)).y()
        seen = self.area.viewport().height()
        bar = self.area.verticalScrollBar()
        if not bar.value() <= top or top + widget.height() > bar.value() + seen:
            bar.setValue(max(0, top - SPACE_4))

    def fill(self, left: Iterable[QWidget], right: Iterable[QWidget]) -> None:
        """Show these widgets in the two columns instead of those before."""
        for box, widgets in ((self.left, left), (self.right, right)):
            empty(box)
            for widget in widgets:
                box.addWidget(widget)
            box.addStretch(1)


def as_high_as_told(page: QWidget) -> QScrollArea:
    """Return a page that scrolls only when it is higher than its place.

    Its height follows its width; the minimum height of wrapped texts, which is that of their narrowest shape, is not
    asked.
    """
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
    policy.setHeightForWidth(True)
    page.setSizePolicy(policy)
    return scrolled(page)


def day_and_hour(words: Words, seconds: int) -> str:
    """Return a claimed time of this laptop as people say it: the day, the hour."""
    day = QDateTime.fromSecsSinceEpoch(seconds).toString("yyyy-MM-dd")
    return f"{show_date(day, words.lang)}, {words.hour(seconds)}"


def empty(box: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while (item := box.takeAt(0)) is not None:
        inner, widget = item.layout(), item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            empty(inner)


def headed(title: QWidget, *after: QWidget | None) -> Card:
    """Return a card with a bold heading and what stands at its right."""
    card = Card()
    card.body.addLayout(row(title, None, *after))
    return card


class CountRow(QWidget):
    """A line of a card: icon, what is counted, how many."""

    def __init__(self, theme: Theme, icon: str, text: str, count: str, *, tone: str = "quiet") -> None:
        super().__init__()
        number = label(count, bold=True, tone=tone if tone in ("warn", "held", "danger") else "text")
        self.setLayout(row(IconLabel(theme, icon, tone, 20), label(text, wrap=True), None, number, spacing=SPACE_3))
        self.setAccessibleName(f"{text}: {count}")
        layout = self.layout()
        if isinstance(layout, QHBoxLayout):
            layout.setStretch(1, 1)
            layout.setStretch(2, 0)
