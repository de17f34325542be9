"""`evidence`: pictures looked at and covered before they may go out."""

from __future__ import annotations

import argparse
from math import ceil, floor
from typing import Any

from kzdoc import casework, gathering, picturing
from kzdoc.cli.frame import Call
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.redaction.images import BOX, ELLIPSE, WHOLE, Shape, shape, upright


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("evidence", help="pictures before they go out").add_subparsers(
        required=True, metavar="VERB"
    )
    redact = verbs.add_parser("redact", parents=[shared], help="a new picture with boxes; none: nothing to cover")
    redact.add_argument("vault")
    redact.add_argument("id")
    sides = "left,top,right,bottom in pixels or with %%; @N for page N of a PDF"
    redact.add_argument("--box", action="append", default=[], metavar="L,T,R,B[@N]", help=sides)
    redact.add_argument("--ellipse", action="append", default=[], metavar="L,T,R,B[@N]", help=sides)
    redact.set_defaults(handler=redact_picture)
    waiting = verbs.add_parser("waiting", parents=[shared], help="pictures of a case nobody has looked at")
    waiting.add_argument("vault")
    waiting.add_argument("--record", required=True, metavar="ID")
    waiting.add_argument("--profile", required=True, choices=[audience.value for audience in Audience])
    waiting.set_defaults(handler=list_waiting)


def redact_picture(call: Call) -> int:
    record = casework.record_id(call.args.id)
    with call.session() as session:
        sizes: dict[int, tuple[int, int]] = {}
        seen, _ = picturing.original_file(session, record)

        def size(number: int) -> tuple[int, int]:
            if number not in sizes:
                pixels, _, _ = picturing.page(session, record, number, call.progress)
                sizes[number] = upright(pixels).size
            return sizes[number]

        shapes = [_shape(BOX, text, size) for text in call.args.box]
        shapes += [_shape(ELLIPSE, text, size) for text in call.args.ellipse]
        made = picturing.review(session, record, shapes, seen=seen, progress=call.progress)
    call.document(
        {"id": made.record.hex(), "sha256": made.made.hex(), "from": call.args.id, "shapes": len(made.shapes)}
    )
    return 0


def _shape(how: str, text: str, size: Any) -> Shape:
    """Return a shape as typed; pixels are those of the upright picture."""
    told, _, at = text.partition("@")
    words = told.split(",")
    if at and (not at.isdecimal() or int(at) < 1):
        raise InputError("picture.page")
    number = int(at) - 1 if at else 0
    width, height = (0, 0) if all(word.strip().endswith("%") for word in words) else size(number)
    beyond = [
        word for place, word in enumerate(words) if word.strip().isdecimal() and int(word) > (width, height)[place % 2]
    ]
    if beyond:
        raise InputError("picture.outside", width=width, height=height)
    try:
        sides = [_side(word.strip(), (width, height)[place % 2], out=place > 1) for place, word in enumerate(words)]
    except (ValueError, OverflowError) as error:
        raise InputError("picture.shape", limit=WHOLE) from error
    return shape(how, sides, page=number)


def _side(word: str, whole: int, *, out: bool) -> int:
    """Return a side in ten-thousandths; what lies between two covers more: right and bottom go ``out``."""
    if word.endswith("%"):
        place = round(float(word[:-1]) * WHOLE / 100, 6)
        return ceil(place) if out else floor(place)
    return -(-int(word) * WHOLE // whole) if out else int(word) * WHOLE // whole


def list_waiting(call: Call) -> int:
    root = casework.record_id(call.args.record)
    with call.session() as session:
        case = gathering.case_of(session, root)
        _, unseen = picturing.pictures_of(session, case, audience=Audience(call.args.profile), root=root)
        rows = picturing.titles(session, unseen)
    call.rows(rows, lambda row: f"{row['id']}  {row['title']}")
    return 0
