"""Who is held now, on Today: the gravest limit first, with its rule, its article and whether the rule was verified."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QWidget

from kzdoc.domain.law import LIMIT_RULES, article
from ui.widgets.basics import Card, ElidedLabel, column, icon_button, label, row, rule, said, set_look
from ui.widgets.marks import LimitBadge

if TYPE_CHECKING:
    from collections.abc import Callable

    from kzdoc.analysis.custody import Clock
    from kzdoc.custody import Held, HeldRow
    from ui.messages import Words
    from ui.surroundings import Surroundings

MOST = 8
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_LONG = 3 * _DAY
_LONGER = {
    "criminal-judge": ("criminal-judge-complex", "today.limit_longer"),
    "administrative-length": ("administrative-length-exception", "today.limit_exception"),
}
"""Rules with a longer limit on conditions: what is said beside them."""


def time_span(words: Words, seconds: int) -> str:
    """Return a length of time as people say it: minutes, hours and minutes, from three days on days and hours."""
    if seconds >= _LONG:
        return words.say("span.days", days=words.number(seconds // _DAY), hours=seconds % _DAY // _HOUR)
    hours, minutes = seconds // _HOUR, seconds % _HOUR // _MINUTE
    if hours:
        return words.say("span.hours", hours=hours, minutes=minutes)
    return words.say("span.minutes", minutes=max(1, minutes))


def standing_of(words: Words, clock: Clock) -> str:
    """Return what the badge of a limit says."""
    if clock.standing == "passed":
        return words.say("today.limit_passed", time=time_span(words, clock.seconds))
    if clock.standing == "unknown":
        return words.say("today.limit_unknown")
    return words.say("today.limit_left", time=time_span(words, clock.seconds))


def rule_of(words: Words, clock: Clock) -> str:
    """Return the line under the badge: the step and its hours, the article, what is not certain about them."""
    parts: list[str] = []
    if clock.rule is not None:
        of = clock.rule
        parts = [words.say("today.limit_rule", step=words.text(of.step), hours=of.hours)]
        longer, key = _LONGER.get(of.id, ("", ""))
        parts += [words.say(key, hours=one.hours) for one in LIMIT_RULES if one.id == longer]
        parts.append(words.text(article(of.article).citation))
        if not of.verified:
            parts.append(words.say("today.limit_not_verified"))
    if clock.why:
        parts.append(words.say(f"today.limit_why_{clock.why}"))
    return " · ".join(parts)


class HeldCard(Card):
    """The card: rows, how many more there are, who is held by a court's order, and what nobody can tell."""

    def __init__(self, desk: Surroundings, held: Held, open_record: Callable[[bytes], None], *, narrow: bool) -> None:
        super().__init__()
        words = desk.words
        n = len(held.rows)
        head = row(said(words, "today.held", bold=True), None)
        if n:
            head.insertWidget(1, label(words.say("today.held_people", n=n), size="small", tone="quiet"))
        self.body.addLayout(head)
        if not n:
            self.body.addWidget(said(words, "today.held_none", tone="quiet", wrap=True))
        for one in held.rows[:MOST]:
            self.body.addWidget(rule())
            self.body.addWidget(_Person(desk, one, open_record, narrow=narrow))
        if n > MOST:
            self._say(words.say("today.more", n=n - MOST))
        if held.by_court:
            self._say(words.say("today.held_by_court", n=held.by_court))
        if held.not_told:
            self._say(words.say("today.held_not_told", n=held.not_told))

    def _say(self, sentence: str) -> None:
        self.body.addWidget(label(sentence, size="small", tone="quiet", wrap=True))


class _Person(QWidget):
    """One who is held: name, where and since when; at the right (in one column below) the limits."""

    def __init__(self, desk: Surroundings, one: HeldRow, open_record: Callable[[bytes], None], *, narrow: bool) -> None:
        super().__init__()
        words = desk.words
        name = ElidedLabel(one.name or words.say("record.no_name"))
        set_look(name, weight="bold")
        told = column(name, label(one.line, size="small", tone="quiet", wrap=True), None, spacing=0)
        limits = column(spacing=4)
        side = Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag.AlignRight
        for clock in one.clocks:
            limits.addWidget(LimitBadge(desk.theme, clock.standing, standing_of(words, clock)), 0, side)
            under = label(rule_of(words, clock), size="small", tone="quiet", wrap=True)
            under.setAlignment(side)
            limits.addWidget(under)
        limits.addStretch(1)
        go = icon_button(words, desk.theme, "chevron-right", "today.open_record", partial(open_record, one.record))
        go.setAccessibleDescription(f"{name.text()}, {one.line}, {self._spoken(words, one)}")
        both = QBoxLayout(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        both.setSpacing(4 if narrow else 16)
        both.addLayout(told, 4)
        both.addLayout(limits, 0 if narrow else 5)
        line = row(both, go)
        line.setStretch(0, 1)
        self.setLayout(line)

    @staticmethod
    def _spoken(words: Words, one: HeldRow) -> str:
        return "; ".join(f"{standing_of(words, clock)}: {rule_of(words, clock)}" for clock in one.clocks)
