"""PySide 6.12.0 under Python 3.11 loses a reference to None at each call; the store outlives it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ui.ballast import IMMORTAL_FROM

ROOT = Path(__file__).resolve().parents[2]
CALLS = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, {root!r})
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
{guard}
label = QLabel()
for number in range(60):
    for _ in range(50_000):
        label.setWordWrap(True)
    {tick}
print("alive")
"""


def _run(guard: str, tick: str) -> str:
    code = CALLS.format(root=str(ROOT), guard=guard, tick=tick)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    return ended.stdout.strip()


def test_three_million_calls_are_outlived() -> None:
    guard = "from ui.ballast import Ballast; from PySide6.QtTest import QTest; ballast = Ballast(app)"
    assert _run(guard, "QTest.qWait(300) if number % 10 == 9 else None") == "alive"


@pytest.mark.skipif(sys.version_info >= IMMORTAL_FROM, reason="None is immortal here")
def test_the_mistake_is_still_there() -> None:
    import PySide6

    if PySide6.__version__ != "6.12.0":
        pytest.skip("another PySide")
    assert _run("", "None") == ""
