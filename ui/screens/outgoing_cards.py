"""Cards of tables and what is like them: what the reader has already, what was found in the file, what was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kzdoc.domain.audience import AUDIENCE_LABELS
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.dates import show_date
from kzdoc.domain.field import Sensitivity
from kzdoc.domain.sections import SENSITIVITY_LABELS
from kzdoc.redaction.cells import K
from kzdoc.together import CLASSES, LINES, Together
from ui.screens.panes import empty
from ui.screens.publish_findings import finding_sentence
from ui.tokens import SPACE_2
from ui.widgets.basics import Card, ElidedLabel, IconLabel, button, column, label, row, rule, said
from ui.widgets.entry import LineEntry

if TYPE_CHECKING:
    from kzdoc.leaving import LeakError
    from ui.messages import Words
    from ui.surroundings import Surroundings

_MOST = 20


def headline(desk: Surroundings, icon: str, tone: str, title: str) -> QWidget:
    """Return a heading with its icon."""
    line = row(IconLabel(desk.theme, icon, tone, 20), label(title, bold=True, wrap=True))
    line.setStretch(1, 1)
    line.setContentsMargins(0, 0, 0, 0)
    head = QWidget()
    head.setLayout(line)
    return head


def together_sentence(words: Words, one: Together, kind_id: str) -> str:
    """Return in words what something new tells with one thing its reader has."""
    told = {
        LINES: [words.text(KINDS[kind_id].field(name).label) for name in one.of if one.why == LINES],
        CLASSES: [words.text(SENSITIVITY_LABELS[Sensitivity(name)]) for name in one.of if one.why == CLASSES],
    }
    return words.say(
        f"outgoing.together_{one.why}",
        date=show_date(one.date, words.lang),
        recipient=one.recipient,
        audience=words.text(AUDIENCE_LABELS[one.audience]),
        n=one.n,
        k=K,
        of=", ".join(told.get(one.why, [])),
    )


class TogetherAsk(Card):
    """What the reader has already that tells too much with this; for strangers it waits for a reason."""

    changed = Signal()

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(look="banner-warn")
        self._desk = desk
        self._lines = QVBoxLayout()
        self._lines.setSpacing(SPACE_2)
        words = desk.words
        self.reason = LineEntry()
        words.put(self.reason.setPlaceholderText, "outgoing.although")
        words.put(self.reason.setAccessibleName, "outgoing.although")
        self.reason.textEdited.connect(lambda _text: self.changed.emit())
        self._why = label(size="small", tone="quiet", wrap=True)
        self._title = label(bold=True, wrap=True)
        head = row(IconLabel(desk.theme, "warning", "warn", 20), self._title)
        head.setStretch(1, 1)
        self.body.addLayout(head)
        self.body.addLayout(self._lines)
        self.body.addWidget(self.reason)
        self.body.addWidget(self._why)
        self.hide()

    def show_found(self, found: Sequence[Together], kind_id: str, *, held: bool) -> None:
        """Show what is told together; ``held``: it waits for a reason."""
        words = self._desk.words
        self._title.setText(words.say("outgoing.together"))
        empty(self._lines)
        for one in found[:_MOST]:
            self._lines.addWidget(label(together_sentence(words, one, kind_id), wrap=True))
        self.reason.setVisible(held)
        self._why.setText(words.say("outgoing.although_why" if held else "outgoing.together_free"))
        self.setVisible(bool(found))

    def although(self) -> str:
        """Return the reason that was given."""
        return self.reason.text().strip() if not self.reason.isHidden() else ""


class LeakCard(Card):
    """What was found in a finished table: where, of which class, by which rule, and the way to its record."""

    def __init__(self, desk: Surroundings, error: LeakError, kind_id: str) -> None:
        super().__init__(look="banner-danger")
        words = desk.words
        self.body.addWidget(headline(desk, "warning", "danger", words.say("outgoing.findings", n=len(error.spots))))
        self.buttons = []
        for one in error.spots[:_MOST]:
            record, name = error.cells.get(one.position, (b"", ""))
            field = words.text(KINDS[kind_id].field(name).label) if name and KINDS[kind_id].has(name) else ""
            place = words.say("outgoing.cell", line=one.position[0], column=one.position[1], field=field or "–")
            self.body.addWidget(rule())
            self.body.addWidget(label(place if record else finding_sentence(desk, one), bold=True, wrap=True))
            if record:
                self.body.addWidget(label(finding_sentence(desk, one), size="small", tone="quiet", wrap=True))
                go = button(words, "publish.open_case", partial(desk.go, "record", record))
                go.setAccessibleDescription(place)
                self.buttons.append(go)
                self.body.addLayout(row(go, None))
        self.body.addWidget(said(words, "outgoing.findings_why", size="small", tone="quiet", wrap=True))


class WrittenCard(Card):
    """The clear end: where the file lies, and what was looked at before it was written."""

    def __init__(self, desk: Surroundings, told: Mapping[str, object], checked: str) -> None:
        super().__init__(look="banner-ok")
        words = desk.words
        self.body.addWidget(headline(desk, "check", "ok", words.say("outgoing.written")))
        for name in ("file", "signature", "redaction"):
            if told.get(name):
                self.body.addWidget(ElidedLabel(str(told[name])))
        lines = column(
            said(words, checked, wrap=True), said(words, "outgoing.written_why", size="small", tone="quiet", wrap=True)
        )
        self.body.addLayout(lines)
