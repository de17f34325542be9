"""The case file: one person or one event, with everything the view holds about it.

Order: identity (or the event), status, charges, detentions, timeline, testimony, other people, whatever else the view
holds by kind, evidence, what is withheld and why, how the paper was made. Sources are notes, numbered by appearance.
The template knows kinds by id and fields by their type; it takes a view and nothing else, so what is withheld is not
here to be printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kzdoc.domain.catalogue import kind as kind_of
from kzdoc.domain.dates import show_date
from kzdoc.domain.field import Type
from kzdoc.errors import InputError
from kzdoc.language import Catalogue, catalogue
from kzdoc.redaction.view import Corrects, View, ViewField, ViewRecord
from kzdoc.report.flow import (
    TEXT_WIDTH,
    Block,
    dated,
    entry,
    fill,
    heading,
    marks,
    narrative,
    note_lines,
    paragraph,
    row,
    title_value,
)
from kzdoc.report.page import BODY_HEIGHT, Margins, Printed, printed
from kzdoc.report.setting import (
    BODY,
    LABEL,
    SMALL,
    SMALL_INK,
    STRONG,
    Atom,
    Line,
    own_atoms,
    text_atoms,
    text_width,
    value_atoms,
)

FIRST_SECTIONS = ("status_event", "list_membership", "charge", "detention")
LATE_SECTIONS = ("testimony", "person")
SECTION_LABELS = {
    "status_event": "section.status",
    "charge": "section.charge",
    "detention": "section.detention",
    "testimony": "section.testimony",
    "person": "section.people",
    "evidence_item": "section.evidence",
}
NOT_SECTIONS = ("source", "evidence_item", "consent", "proof_agreement")
NOT_IN_TIMELINE = (*NOT_SECTIONS, "person", "testimony")
HEADLINES = {
    "status_event": ("status",),
    "charge": ("article", "article_text"),
    "detention": ("facility", "place_of_detention", "type"),
    "list_membership": ("list", "list_name"),
    "figure": ("measure",),
    "assessment": ("result",),
}
"""Kinds better named by another field than their title; the first that the view shows."""
DATED = (Type.DATE, Type.TIME)
SHORT_TEXT = 110
PAPER_DIGITS = 12
"""Of a paper's SHA-256: its number in a correction notice, which anybody who has the paper can make out."""


