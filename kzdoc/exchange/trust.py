"""Partners: cards, fingerprints compared, and trust taken back.

A card is taken in unverified and stays so until somebody compared its fingerprint in person or by voice. Revoking
names the last good heads as they are known now; no time takes part.

Who may replace and settle what others said: with a roster, whom it names; without one, the owner and the partners
verified here. An author only vouched for by a partner adds statements and replaces his own. When the last partner who
vouched for him is revoked, what he wrote until then stays, and nothing later counts until somebody else vouches. Where
a roster or an alert that was followed names the last good heads, those are the ones. Successions stand in the policy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from kzdoc.bundle.cards import Card, read_card
from kzdoc.bundle.reader import Reader
from kzdoc.bundle.succession import read_unchecked
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange.held import followed, held_roster, own_offices, successions
from kzdoc.ledger.history import RIGHTS, Head, Policy, heirs
from kzdoc.limits import LIMITS
from kzdoc.platform.files import read_given, replace_durably
from kzdoc.report.signature import signer_fingerprint
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact

VERIFIED, UNVERIFIED, REVOKED = "verified", "unverified", "revoked"
GAPS = 2
LONGEST_NAME = 200


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
    """Return the own fingerprint as digits and words, and that of the key which signs papers."""
    own = session.card()
    publisher = signer_fingerprint(own.publisher)
    return {"name": own.name, "fingerprint": own.digits, "words": own.words(lang), "publisher": publisher}


def add_contact(session: Session, data: bytes, *, name: str, lang: str) -> dict[str, str]:
    """Take a partner's card in, unverified.

    Raises:
        BundleError: the card does not hold; ``contact.own-card``; ``contact.practice`` when either card or vault is for
            practice and the other is real.
        InputError: ``contact.known`` when the same keys are here under another name; ``contact.name``,
            ``contact.name-long``.
    """
    read = read_card(data)
    if read.author.ed25519 == session.author:
        raise BundleError("contact.own-card")
    if read.practice != session.practice:
        raise BundleError("contact.practice")
    name = _checked(name)
    if session.vault.contacts.by_author(read.author.ed25519):
        raise InputError("contact.known")
    with session.vault.transaction():
        session.vault.contacts.add(name, author=read.author.ed25519, card=read.text.encode("ascii"))
        _mark_revoked(session)
    return _told(named(session, name), lang)


def _checked(name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise InputError("contact.name")
    if len(name.strip()) > LONGEST_NAME:
        raise InputError("contact.name-long", limit=LONGEST_NAME)
    return name.strip()


def rename_contact(session: Session, name: str, new: str, *, lang: str) -> dict[str, str]:
    """Call a partner something else here; whether the key is trusted, and what he calls himself, stay as they are.

    Raises:
        InputError: ``contact.unknown``, ``contact.name``, ``contact.name-long``, ``contact.own-name``.
        VaultError: ``vault.contact-exists`` when somebody else is called so.
    """
    named(session, name)
    if _checked(new) == session.name:
        raise InputError("contact.own-name", name=session.name)
    return _told(session.vault.contacts.rename(name, _checked(new)), lang)


def look_at_card(file: Path, lang: str) -> dict[str, str]:
    """Say what a card file claims and its fingerprint; nothing is taken in.

    Raises ``BundleError``: the card does not hold; ``InputError``: ``file.not-read``, ``file.too-large``.
    """
    read = read_card(read_given(file, limit=LIMITS.card_file))
    publisher = signer_fingerprint(read.publisher)
    return {"name": read.name, "fingerprint": read.digits, "words": read.words(lang), "publisher": publisher}


def add_card(session: Session, file: Path, *, name: str, lang: str) -> dict[str, str]:
    """Take the card in a file in, unverified; raises as ``look_at_card`` and ``add_contact`` do."""
    return add_contact(session, read_given(file, limit=LIMITS.card_file), name=name, lang=lang)


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
        "publisher": signer_fingerprint(read.publisher),
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


def vouch_by_bringing(session: Session, authors: Collection[bytes], sender: bytes) -> None:
    """Note that who brings words of somebody unverified, for whom nobody vouches, vouches for him by that.

    So no words outlive the trust in whoever they came through only because a bundle left the introduction out.
    """
    for author in authors:
        if state_of(session, author) == UNVERIFIED and not session.introductions(author):
            session.introduce(author, "", sender)


def follow_trust(session: Session) -> None:
    """Bring the policy up to date with contacts and introductions, inside the caller's transaction."""
    before = session.store.policy()
    _mark_revoked(session)
    states: dict[bytes, str] = {one.author: one.state for one in session.vault.contacts.all()}
    named_heads = _named_heads(session)
    gone = _beyond_trust(session, states, named_heads)
    revoked = {author: _good(session, before, author, named_heads.get(author)) for author in gone}
    pairs = [(one.author, one.successor) for one in map(read_unchecked, successions(session))]
    policy = Policy(_rights(session, states, before), revoked, heirs(pairs))
    if policy != before:
        session.store.set_policy(policy)
        for author in policy.revoked.keys() ^ before.revoked.keys():
            session.vault.whereabouts.follow_partner(author)


