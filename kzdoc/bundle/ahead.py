"""What a child writes, read before it is asked for, so that neither waits for the other.

Rules: little is ahead (some megabytes); what is no frame ends the stream as its end does.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import BinaryIO

from kzdoc.bundle.frames import FRAME
from kzdoc.limits import LIMITS

PATIENCE = 0.1
"""Seconds after which whoever waits says that he still does."""

FAR = 4 << 20
"""So many bytes of what the child wrote may wait to be looked at; then no more is read until some were."""


class Ahead:
    """The frames a child writes, read on a thread of their own before they are asked for: a few, of not many bytes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting: deque[tuple[int, bytes] | None] = deque()
        self._change = threading.Condition()
        self._stopped = False

    def run(self) -> None:
        """Read until the stream ends or ``stop`` was called; reads on while little is waiting."""
        frame: tuple[int, bytes] | None = (0, b"")
        while frame is not None:
            frame = None
            with contextlib.suppress(OSError, ValueError):  # the child was ended
                frame = self._read()
            with self._change:
                self._waiting.append(frame)
                self._change.notify_all()
                self._change.wait_for(self._may_read)
                frame = None if self._stopped else frame

    def take(self, waiting: Callable[[], object]) -> tuple[int, bytes] | None:
        """Return the next frame, None after the last; calls ``waiting`` before, and ten times a second meanwhile."""
        while True:
            waiting()
            with self._change:
                if self._change.wait_for(lambda: bool(self._waiting), PATIENCE):
                    self._change.notify_all()
                    return self._waiting.popleft()

    def stop(self) -> None:
        """Read no further, whatever is still waiting."""
        with self._change:
            self._stopped = True
            self._change.notify_all()

    def _may_read(self) -> bool:
        return self._stopped or sum(len(one[1]) for one in self._waiting if one) < FAR

    def _read(self) -> tuple[int, bytes] | None:
        head = self._stream.read(FRAME)
        size = int.from_bytes(head[1:], "big")
        if len(head) != FRAME or size > 8 * LIMITS.item:
            return None
        payload = self._stream.read(size)
        return (head[0], payload) if len(payload) == size else None
