"""The curtain: one key covers everything at once without locking, one deliberate act brings it back.

It keeps eyes off the screen, no more: the keys stay where they are, and who takes the laptop has an open desk. In an
interview it asks for the short code; three wrong ones lock.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.tokens import SPACE_2, SPACE_3, SPACE_6
from ui.widgets.basics import Card, IconLabel, button, column, label, row, said, set_look
from ui.widgets.entry import LineEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.messages import Words
    from ui.theme import Theme

SHORTEST, LONGEST = 4, 12
TRIES = 3
_WIDTH = 360
_COST, _BLOCK = 2**14, 8


@dataclass(frozen=True, slots=True)
class Code:
    """A short code, kept so that it cannot be read: somebody may use the same figures elsewhere."""

    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)

    @classmethod
    def of(cls, typed: str) -> Code:
        """Return the code somebody chose."""
        salt = os.urandom(16)
        return cls(salt, _digest(typed, salt))

    def matches(self, typed: str) -> bool:
        """Tell whether this is it."""
        return hmac.compare_digest(self.digest, _digest(typed, self.salt))


def _digest(typed: str, salt: bytes) -> bytes:
    return hashlib.scrypt(typed.strip().encode(), salt=salt, n=_COST, r=_BLOCK, p=1)


class Curtain(QWidget):
    """Covers the window. ``lifting`` after the deliberate act, ``refused`` when the code was wrong too often."""

    lifting = Signal()
    refused = Signal()

    def __init__(self, words: Words, theme: Theme, lock: Callable[[], object]) -> None:
        super().__init__()
        self._words = words
        self._code: Code | None = None
        self._wrong = 0
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words.put(self.setAccessibleName, "curtain.title")
        card = Card()
        card.setMaximumWidth(theme.px(_WIDTH))
        card.setMinimumWidth(theme.px(_WIDTH) * 3 // 4)
        card.body.addWidget(IconLabel(theme, "eye-off", "quiet", 24))
        card.body.addWidget(said(words, "curtain.title", size="title", wrap=True))
        card.body.addWidget(said(words, "curtain.kept", tone="quiet", wrap=True))
        self.entry = LineEntry("number")
        self.entry.setEchoMode(QLineEdit.EchoMode.Password)
        self.entry.setMaxLength(LONGEST)
        words.put(self.entry.setAccessibleName, "curtain.code")
        self._name = said(words, "curtain.code")
        self._name.setBuddy(self.entry)
        self._note = label(size="small", tone="quiet", wrap=True)
        self.show_button = button(words, "curtain.show", self._try, look="main", theme=theme)
        self.show_button.setAutoDefault(True)  # Enter presses it too
        away = button(words, "top.lock", lock, look="link", theme=theme, icon="lock")
        card.body.addLayout(column(self._name, self.entry, self._note, spacing=4))
        card.body.addLayout(row(self.show_button, None, away, spacing=SPACE_2))
        self.setLayout(column(None, row(SPACE_3, None, card, None, SPACE_3), None, SPACE_6))
        self.entry.returnPressed.connect(self._try)
        self.entry.textEdited.connect(lambda _: self._say("", "quiet"))

    def close_for(self, code: Code | None, *, ending: bool = False) -> None:
        """Stand before the desk; with a code, only that opens it, or ends the interview, and its verb says so."""
        self._words.put(self.show_button.setText, "top.end_sitting" if ending else "curtain.show")
        self._code, self._wrong = code, 0
        self.entry.clear()
        for part in (self.entry, self._name):
            part.setVisible(code is not None)
        self._say("", "quiet")
        (self.entry if code is not None else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _try(self) -> None:
        typed = self.entry.text()
        self.entry.clear()
        if self._code is None:
            self.lifting.emit()
        elif not typed:
            self.entry.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._code.matches(typed):
            self._wrong = 0
            self.lifting.emit()
        else:
            self._wrong += 1
            if self._wrong >= TRIES:
                self.refused.emit()
                return
            self._say("curtain.wrong", "danger", n=TRIES - self._wrong)
            self.entry.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, key: str, tone: str, **params: str | int) -> None:
        set_look(self._note, tone=tone)
        self._note.setVisible(bool(key))
        if key:
            self._words.put(self._note.setText, key, **params)
