"""Writing the ledger: saving one's own revisions, taking in others', withholding, restoring, forgetting.

Rules: every public act is one transaction that writes the truth and the projections of exactly the records it
touched; its cost follows what changed, not what is there. What comes in is checked against its digests here, whoever
checked it before. An act returns ``Changes``; views refresh by it.
"""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kzdoc.errors import LedgerError, VaultError
from kzdoc.ledger.absence import REASONS, apply_erasures, restore, statement_digests, withhold
from kzdoc.ledger.history import Policy, check_follows, opening_entry, stays_home
from kzdoc.ledger.merge import anyone
from kzdoc.progress import Progress, silent
from kzdoc.vault.batch import Touched, in_batches, without_collecting
from kzdoc.vault.brought import Brought
from kzdoc.vault.force import Force
from kzdoc.vault.near import Near
from kzdoc.vault.projection import Projections, projected
from kzdoc.vault.schema import make_projections_anew
from kzdoc.vault.search import purge
from kzdoc.vault.truth import Act, Arrival, NextPlace, Truth, held_fast, signs

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from kzdoc.ledger.merge import Held, MayReplace
    from kzdoc.ledger.revision import Revision
    from kzdoc.moment import Randomness
    from kzdoc.vault.connection import Database
    from kzdoc.vault.rows import NamedBytes
    from kzdoc.vault.truth import Incoming

    _Arriving = tuple[Revision, Arrival, Sequence[Held]]

ONLY_HERE, ELSEWHERE, RECEIPTED = 0, 1, 2
"""Where else a record exists as far as this vault knows: nowhere, on the way or at a partner's, receipted whole."""

