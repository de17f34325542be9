"""Bundles for partners: what goes is what the profile leaves of each record for that audience.

Rules: only to verified partners. A signed statement goes whole or not at all: what the profile would generalise is
withheld, internal notes and unknown fields go to nobody. Of every revision the skeleton goes, so that the chain can be
verified; an entry goes when something of it goes or when it replaces something that goes, that went to a recipient
before, or that he wrote or brought himself: nobody is left with a value that was replaced. What is withheld in it is
marked `not_shared`. What all recipients have receipted is not sent again. A signature never checked is checked before
it is passed on, and what a revoked author wrote beyond his last good heads is not passed on. The authors of what goes,
and no others, are introduced by the name on their card.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, cast

from kzdoc.bundle.cards import read_card
from kzdoc.bundle.items import Blob, Introduction
from kzdoc.bundle.writer import FOR_STICKS, Addressee, write_bundle
from kzdoc.casework import state
from kzdoc.crypto.identity import verify_revision
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange.trust import VERIFIED, named
from kzdoc.ledger.history import ASIDE, held_entries
from kzdoc.ledger.merge import REMOVED, Held, RecordState
from kzdoc.ledger.revision import INDEX_BASE, Revision, StatementRef
from kzdoc.progress import Progress, silent
from kzdoc.publishing import people, reader_named
from kzdoc.redaction.judge import Judge
from kzdoc.redaction.people import People
from kzdoc.redaction.sharing import disclosable, travelling_judge
from kzdoc.redaction.text import NameBook
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact
from kzdoc.vault.exchange_log import ENTRY_ALONE


@dataclass(slots=True)
class _Choice:
    """What goes into one bundle, revision by revision."""

    session: Session
    audience: Audience
    everybody: People
    book: NameBook
    only: frozenset[bytes] | None
    states: dict[bytes, RecordState | None] = field(default_factory=dict)
    sent: set[tuple[bytes, int]] = field(default_factory=set)
    blobs: dict[bytes, int] = field(default_factory=dict)
    withheld: int = 0
    judge: Judge | None = None
    waiting: list[tuple[bytes, int, tuple[StatementRef, ...]]] = field(default_factory=list)

    def part_of(self, revision: Revision, also: Container[int] = ()) -> Revision:
        """Return the revision with the entries and statements that go.

        An entry of which nothing goes is noted in ``waiting`` with what it replaces, unless its number is in ``also``.
        """
        entries: dict[int, bytes] = {}
        statements: dict[int, bytes] = {}
        absent: dict[int, str] = {}
        for held in held_entries(revision):
            go = self._going(held)
            if not go and held.number not in also and not held.entry.kind.startswith("_"):
                self._wait(held)
                continue
            entries[held.number] = held.entry.raw
            for index, said in held.statements.items():
                if index in go:
                    statements[index] = said.raw
                    self.sent.add((revision.id, index))
                    self._note_file(said.value)
                else:
                    absent[index] = "not_shared"
                    self.withheld += 1
            absent.update(held.absent)
        return Revision(revision.skeleton, revision.signature, entries, statements, absent)

    def _wait(self, held: Held) -> None:
        self.withheld += len(held.statements)
        replaces = tuple([ref for slot in held.entry.slots for ref in slot.replaces])
        if replaces and (self.only is None or held.entry.record in self.only):
            self.waiting.append((held.revision, held.number, replaces))

    def _going(self, held: Held) -> set[int]:
        inside = self.audience is Audience.INTERNAL
        if held.entry.kind.startswith("_"):
            return set(held.statements) if inside or held.entry.kind == ASIDE else set()
        record = held.entry.record
        if self.only is not None and record not in self.only:
            return set()
        present = self._state(record)
        if present is None:
            return set()
        of = KINDS.get(present.kind)
        fields: Mapping[str, Field] = {one.id: one for one in of.fields} if of else {}
        return {
            index
            for index, said in held.statements.items()
            if (said.field == REMOVED and inside)
            or (said.field in fields and self._may_go(present, fields[said.field], said.value))
        }

    def _may_go(self, present: RecordState, one: Field, value: Any) -> bool:
        if self.judge is None:
            self.judge = travelling_judge(
                audience=self.audience, allowed=self.everybody.allowed, book=self.book, find=self._state
            )
        return disclosable(self.judge, present, one, value)

    def _state(self, record: bytes) -> RecordState | None:
        if record not in self.states:
            self.states[record] = self.session.records.record(record)
        return self.states[record]

    def _note_file(self, value: Any) -> None:
        if isinstance(value, Mapping) and isinstance(value.get("sha256"), bytes):
            size = value.get("size")
            self.blobs[value["sha256"]] = size if isinstance(size, int) else 0


def make_bundle(
    session: Session,
    to: Sequence[str],
    out: Path,
    *,
    audience: Audience,
    records: Sequence[bytes] | None = None,
    volume_size: int | None = None,
    recipient: str = "",
    purpose: str = "",
    progress: Progress = silent,
) -> dict[str, Any]:
    """Make a bundle for partners by name; ``records`` None means everything that may go.

    Raises:
        BundleError: ``contact.not-verified``, ``contact.revoked``, ``bundle.…`` from the writer; no file is left.
        InputError: ``contact.unknown``, ``record.unknown``, ``file.exists``.
        PublicationError: ``publication.no-reader`` without a purpose, unless it stays ``internal``.
    """
    partners = [_verified(session, name) for name in dict.fromkeys(to)]
    recipient = recipient or ", ".join(partner.name for partner in partners)
    reader_named(audience, recipient, purpose)
    choice = _choice(session, audience, records)
    _check_free(out, several=volume_size is not None)
    parts, authors = _parts(session, choice, partners, progress)
    blobs = _blobs(session, choice, partners)
    files_inside = [Blob(key, _size(session, key), partial(_open_blob, session, key)) for key in sorted(blobs)]
    numbers = {partner.number: session.vault.exchange.next_number(partner.number) for partner in partners}
    written = write_bundle(
        [*([Introduction(authors)] if authors else []), *parts, *files_inside],
        sender=session.signer(),
        recipients=[_addressee(session, partner, numbers[partner.number]) for partner in partners],
        target=out,
        volume_size=volume_size or FOR_STICKS,
        office=b"",
        practice=False,
        created_day=session.clock().day(),
        randomness=session.randomness,
        progress=progress,
    )
    with _or_none_is_left(written.files), session.vault.transaction():
        session.vault.exchange.note_out(
            written.root,
            profile=audience.value,
            purpose=purpose,
            recipients=numbers,
            carried={part.id: sorted(_carried_by(part)) for part in parts},
            blobs=blobs,
        )
        session.vault.exports.note(
            audience=audience.value,
            recipient=recipient,
            purpose=purpose,
            form="bundle",
            sha256=written.root,
            records=sorted(key for key, shown in choice.states.items() if shown is not None),
            detail={},
        )
    files = [str(file) for file in written.files]
    told = {"bundle": written.root.hex(), "files": files, "to": [partner.name for partner in partners]}
    return {**told, **_counts(choice, parts), "files_inside": len(blobs)}


def _choice(session: Session, audience: Audience, records: Sequence[bytes] | None) -> _Choice:
    """Return a choice of nothing yet; raises ``InputError("record.unknown")``."""
    for record in records or ():
        state(session, record)
    everybody = people(session)
    only = frozenset(records) if records is not None else None
    return _Choice(session, audience, everybody, everybody.book(audience), only)


def _counts(choice: _Choice, parts: Sequence[Revision]) -> dict[str, int]:
    statements = sum(len(part.statements) for part in parts)
    return {"revisions": len(parts), "statements": statements, "withheld": choice.withheld}


def _check_free(out: Path, *, several: bool) -> None:
    """Refuse a name that is taken, for further volumes too: no bundle is written over an older one."""
    further = re.compile(re.escape(out.stem) + r"-[0-9]+" + re.escape(out.suffix))
    if out.is_dir() or not out.parent.is_dir():
        return
    if out.exists() or (several and any(further.fullmatch(other.name) for other in out.parent.iterdir())):
        raise InputError("file.exists")


def _blobs(session: Session, choice: _Choice, partners: Sequence[Contact]) -> set[bytes]:
    """Return the files that go: those of statements that go, without what everybody has receipted."""
    has = [session.vault.exchange.carried_blobs(partner.number, receipted_only=True) for partner in partners]
    return {key for key in choice.blobs if session.blobs.has(key) and not all(key in one for one in has)}


@contextlib.contextmanager
def _or_none_is_left(files: Sequence[Path]) -> Iterator[None]:
    """Take written files back when what must be noted of them could not be noted."""
    try:
        yield
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
        raise


def foresee_bundle(
    session: Session, to: Sequence[str], *, audience: Audience, progress: Progress = silent
) -> dict[str, int]:
    """Count what a bundle of everything would carry and withhold; nothing is written.

    Raises ``BundleError``: ``contact.not-verified``, ``contact.revoked``.
    """
    partners = [_verified(session, name) for name in dict.fromkeys(to)]
    choice = _choice(session, audience, None)
    parts, _ = _parts(session, choice, partners, progress)
    records = {held.entry.record for part in parts for held in held_entries(part) if held.statements}
    return {
        "records": len(records & choice.states.keys()),
        "statements": sum(len(part.statements) for part in parts),
        "withheld": choice.withheld,
        "files_inside": len(choice.blobs),
    }


def bundles_made(session: Session) -> list[dict[str, Any]]:
    """Return the bundles made here, the newest first, each with its readers and when they receipted it (seconds, 0)."""
    told = []
    for one in session.vault.exchange.bundles_out():
        readers = [(session.vault.contacts.numbered(number), received) for number, _, received in one.recipients]
        to = [{"name": contact.name, "receipted": received} for contact, received in readers if contact is not None]
        told.append({"bundle": one.root.hex(), "made": one.made, "audience": one.profile, "to": to})
    return told


def _verified(session: Session, name: str) -> Contact:
    contact = named(session, name)
    if contact.state != VERIFIED:
        raise BundleError("contact.revoked" if contact.state == "revoked" else "contact.not-verified")
    return contact


def _addressee(session: Session, partner: Contact, number: int) -> Addressee:
    card = read_card(partner.card)
    before = [
        one.root
        for one in session.vault.exchange.bundles_out()
        for contact, sequence, _ in one.recipients
        if (contact, sequence) == (partner.number, number - 1)
    ]
    return Addressee(card.recipient, number, before[0]) if before else Addressee(card.recipient, number)


def _parts(
    session: Session, choice: _Choice, partners: Sequence[Contact], progress: Progress
) -> tuple[list[Revision], list[tuple[bytes, str]]]:
    """Return what goes of every revision some recipient lacks, and whom to introduce."""
    log = session.vault.exchange
    carried = [log.carried(partner.number, receipted_only=True) for partner in partners]
    parts: dict[bytes, Revision] = {}
    theirs: set[bytes] = set().union(*[log.brought(partner.author) for partner in partners])
    beyond, revoked = session.store.in_force()[0], session.store.policy().revoked
    for number, revision in enumerate(session.vault.chains.since()):
        progress("bundle.choose", number, 0)
        author = revision.skeleton.author
        if author in revoked and revision.id in beyond:
            continue
        if author in [partner.author for partner in partners]:
            theirs.add(revision.id)
        part = choice.part_of(revision)
        if not _receipted(part, carried):
            parts[revision.id] = part
    for part in _replacing(session, choice, partners, theirs):
        if not _receipted(part, carried):
            parts[part.id] = part
    return _introduced(session, choice, list(parts.values()))


def _receipted(part: Revision, carried: Sequence[Mapping[bytes, set[int]]]) -> bool:
    wanted = _carried_by(part)
    return bool(carried) and all(part.id in one and one[part.id] >= wanted for one in carried)


def _carried_by(part: Revision) -> set[int]:
    """Return what a part carries, as it is noted: statements, and entries that go without any."""
    with_words = {index // INDEX_BASE for index in part.statements}
    alone = {number * INDEX_BASE + ENTRY_ALONE for number in part.entries if number not in with_words}
    return set(part.statements) | alone


def _replacing(
    session: Session, choice: _Choice, partners: Sequence[Contact], theirs: AbstractSet[bytes]
) -> Iterator[Revision]:
    """Give the revisions again of which an entry goes only because it replaces what a recipient holds."""
    log = session.vault.exchange
    went = [log.carried(partner.number, receipted_only=False) for partner in partners]

    def holds(ref: StatementRef) -> bool:
        return ref in choice.sent or ref[0] in theirs or any(ref[1] in one.get(ref[0], ()) for one in went)

    also: dict[bytes, set[int]] = {}
    for revision, number, replaces in choice.waiting:
        if any(holds(ref) for ref in replaces):
            also.setdefault(revision, set()).add(number)
    withheld = choice.withheld
    for key, whole in session.vault.chains.revisions(list(also)).items():
        yield choice.part_of(whole, also[key])
    choice.withheld = withheld


def _introduced(
    session: Session, choice: _Choice, parts: Sequence[Revision]
) -> tuple[list[Revision], list[tuple[bytes, str]]]:
    """Return the parts whose authors say something to the recipients, and these authors with the names on their cards.

    Of a person without a card here nothing is known but what others call him: that stays in the house.
    """
    saying = {part.skeleton.author for part in parts if part.statements or _about_records(part)}
    authors: dict[bytes, str] = {}
    for author in saying - {session.author}:
        cards = [read_card(contact.card) for contact in session.vault.contacts.by_author(author)]
        heard = [label for _, label in session.introductions(author)] if choice.audience is Audience.INTERNAL else []
        authors[author] = next(iter([*[one.name for one in cards], *heard]), "")
    going = [
        part
        for part in parts
        if part.skeleton.author == session.author or (part.skeleton.author in saying and _is_signed(part))
    ]
    present = {part.skeleton.author for part in going}
    return going, sorted((author, name) for author, name in authors.items() if author in present)


def _about_records(part: Revision) -> bool:
    return any(not held.entry.kind.startswith("_") for held in held_entries(part))


def _is_signed(part: Revision) -> bool:
    return verify_revision(part.skeleton.author, part.skeleton.raw, part.signature)


def _size(session: Session, sha256: bytes) -> int:
    blob = session.blobs.get(sha256)
    if blob is None:
        raise BundleError("bundle.source-changed")
    return blob.size


def _open_blob(session: Session, sha256: bytes) -> BinaryIO:
    return cast("BinaryIO", _Decrypted(session.blobs.read(sha256)))


class _Decrypted(io.RawIOBase):
    """A file of the vault as a stream, decrypted piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes."""
        if size < 0:
            return self._left + b"".join(self._pieces)
        if not self._left:
            self._left = next(self._pieces, b"")
        part, self._left = self._left[:size], self._left[size:]
        return part
