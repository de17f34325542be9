"""Chips: small buttons that are on or off; a group of them is one stop of the Tab key.

On is said by border, bold and tint together, never by colour alone. The width is that of the bold text, so nothing
moves when a chip is switched. In a group arrows move and Space toggles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from ui.tokens import CHIP
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.messages import Words
    from ui.theme import Theme

SIDE = 12
NARROW_SIDE = 8
"""Beside the word of a chip; the narrow one lets four answers stand in one row of a column."""

_FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACKWARD = (Qt.Key.Key_Left, Qt.Key.Key_Up)


class Chip(QAbstractButton):
    """A pill with a word and perhaps a count."""

    def __init__(self, theme: Theme, text: str = "", *, checkable: bool = True, side: int = SIDE) -> None:
        super().__init__()
        self._theme, self._side = theme, side
        self.setText(text)
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(self._bold_width() + 2 * self._side, max(self._theme.px(CHIP), 24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        tokens = self._theme.tokens
        on = self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = 2.0 if self.hasFocus() else 1.0
        edge = self._theme.colour("accent" if on or self.hasFocus() else "edge")
        painter.setPen(QPen(edge, width))
        fill = tokens.select if on else (tokens.sunken if self.underMouse() else tokens.surface)
        painter.setBrush(QColor(fill))
        inset = width / 2
        box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(self._theme.small(bold=on))
        painter.setPen(self._theme.colour("accent" if on else ("text" if self.isEnabled() else "quiet")))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        painter.end()

    def _bold_width(self) -> int:
        return QFontMetrics(self._theme.small(bold=True)).horizontalAdvance(self.text())


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its id, what the chip says, how many records it would leave, whether it is on."""

    id: str
    label: str
    count: int | None = None
    on: bool = False

    def text(self, words: Words) -> str:
        """Return label and count as the chip shows them."""
        return self.label if self.count is None else f"{self.label} {words.number(self.count)}"


class ChipGroup(QWidget):
    """Chips of which Tab reaches one, the arrows the others."""

    def __init__(self, spacing: int = 4) -> None:
        super().__init__()
        self.flow = FlowLayout(self, spacing)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def chips(self) -> list[Chip]:
        """Return the chips that can be reached, in reading order."""
        return [chip for chip in self._all() if not chip.isHidden() and chip.isEnabled()]

    def add(self, chip: Chip) -> None:
        """Put a chip at the end."""
        chip.installEventFilter(self)
        self.flow.addWidget(chip)
        self._rove(chip if len(self._all()) == 1 else None)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if isinstance(watched, Chip):
            if event.type() == QEvent.Type.FocusIn:
                self._rove(watched)
            elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._move(watched, event.key())
        return False

    def moved_to(self, chip: Chip) -> None:
        """Say that an arrow key reached a chip; a group of answers chooses it."""

    def _all(self) -> list[Chip]:
        items = (self.flow.itemAt(index) for index in range(self.flow.count()))
        return [item.widget() for item in items if item is not None and isinstance(item.widget(), Chip)]  # type: ignore[misc]

    def _move(self, chip: Chip, key: int) -> bool:
        step = 1 if key in _FORWARD else -1 if key in _BACKWARD else 0
        if not step:
            return False
        chips = self.chips()
        target = chips[(chips.index(chip) + step) % len(chips)]
        target.setFocus(Qt.FocusReason.TabFocusReason)
        self.moved_to(target)
        return True

    def _rove(self, current: Chip | None) -> None:
        if current is None:
            current = next((chip for chip in self._all() if chip.focusPolicy() == Qt.FocusPolicy.StrongFocus), None)
        for chip in self._all():
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chip is current else Qt.FocusPolicy.ClickFocus)


class FacetChips(ChipGroup):
    """The filters over a list: two rows at most, the rest behind "+ filter"."""

    toggled = Signal(str, bool)
    """A facet's id and whether it is on now."""

    def __init__(self, words: Words, theme: Theme, *, rows: int = 2) -> None:
        super().__init__()
        self._words, self._theme, self._rows = words, theme, rows
        self._facets: tuple[Facet, ...] = ()
        self._pool: list[Chip] = []
        self._more = Chip(theme, checkable=False)
        self._more.clicked.connect(self._show_more)
        self.flow.height_of = self._height_of
        self._fill()
        words.put(self.setAccessibleName, "facets.name")
        words.languageChanged.connect(self._fill)

    def show_facets(self, facets: Sequence[Facet]) -> None:
        """Show these filters; those that are on come first so that they are never hidden."""
        self._facets = tuple(sorted(facets, key=lambda facet: not facet.on))
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fill(self) -> None:
        """Say the facets through chips that are kept, so that focus and the order of Tab stay where they are."""
        self._grow(len(self._facets))
        for number, chip in enumerate(self._pool):
            told = chip.blockSignals(True)
            used = number < len(self._facets)
            chip.setText(self._facets[number].text(self._words) if used else "")
            chip.setChecked(used and self._facets[number].on)
            chip.blockSignals(told)
        self._more.setText(self._words.say("facets.more"))
        self._fit()
        self.updateGeometry()

    def _grow(self, count: int) -> None:
        if len(self._pool) >= count and self._all():
            return
        self.flow.removeWidget(self._more)
        while len(self._pool) < max(1, count):
            number = len(self._pool)
            chip = Chip(self._theme)
            chip.toggled.connect(lambda on, at=number: self._toggled(at, on))
            self.add(chip)
            if self._pool:
                QWidget.setTabOrder(self._pool[-1], chip)
            self._pool.append(chip)
        self.add(self._more)
        QWidget.setTabOrder(self._pool[-1], self._more)

    def _toggled(self, number: int, on: bool) -> None:
        if number < len(self._facets):
            self.toggled.emit(self._facets[number].id, on)

    def _fit(self) -> None:
        """Hide what does not fit into the rows; the last chip shows only when it has something behind it."""
        fitting = self._fitting(self.width())
        for number, chip in enumerate(self._pool):
            chip.setVisible(number < fitting)
        self._more.setVisible(fitting < len(self._facets))

    def _height_of(self, width: int) -> int:
        widths = [chip.sizeHint().width() for chip in self._pool[: self._fitting(width)]]
        if len(widths) < len(self._facets):
            widths.append(self._more.sizeHint().width())
        rows = max(1, self._rows_of(widths, width))
        return rows * self._more.sizeHint().height() + (rows - 1) * self.flow.spacing()

    def _fitting(self, width: int) -> int:
        """Return how many facets fit; it depends on the width alone, so that laying out comes to rest."""
        facets = [chip.sizeHint().width() for chip in self._pool[: len(self._facets)]]
        if self._rows_of(facets, width) <= self._rows:
            return len(facets)
        more = self._more.sizeHint().width()
        counts = range(len(facets) - 1, 0, -1)
        return next((count for count in counts if self._rows_of([*facets[:count], more], width) <= self._rows), 0)

    def _rows_of(self, widths: Sequence[int], width: int) -> int:
        rows, at = 0, 0
        for each in widths:
            if rows == 0 or at + each > width:
                rows, at = rows + 1, 0
            at += each + self.flow.spacing()
        return rows

    def _show_more(self) -> None:
        menu = QMenu(self)
        for facet, chip in zip(self._facets, self._pool, strict=False):
            if chip.isHidden():
                action = menu.addAction(facet.text(self._words))
                action.setCheckable(True)
                action.setChecked(facet.on)
                action.toggled.connect(lambda on, key=facet.id: self.toggled.emit(key, on))
        at = self._more
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at.mapToGlobal(at.rect().bottomLeft()))
