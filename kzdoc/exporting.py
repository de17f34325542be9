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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import kind
from kzdoc.domain.field import Field, Kind, Type, plain_value, read_value
from kzdoc.errors import InputError, KzdocError
from kzdoc.guard import Guard, guard_of, reader_clean
from kzdoc.leakcheck.tables import check_table
from kzdoc.ledger.merge import RecordState
from kzdoc.naming import people
from kzdoc.platform.files import replace_durably
from kzdoc.publishing import (
    HELD_FOR,
    LeakError,
    UndecidedError,
    reader_named,
    targets_of,
    told_unknown,
)
from kzdoc.redaction.judge import Judge, Way
from kzdoc.redaction.people import People
from kzdoc.redaction.text import Numbering
from kzdoc.redaction.tokens import Token
from kzdoc.redaction.unknown import shown_texts, unknown_names
from kzdoc.redaction.view import ViewRecord, make_table
from kzdoc.session import Session
from kzdoc.tables.cells import written
from kzdoc.tables.csvfile import write_csv
from kzdoc.tables.writing import write_sheet

FORMS = (".csv", ".xlsx", ".json")
ID, CONFLICTS = "id", "conflicts"
_CODED = (Type.CHOICE, Type.YESNO, Type.DATE, Type.TIME, Type.NUMBER, Type.MONEY, Type.FIGURE)
"""What outsiders get as it is stored, where they get it whole: nothing in it is written freely."""
Cells = dict[str, str | list[str]]


def export_table(
    session: Session,
    kind_id: str,
    out: Path,
    *,
    audience: Audience,
    recipient: str,
    purpose: str,
    lang: str | None,
) -> dict[str, Any]:
    """Write the records of a kind to ``out`` (.csv, .xlsx, .json) for a reader; return file, rows and columns.

    ``lang``: the language of labels and values, None for codes. No cell is taken for a formula by a spreadsheet.

    Raises:
        PublicationError: ``publication.no-reader``, ``publication.leak-name``.
        UndecidedError: ``publication.unreviewed``, for the readers of ``HELD_FOR``, as of papers.
        LeakError: ``publication.leak``: the leak check found something in the finished table; there is no file.
        InputError: ``export.format``, ``file.exists``, ``kind.unknown``; ``export.cell-too-long`` (.xlsx).
    """
    reader_named(audience, recipient, purpose)
    form = out.suffix.lower()
    if form not in FORMS:
        raise InputError("export.format")
    if out.exists():
        raise InputError("file.exists")
    of = kind(kind_id)
    known = people(session)
    judge, shown, guard = _shown(session, known, of, audience, lang or "en")
    reader_clean(guard, name=out.name)
    texts = shown_texts(one for _, one in shown) if judge.outside() else ()
    unknown = unknown_names(texts, known.index(), known.decided)
    if unknown and audience in HELD_FOR:
        raise UndecidedError(unknown)
    if lang is not None:
        rows: list[Cells] = [_said(one) for _, one in shown]
    elif judge.outside():
        rows = [_coded(judge, of, record, one) for record, one in shown]
    else:
        rows = [_stored(judge, of, record) for record, _ in shown]
    columns = _columns(of, rows, whole=lang is None and not judge.outside())
    if form == ".json":
        data = _json(_items(judge, of, [record for record, _ in shown], rows, coded=lang is None))
    else:
        data = _table(of, columns, rows, lang, form)
    _let_through(data, form, guard, audience)
    session.vault.exports.note(
        audience=audience.value,
        recipient=recipient,
        purpose=purpose,
        form="table",
        sha256=hashlib.sha256(data).digest(),
        records=[record.id for record, _ in shown],
        detail={"kind": kind_id},
    )
    replace_durably(out, data)
    return {"file": str(out), "rows": len(rows), "columns": columns, "candidates": told_unknown(unknown)}


def _let_through(data: bytes, form: str, guard: Guard, audience: Audience) -> None:
    """Raise ``LeakError`` when a finished table holds what its readers must not see; our own readers see all."""
    if audience is not Audience.INTERNAL:
        found = check_table(data, form, forbidden=guard.forbidden, **guard.lists())
        if found:
            raise LeakError(found)


def _shown(
    session: Session, known: People, of: Kind, audience: Audience, lang: str
) -> tuple[Judge, list[tuple[RecordState, ViewRecord]], Guard]:
    """Return the judge of a table, its records, each with what is shown of it, and what its leak check looks for."""
    book, numbering = known.book(audience), Numbering()
    records = list(session.records.records(of.id))
    around = session.records.states({key for one in records for key in targets_of(one)})
    judge = Judge(audience, known.allowed, book, {one.id: one for one in (*around.values(), *records)}.get)
    view = make_table(
        records, around.values(), audience=audience, lang=lang, allowed=known.allowed, book=book, numbering=numbering
    )
    appearing = [record for record in records if judge.appears(record).way is Way.WHOLE]
    texts = (text for one in view for texts in ([one.title.plain()], *_texts(one).values()) for text in texts)
    guard = guard_of(known, appearing, texts, audience=audience, met=numbering.numbers)
    return judge, list(zip(appearing, view, strict=True)), guard


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
