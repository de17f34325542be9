"""The leak check of a finished table: CSV, XLSX or JSON as it will be written.

Rules: as of papers (check.py): it sees finished bytes, and the names and numbers that must not be in them; it shares no
parser with the writer; what it cannot read is a finding; no finding holds a value. A workbook is one sheet of plain
text cells and nothing else: no hidden sheet, row or column, no comment, name, link, property, kept result or text
apart, no byte between its parts or after them; and two readers must read the same cells in it.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import openpyxl

from kzdoc.leakcheck.finding import Finding, Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.leakcheck.own import not_own
from kzdoc.leakcheck.spellings import undisguised

Cell = tuple[int, int, str]
"""Line, column, text; both count from 1."""

PARTS = [
    "[Content_Types].xml",
    "_rels/.rels",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/worksheets/sheet1.xml",
]
PART_RULES = (
    (re.compile(r"xl/worksheets/.*"), "sheet"),
    (re.compile(r"xl/(threaded)?[cC]omments.*|xl/drawings/.*"), "comment"),
    (re.compile(r"docProps/.*"), "properties"),
    (re.compile(r"xl/sharedStrings.xml"), "shared-text"),
    (re.compile(r"xl/(externalLinks|connections|queryTables).*"), "link"),
)
SHEET_ELEMENTS = {"worksheet", "sheetViews", "sheetView", "pane", "cols", "col", "sheetData", "row", "c", "is", "t"}
SHEET_ATTRIBUTES = {
    "xmlns", "workbookViewId", "ySplit", "topLeftCell", "activePane", "state", "min", "max", "width", "customWidth",
    "r", "s", "t", "xml:space",
}  # fmt: skip
ELEMENT_RULES = {"f": "formula", "v": "kept-result", "legacyDrawing": "comment", "hyperlink": "link"}
WORKBOOK_ELEMENTS = {"workbook", "sheets", "sheet"}
WORKBOOK_ATTRIBUTES = {"xmlns", "xmlns:r", "name", "sheetId", "r:id"}
WORKBOOK_RULES = {"definedName": "defined-name", "definedNames": "defined-name", "state": "hidden-sheet"}
_ELEMENT = re.compile(r"<([A-Za-z][\w:]*)((?:\s+[\w:]+=\"[^\"]*\")*)\s*/?>")
_ATTRIBUTE = re.compile(r"([\w:]+)=\"([^\"]*)\"")
_CELL = re.compile(r"<c r=\"([A-Z]+)(\d+)\"[^>]*>(.*?)</c>", re.DOTALL)
_TEXT = re.compile(r"<t[^>]*>([^<]*)</t>")
_NUMBERED = re.compile("_x([0-9A-Fa-f]{4})_")
_ZERO_DAY = (1980, 1, 1, 0, 0, 0)
_LOCAL_HEADER, _CENTRAL_HEADER, _END = 30, 46, 22


def check_table(
    data: bytes,
    form: str,
    *,
    forbidden: Iterable[Forbidden],
    shown: Sequence[str] = (),
    decided: Sequence[str] = (),
    common: Sequence[str] = (),
    own: Mapping[tuple[int, int], Sequence[str]] = MappingProxyType({}),
) -> list[Finding]:
    """Return everything in a table that a reader must not get, sorted; ``form`` is .csv, .xlsx or .json.

    In a finding ``position`` is line and column; ``shown``, ``decided`` and ``common`` as of papers. A lone word of a
    name that is written small does not count: a table holds the texts of a whole vault, and hope is also a name.
    ``own``: by position, what the program itself set there (own.py); in JSON all of an item stands in column 0, and
    what is around the cells of a workbook at 0, 0.
    """
    index = Index(forbidden, shown, decided=decided, common=common, small=False)
    read = {".csv": _csv, ".json": _json, ".xlsx": _workbook}[form]
    findings: list[Finding] = []
    cells: dict[tuple[int, int], list[str]] = {}
    try:
        for one in read(data):
            if isinstance(one, Finding):
                findings.append(one)
            else:
                cells.setdefault(one[:2], []).append(one[2])
        for place, texts in cells.items():
            findings += _searched(place, texts, index, own.get(place, ()))
    except (ValueError, KeyError, IndexError, RecursionError, csv.Error, zipfile.BadZipFile, OSError):
        return [Finding(0, "table.unreadable")]
    return sorted(set(findings), key=lambda item: (item.rule, item.sensitivity, item.position))


def _searched(place: tuple[int, int], texts: Sequence[str], index: Index, own: Sequence[str]) -> Iterator[Finding]:
    for at, text in enumerate(texts):
        for hit in index.search_places(text):
            yield Finding(0, f"table.{hit.rule}", hit.sensitivity, place)
        here, back = index.search(text), index.search(text[::-1])
        beside = [*texts[:at], *texts[at + 1 :]] if here or back else []
        for hit in not_own(here, text, own, beside=beside):
            yield Finding(0, f"table.{hit.rule}", hit.sensitivity, place)
        for hit in not_own(back, text[::-1], map(_back, own), beside=[_back(one) for one in beside]) if back else ():
            yield Finding(0, "table.reversed", hit.sensitivity, place)
        for read in undisguised(text.encode("utf-8", errors="replace")):
            for hit in index.search(read):
                yield Finding(0, "table.disguised", hit.sensitivity, place)


def _back(text: str) -> str:
    return text[::-1]


def _csv(data: bytes) -> Iterator[Cell]:
    text = data.decode("utf-8-sig")
    for line, row in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
        for column, cell in enumerate(row, 1):
            if cell:
                yield line, column, cell


def _json(data: bytes) -> Iterator[Cell]:
    waiting: list[tuple[int, Any]] = [(line, item) for line, item in enumerate(json.loads(data.decode("utf-8")), 1)]
    while waiting:
        line, item = waiting.pop()
        if isinstance(item, str):
            yield line, 0, item
        elif isinstance(item, list):
            waiting += [(line, part) for part in item]
        elif isinstance(item, dict):
            waiting += [(line, part) for pair in item.items() for part in pair]
        elif isinstance(item, int | float) and not isinstance(item, bool):
            yield line, 0, str(item)


def _workbook(data: bytes) -> Iterator[Cell | Finding]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        yield from (Finding(0, f"table.{rule}") for rule in dict.fromkeys(_container(data, archive)))
        parts = {entry.filename: archive.read(entry) for entry in entries}
    said: list[Cell] = []
    for name, raw in parts.items():
        text = raw.decode("utf-8")
        if name == "xl/worksheets/sheet1.xml":
            yield from _form(text, SHEET_ELEMENTS, SHEET_ATTRIBUTES, ELEMENT_RULES | {"hidden": "hidden-row"})
            said = list(_cells(text))
            yield from said
            text = re.sub(r"<sheetData>.*</sheetData>", "", text, flags=re.DOTALL)
        elif name == "xl/workbook.xml":
            yield from _form(text, WORKBOOK_ELEMENTS, WORKBOOK_ATTRIBUTES, WORKBOOK_RULES)
        yield 0, 0, name
        yield 0, 0, html.unescape(re.sub(r"</?[\w:]+|xmlns\S+|[\w:]+=", " ", text))
    if sorted(said) != sorted(_other_reader(data)):
        yield Finding(0, "table.disagree")


def _container(data: bytes, archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield the rules that the file around the parts breaks."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    for name in names:
        if name not in PARTS:
            yield next((rule for pattern, rule in PART_RULES if pattern.fullmatch(name)), "part")
    if names != PARTS:
        yield "part"
    if archive.comment or any(entry.comment or entry.extra for entry in entries):
        yield "zip-comment"
    if any(entry.date_time != _ZERO_DAY or entry.create_system for entry in entries):
        yield "zip-time"
    sizes = [len(name.encode()) for name in names]
    parts = sum(_LOCAL_HEADER + size + entry.compress_size for size, entry in zip(sizes, entries, strict=True))
    if len(data) != parts + sum(_CENTRAL_HEADER + size for size in sizes) + _END + len(archive.comment):
        yield "bytes-between"


def _form(text: str, elements: set[str], attributes: set[str], rules: dict[str, str]) -> Iterator[Finding]:
    """Yield what a part has beside the elements and attributes of a plain table."""
    found: dict[str, None] = {}
    for element, rest in _ELEMENT.findall(text):
        strange = [] if element in elements else [element]
        strange += [name for name, _ in _ATTRIBUTE.findall(rest) if name not in attributes]
        found.update(dict.fromkeys(rules.get(name, "form") for name in strange))
    if "<!--" in text or "<![CDATA[" in text or "<!" in text:
        found["form"] = None
    yield from (Finding(0, f"table.{rule}") for rule in found)


def _cells(text: str) -> Iterator[Cell]:
    for letters, line, body in _CELL.findall(text):
        said = html.unescape("".join(_TEXT.findall(body)))
        yield int(line), _column(letters), _NUMBERED.sub(lambda one: chr(int(one.group(1), 16)), said)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _other_reader(data: bytes) -> Iterator[Cell]:
    """Yield the cells of every sheet as another reader sees them."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    try:
        for sheet in book.worksheets:
            for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
                for column, value in enumerate(row, 1):
                    if value is not None:
                        text = _NUMBERED.sub(lambda one: chr(int(one.group(1), 16)), str(value))
                        yield line, column, text
    finally:
        book.close()
