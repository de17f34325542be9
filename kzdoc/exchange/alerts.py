"""X was detained: one act here, an alert to every partner, and what a partner does with it.

Rules: who is detained is trusted up to the heads known when it is said, and no further; that, and the alert, are one
transaction. The alert goes into every bundle from then on. Whoever gets one is shown it and follows it by an act of his
own; by itself it is followed only when the roster held lets its author revoke for others, and never about a coordinator
unless a coordinator says it. Of several about one person that were followed all hold: a chain counts up to the earliest
head. One about oneself is shown and followed by nobody. What was put away may be followed later; what was followed, or
said here, may be taken back by a person with a reason: then he is unverified, and what he wrote counts again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from kzdoc.bundle.alerts import Alert, make_alert, read_alert
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange.held import (
    FOLLOWED,
    OWN_ALERT,
    PUT_AWAY,
    WAITING,
    Came,
    alerts_that_came,
    drop_alert,
    drop_followed,
    held_roster,
    keep_alert,
    keep_followed,
    keep_taken_back,
    public_keys,
    taken_back,
)
from kzdoc.exchange.trust import (
    REVOKED,
    UNVERIFIED,
    VERIFIED,
    both,
    follow_trust,
    good_heads,
    named,
    revoke_contact,
    state_of,
)
from kzdoc.ledger.history import Head
from kzdoc.session import Session

BACK = "taken-back"
"""Told of an alert that a person took back."""
WAITING_MOST = 64
"""So many people of whom one sender says that they were detained wait for a person."""


def detained(session: Session, name: str, *, since: str, lang: str) -> dict[str, Any]:
    """Say that a partner was detained: nothing beyond what is known now is trusted, and every next bundle tells.

    ``since`` is a day as ``YYYY-MM-DD`` or empty; it is told and decides nothing.

    Raises ``InputError``: ``contact.unknown``, ``alert.since``, ``alert.since-later`` for a day to come.
    """
    _check_day(session, since)
    contact = named(session, name)
    with session.vault.transaction():
        told = revoke_contact(session, name, lang=lang)
        alert = _announce(session, contact.author, since)
    return {"name": name, "state": told["state"], "since": since, "alert": alert.id.hex(), "heads": len(alert.heads)}


def _announce(session: Session, author: bytes, since: str) -> Alert:
    """Put an alert into every next bundle: the last good heads as the policy has them now."""
    alert = make_alert(
        alert=session.randomness(16),
        about=author,
        heads=good_heads(session, author) or (),
        since=_earlier(session, author, since),
        day=session.clock().day(),
        signer=session.signer(),
    )
    session.vault.settings.put(OWN_ALERT + author.hex(), alert.text.encode("ascii"))
    return alert


def _earlier(session: Session, author: bytes, since: str) -> str:
    """Return the earlier of a day and the one that is told here already; who knows no day takes none away."""
    told = session.vault.settings.get(OWN_ALERT + author.hex())
    before = read_alert(told, known=public_keys(session)).since if told else ""
    return min(filter(None, (since, before)), default="")


def take_back(session: Session, name: str, reason: str) -> dict[str, Any]:
    """Take back that a partner was detained, said here or followed: what he wrote counts again.

    He is unverified then: his fingerprint is compared anew before anything more of him comes in. Alerts about him that
    were followed or wait are put away; one of that day or before is followed by nobody but a person from now on. Other
    desks are not told: each takes back for itself.

    Raises ``InputError``: ``contact.unknown``, ``contact.not-revoked``, ``contact.reason`` without a reason,
    ``contact.revoked-by-roster``: its next version says otherwise.
    """
    contact = named(session, name)
    roster = held_roster(session)
    if contact.state != REVOKED:
        raise InputError("contact.not-revoked", name=name)
    if roster is not None and contact.author in roster.revoked:
        raise InputError("contact.revoked-by-roster", name=name)
    if not reason.strip():
        raise InputError("contact.reason")
    with session.vault.transaction():
        before = _uncounted(session)
        for key, one in alerts_that_came(session).items():
            if one.about == contact.author:
                keep_alert(session, key, one._replace(state=PUT_AWAY))
        drop_followed(session, contact.author)
        keep_taken_back(session, contact.author, day=session.clock().day(), reason=reason.strip())
        session.vault.contacts.set_state(name, UNVERIFIED, how="")
        follow_trust(session)
        counts = before - _uncounted(session)
    return {"name": name, "state": UNVERIFIED, "reason": reason.strip(), "counts": counts}


def _uncounted(session: Session) -> int:
    """Return how many revisions here are out of force."""
    return len(session.store.in_force()[0])


def receive_alert(session: Session, untrusted: bytes, sender: bytes) -> dict[str, Any] | None:
    """Keep an alert that a bundle of ``sender`` brought, inside the caller's transaction; None when nothing is new.

    Only one that its verified sender signed himself counts; of one sender ``WAITING_MOST`` wait, one about each person:
    the newest by the day it claims. Raises ``BundleError``: ``alert.…`` otherwise.
    """
    alert = read_alert(untrusted, known=public_keys(session))
    if alert.by != sender or state_of(session, sender) != VERIFIED:
        raise BundleError("alert.unknown-signer")
    if alert.about == alert.by:
        raise BundleError("alert.malformed")
    came = alerts_that_came(session)
    if alert.id in came:
        return None
    waiting = {key: one for key, one in came.items() if one.state == WAITING and one.sender == sender}
    for key, one in waiting.items():
        if one.about == alert.about:
            if (read_alert(one.text, known=public_keys(session)).day, key) > (alert.day, alert.id):
                return None
            drop_alert(session, key)
    kept = Came(untrusted, sender, WAITING, alert.about)
    if not _says_more(session, alert):  # kept for the day that changes: its sender does not send it twice
        keep_alert(session, alert.id, kept)
        return None
    at_once = _counts_by_itself(session, alert)
    if not at_once and len({one.about for one in waiting.values()} - {alert.about}) >= WAITING_MOST:
        raise BundleError("alert.too-many", limit=WAITING_MOST)
    state = FOLLOWED if at_once else WAITING
    keep_alert(session, alert.id, kept._replace(state=state))
    told = _told(session, alert, state)
    if at_once:
        _follow(session, alert)
    return told


def _counts_by_itself(session: Session, alert: Alert) -> bool:
    """Return whether an alert is followed without a person: not a member's about a coordinator, nor one taken back."""
    roster = held_roster(session)
    if roster is None or not roster.may_revoke(alert.by) or alert.about == session.author:
        return False
    leads = {one.ed25519 for one in roster.coordinators}
    again = any(alert.day <= one.day for one in taken_back(session).get(alert.about, ()))
    return not again and (alert.about not in leads or alert.by in leads)


