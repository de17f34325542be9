"""Papers that say something that changed since, on Today: which, for whom, when, and what sort of thing, in words.

What left is compared in parts while nothing else is asked, so that no room waits for it; the list shows what is known.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from kzdoc import correcting
from ui.screens.publish_corrections import Correction, paper_named, what_is_other
from ui.widgets.basics import Card, IconLabel, button, column, label, row, rule, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.correcting import Overtaken
    from ui.surroundings import Surroundings

MOST = 4
"""So many cases stand on Today; the rest are counted."""
AT_ONCE = 10
"""So many papers are compared before others have their turn."""


class CorrectionActs(QObject):
    """The card, and the comparing behind it; ``found`` tells when something else is known than before."""

    found = Signal()

    def __init__(self, desk: Surroundings, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk

    def look(self) -> None:
        """Compare a part of what waits, then the next."""
        self._desk.tasks.read(
            lambda session, progress: correcting.catch_up(session, most=AT_ONCE, progress=progress),
            done=self._looked,
            failed=lambda _error: None,
            owner=self,
            label="step.correct.compare",
            latest="today.corrections",
        )

    def _looked(self, compared: int) -> None:
        if compared:
            self.found.emit()

    def card(self, papers: Sequence[Overtaken]) -> Card | None:
        """Return the card, None when everything holds."""
        if not papers:
            return None
        words, theme = self._desk.words, self._desk.theme
        cases: dict[bytes | int, list[Overtaken]] = {}
        for one in papers:
            cases.setdefault(one.root or one.export, []).append(one)
        card = Card()
        title = said(words, "correction.title", bold=True, wrap=True)
        head = row(IconLabel(theme, "warning", "warn", 20), title)
        head.setStretch(1, 1)
        card.body.addLayout(head)
        card.body.addWidget(said(words, "correction.why", size="small", tone="quiet", wrap=True))
        for several in list(cases.values())[:MOST]:
            card.body.addWidget(rule())
            first = several[0]
            to = ", ".join(dict.fromkeys(one.recipient for one in several))
            make = button(words, "correction.make", partial(self._go, Correction(first.root, first.export)))
            make.setAccessibleDescription(f"{paper_named(words, first)}, {to}")
            quiet = (words.say("correction.for", names=to), what_is_other(words, first))
            told = [label(text, size="small", tone="quiet", wrap=True) for text in quiet]
            card.body.addLayout(column(label(paper_named(words, first), wrap=True), *told, row(make, None), spacing=4))
        if len(cases) > MOST:
            more = words.say("correction.more", n=len(cases) - MOST)
            card.body.addWidget(label(more, size="small", tone="quiet", wrap=True))
        return card

    def _go(self, what: Correction) -> None:
        self._desk.go("publish", what)
