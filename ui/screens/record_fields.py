"""The fields of a form: for every type one slot that shows a value, takes what is typed, and reads it.

A slot speaks in two tongues: ``typed`` is what stands in it (kept in drafts, compared to tell what changed), ``value``
is what was understood (written in the record). ``fill`` shows what was typed, ``typed_of`` turns a value into it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kzdoc.browsing import shown
from kzdoc.domain.field import Field, Type, read_value
from kzdoc.domain.text import iin_is_consistent
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.errors import InputError
from ui.tokens import SPACE_1, SPACE_2
from ui.widgets.answers import Answers
from ui.widgets.basics import button, icon_button, row
from ui.widgets.entry import Choice, Digits, LineEntry, TextEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent

    from kzdoc.filling import Newborn
    from ui.surroundings import Surroundings

_SPOKEN_TYPES = (Type.DATE, Type.TIME, Type.MONEY, Type.FIGURE)
_TEXT_LINES = (3, 12)
_COLUMN = 190
"""So much text a box shows in one of two columns, in pixels at zoom 1."""
_DIGITS: dict[Type, Digits] = {
    Type.DATE: "date",
    Type.TIME: "date",
    Type.MONEY: "date",
    Type.FIGURE: "date",
    Type.NUMBER: "number",
}
_DIGITS_OF_NUMBERS: dict[str, Digits] = {"iin": "number", "phone": "phone"}


@dataclass(slots=True)
class Kit:
    """What the slots of one form share: the desk, the day dates are read against, names of linked records."""

    desk: Surroundings
    today: str = ""
    names: dict[bytes, str] = field(default_factory=dict)
    born: dict[bytes, Newborn] = field(default_factory=dict)


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


class LineSlot(Slot):
    """Text, dates, numbers, money, figures, identifiers, addresses on the web: one line as people write it."""

    def __init__(self, of: Field, kit: Kit) -> None:
        super().__init__(of, kit)
        digits = _DIGITS_OF_NUMBERS.get(of.number_kind or "") or _DIGITS.get(of.type, "")
        self._line = LineEntry(digits)
        self._line.textEdited.connect(lambda _: self.edited.emit())
        self._line.editingFinished.connect(self.left)
        self.setFocusProxy(self._line)
        self.box.addWidget(self._line)

    @property
    def entry(self) -> QWidget:
        return self._line

    def typed(self) -> str:
        return self._line.text().strip()

    def fill(self, typed: Any) -> None:
        self._line.setText(str(typed or ""))
        self._line.setCursorPosition(0)

    def understood(self) -> str:
        value = self.value()
        if value is None:
            return ""
        words = self.kit.desk.words
        if self.of.number_kind == "iin":
            return "" if iin_is_consistent(value) else words.say("record.iin_odd")
        if self.of.type not in _SPOKEN_TYPES:
            return ""
        text = shown(self.of, value, words.lang)
        return "" if text == self.typed() else text


class _GrowingText(TextEntry):
    """A text as high as what stands in it, between three lines and twelve."""

    left = Signal()

    def __init__(self, lines: tuple[int, int]) -> None:
        super().__init__()
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self.updateGeometry())

    def sizeHint(self) -> QSize:
        least, most = self._lines
        lines = max(least, min(most, int(self.document().size().height())))
        frame = 2 * (self.document().documentMargin() + self.frameWidth()) + 12
        return QSize(120, round(lines * self.fontMetrics().lineSpacing() + frame))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class TextSlot(Slot):
    """Several lines of what a person told."""

    def __init__(self, of: Field, kit: Kit, lines: tuple[int, int] = _TEXT_LINES) -> None:
        super().__init__(of, kit)
        self._text = _GrowingText(lines)
        self._text.textChanged.connect(self.edited)
        self._text.left.connect(self.left)
        self.setFocusProxy(self._text)
        self.box.addWidget(self._text)

    @property
    def entry(self) -> QWidget:
        return self._text

    def typed(self) -> str:
        return self._text.toPlainText().strip()

    def fill(self, typed: Any) -> None:
        told = self._text.blockSignals(True)
        self._text.setPlainText(str(typed or ""))
        self._text.blockSignals(told)
        self._text.updateGeometry()


class ChoiceSlot(Slot):
    """One term of a vocabulary, or nothing said."""

    def __init__(self, of: Field, kit: Kit) -> None:
        super().__init__(of, kit)
        self._choice = Choice()
        self._choice.activated.connect(lambda _: self.edited.emit())
        self._choice.activated.connect(lambda _: self.left.emit())
        self.setFocusProxy(self._choice)
        self.box.addWidget(self._choice)
        kit.desk.words.languageChanged.connect(self._name_terms)
        self._name_terms()

    @property
    def entry(self) -> QWidget:
        return self._choice

    @property
    def long(self) -> bool:
        shown = self._choice.fontMetrics().horizontalAdvance(self._choice.currentText())
        return bool(self._choice.chosen()) and shown > self.kit.desk.theme.px(_COLUMN)

    def typed(self) -> str:
        return self._choice.chosen()

    def fill(self, typed: Any) -> None:
        self._name_terms(str(typed or ""))

    def typed_of(self, value: Any) -> str:
        return str(value or "")

    def _name_terms(self, chosen: str | None = None) -> None:
        words = self.kit.desk.words
        chosen = self._choice.chosen() if chosen is None else chosen
        terms = [(term.code, words.text(term.label)) for term in vocabulary(self.of.vocabulary or "").terms]
        if chosen and chosen not in dict(terms):
            terms.append((chosen, chosen))
        self._choice.show_choices([("", words.say("record.nothing_said")), *terms], chosen)
        self._choice.setToolTip(self._choice.currentText() if chosen else "")


class AnswerSlot(Slot):
    """Yes, no, not told, not asked."""

    def __init__(self, of: Field, kit: Kit) -> None:
        super().__init__(of, kit)
        self._answers = Answers(kit.desk.words, kit.desk.theme)
        self._answers.changed.connect(lambda _: self.edited.emit())
        self.box.addWidget(self._answers)

    @property
    def entry(self) -> QWidget:
        return self._answers

    def typed(self) -> str:
        return self._answers.value() or ""

    def fill(self, typed: Any) -> None:
        self._answers.set_value(str(typed or "") or None)

    def typed_of(self, value: Any) -> str:
        return str(value or "")


class AddressSlot(Slot):
    """An address in words, and the region it is in."""

    def __init__(self, of: Field, kit: Kit) -> None:
        super().__init__(of, kit)
        self._line = LineEntry()
        self._region = Choice()
        self._line.textEdited.connect(lambda _: self.edited.emit())
        self._line.editingFinished.connect(self.left)
        self._region.activated.connect(lambda _: self.edited.emit())
        self.setFocusProxy(self._line)
        self.box.addWidget(self._line)
        self.box.addWidget(self._region)
        kit.desk.words.put(self._region.setAccessibleName, "record.region")
        kit.desk.words.languageChanged.connect(self._name_regions)
        self._name_regions()

    @property
    def entry(self) -> QWidget:
        return self._line

    def typed(self) -> Any:
        text = self._line.text().strip()
        return {"text": text, "region": self._region.chosen()} if text or self._region.chosen() else ""

    def fill(self, typed: Any) -> None:
        parts = typed if isinstance(typed, dict) else {}
        self._line.setText(str(parts.get("text", "")))
        self._name_regions(str(parts.get("region", "")))

    def typed_of(self, value: Any) -> Any:
        return {"text": value.get("text", ""), "region": value.get("region", "")} if value else ""

    def value(self) -> Any:
        typed = self.typed()
        if typed and not typed["text"]:
            raise InputError("field.empty", field=self.of.id)
        return read_value(self.of, typed, today=self.kit.today)

    def _name_regions(self, chosen: str | None = None) -> None:
        words = self.kit.desk.words
        chosen = self._region.chosen() if chosen is None else chosen
        terms = [(term.code, words.text(term.label)) for term in vocabulary("region").terms]
        self._region.show_choices([("", words.say("record.region_not_said")), *terms], chosen)


class ManySlot(Slot):
    """Several values of one field: a row each, with a button that takes it away, and one that adds another."""

    def __init__(self, of: Field, kit: Kit, make: Callable[[Field, Kit], Slot]) -> None:
        super().__init__(of, kit)
        self._make = make
        self._slots: list[Slot] = []
        words, theme = kit.desk.words, kit.desk.theme
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_2)
        self._add = button(words, "record.add_another", self._add_another, look="link", theme=theme, icon="add")
        self.box.addLayout(self._rows)
        self.box.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.fill([])

    @property
    def entry(self) -> QWidget:
        return self._slots[0].entry

    def typed(self) -> Any:
        return [slot.typed() for slot in self._slots if slot.typed()] or ""

    def fill(self, typed: Any) -> None:
        wanted = list(typed) if isinstance(typed, list | tuple) and typed else [""]
        while len(self._slots) > len(wanted):
            self._drop(self._slots[-1])
        while len(self._slots) < len(wanted):
            self._append()
        for slot, one in zip(self._slots, wanted, strict=True):
            slot.fill(one)
        self._show_verbs()

    def typed_of(self, value: Any) -> Any:
        return [self._slots[0].typed_of(one) for one in value] or ""

    def value(self) -> Any:
        values: list[Any] = []
        for slot in self._slots:
            one = slot.value()
            if one is not None and one not in values:
                values.append(one)
        return values

    def understood(self) -> str:
        return " · ".join(filter(None, (slot.understood() for slot in self._slots)))

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        for slot in self._slots:
            slot.setAccessibleName(name)

    def _append(self) -> Slot:
        slot = self._make(self.of, self.kit)
        slot.setAccessibleName(self.accessibleName())
        slot.edited.connect(self._changed)
        slot.left.connect(self.left)
        take = icon_button(
            self.kit.desk.words, self.kit.desk.theme, "close", "record.take_away", lambda: self._take(slot)
        )
        holder = QWidget()
        line = row(slot, take, spacing=SPACE_1)
        line.setAlignment(take, Qt.AlignmentFlag.AlignTop)
        holder.setLayout(line)
        slot.setProperty("holder", holder)
        slot.setProperty("take", take)
        self._slots.append(slot)
        self._rows.addWidget(holder)
        return slot

    def _changed(self) -> None:
        self._show_verbs()
        self.edited.emit()

    def _show_verbs(self) -> None:
        """Offer to take away what is there, and one more only after the last has something in it."""
        several = len(self._slots) > 1
        for slot in self._slots:
            take: QWidget = slot.property("take")
            take.setVisible(several or bool(slot.typed()))
        self._add.setVisible(bool(self._slots[-1].typed()))

    def _add_another(self) -> None:
        slot = self._append()
        self._show_verbs()
        slot.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, slot: Slot) -> None:
        if len(self._slots) == 1:
            slot.fill("")
        else:
            self._drop(slot)
        self._changed()
        self._slots[-1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop(self, slot: Slot) -> None:
        self._slots.remove(slot)
        holder: QWidget = slot.property("holder")
        self._rows.removeWidget(holder)
        holder.hide()
        holder.deleteLater()
