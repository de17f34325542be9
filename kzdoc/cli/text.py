"""`text`: redact a text for a reader."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc import publishing
from kzdoc.cli.frame import Call
from kzdoc.domain.audience import Audience
from kzdoc.language import LANGUAGES


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("text", help="free text").add_subparsers(required=True, metavar="VERB")
    redact = verbs.add_parser("redact", parents=[shared], help="text on stdin, redacted text on stdout")
    redact.add_argument("vault")
    redact.add_argument("--profile", required=True, choices=[audience.value for audience in Audience])
    redact.add_argument("--lang", required=True, choices=LANGUAGES)
    redact.set_defaults(handler=redact_text)


def redact_text(call: Call) -> int:
    text = call.stdin.read()
    with call.session() as session:
        done = publishing.redact(session, text, audience=Audience(call.args.profile), lang=call.args.lang)
    call.document(done, str(done["text"]).removesuffix("\n"))
    return 0
