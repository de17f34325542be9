"""Vaults for tests: one made with the real KDF a session, copied and opened by its key for each test; who writes in it.

``template_vault`` is a closed vault and its key, ``new_vault`` opens a fresh copy under a name, ``vault`` is one such.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc.crypto.identity import author_of, sign_revision
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision, write_revision
from kzdoc.moment import Moment
from kzdoc.vault.vault import Vault, create, open_with_key, unlock_key

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.moment import Clock, Randomness

PASSPHRASE = "сынақ түбі сары алтын тұнық бұлақ суы"
NOW = Moment(1_772_442_000, 300)


@dataclass(frozen=True)
class Template:
    """A closed, empty vault and its database key."""

    folder: Path
    key: bytes

    def copy(self, folder: Path) -> Path:
        """Copy the vault's files to a folder that is not there yet."""
        shutil.copytree(self.folder, folder)
        return folder

    def open(self, folder: Path, *, clock: Clock, randomness: Randomness) -> Vault:
        """Open a copy by its key."""
        return open_with_key(folder, bytearray(self.key), clock=clock, randomness=randomness)


@pytest.fixture(scope="session")
def template_vault(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return a vault made once a session with the real KDF."""
    folder = tmp_path_factory.mktemp("template") / "vault"
    create(folder, PASSPHRASE, clock=lambda: NOW, randomness=os.urandom).close()
    return Template(folder, bytes(unlock_key(folder, PASSPHRASE)))


NewVault = Callable[[str], Vault]


@pytest.fixture
def new_vault(template_vault: Template, tmp_path: Path, clock: Clock, randomness: Randomness) -> Iterator[NewVault]:
    """Return a function that opens a fresh copy of the template under a name; all are closed after the test."""
    opened: list[Vault] = []

    def one(name: str) -> Vault:
        folder = template_vault.copy(tmp_path / name)
        vault = template_vault.open(folder, clock=clock, randomness=randomness)
        opened.append(vault)
        return vault

    yield one
    for vault in opened:
        vault.close()


@pytest.fixture
def vault(new_vault: NewVault) -> Vault:
    """Return a fresh open vault."""
    return new_vault("vault")


class Writer:
    """Somebody who saves in a vault as the session does: with real keys, replacing what is seen."""

    def __init__(self, vault: Vault, number: int = 1) -> None:
        self.vault = vault
        self.seed = bytes([number]) * 32
        self.author = author_of(self.seed)
        self._count = 0

    def sign(self, entries: list[NewEntry]) -> Revision:
        """Return the next own revision with these entries; nothing is saved yet."""
        place = self.vault.store.next_place(self.author)
        self._count += 1
        return write_revision(
            [*entries, *([place.opening] if place.opening else [])],
            sign=lambda skeleton: sign_revision(self.seed, skeleton),
            author=self.author,
            chain=place.chain,
            sequence=place.sequence,
            previous=place.previous,
            moment=Moment(NOW.seconds + self._count, NOW.offset),
            randomness=os.urandom,
        )

    def entry(self, record: bytes, fields: Mapping[str, Any], kind: str = "person") -> NewEntry:
        """Return an entry that puts values in the place of all that lives in those fields."""
        state = self.vault.records.record(record)
        statements = [
            NewStatement(
                name,
                value,
                tuple(ref for live in state.fields.get(name, ()) for ref in live.refs) if state else (),
            )
            for name, value in fields.items()
        ]
        return NewEntry(record, kind, tuple(statements))

    def save(self, record: bytes, fields: Mapping[str, Any], kind: str = "person") -> Revision:
        """Save values of a record and return the revision."""
        revision = self.sign([self.entry(record, fields, kind)])
        self.vault.store.append([revision])
        return revision
