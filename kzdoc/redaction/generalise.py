"""Coarser values: a date to its month or year, a place to its region, an age to a band of ten years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kzdoc.domain import dates
from kzdoc.domain.field import Field, Sensitivity, Type, show_value
from kzdoc.domain.places import region
from kzdoc.errors import KzdocError

BAND = 10


def generalised(field: Field, value: Any, lang: str, *, named: bool) -> str | None:
    """Return the coarser text of a value, None when it has none and is withheld.

    ``named``: everybody the record is about is named to this audience; then indirect signs give nothing more away and
    stay, but an address is still no more than its region.
    """
    if field.type is Type.ADDRESS:
        return _region_name(value, lang)
    if named:
        return show_value(field, value, lang)
    if field.sensitivity is Sensitivity.LOCATION:
        return None
    if field.type in (Type.DATE, Type.TIME):
        coarse = dates.to_year(str(value)) if field.id == "born" else dates.to_month(str(value))
        return dates.show_date(coarse, lang)
    if field.type is Type.NUMBER and isinstance(value, int):
        low = value // BAND * BAND
        return f"{low}–{low + BAND - 1}"
    return None


def _region_name(value: Any, lang: str) -> str | None:
    code = value.get("region") if isinstance(value, Mapping) else None
    if not isinstance(code, str):
        return None
    try:
        return region(code).label.to(lang)
    except KzdocError:
        return None
