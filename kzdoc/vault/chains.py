"""The ledger as exchange reads it: heads, chains in their own order, what each revision is about.

Rules: a chain's revisions come out by sequence, forked ones beside each other; what a partner has is a set of heads,
and what he lacks is everything that is not such a head or an ancestor of one. A head unknown here is passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.ledger.history import CHAIN, Head, held_entries
from kzdoc.ledger.revision import read_entry
from kzdoc.vault.force import Force
from kzdoc.vault.truth import IN_ONE_QUESTION, Arrival, Truth

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kzdoc.ledger.revision import Revision
    from kzdoc.vault.connection import Database


class Chains:
    """Reading of revisions and their disclosures; writes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._truth = Truth(database)

    def heads(self) -> list[Head]:
        """Return the newest revision of every branch of every chain, sorted."""
        return Force(self._database).heads()

    def of_author(self, author: bytes) -> set[bytes]:
        """Return the chains of an author."""
        return {row[0] for row in self._database.rows("SELECT chain FROM chain WHERE author = ?", (author,))}

    def authors(self) -> list[bytes]:
        """Return everybody who wrote something that is here, sorted."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT author FROM chain ORDER BY author")]

    def forks(self) -> list[tuple[bytes, bytes, int]]:
        """Return (author, chain, sequence) wherever one author signed two revisions of the same number."""
        rows = self._database.rows(
            "SELECT c.author, c.chain, r.sequence FROM revision r JOIN chain c ON c.number = r.chain"
            " GROUP BY r.chain, r.sequence HAVING count(*) > 1 ORDER BY c.author, c.chain, r.sequence"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def revision(self, key: bytes) -> Revision | None:
        """Return a revision with all that is held of it, or None."""
        return self.revisions([key]).get(key)

    def revisions(self, keys: Sequence[bytes]) -> dict[bytes, Revision]:
        """Return those of the revisions that are here, with all that is held of each."""
        here = self._truth.known(keys)
        return {revision.id: revision for _, revision in self._truth.revisions(sorted(here.values()))}

    def arrivals(self, keys: Sequence[bytes]) -> dict[bytes, Arrival]:
        """Return how each of the revisions came here."""
        here = self._truth.known(keys)
        return {revision.id: arrival for arrival, revision in self._truth.revisions(sorted(here.values()))}

    def known(self, keys: Sequence[bytes]) -> set[bytes]:
        """Return which of the revisions are here."""
        return set(self._truth.known(keys))

    def since(self, heads: Iterable[Head] = ()) -> Iterator[Revision]:
        """Yield what someone with these heads lacks, chain by chain in sequence, with all that is held of each."""
        seqs = self._lacking({head.revision for head in heads})
        for start in range(0, len(seqs), IN_ONE_QUESTION):
            part = seqs[start : start + IN_ONE_QUESTION]
            found = {arrival.seq: revision for arrival, revision in self._truth.revisions(part)}
            for seq in part:
                yield found[seq]

    def of_records(self, records: Iterable[bytes]) -> dict[bytes, list[bytes]]:
        """Return the ids of the revisions that have an entry about each of the records, in order of arrival."""
        return {
            record: [
                row[0]
                for row in self._database.rows(
                    "SELECT DISTINCT r.id, r.seq FROM entry_of e JOIN revision r ON r.seq = e.seq WHERE e.record = ?"
                    " ORDER BY r.seq",
                    (record,),
                )
            ]
            for record in records
        }

    def counting_before(self, told: Sequence[Head]) -> list[Head]:
        """Return the newest revisions that count while some of an author's last good heads are not here.

        Of a chain up to a head that is not here, or up to a revision that is missing before one that is, that is
        everything before, down to where it is forked into more branches than heads were told of it: which of them
        leads to the head nobody here can tell. What has the number of such a head is not it, and is not good.
        """
        known = self.known([head.revision for head in told])
        found: set[Head] = set()
        for author, chain in {(head.author, head.chain) for head in told}:
            mine = [head for head in told if (head.author, head.chain) == (author, chain)]
            missing = {head.sequence for head in mine if head.revision not in known}
            last = max(head.sequence for head in mine)
            missing |= {row[0] - 1 for row in self._database.rows(_WITHOUT_PREVIOUS, (author, chain, last))}
            for number in missing:
                branches = sum(head.sequence >= number for head in mine)
                [(forked,)] = self._database.rows(_FORKED, (author, chain, number, branches))
                before = number if forked is None else forked
                rows = self._database.rows(_NEWEST_BEFORE, (author, chain, before, before))
                found |= {Head(author, chain, *row) for row in rows}
        return sorted(found)

    def at(self, places: Sequence[int]) -> list[tuple[Arrival, Revision]]:
        """Return the revisions at these places of arrival, in that order, with all that is held of each."""
        return list(self._truth.revisions(sorted(places)))

    def setting_aside(self, revision: bytes) -> list[bytes]:
        """Return the ids of the revisions that say that this one is set aside, in force or not, in order of arrival."""
        rows = self._database.rows(
            "SELECT r.id FROM aside a JOIN revision r ON r.seq = abs(a.seq) WHERE a.target = ? ORDER BY r.seq",
            (revision,),
        )
        return [row[0] for row in rows]

    def openings(self, chains: Iterable[tuple[bytes, bytes]]) -> dict[tuple[bytes, bytes], list[Head]]:
        """Return the heads that each of the chains, given as (author, chain), says it knew when it was opened."""
        found: dict[tuple[bytes, bytes], list[Head]] = {}
        for author, chain in sorted(set(chains)):
            rows = self._database.rows(
                "SELECT r.seq FROM chain c JOIN revision r ON r.chain = c.number"
                " WHERE c.author = ? AND c.chain = ? AND r.sequence = 0",
                (author, chain),
            )
            for _, revision in self._truth.revisions([row[0] for row in rows]):
                found.setdefault((author, chain), []).extend(_known_heads(revision))
        return found

    def about(self, revision: Revision) -> dict[int, tuple[bytes, str]]:
        """Return (record, kind) of each entry of a revision that is held, by the entry's number."""
        entries = {number: read_entry(raw) for number, raw in revision.entries.items()}
        return {number: (entry.record, entry.kind) for number, entry in entries.items()}

    def erased(self) -> frozenset[bytes]:
        """Return the digests that were forgotten here."""
        return self._truth.erased()

    def _lacking(self, has: set[bytes]) -> list[int]:
        """Return the arrivals of what is neither one of ``has`` nor an ancestor of one, in the order of chains."""
        rows = self._database.rows(
            "SELECT r.seq, r.id, r.previous FROM chain c JOIN revision r ON r.chain = c.number"
            " ORDER BY c.author, c.chain, r.sequence, r.id"
        )
        previous = {row[1]: row[2] for row in rows}
        passed: set[bytes] = set()
        for head in has:
            step = head
            while step in previous and step not in passed:
                passed.add(step)
                step = previous[step]
        return [seq for seq, key, _ in rows if key not in passed]


