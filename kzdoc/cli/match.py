"""`match`: records that may be of one person or one event; joining, parting, the table for Splink."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kzdoc import casework, joining, linkage, matching
from kzdoc.cli.frame import Call, new_file
from kzdoc.language import catalogue


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("match", help="doubles").add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", parents=[shared], help="what may be one, with the reasons")
    listing.add_argument("vault")
    listing.add_argument("--kind", choices=joining.KINDS, help="only these (default: events, then people)")
    listing.add_argument("--record", action="append", metavar="ID", help="only with these records")
    listing.set_defaults(handler=list_matches)
    join = verbs.add_parser("join", parents=[shared], help="two records are one; both stay whole")
    join.add_argument("vault")
    join.add_argument("id")
    join.add_argument("other")
    join.set_defaults(handler=join_records)
    part = verbs.add_parser("part", parents=[shared], help="take a record out again, or say that two are different")
    part.add_argument("vault")
    part.add_argument("id")
    part.add_argument("other", nargs="?", help="not the same as this one: not proposed again")
    part.set_defaults(handler=part_record)
    export = verbs.add_parser("export", parents=[shared], help="folded columns for Splink; internal")
    export.add_argument("vault")
    export.add_argument("-o", dest="out", required=True, metavar="DIR")
    export.set_defaults(handler=write_table)


def list_matches(call: Call) -> int:
    asked = [casework.record_id(one) for one in call.args.record] if call.args.record else None
    with call.session() as session:
        kinds = [call.args.kind] if call.args.kind else sorted(joining.KINDS)
        found = [(kind, one) for kind in kinds for one in matching.candidates(session, asked, kind_id=kind)]
        say = catalogue("redaction", call.lang)
        rows = [
            {
                "one": match.one.hex(),
                "other": match.other.hex(),
                "kind": kind,
                "score": match.score,
                "reasons": [{"code": one.code, **dict(one.params)} for one in match.reasons],
                "text": [say.say(f"match.{one.code}", **dict(one.params)) for one in match.reasons],
            }
            for kind, match in found
        ]
        call.rows(rows, lambda row: f"{row['one']}  {row['other']}  {row['score']}: " + " ".join(row["text"]))
    return 0


def join_records(call: Call) -> int:
    with call.session() as session:
        one = casework.record_id(call.args.id)
        joining.same_person(session, one, casework.record_id(call.args.other))
        call.document({"joined": [key.hex() for key in joining.group(session, one)]})
    return 0


def part_record(call: Call) -> int:
    with call.session() as session:
        one = casework.record_id(call.args.id)
        joining.part(session, one, casework.record_id(call.args.other) if call.args.other else None)
        call.document({"joined": [key.hex() for key in joining.group(session, one)]})
    return 0


def write_table(call: Call) -> int:
    with call.session() as session:
        folder = new_file(str(Path(call.args.out) / linkage.TABLE)).parent
        call.document(linkage.export(session, folder))
    return 0
