"""PySide 6.12.0 under Python 3.11 loses references to None and True at each call; the stores outlive it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from ui.ballast import IMMORTAL_FROM

ROOT = Path(__file__).resolve().parents[2]
CALLS = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.insert(0, {root!r})
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
{guard}
class Teller(QObject):
    told = Signal()
label, teller = QLabel(), Teller()
for number in range(60):
    for _ in range(20_000):
        {call}
    {tick}
print("alive")
"""
GUARD = "from ui.ballast import Ballast; from PySide6.QtTest import QTest; ballast = Ballast(app)"
CASES = pytest.mark.parametrize("call", ["label.setWordWrap(True)", "teller.told.emit()"])


def _run(call: str, guard: str, tick: str) -> str:
    code = CALLS.format(root=str(ROOT), guard=guard, tick=tick, call=call)
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    return ended.stdout.strip() if ended.returncode == 0 else ""


@CASES
def test_a_million_calls_are_outlived(call) -> None:
    assert _run(call, GUARD, "QTest.qWait(300) if number % 10 == 9 else None") == "alive"


@CASES
@pytest.mark.skipif(sys.version_info >= IMMORTAL_FROM, reason="they are immortal here")
@pytest.mark.skipif(PySide6.__version__ != "6.12.0", reason="another PySide")
def test_the_mistake_is_still_there(call) -> None:
    assert _run(call, "", "None") == ""
