"""The regions of Kazakhstan: the 17 regions and 3 cities of 2022, their names then and before, and their clocks.

A region is told as of a day: what is Ulytau region since 8 June 2022 was Karaganda region before. The table is
resources/places/regions.json; the codes are those of ISO 3166-2 (numeric, 2022), the letter codes before them are
aliases. Where a town is said, only towns of the table are known; a text with none of them has no region.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass

from kzdoc.domain.edtf import usual_offset
from kzdoc.errors import InputError
from kzdoc.language import Text
from kzdoc.resources import resource

_KAZAKH = str.maketrans("ёәғқңөұүһі", "еагкноуухи")


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name a region had in a window of days; an empty bound is open."""

    label: Text
    valid_from: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class Region:
    """One region or city.

    ``parent`` is the region it was carved from, where there is
    one; ``west_from`` the day since which it keeps UTC+5, where that was before the single zone.
    """

    code: str
    label: Text
    city: bool
    valid_from: str
    valid_to: str
    parent: str
    west_from: str
    aliases: tuple[str, ...]
    towns: tuple[str, ...]
    former: tuple[FormerName, ...]

    def name_on(self, day: str, lang: str) -> str:
        """Return the region's name on ``day`` (``YYYY-MM-DD``) in ``lang``."""
        for name in self.former:
            if name.valid_from <= day <= (name.valid_to or "9999"):
                return name.label.to(lang)
        return self.label.to(lang)


def _read() -> tuple[Region, ...]:
    raw = json.loads(resource("places", "regions.json").read_text(encoding="utf-8"))
    return tuple(
        Region(
            one["code"],
            Text(one["en"], one["ru"], one["kk"]),
            one.get("city", False),
            one.get("from", ""),
            one.get("to", ""),
            one.get("parent", ""),
            one.get("west_from", ""),
            tuple(one.get("aliases", ())),
            tuple(one.get("towns", ())),
            tuple(
                FormerName(Text(old["en"], old["ru"], old["kk"]), old.get("from", ""), old.get("to", ""))
                for old in one.get("former", ())
            ),
        )
        for one in raw["regions"]
    )


REGIONS: tuple[Region, ...] = _read()


def region(code: str) -> Region:
    """Return the region of an ISO code or one of its older codes; raises ``InputError("place.unknown")``."""
    for one in REGIONS:
        if code in (one.code, *one.aliases):
            return one
    raise InputError("place.unknown")


def region_of(text: str, day: str = "") -> str | None:
    """Return the code of the one region a text names, by its own name, an older name or a town; else None.

    A region that did not exist on ``day`` gives way to the one it was carved from. Two regions named: None.
    """
    words = f" {_fold(text)} "
    spoken = [(name, code) for name, code in _names() if f" {name} " in words]
    longest = {
        code for name, code in spoken if not any(name != other and f" {name} " in f" {other} " for other, _ in spoken)
    }
    if len(longest) != 1:
        return None
    found = region(longest.pop())
    if day and found.valid_from > day and found.parent:
        return found.parent
    return found.code


def regions_named(text: str) -> list[tuple[int, int]]:
    """Return where a text names a region, or a district of that name, with the word for it («Жамбыл облысында»).

    Some regions are called as people are: beside that word the name is nobody's. «Абай облыста» says where Abai is.
    """
    return [match.span() for match in _region_names().finditer(text)]


def offset_of(code: str, day: str) -> str:
    """Return the UTC offset kept in the region on ``day``: the west was an hour behind until the single zone."""
    west_from = region(code).west_from
    return "+05:00" if west_from and day >= west_from else usual_offset(day)


def _fold(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold().translate(_KAZAKH)))


@functools.cache
def _region_names() -> re.Pattern[str]:
    """Return what finds the names of regions with the word for a region or district beside them."""
    labels = [name for one in REGIONS for name in one.label]
    ends = (" облысы", " region")
    before = "|".join(sorted(name.removesuffix(end) for name in labels for end in ends if name.endswith(end)))
    after = "|".join(sorted(name.removeprefix("область ") for name in labels if name.startswith("область ")))
    space = r"(?:[ \u00a0]|\r?\n)"
    return re.compile(
        rf"(?<![\w-])(?:(?:{before}){space}(?:(?:облыс|аудан)ы[^\W\d_]{{0,8}}|(?:region|oblast|district)s?)"
        rf"|област[^\W\d_]{{1,3}}{space}(?:{after}))(?![\w-])",
        re.IGNORECASE,
    )


@functools.cache
def _names() -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for one in REGIONS:
        labels = [*one.label, *(name for old in one.former for name in old.label), *one.towns, one.code, *one.aliases]
        for name in labels:
            found.setdefault(_fold(name), one.code)
    return tuple(found.items())
