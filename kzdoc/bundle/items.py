"""What a bundle carries: as the writer is given it, and as the parser hands it on.

Writing: a ``Revision`` of the ledger, an ``Introduction``, an ``Erasures`` or a ``Blob``. Reading: ``TakenRevision``
and ``BlobPiece`` beside the same ``Introduction`` and ``Erasures``. Taken items were decoded and checked in another
process; they are flat, so that they cross a pipe in few objects, and become the ledger's own types without decoding
any CBOR again. How an item is spelled inside a bundle: docs/formats/bundle.md, "Items".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

import msgspec

from kzdoc.bundle import frames
from kzdoc.encoding import encode, encode_trusted
from kzdoc.errors import BundleError
from kzdoc.ledger.merge import Held
from kzdoc.ledger.revision import INDEX_BASE, Disclosure, Entry, Revision, Skeleton, Slot
from kzdoc.limits import LIMITS
from kzdoc.moment import Moment


class Introduction(msgspec.Struct, frozen=True, array_like=True, tag=frames.INTRODUCTION):
    """Authors the sender vouches for: (Ed25519 key, what the sender calls them)."""

    authors: list[tuple[bytes, str]]


class Erasures(msgspec.Struct, frozen=True, array_like=True, tag=frames.ERASURE):
    """Digests of statements the sender has erased."""

    digests: list[bytes]


@dataclass(frozen=True, slots=True)
class Blob:
    """A file's bytes to be sent; ``open`` gives them from the start, each time anew, and the same every time."""

    sha256: bytes
    size: int
    open: Callable[[], BinaryIO]


Item = Revision | Introduction | Erasures | Blob
"""What a writer takes."""


@dataclass(frozen=True, slots=True)
class BlobPiece:
    """Part of a blob: ``data`` stands at ``offset`` of the ``size`` bytes whose hash is ``sha256``."""

    sha256: bytes
    size: int
    offset: int
    data: bytes


class TakenEntry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An entry as parsed; ``digests`` are its slots' joined, ``replaces`` are (slot, revision id, index)."""

    number: int
    raw: bytes
    record: bytes
    kind: str
    seconds: int
    offset: int
    digests: bytes
    replaces: list[tuple[int, bytes, int]]


class TakenRevision(msgspec.Struct, frozen=True, array_like=True, tag=frames.REVISION):
    """A revision whose layers match their digests and whose author's signature vouches for it.

    ``said`` are (index, field, value, raw disclosure); ``checked`` tells whether its own signature was verified, and
    not only that of a later one in its run: what was not may not be passed on before it is.
    """

    id: bytes
    author: bytes
    chain: bytes
    sequence: int
    previous: bytes
    digests: bytes
    skeleton: bytes
    signature: bytes
    entries: list[TakenEntry]
    said: list[tuple[int, str, Any, bytes]]
    absent: dict[int, str]
    checked: bool = False

    def revision(self) -> Revision:
        """Return it as the ledger's own type."""
        skeleton = Skeleton(
            self.author, self.chain, self.sequence, self.previous, _split(self.digests), self.skeleton, self.id
        )
        entries = {entry.number: entry.raw for entry in self.entries}
        return Revision(skeleton, self.signature, entries, {index: raw for index, _, _, raw in self.said}, self.absent)

    def held(self) -> list[Held]:
        """Return its entries with their statements read, ready for ``ledger.merge.project``."""
        said = {index: Disclosure(field, value, raw) for index, field, value, raw in self.said}
        if len(self.entries) == 1:
            entry = self.entries[0]
            return [Held(self.id, self.author, entry.number, ledger_entry(entry), said, self.absent)]
        return [
            Held(
                self.id,
                self.author,
                entry.number,
                ledger_entry(entry),
                {index: one for index, one in said.items() if index // INDEX_BASE == entry.number},
                {index: reason for index, reason in self.absent.items() if index // INDEX_BASE == entry.number},
            )
            for entry in self.entries
        ]


Taken = Introduction | TakenRevision | Erasures
"""What the parser sends in batches; blob pieces travel beside it as bytes."""

TakenItem = Introduction | TakenRevision | Erasures | BlobPiece
"""What a reader gives."""


def _split(joined: bytes) -> tuple[bytes, ...]:
    return tuple([joined[start : start + 32] for start in range(0, len(joined), 32)])


def ledger_entry(entry: TakenEntry) -> Entry:
    """Return a parsed entry as the ledger's own type."""
    replaces: dict[int, list[tuple[bytes, int]]] = {}
    for place, revision, index in entry.replaces:
        replaces.setdefault(place, []).append((revision, index))
    slots = tuple([Slot(digest, tuple(replaces.get(place, ()))) for place, digest in enumerate(_split(entry.digests))])
    return Entry(entry.record, entry.kind, Moment(entry.seconds, entry.offset), slots, entry.raw)


def encode_item(item: Revision | Introduction | Erasures) -> tuple[int, bytes]:
    """Return (type, payload) of a statement item.

    Raises:
        BundleError: ``bundle.limits-item`` when it is larger than any reader takes.
    """
    if isinstance(item, Revision):
        kind = frames.REVISION
        payload = encode_trusted(
            [item.skeleton.raw, item.signature, dict(item.entries), dict(item.statements), dict(item.absent)]
        )
    elif isinstance(item, Introduction):
        kind, payload = (
            frames.INTRODUCTION,
            encode([[author, label[: frames.BUNDLE.label]] for author, label in item.authors]),
        )
    else:
        kind, payload = frames.ERASURE, encode(item.digests)
    if len(payload) > LIMITS.item:
        raise BundleError("bundle.limits-item", limit=LIMITS.item)
    return kind, payload


def piece_head(sha256: bytes, size: int, offset: int) -> bytes:
    """Return the 48 bytes before a blob piece's data."""
    return sha256 + size.to_bytes(8, "big") + offset.to_bytes(8, "big")


def read_piece(payload: bytes | memoryview) -> BlobPiece:
    """Return the blob piece in ``payload``.

    Raises:
        BundleError: ``bundle.piece`` when its figures do not fit each other, ``bundle.limits-item`` when too large.
    """
    if len(payload) > frames.PIECE_HEAD + LIMITS.blob_piece:
        raise BundleError("bundle.limits-item", limit=LIMITS.blob_piece)
    size = int.from_bytes(payload[32:40], "big")
    offset = int.from_bytes(payload[40:48], "big")
    data = bytes(payload[frames.PIECE_HEAD :])
    fits = len(payload) >= frames.PIECE_HEAD and size <= LIMITS.blob and offset + len(data) <= size
    if not fits or (not data and size):
        raise BundleError("bundle.piece")
    return BlobPiece(bytes(payload[:32]), size, offset, data)
