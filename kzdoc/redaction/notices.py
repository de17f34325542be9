"""What the notice of a table or of numbers says: which it corrects and which lines to use no more, never a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.dates import show_date
from kzdoc.language import catalogue

MOST = 200
"""So many stretches of lines are named; of a table with more nothing is to be used."""


@dataclass(frozen=True, slots=True)
class Which:
    """A table or numbers that left; ``of``: the kind, of numbers also field, unit, first and last day."""

    form: str
    of: tuple[str, ...]
    number: str
    date: str


def name_of(which: Which, lang: str) -> str:
    """Return what a table or numbers are called."""
    kind = KINDS.get(which.of[0]) if which.of else None
    of = kind.plural.to(lang) if kind else "…"
    return catalogue("report", lang).say(f"notice.{which.form}", name=of)


def asked(which: Which, lang: str) -> str:
    """Return the question of numbers in words: unit, groups, period; "" for a table."""
    if len(which.of) < 5:  # noqa: PLR2004 - kind, field, unit and two days
        return ""
    words, (kind, by, unit, since, until) = catalogue("report", lang), which.of[:5]
    told = [words.say("notice.unit", unit=words.say(f"unit.{unit}"))]
    if by and kind in KINDS:
        told.append(words.say("notice.by", field=KINDS[kind].field(by).label.to(lang)))
    if since or until:
        days = [show_date(day, lang) if day else "…" for day in (since, until)]
        told.append(words.say("notice.window", since=days[0], until=days[1]))
    return " · ".join(told)


def sentences(
    which: Which, lang: str, *, withdrawn: bool, gone: Sequence[int], joined: Sequence[int], numbers: int
) -> tuple[str, ...]:
    """Return the sentences of a notice; ``gone``, ``joined``: places of lines, from 0; ``numbers``: how many differ."""
    words = catalogue("report", lang)
    first = words.say(f"notice.of-{which.form}", number=which.number, date=show_date(which.date, lang))
    told = [first, *filter(None, [asked(which, lang)])]
    lines = stretches(gone)
    if withdrawn or lines.count(",") >= MOST:
        told.append(words.say("notice.whole"))
    elif numbers:
        told.append(words.say("notice.numbers", n=numbers))
    else:
        told += [words.say("notice.lines", lines=lines)] if gone else []
        told += [words.say("notice.joined", lines=stretches(joined))] if joined else []
        told += [words.say("notice.again")] if not gone and not joined else [words.say("notice.rest")]
    return (*told, words.say("notice.number"))


def stretches(places: Sequence[int]) -> str:
    """Return places as people count lines, from 1, those that follow each other as one stretch: "1–3, 7"."""
    found: list[list[int]] = []
    for place in sorted(set(places)):
        if found and place == found[-1][1] + 1:
            found[-1][1] = place
        else:
            found.append([place, place])
    return ", ".join(str(a + 1) if a == b else f"{a + 1}–{b + 1}" for a, b in found)
