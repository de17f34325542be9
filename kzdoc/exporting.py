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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kzdoc import together
from kzdoc.domain.audience import Audience
from kzdoc.domain.field import Field, Kind, Type, plain_value, read_value
from kzdoc.encoding import Value
from kzdoc.errors import InputError, KzdocError
from kzdoc.gathering import withdrawn_from
from kzdoc.guard import reader_clean
from kzdoc.issuing import Named, write_together
from kzdoc.leakcheck.tables import check_table
from kzdoc.leaving import HELD_FOR, HintedError, LeakError, UndecidedError, reader_named, told_unknown
from kzdoc.ledger.merge import RecordState
from kzdoc.naming import in_tables, people
from kzdoc.redaction.hints import told_hints, waiting
from kzdoc.redaction.judge import Judge, Way
from kzdoc.redaction.own import Place, own_of_items, own_of_table
from kzdoc.redaction.people import Known, withheld_near
from kzdoc.redaction.unknown import shown_texts, unknown_names
from kzdoc.redaction.view import ViewRecord, Withheld
from kzdoc.report.redactions import write_redactions
from kzdoc.report.signature import sign_publication
from kzdoc.session import Session
from kzdoc.tables.cells import written
from kzdoc.tables.csvfile import write_csv
from kzdoc.tables.writing import write_sheet
from kzdoc.tabling import Table, joined_lines, left_alone, table_of, texts_by_field
from kzdoc.together import Together

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
    redaction: bool = False,
    although: str = "",
    warn: Callable[[Sequence[Together]], None] = lambda _: None,
    tell: Callable[[Sequence[Withheld]], None] = lambda _: None,
) -> dict[str, Any]:
    """Write the records of a kind to ``out`` (.csv, .xlsx, .json) for a reader; return file, rows and columns.

    ``lang``: the language of labels and values, None for codes. No cell is taken for a formula by a spreadsheet.
    ``redaction``: the report of what is withheld goes beside it, with the signature it is judged by, as of papers.
    ``tell`` is told, before there is a file, what is withheld and why, ``warn`` what the table tells together with what
    its reader has already.

    Raises:
        PublicationError: ``publication.no-reader``, ``publication.leak-name``.
        UndecidedError, HintedError: ``publication.unreviewed``, ``publication.hints``, for ``HELD_FOR``, as of papers.
        TogetherError: ``publication.together``, for the same readers, unless ``although`` gives a reason.
        LeakError: ``publication.leak-cell`` with ``line`` and ``column`` of the first finding; in JSON ``-item`` with
            its ``line``; ``-file`` when it is in no cell: there is no file.
        InputError: ``export.format``, ``file.exists``, ``kind.unknown``; ``export.cell-too-long`` (.xlsx).
    """
    reader_named(audience, recipient, purpose)
    form = out.suffix.lower()
    if form not in FORMS:
        raise InputError("export.format")
    named = Named.beside(out)
    named.must_be_new()
    table, known = table_of(session, kind_id, audience=audience, lang=lang), people(session)
    near = withheld_near(known, audience, table.people()) if audience in HELD_FOR else None
    reader_clean(table.guard, name=out.name, near=near)
    asked = _decided(table, known, audience)
    tell(table.withheld)
    kept, found = _laid_beside(session, table, recipient)
    warn(found)
    together.hold(found, audience, although)
    data, columns, own = _written(table, form, lang)
    _let_through(data, form, table, columns, own)
    session.vault.exports.note(
        audience=audience.value,
        recipient=recipient,
        purpose=purpose,
        form=together.TABLE,
        sha256=hashlib.sha256(data).digest(),
        records=table.records,
        detail={**kept, "lang": lang or "", **together.noted(found, although)},
    )
    files = [*(_beside(session, table, data, named) if redaction else ()), (named.paper, data)]
    write_together(files)
    paths = {name: path for name, path in named.told(files).items() if name in ("file", "signature", "redaction")}
    withheld = [{"class": one.sensitivity, "reason": one.reason, "count": one.count} for one in table.withheld]
    told = {**paths, "rows": len(table.rows), "columns": columns, **asked, "withheld": withheld}
    return {**told, "together": [one.plain() for one in found]}


def _beside(session: Session, table: Table, data: bytes, named: Named) -> list[tuple[Path, bytes]]:
    """Return the report of what a table withholds, and the signature that says whose key it must bear."""
    key, shown = session.publisher(), sum(len(one.values) for _, line in table.rows for one in line.fields)
    signed = sign_publication(data, key, shown=shown, proved=0, attested=shown)
    return [(named.redaction, write_redactions(data, table, key)), (named.sig, signed)]


def _decided(table: Table, known: Known, audience: Audience) -> dict[str, Any]:
    """Return what a table's texts still ask of a person, told; for ``HELD_FOR`` nothing may be asked any more."""
    texts = shown_texts(one for _, one in table.rows) if table.judge.outside() else ()
    near = withheld_near(known, audience, table.people())
    unknown = unknown_names(texts, known.index(), known.decided.within(in_tables(table.of.id)), near)
    hints = table.hints()
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


def _written(table: Table, form: str, lang: str | None) -> tuple[bytes, list[str], dict[Place, list[str]]]:
    """Return the bytes of a table, its columns, and what of it the program itself set."""
    judge, of = table.judge, table.of
    if lang is not None:
        rows: list[Cells] = [_said(one) for _, one in table.rows]
    elif judge.outside():
        rows = [_coded(judge, of, record, one) for record, one in table.rows]
    else:
        rows = [_stored(judge, of, record) for record, _ in table.rows]
    columns = _columns(of, rows, whole=lang is None and not judge.outside())
    lines = list(zip([one for _, one in table.rows], rows, strict=True))
    if form == ".json":
        items = _items(judge, of, [record for record, _ in table.rows], rows, coded=lang is None)
        return _json(items), columns, own_of_items(lines, ["kind", of.id, "fields"] if lang is None else [])
    heading = [of.field(name).label.to(lang) if lang is not None else name for name in columns]
    data = _table(of, columns, heading, rows, form)
    return data, columns, own_of_table(lines, columns, heading, of.id[:31] if form == ".xlsx" else "")


def _let_through(
    data: bytes, form: str, table: Table, columns: Sequence[str], own: Mapping[Place, Sequence[str]]
) -> None:
    """Raise ``LeakError`` when a finished table holds what its readers must not see; our own readers see all."""
    if not table.judge.outside():
        return
    found = check_table(data, form, forbidden=table.guard.forbidden, own=own, **table.guard.lists())
    if found:
        names, first = ([""], 1) if form == ".json" else (columns, 2)
        lines = enumerate(table.records, first)
        start = 0 if form == ".json" else 1
        cells = {(line, at): (record, name) for line, record in lines for at, name in enumerate(names, start)}
        raise LeakError(found, cells=cells)


def _said(shown: ViewRecord) -> Cells:
    return {name: "; ".join(texts) for name, texts in texts_by_field(shown).items()}


def _coded(judge: Judge, of: Kind, record: RecordState, shown: ViewRecord) -> Cells:
    """Return a record for outsiders: codes where nothing was taken away, what is shown of it elsewhere."""
    cells: Cells = {}
    for name, texts in texts_by_field(shown).items():
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


def _table(of: Kind, columns: Sequence[str], heading: Sequence[str], rows: Sequence[Cells], form: str) -> bytes:
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
