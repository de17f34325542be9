"""Identities the program does not have: X25519 and scrypt, so that the vectors made with them reach the reader."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from kzdoc.crypto import bech32
from kzdoc.crypto.age_header import Stanza, decode_base64, encode_base64, malformed

HIGHEST_WORK_FACTOR = 20


class X25519Identity:
    """The classic identity of age, for tests alone."""

    def __init__(self, private: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(private)

    @classmethod
    def from_text(cls, text: str) -> X25519Identity:
        return cls(bech32.decode("age-secret-key-", text))

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        keys = [self._one(stanza) for stanza in stanzas if stanza.arguments[0] == "X25519"]
        return next((key for key in keys if key is not None), None)

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap to this identity's own public key (for planted files only)."""
        public = self._key.public_key()
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        key = _stanza_key(ephemeral.exchange(public), share + public.public_bytes_raw())
        return Stanza(("X25519", encode_base64(share)), ChaCha20Poly1305(key).encrypt(bytes(12), file_key, None))

    def _one(self, stanza: Stanza) -> bytes | None:
        if len(stanza.arguments) != 2 or len(stanza.body) != 32:
            raise malformed()
        share = decode_base64(stanza.arguments[1])
        if len(share) != 32:
            raise malformed()
        try:
            secret = self._key.exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError as error:
            raise malformed() from error
        return _open(_stanza_key(secret, share + self._key.public_key().public_bytes_raw()), stanza.body)


class ScryptIdentity:
    """The passphrase of age, for tests alone."""

    def __init__(self, passphrase: str) -> None:
        self._passphrase = passphrase.encode()

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        if not any(stanza.arguments[0] == "scrypt" for stanza in stanzas):
            return None
        stanza = stanzas[0]
        if len(stanzas) != 1 or len(stanza.arguments) != 3 or len(stanza.body) != 32:
            raise malformed()
        salt = decode_base64(stanza.arguments[1])
        if len(salt) != 16 or not re.fullmatch("[1-9][0-9]?", stanza.arguments[2]):
            raise malformed()
        factor = int(stanza.arguments[2])
        if factor > HIGHEST_WORK_FACTOR:
            raise malformed()
        return _open(scrypt_key(self._passphrase, salt, factor), stanza.body)


def scrypt_key(passphrase: bytes, salt: bytes, factor: int) -> bytes:
    return Scrypt(salt=b"age-encryption.org/v1/scrypt" + salt, length=32, n=1 << factor, r=8, p=1).derive(passphrase)


def _stanza_key(secret: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"age-encryption.org/v1/X25519").derive(secret)


def _open(key: bytes, body: bytes) -> bytes | None:
    try:
        return ChaCha20Poly1305(key).decrypt(bytes(12), body, None)
    except InvalidTag:
        return None
