"""The unlock process: it turns a passphrase into the key of a vault, hands it to the desk, and ends.

It is started before it is needed and stays hidden until the supervisor's one line; when the supervisor goes, it goes.
Ends: 0 handed over, 20 closed by the person. It never opens the database, so it cannot show what is inside.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal

from kzdoc.errors import KzdocError
from ui.application import Application
from ui.gate import Gate, SessionGate
from ui.handover import Handover, send, take_standard_output
from ui.preferences import default_vault, write_preferences
from ui.supervisor import CLOSED
from ui.tasks import Tasks
from ui.unlock_window import UnlockWindow
from ui.widgets.file_choice import FileChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_STDIN = 0
_LINE_BYTES = 8192
_WINDOW = (1180, 640)
_FOR_PRACTICE = "-practice"


class Unlock(QObject):
    """One showing of the unlock window."""

    def __init__(
        self, application: Application, open_gate: Callable[[], Gate], hand_over: Callable[[Handover], None]
    ) -> None:
        super().__init__(application.qt)
        self._app = application
        self._hand_over = hand_over
        self.folder = default_vault()
        self.tasks: Tasks[Gate] = Tasks(open_gate)
        self.window = UnlockWindow(application.words, application.theme, version=_version())
        self.window.unlocking.connect(self.unlock)
        self.window.creating.connect(self.create)
        self.window.create_panel.judging.connect(self._judge)
        self.window.create_panel.practising.connect(self._practise)
        self.window.suggesting.connect(self._suggest)
        self.window.choosing.connect(self._choose)
        self.window.languageChosen.connect(self._speak)
        recover = self.window.recover_panel
        recover.taking.connect(self.take_shares)
        recover.submitted.connect(self.recover)
        recover.starting.connect(self.start_elsewhere)
        self.tasks.read(lambda gate, _: gate.share_words(), done=recover.entry.show_words)
        self.window.closed.connect(lambda: self.end(CLOSED))
        self.tasks.failed.connect(self._refused)
        self.tasks.start()
        self.tasks.read(lambda gate, _: gate.suggests, done=self.window.create_panel.suggest.setVisible)

    def show(self, why: str, vault: str) -> None:
        """Show the window as the supervisor asks: at the ``first`` start, ``locked``, or after the desk ``crashed``."""
        self.folder = Path(vault) if vault else default_vault()
        self.window.show_place(self.folder)
        if why in ("locked", "crashed"):
            self.window.say("ok" if why == "locked" else "info", f"unlock.{why}")
        folder = self.folder
        self.tasks.read(lambda gate, _: gate.exists(folder), done=self._show_panel, label="work.opening")
        self.window.resize(*_WINDOW)
        self.window.showMaximized()
        self.window.activateWindow()

    def unlock(self, passphrase: str) -> None:
        """Try a passphrase."""
        folder = self.folder
        self.window.set_busy(True)
        self.tasks.read(
            lambda gate, _: gate.unlock(folder, passphrase),
            done=self._opened,
            failed=self._refused,
            label="work.opening",
        )

    def create(self, passphrase: str, author: str, role: str) -> None:
        """Make a vault for ``author``; an empty passphrase means that the two did not agree."""
        if not passphrase:
            self.window.create_panel.complain("create.differ")
            return
        self._remember(role=role)
        folder, practice = self.folder, self.window.create_panel.practice.isChecked()
        self.window.set_busy(True)

        def make(gate: Gate, progress: Any) -> bytearray:
            return gate.create(folder, passphrase, author, practice=practice, progress=progress)

        self.tasks.write(make, done=self._opened, failed=self._refused, label="work.creating")

    def take_shares(self, shares: list[str]) -> None:
        """Look at the shares typed so far and say what is wrong or how many are missing."""

        def taken(missing: int) -> None:
            self.window.say_nothing()
            self.window.recover_panel.show_taken(shares, missing)
            self.window.fit()

        self.tasks.read(lambda gate, _: gate.look_at_shares(shares), done=taken, failed=self._refused)

    def recover(self, shares: list[str], passphrase: str) -> None:
        """Open by shares and set a new passphrase; an empty one means that the two did not agree."""
        if not passphrase:
            self.window.say("warn", "recover.differ")
            return
        folder = self.folder
        self.window.set_busy(True)
        self.tasks.write(
            lambda gate, _: gate.recover(folder, shares, passphrase),
            done=self._opened,
            failed=self._refused,
            label="work.opening",
        )

    def start_elsewhere(self) -> None:
        """Offer to make a vault beside the one whose passphrase is forgotten, which stays as it is."""
        names = (self.folder.with_name(f"{self.folder.name}-{number}") for number in range(2, 1000))
        self.folder = next((path for path in names if not path.exists()), self.folder)
        self.window.show_place(self.folder)
        self.window.show_panel("create")
        self.window.say("info", "recover.started")
        self._offer_words()

    def end(self, status: int) -> None:
        """End the process."""
        self.tasks.stop()
        self._app.exit(status)

    def _practise(self, on: bool) -> None:
        """Make a practice vault beside the place of a real one, so that neither stands in the other's way."""
        name = self.folder.name.removesuffix(_FOR_PRACTICE)
        self.folder = self.folder.with_name(name + _FOR_PRACTICE if on else name)
        self.window.show_place(self.folder)

    def _show_panel(self, exists: bool) -> None:
        self.window.show_panel("open" if exists else "create")
        if not exists:
            self._offer_words()

    def _opened(self, key: bytearray) -> None:
        try:
            self._hand_over(Handover(self.folder, key))
        except KzdocError as error:
            self._refused(error)
            return
        key[:] = bytes(len(key))
        self.window.hide()
        self.end(0)

    def _refused(self, error: KzdocError) -> None:
        self.window.set_busy(False)
        if error.code.startswith("passphrase.weak-") and self.window.create_panel.isVisibleTo(self.window):
            self.window.create_panel.complain("error.said", sentence=self._app.words.error(error))
            return
        self.window.say("warn", "error.said", sentence=self._app.words.error(error))

    def _judge(self, passphrase: str) -> None:
        panel = self.window.create_panel

        def refused(error: KzdocError) -> None:
            if panel.secret.text() == passphrase:
                panel.complain("error.said", sentence=self._app.words.error(error))

        self.tasks.read(lambda gate, _: gate.judge(passphrase), failed=refused, latest="judge")

    def _offer_words(self) -> None:
        """Offer seven words before anybody thinks of a passphrase; the name is still typed first."""
        panel = self.window.create_panel

        def show(passphrase: str) -> None:
            if not panel.secret.text():
                panel.show_suggestion(passphrase)
                panel.author.setFocus()

        lang = self._app.words.lang
        self.tasks.read(lambda gate, _: gate.suggest(lang), done=show)

    def _suggest(self) -> None:
        lang = self._app.words.lang
        recovering = self.window.recover_panel.isVisibleTo(self.window)
        panel = self.window.recover_panel if recovering else self.window.create_panel
        show = panel.show_suggestion
        self.tasks.read(lambda gate, _: gate.suggest(lang), done=show)

    def _choose(self, what: str) -> None:
        choice = FileChoice(
            self._app.words, self._app.theme, self.window, wanted="folder", start=self.folder.parent.absolute()
        )
        choice.accepted.connect(lambda: self._chosen(choice.chosen_paths(), what))
        choice.finished.connect(choice.deleteLater)
        choice.open()

    def _chosen(self, paths: list[Path], what: str) -> None:
        if not paths:
            return
        self.folder = paths[0] / "kzdoc" if what == "place" else paths[0]
        self.window.show_place(self.folder)
        if what == "open":
            self.window.say_nothing()
            self.window.show_panel("open")

    def _speak(self, lang: str) -> None:
        self._app.words.set_language(lang)
        self._remember(lang=lang)

    def _remember(self, **chosen: str) -> None:
        fresh = replace(self._app.preferences, **cast("dict[str, Any]", chosen))
        if fresh != self._app.preferences:
            self._app.preferences = fresh
            write_preferences(self._app.path, fresh)


