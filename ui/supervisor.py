"""The supervisor: the window's life, without a key and without Qt.

It starts a short-lived *unlock* process and a *desk* process and connects the standard output of the first with the
standard input of the second; it closes its own ends before a person has typed anything, so no key passes through it.
While a desk works, the next unlock process waits hidden, so that a lock screen is there at once: as soon as a desk
says that its window is gone, also while it still finishes what it was saving. The next desk begins when it has ended.

What it says to an unlock process (its standard input): one JSON line ``{"show": "first"|"locked"|"crashed",
"vault": folder}``; the end of input means: go. What a desk says to it (its standard output): one JSON line
``{"vault": folder}``, so that the lock screen opens the same vault, and ``{"locking": true}`` when it begins to end.

Ends of a desk: 0 the person quit; 10 locked; 11 nothing was handed over; anything else is a crash, after which the
unlock window says that everything written is kept. A program that crashes again and again right away is given up.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kzdoc.errors import KzdocError

QUIT, LOCKED, NOTHING_CAME = 0, 10, 11
CLOSED = 20
"""How an unlock process ends when the person closes its window."""

BEAT = b"\n"
"""What a desk writes again and again, so that it notices when nobody reads any more."""

LOCKING = b'{"locking": true}\n'
"""What a desk writes when its window is hidden and it begins to end."""

Why = Literal["first", "locked", "crashed"]
_SOON_SECONDS = 5.0
_CRASHES_IN_A_ROW = 3
_LINE_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Parts:
    """The commands that start the two processes; tests give their own."""

    unlock: tuple[str, ...]
    desk: tuple[str, ...]


class Supervisor:
    """Runs unlock and desk in turn until the person quits."""

    def __init__(self, parts: Parts, *, vault: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self._parts = parts
        self._vault = vault
        self._clock = clock
        self._waiting: subprocess.Popen[bytes] | None = None
        self._shown = False
        """Whether the unlock process that waits was told to show itself already."""

    def run(self) -> int:
        """Return the program's exit status.

        Raises:
            KzdocError: ``desk.cannot-start`` when a process cannot be started or crashes again and again at once.
        """
        why: Why = "first"
        crashes = 0
        try:
            while True:
                began = self._clock()
                status = self._one_sitting(why)
                if status in (QUIT, NOTHING_CAME):
                    return 0
                why = "locked" if status == LOCKED else "crashed"
                soon = self._clock() - began < _SOON_SECONDS
                crashes = crashes + 1 if why == "crashed" and soon else 0
                if crashes >= _CRASHES_IN_A_ROW:
                    raise KzdocError("desk.cannot-start")
        finally:
            self._dismiss()

    def _one_sitting(self, why: Why) -> int:
        """Show the unlock window, then the desk; return how the desk, or the person before it, ended."""
        unlock = self._waiting or self._start_unlock()
        shown, self._waiting, self._shown = self._shown, None, False
        desk = _start(self._parts.desk, stdin=unlock.stdout, stdout=subprocess.PIPE)
        if unlock.stdout is not None:
            unlock.stdout.close()
        if not shown:
            _say(unlock, {"show": why, "vault": self._vault})
        ended = unlock.wait()
        self._listen(desk, ended)
        status = desk.wait()
        if status == NOTHING_CAME and ended not in (0, CLOSED):
            return ended
        return status

    def _start_unlock(self) -> subprocess.Popen[bytes]:
        return _start(self._parts.unlock, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _listen(self, desk: subprocess.Popen[bytes], ended: int) -> None:
        """Read the desk's first line, which comes when it has opened, and only then warm the next unlock process up.

        Of the rest of the desk's output only that it locks is heard.
        """
        if desk.stdout is None:
            return
        with desk.stdout:
            while (untrusted := desk.stdout.readline(_LINE_BYTES)) == BEAT:
                pass
            with contextlib.suppress(ValueError, KeyError, TypeError):
                self._vault = str(json.loads(untrusted)["vault"])
            if ended == 0:
                self._waiting = self._start_unlock()
            while untrusted := desk.stdout.readline(_LINE_BYTES):
                if untrusted == LOCKING and self._waiting is not None and not self._shown:
                    self._shown = True
                    _say(self._waiting, {"show": "locked", "vault": self._vault})

    def _dismiss(self) -> None:
        """Let a waiting unlock process go."""
        if self._waiting is None:
            return
        for stream in (self._waiting.stdin, self._waiting.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        try:
            self._waiting.wait(_SOON_SECONDS)
        except subprocess.TimeoutExpired:
            self._waiting.kill()
            self._waiting.wait()
        self._waiting = None


def _start(command: tuple[str, ...], *, stdin: object, stdout: object) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(list(command), stdin=stdin, stdout=stdout)  # type: ignore[call-overload,no-any-return]
    except OSError as error:
        raise KzdocError("desk.cannot-start") from error


def _say(unlock: subprocess.Popen[bytes], words: dict[str, str]) -> None:
    """Send the one line; the pipe stays open, because its end tells the process that we are gone."""
    if unlock.stdin is None:
        return
    with contextlib.suppress(OSError):
        unlock.stdin.write(json.dumps(words).encode() + b"\n")
        unlock.stdin.flush()
