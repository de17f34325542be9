"""Whose name a word is: people by the keys of their names, kept in the vault so that a text is looked up in them.

A projection: everything here can be dropped and is filed again (filing.py). A key is one of kzdoc/names/index.py's, or
marked: ``=`` a whole name, ``#`` a number, ``@`` house and beginning of a street, ``&`` an address. Rules: writing a
record (projection.py) takes out what it was filed under and marks it as waiting, in the same act, so that nothing of
what was withheld or forgotten stays; so do words kept aside on this desk that come or go (quarantine.py). Records born
have numbers above ``upto`` and cost nothing until somebody asks. What is filed is asked for in lookups.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.domain.catalogue import KINDS as ALL
from kzdoc.domain.field import Sensitivity
from kzdoc.domain.kinds.recurring import SAME_AS
from kzdoc.names.index import shapes
from kzdoc.vault.packing import unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kzdoc.ledger.merge import RecordState
    from kzdoc.vault.connection import Database

PERSON, CONSENT = "person", "consent"
WRITING = tuple(
    sorted(
        of.id
        for of in ALL.values()
        if of.id != PERSON and any(one.name_of and one.sensitivity is Sensitivity.IDENTITY for one in of.fields)
    )
)
KINDS = frozenset({PERSON, CONSENT, *WRITING})
"""Kinds whose records hold names, or say who may be named."""
SOMEBODY, BESIDE = 1 << 8, 1 << 9
"""Flags of a key: its owner is a person's record; it counts only while nobody present is called so."""
_FIRST_LETTER = 10
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
WHOLE, NUMBER, HOUSE, ADDRESS = "=", "#", "@", "&"
_MARKS = frozenset((WHOLE, NUMBER, HOUSE, ADDRESS))
_AFTER_WHOLE = chr(ord(WHOLE) + 1)
_FORMED = "SELECT 1 FROM name_form WHERE form = ? AND word = ?"
_JOINED_WITH = (  # who says that he is one with a record, and whom its own, a person's, says it is one with
    "SELECT r.id, r.kind, r.removed FROM link l JOIN record r ON r.number = l.source"
    " WHERE l.target = ?1 AND l.field = ?2 AND r.kind = 'person'"
    " UNION ALL SELECT l.target, o.kind, o.removed FROM record r JOIN link l ON l.source = r.number"
    " AND l.field = 'same_as' LEFT JOIN record o ON o.id = l.target WHERE r.id = ?1 AND r.kind = 'person'"
)
_OF_OWNER = "SELECT key, flags FROM name_key WHERE owner = ?"
_UNHEARD = " SELECT -min(seq), ? FROM entry_of WHERE record = ?%s HAVING min(seq) IS NOT NULL"
_WITHOUT_ROW = _UNHEARD % " AND NOT EXISTS (SELECT 1 FROM record WHERE id = record)"


def of_word(key: str) -> bool:
    """Return whether a key is met in texts by its forms."""
    return key[:1] not in _MARKS


def letters(begin: Iterable[str]) -> int:
    """Return the flags that say with which letters words of the owner's names begin; other signs have none."""
    places = (_LETTERS.find(one[:1]) if one else -1 for one in begin)
    flags = 0
    for place in places:
        flags |= 1 << _FIRST_LETTER + place if place >= 0 else 0
    return flags


