"""What went to partners: bundles, each down to the disclosure and file, and their receipts.

Rules: rows are only added, and a receipt is noted once. What a partner is known to hold is what receipted bundles
carried; what he may hold is what any bundle to him carried. A receipt that says that some of it was forgotten since
(``received`` is below zero then) ends the sending, and nobody relies on it. Of a partner whose vault is an older one
again no receipt counts of a bundle made until that was seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cbor2

from kzdoc.encoding import encode_trusted
from kzdoc.errors import VaultError
from kzdoc.ledger.revision import INDEX_BASE
from kzdoc.vault.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kzdoc.ledger.history import Head
    from kzdoc.moment import Clock
    from kzdoc.vault.connection import Database
    from kzdoc.vault.older_vaults import OlderVaults
    from kzdoc.vault.whereabouts import Whereabouts


ENTRY_ALONE = INDEX_BASE - 1
"""Added to an entry's number × 65,536 among the indexes carried: the entry went without a statement of it. No slot has
this place."""


@dataclass(frozen=True, slots=True)
class BundleOut:
    """A bundle made here; ``recipients`` are (contact number, sequence number for him, seconds of receipt or 0)."""

    root: bytes
    made: int
    profile: str
    purpose: str
    recipients: tuple[tuple[int, int, int], ...]


class Sent:
    """The bundles an open vault sent."""

    def __init__(self, database: Database, whereabouts: Whereabouts, older: OlderVaults, *, clock: Clock) -> None:
        self._database = database
        self._whereabouts = whereabouts
        self._older = older
        self._clock = clock
        self._truth = Truth(database)

    def next_number(self, contact: int) -> int:
        """Return the sequence number of the next bundle for a partner, from 1."""
        row = self._database.row("SELECT max(number) FROM sent_to WHERE contact = ?", (contact,))
        return (row[0] or 0) + 1 if row else 1

    def note(
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
            self._whereabouts.follow_bundle(root)

    def note_receipt(self, root: bytes, *, contact: int, receipt: bytes, forgotten: bool) -> bool:
        """Note a partner's receipt of a bundle; return False when it says nothing that was not noted before.

        ``forgotten``: he had all of it and has forgotten some since; that outweighs one from before, whichever came
        first.

        Raises ``VaultError("vault.receipt-unknown")`` when no such bundle was made for that partner.
        """
        row = self._database.row("SELECT received FROM sent_to WHERE root = ? AND contact = ?", (root, contact))
        if row is None:
            raise VaultError("vault.receipt-unknown")
        if row[0] < 0 or (row[0] and not forgotten):
            return False
        with self._database.transaction():
            self._database.run(
                "UPDATE sent_to SET receipt = ?, received = ? WHERE root = ? AND contact = ?",
                (receipt, self._clock().seconds * (-1 if forgotten else 1), root, contact),
            )
            self._whereabouts.follow_bundle(root)
        return True

    def bundles(self) -> list[BundleOut]:
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

    def is_behind(self, contact: int, heads: Iterable[Head]) -> bool:
        """Return whether a partner who knows these heads alone has lost something that he had receipted."""
        known: dict[tuple[bytes, bytes], int] = {}
        for head in heads:
            known[head.author, head.chain] = max(head.sequence, known.get((head.author, head.chain), -1))
        had = self._database.rows(
            "SELECT c.author, c.chain, max(r.sequence) FROM sent_to t JOIN sent s ON s.root = t.root"
            " JOIN revision r ON r.seq = s.seq JOIN chain c ON c.number = r.chain"
            " WHERE t.contact = ? AND t.received <> 0 AND t.number > ? GROUP BY c.number",
            (contact, self._older.counting_from(contact)),
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
        condition = f" AND t.received > 0 AND t.number > {self._older.counting_from(contact)}" if receipted_only else ""
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
        condition = f" AND t.received > 0 AND t.number > {self._older.counting_from(contact)}" if receipted_only else ""
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
            (contact, self._older.counting_from(contact)),
        )
        return {row[0] for row in rows}
