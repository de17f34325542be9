"""The clipboard on a real screen, as another program sees it: what was copied goes away by itself and on locking."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui import x11
from tests.ui.probe_clipboard import WORDS

pytestmark = [pytest.mark.x11, pytest.mark.skipif(bool(x11.MISSING), reason=f"needs {x11.MISSING}")]


class Probe:
    """One of the two programs, spoken to by lines."""

    def __init__(self, shown: x11.Screen, home: Path, *words: str) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = x11.start(shown, home, "-m", "tests.ui.probe_clipboard", *words, **pipes)
        assert self._hear() == "ready"

    def ask(self, word: str = "look") -> object:
        assert self.process.stdin is not None
        self.process.stdin.write(word.encode() + b"\n")
        self.process.stdin.flush()
        return self._hear()

    def _hear(self) -> object:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


class Board:
    """A program that copies and one that looks."""

    def __init__(self, shown: x11.Screen, home: Path) -> None:
        self.shown, self.home = shown, home
        self.probes: list[Probe] = []

    def start(self, *words: str) -> Probe:
        self.probes.append(Probe(self.shown, self.home, *words))
        return self.probes[-1]


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    with x11.screen(tmp_path) as shown:
        made = Board(shown, tmp_path)
        try:
            yield made
        finally:
            for probe in made.probes:
                probe.end()


def gone(look: Probe, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if look.ask()[:2] == ["", ""]:  # type: ignore[index]
            return True
        time.sleep(0.1)
    return False


def test_what_is_copied_is_marked_and_goes_away_by_itself(board: Board) -> None:
    look, copy = board.start("look"), board.start("copy", "watched", "1500")
    copy.ask("copy")
    assert look.ask() == [WORDS, WORDS, True]
    assert gone(look, 10)


def test_locking_takes_it_away_at_once(board: Board) -> None:
    look, copy = board.start("look"), board.start("copy", "watched", "600000")
    copy.ask("copy")
    copy.ask("mark")
    seen = look.ask()
    assert seen[0] == WORDS  # type: ignore[index]
    assert seen[1]  # type: ignore[index]
    copy.ask("clear")
    assert gone(look, 5)


def test_what_somebody_else_copied_is_left_alone(board: Board) -> None:
    look, copy, other = board.start("look"), board.start("copy", "watched", "1000"), board.start("copy", "plain")
    copy.ask("copy")
    other.ask("copy")
    time.sleep(1.5)
    copy.ask("clear")
    assert look.ask() == [WORDS, WORDS, False]


def test_without_the_watch_it_would_stay(board: Board) -> None:
    """The twin: were this to fail, the tests above would show nothing."""
    look, copy = board.start("look"), board.start("copy", "plain")
    copy.ask("copy")
    assert not gone(look, 2.5)
