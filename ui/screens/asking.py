"""Asking for a file, and asking before what cannot be undone. Both come back by a callback; nothing blocks.

A dialog has verbs on its buttons, never OK or Yes; the safe one has the focus and Esc means that nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.tokens import SPACE_3, SPACE_4, SPACE_6
from ui.widgets.basics import button, label, row, said
from ui.widgets.file_choice import FileChoice, Wanted

if TYPE_CHECKING:
    from ui.surroundings import Surroundings

_WIDTH = 440


def ask_for_files(
    desk: Surroundings,
    over: QWidget,
    then: Callable[[list[Path]], None],
    *,
    wanted: Wanted = "files",
    name: str = "",
    start: Path | None = None,
) -> FileChoice:
    """Open our own file choice over a room; ``then`` gets the paths unless it was cancelled."""
    dialog = FileChoice(desk.words, desk.theme, over, wanted=wanted, start=start or Path.home(), name=name)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: then(dialog.chosen_paths()))
    dialog.open()
    return dialog


class Asking(QDialog):
    """One question with two verbs: what is asked about, what follows, the verb that does it, the verb that does not."""

    def __init__(
        self,
        desk: Surroundings,
        over: QWidget,
        title: str,
        lines: Sequence[str],
        *,
        verb: str,
        leave: str,
        then: Callable[[], None],
    ) -> None:
        super().__init__(over)
        words = desk.words
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words.put(self.setWindowTitle, "window.title")  # a task switcher shows it: no name stands there
        self.setFixedWidth(desk.theme.px(_WIDTH))
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE_6, SPACE_4, SPACE_6, SPACE_4)
        box.setSpacing(SPACE_3)
        box.addWidget(label(title, bold=True, wrap=True))
        for key in lines:
            box.addWidget(said(words, key, wrap=True))
        self.stay = button(words, leave, self.reject)
        self.act = button(words, verb, self.accept)
        box.addLayout(row(None, self.act, self.stay))
        self.accepted.connect(then)
        self.stay.setFocus(Qt.FocusReason.OtherFocusReason)


def ask(
    desk: Surroundings,
    over: QWidget,
    title: str,
    lines: Sequence[str],
    *,
    verb: str,
    leave: str,
    then: Callable[[], None],
) -> Asking:
    """Ask, and run ``then`` when the verb was chosen."""
    dialog = Asking(desk, over, title, lines, verb=verb, leave=leave, then=then)
    dialog.open()
    dialog.stay.setFocus(Qt.FocusReason.OtherFocusReason)
    return dialog
