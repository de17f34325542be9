"""An .xlsx as it is written here: one sheet of text cells, the same bytes from the same rows.

Rules: every cell is text by type and by format, so nothing in it is computed, whatever it begins with; there is no
author, no time, no program, no property of any kind. A text longer than a spreadsheet keeps is refused, not cut.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from kzdoc.errors import InputError
from kzdoc.tables.cells import TABLE, joined

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DAY_ZERO = (1980, 1, 1, 0, 0, 0)
_TEXT_FORMAT = 49

_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
_ROOT = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_PARTS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_SHEET}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    f'<xf numFmtId="{_TEXT_FORMAT}" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>'
    f'<xf numFmtId="{_TEXT_FORMAT}" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_HEADING, _PLAIN = 2, 1
_FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|_(?=x[0-9A-Fa-f]{4}_)")


def write_sheet(rows: Sequence[Sequence[str | Sequence[str]]], title: str) -> bytes:
    """Return a workbook of one sheet named ``title`` (plain letters, at most 31); the first row is the heading.

    Raises ``InputError("export.cell-too-long")`` with the ``column`` and the ``line``.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _ROOT),
            ("xl/workbook.xml", _workbook(title)),
            ("xl/_rels/workbook.xml.rels", _PARTS),
            ("xl/styles.xml", _STYLES),
            ("xl/worksheets/sheet1.xml", _sheet(rows)),
        ):
            part = zipfile.ZipInfo(name, _DAY_ZERO)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            archive.writestr(part, text.encode())
    return target.getvalue()


def column_name(number: int) -> str:
    """Return the letters of a column, the first being 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _workbook(title: str) -> str:
    return (
        f'{_XML}<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )


def _sheet(rows: Sequence[Sequence[str | Sequence[str]]]) -> str:
    columns = max((len(row) for row in rows), default=0)
    widths = f'<cols><col min="1" max="{columns}" width="24" customWidth="1"/></cols>' if columns else ""
    return (
        f'{_XML}<worksheet xmlns="{_SHEET}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{widths}<sheetData>{''.join(map(_row, range(1, len(rows) + 1), rows))}</sheetData></worksheet>"
    )


def _row(line: int, cells: Iterable[str | Sequence[str]]) -> str:
    style = _HEADING if line == 1 else _PLAIN
    parts = [f'<row r="{line}">']
    for number, cell in enumerate(cells, 1):
        text = cell if isinstance(cell, str) else joined(cell)
        if len(text.encode("utf-16-le")) > 2 * TABLE.sheet_cell:
            raise InputError("export.cell-too-long", column=number, line=line)
        if text:
            said = _FORBIDDEN.sub(lambda match: f"_x{ord(match.group()):04X}_", escape(text))
            place = f"{column_name(number)}{line}"
            parts.append(f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>')
    return "".join([*parts, "</row>"])
