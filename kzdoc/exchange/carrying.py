"""The files that go with a bundle: which, and their bytes, decrypted while they are read."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import BinaryIO, cast

from kzdoc.bundle.items import Blob
from kzdoc.errors import BundleError
from kzdoc.exchange.choosing import Choice, coming_to
from kzdoc.ledger.revision import Revision
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact


def files_for(session: Session, hashes: Iterable[bytes]) -> list[Blob]:
    """Return the vault's files as a bundle carries them, sorted; none of their bytes is read yet."""
    return [Blob(key, size_of(session, key), partial(open_file, session, key)) for key in sorted(set(hashes))]


def blobs_of(session: Session, choice: Choice, parts: Sequence[Revision], partners: Sequence[Contact]) -> set[bytes]:
    """Return the files that go: those of statements that go, without what everybody has receipted.

    A file that a partner has forgotten goes again only with one of ``parts`` that speaks of it.
    """
    log = session.vault.sent
    spoken = set().union(*[choice.files.get(part.id, ()) for part in parts])
    has = [
        log.carried_blobs(partner.number, receipted_only=True)
        | log.blobs_in(coming_to(session, choice, partner))
        | (log.forgotten_blobs(partner.number) - spoken)
        for partner in partners
    ]
    there = set() if choice.again else set.intersection(*has)
    return {key for key in choice.blobs if session.blobs.has(key) and key not in there}


def size_of(session: Session, sha256: bytes) -> int:
    """Return a file's size; raises ``BundleError("bundle.source-changed")`` when it is not here any more."""
    blob = session.blobs.get(sha256)
    if blob is None:
        raise BundleError("bundle.source-changed")
    return blob.size


def open_file(session: Session, sha256: bytes) -> BinaryIO:
    """Return a file's bytes as a stream from its start."""
    return cast("BinaryIO", _Decrypted(session.blobs.read(sha256)))


class _Decrypted(io.RawIOBase):
    """A file of the vault as a stream, decrypted piece by piece."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes."""
        if size < 0:
            return self._left + b"".join(self._pieces)
        if not self._left:
            self._left = next(self._pieces, b"")
        part, self._left = self._left[:size], self._left[size:]
        return part
