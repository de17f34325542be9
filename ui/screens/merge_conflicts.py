"""Open conflicts, one at a time: two panels of equal weight, none chosen beforehand, or a third statement written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kzdoc import casework, settling
from kzdoc.domain.dates import show_date
from ui.screens.merge_reading import REMOVAL, OpenConflict, Said
from ui.tokens import SPACE_3
from ui.widgets.basics import button, label, row, set_look
from ui.widgets.conflict_card import ConflictCard, Side

if TYPE_CHECKING:
    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings


class ConflictPane(QWidget):
    """The conflicts of the vault; settling one shows the next."""

    failed = Signal(object)

    def __init__(self, desk: Surroundings, conflicts: Sequence[OpenConflict]) -> None:
        super().__init__()
        self._desk = desk
        self._conflicts = list(conflicts)
        self._at = 0
        self._where = label(size="small", tone="quiet")
        self._question = label(size="title", wrap=True)
        self._line = label(size="small", tone="quiet", wrap=True)
        self._standing = label(size="small", tone="warn", wrap=True)
        self._before = button(desk.words, "merge.previous", lambda: self.step(-1), look="link")
        self._after = button(desk.words, "merge.next", lambda: self.step(1), look="link")
        self.card: ConflictCard | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE_3)
        names = QVBoxLayout()
        names.setSpacing(0)
        for part in (self._where, self._question, self._line, self._standing):
            names.addWidget(part)
        head = row(names, self._before, self._after)
        head.setStretch(0, 1)
        self._box.addLayout(head)
        self._show()

    @property
    def conflict(self) -> OpenConflict:
        """The one that is shown."""
        return self._conflicts[self._at]

    def step(self, by: int) -> None:
        """Go to the next or the one before."""
        self._at = max(0, min(len(self._conflicts) - 1, self._at + by))
        self._show()

    def keep(self, number: int) -> None:
        """Settle it by one of the statements."""
        if number < len(self.conflict.sides):
            self._settle(keep=self.conflict.sides[number].statement or None, value=None)

    def typed(self) -> tuple[bytes, str, str]:
        """Return the conflict that is shown and what is being written as a third."""
        text = self.card.written() if self.card is not None else ""
        return self.conflict.record, self.conflict.field, text

    def resume(self, typed: tuple[bytes, str, str] | None) -> None:
        """Show the conflict one was at, with what was being written."""
        found = [n for n, one in enumerate(self._conflicts) if typed and (one.record, one.field) == typed[:2]]
        if typed and found:
            self._at = found[0]
            self._show()
            if self.card is not None and typed[2]:
                self.card.write(typed[2])

    def _show(self) -> None:
        words, conflict = self._desk.words, self.conflict
        total = len(self._conflicts)
        self._where.setText(words.say("merge.conflict_of", n=self._at + 1, total=total))
        self._question.setText(f"{conflict.label}: {conflict.title}")
        kept = words.say("merge.kept_by", kind=conflict.kind, who=conflict.kept_by) if conflict.kept_by else ""
        self._line.setText(kept or words.say("merge.both_kept", kind=conflict.kind))
        self._standing.setText(words.say(f"merge.from_{conflict.standing}") if conflict.standing else "")
        self._standing.setVisible(bool(conflict.standing))
        self._before.setEnabled(self._at > 0)
        self._after.setEnabled(self._at < total - 1)
        if self.card is not None:
            self._box.removeWidget(self.card)
            self.card.hide()
            self.card.deleteLater()
        sides = [self._side(one) for one in conflict.sides]
        self.card = ConflictCard(words, self._desk.theme, sides, both=conflict.can_both)
        self.card.kept.connect(self.keep)
        self.card.both.connect(self.keep_both)
        self.card.third.connect(lambda text: self._settle(keep=None, value=text))
        if conflict.field == REMOVAL:
            writing = self.card.entry.parentWidget()
            if writing is not None:
                writing.hide()
        self._box.addWidget(self.card)
        keep = self.card.findChild(QPushButton)
        if keep is not None:
            self.setFocusProxy(keep)

    def _side(self, one: Said) -> Side:
        words = self._desk.words
        who = words.say("merge.you") if one.own else one.who
        when = self._when(one.time)
        return Side(who=who, when=when, value=one.value, state=one.state, seen=one.seen, pieces=one.pieces)

    def _when(self, iso: str) -> str:
        return "" if not iso else f"{show_date(iso[:10], self._desk.words.lang)}, {iso[11:16]}"

    def keep_both(self) -> None:
        """Keep all of them as claims that stand beside each other."""
        conflict = self.conflict
        if conflict.can_both:
            self._write(lambda session, _: settling.keep_both(session, conflict.record, conflict.field), "merge.both")

    def _settle(self, *, keep: str | None, value: Any) -> None:
        conflict = self.conflict

        def act(session: Session, _progress: Progress) -> Any:
            return casework.settle(session, conflict.record, conflict.field, keep=keep, value=value)

        self._write(act, "merge.settled")

    def _write(self, act: Callable[[Session, Progress], Any], told: str) -> None:
        def undo(changes: Any) -> None:
            revision = changes.revisions[0]
            self._desk.tasks.write(lambda session, _progress: casework.undo(session, revision))

        def done(changes: Any) -> None:
            again = (lambda: undo(changes)) if changes.revisions else None
            self._desk.notice(told, undo=again)

        self._desk.tasks.write(act, done=done, failed=self._refused, owner=self)

    def _refused(self, error: KzdocError) -> None:
        if self.card is not None and self.card.written():
            set_look(self.card.entry, wrong=True)
        self.failed.emit(error)
