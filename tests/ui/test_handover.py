"""The one message between the processes."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

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


def _framed(folder: bytes, key: bytes) -> bytes:
    return b"".join(len(part).to_bytes(4, "big") + part for part in (folder, key))


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


def test_a_message_in_pieces() -> None:
    reading, writing = os.pipe()
    folder = "/home/" + "т" * 20_000  # longer than a pipe takes at once, with what follows
    teller = threading.Thread(target=send, args=(writing, Handover(Path(folder), bytearray(KEY))))
    teller.start()
    got = receive(reading)
    teller.join()
    os.close(reading)
    assert got is not None
    assert (str(got.folder), bytes(got.key)) == (folder, KEY)


def test_nothing_came() -> None:
    assert _through(b"") is None


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x00",
        (MAX_MESSAGE + 1).to_bytes(4, "big"),
        _framed(b"/v", KEY)[:-1],
        _framed(b"/v", KEY) + b"x",
        _framed(b"/v", b"short"),
        _framed(b"/v", bytes(200)),
        _framed(b"", KEY),
        _framed(b"/v", KEY)[:6],
        _framed(b"/v", KEY)[:8],
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
