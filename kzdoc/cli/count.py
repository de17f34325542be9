"""`count`: numbers with their unit, window and what could not be judged."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kzdoc import oversight, telling
from kzdoc.cli.frame import Call
from kzdoc.cli.together import ALTHOUGH, say_together
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.language import LANGUAGES
from kzdoc.session import Session


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    count = nouns.add_parser("count", parents=[shared], help="honest numbers")
    count.add_argument("vault")
    count.add_argument("measure", help="a kind, or a measure of published figures (an unknown word lists them)")
    count.add_argument("--by", metavar="FIELD")
    count.add_argument("--from", dest="since", metavar="D")
    count.add_argument("--to", dest="until", metavar="D")
    count.add_argument("--unit", choices=("records", "events", "detentions", "persons"), default="records")
    count.add_argument("--profile", default=Audience.INTERNAL.value, choices=[audience.value for audience in Audience])
    count.add_argument("--for", dest="recipient", metavar="NAME")
    count.add_argument("--purpose", metavar="TEXT")
    count.add_argument("--although", metavar="REASON", default="", help=ALTHOUGH)
    count.add_argument("-o", dest="out", metavar="FILE", help=".csv or .xlsx, for a reader outside")
    count.add_argument("--lang", choices=LANGUAGES, help="language of the file")
    count.set_defaults(handler=count_records)


def count_records(call: Call) -> int:
    args = call.args
    audience = Audience(args.profile)
    with call.session() as session:
        asked = {"by": args.by, "since": args.since, "until": args.until, "unit": args.unit}
        if audience is Audience.INTERNAL and args.out:
            raise InputError("count.file-inside")
        if audience is Audience.INTERNAL:
            counted = oversight.count(session, args.measure, lang=call.lang, **asked)
        else:
            counted = _told(call, session, audience, asked)
    lines = [f"{row['key'] or '—':32} {row['value']}" for row in counted["rows"]]
    call.document(counted, "\n".join([*lines, counted["note"]]))
    return 0


def _told(call: Call, session: Session, audience: Audience, asked: dict[str, Any]) -> dict[str, Any]:
    """Count for a reader outside; what it tells with what they have is said first, also when it is held back."""
    args = call.args
    reader = {"recipient": args.recipient or "", "purpose": args.purpose or "", "although": args.although}
    if args.out:
        told = telling.told_of(session, args.measure, audience=audience, recipient=reader["recipient"], **asked)
        say_together(call, args.measure, told.found)
        done = telling.write_numbers(session, told, Path(args.out), lang=args.lang or call.lang, **reader)
        return {**told.plain(call.lang), "file": done["file"], "together": done["together"]}
    return telling.count_for(
        session,
        args.measure,
        audience=audience,
        warn=lambda found: say_together(call, args.measure, found),
        lang=call.lang,
        **reader,
        **asked,
    )
