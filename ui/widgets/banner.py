"""The banner at the top of a room: one line, one action, one at a time, the gravest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.tokens import SPACE_3, SPACE_4
from ui.widgets.basics import IconLabel, button, icon_button, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.messages import Words
    from ui.theme import Theme

_GRAVITY = ("danger", "warn", "held", "ok", "info")
_ICONS = {"danger": "warning", "warn": "warning", "held": "info", "ok": "check", "info": "info"}


@dataclass(frozen=True, slots=True)
class Notice:
    """What a banner says: a tone, a sentence of the catalogue with its parameters, perhaps one action."""

    id: str
    tone: str
    sentence: str
    params: dict[str, str | int] = field(default_factory=dict)
    verb: str = ""
    run: Callable[[], object] | None = None
    closes: bool = True


class Banner(QFrame):
    """One notice."""

    def __init__(self, words: Words, theme: Theme, notice: Notice, close: Callable[[], object] | None = None) -> None:
        super().__init__()
        self.setProperty("look", f"banner-{notice.tone}")
        box = QHBoxLayout(self)
        box.setContentsMargins(SPACE_4, 8, SPACE_4, 8)
        box.setSpacing(SPACE_3)
        tone = "accent" if notice.tone == "info" else notice.tone
        box.addWidget(IconLabel(theme, _ICONS[notice.tone], tone, 20))
        self._sentence = said(words, notice.sentence, wrap=True)
        words.put(self._sentence.setText, notice.sentence, **notice.params)
        words.put(self.setAccessibleName, notice.sentence, **notice.params)
        box.addWidget(self._sentence, 1)
        if notice.verb and notice.run is not None:
            box.addWidget(button(words, notice.verb, notice.run))
        if notice.closes and close is not None:
            box.addWidget(icon_button(words, theme, "close", "action.close", close))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


class BannerPlace(QWidget):
    """Where a room's banner goes; it holds all notices and shows the gravest."""

    def __init__(self, words: Words, theme: Theme, *, margin: int = 0) -> None:
        super().__init__()
        self._words, self._theme = words, theme
        self._notices: dict[str, Notice] = {}
        self._shown: Banner | None = None
        self._quiet = False
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(margin, margin, margin, 0)
        self.hide()

    def put(self, notice: Notice) -> None:
        """Add a notice, or replace the one with its id."""
        self._notices[notice.id] = notice
        self._show()

    def take(self, notice_id: str) -> None:
        """Take a notice away."""
        if self._notices.pop(notice_id, None) is not None:
            self._show()

    def set_quiet(self, *, quiet: bool) -> None:
        """Show nothing for a while, whatever is put: somebody sits opposite who must not read it."""
        self._quiet = quiet
        self._show()

    def gravest(self) -> Notice | None:
        """Return the notice that is shown."""
        return min(self._notices.values(), key=lambda notice: _GRAVITY.index(notice.tone), default=None)

    def _show(self) -> None:
        if self._shown is not None:
            self._box.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
            self._shown = None
        notice = self.gravest()
        self.setVisible(notice is not None and not self._quiet)
        if notice is not None:
            self._shown = Banner(self._words, self._theme, notice, lambda: self.take(notice.id))
            self._box.addWidget(self._shown)
