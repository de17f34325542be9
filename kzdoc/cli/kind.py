"""`kind`: what can be recorded. Needs no vault."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc.cli.frame import Call
from kzdoc.domain.catalogue import KINDS, kind
from kzdoc.domain.describe import kind_as_json


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("kind", help="what can be recorded").add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", parents=[shared], help="all kinds")
    listing.set_defaults(handler=list_kinds)
    show = verbs.add_parser("show", parents=[shared], help="the fields of one kind")
    show.add_argument("kind")
    show.set_defaults(handler=show_kind)


def list_kinds(call: Call) -> int:
    call.rows(
        ({"kind": one.id, "label": one.label.to(call.lang)} for one in KINDS.values()),
        lambda row: f"{row['kind']:20} {row['label']}",
    )
    return 0


def show_kind(call: Call) -> int:
    described = kind_as_json(kind(call.args.kind), call.lang)
    lines = [f"{described['kind']}: {described['label']}"]
    lines += [
        f"  {field['name']:24} {field['type']}{'+' if field['many'] else ''}  {field['class']}  {field['label']}"
        for field in described["fields"]
    ]
    call.document(described, "\n".join(lines))
    return 0
