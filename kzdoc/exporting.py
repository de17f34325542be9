"""Tables for a named reader: the records of a kind as CSV, XLSX or JSON, under the rules every paper keeps.

Without a language a table speaks in codes: fields by their ids, choices by their codes, dates in EDTF. For ourselves
(``internal``) it then has ids and everything as it is stored, and ``kzdoc/importing.py`` reads it back to the same
statements; fields whose values contradict each other are named in a column of their own and left alone there. In a
language it has labels, for reading. What is withheld is left empty or a token; whatever leaves is kept in the export
ledger.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzdoc import together
from kzdoc.analysis.handed import HIDDEN, NOTHING, PART, WHOLE, Lines, Row, lines_of
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import kind
from kzdoc.domain.field import Field, Kind, Sensitivity, Type, plain_value, read_value
from kzdoc.encoding import Value, encode
from kzdoc.errors import InputError, KzdocError
from kzdoc.gathering import led_to, targets_of, withdrawn_from
from kzdoc.guard import Guard, guard_of, reader_clean
from kzdoc.hinting import hinted
from kzdoc.leakcheck.tables import check_table
from kzdoc.ledger.merge import RecordState
from kzdoc.naming import people
from kzdoc.platform.files import replace_durably
from kzdoc.publishing import (
    HELD_FOR,
    HintedError,
    LeakError,
    UndecidedError,
    reader_named,
    told_unknown,
)
from kzdoc.redaction.crowds import Few, few_in
from kzdoc.redaction.hints import Hint, Hinted, told_hints, waiting
from kzdoc.redaction.judge import Judge, Way
from kzdoc.redaction.people import Known
from kzdoc.redaction.profile import strict
from kzdoc.redaction.text import Numbering
from kzdoc.redaction.tokens import Token, ViewText
from kzdoc.redaction.unknown import shown_texts, unknown_names
from kzdoc.redaction.view import ViewRecord, Withheld, make_table, people_near, told_of
from kzdoc.session import Session
from kzdoc.tables.cells import written
from kzdoc.tables.csvfile import write_csv
from kzdoc.tables.writing import write_sheet
from kzdoc.together import Together

FORMS = (".csv", ".xlsx", ".json")
ID, CONFLICTS = "id", "conflicts"
_CODED = (Type.CHOICE, Type.YESNO, Type.DATE, Type.TIME, Type.NUMBER, Type.MONEY, Type.FIGURE)
"""What outsiders get as it is stored, where they get it whole: nothing in it is written freely."""
Cells = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a table for a reader: each record with what is shown of it, and what the leak check looks for.

    ``few``: what is left out of them because too few others are alike; ``withheld``, for ourselves: everything that is.
    """

    of: Kind
    judge: Judge
    rows: list[tuple[RecordState, ViewRecord]]
    guard: Guard
    hinted: Hinted
    few: Few
    withheld: tuple[Withheld, ...]

    def hints(self) -> tuple[Hint, ...]:
        """Return what tells a reader outside who somebody is without a name, in the cells that are written freely."""
        texts = shown_texts(one for _, one in self.rows)
        return self.hinted.hints(texts, self.records) if self.judge.outside() else ()

    @property
    def records(self) -> list[bytes]:
        """The records that have a line, in its order."""
        return [record.id for record, _ in self.rows]

    def signs(self) -> list[dict[str, int]]:
        """Return, by line, one of 256 signs for each class of what is shown, as of papers (redaction/marks.py)."""
        return [self._signs(shown) for _, shown in self.rows]

    def _signs(self, shown: ViewRecord) -> dict[str, int]:
        told: dict[str, list[Value]] = {}
        for one in shown.fields:
            sensitivity = self.of.field(one.id).sensitivity or Sensitivity.OPEN
            told.setdefault(sensitivity.value, []).extend([one.id, *map(_unnumbered, one.values)])
        return {name: hashlib.sha256(encode(texts)).digest()[0] for name, texts in told.items()}

    def lines(self) -> Lines:
        """Return how each field of each line is shown."""
        return lines_of(self.of, (_row(self.judge, record, shown) for record, shown in self.rows))

    def people(self) -> frozenset[bytes]:
        """Return the people the lines are of."""
        return people_near(record for record, _ in self.rows)

    def said(self) -> bytes:
        """Return a digest of what the lines say: another one when any of it would be said otherwise now."""
        told: list[Value] = [
            [record.id, [[one.id, *map(_unnumbered, one.values)] for one in shown.fields]]
            for record, shown in sorted(self.rows, key=lambda row: row[0].id)
        ]
        return hashlib.sha256(encode([self.of.id, told])).digest()


