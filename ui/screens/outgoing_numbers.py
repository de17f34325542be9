"""Numbers for one reader, as CSV or XLSX: counted in groups, small ones left out, seen before there is a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kzdoc import telling
from kzdoc.analysis.counting import units_of
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.errors import PublicationError
from kzdoc.redaction.cells import K
from ui.messages import NAMES
from ui.screens.outgoing_form import Reader, ReaderForm
from ui.screens.outgoing_outputs import NUMBERS
from ui.screens.outgoing_page import Asked, How, OutputPage
from ui.widgets.basics import Card, label, row, rule, said
from ui.widgets.entry import Choice, LineEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

_FORMS = ("xlsx", "csv")
_SHOWN_GROUPS = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What numbers are asked for: of which kind, by which field, in which unit, between which days; as what file."""

    reader: Reader
    kind: str
    by: str
    unit: str
    since: str
    until: str
    form: str
    lang: str


@dataclass(frozen=True, slots=True)
class ShownNumbers:
    """The numbers on the screen."""

    wanted: Wanted
    told: telling.Told

    @property
    def asked(self) -> Asked:
        """What waits for a person: what they tell together with what the reader has."""
        return Asked(together=self.told.found)


def read_numbers(session: Session, wanted: Wanted, progress: Progress) -> ShownNumbers:
    """Count in memory: nothing is written and the export ledger notes nothing."""
    progress("outgoing.numbers", 0, 1)
    told = telling.told_of(
        session,
        wanted.kind,
        by=wanted.by or None,
        since=wanted.since or None,
        until=wanted.until or None,
        unit=wanted.unit,
        audience=wanted.reader.audience,
        recipient=wanted.reader.recipient,
    )
    progress("outgoing.numbers", 1, 1)
    return ShownNumbers(wanted, told)


def write_numbers(session: Session, shown: ShownNumbers, out: Path, how: How, progress: Progress) -> dict[str, Any]:
    """Write the numbers that were shown; ``PublicationError("publication.other-than-shown")`` when they are others."""
    wanted = shown.wanted
    now = read_numbers(session, wanted, progress)
    if now.told != shown.told:
        raise PublicationError("publication.other-than-shown")
    reader = {"recipient": wanted.reader.recipient, "purpose": wanted.reader.purpose}
    return telling.write_numbers(session, now.told, out, **reader, lang=wanted.lang, although=how.although)


class NumbersForm(ReaderForm):
    """What is counted, in which groups and days, as what file; then reader and purpose."""

    audiences = tuple(one for one in Audience if one is not Audience.INTERNAL)

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk)
        self.kind, self.by, self.unit, self.form, self.lang = (Choice() for _ in range(5))
        self.since, self.until = LineEntry("date"), LineEntry("date")
        days, both = _beside(self.since, self.until), _beside(self.form, self.lang)
        self.lay((self.kind, "counted"), (self.unit, "unit"), (self.by, "by"), (days, "days"), (both, "numbers_form"))
        for choice in (self.form, self.lang):
            choice.activated.connect(lambda _index: self._tell())
        for day in (self.since, self.until):
            day.textEdited.connect(lambda _text: self._tell())

    def wanted(self) -> Wanted:
        """Return what is asked for now."""
        form, lang = self.form.chosen() or _FORMS[0], self.lang.chosen() or self._desk.words.lang
        days = (self.since.text().strip(), self.until.text().strip())
        asked = (self.kind.chosen() or "detention", self.by.chosen(), self.unit.chosen() or "records")
        return Wanted(self.reader(), *asked, *days, form, lang)

    def say_choices(self) -> None:
        """Say kinds, units, groups, forms and languages."""
        words = self._desk.words
        kinds = sorted(((one.id, words.text(one.plural)) for one in KINDS.values()), key=lambda one: one[1])
        self.kind.show_choices(kinds, self.kind.chosen() or "detention")
        self._say_groups()
        self.form.show_choices([(one, words.say(f"outgoing.form_{one}")) for one in _FORMS], self.form.chosen())
        self.lang.show_choices(list(NAMES.items()), self.lang.chosen() or words.lang)
        for field, name in ((self.form, "form_file"), (self.lang, "form_lang"), (self.since, "since")):
            field.setAccessibleName(words.say(f"outgoing.{name}"))
        self.until.setAccessibleName(words.say("outgoing.until"))
        self.since.setPlaceholderText(words.say("outgoing.since"))
        self.until.setPlaceholderText(words.say("outgoing.until"))

    def _say_groups(self) -> None:
        """Say in which units and groups this kind may be told to this reader."""
        words, kind = self._desk.words, self.kind.chosen() or "detention"
        units = [(one, words.say(f"outgoing.unit_{one}")) for one in units_of(KINDS[kind])]
        self.unit.show_choices(units, self.unit.chosen())
        groups = [(one.id, words.text(one.label)) for one in telling.groups_for(kind, self.reader().audience)]
        self.by.show_choices([("", words.say("outgoing.by_none")), *groups], self.by.chosen())

    def _tell(self) -> None:
        self._say_groups()
        super()._tell()


