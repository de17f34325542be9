"""Tables as their readers have them: how each field of each line was shown, and into which groups the line falls.

The export ledger keeps this of every table, so that a later table or number can be laid beside it. Only what was shown
is kept: of a value that was taken away no more than that there was one. Pure; which tables a reader has is the
caller's question (kzdoc/together.py).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cbor2

from kzdoc.analysis.counting import Window, in_window, key_text
from kzdoc.domain.field import Field, Kind, Type, plain_value, read_value, show_value
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.encoding import encode_trusted
from kzdoc.errors import KzdocError
from kzdoc.redaction.cells import Report, Told, told_by_both
from kzdoc.redaction.generalise import BAND, coarse_date

GROUPS = (Type.CHOICE, Type.YESNO, Type.DATE, Type.TIME, Type.NUMBER, Type.ADDRESS)
"""Types whose values make groups: nothing written freely, no id."""
NOTHING, HIDDEN, PART, WHOLE = "-hpw"
"""How a field of a line was shown, from the least to the most: there is nothing, nothing of it, some of it, all."""
Row = Callable[[Field], tuple[str, Sequence[tuple[Any, bool]]]]
"""Tells of a field of a line its sign, and each value that is shown with whether it is coarser there."""
_ORDER = NOTHING + HIDDEN + PART + WHOLE
_UNKNOWN = "…"


def group_key(one: Field, value: Any, *, coarse: bool) -> str:
    """Return the group of a value as a reader is told it; a code nobody knows is ``…``, it might be anything."""
    if one.type is Type.ADDRESS:
        region = key_text(value)
        return region if not region or vocabulary("region").term(region) else _UNKNOWN
    try:
        known = bool(read_value(one, plain_value(one, value)) == value)
    except KzdocError:
        known = False
    if not known:
        return _UNKNOWN
    if coarse and one.type in (Type.DATE, Type.TIME):
        return coarse_date(one, value) or _UNKNOWN
    if coarse and one.type is Type.NUMBER:
        return f"{value // BAND * BAND}–{value // BAND * BAND + BAND - 1}"
    return key_text(value)


def group_label(one: Field, key: str, lang: str) -> str:
    """Return in words the group a reader is told as ``key``; empty for what has no value there."""
    if not key or key == _UNKNOWN or one.type is Type.NUMBER:
        return key
    return vocabulary("region").label(key, lang) if one.type is Type.ADDRESS else show_value(one, key, lang)


@dataclass(frozen=True, slots=True)
class Lines:
    """A table by its lines: ``ways`` has a sign of each for every field, ``keys`` the groups of each where it has any.

    A field that shows nothing in any line is not in it.
    """

    ways: Mapping[str, str]
    keys: Mapping[str, Sequence[Sequence[str]]]

    def packed(self) -> bytes:
        """Return it as the export ledger keeps it."""
        keys = {name: [list(said) for said in lines] for name, lines in self.keys.items()}
        return zlib.compress(encode_trusted({"ways": dict(self.ways), "keys": keys}))

    def report(self, of: Kind, by: str, window: Window, count: int) -> Report:
        """Return how many of the ``count`` lines its reader can count in a window, by the groups of a field."""
        groups: dict[str, int] = {}
        for line in range(count):
            if in_window(of, window, lambda name, line=line: self._told(name, line)):  # type: ignore[misc]  # bound here
                for key in self._groups(by, line):
                    groups[key] = groups.get(key, 0) + 1
        return Report(groups)

    def _told(self, name: str, line: int) -> str | None:
        said = self.keys.get(name)
        return said[line][0] if said and said[line] else None

    def _groups(self, by: str, line: int) -> Sequence[str]:
        if not by or self.ways.get(by, "")[line : line + 1] in ("", NOTHING):
            return ("",)
        return self.keys[by][line] if by in self.keys else ()


def read_lines(packed: bytes) -> Lines:
    """Return what the export ledger keeps of a table; it is our own word."""
    kept = cbor2.loads(zlib.decompress(packed))
    return Lines(kept["ways"], kept["keys"])


def lines_of(of: Kind, rows: Iterable[Row]) -> Lines:
    """Return the lines of a table."""
    ways: dict[str, list[str]] = {one.id: [] for one in of.fields}
    keys: dict[str, list[list[str]]] = {one.id: [] for one in of.fields if one.type in GROUPS}
    for row in rows:
        for one in of.fields:
            way, shown = row(one)
            ways[one.id].append(way)
            if one.id in keys:
                keys[one.id].append([group_key(one, value, coarse=coarse) for value, coarse in shown])
    used = {name: "".join(said) for name, said in ways.items() if set(said) - {NOTHING}}
    return Lines(used, {name: said for name, said in keys.items() if name in used and any(said)})


def shown_more(before: Lines, there: Sequence[bytes], now: Lines, here: Sequence[bytes]) -> tuple[int, tuple[str, ...]]:
    """Return in how many lines that both tables have the earlier one shows more, and in which fields.

    Lines of one record bear much the same in every table, so a reader of both lays them side by side.
    """
    places = {record: line for line, record in enumerate(there)}
    lines: set[bytes] = set()
    fields: dict[str, None] = {}
    for line, record in enumerate(here):
        if record not in places:
            continue
        for name, said in now.ways.items():
            earlier = before.ways.get(name, "")[places[record] : places[record] + 1] or NOTHING
            if said[line] in (HIDDEN, PART) and _ORDER.index(earlier) > _ORDER.index(said[line]):
                lines.add(record)
                fields[name] = None
    return len(lines), tuple(fields)


def told_beside(wide: Report, lines: Report, *, k: int) -> tuple[Told, ...]:
    """Return the small counts that a number and the lines of a table tell together, and the lines alone do not.

    What a table shows of a group is told by itself; together they tell of those whose lines are not in it.
    """
    return tuple(
        one for one in told_by_both(wide, lines, k=k) if wide.counts.get(one.group, 0) > lines.counts.get(one.group, 0)
    )
