"""Consent and naming: whether a person's words, face or name may go to an audience.

Rules (architecture rule 12): none present means no; a withdrawn or expired consent is none, and a withdrawal without a
live consent beside it withholds the name too, whatever its basis, unless the person is an official; of two live
consents the stricter holds; what is disputed or withheld in a consent counts as not given. Day by day, not by clock:
the caller says what day it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kzdoc.domain.audience import NAMING_BASES, Audience
from kzdoc.domain.dates import bounds
from kzdoc.domain.field import Sensitivity
from kzdoc.errors import KzdocError
from kzdoc.ledger.merge import RecordState

PERSON, CONSENT = "person", "consent"


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the people of a vault allow, worked out once from their records and consents."""

    day: str
    basis: Mapping[bytes, str] = field(default_factory=dict)
    scopes: Mapping[bytes, frozenset[tuple[str, str]]] = field(default_factory=dict)
    withdrawn: frozenset[bytes] = frozenset()

    def covers(self, person: bytes, sensitivity: Sensitivity, audience: Audience) -> bool:
        """Return whether the person's consent covers a class of information for an audience."""
        return (sensitivity.value, audience.value) in self.scopes.get(person, frozenset())

    def may_name(self, person: bytes, audience: Audience) -> bool:
        """Return whether the person may be named to an audience."""
        if audience is Audience.INTERNAL:
            return True
        basis = self.basis.get(person, "")
        if basis == "official":
            return True
        consented = self.covers(person, Sensitivity.IDENTITY, audience)
        if consented:
            return True
        return basis == "already_public" and person not in self.withdrawn


def permissions(people: Iterable[RecordState], consents: Iterable[RecordState], *, day: str) -> Permissions:
    """Return what the given people allow on ``day`` (YYYY-MM-DD)."""
    basis = {}
    for person in people:
        value = person.value("naming_basis")
        disputed = "naming_basis" in person.conflicts or _lacks(person, "naming_basis")
        if value in NAMING_BASES and not disputed and not person.removed:
            basis[person.id] = str(value)
    live: dict[bytes, list[frozenset[tuple[str, str]]]] = {}
    withdrawn: set[bytes] = set()
    for consent in consents:
        for person_id in consent.values(PERSON):
            if not isinstance(person_id, bytes) or consent.removed:
                continue
            if consent.values("withdrawn_on") or "withdrawn_on" in consent.conflicts:
                withdrawn.add(person_id)
            elif not _expired(consent, day):
                live.setdefault(person_id, []).append(_scope(consent))
    scopes = {person_id: frozenset.intersection(*given) for person_id, given in live.items()}
    return Permissions(day, basis, scopes, frozenset(withdrawn - live.keys()))


def _scope(consent: RecordState) -> frozenset[tuple[str, str]]:
    if (
        {"classes", "audiences", PERSON} & consent.conflicts
        or _lacks(consent, "classes")
        or _lacks(consent, "audiences")
    ):
        return frozenset()
    return frozenset(
        (str(one), str(audience)) for one in consent.values("classes") for audience in consent.values("audiences")
    )


def _expired(consent: RecordState, day: str) -> bool:
    if "expires" in consent.conflicts or _lacks(consent, "expires"):
        return True
    for value in consent.values("expires"):
        try:
            if bounds(str(value))[1] < day:
                return True
        except KzdocError:
            return True
    return False


def _lacks(record: RecordState, name: str) -> bool:
    return any(absence.field == name for absence in record.absent)


def governors(record: RecordState, links: Sequence[str]) -> tuple[bytes, ...]:
    """Return the people whose consent governs a record: itself, or the persons its links ``links`` lead to."""
    if record.kind == PERSON:
        return (record.id,)
    return tuple(sorted({value for name in links for value in record.values(name) if isinstance(value, bytes)}))
