"""How the words of a command are read: flags anywhere, wrong usage as one sentence, names of commands still to come.

Rules: flags may stand before, between or behind the other words; long flags are never abbreviated, so that a later
flag cannot change what an old script means; what is wrong with the words is said in the language of messages and
never ends the process, so that `batch` survives a bad line.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn

from kzdoc.language import catalogue

LATER = frozenset([("board",), ("clock",)])
"""Commands of docs/cli.md that this version does not have."""

_BARE = frozenset(
    (
        "--json",
        "--history",
        "--yes",
        "--preview",
        "--pack",
        "--no-window",
        "--watch",
        "--to-nobody",
        "--leave-texts",
        "--practice",
        "--follow",
        "--put-away",
        "--forget",
        "--undo",
    )
)
_TOP = frozenset(("-h", "--help", "--version"))
_SAID = (
    (re.compile(r"the following arguments are required: (?P<what>.+)"), "usage.missing"),
    (re.compile(r"unrecognized arguments: (?P<what>.+)"), "usage.unknown"),
    (re.compile(r"argument (?P<name>\S+): invalid choice: (?P<what>.+?) \(choose from (?P<list>.+)\)"), "usage.choice"),
    (re.compile(r"argument (?P<name>\S+): expected (one|at least one) argument"), "usage.value"),
    (re.compile(r"argument (?P<name>\S+): invalid int value: .+"), "usage.number"),
    (re.compile(r"argument (?P<name>\S+): not allowed with argument (?P<what>\S+)"), "usage.both"),
    (re.compile(r"one of the arguments (?P<what>.+) is required"), "usage.one-of"),
)


class UsageError(Exception):
    """The words of a command are off: exit status 2. ``key`` is a sentence of the catalogue `cli`."""

    def __init__(self, key: str, **params: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.params = params

    def sentence(self, lang: str) -> str:
        """Return what is wrong, in ``lang``."""
        return catalogue("cli", lang).say(self.key, **self.params)


class Parser(argparse.ArgumentParser):
    """A strict argument parser that takes flags and other words in any order and raises instead of exiting."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "allow_abbrev": False})
        self._mixing = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse as the base class does; a command without further verbs takes its flags anywhere."""
        if self._mixing or self._subparsers is not None:
            return super().parse_known_args(args, namespace)
        self._mixing = True
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._mixing = False

    def error(self, message: str) -> NoReturn:
        """Raise what argparse says, in a sentence of our own where it is known."""
        for pattern, key in _SAID:
            found = pattern.fullmatch(message)
            if found:
                raise UsageError(key, **found.groupdict())
        raise UsageError("usage.other", what=message)


def ordered(words: Sequence[str]) -> list[str]:
    """Return the words of a command with flags that stand before noun or verb put behind them.

    Raises ``UsageError("usage.later")`` for a command of docs/cli.md that this version does not have.
    """
    early: list[str] = []
    rest = list(words)
    names: list[str] = []
    while rest and len(names) < 2:  # noqa: PLR2004 - noun and verb
        word = rest.pop(0)
        if word in _TOP or word == "--":
            rest.insert(0, word)
            break
        if not word.startswith("-"):
            names.append(word)
            continue
        early.append(word)
        if word not in _BARE and "=" not in word and rest:
            early.append(rest.pop(0))
    if tuple(names) in LATER or tuple(names[:1]) in LATER:
        raise UsageError("usage.later", command=" ".join(names if tuple(names) in LATER else names[:1]))
    return names + early + rest
