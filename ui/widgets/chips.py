"""Chips: small buttons that are on or off; a group of them is one stop of the Tab key.

On is said by border, bold and tint together, never by colour alone. The width is that of the bold text, so nothing
moves when a chip is switched. In a group arrows move and Space toggles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from ui.tokens import CHIP
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.messages import Words
    from ui.theme import Theme

_SIDE = 12
_FORWARD = (Qt.Key.Key_Right, Qt.Key.Key_Down)
_BACKWARD = (Qt.Key.Key_Left, Qt.Key.Key_Up)


class Chip(QAbstractButton):
    """A pill with a word and perhaps a count."""

    def __init__(self, theme: Theme, text: str = "", *, checkable: bool = True) -> None:
        super().__init__()
        self._theme = theme
        self.setText(text)
        self.setCheckable(checkable)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(self._bold_width() + 2 * _SIDE, max(self._theme.px(CHIP), 24))

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

    def put_in_tab_order(self) -> None:
        """Let Tab reach chips made later where they stand, not after everything that was made before them."""
        before: QWidget = self
        for chip in self._all():
            QWidget.setTabOrder(before, chip)
            before = chip

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
        words.put(self.setAccessibleName, "facets.name")
        words.languageChanged.connect(self._fill)

    def show_facets(self, facets: Sequence[Facet]) -> None:
        """Show these filters; those that are on come first so that they are never hidden."""
        self._facets = tuple(sorted(facets, key=lambda facet: not facet.on))
        self._fill()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def heightForWidth(self, width: int) -> int:
        return min(self.flow.heightForWidth(width), self._rows * self._theme.px(CHIP) + (self._rows - 1) * 4)

    def hasHeightForWidth(self) -> bool:
        return True

    def _fill(self) -> None:
        focused = next((facet for facet, chip in zip(self._facets, self._all(), strict=False) if chip.hasFocus()), None)
        while (item := self.flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for facet in self._facets:
            chip = Chip(self._theme, facet.text(self._words))
            chip.setChecked(facet.on)
            chip.toggled.connect(lambda on, key=facet.id: self.toggled.emit(key, on))
            self.add(chip)
            if focused is not None and focused.id == facet.id:
                chip.setFocus()
        more = Chip(self._theme, self._words.say("facets.more"), checkable=False)
        more.clicked.connect(self._show_more)
        self.add(more)
        self.put_in_tab_order()
        self._fit()

    def _fit(self) -> None:
        """Hide what does not fit into the rows; the last chip stays."""
        chips = self._all()
        if not chips:
            return
        *facets, more = chips
        for chip in facets:
            chip.show()
        limit = self._rows * more.sizeHint().height() + (self._rows - 1) * self.flow.spacing()
        more.setVisible(True)
        for chip in reversed(facets):
            if self.flow.heightForWidth(self.width()) <= limit:
                break
            chip.hide()
        more.setVisible(any(chip.isHidden() for chip in facets))
        self.flow.invalidate()
        self.flow.activate()

    def _show_more(self) -> None:
        menu = QMenu(self)
        for facet, chip in zip(self._facets, self._all(), strict=False):
            if chip.isHidden():
                action = menu.addAction(facet.text(self._words))
                action.setCheckable(True)
                action.setChecked(facet.on)
                action.toggled.connect(lambda on, key=facet.id: self.toggled.emit(key, on))
        at = self._all()[-1]
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at.mapToGlobal(at.rect().bottomLeft()))
