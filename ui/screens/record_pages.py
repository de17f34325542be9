"""The pages that stand in the form's place: what kind of record to begin, and how a record came to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kzdoc.browsing import REMOVAL
from kzdoc.domain.catalogue import GROUPS, KINDS
from ui.room import TitledPage
from ui.screens.panes import empty
from ui.screens.record_row import fitted, moment_text
from ui.tokens import SPACE_1, SPACE_2, SPACE_3
from ui.widgets.basics import Card, button, column, label, row
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.filling import Step
    from ui.surroundings import Surroundings


class NewPage(QWidget):
    """Every kind there is, by group; ``began`` carries the kind's id."""

    began = Signal(str)
    left = Signal()

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.desk = desk
        page = TitledPage(desk, "record.new_question")
        page.verbs.addWidget(button(desk.words, "action.cancel", self.left.emit, look="link"))
        self._box = QVBoxLayout()
        self._box.setSpacing(SPACE_3)
        page.column.addLayout(self._box)
        page.column.addStretch(1)
        self.buttons: list[QPushButton] = []
        self.setLayout(column(fitted(page)))
        desk.words.languageChanged.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """Say the kinds that are declared now."""
        empty(self._box)
        self.buttons = []
        words = self.desk.words
        for group in dict.fromkeys(kind.group for kind in KINDS.values()):
            holder = QWidget()
            flow = FlowLayout(holder, SPACE_2)
            for kind in KINDS.values():
                if kind.group != group:
                    continue
                made = QPushButton(words.text(kind.label))
                made.setAutoDefault(False)
                made.clicked.connect(lambda _=False, chosen=kind.id: self.began.emit(chosen))
                made.setProperty("kind", kind.id)
                flow.addWidget(made)
                self.buttons.append(made)
            title = words.text(GROUPS[group]) if group in GROUPS else group
            part = QWidget()
            part.setLayout(column(label(title, size="small", tone="quiet"), holder, spacing=SPACE_1))
            self._box.addWidget(part)

    def focus_first(self) -> None:
        """Set the focus to the first kind."""
        if self.buttons:
            self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)


class HistoryPage(QWidget):
    """The revisions of a record, the newest first; an own one can be set aside and brought back."""

    left = Signal()
    undone = Signal(bytes)
    restored = Signal(bytes)

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.desk = desk
        self._page = TitledPage(desk, "record.history")
        self.back_button = button(
            desk.words, "record.back_to_form", self.left.emit, look="link", theme=desk.theme, icon="back"
        )
        self._page.verbs.addWidget(self.back_button)
        self._box = QVBoxLayout()
        self._box.setSpacing(SPACE_3)
        self._page.column.addLayout(self._box)
        self._page.column.addStretch(1)
        self.setLayout(column(fitted(self._page)))

    def show_steps(self, name: str, kind_id: str, steps: Sequence[Step]) -> None:
        """Show how a record came to be."""
        empty(self._box)
        self._page.show_line(name)
        for step in reversed(steps):
            self._box.addWidget(self._card(step, kind_id))
        self.back_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _card(self, step: Step, kind_id: str) -> Card:
        words = self.desk.words
        card = Card()
        card.body.setSpacing(SPACE_1)
        who = words.say("record.you") if step.own else step.author
        verb = ("record.bring_back", self.restored) if step.aside else ("record.set_aside", self.undone)
        head = row(label(who, bold=True, wrap=True), None)
        if step.own:
            head.addWidget(button(words, verb[0], lambda: verb[1].emit(step.revision), look="link"))
        card.body.addLayout(head)
        when = moment_text(step.time, words.lang)
        state = words.say("record.was_set_aside") if step.aside else ""
        card.body.addWidget(label(" · ".join(filter(None, (when, state))), size="small", tone="quiet", wrap=True))
        for field, value in sorted(step.said, key=lambda one: _place_in_form(kind_id, one[0])):
            card.body.addWidget(label(self._line(kind_id, field, value), wrap=True))
        return card

    def _line(self, kind_id: str, field: str, value: str) -> str:
        words = self.desk.words
        if field == REMOVAL:
            return words.say("record.history_removed", reason=value) if value else words.say("record.history_kept")
        kind = KINDS.get(kind_id)
        name = words.text(kind.field(field).label) if kind is not None and kind.has(field) else field
        return f"{name}: {value or words.say('record.cleared')}"


def _place_in_form(kind_id: str, field: str) -> int:
    """Return where a field stands in its form; a removal comes first, what the form does not know last."""
    if field == REMOVAL:
        return -1
    fields = [one.id for one in KINDS[kind_id].fields] if kind_id in KINDS else []
    return fields.index(field) if field in fields else len(fields)
