"""The palette under the search field: commands, rooms and records, each command with its key.

What was typed in the wrong layout is tried in the other two, and compared without Kazakh and Russian spelling apart
(Қ as К, Ё as Е), at the beginning of any word. Records come from the search of the vault, asked for by ``wanted``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget

from ui.icons import paint_icon
from ui.layouts import other_layouts
from ui.tokens import SPACE_2, SPACE_3

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.keys import Keys
    from ui.messages import Words
    from ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
_ITEM = int(Qt.ItemDataRole.UserRole)
_FOLD = str.maketrans("әғқңөұүһіё", "агкноуухие")
_ROW, _HEAD, _WIDTH, _MOST = 36, 28, 560, 12
_RECORDS_AFTER = 2


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the palette; a head of a group has no ``run``. ``off`` says why it cannot run now."""

    text: str
    run: Callable[[], object] | None = None
    hint: str = ""
    icon: str = ""
    off: str = ""


def fold(text: str) -> str:
    """Return text as it is compared: lower case, NFC, Kazakh letters and ё as their Russian neighbours."""
    return unicodedata.normalize("NFC", text).casefold().translate(_FOLD)


def matches(query: str, text: str) -> bool:
    """Tell whether every word of the query begins a word of the text, in any of the three layouts."""
    words = fold(text).replace("-", " ").split()
    for attempt in (query, *other_layouts(query)):
        wanted = fold(attempt).split()
        if all(any(word.startswith(part) for word in words) for part in wanted):
            return True
    return False


class _Items(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: list[Item] = []

    def show_items(self, items: list[Item]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        item = self.items[index.row()]
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if item.run else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (item.text, item.hint, item.off) if part)
        return item if role == _ITEM else None


class _Lines(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's
        item: Item = index.data(_ITEM)
        return QSize(120, self._theme.px(_ROW if item.run else _HEAD))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Item = index.data(_ITEM)
        rect: QRect = option.rect
        theme = self._theme
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("select"))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.colour("accent"))
        inner = rect.adjusted(SPACE_3, 0, -SPACE_3, 0)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        if item.run is None:
            painter.setFont(theme.small(bold=True))
            painter.setPen(theme.colour("quiet"))
            painter.drawText(inner, middle, item.text)
            painter.restore()
            return
        side = theme.px(20)
        if item.icon:
            box = QRect(inner.left(), inner.center().y() - side // 2 + 1, side, side)
            paint_icon(painter, item.icon, theme.colour("quiet").name(), box)
        hint = item.off or item.hint
        painter.setFont(theme.small())
        painter.setPen(theme.colour("quiet"))
        shown = painter.fontMetrics().elidedText(hint, Qt.TextElideMode.ElideRight, inner.width() // 2)
        painter.drawText(inner, middle | int(Qt.AlignmentFlag.AlignRight), shown)
        used = painter.fontMetrics().horizontalAdvance(shown) + SPACE_3
        text_box = inner.adjusted(side + SPACE_2 + 4, 0, -used, 0)
        painter.setFont(theme.font())
        painter.setPen(theme.colour("quiet" if item.off else "text"))
        text = painter.fontMetrics().elidedText(item.text, Qt.TextElideMode.ElideRight, text_box.width())
        painter.drawText(text_box, middle, text)
        painter.restore()


class Palette(QFrame):
    """Lies over the window under the search field."""

    wanted = Signal(str)
    """A query for records; answer with ``show_records``."""
    closed = Signal()

    def __init__(self, words: Words, theme: Theme, keys: Keys, over: QWidget) -> None:
        super().__init__(over)
        self._words, self._theme, self._keys, self._over = words, theme, keys, over
        self._query = ""
        self._records: list[Item] = []
        self.rooms: Sequence[Item] = ()
        self.setProperty("look", "palette")
        self._view = QListView()
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._items = _Items(self)
        self._view.setModel(self._items)
        self._lines = _Lines(theme, self)
        self._view.setItemDelegate(self._lines)
        self._view.clicked.connect(self._run)
        words.put(self._view.setAccessibleName, "palette.name")
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        box.addWidget(self._view)
        self.hide()

    def open(self, query: str) -> None:
        """Show what fits the query."""
        self._query = query.strip()
        self._records = []
        self._fill()
        self.show()
        self.raise_()
        if len(self._query) >= _RECORDS_AFTER:
            self.wanted.emit(self._query)

    def close_quietly(self) -> None:
        """Go away without running anything."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def show_records(self, query: str, records: Sequence[Item]) -> None:
        """Show the records found for ``query``; late answers to older queries are dropped."""
        if query.strip() == self._query and not self.isHidden():
            self._records = list(records)
            self._fill()

    def steer(self, step: int) -> None:
        """Go up or down over the lines that can run."""
        rows = [number for number, item in enumerate(self._items.items) if item.run]
        if not rows:
            return
        at = self._view.currentIndex().row()
        after = rows.index(at) + step if at in rows else 0
        self._view.setCurrentIndex(self._items.index(rows[after % len(rows)]))

    def accept(self) -> None:
        """Run the chosen line."""
        self._run(self._view.currentIndex())

    def _run(self, index: QModelIndex) -> None:
        item = self._items.items[index.row()] if index.isValid() else None
        if item is None or item.run is None or item.off:
            return
        self.close_quietly()
        item.run()

    def _fill(self) -> None:
        commands = []
        for command in self._keys.in_force():
            text = self._words.say(command.label)
            if command.listed and matches(self._query, text):
                off = command.off()
                reason = self._words.say(off) if off else ""
                commands.append(Item(text, command.run, command.shown_key, command.icon or "chevron-right", reason))
        rooms = [item for item in self.rooms if matches(self._query, item.text)]
        groups = (("palette.commands", commands), ("palette.rooms", rooms), ("palette.records", self._records))
        items: list[Item] = []
        for key, found in groups:
            if found:
                items += [Item(self._words.say(key)), *found]
        self._items.show_items(items or [Item(self._words.say("palette.nothing"))])
        self.steer(1)
        self._place()

    def _place(self) -> None:
        heights = [self._theme.px(_ROW if item.run else _HEAD) for item in self._items.items]
        height = min(sum(heights[: _MOST + 3]), self._over.height() - self.y() - 60) + 12
        self.resize(min(self._theme.px(_WIDTH), self._over.width() - self.x() - 8), max(60, height))
