"""What goes from the unlock process to the desk process, once, through a pipe nobody else reads.

One message: the folder's length in four bytes and the folder in UTF-8, then the key's length in four bytes and the
key, which is read straight into the one buffer that is wiped: what a decoder made would stay behind in memory. The
supervisor only connects the two ends; it never holds the read end while a message is in it, so it never has a key.
Before a person unlocks, the pipe is empty; closed without a message means that they closed the window.

The unlock process keeps the pipe under a private number and turns its standard output into its standard error first,
so that nothing that prints can write into the message.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from pathlib import Path

from kzdoc.errors import KzdocError

MAX_MESSAGE = 65_536
KEY_BYTES = range(32, 129)
_STDIN, _STDOUT, _STDERR = 0, 1, 2
_HEAD = 4


@dataclass(frozen=True, slots=True)
class Handover:
    """A vault's folder and the key of its database; the key is wiped by who opened the session with it."""

    folder: Path
    key: bytearray = field(repr=False)

    def wipe(self) -> None:
        """Overwrite the key in place."""
        self.key[:] = bytes(len(self.key))


def take_standard_output() -> int:
    """Return a private descriptor of this process's standard output and send what prints to standard error."""
    private = os.dup(_STDOUT)
    os.dup2(_STDERR, _STDOUT)
    return private


def send(descriptor: int, handover: Handover) -> None:
    """Write the one message and close the descriptor.

    Raises:
        KzdocError: ``desk.handover`` when nobody reads at the other end.
    """
    folder = str(handover.folder).encode("utf-8", "surrogateescape")
    parts: list[bytes | bytearray] = [_length(folder), folder, _length(handover.key), handover.key]
    try:
        for part in parts:
            with memoryview(part) as rest:
                done = 0
                while done < len(rest):
                    done += os.write(descriptor, rest[done:])
        os.close(descriptor)
    except OSError as error:
        raise KzdocError("desk.handover") from error


def receive(descriptor: int = _STDIN) -> Handover | None:
    """Read the message, or return None when the other end closed without one.

    Raises:
        KzdocError: ``desk.handover`` when it is cut short, too long or not of its form.
    """
    head = _read(descriptor, _HEAD)
    if not head:
        return None
    untrusted_folder = _read(descriptor, _size(head, range(1, MAX_MESSAGE)), whole=True)
    key = _read(descriptor, _size(_read(descriptor, _HEAD), KEY_BYTES), whole=True)
    if _read(descriptor, 1):
        raise KzdocError("desk.handover")
    try:
        folder = untrusted_folder.decode("utf-8", "surrogateescape")
    except UnicodeDecodeError as error:
        raise KzdocError("desk.handover") from error
    return Handover(Path(folder), key)


def _length(part: bytes | bytearray) -> bytes:
    return len(part).to_bytes(_HEAD, "big")


def _size(head: bytearray, allowed: range) -> int:
    size = int.from_bytes(head, "big")
    if len(head) < _HEAD or size not in allowed:
        raise KzdocError("desk.handover")
    return size


def _read(descriptor: int, size: int, *, whole: bool = False) -> bytearray:
    """Read up to ``size`` bytes into one buffer that never moves; with ``whole`` fewer are refused."""
    data = bytearray(size)
    done = 0
    try:
        with io.FileIO(descriptor, "rb", closefd=False) as source, memoryview(data) as view:
            while done < size and (got := source.readinto(view[done:])):
                done += got
    except OSError as error:
        raise KzdocError("desk.handover") from error
    if whole and done < size:
        raise KzdocError("desk.handover")
    del data[done:]
    return data
