"""What goes to whom: of every revision the entries and statements an audience may have.

Rules: a signed statement goes whole or not at all: what the profile would generalise is withheld, internal notes and
unknown fields go to nobody. Of every revision the skeleton goes, so that the chain can be verified; an entry goes when
something of it goes or when it replaces something that goes, that went to a recipient before, or that he wrote or
brought himself: nobody is left with a value that was replaced. What is withheld in it is marked `not_shared`. What all
recipients have receipted is not sent again unless that is asked (one comes back from travel), and what a recipient
sealed himself goes to him only by name. A signature never checked is checked before it is passed on, and what a
revoked author wrote beyond his last good heads is not passed on. The authors of what goes, and no others, are
introduced by the name on their card. What was forgotten here and a recipient may hold is named by its digest.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from kzdoc.bundle.cards import read_card
from kzdoc.casework import state
from kzdoc.crypto.identity import verify_revision
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field
from kzdoc.ledger.absence import statement_digests
from kzdoc.ledger.history import ASIDE, held_entries
from kzdoc.ledger.merge import KIND, REMOVED, Held, RecordState
from kzdoc.ledger.revision import INDEX_BASE, Revision, StatementRef
from kzdoc.naming import people
from kzdoc.progress import Progress
from kzdoc.redaction.judge import Judge
from kzdoc.redaction.people import People
from kzdoc.redaction.sharing import disclosable, travelling_judge
from kzdoc.redaction.text import NameBook
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact
from kzdoc.vault.exchange_log import ENTRY_ALONE


@dataclass(slots=True)
class Choice:
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
    forgotten: set[bytes] = field(default_factory=set)
    held_back: frozenset[bytes] = frozenset()
    again: bool = False
    on_the_way: frozenset[bytes] = frozenset()

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
        if record not in self.only if self.only is not None else record in self.held_back:
            return set()
        present = self._state(record)
        if present is None:
            return set()
        of = KINDS.get(present.kind)
        fields: Mapping[str, Field] = {one.id: one for one in of.fields} if of else {}
        return {
            index
            for index, said in held.statements.items()
            if (said.field in (REMOVED, KIND) and inside)
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


def choice_of(session: Session, audience: Audience, records: Sequence[bytes] | None) -> Choice:
    """Return a choice of nothing yet; raises ``InputError("record.unknown")``."""
    for record in records or ():
        state(session, record)
    everybody = people(session)
    only = frozenset(records) if records is not None else None
    return Choice(session, audience, everybody, everybody.book(audience), only)


def parts_of(
    session: Session, choice: Choice, partners: Sequence[Contact], progress: Progress
) -> tuple[list[Revision], list[tuple[bytes, str]]]:
    """Return what goes of every revision some recipient lacks, and whom to introduce."""
    log = session.vault.exchange
    carried = [] if choice.again else [_has(session, choice, partner) for partner in partners]
    choice.held_back = frozenset().union(*[session.vault.outbox.sealed_by(partner.author) for partner in partners])
    went = [log.carried(partner.number, receipted_only=False) for partner in partners]
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
        if revision.absent:
            choice.forgotten |= _forgotten(revision, went, theirs)
        part = choice.part_of(revision)
        if not _receipted(part, carried):
            parts[revision.id] = part
    for part in _replacing(session, choice, went, theirs):
        if not _receipted(part, carried):
            parts[part.id] = part
    return _introduced(session, choice, list(parts.values()))


def _has(session: Session, choice: Choice, partner: Contact) -> dict[bytes, set[int]]:
    """Return what a partner holds, or will when what is on its way to him arrives."""
    log = session.vault.exchange
    found = log.carried(partner.number, receipted_only=True)
    for key, indexes in log.carried_in(_coming(session, choice, partner)).items():
        found.setdefault(key, set()).update(indexes)
    return found


def _coming(session: Session, choice: Choice, partner: Contact) -> list[bytes]:
    to = session.vault.exchange.recipients_of
    return [root for root in choice.on_the_way if partner.number in [number for number, _, _ in to(root)]]


def _forgotten(revision: Revision, went: Sequence[Mapping[bytes, set[int]]], theirs: AbstractSet[bytes]) -> set[bytes]:
    """Return the digests of a revision's statements that were forgotten here and that a recipient may hold."""
    erased = {index for index, reason in revision.absent.items() if reason == "erased"}
    if revision.id not in theirs:
        erased &= set().union(*[one.get(revision.id, ()) for one in went])
    digests = statement_digests(revision) if erased else {}
    return {digests[index] for index in erased}


def _receipted(part: Revision, carried: Sequence[Mapping[bytes, set[int]]]) -> bool:
    wanted = carried_by(part)
    return bool(carried) and all(part.id in one and one[part.id] >= wanted for one in carried)


def carried_by(part: Revision) -> set[int]:
    """Return what a part carries, as it is noted: statements, and entries that go without any."""
    with_words = {index // INDEX_BASE for index in part.statements}
    alone = {number * INDEX_BASE + ENTRY_ALONE for number in part.entries if number not in with_words}
    return set(part.statements) | alone


def _replacing(
    session: Session, choice: Choice, went: Sequence[Mapping[bytes, set[int]]], theirs: AbstractSet[bytes]
) -> Iterator[Revision]:
    """Give the revisions again of which an entry goes only because it replaces what a recipient holds."""

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
    session: Session, choice: Choice, parts: Sequence[Revision]
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


def blobs_of(session: Session, choice: Choice, partners: Sequence[Contact]) -> set[bytes]:
    """Return the files that go: those of statements that go, without what everybody has receipted."""
    log = session.vault.exchange
    has = [
        log.carried_blobs(partner.number, receipted_only=True) | log.blobs_in(_coming(session, choice, partner))
        for partner in partners
    ]
    there = set() if choice.again else set.intersection(*has)
    return {key for key in choice.blobs if session.blobs.has(key) and key not in there}
