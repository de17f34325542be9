"""Dates as far as they are known: read as people say them, shown by each language's grammar, bounded, coarsened.

A date is EDTF text (kzdoc/domain/edtf.py has the forms). What is not known is never filled in: there is no false
1 January. ``?`` and ``~`` do not widen the bounds: nobody said by how much.
"""

from __future__ import annotations

import datetime as dt

from kzdoc.domain.dateshow import show
from kzdoc.domain.datewords import read_words
from kzdoc.domain.edtf import LENGTH_LIMIT, Point, instant_of, parse, tidy, usual_offset
from kzdoc.errors import InputError

FIRST_DAY = "0001-01-01"
LAST_DAY = "9999-12-31"


def read_date(text: str, today: str = "", *, time: bool = True, offset: str = "") -> str:
    """Return the EDTF of what a person typed in English, Russian or Kazakh, or of EDTF itself.

    ``today`` (``YYYY-MM-DD``) is needed for "yesterday", a bare time and a day without its year, which is taken as
    the latest such day not after today. ``time`` tells whether a time of day may be given; ``offset`` is the UTC
    offset of times told without one (else Kazakhstan's of that date). "About" an hour is half an hour either way.

    Raises:
        InputError: ``date.…``; what cannot be read with certainty is refused, never guessed.
    """
    given = text.strip()
    if len(given) > LENGTH_LIMIT:
        raise InputError("date.malformed")
    edtf = tidy(given)
    if edtf is None:
        edtf = read_words(given, today, offset)
    sides = parse(edtf)
    if not time and any(isinstance(side, Point) and side.clock for side in sides):
        raise InputError("date.time-not-wanted")
    return edtf


def show_date(edtf: str, lang: str) -> str:
    """Return the date as it is written in ``lang``; ``read_date`` reads it back to the same EDTF."""
    return show(parse(edtf), lang)


def bounds(edtf: str) -> tuple[str, str]:
    """Return the first and the last day it may be, ``YYYY-MM-DD``; ``FIRST_DAY`` and ``LAST_DAY`` for no bound."""
    sides = parse(edtf)
    one, two = sides[0], sides[-1]
    return (one.first() if isinstance(one, Point) else FIRST_DAY, two.last() if isinstance(two, Point) else LAST_DAY)


def time_bounds(edtf: str, offset: str = "") -> tuple[dt.datetime, dt.datetime]:
    """Return the earliest and the latest instant it may be; a day without a time is the whole day at ``offset``.

    Raises:
        InputError: ``date.open`` for an interval with an open or unknown side: no instant can be named.
    """
    sides = parse(edtf)
    one, two = sides[0], sides[-1]
    if isinstance(one, str) or isinstance(two, str):
        raise InputError("date.open")
    if one.clock:
        return instant_of(one), instant_of(two)
    first, last = one.first(), two.last()
    early = dt.datetime.fromisoformat(f"{first}T00:00:00{offset or usual_offset(first)}")
    late = dt.datetime.fromisoformat(f"{last}T23:59:59{offset or usual_offset(last)}")
    return early, late


def has_time(edtf: str) -> bool:
    """Tell whether a time of day is known."""
    return "T" in edtf


def is_certain(edtf: str) -> bool:
    """Tell whether nothing in it is marked as uncertain or approximate."""
    return not any(isinstance(side, Point) and side.mark for side in parse(edtf))


def sort_key(edtf: str) -> str:
    """Return text that sorts dates by their first day, then the shorter span, then the writing."""
    first, last = bounds(edtf)
    clock = next((side.clock for side in parse(edtf) if isinstance(side, Point)), "")
    return f"{first}|{clock:5}|{last}|{edtf}"


def to_month(edtf: str) -> str:
    """Return the same date known only to the month (as far as it was known to it)."""
    return _coarser(edtf, months=True)


def to_year(edtf: str) -> str:
    """Return the same date known only to the year."""
    return _coarser(edtf, months=False)


def _coarser(edtf: str, *, months: bool) -> str:
    sides = [
        Point(side.year, side.month if months else 0, 0, side.mark).edtf() if isinstance(side, Point) else side
        for side in parse(edtf)
    ]
    return sides[0] if len(set(sides)) == 1 else "/".join(sides)
