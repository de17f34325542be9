"""Words that the program itself set in a paper or table: labels, dates, tokens, which may look like somebody's name.

Rules: whoever is withheld, the writer tells what it set, page by page (of a table cell by cell), and nothing of that
was written by anybody. Such a word is let stand where just as many of it are read as were set. One more was written by
somebody, and then every one of them is found, since none can be told from the others; one fewer means that something
was read otherwise than it was set, and nothing is excused. Each reader counts for itself, words by their folded keys,
so that another spelling of the same word counts as that word. Only names are excused, never a number, a place or a
digest, and nothing in what no reader is shown (a string, a stream, an object).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kzdoc.leakcheck.index import Hit
from kzdoc.leakcheck.namesakes import SAME, SHARED
from kzdoc.names.words import words_of

EXCUSED = frozenset({"name", "coupled-name", "split-name", SHARED, SAME})
"""The rules about names."""


def not_own(hits: Sequence[Hit], text: str, own: Iterable[str], *, beside: Sequence[str] = ()) -> list[Hit]:
    """Return the hits in ``text`` that are not words the program set there: ``own``, piece by piece.

    ``beside``: what else stands at the same place, where the pieces may as well be.
    """
    if not hits or not any(hit.rule in EXCUSED for hit in hits):
        return list(hits)
    pieces = [_keys(one) for one in own]
    read = [_keys(one) for one in (text, *beside)]
    words = words_of(text)
    left: list[Hit] = []
    for hit in hits:
        met = [word.key for word in words if hit.start <= word.start and word.end <= hit.end]
        ours = _count(met, pieces) if met and hit.rule in EXCUSED else 0
        if not ours or _count(met, read) != ours:
            left.append(hit)
    return left


def of_page(own: Sequence[Sequence[str]], number: int) -> Sequence[str]:
    """Return what was set on a page, from 1; nothing on one that was not told of."""
    return own[number - 1] if 0 < number <= len(own) else ()


def _keys(text: str) -> list[str]:
    return [word.key for word in words_of(text)]


def _count(met: Sequence[str], texts: Iterable[Sequence[str]]) -> int:
    """Return how often these words follow one another in texts."""
    size = len(met)
    return sum(list(one[at : at + size]) == list(met) for one in texts for at in range(len(one) - size + 1))
