"""`report`: papers for named readers, signed and checked."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kzdoc import casework, publishing
from kzdoc.cli.frame import Call, read_file
from kzdoc.cli.grammar import UsageError
from kzdoc.domain.audience import Audience
from kzdoc.language import LANGUAGES


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("report", help="papers").add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", parents=[shared], help="the templates")
    listing.set_defaults(handler=list_templates)
    make = verbs.add_parser("make", parents=[shared], help="make, leak-check and sign a paper")
    make.add_argument("vault")
    make.add_argument("--template", default="case-file")
    make.add_argument("--record", metavar="ID")
    make.add_argument("--from", dest="since", metavar="D")
    make.add_argument("--to", dest="until", metavar="D")
    make.add_argument("--profile", required=True, choices=[audience.value for audience in Audience])
    make.add_argument("--lang", required=True, choices=LANGUAGES)
    make.add_argument("--for", dest="recipient", metavar="NAME")
    make.add_argument("--purpose", metavar="TEXT")
    make.add_argument("-o", dest="out", required=True, metavar="FILE.pdf")
    make.add_argument("--pack", action="store_true", help="a verification pack for the named recipient")
    make.set_defaults(handler=make_report)
    check = verbs.add_parser("check", parents=[shared], help="judge a paper and its signature; needs no vault")
    check.add_argument("file")
    check.add_argument("--signer", metavar="CARD")
    check.set_defaults(handler=check_report)


def list_templates(call: Call) -> int:
    call.rows(publishing.templates(call.lang), lambda row: f"{row['template']:16} {row['label']}")
    return 0


def make_report(call: Call) -> int:
    if not call.args.record:
        raise UsageError("usage.report-record")
    with call.session() as session:
        made = publishing.make_report(
            session,
            casework.record_id(call.args.record),
            Path(call.args.out),
            template=call.args.template,
            audience=Audience(call.args.profile),
            lang=call.args.lang,
            recipient=call.args.recipient or "",
            purpose=call.args.purpose or "",
            pack=call.args.pack,
            progress=call.progress,
        )
    call.document(made)
    return 0


def check_report(call: Call) -> int:
    card = read_file(Path(call.args.signer), limit=2**20) if call.args.signer else None
    verdict = publishing.check_report(Path(call.args.file), card=card)
    call.document(verdict)
    return 0 if verdict["signature"] == "good" else 1
