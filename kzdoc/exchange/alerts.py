"""X was detained: one act here, an alert to every partner, and what a partner does with it.

Rules: who is detained is trusted up to the heads known when it is said, and no further; that, and the alert, are one
transaction. The alert goes into every bundle from then on. Whoever gets one is shown it and follows it by an act of his
own; by itself it is followed only when the roster held lets its author revoke for others. Of several about one person
that were followed all hold: a chain counts up to the earliest head. One about oneself is shown and followed by nobody.
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
    alerts_that_came,
    drop_alert,
    held_roster,
    keep_alert,
    keep_followed,
    public_keys,
)
from kzdoc.exchange.trust import REVOKED, VERIFIED, both, follow_trust, good_heads, named, revoke_contact, state_of
from kzdoc.ledger.history import Head
from kzdoc.session import Session


def detained(session: Session, name: str, *, since: str, lang: str) -> dict[str, Any]:
    """Say that a partner was detained: nothing beyond what is known now is trusted, and every next bundle tells.

    ``since`` is a day as ``YYYY-MM-DD`` or empty; it is told and decides nothing.

    Raises ``InputError``: ``contact.unknown``, ``alert.since``.
    """
    _check_day(since)
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
        since=since,
        day=session.clock().day(),
        signer=session.signer(),
    )
    session.vault.settings.put(OWN_ALERT + author.hex(), alert.text.encode("ascii"))
    return alert


def receive_alert(session: Session, untrusted: bytes, sender: bytes) -> dict[str, Any] | None:
    """Keep an alert that a bundle of ``sender`` brought, inside the caller's transaction; None when nothing is new.

    Only one that its verified sender signed himself counts; raises ``BundleError``: ``alert.…`` otherwise.
    """
    alert = read_alert(untrusted, known=public_keys(session))
    if alert.by != sender or state_of(session, sender) != VERIFIED:
        raise BundleError("alert.unknown-signer")
    if alert.about == alert.by:
        raise BundleError("alert.malformed")
    came = alerts_that_came(session)
    if alert.id in came:
        return None
    for key, (text, whose, state) in came.items():
        if state == WAITING and whose == sender and read_alert(text, known=public_keys(session)).about == alert.about:
            drop_alert(session, key)  # one of each about each waits: the newest
    if not _says_more(session, alert):  # kept for the day that changes: its sender does not send it twice
        keep_alert(session, alert.id, text=untrusted, sender=sender, state=WAITING)
        return None
    roster = held_roster(session)
    at_once = roster is not None and roster.may_revoke(sender) and alert.about != session.author
    keep_alert(session, alert.id, text=untrusted, sender=sender, state=FOLLOWED if at_once else WAITING)
    told = _told(session, alert, FOLLOWED if at_once else WAITING)
    if at_once:
        _follow(session, alert)
    return told


def alerts(session: Session) -> list[dict[str, Any]]:
    """Return the alerts that wait for a person, in the JSON of `contact alerts`."""
    told = []
    for text, _, state in alerts_that_came(session).values():
        if state == WAITING:
            alert = read_alert(text, known=public_keys(session))
            if _says_more(session, alert):
                told.append(_told(session, alert, state))
    return sorted(told, key=lambda one: (str(one["name"]), str(one["alert"])))


def follow_alert(session: Session, alert_id: str, *, follow: bool) -> dict[str, Any]:
    """Follow an alert (trust its author up to the heads it names and tell one's own partners), or put it away.

    Raises ``InputError``: ``alert.unknown``, ``alert.about-self``.
    """
    waiting = {key.hex(): one for key, one in alerts_that_came(session).items() if one[2] == WAITING}
    if alert_id not in waiting:
        raise InputError("alert.unknown")
    text, sender, _ = waiting[alert_id]
    alert = read_alert(text, known=public_keys(session))
    if follow and alert.about == session.author:
        raise InputError("alert.about-self")
    state = FOLLOWED if follow else PUT_AWAY
    told = _told(session, alert, state)
    with session.vault.transaction():
        keep_alert(session, alert.id, text=text, sender=sender, state=state)
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
        since=alert.since,
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


def _check_day(since: str) -> None:
    if not since:
        return
    try:
        if dt.date.fromisoformat(since).isoformat() != since:
            raise InputError("alert.since")
    except ValueError as error:
        raise InputError("alert.since") from error
