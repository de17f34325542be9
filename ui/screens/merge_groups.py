"""What waits at the merge desk, each with its number and the way to it; and the conflicts that are settled together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from kzdoc import oversight
from kzdoc.analysis.differences import GROUPS
from ui.screens.merge_reading import OpenConflict, Small
from ui.widgets.basics import Card, IconLabel, button, column, label, row, rule, said

if TYPE_CHECKING:
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

CONFLICTS, SMALL, KEPT, LISTS, PEOPLE, JOINED = "conflicts", "small", "kept", "lists", "people", "joined"
TAKEN = "taken"
WORKS = (
    (LISTS, "rally"),
    (CONFLICTS, "warning"),
    (SMALL, "check"),
    (PEOPLE, "person"),
    (KEPT, "scale"),
    (JOINED, "link"),
    (TAKEN, "undo"),
)
"""What can wait, in the order in which it is best done, with its icon."""
SETTLED = frozenset((KEPT, JOINED, TAKEN))
"""What needs no decision, and can be looked at again."""

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits here: bundles in quarantine, conflicts, what only spells or adds precision, doubles."""

    bundles: Sequence[dict[str, Any]] = ()
    conflicts: Sequence[OpenConflict] = ()
    kept: Sequence[OpenConflict] = ()
    small: Mapping[str, Sequence[Small]] = field(default_factory=dict)
    lists: int = 0
    people: int = 0
    joined: int = 0
    taken: int = 0

    def count(self, work: str) -> int:
        """Return how many of a sort wait."""
        if work == SMALL:
            return sum(len(found) for found in self.small.values())
        found = {CONFLICTS: len(self.conflicts), KEPT: len(self.kept), LISTS: self.lists, PEOPLE: self.people}
        found |= {JOINED: self.joined, TAKEN: self.taken}
        return found[work]

    def first(self) -> str:
        """Return what is best done first, "" when nothing waits for a decision."""
        return next((work for work, _ in WORKS if work not in SETTLED and self.count(work)), "")


class WorkCard(Card):
    """What waits, line by line; each line opens it."""

    def __init__(self, desk: Surroundings, waiting: Waiting, now: str, go: Callable[[str], None]) -> None:
        super().__init__()
        self.body.setSpacing(4)
        self.buttons: dict[str, QPushButton] = {}
        for work, icon in WORKS:
            n = waiting.count(work)
            if not n and work != now:
                continue
            open_it = button(desk.words, f"merge.work_{work}", lambda work=work: go(work), look="link")  # type: ignore[misc]
            open_it.setAccessibleDescription(desk.words.number(n))
            tone = "warn" if work == CONFLICTS and n else "quiet"
            if work == now:
                open_it.setProperty("look", "plain")
            self.buttons[work] = open_it
            self.body.addLayout(
                row(IconLabel(desk.theme, icon, tone, 20), open_it, None, label(desk.words.number(n), bold=True))
            )


class SmallPane(QWidget):
    """Conflicts that only spell differently, or of which one value says the other more precisely, settled together."""

    failed = Signal(object)

    def __init__(
        self, desk: Surroundings, small: Mapping[str, Sequence[Small]], done: Callable[[], None] | None = None
    ) -> None:
        super().__init__()
        self._desk, self._done = desk, done
        self.buttons: dict[str, QPushButton] = {}
        box = column(spacing=12)
        box.addWidget(said(desk.words, "merge.small_title", size="title", wrap=True))
        box.addWidget(said(desk.words, "merge.small_line", size="small", tone="quiet", wrap=True))
        for group in GROUPS:
            if small.get(group):
                box.addWidget(self._group(group, small[group]))
        self.setLayout(box)
        first = next(iter(self.buttons.values()), None)
        if first is not None:
            self.setFocusProxy(first)

    def settle(self, group: str = "") -> None:
        """Settle a group (the first one) in one act that can be taken back."""
        chosen = group or next(iter(self.buttons), "")
        if not chosen:
            return

        def act(session: Session, _progress: Progress) -> Any:
            return oversight.settle_group(session, chosen)

        self._desk.tasks.write(act, done=self._settled, failed=self.failed.emit, owner=self)

    def _settled(self, changes: Any) -> None:
        desk = self._desk

        def undo() -> None:
            desk.tasks.write(lambda session, _: oversight.unsettle_group(session, changes.revisions))

        desk.notice("merge.small_settled", undo=undo, n=len(changes.records))

    def _group(self, group: str, found: Sequence[Small]) -> Card:
        words = self._desk.words
        card = Card()
        look = "plain" if self.buttons else "main"
        settle = button(words, "merge.small_settle", lambda: self.settle(group), look=look)
        words.put(settle.setText, "merge.small_settle", n=len(found))
        self.buttons[group] = settle
        head = row(said(words, f"merge.small_{group}", bold=True, wrap=True), settle)
        head.setStretch(0, 1)
        card.body.addLayout(head)
        for one in found[:_SHOWN]:
            card.body.addWidget(rule())
            card.body.addWidget(label(one.where, size="small", tone="quiet", wrap=True))
            card.body.addWidget(label(words.say("merge.small_keep", value=one.keep), wrap=True))
            others = ", ".join(one.others)
            card.body.addWidget(label(words.say("merge.small_instead", values=others), tone="quiet", wrap=True))
        if len(found) > _SHOWN:
            more = words.say("merge.small_more", n=len(found) - _SHOWN)
            card.body.addWidget(label(more, size="small", tone="quiet", wrap=True))
        return card
