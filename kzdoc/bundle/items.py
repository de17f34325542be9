"""What a bundle carries: as the writer is given it, and as the parser hands it on.

Writing: a ``Revision`` of the ledger, an ``Introduction``, an ``Erasures``, a ``Notice`` or a ``Blob``. Reading:
``TakenRevision`` and ``BlobPiece`` beside the same ``Introduction``, ``Erasures`` and ``Notice``. Taken items were
decoded in another process; they are made of the ledger's own types, so that no CBOR is decoded again; a notice is bytes
that its own strict reader reads. How an item is spelled inside a bundle: docs/formats/bundle.md, "Items".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, BinaryIO

import msgspec

from kzdoc.bundle import frames
from kzdoc.encoding import encode, encode_trusted
from kzdoc.errors import BundleError
from kzdoc.ledger.merge import Held
from kzdoc.ledger.revision import INDEX_BASE, Disclosure, Entry, Revision, Skeleton
from kzdoc.limits import LIMITS


class Introduction(msgspec.Struct, frozen=True, array_like=True, tag=frames.INTRODUCTION):
    """Authors the sender vouches for: (Ed25519 key, what the sender calls them)."""

    authors: list[tuple[bytes, str]]


class Erasures(msgspec.Struct, frozen=True, array_like=True, tag=frames.ERASURE):
    """Digests of statements the sender has erased."""

    digests: list[bytes]


class Notice(msgspec.Struct, frozen=True, array_like=True, tag=frames.MAY_PASS_OVER):
    """A small signed text (roster, alert, succession) as it came; ``kind`` is one of ``frames.NOTICES``."""

    kind: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Blob:
    """A file's bytes to be sent; ``open`` gives them from the start, each time anew, and the same every time."""

    sha256: bytes
    size: int
    open: Callable[[], BinaryIO]


Item = Revision | Introduction | Erasures | Notice | Blob
"""What a writer takes."""


@dataclass(frozen=True, slots=True)
class BlobPiece:
    """Part of a blob: ``data`` stands at ``offset`` of the ``size`` bytes whose hash is ``sha256``."""

    sha256: bytes
    size: int
    offset: int
    data: bytes


class TakenRevision(msgspec.Struct, frozen=True, array_like=True, tag=frames.REVISION, gc=False):
    """A revision as the parser decoded it; ``vouching.py`` sees whether its bytes say the same and who signed them."""

    skeleton: Skeleton
    signature: Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
    entries: dict[int, Entry]
    said: dict[int, Disclosure]
    absent: dict[int, str]

    def revision(self) -> Revision:
        """Return it as the ledger keeps it."""
        return Revision(
            self.skeleton,
            self.signature,
            {number: entry.raw for number, entry in self.entries.items()},
            {index: one.raw for index, one in self.said.items()},
            self.absent,
        )

    def held(self) -> list[Held]:
        """Return its entries with their statements read, ready for ``ledger.merge.project``."""
        key, author = self.skeleton.id, self.skeleton.author
        if len(self.entries) == 1:
            return [Held(key, author, number, entry, self.said, self.absent) for number, entry in self.entries.items()]
        return [
            Held(
                key,
                author,
                number,
                entry,
                {index: one for index, one in self.said.items() if index // INDEX_BASE == number},
                {index: reason for index, reason in self.absent.items() if index // INDEX_BASE == number},
            )
            for number, entry in self.entries.items()
        ]


Taken = Introduction | TakenRevision | Erasures | Notice
"""What the parser sends in batches; blob pieces travel beside it as bytes."""

TakenItem = Introduction | TakenRevision | Erasures | Notice | BlobPiece
"""What a reader gives."""


def encode_item(item: Revision | Introduction | Erasures | Notice) -> tuple[int, bytes]:
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
    elif isinstance(item, Notice):
        kind, payload = item.kind, item.text
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
