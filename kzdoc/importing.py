"""Many records at once from a JSON, CSV or XLSX file: all of them in one act, or none.

How the rows of a file are read stands in rows.py. Tables are read in a process of their own. Rows that cannot be taken
are named by line and reason, and nothing of the file is imported. What looks the same as a record that is here, or as
another of the file, is counted and told, not refused: namesakes exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kzdoc.casework import new_entry
from kzdoc.domain.field import Kind, Type
from kzdoc.encoding import encode
from kzdoc.errors import InputError, KzdocError
from kzdoc.ledger.revision import NewEntry
from kzdoc.names.fold import fold
from kzdoc.progress import Progress, silent
from kzdoc.rows import Read, Row, json_rows, table_rows
from kzdoc.session import Session
from kzdoc.tables.reading import FORMS, read_table

ROWS_LIMIT = 100_000
TOLD = 20
"""So many rows are named, of those refused and of those that look the same as others."""
_Look = tuple[str, ...] | bytes


class RowsError(InputError):
    """Rows that cannot be taken: the first of them, and with it the first ``TOLD`` in ``rows``, of ``total``."""

    def __init__(self, rows: Sequence[InputError]) -> None:
        super().__init__("import.row", **rows[0].params)
        self.rows = tuple(rows[:TOLD])
        self.total = len(rows)


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

    ``columns`` maps column names of a table to field ids. The answer is ``{"new": n, "changed": n, "alike": n,
    "alike_lines": […], "ids": […], "rows": n, "preview": bool}``; ``alike`` counts new records that look the same as
    others.

    Raises:
        RowsError: ``import.row`` with ``line`` and ``reason`` (a code, with ``field`` where one is known).
        InputError: ``import.format``, ``import.too-many``, and as ``rows.json_rows``, ``rows.table_rows`` and
            ``tables.reading.read_table``.
    """
    if name == ".json":
        read = json_rows(session, data, kind_id, columns)
    elif name in FORMS:
        read = table_rows(session, read_table(data, name, progress), kind_id, columns)
    else:
        raise InputError("import.format")
    if len(read.rows) + len(read.refused) > ROWS_LIMIT:
        raise InputError("import.too-many", limit=ROWS_LIMIT)
    entries = _entries(session, read, progress)
    if read.refused:
        raise RowsError(sorted(read.refused, key=lambda error: int(error.params["line"])))
    new = [(row, entry) for row, entry in entries if row.present is None]
    written = [entry for _, entry in entries if entry.statements]
    alike = _alike(session, new)
    if written and not preview:
        session.write(written, progress=progress)
    return {
        "new": len(new),
        "changed": len(written) - len(new),
        "alike": len(alike),
        "alike_lines": alike[:TOLD],
        "ids": [] if preview else [row.id.hex() for row, _ in entries],
        "rows": len(entries),
        "preview": preview,
    }


def _entries(session: Session, read: Read, progress: Progress) -> list[tuple[Row, NewEntry]]:
    """Return what each row would write, and note with the refused what is wrong with the others."""
    _check_once(read)
    also = {row.id: row.of.id for row in read.rows if row.present is None}
    entries: list[tuple[Row, NewEntry]] = []
    for number, row in enumerate(read.rows):
        progress("import.read", number, len(read.rows))
        try:
            entry = new_entry(session, row.id, row.of, row.present, row.changes, also=also)
            if row.present is None and not entry.statements:
                raise InputError("import.no-field")
        except KzdocError as error:
            read.refuse(row.line, error)
            continue
        entries.append((row, entry))
    return entries


def _check_once(read: Read) -> None:
    """Refuse a second row about one record: the file would contradict itself."""
    seen: set[bytes] = set()
    for row in read.rows:
        if row.id in seen:
            read.refuse(row.line, InputError("import.record-twice"))
        seen.add(row.id)


def _alike(session: Session, new: Sequence[tuple[Row, NewEntry]]) -> list[int]:
    """Return the lines of new records that look the same as one that is here or as an earlier one of the file."""
    seen: dict[str, set[_Look]] = {}
    for of in {row.of.id: row.of for row, _ in new}.values():
        here = seen[of.id] = set()
        for record in session.records.records(of.id):
            here.update(_looks(of, {name: record.values(name) for name in record.fields}))
    lines = []
    for row, entry in new:
        said: dict[str, list[Any]] = {}
        for statement in entry.statements:
            said.setdefault(statement.field, []).append(statement.value)
        looks = set(_looks(row.of, said))
        if looks & seen[row.of.id]:
            lines.append(row.line)
        seen[row.of.id] |= looks
    return lines


def _looks(of: Kind, said: Mapping[str, Iterable[Any]]) -> Iterator[_Look]:
    """Yield by what a record is known again: each of its names with its day; without a name, all it says."""
    names = [one.id for one in of.fields if one.name_of and not one.many and one.type is Type.TEXT]
    names = [name for name in names or ["title"] if of.has(name)]
    days = [one.id for one in of.fields if one.type in (Type.DATE, Type.TIME) and one.listed][:1]
    day = [str(value) for name in days for value in said.get(name, ())]
    named = [(name, fold(str(value)), *day) for name in names for value in said.get(name, ()) if value]
    if named:
        yield from named
    else:
        yield encode(sorted([name, encode(value)] for name, values in said.items() for value in values))