def _beside(first: QWidget, second: QWidget) -> QWidget:
    both = QWidget()
    line = QHBoxLayout(both)
    line.setContentsMargins(0, 0, 0, 0)
    for one in (first, second):
        line.addWidget(one, 1)
    both.setFocusProxy(first)
    return both


class NumbersCard(Card):
    """The numbers as their reader gets them, and, for ourselves, what is left out of them."""

    def __init__(self, desk: Surroundings, told: telling.Told, lang: str) -> None:
        super().__init__()
        words = desk.words
        of = KINDS[told.asked.measure]
        blank = words.say("outgoing.by_blank") if told.asked.by else words.text(of.plural)
        unit = label(words.say(f"outgoing.unit_{told.asked.unit}"), size="small", tone="quiet")
        self.body.addLayout(row(said(words, "outgoing.as_read", bold=True), None, unit))
        lines = told.labelled(lang)
        if not lines:
            self.body.addWidget(label(words.say("outgoing.numbers_none", k=K), tone="quiet", wrap=True))
        for text, value in lines[:_SHOWN_GROUPS]:
            line = row(label(text or blank, wrap=True), label(str(value), bold=True))
            line.setStretch(0, 1)
            self.body.addLayout(line)
        if len(lines) > _SHOWN_GROUPS:
            more = words.say("outgoing.lines_more", n=len(lines) - _SHOWN_GROUPS)
            self.body.addWidget(label(more, size="small", tone="quiet"))
        self.body.addWidget(rule())
        self.body.addWidget(label(words.say("outgoing.numbers_left", n=len(told.left_out)), wrap=True))
        self.body.addWidget(label(words.say("outgoing.numbers_note", k=K), size="small", tone="quiet", wrap=True))


class NumbersPage(OutputPage):
    """The page of numbers."""

    output = NUMBERS
    checked = "outgoing.numbers_checked"
    reports = False

    form: NumbersForm

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk, NumbersForm(desk))

    def wanted(self) -> Wanted:
        """Return what is asked for now."""
        return self.form.wanted()

    def kind_id(self) -> str:
        """Return the kind that is counted."""
        return self.form.wanted().kind

    def file_name(self) -> str:
        """Return what its file may be called."""
        wanted = self.form.wanted()
        return f"kzdoc-{wanted.kind}-numbers-{wanted.reader.audience.value}.{wanted.form}"

    def read(self, session: Session, wanted: Wanted, lang: str, progress: Progress) -> ShownNumbers:
        """Count in memory."""
        del lang
        return read_numbers(session, wanted, progress)

    def make(self, session: Session, shown: ShownNumbers, out: Path, how: How, progress: Progress) -> Mapping[str, Any]:
        """Write what was shown."""
        return write_numbers(session, shown, out, how, progress)

    def asked(self) -> Asked:
        """Return what waits for a person."""
        return self.shown.asked if self.shown is not None else Asked()

    def cards(self) -> Sequence[QWidget]:
        """Return the numbers."""
        shown: ShownNumbers = self.shown
        return [NumbersCard(self.desk, shown.told, shown.wanted.lang)]
