"""Of what sort a conflict is: one value spelled differently, one value known more precisely, or a true difference.

Rules: spelling is names whose folded words are the same in any order; precision is one value that lies inside all the
others (2019-03 in 2019, the address with the house in the street alone). The value to keep is found by a rule that
asks neither who wrote it nor when, so that two people who settle the same conflict choose the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kzdoc.domain import dates
from kzdoc.domain.field import Field, Type
from kzdoc.errors import KzdocError
from kzdoc.names.fold import fold_tokens

SPELLING, PRECISION = "spelling", "precision"
GROUPS = (SPELLING, PRECISION)
_KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
_PLACES = ("place", "place_of_detention")


def sort_of(field: Field, values: Sequence[Any]) -> tuple[str, Any] | None:
    """Return the group a conflict belongs to and the value to keep; None for a true difference."""
    if field.many or len(values) < len(GROUPS) or any(value is None for value in values):
        return None
    if field.name_of and all(isinstance(value, str) for value in values):
        return _spelling(field, values)
    inside = _INSIDE.get(field.type) or (_within_text if field.id in _PLACES else None)
    if inside is None:
        return None
    most = [one for one in values if all(inside(one, other) for other in values)]
    return (PRECISION, most[0]) if len(most) == 1 else None


def _spelling(field: Field, values: Sequence[str]) -> tuple[str, str] | None:
    words = {tuple(sorted(fold_tokens(value))) for value in values}
    if len(words) != 1 or () in words:
        return None
    return SPELLING, max(values, key=lambda value: (_fitting(field, value), value))


def _fitting(field: Field, value: str) -> tuple[int, ...]:
    """Return how well a spelling fits its field: its own letters, both cases, the fewest signs that are no letters."""
    letters = [char for char in value if char.isalpha()]
    cyrillic = sum("\u0400" <= char <= "\u052f" for char in letters)
    kazakh = sum(char in _KAZAKH for char in letters)
    own = {"name_latin": len(letters) - cyrillic, "name_ru": cyrillic - kazakh}.get(field.id, cyrillic + kazakh)
    cased = not value.isupper() and not value.islower()
    return own - len(letters), int(cased), kazakh if field.id != "name_ru" else 0, -(len(value) - len(letters))


def _within_dates(one: Any, other: Any) -> bool:
    """Return whether every day of ``one`` is a day of ``other``."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    try:
        if not dates.is_certain(one) or not dates.is_certain(other):
            return one == other
        mine, theirs = dates.time_bounds(one), dates.time_bounds(other)
    except (KzdocError, ValueError):
        return one == other
    return theirs[0] <= mine[0] and mine[1] <= theirs[1]


def _within_address(one: Any, other: Any) -> bool:
    """Return whether ``one`` says all that ``other`` says of an address."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return all(key in one and _within_text(one[key], said) for key, said in other.items() if said not in (None, ""))
    return _within_text(one, other)


def _within_text(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return set(fold_tokens(other)) <= set(fold_tokens(one))
    return bool(one == other)


_INSIDE = {
    Type.DATE: _within_dates,
    Type.TIME: _within_dates,
    Type.ADDRESS: _within_address,
}
