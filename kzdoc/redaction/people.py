"""Everybody a text may speak of, and what they allow: the people of a vault, those with removed records among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import kind
from kzdoc.ledger.merge import RecordState
from kzdoc.names.fold import fold_tokens
from kzdoc.redaction.consent import Permissions, permissions
from kzdoc.redaction.text import NameBook


@dataclass(frozen=True, slots=True)
class People:
    """The people of a vault, those with removed records too, and what they allow."""

    records: tuple[RecordState, ...]
    allowed: Permissions
    _books: dict[Audience, NameBook] = field(default_factory=dict, repr=False, compare=False)

    def book(self, audience: Audience) -> NameBook:
        """Return the names for an audience; made once."""
        if audience not in self._books:
            self._books[audience] = NameBook.build(self.records, self.may_name(audience))
        return self._books[audience]

    def may_name(self, audience: Audience) -> frozenset[bytes]:
        """Return who may be named to an audience."""
        return frozenset(one.id for one in self.records if self.allowed.may_name(one.id, audience))


def everybody(
    present: Iterable[RecordState], removed: Iterable[RecordState], consents: Iterable[RecordState], *, day: str
) -> People:
    """Return the people: a name outlives its record, unless somebody present bears it (the record was a double)."""
    here = tuple(present)
    borne = {name for person in here for name in _names(person)}
    gone = tuple(person for person in removed if not _names(person) <= borne)
    records = (*here, *gone)
    return People(records, permissions(records, consents, day=day))


def _names(person: RecordState) -> set[tuple[str, ...]]:
    """Return a person's names by their folded words, in any order."""
    fields = [one.id for one in kind("person").fields if one.name_of]
    return {tuple(sorted(fold_tokens(str(value)))) for name in fields for value in person.values(name)}
