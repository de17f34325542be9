"""`bundle`: make, look into, take in."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kzdoc import casework, leaving
from kzdoc.cli import bundle_taken
from kzdoc.cli.asking import ask
from kzdoc.cli.contact_office import say_effect
from kzdoc.cli.frame import Call, new_file
from kzdoc.cli.grammar import UsageError
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.errors import InputError
from kzdoc.exchange import incoming, outgoing, quarantine, several
from kzdoc.exchange.arriving import EVERYTHING, Choice
from kzdoc.exchange.held import FOLLOWED
from kzdoc.exchange.several import Several
from kzdoc.language import catalogue
from kzdoc.session import Session

_STANDINGS = frozenset(("copied", "fork", "gap", "jump", "late"))
"""Where a bundle stands that a person should hear of."""

UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    """Declare `bundle` and its verbs."""
    verbs = nouns.add_parser("bundle", help="encrypted files for partners").add_subparsers(
        required=True, metavar="VERB"
    )
    make = verbs.add_parser("make", parents=[shared], help="make a bundle")
    make.add_argument("vault")
    make.add_argument("--to", action="append", required=True, metavar="NAME")
    make.add_argument("--profile", required=True, choices=[audience.value for audience in Audience])
    make.add_argument("--record", action="append", default=[], metavar="ID")
    make.add_argument("--volume", metavar="SIZE", help="20M for messengers, 1.9G for sticks")
    make.add_argument("--for", dest="recipient", metavar="NAME")
    make.add_argument("--purpose", metavar="TEXT")
    make.add_argument("--again", action="store_true", help="also what they have receipted: one comes back from travel")
    make.add_argument("-o", dest="out", required=True, metavar="FILE")
    make.set_defaults(handler=make_bundle)
    inspect = verbs.add_parser("inspect", parents=[shared], help="say what is inside, change nothing")
    inspect.add_argument("vault")
    inspect.add_argument("file", nargs="*", help="the volumes of one bundle, many files, or folders")
    inspect.add_argument("--waiting", metavar="BUNDLE", help="one that waits in quarantine")
    inspect.set_defaults(handler=inspect_bundle)
    take = verbs.add_parser("take", parents=[shared], help="take in what a verified partner sent")
    take.add_argument("vault")
    take.add_argument("file", nargs="*", help="the volumes of one bundle, many files, or folders")
    take.add_argument("--bundle", nargs="+", default=[], metavar="BUNDLE", help="of many, these alone")
    take.add_argument("--waiting", metavar="BUNDLE", help="one that waits in quarantine")
    take.add_argument("--yes", action="store_true", help="do not ask")
    some = take.add_mutually_exclusive_group()
    some.add_argument("--only", nargs="+", default=[], metavar="RECORD|KIND", help="take these; the rest stays out")
    some.add_argument("--but", nargs="+", default=[], metavar="RECORD|KIND", help="take all except these")
    take.set_defaults(handler=take_bundle)
    waits = verbs.add_parser("waiting", parents=[shared], help="what waits in quarantine, and for what")
    waits.add_argument("vault")
    waits.add_argument("--let-go", metavar="BUNDLE", help="let this one go; what was taken in of it stays")
    waits.set_defaults(handler=waiting_bundles)
    bundle_taken.declare(verbs, shared)


def size_of(text: str | None) -> int | None:
    """Return a size given as 20M or 1.9G in bytes, None for none; raises ``UsageError("usage.size")``."""
    if not text:
        return None
    size = re.fullmatch(r"(\d{1,12}(?:[.,]\d{1,3})?)\s*([kmg]?)i?b?", text.strip().lower())
    whole = int(float(size[1].replace(",", ".")) * UNITS[size[2]]) if size else 0
    if not whole:
        raise UsageError("usage.size")
    return whole


def make_bundle(call: Call) -> int:
    """Make a bundle for partners and say when the stick may be pulled."""
    audience = Audience(call.args.profile)
    leaving.reader_named(audience, call.args.recipient or "", call.args.purpose or "")
    out, volume_size = new_file(call.args.out), size_of(call.args.volume)
    with call.session() as session:
        outside = outgoing.outside_roster(session, call.args.to, audience)
        if outside:
            call.note("cli.outside-roster", names=", ".join(outside))
        made = outgoing.make_bundle(
            session,
            call.args.to,
            out,
            audience=audience,
            records=[casework.record_id(one) for one in call.args.record] or None,
            volume_size=volume_size,
            recipient=call.args.recipient or "",
            purpose=call.args.purpose or "",
            again=call.args.again,
            progress=call.progress,
        )
    call.document(made)
    call.note("cli.safe-to-pull")
    return 0


def inspect_bundle(call: Call) -> int:
    """Say what is inside a bundle, or what lies in folders and among files; nothing is changed."""
    files, waits = _named(call)
    with call.session() as session:
        many = _many(call, session, files)
        if many is not None:
            several.foresee(session, many, progress=call.progress)
            seen = many.document()
            _say_what_lies_there(call, many)
        else:
            seen = _look(call, session, files, waits, listed_too=True)
    call.document(seen)
    if many is None:
        _say_of_the_sender(call, seen)
    return 0


def take_bundle(call: Call) -> int:
    """Take a bundle in, all of it or what was chosen; of many all that may come, or those chosen."""
    files, waits = _named(call)
    choice = _choice(call.args.only or call.args.but, but=not call.args.only)
    chosen = call.args.bundle
    with call.session() as session:
        many = _many(call, session, files)
        if many is not None or chosen:
            if choice is not EVERYTHING:
                raise UsageError("usage.one-bundle")
            many = many or several.group(session, files, progress=call.progress)
            return _take_many(call, session, many, chosen)
        ask(call, lambda: _say_what_comes(call, session, files, waits))
        if waits:
            done = quarantine.take(session, waits, choice=choice, progress=call.progress)
        else:
            done = incoming.take(session, files, choice=choice, progress=call.progress)
    call.document(done)
    _say_what_else_came(call, done)
    return 0


def _look(call: Call, session: Session, files: list[Path], waits: bytes, *, listed_too: bool = False) -> dict[str, Any]:
    if waits:
        return quarantine.inspect(session, waits, listed_too=listed_too, progress=call.progress)
    return incoming.inspect(session, files, listed_too=listed_too, progress=call.progress)


def _say_what_comes(call: Call, session: Session, files: list[Path], waits: bytes) -> bool:
    seen = _look(call, session, files, waits)
    if seen["volumes_missing"]:  # taking it in says which parts are not here
        return False
    if seen["left_out_before"]:
        call.note("cli.left-out-before", n=len(seen["left_out_before"]))
    call.note("cli.take-question", sender=seen["sender"], new=seen["new"], changed=seen["changed"])
    return True


def _say_what_comes_of(call: Call, session: Session, many: Several) -> bool:
    several.foresee(session, many, progress=call.progress)
    seen = many.document()
    call.note("cli.take-many-question", n=seen["come"], new=seen["totals"]["new"], changed=seen["totals"]["changed"])
    return True


def _many(call: Call, session: Session, files: list[Path]) -> Several | None:
    """Return what lies there when it is more than one bundle's files, None when it is one bundle."""
    folders = any(path.is_dir() for path in files)
    if len(files) < 2 and not folders:  # noqa: PLR2004 - one file is one bundle
        return None
    many = several.group(session, files, progress=call.progress)
    beside = many.found.receipts or (many.bundles and (many.found.others or many.refused or many.not_for_us))
    return None if not folders and len(many.bundles) < 2 and not beside else many  # noqa: PLR2004 - one