class SupervisorLine(QObject):
    """Listens to the supervisor on a thread: its one line, and its end."""

    told = Signal(str, str)
    gone = Signal()

    def listen(self, descriptor: int = _STDIN) -> None:
        """Begin to listen; the thread ends with the process."""
        threading.Thread(target=self._listen, args=(descriptor,), name="supervisor-line", daemon=True).start()

    def _listen(self, descriptor: int) -> None:
        untrusted = b""
        while b"\n" not in untrusted and len(untrusted) < _LINE_BYTES:
            piece = os.read(descriptor, _LINE_BYTES)
            if not piece:
                break
            untrusted += piece
        try:
            words = json.loads(untrusted)
            self.told.emit(str(words["show"]), str(words["vault"]))
        except (ValueError, KeyError, TypeError):
            self.gone.emit()
            return
        while os.read(descriptor, _LINE_BYTES):
            pass
        self.gone.emit()


def _version() -> str:
    try:
        return version_of("kzdoc")
    except PackageNotFoundError:
        return ""


def main(argv: Sequence[str] = ()) -> int:
    """Run the unlock process; ``argv`` are the words after the module's name."""
    pipe = take_standard_output()
    application = Application(argv)
    unlock = Unlock(application, SessionGate, lambda handover: send(pipe, handover))
    line = SupervisorLine(application.qt)
    line.told.connect(unlock.show)
    line.gone.connect(lambda: unlock.end(CLOSED))
    line.listen()
    return application.qt.exec()
