"""Publish: one room for everything that goes out. First what goes out is said, then the page of that kind is shown.

A paper has its page in publish.py, alone or with its proof, a table and what is like it in outgoing_page.py. The room
itself only shows one of them: their commands are those of the page that is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget

from ui.keys import Command
from ui.room import Breadth, Room
from ui.screens.outgoing_numbers import NumbersPage
from ui.screens.outgoing_outputs import NUMBERS, OUTPUTS, PACK, PAPER, TABLE, OutputChips
from ui.screens.outgoing_table import TablePage
from ui.screens.publish import PublishRoom
from ui.widgets.basics import column

if TYPE_CHECKING:
    from ui.surroundings import Surroundings

_ELSEWHERE = "outgoing.elsewhere"


class OutgoingRoom(Room):
    """The pages of Publish, one at a time."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk)
        self.paper = PublishRoom(desk)
        self.paper_outputs = OutputChips(desk, PAPER)
        self.paper.page.column.insertWidget(1, self.paper_outputs)
        self.table = TablePage(desk)
        self.numbers = NumbersPage(desk)
        self.output = PAPER
        self.pages: dict[str, Room] = {
            PAPER: self.paper,
            TABLE: self.table,
            NUMBERS: self.numbers,
            PACK: self.paper,
        }
        self._chips = {
            PAPER: self.paper_outputs,
            TABLE: self.table.outputs,
            NUMBERS: self.numbers.outputs,
            PACK: self.paper_outputs,
        }
        self._stack = QStackedWidget()
        for page in dict.fromkeys(self.pages.values()):
            self._stack.addWidget(page)
        for chips in dict.fromkeys(self._chips.values()):
            chips.chosen.connect(self.choose)
        self.setLayout(column(self._stack, spacing=0))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)

    def choose(self, output: str) -> None:
        """Show the page of another kind of output; the focus stays at the choice."""
        self._turn_to(output)
        self.page().arrive(None)
        self._chips[output].set_focus()

    def page(self) -> Room:
        """Return the page that is shown."""
        return self.pages[self.output]

    def _turn_to(self, output: str) -> None:
        self.output = output
        self._stack.setCurrentWidget(self.page())
        self._chips[output].show_output(output)
        if self.page() is self.paper:
            self.paper.form.ask_pack(pack=output == PACK)

    # hooks of a room

    def commands(self) -> Sequence[Command]:
        """Return the ways to each kind of output, and the commands of all pages, each for the page that is shown."""
        ways = [
            Command(f"outgoing.{one}", f"outgoing.go_{one}", partial(self.choose, one), (f"Ctrl+Shift+{n}",), "publish")
            for n, one in enumerate(OUTPUTS, start=1)
        ]
        told: dict[str, dict[Room, Command]] = {}
        for page in dict.fromkeys(self.pages.values()):
            for one in page.commands():
                told.setdefault(one.id, {})[page] = one
        return [*ways, *(self._shared(found) for found in told.values())]

    def _shared(self, found: dict[Room, Command]) -> Command:
        """Return a command that is that of the page that is shown."""

        def run() -> None:
            if self.page() in found:
                found[self.page()].run()

        def why_off() -> str:
            return found[self.page()].off() if self.page() in found else _ELSEWHERE

        return replace(next(iter(found.values())), run=run, why_off=why_off)

    def arrive(self, what: object) -> None:
        """Show the page of a paper when another room asks for one, else the page that was shown."""
        if what is not None:
            self._turn_to(PAPER)
        self.page().arrive(what)

    def refresh(self, changes: object) -> None:
        """Tell every page."""
        for page in dict.fromkeys(self.pages.values()):
            page.refresh(changes)

    def leave(self) -> None:
        """Tell the page that is shown."""
        self.page().leave()

    def rearrange(self, breadth: Breadth) -> None:
        """Tell every page."""
        for page in dict.fromkeys(self.pages.values()):
            page.set_breadth(breadth)
