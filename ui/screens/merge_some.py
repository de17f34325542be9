"""Some of a bundle: what it brings, by kind, with a tick at every record; what is not ticked stays out.

Everything is ticked at first. Space turns a tick, on a kind all of its records; Ctrl+A ticks all that is shown, and
once more none of it; Right opens a kind, Left closes it. A filter shows those whose name begins so. When a chosen
record names one that is not chosen, it is said, and offered along; but for consents and doubles, which come with
whom they are about, nothing is taken that nobody ticked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kzdoc.domain.catalogue import KINDS
from kzdoc.exchange.arriving import EVERYTHING, Choice
from ui.keys import key_text
from ui.widgets.basics import Card, button, label, row, said
from ui.widgets.entry import LineEntry
from ui.widgets.palette import fold

if TYPE_CHECKING:
    from ui.messages import Words
    from ui.surroundings import Surroundings
    from ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
ASIDE_ROLE = int(Qt.ItemDataRole.UserRole)
HEAD_ROLE = ASIDE_ROLE + 1
_ROW, _INDENT = 32, 24
_ASIDE = (240, 96)
"""How wide the quiet words at the right are: of a kind, of a record."""
_FEW = 24
"""Of so many records the kinds stand open."""
_PART, _LEAST = 0.42, 4
"""How much of the window's height the rows take, and how many rows at least."""
_NAMED = 3
"""So many of what is linked to are named."""
NO_NAME = "…"
_CHECK = {
    0: Qt.CheckState.Unchecked,
    1: Qt.CheckState.PartiallyChecked,
    2: Qt.CheckState.Checked,
}


@dataclass(slots=True)
class _Group:
    """The records of one kind, by their places."""

    kind: str
    places: list[int]
    new: int
    ticked: int
    is_open: bool


