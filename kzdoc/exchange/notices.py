"""What a bundle carries beside records, on its way out and in: roster, alerts, successions, askings to forget.

Rules: alerts go to everybody; the roster and successions stay in the house: they go in bundles for `internal` or for
people of the roster. What comes is judged one by one: one that does not hold is refused and said, and the records of
its bundle come in all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from kzdoc.bundle.frames import ALERT, ROSTER, SUCCESSION
from kzdoc.bundle.items import Notice
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError
from kzdoc.exchange.alerts import receive_alert
from kzdoc.exchange.asking import note_asked
from kzdoc.exchange.held import held_roster, is_inside, own_alerts, successions
from kzdoc.exchange.rosters import receive_roster
from kzdoc.exchange.successions import receive_succession
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact


def notices_for(session: Session, partners: Sequence[Contact], audience: Audience) -> list[Notice]:
    """Return the signed texts that go into a bundle for these partners."""
    roster = held_roster(session)
    inside = audience is Audience.INTERNAL or is_inside(session, [one.author for one in partners])
    told = [Notice(ROSTER, roster.text.encode("ascii"))] if roster and inside else []
    told += [Notice(ALERT, text) for text in own_alerts(session)]
    return told + ([Notice(SUCCESSION, text) for text in successions(session)] if inside else [])


def receive(session: Session, untrusted: Sequence[Notice], erased: Collection[bytes], sender: bytes) -> dict[str, Any]:
    """Judge what a verified sender's bundle brought beside records, inside the caller's transaction.

    Return ``roster`` (None, or what became of it), ``alerts``, ``successions``, ``asked_to_forget`` (how many
    statements), ``notices_refused`` ({"code", "item"} each).
    """
    refused: list[dict[str, Any]] = []
    told: dict[str, Any] = {"roster": None, "alerts": [], "successions": []}
    for one in sorted(untrusted, key=lambda notice: notice.kind):  # the roster first: it says who may
        try:
            if one.kind == ROSTER:
                told["roster"] = receive_roster(session, one.text) or told["roster"]
            elif one.kind == ALERT:
                alert = receive_alert(session, one.text, sender)
                told["alerts"] += [alert] if alert else []
            else:
                succession = receive_succession(session, one.text)
                told["successions"] += [succession] if succession else []
        except BundleError as error:
            refused.append({**error.params, "code": error.code, "item": _NAMES[one.kind]})
    if told["roster"] and "code" in told["roster"]:
        refused.append({**told["roster"], "item": _NAMES[ROSTER]})
    asking = note_asked(session, erased, sender)
    return {**told, "asked_to_forget": asking, "notices_refused": refused}


_NAMES = {ROSTER: "roster", ALERT: "alert", SUCCESSION: "succession"}
