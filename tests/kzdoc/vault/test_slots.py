"""vault.keys: what opens, what does not, and that each refusal has its own name."""

from __future__ import annotations

import dataclasses
import os
import time
from pathlib import Path

import pytest

from kzdoc.crypto import passphrase
from kzdoc.errors import VaultError
from kzdoc.limits import LIMITS
from kzdoc.vault import slots
from kzdoc.vault.slots import (
    NAMES,
    STANDARD_COST,
    KdfCost,
    SlotFile,
    decode_slot_file,
    encode_slot_file,
    new_slot_file,
    read_slot_file,
    unlock,
    with_passphrase,
    without,
    write_slot_file,
)

FIRST, SECOND = "сынақ түбі сары алтын", "тұнық бұлақ суы кең дала"
HEADER, SLOT = 64, 2048


def resealed(data: bytearray) -> bytes:
    """Return the bytes with a checksum that fits: what an adversary writes, not what an accident does."""
    import hashlib

    return bytes(data[:-32]) + hashlib.sha256(data[:-32]).digest()


@pytest.fixture(scope="module")
def key() -> bytearray:
    return bytearray(os.urandom(48))


@pytest.fixture(scope="module")
def file(key: bytearray) -> SlotFile:
    empty = new_slot_file(key, vault_id=os.urandom(16), cost=STANDARD_COST, randomness=os.urandom)
    one = with_passphrase(empty, 0, key, FIRST, cost=STANDARD_COST, randomness=os.urandom)
    return with_passphrase(one, 5, key, SECOND, cost=STANDARD_COST, randomness=os.urandom)


def test_each_passphrase_opens_in_any_spelling_and_no_other_does(file: SlotFile, key: bytearray) -> None:
    assert unlock(file, FIRST) == key
    assert unlock(file, "Тұнық-бұлақ  СУЫ кең дала") == key
    assert unlock(file, bytearray(FIRST.encode())) == key
    with pytest.raises(VaultError) as refused:
        unlock(file, "тағы бір басқа сөйлем")
    assert refused.value.code == "vault.wrong-passphrase"


def test_a_removed_slot_opens_no_more_and_the_other_still_does(file: SlotFile, key: bytearray) -> None:
    left = without(file, 0, randomness=os.urandom)
    assert unlock(left, SECOND) == key
    with pytest.raises(VaultError, match="wrong-passphrase"):
        unlock(left, FIRST)


