"""kzdoc-cli: nouns, verbs, flags, and nothing else. The contract is docs/cli.md; every command calls one action."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from kzdoc import __version__
from kzdoc.cli import batch, bundle, conflict, contact, count, demo, frame, kind, receipt, record, report, text, vault
from kzdoc.errors import KzdocError
from kzdoc.language import LANGUAGES
from kzdoc.platform.hardening import harden_process
from kzdoc.platform.sandbox import child_main

NOUNS = (vault, kind, record, contact, bundle, receipt, conflict, report, text, count, demo, batch)


def parser() -> frame.Parser:
    """Return the whole grammar."""
    top = frame.Parser(prog="kzdoc-cli", description="kzdoc: field documentation, offline and encrypted")
    top.add_argument("--version", action="version", version=f"kzdoc {__version__}")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="machine-readable answers")
    shared.add_argument("--ui-lang", choices=LANGUAGES, help="language of messages")
    shared.add_argument("--passphrase-file", metavar="F", help="file whose first line is the passphrase")
    nouns = top.add_subparsers(dest="noun", required=True, metavar="NOUN", parser_class=frame.Parser)
    for noun in NOUNS:
        noun.declare(nouns, shared)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    child = child_main(["kzdoc-cli", *words])
    if child is not None:
        return child
    harden_process()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        args = parser().parse_args(words)
    except frame.UsageError as error:
        print(error, file=sys.stderr)
        return 2
    call = frame.Call(args, sys.stdout, sys.stderr, sys.stdin)
    return run(call)


def run(call: frame.Call) -> int:
    """Run a parsed command; errors become one line on stderr and exit status 1."""
    try:
        handler: frame.Handler = call.args.handler
        return handler(call)
    except frame.UsageError as error:
        print(error, file=call.stderr)
        return 2
    except KzdocError as error:
        print(f"error: {error.code}: {frame.sentence(error, call.lang)}", file=call.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except Exception as error:  # noqa: BLE001 - a traceback could show what is in a record; the kind of error cannot
        failed = KzdocError("internal", kind=type(error).__name__)
        print(f"error: {failed.code}: {frame.sentence(failed, call.lang)}", file=call.stderr)
        return 1
    except KeyboardInterrupt:
        stopped = KzdocError("work.cancelled")
        print(f"\nerror: {stopped.code}: {frame.sentence(stopped, call.lang)}", file=call.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
