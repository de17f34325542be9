"""What tells who somebody is without a name: kin, being the only one, a post at a place.

Rules: a hint is shown to whoever publishes, with its sentence, to weigh. It is looked for in what the reader will see,
in three languages at once, by the words that people use (hint_words.py); better one too many. A person decides of each:
it stands (``SHOWN``), or its sentence goes (``COVERED``), or the words are changed in the record. The decision belongs
to the sentence in its record, as it stands with what is withheld taken out of it: it holds for every paper, table and
language that shows it so, and a sentence that shows one name more is asked of again. Kept is a digest, no words. In
our own papers there are none: everything stands there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from kzdoc.redaction import hint_words
from kzdoc.redaction.tokens import Token, ViewText

KIN, ONLY, POST = "kin", "only", "post"
SHOWN, COVERED = "shown", "covered"
DECIDED = (SHOWN, COVERED)
_TAKEN = hint_words.TAKEN
SENTENCE_LIMIT = 240
"""Letters of a sentence that are shown around its words."""

_FINDS = {KIN: hint_words.KIN, ONLY: hint_words.ONLY, POST: hint_words.POSTS}
_OF_TAKEN = re.compile(rf"{_TAKEN}(?:[’']s)?")
_END = re.compile(r"(?<=[.!?…])[\s\u00a0]+|\n+")


@dataclass(frozen=True, slots=True)
class Hint:
    """A sentence hinting at somebody: why (``KIN``, ``ONLY``, ``POST``), by which words, in how many records.

    ``ids``: what a decision is of, one for each record; ``decided``: one of ``DECIDED``, "" while any of it waits.
    """

    why: tuple[str, ...]
    words: tuple[str, ...]
    sentence: str
    records: int
    ids: tuple[str, ...] = ()
    decided: str = ""


@dataclass(frozen=True, slots=True)
class Hinted:
    """What was decided of hints, and those that are covered in one view or table in the making, for ourselves."""

    said: Mapping[str, str] = field(default_factory=dict)
    covered: dict[str, Hint] = field(default_factory=dict)

    def cover(self, text: str, taken: Sequence[tuple[int, int]], record: bytes) -> list[tuple[int, int]]:
        """Return where the sentences of a text stand that are to go; ``taken``: what is taken out of it, in order."""
        if COVERED not in self.said.values():
            return []
        flat, places = _flat_of(text, taken)
        found = []
        for start, end in _sentences(flat):
            key = _id(record, flat[start:end])
            if self.said.get(key) == COVERED and (met := _hinting(flat[start:end])):
                told = flat[start:end].replace(_TAKEN, "[…]")
                self.covered[key] = Hint(*met, _cut(" ".join(told.split()), met[1][0]), 1, (key,), COVERED)
                found.append((places[start], places[end]))
        return found

    def hints(self, texts: Iterable[tuple[int, ViewText]], order: Sequence[bytes] = ()) -> tuple[Hint, ...]:
        """Return the hints that stand in ``texts`` of records (by their refs in ``order``), then those covered."""
        return (*hints(texts, order, self.said), *self.covered.values())


def hints(
    texts: Iterable[tuple[int, ViewText]],
    order: Sequence[bytes] = (),
    said: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Hint, ...]:
    """Return the sentences of ``texts``, (ref of the record, text) pairs, that hint at somebody; each once, as met.

    ``order``: the records by their refs, from 1; ``said``: what was decided.
    """
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...], str, dict[int, str]]] = {}
    for ref, text in texts:
        flat = "".join(_TAKEN if isinstance(part, Token) else _plain(part) for part in text.parts)
        labels = [part.label for part in text.parts if isinstance(part, Token)]
        for start, end in _sentences(flat):
            one = flat[start:end]
            told = one
            for _ in range(one.count(_TAKEN)):
                told = told.replace(_TAKEN, labels.pop(0), 1)
            if met := _hinting(one):
                key = _id(order[ref - 1] if 0 < ref <= len(order) else b"", one)
                same = found.setdefault(_normal(one), (*met, _cut(" ".join(told.split()), met[1][0]), {}))
                same[3][ref] = key
    return tuple(
        [Hint(*one[:3], len(one[3]), tuple(one[3].values()), _decided(one[3], said)) for one in found.values()]
    )


def waiting(found: Iterable[Hint]) -> tuple[Hint, ...]:
    """Return the hints that stand in what is to leave though nobody decided that they may."""
    return tuple([one for one in found if not one.decided])


def _decided(ids: Mapping[int, str], said: Mapping[str, str]) -> str:
    """Return what was decided of a sentence that stands in these places: only what may stand is decided at all."""
    return SHOWN if all(said.get(key) == SHOWN for key in ids.values()) else ""


def told_hints(found: Iterable[Hint]) -> list[dict[str, Any]]:
    """Return hints in the JSON of `report make`, `text hints` and `text redact`."""
    return [
        {
            "why": list(one.why),
            "words": list(one.words),
            "sentence": one.sentence,
            "records": one.records,
            "ids": list(one.ids),
            "decided": one.decided,
        }
        for one in found
    ]


def _id(record: bytes, sentence: str) -> str:
    return hashlib.sha256(b"hint\0" + record + b"\0" + _normal(sentence).encode()).hexdigest()[:32]


def _normal(sentence: str) -> str:
    return " ".join(sentence.split()).casefold()


def _plain(text: str) -> str:
    return text.replace(_TAKEN, "\ufffd")


def _flat_of(text: str, taken: Sequence[tuple[int, int]]) -> tuple[str, list[int]]:
    """Return a text with one sign for each place taken out of it, and where each sign of it (and its end) stood."""
    flat: list[str] = []
    places: list[int] = []
    at = 0
    for start, end in taken:
        flat += [_plain(text[at:start]), _TAKEN]
        places += [*range(at, start), start]
        at = end
    flat.append(_plain(text[at:]))
    return "".join(flat), [*places, *range(at, len(text) + 1)]


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a text stand."""
    at = 0
    for gap in _END.finditer(text):
        yield at, gap.start()
        at = gap.end()
    yield at, len(text)


def _hinting(sentence: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return why and by which words a sentence hints at somebody, None when it does not."""
    sentence = hint_words.readable(sentence)
    met = [(why, match) for why, find in _FINDS.items() for match in find.finditer(sentence)]
    if not met:
        return None
    nobodys = [one.span() for one in hint_words.NOBODY.finditer(sentence)]
    met = [(why, one) for why, one in met if not any(one.start() < end and start < one.end() for start, end in nobodys)]
    if not hint_words.PLACES.search(sentence):
        met = [(why, match) for why, match in met if why != POST]
    if not met:
        return None
    met.sort(key=lambda one: one[1].start())
    why = tuple(dict.fromkeys(why for why, _ in met))
    return why, tuple(dict.fromkeys(" ".join(_OF_TAKEN.sub("", match.group()).split()) for _, match in met))


def _cut(sentence: str, word: str) -> str:
    """Return a sentence, of a long one the part around its first word."""
    if len(sentence) <= SENTENCE_LIMIT:
        return sentence
    start = max(0, sentence.find(word) - SENTENCE_LIMIT // 2)
    part = sentence[start : start + SENTENCE_LIMIT]
    return ("…" if start else "") + part + ("…" if start + SENTENCE_LIMIT < len(sentence) else "")
