"""A field of several values: a row each, one more on request, one away by its button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.screens.record_slot import Kit, Slot
from ui.tokens import SPACE_1, SPACE_2
from ui.widgets.basics import button, icon_button, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from kzdoc.domain.field import Field


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
