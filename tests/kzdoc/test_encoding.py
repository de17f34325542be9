"""The one encoding refuses at once what would stand for more than it is: references, tags, claims of length, depth."""

from __future__ import annotations

import time

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.bundle.armour import wrap
from kzdoc.bundle.cards import read_card
from kzdoc.encoding import (
    decode,
    decode_flat,
    decode_unjudged,
    encode,
    encode_ordered,
    spelled_head,
    spelled_number,
)
from kzdoc.errors import BundleError, KzdocError

READERS = (decode, decode_flat, decode_unjudged)


def bomb(levels: int, width: int) -> bytes:
    """Return an array each part of which names the one before it ``width`` times."""
    shared, named = b"\xd8\x1c", b"\xd8\x1d"
    parts = [shared + b"\x81\x41x"]
    parts += [shared + bytes((0x80 + width,)) + (named + bytes((level,))) * width for level in range(levels - 1)]
    return bytes((0x80 + levels,)) + b"".join(parts)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "data",
    [
        bomb(20, 15),
        b"\xd8\x1c\x81\xd8\x1d\x00",  # an array that contains itself
        b"\x81" * 60_000 + b"\x00",
        b"\x9a\xff\xff\xff\xff",
        b"\x5b\x00\x00\x00\xff\xff\xff\xff\xff",
        b"\xc4\x82\x1a\x7f\xff\xff\xff\x01",  # ten to the power of two thousand millions
        b"\xd8\x23\x66(a+)+$",
        b"\xda\x00\x01\x00\x00\x00",
    ],
)
def test_few_bytes_that_stand_for_many_are_refused_at_once(read, data: bytes) -> None:
    began = time.process_time()
    with pytest.raises(KzdocError, match=r"encoding\.malformed"):
        read(data)
    assert time.process_time() - began < 1


@given(st.integers(-(2**63), 2**64 - 1) | st.integers(-5, 2**17))
def test_a_number_is_spelled_as_the_one_encoding_spells_it(number: int) -> None:
    assert spelled_number(number) == encode(number)
    if number >= 0:
        assert spelled_head(0, number) == encode(number)


@pytest.mark.parametrize("size", [0, 1, 23, 24, 255, 256, 65_535, 65_536])
def test_a_head_is_spelled_as_the_one_encoding_spells_it(size: int) -> None:
    for kind, value in ((2, bytes(size)), (3, "a" * size), (4, [0] * size), (5, dict.fromkeys(range(size), 0))):
        head = spelled_head(kind, size)
        assert encode(value)[: len(head)] == head


def test_a_length_that_no_head_can_tell_is_refused() -> None:
    with pytest.raises(KzdocError, match=r"encoding\.type"):
        spelled_head(2, 2**64)


@given(st.dictionaries(st.integers(0, 2**32), st.binary(max_size=300), max_size=12))
def test_what_is_in_order_already_is_spelled_the_same_way(numbered: dict[int, bytes]) -> None:
    in_order = [b"raw", dict(sorted(numbered.items())), {7: "sealed"}]
    assert encode_ordered(in_order) == encode(in_order)


def test_a_card_that_would_stand_for_more_than_memory_holds_is_refused() -> None:
    with pytest.raises(BundleError, match=r"card\.malformed"):
        read_card(wrap("card", bomb(20, 15), bytes(3_373), bytes(3_373)))


def test_the_library_alone_would_follow_the_references() -> None:
    assert len(cbor2.dumps(cbor2.loads(bomb(5, 15)))) > 50 * len(bomb(5, 15))
