"""`conflict`: what two people wrote differently, and settling it."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc import casework
from kzdoc.cli.frame import Call


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("conflict", help="conflicts").add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", parents=[shared], help="all open conflicts")
    listing.add_argument("vault")
    listing.set_defaults(handler=list_conflicts)
    settle = verbs.add_parser("settle", parents=[shared], help="keep one statement or write a third")
    settle.add_argument("vault")
    settle.add_argument("id")
    settle.add_argument("field")
    choice = settle.add_mutually_exclusive_group(required=True)
    choice.add_argument("--keep", metavar="STATEMENT")
    choice.add_argument("--value", metavar="V")
    settle.set_defaults(handler=settle_conflict)


def list_conflicts(call: Call) -> int:
    with call.session() as session:
        call.rows(
            casework.conflicts(session),
            lambda row: f"{row['id']}  {row['field']}: " + " | ".join(str(one["value"]) for one in row["values"]),
        )
    return 0


def settle_conflict(call: Call) -> int:
    with call.session() as session:
        record = casework.record_id(call.args.id)
        casework.settle(session, record, call.args.field, keep=call.args.keep, value=call.args.value)
        call.document(casework.plain(casework.state(session, record)))
    return 0
