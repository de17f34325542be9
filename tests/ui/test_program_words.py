"""The words the program is started with, asked of the real process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home)}
    command = [sys.executable, "-m", "ui", *words]
    return subprocess.run(command, cwd=ROOT, env=around, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(("word", "begin"), [("--help", "usage: kzdoc"), ("--version", "kzdoc ")])
def test_help_and_version_are_answered_without_a_window(tmp_path: Path, word: str, begin: str) -> None:
    done = _run(tmp_path, word)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(begin)


@pytest.mark.parametrize("words", [("--frobnicate",), ("one", "two"), ("--help", "more")])
def test_what_is_not_known_is_refused_with_the_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = _run(tmp_path, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: kzdoc")
