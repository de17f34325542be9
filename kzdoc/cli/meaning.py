"""What somebody may have meant who names a command that is not there: `card` is written `contact card`.

Rules: only commands that exist are named, at most so many; nothing is run instead.
"""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterator, Mapping, Sequence

MOST = 4
_LIKE = 0.7
_SAME: Mapping[str, tuple[str, ...]] = {
    "office": ("contact roster", "contact alerts", "contact succession"),
    "partner": ("contact",),
    "trust": ("contact verify",),
    "fingerprint": ("contact verify", "contact card"),
    "key": ("contact card", "vault slot"),
    "quarantine": ("bundle waiting",),
    "stick": ("bundle take", "exchange"),
    "folder": ("exchange", "bundle take"),
    "sync": ("exchange",),
    "send": ("bundle make", "exchange"),
    "receive": ("bundle take", "exchange"),
    "merge": ("bundle take", "conflict settle"),
    "double": ("match",),
    "duplicate": ("match",),
    "search": ("record find",),
    "edit": ("record set",),
    "delete": ("record remove", "record forget"),
    "person": ("record add", "record list"),
    "event": ("record add", "record list"),
    "init": ("vault new",),
    "create": ("vault new", "record add"),
    "paper": ("report make", "report correct"),
    "pdf": ("report make",),
    "table": ("record export", "record import"),
    "picture": ("evidence redact",),
    "photo": ("evidence redact",),
    "audit": ("vault check",),
    "statistics": ("count",),
}
"""What things are called elsewhere."""


def meant(parser: argparse.ArgumentParser, word: str) -> list[str]:
    """Return the commands that somebody may have meant who wrote ``word`` as the first, the likeliest first."""
    told = word.lower()
    there = [" ".join(names) for names in _commands(parser)]
    names = dict.fromkeys([told, told.removesuffix("s")])
    found = [one for name in names for one in _SAME.get(name, ()) if one in there]
    found += [one for name in names for one in there if name in one.split()]
    nouns = [one for one in there if " " not in one]
    found += difflib.get_close_matches(told, nouns, n=1, cutoff=_LIKE)
    if not found:
        near = set(difflib.get_close_matches(told, {one.split()[-1] for one in there}, n=1, cutoff=_LIKE))
        found = [one for one in there if one.split()[-1] in near]
    return list(dict.fromkeys(found))[:MOST]


def _commands(parser: argparse.ArgumentParser, before: Sequence[str] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command and every noun by its words."""
    for action in parser._actions:  # noqa: SLF001 - argparse names its parsers nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - the same
            for name, inner in action.choices.items():
                yield (*before, name)
                yield from _commands(inner, (*before, name))