AT_ONCE = 1000
"""So many revisions or records are in hand at a time."""
_OWN = b""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an act changed: records by id and their kinds; ``revisions`` are those that are new here."""

    records: frozenset[bytes] = frozenset()
    kinds: frozenset[str] = frozenset()
    revisions: tuple[bytes, ...] = ()


class Store:
    """The writing half of an open vault; reading.py is the other."""

    def __init__(self, database: Database, meta: NamedBytes, *, place: bytes, randomness: Randomness) -> None:
        self._database = database
        self._meta = meta
        self._place = place
        self._randomness = randomness
        self._truth = Truth(database)
        self.near = Near(database, meta, randomness)
        self._projections = Projections(database, self.near)
        self._force = Force(database)
        self._next_chain = b""
        self._brought = Brought(database)
        self.where_else: Callable[[set[bytes]], object] = len  # marks records that come back into the lists

    # --- own revisions

    def next_place(self, author: bytes) -> NextPlace:
        """Return where the author's next revision goes; asking twice before appending gives the same answer.

        A new chain is opened in a new vault, for a new author, and when the vault lies elsewhere than it was last
        written at (it was copied or restored); then ``opening`` names the heads known here.
        """
        chain = self._meta.get("chain")
        if chain and chain[:32] == author and self._meta.get("place") == self._place:
            row = self._database.row(
                "SELECT r.sequence, r.id FROM chain c JOIN revision r ON r.chain = c.number"
                " WHERE c.author = ? AND c.chain = ? ORDER BY r.sequence DESC LIMIT 1",
                (author, chain[32:]),
            )
            if row:
                return NextPlace(chain[32:], row[0] + 1, row[1], None)
        used = self._database.row("SELECT 1 FROM chain WHERE chain = ?", (self._next_chain,))
        if used or not self._next_chain:
            self._next_chain = self._randomness(16)
        heads = self._force.heads()
        return NextPlace(self._next_chain, 0, b"", opening_entry(self._next_chain, heads) if heads else None)

    def append(self, revisions: Sequence[Revision], *, progress: Progress = silent) -> Changes:
        """Save own revisions, each the next of its chain (``next_place``), written by ``kzdoc.ledger``.

        Raises:
            Cancelled: from ``progress``; then nothing was saved.
            LedgerError: ``ledger.not-next`` when one does not follow.
            VaultError: ``vault.disk-full`` and the others of ``transaction``; then nothing was saved.
        """
        if not revisions:
            return Changes()
        with self._step():
            self._check_next(revisions[0])
            for before, revision in itertools.pairwise(revisions):
                check_follows(before.skeleton, revision.skeleton)
            self._meta.put("chain", revisions[0].skeleton.author + revisions[0].skeleton.chain)
            self._meta.put("place", self._place)
            act = Act(self._truth.next_seq())
            arriving = [
                (revision, Arrival(seq, _OWN, checked=True), _read(revision))
                for seq, revision in enumerate(revisions, act.seq)
            ]
            return self._admit(arriving, act, origin=ONLY_HERE, progress=progress)

    def _check_next(self, revision: Revision) -> None:
        place = self.next_place(revision.skeleton.author)
        skeleton = revision.skeleton
        if (skeleton.chain, skeleton.sequence, skeleton.previous) != (place.chain, place.sequence, place.previous):
            raise LedgerError("ledger.not-next")

    # --- others' revisions

    def accept(
        self, incoming: Iterable[Incoming], *, origin: bytes, progress: Progress = silent, total: int = 0
    ) -> Changes:
        """Take in revisions from a bundle: new ones, and what is new of those already here (so also: restore).

        ``incoming`` are made by ``truth.verified`` and may come one by one; ``origin`` is the bundle's root, never
        empty.

        Raises:
            Cancelled: from ``progress``; then nothing was taken in.
            VaultError: ``vault.disk-full`` and the others of ``transaction``.
        """
        records: set[bytes] = set()
        kinds: set[str] = set()
        new: list[bytes] = []
        done = 0
        with self._step(), self._database.writing_behind(), without_collecting():
            act = Act(self._truth.next_seq())
            for chunk in in_batches(incoming, AT_ONCE):
                changes = self._accept_chunk(chunk, origin, act)
                records |= changes.records
                kinds |= changes.kinds
                new.extend(changes.revisions)
                done += len(chunk)
                progress("vault.take-in", done, total)
            self._brought.note(origin, act.spoken, act.parts)
        return Changes(frozenset(records), frozenset(kinds), tuple(new))

    def _accept_chunk(self, chunk: Sequence[Incoming], origin: bytes, act: Act) -> Changes:
        erased = self._truth.erased()
        here = self._truth.known_before([one.revision.id for one in chunk])
        arrivals: list[_Arriving] = []
        again: list[Incoming] = []
        for one in chunk:
            revision, held = one.revision, one.held
            if revision.id in here or revision.id in act.revisions:
                again.append(one)
                continue
            act.revisions.add(revision.id)
            act.note_words(act.seq, one)
            if erased:
                revision = apply_erasures(revision, erased)
                held = held if revision is one.revision else tuple(_read(revision))
            arrivals.append((revision, Arrival(act.seq, origin, one.checked), held))
            act.seq += 1
        changes = self._admit(arrivals, act, origin=ELSEWHERE)
        if not again:
            return changes
        more = self._complete(again, erased, act)
        return Changes(changes.records | more.records, changes.kinds | more.kinds, changes.revisions)

    def _complete(self, again: Sequence[Incoming], erased: Container[bytes], act: Act) -> Changes:
        """Add what others hold of revisions that are here already."""
        here = self._truth.known([one.revision.id for one in again])
        for one in again:
            act.note_words(here[one.revision.id], one)
        mine = {revision.id: revision for _, revision in self._truth.revisions(sorted(set(here.values())))}
        signatures = {key: revision.signature for key, revision in mine.items()}
        changed: dict[bytes, Revision] = {}
        for one in again:
            old = mine[one.revision.id]
            whole = restore(old, one.revision, erased=erased)
            if (whole.entries, whole.statements, whole.absent) != (old.entries, old.statements, old.absent):
                mine[old.id] = changed[old.id] = whole
        self._truth.mark_checked(
            (here[one.revision.id], one.revision.signature)
            for one in again
            if one.checked or signs(one.revision, instead_of=signatures[one.revision.id])
        )
        return self._changed(changed, here)

    def note_checked(self, signatures: Mapping[bytes, bytes]) -> None:
        """Note signatures that were checked, by revision id; of revisions that are not here nothing is noted."""
        with self._step():
            here = self._truth.known(list(signatures))
            self._truth.mark_checked((seq, signatures[key]) for key, seq in here.items())

    # --- withholding, restoring, forgetting

    def withhold(self, targets: Mapping[bytes, Iterable[int]], *, reason: str) -> Changes:
        """Take disclosures out of this vault: ``targets`` are statement indexes by revision id.

        Rows, facets and search follow, and the search index is written anew so that no word stays in it. Restoring
        is ``accept`` with the revisions that hold them.

        Raises:
            LedgerError: ``ledger.reason``.
        """
        if reason not in REASONS:
            raise LedgerError("ledger.reason")
        return self._without(lambda revision: withhold(revision, targets[revision.id], reason), targets)

    def forget(self, targets: Mapping[bytes, Iterable[int]]) -> Changes:
        """Take disclosures out for ever: their digests are kept so that they never come back."""
        chosen = {revision: frozenset(indexes) for revision, indexes in targets.items()}

        def forgotten(revision: Revision) -> Revision:
            digests = statement_digests(revision)
            self._truth.erase(digests[index] for index in chosen[revision.id] if index in digests)
            return withhold(revision, chosen[revision.id], "erased")

        return self._without(forgotten, chosen)

    def _without(self, change: Callable[[Revision], Revision], targets: Iterable[bytes]) -> Changes:
        with self._step():
            here = self._truth.known(list(targets))
            found = self._truth.revisions(sorted(here.values()))
            changes = self._changed({revision.id: change(revision) for _, revision in found}, here)
            purge(self._database)
        with contextlib.suppress(VaultError):  # what is committed is done: the next opening empties it
            self._database.empty_wal()
        return changes

    def _changed(self, changed: Mapping[bytes, Revision], here: Mapping[bytes, int]) -> Changes:
        """Write what is now held of known revisions and follow with the projections."""
        touched = Touched()
        entries: list[tuple[int, Held]] = []
        asides: list[tuple[int, Sequence[Held]]] = []
        for key, revision in changed.items():
            self._truth.replace(here[key], revision)
            held = _read(revision)
            entries.extend((here[key], one) for one in touched.take(held))
            asides.append((here[key], held))
        self._projections.note_entries(entries)
        noted = self._force.note_asides(asides)
        records = set(touched.kinds) | (self._refresh() if noted else set())
        return self._project_again(records, touched, origin=None)

    # --- policy and rebuilding

    def policy(self) -> Policy:
        """Return who may do what, as it was last set."""
        return self._force.policy

    def at_home(self) -> frozenset[bytes]:
        """Return what was taken back at this desk: nothing of it goes to anybody."""
        return self._force.at_home

    def in_force(self) -> tuple[frozenset[bytes], MayReplace]:
        """Return which revisions are out of force and who may replace whom, as ``project`` takes them."""
        return self._force.excluded, self._may()

    def set_policy(self, policy: Policy) -> Changes:
        """Put a roster and revocations in force; what they change is projected anew.

        Changed rights of an author may change the records he said anything about, so these are.
        """
        with self._step():
            changed = self._force.set_policy(policy)
            records = self._refresh(also=changed)
            return self._project_again(records, Touched(), origin=None)

    def rebuild(self, *, progress: Progress = silent) -> int:
        """Make every projection anew from the revisions and return how many records there are."""
        with self._step():
            origins, count = dict(self._database.rows("SELECT id, origin FROM record")), self._truth.next_seq() - 1
            make_projections_anew(self._database)
            records: set[bytes] = set()
            for number, (arrival, revision) in enumerate(self._truth.all(), 1):
                held = _read(revision)
                about = [(arrival.seq, one) for one in held if not one.entry.kind.startswith("_")]
                records |= {one.entry.record for _, one in about}
                self._projections.note_entries(about)
                self._force.note_asides([(arrival.seq, held)])
                if number % AT_ONCE == 0:
                    progress("vault.reread", number, count)
            self._force.refresh()
            for start, part in enumerate(in_batches(sorted(records), AT_ONCE)):
                progress("vault.rebuild", start * AT_ONCE, len(records))
                self._project_again(part, Touched(), origin=ONLY_HERE)
            self._database.run_many(
                "UPDATE record SET origin = ? WHERE id = ?", [(where, key) for key, where in origins.items()]
            )
        return len(records)

    # --- the common way

    @contextlib.contextmanager
    def _step(self) -> Iterator[None]:
        """Make the block one transaction; when it fails, what is kept in memory is read anew as well."""
        try:
            with self._database.transaction():
                yield
        except BaseException:
            self.forget_what_failed()
            raise

    def forget_what_failed(self) -> None:
        """Read anew what is kept in memory, after a transaction was rolled back."""
        self.near.forget_counts()
        with contextlib.suppress(VaultError):
            self._force = Force(self._database)

    def _admit(self, arriving: Sequence[_Arriving], act: Act, *, origin: int, progress: Progress = silent) -> Changes:
        """Write new revisions and everything that follows from them; the batch fits in memory."""
        touched = Touched()
        entries: list[tuple[int, Held]] = []
        asides: list[tuple[int, Sequence[Held]]] = []
        for _, arrival, held in arriving:
            seq = arrival.seq
            entries.extend([(seq, one) for one in touched.take(held)])
            if touched.asides:
                asides.append((seq, held))
        asked = bool(asides) or self._force.asks([revision.id for revision, _, _ in arriving])
        old = self._projections.known_before(list(touched.kinds)) | (act.records & touched.kinds.keys())
        act.records |= touched.kinds.keys()
        self._truth.add([(revision, arrival) for revision, arrival, _ in arriving], act)
        self._projections.note_entries(entries)
        self._force.note_asides(asides)
        out_changed = self._refresh() if asked else set()
        fresh = [held for record, held in touched.born.items() if record not in old and record not in out_changed]
        self._project_born(fresh, act, origin)
        home = out_changed - old if any(stays_home(one) for _, held in asides for one in held) else set()
        changes = self._project_again((old | out_changed) - home, touched, origin=None if origin else ONLY_HERE)
        back = self._project_again(home, Touched(), origin=None, progress=progress)
        if old or out_changed:
            act.number = None
        return Changes(
            changes.records | back.records | touched.kinds.keys(),
            changes.kinds | back.kinds | set(touched.kinds.values()),
            tuple([revision.id for revision, _, _ in arriving]),
        )

    def _refresh(self, also: Iterable[bytes] = ()) -> set[bytes]:
        """Work out anew what is in force; what may go of the records this may change is looked at anew too.

        ``also`` are authors whose rights changed.
        """
        records = self._force.refresh() | self._force.about(also)
        if records:
            self._truth.look_anew()
        return records

    def _project_born(self, born: Sequence[Sequence[Held]], act: Act, origin: int) -> None:
        excluded, may = self._force.excluded, self._may()
        written = [projected(held[0].entry.record, held, excluded=excluded, may_replace=may) for held in born]
        rows = [one for one in written if one is not None]
        first = self._projections.next_number() if act.number is None else act.number
        self._projections.write(rows, first=first, origin=origin)
        if len(rows) < len(born):
            self._projections.unheard(
                held[0].entry.record for held, one in zip(born, written, strict=True) if one is None
            )
        act.number = first + len(rows)

    def _project_again(
        self, records: Iterable[bytes], touched: Touched, *, origin: int | None, progress: Progress = silent
    ) -> Changes:
        """Project records of which more is in the rows than in hand."""
        chosen = sorted(records)
        kinds = set(touched.kinds.values())
        excluded, may = self._force.excluded, self._may()
        for start in range(0, len(chosen), AT_ONCE):
            part = chosen[start : start + AT_ONCE]
            progress("vault.follow", start, len(chosen))
            held = self._truth.held_of(part)
            now = [
                (record, projected(record, held.get(record, ()), excluded=excluded, may_replace=may)) for record in part
            ]
            kinds |= {one.kind for _, one in now if one is not None}
            born = self._projections.rewrite(now, origin=origin)
            if born and origin is None:
                self.where_else(born)
        return Changes(frozenset(chosen), frozenset(kinds))

    def _may(self) -> MayReplace:
        return anyone if self._force.policy.rights is None else self._force.policy.may_replace


def _read(revision: Revision) -> list[Held]:
    return held_fast(revision.id, revision.skeleton.author, revision.entries, revision.statements, revision.absent)
