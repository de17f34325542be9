"""What a bundle brings, handed to the vault while it is read.

Rules: revisions of authors known here or introduced by the sender come in, those of strangers stay out and are named;
a file comes in with the pieces it is cut into, under the digest that was promised for it, and stays when a statement
here speaks of it (one that was forgotten does not). Everything happens inside
the caller's transaction.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple, cast

import msgspec

from kzdoc.browsing import Naming
from kzdoc.bundle.frames import BUNDLE
from kzdoc.bundle.items import BlobPiece, Erasures, Introduction, Notice, TakenRevision
from kzdoc.bundle.reader import Opened
from kzdoc.casework import kept_aside, kind_or_none
from kzdoc.domain.field import Type
from kzdoc.errors import BundleError
from kzdoc.ledger.history import CHAIN
from kzdoc.ledger.merge import RecordState
from kzdoc.ledger.revision import Revision
from kzdoc.limits import LIMITS
from kzdoc.progress import Progress
from kzdoc.session import Session
from kzdoc.vault.batch import in_batches
from kzdoc.vault.quarantine import WITHHELD
from kzdoc.vault.reading import Records
from kzdoc.vault.store import AT_ONCE, Changes
from kzdoc.vault.truth import Incoming

SEALED, ERASED = "sealed", "erased"
CONSENT, WITHDRAWN = "consent", "withdrawn_on"
FILE_ALONE = "bundle.file-alone"
UNKNOWN_MEDIA = "application/octet-stream"
NUMBERS_SHOWN = 12
REMEMBERED = 50_000
"""Of so many revisions of a bundle it is remembered what came; of more, whoever asks opens the bundle again."""


def listed(volumes: Sequence[int]) -> str:
    """Return the numbers of volumes as one reads them, the first few of a great many."""
    shown = ", ".join(str(number) for number in volumes[:NUMBERS_SHOWN])
    return shown if len(volumes) <= NUMBERS_SHOWN else f"{shown} …"


class Brought(NamedTuple):
    """What came of one revision."""

    id: bytes
    statements: frozenset[int]
    entries: frozenset[int]


def brought_by(revision: Revision) -> Brought:
    """Return what a revision brings."""
    return Brought(revision.id, frozenset(revision.statements), frozenset(revision.entries))


@dataclass(frozen=True, slots=True)
class Choice:
    """Which records of a bundle a person takes, by id or by kind; with ``but`` all except these.

    ``along`` are those of ``records`` that nobody chose and that come with what was chosen (governing.py).
    ``as_before``: chosen of an earlier bundle (leaving_out.py), so that not all of them need be in this one.
    """

    records: frozenset[bytes] = frozenset()
    kinds: frozenset[str] = frozenset()
    but: bool = False
    along: frozenset[bytes] = frozenset()
    as_before: bool = False

    def takes(self, record: bytes, kind: str) -> bool:
        """Return whether it takes an entry; the ledger's own entries always come."""
        return kind.startswith("_") or (record in self.records or kind in self.kinds) is not self.but


EVERYTHING = Choice(but=True)


def _lacks(mine: Revision | None, one: Brought, aside: Collection[int]) -> bool:
    """Return whether something of a revision that came is not here, but for what was forgotten or withheld here.

    ``aside``: the statements of it that are kept aside on this desk.
    """
    if mine is None or one.entries - mine.entries.keys():
        return True
    missing = one.statements - mine.statements.keys() - frozenset(aside)
    return any(mine.absent.get(index) != ERASED for index in missing)


def _linked(state: RecordState) -> set[bytes]:
    """Return the records that a record names in its links."""
    of = kind_or_none(state.kind)
    links = {one.id for one in of.fields if one.type is Type.LINK} if of is not None else set()
    live = [one.value for name, several in state.fields.items() if name in links for one in several]
    return {value for value in live if isinstance(value, bytes)}


