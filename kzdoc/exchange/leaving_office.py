"""Leaving an office: a desk that put the roster of a wrong office in force is of none again.

Rules: it is this desk's own act, with a reason, kept with the day; nobody is told. Whom the roster revoked stays
revoked up to the same heads, until a person takes that back; who was handed cases by its coordinators alone is handed
them no more. Without a roster this desk goes by whom it verified itself, and a first roster may be put in force again.
One of the office that was left comes by a person's hand alone.
"""

from __future__ import annotations

import contextlib
from typing import Any, NamedTuple

from kzdoc.bundle.roster import Roster, read_roster
from kzdoc.bundle.succession import read_succession
from kzdoc.encoding import decode, encode
from kzdoc.errors import BundleError, InputError, VaultError
from kzdoc.exchange.held import (
    SUCCESSION,
    drop_roster,
    held_roster,
    keep_followed,
    offered_roster,
    public_keys,
)
from kzdoc.exchange.rehearsing import counting, rehearsal
from kzdoc.exchange.trust import follow_trust, good_heads
from kzdoc.session import Session

_LEFT = "offices-left"


class Left(NamedTuple):
    """An office that a person left here: its roster's id and version, on which day, and why."""

    office: bytes
    version: int
    day: str
    reason: str


def offices_left(session: Session) -> list[Left]:
    """Return the offices that were left here, in order."""
    kept = session.vault.settings.get(_LEFT)
    return [Left(*row) for row in decode(kept)] if kept else []


def leave_office(session: Session, reason: str) -> dict[str, Any]:
    """Put the roster in force out of force; return what goes with it.

    ``version``, ``office``, ``people`` (who was of it), ``revoked`` (who stays revoked), ``successions`` (how many go),
    ``uncounted`` and ``counted`` (revisions here that count no more, or again), ``conflicts`` (new ones), ``offered``
    (the version of a roster that waits), ``reason``.

    Raises ``InputError``: ``roster.none-held``, ``roster.reason`` without a reason; then nothing was changed.
    """
    held = _held(session)
    if not reason.strip():
        raise InputError("roster.reason")
    with session.vault.transaction():
        done = _leave(session, held)
        left = Left(held.id, held.version, session.clock().day(), reason.strip())
        session.vault.settings.put(_LEFT, encode([list(one) for one in (*offices_left(session), left)]))
    return {**done, "reason": reason.strip()}


def look_at_leaving(session: Session) -> dict[str, Any]:
    """Say what leaving would do, as ``leave_office`` tells it, and change nothing; raises ``roster.none-held``.

    Where nothing can be written nothing is told but ``version`` and ``office``.
    """
    held = _held(session)
    told: dict[str, Any] = {"version": held.version, "office": held.id.hex()}
    with contextlib.suppress(VaultError), rehearsal(session):
        told = _leave(session, held)
    return told


def refused_as_left(session: Session, untrusted: bytes) -> dict[str, Any] | None:
    """Return why a roster that a bundle brought does not wait here: its office was left; None of any other."""
    held = held_roster(session)
    left = {one.office for one in offices_left(session)} - ({held.id} if held else set())
    if not left:
        return None
    try:
        came = read_roster(untrusted)
    except BundleError:
        return None
    return {"version": came.version, "state": "refused", "code": "roster.left"} if came.id in left else None


def _held(session: Session) -> Roster:
    held = held_roster(session)
    if held is None:
        raise InputError("roster.none-held")
    return held


def _leave(session: Session, held: Roster) -> dict[str, Any]:
    """Put a roster out of force inside the caller's transaction."""
    people = sorted(session.author_name(author) for author in held.members)
    stay = sorted(held.revoked.keys() - {session.author})
    with counting(session) as counts:
        for author in stay:
            keep_followed(session, author, good_heads(session, author) or held.revoked[author])
        gone = _drop_successions(session)
        drop_roster(session)
        follow_trust(session)
    offered = offered_roster(session)
    return {
        "version": held.version,
        "office": held.id.hex(),
        "people": people,
        "revoked": sorted(session.author_name(author) for author in stay),
        "successions": gone,
        **counts,
        "offered": offered.version if offered else None,
    }


def _drop_successions(session: Session) -> int:
    """Put the successions out of force that no author signed himself; return how many."""
    known = public_keys(session)
    kept = session.vault.settings.under(SUCCESSION)
    gone = [name for name, text in kept.items() if text and not read_succession(text, known=known).is_agreed(None)]
    for name in gone:
        session.vault.settings.drop(name)
    return len(gone)
