"""Consent and naming: whether a person's words, face or name may go to an audience.

Rules (architecture rule 12): none present means no. A consent holds from the day it was given to the day it expires; it
is none when it was not given freely, when the risks were not explained, when what it says is disputed or not in our
hands, or when it was removed. Of two live consents the stricter holds. A consent that names records (``about``) speaks
of these alone. A withdrawal takes away at once what it had allowed, also where another consent allows it too, unless
that one was given later; and it withholds a name that stood on "already public". A person known by two records that
were joined has the strictest of both: what one of them allows the other must allow too, so that a wrong joining shows
nothing of anybody who was not asked. What was said on one that was removed since as a double still narrows, though it
allows nothing by itself. Day by day, not by clock: the caller says what day it is.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Protocol

from kzdoc.domain.audience import NAMING_BASES, Audience
from kzdoc.domain.dates import bounds
from kzdoc.domain.field import Sensitivity
from kzdoc.errors import KzdocError
from kzdoc.ledger.merge import REMOVED, RecordState

PERSON, CONSENT = "person", "consent"
SPEAKING = ("classes", "audiences", PERSON, "about", "given_on", "voluntary", "risks_explained")
"""Fields of a consent without which nobody knows what it allows."""
FOR_EVER = "9999-12-31"
Scope = frozenset[tuple[str, str]]
_EVERYTHING: Scope = frozenset(product([one.value for one in Sensitivity], [one.value for one in Audience]))


class Allowed(Protocol):
    """What people allow, worked out for everybody at once or for whoever is asked for."""

    def covers(self, person: bytes, sensitivity: Sensitivity, audience: Audience, record: bytes | None = None) -> bool:
        """Return whether the person's consent covers a class of information, in ``record``, for an audience."""

    def may_name(self, person: bytes, audience: Audience) -> bool:
        """Return whether the person may be named to an audience."""

    def in_office_only(self, person: bytes) -> bool:
        """Return whether the person may be named as an official and for nothing else."""

    def one_of(self, person: bytes) -> bytes:
        """Return the record that stands for a person of whom several are joined: of each the same, of one its own."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the people of a vault allow, worked out once from their records and consents.

    ``scopes``: by person, the (class, audience) pairs that every live consent allows; ``particular``: the same by
    (person, record) where a consent or a withdrawal speaks of single records; ``same``: by record of a person of whom
    several are joined, the one that stands for them all.
    """

    day: str
    basis: Mapping[bytes, str] = field(default_factory=dict)
    scopes: Mapping[bytes, Scope] = field(default_factory=dict)
    withdrawn: frozenset[bytes] = frozenset()
    particular: Mapping[tuple[bytes, bytes], Scope] = field(default_factory=dict)
    same: Mapping[bytes, bytes] = field(default_factory=dict)

    def covers(self, person: bytes, sensitivity: Sensitivity, audience: Audience, record: bytes | None = None) -> bool:
        """Return whether the person's consent covers a class of information, in ``record``, for an audience."""
        scope = self.particular.get((person, record)) if record is not None else None
        if scope is None:
            scope = self.scopes.get(person, frozenset())
        return (sensitivity.value, audience.value) in scope

    def may_name(self, person: bytes, audience: Audience) -> bool:
        """Return whether the person may be named to an audience."""
        if audience is Audience.INTERNAL:
            return True
        basis = self.basis.get(person, "")
        if basis == "official" or self.covers(person, Sensitivity.IDENTITY, audience):
            return True
        return basis == "already_public" and person not in self.withdrawn

    def in_office_only(self, person: bytes) -> bool:
        """Return whether the person may be named as an official and for nothing else: their own life stays theirs."""
        return self.basis.get(person) == "official"

    def one_of(self, person: bytes) -> bytes:
        """Return the record that stands for a person of whom several are joined: of each the same, of one its own."""
        return self.same.get(person, person)


@dataclass(frozen=True, slots=True)
class _Said:
    """One consent as it counts: what it allows, of which records (none named: of all), from when; or withdrawn when.

    ``on``: the record of the person on which it was said.
    """

    on: bytes
    scope: Scope
    about: frozenset[bytes]
    given: str
    withdrawn: str = ""

    def of(self, record: bytes | None) -> bool:
        return not self.about or (record is not None and record in self.about)


def permissions(
    people: Iterable[RecordState],
    consents: Iterable[RecordState],
    *,
    day: str,
    joined: Iterable[Collection[bytes]] = (),
) -> Permissions:
    """Return what the given people allow on ``day`` (YYYY-MM-DD).

    ``joined``: records that are one person, removed ones among them.
    """
    known = {person.id: person for person in people}
    basis = {key: found for key, person in known.items() if (found := _basis(person))}
    said: dict[bytes, list[_Said]] = {}
    for consent in consents:
        for person_id in consent.values(PERSON):
            if isinstance(person_id, bytes) and not consent.removed:
                said.setdefault(person_id, []).append(_read(consent, person_id, day))
    present = frozenset(person.id for person in known.values() if not person.removed)
    asked: dict[bytes, frozenset[bytes]] = {}
    same: dict[bytes, bytes] = {}
    for group in map(frozenset, joined):
        same |= dict.fromkeys(group, min(group))
        _join(group, present, basis, said)
        asked |= dict.fromkeys(group & present, group & present)
    for person in known.values():
        if person.removed:
            said.pop(person.id, None)
            basis.pop(person.id, None)
    asked |= {key: frozenset((key,)) for key in said.keys() - asked.keys()}
    scopes = {key: _scope(given, None, asked[key]) for key, given in said.items()}
    particular = {
        (key, record): _scope(given, record, asked[key])
        for key, given in said.items()
        for record in frozenset().union(*(one.about for one in given))
    }
    withdrawn = frozenset(key for key, given in said.items() if _name_withdrawn(given, asked[key]))
    return Permissions(day, basis, scopes, withdrawn, particular, same)


