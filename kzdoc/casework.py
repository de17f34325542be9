"""What people do with records: write, change, remove, find, settle, attach.

Every action takes the session and returns ids, ``Changes`` or plain values; what is written is one signed revision in
one transaction. Nothing here prints, translates or knows a window. Plain values have the shapes of docs/cli.md.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzdoc.authority import check_replaceable, replaceable
from kzdoc.domain.catalogue import kind
from kzdoc.domain.field import Field, Kind, Type, plain_value, read_value
from kzdoc.encoding import decode
from kzdoc.errors import InputError, KzdocError
from kzdoc.ledger.history import aside_entry, held_entries
from kzdoc.ledger.merge import KIND, REMOVED, LiveValue, RecordState
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision, StatementRef, read_disclosure
from kzdoc.platform.files import open_given
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.store import Changes

ID_BYTES = 16
FIND_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Change:
    """What someone wants of a field: ``how`` is set, clear, add or take; ``value`` is as typed or as JSON."""

    field: str
    how: str
    value: Any = None


def record_id(text: str) -> bytes:
    """Return the record id that 32 hexadecimal digits name; raises ``InputError("record.not-an-id")``."""
    try:
        value = bytes.fromhex(text)
    except ValueError as error:
        raise InputError("record.not-an-id") from error
    if len(value) != ID_BYTES:
        raise InputError("record.not-an-id")
    return value


def state(session: Session, record: bytes) -> RecordState:
    """Return the record's present state; raises ``InputError("record.unknown")``."""
    found = session.records.record(record)
    if found is None:
        raise InputError("record.unknown")
    return found


def add(session: Session, kind_id: str, changes: Sequence[Change]) -> bytes:
    """Write a new record and return its id; raises ``InputError("record.empty")`` when it would say nothing."""
    record = session.randomness(ID_BYTES)
    entry = new_entry(session, record, kind(kind_id), None, changes)
    if not entry.statements:
        raise InputError("record.empty")
    session.write([entry])
    return record


def change(session: Session, record: bytes, changes: Sequence[Change]) -> Changes:
    """Write what differs from the present state; nothing is written when nothing does."""
    present = state(session, record)
    entry = new_entry(session, record, kind(present.kind), present, changes)
    return session.write([entry]) if entry.statements else Changes()


def new_entry(
    session: Session,
    record: bytes,
    of: Kind,
    present: RecordState | None,
    changes: Sequence[Change],
    *,
    also: Mapping[bytes, str] | None = None,
) -> NewEntry:
    """Return the entry that makes ``changes`` to a record; ``also`` names records of the same revision by kind."""
    grouped: dict[str, list[Change]] = {}
    for one in changes:
        grouped.setdefault(one.field, []).append(one)
    aside = _withheld_here(session, present)
    statements: list[NewStatement] = []
    for name, asked in grouped.items():
        field = of.field(name)
        if field.many:
            statements += _many(session, field, present, asked, also or {})
        elif len(asked) > 1:
            raise InputError("field.twice", field=name)
        else:
            statements += _single(session, field, present, asked[0], also=also or {}, aside=aside.get(name, ()))
    return NewEntry(record, of.id, tuple(statements))


def _single(
    session: Session,
    field: Field,
    present: RecordState | None,
    one: Change,
    *,
    also: Mapping[bytes, str],
    aside: Sequence[StatementRef],
) -> list[NewStatement]:
    """Return the statement that says ``one``, in the place of all that is said, words withheld here included."""
    if one.how in ("add", "take"):
        raise InputError("field.not-many", field=field.id)
    value = None if one.how == "clear" else read_value(field, one.value, today=session.clock().day())
    _check_links(session, field, [] if value is None else [value], also)
    here = present.values(field.id) if present else []
    disputed = present is not None and field.id in present.conflicts
    if not disputed and not aside and here == ([] if value is None else [value]):
        return []
    return [NewStatement(field.id, value, (*(present.refs(field.id) if present else ()), *aside))]


