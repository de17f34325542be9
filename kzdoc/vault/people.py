"""The people of a vault, each looked up when asked for: the same as reading everybody (kzdoc/redaction/people.py).

Rules: whoever a text may speak of is met by the filing of names (names.py), which also says who of them may be named;
whoever else a record leads to is read with the consents that are his. Where more are asked for than are cheaper one by
one, what all allow is read at once. An answer is as true as the vault was when these people were made: they are made
anew when anything changed (``Session.once``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from kzdoc.names.index import InMemory, NameIndex
from kzdoc.redaction.consent import PERSON, Allowed, Permissions
from kzdoc.redaction.joined import groups_of
from kzdoc.redaction.people import People
from kzdoc.redaction.text import NameBook
from kzdoc.redaction.unknown import NAME, SHOWN, Decisions
from kzdoc.vault.filing import FREE, Filing
from kzdoc.vault.known import FiledNumbers, KnownWords
from kzdoc.vault.names import SOMEBODY

if TYPE_CHECKING:
    from kzdoc.domain.audience import Audience
    from kzdoc.domain.field import Sensitivity
    from kzdoc.ledger.merge import RecordState

ONE_BY_ONE = 1_000
"""When more people than this were asked what they allow, it is read of everybody at once."""
ReadAll = Callable[[], People]


class FiledPeople:
    """The people of one vault on one day, looked up; ``read_all`` reads everybody."""

    def __init__(self, filing: Filing, decided: Decisions, read_all: ReadAll) -> None:
        words = KnownWords(filing.look, beside=InMemory([*decided.names(NAME), *decided.names(SHOWN)]))
        persons = _Persons(filing, words, read_all)
        self.decided = decided
        self.allowed: Allowed = _Allowing(filing, persons, read_all)
        self._book = NameBook(NameIndex(words=words), frozenset(), persons, FiledNumbers(filing.look))
        self._free = {one: _MayName(one, self.allowed, persons, words, decided) for one in FREE}
        self._read_all = read_all

    def everybody(self) -> People:
        """Return the same people read from their records, without any filing."""
        return self._read_all()

    def index(self) -> NameIndex:
        """Return everybody's names, whoever may be named."""
        return self._book.index

    def book(self, audience: Audience) -> NameBook:
        """Return the names for an audience."""
        book = self._book
        return NameBook(book.index, self._free[audience], book.persons, book.numbers)


class _Persons(Mapping[bytes, "RecordState"]):
    """The people by id, each read when asked for; those with removed records too whose names are still met."""

    def __init__(self, filing: Filing, words: KnownWords, read_all: ReadAll) -> None:
        self._filing, self._words, self._read_all = filing, words, read_all
        self._read: dict[bytes, RecordState | None] = {}

    def _find(self, person: bytes) -> RecordState | None:
        if person not in self._read:
            found = self._filing.vault.records.record(person) or self._filing.unheard.record(person)
            if found is not None and (found.kind != PERSON or (found.removed and not self._met(found))):
                found = None
            self._read[person] = found
        return self._read[person]

    def _met(self, removed: RecordState) -> bool:
        return self._filing.told(removed).effective(self._filing.look.called) is not None

    def __contains__(self, person: object) -> bool:
        """Return whether a record is a person's; of whoever was met in a text it is known without reading."""
        if not isinstance(person, bytes):
            return False
        return bool(self._words.flags.get(person, 0) & SOMEBODY) or self._find(person) is not None

    def __getitem__(self, person: bytes) -> RecordState:
        """Return a person's record."""
        found = self._find(person)
        if found is None:
            raise KeyError(person)
        return found

    def __iter__(self) -> Iterator[bytes]:
        """Yield everybody: then all are read."""
        return iter([one.id for one in self._read_all().records])

    def __len__(self) -> int:
        """Return how many there are: then all are read."""
        return len(self._read_all().records)


class _Allowing:
    """What people allow, read of whoever is asked for."""

    def __init__(self, filing: Filing, persons: _Persons, read_all: ReadAll) -> None:
        self._filing, self._persons, self._read_all = filing, persons, read_all
        self._read: dict[bytes, Allowed] = {}
        self._same: dict[bytes, bytes] | None = None

    def covers(self, person: bytes, sensitivity: Sensitivity, audience: Audience, record: bytes | None = None) -> bool:
        """Return whether the person's consent covers a class of information, in ``record``, for an audience."""
        return self._of(person).covers(person, sensitivity, audience, record)

    def may_name(self, person: bytes, audience: Audience) -> bool:
        """Return whether the person may be named to an audience."""
        return self._of(person).may_name(person, audience)

    def in_office_only(self, person: bytes) -> bool:
        """Return whether the person may be named as an official and for nothing else."""
        return self._of(person).in_office_only(person)

    def one_of(self, person: bytes) -> bytes:
        """Return the record that stands for a person of whom several are joined: of each the same, of one its own."""
        if self._same is None:
            links = self._filing.vault.records.joined()
            groups = groups_of((source, target) for source, target, _ in links)
            self._same = {one: min(group) for group in groups for one in group}
        return self._same.get(person, person)

    def _of(self, person: bytes) -> Allowed:
        known = self._read.get(person)
        if known is None:
            many = len(self._read) >= ONE_BY_ONE
            known = self._read[person] = self._read_all().allowed if many else self._asked(person)
        return known

    def _asked(self, person: bytes) -> Permissions:
        state = self._persons.get(person)
        if state is None:  # nobody, or a double whose record was removed or is not here: only what consents say
            return self._filing.allowed(person, met=False)[0]
        return Permissions(self._filing.day) if state.removed else self._filing.allowed(person)[0]


class _MayName(AbstractSet[bytes]):
    """Who may be named to an audience: of those met in texts their flags say it, of others what they allow."""

    def __init__(
        self, audience: Audience, allowed: Allowed, persons: _Persons, words: KnownWords, decided: Decisions
    ) -> None:
        self._audience, self._allowed, self._persons, self._words = audience, allowed, persons, words
        self._free: set[bytes] = {one for one, _ in decided.names(SHOWN)}
        self._known: set[bytes] = self._free | {one for one, _ in decided.names(NAME)}

    def _settle(self, people: Iterable[bytes]) -> None:
        flag, flags = FREE[self._audience], self._words.flags
        for one in people:
            met = flags.get(one)
            if met is None:
                free = one in self._persons and self._allowed.may_name(one, self._audience)
            else:
                free = bool(met & flag)
            if free:
                self._free.add(one)
            self._known.add(one)

    def _of(self, people: Iterable[bytes]) -> frozenset[bytes]:
        asked = people if isinstance(people, frozenset) else frozenset(people)
        if not asked <= self._known:
            self._settle(asked - self._known)
        return asked & self._free

    def __contains__(self, person: object) -> bool:
        """Return whether somebody may be named."""
        return isinstance(person, bytes) and bool(self._of(frozenset((person,))))

    def __and__(self, people: Iterable[bytes]) -> frozenset[bytes]:
        """Return those of some people who may be named."""
        return self._of(people)

    __rand__ = __and__

    def __rsub__(self, people: Iterable[bytes]) -> frozenset[bytes]:
        """Return those of some people who may not be named."""
        asked = frozenset(people)
        return asked - self._of(asked)

    def __ge__(self, people: AbstractSet[object]) -> bool:
        """Return whether all of some people may be named."""
        return all(one in self for one in people)

    def __iter__(self) -> Iterator[bytes]:
        """Refuse: nobody needs all of them, and asking everybody is what this is instead of."""
        raise TypeError

    def __len__(self) -> int:
        """Refuse as well."""
        raise TypeError
