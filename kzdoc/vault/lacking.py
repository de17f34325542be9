"""What each partner still lacks: which revisions must be looked at when a bundle is made for him.

Rules: a projection of the exchange ledger, which a rebuild empties; without it every revision is looked at. For a
partner and an audience that bundles were made for, each revision that arrived since (``upto``) must be looked at, and
those in ``lack``: every time (``DUE``: it or a file of it not receipted, or more of it came), when a record it speaks
of or what may go has changed (``PARTLY``: something of it is withheld), then and when its author says something else
to the partner (``SILENT``: nothing of it goes). Of all others the partner has receipted everything. What first came in
a partner's own bundle he holds, until a bundle of his shows that his vault is an older one (``forget``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cbor2

from kzdoc.vault.truth import Truth, in_chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kzdoc.ledger.revision import Revision
    from kzdoc.vault.connection import Database

DUE, PARTLY, SILENT = 0, 1, 2


@dataclass(slots=True)
class Standing:
    """What one partner may lack: ``candidates`` must be looked at; ``upto`` is the newest arrival."""

    contact: int
    author: bytes
    audience: str
    stamp: bytes
    upto: int
    candidates: set[int] = field(default_factory=set)
    rows: dict[int, tuple[int, int]] = field(default_factory=dict)
    """(why, withheld) of each revision that was looked at, by arrival; what is not among them is settled."""


class Lacking:
    """Reading and keeping what partners lack; inside the caller's transaction where it writes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._truth = Truth(database)

    def newest(self) -> int:
        """Return the newest arrival."""
        return self._truth.next_seq() - 1

    def everything(self, contact: int, author: bytes, audience: str) -> Standing:
        """Return a standing in which all must be looked at; it is never kept."""
        found = Standing(contact, author, audience, b"", self.newest())
        found.candidates = set(range(1, found.upto + 1))
        return found

    def standing(self, contact: int, author: bytes, audience: str, *, stamp: bytes) -> Standing:
        """Return what must be looked at for a partner; ``stamp`` is what besides records decides what may go."""
        before = self._database.row(
            "SELECT upto, stamp FROM lacks WHERE contact = ? AND audience = ?", (contact, audience)
        )
        if before is None:
            found = self.everything(contact, author, audience)
            found.stamp = stamp
            return found
        upto, old = before
        found = Standing(contact, author, audience, stamp, self.newest())
        last = SILENT if old != stamp else DUE
        due = self._database.rows(
            "SELECT seq FROM lack WHERE contact = ? AND audience = ? AND why <= ?", (contact, audience, last)
        )
        new = self._database.rows(
            "SELECT r.seq FROM revision r WHERE r.seq > ? AND NOT EXISTS (SELECT 1 FROM origin o"
            " JOIN bundle_in b ON b.root = o.root WHERE o.number = r.origin AND b.sender = ?)",
            (upto, author),
        )
        found.candidates = {row[0] for row in (*due, *new)}
        return found

    def partly_about(self, standing: Standing, records: Iterable[bytes]) -> set[int]:
        """Return the revisions of which something was withheld and that speak of one of these records."""
        asked = (
            "SELECT l.seq FROM entry_of e JOIN lack l ON l.seq = e.seq"
            " WHERE e.record = ? AND l.contact = ? AND l.audience = ? AND l.why IN (?, ?)"
        )
        place = (standing.contact, standing.audience, PARTLY, SILENT)
        return {row[0] for record in records for row in self._database.rows(asked, (record, *place))}

    def silent(self, standing: Standing, authors: Iterable[bytes]) -> set[int]:
        """Return the revisions that wait until their authors say something to the partner."""
        asked = (
            "SELECT l.seq FROM chain c JOIN revision r ON r.chain = c.number JOIN lack l ON l.seq = r.seq"
            " WHERE c.author = ? AND l.contact = ? AND l.audience = ? AND l.why = ?"
        )
        place = (standing.contact, standing.audience, SILENT)
        return {row[0] for author in authors for row in self._database.rows(asked, (author, *place))}

    def withheld(self, standing: Standing) -> int:
        """Return how many statements are withheld in the revisions that were not looked at now."""
        if len(standing.candidates) >= standing.upto:
            return 0
        place = (standing.contact, standing.audience)
        row = self._database.row(
            "SELECT coalesce(sum(withheld), 0) FROM lack WHERE contact = ? AND audience = ?", place
        )
        now = in_chunks(self._database.rows, _WITHHELD % place, sorted(standing.candidates))
        return (int(row[0]) if row else 0) - sum(int(one[0]) for one in now)

    def revisions(self, seqs: Collection[int]) -> Iterator[tuple[int, Revision]]:
        """Yield the revisions of these arrivals, chain by chain in sequence."""
        rows = in_chunks(self._database.rows, _IN_ORDER, sorted(seqs))
        ordered = [row[4] for row in sorted(rows)]
        for start in range(0, len(ordered), _AT_ONCE):
            part = ordered[start : start + _AT_ONCE]
            found = {arrival.seq: revision for arrival, revision in self._truth.revisions(part)}
            for seq in part:
                yield seq, found[seq]

    def places(self, keys: Iterable[bytes]) -> dict[bytes, int]:
        """Return the arrivals of those of the revisions that are here."""
        return self._truth.known(sorted(set(keys)))

    def carried(
        self, contact: int, seqs: Iterable[int], *, coming: Collection[bytes], counting_from: int
    ) -> tuple[dict[bytes, set[int]], dict[bytes, set[int]], dict[bytes, set[int]]]:
        """Return what bundles to a partner carried of these revisions, by id: any, receipted, receipted or coming.

        ``counting_from``: receipts of bundles up to that number do not count (older_vaults.py).
        """
        went: dict[bytes, set[int]] = {}
        receipted: dict[bytes, set[int]] = {}
        has: dict[bytes, set[int]] = {}
        rows = in_chunks(self._database.rows, _CARRIED % (counting_from, contact), sorted(set(seqs)))
        for key, indexes, received, root in rows:
            carried = cbor2.loads(indexes)
            went.setdefault(key, set()).update(carried)
            if received:
                receipted.setdefault(key, set()).update(carried)
            if received or root in coming:
                has.setdefault(key, set()).update(carried)
        return went, receipted, has

    def theirs(self, author: bytes, keys: Iterable[bytes]) -> set[bytes]:
        """Return those of the revisions that a partner wrote or brought first: he holds them."""
        rows = in_chunks(self._database.rows, _THEIRS % author.hex(), sorted(set(keys)))
        return {row[0] for row in rows}

    def forget(self, contacts: Iterable[int]) -> None:
        """Look at everything again for these partners: what they were known to hold, they may have lost."""
        for contact in contacts:
            self._database.run("DELETE FROM lacks WHERE contact = ?", (contact,))
            self._database.run("DELETE FROM lack WHERE contact = ?", (contact,))

    def keep(self, standing: Standing) -> None:
        """Keep what was found for a partner."""
        place = (standing.contact, standing.audience)
        self._database.run("INSERT OR REPLACE INTO lacks VALUES (?, ?, ?, ?)", (*place, standing.upto, standing.stamp))
        looked = standing.candidates | standing.rows.keys()
        self._database.run_many(
            "DELETE FROM lack WHERE contact = ? AND audience = ? AND seq = ?", [(*place, seq) for seq in looked]
        )
        self._database.run_many(
            "INSERT INTO lack VALUES (?, ?, ?, ?, ?)",
            [(*place, seq, why, withheld) for seq, (why, withheld) in standing.rows.items()],
        )


_AT_ONCE = 500
_IN_ORDER = (
    "SELECT c.author, c.chain, r.sequence, r.id, r.seq FROM revision r"
    " JOIN chain c ON c.number = r.chain WHERE r.seq IN"
)
_CARRIED = (
    "SELECT r.id, s.indexes, t.received <> 0 AND t.number > %d, s.root FROM sent s"
    " JOIN sent_to t ON t.root = s.root AND t.contact = %d"
    " JOIN revision r ON r.seq = s.seq WHERE s.seq IN"
)
_THEIRS = (
    "SELECT r.id FROM revision r JOIN chain c ON c.number = r.chain LEFT JOIN origin o ON o.number = r.origin"
    " LEFT JOIN bundle_in b ON b.root = o.root WHERE x'%s' IN (c.author, coalesce(b.sender, x'')) AND r.id IN"
)
_WITHHELD = "SELECT withheld FROM lack WHERE contact = %d AND audience = '%s' AND seq IN"
