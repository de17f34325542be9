"""What the unlock window and the desk need of the core: make, open and hold a vault.

The one place of the desk that names these functions of the session; windows get a ``Gate`` and never more, so that
tests and pictures can give their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from kzdoc import keeping, session
from kzdoc.progress import silent

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.handover import Handover

_KEYS_FILE = "vault.keys"


class Gate(Protocol):
    """Making and unlocking; all of it may take seconds and runs off the window's thread."""

    @property
    def suggests(self) -> bool:
        """Whether it can suggest a passphrase."""

    def exists(self, folder: Path) -> bool:
        """Tell whether there is a vault in a folder."""

    def suggest(self, lang: str) -> str:
        """Return a new passphrase of seven words."""

    def judge(self, passphrase: str) -> None:
        """Raise ``InputError`` when a vault would not be made with this passphrase."""

    def create(self, folder: Path, passphrase: str, author: str, *, practice: bool, progress: Progress) -> bytearray:
        """Make a vault, perhaps one for ``practice``, and return the key of its database."""

    def unlock(self, folder: Path, passphrase: str) -> bytearray:
        """Return the key of a vault's database, or raise one of the four errors of the vault."""

    def share_words(self) -> list[str]:
        """Return the words that shares are made of, in all languages."""

    def look_at_shares(self, shares: list[str]) -> int:
        """Return how many more are needed, or raise what is wrong with the last one."""

    def recover(self, folder: Path, shares: list[str], passphrase: str) -> bytearray:
        """Open a vault by shares, add a passphrase, and return the key of its database."""


class SessionGate:
    """The gate of the real core."""

    @property
    def suggests(self) -> bool:
        """Whether the session can suggest a passphrase."""
        return True

    def exists(self, folder: Path) -> bool:
        """Tell whether there is a vault in a folder."""
        return (folder / _KEYS_FILE).exists()

    def suggest(self, lang: str) -> str:
        """Return a new passphrase of seven words."""
        return session.suggest_passphrase(lang)

    def judge(self, passphrase: str) -> None:
        """Raise ``InputError("passphrase.weak-…")`` when a vault would not be made with this passphrase."""
        session.judge_passphrase(passphrase)

    def create(self, folder: Path, passphrase: str, author: str, *, practice: bool, progress: Progress) -> bytearray:
        """Make a vault, close it, and return the key of its database."""
        session.create_vault(folder, passphrase, author=author, practice=practice, progress=progress).close()
        return session.unlock(folder, passphrase)

    def unlock(self, folder: Path, passphrase: str) -> bytearray:
        """Return the key of a vault's database."""
        return session.unlock(folder, passphrase)

    def share_words(self) -> list[str]:
        """Return the words that shares are made of, in all languages."""
        return session.share_words()

    def look_at_shares(self, shares: list[str]) -> int:
        """Return how many more are needed."""
        return session.look_at_shares(shares)

    def recover(self, folder: Path, shares: list[str], passphrase: str) -> bytearray:
        """Open a vault by shares, add a passphrase, close it, and return the key of its database."""
        return keeping.recover(folder, shares, passphrase)


def open_session(handover: Handover, progress: Progress = silent) -> Session:
    """Open the session of an unlocked vault; runs on the worker's thread, which owns the session from then on."""
    try:
        return session.open_session_with_key(handover.folder, handover.key, progress=progress)
    finally:
        handover.wipe()