def _unnumbered(text: ViewText) -> Value:
    """Return a shown value with its tokens without their numbers, which are each table's own."""
    return [[part.sensitivity, part.reason] if isinstance(part, Token) else part for part in text.parts]


def table_of(
    session: Session,
    kind_id: str,
    *,
    audience: Audience,
    lang: str | None,
    only: Collection[bytes] | None = None,
    few: Few | None = None,
) -> Table:
    """Return the lines of a table as they would be now, of these records ``only``; ``InputError("kind.unknown")``.

    ``few``: what was left out of them for being like too few others; None: what is to be now.
    """
    of = kind(kind_id)
    if only is None:
        records = list(session.records.records(of.id))
    else:
        records = [one for one in session.records.states(only).values() if one.kind == of.id and not one.removed]
    return _shown(session, records, of, audience, lang or "en", few=few)


def left_alone(few: Few, records: Sequence[bytes]) -> list[Value]:
    """Return, by line, the fields left out because too few others are alike, as the export ledger keeps them."""
    return [sorted(few.get(record, ())) for record in records]


def joined_lines(session: Session, records: Sequence[bytes]) -> list[int]:
    """Return the places of those lines of people that are of one person with another line."""
    states, here = session.records.states(records), set(records)
    found = [one for one in states.values() if one.kind == "person" and here & session.vault.names.joined(one)]
    joined = {one.id for one in found}
    return [place for place, record in enumerate(records) if record in joined]


def export_table(
    session: Session,
    kind_id: str,
    out: Path,
    *,
    audience: Audience,
    recipient: str,
    purpose: str,
    lang: str | None,
    although: str = "",
    warn: Callable[[Sequence[Together]], None] = lambda _: None,
    tell: Callable[[Sequence[Withheld]], None] = lambda _: None,
) -> dict[str, Any]:
    """Write the records of a kind to ``out`` (.csv, .xlsx, .json) for a reader; return file, rows and columns.

    ``lang``: the language of labels and values, None for codes. No cell is taken for a formula by a spreadsheet.
    ``tell`` is told, before there is a file, what is withheld and why, ``warn`` what the table tells together with what
    its reader has already.

    Raises:
        PublicationError: ``publication.no-reader``, ``publication.leak-name``.
        UndecidedError, HintedError: ``publication.unreviewed``, ``publication.hints``, for ``HELD_FOR``, as of papers.
        TogetherError: ``publication.together``, for the same readers, unless ``although`` gives a reason.
        LeakError: ``publication.leak``: the leak check found something in the finished table; there is no file.
        InputError: ``export.format``, ``file.exists``, ``kind.unknown``; ``export.cell-too-long`` (.xlsx).
    """
    reader_named(audience, recipient, purpose)
    form = out.suffix.lower()
    if form not in FORMS:
        raise InputError("export.format")
    if out.exists():
        raise InputError("file.exists")
    table, known = table_of(session, kind_id, audience=audience, lang=lang), people(session)
    reader_clean(table.guard, name=out.name)
    asked = _decided(table, known, audience)
    tell(table.withheld)
    kept, found = _laid_beside(session, table, recipient)
    warn(found)
    together.hold(found, audience, although, HELD_FOR)
    data, columns = _written(table, form, lang)
    _let_through(data, form, table.guard, audience)
    session.vault.exports.note(
        audience=audience.value,
        recipient=recipient,
        purpose=purpose,
        form=together.TABLE,
        sha256=hashlib.sha256(data).digest(),
        records=table.records,
        detail={**kept, "lang": lang or "", **together.noted(found, although)},
    )
    replace_durably(out, data)
    withheld = [{"class": one.sensitivity, "reason": one.reason, "count": one.count} for one in table.withheld]
    told = {"file": str(out), "rows": len(table.rows), "columns": columns, **asked, "withheld": withheld}
    return {**told, "together": [one.plain() for one in found]}


def _decided(table: Table, known: Known, audience: Audience) -> dict[str, Any]:
    """Return what a table's texts still ask of a person, told; for ``HELD_FOR`` nothing may be asked any more."""
    texts = shown_texts(one for _, one in table.rows) if table.judge.outside() else ()
    unknown, hints = unknown_names(texts, known.index(), known.decided), table.hints()
    if unknown and audience in HELD_FOR:
        raise UndecidedError(unknown)
    if audience in HELD_FOR and (open_ones := waiting(hints)):
        raise HintedError(open_ones)
    return {"candidates": told_unknown(unknown), "hints": told_hints(hints)}


