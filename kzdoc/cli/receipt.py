"""`receipt`: "I have this bundle", made and taken."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kzdoc.cli.frame import Call, new_file, read_file, write_new
from kzdoc.exchange import receipting
from kzdoc.limits import LIMITS


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("receipt", help="signed receipts").add_subparsers(required=True, metavar="VERB")
    make = verbs.add_parser("make", parents=[shared], help="for a bundle that was taken in whole")
    make.add_argument("vault")
    make.add_argument("file")
    make.add_argument("receipt", nargs="?")
    make.add_argument("-o", dest="out", metavar="RECEIPT")
    make.set_defaults(handler=make_receipt)
    take = verbs.add_parser("take", parents=[shared], help="take a partner's receipt")
    take.add_argument("vault")
    take.add_argument("receipt")
    take.set_defaults(handler=take_receipt)


def make_receipt(call: Call) -> int:
    out = call.args.out or call.args.receipt or call.args.file + ".receipt"
    path = new_file(out)
    with call.session() as session:
        data = receipting.make_receipt(session, [Path(call.args.file)])
    write_new(path, data)
    call.document({"receipt": out})
    return 0


def take_receipt(call: Call) -> int:
    data = read_file(call.args.receipt, limit=LIMITS.receipt_file)
    with call.session() as session:
        call.document(receipting.take_receipt(session, data))
    return 0
