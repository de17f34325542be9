"""What an office agreed on, as it is kept here: roster, alerts, successions, and what others ask to be forgotten.

Rules: kept as the signed texts that came or were made, each in the vault's settings; a text is checked again whenever
it is used. Nothing here decides what is to be believed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kzdoc.bundle.cards import read_card
from kzdoc.bundle.roster import Roster, read_roster
from kzdoc.crypto.identity import HybridPublic
from kzdoc.encoding import decode, encode
from kzdoc.ledger.history import Head
from kzdoc.session import Session

ROSTER, OFFERED = "roster", "roster-offered"
OWN_ALERT, ALERT, SUCCESSION, ASKED = "alert-own:", "alert:", "succession:", "asked-to-forget"
FOLLOWING, TAKEN_BACK, IN_OFFICE, BEFORE = "followed:", "alert-taken-back:", "in-office:", "offices-before"
WAITING, FOLLOWED, PUT_AWAY = "waiting", "followed", "put-away"
"""What became of an alert."""


def held_roster(session: Session) -> Roster | None:
    """Return the roster in force here, None without one."""
    text = session.vault.settings.get(ROSTER)
    return read_roster(text) if text else None


def offered_roster(session: Session) -> Roster | None:
    """Return the first roster somebody sent, which a person has not put in force yet."""
    text = session.vault.settings.get(OFFERED)
    return read_roster(text) if text else None


def office_of(session: Session, readers: Sequence[bytes]) -> bytes:
    """Return the office a bundle for these authors is for: the roster's, if all are of it and hold it; else any.

    Who signed the roster holds it, unless his vault is an older one again, and whose own bundle named the office
    (``note_office``): nobody else could open it.
    """
    roster = held_roster(session)
    if roster is None or not roster.knows(session.author):
        return b""
    return roster.id if all(_holds(session, roster, reader) for reader in readers) else b""


def _holds(session: Session, roster: Roster, reader: bytes) -> bool:
    named = session.vault.settings.get(IN_OFFICE + reader.hex())
    return roster.knows(reader) and (reader in roster.signers if named is None else named == roster.id)


def is_inside(session: Session, readers: Sequence[bytes]) -> bool:
    """Return whether the roster held knows all these authors."""
    roster = held_roster(session)
    return roster is not None and all(roster.knows(reader) for reader in readers)


def note_office(session: Session, author: bytes, office: bytes) -> None:
    """Note which office an author named in a bundle: he holds its roster; none when his vault is an older one again."""
    session.vault.settings.put(IN_OFFICE + author.hex(), office)


def own_office(session: Session) -> bytes:
    """Return the office this vault is of, empty without a roster that knows its owner."""
    return office_of(session, ())


def own_offices(session: Session) -> tuple[bytes, ...]:
    """Return the office this vault is of, and those it was of before: who still holds their rosters names them."""
    now = own_office(session)
    kept = session.vault.settings.get(BEFORE)
    return tuple(dict.fromkeys([*([now] if now else []), *(decode(kept) if kept else [])]))


def put_in_force(session: Session, roster: Roster) -> None:
    """Keep a roster as the one in force, inside the caller's transaction; of another office nobody holds it yet."""
    held = held_roster(session)
    if held is not None and held.id != roster.id:
        _leave_office(session, roster.id)
    session.vault.settings.put(ROSTER, roster.text.encode("ascii"))
    session.vault.settings.drop(OFFERED)


def drop_roster(session: Session) -> None:
    """Keep no roster in force any more, inside the caller's transaction."""
    _leave_office(session, b"")
    session.vault.settings.drop(ROSTER)


def _leave_office(session: Session, into: bytes) -> None:
    """Keep that this vault was of the office held, and that nobody is known to hold its roster."""
    if own_office(session):
        session.vault.settings.put(BEFORE, encode([one for one in own_offices(session) if one != into]))
    for name in session.vault.settings.under(IN_OFFICE):
        session.vault.settings.drop(name)


