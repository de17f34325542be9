"""A partner was detained: one act takes the trust back and tells everybody; a paper says what that laptop held.

It may have been wrong: then trust is asked for again, with a reason, and begins with comparing the digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kzdoc.exchange import alerts
from kzdoc.exchange.exposure import write_exposure
from ui.screens.asking import ask, ask_for_files
from ui.screens.keys_compare import NewCardPanel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.screens.keys import KeysRoom
    from ui.surroundings import Surroundings

PAPER = "exposure.pdf"


class RaidActs:
    """The room lends its way of writing files, its notices and its errors."""

    def __init__(
        self,
        desk: Surroundings,
        room: KeysRoom,
        *,
        do: Callable[[Callable[[Session, Path, Progress], None], Path, str], None],
        told: Callable[..., None],
        failed: Callable[[KzdocError], None],
        close: Callable[[], None],
    ) -> None:
        self._desk, self._room = desk, room
        self._do, self._told, self._failed, self._close = do, told, failed, close

    def ask(self, name: str) -> None:
        """Ask before it is told that a partner was detained."""
        ask(
            self._desk,
            self._room,
            self._desk.words.say("keys.detained_title", name=name),
            ("keys.detained_what", "keys.detained_told", "keys.detained_next"),
            verb="keys.detained_do",
            leave="keys.detained_not",
            then=lambda: self._detained(name),
        )

    def trust_again(self, name: str) -> None:
        """Ask why a partner was revoked wrongly, and take it back."""

        def take(reason: str) -> None:
            self._desk.tasks.write(
                lambda session, _progress: alerts.take_back(session, name, reason),
                done=lambda _: self._told("keys.again_done", name=name),
                failed=self._failed,
                owner=self._room,
            )

        panel = NewCardPanel(self._desk, "", take, self._close, about="keys.again", field="keys.again_name")
        self._room.open_panel(panel)

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
