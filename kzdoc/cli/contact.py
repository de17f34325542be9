"""`contact`: cards and who is verified."""

from __future__ import annotations

import argparse
from typing import Any

from kzdoc.cli import contact_office
from kzdoc.cli.frame import Call, new_file, read_file, write_new
from kzdoc.exchange import trust as exchange
from kzdoc.exchange.alerts import take_back
from kzdoc.limits import LIMITS


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("contact", help="partners").add_subparsers(required=True, metavar="VERB")
    card = verbs.add_parser("card", parents=[shared], help="write this vault's card")
    card.add_argument("vault")
    card.add_argument("-o", dest="out", metavar="FILE")
    card.set_defaults(handler=write_card)
    add = verbs.add_parser("add", parents=[shared], help="take a partner's card in, unverified")
    add.add_argument("vault")
    add.add_argument("file")
    add.add_argument("--name", required=True)
    add.set_defaults(handler=add_card)
    listing = verbs.add_parser("list", parents=[shared], help="all partners")
    listing.add_argument("vault")
    listing.set_defaults(handler=list_contacts)
    verify = verbs.add_parser("verify", parents=[shared], help="say that the fingerprint was compared")
    verify.add_argument("vault")
    verify.add_argument("name")
    verify.add_argument("--digits", required=True, metavar='"12345 67890 …"')
    verify.add_argument("--by", choices=("person", "voice"), default="voice")
    verify.set_defaults(handler=verify_contact)
    revoke = verbs.add_parser("revoke", parents=[shared], help="trust nothing beyond what is known now")
    revoke.add_argument("vault")
    revoke.add_argument("name")
    revoke.add_argument("--take-back", metavar="REASON", help="it was wrong: what was written counts again")
    revoke.set_defaults(handler=revoke_contact)
    rename = verbs.add_parser("rename", parents=[shared], help="call a partner something else in this vault")
    rename.add_argument("vault")
    rename.add_argument("name")
    rename.add_argument("new")
    rename.set_defaults(handler=rename_contact)
    contact_office.declare(verbs, shared)


def write_card(call: Call) -> int:
    out = new_file(call.args.out) if call.args.out else None
    with call.session() as session:
        data = exchange.card(session)
        shown = exchange.own_fingerprint(session, call.lang)
    if out:
        write_new(out, data)
        call.document({"card": call.args.out, **shown})
    elif call.json:
        call.document({"card": data.decode("ascii"), **shown})
    else:
        call.say(data.decode("ascii"), end="")
    return 0


def add_card(call: Call) -> int:
    data = read_file(call.args.file, limit=LIMITS.card_file)
    with call.session() as session:
        call.document(exchange.add_contact(session, data, name=call.args.name, lang=call.lang))
    return 0


def list_contacts(call: Call) -> int:
    with call.session() as session:
        call.rows(
            exchange.contacts(session, call.lang),
            lambda row: f"{row['name']:20} {row['state']:10} {row['fingerprint']}",
        )
    return 0


def verify_contact(call: Call) -> int:
    with call.session() as session:
        done = exchange.verify_contact(
            session, call.args.name, digits=call.args.digits, by=call.args.by, lang=call.lang
        )
        call.document(done)
    return 0


def revoke_contact(call: Call) -> int:
    with call.session() as session:
        if call.args.take_back is None:
            call.document(exchange.revoke_contact(session, call.args.name, lang=call.lang))
        else:
            call.document(take_back(session, call.args.name, call.args.take_back))
    return 0


def rename_contact(call: Call) -> int:
    with call.session() as session:
        call.document(exchange.rename_contact(session, call.args.name, call.args.new, lang=call.lang))
    return 0
