"""Where else each record is: ``record.origin`` follows what went out, what came, and what was receipted.

A record is receipted when every statement of it that is here, and every file, was in bundles receipted by partners not
revoked. It is elsewhere when each was in a bundle to such a partner or in one of his, whoever brought it first; what he
brought before his vault was an older one again he may have lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import cbor2

from kzdoc.ledger.history import held_entries
from kzdoc.vault.brought import Brought
from kzdoc.vault.store import ELSEWHERE, ONLY_HERE, RECEIPTED
from kzdoc.vault.truth import Truth, in_chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kzdoc.ledger.merge import Held
    from kzdoc.vault.connection import Database
    from kzdoc.vault.older_vaults import OlderVaults


class Whereabouts:
    """The marks of an open vault's records; each write is inside the caller's transaction."""

    def __init__(self, database: Database, older: OlderVaults) -> None:
        self._database = database
        self._older = older
        self._truth = Truth(database)
        self._brought = Brought(database)

    def follow_bundle(self, root: bytes) -> None:
        """Bring ``record.origin`` up to date for the records a bundle carried."""
        seqs = [row[0] for row in self._database.rows("SELECT seq FROM sent WHERE root = ?", (root,))]
        self.follow_records(self._records_of(seqs))

    def follow_more(self, records: Iterable[bytes], *, marked: int = RECEIPTED) -> None:
        """Look anew where else those of these records are that have a mark, as more of them came; in a transaction."""
        rows = in_chunks(self._database.rows, "SELECT id, origin FROM record WHERE id IN", sorted(records))
        self.follow_records({record for record, origin in rows if origin == marked})

    def follow_partner(self, author: bytes) -> None:
        """Bring ``record.origin`` up to date for all that a partner was sent or brought, after he was revoked."""
        sent = self._database.rows(
            "SELECT DISTINCT s.seq FROM contact c JOIN sent_to t ON t.contact = c.id JOIN sent s ON s.root = t.root"
            " WHERE c.author = ?",
            (author,),
        )
        roots = [row[0] for row in self._database.rows("SELECT root FROM bundle_in WHERE sender = ?", (author,))]
        seqs = {row[0] for row in sent}.union(*[self._brought.by(root) for root in roots])
        self.follow_records(self._records_of(sorted(seqs)))

    def _records_of(self, seqs: Sequence[int]) -> set[bytes]:
        return {held.entry.record for _, revision in self._truth.revisions(seqs) for held in held_entries(revision)}

    def follow_records(self, records: Collection[bytes]) -> None:
        """Write where else each record is, inside the caller's transaction; each revision is read once.

        What only a revoked partner has is nowhere else: his laptop may be in other hands. A file that is here must have
        gone along with the statement that speaks of it.
        """
        least = dict.fromkeys(records, RECEIPTED)
        marks, seqs, lost = self._older.marks(), self._seqs_about(records), self._lost()
        brought = self._brought.elsewhere(seqs, but=lost)
        for arrival, revision in self._truth.revisions(seqs):
            went, received = self._went(arrival.seq, marks)
            theirs = brought.get(arrival.seq, frozenset())
            came = bool(arrival.origin) and arrival.origin not in lost
            for held in held_entries(revision):
                wanted = set(held.statements)
                files = self._files_here(held)
                along = self._went_along(files, marks)
                if held.entry.record not in least or (wanted <= received and along == RECEIPTED):
                    continue
                words = theirs is None or wanted <= went | theirs
                there = words and (came or along > ONLY_HERE)
                where = ELSEWHERE if there else ONLY_HERE
                least[held.entry.record] = min(least[held.entry.record], where)
        self._database.run_many(
            "UPDATE record SET origin = ? WHERE id = ?", [(where, record) for record, where in least.items()]
        )

    def _lost(self) -> set[bytes]:
        """Return the bundles of which nobody but who took a laptop may hold what they brought, or nobody at all."""
        revoked = self._database.rows("SELECT root FROM bundle_in WHERE sender IN (SELECT author FROM revoked)")
        return {row[0] for row in revoked} | self._older.made_before()

    def _files_here(self, held: Held) -> list[bytes]:
        """Return the files a revision's entry speaks of that are here."""
        values = [said.value for said in held.statements.values()]
        hashes = [value.get("sha256") for value in values if isinstance(value, Mapping)]
        return [
            one
            for one in hashes
            if isinstance(one, bytes) and self._database.row("SELECT 1 FROM blob WHERE sha256 = ?", (one,))
        ]

    def _went_along(self, files: Iterable[bytes], marks: Mapping[int, int]) -> int:
        """Return where else all these files are."""
        question = (
            "SELECT t.contact, t.number, t.received FROM sent_blob b JOIN sent_to t ON t.root = b.root"
            " JOIN contact c ON c.id = t.contact WHERE b.sha256 = ? AND c.author NOT IN (SELECT author FROM revoked)"
        )
        least = RECEIPTED
        for file in files:
            went = self._database.rows(question, (file,))
            received = any(noted > 0 and number > marks.get(contact, 0) for contact, number, noted in went)
            least = min(least, RECEIPTED if received else ELSEWHERE if went else ONLY_HERE)
        return least

    def _seqs_about(self, records: Iterable[bytes]) -> list[int]:
        return sorted(
            {
                row[0]
                for record in records
                for row in self._database.rows("SELECT seq FROM entry_of WHERE record = ?", (record,))
            }
        )

    def _went(self, seq: int, marks: Mapping[int, int]) -> tuple[set[int], set[int]]:
        went: set[int] = set()
        received: set[int] = set()
        for indexes, contact, number, noted in self._database.rows(
            "SELECT s.indexes, t.contact, t.number, t.received FROM sent s JOIN sent_to t ON t.root = s.root"
            " JOIN contact c ON c.id = t.contact"
            " WHERE s.seq = ? AND c.author NOT IN (SELECT author FROM revoked)",
            (seq,),
        ):
            carried = set(cbor2.loads(indexes))
            went |= carried
            if noted > 0 and number > marks.get(contact, 0):
                received |= carried
        return went, received
