"""A small field office for tests: three vaults made once with real keys and a real passphrase, copied per test.

The template knows the database keys, so a test opens its copies without the half second of Argon2id each. A copy lies
elsewhere than the vault it was made from, so its first own revision opens a new chain, as any copied vault does.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kzdoc.exchange import trust
from kzdoc.moment import Clock, Randomness
from kzdoc.session import Session, create_vault, open_session_with_key, unlock

PASSPHRASE = "алма ағаш көл тау дала"
NAMES = ("Мысалов", "Үлгіқызы", "Үйлестіруші")


@dataclass
class Template:
    """The three vaults as made, with their database keys."""

    folder: Path
    keys: dict[str, bytes] = field(default_factory=dict)


def make_template(folder: Path, clock: Clock, randomness: Randomness) -> Template:
    """Make the three vaults and let everybody verify everybody."""
    template = Template(folder)
    sessions = [
        create_vault(folder / name, PASSPHRASE, author=name, clock=clock, randomness=randomness) for name in NAMES
    ]
    meet(sessions)
    for session in sessions:
        session.close()
    for name in NAMES:
        template.keys[name] = bytes(unlock(folder / name, PASSPHRASE))
    return template


def meet(sessions: Sequence[Session]) -> None:
    """Let every session take in and verify every other's card."""
    for session in sessions:
        for other in sessions:
            if other is not session:
                trust.add_contact(session, trust.card(other), name=other.name, lang="en")
                digits = trust.own_fingerprint(other, "en")["fingerprint"]
                trust.verify_contact(session, other.name, digits=digits, by="person", lang="en")


@dataclass
class Office:
    """One test's copies of the vaults; closes whatever it opened."""

    template: Template
    folder: Path
    clock: Clock
    randomness: Randomness
    opened: list[Session] = field(default_factory=list)

    def open(self, name: str = NAMES[0]) -> Session:
        """Open the copy of a vault."""
        target = self.folder / name
        if not target.exists():
            shutil.copytree(self.template.folder / name, target)
        key = bytearray(self.template.keys[name])
        session = open_session_with_key(target, key, clock=self.clock, randomness=self.randomness)
        self.opened.append(session)
        return session

    def all(self) -> list[Session]:
        """Open all three."""
        return [self.open(name) for name in NAMES]

    def close(self) -> None:
        """Close everything that was opened."""
        for session in self.opened:
            session.close()