class SomeModel(QAbstractListModel):
    """Kinds and, under those that stand open, their records; a row is a record's place or, below zero, a kind's."""

    chosen = Signal()
    """Other records are ticked."""

    def __init__(self, words: Words, theme: Theme, records: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self._words, self._theme = words, theme
        self.records = records
        self._begins = [f" {fold(one['title'])}".replace("-", " ") for one in records]
        self._ticked = bytearray(b"\1" * len(records))
        self._at = {one["id"]: place for place, one in enumerate(records)}
        order = {kind: number for number, kind in enumerate(KINDS)}
        places: dict[str, list[int]] = {}
        for place, one in enumerate(records):
            places.setdefault(one["kind"], []).append(place)
        kinds = sorted(places, key=lambda kind: (order.get(kind, len(order)), kind))
        few = len(records) <= _FEW or len(kinds) == 1
        self._groups = []
        for kind in kinds:
            new = sum(records[place]["state"] == "new" for place in places[kind])
            self._groups.append(_Group(kind, places[kind], new, len(places[kind]), few))
        self._group_of = {place: number for number, group in enumerate(self._groups) for place in group.places}
        self._wanted = ""
        self._rows: list[int] = []
        self._lay()

    # what is ticked

    @property
    def count(self) -> int:
        """How many records are ticked."""
        return sum(group.ticked for group in self._groups)

    def left_out(self) -> list[str]:
        """Return the ids of what is not ticked."""
        return [one["id"] for place, one in enumerate(self.records) if not self._ticked[place]]

    def missed(self) -> list[int]:
        """Return the places of what ticked records name and nobody ticked."""
        found = {
            self._at[linked]
            for place, one in enumerate(self.records)
            if self._ticked[place]
            for linked in one["links"]
            if linked in self._at and not self._ticked[self._at[linked]]
        }
        return sorted(found)

    def tick(self, places: Sequence[int], ticked: bool) -> None:
        """Tick these records, or take their ticks away."""
        for place in places:
            self._groups[self._group_of[place]].ticked += int(ticked) - self._ticked[place]
            self._ticked[place] = ticked
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        self.chosen.emit()

    def turn(self, number: int) -> None:
        """Turn the tick of a row; that of a kind for all its records that the filter lets through."""
        place = self._rows[number]
        several = [place] if place >= 0 else self._shown_of(self._groups[-1 - place])
        self.tick(several, not all(self._ticked[one] for one in several))

    def turn_all(self) -> None:
        """Tick all that the filter lets through, or none of it when all of it is."""
        several = [place for group in self._groups for place in self._shown_of(group)]
        self.tick(several, not all(self._ticked[one] for one in several))

    # what is shown

    def narrow(self, text: str) -> None:
        """Show those in whose name a word begins so; their kinds stand open meanwhile."""
        self._wanted = fold(text.strip()).replace("-", " ")
        self._lay()

    def fold_in(self, number: int, *, is_open: bool) -> int:
        """Open or close the kind that a row is of; return the row of the kind."""
        place = self._rows[number]
        group = self._group_of[place] if place >= 0 else -1 - place
        if self._groups[group].is_open is not is_open and not self._wanted:
            self._groups[group].is_open = is_open
            self._lay()
        return self._rows.index(-1 - group)

    def is_head(self, number: int) -> bool:
        """Tell whether a row is a kind."""
        return self._rows[number] < 0

    def relabel(self) -> None:
        """Say everything in another language."""
        self._lay()

    def title(self, place: int) -> str:
        """Return what a record is called."""
        return str(self.records[place]["title"]) or NO_NAME

    def _shown_of(self, group: _Group) -> list[int]:
        wanted = f" {self._wanted}"
        return [place for place in group.places if wanted in self._begins[place]] if self._wanted else group.places

    def _lay(self) -> None:
        self.beginResetModel()
        self._rows = []
        for number, group in enumerate(self._groups):
            shown = self._shown_of(group) if self._wanted or group.is_open else []
            if shown or not self._wanted:
                self._rows += [-1 - number, *shown]
        self.endResetModel()

    # Qt's

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        place = self._rows[index.row()]
        if role == HEAD_ROLE:
            return place < 0
        return self._of_kind(self._groups[-1 - place], role) if place < 0 else self._of_record(place, role)

    def _of_kind(self, group: _Group, role: int) -> Any:
        of = KINDS.get(group.kind)
        name = of.label.to(self._words.lang) if of is not None else group.kind
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{'▾' if group.is_open or self._wanted else '▸'}  {name}"
        if role == Qt.ItemDataRole.FontRole:
            return self._theme.font(bold=True)
        if role == Qt.ItemDataRole.CheckStateRole:
            return _CHECK[0 if not group.ticked else 1 + (group.ticked == len(group.places))]
        counts = ((group.new, "new"), (len(group.places) - group.new, "changed"))
        told = " · ".join(self._words.say(f"merge.some_{key}", n=n) for n, key in counts if n)
        if role == ASIDE_ROLE:
            return told
        if role == Qt.ItemDataRole.AccessibleTextRole:
            of_all = self._words.say("merge.some_count", n=group.ticked, total=len(group.places))
            return f"{name}, {told}, {of_all}"
        return None

    def _of_record(self, place: int, role: int) -> Any:
        one = self.records[place]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.title(place)
        if role == Qt.ItemDataRole.CheckStateRole:
            return _CHECK[2 * self._ticked[place]]
        state = self._words.say(f"merge.some_is_{one['state']}")
        if role == ASIDE_ROLE:
            return state
        if role == Qt.ItemDataRole.AccessibleTextRole:
            ticked = self._words.say("merge.some_in" if self._ticked[place] else "merge.some_out")
            return f"{self.title(place)}, {state}, {ticked}"
        return None


class _RowPainter(QStyledItemDelegate):
    """A tick, the name, and in quiet letters at the right whether it is new."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's
        return QSize(120, self._theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        whole = QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(whole, self._theme.colour("select" if chosen else "surface"))
        head = bool(index.data(HEAD_ROLE))
        indent = 0 if head else self._theme.px(_INDENT)
        aside = min(self._theme.px(_ASIDE[not head]), whole.width() // 2)
        option.rect = whole.adjusted(indent, 0, -aside, 0)
        super().paint(painter, option, index)
        option.rect = whole
        painter.save()
        painter.setFont(self._theme.small())
        painter.setPen(self._theme.colour("quiet"))
        place = QRect(whole.right() - aside, whole.top(), aside - self._theme.px(8), whole.height())
        way = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        metrics = painter.fontMetrics()
        told = metrics.elidedText(str(index.data(ASIDE_ROLE)), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, way, told)
        painter.restore()


class SomeView(QListView):
    """The rows; keys tick, open and close."""

    def __init__(self, words: Words, theme: Theme, records: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self._theme = theme
        self.some = SomeModel(words, theme, records)
        self._painter = _RowPainter(theme)
        self.setModel(self.some)
        self.setItemDelegate(self._painter)
        self.setProperty("look", "framed")
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.some.modelReset.connect(self._fit)
        words.put(self.setAccessibleName, "merge.some_title")
        self.setCurrentIndex(self.some.index(0))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Be as high as the rows, within a part of the window."""
        most = max(_LEAST, round(self.window().height() * _PART / self._theme.px(_ROW)))
        rows = min(max(self.some.rowCount(), 1), most)
        self.setFixedHeight(rows * self._theme.px(_ROW) + 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, at = key_text(event), self.currentIndex().row()
        if key == "Ctrl+A":
            self.some.turn_all()
        elif at < 0:
            super().keyPressEvent(event)
        elif key == "Space":
            self.some.turn(at)
        elif key in ("Left", "Right"):
            self._fold(at, is_open=key == "Right")
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = self.indexAt(event.position().toPoint())
        if not at.isValid():
            return
        indent = 0 if self.some.is_head(at.row()) else self._theme.px(_INDENT)
        if event.position().x() < indent + self._theme.px(_ROW):
            self.some.turn(at.row())
        elif self.some.is_head(at.row()):
            self._fold(at.row(), is_open=str(at.data()).startswith("▸"))

    def _fold(self, at: int, *, is_open: bool) -> None:
        self.setCurrentIndex(self.some.index(self.some.fold_in(at, is_open=is_open)))


class SomePane(Card):
    """What a bundle brings and what of it is taken."""

    chosen = Signal()

    def __init__(self, desk: Surroundings, records: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self._desk = desk
        words = desk.words
        self.view = SomeView(words, desk.theme, records)
        self.model = self.view.some
        self.filter = LineEntry()
        self._count = label(bold=True)
        words.put(self.filter.setPlaceholderText, "merge.some_filter")
        words.put(self.filter.setAccessibleName, "merge.some_filter")
        self.filter.textChanged.connect(self._narrow)
        self.body.setSpacing(8)
        head = row(said(words, "merge.some_title", bold=True, wrap=True), self._count)
        head.setStretch(0, 1)
        self.body.addLayout(head)
        self.body.addWidget(said(words, "merge.some_keys", size="small", tone="quiet", wrap=True))
        self._missed = Card(look="banner-warn")
        self._missed_said = label(wrap=True)
        self.along_button = button(words, "merge.some_along", self.take_along)
        self._missed.body.addWidget(self._missed_said)
        self._missed.body.addLayout(row(self.along_button, None))
        for part in (self._missed, self.filter, self.view):
            self.body.addWidget(part)
        self.filter.setVisible(len(records) > _LEAST)
        self.model.chosen.connect(self._tell)
        words.languageChanged.connect(self._relabel)
        self._tell()

    @property
    def total(self) -> int:
        """How many records it brings."""
        return len(self.model.records)

    def choice(self) -> Choice:
        """Return what is ticked."""
        out = self.model.left_out()
        return Choice(frozenset(bytes.fromhex(one) for one in out), but=True) if out else EVERYTHING

    def take_along(self) -> None:
        """Tick what ticked records name, and what that names."""
        while missed := self.model.missed():
            self.model.tick(missed, ticked=True)
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _narrow(self, text: str) -> None:
        self.model.narrow(text)
        self.view.setCurrentIndex(self.model.index(0))

    def _relabel(self) -> None:
        self.model.relabel()
        self._tell()

    def _tell(self) -> None:
        words = self._desk.words
        self._count.setText(words.say("merge.some_count", n=self.model.count, total=self.total))
        missed = self.model.missed() if self.model.count < self.total else []
        self._missed.setVisible(bool(missed))
        if missed:
            names = ", ".join(self.model.title(place) for place in missed[:_NAMED])
            names += " …" if len(missed) > _NAMED else ""
            self._missed_said.setText(words.say("merge.some_missed", n=len(missed), names=names))
        self.chosen.emit()
