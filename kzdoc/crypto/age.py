"""Sealing to partners: age v1 with post-quantum hybrid recipients, and nothing else of age.

The two verbs are ``seal`` and ``open_``. docs/formats/age.md is the profile; the format itself is c2sp.org/age.

Rules:
- Every stanza is ``mlkem768x25519``: HPKE base mode (RFC 9180) with MLKEM768_X25519 (X-Wing), HKDF-SHA256 and
  ChaCha20-Poly1305. A file with any other stanza is refused by its own code before a key is touched.
- The writer hides how many recipients there are: it adds real encapsulations to keys nobody has, up to the next of
  the allowed sizes, and shuffles them.
- An identity only unwraps stanzas; which stanzas are admitted is a policy, given apart and never by default, so that
  tests can exercise the reader with identities and policies the program does not have.
- ``open_`` authenticates every piece before it writes it, but a file can still break at its end: nothing in
  ``target`` may be used unless ``open_`` returned. Errors of reading ``source`` or writing ``target`` pass through.
- age does not say who sealed; signatures inside the bundle do (kzdoc/crypto/identity.py).
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kzdoc.crypto import bech32
from kzdoc.crypto.age_header import (
    FILE_KEY_SIZE,
    Stanza,
    decode_base64,
    encode_base64,
    malformed,
    read_header,
    write_header,
)
from kzdoc.crypto.age_stream import NONCE_SIZE, open_stream, read_nonce, seal_stream
from kzdoc.errors import BundleError, KzdocError
from kzdoc.moment import Randomness
from kzdoc.progress import Progress, silent

SEED_SIZE = 32
RECIPIENT_SIZE = 1216
STANZAS = (4, 8, 16, 32)
"""How many stanzas a bundle may have: the padded sizes."""

_NAME = "mlkem768x25519"
_INFO = b"age-encryption.org/mlkem768x25519"
_SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_MLKEM_SHARE = 1088
_SHARE = _MLKEM_SHARE + 32
_MLKEM_PUBLIC = 1184
_MLKEM_SEED = 64
_WRAPPED = FILE_KEY_SIZE + 16
_RECIPIENT_PREFIX = "age1pq"
_IDENTITY_PREFIX = "age-secret-key-pq-"


@dataclass(frozen=True)
class HybridRecipient:
    """A public key to seal to: ML-KEM-768 (1,184 bytes) followed by X25519 (32 bytes)."""

    raw: bytes

    @classmethod
    def from_bytes(cls, raw: bytes) -> HybridRecipient:
        """Return the recipient of 1,216 bytes; raises ``KzdocError("key.malformed")`` for anything else."""
        if len(raw) != RECIPIENT_SIZE:
            raise KzdocError("key.malformed")
        recipient = cls(bytes(raw))
        recipient._public  # noqa: B018 - reading it checks the key
        return recipient

    @classmethod
    def from_text(cls, text: str) -> HybridRecipient:
        """Return the recipient written ``age1pq1…``; raises ``KzdocError("key.malformed")``."""
        return cls.from_bytes(bech32.decode(_RECIPIENT_PREFIX, text))

    def __str__(self) -> str:
        return bech32.encode(_RECIPIENT_PREFIX, self.raw)

    def wrap(self, file_key: bytes) -> Stanza:
        """Return the file key sealed to this recipient."""
        sealed = _SUITE.encrypt(file_key, self._public, _INFO)
        return Stanza((_NAME, encode_base64(sealed[:_SHARE])), sealed[_SHARE:])

    @cached_property
    def _public(self) -> hpke.MLKEM768X25519PublicKey:
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(self.raw[:_MLKEM_PUBLIC])
            curve = X25519PublicKey.from_public_bytes(self.raw[_MLKEM_PUBLIC:])
            _LOW_ORDER_PROBE.exchange(curve)
        except ValueError as error:
            raise KzdocError("key.malformed") from error
        return hpke.MLKEM768X25519PublicKey(mlkem, curve)


_LOW_ORDER_PROBE = X25519PrivateKey.from_private_bytes(bytes(31) + b"\x40")
"""Any private key: its exchange with a point of low order fails, which is what is asked of it."""


@dataclass(frozen=True)
class HybridIdentity:
    """A private key to open with, kept as its 32-byte seed."""

    seed: bytes = field(repr=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> HybridIdentity:
        """Return the identity of a 32-byte seed; raises ``KzdocError("key.malformed")`` for another length."""
        if len(seed) != SEED_SIZE:
            raise KzdocError("key.malformed")
        return cls(bytes(seed))

    @classmethod
    def generate(cls, randomness: Randomness) -> HybridIdentity:
        """Return a new identity."""
        return cls.from_seed(randomness(SEED_SIZE))

    @classmethod
    def from_text(cls, text: str) -> HybridIdentity:
        """Return the identity written ``AGE-SECRET-KEY-PQ-1…``; raises ``KzdocError("key.malformed")``."""
        return cls.from_seed(bech32.decode(_IDENTITY_PREFIX, text))

    def secret_text(self) -> str:
        """Return the private key as age's own tools read it; whoever sees it can open every bundle."""
        return bech32.encode(_IDENTITY_PREFIX, self.seed).upper()

    @cached_property
    def recipient(self) -> HybridRecipient:
        """The public key that belongs to this identity."""
        mlkem, curve = self._parts
        raw = Encoding.Raw, PublicFormat.Raw
        return HybridRecipient(mlkem.public_key().public_bytes(*raw) + curve.public_key().public_bytes(*raw))

    @cached_property
    def _parts(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        # X-Wing, draft-connolly-cfrg-xwing-kem §5.2: the seed is expanded to d ‖ z ‖ the X25519 scalar.
        expanded = hashlib.shake_256(self.seed).digest(_MLKEM_SEED + 32)
        return (
            MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED]),
            X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED:]),
        )

    @cached_property
    def _private(self) -> hpke.MLKEM768X25519PrivateKey:
        return hpke.MLKEM768X25519PrivateKey(*self._parts)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key when one of the stanzas is for this identity.

        Raises:
            BundleError: ``bundle.age-header`` when a stanza of this sort is malformed.
        """
        found = None
        for stanza in stanzas:
            if stanza.arguments[0] != _NAME:
                continue
            share = self._share(stanza)
            if found is None:
                found = self._open_stanza(share + stanza.body)
        return found

    def _share(self, stanza: Stanza) -> bytes:
        if len(stanza.arguments) != 2 or len(stanza.body) != _WRAPPED:  # noqa: PLR2004 - the name and the share
            raise malformed()
        share = decode_base64(stanza.arguments[1])
        if len(share) != _SHARE:
            raise malformed()
        try:
            # The spec asks that an all-zero X25519 secret be refused as malformed, not passed over.
            self._parts[1].exchange(X25519PublicKey.from_public_bytes(share[_MLKEM_SHARE:]))
        except ValueError as error:
            raise malformed() from error
        return share

    def _open_stanza(self, sealed: bytes) -> bytes | None:
        try:
            return _SUITE.decrypt(sealed, self._private, _INFO)
        except (InvalidTag, ValueError):
            return None


class Identity(Protocol):
    """Whoever may hold a key: finds the file key among the stanzas, or says there is none for it."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the 16-byte file key, ``None`` if no stanza is for this identity; raises on a malformed one."""


