"""Which revisions each bundle brought words of: the first that did, and every other that brought them again.

Rules: a row of ``setting`` for every bundle, by its root, holds places of arrival as runs (first, last), so a bundle
of new revisions costs one pair; a skeleton alone says nothing and is not noted. Another row holds which statements came
of the revisions that came in part. Of a bundle taken in before this was kept it is what arrived with it first, and of
one taken in before parts were kept, all that is known of what it brought.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cbor2

from kzdoc.encoding import encode_trusted
from kzdoc.vault.rows import NamedBytes
from kzdoc.vault.truth import in_chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kzdoc.vault.connection import Database

_NAME, _PARTS = "brought:", "brought-in-part:"
PUT_BACK = b"restored"
"""Where words come from that were withheld on this desk: no bundle."""
Runs = list[list[int]]
Part = frozenset[int] | None
"""Which statements of a revision, by index; None: all of them."""


class Brought:
    """What bundles brought; inside the caller's transaction where it writes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._settings = NamedBytes(database, "setting")

    def note(self, root: bytes, seqs: Iterable[int], parts: Mapping[int, frozenset[int]]) -> None:
        """Note that a bundle brought words of the revisions at these places, beside what it brought before.

        ``parts``: the statements that came of those of them that came in part.
        """
        new = set(seqs)
        kept = self._settings.get(_NAME + root.hex())
        if kept and not new:
            return
        before = _read(cbor2.loads(kept)) if kept else set()
        in_part = self._parts(root)
        for seq in new:
            if seq not in parts or (seq in before and seq not in in_part):
                in_part.pop(seq, None)
            else:
                in_part[seq] = in_part[seq] | parts[seq] if seq in in_part else parts[seq]
        self._settings.put(_NAME + root.hex(), encode_trusted(_runs(before | new)))
        self._keep_parts(root, in_part)

    def _keep_parts(self, root: bytes, in_part: Mapping[int, frozenset[int]]) -> None:
        """Keep which statements came, with the places of all revisions of which just these did."""
        alike: dict[frozenset[int], set[int]] = {}
        for seq, indexes in in_part.items():
            alike.setdefault(indexes, set()).add(seq)
        if alike:
            rows = sorted([sorted(indexes), _runs(seqs)] for indexes, seqs in alike.items())
            self._settings.put(_PARTS + root.hex(), encode_trusted(rows))
        else:
            self._settings.drop(_PARTS + root.hex())

    def _parts(self, root: bytes) -> dict[int, frozenset[int]]:
        kept = self._settings.get(_PARTS + root.hex())
        found: dict[int, frozenset[int]] = {}
        for indexes, runs in cbor2.loads(kept) if kept else ():
            found.update(dict.fromkeys(_read(runs), frozenset(indexes)))
        return found

    def from_sender(self, sender: bytes) -> dict[bytes, Part]:
        """Return what a partner's bundles brought of each revision, whoever brought it first: he holds that."""
        found: dict[int, Part] = {}
        for (root,) in self._database.rows("SELECT root FROM bundle_in WHERE sender = ?", (sender,)):
            parts = self._parts(root)
            for seq in self.by(root):
                found[seq] = _both(parts.get(seq), found.get(seq, frozenset()))
        rows = in_chunks(self._database.rows, "SELECT seq, id FROM revision WHERE seq IN", sorted(found))
        return {key: found[seq] for seq, key in rows}

    def by(self, root: bytes) -> set[int]:
        """Return the places of the revisions that a bundle brought words of."""
        return _read(self._runs_of(root))

    def elsewhere(self, seqs: Collection[int], *, but: Collection[bytes]) -> dict[int, Part]:
        """Return which words of the revisions at these places bundles brought; some bundles left out."""
        wanted, found = set(seqs), dict[int, Part]()
        low, high = min(wanted, default=0), max(wanted, default=-1)
        for root in self._roots() - set(but):
            runs = [[max(first, low), min(last, high)] for first, last in self._runs_of(root)]
            mine = _read(runs) & wanted
            parts = self._parts(root) if mine else {}
            for seq in mine:
                found[seq] = _both(parts.get(seq), found.get(seq, frozenset()))
        return found

    def _roots(self) -> set[bytes]:
        named = self._settings.under(_NAME)
        roots = {bytes.fromhex(name.removeprefix(_NAME)) for name in named} - {PUT_BACK}
        return roots | {row[0] for row in self._database.rows("SELECT root FROM bundle_in")}

    def _runs_of(self, root: bytes) -> Runs:
        kept = self._settings.get(_NAME + root.hex())
        runs: Runs = cbor2.loads(kept) if kept else _runs(self._first(root))
        return runs

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
            near = [[max(first, low), min(last, high)] for first, last in self._runs_of(root)]
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


def _both(one: Part, other: Part) -> Part:
    return None if one is None or other is None else one | other


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
