"""Leaky tables: a workbook of ours changed in one place, with an invented name that must not be in it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from kzdoc.tables.writing import write_sheet

SECRET = "Сынақова Айгүл"
ROWS = [["Имя", "Дата"], ["Тестов Данияр", "2026-03-01"], ["[СКРЫТО]", "2026-03"]]
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


def sheet() -> bytes:
    return write_sheet(ROWS, "person")


def with_part(name: str, text: str) -> bytes:
    """Return the workbook with one part more."""
    return rewritten(lambda _, said: said, more={name: text})


def changed(part: str, old: str, new: str) -> bytes:
    """Return the workbook with one text of a part replaced."""
    data = rewritten(lambda name, said: said.replace(old, new, 1) if name == part else said)
    assert data != sheet()
    return data


def rewritten(change: Callable[[str, str], str], more: dict[str, str] | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet())) as old, zipfile.ZipFile(target, "w") as new:
        parts = {name: change(name, old.read(name).decode()) for name in old.namelist()} | (more or {})
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
            new.writestr(entry, text.encode())
    return target.getvalue()


def zip_comment() -> bytes:
    target = io.BytesIO(sheet())
    with zipfile.ZipFile(target, "a") as archive:
        archive.comment = SECRET.encode()
    return target.getvalue()


def bytes_between() -> bytes:
    """Return the workbook with bytes between its parts and its table, which readers step over."""
    data = sheet()
    at = data.index(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    offset = int.from_bytes(data[end + 16 : end + 20], "little") + len(SECRET.encode())
    moved = data[:at] + SECRET.encode() + data[at:end] + data[end : end + 16] + offset.to_bytes(4, "little")
    return moved + data[end + 20 :]


CELL = '<c r="C2" s="1" t="inlineStr"><is><t>a</t></is></c></row>'
TWINS: dict[str, tuple[Callable[[], bytes], str]] = {
    "name in a cell": (lambda: changed(SHEET, "[СКРЫТО]", "Сынақованың үйі"), "table.name"),
    "name in a cell, base64": (lambda: changed(SHEET, "[СКРЫТО]", "0KHRi9C90LDSm9C+0LLQsA=="), "table.disguised"),
    "name in a cell, percent": (lambda: changed(SHEET, "[СКРЫТО]", "%D0%A1%D1%8B%D0%BD%D0%B0%D0%BA%D0%BE%D0%B2%D0%B0"),
                                "table.disguised"),
    "name in a cell, backwards": (lambda: changed(SHEET, "[СКРЫТО]", "авоканыС"), "table.reversed"),
    "hidden row": (lambda: changed(SHEET, '<row r="3">', '<row r="3" hidden="1">'), "table.hidden-row"),
    "hidden column": (lambda: changed(SHEET, 'width="24"', 'width="24" hidden="1"'), "table.hidden-row"),
    "column without width": (lambda: changed(SHEET, "<cols>", '<cols><col min="9" max="9" hidden="1"/>'),
                             "table.hidden-row"),
    "hidden sheet": (lambda: changed(BOOK, 'sheetId="1"', 'sheetId="1" state="veryHidden"'), "table.hidden-sheet"),
    "second sheet": (lambda: with_part("xl/worksheets/sheet2.xml", "<worksheet/>"), "table.sheet"),
    "comment": (lambda: with_part("xl/comments1.xml", f"<comments>{SECRET}</comments>"), "table.comment"),
    "comment in the sheet": (lambda: changed(SHEET, "<sheetData>", f"<!-- {SECRET} --><sheetData>"), "table.form"),
    "defined name": (lambda: changed(BOOK, "</sheets>", "</sheets><definedName>Synakova</definedName>"),
                     "table.defined-name"),
    "document properties": (lambda: with_part("docProps/core.xml", f"<creator>{SECRET}</creator>"), "table.properties"),
    "kept result": (lambda: changed(SHEET, "<is><t", f"<v>{SECRET}</v><is><t"), "table.kept-result"),
    "formula": (lambda: changed(SHEET, "<is><t", "<f>A1</f><is><t"), "table.formula"),
    "shared text": (lambda: with_part("xl/sharedStrings.xml", f"<sst><si><t>{SECRET}</t></si></sst>"),
                    "table.shared-text"),
    "external link": (lambda: with_part("xl/externalLinks/externalLink1.xml", "<a/>"), "table.link"),
    "another part": (lambda: with_part("custom.xml", f"<a>{SECRET}</a>"), "table.part"),
    "comment of the file": (zip_comment, "table.zip-comment"),
    "bytes between the parts": (bytes_between, "table.bytes-between"),
    "bytes before the parts": (lambda: b"PK" + sheet(), "table.bytes-between"),
    "a cell that one reader does not see": (
        lambda: changed(SHEET, "</row>", CELL.replace('r="C2" s="1"', 's="1" r="C1"')), "table.disagree"),
}  # fmt: skip
"""Each with the rule that must name it."""
