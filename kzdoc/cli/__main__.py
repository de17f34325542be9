"""kzdoc-cli: nouns, verbs, flags, and nothing else. The contract is docs/cli.md; every command calls one action."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Container, Sequence
from typing import TextIO

from kzdoc import __version__
from kzdoc.cli import (
    batch,
    bundle,
    conflict,
    contact,
    count,
    demo,
    evidence,
    exchange,
    frame,
    kind,
    match,
    receipt,
    record,
    report,
    sealed,
    text,
    vault,
)
from kzdoc.cli.grammar import NOUN, Parser, UsageError, describe, ordered
from kzdoc.errors import KzdocError
from kzdoc.language import LANGUAGES
from kzdoc.platform.hardening import harden_process
from kzdoc.platform.sandbox import child_main

NOUNS = (
    vault,
    kind,
    record,
    contact,
    bundle,
    receipt,
    sealed,
    conflict,
    match,
    report,
    text,
    evidence,
    count,
    exchange,
    demo,
    batch,
)


def parser() -> Parser:
    """Return the whole grammar."""
    top = Parser(prog="kzdoc-cli", description="kzdoc: field documentation, offline and encrypted")
    top.add_argument("--version", action="version", version=f"kzdoc {__version__}")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="machine-readable answers")
    shared.add_argument("--ui-lang", choices=LANGUAGES, help="language of messages")
    shared.add_argument("--passphrase-file", metavar="F", help="file whose first line is the passphrase")
    nouns = top.add_subparsers(dest="noun", required=True, metavar=NOUN, parser_class=Parser)
    for noun in NOUNS:
        noun.declare(nouns, shared)
    describe(top)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    child = child_main(["kzdoc-cli", *words])
    if child is not None:
        return child
    harden_process()
    _stand_in_for_closed()
    if sys.stdout is None:
        _tell(KzdocError("output.closed"), frame.language_of(words), sys.stderr)
        return 1
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors)
    try:
        return _command(words)
    finally:
        _let_go(sys.stdout)


def _command(words: Sequence[str]) -> int:
    lang = frame.language_of(words)
    try:
        args = parser().parse_args(ordered(words))
    except UsageError as error:
        _tell(error, lang, sys.stderr)
        return 2
    except SystemExit:  # help or the version was asked for and printed
        args = argparse.Namespace(handler=lambda _: 0, json=False, ui_lang=lang)
    return run(frame.Call(args, sys.stdout, sys.stderr, sys.stdin))


def _stand_in_for_closed() -> None:
    """Put something in the place of a closed stdin or stderr: no question can be answered, nobody reads messages."""
    if sys.stdin is None:
        sys.stdin = io.StringIO()
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def _let_go(stream: TextIO) -> None:
    """Drop what a stream could not write, which the end of the process would try, and complain of, again."""
    try:
        stream.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _tell(error: UsageError | KzdocError, lang: str, stderr: TextIO, warned: Container[str] = ()) -> None:
    if isinstance(error, UsageError):
        print(f"error: usage: {error.sentence(lang)}", file=stderr)
    else:
        for line in frame.told(error, lang, warned=warned):
            print(f"error: {line}", file=stderr)


def run(call: frame.Call) -> int:
    """Run a parsed command; errors become one line on stderr and exit status 1, wrong usage 2."""
    try:
        handler: frame.Handler = call.args.handler
        status = handler(call)
        call.flush()
    except UsageError as error:
        call.end_bar()
        _tell(error, call.lang, call.stderr)
        return 2
    except KzdocError as error:
        call.end_bar()
        _tell(error, call.lang, call.stderr, call.warned)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print(file=call.stderr)
        _tell(KzdocError("work.cancelled"), call.lang, call.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - a traceback could show what is in a record; the kind of error cannot
        _tell(frame.unforeseen(error), call.lang, call.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
