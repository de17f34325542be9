"""The text header of an age v1 file: stanzas and the code that authenticates them (c2sp.org/age).

Rules: LF alone ends a line; arguments are one or more visible ASCII words set apart by one space; a body is lines of
64 characters of unpadded base64 ended by a shorter one, which may be empty; base64 has one spelling; the header is
kept byte for byte as it was read, and the code is checked over these bytes. Sizes are checked before anything is
decoded. What the stanzas mean is the identities' business (age.py), which of them are admitted the policy's.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kzdoc.errors import BundleError
from kzdoc.limits import LIMITS

FILE_KEY_SIZE = 16
_VERSION = b"age-encryption.org/v1"
_ANY_VERSION = b"age-encryption.org/"
_ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_ARROW = b"-> "
_END = b"---"
_COLUMNS = 64
_MAC_SIZE = 32
_VISIBLE = bytes(range(0x21, 0x7F))


@dataclass(frozen=True, slots=True)
class Stanza:
    """One wrapped copy of the file key: ``arguments`` (the first names its sort) and a binary ``body``."""

    arguments: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """What a header says, and the very bytes its code covers."""

    stanzas: tuple[Stanza, ...]
    covered: bytes
    mac: bytes

    def authenticates(self, file_key: bytes) -> bool:
        """Tell whether the header was written by someone who knew ``file_key``."""
        return hmac.compare_digest(self.mac, header_mac(file_key, self.covered))


def malformed() -> BundleError:
    """Return the refusal of a header, or a stanza, that breaks the format."""
    return BundleError("bundle.age-header")


def header_mac(file_key: bytes, covered: bytes) -> bytes:
    """Return HMAC-SHA-256 over the header up to and including ``---``."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"header").derive(file_key)
    return hmac.digest(key, covered, "sha256")


def write_header(stanzas: tuple[Stanza, ...], file_key: bytes) -> bytes:
    """Return the whole header, its last newline included."""
    lines = [_VERSION]
    for stanza in stanzas:
        lines.append(_ARROW + " ".join(stanza.arguments).encode("ascii"))
        text = encode_base64(stanza.body).encode("ascii")
        lines += [text[start : start + _COLUMNS] for start in range(0, len(text) + 1, _COLUMNS)]
    covered = b"\n".join([*lines, _END])
    return covered + b" " + encode_base64(header_mac(file_key, covered)).encode("ascii") + b"\n"


def read_header(source: BinaryIO) -> Header:
    """Read a header and leave ``source`` at the first byte of the payload.

    Raises:
        BundleError: ``bundle.age-not-age``, ``bundle.age-armor``, ``bundle.age-version``, ``bundle.age-header``,
            ``bundle.age-header-size`` or ``bundle.age-stanzas``.
    """
    lines = _Lines(source)
    _check_first(lines.take())
    stanzas: list[Stanza] = []
    while True:
        line = lines.take()
        if line.startswith(_ARROW):
            if len(stanzas) == LIMITS.age_stanzas:
                raise BundleError("bundle.age-stanzas", limit=LIMITS.age_stanzas)
            stanzas.append(Stanza(_arguments(line), _body(lines)))
        elif line.startswith(_END + b" "):
            mac = decode_base64(line[len(_END) + 1 :])
            if len(mac) != _MAC_SIZE or not stanzas:
                raise malformed()
            return Header(tuple(stanzas), bytes(lines.covered[: -len(line) - 1]) + _END, mac)
        else:
            raise malformed()


def encode_base64(data: bytes) -> str:
    """Return standard base64 without padding."""
    return base64.b64encode(data).rstrip(b"=").decode("ascii")


def decode_base64(text: bytes | str) -> bytes:
    """Return the bytes of canonical, unpadded standard base64.

    Raises:
        BundleError: ``bundle.age-header`` for any other spelling.
    """
    raw = text.encode("ascii") if isinstance(text, str) else text
    try:
        data = base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise malformed() from error
    if encode_base64(data).encode("ascii") != raw:
        raise malformed()
    return data


class _Lines:
    """The header's lines, counted against the limit as they are read."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self.covered = bytearray()

    def take(self) -> bytes:
        """Return the next line without its newline."""
        room = LIMITS.age_header - len(self.covered)
        line = self._source.readline(room + 1)
        self.covered += line
        if len(line) > room:
            if not self.covered.startswith(_ANY_VERSION):
                raise BundleError("bundle.age-not-age")
            raise BundleError("bundle.age-header-size", limit=LIMITS.age_header)
        if not line.endswith(b"\n"):
            if not self.covered.startswith(_ANY_VERSION):
                raise BundleError("bundle.age-not-age")
            raise malformed()
        return line[:-1]


def _check_first(line: bytes) -> None:
    if line == _VERSION:
        return
    if line.strip() == _ARMOR:
        raise BundleError("bundle.age-armor")
    if line.rstrip(b"\r") == _VERSION:
        raise malformed()
    raise BundleError("bundle.age-version" if line.startswith(_ANY_VERSION) else "bundle.age-not-age")


def _arguments(line: bytes) -> tuple[str, ...]:
    words = line[len(_ARROW) :].split(b" ")
    for word in words:
        if not word or word.translate(None, _VISIBLE):
            raise malformed()
    return tuple(word.decode("ascii") for word in words)


def _body(lines: _Lines) -> bytes:
    parts = []
    while True:
        line = lines.take()
        if len(line) > _COLUMNS:
            raise malformed()
        parts.append(line)
        if len(line) < _COLUMNS:
            return decode_base64(b"".join(parts))
