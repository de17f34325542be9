"""The worker: one thread, in order, never in the window's way."""

from __future__ import annotations

import itertools
import threading
import time

import pytest
from PySide6.QtCore import QObject

from kzdoc.errors import Cancelled, KzdocError, VaultError
from ui.tasks import Tasks


@pytest.fixture
def tasks(qapp):
    made: Tasks[list[str]] = Tasks(list)
    made.start()
    yield made
    assert made.stop()


def test_the_answer_comes_on_the_windows_thread(tasks, qtbot) -> None:
    seen: list[object] = []

    def action(session: list[str], progress: object) -> int:
        seen.append(threading.current_thread().name)
        return len(session)

    tasks.read(action, done=lambda value: seen.append((value, threading.current_thread() is threading.main_thread())))
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == ["desk-worker", (0, True)]


def test_jobs_keep_their_order_and_share_the_session(tasks, qtbot) -> None:
    got: list[list[str]] = []
    for name in "abc":
        tasks.write(lambda session, _, name=name: session.append(name))
    tasks.read(lambda session, _: list(session), done=got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [["a", "b", "c"]]


def test_a_write_tells_what_changed(tasks, qtbot) -> None:
    with qtbot.waitSignal(tasks.changed) as heard:
        tasks.write(lambda _session, _: {"records": 1})
    assert heard.args == [{"records": 1}]


def test_only_the_newest_search_is_answered(tasks, qtbot) -> None:
    got: list[str] = []
    gate = threading.Event()
    tasks.read(lambda _s, _p: gate.wait(5))
    for query in ("Т", "Те", "Тес"):
        tasks.read(lambda _s, _p, query=query: query, done=got.append, latest="search")
    gate.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert got == ["Тес"]


def test_an_answer_for_a_widget_that_is_gone_is_dropped(tasks, qtbot) -> None:
    got: list[int] = []
    owner = QObject()
    gate = threading.Event()
    tasks.read(lambda _s, _p: gate.wait(5))
    tasks.read(lambda _s, _p: 1, done=got.append, owner=owner)
    import shiboken6

    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: tasks.idle)
    assert got == []


def test_errors_come_as_codes_and_never_with_values(tasks, qtbot) -> None:
    def fails(_session: object, _progress: object) -> None:
        raise ValueError("Тестов Данияр")

    def refuses(_session: object, _progress: object) -> None:
        raise VaultError("vault.locked")

    got: list[KzdocError] = []
    tasks.read(refuses, failed=got.append)
    tasks.read(fails, failed=got.append)
    qtbot.waitUntil(lambda: len(got) == 2)
    assert [error.code for error in got] == ["vault.locked", "desk.unexpected"]
    assert "Тестов" not in str(got[1].params)
    with qtbot.waitSignal(tasks.failed) as heard:
        tasks.read(refuses)
    assert heard.args[0].code == "vault.locked"


def test_quick_work_shows_nothing_and_slow_work_says_so(tasks, qtbot) -> None:
    told: list[str] = []
    tasks.busy.connect(told.append)
    tasks.read(lambda _s, _p: time.sleep(0.05))
    qtbot.waitUntil(lambda: tasks.idle)
    assert told == []
    tasks.read(lambda _s, _p: time.sleep(0.9), label="work.opening")
    qtbot.waitUntil(lambda: tasks.idle, timeout=3000)
    assert told == ["work.opening"]


def test_cancel_stops_at_the_next_step(tasks, qtbot) -> None:
    got: list[KzdocError] = []
    begun = threading.Event()

    def counts(_session: object, progress) -> None:
        for number in range(10_000):
            progress("count", number, 10_000)
            begun.set()
            time.sleep(0.005)

    tasks.read(counts, failed=got.append)
    qtbot.waitUntil(begun.is_set)
    tasks.cancel()
    qtbot.waitUntil(lambda: bool(got))
    assert isinstance(got[0], Cancelled)


WORK = 2.0
"""Seconds of work; a window that waits for it stands still as long."""


def test_the_window_stays_alive_while_the_worker_works(tasks, qtbot) -> None:
    ticks: list[float] = []
    from PySide6.QtCore import QTimer

    timer = QTimer(interval=10)
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start()
    tasks.read(lambda _s, _p: time.sleep(WORK))
    qtbot.waitUntil(lambda: tasks.idle)
    timer.stop()
    assert max(b - a for a, b in itertools.pairwise(ticks)) < WORK / 2


def test_stopping_finishes_writes_and_drops_reads(qapp) -> None:
    done: list[str] = []
    closed: list[list[str]] = []
    tasks: Tasks[list[str]] = Tasks(list, closed.append)
    tasks.start()
    gate = threading.Event()
    tasks.write(lambda _s, _p: gate.wait(5))
    tasks.read(lambda _s, _p: done.append("read"))
    tasks.write(lambda session, _p: (session.append("draft"), done.append("write")))
    threading.Timer(0.1, gate.set).start()
    assert tasks.stop(5)
    assert done == ["write"]
    assert closed == [["draft"]]
    tasks.write(lambda _s, _p: done.append("late"))
    assert done == ["write"]


def reading_for_ever(**how: object) -> tuple[Tasks[list[str]], threading.Event, list[str]]:
    """Return a worker whose running read ends only when it is cut short, with a write behind it or not."""
    begun, cut, did = threading.Event(), threading.Event(), list[str]()
    given = {"cut_short": lambda _s: cut.set(), "go_on": lambda _s: did.append("on")} if how.pop("cuts", True) else {}
    tasks: Tasks[list[str]] = Tasks(list, lambda _s: did.append("closed"), **given)

    def reads(_session: object, _progress: object) -> None:
        begun.set()
        cut.wait(20)

    tasks.start()
    tasks.read(reads)
    if how.pop("writes", False):
        tasks.write(lambda _s, _p: did.append("write"))
    begun.wait(20)
    return tasks, cut, did


def test_stopping_cuts_a_reading_short_and_still_writes_what_waits_behind_it(qapp) -> None:
    tasks, _, did = reading_for_ever(writes=True)
    assert tasks.stop(20)
    assert did == ["on", "write", "on", "closed"]


def test_without_cutting_short_the_worker_would_still_read_and_is_not_waited_for(qapp) -> None:
    tasks, cut, did = reading_for_ever(cuts=False)
    assert not tasks.stop(3600)  # what nobody would wait for here
    assert did == []
    cut.set()
    assert tasks.stop(20)


def test_a_write_is_never_cut_short(qapp) -> None:
    cut: list[str] = []
    done: list[str] = []
    tasks: Tasks[list[str]] = Tasks(list, cut_short=lambda _s: cut.append("cut"))
    begun, gate = threading.Event(), threading.Event()
    tasks.start()
    tasks.write(lambda _s, _p: (begun.set(), gate.wait(20), done.append("write")))
    begun.wait(20)
    threading.Timer(0.1, gate.set).start()
    assert tasks.stop(20)
    assert (cut, done) == ([], ["write"])


def test_a_session_that_does_not_open_is_told(qapp, qtbot) -> None:
    def refuses() -> list[str]:
        raise VaultError("vault.locked")

    got: list[KzdocError] = []
    tasks: Tasks[list[str]] = Tasks(refuses)
    tasks.start(failed=got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got[0].code == "vault.locked"
    assert tasks.stop()