def public_keys(session: Session) -> dict[bytes, HybridPublic]:
    """Return the keys that signed texts may be checked with, by Ed25519 key: partners', coordinators', one's own."""
    cards = [read_card(contact.card).author for contact in session.vault.contacts.all()]
    roster = held_roster(session)
    known = [*(roster.coordinators if roster else ()), *cards, session.signer().public]
    return {one.ed25519: one for one in known}


def own_alerts(session: Session) -> list[bytes]:
    """Return the texts of the alerts that go into every bundle."""
    return _texts(session, OWN_ALERT)


def successions(session: Session) -> list[bytes]:
    """Return the texts of the successions in force here."""
    return _texts(session, SUCCESSION)


def _texts(session: Session, beginning: str) -> list[bytes]:
    return [text for text in session.vault.settings.under(beginning).values() if text]


class Came(NamedTuple):
    """An alert that came: its text, who sent it, what became of it, about whom it is."""

    text: bytes
    sender: bytes
    state: str
    about: bytes


def keep_alert(session: Session, alert: bytes, came: Came) -> None:
    """Keep an alert that came, by its id, and what became of it."""
    session.vault.settings.put(ALERT + alert.hex(), encode(list(came)))


def alerts_that_came(session: Session) -> dict[bytes, Came]:
    """Return every alert that came, by id."""
    kept = session.vault.settings.under(ALERT)
    return {bytes.fromhex(name.removeprefix(ALERT)): Came(*decode(value)) for name, value in kept.items()}


def drop_alert(session: Session, alert: bytes) -> None:
    """Keep an alert that came no longer."""
    session.vault.settings.drop(ALERT + alert.hex())


def keep_followed(session: Session, author: bytes, heads: Sequence[Head]) -> None:
    """Keep that an author is trusted up to these heads only, as an alert that was followed says."""
    rows = [[head.chain, head.sequence, head.revision] for head in heads]
    session.vault.settings.put(FOLLOWING + author.hex(), encode(rows))


def drop_followed(session: Session, author: bytes) -> None:
    """Keep no longer up to which heads an author is trusted, and tell nobody any more that he was detained."""
    session.vault.settings.drop(FOLLOWING + author.hex())
    session.vault.settings.drop(OWN_ALERT + author.hex())


def keep_taken_back(session: Session, author: bytes, *, day: str, reason: str) -> None:
    """Keep that on a day a person took back that somebody was detained, and why, beside what was kept before."""
    rows = [[one.day, one.reason] for one in taken_back(session).get(author, ())]
    session.vault.settings.put(TAKEN_BACK + author.hex(), encode([*rows, [day, reason]]))


class TakenBack(NamedTuple):
    """An alert taken back by a person here: on which day, and why."""

    day: str
    reason: str


def taken_back(session: Session) -> dict[bytes, list[TakenBack]]:
    """Return by author when and why it was taken back here that he was detained, in order."""
    kept = session.vault.settings.under(TAKEN_BACK)
    return {
        bytes.fromhex(name.removeprefix(TAKEN_BACK)): [TakenBack(*row) for row in decode(value)]
        for name, value in kept.items()
    }


def followed(session: Session) -> dict[bytes, tuple[Head, ...]]:
    """Return the last good heads of the authors of whom an alert was followed."""
    found = {}
    for name, value in session.vault.settings.under(FOLLOWING).items():
        author = bytes.fromhex(name.removeprefix(FOLLOWING))
        found[author] = tuple([Head(author, *row) for row in decode(value)])
    return found


def asked_to_forget(session: Session) -> list[tuple[bytes, int, bytes]]:
    """Return (revision, index, who asks) of every statement others ask to be forgotten here."""
    noted = session.vault.settings.get(ASKED)
    rows: list[Any] = decode(noted) if noted else []
    return [(row[0], row[1], row[2]) for row in rows]


def keep_asked(session: Session, asked: Sequence[tuple[bytes, int, bytes]]) -> None:
    """Keep what others ask to be forgotten."""
    if asked:
        session.vault.settings.put(ASKED, encode(sorted([list(one) for one in set(asked)])))
    else:
        session.vault.settings.drop(ASKED)
