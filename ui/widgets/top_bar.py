"""The top bar, the same in every room: search and commands in one field, what is saved, jot, language, lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QPushButton, QSizePolicy

from ui.messages import NAMES, SHORT
from ui.tokens import SPACE_2, SPACE_4, TOP_BAR
from ui.widgets.basics import Card, IconLabel, button, icon_button, label, said

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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

    def __init__(self, words: Words, theme: Theme, verbs: Mapping[str, Callable[[], object]]) -> None:
        """``verbs`` are jot, lock, cover (draw the curtain) and end (an interview)."""
        super().__init__()
        self._narrow = self._sitting = False
        self.setProperty("look", "top")
        self._words, self._theme = words, theme
        self.search = SearchField(words, theme)
        self._saved_icon = IconLabel(theme, "check", "ok", 16)
        self._saved = label(size="small", tone="quiet")
        words.put(self._saved.setText, "saved.all")
        self._practice = Card(look="mark-quiet")
        self._practice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._practice.body.setContentsMargins(8, 2, 8, 2)
        self._practice.body.addWidget(said(words, "top.practice", size="small", tone="quiet", bold=True))
        words.put(self._practice.setToolTip, "top.practice_why")
        self._practice.hide()
        self._jot = button(words, "top.jot", verbs["jot"], look="link", theme=theme, icon="jot")
        self._language = QPushButton()
        self._language.setProperty("look", "link")
        self._language.setProperty("tone", "quiet")
        words.put(self._language.setToolTip, "top.language")
        words.put(self._language.setAccessibleName, "top.language")
        words.languageChanged.connect(self._show_language)
        self._language.clicked.connect(self._choose_language)
        self._cover = icon_button(words, theme, "eye-off", "top.cover", verbs["cover"])
        self._finish = button(words, "top.end_sitting", verbs["end"], look="link", theme=theme, icon="check")
        self._finish.hide()
        self._lock = button(words, "top.lock", verbs["lock"], theme=theme, icon="lock")
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_2)
        self._box.setSpacing(SPACE_2)
        self._box.addWidget(self.search, 1)
        self._box.addStretch(1)
        for part in (self._saved_icon, self._saved):
            self._box.addWidget(part)
        self._box.addSpacing(SPACE_2)
        for verb in (self._practice, self._finish, self._jot, self._language, self._cover, self._lock):
            self._box.addWidget(verb)
        self._show_language()
        self._measure()

    def show_saved(self, key: str, **params: str | int) -> None:
        """Say what is saved: a sentence of the catalogue."""
        self._words.put(self._saved.setText, key, **params)

    def set_narrow(self, narrow: bool) -> None:
        """Keep search, saved and lock only."""
        self._narrow = narrow
        self._words.put(self.search.setPlaceholderText, "top.search_short" if narrow else "top.search")
        self._show_parts()
        self._box.setStretch(0, 3 if narrow else 1)
        side = SPACE_2 if narrow else SPACE_4
        self._box.setContentsMargins(side, SPACE_2, side, SPACE_2)

    def set_practice(self, practice: bool) -> None:
        """Say, quietly and for good, that this vault is for practice."""
        self._practice.setVisible(practice)

    def set_sitting(self, sitting: bool) -> None:
        """Keep only what an interview needs."""
        self._sitting = sitting
        self._show_parts()

    def _show_parts(self) -> None:
        self.search.setVisible(not self._sitting)
        self._finish.setVisible(self._sitting)
        self._jot.setVisible(not self._narrow and not self._sitting)
        self._language.setVisible(not self._narrow)

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
