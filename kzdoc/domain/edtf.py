"""Dates as data: EDTF (ISO 8601-2) read strictly, with its points, its order and its usual offsets.

Forms: ``2019``, ``2019-03``, ``2019-03-05``; after each ``?`` (uncertain), ``~`` (about) or ``%`` (both); an interval
``A/B``, where ``..`` is an end that is open and an empty side one that is not known; a time
``2019-03-05T14:30+06:00`` and the interval of two. Nothing here knows a language.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

from kzdoc.errors import InputError

LENGTH_LIMIT = 100
ONE_ZONE_SINCE = "2024-03-01"
"""Since this day all of Kazakhstan keeps UTC+5 ."""

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([?~%]?)", re.ASCII)
_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})([+-][0-9]{2}:[0-9]{2}|Z)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Point:
    """One date as far as known: ``month`` and ``day`` are 0 where unknown; ``clock`` and ``offset`` are for times."""

    year: int
    month: int = 0
    day: int = 0
    mark: str = ""
    clock: str = ""
    offset: str = ""

    def edtf(self) -> str:
        """Return the point as EDTF."""
        text = f"{self.year:04}" + (f"-{self.month:02}" if self.month else "") + (f"-{self.day:02}" if self.day else "")
        return f"{text}T{self.clock}{self.offset}" if self.clock else text + self.mark

    def first(self) -> str:
        """Return the first day it may be."""
        return f"{self.year:04}-{self.month or 1:02}-{self.day or 1:02}"

    def last(self) -> str:
        """Return the last day it may be."""
        month = self.month or 12
        return f"{self.year:04}-{month:02}-{self.day or calendar.monthrange(self.year, month)[1]:02}"


Side = Point | str
"""A side of an interval: a point, ``..`` for open or ``""`` for unknown."""


def parse(edtf: str) -> tuple[Side, ...]:
    """Return the one point of a date, or the two sides of an interval.

    Raises:
        InputError: ``date.malformed``, ``date.no-such-day``, or ``date.order`` when an interval ends before it begins.
    """
    if len(edtf) > LENGTH_LIMIT:
        raise InputError("date.malformed")
    parts = edtf.split("/")
    if len(parts) == 1:
        return (_point(parts[0]),)
    if len(parts) != 2:  # noqa: PLR2004 - an interval has two sides
        raise InputError("date.malformed")
    sides = tuple(part if part in ("", "..") else _point(part) for part in parts)
    if all(isinstance(side, str) for side in sides):
        raise InputError("date.malformed")
    one, two = sides
    if isinstance(one, Point) and isinstance(two, Point):
        if bool(one.clock) != bool(two.clock):
            raise InputError("date.malformed")
        if (instant_of(one) > instant_of(two)) if one.clock else (one.first() > two.last()):
            raise InputError("date.order")
    return sides


def tidy(given: str) -> str | None:
    """Return ``given`` in our spelling when it has the form of EDTF, else None; ``parse`` judges its days."""
    edtf = re.sub(r"\s*/\s*", "/", given).upper().replace("/OPEN", "/..")
    parts = edtf.split("/")
    known = all(part in ("", "..") or _DAY.fullmatch(part) or _TIME.fullmatch(part) for part in parts)
    if not known or not any(part not in ("", "..") for part in parts):
        return None
    return re.sub(r"(T\d\d:\d\d)Z", r"\1+00:00", edtf)


def _point(text: str) -> Point:
    timed = _TIME.fullmatch(text)
    if timed:
        on = _point(timed[1])
        if int(timed[2]) > 23 or int(timed[3]) > 59:  # noqa: PLR2004 - hours and minutes
            raise InputError("date.no-such-time")
        if timed[4] != "Z" and (int(timed[4][1:3]) > 14 or int(timed[4][4:]) > 59):  # noqa: PLR2004 - offsets in use
            raise InputError("date.no-such-time")
        offset = "+00:00" if timed[4] in ("Z", "-00:00") else timed[4]
        return Point(on.year, on.month, on.day, "", f"{timed[2]}:{timed[3]}", offset)
    match = _DAY.fullmatch(text)
    if not match:
        raise InputError("date.malformed")
    year, month, day = int(match[1]), int(match[2] or 0), int(match[3] or 0)
    if year < 1000 or (match[2] and not 1 <= month <= 12):  # noqa: PLR2004 - four-digit years, twelve months
        raise InputError("date.no-such-day")
    if match[3] and not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise InputError("date.no-such-day")
    return Point(year, month, day, match[4])


def instant_of(point: Point) -> dt.datetime:
    """Return the instant of a point that has a time."""
    return dt.datetime.fromisoformat(f"{point.first()}T{point.clock}:00{point.offset}")


def usual_offset(day: str) -> str:
    """Return the UTC offset most of Kazakhstan had on ``day`` (places.offset_of knows the western regions)."""
    return "+05:00" if day >= ONE_ZONE_SINCE else "+06:00"