def _chosen_there(many: Several, named: str) -> bytes:
    """Return the root of the bundle that lies there and has this id, or alone begins so."""
    found = [one.root for one in many.bundles if one.root.hex().startswith(named.lower())]
    if not named or len(found) != 1:
        raise InputError("bundle.not-there")
    return found[0]


def _take_many(call: Call, session: Session, many: Several, named: Sequence[str]) -> int:
    """Take in what lies there and tell what came, what did not, and why."""
    chosen = {_chosen_there(many, one) for one in named}
    ask(call, lambda: _say_what_comes_of(call, session, many))
    done = several.take(session, many, chosen=chosen or None, progress=call.progress)
    call.document(done)
    for one in done["taken"]:
        _say_what_else_came(call, one)
    for one in [*done["not_taken"], *done["refused"]]:
        sentence = catalogue("errors", call.lang).say(one["code"], **{key: str(value) for key, value in one.items()})
        print(f"{', '.join(one.get('files', ())) or one['file']}: {one['code']}: {sentence}", file=call.stderr)
    _say_what_lies_there(call, many)
    if done["taken_back"]:
        call.note("cli.taken-back-here", n=len(done["taken_back"]))
    if done["stopped"]:
        call.note("cli.take-stopped", n=len(done["taken"]))
    return int(bool(done["not_taken"] or done["refused"] or done["stopped"]))


