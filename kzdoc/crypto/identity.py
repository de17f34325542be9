"""Who signed: hybrid signatures, revision signatures, fingerprints to compare by voice (docs/formats/keys.md).

Rules:
- A hybrid signature is Ed25519 (64 bytes) followed by ML-DSA-65 (3,309 bytes) over the same domain-separated bytes;
  both must verify. The bytes name the context and the pair of keys, so neither half fits another object or pair.
- A revision carries Ed25519 alone, over its own label and the skeleton: there are tens of thousands of them, and a
  hybrid-signed head vouches for the run.
- Verifying answers yes or no and never raises, whatever the bytes are. Public keys of small order are refused: a
  signature under one would fit any message.
- A fingerprint is shown as 40 digits or as 12 words, both of the same hash.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey

from kzdoc.crypto.words import words_of
from kzdoc.errors import KzdocError
from kzdoc.moment import Randomness
from kzdoc.remembering import remembering

SEED_SIZE = 64
SIGNATURE_SIZE = 64 + 3309
PUBLIC_SIZE = 32 + 1952
_ED = 32
_ED_SIGNATURE = 64
_MLDSA_PUBLIC = 1952
_HYBRID_LABEL = b"kzdoc\0"
_REVISION_LABEL = b"kzdoc-revision-v1\0"
_FINGERPRINT_LABEL = b"kzdoc-fingerprint-v1\0"
_CONTEXT = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_DIGIT_GROUPS = 8
_GROUP = 5
_WORDS = 12
_WORD_BITS = 11


@dataclass(frozen=True)
class HybridPublic:
    """The public half of a signing key: Ed25519 (32 bytes) and ML-DSA-65 (1,952 bytes)."""

    ed25519: bytes
    mldsa65: bytes

    @classmethod
    def from_bytes(cls, raw: bytes) -> HybridPublic:
        """Return the key of 1,984 bytes; raises ``KzdocError("key.malformed")`` when it is not a usable one."""
        public = cls(bytes(raw[:_ED]), bytes(raw[_ED:]))
        if len(raw) != PUBLIC_SIZE or _author_key(public.ed25519) is None or public._mldsa is None:
            raise KzdocError("key.malformed")
        return public

    @property
    def raw(self) -> bytes:
        """Both keys, 1,984 bytes."""
        return self.ed25519 + self.mldsa65

    def verify(self, context: str, message: bytes, signature: bytes) -> bool:
        """Tell whether both signatures are by this key over ``message`` in ``context``."""
        ed = _author_key(self.ed25519)
        if len(signature) != SIGNATURE_SIZE or ed is None or self._mldsa is None:
            return False
        signed = _signed_bytes(context, self.raw, message)
        try:
            ed.verify(signature[:_ED_SIGNATURE], signed)
            self._mldsa.verify(signature[_ED_SIGNATURE:], signed)
        except InvalidSignature:
            return False
        return True

    @cached_property
    def _mldsa(self) -> MLDSA65PublicKey | None:
        try:
            return MLDSA65PublicKey.from_public_bytes(self.mldsa65)
        except ValueError:
            return None


@dataclass(frozen=True)
class HybridSigner:
    """The private half, kept as 64 bytes: an Ed25519 seed followed by an ML-DSA-65 seed."""

    seed: bytes = field(repr=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> HybridSigner:
        """Return the signer of a 64-byte seed; raises ``KzdocError("key.malformed")`` for another length."""
        if len(seed) != SEED_SIZE:
            raise KzdocError("key.malformed")
        return cls(bytes(seed))

    @classmethod
    def generate(cls, randomness: Randomness) -> HybridSigner:
        """Return a new signer."""
        return cls.from_seed(randomness(SEED_SIZE))

    @cached_property
    def public(self) -> HybridPublic:
        """The public half."""
        return HybridPublic(self._ed.public_key().public_bytes_raw(), self._mldsa.public_key().public_bytes_raw())

    def sign(self, context: str, message: bytes) -> bytes:
        """Return 3,373 bytes: both signatures over ``message`` in ``context`` (what sort of object it is)."""
        signed = _signed_bytes(context, self.public.raw, message)
        return self._ed.sign(signed) + self._mldsa.sign(signed)

    @cached_property
    def _ed(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed[:_ED])

    @cached_property
    def _mldsa(self) -> MLDSA65PrivateKey:
        return MLDSA65PrivateKey.from_seed_bytes(self.seed[_ED:])


def _signed_bytes(context: str, public: bytes, message: bytes) -> bytes:
    if not _CONTEXT.fullmatch(context):
        raise KzdocError("key.context")
    return b"".join((_HYBRID_LABEL, context.encode("ascii"), b"\0", hashlib.sha256(public).digest(), message))


def author_of(ed_seed: bytes) -> bytes:
    """Return the 32-byte author key of an Ed25519 seed."""
    return _author_signer(bytes(ed_seed)).public_key().public_bytes_raw()


def sign_revision(ed_seed: bytes, skeleton: bytes) -> bytes:
    """Return the author's 64-byte signature on the encoded skeleton of a revision."""
    return _author_signer(bytes(ed_seed)).sign(_REVISION_LABEL + skeleton)


def verify_revision(author: bytes, skeleton: bytes, signature: bytes) -> bool:
    """Tell whether ``signature`` on ``skeleton`` is by ``author``; about 0.1 ms, so a run is checked by its newest."""
    key = _author_key(author)
    if key is None:
        return False
    try:
        key.verify(signature, _REVISION_LABEL + skeleton)
    except InvalidSignature:
        return False
    return True


def _author_signer(ed_seed: bytes) -> Ed25519PrivateKey:
    if len(ed_seed) != _ED:
        raise KzdocError("key.malformed")
    return Ed25519PrivateKey.from_private_bytes(ed_seed)


@remembering(4096)
def _author_key(author: bytes) -> Ed25519PublicKey | None:
    """Return the key object of an author, ``None`` when no signature may count under it."""
    if len(author) != _ED or author[:-1] + bytes([author[-1] & 0x7F]) in _SMALL_ORDER:
        return None
    try:
        return Ed25519PublicKey.from_public_bytes(author)
    except ValueError:
        return None


_P = 2**255 - 19
_SMALL_ORDER = frozenset(
    value.to_bytes(32, "little")
    for value in (
        0,
        1,
        _P - 1,
        _P,
        _P + 1,
        int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"),
        int.from_bytes(bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"), "little"),
    )
)
"""The y of every point of order 1, 2, 4 or 8, canonical or not, its sign bit cleared."""


def fingerprint_digits(data: bytes) -> str:
    """Return eight groups of five digits (132 bits) that stand for ``data``, to read aloud or to type."""
    number = int.from_bytes(_fingerprint(data), "big") % 10 ** (_DIGIT_GROUPS * _GROUP)
    digits = f"{number:0{_DIGIT_GROUPS * _GROUP}d}"
    return " ".join(digits[start : start + _GROUP] for start in range(0, len(digits), _GROUP))


def fingerprint_words(data: bytes, lang: str) -> str:
    """Return twelve words of ``lang`` (132 bits) that stand for ``data``."""
    words = words_of(lang)
    number = int.from_bytes(_fingerprint(data), "big") >> (256 - _WORDS * _WORD_BITS)
    places = [number >> _WORD_BITS * (_WORDS - 1 - place) & (1 << _WORD_BITS) - 1 for place in range(_WORDS)]
    return " ".join(words[place] for place in places)


def _fingerprint(data: bytes) -> bytes:
    return hashlib.sha256(_FINGERPRINT_LABEL + data).digest()
