"""Who is filed near whom: keys of people and events, which records wait to be looked at, and the likely pairs found.

A projection: everything here can be dropped and is found again. Keys come from kzdoc/analysis and stand here as eight
bytes of their digest under a secret of this vault, so that nobody can try names on one elsewhere. Rules: writing a
record (projection.py) marks it as waiting and takes out its keys and pairs, and when a person is called otherwise what
others are filed under by that name, in the same act, so that nothing of what was withheld or forgotten stays; looking
at what waits costs what waits and what is near it, never what is there.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kzdoc.vault.truth import IN_ONE_QUESTION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kzdoc.moment import Randomness
    from kzdoc.vault.connection import Database
    from kzdoc.vault.rows import NamedBytes

KINDS = frozenset({"person", "event", "detention", "charge"})
"""Records of these kinds wait to be looked at when they change: they are compared, or say something of who is."""

EVENT = "event"
Key = tuple[str, ...]
SECRET = "near"  # noqa: S105 - the name of a row in ``meta``
_BY_NAME = ("with", "event")
"""Keys (sort, what, name) in which somebody else's name may stand: they are found again by the name alone."""
_NAME_BYTES, _BYTES = 5, 8
_ABOUT = (
    "INSERT OR IGNORE INTO near_due SELECT s.number FROM link l JOIN record s ON s.number = l.source"
    " AND s.kind IN ('event', 'detention', 'charge')"
)


class Near:
    """The filing of one vault; inside the caller's transaction where it writes."""

    def __init__(self, database: Database, meta: NamedBytes, randomness: Randomness) -> None:
        self._database = database
        self._meta = meta
        self._randomness = randomness
        self._secret = meta.get(SECRET) or b""
        self._counts: dict[int, int] = {}

    def number(self, key: Key) -> int:
        """Return eight bytes of a key's digest as the whole number that stands for it.

        Where a name stands in a key five of them are of sort and name alone.
        """
        if len(key) == 3 and key[0] in _BY_NAME:  # noqa: PLR2004 - sort, what, name
            said = self._digest((key[0], key[2]))[:_NAME_BYTES] + self._digest((key[1],))[_NAME_BYTES:]
        else:
            said = self._digest(key)
        return int.from_bytes(said, "big", signed=True)

    def _digest(self, key: Key) -> bytes:
        return hashlib.blake2b("\0".join(key).encode("utf-8"), digest_size=_BYTES, key=self._secret).digest()

    def unsay(self, name: str) -> None:
        """Take out what anybody is filed under by a companion's name; who was, waits to be looked at."""
        self._counts.clear()
        for sort in _BY_NAME:
            head = self._digest((sort, name))[:_NAME_BYTES]
            span = [int.from_bytes(head + end * (_BYTES - _NAME_BYTES), "big", signed=True) for end in (b"\0", b"\xff")]
            self._database.run(
                "INSERT OR IGNORE INTO near_due SELECT DISTINCT record FROM near_key WHERE key BETWEEN ? AND ?", span
            )
            self._database.run("DELETE FROM near_key WHERE key BETWEEN ? AND ?", span)

    # what waits

    def due(self, records: Iterable[bytes]) -> None:
        """Have people and events looked at, as something that was said of them is not said any more."""
        self._database.run_many(
            "INSERT OR IGNORE INTO near_due SELECT number FROM record WHERE id = ? AND kind IN ('person', 'event')",
            [(one,) for one in sorted(records)],
        )

    def due_about(self, records: Sequence[bytes]) -> None:
        """Have looked at what speaks of these people and events, as they come, go or are called otherwise."""
        for start in range(0, len(records), IN_ONE_QUESTION):
            part = records[start : start + IN_ONE_QUESTION]
            marks = ",".join("?" * len(part))
            self._database.run(_ABOUT + f" WHERE l.target IN ({marks})", part)

    def forget_counts(self) -> None:
        """Count anew what was counted in an act that was taken back."""
        self._counts.clear()

    def waiting(self, most: int) -> list[tuple[bytes, str]]:
        """Return up to ``most`` records that wait, with their kind, the longest waiting first."""
        rows = self._database.rows(
            "SELECT r.id, r.kind FROM near_due d JOIN record r ON r.number = d.record ORDER BY d.record LIMIT ?",
            (most,),
        )
        return [(row[0], row[1]) for row in rows]

    def left(self) -> int:
        """Return how many records wait."""
        row = self._database.row("SELECT count(*) FROM near_due d JOIN record r ON r.number = d.record")
        return int(row[0]) if row else 0

    def done(self, records: Iterable[bytes]) -> None:
        """Note that records were looked at."""
        self._database.run_many(
            "DELETE FROM near_due WHERE record = (SELECT number FROM record WHERE id = ?)", [(one,) for one in records]
        )

    # keys

    def put(self, record: bytes, keys: Iterable[Key]) -> None:
        """File a record under these keys, in place of those before."""
        self._counts.clear()
        row = self._database.row("SELECT number FROM record WHERE id = ?", (record,))
        if row is None:
            return
        self._secret = self._meta.get(SECRET) or b""  # read each time: the act that made it may have been undone
        if not self._secret:
            self._secret = self._randomness(32)
            self._meta.put(SECRET, self._secret)
        self._database.run("DELETE FROM near_key WHERE record = ?", (row[0],))
        rows = sorted({(self.number(key), row[0]) for key in keys})
        self._database.run_many("INSERT OR IGNORE INTO near_key VALUES (?, ?)", rows)

    def count(self, key: Key) -> int:
        """Return how many records are filed under a key."""
        number = self.number(key)
        found = self._counts.get(number)
        if found is None:
            row = self._database.row("SELECT count(*) FROM near_key WHERE key = ?", (number,))
            found = self._counts[number] = int(row[0]) if row else 0
        return found

    def under(self, key: Key, most: int) -> Collection[bytes]:
        """Return the ids filed under a key; none when it is a crowd of more than ``most``."""
        rows = self._database.rows(
            "SELECT r.id FROM near_key k JOIN record r ON r.number = k.record WHERE k.key = ? LIMIT ?",
            (self.number(key), most + 1),
        )
        return [row[0] for row in rows] if len(rows) <= most else ()

    # pairs

    def note_pairs(self, record: bytes, pairs: Sequence[tuple[bytes, int]]) -> None:
        """Note the likely pairs of a record, (other, score), in place of those found before."""
        self._database.run(
            "DELETE FROM near_pair WHERE one = (SELECT number FROM record WHERE id = ?1)"
            " OR other = (SELECT number FROM record WHERE id = ?1)",
            (record,),
        )
        self._database.run_many(
            "INSERT OR REPLACE INTO near_pair SELECT min(a.number, b.number), max(a.number, b.number), ?"
            " FROM record a JOIN record b WHERE a.id = ? AND b.id = ?",
            [(score, record, other) for other, score in pairs],
        )

    def pairs(self, kind: str) -> list[tuple[bytes, bytes, int]]:
        """Return the likely pairs of a kind, the likeliest first."""
        return [
            (row[0], row[1], row[2])
            for row in self._database.rows(
                "SELECT a.id, b.id, p.score FROM near_pair p JOIN record a ON a.number = p.one"
                " JOIN record b ON b.number = p.other WHERE a.kind = ?1 AND b.kind = ?1"
                " AND a.removed = 0 AND b.removed = 0 ORDER BY p.score DESC, a.id, b.id",
                (kind,),
            )
        ]
