"""What goes from the unlock process to the desk process, once, through a pipe nobody else reads.

One message: a length of four bytes, then deterministic CBOR ``{1: vault folder, 2: database key}``. The supervisor
only connects the two ends; it never holds the read end while a message is in it, so it never has a key. Before a
person unlocks, the pipe is empty; closed without a message means that they closed the window.

The unlock process keeps the pipe under a private number and turns its standard output into its standard error first,
so that nothing that prints can write into the message.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from kzdoc.encoding import decode, encode
from kzdoc.errors import KzdocError

MAX_MESSAGE = 65_536
KEY_BYTES = range(32, 129)
_STDIN, _STDOUT, _STDERR = 0, 1, 2


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
    message = encode({1: str(handover.folder), 2: bytes(handover.key)})
    data = len(message).to_bytes(4, "big") + message
    try:
        while data:
            data = data[os.write(descriptor, data) :]
        os.close(descriptor)
    except OSError as error:
        raise KzdocError("desk.handover") from error


def receive(descriptor: int = _STDIN) -> Handover | None:
    """Read the message, or return None when the other end closed without one.

    Raises:
        KzdocError: ``desk.handover`` when it is cut short, too long or not of its form.
    """
    head = _read(descriptor, 4)
    if not head:
        return None
    size = int.from_bytes(head, "big")
    if len(head) < 4 or size > MAX_MESSAGE:  # noqa: PLR2004 - the length's own four bytes
        raise KzdocError("desk.handover")
    untrusted_bytes = _read(descriptor, size)
    if len(untrusted_bytes) != size or _read(descriptor, 1):
        raise KzdocError("desk.handover")
    try:
        untrusted = decode(untrusted_bytes)
    except KzdocError as error:
        raise KzdocError("desk.handover") from error
    if not isinstance(untrusted, dict) or set(untrusted) != {1, 2}:
        raise KzdocError("desk.handover")
    folder, key = untrusted[1], untrusted[2]
    if not isinstance(folder, str) or not isinstance(key, bytes) or len(key) not in KEY_BYTES:
        raise KzdocError("desk.handover")
    return Handover(Path(folder), bytearray(key))


def _read(descriptor: int, size: int) -> bytes:
    data = b""
    try:
        while len(data) < size:
            piece = os.read(descriptor, size - len(data))
            if not piece:
                break
            data += piece
    except OSError as error:
        raise KzdocError("desk.handover") from error
    return data
