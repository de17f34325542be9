"""Bundles that wait in quarantine, sealed as they came, and what becomes of them.

Rules: a bundle waits for its sender to be verified, or, when somebody took in some of it, for the rest of it. It is
kept as the bytes that came, and opened anew each time. It goes when all of it was taken in, or when a person lets it
go; nothing here decides that by itself.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kzdoc.bundle.reader import open_bundle
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange import incoming, receipting, trust
from kzdoc.exchange.arriving import EVERYTHING, Choice
from kzdoc.exchange.taking_back import when_taken_again
from kzdoc.exchange.trust import state_of
from kzdoc.progress import Progress, silent
from kzdoc.session import Session


def waiting(session: Session) -> list[dict[str, Any]]:
    """Return the bundles that wait in quarantine, the oldest first; ``arrived`` is in seconds since 1970.

    ``waits_for`` is ``sender`` (to be verified) or ``rest`` (some of it was taken in).
    """
    return [
        {
            "bundle": one.id.hex(),
            "sender": session.author_name(one.sender),
            "state": state_of(session, one.sender),
            "arrived": one.arrived,
            "waits_for": "rest" if one.reason == incoming.REST else "sender",
        }
        for one in session.vault.quarantine.all()
        if one.reason in incoming.BUNDLES
    ]


def keep(session: Session, files: Sequence[Path], *, progress: Progress = silent) -> None:
    """Put a bundle of an unverified sender into quarantine, sealed as it came, until the sender is verified.

    Raises ``InputError("bundle.not-keepable")`` when it is too large for that or in several volumes.
    """
    with open_bundle(files, reader=trust.reader_of(session), progress=progress) as opened:
        if not incoming.quarantined(session, files, opened):
            raise InputError("bundle.not-keepable", limit=incoming.QUARANTINE_LIMIT)


def inspect(session: Session, root: bytes, *, listed_too: bool = False, progress: Progress = silent) -> dict[str, Any]:
    """Say what is inside a bundle that waits; nothing is changed. Raises ``InputError("bundle.not-waiting")``."""
    with as_it_came(session, root) as file:
        return incoming.inspect(session, [file], listed_too=listed_too, progress=progress)


def take(session: Session, root: bytes, *, choice: Choice = EVERYTHING, progress: Progress = silent) -> dict[str, Any]:
    """Take in a bundle that waited, or what is chosen of it; its receipt, when it is whole, is kept here.

    Raises as ``incoming.take`` does, and ``InputError("bundle.not-waiting")``.
    """
    with as_it_came(session, root) as file:
        with open_bundle([file], reader=trust.reader_of(session), progress=progress) as opened:
            if opened.root != root:  # it was changed between being verified and being kept
                session.vault.quarantine.drop(root)
                raise BundleError("bundle.contents")
            told = incoming.take_opened(session, [file], opened, receipted=False, choice=choice, progress=progress)
        if not told["already"] and not told["refused"] and told["whole"]:
            receipting.make_receipt(session, [file], progress=progress)
        return when_taken_again(session, told, progress=progress)


def let_go(session: Session, root: bytes) -> None:
    """Let a bundle that waits go; what was taken in of it stays. Raises ``InputError("bundle.not-waiting")``."""
    if root not in {bytes.fromhex(one["bundle"]) for one in waiting(session)}:
        raise InputError("bundle.not-waiting")
    session.vault.quarantine.drop(root)


@contextlib.contextmanager
def as_it_came(session: Session, root: bytes) -> Iterator[Path]:
    """Give a bundle that waits as the file that came; raises ``InputError("bundle.not-waiting")``."""
    content = session.vault.quarantine.content(root)
    if content is None:
        raise InputError("bundle.not-waiting")
    with tempfile.TemporaryDirectory() as folder:  # the bundle is sealed as it came; nothing of it is plain
        file = Path(folder) / "bundle"
        file.write_bytes(content)
        yield file