_WITHOUT_PREVIOUS = (
    "SELECT r.sequence FROM chain c JOIN revision r ON r.chain = c.number WHERE c.author = ? AND c.chain = ?"
    " AND r.sequence BETWEEN 1 AND ? AND NOT EXISTS (SELECT 1 FROM revision p WHERE p.id = r.previous)"
)
_FORKED = (
    "SELECT min(sequence) FROM (SELECT r.sequence FROM chain c JOIN revision r ON r.chain = c.number"
    " WHERE c.author = ? AND c.chain = ? AND r.sequence < ? GROUP BY r.sequence HAVING count(*) > ?)"
)
_NEWEST_BEFORE = (
    "SELECT r.sequence, r.id FROM chain c JOIN revision r ON r.chain = c.number"
    " WHERE c.author = ? AND c.chain = ? AND r.sequence < ? AND NOT EXISTS (SELECT 1 FROM revision n"
    " WHERE n.chain = r.chain AND n.sequence = r.sequence + 1 AND n.previous = r.id AND n.sequence < ?)"
)


def _known_heads(revision: Revision) -> Iterator[Head]:
    """Yield the heads an opening names; what is not a head, as anybody may sign, is passed over."""
    for held in held_entries(revision):
        said = (
            [one.value for one in held.statements.values() if one.field == "knows"] if held.entry.kind == CHAIN else []
        )
        for value in said:
            for line in value if isinstance(value, list) else ():
                match line:
                    case [bytes(author), bytes(chain), int(sequence), bytes(key)]:
                        yield Head(author, chain, sequence, key)
