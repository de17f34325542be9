"""Bech32 against the published vectors of BIP 173, and back and forth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.crypto.bech32 import decode, encode
from kzdoc.errors import KzdocError


@given(st.binary(max_size=1300))
def test_back_and_forth(data):
    text = encode("age1pq", data)
    assert decode("age1pq", text) == data
    assert decode("age1pq", text.upper()) == data


def test_a_published_text_reads():
    text = "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"  # BIP 173
    assert decode("abcdef", text) == bytes.fromhex("00443214c74254b635cf84653a56d7c675be77df")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "abcdef1",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxx",
        "Abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "abcdeg1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "abcdef1bpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqx\u017f",
    ],
)
def test_malformed_texts_are_refused(text):
    with pytest.raises(KzdocError, match=r"key.malformed"):
        decode("abcdef", text)


@given(st.binary(min_size=1, max_size=40), st.integers(0), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l"))
def test_one_wrong_letter_is_noticed(data, place, letter):
    text = encode("age1pq", data)
    at = 7 + place % (len(text) - 7)
    changed = text[:at] + letter + text[at + 1 :]
    if changed != text:
        with pytest.raises(KzdocError):
            decode("age1pq", changed)
