"""The signed header of a bundle: who, for whom, which number, and the root of every volume.

Rules (docs/formats/bundle.md, "Header"): the header is the same bytes in every volume, and its hash is the bundle
root, so one signature covers every item of every volume. Readers stand in it as salted hashes of their keys, filled up
with random ones; each reader's sequence number is masked with his key.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from kzdoc.bundle.armour import is_day, read_body, sized
from kzdoc.bundle.frames import BUNDLE, STANZAS
from kzdoc.encoding import decode, encode
from kzdoc.errors import BundleError, KzdocError
from kzdoc.limits import LIMITS
from kzdoc.moment import Randomness

FORMAT = "kzdoc-bundle-1"
READER_VERSION = 1
CONTEXT = "kzdoc-bundle-v1"
FIRST = bytes(32)
"""The previous root in the first bundle for a reader."""

_READER_TAG = b"kzdoc-bundle-reader-1\0"
_SEQUENCE_TAG = b"kzdoc-bundle-sequence-1\0"
_ROOT_TAG = b"kzdoc-bundle-root-1\0"
_MASKED = 40
_OFFICE = 32
_KEYS = frozenset(
    ("format", "min_reader", "bundle", "salt", "sender", "readers", "office", "practice", "day", "counts", "volumes")
)


class Counts(NamedTuple):
    """How many items of each kind a bundle carries in all its volumes."""

    introductions: int
    revisions: int
    erasures: int
    pieces: int


class VolumeRow(NamedTuple):
    """What the header says of one volume: how many items, the length of their frames, their root."""

    items: int
    length: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """A header that was read; ``raw`` is what the root covers."""

    bundle: bytes
    salt: bytes
    sender: bytes
    readers: tuple[tuple[bytes, bytes], ...]
    office: bytes
    practice: bool
    day: str
    counts: Counts
    volumes: tuple[VolumeRow, ...]
    raw: bytes

    @property
    def root(self) -> bytes:
        """Return the bundle root."""
        return bundle_root(self.raw)

    def reader(self, key: bytes) -> tuple[int, bytes] | None:
        """Return (sequence, previous root) for the reader with this recipient key, None when he is not meant."""
        tag = _reader_tag(self.salt, key)
        for found, masked in self.readers:
            if found == tag:
                plain = _mask(self.salt, key, masked)
                return int.from_bytes(plain[:8], "big"), plain[8:]
        return None


def bundle_root(raw: bytes) -> bytes:
    """Return the bundle root of a header's bytes."""
    return hashlib.sha256(_ROOT_TAG + raw).digest()


def _reader_tag(salt: bytes, key: bytes) -> bytes:
    return hashlib.sha256(_READER_TAG + salt + key).digest()


def _mask(salt: bytes, key: bytes, data: bytes) -> bytes:
    stream = hashlib.sha512(_SEQUENCE_TAG + salt + key).digest()
    return bytes(a ^ b for a, b in zip(data, stream[:_MASKED], strict=True))


def reader_rows(
    readers: Sequence[tuple[bytes, int, bytes]], *, salt: bytes, randomness: Randomness
) -> list[list[bytes]]:
    """Return the header's list of readers (key, sequence, previous root): hidden, sorted, padded with random rows."""
    places = next((places for places in STANZAS if places >= len(readers)), 0)
    if not readers:
        raise BundleError("bundle.no-recipients")
    if not places:
        raise BundleError("bundle.too-many-recipients", limit=max(STANZAS))
    rows = [
        [_reader_tag(salt, key), _mask(salt, key, sequence.to_bytes(8, "big") + previous)]
        for key, sequence, previous in readers
    ]
    rows += [[randomness(32), randomness(_MASKED)] for _ in range(places - len(rows))]
    return sorted(rows)