def _many(
    session: Session, field: Field, present: RecordState | None, asked: Sequence[Change], also: Mapping[bytes, str]
) -> list[NewStatement]:
    """Return what takes the field's elements from what is there to what ``asked`` makes of it, one after the other."""
    lives = [live for live in (present.fields.get(field.id, ()) if present else ()) if live.value is not None]
    here = [live.value for live in lives]
    wanted = [] if any(one.how in ("set", "clear") for one in asked) else list(here)
    for one in asked:
        raw = one.value if isinstance(one.value, list | tuple) else [one.value]
        read = [read_value(field, value, today=session.clock().day()) for value in raw if one.how != "clear"]
        values = [value for value in read if value is not None]
        _check_links(session, field, values if one.how != "take" else [], also)
        if one.how == "take":
            if not values or any(value not in wanted for value in values):
                raise InputError("field.no-such-value", field=field.id)
            wanted = [value for value in wanted if value not in values]
        else:
            wanted += [value for number, value in enumerate(values) if value not in wanted + values[:number]]
    gone = [NewStatement(field.id, None, live.refs) for live in lives if live.value not in wanted]
    return gone + [NewStatement(field.id, value) for value in wanted if value not in here]


def _withheld_here(session: Session, present: RecordState | None) -> dict[str, list[StatementRef]]:
    """Return the statements of a record that are withheld on this desk and kept aside, by field."""
    if present is None or not present.absent:
        return {}
    absent = {absence.ref for absence in present.absent}
    found: dict[str, list[StatementRef]] = {}
    for key, said in kept_aside(session, present.id).items():
        for index, raw in said.items():
            if (key, index) in absent:
                found.setdefault(read_disclosure(raw).field, []).append((key, index))
    return found


def kept_aside(session: Session, record: bytes) -> dict[bytes, dict[int, bytes]]:
    """Return the words of a record that are withheld on this desk, as disclosures by revision and index."""
    content = session.vault.quarantine.content(record)
    kept = decode(content) if content is not None else {}
    return {bytes.fromhex(key): dict(said) for key, said in kept.get("statements", {}).items()}


def _check_links(session: Session, field: Field, values: Sequence[Any], also: Mapping[bytes, str]) -> None:
    if field.type is not Type.LINK:
        return
    for value in values:
        target = also.get(value)
        if target is None:
            found = session.records.record(value)
            target = found.kind if found else None
        if target is None:
            raise InputError("field.link-unknown", field=field.id)
        if field.to not in ("*", None, target):
            raise InputError("field.link-kind", field=field.id, kind=target)


def remove(session: Session, record: bytes, reason: str) -> Changes:
    """Remove a record: a statement, in conflict with edits its author had not seen."""
    present = state(session, record)
    seen = [list(ref) for name in present.fields if name != REMOVED for ref in present.refs(name)]
    value = {"reason": reason, "seen": seen}
    statement = NewStatement(REMOVED, value, present.refs(REMOVED))
    return session.write([NewEntry(record, present.kind, (statement,))])


def undo(session: Session, revision: bytes, reason: str = "undo") -> Changes:
    """Set one of the own revisions aside; setting the undoing aside brings it back."""
    return session.write([aside_entry(revision, reason)])


def plain(shown: RecordState) -> dict[str, Any]:
    """Return a record in the JSON of `record list|find|show` (docs/cli.md)."""
    of = kind_or_none(shown.kind)
    fields: dict[str, Any] = {}
    for name, lives in shown.fields.items():
        if name == REMOVED or (name == KIND and name not in shown.conflicts):
            continue
        values = [_plain_live(of, name, live) for live in lives if live.value is not None or name in shown.conflicts]
        if not values:
            continue
        several = name in shown.conflicts or (of is not None and of.has(name) and of.field(name).many)
        fields[name] = values if several else values[0]
    known = sorted({absence.field for absence in shown.absent if absence.field})
    done: dict[str, Any] = {
        "id": shown.id.hex(),
        "kind": shown.kind,
        "fields": fields,
        "conflicts": sorted(shown.conflicts),
        "withheld": len(shown.absent),
        "withheld_fields": known,
    }
    if shown.removed:
        done["removed"] = True
    return done


