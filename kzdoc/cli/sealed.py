"""`record seal`, `add-sealed`, `open`; `outbox`; `vault travel`: words that leave this device for headquarters."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kzdoc import casework, direct, keeping, sealing, travelling
from kzdoc.cli.assignments import changes_of, declare_fields
from kzdoc.cli.frame import Call, new_file
from kzdoc.errors import InputError


def declare_record(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Add the verbs of `record`."""
    seal = verbs.add_parser("seal", parents=[shared], help="to headquarters alone: nothing here opens it any more")
    seal.add_argument("vault")
    seal.add_argument("ids", nargs="+", metavar="ID")
    _readers(seal)
    seal.add_argument("--leave-texts", action="store_true", help="other records may go on naming the person")
    seal.add_argument("--preview", action="store_true", help="say what would leave, change nothing")
    seal.set_defaults(handler=seal_records)
    add = verbs.add_parser("add-sealed", parents=[shared], help="write a new record that this device never opens again")
    add.add_argument("vault")
    add.add_argument("kind")
    declare_fields(add)
    _readers(add)
    add.set_defaults(handler=add_sealed)
    opened = verbs.add_parser("open", parents=[shared], help="at headquarters: take a sealed file in")
    opened.add_argument("vault")
    opened.add_argument("file", nargs="+")
    opened.set_defaults(handler=open_sealed)


def _readers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", action="append", required=True, metavar="CONTACT", help="a headquarters; two at least")
    parser.add_argument("--label", default="", metavar="TEXT", help="what the stub is called here; no names")


def declare_travel(verbs: Any, shared: argparse.ArgumentParser) -> None:
    """Add `vault travel`."""
    travel = verbs.add_parser("travel", parents=[shared], help="withhold what headquarters has receipted")
    travel.add_argument("vault")
    travel.add_argument("--to", action="append", default=[], metavar="CONTACT", help="whose receipts count")
    travel.add_argument("--preview", action="store_true", help="say what would leave and what stays, change nothing")
    travel.add_argument("--no-passphrase", action="store_true", help="take every passphrase away until you are back")
    travel.set_defaults(handler=travel_light)


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    """Add the noun `outbox`."""
    verbs = nouns.add_parser("outbox", help="sealed files that wait").add_subparsers(required=True, metavar="VERB")
    listing = verbs.add_parser("list", parents=[shared], help="what was sealed here, for whom, and who receipted it")
    listing.add_argument("vault")
    listing.set_defaults(handler=list_outbox)
    write = verbs.add_parser("write", parents=[shared], help="write a sealed file to a stick or a folder")
    write.add_argument("vault")
    write.add_argument("sealing", metavar="NUMBER|ID")
    write.add_argument("-o", dest="out", required=True, metavar="FILE|DIR")
    write.set_defaults(handler=write_outbox)
    clear = verbs.add_parser("clear", parents=[shared], help="drop the files that headquarters has receipted")
    clear.add_argument("vault")
    clear.set_defaults(handler=clear_outbox)


def seal_records(call: Call) -> int:
    records = [casework.record_id(one) for one in call.args.ids]
    with call.session() as session:
        if call.args.preview:
            call.document(sealing.foresee(session, records, call.args.to))
            return 0
        done = sealing.seal(
            session,
            records,
            call.args.to,
            label=call.args.label,
            leave_texts=call.args.leave_texts,
            progress=call.progress,
        )
    call.document(done)
    call.note("seal.done", n=done["number"])
    if done["files_left"]:
        call.note("seal.files-left", n=done["files_left"])
    return 0


def add_sealed(call: Call) -> int:
    changes = changes_of(call, new=True)
    with call.session() as session:
        done = direct.save_directly(session, call.args.kind, changes, call.args.to, label=call.args.label)
    call.document(done, done["record"])
    call.note("seal.done", n=done["number"])
    return 0


def open_sealed(call: Call) -> int:
    files = [Path(file) for file in call.args.file]
    with call.session() as session:
        form = direct.read_cut_short(files[0]) if len(files) == 1 else b""
        if form:
            draft = direct.open_cut_short(session, form)
            call.document({"draft": draft.id.hex(), "kind": draft.kind, "typed": casework.untyped(draft.typed)})
            return 0
        call.document(sealing.open_sealed(session, files, progress=call.progress))
    return 0


def list_outbox(call: Call) -> int:
    with call.session() as session:
        forms = [{"state": "draft", **one} for one in direct.cut_short(session)]
        call.rows([*forms, *sealing.outbox(session)], _line)
    return 0


def _line(row: Mapping[str, Any]) -> str:
    if row["state"] == "draft":
        return f"draft  {row['draft']}"
    to = ", ".join(one["name"] + (" ✓" if one["receipted"] else "") for one in row["to"])
    return "  ".join(part for part in (str(row["number"]), row["state"], row["label"], to) if part)


def write_outbox(call: Call) -> int:
    out = _outside(call.args.out)
    with call.session() as session:
        waiting = {one["draft"]: bytes.fromhex(one["draft"]) for one in direct.cut_short(session)}
        if call.args.sealing in waiting:
            direct.write_cut_short(session, waiting[call.args.sealing], out)
            call.document({"files": [str(out)]})
            return 0
        found = [one for one in sealing.outbox(session) if call.args.sealing in (str(one["number"]), one["sealing"])]
        if not found:
            raise InputError("outbox.unknown")
        call.document({"files": sealing.write_sealed(session, bytes.fromhex(found[0]["sealing"]), out)})
    return 0


def _outside(name: str) -> Path:
    """Return where to write: a folder, or a file to be made, never in a vault."""
    folder = Path(name).is_dir()
    path = new_file(str(Path(name) / "sealed") if folder else name)
    return path.parent if folder else path


def clear_outbox(call: Call) -> int:
    with call.session() as session:
        call.document({"cleared": sealing.clear(session)})
    return 0


def travel_light(call: Call) -> int:
    act = travelling.foresee if call.args.preview else travelling.travel
    without = call.args.no_passphrase
    with call.session() as session:
        if without and not keeping.ways_back(session):
            raise InputError("travel.no-way-back")
        done = act(session, call.args.to, progress=call.progress)
        if without and not call.args.preview:
            done |= keeping.leave_without_passphrase(session, progress=call.progress)
    call.document(done)
    if not call.args.preview:
        call.note("travel.done", n=done["withheld"], kept=sum(one["statements"] for one in done["kept"]))
    return 0
