"""Real layouts on a real X server: every command by its key, digits from the Kazakh row, Qt's own shortcuts as twin."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.ui import x11

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.x11, pytest.mark.skipif(bool(x11.MISSING), reason=f"needs {x11.MISSING}")]

LAYOUTS = ("kz", "ru", "us")


class Probe:
    """The probe window in its own process."""

    def __init__(self, shown: x11.Screen, process: subprocess.Popen[bytes]) -> None:
        self.screen, self.process = shown, process
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(json.loads(line))

    def heard(self, seconds: float = 10.0) -> dict[str, Any]:
        """Return the next thing the window said."""
        return self._said.get(timeout=seconds)

    def last(self, quiet: float = 0.7) -> dict[str, Any] | None:
        """Return the last thing it said before it was quiet for a moment."""
        last = None
        while True:
            try:
                last = self._said.get(timeout=quiet)
            except queue.Empty:
                return last

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def probing(tmp_path: Path, layout: str, *arguments: str) -> Iterator[Probe]:
    """Show the probe under one layout on a screen of its own."""
    with x11.screen(tmp_path) as shown:
        shown.layout(layout)
        program = str(x11.ROOT / "tests/ui/probe_window.py")
        made = Probe(shown, x11.start(shown, tmp_path, program, *arguments, stdout=subprocess.PIPE))
        try:
            assert made.heard(30) == {"ready": True}
            shown.focus("kzdoc-probe")
            made.last()
            yield made
        finally:
            made.end()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_desk_under_a_real_layout(tmp_path, layout) -> None:
    with probing(tmp_path, layout) as window:
        _commands(window)
        _fields(window, layout)
        _secret(window, layout)


def _commands(window: Probe) -> None:
    screen = window.screen
    for key in "klj10=":
        screen.press(key, hold=x11.CONTROL)
        assert window.heard() == {"command": f"Ctrl+{key.upper()}"}
    screen.press("F12")
    assert window.heard() == {"command": "F12"}


def _fields(window: Probe, layout: str) -> None:
    screen = window.screen
    screen.press(*"f1")
    written = {"kz": 'а"', "ru": "а1", "us": "f1"}[layout]
    assert window.last() == {"field": "words", "text": written}
    screen.press("a", hold=x11.CONTROL)  # select all and cut by physical key
    screen.press("x", hold=x11.CONTROL)
    assert window.last() == {"field": "words", "text": ""}
    screen.press("v", hold=x11.CONTROL)
    assert window.last() == {"field": "words", "text": written}

    screen.press("\t", *"1234567890")
    assert window.last() == {"field": "number", "text": "1234567890"}
    dot = "." if layout == "us" else "/"  # the full stop's own key in each
    screen.press("\t", *"17", dot, *"11", dot, *"2026")
    assert window.last() == {"field": "date", "text": "17.11.2026"}


def _secret(window: Probe, layout: str) -> None:
    screen = window.screen
    screen.press("\t", "f")
    told = window.last()
    assert told is not None
    assert told["layout"] == ("en" if layout == "us" else "cyrillic")
    assert told["caps"] is False
    screen.press("2")
    if layout == "kz":
        assert window.last() == {"layout": "kk", "caps": False}
    screen.run("xdotool", "key", str(x11.CAPS))
    screen.press("f")
    told = window.last()
    assert told is not None
    assert told["caps"] is True


def test_words_in_a_date_under_kazakh(tmp_path) -> None:
    with probing(tmp_path, "kz") as window:
        window.screen.press("\t", "\t", *"5 0shrq8tr 2019")
        assert window.last() == {"field": "date", "text": "5 қыркйүек 2019"}


@pytest.mark.parametrize(("layout", "letter", "digit"), [("kz", False, False), ("ru", False, True), ("us", True, True)])
def test_qts_own_shortcuts_would_be_dead(tmp_path, layout, letter, digit) -> None:
    with probing(tmp_path, layout, "plain") as window:
        window.screen.press("b", hold=x11.CONTROL)
        assert window.last() == ({"shortcut": 0} if letter else None)
        window.screen.press("2", hold=x11.CONTROL)
        assert window.last() == ({"shortcut": 1} if digit else None)
        window.screen.press("f")
        assert window.last() is not None
        window.screen.press("a", hold=x11.CONTROL)
        window.screen.press("x", hold=x11.CONTROL)
        assert (window.last() is None) is not letter
