"""What an empty room says: what it is for, in one sentence, and the one button to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.tokens import SPACE_3, SPACE_6
from ui.widgets.basics import IconLabel, button, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.messages import Words
    from ui.theme import Theme

_WIDEST = 440
_SHARE = 1000


class EmptyState(QWidget):
    """A 24-pixel icon, one sentence, at most one button."""

    def __init__(
        self,
        words: Words,
        theme: Theme,
        icon: str,
        sentence: str,
        *,
        verb: str = "",
        run: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        box.setSpacing(SPACE_3)
        centre = Qt.AlignmentFlag.AlignHCenter
        text = said(words, sentence, tone="quiet", wrap=True)
        text.setAlignment(centre)
        box.addStretch(2)
        box.addWidget(IconLabel(theme, icon, "quiet", 24), 0, centre)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(text, _SHARE)
        middle.addStretch(1)
        text.setMaximumWidth(theme.px(_WIDEST))
        box.addLayout(middle)
        if verb and run is not None:
            box.addWidget(button(words, verb, run, look="main"), 0, centre)
        box.addStretch(3)