def _mark_revoked(session: Session) -> None:
    """Write down as revoked whom the roster, or an alert that was followed, revokes; nobody verifies him any more."""
    named_heads = _named_heads(session)
    for contact in session.vault.contacts.all() if named_heads else ():
        if contact.author in named_heads and contact.state != REVOKED:
            session.vault.contacts.set_state(contact.name, REVOKED, how="")


def good_heads(session: Session, author: bytes) -> tuple[Head, ...] | None:
    """Return the last good heads of a revoked author, None of one who is not."""
    good = session.store.policy().revoked.get(author)
    if good is None:
        return None
    told = _named_heads(session).get(author)
    if told is not None:
        return told
    here = session.vault.chains.revisions([revision for _, revision in good.values()])
    return tuple([Head(author, one.skeleton.chain, one.skeleton.sequence, one.id) for one in here.values()])


def _rights(session: Session, states: Mapping[bytes, str], before: Policy) -> dict[bytes, frozenset[str]]:
    """Return the roster's rights; without one, who was verified keeps them for what stands before his last heads."""
    roster = held_roster(session)
    if roster is not None:
        return {author: rights & RIGHTS for author, rights in roster.members.items()}
    rights = {author: RIGHTS for author, state in states.items() if state == VERIFIED}
    for author, state in states.items():
        if state == REVOKED and before.rights is not None and before.rights.get(author):
            rights[author] = before.rights[author]
    return {**rights, session.author: RIGHTS}


def _named_heads(session: Session) -> dict[bytes, tuple[Head, ...]]:
    """Return the last good heads as others named them, in alerts that were followed and in the roster: the earlier."""
    roster = held_roster(session)
    told = followed(session)
    return {
        **told,
        **{author: both(heads, told.get(author)) for author, heads in (roster.revoked if roster else {}).items()},
    }


def both(told: Sequence[Head], before: Sequence[Head] | None) -> tuple[Head, ...]:
    """Return the heads up to which both trust an author: of each chain that both name, the earlier ones."""
    if before is None:
        return tuple(told)
    kept: list[Head] = []
    for chain in {head.chain for head in told} & {head.chain for head in before}:
        sides = [[head for head in side if head.chain == chain] for side in (told, before)]
        kept += min(sides, key=lambda side: (max(head.sequence for head in side), sorted(side)))
    return tuple(sorted(kept))


def _beyond_trust(session: Session, states: Mapping[bytes, str], named_heads: Collection[bytes]) -> set[bytes]:
    """Return the revoked partners, and the authors only they vouched for."""
    revoked = {author for author, state in states.items() if state == REVOKED}
    revoked |= {author for author in named_heads if author != session.author}
    orphans = {
        author
        for sender in revoked
        for author in session.introduced_by(sender)
        if states.get(author) != VERIFIED and all(by in revoked for by, _ in session.introductions(author))
    }
    return revoked | orphans


def _good(
    session: Session, before: Policy, author: bytes, told: Sequence[Head] | None
) -> Mapping[bytes, tuple[int, bytes]]:
    """Return an author's last good heads: those somebody named, else those when trust ended, else the present ones.

    Of a named head that is not here yet, what is here of its chain before it counts meanwhile, if nothing is forked.
    """
    if told is None and author in before.revoked:
        return before.revoked[author]
    if told is None:
        good = [head for head in session.vault.chains.heads() if head.author == author]
    else:
        good = [*session.vault.chains.counting_before(told), *told]
    return {head.revision: (head.sequence, head.revision) for head in good}


def named(session: Session, name: str) -> Contact:
    """Return the partner of that name; raises ``InputError("contact.unknown")``."""
    contact = session.vault.contacts.named(name)
    if contact is None:
        raise InputError("contact.unknown", name=name)
    return contact


def state_of(session: Session, author: bytes) -> str:
    """Return whether an author is verified, unverified or revoked; the owner is verified, a stranger is not."""
    if author == session.author:
        return VERIFIED
    states = {contact.state for contact in session.vault.contacts.by_author(author)}
    if REVOKED in states or author in _named_heads(session):
        return REVOKED
    return VERIFIED if states == {VERIFIED} else UNVERIFIED


def reader_of(session: Session) -> Reader:
    """Return who reads here: the key, the senders whose cards are here, the office."""
    senders: dict[bytes, Card] = {one.author: read_card(one.card) for one in session.vault.contacts.all()}
    own = session.card()
    return Reader(
        identity_seed=session.identity().seed,
        senders={**senders, own.author.ed25519: own},
        offices=own_offices(session),
        practice=session.practice,
    )
