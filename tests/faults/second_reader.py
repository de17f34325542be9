"""A second reader of vaults, written from docs/formats/vault.md and slots.md alone, with nothing of the program in it.

It uses the Python standard library, its plain sqlite3, and ``cryptography`` for AES, AES-GCM-SIV, Argon2id
and HPKE.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

PAGE, IV, MAC = 4096, 16, 64
RESERVED = IV + MAC


class NotReadableError(Exception):
    """What is here is not what the format says."""


def open_sealed(key: bytes, sealed: bytes, associated: bytes) -> bytes:
    """slots.md: nonce(12), AES-256-GCM-SIV, associated data with the program's tag before it."""
    return AESGCMSIV(key).decrypt(sealed[:12], sealed[12:], b"kzdoc-seal-v1\0" + associated)


def read_slots(folder: Path) -> Iterator[tuple[bytes, bytes, bytes]]:
    """slots.md: each slot, the vault's id, and the slot's associated data."""
    data = (folder / "vault.keys").read_bytes()
    if data[:8] != b"KZDOCKEY" or hashlib.sha256(data[:-32]).digest() != data[-32:]:
        raise NotReadableError("slots")
    count, size, vault_id = *struct.unpack_from(">HI", data, 10), data[24:40]
    for number in range(count):
        slot = data[64 + number * size : 64 + (number + 1) * size]
        yield slot, vault_id, b"kzdoc-slot-1\0" + vault_id + struct.pack(">H", number) + slot[:32]


def unlock_with(folder: Path, seed: bytes) -> bytes:
    """slots.md: the database key, by the seed of a slot's owner."""
    for slot, _, associated in read_slots(folder):
        key = unwrap(seed, slot[32 : 32 + 1212], associated)
        if key is not None:
            return key
    raise NotReadableError("no slot")


def unlock(folder: Path, passphrase: str) -> bytes:
    """slots.md: the 48 bytes of the database key, by the passphrase."""
    words = unicodedata.normalize("NFC", passphrase).lower().replace("ё", "е").replace("-", " ").split()
    for slot, vault_id, associated in read_slots(folder):
        _, _, memory, iterations, lanes, salt = struct.unpack_from(">HHIII16s", slot)
        argon = Argon2id(salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory)
        kek = argon.derive(" ".join(words).encode())
        try:
            return open_sealed(kek, slot[32 : 32 + 12 + 48 + 16], associated)
        except InvalidTag:
            seed = hashlib.sha256(b"kzdoc-slot-identity-1\0" + vault_id + kek).digest()
            key = unwrap(seed, slot[32 : 32 + 1212], associated)
            if key is not None:
                return key
    raise NotReadableError("passphrase")


def unwrap(seed: bytes, wrapped: bytes, associated: bytes) -> bytes | None:
    """slots.md, "Wrapped to a public key": the key by the owner's seed (age.md), None when it is not his slot."""
    expanded = hashlib.shake_256(seed).digest(96)
    lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    curve = X25519PrivateKey.from_private_bytes(expanded[64:])
    public = lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()
    suite = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    try:
        inner = open_sealed(hashlib.sha256(b"kzdoc-wrap-mask-1\0" + public).digest(), wrapped, associated)
        return suite.decrypt(inner, hpke.MLKEM768X25519PrivateKey(lattice, curve), b"kzdoc-wrap-1\0" + associated)
    except InvalidTag:
        return None


def page_key(key: bytes) -> bytes:
    """Return the key of the pages' MACs: PBKDF2 of the AES key, salt with every bit pattern 3a, two rounds."""
    return hashlib.pbkdf2_hmac("sha512", key[:32], bytes(byte ^ 0x3A for byte in key[32:48]), 2, 32)


def decrypt_page(key: bytes, mac_key: bytes, number: int, page: bytes) -> bytes:
    """Return a page as plain SQLite has it; its reserved bytes stay."""
    start = 16 if number == 1 else 0
    body, iv, mac = page[start:-RESERVED], page[-RESERVED:-MAC], page[-MAC:]
    digest = hmac.digest(mac_key, body + iv + struct.pack("<I", number), "sha512")
    if not hmac.compare_digest(digest, mac):
        raise NotReadableError(f"page {number}")
    decryptor = Cipher(AES(key[:32]), CBC(iv)).decryptor()
    plain = decryptor.update(body) + decryptor.finalize()
    return (b"SQLite format 3\0" if number == 1 else b"") + plain + page[-RESERVED:]


def wal_pages(data: bytes) -> dict[int, bytes]:
    """Return the newest committed page of each number in a WAL (SQLite's own format, pages still encrypted)."""
    newest: dict[int, bytes] = {}
    if len(data) < 32:
        return newest
    order = "<" if struct.unpack_from(">I", data)[0] == 0x377F0682 else ">"
    check = _sum(data[:24], (0, 0), order)
    if check != struct.unpack_from(">II", data, 24):
        return newest
    waiting: dict[int, bytes] = {}
    for at in range(32, len(data) - PAGE - 23, PAGE + 24):
        frame = data[at : at + 24 + PAGE]
        check = _sum(frame[24:], _sum(frame[:8], check, order), order)
        if frame[8:16] != data[16:24] or check != struct.unpack_from(">II", frame, 16):
            break
        number, committed = struct.unpack_from(">II", frame)
        waiting[number] = frame[24:]
        if committed:
            newest |= waiting
            waiting = {}
    return newest


def _sum(data: bytes, before: tuple[int, int], order: str) -> tuple[int, int]:
    first, second = before
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for one, other in zip(words[::2], words[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second


def read_database(folder: Path, key: bytes) -> sqlite3.Connection:
    """Return the database, decrypted in memory, in plain SQLite."""
    mac_key = page_key(key)
    data = (folder / "vault.db").read_bytes()
    if data and key[32:48] != data[:16]:
        raise NotReadableError("salt")
    pages = {at // PAGE + 1: data[at : at + PAGE] for at in range(0, len(data), PAGE)}
    wal = folder / "vault.db-wal"
    pages |= wal_pages(wal.read_bytes()) if wal.exists() else {}
    plain = bytearray(b"".join(decrypt_page(key, mac_key, number, pages[number]) for number in sorted(pages)))
    plain[18:20] = b"\1\1"  # it has no WAL any more
    database = sqlite3.connect(":memory:")
    database.deserialize(bytes(plain))
    return database


def read_blob(folder: Path, key: bytes, pieces: bytes) -> bytes:
    """Return a file of ``blobs/`` by the key and piece names of its row."""
    names = [pieces[at : at + 16].hex() for at in range(0, len(pieces), 16)]
    parts = []
    for number, name in enumerate(names):
        associated = b"kzdoc-blob-1\0" + struct.pack(">Q", number) + bytes([number == len(names) - 1])
        path = folder / "blobs" / name
        path = path if path.exists() else path.with_name(name + ".new")
        parts.append(open_sealed(key, path.read_bytes(), associated))
    return b"".join(parts)
