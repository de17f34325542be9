"""What goes out, a paper, a table, numbers, or a paper with its proof: the first question of each page of Publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.widgets.basics import column, said
from ui.widgets.chips import Chip, ChipGroup

if TYPE_CHECKING:
    from ui.surroundings import Surroundings

PAPER, TABLE, NUMBERS, PACK = "paper", "table", "numbers", "pack"
OUTPUTS = (PAPER, TABLE, NUMBERS, PACK)


class OutputChips(QWidget):
    """One chip for each kind of output; the one that is on stays on until another is chosen."""

    chosen = Signal(str)

    def __init__(self, desk: Surroundings, output: str) -> None:
        super().__init__()
        words = desk.words
        self.output = output
        self.group = ChipGroup()
        words.put(self.group.setAccessibleName, "outgoing.what")
        self._chips: dict[str, Chip] = {}
        for one in OUTPUTS:
            chip = Chip(desk.theme)
            words.put(chip.setText, f"outgoing.{one}")
            words.put(chip.setAccessibleDescription, f"outgoing.{one}_why")
            chip.clicked.connect(lambda _=False, chosen=one: self._choose(chosen))
            self._chips[one] = chip
            self.group.add(chip)
        self.setLayout(column(said(words, "outgoing.what", size="small", tone="quiet"), self.group, spacing=4))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)
        self.show_output(output)

    def show_output(self, output: str) -> None:
        """Show which is chosen."""
        self.output = output
        for one, chip in self._chips.items():
            chip.setChecked(one == output)

    def set_focus(self) -> None:
        """Set the focus to the chosen one."""
        self._chips[self.output].setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose(self, output: str) -> None:
        if output == self.output:
            self.show_output(output)
        else:
            self.chosen.emit(output)
            self.show_output(self.output)
