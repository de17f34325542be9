"""The process that holds the key: opens and verifies one volume, then passes its items on, once told to.

It has no files and no network (kzdoc/platform/sandbox). On its standard input come, in this order: u32 length and a
CBOR message (identity seed, senders, offices, practice, size of the volume), the volume's bytes, and after its answer
GO, one byte for the parser, and the bytes of a volume larger than KEPT again. It answers in CBOR; after GO that byte
and the checked item frames go to its standard output, ended by a frame of type FF with the number of items. Any
refusal is a ``BundleError``; nothing of a volume is written before all of it was verified, and nothing is ever written
to disk.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import BinaryIO, Protocol, cast

from kzdoc.bundle.frames import NEVER_AN_ITEM, frame_head, padme, padme_below
from kzdoc.bundle.header import read_header
from kzdoc.bundle.volume import Expected, Verdict, VolumeCheck, VolumeRelease
from kzdoc.crypto.age import HybridIdentity, open_
from kzdoc.crypto.identity import HybridPublic
from kzdoc.encoding import decode, encode
from kzdoc.errors import BundleError, KzdocError
from kzdoc.limits import LIMITS
from kzdoc.platform.sandbox import as_answer

ANSWERS = True
GO = b"\x01"
_CHUNK, _TAG, _NONCE = 64 * 2**10, 16, 16
_CODES = {
    "bundle.age-not-age": "bundle.not-a-bundle",
    "bundle.age-armor": "bundle.not-a-bundle",
    "bundle.age-version": "bundle.newer-version",
    "bundle.age-not-for-me": "bundle.not-for-you",
    "bundle.age-x25519": "bundle.weak-recipients",
    "bundle.age-header-size": "bundle.limits-header",
    "bundle.age-stanzas": "bundle.limits-header",
    "bundle.age-truncated": "bundle.truncated",
    "bundle.age-trailing": "bundle.damaged",
    "bundle.age-mac": "bundle.damaged",
}
_DEPENDS_ON_LENGTH = frozenset(("bundle.age-header", "bundle.age-payload"))
KEPT = 80 * 2**20
"""A volume of up to so many bytes (of statements all are, padding and all) is kept in memory while it waits to go on; a
larger one is gone over again."""

_SMALL = LIMITS.age_header + _CHUNK + _TAG + _CHUNK
"""So much of a volume's beginning is kept in memory, so that a cut can be told from bytes put after the end."""


class _Target(Protocol):
    def write(self, data: bytes, /) -> int: ...


def request(
    *, seed: bytes, senders: Sequence[HybridPublic], offices: Sequence[bytes], practice: bool, size: int
) -> bytes:
    """Return the message for an opener, with its length."""
    raw = encode(
        {
            "seed": seed,
            "senders": [sender.raw for sender in senders],
            "offices": list(offices),
            "practice": practice,
            "size": size,
        }
    )
    return len(raw).to_bytes(4, "big") + raw


def read_answer(raw: bytes) -> Verdict:
    """Return the verdict in an opener's answer (without its item hashes, which stay there).

    Raises:
        BundleError: ``bundle.reader-failed`` when it is not one.
    """
    try:
        header, number, sequence, previous = decode(raw)
        read = read_header(header)
        fits = type(number) is int and 0 <= number < len(read.volumes) and type(sequence) is int and len(previous) == 32  # noqa: PLR2004 - a SHA-256
    except (KzdocError, ValueError, TypeError) as error:
        raise BundleError("bundle.reader-failed") from error
    if not fits:
        raise BundleError("bundle.reader-failed")
    return Verdict(read, number, sequence, bytes(previous), b"")


