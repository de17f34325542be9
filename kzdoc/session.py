"""The session: an unlocked vault, whose it is, and the time and chance it works with.

One session belongs to one thread. Actions take it as their first argument; nothing global knows of it. The identity's
private seeds are read from the vault when they are needed and kept no longer than the session.
"""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast

import kzdoc.vault.vault as vaults
from kzdoc.bundle.cards import Card, make_card
from kzdoc.crypto.age import HybridIdentity
from kzdoc.crypto.identity import HybridSigner, author_of, sign_revision
from kzdoc.crypto.passphrase import generate, judge
from kzdoc.crypto.words import words_of
from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError
from kzdoc.language import LANGUAGES
from kzdoc.ledger.revision import NewEntry, Revision, write_revision
from kzdoc.moment import Clock, Moment, Randomness
from kzdoc.progress import Progress, silent
from kzdoc.remembering import forget
from kzdoc.vault.blobs import Blobs
from kzdoc.vault.reading import Records
from kzdoc.vault.recovery import identity_of, read_shares
from kzdoc.vault.store import Changes, Store

AUTHOR, PUBLISHER, IDENTITY = "author", "publisher", "identity"
"""Names of the secret rows: 64-byte signer seeds of author and publisher, 32-byte age identity seed."""

NAME = "author-name"
PRACTICE = "practice"
_INTRODUCED = "introduced-by:"
_Read = TypeVar("_Read")

ENTRIES_AT_ONCE = 8
"""Entries in one revision: as many as the padding holds anyway; more would make every look at one of them dear."""

AUTHOR_NAME_LIMIT = 120


