"""The desk process: it holds the keys while a person works, and ends when they lock.

It waits for the one message of the unlock process (ui/handover.py), opens the session on the worker's thread, tells the
supervisor which vault it is (one line on its standard output), and shows the window. When it locks, the window is
hidden first and the supervisor told, then what is being saved is finished and everything else cut short. Ends: 0 quit,
10 locked, 11 nothing came, 12 the message was not whole. A vault that does not open is told in a small window with the
way back; one that opens slowly in one that says how far it is (ui/opening.py). When the supervisor ends, however that
comes, the desk locks (ui/lifeline.py).
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from kzdoc import oversight
from kzdoc.errors import Cancelled, KzdocError
from kzdoc.platform.hardening import harden_process
from ui.application import Application
from ui.gate import open_session
from ui.handover import Handover, receive
from ui.idle import Idle
from ui.keys import Keys
from ui.lifeline import Lifeline
from ui.lock_signs import LockSigns
from ui.main_window import MainWindow
from ui.opening import OpeningWindow
from ui.preferences import write_preferences
from ui.rooms import ROOMS
from ui.screens.record_search import search_records
from ui.supervisor import LOCKED, LOCKING, NOTHING_CAME, QUIT
from ui.surroundings import Surroundings
from ui.tasks import Tasks
from ui.widgets.banner import Notice
from ui.widgets.basics import Card, IconLabel, button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.preferences import Preferences

NOT_WHOLE = 12
_MINUTE_MS = 60_000
_KEEP_SECONDS = 3.0
_REFUSAL_WIDTH = 440
_WINDOW = (1180, 640)


class Desk(QObject):
    """One sitting: from the message to the lock."""

    def __init__(self, application: Application, open_with: Callable[[], Any], folder: Path | None = None) -> None:
        super().__init__(application.qt)
        self._app = application
        self.tasks: Tasks[Any] = Tasks(
            open_with,
            _close,
            cut_short=lambda session: session.stop_asking(),
            go_on=lambda session: session.ask_again(),
        )
        keys = Keys(application.theme.watch)
        self.surroundings = Surroundings(application.words, application.theme, keys, self.tasks)
        preferences = application.preferences
        self.window = MainWindow(self.surroundings, ROOMS, role=preferences.role)
        search_records(self.surroundings, self.window)
        self.idle = Idle(application.theme.watch, milliseconds=preferences.idle_minutes * _MINUTE_MS)
        self.idle.slept.connect(self.window.lock)
        self.signs = LockSigns(self, folder)
        self.signs.seen.connect(self.window.lock)
        self.surroundings.idle_minutes = preferences.idle_minutes
        self.surroundings.choose_idle = self._choose_idle
        self.window.sat.connect(self._sat)
        self.window.covered.connect(self._covered)
        self.window.locking.connect(lambda: self._end(LOCKED))
        self.window.closing.connect(lambda: self._end(QUIT))
        self.window.languageChosen.connect(lambda lang: self._remember(lang=lang))
        self.window.themeChosen.connect(self._choose_theme)
        self._warned: dict[str, KzdocError] = {}
        self.tasks.failed.connect(self._ask_warnings)
        self.tasks.changed.connect(self._ask_warnings)
        application.theme.changed.connect(lambda: self._remember(zoom=application.theme.zoom))

    def begin(self, opened: Callable[[], None] = lambda: None) -> None:
        """Open the session and show the window; a vault that does not open ends the process."""
        wait = OpeningWindow(self._app.words, self._app.theme, self.tasks)

        def done(_: object) -> None:
            wait.end()
            opened()
            self._ask_practice()
            self._ask_warnings()
            self.window.show_room(ROOMS[0].id)
            self.window.resize(*_WINDOW)
            self.window.showMaximized()
            self.window.activateWindow()

        def failed(error: KzdocError) -> None:
            wait.end()
            if isinstance(error, Cancelled):
                self._end(LOCKED)
            else:
                self._refuse(error)

        self.tasks.start(done=done, failed=failed)

    def _ask_practice(self) -> None:
        """Ask whether the vault is for practice, and say so for as long as it is open."""
        self.tasks.read(lambda session, _: session.practice, done=self.window.set_practice, failed=_nothing, owner=self)

    def _sat(self, minutes: int) -> None:
        """Wait as long as an interview was given until it locks, or as before again."""
        self.idle.set_time((minutes or self._app.preferences.idle_minutes) * _MINUTE_MS)

    def _covered(self, covered: bool) -> None:
        """Under a curtain nothing stays copied, and no sign of life keeps the desk from locking."""
        self.idle.deaf = covered
        if covered:
            self._app.clipboard.clear()

    def _ask_warnings(self, _: object = None) -> None:
        """Ask what the person should know of the vault: read-only, stopped, a clock that is hardly right."""
        self.tasks.read(lambda session, _: oversight.warnings(session), done=self._warn, failed=_nothing, owner=self)

    def _warn(self, warnings: Sequence[KzdocError]) -> None:
        """Say it in banners; one that was closed comes back only when it is new."""
        words = self._app.words
        for warning in warnings:
            if warning.code not in self._warned:
                self._warned[warning.code] = warning
                self.window.banners.put(Notice(warning.code, "warn", "error.said", {"sentence": words.error(warning)}))

    def _refuse(self, error: KzdocError) -> None:
        """Say why the vault did not open, and let the person back to the unlock window."""
        words, theme = self._app.words, self._app.theme
        self._refusal = QWidget()
        self._refusal.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        words.put(self._refusal.setWindowTitle, "window.title")
        card = Card()
        card.setMaximumWidth(theme.px(_REFUSAL_WIDTH))
        card.body.addWidget(IconLabel(theme, "warning", "warn", 24))
        card.body.addWidget(label(words.error(error), wrap=True))
        back = button(words, "desk.did_not_open", lambda: self._end(LOCKED), look="main")
        card.body.addLayout(row(back, None))
        self._refusal.setLayout(column(None, row(None, card, None), None))
        self._refusal.showMaximized()
        back.setFocus()

    def _end(self, status: int) -> None:
        if status == LOCKED:
            tell_locking()
        self.signs.stop()
        self.tasks.stop(_KEEP_SECONDS)
        self._app.exit(status)

    def _choose_idle(self, minutes: int) -> None:
        self.idle.set_time(minutes * _MINUTE_MS)
        self._remember(idle_minutes=minutes)

    def _choose_theme(self, mode: str) -> None:
        self._app.theme.set_mode("dark" if mode == "dark" else "light")
        self._remember(theme=mode)

    def _remember(self, **chosen: Any) -> None:
        fresh = cast("Preferences", replace(self._app.preferences, **chosen))  # type: ignore[redundant-cast]
        if fresh != self._app.preferences:
            self._app.preferences = fresh
            write_preferences(self._app.path, fresh)


def _nothing(_: KzdocError) -> None:
    """Say nothing: who asked only for warnings is told by whatever else fails."""


def _close(session: Any) -> None:
    session.close()


def tell_locking() -> None:
    """Say that the window is gone and the process will be: the supervisor shows the lock screen at once."""
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write(LOCKING.decode("ascii"))
        sys.stdout.flush()


def _tell_supervisor(folder: Path) -> None:
    """Say which vault was opened: the one line the supervisor reads."""
    with contextlib.suppress(OSError, ValueError):  # when it is gone the lifeline says so
        sys.stdout.write(json.dumps({"vault": str(folder)}) + "\n")
        sys.stdout.flush()


def main(argv: Sequence[str] = ()) -> int:
    """Run the desk process; ``argv`` are the words after the module's name."""
    harden_process()
    gc.freeze()  # what the program loaded it keeps: no collection of garbage walks it while a person waits
    try:
        handover = receive()
    except KzdocError:
        return NOT_WHOLE
    if handover is None:
        return NOTHING_CAME
    return run(Application(argv), handover)


def run(application: Application, handover: Handover) -> int:
    """Run the window on an unlocked vault and return how it ended."""
    desk = Desk(application, lambda: open_session(handover, desk.tasks.tell_opening), handover.folder)
    lifeline = Lifeline(desk)
    lifeline.gone.connect(desk.window.lock)
    lifeline.hold(LOCKED)
    desk.begin(lambda: _tell_supervisor(handover.folder))
    status = application.qt.exec()
    desk.tasks.stop(0)
    with contextlib.suppress(OSError, ValueError):  # the supervisor may be gone
        sys.stdout.flush()
    os._exit(status)  # at once: a process that held keys waits for no destructor, nor for a worker that is stuck
