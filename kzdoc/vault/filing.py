"""Filing people by the keys of their names (names.py): what changed since the last time, one record after another.

Rules: what a record is filed under follows from it, its history, what is kept aside on this desk, who present is called
the same, and what the person and those joined with him allow on that day: the same as kzdoc/redaction/people.py says of
everybody at once. Filing costs what changed; it can be stopped between two parts and goes on where it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kzdoc.domain.audience import Audience
from kzdoc.encoding import decode
from kzdoc.ledger.history import held_entries
from kzdoc.ledger.revision import read_disclosure
from kzdoc.names.index import is_word, keys_of
from kzdoc.progress import Progress, silent
from kzdoc.redaction import addresses
from kzdoc.redaction.consent import CONSENT, PERSON, Permissions, holds_until, permissions
from kzdoc.redaction.numbers import Numbers
from kzdoc.redaction.people import Told, told_of
from kzdoc.vault.lookups import Lookups
from kzdoc.vault.names import ADDRESS, BESIDE, HOUSE, NUMBER, SOMEBODY, WHOLE, letters
from kzdoc.vault.packing import unpack
from kzdoc.vault.quarantine import WITHHELD
from kzdoc.vault.truth import Truth
from kzdoc.vault.unheard import Unheard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.ledger.merge import RecordState
    from kzdoc.vault.vault import Vault

AT_ONCE = 500
"""So many records are filed in one transaction."""
AUDIENCES = tuple(Audience)
FREE = {audience: 1 << place for place, audience in enumerate(AUDIENCES)}
"""The flag of a key whose owner may be named to an audience."""


class Filing:
    """The filing of one vault on one day."""

    def __init__(self, vault: Vault, day: str) -> None:
        self.vault = vault
        self.day = day
        self.names = vault.names
        self.look = Lookups(vault.database)
        self._database = vault.database
        self._truth = Truth(vault.database)
        self.unheard = Unheard(vault.database)
        self._aside: frozenset[bytes] | None = None

    def _kept_aside(self, record: bytes) -> list[tuple[str, Any]]:
        """Return (field, value) of the words of a record that are kept aside on this desk."""
        if self._aside is None:
            waiting = self.vault.quarantine.all()
            self._aside = frozenset([one.id for one in waiting if one.reason == WITHHELD])
        content = self.vault.quarantine.content(record) if record in self._aside else None
        kept = decode(content) if content is not None else {}
        read = [read_disclosure(raw) for said in kept.get("statements", {}).values() for raw in dict(said).values()]
        return [(one.field, one.value) for one in read]

    def behind(self) -> bool:
        """Return whether anything waits."""
        return self.names.behind(self.day)

    def catch_up(self, progress: Progress = silent, *, most: int | None = None, days: bool = True) -> int:
        """File what waits, all of it or some ``most``; return how many records were filed.

        ``days``: those too who may allow something else on this day than on the day they were filed.
        """
        done = 0
        with self.vault.transaction():
            self.names.gather()
            if days:
                self.names.outdated(self.day)
            while consents := self.names.waiting(AT_ONCE, consents=True):
                self.names.due_together(one for _, state, _ in consents if state for one in _people_of(state))
                self.names.done([number for number, _, _ in consents])
        while True:
            with self.vault.transaction():
                self.names.begin()
                part = self.names.waiting(AT_ONCE, consents=False)
                self._file(part)
                self.names.done([number for number, _, _ in part])
            done += len(part)
            if not part or (most is not None and done >= most):
                return done
            progress("vault.names", done, 0)

    def _file(self, part: Sequence[tuple[int, RecordState | None, bool]]) -> None:
        told = [(self.told(state), changed) for _, state, changed in part if state is not None]
        told += [(self.told(state), False) for state in self.unheard.at([-number for number, *_ in part if number < 0])]
        for one, changed in told:
            wholes = {whole: 0 if borne else BESIDE for whole, borne in one.wholes().items()}
            self.names.put_wholes(one.record.id, wholes)
            if changed and one.person:
                self.names.due(self.names.joined(one.record.id, present=False))
        for one, _ in told:
            keys, upto = self.keys(one)
            self.names.put(one.record.id, keys)
            self.names.until(one.record.id, self.day, upto)

    def told(self, state: RecordState) -> Told:
        """Return what a record tells of names, its history and what is kept aside with it."""
        return told_of(state, self.once_said(state))

    def once_said(self, state: RecordState) -> list[tuple[str, Any]]:
        """Return (field, value) of what the history of a record and what is kept aside of it say."""
        said = self._kept_aside(state.id)
        rows = self._database.rows("SELECT seq FROM entry_of WHERE record = ?", (state.id,))
        if len(rows) > 1:
            for _, revision in self._truth.revisions(sorted({row[0] for row in rows})):
                for held in held_entries(revision):
                    if held.entry.record == state.id:
                        said += [(one.field, one.value) for one in held.statements.values()]
        return said

    def keys(self, told: Told) -> tuple[dict[str, int], str]:
        """Return what a record is filed under, and until which day that holds (empty: for ever)."""
        found = {WHOLE + whole: 0 if borne else BESIDE for whole, borne in told.wholes().items()}
        effective = told.effective(self.look.called)
        if effective is None:
            return found, ""
        names, numbers, homes = effective
        flags, upto = self._flags(told.record) if told.person else (0, "")
        keys = {key for name in names for key in keys_of(name)}
        flags |= letters(key for key in keys if is_word(key))
        keys |= {NUMBER + key for key in Numbers.known(numbers, homes).keys}
        for home in dict.fromkeys(homes):
            under = addresses.filed(home)
            keys |= {HOUSE + one for one in under} | ({ADDRESS + home} if under else set())
        return found | dict.fromkeys(keys, flags), upto

    def _flags(self, person: RecordState) -> tuple[int, str]:
        """Return the flags of a person's keys: to whom he may be named, and until when that holds."""
        if person.removed:
            return SOMEBODY | FREE[Audience.INTERNAL], ""
        allowed, consents = self.allowed(person.id)
        free = sum(FREE[audience] for audience in AUDIENCES if allowed.may_name(person.id, audience))
        return SOMEBODY | free, holds_until(consents, self.day)

    def allowed(self, person: bytes, *, met: bool = True) -> tuple[Permissions, list[RecordState]]:
        """Return what a person allows, and the consents that say so: his own and of those joined with him.

        Joined are removed records too, and those that are not here. ``met`` is false of one of these: only what
        consents say counts.
        """
        group = [person, *sorted(self.names.joined(person, present=False))]
        here = self.vault.records.states(group if met else group[1:])
        people = [one for one in here.values() if one.kind == PERSON]
        consents = [one for each in group for one in self.consents(each)]
        return permissions(people, consents, day=self.day, joined=[group]), consents

    def consents(self, person: bytes) -> list[RecordState]:
        """Return the consents present that are of somebody."""
        rows = self._database.rows(
            "SELECT r.id, r.kind, r.state FROM link l JOIN record r ON r.number = l.source"
            " WHERE l.target = ? AND l.field = ? AND r.kind = ? AND r.removed = 0",
            (person, PERSON, CONSENT),
        )
        return [unpack(*row) for row in rows]


def _people_of(consent: RecordState) -> list[bytes]:
    return [one for one in consent.values(PERSON) if isinstance(one, bytes)]
