"""A table for one reader: the records of a kind as CSV, XLSX or JSON. Its lines are seen before there is a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kzdoc import exporting, naming, tabling, together
from kzdoc.domain.catalogue import KINDS
from kzdoc.errors import PublicationError
from kzdoc.redaction.people import withheld_near
from kzdoc.redaction.unknown import shown_texts, unknown_names
from ui.messages import NAMES
from ui.models import RecordList, Row
from ui.screens.outgoing_form import Reader, ReaderForm
from ui.screens.outgoing_outputs import TABLE
from ui.screens.outgoing_page import Asked, How, OutputPage
from ui.screens.panes import empty
from ui.screens.publish_hints import asked_of, decided_of
from ui.screens.publish_names import questions_in
from ui.screens.publish_parts import WithheldCard
from ui.widgets.basics import Card, column, label, row, rule, said
from ui.widgets.entry import Choice

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.progress import Progress
    from kzdoc.redaction.view import ViewRecord, Withheld
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

CODES = "codes"
_SHOWN_LINES = 200
_LIST_ROWS, _LIST_ROW = 4, 60
_FORMS = ("xlsx", "csv", "json")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a table is asked for; ``lang`` is "codes" for one that programs read."""

    reader: Reader
    kind: str
    form: str
    lang: str

    @property
    def said_in(self) -> str | None:
        """The language of labels and values, None for codes."""
        return None if self.lang == CODES else self.lang


@dataclass(frozen=True, slots=True)
class Line:
    """A line as its reader gets it: what stands in each column."""

    title: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """The table on the screen: its first lines, how many there are, what is withheld and what is asked.

    ``said``: a digest of what all its lines say.
    """

    wanted: Wanted
    lang: str
    lines: tuple[Line, ...]
    count: int
    withheld: tuple[Withheld, ...]
    asked: Asked
    said: bytes = b""


def read_table(session: Session, wanted: Wanted, lang: str, progress: Progress) -> ShownTable:
    """Lay a table out in memory: nothing is written and the export ledger notes nothing."""
    reader = wanted.reader
    progress("outgoing.table", 0, 3)
    table = tabling.table_of(session, wanted.kind, audience=reader.audience, lang=wanted.said_in or lang)
    progress("outgoing.table", 1, 3)
    views = [one for _, one in table.rows]
    outside, known = reader.needs_name, naming.people(session)
    texts = tuple(shown_texts(views)) if outside else ()
    scope = naming.in_tables(wanted.kind)
    near = withheld_near(known, reader.audience, table.people())
    unknown = unknown_names(texts, known.index(), known.decided.within(scope), near)
    progress("outgoing.table", 2, 3)
    found = (
        together.of_table(
            session,
            wanted.kind,
            table.lines(),
            table.records,
            audience=reader.audience,
            recipient=reader.recipient,
        )
        if outside
        else ()
    )
    hints = table.hints()
    asked = Asked(
        (*questions_in(unknown, views), *asked_of(hints)),
        tuple(naming.decisions(session).within(scope).said) if outside else (),
        decided_of(hints),
        tuple(found),
        scope,
    )
    progress("outgoing.table", 3, 3)
    lines = tuple(_line(one) for one in views[:_SHOWN_LINES])
    return ShownTable(wanted, lang, lines, len(views), tuple(table.withheld), asked, table.said())


def _line(one: ViewRecord) -> Line:
    cells = ((field.label, "; ".join(" ".join(text.plain().split()) for text in field.values)) for field in one.fields)
    return Line(" ".join(one.title.plain().split()) or "…", tuple(cells))


def write_table(session: Session, shown: ShownTable, out: Path, how: How, progress: Progress) -> dict[str, Any]:
    """Write the table that was shown; ``PublicationError("publication.other-than-shown")`` when it is another now."""
    wanted = shown.wanted
    now = read_table(session, wanted, shown.lang, progress)
    if (now.said, now.count, now.asked.together) != (shown.said, shown.count, shown.asked.together):
        raise PublicationError("publication.other-than-shown")
    return exporting.export_table(
        session,
        wanted.kind,
        out,
        audience=wanted.reader.audience,
        recipient=wanted.reader.recipient,
        purpose=wanted.reader.purpose,
        lang=wanted.said_in,
        redaction=how.redaction,
        although=how.although,
    )