def _laid_beside(session: Session, table: Table, recipient: str) -> tuple[dict[str, Value], list[Together]]:
    """Return what the export ledger keeps of a table, and what it tells together with what its reader has."""
    about: dict[str, Value] = {"kind": table.of.id}
    if not table.judge.outside():
        return about, []
    lines = table.lines()
    found = together.of_table(
        session, table.of.id, lines, table.records, audience=table.judge.audience, recipient=recipient
    )
    kept: dict[str, Value] = {
        "said": table.said().hex(),
        "lines": lines.packed(),
        "signs": [dict(one) for one in table.signs()],
        "joined": list(joined_lines(session, table.records)),
        "consents": sorted(withdrawn_from(session, table.people())),
        "few": left_alone(table.few, table.records),
    }
    return {**about, **kept}, found


def _row(judge: Judge, record: RecordState, shown: ViewRecord) -> Row:
    """Return how each field of a line is shown, and its values that are, each with whether it is coarser there."""
    texts = {one.id: one.values for one in shown.fields}

    def told(one: Field) -> tuple[str, Sequence[tuple[Any, bool]]]:
        values = record.values(one.id)
        ways = [judge.judge(record, one, value).way for value in values]
        here = [(value, way is Way.COARSE) for value, way in zip(values, ways, strict=True) if way is not Way.HIDDEN]
        if not values:
            return NOTHING, ()
        if one.id not in texts:
            return HIDDEN, ()
        bare = all(isinstance(part, str) for value in texts[one.id] for part in value.parts)
        return (WHOLE if bare and set(ways) == {Way.WHOLE} else PART), here

    return told


def _written(table: Table, form: str, lang: str | None) -> tuple[bytes, list[str]]:
    """Return the bytes of a table and its columns."""
    judge, of = table.judge, table.of
    if lang is not None:
        rows: list[Cells] = [_said(one) for _, one in table.rows]
    elif judge.outside():
        rows = [_coded(judge, of, record, one) for record, one in table.rows]
    else:
        rows = [_stored(judge, of, record) for record, _ in table.rows]
    columns = _columns(of, rows, whole=lang is None and not judge.outside())
    if form == ".json":
        return _json(_items(judge, of, [record for record, _ in table.rows], rows, coded=lang is None)), columns
    return _table(of, columns, rows, lang, form), columns


def _let_through(data: bytes, form: str, guard: Guard, audience: Audience) -> None:
    """Raise ``LeakError`` when a finished table holds what its readers must not see; our own readers see all."""
    if audience is not Audience.INTERNAL:
        found = check_table(data, form, forbidden=guard.forbidden, **guard.lists())
        if found:
            raise LeakError(found)


def _shown(
    session: Session, records: list[RecordState], of: Kind, audience: Audience, lang: str, *, few: Few | None
) -> Table:
    """Return the lines of a table."""
    known = people(session)
    book, numbering, said_of = known.book(audience), Numbering(), hinted(session)
    if audience is not Audience.INTERNAL:
        records = _shuffled(records, session.randomness(16))
    around = session.records.states({key for one in records for key in targets_of(one)})
    if audience is not Audience.INTERNAL:
        around.update((one.id, one) for one in led_to(session, [*around.values(), *records]))
    judge = Judge(audience, known.allowed, book, {one.id: one for one in (*around.values(), *records)}.get)
    alone = few_in(judge, records, lang, _joined(session, judge, records)) if few is None else few
    withheld: dict[tuple[str, str], int] = {}
    view = make_table(
        records,
        around.values(),
        audience=audience,
        lang=lang,
        allowed=known.allowed,
        book=book,
        numbering=numbering,
        hinted=said_of,
        few=alone,
        withheld=withheld,
    )
    appearing = [record for record in records if judge.appears(record).way is Way.WHOLE]
    texts = (text for one in view for texts in ([one.title.plain()], *_texts(one).values()) for text in texts)
    guard = guard_of(known, appearing, texts, audience=audience, met=numbering.numbers)
    rows = list(zip(appearing, view, strict=True))
    return Table(of, judge, rows, guard, said_of, alone, told_of(withheld, audience, lang))


