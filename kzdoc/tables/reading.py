"""Reading a table somebody brought: in a limited process, believed only when that ended well."""

from __future__ import annotations

import io

import msgspec

from kzdoc.errors import InputError, KzdocError
from kzdoc.platform.sandbox import run_limited
from kzdoc.progress import Progress
from kzdoc.tables.cells import KINDS, TABLE, Cell, Row

FORMS = {".csv": "kzdoc.tables.csvfile", ".xlsx": "kzdoc.tables.sheet"}
_DECODER = msgspec.msgpack.Decoder(list[tuple[int, list[tuple[str, str]]]])


def read_table(data: bytes, form: str, progress: Progress) -> list[Row]:
    """Return the rows of a table that are not empty, by line; ``form`` is ".csv" or ".xlsx".

    Raises:
        InputError: ``import.table-too-large`` (also when reading it took too much memory or time), and as
            ``csvfile.read_csv`` and ``sheet.read_sheet``; ``KzdocError`` ``sandbox.failed``.
    """
    if len(data) > TABLE.file:
        raise InputError("import.table-too-large")
    read = io.BytesIO()
    try:
        run_limited(
            FORMS[form],
            stdin=io.BytesIO(data),
            stdout=read,
            memory=TABLE.memory,
            cpu_seconds=TABLE.cpu_seconds,
            progress=lambda _what, _done, _total: progress("import.read", 0, 0),
            output_bytes=TABLE.output,
        )
    except KzdocError as error:
        if error.code == "sandbox.limit":
            raise InputError("import.table-too-large") from error
        raise
    try:
        rows = _DECODER.decode(read.getbuffer())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise KzdocError("sandbox.failed", status=0) from error
    if any(kind not in KINDS for _, cells in rows for kind, _ in cells):
        raise KzdocError("sandbox.failed", status=0)
    return [(line, [Cell(kind, text) for kind, text in cells]) for line, cells in rows]
