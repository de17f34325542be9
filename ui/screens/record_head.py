"""The head of a record's form: kind, where it is, its name, what can be done with it, and what is special about it.

Removing asks for the reason in place; it can be undone, so there is no dialog.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kzdoc.browsing import REMOVAL
from ui.screens.panes import empty
from ui.tokens import SPACE_1, SPACE_2
from ui.widgets.basics import Card, button, column, label, row, said
from ui.widgets.entry import LineEntry
from ui.widgets.flow import FlowLayout
from ui.widgets.marks import StateMark, WithheldChip

if TYPE_CHECKING:
    from kzdoc.browsing import Sheet
    from kzdoc.domain.field import Kind
    from ui.surroundings import Surroundings


class RecordHead(QWidget):
    """``history``, ``sealing``, ``removing`` (the reason), ``restoring`` (a statement's name) and ``settled`` ask."""

    history = Signal()
    forgetting = Signal()
    sealing = Signal()
    shown = Signal(object)
    """The sheet that is shown now."""
    removing = Signal(str)
    restoring = Signal(str)
    settled = Signal(str, str)
    """The removal's field, and the statement kept or ""."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.desk = desk
        words, theme = desk.words, desk.theme
        self._kind_of: Kind | None = None
        self._sheet: Sheet | None = None
        self._alone = False
        self._kind = label(size="small", tone="quiet")
        self._mark = StateMark(words, theme, "only_here")
        self.title = label(size="title", wrap=True)
        self._history = button(words, "record.history", self.history.emit, look="link", theme=theme, icon="history")
        self._seal = button(words, "seal.open", self.sealing.emit, look="link", theme=theme, icon="lock")
        self._forget = button(words, "forget.open", self.forgetting.emit, look="link", theme=theme, icon="eye-off")
        self._remove = button(words, "record.remove", self.ask_removal, look="link", theme=theme, icon="remove")
        self._notes = QVBoxLayout()
        self._notes.setSpacing(SPACE_2)
        self._verbs = QWidget()
        flow = FlowLayout(self._verbs, SPACE_1)
        for verb in (self._history, self._seal, self._remove, self._forget):
            flow.addWidget(verb)
        self.setLayout(column(row(self._kind, self._mark, None), self.title, self._verbs, self._notes, spacing=SPACE_1))
        words.languageChanged.connect(self._retell)

    def show_sheet(self, sheet: Sheet, kind: Kind) -> None:
        """Show whose form this is and what is special about it."""
        self._sheet, self._kind_of = sheet, kind
        self._mark.show_state(sheet.place)
        self._show_verbs()
        self._retell()
        self._clear_notes()
        unknown = [reason for name, reason in sheet.withheld if not name]
        if unknown:
            self._tell_withheld(unknown)
        if REMOVAL in sheet.conflicts:
            self._tell_dispute(sheet)
        elif sheet.removed:
            self._tell_removed(sheet)
        self.shown.emit(sheet)

    def set_alone(self, *, alone: bool) -> None:
        """Show no verbs while somebody sits opposite, or show them again."""
        self._alone = alone
        self._show_verbs()

    def _show_verbs(self) -> None:
        sheet = self._sheet
        known = sheet is not None and bool(sheet.id) and not self._alone
        self._mark.setVisible(known)
        self._verbs.setVisible(known)
        self._history.setVisible(known)
        self._seal.setVisible(known and sheet is not None and bool(sheet.fields))
        self._forget.setVisible(known)
        self._remove.setVisible(known and sheet is not None and not sheet.removed)

    def tell_sealed(self, number: int, name: str, day: str) -> None:
        """Say of a stub when it was sealed; it goes by the number and the label of its sealing."""
        if self._sheet is None:
            return
        if not (self._sheet.removed or REMOVAL in self._sheet.conflicts):
            self._clear_notes()
        self._note("banner-held", "seal.stub", n=number, day=day)
        if not self._sheet.name:
            self.title.setText(self.desk.words.say("seal.stub_name", n=name or number))

    def ask_removal(self) -> None:
        """Ask why the record is removed, in place."""
        if self._sheet is None or not self._sheet.id or self._sheet.removed:
            return
        self._clear_notes()
        words = self.desk.words
        card = self._note("card", "record.remove_why")
        reason = LineEntry()
        words.put(reason.setAccessibleName, "record.remove_why")
        words.put(reason.setPlaceholderText, "record.remove_hint")
        go = button(words, "record.remove_now", lambda: self._send_removal(reason))
        go.setEnabled(False)
        words.put(go.setToolTip, "record.remove_off")
        reason.textChanged.connect(lambda text: go.setEnabled(bool(text.strip())))
        reason.returnPressed.connect(lambda: self._send_removal(reason))
        card.body.addWidget(reason)
        card.body.addLayout(row(go, button(words, "record.remove_not", self._clear_notes, look="link"), None))
        reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send_removal(self, reason: LineEntry) -> None:
        if reason.text().strip():
            self.removing.emit(reason.text().strip())

    def _tell_withheld(self, reasons: list[str]) -> None:
        card = self._note("banner-held", "record.withheld_some", n=len(reasons))
        holder = QWidget()
        flow = FlowLayout(holder)
        for reason in sorted(set(reasons)):
            flow.addWidget(WithheldChip(self.desk.words, self.desk.theme, f"withheld.{reason}"))
        card.body.addWidget(holder)

    def _tell_dispute(self, sheet: Sheet) -> None:
        words = self.desk.words
        card = self._note("banner-warn", "record.removal_disputed", reason=sheet.removed_for)
        removals = [said.statement for said in sheet.fields.get(REMOVAL, ()) if said.value is not None]
        statement = removals[0] if removals else ""
        keep = button(words, "record.keep_record", lambda: self.settled.emit(REMOVAL, ""))
        out = button(words, "record.remove_still", lambda: self.settled.emit(REMOVAL, statement))
        card.body.addLayout(row(keep, out, None))

    def _tell_removed(self, sheet: Sheet) -> None:
        card = self._note("banner-held", "record.is_removed", reason=sheet.removed_for)
        own = [one.statement for one in sheet.fields.get(REMOVAL, ()) if one.value is not None and one.own]
        if own:
            back = button(self.desk.words, "record.bring_back", lambda: self.restoring.emit(own[0]))
            card.body.addLayout(row(back, None))

    def _note(self, look: str, key: str, **params: str | int) -> Card:
        card = Card(look=look)
        sentence = said(self.desk.words, key, wrap=True)
        self.desk.words.put(sentence.setText, key, **params)
        card.body.addWidget(sentence)
        self._notes.addWidget(card)
        card.show()
        return card

    def _clear_notes(self) -> None:
        empty(self._notes)

    def _retell(self) -> None:
        if self._sheet is None or self._kind_of is None:
            return
        words = self.desk.words
        kind = words.text(self._kind_of.label)
        self._kind.setText(kind)
        self._kind.setVisible(bool(self._sheet.id))
        nameless = "record.no_name" if self._sheet.id else "record.new_title"
        self.title.setText(self._sheet.name or words.say(nameless, kind=kind))
