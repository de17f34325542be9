"""Sealing of our own pieces under a key we hold: slots, drafts, pieces of blobs.

AES-256-GCM-SIV (RFC 8452) with a random nonce of 12 bytes. Drafts are sealed every few seconds under one key, and
laptops here are cloned, restored and woken from images, so a nonce may one day repeat: with ChaCha20-Poly1305 or GCM
that gives away the difference of two plaintexts and the authentication key; with GCM-SIV only that two pieces were
equal. It costs about a third of the speed (350 MB/s), which no piece of at most 32 MiB will notice.

A sealed piece is nonce ‖ ciphertext ‖ tag and looks random throughout (an unused slot is random bytes), so the
version is not in it: it stands before the associated data. It does not hide length, and does not commit to its key:
a piece must not be tried under keys that an adversary chose.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from kzdoc.errors import KzdocError
from kzdoc.moment import Randomness

KEY_SIZE = 32
NONCE_SIZE = 12
OVERHEAD = NONCE_SIZE + 16
"""How many bytes longer than its plaintext a sealed piece is."""

_LABEL = b"kzdoc-seal-v1\0"


def seal_bytes(
    key: bytes | bytearray, plaintext: bytes | bytearray, *, associated: bytes, randomness: Randomness
) -> bytes:
    """Return ``plaintext`` sealed under a 32-byte ``key``, bound to ``associated`` (what and where it is).

    Raises:
        KzdocError: ``sealing.key`` for a key of another length.
    """
    nonce = randomness(NONCE_SIZE)
    return nonce + _cipher(key).encrypt(nonce, plaintext, _LABEL + associated)


def open_bytes(key: bytes | bytearray, sealed: bytes, *, associated: bytes) -> bytes:
    """Return the plaintext of ``sealed``.

    Raises:
        KzdocError: ``sealing.broken`` for another key, other associated data or an altered piece, which cannot be
            told apart; ``sealing.key`` for a key of another length.
    """
    cipher = _cipher(key)
    if len(sealed) < OVERHEAD:
        raise KzdocError("sealing.broken")
    try:
        return cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], _LABEL + associated)
    except InvalidTag as error:
        raise KzdocError("sealing.broken") from error


def _cipher(key: bytes | bytearray) -> AESGCMSIV:
    if len(key) != KEY_SIZE:
        raise KzdocError("sealing.key")
    return AESGCMSIV(key)
