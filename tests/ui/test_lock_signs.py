"""What locks by itself: sleep that was slept, a message that sleep comes, a vault whose folder is gone."""

from __future__ import annotations

import shutil
import threading

import pytest
from PySide6.QtCore import QObject

from kzdoc.platform import power
from ui.lock_signs import SLEPT_SECONDS, LockSigns

QUICK = 20


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "stick" / "vault"
    made.mkdir(parents=True)
    (made / "vault.kzdoc").write_bytes(b"x")
    return made


@pytest.fixture
def signs(qapp, folder):
    """Return a function that begins to look, and how often it told."""
    all_made: list[LockSigns] = []
    parent = QObject()

    def begin(**more):
        told: list[int] = []
        made = LockSigns(parent, folder, every=QUICK, **more)
        all_made.append(made)
        made.seen.connect(lambda: told.append(1))
        return made, told

    yield begin
    for made in all_made:
        made.stop()


def test_nothing_is_told_while_nothing_happens(signs, qtbot) -> None:
    _, told = signs()
    qtbot.wait(10 * QUICK)
    assert told == []


def test_a_stick_that_is_pulled_locks_once(signs, folder, qtbot) -> None:
    _, told = signs()
    shutil.rmtree(folder.parent)
    qtbot.waitUntil(lambda: told == [1])
    qtbot.wait(5 * QUICK)
    assert told == [1]


def test_waking_up_locks_and_a_drift_of_the_clocks_does_not(signs, qtbot) -> None:
    slept = [100.0]
    _, told = signs(asleep=lambda: slept[0])
    slept[0] += SLEPT_SECONDS / 2
    qtbot.wait(5 * QUICK)
    assert told == []
    slept[0] += 3600
    qtbot.waitUntil(lambda: told == [1])


def test_this_machine_tells_how_long_it_slept() -> None:
    first = power.seconds_asleep()
    assert first >= -1.0
    assert abs(power.seconds_asleep() - first) < 1.0


def test_a_message_that_sleep_comes_locks_at_once(signs, monkeypatch, qapp) -> None:
    monkeypatch.setattr(power, "asks_for_messages", lambda: True)
    monkeypatch.setattr(power, "goes_to_sleep", lambda message: message == 7)
    made, told = signs()
    assert made._messages.nativeEventFilter(b"windows_generic_MSG", 6) is False
    assert told == []
    made._messages.nativeEventFilter(b"windows_generic_MSG", 7)
    assert told == [1]
    qapp.removeNativeEventFilter(made._messages)


def test_the_thread_ends_when_nobody_looks_any_more(signs, qtbot) -> None:
    made, _ = signs()
    assert any(thread.name == "vault-watch" for thread in threading.enumerate())
    made.stop()
    qtbot.waitUntil(lambda: not any(thread.name == "vault-watch" for thread in threading.enumerate()))
