"""Writing a bundle: items in, volumes of a chosen size out, each an age file of its own.

Rules (docs/formats/bundle.md): the header that everything is signed by stands first and holds the root of every
volume, so the items are gone over twice, once to hash and once to write, and must be the same both times. Memory does
not grow with the size of blobs. Statements come first, then blobs. Either all volumes are written or none is left: that
there is room is seen before, no volume is longer than FAT32 allows, what was written is read back and compared. What
may go to whom is not decided here.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from kzdoc.bundle import frames
from kzdoc.bundle.frames import BUNDLE, FRAME, STANZAS, frame_head, padme, padme_below
from kzdoc.bundle.header import CONTEXT, FIRST, Counts, VolumeRow, bundle_root, reader_rows, write_header
from kzdoc.bundle.items import Blob, Erasures, Introduction, Item, encode_item, piece_head
from kzdoc.bundle.merkle import Tree, leaf
from kzdoc.crypto.age import HybridRecipient, seal
from kzdoc.crypto.identity import HybridSigner
from kzdoc.errors import BundleError
from kzdoc.ledger.revision import INDEX_BASE, Revision
from kzdoc.limits import LIMITS
from kzdoc.moment import Randomness
from kzdoc.platform.files import digest_on_medium, file_errors, free_space, writing_durably
from kzdoc.progress import Progress

FOR_MESSENGERS = 20_000_000
FOR_STICKS = 1_900_000_000
SMALLEST_VOLUME = 512 * 2**10
LARGEST_ON_FAT = 4 * 2**30 - 1
"""FAT32, which most sticks are formatted with, holds no longer file."""

_PROLOGUE_ROOM = 64 * 2**10
_STANZA_ROOM = 1_600
_CHUNK, _TAG, _NONCE = 64 * 2**10, 16, 16
_VOLUME_FRAME = FRAME + 4
_LEAST_PIECE = 64 * 2**10
_FIXED_TIME = 946_684_800  # 2000-01-01T00:00Z, the modification time of every volume


class Addressee(NamedTuple):
    """One reader: the key, the number of this bundle among those this sender made for him, the root of the last."""

    recipient: HybridRecipient
    sequence: int
    previous: bytes = FIRST


@dataclass(frozen=True, slots=True)
class Written:
    """What was made: to be remembered by the sender, who will see ``root`` again in receipts."""

    bundle: bytes
    root: bytes
    files: tuple[Path, ...]
    counts: Counts
    digests: tuple[bytes, ...]
    """The SHA-256 of every file, as it was read back from the medium."""


@dataclass(frozen=True, slots=True)
class _Frame:
    volume: int
    kind: int
    payload: bytes


def write_bundle(
    items: Iterable[Item],
    *,
    sender: HybridSigner,
    recipients: Sequence[Addressee],
    target: Path,
    volume_size: int,
    office: bytes,
    practice: bool,
    created_day: str,
    randomness: Randomness,
    progress: Progress,
) -> Written:
    """Write ``items`` for ``recipients`` in volumes of at most ``volume_size`` bytes.

    ``items`` is gone over twice (an iterator is kept in memory meanwhile; a ``Blob`` is not). ``target`` is a folder
    that gets random names, or a file: then further volumes are ``name-2``, ``name-3`` …

    Raises:
        BundleError: ``bundle.no-recipients``, ``bundle.too-many-recipients``, ``bundle.volume-size``,
            ``bundle.limits-…``, ``bundle.source-changed`` when items differ the second time; ``bundle.no-space``
            before anything is written, ``bundle.read-back`` when the medium gives back something else.
        KzdocError: ``platform.…`` when the medium refuses; no volume is left then.
    """
    source = items if iter(items) is not items else tuple(items)
    bundle, salt = randomness(16), randomness(32)
    rows = reader_rows(
        [(one.recipient.raw, one.sequence, one.previous) for one in recipients], salt=salt, randomness=randomness
    )
    capacity = _capacity(volume_size, stanzas=len(rows))
    volumes, counts = _survey(source, capacity, progress)
    header = write_header(
        bundle=bundle,
        salt=salt,
        sender=sender.public.ed25519,
        readers=rows,
        office=office,
        practice=practice,
        day=created_day,
        counts=counts,
        volumes=volumes,
    )
    root = bundle_root(header)
    opening = _frame(frames.HEADER, header) + _frame(frames.SIGNATURE, sender.sign(CONTEXT, root))
    files = _names(target, len(volumes), randomness)
    _check_room(target, [len(opening) + _VOLUME_FRAME + row.length for row in volumes], stanzas=len(rows))
    total = sum(row.length for row in volumes)
    writing = _Writing(_lay_out(source, capacity), opening, total, progress)
    readers = [one.recipient for one in recipients]
    digests = _write_volumes(writing, list(zip(volumes, files, strict=True)), readers, randomness)
    return Written(bundle, root, tuple(files), counts, tuple(digests))


def _write_volumes(
    writing: _Writing,
    volumes: Sequence[tuple[VolumeRow, Path]],
    recipients: Sequence[HybridRecipient],
    randomness: Randomness,
) -> list[bytes]:
    """Seal every volume into its file and return their digests; when one fails, take back those already made."""
    made: list[Path] = []
    digests: list[bytes] = []
    try:
        for number, (row, path) in enumerate(volumes):
            with writing_durably(path) as handle:
                plaintext = cast("BinaryIO", _Stream(writing.volume(number, row)))
                written = _Hashed(handle)
                seal(
                    plaintext, cast("BinaryIO", written), recipients=recipients, randomness=randomness, stanzas=STANZAS
                )
            made.append(path)
            _check_read_back(path, written)
            digests.append(written.digest())
            with file_errors():
                os.utime(path, (_FIXED_TIME, _FIXED_TIME))
    except BaseException:
        for path in made:
            with contextlib.suppress(OSError):
                path.unlink()
        raise
    return digests


class _Hashed:
    """A file to be written to that knows the hash of what it was given."""

    def __init__(self, target: BinaryIO) -> None:
        self._write = target.write
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write to the file."""
        self._hash.update(data)
        return self._write(data)

    def digest(self) -> bytes:
        """Return the hash of all that was written."""
        return self._hash.digest()


