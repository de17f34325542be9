"""The record's form, made from the declaration of its kind: sections, rows, the foot with Done.

A body is built once for each kind and filled anew for each record. The story (the long text in which a person tells
what happened) is a row of the form that stands in the side pane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from kzdoc.casework import Change
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Kind, Type
from kzdoc.domain.sections import SECTIONS
from ui.screens.record_fields import TextSlot
from ui.screens.record_head import RecordHead
from ui.screens.record_row import FieldRow, fitted
from ui.screens.record_slot import Kit
from ui.tokens import SPACE_2, SPACE_3, SPACE_4, SPACE_6
from ui.widgets.basics import IconLabel, button, column, label, rule, said, set_look
from ui.widgets.form_row import FormGrid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kzdoc.browsing import Sheet
    from ui.surroundings import Surroundings

_STORIES = ("narrative", "text", "description", "quote", "definition", "reasoning", "reason", "purpose")
_STORY_LINES = (8, 24)
_LAST = "notes"
_WARNINGS = ("record.look_here", "saved.failed", "record.draft_not_kept")


def story_of(kind: Kind) -> str:
    """Return the field in which a record of this kind is told, or ""."""
    long = [field.id for field in kind.fields if field.type is Type.LONG_TEXT and field.section != _LAST]
    return next((name for name in _STORIES if name in long), "")


class FormBody(QWidget):
    """The rows of one kind, in sections in the order in which the kind first names them; internal notes last."""

    edited = Signal()
    kept = Signal(str, str)
    third = Signal(str, str)

    def __init__(self, kind: Kind, kit: Kit) -> None:
        super().__init__()
        self.kind, self.kit = kind, kit
        self.rows: dict[str, FieldRow] = {}
        self.story: FieldRow | None = None
        self._titles: list[tuple[Any, str]] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE_3)
        names = list(dict.fromkeys(field.section for field in kind.fields))
        story = story_of(kind)
        for section in sorted(names, key=lambda name: name == _LAST):
            self._add_section(section, story)
        kit.desk.words.languageChanged.connect(self._name_sections)

    def _add_section(self, section: str, story: str) -> None:
        grid = FormGrid()
        for field in self.kind.fields:
            if field.section != section:
                continue
            told = field.id == story
            row = FieldRow(field, self.kit, TextSlot(field, self.kit, _STORY_LINES) if told else None)
            row.slot.edited.connect(self.edited)
            row.kept.connect(self.kept)
            row.third.connect(self.third)
            self.rows[field.id] = row
            if told:
                self.story = row
                set_look(row.name, weight="bold")
            else:
                grid.add(row)
                row.relaid.connect(grid.arrange_again)
        if not grid.rows():
            return
        if self._titles:
            self._box.addWidget(rule())
        title = label(tone="accent", bold=True)
        self._titles.append((title, section))
        self._box.addWidget(title)
        self._box.addWidget(grid)
        self._name_sections()

    def _name_sections(self) -> None:
        words = self.kit.desk.words
        for title, section in self._titles:
            title.setText(words.text(SECTIONS[section]) if section in SECTIONS else section)

    def show_sheet(self, sheet: Sheet, typed: Mapping[str, Any]) -> None:
        """Show a record, and over it what a draft kept."""
        for name, row in self.rows.items():
            row.show_sheet(sheet, typed.get(name))

    def typed(self) -> dict[str, Any]:
        """Return what was typed and is not saved, by field."""
        return {name: row.slot.typed() for name, row in self.rows.items() if row.dirty}

    def wrong(self) -> FieldRow | None:
        """Judge every row and return the first that is wrong."""
        return next((row for row in [row for row in self.rows.values() if not row.judge()]), None)

    def changes(self) -> list[Change]:
        """Return what to write; raises ``InputError`` when a row is wrong."""
        told = []
        for name, row in self.rows.items():
            if row.dirty:
                value = row.value()
                told.append(Change(name, "clear") if value in (None, []) else Change(name, "set", value))
        return told


class RecordForm(QWidget):
    """Head, scrolling body, foot. ``done`` asks to save."""

    edited = Signal()
    done = Signal()
    kept = Signal(str, str)
    third = Signal(str, str)

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.desk = desk
        self.kit = Kit(desk)
        self.sheet: Sheet | None = None
        self.body: FormBody | None = None
        self._bodies: dict[str, FormBody] = {}
        self.head = RecordHead(desk)
        self._stack = QStackedWidget()
        self._under = QVBoxLayout()
        self._under.setContentsMargins(0, 0, 0, 0)
        page = QWidget()
        self._page = QVBoxLayout(page)
        self._page.setSpacing(SPACE_4)
        self._page.addWidget(self.head)
        self._holder = QVBoxLayout()
        self._page.addLayout(self._holder)
        self._page.addLayout(self._under)
        self._page.addStretch(1)
        self.area: QScrollArea = fitted(page)
        self.setLayout(column(self.area, self._foot(), spacing=0))
        self.set_narrow(narrow=False)

    def set_narrow(self, *, narrow: bool) -> None:
        """Take less margin in one column."""
        side = SPACE_4 if narrow else SPACE_6
        self._page.setContentsMargins(side, SPACE_4, side, SPACE_4)

    def put_first(self, part: QWidget) -> None:
        """Put something between the head and the rows."""
        self._page.insertWidget(1, part)

    def put_under(self, side: QWidget) -> None:
        """Put the side pane's content under the form."""
        self._under.addWidget(side)

    def show_sheet(self, sheet: Sheet, typed: Mapping[str, Any] | None = None) -> None:
        """Show a record or an empty form of its kind."""
        kind = KINDS[sheet.kind]
        body = self._bodies.get(kind.id)
        if body is None or body.kind is not kind:
            body = self._build(kind)
        if self.body is not body:
            if self.body is not None:
                self._holder.removeWidget(self.body)
                self.body.hide()
            self._holder.addWidget(body)
            body.show()
            self.body = body
        self.kit.today = sheet.today
        self.kit.names = dict(sheet.names)
        self.kit.born.clear()
        self.sheet = sheet
        body.show_sheet(sheet, typed or {})
        self.head.show_sheet(sheet, kind)
        self.area.verticalScrollBar().setValue(0)

    def focus_first(self) -> None:
        """Set the focus to the first row."""
        if self.body is not None:
            next(iter(self.body.rows.values())).slot.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_wrong(self, row: FieldRow) -> None:
        """Bring a row that is wrong into view and set the focus there."""
        row.slot.entry.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.area.isAncestorOf(row):
            self.area.ensureWidgetVisible(row)

    @property
    def dirty(self) -> bool:
        """Whether anything was typed that is not saved."""
        return self.body is not None and self.sheet is not None and bool(self.body.typed())

    def kept_text(self) -> str:
        """Return what the foot says of what is kept."""
        return self._kept.text()

    def say_kept(self, key: str, **params: str | int) -> None:
        """Say in the foot what is kept, or what is not."""
        self.desk.words.put(self._kept.setText, key, **params)
        wrong = key in _WARNINGS
        self._sign.show_icon("warning" if wrong else "check", "warn" if wrong else "ok")
        set_look(self._kept, tone="warn" if wrong else "quiet")

    def _build(self, kind: Kind) -> FormBody:
        body = FormBody(kind, self.kit)
        body.edited.connect(self.edited)
        body.kept.connect(self.kept)
        body.third.connect(self.third)
        self._bodies[kind.id] = body
        return body

    def _foot(self) -> QFrame:
        words, theme = self.desk.words, self.desk.theme
        foot = QFrame()
        foot.setProperty("look", "foot")
        self._kept = said(words, "saved.typing", size="small", tone="quiet", wrap=True)
        self._done = button(words, "record.done", self.done.emit, look="main")
        box = QHBoxLayout(foot)
        box.setContentsMargins(SPACE_6, SPACE_2, SPACE_6, SPACE_2)
        box.setSpacing(SPACE_2)
        self._sign = IconLabel(theme, "check", "ok", 16)
        box.addWidget(self._sign)
        box.addWidget(self._kept, 1)
        box.addWidget(label("Ctrl Enter", size="small", tone="quiet"))
        box.addWidget(self._done)
        return foot
