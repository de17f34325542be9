"""`contact roster`, what concerns the office this desk is of: leaving it, the roster in force beside one that waits."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc.cli.asking import ask
from kzdoc.cli.frame import Call
from kzdoc.exchange import leaving_office, rosters
from kzdoc.session import Session


def declare(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Declare these verbs of `contact roster`."""
    show = verbs.add_parser("show", parents=[shared], help="the roster in force, and one that waits")
    show.add_argument("vault")
    show.set_defaults(handler=show_roster)
    leave = verbs.add_parser("leave", parents=[shared], help="be of no office again, when this was the wrong one")
    leave.add_argument("vault")
    leave.add_argument("reason", metavar="REASON")
    leave.add_argument("--yes", action="store_true", help="do not ask")
    leave.set_defaults(handler=leave_roster)


def show_roster(call: Call) -> int:
    """Show the roster in force, one that waits with what it would change, and the offices left here."""
    with call.session() as session:
        told = rosters.show_roster(session)
        waits = rosters.look_at_roster(session, None) if told["offered"] else None
        left = [{**one._asdict(), "office": one.office.hex()} for one in leaving_office.offices_left(session)]
    call.document({**told, "waits": waits, "left": left})
    return 0


def leave_roster(call: Call) -> int:
    """Leave the office, after saying what goes with it where somebody can be asked; raises ``work.declined``."""
    with call.session() as session:
        ask(call, lambda: _say_what_goes(call, session))
        done = leaving_office.leave_office(session, call.args.reason)
    call.document(done)
    if done["revoked"]:
        call.note("cli.roster-left-revoked", names=", ".join(done["revoked"]))
    return 0


def _say_what_goes(call: Call, session: Session) -> bool:
    told = leaving_office.look_at_leaving(session)
    counts = {name: told.get(name, 0) for name in ("uncounted", "counted", "conflicts", "successions")}
    names = {name: ", ".join(told.get(name, ())) or "—" for name in ("people", "revoked")}
    call.note("cli.roster-leave-question", version=told["version"], **counts, **names)
    return True
