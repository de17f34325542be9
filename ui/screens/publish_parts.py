"""The cards of Publish: whom it is about, what is withheld and why, what was signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from kzdoc.domain.audience import AUDIENCE_LABELS, Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.dates import show_date
from kzdoc.domain.field import Sensitivity
from kzdoc.domain.sections import SENSITIVITY_LABELS
from ui.models import RecordList, Row
from ui.widgets.basics import Card, ElidedLabel, IconLabel, button, column, label, row, rule, said
from ui.widgets.entry import LineEntry

if TYPE_CHECKING:
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

KINDS_OF_CASE = ("person", "event")
FOUND_LIMIT = 40
_LIST_HEIGHT = 242
_ROW_HEIGHT = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """A person or an event a paper can be about."""

    id: bytes
    kind: str
    title: str


def find_subjects(session: Session, text: str, lang: str, *, only: bytes | None = None) -> list[Subject]:
    """Return people and events that match, best first; all of them, by name, when nothing is typed."""
    del lang
    if only is not None:
        briefs = [session.records.brief(only)]
    elif text.strip():
        found = [one for kind in KINDS_OF_CASE for one in session.records.find(text, kind=kind, limit=FOUND_LIMIT)]
        briefs = [session.records.brief(one.id) for one in found]
    else:
        briefs = [one for kind in KINDS_OF_CASE for one in session.records.briefs(kind)[:FOUND_LIMIT]]
    return [
        Subject(one.id, one.kind, one.title or "…") for one in briefs if one is not None and one.kind in KINDS_OF_CASE
    ]


class _SearchEntry(LineEntry):
    """A field whose arrows move in the list under it and whose Enter chooses there."""

    steered = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.steered.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class SubjectCard(Card):
    """Search while nobody is chosen; then one line with the way back."""

    chosen = Signal(object)

    def __init__(self, desk: Surroundings, search: Callable[[str], None]) -> None:
        super().__init__()
        self._desk, self._search = desk, search
        self._found: list[Subject] = []
        words = desk.words
        self.entry = _SearchEntry()
        words.put(self.entry.setPlaceholderText, "publish.find")
        words.put(self.entry.setAccessibleName, "publish.find")
        self.list = RecordList(words, desk.theme)
        self.list.setFixedHeight(desk.theme.px(_LIST_HEIGHT))
        self.entry.textEdited.connect(search)
        self.entry.steered.connect(self._step)
        self.entry.returnPressed.connect(self._take)
        self.list.clicked.connect(lambda _index: self._take())
        self.list.activated.connect(lambda _index: self._take())
        self._none = said(words, "publish.found_nothing", tone="quiet", wrap=True)
        self._searching = QWidget()
        self._searching.setLayout(column(self.entry, self.list, self._none))
        self._name, self._kind = ElidedLabel(), label(size="small", tone="quiet")
        self._name.setProperty("weight", "bold")
        self._chosen = QWidget()
        line = row(
            column(self._name, self._kind, spacing=0), button(words, "publish.other", lambda: self.chosen.emit(None))
        )
        line.setStretch(0, 1)
        self._chosen.setLayout(line)
        self.body.addWidget(self._searching)
        self.body.addWidget(self._chosen)
        self.show_found([])

    def begin(self) -> None:
        """Begin to search."""
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)
        self._search(self.entry.text())

    def show_found(self, found: list[Subject]) -> None:
        """Show what was found."""
        self._found = found
        words = self._desk.words
        self.list.rows.show_rows([Row(one.id, one.title, words.text(KINDS[one.kind].label)) for one in found])
        self.list.setVisible(bool(found))
        self._none.setVisible(not found)
        if found:
            self.list.choose(found[0].id)

    def show_subject(self, subject: Subject | None) -> None:
        """Show who was chosen, or the search again."""
        self._searching.setVisible(subject is None)
        self._chosen.setVisible(subject is not None)
        if subject is not None:
            self._name.setText(subject.title)
            self._kind.setText(self._desk.words.text(KINDS[subject.kind].label))

    def _step(self, by: int) -> None:
        at = self.list.currentIndex().row() + by
        if 0 <= at < len(self._found):
            self.list.choose(self._found[at].id)

    def _take(self) -> None:
        chosen = self.list.chosen()
        found = [one for one in self._found if one.id == chosen]
        if found:
            self.chosen.emit(found[0])


class WithheldCard(Card):
    """What is withheld and why, with how often."""

    def __init__(self, desk: Surroundings, withheld: Sequence[Any]) -> None:
        super().__init__()
        words = desk.words
        total = sum(one.count for one in withheld)
        count = label(words.say("publish.places", n=total), size="small", tone="quiet")
        self.body.addLayout(row(said(words, "publish.withheld", bold=True), count, None))
        if not withheld:
            self.body.addWidget(said(words, "publish.withheld_nothing", tone="quiet", wrap=True))
        for one in withheld:
            self.body.addWidget(rule())
            what = words.text(SENSITIVITY_LABELS[Sensitivity(one.sensitivity)])
            reason = words.say(f"publish.reason_{one.reason.replace('-', '_')}")
            lines = column(
                label(what[:1].upper() + what[1:], wrap=True),
                label(reason, size="small", tone="quiet", wrap=True),
                spacing=0,
            )
            times = label(f"×{words.number(one.count)}", size="small", tone="quiet")
            line = row(IconLabel(desk.theme, "withheld", "held", 20), lines, times, spacing=12)
            line.setStretch(1, 1)
            self.body.addLayout(line)


class TogetherCard(Card):
    """What the reader already has of the case, when both together tell more than this paper alone."""

    def __init__(self, desk: Surroundings, before: Sequence[dict[str, Any]]) -> None:
        super().__init__(look="banner-warn")
        words = desk.words
        head = row(IconLabel(desk.theme, "warning", "warn", 20), said(words, "publish.together", bold=True, wrap=True))
        head.setStretch(1, 1)
        self.body.addLayout(head)
        for one in before:
            classes = ", ".join(words.text(SENSITIVITY_LABELS[Sensitivity(name)]) for name in one["classes"])
            audience = words.text(AUDIENCE_LABELS[Audience(one["audience"])])
            line = words.say(
                "publish.together_line", date=show_date(one["date"], words.lang), audience=audience, classes=classes
            )
            self.body.addWidget(label(line, wrap=True))
        self.body.addWidget(said(words, "publish.together_why", size="small", tone="quiet", wrap=True))


class SignedCard(Card):
    """Where the signed paper lies, and its fingerprint."""

    def __init__(self, desk: Surroundings, told: dict[str, Any]) -> None:
        super().__init__(look="banner-ok")
        words = desk.words
        head = row(IconLabel(desk.theme, "check", "ok", 20), said(words, "publish.signed", bold=True, wrap=True))
        head.setStretch(1, 1)
        self.body.addLayout(head)
        for name in ("file", "signature", "redaction", "pack", "verifier"):
            if told.get(name):
                self.body.addWidget(ElidedLabel(told[name]))
        self.body.addWidget(said(words, "publish.signed_checked", wrap=True))
        if told.get("pack"):
            parts = {name: told[name] for name in ("shown", "proved", "attested")}
            self.body.addWidget(label(words.say("publish.pack_proved", **parts), wrap=True))
        self.body.addWidget(said(words, "publish.fingerprint", size="small", tone="quiet", wrap=True))
        digest = told["sha256"]
        grouped = " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
        self.fingerprint = label(grouped, wrap=True)
        self.fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.body.addWidget(self.fingerprint)
        self.body.addWidget(said(words, "publish.signed_why", size="small", tone="quiet", wrap=True))
