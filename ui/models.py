"""The list of records: rows of two heights, painted in one go, read aloud as one sentence each.

The model holds what the list shows and nothing more; it never reads the vault. A row: name in bold, state mark at the
right, one quiet line, and a line of the legal limit only when a clock runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.icons import paint_icon
from ui.tokens import ROW, ROW_LIMIT, SPACE_2, SPACE_4
from ui.widgets.marks import LIMITS, STATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.messages import Words
    from ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
ID_ROLE = ROW_ROLE + 1
_ICON = 16
_BAR = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One record as a list shows it; ``standing`` is a key of ``LIMITS`` and ``limit`` its words, or both are ""."""

    id: bytes
    name: str
    line: str
    state: str = ""
    standing: str = ""
    limit: str = ""

    def sentence(self, words: Words) -> str:
        """Return the row as a screen reader says it."""
        parts = [self.name, self.limit, self.line]
        if self.state:
            parts.append(words.say(STATES[self.state][2]))
        return ", ".join(part for part in parts if part)


class RowsModel(QAbstractListModel):
    """The rows of one list; replacing them keeps the rows that stayed the same where they are."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these rows; when only texts changed, selection and scrolling stay."""
        fresh = tuple(rows)
        if [row.id for row in fresh] == [row.id for row in self._rows]:
            changed = [number for number, row in enumerate(fresh) if row != self._rows[number]]
            self._rows = fresh
            for number in changed:
                self.dataChanged.emit(self.index(number), self.index(number))
            return
        self.beginResetModel()
        self._rows = fresh
        self.endResetModel()

    def row_at(self, index: Index) -> Row:
        """Return the row at an index of this model."""
        return self._rows[index.row()]

    def index_of(self, record: bytes) -> QModelIndex:
        """Return where a record is, or an invalid index."""
        found = next((number for number, row in enumerate(self._rows) if row.id == record), -1)
        return self.index(found) if found >= 0 else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.sentence(self._words)
        if role == ROW_ROLE:
            return row
        return row.id if role == ID_ROLE else None


class RowDelegate(QStyledItemDelegate):
    """Paints a row; the chosen one has a tint and a bar, so that it is not told by colour alone."""

    def __init__(self, words: Words, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._theme = words, theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's
        row: Row = index.data(ROW_ROLE)
        return QSize(120, self._theme.px(ROW_LIMIT if row.limit else ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(ROW_ROLE)
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._ground(painter, rect, chosen=chosen, focus=bool(state & QStyle.StateFlag.State_HasFocus))
        inner = rect.adjusted(SPACE_4, SPACE_2, -SPACE_4, -SPACE_2)
        step = inner.height() // (3 if row.limit else 2)
        first = QRect(inner.left(), inner.top(), inner.width(), step)
        used = self._mark(painter, row, first)
        first.setWidth(first.width() - used)
        self._line(painter, first, row.name, tone="text", bold=True, size="body")
        self._line(painter, first_below(inner, step, 1), row.line, tone="quiet", bold=False, size="small")
        if row.limit:
            self._limit(painter, first_below(inner, step, 2), row)
        painter.restore()

    def _ground(self, painter: QPainter, rect: QRect, *, chosen: bool, focus: bool) -> None:
        painter.fillRect(rect, self._theme.colour("select" if chosen else "surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), self._theme.colour("line"))
        if chosen:
            painter.fillRect(QRect(rect.left(), rect.top(), _BAR, rect.height()), self._theme.colour("accent"))
        if focus:
            painter.setPen(self._theme.colour("accent"))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _mark(self, painter: QPainter, row: Row, line: QRect) -> int:
        """Paint the state mark at the right and return the width it took."""
        if not row.state:
            return 0
        icon, tone, key = STATES[row.state]
        word = self._words.say(key)
        font = self._theme.small()
        painter.setFont(font)
        width = QFontMetrics(font).horizontalAdvance(word)
        painter.setPen(self._theme.colour(tone))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), word)
        side = self._theme.px(_ICON)
        left = line.right() - width - side - 6
        paint_icon(painter, icon, self._theme.colour(tone).name(), square(left, line, side))
        return width + side + 6 + SPACE_2

    def _limit(self, painter: QPainter, line: QRect, row: Row) -> None:
        icon, tone = LIMITS[row.standing or "later"]
        side = self._theme.px(_ICON)
        paint_icon(painter, icon, self._theme.colour(tone).name(), square(line.left(), line, side))
        line.setLeft(line.left() + side + 4)
        self._line(painter, line, row.limit, tone=tone, bold=tone in ("danger", "warn"), size="small")

    def _line(self, painter: QPainter, rect: QRect, text: str, *, tone: str, bold: bool, size: str) -> None:
        font = self._theme.small(bold=bold) if size == "small" else self._theme.font(bold=bold)
        painter.setFont(font)
        painter.setPen(self._theme.colour(tone))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)


def first_below(inner: QRect, step: int, number: int) -> QRect:
    """Return the rectangle of a row's line ``number``."""
    return QRect(inner.left(), inner.top() + number * step, inner.width(), step)


def square(left: int, line: QRect, side: int) -> QRect:
    """Return a square in the middle of a line's height."""
    return QRect(left, line.center().y() - side // 2 + 1, side, side)


class RecordList(QListView):
    """A list view for rows of records: two heights, one chosen, keyboard through and through."""

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self.rows = RowsModel(words, self)
        self.setModel(self.rows)
        self._delegate = RowDelegate(words, theme, self)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setTabKeyNavigation(False)
        words.put(self.setAccessibleName, "list.name")
        words.languageChanged.connect(self.viewport().update)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def chosen(self) -> bytes | None:
        """Return the id of the chosen record."""
        index = self.currentIndex()
        return self.rows.row_at(index).id if index.isValid() else None

    def choose(self, record: bytes) -> bool:
        """Choose a record if it is in the list; return whether it is."""
        index = self.rows.index_of(record)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        return index.isValid()
