"""Many records at once from a JSON or CSV file: all of them in one act, or none.

JSON: an array of ``{"kind": …, "fields": {…}}``, each with an optional ``"ref"`` by which links of the file name it
("@ref"); a link may also be the 32 digits of a record that is here. CSV: the first row names fields by id or label in
any of the three languages, or ``id`` for a record to be changed; ``;`` separates values of a `many` field. A row
that cannot be taken is named by line and reason, and nothing of the file is imported.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.casework import ID_BYTES, Change, new_entry, record_id, state
from kzdoc.domain.catalogue import kind
from kzdoc.domain.field import Field, Kind, Type
from kzdoc.errors import InputError, KzdocError
from kzdoc.language import LANGUAGES
from kzdoc.ledger.merge import RecordState
from kzdoc.ledger.revision import NewEntry
from kzdoc.progress import Progress, silent
from kzdoc.session import Session

ROWS_LIMIT = 100_000
SEPARATOR = ";"


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
    """Import ``data`` whose file name ends in ``name`` (.json, .csv); return what was or would be written.

    ``columns`` maps column names of a CSV to field ids. The answer is ``{"new": n, "changed": n, "ids": […],
    "preview": bool}``.

    Raises:
        InputError: ``import.row`` with ``line`` and ``reason`` (a code, with ``field`` where one is known);
            ``import.not-json``, ``import.not-text``, ``import.no-kind``, ``import.column``, ``import.column-twice``,
            ``import.nothing``, ``import.format``.
    """
    if name == ".json":
        rows = _json_rows(session, data, kind_id)
    elif name == ".csv":
        rows = _csv_rows(session, data, kind_id, columns)
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


def _csv_rows(session: Session, data: bytes, kind_id: str | None, columns: Mapping[str, str]) -> list[_Row]:
    if kind_id is None:
        raise InputError("import.no-kind")
    of = kind(kind_id)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("import.not-text") from error
    table = _table(text)
    heading = _without_empty_end(next(table, (1, []))[1], 0)
    if not heading:
        raise InputError("import.nothing")
    fields = [_column(of, number, cell, columns) for number, cell in enumerate(heading, 1)]
    for number, field in enumerate(fields, 1):
        if field in fields[: number - 1]:
            raise InputError("import.column-twice", number=number)
    return [_csv_row(session, line, of, fields, cells) for line, cells in table]


def _table(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table that are not empty, each with the line it begins on.

    The delimiter is what a first line ``sep=;`` says, as spreadsheets write it, else the one the heading has most of.
    """
    start, delimiter = 0, ""
    first = text.partition("\n")[0].rstrip("\r")
    if first.lower().startswith("sep=") and len(first) == len("sep=;"):
        start, delimiter = 1, first[-1]
        text = text.partition("\n")[2]
    if not delimiter:
        heading = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
        delimiter = max((",", "\t", ";"), key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = start + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError("import.row", line=line, reason="import.not-csv", field="-") from error
        if any(cell.strip() for cell in cells):
            yield line, cells


def _without_empty_end(cells: Sequence[str], least: int) -> Sequence[str]:
    """Return a row without the empty cells at its end that spreadsheets write for columns without a heading."""
    while len(cells) > least and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _column(of: Kind, number: int, cell: str, columns: Mapping[str, str]) -> Field | None:
    """Return the field a column is for, None for the column of ids."""
    name = columns.get(cell.strip(), cell.strip())
    if name == "id":
        return None
    for field in of.fields:
        labels = {field.label.to(lang).casefold() for lang in LANGUAGES}
        if name == field.id or name.casefold() in labels:
            return field
    raise InputError("import.column", number=number, kind=of.id)


def _csv_row(session: Session, line: int, of: Kind, fields: Sequence[Field | None], cells: Sequence[str]) -> _Row:
    cells = _without_empty_end(cells, len(fields))
    if len(cells) != len(fields):
        raise InputError("import.row", line=line, reason="import.cells", field="-")
    changes: list[Change] = []
    given = ""
    for field, cell in zip(fields, cells, strict=True):
        if field is None:
            given = cell.strip()
        elif cell.strip():
            several = [part.strip() for part in cell.split(SEPARATOR) if part.strip()]
            changes.append(Change(field.id, "set", several if field.many else cell.strip()))
    try:
        of_row, present, record = _whose(session, given, of.id)
        if of_row is not of:
            raise InputError("import.other-kind")
    except KzdocError as error:
        raise _refused(line, error) from error
    return _Row(line, record, of, tuple(changes), present)
