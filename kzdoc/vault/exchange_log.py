"""What went to partners and what came: bundles, each down to the disclosure and file, and receipts.

Rules: rows are only added, and a receipt is noted once. What a partner is known to hold is what receipted bundles
carried; what he may hold is what any bundle to him carried. A receipt that says that some of it was forgotten since
(``received`` is below zero then) ends the sending, and nobody relies on it. Of a partner whose vault is an older one
again (``note_older``) no receipt counts of a bundle made until that was seen. ``record.origin`` follows: a record is
receipted when every statement of it that is here, and every file, was in bundles receipted by partners not revoked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cbor2

from kzdoc.encoding import encode_trusted
from kzdoc.errors import VaultError
from kzdoc.ledger.history import held_entries
from kzdoc.ledger.revision import INDEX_BASE
from kzdoc.vault.rows import NamedBytes
from kzdoc.vault.store import ELSEWHERE, ONLY_HERE, RECEIPTED
from kzdoc.vault.truth import Truth, in_chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kzdoc.ledger.history import Head
    from kzdoc.ledger.merge import Held
    from kzdoc.moment import Clock
    from kzdoc.vault.connection import Database


ENTRY_ALONE = INDEX_BASE - 1
"""Added to an entry's number × 65,536 among the indexes carried: the entry went without a statement of it. No slot has
this place."""


_OLDER = "restored:"


@dataclass(frozen=True, slots=True)
class BundleOut:
    """A bundle made here; ``recipients`` are (contact number, sequence number for him, seconds of receipt or 0)."""

    root: bytes
    made: int
    profile: str
    purpose: str
    recipients: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class BundleIn:
    """A bundle taken in; ``whole`` when nothing of it was refused, ``receipt`` the bytes made for it or empty."""

    root: bytes
    sender: bytes
    sequence: int
    taken: int
    whole: bool
    counts: Mapping[str, int]
    receipt: bytes


class ExchangeLog:
    """The exchange ledger of an open vault."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._truth = Truth(database)
        self._settings = NamedBytes(database, "setting")

    # --- out

    def next_number(self, contact: int) -> int:
        """Return the sequence number of the next bundle for a partner, from 1."""
        row = self._database.row("SELECT max(number) FROM sent_to WHERE contact = ?", (contact,))
        return (row[0] or 0) + 1 if row else 1

    def note_out(
        self,
        root: bytes,
        *,
        profile: str,
        purpose: str,
        recipients: Mapping[int, int],
        carried: Mapping[bytes, Sequence[int]],
        blobs: Iterable[bytes] = (),
    ) -> None:
        """Note a bundle made: ``recipients`` contact → sequence number; ``carried`` revision → statement indexes."""
        with self._database.transaction():
            here = self._truth.known(list(carried))
            self._database.run(
                "INSERT INTO bundle_out VALUES (?, ?, ?, ?)", (root, self._clock().seconds, profile, purpose)
            )
            self._database.run_many(
                "INSERT INTO sent VALUES (?, ?, ?)",
                [(root, here[key], encode_trusted(sorted(indexes))) for key, indexes in carried.items()],
            )
            self._database.run_many("INSERT INTO sent_blob VALUES (?, ?)", [(root, blob) for blob in set(blobs)])
            self._database.run_many(
                "INSERT INTO sent_to VALUES (?, ?, ?, x'', 0)",
                [(root, contact, number) for contact, number in recipients.items()],
            )
            self._follow(root)

    def note_receipt(self, root: bytes, *, contact: int, receipt: bytes, forgotten: bool) -> bool:
        """Note a partner's receipt of a bundle; return False when it was noted before.

        ``forgotten``: he had all of it and has forgotten some since.

        Raises ``VaultError("vault.receipt-unknown")`` when no such bundle was made for that partner.
        """
        row = self._database.row("SELECT received FROM sent_to WHERE root = ? AND contact = ?", (root, contact))
        if row is None:
            raise VaultError("vault.receipt-unknown")
        if row[0]:
            return False
        with self._database.transaction():
            self._database.run(
                "UPDATE sent_to SET receipt = ?, received = ? WHERE root = ? AND contact = ?",
                (receipt, self._clock().seconds * (-1 if forgotten else 1), root, contact),
            )
            self._follow(root)
        return True

    def bundles_out(self) -> list[BundleOut]:
        """Return the bundles made here, the newest first."""
        return [
            BundleOut(root, made, profile, purpose, self._recipients(root))
            for root, made, profile, purpose in self._database.rows(
                "SELECT root, made, profile, purpose FROM bundle_out ORDER BY made DESC, root"
            )
        ]

    def bundle_numbered(self, contact: int, number: int) -> bytes | None:
        """Return the root of the bundle that has this number among those for a partner, or None."""
        row = self._database.row("SELECT root FROM sent_to WHERE contact = ? AND number = ?", (contact, number))
        return bytes(row[0]) if row else None

    def recipients_of(self, root: bytes) -> tuple[tuple[int, int, int], ...]:
        """Return (contact number, sequence number for him, seconds of receipt or 0) of each of a bundle's readers."""
        return self._recipients(root)

    def _recipients(self, root: bytes) -> tuple[tuple[int, int, int], ...]:
        rows = self._database.rows(
            "SELECT contact, number, received FROM sent_to WHERE root = ? ORDER BY contact", (root,)
        )
        return tuple([(contact, number, abs(received)) for contact, number, received in rows])

    # --- whose vault is an older one again

    def note_older(self, contact: int, *, root: bytes, previous: bytes) -> bool:
        """Note that a bundle of a partner shows that his vault is an older one; return whether that is new.

        It is not for the bundle by which it was seen, one that follows it, and the one before it that came later.
        """
        kept = self._settings.get(f"{_OLDER}{contact}")
        mark, newest, first = cbor2.loads(kept) if kept else (0, b"", b"")
        new = not kept or not (previous == newest or root in (newest, first))
        if new:
            mark, newest, first = self.next_number(contact) - 1, root, previous
        elif root == first:
            first = previous
        else:
            newest = root
        self._settings.put(f"{_OLDER}{contact}", encode_trusted([mark, newest, first]))
        return new

    def counting_from(self, contact: int) -> int:
        """Return the number of the last bundle to a partner whose receipt does not count any more, else 0."""
        kept = self._settings.get(f"{_OLDER}{contact}")
        return int(cbor2.loads(kept)[0]) if kept else 0

    def is_behind(self, contact: int, heads: Iterable[Head]) -> bool:
        """Return whether a partner who knows these heads alone has lost something that he had receipted."""
        known: dict[tuple[bytes, bytes], int] = {}
        for head in heads:
            known[head.author, head.chain] = max(head.sequence, known.get((head.author, head.chain), -1))
        had = self._database.rows(
            "SELECT c.author, c.chain, max(r.sequence) FROM sent_to t JOIN sent s ON s.root = t.root"
            " JOIN revision r ON r.seq = s.seq JOIN chain c ON c.number = r.chain"
            " WHERE t.contact = ? AND t.received <> 0 AND t.number > ? GROUP BY c.number",
            (contact, self.counting_from(contact)),
        )
        return any(sequence > known.get((author, chain), -1) for author, chain, sequence in had)

    def carried_in(self, roots: Iterable[bytes]) -> dict[bytes, set[int]]:
        """Return the statement indexes by revision that these bundles carried (and ``ENTRY_ALONE``)."""
        found: dict[bytes, set[int]] = {}
        for root in roots:
            for key, indexes in self._database.rows(
                "SELECT r.id, s.indexes FROM sent s JOIN revision r ON r.seq = s.seq WHERE s.root = ?", (root,)
            ):
                found.setdefault(key, set()).update(cbor2.loads(indexes))
        return found

    def blobs_in(self, roots: Iterable[bytes]) -> set[bytes]:
        """Return the files that these bundles carried."""
        asked = "SELECT sha256 FROM sent_blob WHERE root = ?"
        return {row[0] for root in roots for row in self._database.rows(asked, (root,))}

    def carried(self, contact: int, *, receipted_only: bool) -> dict[bytes, set[int]]:
        """Return the statement indexes by revision that bundles to a partner carried (and ``ENTRY_ALONE``)."""
        condition = f" AND t.received > 0 AND t.number > {self.counting_from(contact)}" if receipted_only else ""
        found: dict[bytes, set[int]] = {}
        for key, indexes in self._database.rows(
            "SELECT r.id, s.indexes FROM sent_to t JOIN sent s ON s.root = t.root"  # noqa: S608 - no outside text
            f" JOIN revision r ON r.seq = s.seq WHERE t.contact = ?{condition}",
            (contact,),
        ):
            found.setdefault(key, set()).update(cbor2.loads(indexes))
        return found

    def carried_blobs(self, contact: int, *, receipted_only: bool) -> set[bytes]:
        """Return the files that bundles to a partner carried."""
        condition = f" AND t.received > 0 AND t.number > {self.counting_from(contact)}" if receipted_only else ""
        rows = self._database.rows(
            "SELECT b.sha256 FROM sent_to t JOIN sent_blob b ON b.root = t.root"  # noqa: S608 - no outside text
            f" WHERE t.contact = ?{condition}",
            (contact,),
        )
        return {row[0] for row in rows}

    def forgotten_blobs(self, contact: int) -> set[bytes]:
        """Return the files of bundles that a partner receipted and of which he has forgotten some since."""
        rows = self._database.rows(
            "SELECT b.sha256 FROM sent_to t JOIN sent_blob b ON b.root = t.root"
            " WHERE t.contact = ? AND t.received < 0 AND t.number > ?",
            (contact, self.counting_from(contact)),
        )
        return {row[0] for row in rows}

    def brought(self, sender: bytes) -> set[bytes]:
        """Return the revisions that first came here in a bundle of a partner: he holds what he brought."""
        return {
            row[0]
            for row in self._database.rows(
                "SELECT r.id FROM bundle_in b JOIN origin o ON o.root = b.root JOIN revision r ON r.origin = o.number"
                " WHERE b.sender = ?",
                (sender,),
            )
        }

    # --- in

    def bundle_in(self, root: bytes) -> BundleIn | None:
        """Return what is known of a bundle taken in, or None."""
        row = self._database.row("SELECT * FROM bundle_in WHERE root = ?", (root,))
        return _bundle_in(row) if row else None

    def bundles_in(self) -> list[BundleIn]:
        """Return the bundles taken in, the newest first."""
        return [_bundle_in(row) for row in self._database.rows("SELECT * FROM bundle_in ORDER BY taken DESC, root")]

    def taken_from(self, sender: bytes, *, but: bytes) -> dict[int, bytes]:
        """Return the roots of the bundles taken in from a sender by their sequence numbers, one left out."""
        return dict(
            self._database.rows("SELECT sequence, root FROM bundle_in WHERE sender = ? AND root <> ?", (sender, but))
        )

    def last_sequence(self, sender: bytes) -> int:
        """Return the highest sequence number taken in from a sender, 0 when nothing was."""
        row = self._database.row("SELECT max(sequence) FROM bundle_in WHERE sender = ?", (sender,))
        return (row[0] or 0) if row else 0

    def note_in(self, root: bytes, *, sender: bytes, sequence: int, whole: bool, counts: Mapping[str, int]) -> None:
        """Note a bundle taken in."""
        self._database.change(
            "INSERT OR REPLACE INTO bundle_in VALUES (?, ?, ?, ?, ?, ?, x'')",
            (root, sender, sequence, self._clock().seconds, whole, encode_trusted(dict(counts))),
        )

    def keep_receipt(self, root: bytes, receipt: bytes) -> None:
        """Keep the receipt made for a bundle taken in."""
        self._database.change("UPDATE bundle_in SET receipt = ? WHERE root = ?", (receipt, root))

    def forget_receipts(self) -> None:
        """Drop the receipts kept here: words were forgotten, so each must be made anew from what is still here."""
        self._database.change("UPDATE bundle_in SET receipt = x''")

    # --- what follows

    def _follow(self, root: bytes) -> None:
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
        marks = self._marks()
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

    def _marks(self) -> dict[int, int]:
        """Return ``counting_from`` of the partners whose vaults are older ones."""
        rows = self._database.rows("SELECT name, value FROM setting WHERE name GLOB ?", (f"{_OLDER}*",))
        return {int(name.removeprefix(_OLDER)): cbor2.loads(value)[0] for name, value in rows}

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


def _bundle_in(row: tuple[object, ...]) -> BundleIn:
    root, sender, sequence, taken, whole, counts, receipt = row
    return BundleIn(root, sender, sequence, taken, bool(whole), cbor2.loads(counts), receipt)  # type: ignore[arg-type]  # STRICT columns
