"""What a form of the desk writes: a record as one act, its undoing, and the draft of what is not saved yet.

Rules: one save is one signed revision with everything it needs (also a person named for the first time), and the
draft is dropped in the same transaction: either the record is there and the draft gone, or the draft stays. Undoing
sets a revision aside and undoing that brings it back; neither takes anything away.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzdoc import casework
from kzdoc.browsing import Naming
from kzdoc.browsing import shown as as_read
from kzdoc.casework import ID_BYTES, Change
from kzdoc.domain.catalogue import KINDS, kind
from kzdoc.domain.field import Type, read_value
from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError, KzdocError
from kzdoc.ledger.history import aside_entry
from kzdoc.ledger.merge import REMOVED
from kzdoc.ledger.revision import NewEntry
from kzdoc.moment import Moment
from kzdoc.platform.files import open_given
from kzdoc.progress import Progress, silent
from kzdoc.session import Session

_DRAFT_VERSION = 1
_KAZAKH_LETTERS = frozenset("әғқңөұүһі")


@dataclass(frozen=True, slots=True)
class Newborn:
    """A record that a form names for the first time: the id it will have, its kind, its name."""

    id: bytes
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save changed, as ``Changes`` has it, and which record it was."""

    record: bytes
    records: frozenset[bytes]
    kinds: frozenset[str]
    revisions: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A form not saved yet: ``typed`` holds, by field, what stood in the form, in the form's own shapes.

    ``record`` is empty for a new one; ``name`` is what the form was called; ``saved`` are claimed seconds.
    """

    id: bytes
    kind: str
    record: bytes
    name: str
    typed: Mapping[str, Any]
    saved: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One revision of a record's history; ``said`` are (field, shown value or "" when cleared)."""

    revision: bytes
    author: str
    time: Moment
    own: bool
    aside: bool
    said: tuple[tuple[str, str], ...]


# --- saving


def save(
    session: Session,
    kind_id: str,
    record: bytes,
    changes: Sequence[Change],
    *,
    born: Sequence[Newborn] = (),
    draft: bytes = b"",
    progress: Progress = silent,
) -> Saved:
    """Write a form as one revision and drop its draft; ``record`` empty makes a new record.

    A value that is a ``Path`` is a file to take in. Raises as ``casework.add`` and ``change`` do, ``InputError``
    ``file.not-read``, ``VaultError`` ``vault.disk-full``; then nothing was saved and the draft stays.
    """
    with session.vault.transaction():
        about, entries = entries_of(session, kind_id, record, changes, born=born, progress=progress)
        changed = session.write(entries) if entries else None
        if draft:
            session.vault.drafts.drop(draft)
    if changed is None:
        return Saved(about, frozenset(), frozenset(), ())
    return Saved(about, changed.records, changed.kinds, changed.revisions)


def entries_of(
    session: Session,
    kind_id: str,
    record: bytes,
    changes: Sequence[Change],
    *,
    born: Sequence[Newborn],
    progress: Progress,
) -> tuple[bytes, list[NewEntry]]:
    """Return the record a form is about and the entries that say what the form says; files in it are taken in.

    Inside the caller's transaction; raises as ``save``.
    """
    of = kind(kind_id)
    ready = [Change(one.field, one.how, _taken_in(session, one.value, progress)) for one in changes]
    present = casework.state(session, record) if record else None
    about = record or session.randomness(ID_BYTES)
    used = {value for one in changes for value in (one.value if isinstance(one.value, list) else [one.value])
            if isinstance(value, bytes)}  # fmt: skip
    wanted = [one for one in born if one.id in used]
    entries = [_first_entry(session, one) for one in wanted]
    also = {one.id: one.kind for one in wanted}
    entry = casework.new_entry(session, about, of, present, ready, also=also)
    if entry.statements or present is None:
        entries.append(entry)
    return about, entries


def remove(session: Session, record: bytes, reason: str) -> Saved:
    """Remove a record for a reason."""
    return _saved(record, casework.remove(session, record, reason))


def undo(session: Session, record: bytes, revision: bytes) -> Saved:
    """Set one of the own revisions aside; the revision that does it is the last of the result."""
    return _saved(record, casework.undo(session, revision))


def bring_back(session: Session, record: bytes, revision: bytes) -> Saved:
    """Put a revision that was set aside in force again; raises ``InputError("record.not-aside")`` when it is not."""
    excluded = session.store.in_force()[0]
    setting = [key for key in session.vault.chains.setting_aside(revision) if key not in excluded]
    if not setting:
        raise InputError("record.not-aside")
    return _saved(record, session.write([aside_entry(key, "undo") for key in setting]))


