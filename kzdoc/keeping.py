"""Keeping a vault openable, by whom it should be and by nobody else: slots, recovery shares, their rehearsal.

Whoever adds a way gives a passphrase that opens the vault: the database key is unwrapped for that moment and wiped.
Shares exist in memory and on the papers written on explicit command; nothing here keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kzdoc.bundle.cards import read_card
from kzdoc.crypto.share_words import write_share
from kzdoc.errors import InputError
from kzdoc.limits import LIMITS
from kzdoc.platform.files import make_private_folder, read_given, replace_durably
from kzdoc.progress import Progress, silent
from kzdoc.report.share_page import SharePaper, draw_share, words_in_paper
from kzdoc.session import Session, open_session_with_key, unlock, unlock_with_identity, unlock_with_shares
from kzdoc.vault.recovery import identity_of, make_set, read_shares
from kzdoc.vault.rekey import rekey
from kzdoc.vault.slots import recipient_of
from kzdoc.vault.ways import HEADQUARTERS, PASSPHRASE, RECOVERY, Way

NONE, MADE, REHEARSED = "none", "made", "rehearsed"
"""How far the recovery of a vault is."""

_VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class Shares:
    """Recovery shares just made: their words, to be put on paper and forgotten."""

    slot: int
    set_id: str
    needed: int
    words: tuple[tuple[str, ...], ...] = field(repr=False)


def slots(session: Session) -> list[dict[str, Any]]:
    """Return the ways of unlocking in use, in the JSON of `vault slot list`."""
    return [_told(way) for way in session.vault.ways.all()]


def rename_slot(session: Session, number: int, label: str) -> None:
    """Call a slot otherwise; raises ``VaultError("vault.slot")``, ``InputError("slot.label")``."""
    session.vault.ways.rename(number, label)


def set_passphrase(session: Session, old: str, new: str, *, keep: bool, label: str = "") -> int:
    """Let ``new`` open the vault in the place of ``old``, or beside it when ``keep``; return its slot.

    Whoever kept a copy of the vault still opens that copy with the old one, and whoever took the key out of it still
    opens this one: only taking a slot away makes a new key.

    Raises ``InputError``: ``passphrase.weak-…``; ``VaultError``: ``vault.wrong-passphrase``, ``vault.slots-full``.
    """
    if not keep:
        return session.vault.ways.replace_passphrase(old, new, label=label)
    return _with_key(session, old, lambda key: session.vault.ways.add_passphrase(key, new, label=label))


def add_headquarters(session: Session, contact: str, *, passphrase: str, label: str = "") -> int:
    """Let a verified contact's key open this vault; return the slot.

    Raises ``InputError``: ``contact.unknown``, ``slot.not-verified``; ``VaultError`` as ``set_passphrase``.
    """
    known = session.vault.contacts.named(contact)
    if known is None:
        raise InputError("contact.unknown", name=contact)
    if known.state != _VERIFIED:
        raise InputError("slot.not-verified")
    recipient = read_card(known.card).recipient
    called = label or contact

    def add(key: bytearray) -> int:
        return session.vault.ways.add_recipient(key, recipient, kind=HEADQUARTERS, label=called)

    return _with_key(session, passphrase, add)


def remove_slot(session: Session, number: int, *, passphrase: str = "", progress: Progress = silent) -> dict[str, Any]:
    """Take a way of unlocking away by giving the vault a new key; the session is closed then, and must be opened anew.

    ``passphrase`` keeps the slot it opens even if an older program made it. The answer names the slots that could not
    be kept: those of an older program that nobody opened.

    Raises ``VaultError``: ``vault.slot``, ``vault.last-slot``, ``vault.disk-full``, ``vault.rekey-failed``.
    """
    session.vault.ways.one(number)
    recipients = dict([recipient_of(session.vault.ways.file, passphrase)]) if passphrase else {}
    lost = rekey(
        session.vault,
        without=(number,),
        recipients=recipients,
        clock=session.clock,
        randomness=session.randomness,
        progress=progress,
    )
    return {"removed": number, "rekeyed": True, "lost": [way.number for way in lost]}


# --- travelling without a passphrase


def ways_back(session: Session) -> list[Way]:
    """Return the slots that open the vault by what is elsewhere: rehearsed recovery shares, headquarters' keys."""
    ways = session.vault.ways.all()
    return [way for way in ways if way.kind == HEADQUARTERS or (way.kind == RECOVERY and way.rehearsed)]


def leave_without_passphrase(session: Session, *, progress: Progress = silent) -> dict[str, Any]:
    """Take every passphrase away by giving the vault a new key; the session is closed then.

    Nothing that is said or known here opens the vault from then on: only what is kept elsewhere does.

    Raises ``InputError("travel.no-way-back")`` when nothing else would open it; ``VaultError`` as ``remove_slot``. Then
    nothing was changed.
    """
    back = ways_back(session)
    if not back:
        raise InputError("travel.no-way-back")
    away = tuple([way.number for way in session.vault.ways.all() if way.kind == PASSPHRASE])
    if away:
        clock, randomness = session.clock, session.randomness
        rekey(session.vault, without=away, recipients={}, clock=clock, randomness=randomness, progress=progress)
    return {"passphrases": len(away), "opens_by": sorted({way.kind for way in back})}


# --- recovery


def recovery(session: Session) -> dict[str, Any]:
    """Return how far recovery is: ``state`` is none, made (not yet rehearsed) or rehearsed, ``day`` when."""
    ways = [way for way in session.vault.ways.all() if way.kind == RECOVERY]
    if not ways:
        return {"state": NONE, "day": ""}
    waiting = [way for way in ways if not way.rehearsed]
    return {"state": MADE if waiting else REHEARSED, "day": max(way.rehearsed for way in ways)}


