"""Lists of several monitors laid row beside row: one event, one line a person, settled in one pass by keyboard.

A row in which several lists may mean one person is marked "one", "not one" or "?"; what is sure begins as "one", what
is doubtful as "?". Space goes round the three, 1, 2 and 0 say one of them, Enter goes to the next "?", Ctrl+Enter
settles all that is said in one act. What stays "?" stays as it is. A row with somebody in one list alone asks nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from kzdoc import lists as listing
from kzdoc import oversight
from ui.layouts import physical_key
from ui.screens.doubles_reading import ShownLine, ShownLists, read_lists
from ui.tokens import SPACE_3
from ui.widgets.basics import button, label, row, said

if TYPE_CHECKING:
    from ui.messages import Words
    from ui.surroundings import Surroundings
    from ui.theme import Theme

ONE, OTHER, OPEN = "one", "other", "open"
_ROUND = {OPEN: ONE, ONE: OTHER, OTHER: OPEN}
_KEYS = {"1": ONE, "2": OTHER, "0": OPEN}
_SIGNS = {ONE: "=", OTHER: "≠", OPEN: "?"}
_ROW, _MARK = 44, 116
_PART = 0.45
"""How much of the window's height the rows take."""

Index = QModelIndex | QPersistentModelIndex


class LinesModel(QAbstractTableModel):
    """The rows of one set of lists; the first column is what is said of a row."""

    def __init__(self, words: Words, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._words, self._theme = words, theme
        self.shown: ShownLists | None = None
        self.said: dict[int, str] = {}

    def lay(self, shown: ShownLists, said_before: dict[tuple[bytes | None, ...], str]) -> None:
        """Show these lists; what was said of a row before stays."""
        self.beginResetModel()
        self.shown = shown
        self.said = {
            number: said_before.get(line.people, ONE if line.score >= listing.SURE else OPEN)
            for number, line in enumerate(shown.lines)
            if line.asks
        }
        self.endResetModel()

    def line(self, number: int) -> ShownLine:
        """Return a row."""
        return self.shown.lines[number]  # type: ignore[union-attr]

    def say(self, number: int, what: str) -> None:
        """Say of a row that it is one person, several, or not known."""
        if number in self.said:
            self.said[number] = what
            self.dataChanged.emit(self.index(number, 0), self.index(number, self.columnCount() - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if self.shown is None or (parent is not None and parent.isValid()) else len(self.shown.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if self.shown is None or (parent is not None and parent.isValid()) else 1 + len(self.shown.events)

    def headerData(self, section: int, way: Qt.Orientation, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        said_in = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        if way != Qt.Orientation.Horizontal or role not in said_in or self.shown is None:
            return None
        if section == 0:
            return self._words.say("doubles.said")
        event = self.shown.events[section - 1]
        return f"{self._words.number(event.people)} · {event.author}"

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid() or self.shown is None:
            return None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(index.row())
        if index.column() == 0:
            return self._of_mark(index.row(), role)
        shown = role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
        return self.line(index.row()).cells[index.column() - 1] if shown else None

    def _of_mark(self, number: int, role: int) -> Any:
        open_ = self.said.get(number) == OPEN
        if role == Qt.ItemDataRole.FontRole:
            return self._theme.font(bold=open_)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._theme.colour("warn" if open_ else "quiet")
        return self._mark(number) if role == Qt.ItemDataRole.DisplayRole else None

    def _mark(self, number: int) -> str:
        if number not in self.said:
            return self._words.say("doubles.joined") if self.line(number).joined else ""
        return f"{_SIGNS[self.said[number]]}  {self._words.say('doubles.mark_' + self.said[number])}"

    def _sentence(self, number: int) -> str:
        line = self.line(number)
        names = "; ".join(cell.replace("\n", ", ") or "—" for cell in line.cells)
        return ". ".join(filter(None, (self._mark(number), names, line.reasons)))


class LinesTable(QTableView):
    """The table; keys say what a row is."""

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self.lines = LinesModel(words, theme, self)
        self.setModel(self.lines)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(_ROW))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._theme = theme
        self._mark = theme.px(_MARK)
        words.put(self.setAccessibleName, "doubles.table")

    def lay(self, shown: ShownLists, said_before: dict[tuple[bytes | None, ...], str]) -> None:
        """Show these lists and go to the first row that asks."""
        at = self.currentIndex().row()
        self.lines.lay(shown, said_before)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, self._mark)
        self.selectRow(min(max(at, 0), self.lines.rowCount() - 1))
        if at < 0:
            self.next_open(start=-1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        rows = max(4, round(self.window().height() * _PART / self._theme.px(_ROW)))
        self.setMinimumHeight(self._theme.px(rows * _ROW))

    def next_open(self, start: int | None = None) -> bool:
        """Go to the next row that is still asked about; return whether there is one."""
        here = self.currentIndex().row() if start is None else start
        found = sorted(number for number, what in self.lines.said.items() if what == OPEN)
        after = next((number for number in found if number > here), found[0] if found else None)
        if after is not None:
            self.selectRow(after)
        return after is not None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number, key = self.currentIndex().row(), physical_key(event)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() == Qt.Key.Key_Space:
            self.lines.say(number, _ROUND[self.lines.said.get(number, OTHER)])
        elif plain and key in _KEYS:
            self.lines.say(number, _KEYS[key])
            self.selectRow(min(number + 1, self.lines.rowCount() - 1))
        elif plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_open()
        else:
            super().keyPressEvent(event)


class ListsPane(QWidget):
    """Events that may be one, a set at a time."""

    failed = Signal(object)
    unread = Signal(object)
    work = "lists"

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self._sets: list[ShownLists] = []
        words = desk.words
        self._question = label(size="title", wrap=True)
        self._why = label(size="small", tone="quiet", wrap=True)
        self._count = label(wrap=True)
        self._reasons = label(size="small", tone="quiet", wrap=True)
        self.table = LinesTable(words, desk.theme)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._tell())
        self.table.lines.dataChanged.connect(lambda *_: self._tell())
        self.settle_button = button(words, "doubles.settle", self.settle, look="main")
        self.apart_button = button(words, "doubles.not_one_event", self.keep_apart)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE_3)
        for part in (self._question, self._why, self.table, self._reasons, self._count):
            box.addWidget(part, int(part is self.table))
        box.addWidget(said(words, "doubles.keys", size="small", tone="quiet", wrap=True))
        box.addLayout(row(self.settle_button, self.apart_button, None))
        self.setFocusProxy(self.table)
        self.reload()

    def reload(self) -> None:
        """Read the lists anew; what was said of rows stays."""
        self._desk.tasks.read(
            lambda session, _: read_lists(session, self._desk.words.lang),
            done=self.show_lists,
            failed=self.unread.emit,
            owner=self,
            latest="merge.lists",
        )

    def show_lists(self, sets: Sequence[ShownLists]) -> None:
        """Show the first of these sets."""
        before = self.said()
        self._sets = list(sets)
        for part in (self.table, self.settle_button, self.apart_button, self._reasons, self._count):
            part.setVisible(bool(sets))
        if not sets:
            self._question.setText(self._desk.words.say("doubles.no_lists"))
            self._why.setText("")
            return
        self.table.lay(self._sets[0], before)
        first = self._sets[0]
        self._question.setText(self._desk.words.say("doubles.one_event", title=first.title))
        self._why.setText(first.reasons)
        self._tell()

    def said(self) -> dict[tuple[bytes | None, ...], str]:
        """Return what is said of each row."""
        lines = self.table.lines
        return {lines.line(number).people: what for number, what in lines.said.items()} if lines.shown else {}

    def settle(self) -> None:
        """Join the events and the rows said to be one, keep apart those said not to be; in one act."""
        if not self._sets:
            return
        first, told = self._sets[0], self.said()
        same = [[one for one in people if one] for people, what in told.items() if what == ONE]
        different = [pair for people, what in told.items() if what == OTHER for pair in _pairs(people)]
        events = [event.id for event in first.events]
        self._write(
            lambda session: listing.settle_lists(session, events, same, different), "doubles.settled", len(same)
        )

    def keep_apart(self) -> None:
        """Say that the events are different; they are not proposed again."""
        if not self._sets:
            return
        events = [event.id for event in self._sets[0].events]
        different = [(one, other) for place, one in enumerate(events) for other in events[place + 1 :]]
        self._write(lambda session: listing.settle_lists(session, events[:1], [], different), "doubles.kept_apart", 0)

    def _write(self, act: Any, told: str, n: int) -> None:
        desk = self._desk

        def done(changes: Any) -> None:
            def undo() -> None:
                desk.tasks.write(lambda session, _: oversight.unsettle_group(session, changes.revisions))

            desk.notice(told, undo=undo, n=n)

        desk.tasks.write(lambda session, _: act(session), done=done, failed=self.failed.emit, owner=self)

    def _tell(self) -> None:
        lines, words = self.table.lines, self._desk.words
        number = self.table.currentIndex().row()
        if lines.shown is None or not 0 <= number < lines.rowCount():
            return
        self._reasons.setText(lines.line(number).reasons or words.say("doubles.asks_nothing"))
        counts = {what: sum(one == what for one in lines.said.values()) for what in (ONE, OTHER, OPEN)}
        self._count.setText(words.say("doubles.counts", one=counts[ONE], other=counts[OTHER], open=counts[OPEN]))


def _pairs(people: Sequence[bytes | None]) -> list[tuple[bytes, bytes]]:
    here = [one for one in dict.fromkeys(people) if one]
    return [(one, other) for place, one in enumerate(here) for other in here[place + 1 :]]
