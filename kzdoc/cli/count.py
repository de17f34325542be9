"""`count`: numbers with their unit, window and what could not be judged."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc import oversight, telling
from kzdoc.cli.frame import Call
from kzdoc.domain.audience import Audience


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    count = nouns.add_parser("count", parents=[shared], help="honest numbers")
    count.add_argument("vault")
    count.add_argument("measure", help="a kind, or a measure of figures")
    count.add_argument("--by", metavar="FIELD")
    count.add_argument("--from", dest="since", metavar="D")
    count.add_argument("--to", dest="until", metavar="D")
    count.add_argument("--unit", choices=("records", "events", "detentions", "persons"), default="records")
    count.add_argument("--profile", default=Audience.INTERNAL.value, choices=[audience.value for audience in Audience])
    count.add_argument("--for", dest="recipient", metavar="NAME")
    count.add_argument("--purpose", metavar="TEXT")
    count.set_defaults(handler=count_records)


def count_records(call: Call) -> int:
    args = call.args
    audience = Audience(args.profile)
    with call.session() as session:
        asked = {"by": args.by, "since": args.since, "until": args.until, "unit": args.unit, "lang": call.lang}
        if audience is Audience.INTERNAL:
            counted = oversight.count(session, args.measure, **asked)
        else:
            reader = {"recipient": args.recipient or "", "purpose": args.purpose or ""}
            counted = telling.count_for(session, args.measure, audience=audience, **reader, **asked)
    lines = [f"{row['key'] or '—':32} {row['value']}" for row in counted["rows"]]
    call.document(counted, "\n".join([*lines, counted["note"]]))
    for warning in counted.get("warnings", ()):
        print(warning, file=call.stderr)
    return 0