Policy = Callable[[Sequence[Stanza]], None]
"""Raises ``BundleError`` when these stanzas are not admitted; called before any identity sees them."""


def hybrid_only(stanzas: Sequence[Stanza]) -> None:
    """Admit only post-quantum hybrid recipients, the one policy of the program.

    Raises:
        BundleError: ``bundle.age-x25519``, ``bundle.age-mixed``, ``bundle.age-scrypt`` or
            ``bundle.age-unknown-recipient``.
    """
    names = {stanza.arguments[0] for stanza in stanzas}
    if names == {_NAME}:
        return
    if "scrypt" in names:
        raise BundleError("bundle.age-scrypt")
    if names == {"X25519"}:
        raise BundleError("bundle.age-x25519")
    raise BundleError("bundle.age-mixed" if names == {_NAME, "X25519"} else "bundle.age-unknown-recipient")


def seal(
    source: BinaryIO,
    target: BinaryIO,
    *,
    recipients: Sequence[HybridRecipient],
    randomness: Randomness,
    stanzas: tuple[int, ...] = STANZAS,
    progress: Progress = silent,
) -> None:
    """Encrypt all of ``source`` to ``target`` so that each of ``recipients`` can open it.

    The same recipient given twice counts once. ``stanzas`` are the allowed counts, smallest first.

    Raises:
        BundleError: ``bundle.no-recipients``; ``bundle.too-many-recipients`` beyond the largest count.
    """
    keys = list(dict.fromkeys(recipients))
    if not keys:
        raise BundleError("bundle.no-recipients")
    wanted = next((count for count in sorted(stanzas) if count >= len(keys)), None)
    if wanted is None:
        raise BundleError("bundle.too-many-recipients", limit=max(stanzas))
    keys += [HybridIdentity.generate(randomness).recipient for _ in range(wanted - len(keys))]
    file_key = randomness(FILE_KEY_SIZE)
    wrapped = tuple(key.wrap(file_key) for key in _shuffled(keys, randomness))
    target.write(write_header(wrapped, file_key))
    seal_stream(source, target, file_key=file_key, nonce=randomness(NONCE_SIZE), progress=progress)


