"""A text in which the words that another text does not have are marked, by a tint and a line under them.

Plain text only, laid out by the widget itself, so that nothing in it can become markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from kzdoc.analysis.differences import Piece
    from ui.theme import Theme

_NARROWEST = 120


class DifferenceText(QWidget):
    """Shows the pieces of one side of a difference."""

    def __init__(self, theme: Theme, pieces: Sequence[Piece]) -> None:
        super().__init__()
        self._theme, self._pieces = theme, tuple(pieces)
        self.text = "".join(piece.text for piece in pieces)
        self.setAccessibleName(self.text)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.updateGeometry)

    def own_words(self) -> list[str]:
        """Return what is marked."""
        return [piece.text.strip() for piece in self._pieces if piece.own and piece.text.strip()]

    def heightForWidth(self, width: int) -> int:
        return self._laid_out(width)[1]

    def sizeHint(self) -> QSize:
        width = max(_NARROWEST, self.width())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(_NARROWEST, self.heightForWidth(max(_NARROWEST, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        painter = QPainter(self)
        painter.setPen(self._theme.colour("text"))
        self._laid_out(self.width())[0].draw(painter, QPointF(0, 0))
        painter.end()

    def _laid_out(self, width: int) -> tuple[QTextLayout, int]:
        shown = self.text.replace("\n", "\u2028")
        layout = QTextLayout(shown, self._theme.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(self._formats())
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, round(height + 0.5)

    def _formats(self) -> list[QTextLayout.FormatRange]:
        marked = QTextCharFormat()
        marked.setBackground(self._theme.colour("select"))
        marked.setFontUnderline(True)
        marked.setUnderlineColor(self._theme.colour("accent"))
        formats, at = [], 0
        for piece in self._pieces:
            length = len(piece.text.encode("utf-16-le")) // 2
            if piece.own:
                each = QTextLayout.FormatRange()
                each.start, each.length, each.format = at, length, marked
                formats.append(each)
            at += length
        return formats
