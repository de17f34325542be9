"""Where else each record is: ``record.origin`` follows what went out, what came, and what was receipted.

A record is receipted when every statement of it that is here, and every file, was in bundles receipted by partners not
revoked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import cbor2

from kzdoc.ledger.history import held_entries
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
        brought = self._database.rows(
            "SELECT r.seq FROM bundle_in b JOIN origin o ON o.root = b.root JOIN revision r ON r.origin = o.number"
            " WHERE b.sender = ?",
            (author,),
        )
        self.follow_records(self._records_of(sorted({row[0] for row in (*sent, *brought)})))

    def _records_of(self, seqs: Sequence[int]) -> set[bytes]:
        return {held.entry.record for _, revision in self._truth.revisions(seqs) for held in held_entries(revision)}

    def follow_records(self, records: Collection[bytes]) -> None:
        """Write where else each record is, inside the caller's transaction; each revision is read once.

        What only a revoked partner has is nowhere else: his laptop may be in other hands. A file that is here must have
        gone along with the statement that speaks of it.
        """
        least = dict.fromkeys(records, RECEIPTED)
        marks = self._older.marks()
        for arrival, revision in self._truth.revisions(self._seqs_about(records)):
            went, received = self._went(arrival.seq, marks)
            came = bool(arrival.origin) and not self._brought_by_revoked(arrival.origin)
            for held in held_entries(revision):
                wanted = set(held.statements)
                files = self._files_here(held)
                along = self._went_along(files, marks)
                if held.entry.record not in least or (wanted <= received and along == RECEIPTED):
                    continue
                there = came or (wanted <= went and along > ONLY_HERE)
                where = ELSEWHERE if there else ONLY_HERE
                least[held.entry.record] = min(least[held.entry.record], where)
        self._database.run_many(
            "UPDATE record SET origin = ? WHERE id = ?", [(where, record) for record, where in least.items()]
        )

    def _brought_by_revoked(self, root: bytes) -> bool:
        question = "SELECT 1 FROM bundle_in WHERE root = ? AND sender IN (SELECT author FROM revoked)"
        return self._database.row(question, (root,)) is not None

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
