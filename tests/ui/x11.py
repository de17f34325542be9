"""A real X server for tests, with real keyboard layouts: started here, ended by its own number."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MISSING = [name for name in ("Xvfb", "setxkbmap", "xdotool") if shutil.which(name) is None]
CONTROL, SHIFT, CAPS = 37, 50, 66
PATIENCE = 30.0

CODES = dict(zip("1234567890-=", range(10, 22), strict=True))
CODES |= dict(zip("qwertyuiop[]", range(24, 36), strict=True))
CODES |= dict(zip("asdfghjkl;'", range(38, 49), strict=True))
CODES |= dict(zip("zxcvbnm,./", range(52, 62), strict=True))
CODES |= {" ": 65, "\n": 36, "\t": 23, "F12": 96}
"""X keycodes of the physical keys, named as on the US layout."""


class Screen:
    """One X server."""

    def __init__(self, display: str) -> None:
        self.display = display

    def run(self, *command: str) -> str:
        """Run a program on this screen and return what it says."""
        env = {**os.environ, "DISPLAY": self.display}
        ended = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=PATIENCE)
        return ended.stdout.strip()

    def layout(self, name: str) -> None:
        """Make ``name`` the one layout."""
        self.run("setxkbmap", "-layout", name, "-option", "")

    def press(self, *keys: str, hold: int = 0) -> None:
        """Press physical keys one after the other, with ``hold`` held down."""
        steps = ["keydown", str(hold)] if hold else []
        for key in keys:
            steps += ["key", str(CODES[key])]
        steps += ["keyup", str(hold)] if hold else []
        self.run("xdotool", *steps)

    def focus(self, title: str) -> None:
        """Wait for the window and give it the keyboard (there is no window manager here)."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                windows = self.run("xdotool", "search", "--onlyvisible", "--name", title).split()
            except subprocess.CalledProcessError:
                windows = []
            if windows:
                self.run("xdotool", "windowfocus", "--sync", windows[-1])
                return
            time.sleep(0.1)
        raise TimeoutError(title)


@contextmanager
def screen(tmp_path: Path) -> Iterator[Screen]:
    """Start an X server that listens on no network, and end it."""
    reading, writing = os.pipe()
    with (tmp_path / "xvfb.log").open("wb") as log:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[writing],
            stdout=log,
            stderr=log,
        )
    os.close(writing)
    try:
        number = b""
        while not number.endswith(b"\n"):
            piece = os.read(reading, 16)
            if not piece:
                raise RuntimeError("Xvfb did not start")
            number += piece
        yield Screen(f":{number.decode().strip()}")
    finally:
        os.close(reading)
        server.terminate()
        server.wait(PATIENCE)


def start(shown: Screen, home: Path, *arguments: str, **streams: object) -> subprocess.Popen[bytes]:
    """Start a program of ours on the screen with a home of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    env = {**kept, "HOME": str(home), "DISPLAY": shown.display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, *arguments], env=env, cwd=ROOT, **streams)  # type: ignore[call-overload]