def split_recovery(session: Session, *, passphrase: str, needed: int, total: int, lang: str, label: str = "") -> Shares:
    """Make recovery shares, of which ``needed`` of ``total`` open this vault; their words are in ``lang``.

    Raises ``InputError``: ``share.counts``, ``slot.label``; ``VaultError``: ``vault.wrong-passphrase``,
    ``vault.slots-full``.
    """
    made = make_set(needed=needed, total=total, randomness=session.randomness)
    recipient = made.identity.recipient

    def add(key: bytearray) -> int:
        return session.vault.ways.add_recipient(
            key, recipient, kind=RECOVERY, label=label, needed=needed, total=total, set_id=made.set_id
        )

    slot = _with_key(session, passphrase, add)
    words = tuple([tuple(write_share(share, lang)) for share in made.shares])
    return Shares(slot, made.set_id.hex(), needed, words)


def share_papers(session: Session, shares: Shares, *, lang: str) -> list[bytes]:
    """Return one PDF a share: who keeps it, what it is, what to do with it; nobody's name and no folder is in it."""
    total, day = len(shares.words), session.clock().day()
    return [
        draw_share(SharePaper(words, place, total, shares.needed, shares.set_id, day, session.practice), lang=lang)
        for place, words in enumerate(shares.words, start=1)
    ]


def write_share_papers(session: Session, shares: Shares, folder: Path, *, lang: str) -> list[str]:
    """Write the papers into a folder, made when missing; return their names. Raises as ``check_papers``."""
    paths = check_papers(folder, len(shares.words))
    if not folder.is_dir():
        make_private_folder(folder)
    for path, paper in zip(paths, share_papers(session, shares, lang=lang), strict=True):
        replace_durably(path, paper)
    return [path.name for path in paths]


def check_papers(folder: Path, total: int) -> list[Path]:
    """Return the files that papers of ``total`` shares would be; raises ``InputError("file.exists")``."""
    paths = [folder / f"share-{place}-of-{total}.pdf" for place in range(1, total + 1)]
    if any(path.exists() for path in paths) or (folder.exists() and not folder.is_dir()):
        raise InputError("file.exists")
    return paths


def make_recovery(
    session: Session, folder: Path, *, passphrase: str, needed: int, total: int, lang: str, label: str = ""
) -> dict[str, Any]:
    """Make shares and write their papers, in the JSON of `vault recovery split`; raises as both do."""
    check_papers(folder, total)
    shares = split_recovery(session, passphrase=passphrase, needed=needed, total=total, lang=lang, label=label)
    names = write_share_papers(session, shares, folder, lang=lang)
    told = {"slot": shares.slot, "set": shares.set_id, "needed": needed, "total": total}
    return told | {"papers": [str(folder / name) for name in names]}


def read_share_file(path: Path) -> str:
    """Return the words in a file: a paper as it was written, or a text somebody typed.

    Raises ``InputError``: ``file.not-read``, ``file.too-large``, ``share.no-words``.
    """
    untrusted = read_given(path, limit=LIMITS.share_file)
    try:
        return words_in_paper(untrusted)
    except UnicodeDecodeError as error:
        raise InputError("share.no-words") from error


def rehearse(session: Session, texts: Sequence[str]) -> dict[str, Any]:
    """See whether shares open a slot of this vault, without opening anything by it, and note the day.

    Raises ``InputError`` as ``unlock_with_shares``, with its codes for every wrong word, set and number.
    """
    given = read_shares(texts)
    identity = identity_of(given)
    for way in session.vault.ways.all():
        if way.kind == RECOVERY and way.recipient == identity.recipient.raw:
            key = unlock_with_shares(session.vault.folder, texts)
            key[:] = bytes(len(key))
            session.vault.ways.rehearsed(way.number)
            return {"slot": way.number, "rehearsed": session.clock().day()}
    raise InputError("share.other-vault")


def open_by_headquarters(session: Session, folder: Path) -> bytearray:
    """Return the database key of another vault that has a slot for this session's key; the caller wipes it.

    Raises ``InputError("slot.not-for-this-key")``, ``VaultError`` as opening does.
    """
    key = unlock_with_identity(folder, session.identity())
    if key is None:
        raise InputError("slot.not-for-this-key")
    return key


def add_passphrase_with_key(session: Session, key: bytearray, new: str, *, label: str = "") -> int:
    """Add a passphrase to a vault that was opened by shares or by headquarters; return its slot."""
    return session.vault.ways.add_passphrase(key, new, label=label)


def recover(folder: Path, texts: Sequence[str], passphrase: str) -> bytearray:
    """Open a vault by shares, add a passphrase, close it, and return its database key, which the caller wipes.

    Raises as ``session.unlock_with_shares``; ``InputError``: ``passphrase.weak-…``; ``VaultError``: as opening does,
    ``vault.slots-full``.
    """
    key = unlock_with_shares(folder, texts)
    try:
        session = open_session_with_key(folder, key)
        try:
            session.vault.ways.add_passphrase(key, passphrase)
        finally:
            session.close()
    except BaseException:
        key[:] = bytes(len(key))
        raise
    return key


def _with_key(session: Session, passphrase: str, act: Callable[[bytearray], int]) -> int:
    key = unlock(session.vault.folder, passphrase)
    try:
        return act(key)
    finally:
        key[:] = bytes(len(key))


def _told(way: Way) -> dict[str, Any]:
    told: dict[str, Any] = {"slot": way.number, "kind": way.kind, "label": way.label}
    if way.kind == RECOVERY:
        told |= {"needed": way.needed, "total": way.total, "set": way.set_id.hex(), "rehearsed": way.rehearsed}
    return told
