"""Wrapping of a small secret to a hybrid public key so that the result looks random to whoever lacks that public key.

HPKE (RFC 9180) with MLKEM768_X25519, as in age.py, but with a context of our own. An encapsulation by itself can be
told from random bytes (the compressed coefficients of ML-KEM are not uniform); so it is sealed once more under a key
made of the recipient's public key. That second seal hides nothing from those who have the public key.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidTag

from kzdoc.crypto.age import _SUITE, HybridIdentity, HybridRecipient
from kzdoc.crypto.sealing import OVERHEAD, open_bytes, seal_bytes
from kzdoc.errors import KzdocError
from kzdoc.moment import Randomness

WRAPPING = OVERHEAD + 1120 + 16
"""How many bytes longer than the secret a wrapped one is."""

_MASK = b"kzdoc-wrap-mask-1\0"
_INFO = b"kzdoc-wrap-1\0"


def wrap_secret(
    recipient: HybridRecipient, secret: bytes | bytearray, *, associated: bytes, randomness: Randomness
) -> bytes:
    """Return ``secret`` wrapped to ``recipient``, bound to ``associated``."""
    sealed = _SUITE.encrypt(bytes(secret), recipient._public, _INFO + associated)  # noqa: SLF001 - the same package
    return seal_bytes(_mask(recipient), sealed, associated=associated, randomness=randomness)


def unwrap_secret(identity: HybridIdentity, wrapped: bytes, *, associated: bytes) -> bytearray | None:
    """Return the secret, or None when it was not wrapped to this identity or is altered."""
    try:
        sealed = open_bytes(_mask(identity.recipient), wrapped, associated=associated)
        return bytearray(_SUITE.decrypt(sealed, identity._private, _INFO + associated))  # noqa: SLF001 - the same package
    except (KzdocError, InvalidTag, ValueError):
        return None


def _mask(recipient: HybridRecipient) -> bytes:
    return hashlib.sha256(_MASK + recipient.raw).digest()
