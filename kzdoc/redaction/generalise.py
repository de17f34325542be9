"""Coarser values: a date to its month or year, a place to its region, a number to a band of ten.

What has no coarser form is withheld. The order of coarse values is their own, never that of the values behind them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kzdoc.domain import dates
from kzdoc.domain.field import Field, Type, show_value
from kzdoc.domain.places import region
from kzdoc.errors import KzdocError

BAND = 10
TO_THE_YEAR = ("born", "died")


def generalised(field: Field, value: Any, lang: str) -> str | None:
    """Return the coarser text of a value, None when it has none and is withheld."""
    if field.type is Type.ADDRESS:
        return _region_name(value, lang)
    if field.type in (Type.DATE, Type.TIME):
        coarse = coarse_date(field, value)
        return dates.show_date(coarse, lang) if coarse else None
    if field.type is Type.NUMBER and isinstance(value, int) and not isinstance(value, bool):
        low = value // BAND * BAND
        return f"{low}–{low + BAND - 1}"
    if field.type in (Type.YESNO, Type.FIGURE):
        return show_value(field, value, lang)
    return None


def coarse_date(field: Field, value: Any) -> str:
    """Return a date known only to its month (a birth or a death: to its year), empty when it is no date."""
    try:
        return dates.to_year(str(value)) if field.id in TO_THE_YEAR else dates.to_month(str(value))
    except KzdocError:
        return ""


def _region_name(value: Any, lang: str) -> str | None:
    code = value.get("region") if isinstance(value, Mapping) else None
    if not isinstance(code, str):
        return None
    try:
        return region(code).label.to(lang)
    except KzdocError:
        return None
