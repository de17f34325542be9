"""The process without keys: decodes the items of one verified volume, and hands them on in the ledger's own types.

It has no files, no network and nothing secret (kzdoc/platform/sandbox); its standard input is one byte, whether the
volume is the bundle's FIRST and LAST, and the frames the opener writes. On its standard output: frames of batches
(MessagePack, see items.py) and of blob pieces as they came; at the end DONE.

Rules (docs/formats/bundle.md, "Reading"): every count and length is bounded before it is used, every part has its
type; pieces follow each other and a blob that lies whole in the volume has its hash. Whether the bytes say what was
decoded, match their digests and are signed is seen by the main program, which believes nothing unless DONE came.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Callable, Sequence
from typing import Any, BinaryIO, TypeGuard, cast

import msgspec

from kzdoc.bundle import frames
from kzdoc.bundle.armour import sized
from kzdoc.bundle.frames import BUNDLE, FRAME, frame_head
from kzdoc.bundle.items import BlobPiece, Erasures, Introduction, Notice, Taken, TakenRevision, read_piece
from kzdoc.encoding import decode, decode_unjudged, encode_ordered, spelled_head
from kzdoc.errors import BundleError, KzdocError
from kzdoc.ledger.absence import REASONS
from kzdoc.ledger.revision import INDEX_BASE, disclosure_of, entry_of, skeleton_of
from kzdoc.limits import LIMITS

BATCH, PIECE, DONE = 0x01, 0x04, 0xFF
FIRST, LAST = 1, 2
_BATCH_ITEMS = 32
"""So many at a time that what is made of them is still at hand (in the processor's own memory) when it is looked at."""
_ARRAY = 4
_INT, _BYTES = frozenset((int,)), frozenset((bytes,))


def in_sandbox(arguments: Sequence[str], source: BinaryIO, target: BinaryIO) -> None:  # noqa: ARG001 - sandbox's call
    """Parse one volume as the module says."""
    place = int.from_bytes(source.read(1), "big")
    gc.disable()  # bounded memory, a short life, and what is held has no cycles
    parsing = Parsing(target.write, first=bool(place & FIRST), last=bool(place & LAST))
    while True:
        head = source.read(FRAME)
        if len(head) != FRAME:
            raise BundleError("bundle.reader-failed")
        kind, size = head[0], int.from_bytes(head[1:], "big")
        if size > LIMITS.item:
            raise BundleError("bundle.limits-item", limit=LIMITS.item)
        payload = source.read(size)
        if len(payload) != size:
            raise BundleError("bundle.reader-failed")
        if kind == frames.NEVER_AN_ITEM:
            break
        parsing.take(kind, payload)
    parsing.finish(int.from_bytes(payload, "big"))
    target.flush()


class Parsing:
    """One volume being parsed; what is good is written by ``write`` as soon as it may be."""

    def __init__(self, write: Callable[[bytes], object], *, first: bool, last: bool) -> None:
        self._write = write
        self._last = last
        self._items = 0
        self._batch: list[Taken] = []
        self._blobs = _Blobs(first=first)
        self._encode = msgspec.msgpack.Encoder().encode

    def take(self, kind: int, payload: bytes) -> None:
        """Take the next item.

        Raises:
            BundleError: ``bundle.item``, ``bundle.piece`` with the ``item``'s number in it, ``bundle.limits-…``.
        """
        self._items += 1
        try:
            if kind == frames.PIECE:
                self._release()
                self._blobs.take(read_piece(payload))
                self._write(frame_head(PIECE, len(payload)) + payload)
            elif kind < frames.MAY_PASS_OVER or kind in frames.NOTICES:
                self._batch.append(_read(kind, payload))
                if len(self._batch) == _BATCH_ITEMS:
                    self._release()
        except BundleError as error:
            raise BundleError(error.code, **{"item": self._items, **error.params}) from error
        except KzdocError as error:
            raise BundleError("bundle.item", item=self._items) from error

    def finish(self, items: int) -> None:
        """Write what is left; ``items`` is how many there should have been."""
        if items != self._items:
            raise BundleError("bundle.reader-failed")
        self._release()
        self._blobs.finish(last=self._last)
        self._write(frame_head(DONE, 4) + items.to_bytes(4, "big"))

    def _release(self) -> None:
        """Write the statements in hand."""
        if self._batch:
            batch = self._encode(self._batch)
            self._write(frame_head(BATCH, len(batch)) + batch)
            self._batch.clear()


def _read(kind: int, payload: bytes) -> Taken:
    if kind == frames.REVISION:
        return _revision(payload)
    if kind in frames.NOTICES:
        if len(payload) > BUNDLE.notice:
            raise BundleError("bundle.limits-item", limit=BUNDLE.notice)
        return Notice(kind, payload)
    value = decode(payload)
    if kind == frames.INTRODUCTION:
        return _introduction(value)
    if kind == frames.ERASURE:
        return _erasures(value)
    raise BundleError("bundle.newer-version")


def _revision(payload: bytes) -> TakenRevision:
    value = decode_unjudged(payload)
    if type(value) is not list or len(value) != 5 or not sized(value[1], 64):  # noqa: PLR2004 - see "Items"
        raise BundleError("bundle.item")
    raw, signature, entries, statements, absent = value
    if type(raw) is not bytes or not (_layers(entries) and _layers(statements) and _reasons(absent)):
        raise BundleError("bundle.item")
    if encode_ordered(value) != payload or max(map(len, statements.values()), default=0) > LIMITS.statement:
        raise BundleError("bundle.item")
    skeleton, *decoded = _decoded([raw, *entries.values(), *statements.values()])
    read = {number: entry_of(decoded[at], entries[number]) for at, number in enumerate(entries)}
    said = {index: disclosure_of(decoded[at], statements[index]) for at, index in enumerate(statements, len(entries))}
    for index in (*said, *absent):
        entry = read.get(index // INDEX_BASE)
        if entry is None or index % INDEX_BASE >= len(entry.slots) or (index in said and index in absent):
            raise BundleError("bundle.item")
    return TakenRevision(skeleton_of(skeleton, raw), signature, read, said, absent)


def _decoded(layers: Sequence[bytes]) -> list[Any]:
    """Return what is in each of the layers, decoded in one go as one array; their spelling is not judged here.

    Layers that are not one value each are read askew; the main program, which spells each of them, does not take them.
    """
    return cast("list[Any]", decode_unjudged(spelled_head(_ARRAY, len(layers)) + b"".join(layers)))


def _layers(value: object) -> bool:
    """Return whether it is a map from numbers, in their order, to bytes."""
    return _numbered(value) and {*map(type, value.values())} <= _BYTES


def _numbered(value: object) -> TypeGuard[dict[int, Any]]:
    if type(value) is not dict or not {*map(type, value)} <= _INT:
        return False
    numbers = list(value)
    return numbers == sorted(numbers) and (not numbers or numbers[0] >= 0)


def _reasons(value: object) -> bool:
    return _numbered(value) and all(reason in REASONS for reason in value.values())


def _introduction(value: Any) -> Introduction:
    if type(value) is not list or not 0 < len(value) <= BUNDLE.introductions:
        raise BundleError("bundle.item")
    for pair in value:
        if type(pair) is not list or len(pair) != 2 or not sized(pair[0], 32):  # noqa: PLR2004 - key and label
            raise BundleError("bundle.item")
        if type(pair[1]) is not str or len(pair[1]) > BUNDLE.label:
            raise BundleError("bundle.item")
    return Introduction([(author, label) for author, label in value])


def _erasures(value: Any) -> Erasures:
    if type(value) is not list or not 0 < len(value) <= BUNDLE.erasures or not all(sized(one, 32) for one in value):
        raise BundleError("bundle.item")
    return Erasures(value)


class _Blobs:
    """Watches that pieces follow each other and that a blob lying whole in the volume has its hash."""

    def __init__(self, *, first: bool) -> None:
        self._may_continue = not first
        self._blob: tuple[bytes, int] | None = None
        self._next = 0
        self._hash: Any = None

    def take(self, piece: BlobPiece) -> None:
        """Take the next piece; raises ``BundleError("bundle.piece")`` when it does not follow."""
        if self._blob is None:
            if piece.offset and not self._may_continue:
                raise BundleError("bundle.piece")
            self._blob, self._next = (piece.sha256, piece.size), piece.offset
            self._hash = None if piece.offset else hashlib.sha256()
        if (piece.sha256, piece.size) != self._blob or piece.offset != self._next:
            raise BundleError("bundle.piece")
        self._may_continue = False
        self._next += len(piece.data)
        if self._hash is not None:
            self._hash.update(piece.data)
        if self._next == piece.size:
            if self._hash is not None and self._hash.digest() != piece.sha256:
                raise BundleError("bundle.piece")
            self._blob = None

    def finish(self, *, last: bool) -> None:
        """Check that no blob is left unfinished in the last volume."""
        if last and self._blob is not None:
            raise BundleError("bundle.piece")
