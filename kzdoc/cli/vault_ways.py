"""`vault passphrase`, `vault slot`, `vault recovery`: who can open a vault, and how when all else is lost."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kzdoc import keeping
from kzdoc.cli.frame import Call
from kzdoc.session import open_session_with_key, unlock_with_shares


def declare(verbs: Any, shared: argparse.ArgumentParser) -> None:
    passphrase = verbs.add_parser("passphrase", parents=[shared], help="put a new passphrase in the place of this one")
    passphrase.add_argument("vault")
    passphrase.add_argument("--new-passphrase-file", metavar="F")
    passphrase.add_argument("--add", action="store_true", help="keep this one as well")
    passphrase.add_argument("--label", default="", metavar="TEXT", help="what the list calls it")
    passphrase.set_defaults(handler=set_passphrase)
    _declare_slots(verbs.add_parser("slot", help="the ways of unlocking"), shared)
    _declare_recovery(verbs.add_parser("recovery", help="shares that open it together"), shared)


def _declare_slots(noun: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    verbs = noun.add_subparsers(required=True, metavar="VERB")
    _verb(verbs, shared, "list", "those in use", list_slots)
    add = _verb(verbs, shared, "add", "let a headquarters open it with its own key", add_slot)
    add.add_argument("--to", required=True, metavar="CONTACT", help="a verified contact")
    add.add_argument("--label", default="", metavar="TEXT")
    rename = _verb(verbs, shared, "rename", "call one otherwise", rename_slot)
    rename.add_argument("number", type=int, metavar="N")
    rename.add_argument("--label", required=True, metavar="TEXT")
    remove = _verb(verbs, shared, "remove", "take one away and give the vault a new key; never the last", remove_slot)
    remove.add_argument("number", type=int, metavar="N")
    opened = _verb(verbs, shared, "open", "set a passphrase by a headquarters' key", open_slot)
    opened.add_argument("--by", required=True, metavar="VAULT", help="the headquarters' own vault")
    opened.add_argument("--new-passphrase-file", metavar="F")
    opened.add_argument("--label", default="", metavar="TEXT")


def _declare_recovery(noun: argparse.ArgumentParser, shared: argparse.ArgumentParser) -> None:
    verbs = noun.add_subparsers(required=True, metavar="VERB")
    split = _verb(verbs, shared, "split", "make shares and write their papers", split_recovery)
    split.add_argument("-k", dest="needed", type=int, required=True, metavar="K", help="how many open it")
    split.add_argument("-n", dest="total", type=int, required=True, metavar="N", help="how many are made")
    split.add_argument("-o", dest="out", required=True, metavar="DIR")
    split.add_argument("--lang", choices=("en", "ru", "kk"), help="language of the papers and their words")
    split.add_argument("--label", default="", metavar="TEXT")
    for name, told, handler in (
        ("join", "open it by shares and set a passphrase", join_recovery),
        ("rehearse", "see that shares would open it, and note the day", rehearse_recovery),
    ):
        verb = _verb(verbs, shared, name, told, handler)
        verb.add_argument("shares", nargs="+", metavar="SHARE", help="a paper's file, or a text file with its words")
        if name == "join":
            verb.add_argument("--new-passphrase-file", metavar="F")
            verb.add_argument("--label", default="", metavar="TEXT")


def _verb(
    verbs: Any, shared: argparse.ArgumentParser, name: str, told: str, handler: Callable[[Call], int]
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = verbs.add_parser(name, parents=[shared], help=told)
    made.add_argument("vault")
    made.set_defaults(handler=handler)
    return made


def set_passphrase(call: Call) -> int:
    old = call.passphrase()
    with call.session(old) as session:
        new = call.new_passphrase(call.args.new_passphrase_file)
        number = keeping.set_passphrase(session, old, new, keep=call.args.add, label=call.args.label)
    call.document({"slot": number})
    if not call.args.add:
        call.note("slot.changed")
    return 0


def list_slots(call: Call) -> int:
    with call.session() as session:
        call.rows(keeping.slots(session), _line)
    return 0


def add_slot(call: Call) -> int:
    passphrase = call.passphrase()
    with call.session(passphrase) as session:
        number = keeping.add_headquarters(session, call.args.to, passphrase=passphrase, label=call.args.label)
    call.document({"slot": number})
    return 0


def rename_slot(call: Call) -> int:
    with call.session() as session:
        keeping.rename_slot(session, call.args.number, call.args.label)
    call.document({"slot": call.args.number, "label": call.args.label})
    return 0


def remove_slot(call: Call) -> int:
    passphrase = call.passphrase()
    with call.session(passphrase) as session:
        done = keeping.remove_slot(session, call.args.number, passphrase=passphrase, progress=call.progress)
    call.document(done)
    call.note("slot.removed")
    if done["lost"]:
        call.note("slot.lost", slots=", ".join(str(number) for number in done["lost"]))
    return 0


def open_slot(call: Call) -> int:
    folder = Path(call.args.vault)
    call.args.vault = call.args.by
    with call.session() as headquarters:
        key = keeping.open_by_headquarters(headquarters, folder)
    return _set_by_key(call, folder, key, call.new_passphrase(call.args.new_passphrase_file))


def split_recovery(call: Call) -> int:
    passphrase = call.passphrase()
    lang = call.args.lang or call.lang
    with call.session(passphrase) as session:
        numbers = {"needed": call.args.needed, "total": call.args.total}
        folder = Path(call.args.out)
        done = keeping.make_recovery(
            session, folder, passphrase=passphrase, lang=lang, label=call.args.label, **numbers
        )
    call.document(done)
    call.note("recovery.split", n=call.args.total)
    return 0


def join_recovery(call: Call) -> int:
    folder = Path(call.args.vault)
    key = unlock_with_shares(folder, _texts(call))
    file = call.args.new_passphrase_file
    if not file and not call.stdin.isatty():
        key[:] = bytes(len(key))
        call.document({"opens": True, "slot": None})
        call.note("recovery.no-passphrase")
        return 0
    return _set_by_key(call, folder, key, call.new_passphrase(file))


def rehearse_recovery(call: Call) -> int:
    texts = _texts(call)
    with call.session() as session:
        call.document(keeping.rehearse(session, texts))
    return 0


def _set_by_key(call: Call, folder: Path, key: bytearray, passphrase: str) -> int:
    try:
        session = open_session_with_key(folder, key)
        try:
            number = keeping.add_passphrase_with_key(session, key, passphrase, label=call.args.label)
        finally:
            session.close()
    finally:
        key[:] = bytes(len(key))
    call.document({"opens": True, "slot": number})
    call.note("recovery.joined")
    return 0


def _texts(call: Call) -> list[str]:
    return [keeping.read_share_file(Path(name)) for name in call.args.shares]


def _line(row: Any) -> str:
    shares = f"{row['needed']}/{row['total']} {row['set']} {row['rehearsed'] or '-'}" if "needed" in row else ""
    return "  ".join(part for part in (str(row["slot"]), row["kind"], row["label"], shares) if part)
