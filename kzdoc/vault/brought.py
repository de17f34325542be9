"""Which revisions each bundle brought words of: the first that did, and every other that brought them again.

Rules: a row of ``setting`` for every bundle, by its root, holds places of arrival as runs (first, last), so a bundle
of new revisions costs one pair; a skeleton alone says nothing and is not noted. Of a bundle taken in before this was
kept it is what arrived with it first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cbor2

from kzdoc.encoding import encode_trusted
from kzdoc.vault.rows import NamedBytes
from kzdoc.vault.truth import in_chunks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kzdoc.vault.connection import Database

_NAME = "brought:"
Runs = list[list[int]]


class Brought:
    """What bundles brought; inside the caller's transaction where it writes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settings = NamedBytes(database, "setting")

    def note(self, root: bytes, seqs: Iterable[int]) -> None:
        """Note that a bundle brought words of the revisions at these places, beside what it brought before."""
        new = set(seqs)
        if not new:
            return
        kept = self._settings.get(_NAME + root.hex())
        before = _read(cbor2.loads(kept)) if kept else set()
        self._settings.put(_NAME + root.hex(), encode_trusted(_runs(before | new)))

    def by(self, root: bytes) -> set[int]:
        """Return the places of the revisions that a bundle brought words of."""
        kept = self._settings.get(_NAME + root.hex())
        return _read(cbor2.loads(kept)) if kept else self._first(root)

    def _first(self, root: bytes) -> set[int]:
        rows = self._database.rows(
            "SELECT r.seq FROM origin o JOIN revision r ON r.origin = o.number WHERE o.root = ?", (root,)
        )
        return {row[0] for row in rows}

    def also(self, seqs: set[int], roots: Iterable[bytes]) -> set[int]:
        """Return those of the places that one of these bundles brought too."""
        low, high = min(seqs, default=0), max(seqs, default=-1)
        found: set[int] = set()
        for root in roots:
            kept = self._settings.get(_NAME + root.hex())
            runs: Runs = cbor2.loads(kept) if kept else _runs(self._first(root))
            near = [[max(first, low), min(last, high)] for first, last in runs if first <= high and last >= low]
            found |= seqs & _read(near)
        return found

    def strangers(self, seqs: Iterable[int], author: bytes) -> dict[int, bytes]:
        """Return the ids, by place, of those of the revisions that were neither written here nor by this author."""
        rows = in_chunks(
            self._database.rows,
            "SELECT r.seq, r.id, c.author FROM revision r JOIN chain c ON c.number = r.chain"
            " WHERE r.origin <> 0 AND r.seq IN",
            sorted(seqs),
        )
        return {seq: key for seq, key, whose in rows if whose != author}

    def records(self, seqs: Iterable[int]) -> set[bytes]:
        """Return the records that the revisions at these places say anything about."""
        rows = in_chunks(self._database.rows, "SELECT DISTINCT record FROM entry_of WHERE seq IN", sorted(seqs))
        return {row[0] for row in rows}

    def set_aside_by(self, seqs: Iterable[int]) -> set[int]:
        """Return the places of the revisions that those here set aside, by whatever right, these, and so on."""
        asked = "SELECT t.seq FROM aside a JOIN revision t ON t.id = a.target WHERE a.seq IN"
        found: set[int] = set()
        waiting = set(seqs)
        while waiting:
            waiting = {row[0] for row in in_chunks(self._database.rows, asked, sorted(waiting))} - found
            found |= waiting
        return found

    def about(self, records: Iterable[bytes]) -> set[int]:
        """Return the places of all revisions that say anything about some records."""
        asked = "SELECT DISTINCT seq FROM entry_of WHERE record IN"
        return {row[0] for row in in_chunks(self._database.rows, asked, sorted(records))}

    def own_about(self, records: Iterable[bytes], author: bytes) -> list[int]:
        """Return the places of the revisions an author wrote about some records."""
        rows = in_chunks(self._database.rows, _OWN_ABOUT % author.hex(), sorted(records))
        return sorted({row[0] for row in rows})

    def pointing_at(self, records: Iterable[bytes]) -> set[tuple[bytes, bytes]]:
        """Return (record, target) of every live link whose target is one of these."""
        return set(in_chunks(self._database.rows, _POINTING, sorted(records)))

    def takings(self) -> list[int]:
        """Return the places of the revisions written here that take something back here, oldest first."""
        return [row[0] for row in self._database.rows("SELECT DISTINCT -seq FROM aside WHERE seq < 0 ORDER BY -seq")]


_OWN_ABOUT = (
    "SELECT DISTINCT e.seq FROM entry_of e JOIN revision r ON r.seq = e.seq JOIN chain c ON c.number = r.chain"
    " WHERE (c.author = x'%s' OR r.origin = 0) AND e.record IN"
)
_POINTING = "SELECT s.id, l.target FROM link l JOIN record s ON s.number = l.source WHERE l.target IN"


def _runs(seqs: set[int]) -> Runs:
    runs: Runs = []
    for seq in sorted(seqs):
        if runs and runs[-1][1] == seq - 1:
            runs[-1][1] = seq
        else:
            runs.append([seq, seq])
    return runs


def _read(runs: Runs) -> set[int]:
    return {seq for first, last in runs for seq in range(first, last + 1)}
