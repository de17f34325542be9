"""Pieces sealed under our own keys."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.crypto.sealing import OVERHEAD, open_bytes, seal_bytes
from kzdoc.errors import KzdocError

KEY = bytes(range(32))


@given(st.binary(max_size=300), st.binary(max_size=40))
def test_what_is_sealed_opens(plaintext, associated):
    sealed = seal_bytes(KEY, plaintext, associated=associated, randomness=os.urandom)
    assert len(sealed) == len(plaintext) + OVERHEAD
    assert open_bytes(KEY, sealed, associated=associated) == plaintext
    assert open_bytes(bytearray(KEY), sealed, associated=associated) == plaintext


@given(st.integers(0), st.integers(1, 255))
def test_any_changed_byte_is_refused(place, change):
    sealed = bytearray(seal_bytes(KEY, b"a draft", associated=b"draft", randomness=os.urandom))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(KzdocError, match=r"sealing.broken"):
        open_bytes(KEY, bytes(sealed), associated=b"draft")


@given(st.binary(max_size=200))
def test_anything_else_is_refused(data):
    with pytest.raises(KzdocError, match=r"sealing.broken"):
        open_bytes(KEY, data, associated=b"")


def test_another_place_or_key_is_refused():
    sealed = seal_bytes(KEY, b"x", associated=b"slot 1", randomness=os.urandom)
    for key, associated in ((KEY, b"slot 2"), (bytes(32), b"slot 1")):
        with pytest.raises(KzdocError, match=r"sealing.broken"):
            open_bytes(key, sealed, associated=associated)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_key_of_another_length_is_refused(size):
    with pytest.raises(KzdocError, match=r"sealing.key"):
        seal_bytes(bytes(size), b"x", associated=b"", randomness=os.urandom)
    with pytest.raises(KzdocError, match=r"sealing.key"):
        open_bytes(bytes(size), bytes(40), associated=b"")


def test_a_repeated_nonce_shows_equality_and_nothing_more():
    def stuck(size: int) -> bytes:
        return bytes(size)

    one = seal_bytes(KEY, b"aaaaaaaaaaaaaaaa", associated=b"", randomness=stuck)
    same = seal_bytes(KEY, b"aaaaaaaaaaaaaaaa", associated=b"", randomness=stuck)
    other = seal_bytes(KEY, b"aaaaaaaaaaaaaaab", associated=b"", randomness=stuck)
    assert one == same
    difference = bytes(left ^ right for left, right in zip(one[12:28], other[12:28], strict=True))
    assert difference != bytes(15) + b"\x03"


def test_a_published_vector():
    """RFC 8452, appendix C.2: AES-256-GCM-SIV of eight bytes, through the same cipher."""
    from kzdoc.crypto.sealing import _cipher

    key = bytes.fromhex("01" + "00" * 31)
    nonce = bytes.fromhex("03" + "00" * 11)
    made = _cipher(key).encrypt(nonce, bytes.fromhex("0100000000000000"), b"")
    assert made.hex() == "c2ef328e5c71c83b843122130f7364b761e0b97427e3df28"