def _check_read_back(path: Path, written: _Hashed) -> None:
    if digest_on_medium(path) != written.digest():
        raise BundleError("bundle.read-back")


def _check_room(target: Path, contents: Sequence[int], *, stanzas: int) -> None:
    """Raise ``BundleError("bundle.no-space")`` when the volumes, of these lengths before padding, do not fit."""
    needed = 0
    for content in contents:
        plaintext = padme(content)
        needed += 256 + stanzas * _STANZA_ROOM + _NONCE + plaintext + _TAG * (plaintext // _CHUNK + 1)
    free = free_space(target if target.is_dir() else target.parent)
    if needed > free:
        raise BundleError("bundle.no-space", needed=needed, free=free)


def _capacity(volume_size: int, *, stanzas: int) -> int:
    """Return how many bytes of item frames fit a volume of that size once it is padded and sealed."""
    most = min(LIMITS.bundle_volume, LARGEST_ON_FAT)
    if not SMALLEST_VOLUME <= volume_size <= most:
        raise BundleError("bundle.volume-size", least=SMALLEST_VOLUME, most=most)
    room = volume_size - 256 - stanzas * _STANZA_ROOM - _NONCE
    plaintext = padme_below(room - _TAG * (room // (_CHUNK + _TAG) + 1))
    return plaintext - _PROLOGUE_ROOM


def _survey(items: Iterable[Item], capacity: int, progress: Progress) -> tuple[list[VolumeRow], Counts]:
    """Go over all items once and return what the header says of each volume."""
    trees, lengths, counts = [Tree()], [0], dict.fromkeys(frames.ITEM_TYPES, 0)
    for frame in _lay_out(items, capacity):
        if frame.volume == len(trees):
            trees.append(Tree())
            lengths.append(0)
            if len(trees) > BUNDLE.volumes:
                raise BundleError("bundle.limits-volumes", limit=BUNDLE.volumes)
        trees[-1].add(leaf(frame.kind, frame.payload))
        lengths[-1] += FRAME + len(frame.payload)
        counts[frame.kind] = counts.get(frame.kind, 0) + 1
        if trees[-1].count % 256 == 0 or frame.kind == frames.PIECE:
            progress("bundle.survey", sum(lengths), 0)
    rows = [VolumeRow(tree.count, length, tree.root()) for tree, length in zip(trees, lengths, strict=True)]
    return rows, Counts(*(counts[kind] for kind in frames.ITEM_TYPES))


def _lay_out(items: Iterable[Item], capacity: int) -> Iterator[_Frame]:
    """Cut items into frames and frames into volumes: statements first, then blobs; the same every time."""
    volume = used = count = statements = 0
    blobs: list[Blob] = []
    room = min(capacity - FRAME, LIMITS.item)
    for item in itertools.chain.from_iterable(_in_limits(item, room) for item in items):
        if isinstance(item, Blob):
            blobs.append(item)
            continue
        kind, payload = encode_item(item)
        size = FRAME + len(payload)
        if size > capacity:
            raise BundleError("bundle.volume-size", least=size, most=LIMITS.bundle_volume)
        full = used + size > capacity or count == BUNDLE.items_per_volume
        if full or statements + len(payload) > BUNDLE.statements_per_volume:
            volume, used, count, statements = volume + 1, 0, 0, 0
        yield _Frame(volume, kind, payload)
        used, count, statements = used + size, count + 1, statements + len(payload)
    for blob in blobs:
        for piece in _pieces(blob, capacity, used):
            if piece.new_volume or count == BUNDLE.items_per_volume:
                volume, used, count = volume + 1, 0, 0
            yield _Frame(volume, frames.PIECE, piece.payload)
            used, count = used + FRAME + len(piece.payload), count + 1


def _in_limits(item: Item, room: int) -> Iterator[Item]:
    """Give an item as several where it is or names more than a reader takes at once."""
    if isinstance(item, Revision):
        yield from _in_parts(item, room)
    elif isinstance(item, Introduction):
        for start in range(0, len(item.authors), BUNDLE.introductions):
            yield Introduction(item.authors[start : start + BUNDLE.introductions])
    elif isinstance(item, Erasures):
        for start in range(0, len(item.digests), BUNDLE.erasures):
            yield Erasures(item.digests[start : start + BUNDLE.erasures])
    else:
        yield item


def _in_parts(revision: Revision, room: int) -> Iterator[Revision]:
    """Give a revision as several that hold a part of it each, where the halves of several senders outgrew an item.

    Each part is whole in itself (skeleton, signature, the entries of its statements), and taking in is a union.
    """
    bare = len(revision.skeleton.raw) + len(revision.signature) + 64
    words = sum(len(raw) + 16 for raw in (*revision.entries.values(), *revision.statements.values()))
    if bare + words + 32 * len(revision.absent) <= room:
        yield revision
        return
    for number, entry in revision.entries.items():
        absent = {index: reason for index, reason in revision.absent.items() if index // INDEX_BASE == number}
        free = room - bare - len(entry) - 16 - 32 * len(absent)
        part: dict[int, bytes] = {}
        for index, raw in revision.statements.items():
            if index // INDEX_BASE != number:
                continue
            if part and sum(len(one) + 16 for one in part.values()) + len(raw) + 16 > free:
                yield Revision(revision.skeleton, revision.signature, {number: entry}, part, absent)
                part = {}
            part[index] = raw
        yield Revision(revision.skeleton, revision.signature, {number: entry}, part, absent)


class _Piece(NamedTuple):
    new_volume: bool
    payload: bytes


def _pieces(blob: Blob, capacity: int, used: int) -> Iterator[_Piece]:
    """Read a blob in pieces that fill the room left in each volume; none is cut to less than 64 KiB for that."""
    if blob.size > LIMITS.blob:
        raise BundleError("bundle.limits-blob", limit=LIMITS.blob)
    offset, began = 0, False
    whole = hashlib.sha256()
    with blob.open() as source:
        while offset < blob.size or not began:
            left = blob.size - offset
            room = capacity - used - FRAME - frames.PIECE_HEAD
            new_volume = room < min(left, _LEAST_PIECE)
            if new_volume:
                used, room = 0, capacity - FRAME - frames.PIECE_HEAD
            data = _read(source, min(left, room, LIMITS.blob_piece))
            whole.update(data)
            began, last = True, offset + len(data) == blob.size
            if last and (source.read(1) or whole.digest() != blob.sha256):
                raise BundleError("bundle.source-changed")
            yield _Piece(new_volume, piece_head(blob.sha256, blob.size, offset) + data)
            offset += len(data)
            used += FRAME + frames.PIECE_HEAD + len(data)


def _read(source: BinaryIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        data = source.read(size)
        if not data:
            raise BundleError("bundle.source-changed")
        parts.append(data)
        size -= len(data)
    return parts[0] if len(parts) == 1 else b"".join(parts)


class _Writing:
    """The second pass over the items, volume after volume, each checked against what the survey found."""

    def __init__(self, laid_out: Iterator[_Frame], opening: bytes, total: int, progress: Progress) -> None:
        self._laid_out = laid_out
        self._opening = opening
        self._total = total
        self._done = 0
        self._progress = progress

    def volume(self, number: int, row: VolumeRow) -> Iterator[bytes]:
        """Give the plaintext of one volume in pieces."""
        start = self._opening + _frame(frames.VOLUME, number.to_bytes(4, "big"))
        yield start
        tree, length = Tree(), 0
        while tree.count < row.items:
            frame = next(self._laid_out, None)
            if frame is None or frame.volume != number:
                raise BundleError("bundle.source-changed")
            tree.add(leaf(frame.kind, frame.payload))
            yield frame_head(frame.kind, len(frame.payload))
            yield frame.payload
            length += FRAME + len(frame.payload)
            if tree.count % 256 == 0 or frame.kind == frames.PIECE:
                self._progress("bundle.write", self._done + length, self._total)
        if (tree.count, length, tree.root()) != row:
            raise BundleError("bundle.source-changed")
        self._done += length
        content = len(start) + length
        yield from _zeros(padme(content) - content)


def _zeros(count: int) -> Iterator[bytes]:
    while count > 0:
        yield bytes(min(count, _CHUNK))
        count -= _CHUNK


def _frame(kind: int, payload: bytes) -> bytes:
    return frame_head(kind, len(payload)) + payload


def _names(target: Path, count: int, randomness: Randomness) -> list[Path]:
    if target.is_dir():
        return [target / f"{randomness(8).hex()}.bin" for _ in range(count)]
    return [target if number == 1 else target.with_stem(f"{target.stem}-{number}") for number in range(1, count + 1)]


class _Stream(io.RawIOBase):
    """Pieces of bytes from a generator, read as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._left = bytearray()

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next ``size`` bytes, fewer only at the end."""
        while size < 0 or len(self._left) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._left += piece
        cut = len(self._left) if size < 0 else size
        data = bytes(self._left[:cut])
        del self._left[:cut]
        return data

    def readinto(self, buffer: Any) -> int:
        """Fill ``buffer`` with the next bytes."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
