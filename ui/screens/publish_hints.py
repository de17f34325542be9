"""What tells who somebody is without a name: the sentences of a paper that a person should weigh before signing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.widgets.basics import Card, IconLabel, column, label, row, rule, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.redaction.hints import Hint
    from ui.surroundings import Surroundings

SHOWN_AT_ONCE = 8
"""Sentences on the card; of more their number is told."""


class HintsCard(Card):
    """Sentences that speak of kin, of an only one, of a post at a place; nothing waits for an answer."""

    def __init__(self, desk: Surroundings, found: Sequence[Hint]) -> None:
        super().__init__()
        words = desk.words
        head = row(IconLabel(desk.theme, "info", "quiet", 20), said(words, "publish.hints_title", bold=True, wrap=True))
        head.setStretch(1, 1)
        self.body.addLayout(head)
        self.body.addWidget(said(words, "publish.hints_why", size="small", tone="quiet", wrap=True))
        for one in found[:SHOWN_AT_ONCE]:
            why = " · ".join(words.say(f"publish.hint_{each}") for each in one.why)
            self.body.addWidget(rule())
            self.body.addLayout(
                column(
                    label(one.sentence, wrap=True),
                    label(f"{why}: {', '.join(one.words)}", size="small", tone="quiet", wrap=True),
                    spacing=0,
                )
            )
        if len(found) > SHOWN_AT_ONCE:
            self.body.addWidget(rule())
            more = words.say("publish.hints_more", n=len(found) - SHOWN_AT_ONCE)
            self.body.addWidget(label(more, size="small", tone="quiet", wrap=True))
