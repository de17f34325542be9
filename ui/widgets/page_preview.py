"""A paper's pages on the screen, from memory: no file, no other program, no trace.

Findings are framed in the colour of danger at the place they were found, in points from the top left of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from kzdoc.errors import KzdocError
from ui.pages import Busy, page_picture, page_sizes
from ui.tokens import SPACE_2
from ui.widgets.basics import button, icon_button, label, row, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from ui.messages import Words
    from ui.theme import Theme

_ZOOMS = (0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_AGAIN_MS = 50
"""How soon to ask again while the worker checks another paper."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a page (counted from 0), in points from its top left."""

    page: int
    left: float
    top: float
    width: float
    height: float


class _Sheet(QWidget):
    """One page at the width it is given, drawn for the screen's own ratio."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._points = 1.0
        self._spots: tuple[Spot, ...] = ()
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_page(self, image: QImage, size: tuple[float, float], width: int, spots: Sequence[Spot]) -> None:
        """Show a page of ``size`` points, ``width`` pixels wide, with the spots that are on it."""
        self._image, self._points, self._spots = image, max(1.0, size[0]), tuple(spots)
        self.setFixedSize(width, round(width * size[1] / self._points))
        self.update()

    def clear(self) -> None:
        """Forget the page."""
        self._image, self._spots = QImage(), ()
        self.setFixedSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.drawImage(self.rect(), self._image)
        painter.setPen(QPen(self._theme.colour("edge"), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        scale = self.width() / self._points
        painter.setPen(QPen(self._theme.colour("danger"), 2))
        for spot in self._spots:
            box = QRectF(spot.left * scale, spot.top * scale, spot.width * scale, spot.height * scale)
            painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), 3, 3)
        painter.end()


class PagePreview(QWidget):
    """Title with zoom, the page, and under it back and forward."""

    turned = Signal(int)

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self._words = words
        self._pdf = b""
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._page = 0
        self._zoom = 1.0
        self._spots: tuple[Spot, ...] = ()
        self._sheet = _Sheet(theme)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._draw)
        self._area = QScrollArea()
        self._area.setWidget(self._sheet)
        self._area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        words.put(self._area.setAccessibleName, "preview.title")
        head = row(
            said(words, "preview.title", bold=True),
            None,
            icon_button(words, theme, "zoom-out", "preview.smaller", lambda: self._zoom_by(-1)),
            icon_button(words, theme, "zoom-in", "preview.larger", lambda: self._zoom_by(1)),
        )
        self._where = label(size="small", tone="quiet")
        self._back = button(words, "preview.back", lambda: self.turn_to(self._page - 1), look="link")
        self._forward = button(words, "preview.forward", lambda: self.turn_to(self._page + 1), look="link")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE_2)
        box.addLayout(head)
        box.addWidget(self._area, 1)
        box.addLayout(row(None, self._back, self._where, self._forward, None))
        words.languageChanged.connect(self._tell_where)
        self._tell_where()

    def show_pdf(self, pdf: bytes, *, spots: Sequence[Spot] = (), page: int = 0) -> None:
        """Show a paper from memory.

        Raises:
            KzdocError: ``desk.no-preview`` when the bytes are not a PDF that can be shown.
        """
        self.clear()
        self._pdf, self._page, self._spots = pdf, page, tuple(spots)
        try:
            self._draw()
        except KzdocError:
            self.clear()
            raise
        self.turned.emit(self._page)

    def clear(self) -> None:
        """Show nothing and forget the bytes."""
        self._again.stop()
        self._pdf, self._sizes, self._page, self._spots = b"", (), 0, ()
        self._sheet.clear()
        self._tell_where()

    @property
    def pages(self) -> int:
        """How many pages the paper has; 0 when none is shown."""
        return len(self._sizes)

    def turn_to(self, page: int) -> None:
        """Show a page, counted from 0; a number outside shows the nearest."""
        if not self.pages:
            return
        self._page = max(0, min(self.pages - 1, page))
        self._draw()
        self._area.verticalScrollBar().setValue(0)
        self.turned.emit(self._page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.pages:
            self._draw()

    def _draw(self) -> None:
        """Draw the page at the width there is, or as soon as nobody else draws."""
        if not self._pdf:
            return
        try:
            self._sizes = self._sizes or page_sizes(self._pdf)
            self._page = max(0, min(self.pages - 1, self._page))
            width = max(120, round((self._area.viewport().width() - 2) * self._zoom))
            image = page_picture(self._pdf, self._page, round(width * self.devicePixelRatioF()))
        except Busy:
            self._again.start()
            return
        spots = [spot for spot in self._spots if spot.page == self._page]
        self._sheet.show_page(image, self._sizes[self._page], width, spots)
        self._tell_where()

    def _zoom_by(self, step: int) -> None:
        at = _ZOOMS.index(self._zoom)
        self._zoom = _ZOOMS[max(0, min(len(_ZOOMS) - 1, at + step))]
        if self.pages:
            self._draw()

    def _tell_where(self) -> None:
        shown = self.pages > 0
        self._where.setText(self._words.say("preview.page", n=self._page + 1, total=self.pages) if shown else "")
        self._back.setEnabled(shown and self._page > 0)
        self._forward.setEnabled(shown and self._page < self.pages - 1)
