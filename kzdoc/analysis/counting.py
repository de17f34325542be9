"""Honest numbers: what is counted, in which unit and window, and how much could not be judged.

Rules: records, events, detentions and persons are different units and are never mixed; several records of one person
that were joined are one person, and as many records as they are; a record whose date, link or
value is missing, withheld or disputed is not judged and is counted apart; a date that only partly lies in the window
is not judged either. Figures that others published are listed as they stand, with their own windows, and never added:
two of them may count the same people (HRDAG, "core concepts": duplicate reporting; docs: field-guide of the project).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.domain import dates
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Kind, Type
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.errors import InputError, KzdocError
from kzdoc.ledger.merge import RecordState

UNITS = ("records", "events", "detentions", "persons")
_KIND_OF_UNIT = {"events": "event", "detentions": "detention", "persons": "person"}


@dataclass(frozen=True, slots=True)
class Window:
    """The days counted, both included; an empty end is open."""

    since: str = ""
    until: str = ""

    def judges(self, first: str, last: str) -> bool | None:
        """Return whether the days from ``first`` to ``last`` lie inside; None when only some of them do."""
        if (self.until and first > self.until) or (self.since and last < self.since):
            return False
        inside = (not self.since or first >= self.since) and (not self.until or last <= self.until)
        return True if inside else None

    def touches(self, first: str, last: str) -> bool:
        """Return whether any day from ``first`` to ``last`` (empty: open) lies inside."""
        return not (self.until and first and first > self.until) and not (self.since and last and last < self.since)


@dataclass(frozen=True, slots=True)
class Counted:
    """``rows`` are (key, value, records); a key is a code, an id in hex or empty for none."""

    unit: str
    rows: tuple[tuple[str, int, int], ...]
    not_judged: int


def must_be_published(measure: str) -> None:
    """Raise ``InputError("count.measure")``, with the kinds and the measures there are, for an unknown measure."""
    measures = [term.code for term in vocabulary("measure").terms]
    if measure not in measures:
        raise InputError("count.measure", kinds=", ".join(sorted(KINDS)), list=", ".join(measures))


def read_window(since: str | None, until: str | None, today: str) -> Window:
    """Return the window between two dates as people write them; a month or year counts from its first, to its last."""
    first = dates.bounds(dates.read_date(since, today, time=False))[0] if since else ""
    last = dates.bounds(dates.read_date(until, today, time=False))[1] if until else ""
    if first and last and first > last:
        raise InputError("count.window")
    return Window(first, last)


def key_text(value: Any) -> str:
    """Return a value as a group key: ids in hex, an address by its region."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return str(value.get("region", ""))
    return str(value)


def count(
    records: Iterable[RecordState],
    of: Kind,
    *,
    by: str | None,
    window: Window,
    unit: str,
    key_of: Callable[[Any], str] = key_text,
    one_of: Callable[[bytes], bytes] = bytes,
) -> Counted:
    """Count the records of one kind in ``unit``, grouped by the values of the field ``by``, each as ``key_of`` says.

    ``one_of``: the record that stands for a person of whom several are joined.

    Raises:
        InputError: ``count.unit`` when the kind has no link to what the unit counts; ``field.unknown`` for ``by``.
    """
    link = _unit_link(of, unit)
    if by is not None:
        of.field(by)
    groups: dict[str, set[bytes]] = {}
    members: dict[str, int] = {}
    not_judged = 0
    for record in records:
        judged = in_window(of, window, record.value, record.conflicts)
        counted = _units_of(record, link)
        if counted is not None and unit == "persons":
            counted = [one_of(one) for one in counted]
        keys = _keys(record, by, key_of)
        if judged is None or counted is None or keys is None:
            not_judged += 1
            continue
        if not judged:
            continue
        for key in keys:
            groups.setdefault(key, set()).update(counted)
            members[key] = members.get(key, 0) + 1
    rows = [(key, len(groups[key]), members[key]) for key in groups]
    return Counted(unit, tuple(sorted(rows, key=lambda row: (-row[1], row[0]))), not_judged)


def units_of(of: Kind) -> tuple[str, ...]:
    """Return the units in which the records of a kind can be counted."""
    links = {one.to for one in of.fields if one.type is Type.LINK}
    return tuple(unit for unit in UNITS if _KIND_OF_UNIT.get(unit, of.id) in {of.id, *links})


def _unit_link(of: Kind, unit: str) -> str | None:
    """Return the link field whose targets are counted, None when the records themselves are."""
    if unit == "records" or _KIND_OF_UNIT.get(unit) == of.id:
        return None
    target = _KIND_OF_UNIT.get(unit)
    for field in of.fields:
        if field.type is Type.LINK and target is not None and field.to == target:
            return field.id
    raise InputError("count.unit", unit=unit, kind=of.id)


def _units_of(record: RecordState, link: str | None) -> list[bytes] | None:
    if link is None:
        return [record.id]
    if link in record.conflicts:
        return None
    return [value for value in record.values(link) if isinstance(value, bytes)] or None


def _keys(record: RecordState, by: str | None, key_of: Callable[[Any], str]) -> list[str] | None:
    """Return the group keys of a record; None when they are disputed or withheld."""
    if by is None:
        return [""]
    if by in record.conflicts or any(absence.field == by for absence in record.absent):
        return None
    return list(dict.fromkeys(key_of(value) for value in record.values(by))) or [""]


def in_window(of: Kind, window: Window, value: Callable[[str], Any], disputed: Collection[str] = ()) -> bool | None:
    """Return whether something of a kind lies in a window, by what ``value`` gives of its dates; None: not known."""
    if not window.since and not window.until:
        return True
    if of.has("from") and of.has("to"):
        return _interval_touches(window, value, disputed)
    field = next((field.id for field in of.fields if field.type in (Type.DATE, Type.TIME)), None)
    if field is None or field in disputed:
        return None
    span = _bounds(value(field))
    return window.judges(*span) if span else None


def _interval_touches(window: Window, value: Callable[[str], Any], disputed: Collection[str]) -> bool | None:
    if {"from", "to"} & set(disputed):
        return None
    since, until = _bounds(value("from")), _bounds(value("to"))
    if value("from") and since is None:
        return None
    return window.touches(since[0] if since else "", until[1] if until else "")


def _bounds(value: Any) -> tuple[str, str] | None:
    if not isinstance(value, str):
        return None
    try:
        first, last = dates.bounds(value)
    except KzdocError:
        return None
    return (first, last) if first and last else None


def figures(records: Sequence[RecordState], measure: str, window: Window) -> tuple[list[dict[str, Any]], bool]:
    """Return the published figures of a measure, each as it stands, and whether their windows overlap."""
    rows = []
    spans = []
    for record in records:
        figure = record.value("figure")
        if measure not in record.values("measure") or not isinstance(figure, Mapping):
            continue
        first = (_bounds(figure.get("from")) or ("", ""))[0]
        last = (_bounds(figure.get("to")) or _bounds(figure.get("from")) or ("", ""))[1]
        if not window.touches(first, last):
            continue
        spans.append((first, last))
        rows.append(
            {
                "key": record.id.hex(),
                "value": figure["value"],
                "records": 1,
                "qualifier": figure.get("qualifier", ""),
                "unit": figure.get("unit", ""),
                "from": figure.get("from", ""),
                "to": figure.get("to", ""),
            }
        )
    ordered = sorted(spans)
    overlap = any(second[0] <= first[1] for first, second in itertools.pairwise(ordered) if first[1])
    return sorted(rows, key=lambda row: (str(row["from"]), str(row["key"]))), overlap
