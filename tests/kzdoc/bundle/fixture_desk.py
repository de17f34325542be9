"""A real vault of the fixtures' reader, what can happen in it before a fixture comes, and what it looks like."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.errors import KzdocError
from kzdoc.exchange import incoming, rosters, trust
from kzdoc.session import AUTHOR, IDENTITY, PUBLISHER, Session, create_vault, open_session_with_key, unlock
from kzdoc.vault.check import state_hash
from tests.kzdoc.bundle.fixture import DOUBTED, LOST
from tests.kzdoc.bundle.parties import ANNA, BERIK, Party
from tests.offices import PASSPHRASE

FOLDER = Path(__file__).parents[2] / "vectors" / "bundles"
PEOPLE = {one.name: one for one in (ANNA, LOST, DOUBTED)}
PASSING = ("-wal", "-shm")
"""Endings of the files a database keeps beside it while it is open."""


@dataclass(frozen=True)
class Desk:
    """A closed vault and the key of its database."""

    folder: Path
    key: bytes

    def copy(self, target: Path) -> Session:
        """Open a copy of it."""
        shutil.copytree(self.folder, target)
        return open_session_with_key(target, bytearray(self.key), randomness=os.urandom)


def make_desk(folder: Path) -> Desk:
    """Make the reader's vault: his keys, the cards he has, one record of his own."""
    session = create_vault(folder, PASSPHRASE, author=BERIK.name)
    secrets = session.vault.secrets
    secrets.put(AUTHOR, BERIK.signer.seed)
    secrets.put(PUBLISHER, BERIK.publisher.seed)
    secrets.put(IDENTITY, BERIK.identity.seed)
    for one in (ANNA, LOST):
        meet(session, one)
    trust.add_contact(session, DOUBTED.card.text.encode("ascii"), name=DOUBTED.name, lang="ru")
    casework.add(session, "person", [Change("name_ru", "set", "Тестов Өзі")])
    session.close()
    return Desk(folder, bytes(unlock(folder, PASSPHRASE)))


def meet(session: Session, party: Party) -> None:
    """Take a card in and compare its digits."""
    trust.add_contact(session, party.card.text.encode("ascii"), name=party.name, lang="ru")
    trust.verify_contact(session, party.name, digits=party.card.digits, by="person", lang="ru")


def happen(session: Session, step: str) -> None:
    """Do one of the steps a fixture names as having happened before it."""
    verb, _, what = step.partition(" ")
    if verb == "take":
        incoming.take(session, [FOLDER / f"{what}.bin"])
    elif verb == "roster":
        rosters.take_roster(session, (FOLDER / f"{what}.bin").read_bytes())
    elif verb == "revoke":
        trust.revoke_contact(
            session, next(name for name, one in PEOPLE.items() if what == "LOST" and one is LOST), lang="ru"
        )
    else:
        raise AssertionError(step)


def receive(session: Session, file: Path, kind: str = "bundle") -> tuple[str, dict[str, object]]:
    """Take a file in and return how it ended, as fixtures tell it, and what was told."""
    try:
        if kind == "roster":
            return "taken", rosters.take_roster(session, file.read_bytes())
        told = incoming.take(session, [file])
    except KzdocError as error:
        return error.code, dict(error.params)
    return ("already" if told["already"] else "taken"), told


def tables(session: Session) -> dict[str, str]:
    """Return a digest of the rows of every table, and of the state."""
    database = session.vault.database
    names = [row[0] for row in database.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    told = {"state": state_hash(session.vault).hex()}
    for name in names:
        rows = [] if name.startswith("search") else database.rows(f"SELECT * FROM {name}")  # noqa: S608 - its own names
        told[name] = hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()
    words = database.rows("SELECT id, block FROM search_data ORDER BY id")
    return {**told, "search": hashlib.sha256(repr(words).encode()).hexdigest()}


def files(folder: Path) -> dict[str, bytes]:
    """Return a digest of every file under a folder, but of those that come and go with an open database."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).digest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(PASSING) and path.name != "vault.db"
    }
