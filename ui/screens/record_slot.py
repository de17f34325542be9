"""What every field of a form is: a slot that shows a value, takes what is typed, and reads it.

A slot speaks in two tongues: ``typed`` is what stands in it (kept in drafts, compared to tell what changed), ``value``
is what was understood (written in the record). ``fill`` shows what was typed, ``typed_of`` turns a value into it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kzdoc.browsing import shown
from kzdoc.domain.field import Field, read_value
from ui.tokens import SPACE_1

if TYPE_CHECKING:
    from kzdoc.filling import Newborn
    from ui.surroundings import Surroundings


@dataclass(slots=True)
class Kit:
    """What the slots of one form share: the desk, the day dates are read against, names of linked records."""

    desk: Surroundings
    today: str = ""
    names: dict[bytes, str] = field(default_factory=dict)
    born: dict[bytes, Newborn] = field(default_factory=dict)
    alone: bool = False
    """Somebody sits opposite: nothing of other records is shown, and nothing leads to them."""


class Slot(QWidget):
    """One value of one field."""

    edited = Signal()
    left = Signal()
    """The focus left it: what is wrong may be said now."""

    def __init__(self, of: Field, kit: Kit) -> None:
        super().__init__()
        self.of, self.kit = of, kit
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(SPACE_1)

    @property
    def entry(self) -> QWidget:
        """The widget that takes the focus and shows what is wrong."""
        return self

    def typed(self) -> Any:
        """Return what stands in it; "" when nothing does."""
        raise NotImplementedError

    def fill(self, typed: Any) -> None:
        """Show what was typed, without telling that it changed."""
        raise NotImplementedError

    def typed_of(self, value: Any) -> Any:
        """Return what would have to be typed for a value."""
        return shown(self.of, value, self.kit.desk.words.lang)

    def value(self) -> Any:
        """Return what was understood, None when nothing stands in it; raises ``InputError``."""
        return read_value(self.of, self.typed(), today=self.kit.today)

    def understood(self) -> str:
        """Return what was understood where it is not plain to see; raises ``InputError``."""
        return ""

    @property
    def long(self) -> bool:
        """Whether what stands in it needs the width of two columns."""
        return False

    def setAccessibleName(self, name: str) -> None:
        """Name the entry, which is what a screen reader meets."""
        super().setAccessibleName(name)
        if self.entry is not self:
            self.entry.setAccessibleName(name)

    def setAccessibleDescription(self, text: str) -> None:
        """Describe the entry."""
        super().setAccessibleDescription(text)
        if self.entry is not self:
            self.entry.setAccessibleDescription(text)
