"""A field that holds a file: which one is in it, and choosing another without leaving a trace."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from kzdoc.domain.field import read_value, show_value
from ui.screens.record_slot import Kit, Slot
from ui.widgets.basics import ElidedLabel, button, icon_button, row
from ui.widgets.file_choice import FileChoice

if TYPE_CHECKING:
    from kzdoc.domain.field import Field


def choose_files(kit: Kit, parent: QWidget, took: Any) -> FileChoice:
    """Open our own choice of files; ``took`` is called with the paths."""
    desk = kit.desk
    choice = FileChoice(desk.words, desk.theme, parent, wanted="files", start=Path.home())
    choice.accepted.connect(lambda: took(choice.chosen_paths()))
    choice.finished.connect(choice.deleteLater)
    choice.open()
    return choice


class FileSlot(Slot):
    """One file: one that is in the vault, or the path of one to take in at the save."""

    def __init__(self, of: Field, kit: Kit) -> None:
        super().__init__(of, kit)
        self._typed: Any = ""
        words, theme = kit.desk.words, kit.desk.theme
        self._name = ElidedLabel()
        self._button = button(words, "record.choose_file", self._ask, theme=theme, icon="file")
        self._take = icon_button(words, theme, "close", "record.take_away", self._clear)
        self.setFocusProxy(self._button)
        self.box.addLayout(row(self._button, self._name, self._take))
        self.fill("")

    @property
    def entry(self) -> QWidget:
        return self._button

    def typed(self) -> Any:
        return self._typed

    def fill(self, typed: Any) -> None:
        self._typed = typed or ""
        self._take.setVisible(bool(self._typed))
        if not self._typed:
            self._name.setText("")
        elif "path" in self._typed:
            self._name.setText(Path(self._typed["path"]).name)
        else:
            self._name.setText(show_value(self.of, read_value(self.of, self._typed), self.kit.desk.words.lang))

    def typed_of(self, value: Any) -> Any:
        return dict(value) if value else ""

    def value(self) -> Any:
        if not self._typed:
            return None
        return Path(self._typed["path"]) if "path" in self._typed else read_value(self.of, self._typed)

    def _ask(self) -> None:
        choose_files(self.kit, self.window(), partial(self._took))

    def _took(self, paths: list[Path]) -> None:
        if paths:
            self.fill({"path": str(paths[0])})
            self.edited.emit()

    def _clear(self) -> None:
        self.fill("")
        self.edited.emit()
