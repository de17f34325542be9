"""Succession: an author's cases are handed to another, by himself or by the office's coordinators.

Rules: from then on the successor replaces and settles what the other said as he could himself; nothing that was signed
changes. It is in force here when the author agreed, or when more than half of the coordinators of the roster held
signed. Who is revoked here agrees to nothing any more: his laptop may be in other hands. What is in force stays so.
"""

from __future__ import annotations

from typing import Any

from kzdoc.bundle.succession import Succession, make_succession, read_succession, sign_succession
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange.held import SUCCESSION, held_roster, public_keys, successions
from kzdoc.exchange.trust import REVOKED, VERIFIED, follow_trust, named, state_of
from kzdoc.session import Session


def succeed(session: Session, name: str, by: str) -> tuple[dict[str, Any], bytes]:
    """Hand the cases of ``name`` to the partner ``by``; the owner's own name hands over his.

    Return what became of it, and the signed text for others to sign or take; it is in force here at once when the
    owner's signature is enough.

    Raises ``InputError("contact.unknown")``; ``BundleError``: ``contact.not-verified``, ``succession.not-yours``.
    """
    if name == by:
        raise InputError("succession.self")
    successor = session.author if by == session.name else _verified(session, by)
    author = session.author if name == session.name else named(session, name).author
    roster = held_roster(session)
    coordinator = roster is not None and session.author in {one.ed25519 for one in roster.coordinators}
    if author != session.author and not coordinator:
        raise BundleError("succession.not-yours")
    if author == successor:
        raise InputError("succession.self")
    made = make_succession(author=author, successor=successor, day=session.clock().day(), signer=session.signer())
    return _told(session, made, in_force=_put_in_force(session, made)), made.text.encode("ascii")


def sign(session: Session, data: bytes) -> tuple[dict[str, Any], bytes]:
    """Add the owner's signature to a succession; raises ``BundleError``: ``succession.…``."""
    read_succession(data, known=public_keys(session))
    text = sign_succession(data, session.signer()).text
    signed = read_succession(text, known=public_keys(session))
    return _told(session, signed, in_force=_put_in_force(session, signed)), text.encode("ascii")


def look_at(session: Session, data: bytes) -> dict[str, Any]:
    """Say who hands over to whom, who of those known here signed it, and what can be done; nothing is changed.

    ``already``: it is in force here. ``can_take``: enough signed it. ``can_sign``: the owner is the author himself or a
    coordinator, and has not signed it. Raises ``BundleError``: ``succession.…``.
    """
    one, roster = read_succession(data, known=public_keys(session)), held_roster(session)
    leads = {each.ed25519 for each in roster.coordinators} if roster else set()
    return _told(session, one, in_force=False) | {
        "day": one.day,
        "signed": sorted(session.author_name(signer) for signer in one.signers),
        "already": session.vault.settings.get(_place(one)) is not None,
        "can_take": _judged(session, one).is_agreed(roster),
        "can_sign": session.author in {*leads, one.author} - one.signers,
    }


def take(session: Session, data: bytes) -> dict[str, Any]:
    """Put a succession in force; raises ``BundleError``: ``succession.…``, then nothing was changed."""
    read = read_succession(data, known=public_keys(session))
    if not _put_in_force(session, read):
        raise BundleError("succession.too-few")
    return _told(session, read, in_force=True)


def receive_succession(session: Session, untrusted: bytes) -> dict[str, Any] | None:
    """Put a succession that a bundle brought in force, inside the caller's transaction; None when it is already.

    Raises ``BundleError``: ``succession.…`` when too few of those known here signed it, or it does not hold.
    """
    read = read_succession(untrusted, known=public_keys(session))
    if session.vault.settings.get(_place(read)):
        return None
    return take(session, untrusted)


def in_force(session: Session) -> list[dict[str, Any]]:
    """Return who succeeds whom here."""
    known = public_keys(session)
    return [_told(session, read_succession(text, known=known), in_force=True) for text in successions(session)]


def _put_in_force(session: Session, one: Succession) -> bool:
    """Put it in force if it is agreed by somebody who may; return whether it is."""
    if session.vault.settings.get(_place(one)) is None:
        if not _judged(session, one).is_agreed(held_roster(session)):
            return False
        with session.vault.transaction():
            session.vault.settings.put(_place(one), one.text.encode("ascii"))
            follow_trust(session)
    return True


def _judged(session: Session, one: Succession) -> Succession:
    """Return it without the signatures of those who are revoked here: whoever has their laptops could write them."""
    signers = frozenset(signer for signer in one.signers if state_of(session, signer) != REVOKED)
    return Succession(one.author, one.successor, one.day, signers, one.text)


def _place(one: Succession) -> str:
    return f"{SUCCESSION}{one.author.hex()}:{one.successor.hex()}"


def _verified(session: Session, name: str) -> bytes:
    contact = named(session, name)
    if contact.state != VERIFIED:
        raise BundleError("contact.not-verified")
    return contact.author


def _told(session: Session, one: Succession, *, in_force: bool) -> dict[str, Any]:
    return {
        "author": session.author_name(one.author),
        "successor": session.author_name(one.successor),
        "signatures": len(one.signers),
        "in_force": in_force,
    }
