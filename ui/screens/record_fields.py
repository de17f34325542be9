"""The fields of a form that hold one value in themselves: a line, a text, a choice, an answer, an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from kzdoc.browsing import shown
from kzdoc.domain.field import Field, Type, read_value
from kzdoc.domain.text import iin_is_consistent
from kzdoc.domain.vocabulary import vocabulary
from kzdoc.errors import InputError
from ui.screens.record_slot import Kit, Slot
from ui.widgets.answers import Answers
from ui.widgets.entry import Choice, Digits, LineEntry, TextEntry

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

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
