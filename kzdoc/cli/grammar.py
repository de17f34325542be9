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

from kzdoc.cli.meaning import meant
from kzdoc.language import catalogue

LATER = frozenset([("board",), ("clock",)])
"""Commands of docs/cli.md that this version does not have."""

NOUN = "NOUN"
"""What the first word of a command is called."""

BARE = frozenset(
    (
        "--json",
        "--yes",
        "--preview",
        "--history",
        "--groups",
        "--hint",
        "--hints",
        "--all",
        "--add",
        "--again",
        "--practice",
        "--pack",
        "--verifier",
        "--redaction",
        "--watch",
        "--to-nobody",
        "--leave-texts",
        "--follow",
        "--put-away",
        "--forget",
        "--undo",
        "--no-window",
        "--no-passphrase",
    )
)
"""Flags without a value."""
DEEP = frozenset([("contact", "roster"), ("contact", "succession"), ("vault", "slot"), ("vault", "recovery")])
"""Nouns and verbs that a third word completes."""
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
                said = found.groupdict()
                likely = meant(self, said["what"].strip("'\"")) if said.get("name") == NOUN else []
                if likely:
                    quoted = ", ".join(f"`{one}`" for one in likely)
                    raise UsageError("usage.noun", what=said["what"], list=said["list"], meant=quoted)
                raise UsageError(key, **said)
        raise UsageError("usage.other", what=message)


def ordered(words: Sequence[str]) -> list[str]:
    """Return the words of a command with flags that stand before noun, verb or third word put behind them.

    Raises ``UsageError("usage.later")`` for a command of docs/cli.md that this version does not have.
    """
    early: list[str] = []
    rest = list(words)
    names: list[str] = []
    while rest and len(names) < (3 if tuple(names[:2]) in DEEP else 2):
        word = rest.pop(0)
        if word in _TOP or word == "--":
            rest.insert(0, word)
            break
        if not word.startswith("-"):
            names.append(word)
            continue
        early.append(word)
        if _wants_value(word) and rest:
            early.append(rest.pop(0))
    if tuple(names) in LATER or tuple(names[:1]) in LATER:
        raise UsageError("usage.later", command=" ".join(names if tuple(names) in LATER else names[:1]))
    return names + early + rest


def _wants_value(flag: str) -> bool:
    return flag not in BARE and "=" not in flag


def command_of(parser: argparse.ArgumentParser, words: Sequence[str]) -> tuple[int, argparse.ArgumentParser]:
    """Return how many of the words name a command, and the parser of what follows them."""
    names = 0
    while names < len(words):
        below = parsers_below(parser)
        if words[names] not in below:
            break
        parser = below[words[names]]
        names += 1
    return names, parser


def parsers_below(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of the words that may come next, by word; none of a whole command."""
    actions = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]  # noqa: SLF001 - argparse names its parsers nowhere else
    return {name: inner for one in actions for name, inner in one.choices.items()}


def describe(parser: argparse.ArgumentParser) -> None:
    """Let every command say at the head of its own help what the list of commands says of it."""
    for action in parser._actions:  # noqa: SLF001 - argparse names its parsers nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - the same
            for told in action._choices_actions:  # noqa: SLF001 - the same
                action.choices[told.dest].description = told.help
            for inner in action.choices.values():
                describe(inner)


def takes_vault(command: argparse.ArgumentParser) -> bool:
    """Return whether a command's first word is the vault's folder."""
    return any(one.dest == "vault" and not one.option_strings for one in command._actions)  # noqa: SLF001 - the same


def first_word(words: Sequence[str], start: int) -> int:
    """Return the place of the first word from ``start`` on that is no flag and no flag's value."""
    place = start
    while place < len(words) and words[place].startswith("-") and words[place] != "--":
        place += 2 if _wants_value(words[place]) else 1
    return min(place, len(words))
