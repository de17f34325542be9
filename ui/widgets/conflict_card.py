"""A conflict: two statements of equal width and weight, none of them chosen beforehand, or a third written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.tokens import SPACE_3
from ui.widgets.basics import Card, button, column, label, row, rule, said
from ui.widgets.difference import DifferenceText
from ui.widgets.entry import LineEntry, TextEntry
from ui.widgets.marks import StateMark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from kzdoc.analysis.differences import Piece
    from ui.messages import Words
    from ui.theme import Theme

_SIDE_BY_SIDE = 520
_LINES = 104
"""The height of the field for a third text; it scrolls."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the statements, in words: who wrote it, when and where, the value, how it was understood, its source."""

    who: str
    when: str
    value: str
    understood: str = ""
    source: str = ""
    reliability: str = ""
    state: str = ""
    seen: str = ""
    pieces: tuple[Piece, ...] = ()
    """The value in pieces where it is a text of which some words differ."""


class ConflictCard(QWidget):
    """``kept`` carries the number of the side that was kept, ``third`` what was written instead."""

    kept = Signal(int)
    third = Signal(str)
    both = Signal()

    def __init__(
        self, words: Words, theme: Theme, sides: Sequence[Side], *, moves: str = "", both: bool = False
    ) -> None:
        """``both`` offers to keep all of them as claims."""
        super().__init__()
        self._words, self._theme = words, theme
        self._panels = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._panels.setSpacing(SPACE_3)
        for number, side in enumerate(sides):
            self._panels.addWidget(self._panel(number, side), 1)
        box = column(self._panels, spacing=SPACE_3)
        if moves:
            card = Card()
            card.body.addWidget(label(moves, wrap=True))
            box.addWidget(card)
        if both:
            box.addWidget(self._claims())
        box.addWidget(self._writing(len(sides), long=any(side.pieces for side in sides)))
        self.setLayout(box)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= _SIDE_BY_SIDE
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._panels.setDirection(way)

    def _panel(self, number: int, side: Side) -> Card:
        card = Card()
        head = row(label(side.who, bold=True, wrap=True), None)
        if side.state:
            head.addWidget(StateMark(self._words, self._theme, side.state))
        card.body.addLayout(head)
        card.body.addWidget(label(side.when, size="small", tone="quiet", wrap=True))
        if side.pieces:
            card.body.addWidget(DifferenceText(self._theme, side.pieces))
        else:
            card.body.addWidget(label(side.value, size="title", wrap=True))
        if side.seen:
            card.body.addWidget(label(side.seen, size="small", tone="quiet", wrap=True))
        if side.understood:
            card.body.addWidget(label(side.understood, size="small", tone="quiet", wrap=True))
        if side.source:
            card.body.addWidget(rule())
            card.body.addWidget(said(self._words, "conflict.source", size="small", tone="quiet"))
            card.body.addWidget(label(side.source, wrap=True))
        card.body.addStretch(1)
        keep = button(self._words, "conflict.keep", lambda: self.kept.emit(number))
        self._words.put(keep.setText, "conflict.keep", n=number + 1)
        keep.setAccessibleDescription(side.value)
        card.body.addLayout(row(keep, None, label(side.reliability, size="small", tone="quiet")))
        return card

    def _claims(self) -> Card:
        card = Card()
        note = said(self._words, "conflict.both_note", size="small", tone="quiet", wrap=True)
        line = row(note, button(self._words, "conflict.both", self.both.emit))
        line.setStretch(0, 1)
        card.body.addLayout(line)
        return card

    def written(self) -> str:
        """Return what is being written as a third."""
        return self.entry.toPlainText() if isinstance(self.entry, TextEntry) else self.entry.text()

    def write(self, text: str) -> None:
        """Put a text there as if it were typed."""
        if isinstance(self.entry, TextEntry):
            self.entry.setPlainText(text)
        else:
            self.entry.setText(text)

    def _writing(self, count: int, *, long: bool) -> Card:
        card = Card()
        card.body.addWidget(said(self._words, "conflict.third", bold=True, wrap=True))
        self.entry: LineEntry | TextEntry = TextEntry() if long else LineEntry()
        self._words.put(self.entry.setAccessibleName, "conflict.third")
        write = button(self._words, "conflict.write", lambda: self.third.emit(self.written().strip()))
        self._words.put(write.setText, "conflict.write", n=count + 1)
        write.setEnabled(False)
        self.entry.textChanged.connect(lambda *_: write.setEnabled(bool(self.written().strip())))
        note = said(self._words, "conflict.third_note", size="small", tone="quiet", wrap=True)
        if long:
            self.entry.setMaximumHeight(self._theme.px(_LINES))
            card.body.addWidget(self.entry)
            card.body.addLayout(row(None, write))
        else:
            card.body.addLayout(row(self.entry, write))
        card.body.addWidget(note)
        return card