def system_clock() -> Moment:
    """Return this machine's present time and UTC offset."""
    now = time.time()
    return Moment(int(now), time.localtime(now).tm_gmtoff // 60)


@dataclass
class Session:
    """An open vault and what acting in it needs."""

    vault: vaults.Vault
    clock: Clock
    randomness: Randomness
    _kept: dict[str, tuple[object, object]] = field(default_factory=dict, repr=False)

    @property
    def store(self) -> Store:
        """The writing half of the vault."""
        return self.vault.store

    @property
    def records(self) -> Records:
        """The reading half of the vault."""
        return self.vault.records

    @property
    def blobs(self) -> Blobs:
        """The vault's files."""
        return self.vault.blobs

    @property
    def author(self) -> bytes:
        """The owner's Ed25519 key."""
        return author_of(self._seed(AUTHOR)[:32])

    @property
    def name(self) -> str:
        """What the owner calls himself to partners."""
        return (self.vault.settings.get(NAME) or b"").decode("utf-8")

    @property
    def practice(self) -> bool:
        """Whether this is a practice vault: its bundles and cards are for practice vaults, its papers are marked."""
        return self.vault.settings.get(PRACTICE) is not None

    def signer(self) -> HybridSigner:
        """Return the owner's own signer: bundles, heads, receipts."""
        return HybridSigner.from_seed(self._seed(AUTHOR))

    def publisher(self) -> HybridSigner:
        """Return the signer of papers, whose key is not the author's."""
        return HybridSigner.from_seed(self._seed(PUBLISHER))

    def identity(self) -> HybridIdentity:
        """Return the age identity that opens bundles for this vault."""
        return HybridIdentity.from_seed(self._seed(IDENTITY))

    def card(self) -> Card:
        """Return the owner's card."""
        return make_card(
            name=self.name,
            author=self.signer(),
            recipient=self.identity().recipient,
            publisher=self.publisher(),
            office=b"",
            practice=self.practice,
        )

    def write(self, entries: Sequence[NewEntry], *, progress: Progress = silent) -> Changes:
        """Sign and save entries as one act: one revision, or several in one transaction when there are many."""
        return self.store.append(self.signed(entries, progress=progress), progress=progress)

    def signed(self, entries: Sequence[NewEntry], *, progress: Progress = silent) -> list[Revision]:
        """Return entries as the revisions that would be saved next; nothing is saved."""
        place = self.store.next_place(self.author)
        seed = self._seed(AUTHOR)[:32]
        waiting = ([place.opening] if place.opening else []) + list(entries)
        sequence, previous = place.sequence, place.previous
        revisions: list[Revision] = []
        for start in range(0, len(waiting), ENTRIES_AT_ONCE):
            progress("session.sign", start, len(waiting))
            revision = write_revision(
                waiting[start : start + ENTRIES_AT_ONCE],
                sign=lambda raw: sign_revision(seed, raw),
                author=author_of(seed),
                chain=place.chain,
                sequence=sequence,
                previous=previous,
                moment=self.clock(),
                randomness=self.randomness,
            )
            revisions.append(revision)
            sequence, previous = sequence + 1, revision.id
        return revisions

    def author_name(self, author: bytes) -> str:
        """Return what this vault calls an author: contact, own name, an introduction, else the key's beginning."""
        if author == self.author:
            return self.name
        for contact in self.vault.contacts.by_author(author):
            return contact.name
        told = [f"{label} ({self.author_name(by)})" for by, label in self.introductions(author) if label]
        return told[0] if told else author.hex()[:16]

    def introductions(self, author: bytes) -> list[tuple[bytes, str]]:
        """Return who vouched for an author and what the author's card is said to be called, the first first."""
        noted = self.vault.settings.get(_INTRODUCED + author.hex())
        return [(by, label) for by, label in decode(noted)] if noted else []

    def introduced_by(self, sender: bytes) -> list[bytes]:
        """Return the authors a partner vouched for."""
        kept = self.vault.settings.under(_INTRODUCED)
        told = {bytes.fromhex(name.removeprefix(_INTRODUCED)): decode(noted) for name, noted in kept.items()}
        return [author for author, noted in told.items() if sender in [by for by, _ in noted]]

    def introduce(self, author: bytes, label: str, by: bytes) -> None:
        """Note that a verified partner vouches for an author, without what in the label could hide or imitate."""
        if author in (self.author, by):
            return
        label = "".join(char for char in label if char.isprintable())[:AUTHOR_NAME_LIMIT]
        others = [(one, said) for one, said in self.introductions(author) if one != by]
        noted = encode([[one, said] for one, said in [*others, (by, label)]])
        self.vault.settings.put(_INTRODUCED + author.hex(), noted)

    def once(self, name: str, read: Callable[[], _Read]) -> _Read:
        """Return what ``read`` gives, read anew only when anything in the vault, or the day, is another than before.

        What is read inside a transaction that changed something is not kept: it may be taken back.
        """
        state = (self.vault.changed, self.clock().day())
        kept = self._kept.get(name)
        if kept is not None and kept[0] == state:
            return cast("_Read", kept[1])
        found = read()
        if not self.vault.in_transaction:
            self._kept[name] = (state, found)
        return found

    def stop_asking(self) -> None:
        """Make whatever is being read raise ``Cancelled``, from any thread: the desk locks and waits for no reading."""
        self.vault.stop_asking()

    def ask_again(self) -> None:
        """Let it be read again: what is left to do before closing."""
        self.vault.ask_again()

    def close(self) -> None:
        """Close the vault, and forget what was remembered of its words."""
        self._kept.clear()
        self.vault.close()
        forget()

    def _seed(self, name: str) -> bytes:
        seed = self.vault.secrets.get(name)
        if seed is None:
            raise InputError("vault.no-identity")
        return seed


def create_vault(
    folder: Path,
    passphrase: str,
    *,
    author: str,
    practice: bool = False,
    clock: Clock = system_clock,
    randomness: Randomness = os.urandom,
    progress: Progress = silent,
) -> Session:
    """Make a vault and its owner's keys; one for ``practice`` stays one for ever.

    Raises:
        InputError: ``passphrase.weak-…``; ``vault.author-name`` when the name is empty or too long.
        VaultError: ``vault.exists`` and the others of vault.md; then nothing is left of it.
    """
    judge(passphrase)
    name = unicodedata.normalize("NFC", author.strip())
    if not 0 < len(name) <= AUTHOR_NAME_LIMIT or not name.isprintable():
        raise InputError("vault.author-name", limit=AUTHOR_NAME_LIMIT)
    progress("vault.new", 0, 2)
    vault = vaults.create(folder, passphrase, clock=clock, randomness=randomness)
    progress("vault.new", 1, 2)
    vault.secrets.put(AUTHOR, randomness(64))
    vault.secrets.put(PUBLISHER, randomness(64))
    vault.secrets.put(IDENTITY, randomness(32))
    vault.settings.put(NAME, name.encode("utf-8"))
    if practice:
        vault.settings.put(PRACTICE, b"1")
    progress("vault.new", 2, 2)
    return Session(vault, clock, randomness)


def open_session(
    folder: Path,
    passphrase: str | bytearray,
    *,
    clock: Clock = system_clock,
    randomness: Randomness = os.urandom,
    progress: Progress = silent,
) -> Session:
    """Open a vault with its passphrase; raises ``VaultError`` with the codes of docs/formats/vault.md.

    Bytes are UTF-8 and left to the caller to wipe; of a text nobody can wipe what it leaves in memory.
    """
    progress("vault.open", 0, 1)
    vault = vaults.open_vault(folder, passphrase, clock=clock, randomness=randomness, progress=progress)
    progress("vault.open", 1, 1)
    return Session(vault, clock, randomness)


def open_session_with_key(
    folder: Path,
    key: bytearray,
    *,
    clock: Clock = system_clock,
    randomness: Randomness = os.urandom,
    progress: Progress = silent,
) -> Session:
    """Open a vault with its database key, which is zeroed; the desk gets the key from the unlock process."""
    vault = vaults.open_with_key(folder, key, clock=clock, randomness=randomness, progress=progress)
    return Session(vault, clock, randomness)


def unlock(folder: Path, passphrase: str) -> bytearray:
    """Return the database key that a passphrase unwraps, for the desk; nothing is opened."""
    return vaults.unlock_key(folder, passphrase)


def unlock_with_shares(folder: Path, texts: Sequence[str]) -> bytearray:
    """Return the database key that recovery shares unwrap, given as words; nothing is opened.

    Raises:
        InputError: the codes of ``share_words.read_share`` and ``recovery.identity_of``: which word, which share, how
            many are missing; ``share.other-vault`` when they are good and belong to another vault or a removed slot.
        VaultError: ``vault.not-a-vault``, ``vault.damaged``, ``vault.newer-version``.
    """
    key = vaults.unlock_key_with(folder, identity_of(read_shares(texts)))
    if key is None:
        raise InputError("share.other-vault")
    return key


def look_at_shares(texts: Sequence[str]) -> int:
    """Return how many more shares are needed; raises ``InputError`` when one of them is wrong, as unlocking does."""
    try:
        identity_of(read_shares(texts))
    except InputError as error:
        if error.code != "share.missing":
            raise
        return int(error.params["missing"])
    return 0


def share_words() -> list[str]:
    """Return the words of shares in all languages, sorted, for completing what somebody types."""
    return sorted({word for lang in LANGUAGES for word in words_of(lang)})


def unlock_with_identity(folder: Path, identity: HybridIdentity) -> bytearray | None:
    """Return the database key of a vault that has a slot for this identity, else None; nothing is opened."""
    return vaults.unlock_key_with(folder, identity)


def judge_passphrase(text: str) -> None:
    """Say why a passphrase would be refused for a vault; raises ``InputError("passphrase.weak-…")``."""
    judge(text)


def suggest_passphrase(lang: str, randomness: Randomness = os.urandom) -> str:
    """Return seven words of ``lang`` (77 bits) to be offered first when a passphrase is set."""
    return generate(lang, randomness)
