"""`batch`: many commands in one unlocking.

One command a line on stdin, written as after ``kzdoc-cli`` (with or without the vault's folder) or as a JSON array of
words; one JSON line each on stdout, in order: the command's own document, an array for a list, or
``{"error": code, "sentence": …}``.

Rules: a first word that is the vault's folder, or ``VAULT``, stands for the vault, unless the command would lack a word
then: a contact may be called as the folder is.
"""

from __future__ import annotations

import argparse
import io
import json
import shlex
from pathlib import Path
from typing import Any

from kzdoc.cli import frame
from kzdoc.cli.grammar import Parser, UsageError, command_of, first_word, ordered, takes_vault
from kzdoc.errors import KzdocError
from kzdoc.limits import LIMITS
from kzdoc.session import Session

BARRED = frozenset(("batch", "demo"))
HELP = frozenset(("-h", "--help", "--version"))
OPEN = frozenset(["check", "head", "backup", "rebuild", "travel", "exposure", "slot list", "slot rename"])
"""Those of `vault` that work in a vault which is open and need no passphrase."""


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    batch = nouns.add_parser("batch", parents=[shared], help="one command a line from stdin, one JSON line each")
    batch.add_argument("vault")
    batch.set_defaults(handler=run_batch)


def run_batch(call: frame.Call) -> int:
    from kzdoc.cli.__main__ import parser  # noqa: PLC0415 - the grammar contains this command itself

    grammar = parser()
    worst = 0
    with call.session() as session:
        while line := call.stdin.readline(LIMITS.command_line):
            words = line.removeprefix("\ufeff").strip()
            if not words or words.startswith("#"):
                continue
            answer, status = _one(words, call, session, grammar)
            call.say(json.dumps(answer, ensure_ascii=False), flush=True)
            worst = max(worst, status)
    return worst


def _one(line: str, call: frame.Call, session: Session, grammar: Parser) -> tuple[Any, int]:
    lang = call.lang
    try:
        args = _with_vault(grammar, _words(line), call.args.vault)
        lang = args.ui_lang = args.ui_lang or lang
        inner = frame.Call(args, io.StringIO(), call.stderr, io.StringIO(), held=session, batch=True)
        status: int = args.handler(inner)
    except UsageError as error:
        return {"error": "usage", "sentence": error.sentence(lang)}, 2
    except KzdocError as error:
        lines = [line.partition(": ")[2] for line in frame.told(error, lang)]
        return {"error": error.code, "sentence": " ".join(lines)}, 1
    except Exception as error:  # noqa: BLE001 - as in __main__: the other lines must have their answers
        failed = frame.unforeseen(error)
        return {"error": failed.code, "sentence": frame.sentence(failed, lang)}, 1
    return (inner.answers[-1] if inner.answers else {}), status


def _words(line: str) -> list[str]:
    try:
        if not line.startswith("["):
            return shlex.split(line)
        words = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError("usage.line") from error
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise UsageError("usage.line")
    return words


def _with_vault(grammar: Parser, words: list[str], vault: str) -> argparse.Namespace:
    """Return what the words of a line mean in the open vault, whether or not they name it."""
    words = ordered(words[1:] if words[:1] == ["kzdoc-cli"] else words)
    place, command = command_of(grammar, words)
    if (
        not words
        or HELP & set(words)
        or words[0] in BARRED
        or (words[0] == "vault" and place > 1 and " ".join(words[1:place]) not in OPEN)
    ):
        raise UsageError("usage.not-in-batch")
    if not takes_vault(command):
        return grammar.parse_args(words)
    without = [*words[:place], vault, *words[place:]]
    first = first_word(words, place)
    if not _is_vault(words[first : first + 1], vault):
        return grammar.parse_args(without)
    try:
        return grammar.parse_args([*words[:place], vault, *words[place:first], *words[first + 1 :]])
    except UsageError as error:
        try:
            return grammar.parse_args(without)
        except UsageError:
            raise error from None


def _is_vault(word: list[str], vault: str) -> bool:
    """Return whether a word stands for the vault's folder."""
    try:
        return word == ["VAULT"] or (bool(word) and Path(word[0]).resolve() == Path(vault).resolve())
    except (OSError, ValueError):
        return False
