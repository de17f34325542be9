"""`count`: numbers with their unit, window and what could not be judged."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc import oversight
from kzdoc.cli.frame import Call


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    count = nouns.add_parser("count", parents=[shared], help="honest numbers")
    count.add_argument("vault")
    count.add_argument("measure", help="a kind, or a measure of figures")
    count.add_argument("--by", metavar="FIELD")
    count.add_argument("--from", dest="since", metavar="D")
    count.add_argument("--to", dest="until", metavar="D")
    count.add_argument("--unit", choices=("records", "events", "detentions", "persons"), default="records")
    count.set_defaults(handler=count_records)


def count_records(call: Call) -> int:
    with call.session() as session:
        counted = oversight.count(
            session,
            call.args.measure,
            by=call.args.by,
            since=call.args.since,
            until=call.args.until,
            unit=call.args.unit,
            lang=call.lang,
        )
    lines = [f"{row['key'] or '—':32} {row['value']}" for row in counted["rows"]]
    call.document(counted, "\n".join([*lines, counted["note"]]))
    return 0
