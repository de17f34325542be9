"""`bundle taken`, `bundle take-back`: what was taken in, and taking it back on this desk or bringing it back."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc.cli.asking import ask
from kzdoc.cli.frame import Call
from kzdoc.exchange import incoming, taking_back
from kzdoc.exchange.taking_back import TOLD
from kzdoc.language import catalogue
from kzdoc.session import Session


def declare(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Declare these verbs of `bundle`."""
    taken = verbs.add_parser("taken", parents=[shared], help="the bundles that were taken in, and how each stands")
    taken.add_argument("vault")
    taken.set_defaults(handler=taken_bundles)
    back = verbs.add_parser("take-back", parents=[shared], help="set aside here what a bundle alone brought")
    back.add_argument("vault")
    back.add_argument("bundle", metavar="BUNDLE|FILE")
    back.add_argument("--yes", action="store_true", help="do not ask")
    either = back.add_mutually_exclusive_group()
    either.add_argument("--preview", action="store_true", help="say what it would do, change nothing")
    either.add_argument("--undo", action="store_true", help="put all that it brought in force again")
    back.set_defaults(handler=take_back)


def taken_bundles(call: Call) -> int:
    """List the bundles that were taken in, the newest first."""
    with call.session() as session:
        call.rows(taking_back.taken(session))
    return 0


def take_back(call: Call) -> int:
    """Take a bundle back, after saying what that does where somebody can be asked; raises ``work.declined``."""
    with call.session() as session:
        root = incoming.root_of(session, call.args.bundle)
        if call.args.undo:
            _tell(call, taking_back.bring_back(session, root, progress=call.progress))
            return 0
        if call.args.preview:
            _tell(call, taking_back.foresee(session, root, progress=call.progress))
            return 0
        ask(call, lambda: _say_what_goes(call, session, root))
        done = taking_back.take_back(session, root, progress=call.progress)
    _tell(call, done)
    if done["strict"]:
        call.note("cli.stays-strict", n=len(done["strict"]))
    return 0


def _say_what_goes(call: Call, session: Session, root: bytes) -> bool:
    call.note("cli.take-back-question", **_counts(taking_back.foresee(session, root, progress=call.progress)))
    return True


def _tell(call: Call, told: dict[str, Any]) -> None:
    """Print what becomes of the records, the first of them by name."""
    words = catalogue("cli", call.lang)
    counts = {"gone": told["vanish"], "back": told["come_back"], "n": told["changed"]}
    lines = [words.say("cli.back-told", sender=told["sender"], **counts)]
    lines += [words.say(f"cli.back-{one['becomes']}", title=one["title"]) for one in told["records"][:TOLD]]
    call.document(told, text="\n".join([*lines, *["…"] * (len(told["records"]) > TOLD)]))


def _counts(seen: dict[str, Any]) -> dict[str, Any]:
    own = len(seen["own_work"]) + len(seen["links"])
    return {"sender": seen["sender"], "gone": seen["vanish"], "n": seen["changed"] + seen["come_back"], "own": own}
