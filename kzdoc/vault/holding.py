"""Which things that left may say something else by now: what each depended on, and what has changed since.

A projection: all of it can be dropped, then everything that left is compared anew once. Rules: a record that is written
again waits here from that very act (projection.py), one that is born has a number above ``upto``; what waits is laid
beside what papers depend on: the records of the case, those a changed one leads to, and the records whose texts may
speak of somebody who changed. So looking costs what changed. It says too much rather than too little: a paper named
here is compared by what it would say (kzdoc/correcting.py), never believed to be wrong.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cbor2

from kzdoc.encoding import encode_trusted
from kzdoc.ledger.history import held_entries
from kzdoc.names.fold import fold
from kzdoc.names.index import is_word
from kzdoc.redaction.consent import FOR_EVER, holds_until
from kzdoc.vault.names import CONSENT, KINDS, NUMBER, PERSON, WHOLE, of_word
from kzdoc.vault.packing import unpack
from kzdoc.vault.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from kzdoc.ledger.merge import RecordState
    from kzdoc.vault.vault import Vault

AT_ONCE = 200
"""So many changed records are looked at in one transaction."""
_SHORTEST, _ENDING = 3, 3
_TELEPHONE = 11
_WAITING = (
    "SELECT e.id FROM export e LEFT JOIN hold_now h ON h.export = e.id"
    " WHERE h.export IS NULL AND e.audience <> 'internal' AND e.form IN (%s) ORDER BY e.id DESC LIMIT ?"
)
_BORN = "INSERT OR IGNORE INTO hold_due SELECT id FROM record WHERE number > ?"


@dataclass(frozen=True, slots=True)
class Now:
    """What a thing that left would say now: a digest (empty: nothing any more), and what is other in words' keys."""

    export: int
    said: bytes
    other: Mapping[str, Any]


