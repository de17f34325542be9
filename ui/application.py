"""What both processes with a window begin with: hardened, Qt's platform checked, theme and words ready."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from kzdoc.platform.hardening import check_qt_platform, harden_process
from ui.clipboard import Clipboard
from ui.messages import Words
from ui.preferences import Preferences, preferences_path, read_preferences
from ui.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Application:
    """The QApplication with its theme, words and preferences; one a process."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        harden_process()
        check_qt_platform(os.environ, arguments)
        self.qt = QApplication(["kzdoc"])
        self.qt.setApplicationName("kzdoc")
        self.qt.setQuitOnLastWindowClosed(False)
        self.clipboard = Clipboard(self.qt)
        self.path: Path = preferences_path()
        self.preferences: Preferences = read_preferences(self.path)
        self.theme = Theme(self.qt, mode=self.preferences.theme, zoom=self.preferences.zoom)
        self.words = Words(self.preferences.lang, self.qt)
        self._translator = QTranslator(self.qt)
        self.words.languageChanged.connect(self._translate_qt)
        self._translate_qt()

    def exit(self, status: int) -> None:
        """End the process with a status; nothing it copied stays behind."""
        self.clipboard.clear()
        self.qt.exit(status)

    def _translate_qt(self) -> None:
        """Use Qt's own catalogue for what Qt says itself (the menu of a field, for one)."""
        self.qt.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{self.words.lang}", folder):
            self.qt.installTranslator(self._translator)
