"""A question of the record's form: name, slot, why it is asked or what was understood; conflict and withheld marks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt, Signal

from kzdoc.browsing import shown
from kzdoc.domain.dates import show_date
from kzdoc.domain.field import Field, Type
from kzdoc.errors import KzdocError
from ui.screens.record_fields import AddressSlot, AnswerSlot, ChoiceSlot, LineSlot, TextSlot
from ui.screens.record_file import FileSlot
from ui.screens.record_link import LinkSlot
from ui.screens.record_many import ManySlot
from ui.screens.record_slot import Kit, Slot
from ui.widgets.basics import Card, said, scrolled, set_look
from ui.widgets.conflict_card import ConflictCard, Side
from ui.widgets.form_row import FormRow
from ui.widgets.marks import WithheldChip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

    from kzdoc.browsing import Said, Sheet
    from kzdoc.moment import Moment
    from ui.messages import Words

_CODE = re.compile(r"\b(CPC|CAO|CC)\b")
_SLOTS: dict[Type, type[Slot]] = {
    Type.LONG_TEXT: TextSlot,
    Type.CHOICE: ChoiceSlot,
    Type.YESNO: AnswerSlot,
    Type.LINK: LinkSlot,
    Type.ADDRESS: AddressSlot,
    Type.FILE: FileSlot,
}
_WIDE = (Type.LONG_TEXT, Type.ADDRESS)


def make_slot(of: Field, kit: Kit) -> Slot:
    """Return the slot for one value of a field."""
    return _SLOTS.get(of.type, LineSlot)(of, kit)


def standard_text(words: Words, standard: str) -> str:
    """Return the standards a field answers to, the codes of Kazakhstan by the names of the language."""
    return _CODE.sub(lambda found: words.say(f"law.code_{found[1].lower()}"), standard)


class FieldRow(FormRow):
    """One field of the record. ``kept`` and ``third`` settle its conflict."""

    kept = Signal(str, str)
    """Field and the name of the statement that is kept."""
    third = Signal(str, str)
    """Field and what was written instead."""
    relaid = Signal()
    """It became wide or narrow."""

    def __init__(self, of: Field, kit: Kit, slot: Slot | None = None) -> None:
        made = slot or (ManySlot(of, kit, make_slot) if of.many else make_slot(of, kit))
        super().__init__(made, wide=of.type in _WIDE)
        self.of, self.kit, self.slot = of, kit, made
        self._base: Any = ""
        self._news = ""
        self._shown_of = b""
        self._values: list[Any] = []
        self._card: Card | None = None
        self._chip: WithheldChip | None = None
        made.edited.connect(self._edited)
        made.left.connect(self.judge)
        kit.desk.words.languageChanged.connect(self.retranslate)
        self.retranslate()

    @property
    def _column(self) -> QVBoxLayout:
        return self.layout()  # type: ignore[return-value]

    def retranslate(self) -> None:
        """Say name and reason in the language of the moment."""
        words = self.kit.desk.words
        self.set_name(words.text(self.of.label))
        reason = words.text(self.of.help) if self.of.help else ""
        self.set_reason(" ".join(filter(None, (reason, standard_text(words, self.of.standard or "")))))
        self._understand()
        self._fit_width()

    # what stands in it

    def show_sheet(self, sheet: Sheet, typed: Any = None) -> None:
        """Show the record's values; ``typed`` is what a draft kept, put over them."""
        self._meanwhile(sheet, typed)
        values = sheet.values(self.of.id)
        if self.of.id in sheet.conflicts:
            values = []
        first = values[0] if values else None
        self._base = (self.slot.typed_of(values) if values else "") if self.of.many else self._typed_of(first)
        self.slot.fill(self._base if typed is None else typed)
        self._base = self.slot.typed() if typed is None else self._base
        self._show_withheld([reason for name, reason in sheet.withheld if name == self.of.id])
        self._show_conflict(sheet)
        self.set_error("")
        self._understand()

    def _meanwhile(self, sheet: Sheet, typed: Any) -> None:
        """Note when somebody else changed the value under what is being typed."""
        values = [said.value for said in sheet.fields.get(self.of.id, ())]
        same = self._shown_of == sheet.id and bool(sheet.id)
        self._news = ""
        if same and typed is not None and values != self._values and values:
            self._news = ", ".join(self._shown(value) for value in values)
        self._shown_of, self._values = sheet.id, values

    @property
    def dirty(self) -> bool:
        """Whether something was typed that the record does not say."""
        return bool(self.slot.typed() != self._base)

    def value(self) -> Any:
        """Return what was understood; raises ``InputError``."""
        return self.slot.value()

    def judge(self) -> bool:
        """Say what is wrong, if anything; return whether all is well."""
        try:
            self.slot.value()
        except KzdocError as error:
            self.set_error(self.kit.desk.words.error(error))
            return False
        self.set_error("")
        return True

    def _typed_of(self, value: Any) -> Any:
        return self.slot.typed_of(value) if value is not None else ""

    def _edited(self) -> None:
        self.set_error("")
        self._understand()
        self._fit_width()

    def _understand(self) -> None:
        try:
            understood = self.slot.understood()
        except KzdocError:
            understood = ""
        if self._news:
            news = self.kit.desk.words.say("record.changed_meanwhile", value=self._news)
            self.set_understood(" ".join(filter(None, (f"{understood}." if understood else "", news))))
            return
        self.set_understood(f"{understood.rstrip('.')}. {self._reason}".rstrip(". ") + "." if understood else "")

    def _show(self) -> None:
        super()._show()
        set_look(self.slot.entry, wrong=bool(self._error))
        if self._card is not None:
            self.note.hide()

    # marks

    def _show_withheld(self, reasons: Sequence[str]) -> None:
        if self._chip is not None:
            self._column.removeWidget(self._chip)
            self._chip.hide()
            self._chip.deleteLater()
            self._chip = None
        if reasons:
            self._chip = WithheldChip(self.kit.desk.words, self.kit.desk.theme, f"withheld.{reasons[0]}")
            self._column.insertWidget(1, self._chip, 0, Qt.AlignmentFlag.AlignLeft)

    def _show_conflict(self, sheet: Sheet) -> None:
        if self._card is not None:
            self._column.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
            self._card = None
        lives = sheet.fields.get(self.of.id, ()) if self.of.id in sheet.conflicts else ()
        self.slot.setVisible(not lives)
        self.setFocusProxy(cast("QWidget", None if lives else self.slot))  # else Tab goes to what is hidden
        if lives:
            self._card = self._conflict(lives)
            self._column.insertWidget(1, self._card)
        self._fit_width()

    def _fit_width(self) -> None:
        wide = self._card is not None or self.of.type in _WIDE or self.slot.long
        if wide != self.wide:
            self.wide = wide
            self.relaid.emit()

    def _conflict(self, lives: Sequence[Said]) -> Card:
        words, theme = self.kit.desk.words, self.kit.desk.theme
        card = Card(look="banner-warn")
        card.body.addWidget(said(words, "record.two_wrote", wrap=True))
        sides = [
            Side(
                words.say("record.you") if one.own else one.author,
                moment_text(one.time, words.lang),
                self._shown(one.value),
            )
            for one in lives
        ]
        made = ConflictCard(words, theme, sides)
        made.kept.connect(lambda number: self.kept.emit(self.of.id, lives[number].statement))
        made.third.connect(lambda text: self.third.emit(self.of.id, text))
        if self.of.type is Type.LINK:
            cast("QWidget", made.entry.parentWidget()).hide()  # a third record is not written in words
        card.body.addWidget(made)
        return card

    def _shown(self, value: Any) -> str:
        words = self.kit.desk.words
        if value is None:
            return words.say("record.cleared")
        if isinstance(value, bytes):
            return self.kit.names.get(value) or words.say("record.no_name")
        return shown(self.of, value, words.lang)


def moment_text(moment: Moment, lang: str) -> str:
    """Return a claimed moment as people write it, in the writer's own time."""
    iso = moment.iso()
    return f"{show_date(iso[:10], lang)}, {iso[11:16]}"


def fitted(page: QWidget) -> QScrollArea:
    """Return a scrolling page as high as its wrapped texts need at its width.

    Without its own least height Qt would take that of the narrowest width, and leave a blank end.
    """
    page.setMinimumHeight(1)
    return scrolled(page)
