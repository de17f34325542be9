"""Travelling light: what headquarters holds for certain leaves this vault until the traveller is back.

Rules: a statement leaves only when a bundle that carried it was receipted whole by a headquarters whose key was
compared in person, and a file only with its bytes; what nobody else is known to hold stays, and is told why. What left
is withheld with the reason `travelled`: no key, passphrase or share of this vault opens it, for it is not here.
Stubs stay and take addenda. Coming back is taking in a bundle of headquarters (exchange/whole.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from kzdoc.casework import kept_aside, kind_or_none
from kzdoc.domain.field import Sensitivity
from kzdoc.errors import InputError
from kzdoc.exchange.whole import partners_named
from kzdoc.ledger.history import held_entries
from kzdoc.ledger.revision import read_disclosure
from kzdoc.naming import WITHHELD
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact
from kzdoc.withholding import keep_aside

IN_PERSON, VERIFIED = "person", "verified"
TRAVELLED = "travelled"
NOT_RECEIPTED, NOT_SENT, FILE_NOT_RECEIPTED, NOTE = "not-receipted", "not-sent", "file-not-receipted", "internal-note"
"""Why a statement stays: on its way without a receipt; in no bundle to them; its file is not there; an internal note,
which no bundle but a sealed one carries."""


@dataclass(slots=True)
class _Baggage:
    """What would leave and what stays, with the reasons, by record."""

    leaves: dict[bytes, list[int]] = field(default_factory=dict)
    files: set[bytes] = field(default_factory=set)
    gone: Counter[bytes] = field(default_factory=Counter)
    stays: dict[bytes, Counter[str]] = field(default_factory=dict)
    kinds: dict[bytes, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """What the chosen headquarters are known to hold, and what was sent to them."""

    held: Mapping[bytes, AbstractSet[int]]
    sent: Mapping[bytes, AbstractSet[int]]
    files: AbstractSet[bytes]


def foresee(session: Session, to: Sequence[str] = (), *, progress: Progress = silent) -> dict[str, Any]:
    """Say what would leave and what stays and why; nothing is changed. Raises as ``travel``."""
    return _told(session, _pack(session, _elsewhere(session, to), progress))


def travel(session: Session, to: Sequence[str] = (), *, progress: Progress = silent) -> dict[str, Any]:
    """Withhold what the named headquarters (none: all verified in person) have receipted; say what stays and why.

    Raises ``InputError``: ``contact.unknown``, ``travel.not-in-person``, ``travel.no-receipt`` when nothing is
    confirmed, so that everything stayed; ``BundleError``: ``contact.not-verified``, ``contact.revoked``.
    """
    elsewhere = _elsewhere(session, to)
    baggage = _pack(session, elsewhere, progress)
    if not baggage.leaves:
        raise InputError("travel.no-receipt")
    with session.vault.transaction():
        session.store.withhold(baggage.leaves, reason=TRAVELLED)
        _thin_aside(session, elsewhere)
        session.vault.taken_in.forget_receipts()
        for file in baggage.files:
            if not session.blobs.referred_to(file):
                session.blobs.forget(file)
    return {**_told(session, baggage), "clean_up_due": not session.blobs.finish_forgetting()}


def _elsewhere(session: Session, to: Sequence[str]) -> _Elsewhere:
    log = session.vault.sent
    partners = _in_person(session, to)
    return _Elsewhere(
        _union([log.carried(one.number, receipted_only=True) for one in partners]),
        _union([log.carried(one.number, receipted_only=False) for one in partners]),
        {file for one in partners for file in log.carried_blobs(one.number, receipted_only=True)},
    )


def _in_person(session: Session, to: Sequence[str]) -> list[Contact]:
    named = partners_named(session, to)
    partners = named or [one for one in session.vault.contacts.all() if (one.state, one.how) == (VERIFIED, IN_PERSON)]
    if not partners or any(one.how != IN_PERSON for one in partners):
        raise InputError("travel.not-in-person")
    return partners


def _union(several: Sequence[Mapping[bytes, AbstractSet[int]]]) -> dict[bytes, set[int]]:
    found: dict[bytes, set[int]] = {}
    for one in several:
        for key, indexes in one.items():
            found.setdefault(key, set()).update(indexes)
    return found


def _pack(session: Session, elsewhere: _Elsewhere, progress: Progress) -> _Baggage:
    baggage = _Baggage()
    for number, revision in enumerate(session.vault.chains.since()):
        progress("travel.look", number, 0)
        for held in held_entries(revision):
            if held.entry.kind.startswith("_"):
                continue
            for index, said in held.statements.items():
                file = _file(said.value)
                reason = _why_stays(elsewhere, revision.id, index, file)
                if reason == NOT_SENT and _is_note(held.entry.kind, said.field):
                    reason = NOTE
                baggage.kinds[held.entry.record] = held.entry.kind
                if reason:
                    baggage.stays.setdefault(held.entry.record, Counter())[reason] += 1
                    continue
                baggage.leaves.setdefault(revision.id, []).append(index)
                baggage.gone[held.entry.record] += 1
                baggage.files |= {file} if file else set()
    return baggage


def _why_stays(elsewhere: _Elsewhere, revision: bytes, index: int, file: bytes) -> str:
    if index not in elsewhere.held.get(revision, ()):
        return NOT_RECEIPTED if index in elsewhere.sent.get(revision, ()) else NOT_SENT
    return FILE_NOT_RECEIPTED if file and file not in elsewhere.files else ""


def _is_note(kind_id: str, name: str) -> bool:
    of = kind_or_none(kind_id)
    return of is not None and of.has(name) and of.field(name).sensitivity is Sensitivity.WORK


def _file(value: Any) -> bytes:
    found = value.get("sha256") if isinstance(value, Mapping) else None
    return found if isinstance(found, bytes) else b""


def _thin_aside(session: Session, elsewhere: _Elsewhere) -> None:
    """Take confirmed words out of what is kept aside, too."""
    for one in session.vault.quarantine.all():
        if one.reason != WITHHELD:
            continue
        aside = kept_aside(session, one.id)
        left = {key: {index: raw for index, raw in said.items()
                      if _why_stays(elsewhere, key, index, _file(read_disclosure(raw).value))}
                for key, said in aside.items()}  # fmt: skip
        session.vault.quarantine.drop(one.id)
        if any(left.values()):
            keep_aside(session, one.id, {key: said for key, said in left.items() if said}, "")


def _told(session: Session, baggage: _Baggage) -> dict[str, Any]:
    kept = [
        {"id": record.hex(), "kind": baggage.kinds[record], "statements": sum(why.values()), "why": dict(why)}
        for record, why in sorted(baggage.stays.items())
    ]
    return {
        "withheld": sum(baggage.gone.values()),
        "records": len(baggage.gone.keys() - baggage.stays.keys()),
        "partly": len(baggage.gone.keys() & baggage.stays.keys()),
        "files": len(baggage.files),
        "kept": kept,
        "drafts": len(session.vault.drafts.all()),
        "waiting": len([one for one in session.vault.quarantine.all() if one.reason != WITHHELD]),
    }
