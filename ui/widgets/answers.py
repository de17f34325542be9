"""The four answers to a yes/no question: yes, no, not told, not asked. Not asked is where it starts and is a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from ui.widgets.chips import NARROW_SIDE, Chip, ChipGroup

if TYPE_CHECKING:
    from ui.messages import Words
    from ui.theme import Theme

_ANSWERS = (("yes", "answer.yes"), ("no", "answer.no"), ("not_told", "answer.not_told"), ("", "answer.not_asked"))


class Answers(ChipGroup):
    """One of four, always one; arrows choose."""

    changed = Signal(str)
    """The new value: ``yes``, ``no``, ``not_told`` or "" for not asked."""

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self._value = ""
        self._chips: dict[str, Chip] = {}
        for value, key in _ANSWERS:
            chip = Chip(theme, side=NARROW_SIDE)
            words.put(chip.setText, key)
            chip.setAutoExclusive(True)
            chip.clicked.connect(lambda _=False, chosen=value: self._choose(chosen))
            self._chips[value] = chip
            self.add(chip)
        self.set_value(None)

    def value(self) -> str | None:
        """Return ``yes``, ``no``, ``not_told``, or None when it was not asked."""
        return self._value or None

    def set_value(self, value: str | None) -> None:
        """Show a value without telling that it changed."""
        self._value = value if value in self._chips and value else ""
        self._chips[self._value].setChecked(True)
        self._rove(self._chips[self._value])

    def moved_to(self, chip: Chip) -> None:
        chip.click()

    def _choose(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.changed.emit(value)
