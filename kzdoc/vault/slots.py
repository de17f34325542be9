"""``vault.keys``: the database key, wrapped once for each way to open the vault.

The format is docs/formats/slots.md. Rules: parameters are judged before memory is taken for them; a whole file whose
slots do not open means a wrong passphrase, a file that is not whole means damage, and the two are never mixed up;
unused slots look like used ones; both copies are replaced durably, one after the other. A slot is sealed under the
key of a passphrase, or wrapped to a public key (a passphrase's own, a recovery set's, a headquarters'): the latter can
be written again for a new database key without whoever holds the secret.
"""

from __future__ import annotations

import contextlib
import hashlib
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kzdoc.crypto.age import HybridIdentity, HybridRecipient
from kzdoc.crypto.passphrase import KdfParams, derive
from kzdoc.crypto.sealing import open_bytes, seal_bytes
from kzdoc.crypto.wrapping import WRAPPING, unwrap_secret, wrap_secret
from kzdoc.errors import KzdocError, VaultError
from kzdoc.limits import LIMITS
from kzdoc.platform.files import replace_durably
from kzdoc.vault.connection import KEY_BYTES, wipe

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.moment import Randomness

NAMES = ("vault.keys", "vault.keys.2")
SLOTS = 8
VERSION = 1
_MAGIC = b"KZDOCKEY"
_HEADER = struct.Struct(">8sHHIQ16s16s8s")
_SLOT = struct.Struct(">HHIII16s")
_SLOT_BYTES = 2048
_FILE_BYTES = _HEADER.size + SLOTS * _SLOT_BYTES + 32
_SEALED_BYTES = 12 + KEY_BYTES + 16
_WRAPPED_BYTES = KEY_BYTES + WRAPPING
_CHECK_TAG = b"kzdoc-key-check-1\0"
_SLOT_TAG = b"kzdoc-slot-1\0"
_IDENTITY_TAG = b"kzdoc-slot-identity-1\0"


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one guess at a passphrase costs: Argon2id memory, iterations, lanes."""

    memory_kib: int
    iterations: int
    lanes: int


STANDARD_COST = KdfCost(LIMITS.kdf_memory_floor_kib, LIMITS.kdf_iterations_floor, 4)
"""About half a second on a small laptop; never less than the floor of limits.py."""


@dataclass(frozen=True, slots=True)
class SlotFile:
    """The content of ``vault.keys``; ``slots`` are their bytes."""

    generation: int
    vault_id: bytes
    key_check: bytes
    slots: tuple[bytes, ...]


def new_slot_file(key: bytearray, *, vault_id: bytes, cost: KdfCost, randomness: Randomness) -> SlotFile:
    """Return a slot file for ``key`` in which no slot is used yet."""
    header = _SLOT.pack(VERSION, 0, cost.memory_kib, cost.iterations, cost.lanes, randomness(16))
    unused = tuple([header + randomness(_SLOT_BYTES - _SLOT.size) for _ in range(SLOTS)])
    return SlotFile(0, vault_id, _key_check(vault_id, key), unused)


def with_passphrase(
    file: SlotFile,
    number: int,
    key: bytearray,
    passphrase: str | bytearray,
    *,
    cost: KdfCost,
    randomness: Randomness,
) -> SlotFile:
    """Return the slot file with slot ``number`` opening by ``passphrase``, whatever it held before.

    Raises:
        VaultError: ``vault.slot`` when there is no such slot.
    """
    return with_passphrase_and_recipient(file, number, key, passphrase, cost=cost, randomness=randomness)[0]


def with_passphrase_and_recipient(
    file: SlotFile,
    number: int,
    key: bytearray,
    passphrase: str | bytearray,
    *,
    cost: KdfCost,
    randomness: Randomness,
) -> tuple[SlotFile, bytes]:
    """Return what ``with_passphrase`` does and the public key that belongs to the passphrase in this file."""
    _check_number(number)
    salt = _shared_salt(file, cost) or randomness(16)
    params = KdfParams(cost.memory_kib, cost.iterations, cost.lanes, salt)
    header = _SLOT.pack(VERSION, 0, cost.memory_kib, cost.iterations, cost.lanes, salt)
    kek = derive(passphrase, params)
    try:
        sealed = seal_bytes(kek, key, associated=_associated(file.vault_id, number, header), randomness=randomness)
        recipient = _identity_of(file, kek).recipient.raw
    finally:
        wipe(kek)
    return _filled(file, number, header, sealed, randomness), recipient


def with_recipient(
    file: SlotFile, number: int, key: bytearray, recipient: HybridRecipient, *, randomness: Randomness
) -> SlotFile:
    """Return the slot file with slot ``number`` wrapped to a public key, whatever it held before.

    Raises:
        VaultError: ``vault.slot`` when there is no such slot.
    """
    _check_number(number)
    header = file.slots[number][: _SLOT.size]
    associated = _associated(file.vault_id, number, header)
    wrapped = wrap_secret(recipient, key, associated=associated, randomness=randomness)
    return _filled(file, number, header, wrapped, randomness)


def recipient_of(file: SlotFile, passphrase: str | bytearray) -> tuple[int, bytes]:
    """Return the slot that a passphrase opens and its public key; raises as ``unlock_slot``."""
    number, key = unlock_slot(file, passphrase)
    wipe(key)
    params = _params(file.slots[number])
    if params is None:
        raise VaultError("vault.damaged", item="keys")
    kek = derive(passphrase, params)
    try:
        return number, _identity_of(file, kek).recipient.raw
    finally:
        wipe(kek)


def fresh(file: SlotFile, key: bytearray, *, randomness: Randomness) -> SlotFile:
    """Return a file of the same vault and generation for another key, with no slot used and the same parameters."""
    slots = tuple([slot[: _SLOT.size] + randomness(_SLOT_BYTES - _SLOT.size) for slot in file.slots])
    return replace(file, key_check=_key_check(file.vault_id, key), slots=slots)


def slot_digest(file: SlotFile, number: int) -> bytes:
    """Return 16 bytes that tell this content of a slot from any other."""
    return hashlib.sha256(file.slots[number]).digest()[:16]


def without(file: SlotFile, number: int, *, randomness: Randomness) -> SlotFile:
    """Return the slot file with slot ``number`` overwritten by random bytes."""
    _check_number(number)
    gone = file.slots[number][: _SLOT.size] + randomness(_SLOT_BYTES - _SLOT.size)
    return replace(file, slots=(*file.slots[:number], gone, *file.slots[number + 1 :]))


def unlock(file: SlotFile, passphrase: str | bytearray) -> bytearray:
    """Return the database key; the caller wipes it. Raises as ``unlock_slot``."""
    return unlock_slot(file, passphrase)[1]


def unlock_slot(file: SlotFile, passphrase: str | bytearray) -> tuple[int, bytearray]:
    """Return the slot that a passphrase opens and the database key; the caller wipes it.

    Raises:
        VaultError: ``vault.wrong-passphrase`` when no slot opens, ``vault.damaged`` when no slot has parameters
            that may be tried or the key in a slot is not this vault's.
    """
    derived: dict[KdfParams, bytearray] = {}
    try:
        for number, slot in enumerate(file.slots):
            params = _params(slot)
            if params is None:
                continue
            if params not in derived:
                derived[params] = derive(passphrase, params)
            key = _open(file, number, slot, derived[params])
            if key is not None:
                return number, key
        for kek in derived.values():
            found = unlock_with(file, _identity_of(file, kek))
            if found is not None:
                return found
    finally:
        for kek in derived.values():
            wipe(kek)
    if not derived:
        raise VaultError("vault.damaged", item="keys")
    raise VaultError("vault.wrong-passphrase")


def unlock_with(file: SlotFile, identity: HybridIdentity) -> tuple[int, bytearray] | None:
    """Return the slot wrapped to this identity and the database key, which the caller wipes; None when there is none.

    Raises:
        VaultError: ``vault.damaged`` when the key in the slot is not this vault's.
    """
    for number, slot in enumerate(file.slots):
        associated = _associated(file.vault_id, number, slot[: _SLOT.size])
        key = unwrap_secret(identity, slot[_SLOT.size : _SLOT.size + _WRAPPED_BYTES], associated=associated)
        if key is not None:
            check_key(file, key)
            return number, key
    return None


def check_key(file: SlotFile, key: bytearray) -> None:
    """Raise ``VaultError("vault.damaged")`` unless ``key`` is the key of this vault."""
    if len(key) != KEY_BYTES or _key_check(file.vault_id, key) != file.key_check:
        raise VaultError("vault.damaged", item="keys")


def read_slot_file(folder: Path) -> SlotFile:
    """Return the newest whole copy.

    Raises:
        VaultError: ``vault.not-a-vault`` when there is no copy, ``vault.newer-version``, ``vault.damaged`` when no
            copy is whole.
    """
    copies: list[SlotFile] = []
    there = newer = False
    for name in NAMES:
        try:
            data = (folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            there = True
            continue
        there = True
        try:
            copies.append(decode_slot_file(data))
        except VaultError as error:
            newer = newer or error.code == "vault.newer-version"
    if copies:
        return max(copies, key=lambda copy: copy.generation)
    if newer:
        raise VaultError("vault.newer-version", version=VERSION + 1)
    if not there:
        raise VaultError("vault.not-a-vault")
    raise VaultError("vault.damaged", item="keys")


def write_slot_file(folder: Path, file: SlotFile) -> SlotFile:
    """Write both copies durably under the next generation and return what was written."""
    written = replace(file, generation=file.generation + 1)
    data = encode_slot_file(written)
    for name in NAMES:
        replace_durably(folder / name, data)
    return written


def mend(folder: Path, file: SlotFile) -> None:
    """Write both copies anew when they are not both ``file``: one was lost, damaged or left behind."""
    data = encode_slot_file(file)
    for name in NAMES:
        path = folder / name
        if not path.is_file() or path.read_bytes() != data:
            replace_durably(path, data)


def encode_slot_file(file: SlotFile) -> bytes:
    """Return the bytes of ``vault.keys``."""
    head = _HEADER.pack(_MAGIC, VERSION, SLOTS, _SLOT_BYTES, file.generation, file.vault_id, file.key_check, bytes(8))
    body = head + b"".join(file.slots)
    return body + hashlib.sha256(body).digest()


def decode_slot_file(data: bytes) -> SlotFile:
    """Return the content of ``vault.keys``; raises ``VaultError`` (``vault.damaged``, ``vault.newer-version``)."""
    if len(data) >= _HEADER.size and data[:8] == _MAGIC and int.from_bytes(data[8:10], "big") > VERSION:
        raise VaultError("vault.newer-version", version=int.from_bytes(data[8:10], "big"))
    if len(data) != _FILE_BYTES or hashlib.sha256(data[:-32]).digest() != data[-32:]:
        raise VaultError("vault.damaged", item="keys")
    magic, version, count, size, generation, vault_id, check, rest = _HEADER.unpack_from(data)
    if (magic, version, count, size, rest) != (_MAGIC, VERSION, SLOTS, _SLOT_BYTES, bytes(8)):
        raise VaultError("vault.damaged", item="keys")
    slots = tuple([data[start : start + _SLOT_BYTES] for start in range(_HEADER.size, _FILE_BYTES - 32, _SLOT_BYTES)])
    return SlotFile(generation, vault_id, check, slots)


def _open(file: SlotFile, number: int, slot: bytes, kek: bytearray) -> bytearray | None:
    sealed = slot[_SLOT.size : _SLOT.size + _SEALED_BYTES]
    key: bytearray | None = None
    with contextlib.suppress(KzdocError):
        key = bytearray(open_bytes(kek, sealed, associated=_associated(file.vault_id, number, slot[: _SLOT.size])))
    if key is not None:
        check_key(file, key)
    return key


def _filled(file: SlotFile, number: int, header: bytes, sealed: bytes, randomness: Randomness) -> SlotFile:
    filled = header + sealed + randomness(_SLOT_BYTES - len(header) - len(sealed))
    return replace(file, slots=(*file.slots[:number], filled, *file.slots[number + 1 :]))


def _identity_of(file: SlotFile, kek: bytearray) -> HybridIdentity:
    """Return the identity that belongs to a passphrase in this vault."""
    digest = hashlib.sha256(_IDENTITY_TAG + file.vault_id)
    digest.update(kek)
    return HybridIdentity.from_seed(digest.digest())


def _params(slot: bytes) -> KdfParams | None:
    """Return the slot's parameters if they lie within the limits and the version is known, else None."""
    version, zero, memory, iterations, lanes, salt = _SLOT.unpack_from(slot)
    good = (
        version == VERSION
        and zero == 0
        and LIMITS.kdf_memory_floor_kib <= memory <= LIMITS.kdf_memory_ceiling_kib
        and LIMITS.kdf_iterations_floor <= iterations <= LIMITS.kdf_iterations_ceiling
        and 1 <= lanes <= LIMITS.kdf_lanes_ceiling
    )
    return KdfParams(memory, iterations, lanes, salt) if good else None


def _shared_salt(file: SlotFile, cost: KdfCost) -> bytes | None:
    for slot in file.slots:
        params = _params(slot)
        if params and (params.memory_kib, params.iterations, params.lanes) == (
            cost.memory_kib, cost.iterations, cost.lanes,
        ):  # fmt: skip
            return params.salt
    return None


def _associated(vault_id: bytes, number: int, header: bytes) -> bytes:
    return _SLOT_TAG + vault_id + number.to_bytes(2, "big") + header


def _key_check(vault_id: bytes, key: bytearray) -> bytes:
    digest = hashlib.sha256(_CHECK_TAG + vault_id)
    digest.update(key)
    return digest.digest()[:16]


def _check_number(number: int) -> None:
    if not 0 <= number < SLOTS:
        raise VaultError("vault.slot", number=number)
