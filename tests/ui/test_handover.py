"""The one message between the processes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kzdoc.encoding import encode
from kzdoc.errors import KzdocError
from ui.handover import MAX_MESSAGE, Handover, receive, send

KEY = bytes(range(32))


def _through(data: bytes) -> Handover | None:
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    try:
        return receive(reading)
    finally:
        os.close(reading)


def _framed(value: object) -> bytes:
    message = encode(value)  # type: ignore[arg-type]
    return len(message).to_bytes(4, "big") + message


def test_send_and_receive() -> None:
    reading, writing = os.pipe()
    send(writing, Handover(Path("/home/тест/vault"), bytearray(KEY)))
    got = receive(reading)
    os.close(reading)
    assert got is not None
    assert (got.folder, bytes(got.key)) == (Path("/home/тест/vault"), KEY)
    got.wipe()
    assert bytes(got.key) == bytes(32)
    assert "key" not in repr(got)


def test_nothing_came() -> None:
    assert _through(b"") is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00",
        (MAX_MESSAGE + 1).to_bytes(4, "big"),
        _framed({1: "/v", 2: KEY})[:-1],
        _framed({1: "/v", 2: KEY}) + b"x",
        _framed({1: "/v", 2: b"short"}),
        _framed({1: 7, 2: KEY}),
        _framed({1: "/v"}),
        _framed([1]),
        b"\x00\x00\x00\x02\xff\xff",
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(KzdocError, match=r"desk\.handover"):
        _through(data)


def test_nobody_at_the_other_end() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(KzdocError, match=r"desk\.handover"):
        send(writing, Handover(Path("/v"), bytearray(KEY)))