def kind_or_none(kind_id: str) -> Kind | None:
    """Return the kind, or None for one this program does not know (kept, shown raw, exported to nobody)."""
    try:
        return kind(kind_id)
    except KzdocError:
        return None


def _plain_live(of: Kind | None, name: str, live: LiveValue) -> Any:
    return None if live.value is None else _plain_value(of, name, live.value)


def _plain_value(of: Kind | None, name: str, value: Any) -> Any:
    if of is not None and of.has(name):
        return plain_value(of.field(name), value)
    return untyped(value)


def untyped(value: Any) -> Any:
    """Return a value of a field nobody here knows as JSON can say it: bytes as hexadecimal digits."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple):
        return [untyped(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): untyped(item) for key, item in value.items()}
    return value


def statement_name(ref: StatementRef) -> str:
    """Return a statement's name in text: the revision's id and the index."""
    return f"{ref[0].hex()}:{ref[1]}"


def statement_ref(name: str) -> StatementRef:
    """Return the statement of that name, as ``statement_name`` gave it."""
    revision, _, index = name.partition(":")
    return bytes.fromhex(revision), int(index)


def history(session: Session, record: bytes) -> list[dict[str, Any]]:
    """Return the record's revisions, parents before children, in the JSON of `record show --history`."""
    of = kind_or_none(state(session, record).kind)
    told = []
    for step in session.records.history(record):
        revision = session.vault.chains.revision(step.revision)
        fields: dict[str, Any] = {}
        for _, name, value in said_in(revision, record) if revision else []:
            shown = None if value is None else _plain_value(of, name, value)
            many = of is not None and of.has(name) and of.field(name).many
            fields[name] = [*fields.get(name, []), shown] if many else shown
        told.append(
            {
                "revision": step.revision.hex(),
                "author": session.author_name(step.author),
                "time": step.time.iso(),
                "fields": fields,
                "replaces": [statement_name(ref) for ref in step.replaces],
            }
        )
    return told


def said_in(revision: Revision, record: bytes) -> list[tuple[StatementRef, str, Any]]:
    """Return (statement, field, value) of what a revision says about a record, in the order of fields."""
    said = [
        ((revision.id, index), disclosure.field, disclosure.value)
        for held in held_entries(revision)
        if held.entry.record == record
        for index, disclosure in held.statements.items()
    ]
    return sorted(said, key=lambda one: (one[1], one[0]))


