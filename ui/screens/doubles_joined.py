"""What was joined: each group with its records, and the way to part one of them again.

Joining is a link, so that parting loses nothing: every record has kept its words and its files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kzdoc import casework, joining
from kzdoc.browsing import Naming
from ui.screens.doubles_reading import ShownPerson, read_record
from ui.screens.panes import empty
from ui.tokens import SPACE_3
from ui.widgets.basics import Card, button, column, label, row, rule, said

if TYPE_CHECKING:
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

_SHOWN = 60
_FACTS = 3


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """Records that are joined."""

    members: tuple[ShownPerson, ...]


def read_groups(session: Session, lang: str, most: int = _SHOWN) -> tuple[list[ShownGroup], int]:
    """Return the first ``most`` of the groups that are joined, and how many there are."""
    naming, there = Naming(session), joining.groups(session)
    shown = [ShownGroup(tuple([read_record(session, naming, one, lang) for one in each])) for each in there[:most]]
    return shown, len(there)


class JoinedPane(QWidget):
    """Every group on a card."""

    failed = Signal(object)
    unread = Signal(object)
    work = "joined"

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self.buttons: dict[bytes, QPushButton] = {}
        self.more_button: QPushButton | None = None
        self._most = _SHOWN
        self._cards = QVBoxLayout()
        self._cards.setSpacing(SPACE_3)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE_3)
        box.addWidget(said(desk.words, "doubles.joined_title", size="title", wrap=True))
        box.addWidget(said(desk.words, "doubles.both_stay", size="small", tone="quiet", wrap=True))
        box.addLayout(self._cards)
        self.reload()

    def reload(self) -> None:
        """Read the groups anew."""
        most = self._most
        self._desk.tasks.read(
            lambda session, _: read_groups(session, self._desk.words.lang, most),
            done=lambda told: self.show_groups(*told),
            failed=self.unread.emit,
            owner=self,
            latest="merge.joined",
        )

    def show_more(self) -> None:
        """Show as many more of the groups."""
        self._most += _SHOWN
        self.reload()

    def show_groups(self, groups: Sequence[ShownGroup], there: int = 0) -> None:
        """Show these groups, the first of so many that are there."""
        empty(self._cards)
        self.buttons = {}
        for group in groups:
            self._cards.addWidget(self._card(group))
        self.more_button = None
        if there > len(groups):
            self.more_button = button(self._desk.words, "doubles.joined_more", self.show_more)
            self._desk.words.put(self.more_button.setText, "doubles.joined_more", n=there - len(groups))
            self._cards.addWidget(self.more_button)
        if not groups:
            self._cards.addWidget(said(self._desk.words, "doubles.none_joined", tone="quiet", wrap=True))

    def part(self, record: bytes) -> None:
        """Part a record from those it is joined with; the others stay joined."""
        desk = self._desk

        def done(changes: Any) -> None:
            def undo() -> None:
                desk.tasks.write(lambda session, _: casework.undo(session, changes.revisions[0]))

            desk.notice("doubles.parted", undo=undo if changes.revisions else None)

        desk.tasks.write(
            lambda session, _: joining.part(session, record), done=done, failed=self.failed.emit, owner=self
        )

    def _card(self, group: ShownGroup) -> Card:
        words = self._desk.words
        card = Card()
        card.body.setSpacing(4)
        for place, one in enumerate(group.members):
            if place:
                card.body.addWidget(rule())
            facts = " · ".join([value for _, value in one.facts[:_FACTS]])
            files = words.say("doubles.files", n=one.files) if one.files else ""
            quiet = " · ".join(filter(None, (one.author, facts, files)))
            told = column(
                label(one.name, bold=True, wrap=True), label(quiet, size="small", tone="quiet", wrap=True), spacing=0
            )
            verbs = []
            if one.here:
                verb = button(words, "doubles.part_one", partial(self.part, one.id))
                verb.setAccessibleName(words.say("doubles.part_whom", name=one.name))
                self.buttons[one.id] = verb
                verbs = [verb]
            line = row(told, *verbs)
            line.setStretch(0, 1)
            card.body.addLayout(line)
        return card
