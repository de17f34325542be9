"""One worker thread that owns the session; nothing blocks the window.

Rules: jobs run one after the other, in the order they were asked for, on one thread, which also opens and closes the
session (its database belongs to that thread). A job gets the session and a progress callable and returns a value; the
answer comes back on the window's thread. ``read`` and ``write`` differ: after a write ``changed`` carries what it
returned, so that rooms refresh, and a write is never dropped. A read may name ``latest``: a newer read of the same
name replaces one that has not begun (search as you type). An answer for a widget that is gone is dropped.
Stopping waits for writes alone: what only reads is cut short, in the database too, and after a blink not waited for.
Under 100 ms nothing shows; ``busy`` comes after 600 ms, with counts and Cancel in the foot bar.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from kzdoc.errors import Cancelled, KzdocError
from kzdoc.progress import Progress

S = TypeVar("S")
T = TypeVar("T")

BUSY_AFTER_MS = 600
_TELL_EVERY = 0.05
_BLINK = 0.25
"""Seconds a stop waits for a reading that was cut short, and for the session to close after it."""

Done = Callable[[Any], None]
Failed = Callable[[KzdocError], None]


@dataclass(slots=True)
class _Job:
    action: Callable[[Any, Progress], Any]
    done: Done | None
    failed: Failed | None
    owner: QObject | None
    label: str
    writes: bool
    latest: str
    stopped: threading.Event
    error: KzdocError | None = None
    result: Any = None
    told: float = 0.0


class Tasks(QObject, Generic[S]):
    """The worker; lives on the window's thread, works on its own."""

    changed = Signal(object)
    """What a finished write returned."""
    failed = Signal(object)
    """A KzdocError nobody else asked to hear."""
    busy = Signal(str)
    """A job has run for 600 ms: the catalogue key of what it does."""
    progressed = Signal(str, int, int)
    """Step, done, total of the running job, at most twenty times a second."""
    quiet = Signal()
    """Nothing runs any more."""

    _began = Signal(object)
    _ended = Signal(object)

    def __init__(
        self,
        open_session: Callable[[], S],
        close_session: Callable[[S], None] | None = None,
        *,
        cut_short: Callable[[S], None] | None = None,
        go_on: Callable[[S], None] | None = None,
    ) -> None:
        """``cut_short`` makes what the session is reading fail, called from another thread; ``go_on`` ends that."""
        super().__init__()
        self._open = open_session
        self._close = close_session
        self._cut_short = cut_short
        self._go_on = go_on
        self._opening = _Job(_nothing, None, None, None, "work.opening", False, "", threading.Event())
        self._turn = threading.Lock()
        self._current: tuple[_Job, S] | None = None
        self._writes = 0
        self._queue: queue.Queue[_Job | None] = queue.Queue()
        self._newest: dict[str, _Job] = {}
        self._running: _Job | None = None
        self._pending = 0
        self._slow = QTimer(self, singleShot=True, interval=BUSY_AFTER_MS)
        self._slow.timeout.connect(self._tell_busy)
        self._began.connect(self._on_began, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="desk-worker")
        self._stopping = False

    def start(self, *, done: Done | None = None, failed: Failed | None = None) -> None:
        """Start the worker; ``done`` is called with None once the session is open, ``failed`` if it does not open."""
        self._pending += 1
        self._opening.done, self._opening.failed = done, failed
        self._thread.start()

    def read(
        self,
        action: Callable[[S, Progress], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
        label: str = "work.reading",
        latest: str = "",
    ) -> None:
        """Ask for something; ``done`` gets the answer unless ``owner`` is gone or a newer ``latest`` came."""
        self._put(_Job(action, done, failed, owner, label, False, latest, threading.Event()))

    def write(
        self,
        action: Callable[[S, Progress], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
        label: str = "work.saving",
    ) -> None:
        """Change something; it runs also when ``owner`` goes and also when the desk is about to lock."""
        self._put(_Job(action, done, failed, owner, label, True, "", threading.Event()))

    def tell_opening(self, step: str, done: int, total: int) -> None:
        """Tell how far the opening is: the progress that whoever opens the session may use.

        Raises ``Cancelled`` when it was asked to stop.
        """
        self._tell(self._opening, step, done, total)

    def cancel(self) -> None:
        """Ask the running job to stop at its next step."""
        if self._running is not None:
            self._running.stopped.set()

    def stop(self, seconds: float = 3.0) -> bool:
        """Finish the writes that wait, drop the reads, close the session; return whether it ended in time.

        When nothing is to be written it waits for a blink only.
        """
        if not self._stopping:
            self._stopping = True
            with self._turn:
                self._end_reading()
                seconds = seconds if self._writes else min(seconds, _BLINK)
            self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _end_reading(self) -> None:
        """Cut the running job short if it only reads; the worker cannot go on to another meanwhile."""
        if self._current is None:
            self._opening.stopped.set()
        if self._current is None or self._current[0].writes:
            return
        job, session = self._current
        job.stopped.set()
        if self._cut_short is not None:
            self._cut_short(session)

    @property
    def idle(self) -> bool:
        """Whether no job runs or waits."""
        return self._pending == 0

    def _put(self, job: _Job) -> None:
        if self._stopping:
            return
        if job.latest:
            self._newest[job.latest] = job
        self._pending += 1
        with self._turn:
            self._writes += job.writes
        self._queue.put(job)

    # on the worker's thread

    def _work(self) -> None:
        opening = self._opening
        self._began.emit(opening)
        try:
            session = self._open()
        except Exception as error:  # noqa: BLE001 - every failure becomes a KzdocError for the presenter
            opening.error = _as_kzdoc(error)
            self._ended.emit(opening)
            return
        self._ended.emit(opening)
        while (job := self._queue.get()) is not None:
            dropped = not job.writes and (self._stopping or self._newest.get(job.latest, job) is not job)
            if dropped:
                job.error = Cancelled()
            else:
                self._began.emit(job)
                with self._turn:
                    self._current = (job, session)
                self._do(job, session)
                with self._turn:
                    self._current = None
                    self._writes -= job.writes
                    if self._stopping and self._go_on is not None:
                        self._go_on(session)
            self._ended.emit(job)
        if self._close is not None:
            self._close(session)

    def _tell(self, job: _Job, step: str, done: int, total: int) -> None:
        if job.stopped.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - job.told >= _TELL_EVERY or done == total:
            job.told = now
            self.progressed.emit(step, done, total)

    def _do(self, job: _Job, session: S) -> None:
        try:
            job.result = job.action(session, partial(self._tell, job))
        except Exception as error:  # noqa: BLE001 - every failure becomes a KzdocError for the presenter
            job.error = _as_kzdoc(error)

    # on the window's thread

    @Slot(object)
    def _on_began(self, job: _Job) -> None:
        self._running = job
        self._slow.start()

    @Slot()
    def _tell_busy(self) -> None:
        if self._running is not None:
            self.busy.emit(self._running.label)

    @Slot(object)
    def _on_ended(self, job: _Job) -> None:
        self._slow.stop()
        self._running = None
        self._pending -= 1
        if self._pending == 0:
            self.quiet.emit()
        gone = job.owner is not None and not shiboken6.isValid(job.owner)
        if job.error is not None:
            if job.failed is not None and not gone:
                job.failed(job.error)
            elif not isinstance(job.error, Cancelled):
                self.failed.emit(job.error)
            return
        if job.done is not None and not gone:
            job.done(job.result)
        if job.writes:
            self.changed.emit(job.result)


def _nothing(session: Any, progress: Progress) -> None:  # noqa: ARG001 - the shape of an action
    return None


def _as_kzdoc(error: Exception) -> KzdocError:
    """Return the error itself, or one that names only its type: a builtin's words may hold a value from a record."""
    if isinstance(error, KzdocError):
        return error
    return KzdocError("desk.unexpected", type=type(error).__name__)
