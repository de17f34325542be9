"""Everybody a text may speak of, and what they allow: the people of a vault, those with removed records among them.

A name that stands in a record as mere text (an organiser) is somebody's too: unless a person of that name is known, it
is taken out of texts like that of a person nobody may name.

What was ever said of a person's names, numbers and addresses stays theirs: a corrected spelling, a cleared name, the
losing value of a settled conflict and words withheld on this desk are still met in texts written before. Only what was
forgotten is not known here any more; and an earlier spelling that somebody else present bears as their very own name
was a mistake about whose it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS, kind
from kzdoc.domain.field import Field, Sensitivity, Type
from kzdoc.ledger.merge import RecordState
from kzdoc.names.fold import fold_tokens
from kzdoc.names.index import NameIndex
from kzdoc.names.near import Near
from kzdoc.redaction.consent import Allowed, Permissions, permissions
from kzdoc.redaction.joined import joined
from kzdoc.redaction.text import NameBook, identifying
from kzdoc.redaction.unknown import NAME, SHOWN, Decisions

CROWD = 100
"""People of one paper or table above whom nobody is asked whether a letter or a beginning is one of them."""
Said = tuple[bytes, str, Any]
"""Something once said of a record: (record, field, value)."""


class Known(Protocol):
    """The people of a vault as papers, tables and bundles ask for them: all read at once, or each looked up."""

    @property
    def decided(self) -> Decisions:
        """What was decided of names nobody entered."""

    @property
    def allowed(self) -> Allowed:
        """What people allow."""

    def book(self, audience: Audience) -> NameBook:
        """Return the names for an audience."""

    def index(self) -> NameIndex:
        """Return everybody's names, whoever may be named."""

    def everybody(self) -> People:
        """Return the same people read from their records, without any filing."""


@dataclass(frozen=True, slots=True)
class People:
    """The people of a vault, those with removed records too, what they allow, and names written as text by record.

    ``earlier``: names, numbers and addresses by person and field that were said once and are not said now.
    """

    records: tuple[RecordState, ...]
    allowed: Permissions
    written: tuple[tuple[bytes, str], ...] = ()
    earlier: Mapping[bytes, Mapping[str, tuple[Any, ...]]] = field(default_factory=dict)
    decided: Decisions = field(default_factory=Decisions)
    _books: dict[Audience, NameBook] = field(default_factory=dict, repr=False, compare=False)

    def book(self, audience: Audience) -> NameBook:
        """Return the names for an audience; names and numbers are arranged once for all."""
        if audience not in self._books:
            free = self.may_name(audience).union(one for one, _ in self.decided.names(SHOWN))
            if self._books:
                self._books[audience] = replace(next(iter(self._books.values())), may_name=free)
            else:
                written = [*self.written, *self.decided.names(NAME), *self.decided.names(SHOWN)]
                self._books[audience] = NameBook.build(self.records, free, written, self.earlier)
        return self._books[audience]

    def may_name(self, audience: Audience) -> frozenset[bytes]:
        """Return who may be named to an audience."""
        return frozenset(one.id for one in self.records if self.allowed.may_name(one.id, audience))

    def index(self) -> NameIndex:
        """Return everybody's names, whoever may be named."""
        return self.book(Audience.INTERNAL).index

    def everybody(self) -> People:
        """Return the people."""
        return self


def withheld_near(known: Known, audience: Audience, people: Iterable[bytes]) -> Near:
    """Return the names of those of some people whom an audience may not read of: for ourselves nobody's.

    Nobody's either of a crowd, as in a long table: among so many hardly a word is nobody's beginning.
    """
    book = known.book(audience)
    hidden = frozenset() if audience is Audience.INTERNAL else frozenset(people)
    if len(hidden) > CROWD:
        return Near({})
    return Near(book.index.words(frozenset([one for one in hidden if one in book.persons]) - book.may_name))


def kinds_with_names() -> list[str]:
    """Return the kinds, ``person`` apart, that hold names of people who need a basis as text."""
    return [of.id for of in KINDS.values() if of.id != "person" and any(_withheld_name(one) for one in of.fields)]