def open_(source: BinaryIO, target: BinaryIO, *, identity: HybridIdentity, progress: Progress = silent) -> None:
    """Decrypt all of ``source`` to ``target``; throw ``target`` away unless this returned.

    Raises:
        BundleError: one of the ``bundle.age-…`` codes of docs/formats/age.md.
    """
    open_with(source, target, identities=(identity,), policy=hybrid_only, progress=progress)


def open_with(
    source: BinaryIO,
    target: BinaryIO,
    *,
    identities: Sequence[Identity],
    policy: Policy,
    progress: Progress = silent,
) -> None:
    """Decrypt like ``open_`` with any identities under any policy; the program itself has only ``hybrid_only``.

    Raises:
        BundleError: as ``open_``, and what the policy raises.
    """
    header = read_header(source)
    policy(header.stanzas)
    file_key = next((key for key in (item.unwrap(header.stanzas) for item in identities) if key is not None), None)
    if file_key is None:
        raise BundleError("bundle.age-not-for-me")
    if not header.authenticates(file_key):
        raise BundleError("bundle.age-mac")
    open_stream(source, target, file_key=file_key, nonce=read_nonce(source), progress=progress)


def seal_bytes(
    plaintext: bytes,
    *,
    recipients: Sequence[HybridRecipient],
    randomness: Randomness,
    stanzas: tuple[int, ...] = STANZAS,
) -> bytes:
    """Return ``plaintext`` sealed as by ``seal``."""
    target = io.BytesIO()
    seal(io.BytesIO(plaintext), target, recipients=recipients, randomness=randomness, stanzas=stanzas)
    return target.getvalue()


def open_bytes(sealed: bytes, *, identity: HybridIdentity) -> bytes:
    """Return the plaintext of ``sealed``, whole or not at all; raises as ``open_``."""
    target = io.BytesIO()
    open_(io.BytesIO(sealed), target, identity=identity)
    return target.getvalue()


def _shuffled(keys: Sequence[HybridRecipient], randomness: Randomness) -> list[HybridRecipient]:
    """Return the keys in an order that tells nothing: sorted by a random number each."""
    order = [(randomness(16), index) for index in range(len(keys))]
    return [keys[index] for _, index in sorted(order)]
