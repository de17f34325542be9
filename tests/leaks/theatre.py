"""Sets the stage for whole sittings at the window: a throw-away home, the plan, the program under strace or not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.leaks import trace
from tests.leaks.trace import Trace, environment
from tests.ui import x11

PASSPHRASE = "қарлығаш жалын көпір тас бөрене шалғай түтін"
"""Stands in no other file: a process that imports a test which names it would hold it for a bad reason."""
PATIENCE = 180.0


@dataclass
class Theatre:
    """A running program: its control folder, its home, what it left."""

    control: Path
    home: Path
    process: subprocess.Popen[bytes]
    log: Path | None
    stderr: bytes = b""
    status: int | None = None
    ended: list[int] = field(default_factory=list)

    def wait_for(self, name: str) -> None:
        """Wait until a hand says it is there."""
        end = time.monotonic() + PATIENCE
        while not (self.control / name).exists():
            if self.process.poll() is not None or b"HAND " in self._said():
                raise RuntimeError(f"the program ended before {name}: {self._said().decode()}")
            if time.monotonic() > end:
                raise TimeoutError(name)
            time.sleep(0.05)

    def go_on(self, name: str) -> None:
        """Let the hand that waits go on."""
        (self.control / f"{name}.go").touch()

    def part(self, word: str) -> int:
        """Return the process whose command line ends with a part's name, newest last."""
        from tests.leaks.memory import family

        found = [one for one in family(self.process.pid) if _is_part(one, word)]
        return found[-1]

    def end(self) -> int:
        """Let the unlock window close and return the exit status."""
        (self.control / "close").touch()
        self.status = self.process.wait(PATIENCE)
        self.stderr = self._said()
        return self.status

    def trace(self) -> Trace:
        """Return what was recorded."""
        assert self.log is not None
        return trace.read(self.log.parent, started_in=self.home)

    def _said(self) -> bytes:
        return (self.control / "stderr").read_bytes()


def _is_part(number: int, word: str) -> bool:
    try:
        words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return b"tests.leaks.hands" in words and word.encode() in words


@contextmanager
def play(
    folder: Path,
    plan: Sequence[Sequence[str]],
    *,
    traced: bool,
    home: Path | None = None,
    twin: bool = False,
    screen: x11.Screen | None = None,
) -> Iterator[Theatre]:
    """Start the program on a plan; whatever is left of it afterwards is ended. A ``twin`` keeps what it should not."""
    control = folder / "control"
    control.mkdir(parents=True)
    if twin:
        (control / "twin").touch()
    home = home or folder / "home"
    shown = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": screen.display} if screen else {"QT_QPA_PLATFORM": "offscreen"}
    own = environment(home, **shown)
    (control / "plan.json").write_text(json.dumps(plan))
    (control / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    words = [sys.executable, "-m", "tests.leaks.sitting", str(control), str(home / "vault")]
    log = None
    if traced:
        log = folder / "record" / "t"
        log.parent.mkdir()
        words = trace.command(log, words)
    with (control / "stderr").open("wb") as said:
        process = subprocess.Popen(
            words, cwd=home, env=own, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
    theatre = Theatre(control, home, process, log)
    try:
        yield theatre
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE)
