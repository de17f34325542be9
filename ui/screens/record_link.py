"""Fields that lead to another record: found as one types, in any spelling, by our own search.

The popup is a QCompleter that never matches by itself: it shows what the search found, and last the offer to make a
record of that name. What was typed but not chosen leads nowhere and is told as wrong, never guessed at.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QWidget

from kzdoc import listing
from kzdoc.domain.catalogue import KINDS
from kzdoc.errors import InputError
from kzdoc.filling import Newborn
from ui.screens.record_slot import Kit, Slot
from ui.widgets.basics import icon_button, row
from ui.widgets.entry import LineEntry

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemView

    from kzdoc.domain.field import Field
    from kzdoc.listing import Row

_MEANT = int(Qt.ItemDataRole.UserRole)
_ID_BYTES = 16
_SHOWN = 8


class LinkSlot(Slot):
    """One link. Typed is "", what was chosen (``id``, ``name``, ``born`` for a new one), or ``text`` not chosen yet."""

    def __init__(self, of: Field, kit: Kit) -> None:
        super().__init__(of, kit)
        self._chosen: dict[str, Any] = {}
        self._line = LineEntry()
        self._line.textEdited.connect(self._search)
        self._line.editingFinished.connect(self._leave)
        self._model = QStandardItemModel(self)
        self._popup = QCompleter(self._model, self)
        self._popup.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._popup.setMaxVisibleItems(_SHOWN)
        self._popup.setWidget(self._line)
        self._listing = cast("QAbstractItemView", self._popup.popup())
        self._popup.activated[QModelIndex].connect(self._choose)  # type: ignore[index]
        desk = kit.desk
        self._go = icon_button(desk.words, desk.theme, "chevron-right", "record.go_there", self._open)
        self._go.hide()
        self.setFocusProxy(self._line)
        self.box.addLayout(row(self._line, self._go, spacing=4))
        desk.words.put(self._line.setPlaceholderText, "record.link_hint")

    @property
    def entry(self) -> QWidget:
        return self._line

    def typed(self) -> Any:
        text = self._line.text().strip()
        if self._chosen and text == self._chosen["name"]:
            return dict(self._chosen)
        return {"text": text} if text else ""

    def fill(self, typed: Any) -> None:
        told = typed if isinstance(typed, dict) else {}
        self._chosen = dict(told) if "id" in told else {}
        if told.get("born"):
            self.kit.born[told["id"]] = Newborn(told["id"], told["born"], told["name"])
        self._line.setText(str(told.get("name", told.get("text", ""))))
        self._line.setCursorPosition(0)
        self._show_way()

    def typed_of(self, value: Any) -> Any:
        if not isinstance(value, bytes):
            return ""
        words = self.kit.desk.words
        return {"id": value, "name": self.kit.names.get(value) or words.say("record.no_name")}

    def value(self) -> Any:
        typed = self.typed()
        if not typed:
            return None
        if "id" not in typed:
            raise InputError("field.link-unchosen", field=self.of.id)
        return typed["id"]

    def _search(self, text: str) -> None:
        self.edited.emit()
        self._show_way()
        lang, to = self.kit.desk.words.lang, self.of.to if self.of.to != "*" else ""
        self.kit.desk.tasks.read(
            lambda session, _: listing.suggestions(session, text, kind_id=to or "", lang=lang),
            done=partial(self._offer, text),
            owner=self,
            latest=f"link-{id(self)}",
        )

    def _offer(self, text: str, found: list[Row]) -> None:
        if text != self._line.text() or not self._line.hasFocus() or not text.strip():
            return
        self._model.clear()
        words = self.kit.desk.words
        if self.kit.alone:
            found = [replace(one, line="") for one in found if one.name.casefold() == " ".join(text.split()).casefold()]
        for one in found:
            name = one.name or words.say("record.no_name")
            item = QStandardItem("  ·  ".join(filter(None, (name, one.line))))
            item.setData({"id": one.id, "name": name}, _MEANT)
            self._model.appendRow(item)
        if (self.of.to or "") in KINDS:
            kind, name = KINDS[self.of.to or ""], " ".join(text.split())
            item = QStandardItem(words.say("record.new_link", kind=words.text(kind.label), name=name))
            item.setData({"born": kind.id, "name": name}, _MEANT)
            self._model.appendRow(item)
        if self._model.rowCount():
            self._popup.complete()
            self._listing.setCurrentIndex(self._popup.completionModel().index(0, 0))

    def _choose(self, index: QModelIndex) -> None:
        meant = dict(index.data(_MEANT))
        if "born" in meant:
            meant["id"] = os.urandom(_ID_BYTES)
        self.fill(meant)
        self.edited.emit()
        self.left.emit()

    def _leave(self) -> None:
        if not self._listing.isVisible():
            self.left.emit()

    def _show_way(self) -> None:
        typed = self.typed()
        self._go.setVisible(isinstance(typed, dict) and "id" in typed and not typed.get("born") and not self.kit.alone)

    def _open(self) -> None:
        typed = self.typed()
        if typed:
            self.kit.desk.go("record", typed["id"])
