"""`conflict`: what two people wrote differently, and settling it."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc import casework, oversight
from kzdoc.analysis.differences import GROUPS
from kzdoc.cli.frame import Call
from kzdoc.errors import InputError


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("conflict", help="conflicts").add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", parents=[shared], help="all open conflicts")
    listing.add_argument("vault")
    listing.add_argument("--groups", action="store_true", help="only what spells differently or adds precision")
    listing.set_defaults(handler=list_conflicts)
    settle = verbs.add_parser("settle", parents=[shared], help="keep one statement or write a third")
    settle.add_argument("vault")
    settle.add_argument("id", nargs="?")
    settle.add_argument("field", nargs="?")
    choice = settle.add_mutually_exclusive_group(required=True)
    choice.add_argument("--keep", metavar="STATEMENT")
    choice.add_argument("--value", metavar="V")
    choice.add_argument("--group", choices=GROUPS, help="all that only spells differently, or only adds precision")
    choice.add_argument("--take-back", nargs="+", metavar="REVISION", help="open again what a group's settling closed")
    settle.set_defaults(handler=settle_conflict)


def list_conflicts(call: Call) -> int:
    with call.session() as session:
        if call.args.groups:
            grouped = oversight.conflict_groups(session)
            rows = [{"group": name, **one} for name, found in grouped.items() for one in found]
        else:
            rows = casework.conflicts(session)
        call.rows(
            rows,
            lambda row: f"{row['id']}  {row['field']}: " + " | ".join(str(one["value"]) for one in row["values"]),
        )
    return 0


def settle_conflict(call: Call) -> int:
    if call.args.group or call.args.take_back:
        return _settle_group(call)
    if not call.args.id or not call.args.field:
        raise InputError("conflict.which")
    with call.session() as session:
        record = casework.record_id(call.args.id)
        casework.settle(session, record, call.args.field, keep=call.args.keep, value=call.args.value)
        call.document(casework.plain(casework.state(session, record)))
    return 0


def _settle_group(call: Call) -> int:
    if call.args.id:
        raise InputError("conflict.which")
    with call.session() as session:
        if call.args.group:
            changes = oversight.settle_group(session, call.args.group)
        else:
            changes = oversight.unsettle_group(session, [_revision(one) for one in call.args.take_back])
        revisions = [one.hex() for one in changes.revisions]
        call.document({"records": len(changes.records), "revisions": revisions})
    return 0


def _revision(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise InputError("conflict.not-a-settling") from error
