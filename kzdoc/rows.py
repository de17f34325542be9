"""The rows of a file that are to become records: what each says, by the words of JSON or of a table.

JSON: an array of ``{"kind": …, "fields": {…}}`` or of flat objects whose other keys are fields, in one document or one
object a line, or a single one; each may have a ``"ref"`` by which links of the file name it ("@ref"); a link may also
be the 32 digits of a record that is here. CSV and XLSX (docs/formats/table.md): the first
row names fields by id or label in any of the
three languages, or ``id`` for a record to be changed; ``;`` separates values of a `many` field; an empty cell asks
nothing. Every row says all it says or is refused: nothing is passed over, and every row that is refused has a line and
a reason.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.casework import ID_BYTES, Change, record_id, state
from kzdoc.domain.catalogue import kind
from kzdoc.domain.field import Field, Kind, Type
from kzdoc.domain.text import IIN_LENGTH
from kzdoc.errors import InputError, KzdocError
from kzdoc.language import LANGUAGES
from kzdoc.ledger.merge import RecordState
from kzdoc.session import Session
from kzdoc.tables.cells import BROKEN, DATE, FORMULA, GUARDED, NUMBER, TEXT, TRUTH, Cell, parted, raw, unguarded
from kzdoc.tables.cells import Row as TableRow

ID, CONFLICTS = "id", "conflicts"
"""Columns that are no field: whose the row is, and the fields in which its values contradict each other."""
LONG_NUMBER = 10
"""From so many digits on, a number in a text may be one of those that begin with zeros."""
_ABOUT = frozenset((ID, "kind", "ref", CONFLICTS, "withheld", "withheld_fields"))
"""Keys that are no field: as `record list` and `record export` write them."""
_COUNTED = (Type.NUMBER, Type.MONEY, Type.FIGURE)
_NEVER = {FORMULA: "import.formula", BROKEN: "import.broken-cell"}


@dataclass(frozen=True, slots=True)
class Row:
    """One record to be: where it stands in the file, what it is called there, its kind and its fields."""

    line: int
    id: bytes
    of: Kind
    changes: tuple[Change, ...]
    present: RecordState | None


@dataclass
class Read:
    """What was made of a file: its rows, and what is wrong with the others."""

    rows: list[Row] = dataclasses.field(default_factory=list)
    refused: list[InputError] = dataclasses.field(default_factory=list)

    def refuse(self, line: int, error: KzdocError) -> None:
        """Note what is wrong with a row."""
        self.refused.append(
            InputError("import.row", **{"field": "-", **error.params, "line": line, "reason": error.code})
        )


def read_json(untrusted: bytes | str) -> Any:
    """Return what a JSON text says: one document, or one object a line.

    Raises ``InputError``: ``import.not-json``, ``import.key-twice``.
    """
    try:
        text = untrusted.decode("utf-8-sig") if isinstance(untrusted, bytes) else untrusted.removeprefix("\ufeff")
        try:
            return json.loads(text, object_pairs_hook=_object)
        except json.JSONDecodeError:
            lines = [json.loads(line, object_pairs_hook=_object) for line in text.splitlines() if line.strip()]
            if len(lines) > 1 and all(isinstance(line, Mapping) for line in lines):
                return lines
            raise
    except (ValueError, RecursionError) as error:
        raise InputError("import.not-json") from error


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object none of whose keys is said twice: of two values one would be lost."""
    read = dict(pairs)
    if len(read) != len(pairs):
        raise InputError("import.key-twice")
    return read


def json_rows(session: Session, data: bytes, kind_id: str | None, columns: Mapping[str, str]) -> Read:
    """Read the rows of a JSON file; raises ``InputError``: ``import.not-json``, ``import.key-twice``."""
    items = read_json(data)
    if isinstance(items, Mapping):
        items = [items] if _is_record(items, kind_id, columns) else items.get("records")
    if not isinstance(items, list):
        raise InputError("import.not-json")
    read = Read()
    good: list[tuple[int, Mapping[str, Any]]] = []
    refs: dict[str, bytes] = {}
    for line, item in enumerate(items, 1):
        if not isinstance(item, Mapping) or not isinstance(item.get("fields", {}), Mapping):
            read.refuse(line, InputError("import.not-an-object"))
            continue
        ref = item.get("ref")
        if isinstance(ref, str):
            if ref in refs:
                read.refuse(line, InputError("import.ref-twice"))
                continue
            refs[ref] = session.randomness(ID_BYTES)
        good.append((line, item))
    for line, item in good:
        try:
            read.rows.append(_json_row(session, line, item, kind_id, columns=columns, refs=refs))
        except KzdocError as error:
            read.refuse(line, error)
    return read


def _is_record(document: Mapping[str, Any], kind_id: str | None, columns: Mapping[str, str]) -> bool:
    """Return whether a document that is one object is itself a record, and no wrapping of several."""
    if "records" in document:
        return False
    fields = {field.id for field in kind(kind_id).fields} if kind_id else frozenset[str]()
    return bool({"kind", "fields"} & document.keys() or {columns.get(name, name) for name in document} & fields)


def _json_row(
    session: Session,
    line: int,
    item: Mapping[str, Any],
    kind_id: str | None,
    *,
    columns: Mapping[str, str],
    refs: Mapping[str, bytes],
) -> Row:
    of, present, record = _whose(session, item.get(ID), item.get("kind", kind_id))
    said = _said(of, item)
    disputed = frozenset(map(str, item[CONFLICTS])) if isinstance(item.get(CONFLICTS), list | Mapping) else frozenset()
    changes = [
        Change(name, "clear" if value is None else "set", _with_refs(of.field(name), value, refs))
        for name, value in ((columns.get(name, name), value) for name, value in said.items())
        if name not in disputed
    ]
    ref = item.get("ref")
    return Row(line, refs[ref] if isinstance(ref, str) and present is None else record, of, tuple(changes), present)


def _said(of: Kind, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields of an item: those under ``fields``, or in a flat one all keys that say nothing else."""
    if "fields" not in item:
        return {name: value for name, value in item.items() if name not in _ABOUT}
    for number, name in enumerate(item, 1):
        if name != "fields" and name not in _ABOUT:
            raise InputError("import.unknown-key", number=number, kind=of.id)
    fields: Mapping[str, Any] = item["fields"]
    return fields


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


def table_rows(session: Session, table: Sequence[TableRow], kind_id: str | None, columns: Mapping[str, str]) -> Read:
    """Read the rows of a table.

    Raises ``InputError``: ``import.no-kind``, ``import.nothing``, ``import.column``, ``import.column-twice``.
    """
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
    read = Read()
    for line, cells in table[1:]:
        try:
            read.rows.append(_table_row(session, line, of, fields, cells))
        except KzdocError as error:
            read.refuse(line, error)
    return read


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


def _table_row(session: Session, line: int, of: Kind, fields: Sequence[Field | str], cells: Sequence[Cell]) -> Row:
    cells = _without_empty_end(cells, len(fields))
    short = [Cell(TEXT, "")] * (len(fields) - len(cells)) if cells and cells[0].kind != GUARDED else []
    if len(cells) + len(short) != len(fields):
        raise InputError("import.cells")
    filled = [(field, cell) for field, cell in zip(fields, [*cells, *short], strict=True) if cell.text.strip()]
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
    return Row(line, record, of, tuple(changes), present)


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
