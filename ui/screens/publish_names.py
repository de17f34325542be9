"""Is this a person? What only looks like a name in a paper, asked once for all papers and languages.

A name has three answers: withhold, may be shown, a common word; a sentence that tells who somebody is without a name is
asked in the same list and has its own (publish_hints.py). Nothing is chosen beforehand, and what is left
unanswered is asked again. What was decided is listed and can be taken back. The vault is asked and told by the worker.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kzdoc import hinting, naming
from kzdoc.redaction.unknown import NAME, SHOWN, WORD, Unknown, shown_texts
from ui.keys import Command
from ui.screens.panes import empty
from ui.screens.publish_decided import DecidedNames
from ui.tokens import SPACE_3
from ui.widgets.basics import Card, IconLabel, button, column, label, row, rule, said
from ui.widgets.chips import Chip, ChipGroup

if TYPE_CHECKING:
    from kzdoc.progress import Progress
    from kzdoc.redaction.view import View, ViewRecord
    from kzdoc.session import Session
    from ui.messages import Words
    from ui.surroundings import Surroundings

ASKED_AT_ONCE = 20
"""Names on the card at one time; the others follow when these are decided."""
ANSWERS = ((NAME, "publish.names_as_name"), (SHOWN, "publish.names_as_shown"), (WORD, "publish.names_as_word"))
HINT = "hint-"
"""Begins the answers to a sentence."""
_AROUND = 60

Answer = tuple[tuple[str, ...], str]
"""All forms of one name, and what was decided of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What may be a name: its shortest form, all forms, how often, in how many records, and some words around it.

    ``hint``: why a sentence is asked instead, its ids in place of the forms, its words in place of those around.
    """

    name: str
    forms: tuple[str, ...]
    count: int
    records: int
    context: str
    answers: tuple[tuple[str, str], ...] = ANSWERS
    hint: tuple[str, ...] = ()

    def around(self, words: Words) -> str:
        """Return the line under it."""
        why = " · ".join(words.say(f"publish.hint_{each}") for each in self.hint)
        return f"{why}: {self.context}" if why else self.context


def questions(unknown: Iterable[Unknown], view: View) -> tuple[Question, ...]:
    """Return what is to be asked of a paper, most met first; those asked at once with a line they stand in."""
    return questions_in(unknown, view.records)


def questions_in(unknown: Iterable[Unknown], records: Iterable[ViewRecord]) -> tuple[Question, ...]:
    """Return what is to be asked of these records, as of a paper."""
    texts = [" ".join(text.plain().split()) for _, text in shown_texts(records)]
    return tuple(
        Question(
            one.text, one.forms, one.count, one.records, _context(one.forms, texts) if place < ASKED_AT_ONCE else ""
        )
        for place, one in enumerate(unknown)
    )


def _context(forms: Sequence[str], texts: Sequence[str]) -> str:
    found = re.compile("|".join(rf"(?<!\w){re.escape(form)}(?!\w)" for form in sorted(forms, key=len, reverse=True)))
    near = (text for text in texts if any(form in text for form in forms))
    met = next((match for match in map(found.search, near) if match), None)
    if met is None:
        return ""
    text, start, end = met.string, max(0, met.start() - _AROUND), met.end() + _AROUND
    before, after = text[start : met.start()], text[met.end() : end]
    if start:
        before = "…" + before.partition(" ")[2]
    if end < len(text):
        after = after.rpartition(" ")[0] + "…"
    return f"{before}{met.group()}{after}"


def take_over(session: Session, answers: Sequence[Answer], scope: str = "") -> int:
    """Decide names, each in all its forms, once for all papers; return how many.

    ``scope``: where what is asked again was said of another person.
    """
    for forms, how in answers:
        if how.startswith(HINT):
            hinting.decide(session, forms, how.removeprefix(HINT))
            continue
        decided = naming.decide(session, [min(forms, key=lambda one: (len(one), one))], how, scope=scope)
        others = [form for form in forms if how == naming.ASK or not decided.settles(form)]
        if others:
            naming.decide(session, others, how, scope=scope)
    return len(answers)


def _asking(how: str) -> str:
    """Return what takes an answer back."""
    return (HINT if how.startswith(HINT) else "") + naming.ASK


class NameRow(QWidget):
    """One name: how often it is met, where, and the three answers."""

    changed = Signal()
    opening = Signal()
    """The record is asked for, since what stands in it cannot be decided as it is."""

    def __init__(self, desk: Surroundings, question: Question) -> None:
        super().__init__()
        words = desk.words
        self.question, self.choice = question, ""
        self._answers: dict[str, Chip] = {}
        times = f"×{words.number(question.count)} · {words.say('publish.names_records', n=question.records)}"
        counted = label(times, size="small", tone="quiet")
        head = row(label(question.name, bold=not question.hint, wrap=True), counted, spacing=SPACE_3)
        head.setStretch(0, 1)
        lines = column(rule(), head)
        if question.context:
            tone = "quiet" if question.hint else ""
            lines.addWidget(label(question.around(words), size="small", tone=tone, wrap=True))
        others = [form for form in question.forms if form != question.name and not question.hint]
        if others:
            also = words.say("publish.names_also", forms=", ".join(others))
            lines.addWidget(label(also, size="small", tone="quiet", wrap=True))
        self.group = ChipGroup()
        if len(question.name) > naming.NAME_LIMIT and not question.hint:
            lines.addWidget(said(words, "publish.names_long", size="small", wrap=True))
            lines.addLayout(row(button(words, "publish.open_case", self.opening.emit), None))
        else:
            self._ask(desk)
            lines.addWidget(self.group)
        if question.hint:
            lines.addLayout(row(button(words, "publish.hints_reword", self.opening.emit, look="link"), None))
        self.setLayout(lines)
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)

    def choose(self, how: str) -> None:
        """Choose an answer; the same one again takes it back, as "" does."""
        self.choice = "" if how == self.choice else how
        for each, chip in self._answers.items():
            chip.setChecked(each == self.choice)
        self.changed.emit()

    def can_answer(self) -> bool:
        """Return whether it has answers at all."""
        return bool(self._answers)

    def set_focus(self) -> None:
        """Set the focus to its answers."""
        chip = self._answers.get(self.choice or self.question.answers[0][0])
        if chip is not None:
            chip.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask(self, desk: Surroundings) -> None:
        self.group.setAccessibleName(self.question.name)
        for how, key in self.question.answers:
            chip = Chip(desk.theme, desk.words.say(key))
            chip.setAccessibleName(f"{self.question.name}: {chip.text()}")
            chip.setAccessibleDescription(self.question.around(desk.words))
            chip.clicked.connect(lambda _=False, chosen=how: self.choose(chosen))
            self._answers[how] = chip
            self.group.add(chip)


class NamesCard(Card):
    """The names of a paper that nobody decided yet, and those that somebody did."""

    decided = Signal()
    """Something was asked of the worker that changes what papers show."""
    failed = Signal(object)
    """The KzdocError for which nothing was decided."""
    opening = Signal()
    """The record is asked for."""
    came = Signal(object)
    """The widget that the focus came to and that is to be seen."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self._asked: tuple[Question, ...] = ()
        self._said: tuple[tuple[str, str], ...] = ()
        self._held = False
        self._ids: Mapping[str, tuple[str, ...]] = {}
        self._scope = ""
        self.rows: list[NameRow] = []
        self.busy = False
        words = desk.words
        self._title, self._why = label(bold=True, wrap=True), label(size="small", tone="quiet", wrap=True)
        head = row(IconLabel(desk.theme, "withheld", "held", 20), self._title)
        head.setStretch(1, 1)
        self._meaning = said(words, "publish.names_meaning", size="small", tone="quiet", wrap=True)
        self._hints_why = said(words, "publish.hints_why", size="small", tone="quiet", wrap=True)
        self._place = QVBoxLayout()
        self._place.setSpacing(SPACE_3)
        self._more = label(size="small", tone="quiet", wrap=True)
        self.take_button = button(words, "publish.names_take", self.take, theme=desk.theme, icon="check")
        self._told = label(size="small", tone="quiet", wrap=True)
        self._foot = QWidget()
        foot = row(self.take_button, self._told, spacing=SPACE_3)
        foot.setStretch(1, 1)
        foot.setContentsMargins(0, 0, 0, 0)
        self._foot.setLayout(foot)
        self.past = DecidedNames(desk)
        self.past.again.connect(self.ask_again)
        self.past.unfolded.connect(lambda: self.came.emit(self.past.folded))
        self.body.addLayout(head)
        self.body.addWidget(self._why)
        self.body.addWidget(self._meaning)
        self.body.addWidget(self._hints_why)
        self.body.addLayout(self._place)
        self.body.addWidget(self._more)
        self.body.addWidget(self._foot)
        self.body.addWidget(self.past)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        words.languageChanged.connect(self._fill)
        self.hide()

    # what it shows

    def show_names(
        self,
        asked: Sequence[Question],
        said_of: Sequence[tuple[str, str]],
        *,
        held: bool,
        ids: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
        scope: str = "",
    ) -> None:
        """Show what is asked of a paper and what was decided; answers not yet taken over stay chosen.

        ``ids``: of the sentences that were decided; ``scope``: where what was said of other people holds.
        """
        self.busy, self._ids, self._scope = False, ids, scope
        fresh = (tuple(asked), tuple(said_of), held)
        if fresh != (self._asked, self._said, self._held):
            self._asked, self._said, self._held = fresh
            self._fill()
        self.setVisible(bool(asked or said_of))
        self._show_foot()

    def answers(self) -> list[Answer]:
        """Return what is chosen and not taken over yet."""
        return [(each.question.forms, each.choice) for each in self.rows if each.choice]

    def why_not(self) -> str:
        """Return the catalogue key of why nothing can be taken over, "" when it can."""
        if self.busy:
            return "publish.why_deciding"
        if not self._asked or self.isHidden():
            return "publish.names_none"
        return "" if self.answers() else "publish.names_why_none"

    def first(self) -> NameRow | None:
        """Return the first name that waits for an answer."""
        return next((each for each in self.rows if each.can_answer() and not each.choice), None)

    # what a person does

    def answer(self, number: int) -> None:
        """Give the answer of a number, from 0, for what has the focus, else for the first that waits; go on."""
        focus = self.window().focusWidget()
        here = next((each for each in self.rows if focus is not None and each.isAncestorOf(focus)), self.first())
        if here is None or self.busy or self.isHidden() or not here.can_answer():
            return
        if number >= len(here.question.answers):
            return
        how = here.question.answers[number][0]
        if here.choice != how:
            here.choose(how)
        self.go_on()

    def go_on(self) -> None:
        """Go to the first name that waits for an answer; is none left, to Take over."""
        first = self.first()
        if first is not None:
            first.set_focus()
        elif self.take_button.isEnabled():
            self.take_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.came.emit(first or (self._foot if self.answers() else self))

    def take(self) -> None:
        """Decide what is chosen, once for all papers."""
        if self.why_not():
            return
        answers = self.answers()
        self._write(answers, undo=[(forms, _asking(how)) for forms, how in answers])

    def ask_again(self, name: str) -> None:
        """Take a decision back: the name is asked again."""
        how = dict(self._said).get(name, "")
        if how and not self.busy:
            forms = self._ids.get(name, ()) if how.startswith(HINT) else (name,)
            self._write([(forms, _asking(how))], undo=[(forms, how)] if how != naming.OTHER else [])

    def commands(self) -> Sequence[Command]:
        """Return the answers and Take over, with their keys."""
        told = [
            Command(f"publish.as_{how}", key, partial(self.answer, number - 1), (f"Alt+{number}",), "publish")
            for number, (how, key) in enumerate(ANSWERS, start=1)
        ]
        take = Command(
            "publish.names", "publish.names_take", self.take, ("Alt+Enter",), "publish", "check", why_off=self.why_not
        )
        return [*told, take]

    def rest(self) -> None:
        """Let answers be given again after something failed."""
        self.busy = False
        self._show_foot()

    # at work

    def _write(self, answers: Sequence[Answer], *, undo: Sequence[Answer]) -> None:
        asked = all(how == _asking(how) for _, how in answers)
        key = "publish.names_asked" if asked else "publish.names_taken"

        def done(count: int) -> None:
            back = partial(self._write, undo, undo=answers) if undo else None  # a reason is not given again
            self._desk.notice(key, undo=back, n=count)

        def failed(error: object) -> None:
            self.rest()
            self.failed.emit(error)

        def decide(session: Session, _progress: Progress) -> int:
            return take_over(session, answers, self._scope)

        self.busy = True
        self.decided.emit()
        self._show_foot()
        self._desk.tasks.write(decide, done=done, failed=failed, owner=self, label="publish.names_take")

    def _fill(self) -> None:
        words = self._desk.words
        chosen = {each.question.name: each.choice for each in self.rows}
        kinds = {bool(each.hint) for each in self._asked}
        titles = {0: "publish.names_none", 1: f"publish.{'hints' if True in kinds else 'names'}_title"}
        self._title.setText(words.say(titles.get(len(kinds), "publish.names_review")))
        self._why.setText(words.say("publish.names_why" if self._held else "publish.names_why_free"))
        empty(self._place)
        self.rows = [NameRow(self._desk, one) for one in self._asked[:ASKED_AT_ONCE]]
        for each in self.rows:
            self._place.addWidget(each)
            if chosen.get(each.question.name):
                each.choose(chosen[each.question.name])
            each.changed.connect(self._show_foot)
            each.opening.connect(self.opening)
        more = len(self._asked) - len(self.rows)
        self._more.setText(words.say("publish.names_more", n=more))
        self._more.setVisible(more > 0)
        for part in (self._why, self._meaning):
            part.setVisible(False in kinds)
        self._hints_why.setVisible(True in kinds)
        self._foot.setVisible(bool(self._asked))
        self.past.show_decided(self._said)
        self._show_foot()

    def _show_foot(self) -> None:
        why = self.why_not()
        self.take_button.setEnabled(not why)
        told = {"n": len(self.answers()), "total": len(self._asked)}
        self._told.setText(self._desk.words.say(why) if why else self._desk.words.say("publish.names_chosen", **told))
