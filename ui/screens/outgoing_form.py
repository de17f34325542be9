"""What is asked of everything that goes out and is no paper: who will read it, to whom, what for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from kzdoc.domain.audience import AUDIENCE_LABELS, Audience
from ui.widgets.entry import Choice, LineEntry
from ui.widgets.form_row import FormGrid, FormRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from ui.surroundings import Surroundings

_INSIDE = ("recipient", "purpose")


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom something goes out, and what for."""

    audience: Audience
    recipient: str
    purpose: str

    @property
    def needs_name(self) -> bool:
        """Whether it leaves the organisation, so that reader and purpose must be named."""
        return self.audience is not Audience.INTERNAL

    def missing(self) -> str:
        """Return which of reader and purpose is still to be named: "recipient", "purpose" or ""."""
        named = (("recipient", self.recipient), ("purpose", self.purpose))
        return next((name for name, text in named if self.needs_name and not text), "")


class ReaderForm(FormGrid):
    """Reader and purpose, after what a page asks first; ``changed`` when one of it was."""

    changed = Signal()
    audiences: Sequence[Audience] = tuple(Audience)

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self._named: list[tuple[FormRow, str]] = []
        self.audience = Choice()
        self.recipient, self.purpose = LineEntry(), LineEntry()

    def reader(self) -> Reader:
        """Return for whom it is now."""
        chosen = Audience(self.audience.chosen() or Audience.COURT.value)
        return Reader(chosen, self.recipient.text().strip(), self.purpose.text().strip())

    def lay(self, *first: tuple[QWidget, str]) -> None:
        """Lay out what a page asks first, then reader and purpose; each with the name its words have."""
        asked = (*first, (self.audience, "audience"), (self.recipient, "recipient"), (self.purpose, "purpose"))
        self._named = [(self.add(FormRow(field)), key) for field, key in asked]
        for field, _ in asked:
            if isinstance(field, Choice):
                field.activated.connect(lambda _index: self._tell())
            elif isinstance(field, LineEntry):
                field.textEdited.connect(lambda _text: self._tell())
        self.say()
        self._desk.words.languageChanged.connect(self.say)

    def say(self) -> None:
        """Say everything in the language of the window."""
        words = self._desk.words
        audience = self.audience.chosen() or Audience.COURT.value
        self.audience.show_choices([(one.value, words.text(AUDIENCE_LABELS[one])) for one in self.audiences], audience)
        self.say_choices()
        for each, key in self._named:
            each.set_name(words.say(f"outgoing.{key}"))
        self.say_reasons()

    def say_choices(self) -> None:
        """Say what can be chosen of what a page asks first."""

    def say_reasons(self) -> None:
        """Say why each is asked."""
        inside = not self.reader().needs_name
        for each, key in self._named:
            quiet = inside and key in _INSIDE
            each.set_reason(self._desk.words.say(f"outgoing.{key}_{'inside' if quiet else 'why'}"))

    def _tell(self) -> None:
        self.say_reasons()
        self.changed.emit()
