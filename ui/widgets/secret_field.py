"""The field of a passphrase: it can be shown, and says under it which layout writes and whether Caps Lock is on.

A passphrase is typed blind, so the layout matters most here. Before the first key the layout is known only where the
system tells it (Windows); after that each key tells it: which physical key wrote which letter. Kazakh and Russian
write the same letters except on the number row, so until such a key comes it says "Cyrillic".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui.layouts import layout_of, physical_key
from ui.tokens import SPACE_2
from ui.widgets.basics import icon_button, label, row

if TYPE_CHECKING:
    from ui.messages import Words
    from ui.theme import Theme

_LOCK_BIT = {"windows": 0x100, "xcb": 0x2, "wayland": 0x2}
"""The bit of Caps Lock in the native modifiers of a key event."""


class _Field(QLineEdit):
    typed = Signal(str, str, bool)
    """Layout the key tells ("" if it tells none), the text it wrote, Caps Lock."""
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = physical_key(event)
        layout = layout_of(key, event.text())
        bit = _LOCK_BIT.get(QGuiApplication.platformName(), 0)
        self.typed.emit(layout, event.text(), bool(event.nativeModifiers() & bit))
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in {Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason}:
            self.left.emit()


class SecretField(QWidget):
    """Field, eye, layout line. ``submitted`` on Enter."""

    submitted = Signal()
    changed = Signal()
    revealed = Signal(bool)
    """Whether what is typed can be read now."""
    left = Signal()
    """The focus went elsewhere in the window."""

    def __init__(self, words: Words, theme: Theme, *, name: str, with_layout: bool = True) -> None:
        super().__init__()
        self._words, self._theme = words, theme
        self._layout = ""
        self._caps: bool | None = None
        self.field = _Field()
        self.field.setProperty("look", "tall")
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        self.field.setInputMethodHints(hints | Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoAutoUppercase)
        self.field.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.field.returnPressed.connect(self.submitted)
        self.field.textChanged.connect(self.changed)
        self.field.left.connect(self.left)
        self.field.typed.connect(self._learn)
        self.field.setTextMargins(0, 0, 36, 0)
        words.put(self.field.setAccessibleName, name)
        self._eye = icon_button(words, theme, "eye", "unlock.reveal", self.toggle_reveal)
        inside = QHBoxLayout(self.field)
        inside.setContentsMargins(0, 0, 4, 0)
        inside.addStretch(1)
        inside.addWidget(self._eye)
        self._eye.setCursor(Qt.CursorShape.ArrowCursor)
        self._badge = QFrame()
        self._badge.setProperty("look", "mark-quiet")
        self._short = label(size="small", tone="accent", bold=True)
        badge = QHBoxLayout(self._badge)
        badge.setContentsMargins(8, 3, 8, 3)
        badge.addWidget(self._short)
        self._long = label(size="small", tone="quiet")
        self._caps_word = label(size="small", tone="quiet")
        self._line = QWidget()
        self._line.setLayout(row(self._badge, self._long, None, self._caps_word))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE_2)
        box.addWidget(self.field)
        box.addWidget(self._line)
        self._line.setVisible(with_layout)
        self.setFocusProxy(self.field)
        words.languageChanged.connect(self._tell)
        QGuiApplication.inputMethod().localeChanged.connect(self._ask_system)
        self._ask_system()

    def text(self) -> str:
        """Return what was typed."""
        return self.field.text()

    def clear(self) -> None:
        """Forget what was typed and hide again."""
        self.field.clear()
        self.reveal(False)

    def toggle_reveal(self) -> None:
        """Show or hide what is typed."""
        self.reveal(self.field.echoMode() == QLineEdit.EchoMode.Password)

    def reveal(self, shown: bool) -> None:
        """Show what is typed, or hide it."""
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.field.setEchoMode(mode)
        self._eye.setIcon(self._theme.icon("eye-off" if shown else "eye", "quiet"))
        key = "unlock.hide" if shown else "unlock.reveal"
        self._words.put(self._eye.setToolTip, key)
        self._words.put(self._eye.setAccessibleName, key)
        self.revealed.emit(shown)

    @property
    def layout_known(self) -> str:
        """``en``, ``ru``, ``kk``, ``cyrillic`` or "" while it is not known."""
        return self._layout

    def _ask_system(self) -> None:
        if QGuiApplication.platformName() == "windows":
            name = QGuiApplication.inputMethod().locale().name()[:2]
            self._layout = name if name in ("en", "ru", "kk") else ""
        self._tell()

    def _learn(self, layout: str, text: str, caps: bool) -> None:
        refines = not (layout == "cyrillic" and self._layout in ("kk", "ru"))
        if layout and refines:
            self._layout = layout
        if text.strip() or caps:
            self._caps = caps
        self._tell()

    def _tell(self) -> None:
        say = self._words.say
        self._badge.setVisible(bool(self._layout))
        if self._layout:
            self._short.setText(say(f"layout.short.{self._layout}"))
        self._long.setText(say(f"layout.{self._layout or 'unknown'}"))
        known = self._caps is not None
        self._caps_word.setText(say("caps.on" if self._caps else "caps.off") if known else "")
        self._caps_word.setProperty("tone", "warn" if self._caps else "quiet")
        self._caps_word.style().polish(self._caps_word)
        self.field.setAccessibleDescription(f"{self._long.text()}. {self._caps_word.text()}")
