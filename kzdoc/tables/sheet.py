"""The one sheet of an .xlsx, read in a process of its own that can open nothing (kzdoc/platform/sandbox).

Rules: the archive is bounded before anything of it is unpacked (how many parts, how large together); what computes or
reaches out is refused: macros, links to other workbooks, embedded objects, data connections, document types. Formulas
and errors are told as such; whether a cell may be one is for the reader of the table to say. A date says no more than
its cell shows ("Mar-19" is a month). Hidden sheets count like others: two sheets with something in them are refused,
since nobody said which. The library (openpyxl) sees only what passed, with Python's own XML reader below it.
"""

from __future__ import annotations

import encodings.cp437
import encodings.utf_8_sig
import encodings.utf_16_le  # noqa: F401 - these are found by name later, when nothing can be opened any more
import io
import os
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.parsers import expat

os.environ["OPENPYXL_LXML"] = "False"

import msgspec
from openpyxl import load_workbook

from kzdoc.errors import InputError, KzdocError
from kzdoc.tables.cells import BROKEN, DATE, FORMULA, NUMBER, PADDED, TABLE, TEXT, TRUTH, Cell, Row

_MACROS = re.compile(r"vbaproject|/macrosheets/|/activex/|/ctrlprops/|/dialogsheets/", re.IGNORECASE)
_LINKS = re.compile(r"/externallinks/|/embeddings/|connections\.xml$|/querytables/|/model/", re.IGNORECASE)
_XML = (".xml", ".rels", ".vml")
_ENCRYPTED = 0x1
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_EXACT = 10**15
"""From here on the numbers of a spreadsheet have lost digits."""


def in_sandbox(arguments: Sequence[str], source: BinaryIO, target: BinaryIO) -> None:  # noqa: ARG001 - sandbox's call
    """Read a workbook from ``source`` and write the rows of its sheet to ``target``."""
    warnings.simplefilter("ignore")
    target.write(msgspec.msgpack.encode(read_sheet(source.read())))


def read_sheet(data: bytes) -> list[Row]:
    """Return the rows of the one sheet that are not empty.

    Raises:
        InputError: ``import.not-xlsx``, ``import.table-too-large``, ``import.sheet-active``, ``import.sheets``,
            ``import.too-many``, ``import.columns``.
    """
    try:
        check_archive(data)
        book = load_workbook(io.BytesIO(data), read_only=True, keep_vba=False, keep_links=False)
        sheets = [rows for sheet in book.worksheets if (rows := list(_rows(sheet)))]
    except (KzdocError, MemoryError):
        raise
    except Exception as error:
        raise InputError("import.not-xlsx") from error
    if len(sheets) > 1:
        raise InputError("import.sheets")
    return sheets[0] if sheets else []


def check_archive(data: bytes) -> None:
    """Raise unless the archive is small enough and holds nothing that computes, reaches out or declares types.

    A part never unpacks to more than the archive says of it: Python's reader stops there.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > TABLE.parts or sum(part.file_size for part in parts) > TABLE.unpacked:
            raise InputError("import.table-too-large")
        names = [f"/{part.filename}" for part in parts]
        if len(set(map(str.lower, names))) != len(names) or any(part.flag_bits & _ENCRYPTED for part in parts):
            raise InputError("import.not-xlsx")
        if any(_MACROS.search(name) or _LINKS.search(name) for name in names):
            raise InputError("import.sheet-active")
        if b"macroEnabled" in archive.read("[Content_Types].xml"):
            raise InputError("import.sheet-active")
        for part in parts:
            if part.filename.lower().endswith(_XML):
                with archive.open(part) as opened:
                    _check_xml(opened)


def _check_xml(part: Any) -> None:
    """Raise when a part declares a document type, with which entities come; well-formed it must be."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_types
    parser.EntityDeclHandler = _refuse_types
    parser.ParseFile(part)


def _refuse_types(*_: object) -> None:
    raise InputError("import.sheet-active")


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size is not believed
    rows = 0
    for line, cells in enumerate(sheet.iter_rows(), 1):
        if line > TABLE.lines:
            raise InputError("import.table-too-large")
        if any(one.value is not None for one in cells[TABLE.columns :]):
            raise InputError("import.columns", limit=TABLE.columns)
        read = [_cell(one) for one in cells[: TABLE.columns]]
        if any(one.text.strip() for one in read):
            rows += 1
            if rows > TABLE.rows:
                raise InputError("import.too-many", limit=TABLE.rows - 1)
            yield line, read


def _cell(cell: Any) -> Cell:
    value, kind = cell.value, cell.data_type
    if value is None:
        return Cell(TEXT, "")
    if kind in ("f", "e"):
        return Cell(FORMULA, "=") if kind == "f" else Cell(BROKEN, "#")
    return _valued(value, cell.number_format)


def _valued(value: Any, form: str) -> Cell:
    match value:
        case bool():
            return Cell(TRUTH, "yes" if value else "no")
        case str():
            return Cell(TEXT, _unescaped(value))
        case int() | float():
            return _number(value, form)
        case date():
            return Cell(DATE, _shown_date(value, form))
        case time():
            return Cell(DATE, f"{value:%H:%M}")
    return Cell(BROKEN, "#")


def _number(value: float, form: str) -> Cell:
    if isinstance(value, float) and (value != value or abs(value) >= _EXACT):  # noqa: PLR0124 - not a number
        return Cell(BROKEN, "#")
    if isinstance(value, int) or value.is_integer():
        whole = int(value)
        if abs(whole) >= _EXACT:
            return Cell(BROKEN, "#")
        if whole >= 0 and form and set(form) == {"0"}:
            return Cell(PADDED, str(whole).zfill(len(form)))
        return Cell(NUMBER, str(whole))
    return Cell(NUMBER, repr(value))


def _shown_date(value: date, form: str) -> str:
    """Return a date as EDTF no finer than its cell shows it; a time of day is kept."""
    if isinstance(value, datetime) and value.time() != time():
        return value.strftime("%Y-%m-%dT%H:%M")
    letters = set(_QUOTED.sub("", form.partition(";")[0]).lower())
    day = value.strftime("%Y-%m-%d") if value.year >= 1000 else f"{value.year:04}-{value:%m-%d}"  # noqa: PLR2004 - years of fewer than four digits
    if "d" in letters or "y" not in letters:
        return day
    return day[:7] if "m" in letters else day[:4]


def _unescaped(text: str) -> str:
    """Return a text without the escapes by which XML carries characters it forbids (ECMA-376, ST_Xstring)."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
