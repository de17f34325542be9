"""Partners: cards, fingerprints compared, and trust taken back.

A card is taken in unverified and stays so until somebody compared its fingerprint in person or by voice. Revoking
names the last good heads as they are known now; no time takes part.

Who may replace and settle what others said: with a roster, whom it names; without one, the owner and the partners
verified here. An author only vouched for by a partner adds statements and replaces his own. When the last partner who
vouched for him is revoked, what he wrote until then stays, and nothing later counts until somebody else vouches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kzdoc.bundle.cards import Card, read_card
from kzdoc.bundle.roster import Roster, make_roster, read_roster
from kzdoc.bundle.roster import sign_roster as add_signature
from kzdoc.errors import BundleError, InputError
from kzdoc.ledger.history import RIGHTS, Policy
from kzdoc.platform.files import replace_durably
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact

VERIFIED, UNVERIFIED, REVOKED = "verified", "unverified", "revoked"
GAPS = 2
_ROSTER = "roster"
CARD_LIMIT = 64 * 2**10


def card(session: Session) -> bytes:
    """Return this vault's card as a small text file."""
    return session.card().text.encode("ascii")


def write_card(session: Session, out: Path) -> None:
    """Write this vault's card to a new file; raises ``InputError``: ``file.exists``, ``file.not-written``."""
    write_new(out, card(session))


def write_new(out: Path, data: bytes) -> None:
    """Write a file that must not be there yet; raises ``InputError("file.exists")`` or the error of the disk."""
    if out.exists():
        raise InputError("file.exists")
    replace_durably(out, data)


def own_fingerprint(session: Session, lang: str) -> dict[str, str]:
    """Return the own fingerprint as digits and words."""
    own = session.card()
    return {"name": own.name, "fingerprint": own.digits, "words": own.words(lang)}


def add_contact(session: Session, data: bytes, *, name: str, lang: str) -> dict[str, str]:
    """Take a partner's card in, unverified.

    Raises:
        BundleError: the card does not hold; ``contact.own-card``.
        InputError: ``contact.known`` when the same keys are here under another name; ``contact.name``.
    """
    read = read_card(data)
    if read.author.ed25519 == session.author:
        raise BundleError("contact.own-card")
    if not name.strip() or not name.isprintable():
        raise InputError("contact.name")
    if session.vault.contacts.by_author(read.author.ed25519):
        raise InputError("contact.known")
    contact = session.vault.contacts.add(name.strip(), author=read.author.ed25519, card=read.text.encode("ascii"))
    return _told(contact, lang)


def look_at_card(file: Path, lang: str) -> dict[str, str]:
    """Say what a card file claims and its fingerprint; nothing is taken in.

    Raises ``BundleError``: the card does not hold; ``InputError``: ``file.not-read``, ``file.too-large``.
    """
    read = read_card(_card_bytes(file))
    return {"name": read.name, "fingerprint": read.digits, "words": read.words(lang)}


def add_card(session: Session, file: Path, *, name: str, lang: str) -> dict[str, str]:
    """Take the card in a file in, unverified; raises as ``look_at_card`` and ``add_contact`` do."""
    return add_contact(session, _card_bytes(file), name=name, lang=lang)


def _card_bytes(file: Path) -> bytes:
    try:
        if file.stat().st_size > CARD_LIMIT:
            raise InputError("file.too-large", limit=CARD_LIMIT)
        return file.read_bytes()
    except OSError as error:
        raise InputError("file.not-read") from error


def contacts(session: Session, lang: str) -> list[dict[str, str]]:
    """Return all partners in the JSON of `contact list`."""
    return [_told(contact, lang) for contact in session.vault.contacts.all()]


def _told(contact: Contact, lang: str) -> dict[str, str]:
    read = read_card(contact.card)
    return {
        "name": contact.name,
        "claims": read.name,
        "fingerprint": read.digits,
        "words": read.words(lang),
        "state": contact.state,
    }


def gapped_fingerprint(session: Session, name: str) -> list[str]:
    """Return a partner's eight groups of digits with two, chosen by chance, left empty.

    Whoever compares must hear or read those two from the partner: nobody can nod at what is on his own screen.
    """
    groups = read_card(named(session, name).card).digits.split()
    order = sorted(range(len(groups)), key=lambda _: session.randomness(8))
    return ["" if place in order[:GAPS] else group for place, group in enumerate(groups)]


def verify_contact(session: Session, name: str, *, digits: str, by: str, lang: str) -> dict[str, str]:
    """Note that a partner's fingerprint was compared, in person or by voice.

    Raises ``BundleError("contact.fingerprint")`` when the digits are not those of the card: then this is another's
    card, and nothing was changed. A revoked partner stays revoked: ``contact.revoked``.
    """
    contact = named(session, name)
    if contact.state == REVOKED:
        raise BundleError("contact.revoked")
    wanted = "".join(read_card(contact.card).digits.split())
    if "".join(char for char in digits if char.isdigit()) != wanted:
        raise BundleError("contact.fingerprint")
    with session.vault.transaction():
        told = _told(session.vault.contacts.set_state(name, VERIFIED, how=by), lang)
        follow_trust(session)
    return told


