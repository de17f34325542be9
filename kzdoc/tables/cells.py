"""What a cell of a table is, and how a value stands in one so that it can be read back (docs/formats/table.md).

Rules: a table has one value a cell, or the values of a `many` field parted by ``;``; a backslash before a semicolon
or a backslash makes it one of the value's own. In CSV nothing begins with a character that makes a spreadsheet
compute: an apostrophe is put before it, and one is taken away in reading. A spreadsheet set to semicolons parts a text
at these, and at line ends, so that what follows one begins a cell as well. Codes and EDTF stand as they are stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from kzdoc.domain.field import Field, Type, plain_value

TEXT: Final = "text"
GUARDED: Final = "guarded"
"""Text of a CSV, where an apostrophe may stand before a sign."""
NUMBER: Final = "number"
PADDED: Final = "padded"
"""A number whose format shows it with all its zeros."""
DATE: Final = "date"
TRUTH: Final = "truth"
FORMULA: Final = "formula"
BROKEN: Final = "broken"
KINDS: Final = frozenset({TEXT, GUARDED, NUMBER, PADDED, DATE, TRUTH, FORMULA, BROKEN})


class Cell(NamedTuple):
    """A cell as it was read: what it is and what it says."""

    kind: str
    text: str


Row = tuple[int, list[Cell]]
"""The line a row begins on, and its cells."""


@dataclass(frozen=True, slots=True)
class TableLimits:
    """What a table may be before it is refused; sizes in bytes."""

    file: int = 128 * 2**20
    rows: int = 100_001
    lines: int = 1_048_576
    columns: int = 512
    parts: int = 2_000
    unpacked: int = 256 * 2**20
    output: int = 512 * 2**20
    memory: int = 1024 * 2**20
    cpu_seconds: int = 120
    sheet_cell: int = 32_767


TABLE = TableLimits()

_SIGN = re.compile("(?:^(?='*[\t\r\n])|(?:^|(?<=[;\r\n]))(?='*\t*[=+\\-@＝＋－＠]))")
_GUARDED = re.compile("(?:^'(?='*[\t\r\n])|(?:^|(?<=[;\r\n]))'(?='*\t*[=+\\-@＝＋－＠]))")
_PART = re.compile(r"\\([;\\])|;")
_MARKED = re.compile(r"[;\\]")
_FIGURE_PARTS = ("value", "qualifier", "unit", "from", "to")
_STRUCTURED = (Type.FIGURE, Type.MONEY, Type.ADDRESS, Type.FILE)


def guarded(text: str) -> str:
    """Return a text no spreadsheet takes for a formula; ``unguarded`` returns it."""
    return _SIGN.sub("'", text)


def unguarded(text: str) -> str:
    """Return the text without the apostrophes that ``guarded`` put into it."""
    return _GUARDED.sub("", text)


def joined(parts: Iterable[str]) -> str:
    """Return several values as the text of one cell; ``parted`` returns them."""
    return "; ".join(_MARKED.sub(lambda match: "\\" + match.group(), part) for part in parts)


def parted(text: str) -> list[str]:
    """Return the values a cell of a `many` field holds, empty ones left out."""
    parts, at, last = [""], 0, 0
    for match in _PART.finditer(text):
        parts[-1] += text[last : match.start()] + (match.group(1) or "")
        last = at = match.end()
        if match.group(1) is None:
            parts.append("")
    parts[-1] += text[at:]
    return [part.strip() for part in parts if part.strip()]


def written(field: Field, value: Any) -> str:
    """Return a stored value as text in no language; ``read_value`` of ``raw`` of it is the value again."""
    plain = plain_value(field, value)
    if not isinstance(plain, Mapping):
        return str(plain)
    whole = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    if field.type is Type.FIGURE and set(plain) <= set(_FIGURE_PARTS):
        return ";".join(f"{name}={plain[name]}" for name in _FIGURE_PARTS if plain.get(name, "") != "")
    if field.type is Type.MONEY and set(plain) == {"amount", "currency"} and isinstance(plain["amount"], int):
        units, part = divmod(plain["amount"], 100)
        return f"{units}{f'.{part:02}' if part else ''} {plain['currency']}"
    if field.type is Type.ADDRESS and ";" not in str(plain.get("text", ";")):
        if plain.get("region"):
            return f"text={plain['text']};region={plain['region']}"
        return whole if "text=" in plain["text"] or plain["text"].startswith("{") else str(plain["text"])
    return whole


def raw(field: Field, text: str) -> Any:
    """Return what a cell says, as ``read_value`` takes it: text, or the parts of a value made of several."""
    if field.type in _STRUCTURED and text.startswith("{"):
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            return text
    return text
