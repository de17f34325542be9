"""`contact`, what concerns the office as a whole: who was detained, roster, successions, what others ask to forget."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from kzdoc import casework
from kzdoc.cli import contact_leaving
from kzdoc.cli.frame import Call, new_file, read_file, write_new
from kzdoc.exchange import alerts, asking, rosters, successions
from kzdoc.language import catalogue
from kzdoc.limits import LIMITS
from kzdoc.session import Session

EFFECT = ("joins", "goes", "changes", "revokes", "uncounted", "counted", "conflicts")
"""What is told of what a roster does: names, and how many revisions and conflicts."""


def say_effect(call: Call, roster: Mapping[str, Any]) -> None:
    """Tell on stderr what a roster did or would do, a line each."""
    for name in EFFECT:
        if roster.get(name):
            several = roster[name]
            names = ", ".join(several) if isinstance(several, list) else ""
            call.note(f"cli.roster-{name}", names=names, n=several if not names else 0)


def declare(verbs: Any, shared: argparse.ArgumentParser) -> None:
    gone = verbs.add_parser("detained", parents=[shared], help="trust nothing after now, and tell every partner")
    gone.add_argument("vault")
    gone.add_argument("name")
    gone.add_argument("--since", default="", metavar="DATE", help="the day as 2026-03-05; told, decides nothing")
    gone.set_defaults(handler=detained)
    waiting = verbs.add_parser("alerts", parents=[shared], help="who partners say was detained")
    waiting.add_argument("vault")
    waiting.add_argument("--all", action="store_true", help="followed, put away and taken back ones too")
    waiting.set_defaults(handler=list_alerts)
    follow = verbs.add_parser("alert", parents=[shared], help="follow an alert, or put it away")
    follow.add_argument("vault")
    follow.add_argument("alert")
    choice = follow.add_mutually_exclusive_group(required=True)
    choice.add_argument("--follow", action="store_true")
    choice.add_argument("--put-away", action="store_true")
    follow.set_defaults(handler=follow_alert)
    succeed = verbs.add_parser("succeed", parents=[shared], help="hand somebody's cases to another")
    succeed.add_argument("vault")
    succeed.add_argument("name", help="whose cases; one's own name hands over one's own")
    succeed.add_argument("--by", required=True, metavar="NAME")
    succeed.add_argument("-o", dest="out", metavar="FILE", help="for other coordinators to sign")
    succeed.set_defaults(handler=hand_over)
    succession = verbs.add_parser("succession", help="successions as files")
    _declare_succession(succession.add_subparsers(required=True, metavar="VERB"), shared)
    asked = verbs.add_parser("asked", parents=[shared], help="what partners ask to be forgotten here")
    asked.add_argument("vault")
    asked.add_argument("--record", action="append", default=[], metavar="ID")
    act = asked.add_mutually_exclusive_group()
    act.add_argument("--forget", action="store_true", help="forget it on this desk for ever")
    act.add_argument("--put-away", action="store_true")
    asked.add_argument("--leave-texts", action="store_true", help="also when texts still name the person")
    asked.set_defaults(handler=what_is_asked)
    roster = verbs.add_parser("roster", help="who may replace, settle, erase and revoke for others")
    _declare_roster(roster.add_subparsers(required=True, metavar="VERB"), shared)


def _declare_succession(verbs: Any, shared: argparse.ArgumentParser) -> None:
    sign = verbs.add_parser("sign", parents=[shared], help="add this coordinator's signature")
    sign.add_argument("vault")
    sign.add_argument("file")
    sign.add_argument("-o", dest="out", required=True, metavar="FILE")
    sign.set_defaults(handler=sign_succession)
    take = verbs.add_parser("take", parents=[shared], help="put a succession in force")
    take.add_argument("vault")
    take.add_argument("file")
    take.set_defaults(handler=take_succession)
    listing = verbs.add_parser("list", parents=[shared], help="who succeeds whom")
    listing.add_argument("vault")
    listing.set_defaults(handler=list_successions)


def _declare_roster(verbs: Any, shared: argparse.ArgumentParser) -> None:
    new = verbs.add_parser("new", parents=[shared], help="write the next version, signed by this vault")
    new.add_argument("vault")
    new.add_argument("--coordinator", action="append", default=[], metavar="NAME", help="another coordinator")
    new.add_argument("--member", action="append", default=[], metavar="NAME[=RIGHT,…]")
    new.add_argument("-o", dest="out", required=True, metavar="FILE")
    new.set_defaults(handler=new_roster)
    sign = verbs.add_parser("sign", parents=[shared], help="add this coordinator's signature")
    sign.add_argument("vault")
    sign.add_argument("file")
    sign.add_argument("-o", dest="out", required=True, metavar="FILE")
    sign.set_defaults(handler=sign_roster)
    take = verbs.add_parser("take", parents=[shared], help="put a roster in force; no file: the one a bundle brought")
    take.add_argument("vault")
    take.add_argument("file", nargs="?")
    take.set_defaults(handler=take_roster)
    contact_leaving.declare(verbs, shared)


def detained(call: Call) -> int:
    with call.session() as session:
        call.document(alerts.detained(session, call.args.name, since=call.args.since, lang=call.lang))
    call.note("cli.detained-next", name=call.args.name)
    return 0


def list_alerts(call: Call) -> int:
    words = catalogue("cli", call.lang)

    def line(row: Mapping[str, Any]) -> str:
        state = words.say(f"cli.alert.{row['state']}")
        if row["state"] == alerts.BACK:
            return words.say("cli.alert-back", name=row["name"], day=row["day"], reason=row["reason"])
        said = words.say("cli.alert", name=row["name"], by=row["by"], since=row["since"] or "?", n=row["beyond"])
        return f"{said}  {state}  {row['alert']}" if call.args.all else f"{said}  {row['alert']}"

    with call.session() as session:
        call.rows(alerts.alerts(session, every=call.args.all), line)
    return 0


def follow_alert(call: Call) -> int:
    with call.session() as session:
        call.document(alerts.follow_alert(session, call.args.alert, follow=call.args.follow))
    return 0


def hand_over(call: Call) -> int:
    out = new_file(call.args.out) if call.args.out else None
    with call.session() as session:
        told, text = successions.succeed(session, call.args.name, call.args.by)
    if out:
        write_new(out, text)
    call.document({**told, "file": call.args.out})
    return 0


def sign_succession(call: Call) -> int:
    data = read_file(call.args.file, limit=LIMITS.roster_file)
    out = new_file(call.args.out)
    with call.session() as session:
        told, text = successions.sign(session, data)
    write_new(out, text)
    call.document({**told, "file": call.args.out})
    return 0


def take_succession(call: Call) -> int:
    data = read_file(call.args.file, limit=LIMITS.roster_file)
    with call.session() as session:
        call.document(successions.take(session, data))
    return 0


def list_successions(call: Call) -> int:
    with call.session() as session:
        call.rows(successions.in_force(session), lambda row: f"{row['author']} → {row['successor']}")
    return 0


def what_is_asked(call: Call) -> int:
    records = [casework.record_id(one) for one in call.args.record] or None
    with call.session() as session:
        if call.args.forget:
            count = asking.forget_asked(session, records, leave_texts=call.args.leave_texts)
            call.document({"forgotten": count, "clean_up_due": session.blobs.unfinished})
        elif call.args.put_away:
            call.document({"put_away": asking.put_away(session, records)})
        else:
            call.rows(
                [row for row in asking.asked(session) if records is None or bytes.fromhex(row["id"]) in records],
                lambda row: f"{row['id']}  {row['by']}: {', '.join(row['fields'])}",
            )
    return 0


def new_roster(call: Call) -> int:
    given = [member.partition("=") for member in call.args.member]
    members = {name: frozenset(filter(None, rights.split(","))) for name, _, rights in given}
    out = new_file(call.args.out)
    with call.session() as session:
        made = rosters.new_roster(session, members, call.args.coordinator)
        told = _against_the_held(session, made)
        write_new(out, made)
    call.document({"roster": call.args.out, **told})
    return 0


def sign_roster(call: Call) -> int:
    data = read_file(call.args.file, limit=LIMITS.roster_file)
    out = new_file(call.args.out)
    with call.session() as session:
        told = _against_the_held(session, data)
        write_new(out, rosters.sign_roster(session, data))
    call.document({"roster": call.args.out, **told})
    return 0


def _against_the_held(session: Session, roster: bytes | None) -> dict[str, Any]:
    """Return who joins, goes and gets other rights by a roster: what those who go replaced is open again after it."""
    told = rosters.look_at_roster(session, roster)
    return {name: told[name] for name in EFFECT if name in told}


def take_roster(call: Call) -> int:
    with call.session() as session:
        data = read_file(call.args.file, limit=LIMITS.roster_file) if call.args.file else rosters.offered_text(session)
        call.document(rosters.take_roster(session, data))
    return 0
