"""The office's roster: the next version made, signed, put in force, shown; one that came in a bundle.

Rules: versions only go up. The first is put in force by a person, and only when enough of the coordinators who signed
it are verified here; a later one, signed by those of the version held, by itself. Who is revoked here signs for nobody:
whoever has his laptop could. Where too few coordinators are left to sign a next version, an office is founded anew. A
roster says who was revoked and after which heads. One older than the version held is refused and said.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kzdoc.bundle.cards import Card, read_card
from kzdoc.bundle.roster import ROSTER_RIGHTS, Roster, make_roster, read_roster
from kzdoc.bundle.roster import sign_roster as add_signature
from kzdoc.errors import BundleError, InputError, VaultError
from kzdoc.exchange.held import OFFERED, held_roster, offered_roster, put_in_force
from kzdoc.exchange.rehearsing import counting, rehearsal
from kzdoc.exchange.trust import REVOKED, VERIFIED, follow_trust, good_heads, named, state_of
from kzdoc.ledger.history import Head
from kzdoc.session import Session

IN_FORCE, TAKEN, FIRST, REFUSED = "in-force", "taken", "offered", "refused"
"""What became of a roster that came."""

_TOO_FEW = frozenset(("roster.too-few", "roster.other-signers"))
_PASSED = frozenset(("roster.older", "roster.other"))
"""No signature more would help it."""


def new_roster(session: Session, members: Mapping[str, frozenset[str]], coordinators: Sequence[str]) -> bytes:
    """Return the next version of the roster, or a first one, with the owner's signature as a coordinator.

    ``members`` and ``coordinators`` are verified partners by name; the owner is a coordinator. Who is revoked here, or
    by the version held, is revoked by it. Others sign it with ``sign_roster`` until it has enough signatures, then
    everybody takes it in.

    Raises ``BundleError("contact.not-verified")``; ``InputError``: ``contact.unknown``, ``roster.self`` when the owner
    is named among them, ``roster.right`` for a right there is none of.
    """
    unknown = set().union(*members.values()) - ROSTER_RIGHTS
    if unknown:
        raise InputError("roster.right", right=", ".join(sorted(unknown)), there=", ".join(sorted(ROSTER_RIGHTS)))
    if session.name in (*coordinators, *members) and session.vault.contacts.named(session.name) is None:
        raise InputError("roster.self", name=session.name)
    held = held_roster(session)
    if held is not None and _is_orphaned(session, held):
        held = None
    cards = {name: _verified_card(session, name) for name in (*coordinators, *members)}
    made = make_roster(
        roster=held.id if held else session.randomness(16),
        version=held.version + 1 if held else 1,
        coordinators=[session.signer().public, *[cards[name].author for name in coordinators]],
        members={cards[name].author.ed25519: rights for name, rights in members.items()},
        revoked=_revoked_here(session),
        day=session.clock().day(),
        signer=session.signer(),
    )
    return made.text.encode("ascii")


def sign_roster(session: Session, data: bytes) -> bytes:
    """Return the roster with the owner's signature added; raises ``BundleError``: ``roster.…``."""
    return add_signature(read_roster(data), session.signer()).text.encode("ascii")


def take_roster(session: Session, data: bytes | None) -> dict[str, Any]:
    """Put a roster in force, None the one that a bundle brought; a first one must be signed by those verified here.

    Return ``version``, ``coordinators``, ``members`` and what it did: ``joins``, ``goes``, ``changes``, ``revokes``
    (names), ``uncounted``, ``counted`` (revisions here that count no more, or again), ``conflicts`` (new ones).

    Raises ``BundleError``: ``roster.…``, ``roster.in-force`` for the very one held; ``InputError``:
    ``roster.none-offered``; then nothing was changed.
    """
    new, held = read_roster(data) if data is not None else offered_roster(session), held_roster(session)
    if new is None:
        raise InputError("roster.none-offered")
    if held is not None and new.says_the_same(held):
        raise BundleError("roster.in-force", version=held.version)
    _check(session, new, held)
    with session.vault.transaction():
        effect = _put_in_force(session, new)
    return {"version": new.version, "coordinators": len(new.coordinators), "members": len(new.members), **effect}


def offered_text(session: Session) -> bytes:
    """Return the text of the roster that waits for a person; raises ``InputError("roster.none-offered")``."""
    offered = offered_roster(session)
    if offered is None:
        raise InputError("roster.none-offered")
    return offered.text.encode("ascii")


def receive_roster(session: Session, untrusted: bytes) -> dict[str, Any] | None:
    """Judge a roster that a bundle brought, inside the caller's transaction; None when it is the one held.

    ``state``: ``taken`` (it follows the version held and is in force; with what it did as ``take_roster`` tells it),
    ``offered`` (a first one waits for a person), ``refused`` with the ``code``.
    """
    held = held_roster(session)
    version = 0
    try:
        new = read_roster(untrusted)
        version = new.version
        if held is not None and new.says_the_same(held):
            return None
        _check(session, new, held)
        if held is not None and new.id == held.id:
            return {"version": version, "state": TAKEN, **_put_in_force(session, new)}
    except BundleError as error:
        return {**error.params, "version": version, "state": REFUSED, "code": error.code}
    offered = offered_roster(session)
    if offered is None or offered.id != new.id or offered.version < new.version:
        session.vault.settings.put(OFFERED, new.text.encode("ascii"))
    return {"version": version, "state": FIRST}


