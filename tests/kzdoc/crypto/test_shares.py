"""Shares: any k of n give the secret back, fewer say nothing, and the published vectors of SLIP-39 hold."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest

from kzdoc.crypto.shares import combine, interpolate, split
from kzdoc.errors import InputError

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/shares/slip39.json").read_text(encoding="utf-8"))
SECRET = bytes(range(16))


def made(secret=SECRET, needed=3, total=5):
    return dict(enumerate(split(secret, needed=needed, total=total, randomness=os.urandom)))


def test_all_ten_triples_of_five_restore_and_all_pairs_fail():
    shares = made()
    for three in combinations(shares, 3):
        assert combine({number: shares[number] for number in three}) == SECRET
    for two in combinations(shares, 2):
        with pytest.raises(InputError, match=r"share.together"):
            combine({number: shares[number] for number in two})


def test_pairs_of_a_set_that_asks_for_fewer_would_open():
    shares = made(needed=2)
    assert all(combine({number: shares[number] for number in two}) == SECRET for two in combinations(shares, 2))


@pytest.mark.parametrize(("needed", "total"), [(2, 2), (2, 3), (5, 5), (2, 16), (16, 16)])
@pytest.mark.parametrize("size", [16, 32])
def test_any_counts_within_the_limits(needed, total, size):
    secret = os.urandom(size)
    shares = made(secret, needed, total)
    assert len(shares) == total
    assert combine({number: shares[number] for number in list(shares)[-needed:]}) == secret


@pytest.mark.parametrize(("needed", "total"), [(1, 3), (0, 0), (4, 3), (2, 17)])
def test_other_counts_are_refused(needed, total):
    with pytest.raises(InputError, match=r"share.counts"):
        made(SECRET, needed, total)


def test_shares_of_two_sets_do_not_belong_together():
    one, two = made(), made()
    with pytest.raises(InputError, match=r"share.together"):
        combine({0: one[0], 1: one[1], 2: two[2]})


def spread(secret):
    """Return chi-square of the first byte of one share over many splittings, 255 degrees of freedom."""
    counts = Counter(split(secret, needed=2, total=3, randomness=os.urandom)[1][5] for _ in range(4096))
    return sum((counts[byte] - 16) ** 2 / 16 for byte in range(256))


@pytest.mark.parametrize("secret", [bytes(16), SECRET])
def test_one_share_fewer_is_random_whatever_the_secret(secret):
    assert spread(secret) < 370  # one in ten million for a good one


def test_a_scheme_that_leaks_would_be_noticed():
    counts = Counter(leaking(SECRET)[1][5] for _ in range(4096))
    assert sum((counts[byte] - 16) ** 2 / 16 for byte in range(256)) > 370


def leaking(secret):
    """Return shares whose randomness is only half random: a twin that must be caught."""
    return split(secret, needed=2, total=3, randomness=lambda size: bytes(byte & 0x0F for byte in os.urandom(size)))


def test_the_field_is_that_of_aes():
    # FIPS 197 §4.2: {57} · {83} = {c1}; the line through (0, 0) and (1, 57) has 57 · 83 at 83.
    assert interpolate({0: b"\x00", 1: b"\x57"}, 0x83) == b"\xc1"


# --- SLIP-39, read only as far as the test needs


def taken_apart(words):
    number = 0
    for word in words:
        number = number << 10 | word
    size = len(words) * 10
    bits = (len(words) - 7) * 10

    def part(at, length):
        return number >> (size - at - length) & ((1 << length) - 1)

    value = (number >> 30) & ((1 << bits) - 1)
    return {
        "identifier": part(0, 15),
        "extendable": part(15, 1),
        "exponent": part(16, 4),
        "group": part(20, 4),
        "member": part(32, 4),
        "value": value.to_bytes(bits // 16 * 2, "big"),
    }


def deciphered(sealed, share, passphrase=b"TREZOR"):
    """Return SLIP-39's master secret: four rounds of Feistel over PBKDF2."""
    half = len(sealed) // 2
    left, right = sealed[:half], sealed[half:]
    salt = b"" if share["extendable"] else b"shamir" + share["identifier"].to_bytes(2, "big")
    for step in reversed(range(4)):
        rounds = (10_000 << share["exponent"]) // 4
        key = hashlib.pbkdf2_hmac("sha256", bytes([step]) + passphrase, salt + right, rounds, dklen=half)
        left, right = right, bytes(one ^ two for one, two in zip(left, key, strict=True))
    return right + left


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: vector["what"])
def test_the_published_vectors(vector):
    shares = [taken_apart(words) for words in vector["mnemonics"]]
    groups = {}
    for share in shares:
        groups.setdefault(share["group"], {})[share["member"]] = share["value"]
    whole = {group: combine(members) if len(members) > 1 else members for group, members in groups.items()}
    sealed = combine(whole) if len(whole) > 1 else next(iter(whole.values()))
    assert deciphered(bytes(sealed), shares[0]).hex() == vector["secret"]