def _basis(person: RecordState) -> str:
    """Return the undisputed naming basis of a person, empty for none."""
    value = person.value("naming_basis")
    disputed = "naming_basis" in person.conflicts or _lacks(person, "naming_basis")
    return str(value) if value in NAMING_BASES and not disputed else ""


def _join(
    group: frozenset[bytes], present: frozenset[bytes], basis: dict[bytes, str], said: dict[bytes, list[_Said]]
) -> None:
    """Give everybody in ``group`` what all of them said and the weakest of their bases.

    Of records that are not ``present`` any more the bases are nothing.
    """
    bases = {basis.pop(key, "") for key in group & present}
    weakest = next((one for one in ("", "own_consent", "already_public", "official") if one in bases), "")
    whole = {key: [_of_all(one, group) for one in said[key]] for key in group if key in said}
    for key in group:
        if weakest and key in present:
            basis[key] = weakest
        if whole if key in present else key in whole:
            said[key] = [one for given in whole.values() for one in given]


def _of_all(one: _Said, group: frozenset[bytes]) -> _Said:
    """Return a consent of one person of several records: about one of these it is about the whole person."""
    return replace(one, about=frozenset()) if one.about & group else one


def _read(consent: RecordState, person: bytes, day: str) -> _Said:
    about = frozenset(value for value in consent.values("about") if isinstance(value, bytes))
    about = frozenset() if person in about else about
    scope = frozenset(
        (str(one), str(audience)) for one in consent.values("classes") for audience in consent.values("audiences")
    )
    unclear = _unclear(consent)
    first, _ = _days(consent, "given_on")
    if consent.values("withdrawn_on") or "withdrawn_on" in consent.conflicts or REMOVED in consent.conflicts:
        _, last = _days(consent, "withdrawn_on")
        scope, about = (_EVERYTHING, frozenset[bytes]()) if unclear else (scope, about)
        return _Said(person, scope, about, first, last or FOR_EVER)
    refused = "no" in (*consent.values("voluntary"), *consent.values("risks_explained"))
    dead = unclear or refused or _expired(consent, day) or first > day
    return _Said(person, frozenset() if dead else scope, about, first)


def holds_until(consents: Iterable[RecordState], day: str) -> str:
    """Return the last day (YYYY-MM-DD) from ``day`` on which these consents say the same; empty when there are none.

    A consent begins to hold on the day it was given and holds through the day it expires. A day before ``day`` may
    always be another matter.
    """
    last: list[str] = []
    consents = list(consents)
    for consent in consents:
        first, _ = _days(consent, "given_on")
        if first > day:
            last.append((dt.date.fromisoformat(first) - dt.timedelta(days=1)).isoformat())
        for value in consent.values("expires"):
            with contextlib.suppress(KzdocError):
                last += [end for end in bounds(str(value))[1:] if end >= day]
    return min(last, default=FOR_EVER) if consents else ""


def _unclear(consent: RecordState) -> bool:
    """Return whether something that the consent says is disputed or not here.

    A statement nobody named may be any: it counts against the consent, unless a partner chose not to share it with us,
    which is how internal notes beside a shared consent arrive.
    """
    if consent.conflicts.intersection(SPEAKING):
        return True
    return any(
        absence.field in (*SPEAKING, "withdrawn_on", "expires")
        or (absence.field is None and absence.reason != "not_shared")
        for absence in consent.absent
    )


def _days(consent: RecordState, name: str) -> tuple[str, str]:
    """Return the earliest and latest day a date field speaks of over all its values; empty when it says nothing."""
    first, last = "", ""
    for value in consent.values(name):
        try:
            low, high = bounds(str(value))
        except KzdocError:
            return "", "9999-12-31"
        first, last = min(first or low, low), max(last, high)
    return first, last


def _scope(said: Sequence[_Said], record: bytes | None, asked: frozenset[bytes]) -> Scope:
    """Return what all live consents about ``record`` (None: the person at large) allow, less what was withdrawn.

    ``asked``: the records of the person on each of which there must be one.
    """
    live = [one for one in said if not one.withdrawn and one.of(record)]
    if not live or not asked <= {one.on for one in live}:
        return frozenset()
    left: Scope = frozenset.intersection(*(one.scope for one in live))
    for gone in said:
        if gone.withdrawn and gone.of(record) and not all(one.given > gone.withdrawn for one in live):
            left -= gone.scope
    return left


def _name_withdrawn(said: Sequence[_Said], asked: frozenset[bytes]) -> bool:
    """Return whether a withdrawal takes away a name that stands on "already public".

    It is outlived by later consents on each of the person's records, never by one on another record alone.
    """
    live = [one for one in said if not one.withdrawn and one.scope and one.on in asked]
    whole = bool(live) and asked <= {one.on for one in live}
    return any(
        gone.withdrawn
        and not (whole and all(one.given > gone.withdrawn for one in live))
        and (not live or any(what == Sensitivity.IDENTITY.value for what, _ in gone.scope))
        for gone in said
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