class CaseFile:
    """One case file being laid out: its blocks, and the notes in the order in which they were cited."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.words: Catalogue = catalogue("report", view.lang)
        self.by_ref = {record.ref: record for record in view.records}
        self.root = self.by_ref[view.root]
        self.numbers: dict[int, int] = {}
        self.blocks: list[Block] = []
        self.sections = 0

    def lay_out(self) -> list[Block]:
        """Return the blocks of the whole paper, in order."""
        self._opening()
        self._root()
        rest = [record for record in self.view.records if record.ref != self.view.root]
        for kind in FIRST_SECTIONS:
            self._section(kind, [record for record in rest if record.kind == kind])
        self._timeline()
        for kind in LATE_SECTIONS:
            self._section(kind, [record for record in rest if record.kind == kind])
        known = {*FIRST_SECTIONS, *LATE_SECTIONS, *NOT_SECTIONS}
        for kind in dict.fromkeys(record.kind for record in rest if record.kind not in known):
            self._section(kind, [record for record in rest if record.kind == kind])
        self._section("evidence_item", [record for record in rest if record.kind == "evidence_item"])
        self._uncited([record for record in rest if record.kind == "source"])
        self._withheld()
        self._method()
        return self.blocks

    def notes(self) -> dict[int, tuple[Line, ...]]:
        """Return the notes by number."""
        return {number: note_lines(number, self._source(self.by_ref[ref])) for ref, number in self.numbers.items()}

    def margins(self, *, practice: bool) -> Margins:
        """Return what stands on every page."""
        view, words = self.view, self.words
        left = f"{words.say('paper.case-file')} · {words.say(f'audience.{view.audience.value}')}"
        return Margins(
            left,
            _fitting(show_date(view.date, view.lang), TEXT_WIDTH / 2),
            _fitting(view.organisation, TEXT_WIDTH / 2),
            lambda page, total: words.say("page.counter", page=page, total=total),
            practice,
        )

    def _opening(self) -> None:
        self.blocks.append(title_value(self.root.title))
        view, words = self.view, self.words
        rows = [(words.say("row.recipient"), view.recipient), (words.say("row.purpose"), view.purpose)]
        for label, text in rows:
            if text:
                self.blocks.append(
                    paragraph([*own_atoms(f"{label}: ", SMALL), *text_atoms(text, SMALL_INK)], style=SMALL, before=2)
                )

        if view.corrects is not None:
            self._correction(view.corrects)

    def _correction(self, earlier: Corrects) -> None:
        """Say which paper is corrected, by the beginning of its SHA-256 and its day, and what now holds."""
        words = self.words
        number, day = earlier.paper.hex()[:PAPER_DIGITS], show_date(earlier.date, self.view.lang)
        told = words.say("correction.withdrawn" if earlier.withdrawn else "correction.holds")
        which = words.say("correction.of", number=number, date=day)
        self.blocks.append(paragraph(own_atoms(which, STRONG), before=10))
        self.blocks.append(paragraph(own_atoms(told, BODY), before=4))

    def _root(self) -> None:
        label = f"section.{self.root.kind}"
        self._heading(self.words.say(label if label in self.words else "section.record"))
        cited = self._cited(self.root)
        names = kind_names(self.root.kind)
        self._fields(self.root, strong=names, notes=cited, first=True)

    def _heading(self, text: str) -> None:
        self.sections += 1
        self.blocks.append(heading(f"{self.sections}. {text}"))

    def _section(self, kind: str, records: Sequence[ViewRecord]) -> None:
        if not records:
            return
        label = SECTION_LABELS.get(kind)
        self._heading(self.words.say(label) if label else _plural(kind, self.view.lang))
        for at, record in enumerate(sorted(records, key=_first_date)):
            name = [replace(atom, style=STRONG) if not atom.chip else atom for atom in _headline(record)[1]]
            cited = self._cited(record)
            self.blocks.append(entry([*name, *marks(cited, BODY)], before=7 if at == 0 else 15))
            self._fields(record)

    def _fields(
        self, record: ViewRecord, *, strong: Sequence[str] = (), notes: Sequence[int] = (), first: bool = False
    ) -> None:
        """Add a record's fields: rows, then narratives; a field that only repeats the title is left out."""
        rows: list[Block] = []
        told: list[Block] = []
        said = "" if first else _headline(record)[0]
        for field in record.fields:
            values = self._values(record, field)
            if not values or field.id == said:
                continue
            if _type(record.kind, field.id) is Type.LONG_TEXT and not _short(field):
                told.append(paragraph(self._label(field), style=LABEL, before=8, keep=True))
                told += [
                    replace(block, before=3) if at == 0 else block
                    for at, block in enumerate(b for value in field.values for b in narrative(value))
                ]
                continue
            style = STRONG if field.id in strong else BODY
            atoms = [[a if a.chip else replace(a, style=style) for a in value] for value in values]
            if notes and not rows:
                atoms[0] += marks(notes, BODY)
            rows.append(row(self._label_text(field), atoms, before=4 if rows else 7 if first else 3))
        self.blocks += rows + told

    def _values(self, record: ViewRecord, field: ViewField) -> list[list[Atom]]:
        """Return a field's values; a link whose text is empty shows the title of what it leads to."""
        refs = record.links.get(field.id, ())
        if field.values == (self.root.title,) and record is not self.root:
            return []  # a link to the one the paper is about
        values = [atoms for atoms in (value_atoms(value, BODY) for value in field.values) if atoms]
        if values:
            return values
        linked = (self.by_ref[ref] for ref in refs if ref in self.by_ref)
        return [value_atoms(other.title, BODY) for other in linked if other.kind != "source" and other is not self.root]

    def _what(self, record: ViewRecord) -> list[Atom]:
        """Return what sort of thing happened, and its headline unless that says the same."""
        label = kind_of(record.kind).label.to(self.view.lang)
        headline = _headline(record)[1]
        if "".join(atom.text for atom in headline) == label:
            return headline
        return [*own_atoms(f"{label} · ", LABEL), *headline]

    def _label_text(self, field: ViewField) -> str:
        return f"{field.label} ({self.words.say('mark.conflict')})" if field.conflict else field.label

    def _label(self, field: ViewField) -> list[Atom]:
        return own_atoms(self._label_text(field), LABEL)

    def _timeline(self) -> None:
        """Add one line for each dated record, by its first date."""
        rows = []
        for record in self.view.records:
            if record.kind in NOT_IN_TIMELINE:
                continue
            dates = [field for field in record.fields if _type(record.kind, field.id) in DATED and field.values]
            rows += [(field.sort, record.ref, field, record, len(dates) > 1) for field in dates if not field.conflict]
        if not rows:
            return
        self._heading(self.words.say("section.timeline"))
        for _, _, field, record, several in sorted(rows, key=lambda item: item[:2]):
            which = own_atoms(f" · {field.label}", LABEL) if several else []
            what = [*self._what(record), *which]
            self.blocks.append(dated(value_atoms(field.values[0], LABEL), what, before=6))

    def _cited(self, record: ViewRecord) -> list[int]:
        """Return the numbers of the sources a record links to, numbering those not met before."""
        linked = [ref for refs in record.links.values() for ref in refs if ref in self.by_ref]
        sources = [ref for ref in linked if self.by_ref[ref].kind == "source"]
        return sorted({self.numbers.setdefault(ref, len(self.numbers) + 1) for ref in dict.fromkeys(sources)})

    def _source(self, source: ViewRecord) -> list[Atom]:
        """Return a source as a note: its title, then its fields one after another."""
        atoms = value_atoms(source.title, SMALL_INK)
        for field in source.fields:
            if field.values == (source.title,):
                continue
            asked = _type(source.kind, field.id) is Type.YESNO
            for value in field.values:
                label = own_atoms(f"{field.label}: ", SMALL) if asked else []
                parts = [*label, *value_atoms(value, SMALL_INK)] if value else []
                atoms += [*own_atoms(" · ", SMALL), *parts] if parts else []
        return atoms

    def _uncited(self, sources: Sequence[ViewRecord]) -> None:
        """Add sources that nothing in the paper cites, as a section of their own."""
        left = [source for source in sources if source.ref not in self.numbers]
        if left:
            self._heading(_plural("source", self.view.lang))
        for source in left:
            self.blocks.append(paragraph(self._source(source), style=SMALL_INK, before=4))

    def _withheld(self) -> None:
        self._heading(self.words.say("section.withheld"))
        if not self.view.withheld:
            self.blocks.append(paragraph(own_atoms(self.words.say("withheld.none"), BODY), before=4))
        for item in self.view.withheld:
            self.blocks.append(paragraph(own_atoms(item.sentence, BODY), before=5))

    def _method(self) -> None:
        self._heading(self.words.say("section.method"))
        say = self.words.say
        first = say("method.counts", n=self.view.shown) + " " + say("method.conflict")
        told = (first, say("method.mark"), say("method.attested"), say("method.signature"))
        for at, text in enumerate(told, start=1):
            self.blocks.append(paragraph(own_atoms(text, SMALL_INK), style=SMALL_INK, before=5, keep=at < len(told)))


