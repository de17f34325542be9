"""Everybody a text may speak of, and what they allow: the people of a vault, those with removed records among them.

A name that stands in a record as mere text (an organiser) is somebody's too: unless a person of that name is known, it
is taken out of texts like that of a person nobody may name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS, kind
from kzdoc.domain.field import Field, Sensitivity
from kzdoc.ledger.merge import RecordState
from kzdoc.names.fold import fold_tokens
from kzdoc.redaction.consent import Permissions, permissions
from kzdoc.redaction.text import NameBook


@dataclass(frozen=True, slots=True)
class People:
    """The people of a vault, those with removed records too, what they allow, and names written as text by record."""

    records: tuple[RecordState, ...]
    allowed: Permissions
    written: tuple[tuple[bytes, str], ...] = ()
    _books: dict[Audience, NameBook] = field(default_factory=dict, repr=False, compare=False)

    def book(self, audience: Audience) -> NameBook:
        """Return the names for an audience; made once."""
        if audience not in self._books:
            self._books[audience] = NameBook.build(self.records, self.may_name(audience), self.written)
        return self._books[audience]

    def may_name(self, audience: Audience) -> frozenset[bytes]:
        """Return who may be named to an audience."""
        return frozenset(one.id for one in self.records if self.allowed.may_name(one.id, audience))


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
) -> People:
    """Return the people: a name outlives its record, unless somebody present bears it (the record was a double).

    ``writing``: the records of ``kinds_with_names``.
    """
    here = tuple(present)
    borne = {name for person in here for name in _names(person)}
    gone = tuple(person for person in removed if not _names(person) <= borne)
    records = (*here, *gone)
    written = tuple(
        (record.id, str(value))
        for record in writing
        for one in KINDS[record.kind].fields
        if _withheld_name(one)
        for value in record.values(one.id)
        if _folded(str(value)) not in borne
    )
    return People(records, permissions(records, consents, day=day), written)


def _withheld_name(one: Field) -> bool:
    return one.name_of and one.sensitivity is Sensitivity.IDENTITY


def _folded(name: str) -> tuple[str, ...]:
    return tuple(sorted(fold_tokens(name)))


def _names(person: RecordState) -> set[tuple[str, ...]]:
    """Return a person's names by their folded words, in any order."""
    fields = [one.id for one in kind("person").fields if one.name_of]
    return {_folded(str(value)) for name in fields for value in person.values(name)}