def revoke_contact(session: Session, name: str, *, lang: str) -> dict[str, str]:
    """Trust nothing of a partner beyond what is known now: the present heads are the last good ones.

    The same goes for authors whom nobody else vouches for.
    """
    named(session, name)
    with session.vault.transaction():
        follow_trust(session)
        contact = session.vault.contacts.set_state(name, REVOKED, how="")
        follow_trust(session)
    return _told(contact, lang)


def follow_trust(session: Session) -> None:
    """Bring the policy up to date with contacts and introductions, inside the caller's transaction."""
    before = session.store.policy()
    states: dict[bytes, str] = {one.author: one.state for one in session.vault.contacts.all()}
    gone = _beyond_trust(session, states)
    policy = Policy(_rights(session, states, before), {author: _good(session, before, author) for author in gone})
    if policy != before:
        session.store.set_policy(policy)


def held_roster(session: Session) -> Roster | None:
    """Return the roster in force here, None without one."""
    text = session.vault.settings.get(_ROSTER)
    return read_roster(text) if text else None


def new_roster(session: Session, members: Mapping[str, frozenset[str]], coordinators: Sequence[str]) -> bytes:
    """Return the next version of the roster, or a first one, with the owner's signature as a coordinator.

    ``members`` and ``coordinators`` are verified partners by name; the owner is a coordinator. Others sign it with
    ``sign_roster`` until it has enough signatures, then everybody takes it in.

    Raises ``BundleError("contact.not-verified")``, ``InputError("contact.unknown")``.
    """
    held = held_roster(session)
    cards = {name: _verified_card(session, name) for name in (*coordinators, *members)}
    made = make_roster(
        roster=held.id if held else session.randomness(16),
        version=held.version + 1 if held else 1,
        coordinators=[session.signer().public, *[cards[name].author for name in coordinators]],
        members={cards[name].author.ed25519: rights for name, rights in members.items()},
        day=session.clock().day(),
        signer=session.signer(),
    )
    return made.text.encode("ascii")


def sign_roster(session: Session, data: bytes) -> bytes:
    """Return the roster with the owner's signature added; raises ``BundleError``: ``roster.…``."""
    return add_signature(read_roster(data), session.signer()).text.encode("ascii")


def take_roster(session: Session, data: bytes) -> dict[str, Any]:
    """Put a roster in force; the first one must be signed by enough coordinators verified here.

    Raises ``BundleError``: ``roster.…``; then nothing was changed.
    """
    new, held = read_roster(data), held_roster(session)
    if held is None:
        new.check_complete()
        known = {one.author for one in session.vault.contacts.all() if one.state == VERIFIED} | {session.author}
        if len(new.signers & known) < new.needed:
            raise BundleError("roster.other-signers")
    else:
        new.check_follows(held)
    with session.vault.transaction():
        session.vault.settings.put(_ROSTER, new.text.encode("ascii"))
        follow_trust(session)
    return {"version": new.version, "coordinators": len(new.coordinators), "members": len(new.members)}


def _verified_card(session: Session, name: str) -> Card:
    contact = named(session, name)
    if contact.state != VERIFIED:
        raise BundleError("contact.not-verified")
    return read_card(contact.card)


def _rights(session: Session, states: Mapping[bytes, str], before: Policy) -> dict[bytes, frozenset[str]]:
    """Return the roster's rights; without one, who was verified keeps them for what stands before his last heads."""
    roster = held_roster(session)
    if roster is not None:
        return dict(roster.members)
    rights = {author: RIGHTS for author, state in states.items() if state == VERIFIED}
    for author, state in states.items():
        if state == REVOKED and before.rights is not None and before.rights.get(author):
            rights[author] = before.rights[author]
    return {**rights, session.author: RIGHTS}


def _beyond_trust(session: Session, states: Mapping[bytes, str]) -> set[bytes]:
    """Return the revoked partners, and the authors only they vouched for."""
    revoked = {author for author, state in states.items() if state == REVOKED}
    orphans = {
        author
        for sender in revoked
        for author in session.introduced_by(sender)
        if states.get(author) != VERIFIED and all(by in revoked for by, _ in session.introductions(author))
    }
    return revoked | orphans


def _good(session: Session, before: Policy, author: bytes) -> Mapping[bytes, tuple[int, bytes]]:
    """Return an author's last good heads: those named when trust ended, else the present ones."""
    if author in before.revoked:
        return before.revoked[author]
    heads = [head for head in session.vault.chains.heads() if head.author == author]
    return {head.revision: (head.sequence, head.revision) for head in heads}


def named(session: Session, name: str) -> Contact:
    """Return the partner of that name; raises ``InputError("contact.unknown")``."""
    contact = session.vault.contacts.named(name)
    if contact is None:
        raise InputError("contact.unknown")
    return contact


def state_of(session: Session, author: bytes) -> str:
    """Return whether an author is verified, unverified or revoked; the owner is verified, a stranger is not."""
    if author == session.author:
        return VERIFIED
    states = {contact.state for contact in session.vault.contacts.by_author(author)}
    if REVOKED in states:
        return REVOKED
    return VERIFIED if states == {VERIFIED} else UNVERIFIED
