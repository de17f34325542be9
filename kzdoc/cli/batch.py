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
from typing import Any

from kzdoc.cli import frame
from kzdoc.errors import KzdocError

BARRED = {"batch", "demo", "vault"}
WITHOUT_VAULT = {("kind", "list"), ("kind", "show"), ("report", "list"), ("report", "check")}
VERBLESS = {"count"}


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    batch = nouns.add_parser("batch", parents=[shared], help="one command a line from stdin, one JSON line each")
    batch.add_argument("vault")
    batch.set_defaults(handler=run_batch)


def run_batch(call: frame.Call) -> int:
    from kzdoc.cli.__main__ import parser  # noqa: PLC0415 - the grammar contains this command itself

    grammar = parser()
    worst = 0
    with call.session() as session:
        for line in call.stdin:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            answer, status = _one(line, call, session, grammar)
            print(json.dumps(answer, ensure_ascii=False), file=call.stdout, flush=True)
            worst = max(worst, status)
    return worst


def _one(line: str, call: frame.Call, session: Any, grammar: frame.Parser) -> tuple[Any, int]:
    try:
        words = _words(line)
        args = grammar.parse_args(_with_vault(words, call.args.vault))
        args.ui_lang = args.ui_lang or call.args.ui_lang
        inner = frame.Call(args, io.StringIO(), call.stderr, io.StringIO(), held=session, batch=True)
        status = args.handler(inner)
    except (frame.UsageError, ValueError) as error:
        return {"error": "usage", "sentence": str(error)}, 2
    except SystemExit:
        return {"error": "usage", "sentence": line.strip()}, 2
    except KzdocError as error:
        return {"error": error.code, "sentence": frame.sentence(error, call.lang)}, 1
    return (inner.answers[-1] if inner.answers else {}), status


def _words(line: str) -> list[str]:
    if line.lstrip().startswith("["):
        words = json.loads(line)
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ValueError("a JSON line is an array of words")
        return words
    return shlex.split(line)


def _with_vault(words: list[str], vault: str) -> list[str]:
    words = words[1:] if words[:1] == ["kzdoc-cli"] else words
    if not words or words[0] in BARRED:
        raise ValueError("not a command for batch")
    if tuple(words[:2]) in WITHOUT_VAULT:
        return words
    place = 1 if words[0] in VERBLESS else 2
    if words[place : place + 1] in ([vault], ["VAULT"]):
        return [*words[:place], vault, *words[place + 1 :]]
    return [*words[:place], vault, *words[place:]]
