"""The manual: what one does in the first hour, opened by F1, offline, in the language of the desk.

The pages lie in resources/manual/, one a language. What stands in braces is a key of the desk's catalogue, so that a
page never names a button that is called otherwise. Esc goes back to where one was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kzdoc.resources import resource
from ui.keys import Command
from ui.room import Room, TitledPage
from ui.screens.panes import as_high_as_told, empty
from ui.tokens import SPACE_3
from ui.widgets.basics import Card, button, column, label, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent

    from ui.messages import Words
    from ui.surroundings import Surroundings

Sort = Literal["title", "section", "text", "point"]
_MARKS: tuple[tuple[str, Sort], ...] = (("## ", "section"), ("# ", "title"), ("- ", "point"))
_KEY = re.compile(r"\{([a-z_.0-9]+)\}")
_WIDTH = 720


class Part(NamedTuple):
    """A title, a section's heading, a paragraph or a point of a list."""

    sort: Sort
    text: str


def read_manual(words: Words) -> list[Part]:
    """Return the page of the desk's language with the names of buttons put in."""
    raw = resource("manual", f"{words.lang}.md").read_text(encoding="utf-8")
    named = _KEY.sub(lambda found: words.say(found.group(1)), raw)
    return [_part(line) for line in named.splitlines() if line.strip()]


def _part(line: str) -> Part:
    for mark, sort in _MARKS:
        if line.startswith(mark):
            return Part(sort, line.removeprefix(mark))
    return Part("text", line)


class ManualRoom(Room):
    """One page to read; arrows and page keys scroll it."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk)
        self.page = TitledPage(desk, "rail.manual")
        self.page.verbs.addWidget(button(desk.words, "action.close", self.back))
        self.place = QWidget()
        self.place.setMaximumWidth(desk.theme.px(_WIDTH))
        self._column = QVBoxLayout(self.place)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_3)
        line = row(self.place, None)
        line.setStretch(0, 1)
        line.setStretch(1, 0)  # what is beyond the widest line is left free
        self.page.column.addLayout(line, 1)
        self.area = as_high_as_told(self.page)
        self.setLayout(column(self.banners, self.area, spacing=0))
        desk.words.languageChanged.connect(self.say)
        self.say()

    def say(self) -> None:
        """Show the page of the language."""
        empty(self._column)
        card: Card | None = None
        for part in read_manual(self.desk.words):
            if part.sort == "title":
                self.page.show_line(part.text)
                continue
            if part.sort == "section" or card is None:
                card = Card()
                self._column.addWidget(card)
            card.body.addLayout(_shown(part))
        self._column.addStretch(1)

    def commands(self) -> Sequence[Command]:
        """Return the way back."""
        return (Command("manual.close", "action.close", self.desk.back, scope="manual", listed=False),)

    def back(self) -> bool:
        """Go back to where one was."""
        self.desk.back()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.area.verticalScrollBar()
        steps = {
            Qt.Key.Key_Down: bar.singleStep() * 2,
            Qt.Key.Key_Up: -bar.singleStep() * 2,
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)


def _shown(part: Part) -> QVBoxLayout:
    text = label(part.text, bold=part.sort == "section", wrap=True)
    if part.sort != "point":
        return column(text)
    dot = label("•", tone="accent", bold=True)
    line = row(dot, text)
    line.setStretch(1, 1)
    line.setAlignment(dot, Qt.AlignmentFlag.AlignTop)
    return column(line)
