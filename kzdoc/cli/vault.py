"""`vault`: make one, check it, sign its head, back it up."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from kzdoc import oversight
from kzdoc.cli import exposure, sealed, vault_ways
from kzdoc.cli.frame import Call, new_file, read_file, write_new
from kzdoc.limits import LIMITS
from kzdoc.session import create_vault


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("vault", help="the encrypted folder").add_subparsers(required=True, metavar="VERB")
    new = verbs.add_parser("new", parents=[shared], help="make a vault")
    new.add_argument("vault")
    new.add_argument("--author", required=True, metavar="NAME", help="what you call yourself to partners")
    new.add_argument("--new-passphrase-file", metavar="F")
    new.add_argument("--practice", action="store_true", help="for practice only: real vaults refuse what it sends")
    new.set_defaults(handler=make)
    check = verbs.add_parser("check", parents=[shared], help="check everything, and against a head kept elsewhere")
    check.add_argument("vault")
    check.add_argument("--head", metavar="FILE")
    check.set_defaults(handler=check_vault)
    head = verbs.add_parser("head", parents=[shared], help="write a signed head to keep elsewhere")
    head.add_argument("vault")
    head.add_argument("-o", dest="out", required=True, metavar="FILE")
    head.set_defaults(handler=write_head)
    backup = verbs.add_parser("backup", parents=[shared], help="write a verified backup")
    backup.add_argument("vault")
    backup.add_argument("-o", dest="out", required=True, metavar="FILE")
    backup.set_defaults(handler=write_backup)
    drill = verbs.add_parser("drill", parents=[shared], help="restore a backup beside, check it, throw it away again")
    drill.add_argument("vault")
    drill.add_argument("file")
    drill.set_defaults(handler=drill_backup)
    restore = verbs.add_parser("restore", parents=[shared], help="make a vault from a backup")
    restore.add_argument("file")
    restore.add_argument("vault")
    restore.set_defaults(handler=restore_vault)
    rebuild = verbs.add_parser("rebuild", parents=[shared], help="make lists, counts and search anew from the ledger")
    rebuild.add_argument("vault")
    rebuild.set_defaults(handler=rebuild_vault)
    vault_ways.declare(verbs, shared)
    sealed.declare_travel(verbs, shared)
    exposure.declare(verbs, shared)


def make(call: Call) -> int:
    folder = Path(call.args.vault)
    file = call.args.new_passphrase_file or call.args.passphrase_file
    passphrase, practice = call.new_passphrase(file), call.args.practice
    session = create_vault(folder, passphrase, author=call.args.author, practice=practice, progress=call.progress)
    call.warn(session)
    session.close()
    call.document({"vault": str(folder), "author": call.args.author, "practice": practice})
    return 0


def check_vault(call: Call) -> int:
    head = read_file(call.args.head, limit=LIMITS.head_file) if call.args.head else None
    with call.session() as session:
        found = oversight.check(session, head=head, progress=call.progress)
    call.document(found)
    return 0 if found["result"] == "good" else 1


def write_head(call: Call) -> int:
    out = new_file(call.args.out)
    with call.session() as session:
        data = oversight.head(session)
        write_new(out, data)
        call.document({"head": call.args.out, "heads": len(session.vault.chains.heads())})
    return 0


def write_backup(call: Call) -> int:
    out = new_file(call.args.out)
    with call.session() as session:
        oversight.backup(session, out, progress=call.progress)
    call.document({"backup": call.args.out})
    return 0


def drill_backup(call: Call) -> int:
    passphrase = call.passphrase()
    with call.session(passphrase) as session:
        call.document(oversight.drill(session, Path(call.args.file), passphrase, progress=call.progress))
    return 0


def restore_vault(call: Call) -> int:
    passphrase = call.passphrase() if call.args.passphrase_file else None
    oversight.restore_backup(Path(call.args.file), Path(call.args.vault), passphrase=passphrase, progress=call.progress)
    call.document({"vault": call.args.vault, "passphrase": "not checked" if passphrase is None else "opens"})
    if passphrase is None:
        call.note("restore.not-checked")
    return 0


def rebuild_vault(call: Call) -> int:
    with call.session() as session:
        records = oversight.rebuild(session, progress=call.progress)
    call.document({"records": records})
    return 0
