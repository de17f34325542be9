"""Corrections in Publish: who has a paper of the case, who has had a notice and who not yet, and the way to the next.

A notice is seen, checked and signed like any paper, one for each reader; nothing about it is typed again. Tables and
numbers are no case's: who has one of them stands together. All notices that wait are made in one act when asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from kzdoc import correcting, handing, publishing
from kzdoc.correcting import Overtaken, Reader
from kzdoc.domain.dates import show_date
from kzdoc.domain.field import Sensitivity
from kzdoc.domain.sections import SENSITIVITY_LABELS
from kzdoc.redaction.notices import Which, asked, name_of
from ui.keys import Command
from ui.screens.asking import ask_for_files
from ui.screens.publish_parts import Subject, find_subjects
from ui.widgets.basics import Card, ElidedLabel, IconLabel, button, column, label, row, rule, said

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QPushButton, QWidget

    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.messages import Words
    from ui.screens.publish import PublishRoom
    from ui.surroundings import Surroundings

MOST = 24
_TABLES, _HANDED = "correction.readers_tables", "correction.handed"


@dataclass(frozen=True, slots=True)
class Correction:
    """What another room asks Publish for: the notice of one thing that left."""

    root: bytes
    export: int


def asked_for(session: Session, what: Correction, lang: str) -> tuple[Subject | None, Overtaken | None]:
    """Return whom a notice is about and which paper it corrects, None when that holds again."""
    paper = next((one for one in correcting.known(session) if one.export == what.export), None)
    if not what.root:
        return (subject_of(paper, None, lang) if paper else None), paper
    found = find_subjects(session, "", lang, only=what.root)
    return (found[0] if found else None), paper


def subject_of(paper: Overtaken, case: Subject | None, lang: str) -> Subject | None:
    """Return what a notice is about: the case of its paper, or the table or numbers themselves."""
    return case if paper.root else Subject(b"", paper.of[0], name_of(_which(paper), lang))


def _which(paper: Overtaken) -> Which:
    return Which(paper.form, paper.of, paper.plain()["paper"], paper.date)


def what_is_other(words: Words, one: Overtaken) -> str:
    """Return in words, and without any value, what of a paper does not hold any more."""
    consent = words.say("correction.consent") if one.other.consents else ""
    if one.withdrawn:
        whole = words.say("correction.withdrawn" if one.root else "correction.whole")
        return " · ".join(filter(None, (whole, consent)))
    facts = words.say("correction.facts")
    classes = [
        facts if name == Sensitivity.OPEN.value else words.text(SENSITIVITY_LABELS[Sensitivity(name)])
        for name in one.other.classes
    ]
    parts = (
        words.say("correction.added", n=one.other.added) if one.other.added else "",
        words.say("correction.gone", n=one.other.gone) if one.other.gone else "",
        words.say("correction.otherwise", what=", ".join(classes)) if classes else "",
        words.say("correction.lines_gone", n=len(one.other.lost)) if one.other.lost else "",
        words.say("correction.lines_other", n=len(one.other.otherwise)) if one.other.otherwise else "",
        words.say("correction.lines_joined", n=len(one.other.joined)) if one.other.joined else "",
        words.say("correction.numbers", n=one.other.numbers) if one.other.numbers else "",
        consent,
    )
    return " · ".join(filter(None, parts)) or words.say("correction.something")


def paper_named(words: Words, one: Overtaken) -> str:
    """Return what a paper, a table or numbers are called, with the day."""
    if not one.root and one.of:
        told = (name_of(_which(one), words.lang), asked(_which(one), words.lang), show_date(one.date, words.lang))
        return " · ".join(filter(None, told))
    names = {row["template"]: row["label"] for row in publishing.templates(words.lang)}
    return f"{names.get(one.template, one.template)} · {show_date(one.date, words.lang)}"


def waiting(readers: Sequence[Reader]) -> list[Reader]:
    """Return the readers who have something that does not hold and have had no notice of that."""
    return [one for one in readers if not one.holds]


class ReadersCard(Card):
    """Everybody who has a paper of the case, and what they have had since; ``chosen`` tells whose notice is next."""

    chosen = Signal(object)
    ordinary = Signal()
    every = Signal()
    handed = Signal()

    def __init__(
        self, desk: Surroundings, readers: Sequence[Reader], now: Overtaken | None, *, made: bool = False
    ) -> None:
        super().__init__(look="banner-warn" if waiting(readers) else "card")
        words = desk.words
        self._desk = desk
        left = waiting(readers)
        tone = "warn" if left else "ok"
        head = row(
            IconLabel(desk.theme, "warning" if left else "check", tone, 20),
            said(
                words, "correction.readers" if any(one.paper.root for one in readers) else _TABLES, bold=True, wrap=True
            ),
        )
        head.setStretch(1, 1)
        self.body.addLayout(head)
        told = words.say("correction.reaches", n=len(left), total=len(readers))
        self.body.addWidget(label(told, wrap=True))
        self.buttons: list[QPushButton] = []
        for one in [*left, *(one for one in readers if one.holds)][:MOST]:
            self.body.addWidget(rule())
            self._line(one, now)
        if len(readers) > MOST:
            self.body.addWidget(label(words.say("correction.more", n=len(readers) - MOST), size="small", tone="quiet"))
        self.body.addWidget(said(words, "correction.why", size="small", tone="quiet", wrap=True))
        every = [button(words, "correction.all", self.every.emit)] if len(left) > 1 else []
        other = [button(words, "correction.other", self.ordinary.emit)] if now is not None else []
        hand = [button(words, _HANDED, self.handed.emit)] if made else []
        for line in (hand, [*every, *other]):
            if line:
                self.body.addLayout(row(*line, None))

    def _line(self, one: Reader, now: Overtaken | None) -> None:
        words = self._desk.words
        name = ElidedLabel(one.paper.recipient)
        name.setProperty("weight", "bold")
        notice = words.say("correction.made", date=show_date(one.notices[0], words.lang)) if one.notices else ""
        state = words.say("correction.holds") if one.holds and not notice else ""
        other = "" if one.holds else what_is_other(words, one.paper)
        none_yet = "" if one.holds or notice else words.say("correction.open")
        lines = [paper_named(words, one.paper), " · ".join(filter(None, (state, notice, none_yet))), other]
        told = column(name, *(label(text, size="small", tone="quiet", wrap=True) for text in lines if text), spacing=0)
        here = now is not None and now.export == one.paper.export
        if one.holds:
            self.body.addLayout(told)
            return
        if here:
            told.addWidget(label(words.say("correction.this"), size="small", bold=True, wrap=True))
            self.body.addLayout(told)
            return
        make = button(words, "correction.make", partial(self.chosen.emit, one.paper))
        make.setAccessibleDescription(one.paper.recipient)
        self.buttons.append(make)
        told.addLayout(row(make, None))
        self.body.addLayout(told)


class Corrections(QObject):
    """What Publish does with notices: one is asked for, is seen and signed, then comes the next reader's."""

    def __init__(self, room: PublishRoom) -> None:
        super().__init__(room)
        self._room = room
        self._handed = ""

    def commands(self) -> tuple[Command, ...]:
        """Return the way to the next reader without a notice, and to the notices of all of them."""
        key, every = "correction.next", "correction.all"
        return (
            Command(key, key, self.next, ("Ctrl+R",), "publish", "sign", why_off=self.why_no_next),
            Command(every, every, self.every, ("Ctrl+Shift+R",), "publish", "sign", why_off=self.why_none),
            Command(_HANDED, _HANDED, self.hand, ("Ctrl+Shift+H",), "publish", "sign", why_off=self.why_not_handed),
        )

    def ask(self, what: Correction) -> None:
        """Show the notice another room asks for."""
        lang = self._room.desk.words.lang
        self._room.desk.tasks.read(
            lambda session, _progress: asked_for(session, what, lang), done=self._show, owner=self._room
        )

    def next(self) -> None:
        """Go to the notice of the next reader who has had none."""
        others = self._others()
        if others:
            self._choose(others[0])

    def every(self) -> None:
        """Ask for a folder; the notices of all who wait are made in it."""
        if not self.why_none():
            ask_for_files(self._room.desk, self._room, lambda paths: self._make_all(paths[0]), wanted="folder")

    def hand(self) -> None:
        """Note that the notice that was just signed was handed to its reader today."""
        if self.why_not_handed():
            return
        digest = str(self._room.signed["sha256"])
        self._room.desk.tasks.write(
            lambda session, _progress: handing.hand_over(session, digest),
            done=self._handed_over,
            owner=self._room,
            label=_HANDED,
        )

    def why_not_handed(self) -> str:
        """Return the catalogue key of why no notice can be noted as handed over, "" when one can."""
        signed = self._room.signed
        return "" if "corrects" in signed and signed["sha256"] != self._handed else "correction.handed_off"

    def _handed_over(self, notice: handing.Notice) -> None:
        self._handed = notice.sha256.hex()
        self._room.desk.notice("correction.handed_noted", name=notice.recipient)
        if self._room.shown is not None:
            self._room.show_again(self._room.shown)

    def why_none(self) -> str:
        """Return the catalogue key of why there is no notice to make, "" when there is one."""
        return "" if self._left() else "correction.next_off"

    def why_no_next(self) -> str:
        """Return the catalogue key of why there is no next, "" when there is one."""
        return "" if self._others() else "correction.next_off"

    def signed(self) -> None:
        """Look who is left once what was signed counts."""
        room, shown = self._room, self._room.shown
        if room.subject is None or shown is None or not self.cards(shown.readers):
            return
        root = room.subject.id

        def readers(session: Session, progress: Progress) -> tuple[Reader, ...]:
            correcting.catch_up(session, progress=progress)
            return tuple(correcting.readers(session, root))

        room.desk.tasks.read(readers, done=self._show_readers, owner=room)

    def cards(self, readers: Sequence[Reader]) -> list[QWidget]:
        """Return the card of who has a paper of the case, when somebody waits for a notice or one is made now."""
        room = self._room
        now = room.form.wanted().corrects
        if now is None and not waiting(readers):
            return []
        card = ReadersCard(room.desk, readers, now, made=not self.why_not_handed())
        card.handed.connect(self.hand)
        card.chosen.connect(self._choose)
        card.ordinary.connect(lambda: room.choose(room.subject if room.subject and room.subject.id else None))
        card.every.connect(self.every)
        return [card]

    def _choose(self, paper: Overtaken) -> None:
        self._room.choose(subject_of(paper, self._room.subject, self._room.desk.words.lang), paper)

    def _left(self) -> list[Overtaken]:
        shown = self._room.shown
        return [one.paper for one in waiting(shown.readers)] if shown is not None else []

    def _others(self) -> list[Overtaken]:
        now = self._room.form.wanted().corrects
        return [one for one in self._left() if now is None or one.export != now.export]

    def _make_all(self, folder: Path) -> None:
        papers = self._left()
        self._room.desk.tasks.write(
            lambda session, progress: handing.correct_all(session, folder, papers=papers, progress=progress),
            done=self._made_all,
            owner=self._room,
            label="correction.all",
        )

    def _made_all(self, told: dict[str, list[dict[str, Any]]]) -> None:
        """Tell how many were made; what was refused is looked at one by one, where it says why."""
        key = "correction.all_some" if told["refused"] else "correction.all_made"
        self._room.desk.notice(key, n=len(told["made"]), left=len(told["refused"]))
        self.signed()

    def _show(self, asked: tuple[Subject | None, Overtaken | None]) -> None:
        subject, paper = asked
        self._room.choose(subject, paper)
        if paper is None:
            self._room.desk.notice("correction.holds_again")

    def _show_readers(self, readers: tuple[Reader, ...]) -> None:
        if self._room.shown is not None:
            self._room.show_again(replace(self._room.shown, readers=readers))
