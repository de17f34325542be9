"""A partner was detained: one act takes the trust back and tells everybody; a paper says what that laptop held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kzdoc.exchange import alerts
from kzdoc.exchange.exposure import write_exposure
from ui.screens.asking import ask, ask_for_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

PAPER = "exposure.pdf"


class RaidActs:
    """The room lends its way of writing files, its notices and its errors."""

    def __init__(
        self,
        desk: Surroundings,
        room: QWidget,
        *,
        do: Callable[[Callable[[Session, Path, Progress], None], Path, str], None],
        told: Callable[..., None],
        failed: Callable[[KzdocError], None],
    ) -> None:
        self._desk, self._room = desk, room
        self._do, self._told, self._failed = do, told, failed

    def ask(self, name: str) -> None:
        """Ask before it is told that a partner was detained: it cannot be taken back."""
        ask(
            self._desk,
            self._room,
            self._desk.words.say("keys.detained_title", name=name),
            ("keys.detained_what", "keys.detained_told", "keys.detained_next"),
            verb="keys.detained_do",
            leave="keys.detained_not",
            then=lambda: self._detained(name),
        )

    def write_exposure(self, name: str) -> None:
        """Write the paper of what a partner's laptop held, as far as this copy tells."""
        lang = self._desk.words.lang

        def act(session: Session, out: Path, progress: Progress) -> None:
            write_exposure(session, name, out, lang=lang, progress=progress)

        ask_for_files(
            self._desk,
            self._room,
            lambda paths: self._do(act, paths[0], "keys.exposure_written"),
            wanted="save",
            name=PAPER,
        )

    def _detained(self, name: str) -> None:
        lang = self._desk.words.lang

        def act(session: Session, _progress: Any) -> dict[str, Any]:
            return alerts.detained(session, name, since="", lang=lang)

        self._desk.tasks.write(
            act, done=lambda _: self._told("keys.detained_done", name=name), failed=self._failed, owner=self._room
        )
