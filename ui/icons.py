"""Icons drawn by us (resources/icons/*.svg), painted for each device ratio in the colour of the moment.

An icon is asked for by name and tone; the engine reads the theme when it paints, so a change of theme or of screen
needs no new icon. A file is black strokes on a grid of 24; the black is replaced before it is rendered.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from kzdoc.resources import resource

if TYPE_CHECKING:
    from collections.abc import Callable


@functools.cache
def _source(name: str) -> bytes:
    return resource("icons", f"{name}.svg").read_bytes()


@functools.lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace(b"#000000", colour.encode())))


def paint_icon(painter: QPainter, name: str, colour: str, rect: QRect | QRectF) -> None:
    """Paint the icon ``name`` into ``rect`` in ``colour`` (``#RRGGBB``)."""
    _renderer(name, colour).render(painter, QRectF(rect))


class IconEngine(QIconEngine):
    """Paints one SVG file; ``colour_of(mode)`` is asked each time, so it follows the theme."""

    def __init__(self, name: str, colour_of: Callable[[QIcon.Mode], str]) -> None:
        super().__init__()
        self._name = name
        self._colour_of = colour_of

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002 - Qt's
        side = min(rect.width(), rect.height())
        square = QRect(0, 0, side, side)
        square.moveCenter(rect.center())
        paint_icon(painter, self._name, self._colour_of(mode), square)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        """Return the icon at ``size`` device-independent pixels for a screen of ratio ``scale``."""
        device = size * max(1.0, scale)
        pixmap = QPixmap(device)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), device), mode, state)
        painter.end()
        pixmap.setDevicePixelRatio(max(1.0, scale))
        return pixmap

    def clone(self) -> QIconEngine:
        return IconEngine(self._name, self._colour_of)

    def isNull(self) -> bool:
        return False


def icon_names() -> list[str]:
    """Return the names of all icons, without those that only the style sheet uses."""
    return sorted(path.stem for path in resource("icons").glob("*.svg") if not path.stem.startswith("sheet-"))
