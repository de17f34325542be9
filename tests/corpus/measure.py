"""How much of the corpus a redaction finds, and how much it takes that it should have left.

A mention is found when all its letters and digits are covered; a covered stretch that touches no mention is an extra.
Because a redaction that covers everything would find all and have no extras, ``spill`` says which share of the letters
outside every mention was covered. ``confused`` counts the extras that lie on a word marked as confusable. Of an
address only the words that tell it are needed (proper names and figures), not "ул.", "house" or "көшесі".

    found = score(redact, generate(1))        # redact(text, lang) -> [(start, end), …]
    print_misses(found)
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TextIO

from tests.corpus.sentences import Mention, Sentence

Redact = Callable[[str, str], Sequence[tuple[int, int]]]
_WORD = re.compile(r"\w+")
_COMMON_IN_ADDRESSES = frozenset(["Street", "St"])


@dataclass(frozen=True)
class Miss:
    """A mention of which something is left to read."""

    sentence: Sentence
    mention: Mention
    left: str


@dataclass(frozen=True)
class Extra:
    """A covered stretch in which nobody is mentioned."""

    sentence: Sentence
    start: int
    end: int


@dataclass(frozen=True)
class Score:
    """Recall over mentions, precision over covered stretches (1.0 when there are none), and what went wrong."""

    recall: float
    precision: float
    misses: tuple[Miss, ...]
    extras: tuple[Extra, ...]
    spill: float
    confused: int
    totals: dict[str, int]


def needed(text: str, mention: Mention) -> list[int]:
    """Return the places of a text that must be covered for the mention to be found."""
    if mention.kind != "address":
        return [i for i in range(mention.start, mention.end) if text[i].isalnum()]
    words = [word for word in _WORD.finditer(text, mention.start, mention.end) if _tells(word[0])]
    return [i for word in words for i in range(*word.span())]


def _tells(word: str) -> bool:
    return word not in _COMMON_IN_ADDRESSES and (word[0].isupper() or any(sign.isdigit() for sign in word))


def merged(stretches: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """Return the stretches in order, clipped to the text, overlapping and touching ones made one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(length, end)) for start, end in stretches):
        if start >= end:
            continue
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def score(redact: Redact, sentences: Iterable[Sentence]) -> Score:
    """Run a redaction over sentences and compare what it covers with what is mentioned."""
    misses: list[Miss] = []
    extras: list[Extra] = []
    totals: Counter[str] = Counter()
    stretches = plain = spilt = 0
    for sentence in sentences:
        covered = merged(redact(sentence.text, sentence.lang), len(sentence.text))
        places = {i for start, end in covered for i in range(start, end)}
        for mention in sentence.mentions:
            totals[mention.phenomenon] += 1
            left = "".join(sentence.text[i] for i in needed(sentence.text, mention) if i not in places)
            if left:
                misses.append(Miss(sentence, mention, left))
        stretches += len(covered)
        extras += [Extra(sentence, *stretch) for stretch in covered if not _touches(stretch, sentence.mentions)]
        inside = {i for mention in sentence.mentions for i in range(mention.start, mention.end)}
        outside = [i for i, sign in enumerate(sentence.text) if sign.isalnum() and i not in inside]
        plain += len(outside)
        spilt += sum(i in places for i in outside)
    mentions = totals.total()
    return Score(
        recall=1 - len(misses) / mentions if mentions else 1.0,
        precision=1 - len(extras) / stretches if stretches else 1.0,
        misses=tuple(misses),
        extras=tuple(extras),
        spill=spilt / plain if plain else 0.0,
        confused=sum(
            any(extra.start < end and start < extra.end for start, end in extra.sentence.confusable) for extra in extras
        ),
        totals=dict(totals),
    )


def _touches(stretch: tuple[int, int], mentions: Iterable[Mention]) -> bool:
    return any(stretch[0] < mention.end and mention.start < stretch[1] for mention in mentions)


def false_positive_rate(redact: Redact, sentences: Sequence[Sentence]) -> float:
    """Return the share of sentences without mentions in which anything with a letter or digit is covered."""
    hit = 0
    for sentence in sentences:
        if sentence.mentions:
            raise ValueError("a neutral sentence mentions somebody")
        hit += any(
            any(sign.isalnum() for sign in sentence.text[start:end])
            for start, end in merged(redact(sentence.text, sentence.lang), len(sentence.text))
        )
    return hit / len(sentences)


def print_misses(found: Score, out: TextIO = sys.stdout, *, each: int = 3) -> None:
    """Print the figures, the misses by phenomenon (most missed first, ``each`` examples), and some extras."""
    out.write(f"recall {found.recall:.4f}  precision {found.precision:.4f}  spill {found.spill:.4f}\n")
    out.write(f"misses {len(found.misses)} of {sum(found.totals.values())}  ")
    out.write(f"extras {len(found.extras)}, {found.confused} of them confusable\n")
    groups: defaultdict[str, list[Miss]] = defaultdict(list)
    for miss in found.misses:
        groups[miss.mention.phenomenon].append(miss)
    for phenomenon, missed in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        out.write(f"{phenomenon}: {len(missed)} of {found.totals[phenomenon]}\n")
        for miss in missed[:each]:
            out.write(f"    {_shown(miss.sentence.text, miss.mention.start, miss.mention.end)}   left: {miss.left}\n")
    if found.extras:
        out.write("extras:\n")
    out.writelines(
        f"    {_shown(extra.sentence.text, extra.start, extra.end)}\n" for extra in found.extras[: 10 * each]
    )


def _shown(text: str, start: int, end: int) -> str:
    """Mark a stretch, with some words around it, line breaks and soft hyphens made visible."""
    marked = text[max(0, start - 25) : start] + "[" + text[start:end] + "]" + text[end : end + 25]
    signs = {"\n": "⏎", "\r": "␍", "\u00ad": "~", "\u200b": "•", "\u2060": "•", "\u200d": "•", "\u00a0": "·"}
    return "".join(signs.get(sign, sign) for sign in marked)
