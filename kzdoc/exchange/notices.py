"""What a bundle carries beside records, on its way out and in: roster, alerts, successions, askings to forget.

Rules: alerts go to everybody; the roster and successions stay in the house: they go in bundles for `internal` or for
people of the roster. Each goes to whom it is not known to be with (vault/told.py), and again when that is in doubt.
What comes is judged one by one: one that does not hold is refused and said, and the records of its bundle come in all
the same. One that may hold once more is known here (who signed it, a newer version of this program) is kept aside and
judged again with every bundle that is taken in, for its sender does not send it a second time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kzdoc.bundle.frames import ALERT, ROSTER, SUCCESSION
from kzdoc.bundle.items import Notice
from kzdoc.bundle.roster import Roster, read_roster
from kzdoc.domain.audience import Audience
from kzdoc.encoding import Value, decode, encode
from kzdoc.errors import BundleError
from kzdoc.exchange.alerts import receive_alert
from kzdoc.exchange.asking import note_asked
from kzdoc.exchange.held import held_roster, is_inside, own_alerts, successions
from kzdoc.exchange.leaving_office import refused_as_left
from kzdoc.exchange.rosters import receive_roster
from kzdoc.exchange.successions import receive_succession
from kzdoc.exchange.trust import VERIFIED, state_of
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact


def notices_for(session: Session, partners: Sequence[Contact], audience: Audience) -> list[Notice]:
    """Return the signed texts that a bundle for these partners may carry."""
    roster = held_roster(session)
    inside = audience is Audience.INTERNAL or is_inside(session, [one.author for one in partners])
    told = [Notice(ROSTER, roster.text.encode("ascii"))] if roster and inside else []
    told += [Notice(ALERT, text) for text in own_alerts(session)]
    return told + ([Notice(SUCCESSION, text) for text in successions(session)] if inside else [])


def lacking(
    session: Session, partners: Sequence[Contact], notices: Sequence[Notice], coming: Mapping[int, Collection[bytes]]
) -> list[Notice]:
    """Return those of the texts that some partner is not known to hold.

    ``coming``: the roots of the bundles that are on their way to each, by contact number.
    """
    told = session.vault.told
    held = [told.holds(partner.number, coming=coming.get(partner.number, ())) for partner in partners]
    everywhere = set.intersection(*held) if held else set()
    return [one for one in notices if hash_of(one) not in everywhere]


def hash_of(one: Notice) -> bytes:
    """Return by what a text is known again."""
    return hashlib.sha256(one.text).digest()


def receive(session: Session, untrusted: Sequence[Notice], erased: Collection[bytes], sender: bytes) -> dict[str, Any]:
    """Judge what a verified sender's bundle brought beside records, inside the caller's transaction.

    Return ``roster`` (None, or what became of it), ``alerts``, ``successions``, ``asked_to_forget`` (how many
    statements), ``notices_refused`` ({"code", "item"} each).
    """
    refused: list[dict[str, Any]] = []
    told: dict[str, Any] = {"roster": None, "alerts": [], "successions": []}
    aside = _kept_aside(session)
    brought = [(one.kind, one.text, sender) for one in untrusted]
    still = set()
    # the roster first: it says who may, but one of another office last: an alert may say why there is one; what has
    # waited before what comes
    held = held_roster(session)
    for each in sorted(dict.fromkeys([*sorted(aside), *brought]), key=lambda each: (_is_anothers(each, held), each[0])):
        became = _judged(session, *each) or {}
        code = str(became.get("code", ""))
        if _may_hold_later(code):
            still.add(each)
        if code and each not in brought:
            continue
        if code:
            refused.append({**became, "item": _NAMES[each[0]]})
        if each[0] == ROSTER:
            told["roster"] = became or told["roster"]
        elif became and not code:
            told["alerts" if each[0] == ALERT else "successions"].append(became)
    if still != aside:
        _keep_aside(session, {by for _, _, by in still | aside}, still)
    _note_seen(session, untrusted, sender)
    asking = note_asked(session, erased, sender)
    return {**told, "asked_to_forget": asking, "notices_refused": sorted(refused, key=_roster_last)}


def _roster_last(refused: Mapping[str, Any]) -> bool:
    return bool(refused["item"] == _NAMES[ROSTER])


def _judged(session: Session, what: int, untrusted: bytes, sender: bytes) -> dict[str, Any] | None:
    """Judge one text and return what became of it, None when it is nothing new; with a ``code`` it was refused."""
    try:
        if what == ROSTER:
            return refused_as_left(session, untrusted) or receive_roster(session, untrusted)
        if what == ALERT:
            return receive_alert(session, untrusted, sender)
        return receive_succession(session, untrusted)
    except BundleError as error:
        return {**error.params, "code": error.code}


def _is_anothers(each: _Came, held: Roster | None) -> bool:
    """Return whether a text is the roster of another office than the one held here."""
    if each[0] != ROSTER or held is None:
        return False
    try:
        return read_roster(each[1]).id != held.id
    except BundleError:
        return False


def _may_hold_later(code: str) -> bool:
    """Return whether a refused text may hold once other people are known or revoked, or in a newer version."""
    return code in _LATER or code.endswith(".newer-version")


_LATER = frozenset(("roster.other", "roster.other-signers", "roster.revoked-signer", "succession.too-few"))


def _kept_aside(session: Session) -> set[_Came]:
    """Return the texts that wait to be judged again, of senders who are still verified."""
    found = set()
    for name, kept in session.vault.settings.under(_ASIDE).items():
        sender = bytes.fromhex(name.removeprefix(_ASIDE))
        if state_of(session, sender) == VERIFIED:
            found |= {(what, text, sender) for what, text in decode(kept)}
    return found


def _keep_aside(session: Session, senders: Collection[bytes], several: Collection[_Came]) -> None:
    """Keep what of each sender waits, so many and so large at most; of more the shortest."""
    for sender in senders:
        rows: list[Value] = []
        size = 0
        for what, text, _ in sorted([each for each in several if each[2] == sender], key=lambda each: len(each[1])):
            size += len(text)
            if len(rows) < _ASIDE_MOST and size <= _ASIDE_BYTES:
                rows.append([what, text])
        if rows:
            session.vault.settings.put(_ASIDE + sender.hex(), encode(rows))
        else:
            session.vault.settings.drop(_ASIDE + sender.hex())


def _note_seen(session: Session, untrusted: Sequence[Notice], sender: bytes) -> None:
    """Note which of this vault's own texts a partner sent himself: he holds them.

    Of one whose vault was an older one again nothing is noted: his bundle may be from before.
    """
    came, roster = {hash_of(one) for one in untrusted}, held_roster(session)
    mine = {hashlib.sha256(text).digest() for text in successions(session)} & came
    if roster is not None and any(one.kind == ROSTER and _is_version(one.text, roster) for one in untrusted):
        mine.add(hashlib.sha256(roster.text.encode("ascii")).digest())
    for contact in session.vault.contacts.by_author(sender) if mine else ():
        if not session.vault.older_vaults.counting_from(contact.number):
            session.vault.told.seen(contact.number, mine)


def _is_version(untrusted: bytes, held: Roster) -> bool:
    try:
        return read_roster(untrusted).says_the_same(held)
    except BundleError:
        return False


_NAMES = {ROSTER: "roster", ALERT: "alert", SUCCESSION: "succession"}
_ASIDE = "notices-aside:"
_ASIDE_MOST, _ASIDE_BYTES = 16, 2 * 2**20
_Came = tuple[int, bytes, bytes]
"""Item type, text, who sent it."""