def in_sandbox(arguments: Sequence[str], source: BinaryIO, target: BinaryIO, answers: BinaryIO) -> None:  # noqa: ARG001 - sandbox's call
    """Open one volume as the module says."""
    message = decode(_exactly(source, int.from_bytes(_exactly(source, 4), "big")))
    identity = HybridIdentity.from_seed(message["seed"])
    expected = Expected(
        identity.recipient.raw,
        {raw[:32]: HybridPublic(raw[:32], raw[32:]) for raw in message["senders"]},
        frozenset(message["offices"]),
        message["practice"],
    )
    size = message["size"]
    begins = _exactly(source, min(size, _SMALL))
    again = cast("BinaryIO", _Again(io.BytesIO(begins), source))
    check = VolumeCheck(expected, keep=size <= KEPT)
    verdict = verify(_Window(again, size), size, check, identity, begins=begins)
    answers.write(as_answer(encode([verdict.header.raw, verdict.number, verdict.sequence, verdict.previous])))
    if source.read(1) != GO:
        return
    target.write(source.read(1))
    if check.kept is None:
        release = VolumeRelease(verdict.leaves, target.write)
        _open(_Window(source, size), release, identity)
        release.finish()
    else:
        target.write(check.kept)
    target.write(frame_head(NEVER_AN_ITEM, 4) + (len(verdict.leaves) // 32).to_bytes(4, "big"))
    target.flush()


def verify(window: _Window, size: int, check: VolumeCheck, identity: HybridIdentity, *, begins: bytes) -> Verdict:
    """Return the verdict on one volume; raises ``BundleError`` with a code of bundle.md.

    ``begins`` are the bytes it begins with.
    """
    try:
        _open(window, check, identity)
        return check.finish()
    except BundleError as error:
        code = _code(error.code, window, size, check)
        if code == "bundle.truncated" and _whole_before(begins, window.header_end, check.expected, identity):
            code = "bundle.damaged"
        raise BundleError(code, **error.params) from error


def _open(window: _Window, target: _Target, identity: HybridIdentity) -> None:
    open_(cast("BinaryIO", window), cast("BinaryIO", target), identity=identity)


def _code(code: str, window: _Window, size: int, check: VolumeCheck) -> str:
    """Return the code of bundle.md for a refusal of the age layer, telling what is cut off from what is altered."""
    if code not in _DEPENDS_ON_LENGTH:
        return _CODES.get(code, code)
    if window.header_end == 0:
        return "bundle.truncated" if window.ended_inside_line else "bundle.damaged"
    payload = size - window.header_end - _NONCE
    wanted = check.plaintext_length()
    if wanted is None:
        plaintext = payload - _TAG * -(-payload // (_CHUNK + _TAG))
        return "bundle.damaged" if payload > 0 and padme(max(plaintext, 0)) == plaintext else "bundle.truncated"
    return "bundle.truncated" if payload < wanted + _TAG * max(1, -(-wanted // _CHUNK)) else "bundle.damaged"


def _whole_before(begins: bytes, header_end: int, expected: Expected, identity: HybridIdentity) -> bool:
    """Return whether a volume of one chunk is whole but for bytes that follow its end.

    Its one chunk opens only at its true length, and there are few lengths it can have: every Padmé length below.
    """
    room = min(len(begins) - header_end - _NONCE - _TAG, _CHUNK)
    plaintext = padme_below(room) if header_end and room > 0 else 0
    while plaintext > 0:
        end = header_end + _NONCE + plaintext + _TAG
        check = VolumeCheck(expected)
        try:
            _open(_Window(io.BytesIO(begins), end), check, identity)
        except BundleError as error:
            if not error.code.startswith("bundle.age-"):
                return True  # it opens; what is wrong with it stands inside
        else:
            return True
        plaintext = padme_below(plaintext - 1)
    return False


class _Again:
    """A stream of which the beginning was read already."""

    def __init__(self, kept: BinaryIO, source: BinaryIO) -> None:
        self._kept = kept
        self._source = source

    def read(self, size: int) -> bytes:
        """Return up to ``size`` bytes."""
        return self._kept.read(size) or self._source.read(size)

    def readline(self, size: int) -> bytes:
        """Return up to ``size`` bytes, ending with the line (an age header lies within what is kept)."""
        return self._kept.readline(size) or self._source.readline(size)


class _Window:
    """The next ``size`` bytes of a stream, read as a file of their own; notes where the age header ended."""

    def __init__(self, source: BinaryIO, size: int) -> None:
        self._source = source
        self._left = size
        self._size = size
        self.header_end = 0
        self.ended_inside_line = False

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes."""
        return self._take(self._source.read, size)

    def readline(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes, ending with the line."""
        line = self._take(self._source.readline, size)
        if not line.endswith(b"\n") and self._left == 0:
            self.ended_inside_line = True
        elif line.startswith(b"--- "):
            self.header_end = self._size - self._left
        return line

    def _take(self, how: Callable[[int], bytes], size: int) -> bytes:
        data = how(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data


def _exactly(source: BinaryIO, size: int) -> bytes:
    data = source.read(size)
    if len(data) != size:
        raise BundleError("bundle.reader-failed")
    return data