class Arriving:
    """What a bundle brings, handed on while it is read; what became of it is known when it has been taken."""

    def __init__(
        self,
        session: Session,
        opened: Opened,
        *,
        keep_blobs: bool,
        progress: Progress,
        remember: bool = False,
        choice: Choice = EVERYTHING,
    ) -> None:
        self._session = session
        self._opened = opened
        self._items = opened.items(progress)
        self._keep_blobs = keep_blobs
        self._choice = choice
        self._out: list[tuple[Brought, frozenset[bytes]]] = []
        self._stayed_out: frozenset[bytes] | None = None
        self._progress = progress
        self._authors = {contact.author for contact in session.vault.contacts.all()}
        self._own = session.author
        self._authors |= {self._own, opened.sender, *session.vault.chains.authors()}
        self._withheld_here = {one.id for one in session.vault.quarantine.all() if one.reason == WITHHELD}
        self._strangers: dict[bytes, list[Incoming]] = {}
        self._kept = 0
        self._left_out: list[bytes] = []
        self.files: set[bytes] = set()
        self.brought: list[Brought] | None = [] if remember else None
        self._alone: list[bytes] = []
        self.introduced: dict[bytes, str] = {}
        self.authors: set[bytes] = set()
        self.notices: list[Notice] = []
        self.erased: set[bytes] = set()
        self.sealed: set[bytes] = set()
        self.came = 0
        self.known: set[bytes] = set()
        self.new: set[bytes] = set()
        self.changed: frozenset[bytes] = frozenset()
        self.withheld = 0
        self._withdrawing: set[bytes] = set()
        self.own_elsewhere = 0

    def take(self, root: bytes) -> Changes:
        """Accept everything inside the caller's transaction; revisions of unknown authors stay out."""
        changes = self._session.store.accept(self._revisions(), origin=root)
        late = [one for author in self.introduced for one in self._strangers.pop(author, ())]
        if late:
            more = self._session.store.accept(self._noted(late), origin=root)
            every = changes.revisions + more.revisions
            changes = Changes(changes.records | more.records, changes.kinds | more.kinds, every)
        self._session.store.note_checked(self._opened.checked)
        self._session.vault.outbox.note_sealed_by(self._opened.sender, self.sealed)
        for file in sorted(self.files):
            if not self._session.blobs.referred_to(file):
                self._session.blobs.forget(file)
                self._alone.append(file)
        return changes

    def refused(self) -> list[dict[str, str]]:
        """Return what was not taken in, and why."""
        ids = self._left_out + [one.revision.id for several in self._strangers.values() for one in several]
        told = [{"code": "bundle.unknown-author", "item": one.hex()} for one in sorted(ids)]
        if self._stays_out():  # a file of what was not chosen came with nothing that speaks of it
            return told
        return told + [{"code": FILE_ALONE, "item": one.hex()} for one in self._alone]

    def listed(self, records: Records, naming: Naming) -> list[dict[str, Any]]:
        """Return the records that came, by kind and title, once they were taken.

        ``links`` are those that come with it, are new here, and are named by it.
        """
        found = [
            {
                "id": key.hex(),
                "kind": one.kind,
                "title": naming.of_state(one),
                "state": "new" if key in self.new else "changed",
                "links": sorted(linked.hex() for linked in _linked(one) & self.new - {key}),
            }
            for key, one in records.states(self.new | self.changed).items()
        ]
        return sorted(found, key=lambda one: (one["kind"], one["title"], one["id"]))

    def not_chosen(self) -> list[str]:
        """Return the records of which something stayed out because nobody chose them."""
        return sorted(record.hex() for record in self._stays_out())

    def spoken_of(self) -> set[bytes]:
        """Return the records that came or stayed out."""
        return self.known.union(self.new, *[records for _, records in self._out])

    def named_outside(self, records: Records) -> list[str]:
        """Return those records that stayed out, are not here, and are named by what came."""
        out = self._stays_out() - self.known
        if not out:
            return []
        found = [_linked(one) & out for one in records.states(self.new | self.changed).values()]
        return sorted(one.hex() for one in set().union(*found) - set(records.states(out)))

    def _stays_out(self) -> frozenset[bytes]:
        """Return the records of what was not chosen, but for what was taken in another time."""
        if self._stayed_out is None:
            found: set[bytes] = set()
            for several in in_batches(self._out, AT_ONCE):
                here = self._session.vault.chains.revisions([one.id for one, _ in several])
                aside = self._kept_aside(frozenset().union(*[records for _, records in several]))
                out = [
                    records for one, records in several if _lacks(here.get(one.id), one, aside.get(one.id, frozenset()))
                ]
                found.update(*out)
            self._stayed_out = frozenset(found)
        return self._stayed_out

    def _kept_aside(self, records: Collection[bytes]) -> dict[bytes, set[int]]:
        """Return which statements, by revision, of these records are kept aside on this desk."""
        found: dict[bytes, set[int]] = {}
        for record in self._withheld_here.intersection(records):
            for revision, said in kept_aside(self._session, record).items():
                found.setdefault(revision, set()).update(said)
        return found

    def _as_chosen(self, one: Incoming) -> Incoming:
        """Return a revision, or, when it is about nothing that was chosen, its skeleton alone.

        A skeleton says nothing of anyone; with it the chain stays whole, and the words may come later.
        """
        if self._choice is EVERYTHING:
            return one
        every = [held.entry for held in one.held]
        entries = [entry for entry in every if entry.kind != CHAIN] or every  # what opens a chain chooses no record
        if not entries or any(self._choice.takes(entry.record, entry.kind) for entry in entries):
            return one
        self._out.append((brought_by(one.revision), frozenset([entry.record for entry in entries])))
        bare = Revision(one.revision.skeleton, one.revision.signature, {}, {}, {})
        return Incoming(bare, (), checked=False)

    def _keep(self, one: Incoming) -> None:
        """Keep a stranger's revision in case he is introduced later in the bundle; so many, and no more, are kept."""
        if self._kept == LIMITS.strangers_per_bundle:
            self._left_out.append(one.revision.id)
            return
        self._kept += 1
        self._strangers.setdefault(one.revision.skeleton.author, []).append(one)

    def _revisions(self) -> Iterator[Incoming]:
        batch: list[Incoming] = []
        for item in self._items:
            if isinstance(item, TakenRevision):
                one = self._as_chosen(Incoming(item.revision(), tuple(item.held()), checked=False))
                if one.revision.skeleton.author in self._authors:
                    batch.append(one)
                else:
                    self._keep(one)
            elif isinstance(item, Introduction):
                self.introduced.update(item.authors)
                self._authors |= self.introduced.keys()
            elif isinstance(item, Notice):
                if len(self.notices) < BUNDLE.notices:
                    self.notices.append(item)
            elif isinstance(item, Erasures):
                self.erased.update(item.digests)
            elif isinstance(item, BlobPiece) and self._keep_blobs and item.offset == 0:
                source = cast("BinaryIO", _Pieces(item, self._items))
                self.files.add(item.sha256)
                self._session.blobs.add(
                    source, media=UNKNOWN_MEDIA, expected=item.sha256, progress=self._progress, total=item.size
                )
            if len(batch) == AT_ONCE:
                yield from self._noted(batch)
                batch = []
        yield from self._noted(batch)

    def _note_withdrawing(self, batch: Sequence[Incoming]) -> None:
        """Note the consents that a batch says were withdrawn and that were not here before."""
        said = {
            held.entry.record
            for one in batch
            for held in one.held
            if held.entry.kind == CONSENT and any(said.field == WITHDRAWN for said in held.statements.values())
        }
        if said:
            here = self._session.records.states(sorted(said))
            self._withdrawing |= {one for one in said if one not in here or not here[one].values(WITHDRAWN)}

    def withdrawn(self, records: Records) -> int:
        """Return how many consents what came withdraws, once it was taken."""
        if not self._withdrawing:
            return 0
        return sum(bool(one.values(WITHDRAWN)) for one in records.states(sorted(self._withdrawing)).values())

    def _without_withheld(self, batch: Sequence[Incoming]) -> Sequence[Incoming]:
        """Return a batch without the words withheld on this desk by a person, who alone brings them back."""
        records = {held.entry.record for one in batch for held in one.held}
        aside = self._kept_aside(records)
        return [_without(one, aside[one.revision.id]) if one.revision.id in aside else one for one in batch]

    def _noted(self, batch: Sequence[Incoming]) -> Sequence[Incoming]:
        """Note which records of a batch were here before and which are new."""
        batch = self._without_withheld(batch)
        records = {held.entry.record for one in batch for held in one.held if not held.entry.kind.startswith("_")}
        records -= self.new
        self.known |= self._session.records.known(records)
        self.new |= records - self.known
        self.came += len(batch)
        self.withheld += sum(len(one.revision.absent) for one in batch)
        self._note_withdrawing(batch)
        own = [one.revision.id for one in batch if one.revision.skeleton.author == self._own]
        self.own_elsewhere += len(set(own) - self._session.vault.chains.known(own)) if own else 0
        self.authors.update(one.revision.skeleton.author for one in batch)
        if self.brought is not None:
            self.brought += [brought_by(one.revision) for one in batch]
            self.brought = self.brought if len(self.brought) <= REMEMBERED else None
        for one in batch:
            if SEALED in one.revision.absent.values():
                self.sealed |= {held.entry.record for held in one.held if SEALED in held.absent.values()}
        return batch


def _without(one: Incoming, aside: AbstractSet[int]) -> Incoming:
    """Return a revision that came without some of its statements, as if they had not come."""
    came = one.revision
    statements = {index: raw for index, raw in came.statements.items() if index not in aside}
    revision = Revision(came.skeleton, came.signature, came.entries, statements, came.absent)
    held = [
        msgspec.structs.replace(
            each, statements={index: said for index, said in each.statements.items() if index not in aside}
        )
        for each in one.held
    ]
    return Incoming(revision, tuple(held), one.checked, frozenset(came.statements.keys() & aside))


class _Pieces(io.RawIOBase):
    """The pieces of one blob as a stream, taken from the items as they come."""

    def __init__(self, first: BlobPiece, items: Iterator[Any]) -> None:
        super().__init__()
        self._size = first.size
        self._given = 0
        self._left = first.data
        self._items = items

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, nothing at the end of the blob."""
        while not self._left and self._given < self._size:
            item = next(self._items, None)
            if not isinstance(item, BlobPiece):
                raise BundleError("bundle.piece")
            self._left = item.data
        part = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(part) :]
        self._given += len(part)
        return part