def settle(session: Session, record: bytes, field_id: str, *, keep: str = "", value: Any = None) -> Saved:
    """Settle a conflict by keeping one statement, or by a third value."""
    return _saved(record, casework.settle(session, record, field_id, keep=keep or None, value=value))


def attach(session: Session, record: bytes, files: Sequence[Path], *, progress: Progress = silent) -> Saved:
    """Take files in as items of evidence about a record."""
    items = casework.attach(session, record, files, progress=progress)
    return Saved(record, frozenset([record, *items]), frozenset(["evidence_item"]), ())


def _saved(record: bytes, changes: Any) -> Saved:
    return Saved(record, changes.records | {record}, changes.kinds, changes.revisions)


def _taken_in(session: Session, value: Any, progress: Progress) -> Any:
    if isinstance(value, list):
        return [_taken_in(session, one, progress) for one in value]
    if not isinstance(value, Path):
        return value
    media = mimetypes.guess_type(value.name)[0] or "application/octet-stream"
    try:
        with open_given(value) as source:
            blob = session.blobs.add(source, media=media, progress=progress, total=value.stat().st_size)
    except OSError as error:
        raise InputError("file.not-read") from error
    return {"sha256": blob.sha256, "size": blob.size, "media": media}


def _first_entry(session: Session, one: Newborn) -> NewEntry:
    of = kind(one.kind)
    return casework.new_entry(session, one.id, of, None, [Change(name_field(one.kind, one.name), "set", one.name)])


def name_field(kind_id: str, name: str) -> str:
    """Return the field of a kind that a bare name goes into: for people by the alphabet it is written in."""
    of = kind(kind_id)
    letters = [letter for letter in name.casefold() if letter.isalpha()]
    if of.has("name_latin") and letters and all(letter.isascii() for letter in letters):
        return "name_latin"
    if of.has("name_ru") and letters and not _KAZAKH_LETTERS & set(letters):
        return "name_ru"
    return of.title[0]


# --- history


def history(session: Session, record: bytes, lang: str) -> list[Step]:
    """Return the record's revisions, the newest last, in the words of ``lang``; raises ``record.unknown``."""
    told = {step["revision"]: step["fields"] for step in casework.history(session, record)}
    of = KINDS.get(casework.state(session, record).kind)
    excluded = session.store.in_force()[0]
    naming = Naming(session)

    def shown(name: str, plain: Any) -> str:
        if isinstance(plain, list):
            return ", ".join(shown(name, one) for one in plain)
        if name == REMOVED or of is None or not of.has(name) or plain is None:
            return str(plain.get("reason", "")) if isinstance(plain, Mapping) else ""
        one = of.field(name)
        try:
            value = read_value(one, plain)
        except KzdocError:
            return "…"
        if one.type is Type.LINK and isinstance(value, bytes):
            return naming.of(value)
        return as_read(one, value, lang)

    return [
        Step(
            step.revision,
            session.author_name(step.author),
            step.time,
            step.own and step.author == session.author,
            step.revision in excluded,
            tuple([(name, shown(name, plain)) for name, plain in told[step.revision.hex()].items()]),
        )
        for step in session.records.history(record)
    ]


# --- drafts


def keep_draft(session: Session, draft: Draft) -> int:
    """Keep a form that is not saved, sealed, over what was kept of it; return when (claimed seconds)."""
    content = {
        "version": _DRAFT_VERSION,
        "kind": draft.kind,
        "record": draft.record,
        "name": draft.name,
        "typed": dict(draft.typed),
    }
    session.vault.drafts.keep(draft.id, encode(content))
    return session.clock().seconds


def drafts(session: Session) -> list[Draft]:
    """Return the forms that were not saved, the newest first; one of a newer program is left alone."""
    found = []
    for note in session.vault.drafts.all():
        content = session.vault.drafts.open(note.id)
        told = decode(content) if content is not None else {}
        if isinstance(told, dict) and told.get("version") == _DRAFT_VERSION:
            found.append(Draft(note.id, told["kind"], told["record"], told["name"], told["typed"], note.saved))
    return found


def drop_draft(session: Session, draft: bytes) -> None:
    """Destroy a draft and its key."""
    session.vault.drafts.drop(draft)
