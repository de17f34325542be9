"""`conflict`: what two people wrote differently, and settling it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from kzdoc import casework, oversight, settling
from kzdoc.analysis.differences import GROUPS
from kzdoc.cli.frame import Call
from kzdoc.errors import InputError
from kzdoc.language import Catalogue, catalogue
from kzdoc.ledger.merge import REMOVED


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("conflict", help="conflicts").add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", parents=[shared], help="all open conflicts")
    listing.add_argument("vault")
    listing.add_argument("--groups", action="store_true", help="only what spells differently or adds precision")
    listing.set_defaults(handler=list_conflicts)
    settle = verbs.add_parser(
        "settle", parents=[shared], help="keep one statement, several as claims, or write a third"
    )
    settle.add_argument("vault")
    settle.add_argument("id", nargs="?")
    settle.add_argument("field", nargs="?")
    choice = settle.add_mutually_exclusive_group(required=True)
    choice.add_argument("--keep", action="append", metavar="STATEMENT", help="several times: all stand as claims")
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
        words = catalogue("cli", call.lang)
        call.rows(rows, lambda row: f"{row['id']}  {row['field']}: {_values(words, row)}")
    return 0


def _values(words: Catalogue, row: Mapping[str, Any]) -> str:
    """Return the statements in words, each with its author and the name that ``--keep`` takes."""
    told = []
    for one in row["values"]:
        said = _value(words, row["field"], one["value"])
        name = settling.short_name(casework.statement_ref(one["statement"]))
        key = "conflict.said" if "author" in one else "conflict.would-keep"
        told.append(words.say(key, value=said, statement=name, author=one.get("author", "")))
    if row["field"] == REMOVED:
        told.append(words.say("conflict.stays"))
    return " | ".join(told)


def _value(words: Catalogue, field: str, value: Any) -> str:
    if field == REMOVED and isinstance(value, Mapping):
        return words.say("conflict.removed", reason=str(value.get("reason", "")) or "…")
    if value is None:
        return words.say("conflict.nothing")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def settle_conflict(call: Call) -> int:
    if call.args.group or call.args.take_back:
        return _settle_group(call)
    if not call.args.id or not call.args.field:
        raise InputError("conflict.which")
    with call.session() as session:
        record = casework.record_id(call.args.id)
        settling.settle(session, record, call.args.field, keep=call.args.keep or (), value=call.args.value)
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
