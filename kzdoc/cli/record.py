"""`record`: write, show, find, attach, import, withhold."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kzdoc import casework, exporting, importing, withholding
from kzdoc.casework import Change
from kzdoc.cli import sealed
from kzdoc.cli.assignments import assignment, changes_of, declare_fields
from kzdoc.cli.frame import Call, new_file, read_file
from kzdoc.cli.grammar import UsageError
from kzdoc.cli.report import refused
from kzdoc.cli.together import ALTHOUGH, say_together, say_withheld
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.text import iin_is_consistent
from kzdoc.errors import InputError
from kzdoc.leaving import HintedError, LeakError, UndecidedError
from kzdoc.limits import LIMITS
from kzdoc.session import Session


def declare(nouns: Any, shared: argparse.ArgumentParser) -> None:
    verbs = nouns.add_parser("record", help="records").add_subparsers(required=True, metavar="VERB")
    add = verbs.add_parser("add", parents=[shared], help="write a new record")
    add.add_argument("vault")
    add.add_argument("kind")
    declare_fields(add)
    add.set_defaults(handler=add_record)
    change = verbs.add_parser("set", parents=[shared], help="change fields: F=V, F= clears, F+=V adds, F-=V takes away")
    change.add_argument("vault")
    change.add_argument("id")
    declare_fields(change)
    change.set_defaults(handler=set_fields)
    show = verbs.add_parser("show", parents=[shared], help="one record")
    show.add_argument("vault")
    show.add_argument("id")
    show.add_argument("--history", action="store_true")
    show.set_defaults(handler=show_record)
    listing = verbs.add_parser("list", parents=[shared], help="the records of a kind")
    listing.add_argument("vault")
    listing.add_argument("kind")
    listing.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE")
    listing.set_defaults(handler=list_records)
    find = verbs.add_parser("find", parents=[shared], help="search, in any spelling")
    find.add_argument("vault")
    find.add_argument("text")
    find.add_argument("--kind")
    find.set_defaults(handler=find_records)
    remove = verbs.add_parser("remove", parents=[shared], help="remove a record; its history stays")
    remove.add_argument("vault")
    remove.add_argument("id")
    remove.add_argument("--reason", required=True)
    remove.set_defaults(handler=remove_record)
    _declare_absences(verbs, shared)
    _declare_files(verbs, shared)
    sealed.declare_record(verbs, shared)


def _declare_absences(verbs: Any, shared: argparse.ArgumentParser) -> None:
    withhold = verbs.add_parser("withhold", parents=[shared], help="take words out of this vault, keep the signature")
    withhold.add_argument("vault")
    withhold.add_argument("id")
    withhold.add_argument("fields", nargs="*", metavar="FIELD")
    withhold.add_argument("--reason", required=True)
    withhold.set_defaults(handler=withhold_record)
    restore = verbs.add_parser("restore", parents=[shared], help="put back what was withheld here")
    restore.add_argument("vault")
    restore.add_argument("id")
    restore.add_argument("fields", nargs="*", metavar="FIELD")
    restore.set_defaults(handler=restore_record)
    forget = verbs.add_parser("forget", parents=[shared], help="forget words for ever, on this desk")
    forget.add_argument("vault")
    forget.add_argument("id")
    forget.add_argument("fields", nargs="*", metavar="FIELD")
    forget.add_argument(
        "--leave-texts", action="store_true", help="although texts of other records still speak of the person"
    )
    forget.set_defaults(handler=forget_record)


def _declare_files(verbs: Any, shared: argparse.ArgumentParser) -> None:
    attach = verbs.add_parser("attach", parents=[shared], help="take files in as evidence")
    attach.add_argument("vault")
    attach.add_argument("id")
    attach.add_argument("file", nargs="+")
    attach.set_defaults(handler=attach_files)
    take = verbs.add_parser("import", parents=[shared], help="many records from JSON, CSV or XLSX, all or none")
    take.add_argument("vault")
    take.add_argument("file")
    take.add_argument("--kind")
    take.add_argument("--columns", metavar="MAP", help='"column=field,column=field"')
    take.add_argument("--preview", action="store_true", help="read and judge, change nothing")
    take.set_defaults(handler=import_file)
    export = verbs.add_parser("export", parents=[shared], help="a table for a named reader")
    export.add_argument("vault")
    export.add_argument("kind")
    export.add_argument("-o", dest="out", required=True, metavar="FILE")
    export.add_argument("--profile", required=True, choices=[audience.value for audience in Audience])
    export.add_argument("--for", dest="recipient", metavar="NAME")
    export.add_argument("--purpose", metavar="TEXT")
    export.add_argument("--lang", choices=("en", "ru", "kk"), help="labels in this language instead of codes")
    export.add_argument("--redaction", action="store_true", help="a signed report of what is withheld, without values")
    export.add_argument("--although", metavar="REASON", default="", help=ALTHOUGH)
    export.set_defaults(handler=export_table)


def add_record(call: Call) -> int:
    changes = changes_of(call, new=True)
    with call.session() as session:
        made = casework.add(session, call.args.kind, changes)
        _remark(call, session, made, changes)
    call.document({"id": made.hex()}, made.hex())
    return 0


def set_fields(call: Call) -> int:
    changes = changes_of(call, new=False)
    with call.session() as session:
        record = casework.record_id(call.args.id)
        casework.change(session, record, changes)
        _remark(call, session, record, changes)
        call.document(casework.plain(casework.state(session, record)))
    return 0


def _remark(call: Call, session: Session, record: bytes, changes: Sequence[Change]) -> None:
    """Say of a number whose last digit does not fit that it was kept as written."""
    shown = casework.state(session, record)
    for name in dict.fromkeys(change.field for change in changes):
        if KINDS[shown.kind].field(name).number_kind == "iin" and not all(map(iin_is_consistent, shown.values(name))):
            call.note("cli.iin-odd", field=name)


def show_record(call: Call) -> int:
    with call.session() as session:
        record = casework.record_id(call.args.id)
        shown = casework.plain(casework.state(session, record))
        if shown["withheld"]:
            shown["withheld_by"] = withholding.withheld_by(session, record)
        if call.args.history:
            shown["revisions"] = casework.history(session, record)
        call.document(shown)
    return 0


def list_records(call: Call) -> int:
    where = [assignment(word) for word in call.args.where]
    if any(change.how not in ("set", "clear") for change in where):
        raise UsageError("usage.where")
    with call.session() as session:
        call.rows(casework.listing(session, call.args.kind, {item.field: item.value for item in where}), _line)
    return 0


def find_records(call: Call) -> int:
    if any("\ud800" <= char <= "\udfff" for char in call.args.text):
        raise InputError("field.broken-text")
    with call.session() as session:
        call.rows(casework.find(session, call.args.text, kind_id=call.args.kind), _line)
    return 0


def _line(row: Mapping[str, Any]) -> str:
    values = [str(value) for value in row["fields"].values() if isinstance(value, str)][:4]
    return f"{row['id']}  {row['kind']:14} " + " · ".join(value[:60] for value in values)


def remove_record(call: Call) -> int:
    with call.session() as session:
        record = casework.record_id(call.args.id)
        casework.remove(session, record, call.args.reason)
        gone = casework.state(session, record).removed
    call.document({"removed": call.args.id, "in_force": gone})
    if not gone:
        call.note("cli.removal-stands-beside")
    return 0


def withhold_record(call: Call) -> int:
    with call.session() as session:
        record = casework.record_id(call.args.id)
        count = withholding.withhold(session, record, call.args.fields, call.args.reason)
    call.document({"withheld": count})
    return 0


def restore_record(call: Call) -> int:
    with call.session() as session:
        count = withholding.restore(session, casework.record_id(call.args.id), call.args.fields)
    call.document({"restored": count})
    return 0


def forget_record(call: Call) -> int:
    with call.session() as session:
        record = casework.record_id(call.args.id)
        count = withholding.forget(session, record, call.args.fields, leave_texts=call.args.leave_texts)
        call.document({"forgotten": count, "clean_up_due": session.blobs.unfinished})
    return 0


def attach_files(call: Call) -> int:
    with call.session() as session:
        record = casework.record_id(call.args.id)
        made = casework.attach(session, record, [Path(file) for file in call.args.file], progress=call.progress)
    ids = [one.hex() for one in made]
    call.document({"ids": ids}, "\n".join(ids))
    return 0


def _columns(text: str) -> dict[str, str]:
    """Return the field of each column that ``--columns`` names."""
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    if any(not sign or not column.strip() or not name.strip() for column, sign, name in pairs):
        raise UsageError("usage.columns")
    return {column.strip(): name.strip() for column, _, name in pairs}


def import_file(call: Call) -> int:
    columns = _columns(call.args.columns or "")
    data = read_file(call.args.file, limit=LIMITS.import_file)
    with call.session() as session:
        done = importing.take_file(
            session,
            data,
            name=Path(call.args.file).suffix.lower(),
            kind_id=call.args.kind,
            columns=columns,
            preview=call.args.preview,
            progress=call.progress,
        )
    call.document(done)
    if not done["rows"]:
        call.note("import.nothing")
    if done["alike"]:
        call.note("import.alike", n=done["alike"], lines=", ".join(map(str, done["alike_lines"])))
    return 0


def _exported(call: Call, out: Path) -> dict[str, Any]:
    with call.session() as session:
        return exporting.export_table(
            session,
            call.args.kind,
            out,
            audience=Audience(call.args.profile),
            recipient=call.args.recipient or "",
            purpose=call.args.purpose or "",
            lang=call.args.lang,
            redaction=call.args.redaction,
            although=call.args.although,
            warn=lambda found: say_together(call, call.args.kind, found),
            tell=lambda withheld: say_withheld(call, withheld),
        )


def export_table(call: Call) -> int:
    out = new_file(call.args.out)
    try:
        done = _exported(call, out)
    except (LeakError, UndecidedError, HintedError) as error:
        return refused(call, error)
    call.document(done)
    return 0