def show_roster(session: Session) -> dict[str, Any]:
    """Return the roster in force, and the version of one that waits for a person, in the JSON of `roster show`."""
    held, offered = held_roster(session), offered_roster(session)
    told: dict[str, Any] = {"version": held.version if held else None, "offered": offered.version if offered else None}
    if held is None:
        return told
    return {**told, "office": held.id.hex(), **_people(session, held)}


def look_at_roster(session: Session, data: bytes | None) -> dict[str, Any]:
    """Say what a roster holds, against the version held, and what can be done with it; nothing is changed.

    None: the one that a bundle brought. ``held``: the version in force here. ``joins``, ``goes``, ``changes``: names.
    ``can_sign``: the owner is a coordinator who has not signed it. ``can_take``: it may be put in force; then also what
    that would do, as ``take_roster`` tells it. ``already``: it is in force. ``code`` and what belongs to it: why it may
    not.

    Raises ``BundleError``: it does not hold; ``InputError("roster.none-offered")``.
    """
    new, held = read_roster(data) if data is not None else offered_roster(session), held_roster(session)
    if new is None:
        raise InputError("roster.none-offered")
    refused: BundleError | None = None
    try:
        _check(session, new, held)
    except BundleError as error:
        refused = error
    leads = {one.ed25519 for one in new.coordinators}
    passed = refused is not None and refused.code in _PASSED
    return {
        **_people(session, new),
        "version": new.version,
        "held": held.version if held else None,
        **_differences(session, new, held),
        **(_rehearsed(session, new) if refused is None else {}),
        "already": held is not None and new.says_the_same(held),
        "can_take": refused is None,
        "can_sign": session.author in leads - new.signers and not passed,
        **({"code": refused.code, "params": refused.params} if refused else {}),
    }


def _people(session: Session, roster: Roster) -> dict[str, Any]:
    """Return the day and who is in a roster, in the JSON of `roster show`."""
    leads = {one.ed25519 for one in roster.coordinators}
    members = [
        {"name": session.author_name(author), "rights": sorted(rights)}
        for author, rights in roster.members.items()
        if author not in leads
    ]
    return {
        "day": roster.day,
        "coordinators": _names(session, leads),
        "members": sorted(members, key=lambda one: str(one["name"])),
        "revoked": _names(session, roster.revoked),
        "own": roster.knows(session.author),
        "signed": _names(session, roster.signers),
        "needed": roster.needed,
    }


def _names(session: Session, authors: Iterable[bytes]) -> list[str]:
    return sorted(session.author_name(author) for author in authors)


def _check(session: Session, new: Roster, held: Roster | None) -> None:
    """Check that a roster may be put in force here: as a first one by a person, or as the next of the one held.

    Raises ``BundleError``: ``roster.…``; ``roster.revoked-signer`` when only those revoked here make it enough.
    """
    trusted = replace(new, signed=frozenset(new.signed) - _revoked_places(session, new))
    first = held is None or (new.id != held.id and _is_orphaned(session, held))
    try:
        if first or held is None:
            _check_first(session, trusted)
        else:
            trusted.check_follows(held)
    except BundleError as error:
        if trusted.signed == new.signed or error.code not in _TOO_FEW:
            raise
        raise BundleError("roster.revoked-signer") from error


def _revoked_places(session: Session, roster: Roster) -> set[int]:
    leads = enumerate(roster.coordinators)
    return {place for place, one in leads if state_of(session, one.ed25519) == REVOKED}


def _is_orphaned(session: Session, held: Roster) -> bool:
    """Return whether too few of a roster's coordinators are trusted here for a next version ever to come."""
    return len(held.coordinators) - len(_revoked_places(session, held)) < held.needed


def _check_first(session: Session, new: Roster) -> None:
    new.check_complete()
    known = {one.author for one in session.vault.contacts.all() if one.state == VERIFIED} | {session.author}
    if len(new.signers & known) < new.needed:
        raise BundleError("roster.other-signers")


def _put_in_force(session: Session, new: Roster) -> dict[str, Any]:
    """Put a roster in force inside the caller's transaction; return what that did, as ``take_roster`` tells it."""
    differences = _differences(session, new, held_roster(session))
    with counting(session) as counts:
        put_in_force(session, new)
        follow_trust(session)
    return differences | counts


def _differences(session: Session, new: Roster, held: Roster | None) -> dict[str, list[str]]:
    """Return who joins, goes, may do something else, and is revoked by a roster and not by the one held."""
    now, before = dict(new.members), dict(held.members) if held else {}
    return {
        "joins": _names(session, now.keys() - before.keys()),
        "goes": _names(session, before.keys() - now.keys()),
        "changes": _names(session, {one for one in now.keys() & before.keys() if now[one] != before[one]}),
        "revokes": _names(session, new.revoked.keys() - (held.revoked.keys() if held else set())),
    }


def _rehearsed(session: Session, new: Roster) -> dict[str, Any]:
    """Return what putting a roster in force would do; nothing where nothing can be written."""
    told: dict[str, Any] = {}
    with contextlib.suppress(VaultError), rehearsal(session):
        told = _put_in_force(session, new)
    return told


def _revoked_here(session: Session) -> dict[bytes, list[Head]]:
    """Return who is revoked here, and the last good heads."""
    held = held_roster(session)
    partners = {one.author for one in session.vault.contacts.all()}
    told = {author: list(heads) for author, heads in (held.revoked if held else {}).items()}
    for author in session.store.policy().revoked.keys() & partners - told.keys():
        told[author] = list(good_heads(session, author) or ())
    return told


def _verified_card(session: Session, name: str) -> Card:
    contact = named(session, name)
    if contact.state != VERIFIED:
        raise BundleError("contact.not-verified")
    return read_card(contact.card)
