"""The whole program on a real screen: make a vault, lock it, open it again, quit; by keys alone."""

from __future__ import annotations

import contextlib
import subprocess
import time
from pathlib import Path

import pytest

from tests.ui import x11

pytestmark = [pytest.mark.x11, pytest.mark.skipif(bool(x11.MISSING), reason=f"needs {x11.MISSING}")]

PASSPHRASE = "window lamp river copper seven tulip bridge"
PATIENCE = 60.0
LOCK_SCREEN_SECONDS = 30.0


class Program:
    """The running program and the windows it shows."""

    def __init__(self, shown: x11.Screen, home: Path) -> None:
        self.screen = shown
        self.process = x11.start(shown, home, "-m", "ui", stderr=subprocess.DEVNULL)

    def window(self, part: str, patience: float = PATIENCE) -> int:
        """Wait for a visible window of the process ``ui.part``, focus it, and return the process's number."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            for window in self._windows():
                with contextlib.suppress(subprocess.CalledProcessError):  # it may go while one looks
                    number = int(self.screen.run("xdotool", "getwindowpid", window))
                    if f"ui.{part}" in command_of(number):
                        self.screen.run("xdotool", "windowfocus", "--sync", window)
                        time.sleep(0.5)
                        return number
            time.sleep(0.05)
        raise TimeoutError(part)

    def type(self, text: str) -> None:
        self.screen.press(*text)

    def _windows(self) -> list[str]:
        try:
            return self.screen.run("xdotool", "search", "--onlyvisible", "--name", "^kzdoc$").split()
        except subprocess.CalledProcessError:
            return []


def command_of(number: int) -> str:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().decode().replace("\0", " ")
    except OSError:
        return ""


def gone(number: int) -> bool:
    try:
        return "\nState:\tZ" in Path(f"/proc/{number}/status").read_text()
    except OSError:
        return True


@pytest.fixture
def program(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with x11.screen(tmp_path) as shown:
        shown.layout("us")
        made = Program(shown, home)
        try:
            yield made, home
        finally:
            if made.process.poll() is None:
                made.process.terminate()
            made.process.wait(PATIENCE)


def test_make_lock_open_quit(program) -> None:
    made, home = program
    made.window("unlock")
    made.type("aigul\n" + PASSPHRASE + "\n" + PASSPHRASE + "\n")
    desk = made.window("desk")
    time.sleep(2.0)  # the next lock screen warms up

    began = time.monotonic()
    made.screen.press("F12")
    unlock = made.window("unlock")
    assert time.monotonic() - began < LOCK_SCREEN_SECONDS
    assert gone(desk)  # the process that held the keys has ended
    made.type("wrong words\n")
    time.sleep(2.0)
    assert not gone(unlock)
    again = _open(made)
    assert again != desk
    assert gone(unlock)
    made.screen.press("q", hold=x11.CONTROL)
    assert made.process.wait(PATIENCE) == 0
    assert gone(again)

    left = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    strange = {name for name in left if not name.startswith((".local/share/kzdoc/vault/", ".cache/fontconfig/"))}
    assert strange <= {".config/kzdoc/desk.json"}
    assert not any(b"aigul" in (home / name).read_bytes() for name in left)


def _open(made: Program) -> int:
    """Type the passphrase; again, when the one before was still being tried (Enter waits for it on a busy machine)."""
    for _ in range(4):
        made.screen.press("a", hold=x11.CONTROL)
        made.type(PASSPHRASE + "\n")
        with contextlib.suppress(TimeoutError):
            return made.window("desk", 15.0)
    raise TimeoutError("desk")


def test_an_environment_that_shows_the_screen_elsewhere_is_refused(tmp_path) -> None:
    kept = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "QT_QPA_PLATFORM": "vnc"}
    ended = subprocess.run(
        [x11.sys.executable, "-m", "ui"], env=kept, cwd=x11.ROOT, capture_output=True, check=False, timeout=PATIENCE
    )
    assert ended.returncode == 1
    assert ended.stderr.decode().strip()
    assert b"Traceback" not in ended.stderr
