"""The payload of an age v1 file: STREAM over ChaCha20-Poly1305 in pieces of 64 KiB (c2sp.org/age).

Rules: each piece is authenticated before a byte of it is written; the last piece says that it is the last; it is
empty only when the whole payload is; nothing follows it. Memory stays at a few pieces whatever the size. What was
written before a refusal is true but incomplete, and must be thrown away.
"""

from __future__ import annotations

from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kzdoc.errors import BundleError
from kzdoc.progress import Progress

CHUNK = 64 * 1024
NONCE_SIZE = 16
_TAG = 16
_COUNTER = 11


def seal_stream(source: BinaryIO, target: BinaryIO, *, file_key: bytes, nonce: bytes, progress: Progress) -> None:
    """Encrypt all of ``source`` to ``target``; ``progress`` hears bytes done."""
    cipher = _cipher(file_key, nonce)
    target.write(nonce)
    done = index = 0
    piece = _fill(source, CHUNK)
    while True:
        following = _fill(source, CHUNK) if len(piece) == CHUNK else b""
        target.write(cipher.encrypt(_place(index, last=not following), piece, None))
        done += len(piece)
        progress("bundle.seal", done, 0)
        if not following:
            return
        piece, index = following, index + 1


def open_stream(source: BinaryIO, target: BinaryIO, *, file_key: bytes, nonce: bytes, progress: Progress) -> None:
    """Decrypt all of ``source`` to ``target``.

    Raises:
        BundleError: ``bundle.age-truncated`` when the end is missing, ``bundle.age-trailing`` when something follows
            the end, ``bundle.age-payload`` when a piece was altered (or cut off within).
    """
    cipher = _cipher(file_key, nonce)
    done = index = 0
    piece = _fill(source, CHUNK + _TAG)
    while True:
        following = _fill(source, CHUNK + _TAG) if len(piece) == CHUNK + _TAG else b""
        plain, refusal = _open_piece(cipher, index, piece, last=not following)
        if not plain and index:
            raise BundleError("bundle.age-payload")
        target.write(plain)
        if refusal:
            raise BundleError(refusal)
        done += len(plain)
        progress("bundle.open", done, 0)
        if not following:
            return
        piece, index = following, index + 1


def read_nonce(source: BinaryIO) -> bytes:
    """Return the payload's nonce; raises ``BundleError("bundle.age-truncated")`` when it is not all there."""
    nonce = _fill(source, NONCE_SIZE)
    if len(nonce) != NONCE_SIZE:
        raise BundleError("bundle.age-truncated")
    return nonce


def _cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(algorithm=SHA256(), length=32, salt=nonce, info=b"payload").derive(file_key))


def _place(index: int, *, last: bool) -> bytes:
    return index.to_bytes(_COUNTER, "big") + (b"\x01" if last else b"\x00")


def _open_piece(cipher: ChaCha20Poly1305, index: int, piece: bytes, *, last: bool) -> tuple[bytes, str]:
    """Return a piece's plaintext and, when it is true but in the wrong place, the code to refuse the file with."""
    if len(piece) < _TAG:
        raise BundleError("bundle.age-truncated")
    plain = _opened(cipher, _place(index, last=last), piece)
    if plain is not None:
        return plain, ""
    plain = _opened(cipher, _place(index, last=not last), piece)
    if plain is None:
        raise BundleError("bundle.age-payload")
    if len(piece) < CHUNK + _TAG:  # only a last piece may be short, and this one says it is not the last
        raise BundleError("bundle.age-truncated")
    return plain, "bundle.age-truncated" if last else "bundle.age-trailing"


def _opened(cipher: ChaCha20Poly1305, place: bytes, piece: bytes) -> bytes | None:
    try:
        return cipher.decrypt(place, piece, None)
    except InvalidTag:
        return None


def _fill(source: BinaryIO, size: int) -> bytes:
    """Read ``size`` bytes, fewer only at the end."""
    data = source.read(size)
    if not data or len(data) == size:
        return data
    parts = [data]
    have = len(data)
    while have < size:
        more = source.read(size - have)
        if not more:
            break
        parts.append(more)
        have += len(more)
    return b"".join(parts)
