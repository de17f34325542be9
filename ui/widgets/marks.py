"""Marks: where a record is, how a legal limit stands, that something is withheld. Always an icon and a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui.widgets.basics import IconLabel, label, row, set_look

if TYPE_CHECKING:
    from ui.messages import Words
    from ui.theme import Theme

STATES = {
    "only_here": ("laptop", "warn", "state.only_here"),
    "sent": ("arrow-up", "quiet", "state.sent"),
    "receipted": ("double-check", "ok", "state.receipted"),
    "verified": ("verified", "ok", "state.verified"),
    "unverified": ("unverified", "warn", "state.unverified"),
    "revoked": ("unverified", "danger", "keys.state_revoked"),
}
"""Icon, tone and word of each state."""

LIMITS = {
    "passed": ("warning", "danger"),
    "soon": ("clock", "warn"),
    "later": ("clock", "quiet"),
    "unknown": ("info", "held"),
}
"""Icon and tone of each standing of a legal limit."""

_WITHHELD_WIDTH = 208


class StateMark(QWidget):
    """Only here, sent, receipted; or verified, not verified, revoked."""

    def __init__(self, words: Words, theme: Theme, state: str) -> None:
        super().__init__()
        icon, tone, key = STATES[state]
        self._words = words
        self._icon = IconLabel(theme, icon, tone, 16)
        self._word = label(size="small", tone=tone)
        words.put(self._word.setText, key)
        self.setLayout(row(self._icon, self._word, spacing=6))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, state: str) -> None:
        """Show another state."""
        icon, tone, key = STATES[state]
        self._icon.show_icon(icon, tone)
        set_look(self._word, tone=tone)
        self._words.put(self._word.setText, key)


class LimitBadge(QFrame):
    """How a legal limit stands: passed (red), under an hour (amber), later (grey), cannot be judged (violet)."""

    def __init__(self, theme: Theme, standing: str, text: str) -> None:
        super().__init__()
        icon, tone = LIMITS[standing]
        self._icon = IconLabel(theme, icon, tone, 16)
        self._word = label(text, size="small", tone=tone, bold=True)
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 3, 8, 3)
        box.setSpacing(6)
        box.addWidget(self._icon)
        box.addWidget(self._word)
        self.setProperty("look", f"mark-{tone}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_limit(self, standing: str, text: str) -> None:
        """Show another standing."""
        icon, tone = LIMITS[standing]
        self._icon.show_icon(icon, tone)
        self._word.setText(text)
        set_look(self._word, tone=tone)
        set_look(self, look=f"mark-{tone}")


class WithheldChip(QFrame):
    """Something withheld: as wide as any other, so that its width tells nothing; the word and the class of reason."""

    def __init__(self, words: Words, theme: Theme, reason: str) -> None:
        super().__init__()
        self._theme = theme
        self._word = label(size="small", tone="held")
        words.put(self._word.setText, reason)
        words.put(self.setAccessibleName, reason)
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 3, 8, 3)
        box.setSpacing(6)
        box.addWidget(IconLabel(theme, "withheld", "held", 16))
        box.addWidget(self._word, 1)
        self.setProperty("look", "mark-held")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(theme.px(_WITHHELD_WIDTH))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self.setFixedWidth(self._theme.px(_WITHHELD_WIDTH))
        super().changeEvent(event)
