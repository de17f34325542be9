"""CSV as spreadsheets write it, read in a process of its own (kzdoc/platform/sandbox), and CSV as it is written here.

Rules of reading: UTF-8; the delimiter is what a first line ``sep=;`` says, else the one the heading has most of; rows
without anything are passed over; a row is named by the line it begins on. Written: UTF-8 with its mark, commas, all
cells guarded against being computed (cells.py).
"""

from __future__ import annotations

import csv
import encodings.utf_8_sig  # noqa: F401 - found by name later, when nothing can be opened any more
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from kzdoc.errors import InputError
from kzdoc.tables.cells import GUARDED, TABLE, Cell, Row, guarded, joined


def in_sandbox(arguments: Sequence[str], source: BinaryIO, target: BinaryIO) -> None:  # noqa: ARG001 - sandbox's call
    """Read a CSV from ``source`` and write its rows to ``target``."""
    csv.field_size_limit(TABLE.file)
    target.write(msgspec.msgpack.encode(list(read_csv(source.read()))))


def read_csv(data: bytes) -> Iterator[Row]:
    """Yield the rows that are not empty.

    Raises:
        InputError: ``import.not-text``, ``import.too-many``, ``import.columns``; ``import.row`` with a reason.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("import.not-text") from error
    start, delimiter = 0, ""
    first = text.partition("\n")[0].rstrip("\r")
    if first.lower().startswith("sep=") and len(first) == len("sep=;"):
        start, delimiter = 1, first[-1]
        text = text.partition("\n")[2]
    for rows, (line, cells) in enumerate(_rows(text, start, delimiter or _delimiter(text)), 1):
        if rows > TABLE.rows:
            raise InputError("import.too-many", limit=TABLE.rows - 1)
        if len(cells) > TABLE.columns:
            raise InputError("import.columns", limit=TABLE.columns)
        yield line, [Cell(GUARDED, cell) for cell in cells]


def _delimiter(text: str) -> str:
    """Return the delimiter the heading has most of."""
    heading = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    return max((",", "\t", ";"), key=re.sub(r'"[^"]*"', "", heading).count)


def _rows(text: str, start: int, delimiter: str) -> Iterator[tuple[int, list[str]]]:
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


def write_csv(rows: Sequence[Sequence[str | Sequence[str]]]) -> bytes:
    """Return ``rows`` as CSV; a cell is a text, or the texts of a `many` field."""
    target = io.StringIO(newline="")
    csv.writer(target, quoting=csv.QUOTE_ALL).writerows([[_cell(cell) for cell in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def _cell(cell: str | Sequence[str]) -> str:
    return guarded(cell) if isinstance(cell, str) else joined(map(guarded, cell))