class Holding:
    """The comparing of what left, in one vault on one day; ``decided``: words and names by how they were decided."""

    def __init__(self, vault: Vault, *, day: str, decided: Mapping[str, str]) -> None:
        self._vault = vault
        self._database = vault.database
        self._truth = Truth(vault.database)
        self._day = day
        self._decided = dict(decided)

    # what changed

    def behind(self) -> bool:
        """Return whether anything changed that nobody looked at."""
        upto, day, decided = self._mark()
        row = self._database.row("SELECT coalesce(max(number), 0) FROM record")
        if day != self._day or decided != self._decided or (row and row[0] > upto):
            return True
        return self._database.row("SELECT 1 FROM hold_due LIMIT 1") is not None

    def gather(self) -> None:
        """Note what was born, decided or ran out since the last time as waiting."""
        upto, day, decided = self._mark()
        last = self._database.row("SELECT coalesce(max(number), 0) FROM record")
        if not day:
            self._until(self._vault.records.records(CONSENT))
        elif not self.compared():  # until something leaves, only on which day consents say something else is noted
            self._database.run(_BORN + " AND +kind = ?", (upto, CONSENT))
        else:
            self._database.run(_BORN, (upto,))
            for word in {name for name, how in {*decided.items()} ^ {*self._decided.items()}}:
                self._doubt(self._speaking([fold(part) for part in word.split()]))
        back = " OR 1" if day > self._day else ""
        self._database.run(
            f"INSERT OR IGNORE INTO hold_due SELECT record FROM hold_until WHERE upto < ?{back}",  # noqa: S608 - ours
            (self._day,),
        )
        self._database.run(
            "UPDATE hold_upto SET upto = ?, day = ?, decided = ?",
            (last[0] if last else 0, self._day, encode_trusted(self._decided)),
        )

    def look(self, most: int) -> int:
        """Look at up to ``most`` changed records; return how many. What depends on them is to be compared."""
        rows = self._database.rows(
            "SELECT d.record, r.kind, r.state FROM hold_due d LEFT JOIN record r ON r.id = d.record LIMIT ?", (most,)
        )
        near: set[bytes] = set()
        words: set[str] = set()
        for record, kind, packed in rows:
            near |= {record, of_kind(kind or "")}
            state = unpack(record, kind, packed) if packed is not None else None
            if state is None:
                continue
            near |= _links(state)
            if kind in KINDS:
                people = self._people(state)
                near |= people
                words |= self._words({*people, record})
        self._doubt(near | self._speaking(words))
        self._database.run_many("DELETE FROM hold_until WHERE record = ?", [(row[0],) for row in rows])
        self._until(unpack(record, kind, packed) for record, kind, packed in rows if kind == CONSENT)
        self._database.run_many("DELETE FROM hold_due WHERE record = ?", [(row[0],) for row in rows])
        return len(rows)

    # what depends on it

    def compared(self) -> bool:
        """Return whether anything that left was ever compared."""
        return self._database.row("SELECT 1 FROM hold_now LIMIT 1") is not None

    def waiting(self, forms: Collection[str], most: int) -> list[int]:
        """Return up to ``most`` things that left and are to be compared, the newest first."""
        marks = ",".join("?" * len(forms))
        return [row[0] for row in self._database.rows(_WAITING % marks, (*sorted(forms), most))]

    def put(self, now: Now, depends: Iterable[bytes], *, holds: bool) -> None:
        """Keep what something would say now, on which records that depends, and whether it still holds."""
        self._database.run("DELETE FROM hold_of WHERE export = ?", (now.export,))
        self._database.run_many(
            "INSERT OR IGNORE INTO hold_of VALUES (?, ?)", [(one, now.export) for one in sorted(set(depends))]
        )
        self._database.run(
            "INSERT OR REPLACE INTO hold_now VALUES (?, ?, ?, ?)",
            (now.export, now.said, encode_trusted(dict(now.other)), int(holds)),
        )

    def again(self, export: int) -> None:
        """Have one thing compared again."""
        self._database.run("DELETE FROM hold_now WHERE export = ?", (export,))

    def forget(self) -> None:
        """Have everything compared again."""
        with self._vault.transaction():
            self._database.run("DELETE FROM hold_now")

    def of_record(self, record: bytes) -> list[int]:
        """Return what depends on a record, the newest first."""
        rows = self._database.rows("SELECT export FROM hold_of WHERE record = ? ORDER BY export DESC", (record,))
        return [row[0] for row in rows]

    def overtaken(self) -> list[Now]:
        """Return what did not hold when it was last compared, the newest first."""
        rows = self._database.rows("SELECT export, said, other FROM hold_now WHERE holds = 0 ORDER BY export DESC")
        return [Now(row[0], row[1], cbor2.loads(row[2])) for row in rows]

    def _doubt(self, records: Iterable[bytes]) -> None:
        question = "DELETE FROM hold_now WHERE export IN (SELECT export FROM hold_of WHERE record = ?)"
        self._database.run_many(question, [(one,) for one in sorted(records)])

    def _mark(self) -> tuple[int, str, dict[str, str]]:
        row = self._database.row("SELECT upto, day, decided FROM hold_upto")
        return (row[0], row[1], cbor2.loads(row[2])) if row else (0, "", {})

    # whom a change is of

    def _people(self, state: RecordState) -> set[bytes]:
        """Return the people a change may be of: whom a consent ever spoke of, a person and those joined with him."""
        if state.kind == PERSON:
            return {state.id, *self._vault.names.joined(state.id, present=False)}
        if state.kind != CONSENT:
            return set()
        found: set[bytes] = set()
        for person in self._ever(state):
            found |= {person, *self._vault.names.joined(person, present=False)}
        return found

    def _ever(self, consent: RecordState) -> set[bytes]:
        """Return whom a consent speaks of and ever spoke of."""
        found = {value for value in consent.values(PERSON) if isinstance(value, bytes)}
        rows = self._database.rows("SELECT DISTINCT seq FROM entry_of WHERE record = ?", (consent.id,))
        for _, revision in self._truth.revisions(sorted(row[0] for row in rows)) if len(rows) > 1 else ():
            for held in held_entries(revision):
                said = held.statements.values() if held.entry.record == consent.id else ()
                found |= {one.value for one in said if one.field == PERSON and isinstance(one.value, bytes)}
        return found

    def _words(self, people: Iterable[bytes]) -> set[str]:
        """Return the words people are filed under, numbers too."""
        found: set[str] = set()
        for owner in people:
            rows = self._database.rows("SELECT key FROM name_key WHERE owner = ?", (owner,))
            keys = [row[0] for row in rows]
            found |= {key for key in keys if (of_word(key) and is_word(key)) or key[:1] == NUMBER}
            found |= {part for key in keys if key[:1] == WHOLE for part in key[1:].split()}
        return found

    def _speaking(self, words: Iterable[str]) -> set[bytes]:
        """Return the records on which a paper depends and whose texts may hold one of these words, in any form."""
        found: set[bytes] = set()
        for word in sorted(set(words)):
            found |= self._holding_word(word)
        return found

    def _holding_word(self, word: str) -> set[bytes]:
        digits = word.removeprefix(NUMBER)
        if word[:1] == NUMBER:
            forms = [digits, f"8{digits[1:]}", digits[1:]] if len(digits) == _TELEPHONE else [digits]
            asked = " OR ".join(f'"{one}"' for one in forms)
        elif len(word) < _SHORTEST or '"' in word:
            return set()
        else:
            asked = f'"{word[: max(_SHORTEST, len(word) - _ENDING)]}"*'
        rows = self._database.rows(
            "SELECT DISTINCT r.id FROM search s CROSS JOIN record r ON r.number = s.rowid"
            " WHERE search MATCH ? AND EXISTS (SELECT 1 FROM hold_of h WHERE h.record = r.id)",
            (asked,),
        )
        return {row[0] for row in rows}

    def _until(self, consents: Iterable[RecordState]) -> None:
        """Note on which day consents begin to say something else; one that was removed says nothing any more."""
        for one in consents:
            if not one.removed and (last := holds_until([one], self._day)) not in ("", FOR_EVER):
                self._database.run("INSERT OR REPLACE INTO hold_until VALUES (?, ?)", (one.id, last))


def of_kind(kind: str) -> bytes:
    """Return what numbers of a kind depend on instead of a record: any of that kind, of no kind when it is gone."""
    return hashlib.sha256(b"kzdoc every record of the kind " + kind.encode()).digest()[:16]


def _links(state: RecordState) -> set[bytes]:
    """Return the records a state leads to."""
    values = (live.value for lives in state.fields.values() for live in lives)
    return {value for value in values if isinstance(value, bytes) and len(value) == 16}  # noqa: PLR2004 - a record id
