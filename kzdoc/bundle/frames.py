"""Frames, padding and limits of a bundle's volume (docs/formats/bundle.md, "Inside a volume").

Rules: a frame is a type, a length and a payload; a volume's plaintext has a Padmé length (Nikitin et al. 2019, PURBs);
every maximum stands in ``BUNDLE``. This file knows no item and no key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kzdoc.errors import BundleError
from kzdoc.limits import LIMITS

HEADER, SIGNATURE, VOLUME = 0x48, 0x53, 0x56
INTRODUCTION, REVISION, ERASURE, PIECE = 0x01, 0x02, 0x03, 0x04
STATEMENTS = frozenset((INTRODUCTION, REVISION, ERASURE))
ITEM_TYPES = (INTRODUCTION, REVISION, ERASURE, PIECE)
MAY_PASS_OVER = 0x80
"""Item types from here up are counted and hashed, and passed over by a reader that does not know them."""
NEVER_AN_ITEM = 0xFF
"""Ends what the opener hands on to the parser, so no item may have it."""
ROSTER, ALERT, SUCCESSION = 0x80, 0x81, 0x82
NOTICES = frozenset((ROSTER, ALERT, SUCCESSION))
"""Small signed texts beside the statements, each in the armour of its own format."""

FRAME = 5
SIGNATURE_SIZE = 64 + 3_309
PIECE_HEAD = 32 + 8 + 8


@dataclass(frozen=True, slots=True)
class BundleLimits:
    """What a volume or bundle may hold; sizes in bytes unless the name says otherwise."""

    header: int = 128 * 2**10
    volumes: int = 1_024
    items_per_volume: int = 100_000
    statements_per_volume: int = 64 * 2**20
    introductions: int = 1_024
    erasures: int = 8_192
    label: int = 240
    notice: int = 2**20
    notices: int = 256


BUNDLE = BundleLimits()
STANZAS = (4, 8, 16, 32)


def padme(length: int) -> int:
    """Return the Padmé length for ``length`` bytes: at most 12 % more, and one of few."""
    mask = _padme_mask(length)
    return (length + mask) & ~mask


def padme_below(length: int) -> int:
    """Return the greatest Padmé length that is not above ``length``."""
    return length & ~_padme_mask(length)


def _padme_mask(length: int) -> int:
    if length < 2:  # noqa: PLR2004 - has no exponent to speak of
        return 0
    exponent = length.bit_length() - 1
    return (1 << (exponent - exponent.bit_length())) - 1


def frame_head(kind: int, size: int) -> bytes:
    """Return the five bytes before a payload of ``size`` bytes."""
    return bytes((kind,)) + size.to_bytes(4, "big")


class FrameScanner:
    """Cuts a stream of any pieces into frames; each goes to ``take(kind, payload)`` as a view that must not be kept.

    A zero byte where a type should stand begins the padding; from there on every byte must be zero.
    """

    def __init__(self, take: Callable[[int, memoryview], None]) -> None:
        self._take = take
        self._buffer = bytearray()
        self._padding = False
        self.content = 0
        self.total = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            BundleError: ``bundle.malformed`` (padding not zero), ``bundle.limits-item``; what ``take`` raises.
        """
        self.total += len(data)
        if self._padding:
            _check_zero(data)
            return
        buffer = self._buffer
        buffer += data
        with memoryview(buffer) as view:
            position = self._cut(view)
        del buffer[:position]
        if self._padding:
            _check_zero(bytes(buffer))
            buffer.clear()

    def _cut(self, view: memoryview) -> int:
        position, end, take = 0, len(view), self._take
        while position < end:
            kind = view[position]
            if kind == 0:
                self._padding = True
                break
            body = position + FRAME
            if body > end:
                break
            size = int.from_bytes(view[position + 1 : body], "big")
            if size > LIMITS.item:
                raise BundleError("bundle.limits-item", limit=LIMITS.item)
            if body + size > end:
                break
            with view[body : body + size] as payload:
                take(kind, payload)
            position = body + size
        self.content += position
        return position

    def finish(self) -> None:
        """Check that the stream ended after a whole frame and with exactly the padding it must have."""
        if self._buffer or self.total != padme(self.content):
            raise BundleError("bundle.malformed")


def _check_zero(data: bytes) -> None:
    if data.count(0) != len(data):
        raise BundleError("bundle.malformed")