def _joined(session: Session, judge: Judge, records: Sequence[RecordState]) -> list[set[bytes]]:
    """Return, of the unnamed people that records are about, those of one person."""
    if not strict(judge.audience):
        return []
    about = {one for record in records for one in judge.about(record) if not judge.named(one)}
    people = [one for one in session.records.states(about).values() if one.kind == "person"]
    return [{one.id, *session.vault.names.joined(one, present=False)} for one in people]


def _shuffled(records: Sequence[RecordState], chance: bytes) -> list[RecordState]:
    """Return records in an order of this one table's own: places join no lines of two tables."""
    return sorted(records, key=lambda one: hashlib.sha256(chance + one.id).digest())


def _texts(shown: ViewRecord) -> dict[str, list[str]]:
    """Return what is shown of a record, tokens by their labels."""
    return {
        one.id: [
            "".join(part.label if isinstance(part, Token) else part for part in value.parts) for value in one.values
        ]
        for one in shown.fields
    }


def _said(shown: ViewRecord) -> Cells:
    return {name: "; ".join(texts) for name, texts in _texts(shown).items()}


def _coded(judge: Judge, of: Kind, record: RecordState, shown: ViewRecord) -> Cells:
    """Return a record for outsiders: codes where nothing was taken away, what is shown of it elsewhere."""
    cells: Cells = {}
    for name, texts in _texts(shown).items():
        one, values = of.field(name), record.values(name)
        whole = one.type in _CODED and all(judge.judge(record, one, value).way is Way.WHOLE for value in values)
        if whole and all(_reads_back(one, value) for value in values):
            texts = [written(one, value) for value in values]  # noqa: PLW2901 - the codes in place of the words
        cells[name] = texts if one.many or len(texts) > 1 else texts[0]
    return cells


def _reads_back(one: Field, value: Any) -> bool:
    """Return whether a value is of those the field knows: a code nobody knows might be anything."""
    try:
        return bool(read_value(one, plain_value(one, value)) == value)
    except KzdocError:
        return False


def _stored(judge: Judge, of: Kind, record: RecordState) -> Cells:
    """Return a record for ourselves, as it is stored."""
    cells: Cells = {ID: record.id.hex()}
    for one in of.fields:
        values = _whole(judge, record, one)
        if values:
            texts = [written(one, value) for value in values]
            cells[one.id] = texts if one.many or len(texts) > 1 else texts[0]
    disputed = [one.id for one in of.fields if one.id in record.conflicts and one.id in cells]
    if disputed:
        cells[CONFLICTS] = disputed
    return cells


def _whole(judge: Judge, record: RecordState, one: Field) -> list[Any]:
    return [value for value in record.values(one.id) if judge.judge(record, one, value).way is Way.WHOLE]


def _columns(of: Kind, rows: Sequence[Cells], *, whole: bool) -> list[str]:
    """Return the columns that have something in them; of a table without rows, for ourselves, all there could be."""
    used = {name for row in rows for name in row}
    if whole and not rows:
        return [ID, *(one.id for one in of.fields)]
    return [name for name in (ID, *(one.id for one in of.fields), CONFLICTS) if name in used]


def _table(of: Kind, columns: Sequence[str], rows: Sequence[Cells], lang: str | None, form: str) -> bytes:
    heading = [of.field(name).label.to(lang) if lang is not None else name for name in columns]
    table: list[Sequence[str | Sequence[str]]] = [heading, *([row.get(name, "") for name in columns] for row in rows)]
    return write_csv(table) if form == ".csv" else write_sheet(table, of.id[:31])


def _items(
    judge: Judge, of: Kind, records: Sequence[RecordState], rows: Sequence[Cells], *, coded: bool
) -> Sequence[Mapping[str, Any]]:
    """Return the records for JSON: for ourselves as `record import` takes them."""
    if not coded:
        return rows
    if judge.outside():
        return [{"kind": of.id, "fields": row} for row in rows]
    items: list[Mapping[str, Any]] = []
    for record in records:
        said: dict[str, Any] = {}
        disputed: dict[str, Any] = {}
        for one in of.fields:
            values = [plain_value(one, value) for value in _whole(judge, record, one)]
            if values and one.id in record.conflicts:
                disputed[one.id] = values
            elif values:
                said[one.id] = values if one.many else values[0]
        item = {"id": record.id.hex(), "kind": of.id, "fields": said}
        items.append({**item, CONFLICTS: disputed} if disputed else item)
    return items


def _json(items: Sequence[Mapping[str, Any]]) -> bytes:
    return (json.dumps(list(items), ensure_ascii=False, indent=1) + "\n").encode()
