"""What a laptop held, as far as this vault can tell: words, files, whose words, and what of it is not known here.

A partner's laptop held what he wrote, what his bundles carried, whether it was here already or not and whatever became
of it here, what bundles made here carried to him, and what he replaced. So words count that were taken back here, are
beyond a revoked author's good heads, are withheld on this desk, or lie in a bundle that waits in quarantine or of which
some was left out. Words that are not here any more are counted as a record of which nothing is known. Rules: nothing is
guessed; what cannot be known is named in ``unknown``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kzdoc.bundle.items import BlobPiece, Introduction, TakenRevision
from kzdoc.bundle.reader import open_bundle
from kzdoc.casework import kept_aside
from kzdoc.errors import Cancelled, KzdocError
from kzdoc.exchange import quarantine
from kzdoc.exchange.incoming import BUNDLES
from kzdoc.exchange.trust import reader_of
from kzdoc.ledger.history import held_entries
from kzdoc.ledger.merge import Held
from kzdoc.ledger.revision import Revision, read_disclosure
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.batch import in_batches
from kzdoc.vault.brought import Part
from kzdoc.vault.contacts import Contact
from kzdoc.vault.quarantine import WITHHELD
from kzdoc.vault.store import AT_ONCE

SENT_BY_OTHERS, WORDS_GONE, STAYED_OUT, WAITING_UNREAD, DRAFTS = (
    "sent-by-others", "words-gone", "stayed-out", "waiting-unread", "drafts",
)  # fmt: skip
"""What is not known here: what other desks sent him; words he held that are not here; what stayed out of a bundle of
his and is not kept here; a bundle that waits and cannot be read; what stands in forms that were not saved."""

WROTE, SENT, BROUGHT = "wrote", "introduced-to", "brought"
_NOTHING: Part = frozenset()


@dataclass(slots=True)
class Laptop:
    """What a laptop held: values by field by record, kinds by record, files, whose words and how they came to it."""

    held: dict[bytes, dict[str, list[Any]]] = field(default_factory=dict)
    kinds: dict[bytes, str] = field(default_factory=dict)
    files: set[bytes] = field(default_factory=set)
    authors: dict[bytes, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def add(self, held: Held, said: Iterable[tuple[str, Any]], *, with_files: bool, gone: bool = False) -> None:
        """Add what it held of an entry; ``gone``: of some of it the words are not here."""
        entry = held.entry
        if entry.kind.startswith("_"):
            return
        words = [(name, value) for name, value in said if value is not None]
        if not words and not gone:
            return
        self.unknown |= {WORDS_GONE} if gone else set()
        self.kinds.setdefault(entry.record, entry.kind)
        fields = self.held.setdefault(entry.record, {})
        for name, value in words:
            values = fields.setdefault(name, [])
            if value not in values:
                values.append(value)
            if with_files and isinstance(value, Mapping) and isinstance(value.get("sha256"), bytes):
                self.files.add(value["sha256"])


def laptop_of(session: Session, contact: Contact | None, progress: Progress = silent) -> Laptop:
    """Return what the laptop of a partner held; None: this one."""
    laptop = Laptop(unknown={SENT_BY_OTHERS} if contact else set())
    if contact is None:
        laptop.unknown |= {DRAFTS} if session.vault.drafts.all() else set()
    else:
        laptop.files |= session.vault.sent.carried_blobs(contact.number, receipted_only=False)
    _read_ledger(session, contact, laptop, progress)
    _read_waiting(session, contact, laptop, progress)
    if contact is not None and _stayed_out(session, contact.author):
        laptop.unknown.add(STAYED_OUT)
    return laptop


class _Ledger:
    """Reading the revisions of this vault for one laptop."""

    def __init__(self, session: Session, contact: Contact | None, laptop: Laptop) -> None:
        self._contact, self._laptop = contact, laptop
        log = session.vault.sent
        self._brought = session.vault.brought.from_sender(contact.author) if contact else {}
        self._went = log.carried(contact.number, receipted_only=False) if contact else {}
        self._aside = _all_kept_aside(session)
        self.replaced: dict[bytes, set[int]] = {}

    def look(self, revision: Revision) -> None:
        """Add what the laptop held of a revision."""
        author, contact = revision.skeleton.author, self._contact
        wrote = contact is None or author == contact.author
        brought = None if wrote else self._brought.get(revision.id, _NOTHING)
        went = frozenset(self._went.get(revision.id, ()))
        if wrote and contact is not None:
            self._note_replaced(revision)
        part = None if brought is None else brought | went
        if part is not None and not part:
            return
        self.add(revision, part, own=brought != _NOTHING)
        self._laptop.authors.setdefault(author, WROTE if wrote else BROUGHT if brought != _NOTHING else SENT)

    def add(self, revision: Revision, part: Part, *, own: bool) -> None:
        """Add a part of a revision with the words of it that are kept aside."""
        aside = self._aside.get(revision.id, {})
        for held in held_entries(revision):
            mine = {index: (one.field, one.value) for index, one in held.statements.items()}
            absent = set(held.absent)
            for index in absent & aside.keys():
                one = read_disclosure(aside[index])
                mine[index] = (one.field, one.value)
            absent -= mine.keys()
            gone = self._contact is not None and any(_has(part, index) for index in absent)
            said = [one for index, one in mine.items() if _has(part, index)]
            self._laptop.add(held, said, with_files=own, gone=gone)

    def _note_replaced(self, revision: Revision) -> None:
        """Note what the owner of the laptop replaced: he saw it."""
        for held in held_entries(revision):
            for key, index in [ref for slot in held.entry.slots for ref in slot.replaces]:
                self.replaced.setdefault(key, set()).add(index)


def _has(part: Part, index: int) -> bool:
    return part is None or index in part


def _read_ledger(session: Session, contact: Contact | None, laptop: Laptop, progress: Progress) -> None:
    ledger = _Ledger(session, contact, laptop)
    for number, revision in enumerate(session.vault.chains.since()):
        progress("exposure.read", number, 0)
        ledger.look(revision)
    for keys in in_batches(sorted(ledger.replaced), AT_ONCE):
        for key, revision in session.vault.chains.revisions(keys).items():
            ledger.add(revision, frozenset(ledger.replaced[key]), own=False)
            laptop.authors.setdefault(revision.skeleton.author, BROUGHT)


def _all_kept_aside(session: Session) -> dict[bytes, dict[int, bytes]]:
    """Return the words that are withheld on this desk, as disclosures by revision and index."""
    found: dict[bytes, dict[int, bytes]] = {}
    for one in session.vault.quarantine.all():
        for key, said in kept_aside(session, one.id).items() if one.reason == WITHHELD else ():
            found.setdefault(key, {}).update(said)
    return found


def _read_waiting(session: Session, contact: Contact | None, laptop: Laptop, progress: Progress) -> None:
    """Add what lies in bundles that wait here, whole or for the rest of them: of a partner in those he made."""
    for one in session.vault.quarantine.all():
        if one.reason in BUNDLES and (contact is None or one.sender == contact.author):
            try:
                _read_bundle(session, one.id, one.sender, laptop, progress)
            except Cancelled:
                raise
            except (KzdocError, OSError):
                laptop.unknown.add(WAITING_UNREAD)


def _read_bundle(session: Session, root: bytes, sender: bytes, laptop: Laptop, progress: Progress) -> None:
    with (
        quarantine.as_it_came(session, root) as file,
        open_bundle([file], reader=reader_of(session), progress=progress) as opened,
    ):
        for item in opened.items(progress):
            if isinstance(item, TakenRevision):
                whose = item.skeleton.author
                laptop.authors.setdefault(whose, WROTE if whose == sender else BROUGHT)
                for held in item.held():
                    said = [(one.field, one.value) for one in held.statements.values()]
                    laptop.add(held, said, with_files=True, gone=whose == sender and bool(held.absent))
            elif isinstance(item, Introduction):
                for author, _ in item.authors:
                    laptop.authors.setdefault(author, BROUGHT)
            elif isinstance(item, BlobPiece):
                laptop.files.add(item.sha256)


def _stayed_out(session: Session, sender: bytes) -> bool:
    """Return whether something of a partner's bundles stayed out and is not kept here."""
    kept = {one.id for one in session.vault.quarantine.all() if one.reason in BUNDLES}
    return any(
        one.sender == sender and not one.whole and one.root not in kept for one in session.vault.taken_in.bundles()
    )
