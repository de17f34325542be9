"""`batch`: many commands in one unlocking.

One command a line on stdin, written as after ``kzdoc-cli`` (with or without the vault's folder after the verb) or as a
JSON array of words; one JSON line each on stdout, in order: the command's own document, an array for a list, or
``{"error": code, "sentence": …}``.
"""

from __future__ import annotations

import argparse
import io
import json
import shlex
from pathlib import Path
from typing import Any

from kzdoc.cli import frame
from kzdoc.cli.grammar import Parser, UsageError, ordered
from kzdoc.errors import KzdocError
from kzdoc.limits import LIMITS
from kzdoc.session import Session

BARRED = frozenset(("batch", "demo"))
HELP = frozenset(("-h", "--help", "--version"))
VAULT_VERBS = frozenset(("check", "head", "backup", "rebuild", "travel", "exposure"))
"""Those of `vault` that work in a vault which is open."""
WITHOUT_VAULT = frozenset([("kind", "list"), ("kind", "show"), ("report", "list"), ("report", "check")])
VERBLESS = frozenset(("count", "exchange"))


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
        args = grammar.parse_args(_with_vault(_words(line), call.args.vault))
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


def _with_vault(words: list[str], vault: str) -> list[str]:
    words = ordered(words[1:] if words[:1] == ["kzdoc-cli"] else words)
    if (
        not words
        or HELP & set(words)
        or words[0] in BARRED
        or (words[0] == "vault" and words[1:2] and words[1] not in VAULT_VERBS)
    ):
        raise UsageError("usage.not-in-batch")
    if tuple(words[:2]) in WITHOUT_VAULT:
        return words
    place = 1 if words[0] in VERBLESS else 2
    given = words[place : place + 1]
    if given == ["VAULT"] or (given and Path(given[0]).resolve() == Path(vault).resolve()):
        return [*words[:place], vault, *words[place + 1 :]]
    return [*words[:place], vault, *words[place:]]