def listing(session: Session, kind_id: str, where: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the records of a kind that have all the values of ``where``, sorted by id."""
    of = kind(kind_id)
    wanted = {name: read_value(of.field(name), value) for name, value in where.items()}
    for shown in session.records.records(kind_id, wanted):
        yield plain(shown)


def find(session: Session, text: str, *, kind_id: str | None = None, limit: int = FIND_LIMIT) -> list[dict[str, Any]]:
    """Return the records that match ``text`` in any spelling, best first."""
    if kind_id is not None:
        kind(kind_id)
    return [plain(shown) for shown in session.records.find(text, kind=kind_id, limit=limit)]


def conflicts(session: Session) -> list[dict[str, Any]]:
    """Return every open conflict in the JSON of `conflict list`, the same on every desk."""
    told = []
    for shown in session.records.in_conflict():
        of = kind_or_none(shown.kind)
        for name in sorted(shown.conflicts):
            values = [
                {
                    "statement": statement_name(live.refs[0]),
                    "value": _plain_live(of, name, live),
                    "author": session.author_name(live.author),
                    "time": live.time.iso(),
                    "revision": live.refs[0][0].hex(),
                }
                for live in shown.fields.get(name, ())
            ]
            told.append({"id": shown.id.hex(), "kind": shown.kind, "field": name, "values": values})
    return told


def settle(session: Session, record: bytes, field_id: str, *, keep: str | None = None, value: Any = None) -> Changes:
    """Settle a conflict: keep one of its statements (by name), or write a third value over all of them.

    A removal is kept, or with neither the record stays. Raises ``InputError``: ``conflict.none``,
    ``conflict.no-such-statement``, ``conflict.removal`` for a third value of one, ``conflict.no-right`` when the roster
    lets others alone replace what would have to go.
    """
    present = state(session, record)
    if field_id not in present.conflicts:
        raise InputError("conflict.none", field=field_id)
    if field_id == REMOVED:
        return _settle_removal(session, present, keep, value)
    if field_id == KIND:
        return _settle_kind(session, present, keep, value)
    field = kind(present.kind).field(field_id)
    if keep is not None:
        chosen = [live for live in present.fields[field_id] if keep in [statement_name(ref) for ref in live.refs]]
        if not chosen:
            raise InputError("conflict.no-such-statement", field=field_id)
        settled = chosen[0].value
    else:
        settled = read_value(field, value, today=session.clock().day()) if value not in (None, "") else None
        _check_links(session, field, [] if settled is None else [settled], {})
    check_replaceable(session, [ref for live in present.fields[field_id] if live.value != settled for ref in live.refs])
    statement = NewStatement(field_id, settled, replaceable(session, present.refs(field_id)))
    return session.write([NewEntry(record, present.kind, (statement,))])


def _settle_kind(session: Session, present: RecordState, keep: str | None, value: Any) -> Changes:
    """Say of which of the claimed kinds a record is."""
    lives = present.fields[KIND]
    chosen = [live.value for live in lives if value == live.value or keep in [statement_name(ref) for ref in live.refs]]
    if not chosen:
        raise InputError("conflict.no-such-statement", field=KIND)
    revisions = session.vault.chains.revisions([ref[0] for live in lives for ref in live.refs])
    said = [ref for revision in revisions.values() for ref, name, _ in said_in(revision, present.id) if name == KIND]
    replaces = tuple([ref for live in lives for ref in live.refs if ref in said])
    return session.write([NewEntry(present.id, chosen[0], (NewStatement(KIND, chosen[0], replaces),))])


def _settle_removal(session: Session, present: RecordState, keep: str | None, value: Any) -> Changes:
    chosen = [live for live in present.fields[REMOVED] if keep in [statement_name(ref) for ref in live.refs]]
    if value is not None:
        raise InputError("conflict.removal")
    if keep is not None and not chosen:
        raise InputError("conflict.no-such-statement", field=REMOVED)
    if chosen and chosen[0].value is not None:
        return remove(session, present.id, str(chosen[0].value.get("reason", "")))
    check_replaceable(session, present.refs(REMOVED))
    statement = NewStatement(REMOVED, None, present.refs(REMOVED))
    return session.write([NewEntry(present.id, present.kind, (statement,))])


def attach(session: Session, record: bytes, files: Sequence[Path], *, progress: Progress = silent) -> list[bytes]:
    """Take files in as evidence items about ``record``, all of them or none; return the items' ids.

    An item has no title until somebody gives it one: the name of a file tells when it was taken and by whom, and titles
    stand in papers.

    Raises ``InputError``: ``record.unknown``, ``file.not-read``; ``VaultError``: ``vault.blob-size`` and the disk's.
    """
    about = state(session, record)
    had = {blob.sha256 for blob in session.blobs.all()}
    try:
        entries = [_evidence(session, about.id, file, progress) for file in files]
        session.write(entries)
    except BaseException:
        for blob in session.blobs.all():
            if blob.sha256 not in had:
                session.blobs.forget(blob.sha256)
        raise
    return [entry.record for entry in entries]


def _evidence(session: Session, about: bytes, file: Path, progress: Progress) -> NewEntry:
    media = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    try:
        with open_given(file) as source:
            blob = session.blobs.add(source, media=media, progress=progress, total=file.stat().st_size)
    except OSError as error:
        raise InputError("file.not-read") from error
    changes = [
        Change("original_name", "set", file.name),
        Change("about", "set", about),
        Change("file", "set", {"sha256": blob.sha256, "size": blob.size, "media": media}),
    ]
    return new_entry(session, session.randomness(ID_BYTES), kind("evidence_item"), None, changes)