def write_header(
    *,
    bundle: bytes,
    salt: bytes,
    sender: bytes,
    readers: Sequence[Sequence[bytes]],
    office: bytes,
    practice: bool,
    day: str,
    counts: Counts,
    volumes: Sequence[VolumeRow],
) -> bytes:
    """Return the header's bytes; raises ``BundleError`` when no reader would accept them."""
    raw = encode(
        {
            "format": FORMAT,
            "min_reader": READER_VERSION,
            "bundle": bundle,
            "salt": salt,
            "sender": sender,
            "readers": [list(row) for row in readers],
            "office": office,
            "practice": practice,
            "day": day,
            "counts": list(counts),
            "volumes": [list(row) for row in volumes],
        }
    )
    read_header(raw)
    return raw


def read_header(raw: bytes) -> Header:
    """Return the header in ``raw``; its signature is not looked at here.

    Raises:
        BundleError: ``bundle.newer-version``, ``bundle.malformed``, ``bundle.limits-…``.
    """
    if len(raw) > BUNDLE.header:
        raise BundleError("bundle.limits-header", limit=BUNDLE.header)
    _check_version(raw)
    value = read_body("bundle", raw, FORMAT, _KEYS)
    good = (
        sized(value["bundle"], 16)
        and sized(value["salt"], 32)
        and sized(value["sender"], 32)
        and type(value["office"]) is bytes
        and len(value["office"]) <= _OFFICE
        and type(value["practice"]) is bool
        and is_day(value["day"])
    )
    if not good:
        raise BundleError("bundle.malformed")
    return Header(
        value["bundle"],
        value["salt"],
        value["sender"],
        _read_readers(value["readers"]),
        value["office"],
        value["practice"],
        value["day"],
        _read_counts(value["counts"]),
        _read_volumes(value["volumes"]),
        raw,
    )


def _check_version(raw: bytes) -> None:
    """Look at ``min_reader`` before anything whose meaning a later version may have changed."""
    try:
        value = decode(raw)
    except KzdocError as error:
        raise BundleError("bundle.malformed") from error
    least = value.get("min_reader") if isinstance(value, dict) else None
    if type(least) is not int or least < 1:
        raise BundleError("bundle.malformed")
    if least > READER_VERSION:
        raise BundleError("bundle.newer-version")


def _read_readers(rows: Any) -> tuple[tuple[bytes, bytes], ...]:
    good = (
        type(rows) is list
        and len(rows) in STANZAS
        and all(type(row) is list and len(row) == 2 and sized(row[0], 32) and sized(row[1], _MASKED) for row in rows)  # noqa: PLR2004 - pairs
    )
    if not good or any(one[0] >= other[0] for one, other in itertools.pairwise(rows)):
        raise BundleError("bundle.malformed")
    return tuple([(row[0], row[1]) for row in rows])


def _read_counts(value: Any) -> Counts:
    if type(value) is not list or len(value) != len(Counts._fields) or not all(_count(number) for number in value):
        raise BundleError("bundle.malformed")
    counts = Counts(*value)
    if counts.revisions > LIMITS.revisions_per_bundle:
        raise BundleError("bundle.limits-items", limit=LIMITS.revisions_per_bundle)
    return counts


def _read_volumes(rows: Any) -> tuple[VolumeRow, ...]:
    if type(rows) is not list or not rows:
        raise BundleError("bundle.malformed")
    if len(rows) > BUNDLE.volumes:
        raise BundleError("bundle.limits-volumes", limit=BUNDLE.volumes)
    for row in rows:
        if type(row) is not list or len(row) != len(VolumeRow._fields) or not sized(row[2], 32):
            raise BundleError("bundle.malformed")
        if not _count(row[0]) or not _count(row[1]):
            raise BundleError("bundle.malformed")
        if row[0] > BUNDLE.items_per_volume:
            raise BundleError("bundle.limits-items", limit=BUNDLE.items_per_volume)
        if row[1] > LIMITS.bundle_volume:
            raise BundleError("bundle.limits-size", limit=LIMITS.bundle_volume)
    return tuple([VolumeRow(*row) for row in rows])


def _count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**40
