"""The top bar, the same in every room: search and commands in one field, what is saved, jot, language, lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QPushButton

from ui.messages import NAMES, SHORT
from ui.tokens import SPACE_2, SPACE_4, TOP_BAR
from ui.widgets.basics import IconLabel, button, label

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.messages import Words
    from ui.theme import Theme

_FIELD = 400
_AROUND = 64


class SearchField(QLineEdit):
    """The one field of search and commands; arrows, Enter and Esc go to the palette under it."""

    steered = Signal(int)
    """Up or Down (-1, 1)."""
    accepted = Signal()
    left = Signal()

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self.setMaximumWidth(theme.px(_FIELD))
        self.setMinimumWidth(120)
        words.put(self.setPlaceholderText, "top.search")
        words.put(self.setAccessibleName, "top.search")
        icon = QAction(theme.icon("search", "quiet"), "", self)
        self.addAction(icon, QLineEdit.ActionPosition.LeadingPosition)
        self._key = label("Ctrl K", size="small", tone="quiet")
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, SPACE_2, 0)
        box.addStretch(1)
        box.addWidget(self._key)
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(self._show_key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_key()

    def _show_key(self) -> None:
        hint = self.fontMetrics().horizontalAdvance(self.placeholderText()) + self._key.sizeHint().width()
        self._key.setVisible(not self.text() and self.width() > hint + _AROUND)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.steered.emit(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class TopBar(QFrame):
    """Its buttons run the commands they name; under 900 pixels jot and language go to the palette."""

    language = Signal(str)

    def __init__(self, words: Words, theme: Theme, *, jot: Callable[[], object], lock: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("look", "top")
        self._words, self._theme = words, theme
        self.search = SearchField(words, theme)
        self._saved_icon = IconLabel(theme, "check", "ok", 16)
        self._saved = label(size="small", tone="quiet")
        words.put(self._saved.setText, "saved.all")
        self._jot = button(words, "top.jot", jot, look="link", theme=theme, icon="jot")
        self._language = QPushButton()
        self._language.setProperty("look", "link")
        self._language.setProperty("tone", "quiet")
        words.put(self._language.setToolTip, "top.language")
        words.put(self._language.setAccessibleName, "top.language")
        words.languageChanged.connect(self._show_language)
        self._language.clicked.connect(self._choose_language)
        self._lock = button(words, "top.lock", lock, theme=theme, icon="lock")
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_2)
        self._box.setSpacing(SPACE_2)
        self._box.addWidget(self.search, 1)
        self._box.addStretch(1)
        for part in (self._saved_icon, self._saved, self._jot, self._language, self._lock):
            self._box.addWidget(part)
        self._box.insertSpacing(4, SPACE_4)
        self._show_language()
        self._measure()

    def show_saved(self, key: str, **params: str | int) -> None:
        """Say what is saved: a sentence of the catalogue."""
        self._words.put(self._saved.setText, key, **params)

    def set_narrow(self, narrow: bool) -> None:
        """Keep search, saved and lock only."""
        self._words.put(self.search.setPlaceholderText, "top.search_short" if narrow else "top.search")
        self._jot.setVisible(not narrow)
        self._language.setVisible(not narrow)
        self._saved.setVisible(True)
        self._box.setStretch(0, 3 if narrow else 1)
        side = SPACE_2 if narrow else SPACE_4
        self._box.setContentsMargins(side, SPACE_2, side, SPACE_2)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._measure()
        super().changeEvent(event)

    def _measure(self) -> None:
        self.setFixedHeight(self._theme.px(TOP_BAR))
        self.search.setMaximumWidth(self._theme.px(_FIELD))
        self._jot.setIconSize(QSize(18, 18))

    def _show_language(self) -> None:
        self._language.setText(SHORT[self._words.lang])

    def _choose_language(self) -> None:
        menu = QMenu(self)
        for lang, name in NAMES.items():
            action = menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(lang == self._words.lang)
            action.triggered.connect(lambda _=False, chosen=lang: self.language.emit(chosen))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._language.mapToGlobal(self._language.rect().bottomLeft()))
