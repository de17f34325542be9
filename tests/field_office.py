"""A small field office: a monitor, a second one nobody knows, and a coordinator, each with a real vault and real keys.

The vaults are made once a session with the real KDF and copied for each test. All people are invented.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import outgoing, trust
from kzdoc.session import Session, create_vault, open_session_with_key, unlock

PASSPHRASE = "сынақ түбі сары алтын тұнық бұлақ суы"
MONITOR, STRANGER, COORDINATOR = "Монитор «Алматы-2»", "Мысалов Ғалым", "Координатор"
DESKS = {"monitor": MONITOR, "stranger": STRANGER, "coordinator": COORDINATOR}
PERSON = "Тестов Данияр"


@dataclass(frozen=True)
class Office:
    """Three closed vaults in a folder, and the keys of their databases."""

    folder: Path
    keys: dict[str, bytes]

    def open(self, desk: str) -> Session:
        """Open a vault; whoever opens it closes it."""
        return open_session_with_key(self.folder / desk, bytearray(self.keys[desk]))

    @contextmanager
    def at(self, desk: str) -> Iterator[Session]:
        """Work in a vault and close it."""
        session = self.open(desk)
        try:
            yield session
        finally:
            session.close()

    def know(self, desk: str, partner: str, *, verified: bool) -> None:
        """Let a desk take a partner's card in, and compare its digits."""
        with self.at(partner) as other:
            card, digits = trust.card(other), trust.own_fingerprint(other, "ru")["fingerprint"]
        with self.at(desk) as session:
            trust.add_contact(session, card, name=DESKS[partner], lang="ru")
            if verified:
                trust.verify_contact(session, DESKS[partner], digits=digits, by="voice", lang="ru")

    def write(self, desk: str, name: str = PERSON, *, record: bytes = b"", **fields: str) -> bytes:
        """Write a person, or change one."""
        changes = [Change(field, "set", value) for field, value in fields.items()]
        with self.at(desk) as session:
            if record:
                casework.change(session, record, changes)
                return record
            return casework.add(session, "person", [Change("name_ru", "set", name), *changes])

    def send(self, desk: str, to: str, name: str) -> Path:
        """Make a bundle of everything for a partner who is verified."""
        out = self.folder / name
        with self.at(desk) as session:
            outgoing.make_bundle(session, [DESKS[to]], out, audience=Audience.INTERNAL)
        return out


@pytest.fixture(scope="session")
def made_office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return the office as it is on the first day: three vaults, nobody knows anybody."""
    folder = tmp_path_factory.mktemp("office")
    keys = {}
    for desk, name in DESKS.items():
        create_vault(folder / desk, PASSPHRASE, author=name).close()
        keys[desk] = bytes(unlock(folder / desk, PASSPHRASE))
    return Office(folder, keys)


@pytest.fixture
def office(made_office: Office, tmp_path: Path) -> Office:
    """Return a copy of the office for one test."""
    folder = tmp_path / "office"
    shutil.copytree(made_office.folder, folder)
    return Office(folder, made_office.keys)
