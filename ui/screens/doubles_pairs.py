"""Two people who may be one, side by side, with the reasons in words; one key says that they are, or that they are not.

Joining writes a link: both records stay whole, with all their files, and it can be taken back. What was found to be
different is not proposed again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from kzdoc import casework, joining
from ui.screens.doubles_reading import ShownPair, ShownPerson, read_pairs
from ui.screens.panes import empty
from ui.tokens import SPACE_3
from ui.widgets.basics import Card, IconLabel, button, label, row, rule, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from kzdoc.session import Session
    from ui.surroundings import Surroundings

_SIDE_BY_SIDE = 520


class PairPane(QWidget):
    """One pair at a time."""

    failed = Signal(object)
    unread = Signal(object)
    work = "people"

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self._pairs: list[ShownPair] = []
        self._at = 0
        words = desk.words
        self._where = label(size="small", tone="quiet")
        self._question = said(words, "doubles.same_person", size="title", wrap=True)
        self._before = button(words, "merge.previous", lambda: self.step(-1), look="link")
        self._after = button(words, "merge.next", lambda: self.step(1), look="link")
        self.same = button(words, "doubles.join", lambda: self.keep(0), look="main")
        self.different = button(words, "doubles.part", lambda: self.keep(1))
        self._panels = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._panels.setSpacing(SPACE_3)
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(SPACE_3)
        names = QVBoxLayout()
        names.addWidget(self._where)
        names.addWidget(self._question)
        head = row(names, self._before, self._after)
        head.setStretch(0, 1)
        self._note = said(words, "doubles.both_stay", size="small", tone="quiet", wrap=True)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE_3)
        for part in (head, self._reasons, row(self.same, self.different, None), self._panels):
            self._box.addLayout(part)
        self._box.insertWidget(3, self._note)
        self.setFocusProxy(self.same)
        self.reload()

    def reload(self) -> None:
        """Read the pairs anew."""
        self._desk.tasks.read(
            lambda session, _: read_pairs(session, self._desk.words.lang),
            done=self.show_pairs,
            failed=self.unread.emit,
            owner=self,
            latest="merge.pairs",
        )

    def show_pairs(self, pairs: Sequence[ShownPair]) -> None:
        """Show these pairs; the place among them stays."""
        self._pairs = list(pairs)
        self._at = max(0, min(self._at, len(self._pairs) - 1))
        self._show()

    def step(self, by: int) -> None:
        """Go to the next or the one before, leaving this one for later."""
        self._at = max(0, min(len(self._pairs) - 1, self._at + by))
        self._show()

    def keep(self, number: int) -> None:
        """Say that the two are one (0) or different (1)."""
        if not self._pairs:
            return
        one, other = self._pairs[self._at].one.id, self._pairs[self._at].other.id
        if number == 0:
            self._write(lambda session: joining.same_person(session, one, other), "doubles.joined_two")
        else:
            self._write(lambda session: joining.part(session, one, other), "doubles.parted_two")

    def _write(self, act: Callable[[Session], Any], told: str) -> None:
        desk = self._desk

        def done(changes: Any) -> None:
            def undo() -> None:
                desk.tasks.write(lambda session, _: casework.undo(session, changes.revisions[0]))

            desk.notice(told, undo=undo if changes.revisions else None)

        desk.tasks.write(lambda session, _: act(session), done=done, failed=self.failed.emit, owner=self)

    def _show(self) -> None:
        words, there = self._desk.words, bool(self._pairs)
        for part in (self.same, self.different, self._before, self._after, self._note, self._question):
            part.setVisible(there)
        empty(self._panels)
        empty(self._reasons)
        if not there:
            self._where.setText(words.say("doubles.no_pairs"))
            return
        self._where.setText(words.say("doubles.pair_of", n=self._at + 1, total=len(self._pairs)))
        self._before.setEnabled(self._at > 0)
        self._after.setEnabled(self._at < len(self._pairs) - 1)
        pair = self._pairs[self._at]
        card = Card()
        card.body.setSpacing(4)
        for reason in pair.reasons:
            line = row(IconLabel(self._desk.theme, "info", "quiet", 16), label(reason, wrap=True))
            line.setStretch(1, 1)
            card.body.addLayout(line)
        self._reasons.addWidget(card)
        for person in (pair.one, pair.other):
            self._panels.addWidget(self._panel(person), 1)

    def _panel(self, person: ShownPerson) -> Card:
        words = self._desk.words
        card = Card()
        card.body.setSpacing(4)
        card.body.addWidget(label(person.name, bold=True, wrap=True))
        card.body.addWidget(label(person.author, size="small", tone="quiet", wrap=True))
        card.body.addWidget(rule())
        for name, value in person.facts:
            card.body.addWidget(label(name, size="small", tone="quiet", wrap=True))
            card.body.addWidget(label(value, wrap=True))
        if person.files:
            card.body.addWidget(label(words.say("doubles.files", n=person.files), size="small", tone="quiet"))
        card.body.addStretch(1)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= _SIDE_BY_SIDE
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._panels.setDirection(way)