def _say_what_lies_there(call: Call, many: Several) -> None:
    """Say when there is nothing to take in: a wrong folder, perhaps."""
    if not (many.bundles or many.found.receipts or many.refused or many.not_for_us):
        call.note("cli.nothing-there")


def waiting_bundles(call: Call) -> int:
    """List what waits in quarantine, or let one of it go."""
    with call.session() as session:
        if call.args.let_go:
            root = _root(call.args.let_go)
            quarantine.let_go(session, root)
            call.document({"let_go": root.hex()})
        else:
            call.rows(quarantine.waiting(session))
    return 0


def _named(call: Call) -> tuple[list[Path], bytes]:
    """Return the files, or the root of a bundle that waits: one of the two was given."""
    files, waits = [Path(file) for file in call.args.file], call.args.waiting
    if waits is not None and files:
        raise UsageError("usage.both", name="--waiting", what="file")
    if waits is None and not files:
        raise UsageError("usage.missing", what="file")
    return files, b"" if waits is None else _root(waits)


def _root(text: str) -> bytes:
    """Return a bundle's root as `bundle waiting` tells it; raises ``InputError("bundle.not-waiting")``."""
    try:
        root = bytes.fromhex(text)
    except ValueError:
        root = b""
    if not root:
        raise InputError("bundle.not-waiting")
    return root


def _choice(named: Sequence[str], *, but: bool) -> Choice:
    """Return what was chosen by the ids of records, in full, or by kinds."""
    if not named:
        return EVERYTHING
    kinds = frozenset(one for one in named if one in KINDS)
    return Choice(frozenset(_chosen(one) for one in named if one not in kinds), kinds, but=but)


def _chosen(named: str) -> bytes:
    try:
        return casework.record_id(named)
    except InputError as error:
        raise InputError("bundle.what-to-choose", name=named) from error


def _say_of_the_sender(call: Call, done: dict[str, Any]) -> None:
    """Tell on stderr what a bundle says of vaults and keys: copied, forked, in use elsewhere, detained."""
    if done.get("standing") in _STANDINGS:
        call.note(f"cli.standing-{done['standing']}")
    if done.get("own_elsewhere"):
        call.note("cli.own-elsewhere", n=done["own_elsewhere"])
    said = done.get("alerts") or []
    for one in (one for one in said if one["state"] == FOLLOWED):
        call.note("cli.alert-followed", name=one["name"], by=one["by"], n=one["beyond"])
    waiting = [one for one in said if one["state"] != FOLLOWED]
    if waiting:
        call.note("cli.alerts-came", n=len(waiting))


def _say_what_else_came(call: Call, done: dict[str, Any]) -> None:
    """Tell on stderr what a person must decide about beside the records."""
    _say_of_the_sender(call, done)
    out = "cli.rest-waits" if done.get("rest_waits") else "cli.not-chosen"
    lists = {"not_chosen": out, "left_out_before": "cli.left-out-came"}
    for name, code in (lists | {"along": "cli.came-along", "named_outside": "cli.named-outside"}).items():
        if done.get(name):
            call.note(code, n=len(done[name]))
    if done.get("brought_back"):
        call.note("cli.brought-back")
    counts = {"withdrawn": "cli.withdrawn-came", "aside": "cli.aside-here", "asked_to_forget": "cli.asked"}
    for name, code in counts.items():
        if done.get(name):
            call.note(code, n=done[name])
    roster = done.get("roster") or {}
    if roster.get("state") in ("offered", "taken"):
        call.note(f"cli.roster-{roster['state']}", n=roster["version"])
        say_effect(call, roster)
    if done.get("notices_refused"):
        call.note("cli.beside-refused")
    for one in done.get("notices_refused", ()):
        print(f"{one['code']}: {catalogue('errors', call.lang).say(one['code'], **one)}", file=call.stderr)
