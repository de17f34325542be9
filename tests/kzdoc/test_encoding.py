"""The one encoding refuses at once what would stand for more than it is: references, tags, claims of length, depth."""

from __future__ import annotations

import time

import cbor2
import pytest

from kzdoc.bundle.armour import wrap
from kzdoc.bundle.cards import read_card
from kzdoc.encoding import decode, decode_flat, decode_unjudged
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


def test_a_card_that_would_stand_for_more_than_memory_holds_is_refused() -> None:
    with pytest.raises(BundleError, match=r"card\.malformed"):
        read_card(wrap("card", bomb(20, 15), bytes(3_373), bytes(3_373)))


def test_the_library_alone_would_follow_the_references() -> None:
    assert len(cbor2.dumps(cbor2.loads(bomb(5, 15)))) > 50 * len(bomb(5, 15))
