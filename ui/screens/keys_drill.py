"""Trying out what one relies on: a backup is restored and thrown away, the vault is checked beside a head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kzdoc import oversight
from ui.screens.asking import ask_for_files
from ui.screens.keys_ways import WayPanel
from ui.widgets.basics import button

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from kzdoc.errors import KzdocError
    from ui.surroundings import Surroundings

_HEAD = "head."


class DrillPart:
    """The room lends its panel place, its notices and its errors."""

    def __init__(
        self,
        desk: Surroundings,
        room: QWidget,
        *,
        open_panel: Callable[[WayPanel], None],
        close: Callable[[], None],
        told: Callable[..., None],
        failed: Callable[[KzdocError], None],
    ) -> None:
        self._desk, self._room = desk, room
        self._open, self._close, self._told, self._failed = open_panel, close, told, failed

    def drill(self) -> None:
        """Choose a backup and try it out with the passphrase."""
        ask_for_files(self._desk, self._room, lambda paths: self._ask(paths[0]))

    def check(self) -> None:
        """Check everything, beside a head or without one."""
        panel = WayPanel(self._desk, "keys.check", [], self._choose, self._close)
        alone = button(self._desk.words, "keys.check_alone", lambda: self._check(panel, None), look="link")
        panel.body.insertWidget(panel.body.count() - 1, alone)
        self._open(panel)
        panel.verb.setFocus()

    def _ask(self, file: Path) -> None:
        self._open(
            WayPanel(self._desk, "keys.drill", ["unlock.passphrase"], lambda panel: self._try(panel, file), self._close)
        )

    def _try(self, panel: WayPanel, file: Path) -> None:
        passphrase = panel.text("unlock.passphrase")
        if passphrase:
            self._desk.tasks.read(
                lambda session, progress: oversight.drill(session, file, passphrase, progress=progress),
                done=lambda found: self._told("keys.drilled", n=found["records"], newer=found["newer"]),
                failed=self._failed,
                owner=self._room,
                label="keys.drilling",
            )

    def _choose(self, panel: WayPanel) -> None:
        ask_for_files(self._desk, self._room, lambda paths: self._check(panel, paths[0]))

    def _check(self, panel: WayPanel, head: Path | None) -> None:
        self._desk.tasks.read(
            lambda session, progress: oversight.check_beside(session, head, progress=progress),
            done=lambda found: panel.say(self.said(found)),
            failed=self._failed,
            owner=panel,
            label="keys.checking",
        )

    def said(self, found: dict[str, Any]) -> str:
        """Return what a check found in a sentence; without a head nothing is said of what may have been put back."""
        words = self._desk.words
        older = sum(one["code"].startswith(_HEAD) for one in found["findings"])
        damaged = len(found["findings"]) - older
        lines = [words.say("keys.check_damaged", n=damaged)] if damaged else []
        lines += [words.say("keys.check_older", n=older)] if older else []
        if not lines:
            lines.append(words.say("keys.check_extends" if found["head"] == "extends" else "keys.check_whole"))
        return " ".join(lines)
