"""Whether two people may be one, by their names alone: a light comparison for a preview, with its reasons.

Rules: names are compared by their folded words, in any order. It only proposes: the reasons are codes that a person
reads (resources/i18n/redaction.*.json, ``match.…``) before deciding; nothing is joined by it. It compares people who
share a word's skeleton and no others, so that the cost follows the number of people, not its square.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from kzdoc.names.fold import fold_tokens, skeleton

LIKELY = 60
"""From this score on a pair is worth a look."""
CROWD = 200
"""A word that more people bear than this proposes nobody by itself."""
_CLOSE, _ALIKE = 88, 75
_SCORES = {
    "same-name": 100,
    "other-spelling": 85,
    "initials": 70,
    "part-of-name": 65,
    "same-family-close-name": 60,
    "same-family": 30,
}


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like two people's names are, 0 to 100, and why: codes of ``_SCORES`` and ``patronymic-differs``."""

    score: int
    reasons: tuple[str, ...]


def likeness(one: Sequence[str], other: Sequence[str]) -> Likeness:
    """Return how like the names of one person are to those of another: the best of all pairs."""
    found = [_compare(fold_tokens(a), fold_tokens(b)) for a in one for b in other]
    return max(found, key=lambda like: (like.score, like.reasons), default=Likeness(0, ()))


def _compare(one: list[str], other: list[str]) -> Likeness:
    if not one or not other:
        return Likeness(0, ())
    short, long = sorted((one, other), key=len)
    if sorted(one) == sorted(other):
        return _because("same-name")
    if set(short) <= set(long) and len(short) > 1:
        return _because("part-of-name", 10 * (len(short) - 1))
    if _initials(short, long) or _initials(long, short):
        return _because("initials")
    return _unlike_words(one, other)


def _because(reason: str, more: int = 0) -> Likeness:
    return Likeness(_SCORES[reason] + more, (reason,))


def _unlike_words(one: list[str], other: list[str]) -> Likeness:
    """Return the likeness of names whose words are not the same."""
    families = {_family(word) for word in one} & {_family(word) for word in other}
    reason = ""
    if fuzz.token_sort_ratio(" ".join(one), " ".join(other)) >= _CLOSE:
        reason = "other-spelling"
    elif families and len(one) > 1 and len(other) > 1:
        rest = [" ".join(word for word in words if _family(word) not in families) for words in (one, other)]
        close = not all(rest) or fuzz.ratio(*rest) >= _ALIKE
        reason = "same-family-close-name" if close else "same-family"
    if not reason:
        return Likeness(0, ())
    if _patronymics_differ(one, other):
        return Likeness(_SCORES[reason] - 30, (reason, "patronymic-differs"))
    return _because(reason)


def _initials(short: list[str], long: list[str]) -> bool:
    """Return whether ``short`` is a surname with initials of the person ``long``."""
    letters = [word for word in short if len(word) == 1]
    words = [word for word in short if len(word) > 1]
    if not letters or not words or not set(words) <= set(long):
        return False
    rest = [word[0] for word in long if word not in words]
    return all(letter in rest for letter in letters)


def _family(word: str) -> str:
    return skeleton(word)


def _patronymics_differ(one: list[str], other: list[str]) -> bool:
    fathers = [
        {_family(word) for word in words if word.endswith(("ovich", "evich", "ovna", "evna", "uli", "kizi"))}
        for words in (one, other)
    ]
    return all(fathers) and not fathers[0] & fathers[1]


def doubles(people: Iterable[tuple[Hashable, Sequence[str]]]) -> Iterator[tuple[Hashable, Hashable, Likeness]]:
    """Yield the pairs of people whose names are alike enough for a look, each pair once, likeliest first."""
    names = dict(people)
    blocks: dict[str, set[Hashable]] = {}
    for person, spellings in names.items():
        for word in {bones for name in spellings for bones in skeleton(name).split() if len(bones) > 1}:
            blocks.setdefault(word, set()).add(person)
    pairs = {
        (a, b)
        for bearers in blocks.values()
        if len(bearers) <= CROWD
        for a in bearers
        for b in bearers
        if repr(a) < repr(b)
    }
    found = [(a, b, likeness(names[a], names[b])) for a, b in pairs]
    likely = [pair for pair in found if pair[2].score >= LIKELY]
    yield from sorted(likely, key=lambda pair: (-pair[2].score, repr(pair[:2])))