def render(view: View, *, practice: bool = False) -> Printed:
    """Return the case file of ``view``, marked when it comes from a practice vault."""
    paper = CaseFile(view)
    blocks = paper.lay_out()
    sheets = fill(blocks, paper.notes(), BODY_HEIGHT)
    return printed(sheets, paper.margins(practice=practice), lang=view.lang)


def kind_names(kind: str) -> tuple[str, ...]:
    """Return the ids of the fields that name a record of ``kind``; a narrative that stands in for a name is none."""
    try:
        of = kind_of(kind)
    except InputError:
        return ()
    return tuple(name for name in of.title if of.field(name).type is not Type.LONG_TEXT)


def _plural(kind: str, lang: str) -> str:
    return kind_of(kind).plural.to(lang)


def _type(kind: str, field: str) -> Type | None:
    try:
        return kind_of(kind).field(field).type
    except InputError:
        return None


def _headline(record: ViewRecord) -> tuple[str, list[Atom]]:
    """Return the field that names a record in the paper (it is not told again) and its text."""
    for field_id in HEADLINES.get(record.kind, ()):
        for field in record.fields:
            if field.id == field_id and field.values:
                atoms = value_atoms(field.values[0], BODY)
                for value in field.values[1:]:
                    atoms += [*own_atoms(", ", BODY), *value_atoms(value, BODY)]
                return field.id, atoms
    same = (field.id for field in record.fields if field.values == (record.title,))
    return next(same, ""), value_atoms(record.title, BODY)


def _short(field: ViewField) -> bool:
    """Return whether an account is short enough to stand beside its label."""
    texts = ["".join(part if isinstance(part, str) else part.label for part in value.parts) for value in field.values]
    return len(texts) == 1 and len(texts[0]) <= SHORT_TEXT and "\n" not in texts[0]


def _first_date(record: ViewRecord) -> tuple[str, int]:
    """Return what orders the entries of a section: the earliest date, then the order of the view."""
    dates: Iterable[str] = (
        field.sort for field in record.fields if field.sort and _type(record.kind, field.id) in DATED
    )
    return min(dates, default="~"), record.ref


def _fitting(text: str, width: float) -> str:
    """Return as much of ``text`` as fits ``width``, with an ellipsis when it was cut."""
    if text_width(text, SMALL) <= width:
        return text
    while text and text_width(text + "…", SMALL) > width:
        text = text[:-1]
    return text.rstrip() + "…"
