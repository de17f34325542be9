"""Of what sort a conflict is: one value spelled differently, one value known more precisely, or a true difference.

Also which words of two texts differ, and whether somebody decided that all values stand beside each other.

Rules: spelling is names whose folded words are the same in any order; precision is one value that lies inside all the
others (2019-03 in 2019, the address with the house in the street alone). The value to keep is found by a rule that
asks neither who wrote it nor when, so that two people who settle the same conflict choose the same.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.domain import dates
from kzdoc.domain.field import Field, Type
from kzdoc.errors import KzdocError
from kzdoc.ledger.merge import RecordState
from kzdoc.names.fold import fold_tokens

SPELLING, PRECISION = "spelling", "precision"
GROUPS = (SPELLING, PRECISION)
_KAZAKH = frozenset("әғқңөұүһіӘҒҚҢӨҰҮҺІ")
_E_BEHIND, _KH = re.compile("(?i)(?<=[бвгджзйклмнпрстфхцчшщғқңһ])э"), re.compile("(?i)kh")
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
    """Return how well a spelling fits its field: its own letters, both cases, the fewest signs that are no letters.

    Names have no э behind a consonant («Ахметов»), and in Latin letters х is kh, as in passports (ICAO 9303).
    """
    letters = [char for char in value if char.isalpha()]
    cyrillic = sum("\u0400" <= char <= "\u052f" for char in letters)
    kazakh = sum(char in _KAZAKH for char in letters)
    own = {"name_latin": len(letters) - cyrillic, "name_ru": cyrillic - kazakh}.get(field.id, cyrillic + kazakh)
    cased = not value.isupper() and not value.islower()
    usual = len(_KH.findall(value)) if field.id == "name_latin" else -len(_E_BEHIND.findall(value))
    return own - len(letters), int(cased), kazakh if field.id != "name_ru" else 0, usual, -(len(value) - len(letters))


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


# --- values that stand beside each other


def side_by_side(shown: RecordState, field: str) -> bool:
    """Return whether all live values of a field were put there by one revision: somebody keeps them all as claims.

    Whoever writes another value opens the conflict again, for that one is of another revision.
    """
    lives = shown.fields.get(field, ())
    return len(lives) > 1 and len({ref[0] for live in lives for ref in live.refs}) == 1


# --- the words in which two texts differ

MOST_WORDS = 6_000
"""Words of two texts together up to which they are compared word by word; longer ones from both ends only."""
_WORDS = re.compile(r"\s+|[^\W_]+|[\W_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; ``own`` when the other text does not have it."""

    text: str
    own: bool


def word_difference(one: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return both texts in pieces, whole words each: what they share in the same order, and what each has alone."""
    mine, theirs = _WORDS.findall(one), _WORDS.findall(other)
    steps: list[tuple[str, int, int, int, int]]
    if len(mine) + len(theirs) > MOST_WORDS:
        steps = _ends(mine, theirs)
    else:
        steps = [*difflib.SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes()]
    left, right = [], []
    for what, start, end, begin, stop in steps:
        left.append(Piece("".join(mine[start:end]), what != "equal"))
        right.append(Piece("".join(theirs[begin:stop]), what != "equal"))
    return _joined(left), _joined(right)


def _ends(mine: list[str], theirs: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Return what two long texts share at the beginning and at the end, as opcodes."""
    short = min(len(mine), len(theirs))
    head = next((at for at in range(short) if mine[at] != theirs[at]), short)
    tail = next((at for at in range(short - head) if mine[-1 - at] != theirs[-1 - at]), short - head)
    ends = len(mine) - tail, len(theirs) - tail
    return [
        ("equal", 0, head, 0, head),
        ("replace", head, ends[0], head, ends[1]),
        ("equal", ends[0], len(mine), ends[1], len(theirs)),
    ]


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Return the pieces without empty ones, a space between two own words counted to them."""
    told: list[Piece] = []
    for place, piece in enumerate(pieces):
        between = 0 < place < len(pieces) - 1 and pieces[place - 1].own and pieces[place + 1].own
        own = piece.own or (between and piece.text.isspace())
        if told and told[-1].own == own:
            told[-1] = Piece(told[-1].text + piece.text, own)
        elif piece.text:
            told.append(Piece(piece.text, own))
    return tuple(told)
