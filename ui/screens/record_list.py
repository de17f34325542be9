"""The list of records: kind, search as one types in any spelling, filters with their counts, the rows.

What is asked goes to the worker, the newest question replaces older ones; the rows stay until the answer comes.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from kzdoc import listing
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.listing import Listing, Wanted
from ui.models import RecordList
from ui.models import Row as ShownRow
from ui.tokens import SPACE_2, SPACE_3, SPACE_4
from ui.widgets.basics import icon_button, label, row, said
from ui.widgets.chips import Facet, FacetChips
from ui.widgets.entry import Choice, LineEntry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListView

    from kzdoc.listing import Row
    from ui.surroundings import Surroundings

WIDTH = 320
_PAUSE_MS = 60
_MOST_FACETS = 24
_PLACE, _CONFLICT = "place:", "conflict"


class SearchLine(LineEntry):
    """The search over the list; Down and Enter go to the rows."""

    steered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.steered.emit()
            return
        super().keyPressEvent(event)


class ListPane(QFrame):
    """``chosen`` carries the id of the record one went to, ``adding`` asks for a new one."""

    chosen = Signal(bytes)
    adding = Signal()
    listed = Signal(object)
    """The Listing that is shown now."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.desk = desk
        self.wanted = Wanted(lang=desk.words.lang)
        self.shown = Listing()
        self._labels: dict[str, tuple[str, Any]] = {}
        self.setProperty("look", "list")
        words, theme = desk.words, desk.theme
        self._title = said(words, "record.list_title", size="title")
        self._count = label(size="small", tone="quiet")
        self.search = SearchLine()
        words.put(self.search.setPlaceholderText, "record.search_hint")
        words.put(self.search.setAccessibleName, "record.search")
        icon = QAction(theme.icon("search", "quiet"), "", self.search)
        self.search.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)
        self.add_button = icon_button(words, theme, "add", "record.new", self.adding.emit)
        self.kinds = Choice()
        words.put(self.kinds.setAccessibleName, "record.kind")
        self.facets = FacetChips(words, theme)
        self.list = RecordList(words, theme)
        self._nothing = said(words, "record.nothing_found", tone="quiet", wrap=True)
        self._nothing.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        self._nothing.hide()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.ask)
        self._connect()
        self._lay_out()
        self._name_kinds()

    def ask(self) -> None:
        """Ask the worker for the list as it is wanted now."""
        wanted = replace(self.wanted, lang=self.desk.words.lang)
        self.desk.tasks.read(
            lambda session, _: listing.list_records(session, wanted),
            done=partial(self._show, wanted),
            owner=self,
            latest="record-list",
        )

    def choose(self, record: bytes) -> None:
        """Mark a record in the list, if it is there, without going to it."""
        told = self.list.selectionModel().blockSignals(True)
        if not record or not self.list.choose(record):
            self.list.setCurrentIndex(self.list.rows.index(-1))
        self.list.selectionModel().blockSignals(told)
        self.list.viewport().update()

    def _connect(self) -> None:
        self.search.textChanged.connect(self._typed)
        self.search.steered.connect(self._go_to_rows)
        self.kinds.activated.connect(lambda _: self._want(kind=self.kinds.chosen(), facets=frozenset()))
        self.facets.toggled.connect(self._toggle)
        self.list.selectionModel().currentChanged.connect(lambda index, _: self._go(index))
        self.list.clicked.connect(self._go)
        self.list.activated.connect(self._go)
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.desk.words.languageChanged.connect(self._name_kinds)
        self.desk.words.languageChanged.connect(self.ask)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_3)
        head.setSpacing(SPACE_2)
        head.addLayout(row(self._title, None, self._count))
        head.addLayout(row(self.search, self.add_button, spacing=4))
        head.addWidget(self.kinds)
        head.addWidget(self.facets)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self._nothing)
        box.addWidget(self.list, 1)

    def _typed(self, text: str) -> None:
        self.wanted = replace(self.wanted, text=text, limit=listing.ROWS_AT_ONCE)
        self._pause.start()

    def _want(self, **what: Any) -> None:
        self.wanted = replace(self.wanted, limit=listing.ROWS_AT_ONCE, **what)
        self.ask()

    def _toggle(self, facet: str, on: bool) -> None:
        if facet == _CONFLICT:
            self._want(in_conflict=on)
        elif facet.startswith(_PLACE):
            self._want(place=facet.removeprefix(_PLACE) if on else "")
        else:
            pair = self._labels[facet]
            others = frozenset(one for one in self.wanted.facets if one != pair)
            self._want(facets=others | {pair} if on else others)

    def _show(self, wanted: Wanted, found: Listing) -> None:
        self.shown = found
        chosen = self.list.chosen()
        told = self.list.selectionModel().blockSignals(True)
        self.list.rows.show_rows([self._row(one) for one in found.rows])
        if chosen is not None:
            self.list.choose(chosen)
        self.list.selectionModel().blockSignals(told)
        self._count.setText(self.desk.words.say("list.count", n=found.total))
        self._nothing.setVisible(not found.total and bool(found.kinds))
        self.facets.show_facets(self._facets(wanted, found))
        self._name_kinds()
        self.listed.emit(found)

    def _row(self, one: Row) -> ShownRow:
        words = self.desk.words
        marks = []
        if one.conflicts:
            marks.append(words.say("record.row_conflicts", n=one.conflicts))
        if one.withheld:
            marks.append(words.say("record.row_withheld", n=one.withheld))
        standing = "unknown" if marks else ""
        name = one.name or words.say("record.no_name")
        return ShownRow(one.id, name, one.line, one.place, standing, " · ".join(marks))

    def _facets(self, wanted: Wanted, found: Listing) -> list[Facet]:
        words = self.desk.words
        facets = [
            Facet(_PLACE + place, words.say(f"record.place_{place}"), count, on=wanted.place == place)
            for place, count in found.places.items()
            if (count and place == "only_here") or wanted.place == place
        ]
        if found.in_conflict or wanted.in_conflict:
            said = words.say("record.in_conflict")
            facets.append(Facet(_CONFLICT, said, found.in_conflict, on=wanted.in_conflict))
        counted = {(name, value): count for name, value, count in found.facets}
        for pair in wanted.facets:
            counted.setdefault(pair, 0)
        self._labels = {}
        for pair, count in list(counted.items())[:_MOST_FACETS]:
            key = f"{pair[0]}:{pair[1]}"
            self._labels[key] = pair
            facets.append(Facet(key, self._term(wanted.kind, *pair), count, on=pair in wanted.facets))
        return facets

    def _term(self, kind: str, name: str, value: Any) -> str:
        """Return the words of a facet's value; an answer says also to what."""
        field = KINDS[kind].field(name)
        lang = self.desk.words.lang
        if field.vocabulary:
            return vocabulary(field.vocabulary).label(str(value), lang)
        if value in ("yes", "no", "not_told"):
            return f"{self.desk.words.text(field.label)}: {self.desk.words.say(f'answer.{value}').lower()}"
        return str(value)

    def _name_kinds(self) -> None:
        words, counts = self.desk.words, self.shown.kinds
        every = words.say("record.all_kinds", n=words.number(sum(counts.values())))
        choices = [("", every)]
        for kind in KINDS.values():
            here = counts.get(kind.id, 0)
            if here or kind.id == self.wanted.kind:
                choices.append((kind.id, f"{words.text(kind.plural)} · {words.number(here)}"))
        self.kinds.show_choices(choices, self.wanted.kind)

    def _go(self, index: Any) -> None:
        if index.isValid():
            self.chosen.emit(self.list.rows.row_at(index).id)

    def _go_to_rows(self) -> None:
        if self.list.rows.rowCount():
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.currentIndex().isValid():
                self.list.setCurrentIndex(self.list.rows.index(0))

    def _scrolled(self, value: int) -> None:
        rows: QListView = self.list
        if value >= rows.verticalScrollBar().maximum() and self.shown.total > len(self.shown.rows):
            self.wanted = replace(self.wanted, limit=2 * self.wanted.limit)
            self.ask()