class TableForm(ReaderForm):
    """Which records, as what file, in which words; then reader and purpose."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk)
        self.kind, self.form, self.lang = Choice(), Choice(), Choice()
        both = QWidget()
        line = row(self.form, self.lang)
        line.setStretch(0, 1)
        line.setStretch(1, 1)
        both.setLayout(line)
        both.setFocusProxy(self.form)
        self.lay((self.kind, "kind"), (both, "form"))
        for choice in (self.form, self.lang):
            choice.activated.connect(lambda _index: self._tell())

    def wanted(self) -> Wanted:
        """Return what is asked for now."""
        form, lang = self.form.chosen() or _FORMS[0], self.lang.chosen() or self._desk.words.lang
        return Wanted(self.reader(), self.kind.chosen() or "detention", form, lang)

    def say_choices(self) -> None:
        """Say kinds, forms and languages."""
        words = self._desk.words
        kinds = sorted(((one.id, words.text(one.plural)) for one in KINDS.values()), key=lambda one: one[1])
        self.kind.show_choices(kinds, self.kind.chosen() or "detention")
        self.form.show_choices([(one, words.say(f"outgoing.form_{one}")) for one in _FORMS], self.form.chosen())
        named = [*NAMES.items(), (CODES, words.say("outgoing.codes"))]
        self.lang.show_choices(named, self.lang.chosen() or words.lang)
        self.form.setAccessibleName(words.say("outgoing.form_file"))
        self.lang.setAccessibleName(words.say("outgoing.form_lang"))


class LinesCard(Card):
    """The first lines as their reader gets them; under the list every column of the chosen one."""

    def __init__(self, desk: Surroundings, lines: Sequence[Line], count: int) -> None:
        super().__init__()
        words = desk.words
        self._lines = lines
        told = label(words.say("outgoing.lines", n=count), size="small", tone="quiet")
        self.body.addLayout(row(said(words, "outgoing.as_read", bold=True), told, None))
        if not lines:
            self.body.addWidget(said(words, "outgoing.lines_none", tone="quiet", wrap=True))
            return
        self.list = RecordList(words, desk.theme)
        words.put(self.list.setAccessibleName, "outgoing.as_read")
        rows = [
            Row(place.to_bytes(4, "big"), one.title, " · ".join(text for _, text in one.cells))
            for place, one in enumerate(lines)
        ]
        self.list.rows.show_rows(rows)
        self.list.setFixedHeight(desk.theme.px(_LIST_ROW) * min(len(rows), _LIST_ROWS) + 2)
        self.body.addWidget(self.list)
        if count > len(lines):
            self.body.addWidget(
                label(words.say("outgoing.lines_more", n=count - len(lines)), size="small", tone="quiet")
            )
        self.body.addWidget(rule())
        self._cells = QVBoxLayout()
        self._cells.setSpacing(4)
        self.body.addLayout(self._cells)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._show())
        self.list.choose(rows[0].id)
        self._show()

    def _show(self) -> None:
        chosen = self.list.chosen()
        empty(self._cells)
        if chosen is None:
            return
        for name, text in self._lines[int.from_bytes(chosen, "big")].cells:
            line = column(label(name, size="small", tone="quiet", wrap=True), label(text, wrap=True), spacing=0)
            self._cells.addLayout(line)


class TablePage(OutputPage):
    """The page of a table."""

    output = TABLE
    checked = "outgoing.table_checked"

    form: TableForm

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk, TableForm(desk))

    def wanted(self) -> Wanted:
        """Return what is asked for now."""
        return self.form.wanted()

    def kind_id(self) -> str:
        """Return the kind whose records are its lines."""
        return self.form.wanted().kind

    def file_name(self) -> str:
        """Return what its file may be called."""
        wanted = self.form.wanted()
        return f"kzdoc-{wanted.kind}-{wanted.reader.audience.value}.{wanted.form}"

    def read(self, session: Session, wanted: Wanted, lang: str, progress: Progress) -> ShownTable:
        """Lay it out in memory."""
        return read_table(session, wanted, lang, progress)

    def make(self, session: Session, shown: ShownTable, out: Path, how: How, progress: Progress) -> Mapping[str, Any]:
        """Write what was shown."""
        return write_table(session, shown, out, how, progress)

    def asked(self) -> Asked:
        """Return what waits for a person."""
        return self.shown.asked if self.shown is not None else Asked()

    def cards(self) -> Sequence[QWidget]:
        """Return the lines, and what is withheld of them and why."""
        shown: ShownTable = self.shown
        return [WithheldCard(self.desk, shown.withheld), LinesCard(self.desk, shown.lines, shown.count)]
