"""What the unlock window and the desk need of the core: make, open and hold a vault.

The one place of the desk that names these functions of the session; windows get a ``Gate`` and never more, so that
tests and pictures can give their own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.progress import Progress
    from ui.handover import Handover


class Gate(Protocol):
    """Making and unlocking; all of it may take seconds and runs off the window's thread."""

    def exists(self, folder: Path) -> bool:
        """Tell whether there is a vault in a folder."""

    def judge(self, passphrase: str) -> None:
        """Raise the ``InputError`` that says why a new passphrase is too weak."""

    def suggest(self, lang: str) -> str:
        """Return a new passphrase of seven words."""

    def create(self, folder: Path, passphrase: str, *, progress: Progress) -> bytearray:
        """Make a vault and return the key of its database."""

    def unlock(self, folder: Path, passphrase: str, *, progress: Progress) -> bytearray:
        """Return the key of a vault's database, or raise one of the four errors of the vault."""


class SessionGate:
    """The gate of the real core (``kzdoc.session``)."""

    def __init__(self) -> None:
        self._core = cast("Gate", import_module("kzdoc.session"))

    def exists(self, folder: Path) -> bool:
        """Tell whether there is a vault in a folder."""
        return self._core.exists(folder)

    def judge(self, passphrase: str) -> None:
        """Raise the ``InputError`` that says why a new passphrase is too weak."""
        self._core.judge(passphrase)

    def suggest(self, lang: str) -> str:
        """Return a new passphrase of seven words."""
        return self._core.suggest(lang)

    def create(self, folder: Path, passphrase: str, *, progress: Progress) -> bytearray:
        """Make a vault and return the key of its database."""
        return self._core.create(folder, passphrase, progress=progress)

    def unlock(self, folder: Path, passphrase: str, *, progress: Progress) -> bytearray:
        """Return the key of a vault's database."""
        return self._core.unlock(folder, passphrase, progress=progress)


def open_session(handover: Handover) -> Any:
    """Open the session of an unlocked vault; runs on the worker's thread, which owns the session from then on."""
    try:
        return import_module("kzdoc.session").open_with_key(handover.folder, handover.key)
    finally:
        handover.wipe()
