"""Many records at once from a JSON, CSV or XLSX file: all of them in one act, or none.

JSON: an array of ``{"kind": …, "fields": {…}}``, each with an optional ``"ref"`` by which links of the file name it
("@ref"); a link may also be the 32 digits of a record that is here. CSV and XLSX (docs/formats/table.md): the first
row names fields by id or label in any of the three languages, or ``id`` for a record to be changed; ``;`` separates
values of a `many` field; an empty cell asks nothing. Tables are read in a process of their own. A row that cannot be
taken is named by line and reason, and nothing of the file is imported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.casework import ID_BYTES, Change, new_entry, record_id, state
from kzdoc.domain.catalogue import kind
from kzdoc.domain.field import Field, Kind, Type
from kzdoc.domain.text import IIN_LENGTH
from kzdoc.errors import InputError, KzdocError
from kzdoc.language import LANGUAGES
from kzdoc.ledger.merge import RecordState
from kzdoc.ledger.revision import NewEntry
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.tables.cells import BROKEN, DATE, FORMULA, GUARDED, NUMBER, TEXT, TRUTH, Cell, Row, parted, raw, unguarded
from kzdoc.tables.reading import FORMS, read_table

ROWS_LIMIT = 100_000
ID, CONFLICTS = "id", "conflicts"
"""Columns that are no field: whose the row is, and the fields in which its values contradict each other."""
LONG_NUMBER = 10
"""From so many digits on, a number in a text may be one of those that begin with zeros."""
_COUNTED = (Type.NUMBER, Type.MONEY, Type.FIGURE)
_NEVER = {FORMULA: "import.formula", BROKEN: "import.broken-cell"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One record to be: where it stands in the file, what it is called there, its kind and its fields."""

    line: int
    id: bytes
    of: Kind
    changes: tuple[Change, ...]
    present: RecordState | None