def everybody(
    present: Iterable[RecordState],
    removed: Iterable[RecordState],
    consents: Iterable[RecordState],
    writing: Iterable[RecordState] = (),
    *,
    day: str,
    once_said: Iterable[Said] = (),
    unheard: Iterable[RecordState] = (),
    decided: Decisions | None = None,
) -> People:
    """Return the people: a name outlives its record, unless somebody present bears it (the record was a double).

    ``writing``: the records of ``kinds_with_names``; ``once_said``: what the vault's history and the words kept aside
    on this desk hold of the people and of these records; ``unheard``: people and such records of which nothing is in
    force here.
    """
    here = tuple(present)
    borne: dict[tuple[str, ...], set[bytes]] = {}
    for person in here:
        for folded in _names(person):
            borne.setdefault(folded, set()).add(person.id)
    said = [one for one in once_said if one[2] is not None]
    silent = [*unheard]
    heard = {person.id: person for person in (*here, *removed)}
    everyone = {**heard, **{one.id: one for one in silent if one.kind == "person"}}
    earlier = _earlier(everyone, said, borne)
    called = {person for person, fields in earlier.items() if any(IDENTIFYING[name].name_of for name in fields)}
    kept = [one for one in everyone.values() if not one.removed or not _names(one) <= borne.keys() or one.id in called]
    holding = {record.id: record for record in (*writing, *silent) if record.kind != "person"}
    known = [
        (one.id, str(value)) for one in holding.values() for name in _written(one.kind) for value in one.values(name)
    ]
    known += [(record, str(value)) for record, name, value in said if record in holding and name in _WRITTEN]
    written = tuple([one for one in dict.fromkeys(known) if _folded(one[1]) not in borne])
    allowed = permissions(kept, consents, day=day, joined=joined(heard.values(), elsewhere=True))
    return People(tuple(kept), allowed, written, earlier, decided or Decisions())


def _earlier(
    states: Mapping[bytes, RecordState], said: Iterable[Said], borne: Mapping[tuple[str, ...], set[bytes]]
) -> dict[bytes, dict[str, tuple[Any, ...]]]:
    """Return what was said of people and is not said now, less what is somebody else's own name."""
    found: dict[bytes, dict[str, list[Any]]] = {}
    for person, name, value in said:
        if person not in states or name not in IDENTIFYING or value in states[person].values(name):
            continue
        if IDENTIFYING[name].name_of and borne.get(_folded(str(value)), set()) - {person}:
            continue
        before = found.setdefault(person, {}).setdefault(name, [])
        if value not in before:
            before.append(value)
    return {person: {name: tuple(values) for name, values in fields.items()} for person, fields in found.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """What one record tells of names: those it bears now, those it bore or only writes, and numbers and addresses.

    The same rules as ``everybody``, for one record at a time: ``effective`` needs to know who present is called so.
    """

    record: RecordState
    names: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    earlier: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def person(self) -> bool:
        """Whether it is a person's record."""
        return self.record.kind == "person"

    def wholes(self) -> dict[str, bool]:
        """Return the whole names, and of each whether it is borne by a person present."""
        found = {whole(name): False for name in self.beside}
        return found | {whole(name): self.person and not self.record.removed for name in self.names}

    def effective(self, called: Callable[[str], Collection[bytes]]) -> tuple[list[str], list[str], list[str]] | None:
        """Return the names, numbers and addresses that are met in texts, None when the record is not to be met."""
        mine = self.record.id
        beside = [name for name in self.beside if not set(called(whole(name))) - {mine}]
        if not self.person:
            return beside, [], []
        if self.record.removed and not beside and all(called(whole(name)) for name in self.names):
            return None
        _, numbers, addresses = identifying(self.record, self.earlier, IDENTIFYING)
        return [*self.names, *beside], numbers, addresses


def told_of(record: RecordState, said: Iterable[tuple[str, Any]]) -> Told:
    """Return what a person's record, or one that holds names as text, tells; ``said``: (field, value) once said."""
    before = [(name, value) for name, value in said if value is not None]
    if record.kind != "person":
        names = [str(value) for name in _written(record.kind) for value in record.values(name)]
        names += [str(value) for name, value in before if name in _WRITTEN]
        return Told(record) if record.removed else Told(record, beside=tuple(dict.fromkeys(names)))
    earlier: dict[str, list[Any]] = {}
    for name, value in before:
        if name in IDENTIFYING and value not in [*record.values(name), *earlier.get(name, ())]:
            earlier.setdefault(name, []).append(value)
    names = [str(value) for name, one in IDENTIFYING.items() if one.name_of for value in record.values(name)]
    beside = [str(value) for name, values in earlier.items() if IDENTIFYING[name].name_of for value in values]
    rest = {name: tuple(values) for name, values in earlier.items() if not IDENTIFYING[name].name_of}
    return Told(record, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(beside)), rest)


def whole(name: str) -> str:
    """Return a name's folded words in one order, as namesakes share them."""
    return " ".join(_folded(name))


def _written(kind_id: str) -> list[str]:
    return [one.id for one in KINDS[kind_id].fields if _withheld_name(one)]


def _withheld_name(one: Field) -> bool:
    return one.name_of and one.sensitivity is Sensitivity.IDENTITY


def _folded(name: str) -> tuple[str, ...]:
    return tuple(sorted(fold_tokens(name)))


def _names(person: RecordState) -> set[tuple[str, ...]]:
    """Return a person's names by their folded words, in any order."""
    return {_folded(str(value)) for name in _NAMES for value in person.values(name)}


IDENTIFYING = {
    one.id: one for one in kind("person").fields if one.name_of or one.type in (Type.IDENTIFIER, Type.ADDRESS)
}
_NAMES = [one.id for one in IDENTIFYING.values() if one.name_of]
_WRITTEN = frozenset(one for of in KINDS.values() if of.id != "person" for one in _written(of.id))