def test_a_wrong_passphrase_costs_one_derivation(file: SlotFile, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = slots.derive
    monkeypatch.setattr(slots, "derive", lambda *args: asked.append(args) or real(*args))
    with pytest.raises(VaultError, match="wrong-passphrase"):
        unlock(file, "тағы бір басқа сөйлем")
    assert len(asked) == 1


def looks_alike(file: SlotFile) -> bool:
    """Tell whether nothing in the file's own bytes tells a slot in use from another."""
    return (
        len({slot[:32] for slot in file.slots}) == 1
        and {len(slot) for slot in file.slots} == {SLOT}
        and all(len(set(slot[32:])) > 200 for slot in file.slots)  # 2,016 random bytes use nearly all values
        and len({slot[32:] for slot in file.slots}) == slots.SLOTS
    )


def test_unused_slots_look_like_used_ones(file: SlotFile) -> None:
    assert looks_alike(file)


def test_an_empty_slot_would_be_told_apart(file: SlotFile) -> None:
    empty = file.slots[2][:32] + bytes(SLOT - 32)
    assert not looks_alike(dataclasses.replace(file, slots=(*file.slots[:2], empty, *file.slots[3:])))


def test_a_slot_moved_elsewhere_or_to_another_vault_does_not_open(file: SlotFile) -> None:
    moved = SlotFile(file.generation, file.vault_id, file.key_check, (file.slots[1], file.slots[0], *file.slots[2:]))
    with pytest.raises(VaultError, match="wrong-passphrase"):
        unlock(moved, FIRST)
    foreign = SlotFile(file.generation, bytes(16), file.key_check, file.slots)
    with pytest.raises(VaultError, match="wrong-passphrase"):
        unlock(foreign, FIRST)


@pytest.mark.parametrize(
    ("memory", "iterations", "lanes"),
    [
        (8, 3, 1),
        (64 * 2**20, 3, 4),
        (LIMITS.kdf_memory_floor_kib, 1, 4),
        (LIMITS.kdf_memory_floor_kib, 10**6, 4),
        (LIMITS.kdf_memory_floor_kib, 3, 0),
        (LIMITS.kdf_memory_floor_kib, 3, 4096),
    ],
)
def test_absurd_parameters_are_refused_at_once(file: SlotFile, memory: int, iterations: int, lanes: int) -> None:
    data = bytearray(encode_slot_file(file))
    for number in range(slots.SLOTS):
        at = HEADER + number * SLOT
        data[at + 4 : at + 16] = memory.to_bytes(4, "big") + iterations.to_bytes(4, "big") + lanes.to_bytes(4, "big")
    begin = time.process_time()
    with pytest.raises(VaultError, match="damaged"):
        unlock(decode_slot_file(resealed(data)), FIRST)
    assert time.process_time() - begin < 0.05


def test_without_the_limits_a_key_of_eight_kibibytes_would_be_tried(
    file: SlotFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bytearray(encode_slot_file(file))
    for number in range(slots.SLOTS):
        at = HEADER + number * SLOT
        data[at + 4 : at + 16] = (8).to_bytes(4, "big") + (3).to_bytes(4, "big") + (1).to_bytes(4, "big")
    with pytest.raises(VaultError, match="damaged"):
        unlock(decode_slot_file(resealed(data)), FIRST)
    for checked in (slots, passphrase):
        monkeypatch.setattr(checked, "LIMITS", dataclasses.replace(LIMITS, kdf_memory_floor_kib=8))
    with pytest.raises(VaultError, match="wrong-passphrase"):
        unlock(decode_slot_file(resealed(data)), FIRST)


def test_weaker_parameters_in_the_right_slot_do_not_open_it(file: SlotFile) -> None:
    data = bytearray(encode_slot_file(file))
    data[HEADER + 8 : HEADER + 12] = (4).to_bytes(4, "big")  # within the limits, but not what was sealed
    with pytest.raises(VaultError, match="wrong-passphrase"):
        unlock(decode_slot_file(resealed(data)), FIRST)


def test_every_bit_counts(file: SlotFile) -> None:
    good = encode_slot_file(file)
    assert decode_slot_file(good) == file
    for place in [0, 7, 8, 12, 16, 24, 40, 56, 63, 64, 100, 5000, len(good) - 33, len(good) - 1]:
        data = bytearray(good)
        data[place] ^= 1
        with pytest.raises(VaultError):
            decode_slot_file(bytes(data))
    for cut in (0, 8, 64, len(good) - 1):
        with pytest.raises(VaultError, match="damaged"):
            decode_slot_file(good[:cut])
    with pytest.raises(VaultError, match="damaged"):
        decode_slot_file(good + b"\0")


def test_one_copy_is_enough_and_the_newer_wins(tmp_path: Path, file: SlotFile) -> None:
    with pytest.raises(VaultError, match="not-a-vault"):
        read_slot_file(tmp_path)
    first = write_slot_file(tmp_path, file)
    second = write_slot_file(tmp_path, first)
    assert second.generation == first.generation + 1
    (tmp_path / NAMES[1]).write_bytes(encode_slot_file(first))
    assert read_slot_file(tmp_path) == second
    (tmp_path / NAMES[0]).write_bytes(b"rubbish")
    assert read_slot_file(tmp_path) == first
    (tmp_path / NAMES[0]).unlink()
    assert read_slot_file(tmp_path) == first
    slots.mend(tmp_path, first)
    assert {(tmp_path / name).read_bytes() for name in NAMES} == {encode_slot_file(first)}
    for name in NAMES:
        (tmp_path / name).write_bytes(b"rubbish")
    with pytest.raises(VaultError, match="damaged"):
        read_slot_file(tmp_path)


def test_a_newer_version_is_called_newer(tmp_path: Path, file: SlotFile) -> None:
    data = bytearray(encode_slot_file(file))
    data[8:10] = (2).to_bytes(2, "big")
    for name in NAMES:
        (tmp_path / name).write_bytes(resealed(data))
    with pytest.raises(VaultError, match="newer-version"):
        read_slot_file(tmp_path)


def test_a_key_that_is_another_vaults_is_damage_not_a_wrong_passphrase(file: SlotFile) -> None:
    other = bytearray(os.urandom(48))
    mixed = with_passphrase(file, 0, other, FIRST, cost=STANDARD_COST, randomness=os.urandom)
    with pytest.raises(VaultError, match="damaged"):
        unlock(mixed, FIRST)


def test_a_costlier_slot_stands_beside_the_others(file: SlotFile, key: bytearray) -> None:
    costlier = KdfCost(LIMITS.kdf_memory_floor_kib, 4, 2)
    both = with_passphrase(file, 2, key, "үшінші сынақ сөйлемі осы", cost=costlier, randomness=os.urandom)
    assert unlock(both, "үшінші сынақ сөйлемі осы") == key
    assert unlock(both, SECOND) == key
