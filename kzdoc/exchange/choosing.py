"""What goes to whom: of every revision the entries and statements an audience may have.

Rules: a signed statement goes whole or not at all: what the profile would generalise is withheld, internal notes and
unknown fields go to nobody. Of every revision the skeleton goes, so that the chain can be verified; an entry goes when
something of it goes or when it replaces something that goes, that went to a recipient before, or that he wrote or
brought himself: nobody is left with a value that was replaced. What is withheld in it is marked `not_shared`. What all
recipients have receipted is not sent again unless that is asked (one comes back from travel), and what a recipient
sealed himself goes to him only by name. A signature never checked is checked before it is passed on, and what a
revoked author wrote beyond his last good heads is not passed on, nor is what was taken back at this desk. The authors
of what goes, and no others, are introduced by the name on their card. What was forgotten here and a recipient may hold
is named by its digest.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from kzdoc.bundle.cards import read_card
from kzdoc.casework import state
from kzdoc.crypto.identity import verify_revision
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.field import Field, Sensitivity
from kzdoc.domain.kinds.recurring import NOT_SAME_AS, SAME_AS
from kzdoc.encoding import encode
from kzdoc.exchange.taking_back import taken_back_from
from kzdoc.ledger.absence import statement_digests
from kzdoc.ledger.history import ASIDE, held_entries, stays_home
from kzdoc.ledger.merge import KIND, REMOVED, Held, RecordState
from kzdoc.ledger.revision import INDEX_BASE, Revision, StatementRef
from kzdoc.naming import people
from kzdoc.progress import Progress
from kzdoc.redaction.judge import Judge
from kzdoc.redaction.people import Known, everybody
from kzdoc.redaction.profile import rule
from kzdoc.redaction.sharing import disclosable, travelling_judge
from kzdoc.redaction.text import NameBook
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact
from kzdoc.vault.lacking import DUE, PARTLY, SILENT, Standing
from kzdoc.vault.sent import ENTRY_ALONE

_INSIDE = (REMOVED, KIND, SAME_AS, NOT_SAME_AS)
"""What goes to every desk of the office besides what its audience may have: who was found to be one, and who not."""


@dataclass(slots=True)
class Choice:
    """What goes into one bundle, revision by revision."""

    session: Session
    audience: Audience
    everybody: Known
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
    returned: frozenset[bytes] = frozenset()
    """What was taken back here and goes all the same: to those alone who brought it, who ask for everything again."""
    on_the_way: frozenset[bytes] = frozenset()
    standings: tuple[Standing, ...] = ()
    met: set[bytes] = field(default_factory=set)
    files: dict[bytes, set[bytes]] = field(default_factory=dict)

    def part_of(self, revision: Revision, also: Container[int] = ()) -> Revision:
        """Return the revision with the entries and statements that go.

        Of what was taken back at this desk, but for ``returned``, and of the taking back, nothing but the skeleton
        goes. An entry of which
        nothing goes is noted in ``waiting`` with what it replaces, unless its number is in ``also``.
        """
        entries: dict[int, bytes] = {}
        statements: dict[int, bytes] = {}
        absent: dict[int, str] = {}
        taken_back = revision.id in self.session.store.at_home() - self.returned
        for held in () if taken_back else held_entries(revision):
            if stays_home(held):
                continue
            self.met.add(held.entry.record)
            go = self._going(held)
            if not go and held.number not in also and not held.entry.kind.startswith("_"):
                self._wait(held)
                continue
            entries[held.number] = held.entry.raw
            for index, said in held.statements.items():
                if index in go:
                    statements[index] = said.raw
                    self.sent.add((revision.id, index))
                    self._note_file(revision.id, said.value)
                else:
                    absent[index] = "not_shared"
                    self.withheld += 1
            absent.update(held.absent)
            self.withheld += len(held.absent)
        return Revision(revision.skeleton, revision.signature, entries, statements, absent)

    def _wait(self, held: Held) -> None:
        self.withheld += len(held.statements) + len(held.absent)
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
        of = KINDS.get(present.kind if present else held.entry.kind)
        fields: Mapping[str, Field] = {one.id: one for one in of.fields} if of else {}
        if held.revision in self.returned:
            work = {name for name, one in fields.items() if one.sensitivity is Sensitivity.WORK}
            return {index for index, said in held.statements.items() if said.field not in work}
        if present is None:
            return set()
        return {
            index
            for index, said in held.statements.items()
            if (said.field in _INSIDE and inside)
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

    def _note_file(self, revision: bytes, value: Any) -> None:
        if isinstance(value, Mapping) and isinstance(value.get("sha256"), bytes):
            size = value.get("size")
            self.blobs[value["sha256"]] = size if isinstance(size, int) else 0
            self.files.setdefault(revision, set()).add(value["sha256"])


def choice_of(session: Session, audience: Audience, records: Sequence[bytes] | None) -> Choice:
    """Return a choice of nothing yet; raises ``InputError("record.unknown")``."""
    for record in records or ():
        state(session, record)
    inside = audience is Audience.INTERNAL
    known: Known = everybody((), (), (), day=session.clock().day()) if inside else people(session)
    only = frozenset(records) if records is not None else None
    return Choice(session, audience, known, known.book(audience), only)


def parts_of(
    session: Session, choice: Choice, partners: Sequence[Contact], progress: Progress
) -> tuple[list[Revision], list[tuple[bytes, str]]]:
    """Return what goes of every revision some recipient lacks, and whom to introduce.

    What a recipient is known to have settled is not read at all (vault/lacking.py).
    """
    choice.held_back = frozenset().union(*[session.vault.outbox.sealed_by(partner.author) for partner in partners])
    if choice.again and choice.audience is Audience.INTERNAL:
        choice.returned = taken_back_from(session, [partner.author for partner in partners])
    choice.standings = tuple([_standing(session, choice, partner) for partner in partners])
    looking = _Looking(session, choice, partners, progress)
    index = session.vault.lacking
    looking.look()
    for one in choice.standings:
        one.candidates |= index.partly_about(one, choice.met)
    looking.look()
    looking.replace()
    for one in choice.standings:
        one.candidates |= index.silent(one, looking.saying())
    looking.look()
    going = looking.going()
    choice.withheld += max(index.withheld(one) for one in choice.standings)
    looking.settle({part.id for part in going})
    return going, _introduced(session, choice, going)


def _standing(session: Session, choice: Choice, partner: Contact) -> Standing:
    index, audience = session.vault.lacking, choice.audience.value
    if choice.only is not None or choice.again:
        return index.everything(partner.number, partner.author, audience)
    return index.standing(partner.number, partner.author, audience, stamp=_stamp(session, choice, partner))


def _stamp(session: Session, choice: Choice, partner: Contact) -> bytes:
    """Return a hash of what besides a record itself decides what of it may go to a partner.

    Outside the house what is said of other records decides too: there any change at all is one.
    """
    policy = session.store.policy()
    revoked = [[author, _heads(chains)] for author, chains in sorted(policy.revoked.items())]
    decides: list[Any] = [_rules(choice.audience), revoked, sorted(session.vault.outbox.sealed_by(partner.author))]
    decides += [sorted(session.store.at_home())] if session.store.at_home() else []
    if choice.audience is not Audience.INTERNAL:
        decided = sorted([list(one) for one in choice.everybody.decided.said])
        decides += [session.clock().day(), decided, session.vault.lacking.newest()]
    return hashlib.sha256(encode(decides)).digest()


def _heads(chains: Mapping[bytes, tuple[int, bytes]]) -> list[list[Any]]:
    return [[chain, *head] for chain, head in sorted(chains.items())]


@functools.cache
def _rules(audience: Audience) -> bytes:
    """Return a hash of how the fields of every kind go to an audience: a later version may know more of them."""
    rules = [[of.id, one.id, rule(one, audience).value] for of in KINDS.values() for one in of.fields]
    return hashlib.sha256(encode(sorted(rules))).digest()


class _Looking:
    """Looking at revisions for several partners: what goes of each, who lacks it, what is found of each partner."""

    def __init__(self, session: Session, choice: Choice, partners: Sequence[Contact], progress: Progress) -> None:
        self._session, self._choice, self._partners, self._progress = session, choice, partners, progress
        self._index = session.vault.lacking
        self._coming = {partner.number: coming_to(session, choice, partner) for partner in partners}
        self._beyond, self._revoked = session.store.in_force()[0], session.store.policy().revoked
        self._seen: dict[int, Revision] = {}
        self._parts: dict[bytes, Revision] = {}
        self._lacked: dict[bytes, Revision] = {}
        self._went: dict[int, dict[bytes, set[int]]] = {partner.number: {} for partner in partners}
        self._receipted: dict[int, dict[bytes, set[int]]] = {partner.number: {} for partner in partners}
        self._has: dict[int, dict[bytes, set[int]]] = {partner.number: {} for partner in partners}
        self._forgotten: set[int] = set()
        log = session.vault.sent
        self._files = {
            one.number: log.carried_blobs(one.number, receipted_only=True) | log.forgotten_blobs(one.number)
            for one in partners
        }
        self._from = {partner.number: session.vault.older_vaults.counting_from(partner.number) for partner in partners}

    def look(self) -> None:
        """Look at those candidates that were not looked at yet."""
        new = set().union(*[one.candidates for one in self._choice.standings]) - self._seen.keys()
        for partner in self._partners:
            number = partner.number
            found = self._index.carried(number, new, coming=self._coming[number], counting_from=self._from[number])
            for kept, more in zip((self._went, self._receipted, self._has), found, strict=True):
                kept[partner.number].update(more)
        for number, (seq, revision) in enumerate(self._index.revisions(new)):
            self._progress("bundle.choose", number, len(new))
            self._seen[seq] = revision
            if revision.skeleton.author in self._revoked and revision.id in self._beyond:
                continue
            self._note_forgotten(seq, revision)
            part = self._parts[revision.id] = self._choice.part_of(revision)
            if self._is_lacked(seq, part):
                self._lacked[part.id] = part

    def _is_lacked(self, seq: int, part: Revision) -> bool:
        if self._choice.again:
            return True
        wanted = carried_by(part)
        return any(
            seq in one.candidates and not (part.id in has and has[part.id] >= wanted)
            for one in self._choice.standings
            for has in (self._has[one.contact],)
        )

    def _note_forgotten(self, seq: int, revision: Revision) -> None:
        """Note the digests of statements that were forgotten here and that a recipient may hold."""
        erased = {index for index, reason in revision.absent.items() if reason == "erased"}
        if erased and not self._theirs([revision.id]):
            erased &= set().union(*[went.get(revision.id, ()) for went in self._went.values()])
        digests = statement_digests(revision) if erased else {}
        if erased:
            self._forgotten.add(seq)
        self._choice.forgotten |= {digests[index] for index in erased}

    def _theirs(self, keys: Iterable[bytes]) -> set[bytes]:
        return set().union(*[self._index.theirs(partner.author, keys) for partner in self._partners])

    def replace(self) -> None:
        """Give the revisions again of which an entry goes only because it replaces what a recipient holds."""
        refs = {ref for _, _, replaces in self._choice.waiting for ref in replaces}
        keys = {ref[0] for ref in refs}
        theirs, places = self._theirs(keys), self._index.places(keys)
        went = [
            self._index.carried(one.number, places.values(), coming=(), counting_from=0)[0] for one in self._partners
        ]

        def holds(ref: StatementRef) -> bool:
            return ref in self._choice.sent or ref[0] in theirs or any(ref[1] in one.get(ref[0], ()) for one in went)

        also: dict[bytes, set[int]] = {}
        for revision, number, replaces in self._choice.waiting:
            if any(holds(ref) for ref in replaces):
                also.setdefault(revision, set()).add(number)
        withheld = self._choice.withheld
        for seq, whole in self._seen.items():
            if whole.id in also:
                part = self._parts[whole.id] = self._choice.part_of(whole, also[whole.id])
                if self._is_lacked(seq, part):
                    self._lacked[part.id] = part
        self._choice.withheld = withheld

    def saying(self) -> set[bytes]:
        """Return who says something to the recipients in what they lack."""
        return {one.skeleton.author for one in self._lacked.values() if one.statements or _about_records(one)}

    def going(self) -> list[Revision]:
        """Return what goes, in the order of the chains: of others than oneself, of those who say something."""
        saying, own = self.saying(), self._session.author
        lacked = [self._lacked[one.id] for one in self._in_order() if one.id in self._lacked]
        return [
            part
            for part in lacked
            if part.skeleton.author == own or (part.skeleton.author in saying and _is_signed(part))
        ]

    def _in_order(self) -> list[Revision]:
        return sorted(
            self._seen.values(),
            key=lambda one: (one.skeleton.author, one.skeleton.chain, one.skeleton.sequence, one.id),
        )

    def settle(self, going: AbstractSet[bytes]) -> None:
        """Note of each partner what must be looked at again, and when."""
        for standing in self._choice.standings:
            for seq, revision in self._seen.items():
                row = self._row(standing, seq, revision, going)
                if row is not None:
                    standing.rows[seq] = row

    def _row(
        self, standing: Standing, seq: int, revision: Revision, going: AbstractSet[bytes]
    ) -> tuple[int, int] | None:
        if seq not in standing.candidates:
            return None
        part = self._parts.get(revision.id)
        if part is None:
            return PARTLY, 0
        stays = len(revision.statements) - len(part.statements)
        withheld = stays + len(revision.absent)
        if seq in self._forgotten or self._choice.files.get(part.id, set()) - self._files[standing.contact]:
            return DUE, withheld
        got = self._receipted[standing.contact]
        if part.id in got and got[part.id] >= carried_by(part):
            whole = not stays and len(part.entries) == len(revision.entries)
            return None if whole else (PARTLY, withheld)
        silent = part.id in self._lacked and part.id not in going
        return (SILENT if silent else DUE), withheld


def coming_to(session: Session, choice: Choice, partner: Contact) -> list[bytes]:
    """Return the bundles on their way that are for a partner."""
    to = session.vault.sent.recipients_of
    return [root for root in choice.on_the_way if partner.number in [number for number, _, _ in to(root)]]


def keep_standings(session: Session, choice: Choice) -> None:
    """Keep what was found of what the partners lack; where all was looked at on purpose, nothing is."""
    if choice.only is None and not choice.again:
        for one in choice.standings:
            session.vault.lacking.keep(one)


def carried_by(part: Revision) -> set[int]:
    """Return what a part carries, as it is noted: statements, and entries that go without any."""
    with_words = {index // INDEX_BASE for index in part.statements}
    alone = {number * INDEX_BASE + ENTRY_ALONE for number in part.entries if number not in with_words}
    return set(part.statements) | alone


def _introduced(session: Session, choice: Choice, going: Sequence[Revision]) -> list[tuple[bytes, str]]:
    """Return the authors of others who say something to the recipients, with the names on their cards.

    Of a person without a card here nothing is known but what others call him: that stays in the house.
    """
    authors: dict[bytes, str] = {}
    for author in {part.skeleton.author for part in going} - {session.author}:
        cards = [read_card(contact.card) for contact in session.vault.contacts.by_author(author)]
        heard = [label for _, label in session.introductions(author)] if choice.audience is Audience.INTERNAL else []
        authors[author] = next(iter([*[one.name for one in cards], *heard]), "")
    return sorted(authors.items())


def _about_records(part: Revision) -> bool:
    return any(not held.entry.kind.startswith("_") for held in held_entries(part))


def _is_signed(part: Revision) -> bool:
    return verify_revision(part.skeleton.author, part.skeleton.raw, part.signature)