def alerts(session: Session, *, every: bool = False) -> list[dict[str, Any]]:
    """Return the alerts that wait for a person, in the JSON of `contact alerts`; or ``every`` one that came.

    Among every one are those taken back here, each with its ``reason`` and without an id.
    """
    told = []
    for came in alerts_that_came(session).values():
        if every or came.state == WAITING:
            alert = read_alert(came.text, known=public_keys(session))
            if every or _says_more(session, alert):
                told.append(_told(session, alert, came.state))
    if every:
        told += [
            {"alert": "", "name": session.author_name(author), "by": session.name, "state": BACK, **one._asdict()}
            for author, several in taken_back(session).items()
            for one in several
        ]
    return sorted(told, key=lambda one: (str(one["name"]), str(one["day"]), str(one["alert"])))


def follow_alert(session: Session, alert_id: str, *, follow: bool) -> dict[str, Any]:
    """Follow an alert (trust its author up to the heads it names and tell one's own partners), or put it away.

    One that was put away may still be followed. Raises ``InputError``: ``alert.unknown``, ``alert.about-self``.
    """
    states = (WAITING, PUT_AWAY) if follow else (WAITING,)
    waiting = {key.hex(): one for key, one in alerts_that_came(session).items() if one.state in states}
    if alert_id not in waiting:
        raise InputError("alert.unknown")
    came = waiting[alert_id]
    alert = read_alert(came.text, known=public_keys(session))
    if follow and alert.about == session.author:
        raise InputError("alert.about-self")
    state = FOLLOWED if follow else PUT_AWAY
    told = _told(session, alert, state)
    with session.vault.transaction():
        keep_alert(session, alert.id, came._replace(state=state))
        if follow:
            _follow(session, alert)
    return told


def _follow(session: Session, alert: Alert) -> None:
    heads = both(alert.heads, good_heads(session, alert.about))
    keep_followed(session, alert.about, heads)
    follow_trust(session)
    _announce_as_told(session, alert, heads)


def _says_more(session: Session, alert: Alert) -> bool:
    """Return whether an alert would take away trust that its author has here."""
    if state_of(session, alert.about) != REVOKED:
        return True
    before = good_heads(session, alert.about)
    return before is not None and set(both(alert.heads, before)) != set(before)


def _announce_as_told(session: Session, alert: Alert, heads: Sequence[Head]) -> None:
    """Pass an alert on under one's own name: those who know only this desk are to hear of it too."""
    own = make_alert(
        alert=session.randomness(16),
        about=alert.about,
        heads=heads,
        since=_earlier(session, alert.about, alert.since),
        day=session.clock().day(),
        signer=session.signer(),
    )
    session.vault.settings.put(OWN_ALERT + alert.about.hex(), own.text.encode("ascii"))


def _told(session: Session, alert: Alert, state: str) -> dict[str, Any]:
    """Return an alert in plain values; ``beyond`` counts the revisions here that would no longer count."""
    return {
        "alert": alert.id.hex(),
        "name": session.author_name(alert.about),
        "by": session.author_name(alert.by),
        "since": alert.since,
        "day": alert.day,
        "heads": len(alert.heads),
        "beyond": _beyond(session, alert),
        "self": alert.about == session.author,
        "state": state,
    }


def _beyond(session: Session, alert: Alert) -> int:
    """Count what is here of an author after the heads an alert names."""
    top: dict[bytes, int] = {}
    for head in alert.heads:
        top[head.chain] = max(head.sequence, top.get(head.chain, -1))
    present = [head for head in session.vault.chains.heads() if head.author == alert.about]
    return sum(max(0, head.sequence - top.get(head.chain, -1)) for head in present)


def _check_day(session: Session, since: str) -> None:
    if not since:
        return
    try:
        if dt.date.fromisoformat(since).isoformat() != since:
            raise InputError("alert.since")
    except ValueError as error:
        raise InputError("alert.since") from error
    if since > session.clock().day():
        raise InputError("alert.since-later", day=session.clock().day())