def take_file(
    session: Session,
    data: bytes,
    *,
    name: str,
    kind_id: str | None,
    columns: Mapping[str, str],
    preview: bool,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Import ``data`` whose file name ends in ``name`` (.json, .csv, .xlsx); return what was or would be written.

    ``columns`` maps column names of a table to field ids. The answer is ``{"new": n, "changed": n, "ids": […],
    "preview": bool}``.

    Raises:
        InputError: ``import.row`` with ``line`` and ``reason`` (a code, with ``field`` where one is known);
            ``import.not-json``, ``import.no-kind``, ``import.column``, ``import.column-twice``, ``import.nothing``,
            ``import.format``, ``import.too-many``, and as ``tables.reading.read_table``.
    """
    if name == ".json":
        rows = _json_rows(session, data, kind_id)
    elif name in FORMS:
        rows = _table_rows(session, read_table(data, name, progress), kind_id, columns)
    else:
        raise InputError("import.format")
    if len(rows) > ROWS_LIMIT:
        raise InputError("import.too-many", limit=ROWS_LIMIT)
    _check_once(rows)
    also = {row.id: row.of.id for row in rows if row.present is None}
    entries: list[NewEntry] = []
    for number, row in enumerate(rows):
        progress("import.read", number, len(rows))
        try:
            entry = new_entry(session, row.id, row.of, row.present, row.changes, also=also)
        except KzdocError as error:
            raise _refused(row.line, error) from error
        if entry.statements:
            entries.append(entry)
    if entries and not preview:
        session.write(entries, progress=progress)
    new = [row.id.hex() for row in rows if row.present is None]
    return {
        "new": len(new),
        "changed": len([entry for entry in entries if entry.record not in also]),
        "ids": [] if preview else [row.id.hex() for row in rows],
        "preview": preview,
    }


def _check_once(rows: Sequence[_Row]) -> None:
    """Refuse a file that changes one record in two rows: it would contradict itself."""
    seen: set[bytes] = set()
    for row in rows:
        if row.id in seen:
            raise InputError("import.row", line=row.line, reason="import.record-twice", field="-")
        seen.add(row.id)


def _refused(line: int, error: KzdocError) -> InputError:
    return InputError("import.row", **{"field": "-", **error.params, "line": line, "reason": error.code})


def _json_rows(session: Session, data: bytes, kind_id: str | None) -> list[_Row]:
    try:
        items = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError("import.not-json") from error
    items = items.get("records") if isinstance(items, Mapping) else items
    if not isinstance(items, list):
        raise InputError("import.not-json")
    refs: dict[str, bytes] = {}
    for line, item in enumerate(items, 1):
        if not isinstance(item, Mapping) or not isinstance(item.get("fields", {}), Mapping):
            raise InputError("import.row", line=line, reason="import.not-an-object", field="-")
        ref = item.get("ref")
        if isinstance(ref, str):
            if ref in refs:
                raise InputError("import.row", line=line, reason="import.ref-twice", field="-")
            refs[ref] = session.randomness(ID_BYTES)
    return [_json_row(session, line, item, kind_id, refs) for line, item in enumerate(items, 1)]


def _json_row(
    session: Session, line: int, item: Mapping[str, Any], kind_id: str | None, refs: Mapping[str, bytes]
) -> _Row:
    try:
        of, present, record = _whose(session, item.get("id"), item.get("kind", kind_id))
        changes = [
            Change(str(name), "clear" if value is None else "set", _with_refs(of.field(str(name)), value, refs))
            for name, value in item.get("fields", {}).items()
        ]
    except KzdocError as error:
        raise _refused(line, error) from error
    ref = item.get("ref")
    return _Row(line, refs[ref] if isinstance(ref, str) and present is None else record, of, tuple(changes), present)


def _whose(session: Session, given: Any, kind_id: Any) -> tuple[Kind, RecordState | None, bytes]:
    """Return kind, present state and id of the record a row is about; a new one where no id is given."""
    if given:
        present = state(session, record_id(str(given)))
        return kind(present.kind), present, present.id
    if not isinstance(kind_id, str):
        raise InputError("import.no-kind")
    return kind(kind_id), None, session.randomness(ID_BYTES)


def _with_refs(field: Field, value: Any, refs: Mapping[str, bytes]) -> Any:
    if field.type is not Type.LINK:
        return value
    if isinstance(value, list):
        return [_with_refs(field, one, refs) for one in value]
    if isinstance(value, str) and value.startswith("@"):
        if value[1:] not in refs:
            raise InputError("field.link-unknown", field=field.id)
        return refs[value[1:]]
    return value


def _table_rows(session: Session, table: Sequence[Row], kind_id: str | None, columns: Mapping[str, str]) -> list[_Row]:
    if kind_id is None:
        raise InputError("import.no-kind")
    of = kind(kind_id)
    heading = _without_empty_end(table[0][1], 0) if table else []
    if not heading:
        raise InputError("import.nothing")
    fields = [_column(of, number, cell, columns) for number, cell in enumerate(heading, 1)]
    for number, field in enumerate(fields, 1):
        if field in fields[: number - 1]:
            raise InputError("import.column-twice", number=number)
    return [_table_row(session, line, of, fields, cells) for line, cells in table[1:]]


def _without_empty_end(cells: Sequence[Cell], least: int) -> Sequence[Cell]:
    """Return a row without the empty cells at its end that spreadsheets write for columns without a heading."""
    while len(cells) > least and not cells[-1].text.strip():
        cells = cells[:-1]
    return cells


def _column(of: Kind, number: int, cell: Cell, columns: Mapping[str, str]) -> Field | str:
    """Return the field a column is for, or ``id`` or ``conflicts``."""
    name = columns.get(cell.text.strip(), cell.text.strip()) if cell.kind in (TEXT, GUARDED) else ""
    if name in (ID, CONFLICTS):
        return name
    for field in of.fields:
        labels = {field.label.to(lang).casefold() for lang in LANGUAGES}
        if name == field.id or name.casefold() in labels:
            return field
    raise InputError("import.column", number=number, kind=of.id)


def _table_row(session: Session, line: int, of: Kind, fields: Sequence[Field | str], cells: Sequence[Cell]) -> _Row:
    cells = _without_empty_end(cells, len(fields))
    short = [Cell(TEXT, "")] * (len(fields) - len(cells)) if cells and cells[0].kind != GUARDED else []
    if len(cells) + len(short) != len(fields):
        raise InputError("import.row", line=line, reason="import.cells", field="-")
    filled = [(field, cell) for field, cell in zip(fields, [*cells, *short], strict=True) if cell.text.strip()]
    try:
        said = {field: _plain(cell) for field, cell in filled if isinstance(field, str)}
        disputed = parted(said.get(CONFLICTS, ""))
        changes = [
            Change(field.id, "set", asked(field, cell))
            for field, cell in filled
            if isinstance(field, Field) and field.id not in disputed
        ]
        of_row, present, record = _whose(session, said.get(ID, ""), of.id)
        if of_row is not of:
            raise InputError("import.other-kind")
    except KzdocError as error:
        raise _refused(line, error) from error
    return _Row(line, record, of, tuple(changes), present)


def _plain(cell: Cell) -> str:
    if cell.kind not in (TEXT, GUARDED):
        raise InputError("import.number-cell")
    return cell.text.strip()


def asked(field: Field, cell: Cell) -> Any:
    """Return what a cell asks of a field, as ``read_value`` takes it; a list for a `many` field.

    A date of a spreadsheet is a day and only for a date; a number is never taken where its zeros matter; what is
    computed is not taken at all. Raises ``InputError`` with the ``field``.
    """
    if cell.kind in _NEVER:
        raise InputError(_NEVER[cell.kind], field=field.id)
    if cell.kind == DATE and field.type not in (Type.DATE, Type.TIME):
        raise InputError("import.date-cell", field=field.id)
    if cell.kind == TRUTH and field.type is not Type.YESNO:
        raise InputError("import.truth-cell", field=field.id)
    if cell.kind == NUMBER and not _exact(field, cell.text):
        raise InputError("import.number-cell", field=field.id)
    if cell.kind not in (TEXT, GUARDED):
        return [cell.text] if field.many else cell.text
    texts = parted(cell.text) if field.many else [cell.text.strip()]
    values = [raw(field, unguarded(text) if cell.kind == GUARDED else text) for text in texts]
    return values if field.many else values[0]


def _exact(field: Field, digits: str) -> bool:
    """Return whether a number can have lost nothing of what was typed: no zeros before it, no plus, no place."""
    if field.type is Type.IDENTIFIER:
        return field.number_kind == "iin" and len(digits) == IIN_LENGTH
    if field.type in (Type.DATE, Type.TIME):
        return re.fullmatch("[12][0-9]{3}", digits) is not None
    return field.type in _COUNTED or len(digits) < LONG_NUMBER