class Names:
    """The filing of names of one vault; inside the caller's transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._formed: set[str] = set()

    # what waits

    def begin(self) -> None:
        """Forget which words were seen filed: a transaction begins, and the last may have been undone."""
        self._formed.clear()

    def gather(self) -> None:
        """Mark the records born since the last time as waiting."""
        upto = self.upto()
        row = self._database.row("SELECT coalesce(max(number), 0) FROM record")
        last = int(row[0]) if row else 0
        if last > upto:
            marks = ",".join("?" * len(KINDS))
            born = f"SELECT number, 1 FROM record WHERE number > ? AND kind IN ({marks})"  # noqa: S608 - marks only
            self._database.run(f"INSERT OR REPLACE INTO name_due {born}", (upto, *sorted(KINDS)))
        self._database.run("UPDATE name_upto SET upto = ?", (last,))

    def upto(self) -> int:
        """Return the number up to which records were filed, or wait to be."""
        row = self._database.row("SELECT upto FROM name_upto")
        return int(row[0]) if row else 0

    def behind(self, day: str) -> bool:
        """Return whether anything waits to be filed, or what somebody allows may be another on this day."""
        outdated = self._database.row("SELECT 1 FROM name_until WHERE since > ?1 OR upto < ?1 LIMIT 1", (day,))
        return outdated is not None or self.waits()

    def waits(self) -> bool:
        """Return whether anything waits to be filed."""
        if self._database.row("SELECT 1 FROM name_due LIMIT 1"):
            return True
        marks = ",".join("?" * len(KINDS))
        found = self._database.row(  # by number: an index of kinds would be read whole
            f"SELECT 1 FROM record WHERE number > ? AND +kind IN ({marks}) LIMIT 1",  # noqa: S608 - marks only
            (self.upto(), *sorted(KINDS)),
        )
        return found is not None

    def outdated(self, day: str) -> None:
        """Mark those as waiting whose permission was worked out for other days."""
        self._database.run(
            "INSERT OR IGNORE INTO name_due SELECT r.number, 0 FROM name_until u JOIN record r ON r.id = u.owner"
            " WHERE u.since > ?1 OR u.upto < ?1",
            (day,),
        )
        self._database.run("DELETE FROM name_until WHERE since > ?1 OR upto < ?1", (day,))

    def waiting(self, most: int, *, consents: bool) -> list[tuple[int, RecordState | None, bool]]:
        """Return (number, record, whether it changed) of up to ``most`` that wait: consents, or all others."""
        rows = self._database.rows(
            "SELECT d.record, d.changed, r.id, r.kind, r.state FROM name_due d LEFT JOIN record r"
            " ON r.number = d.record WHERE (coalesce(r.kind, '') = 'consent') = ?"
            " ORDER BY coalesce(r.kind, '') <> 'person', d.record LIMIT ?",
            (consents, most),
        )
        return [(row[0], unpack(*row[2:]) if row[2] is not None else None, bool(row[1])) for row in rows]

    def done(self, numbers: Iterable[int]) -> None:
        """Note that records were filed."""
        self._database.run_many("DELETE FROM name_due WHERE record = ?", [(one,) for one in numbers])

    def due(self, records: Iterable[bytes]) -> None:
        """Mark records as waiting; those of which nothing is in force by the first revision about them."""
        keys = list(records)
        self._database.run_many(
            "INSERT OR IGNORE INTO name_due SELECT number, 0 FROM record WHERE id = ?", [(one,) for one in keys]
        )
        self._database.run_many("INSERT OR IGNORE INTO name_due" + _WITHOUT_ROW, [(0, one) for one in keys])

    def due_together(self, people: Iterable[bytes]) -> None:
        """Mark people as waiting, and whoever is joined with them: what one says, all say."""
        found = set(people)
        for one in tuple(found):
            found |= self.joined(one, present=False)
        self.due(found)

    # what changes

    def touch(self, number: int, before: RecordState) -> None:
        """Take out what a record was filed under; it and whoever it says something of wait to be filed again."""
        if before.kind == CONSENT:
            self.due_together(one for one in before.values(PERSON) if isinstance(one, bytes))
        elif before.kind == PERSON:
            self.due(self.joined(before.id, present=False))
        self._unfile(before.id)
        self._database.run("INSERT OR REPLACE INTO name_due VALUES (?, 1)", (number,))

    def unheard(self, records: Iterable[bytes]) -> None:
        """Do the same for records of which nothing is in force any more (unheard.py): their names stay known."""
        for one in records:
            self._unfile(one)
            self._database.run("INSERT OR REPLACE INTO name_due" + _UNHEARD % "", (1, one))

    def touch_kept_aside(self, record: bytes) -> None:
        """Do the same for a record of which words are kept aside on this desk, or are no more."""
        row = self._database.row("SELECT number, id, kind, state FROM record WHERE id = ?", (record,))
        if row is None:
            self.unheard([record])
        elif row[2] in KINDS:
            self.touch(row[0], unpack(*row[1:]))

    def born(self, first: int) -> None:
        """Note that records were born with numbers from ``first``: a number may have been another's before."""
        self._database.run("UPDATE name_upto SET upto = ?1 WHERE upto > ?1", (first - 1,))

    def joined(self, one: bytes, *, present: bool = True) -> set[bytes]:
        """Return everybody joined with a person, himself left out; over those who are ``present`` alone.

        Otherwise also those whose records are removed, or not here: what they said of their consent counts all the
        same.
        """
        found, waiting = {one}, [one]
        while waiting:
            here = waiting.pop()
            rows = self._database.rows(_JOINED_WITH, (here, SAME_AS))
            beside = {other for other, kind, removed in rows if not present or (kind == PERSON and not removed)}
            waiting += beside - found
            found |= beside
        return found - {one}

    # filing

    def put(self, owner: bytes, keys: Mapping[str, int]) -> None:
        """File an owner under these keys, in place of those before; writes what differs."""
        before = dict(self._database.rows(_OF_OWNER, (owner,)))
        self._take(owner, [key for key in before if key not in keys])
        added = sorted([key for key in keys if before.get(key) != keys[key]])
        self._database.run_many(
            "INSERT OR REPLACE INTO name_key VALUES (?, ?, ?)", [(key, owner, keys[key]) for key in added]
        )
        new = [key for key in added if key not in before and of_word(key) and shapes(key)]
        for key in new:
            form = shapes(key)[0][0]
            if key not in self._formed and not self._database.row(_FORMED, (form, key)):
                rows = sorted({(one, key) for one, _ in shapes(key)})
                self._database.run_many("INSERT OR IGNORE INTO name_form VALUES (?, ?)", rows)
                longest = max(len(one) for one, _ in rows)
                self._database.run("UPDATE name_upto SET longest = ?1 WHERE longest < ?1", (longest,))
            self._formed.add(key)

    def put_wholes(self, owner: bytes, wholes: Mapping[str, int]) -> None:
        """File an owner under his whole names; where those of a person present change, namesakes beside wait."""
        keys = {WHOLE + whole: flags for whole, flags in wholes.items()}
        rows = self._database.rows(
            "SELECT key, flags FROM name_key WHERE owner = ? AND key >= ? AND key < ?", (owner, WHOLE, _AFTER_WHOLE)
        )
        before = dict(rows)
        borne = {key for key, flags in keys.items() if not flags & BESIDE}
        for key in borne ^ {key for key, flags in before.items() if not flags & BESIDE}:
            self._wake(owner, key)
        self._take(owner, [key for key in before if key not in keys])
        self._database.run_many(
            "INSERT OR REPLACE INTO name_key VALUES (?, ?, ?)",
            [(key, owner, flags) for key, flags in keys.items() if before.get(key) != flags],
        )

    def until(self, owner: bytes, since: str, upto: str) -> None:
        """Note for which days an owner's flags hold; without an end nothing is noted."""
        self._database.run("DELETE FROM name_until WHERE owner = ?", (owner,))
        if upto:
            self._database.run("INSERT INTO name_until VALUES (?, ?, ?)", (owner, since, upto))

    def _wake(self, owner: bytes, key: str) -> None:
        rows = self._database.rows(
            "SELECT owner FROM name_key WHERE key = ? AND owner <> ? AND flags & ? <> 0", (key, owner, BESIDE)
        )
        self.due([row[0] for row in rows])

    def _unfile(self, owner: bytes) -> None:
        keys = dict(self._database.rows(_OF_OWNER, (owner,)))
        for key, flags in keys.items():
            if key[:1] == WHOLE and not flags & BESIDE:
                self._wake(owner, key)
        self._take(owner, list(keys))
        self._database.run("DELETE FROM name_until WHERE owner = ?", (owner,))

    def _take(self, owner: bytes, keys: Sequence[str]) -> None:
        """Take keys from an owner; a word that nobody bears any more goes with its forms."""
        self._database.run_many("DELETE FROM name_key WHERE key = ? AND owner = ?", [(key, owner) for key in keys])
        for key in keys:
            self._formed.discard(key)
            if of_word(key) and self._database.row("SELECT 1 FROM name_key WHERE key = ? LIMIT 1", (key,)) is None:
                forms = {(form, key) for form, _ in shapes(key)}
                self._database.run_many("DELETE FROM name_form WHERE form = ? AND word = ?", sorted(forms))
