"""Pieces of tests/faults/work.py in a process of their own, forked from this one: nothing is done twice."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kzdoc.platform.hardening import load_sqlcipher
from tests.faults import work


class Child:
    """A process at work; it begins when it is let go."""

    def __init__(self, name: str, folder: Path, key: bytes, *arguments: str) -> None:
        load_sqlcipher()  # once, before the fork
        go, self._go = os.pipe()
        self._said, say = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._go)
            os.dup2(say, 1)
            os.read(go, 1)
            _work(name, folder, key, *arguments)
        os.close(go)
        os.close(say)
        self._left = b""
        self._ended = False

    def let_go(self) -> None:
        """Let it begin."""
        os.write(self._go, b"!")

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield what it says, as it says it, until it ends; a line it could not finish is not one."""
        while data := os.read(self._said, 65536):
            self._left += data
            *whole, self._left = self._left.split(b"\n")
            yield from (json.loads(line) for line in whole)

    def kill(self) -> None:
        """Kill it, without a chance to do anything more."""
        os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int:
        """Wait for its end and return its status."""
        _, status = os.waitpid(self.pid, 0)
        os.close(self._said)
        os.close(self._go)
        return os.waitstatus_to_exitcode(status)


def _work(name: str, folder: Path, key: bytes, *arguments: str) -> None:
    """Do the work and end without anything that the parent's interpreter would do at its end."""
    status = 1
    try:
        sys.argv = ["work", str(folder), name, *arguments]
        sys.stdin = io.StringIO(key.hex() + "\n")
        work.WORK[name](folder)
        status = 0
    except BaseException:  # noqa: BLE001 - nothing may return into the parent's tests
        traceback.print_exc()
    finally:
        os._exit(status)


@contextmanager
def failing(child: Child, *calls: str, error: str, when: str, trace: Path) -> Iterator[None]:
    """Let calls of the child fail while the block runs: the ``when``-th ("7"), or that and all after it ("7+")."""
    spy = subprocess.Popen(
        [
            *("strace", "-f", "-y", "-p", str(child.pid), "-o", str(trace), "-e", f"trace={','.join(calls)},writev"),
            *("-e", f"inject={','.join(calls)}:error={error}:when={when}"),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert spy.stderr
        attached = spy.stderr.readline()
        assert "attached" in attached, attached
        yield
    finally:
        spy.communicate()
