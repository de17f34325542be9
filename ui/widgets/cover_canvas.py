"""A picture on which boxes and ellipses are drawn over what must not be seen, by mouse and by keys alone.

What is drawn looks as it will come out: opaque. Keys: Space or Enter puts a shape into the middle, the arrows move the
chosen one and with Shift move its lower right corner, with Ctrl in small steps; PgUp and PgDown choose another, Del
takes it away, Backspace takes back the last step, + and - zoom. Shapes are in ten-thousandths of the picture.
"""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kzdoc.redaction.images import BOX, ELLIPSE, MOST_SHAPES, WHOLE, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ui.messages import Words
    from ui.theme import Theme

ZOOMS = (1.0, 1.5, 2.0, 3.0, 4.0)
LEAST = 60
"""The smallest side a mouse draws; what is smaller was a click."""
_STEP, _SMALL_STEP = 150, 20
_NEW = (3500, 3500, 6500, 6500)
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_COVER = Qt.GlobalColor.black


class CoverCanvas(QWidget):
    """One page of a picture with the shapes over it."""

    changed = Signal()

    def __init__(self, words: Words, theme: Theme) -> None:
        super().__init__()
        self._words, self._theme = words, theme
        self._image = QImage()
        self._page, self._how, self._zoom = 0, BOX, 0
        self._room = QSize(1, 1)
        self._before: list[tuple[int, tuple[Shape, ...]]] = []
        self._from: QPointF | None = None
        self._to = QPointF()
        self.shapes: tuple[Shape, ...] = ()
        self.chosen = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        words.languageChanged.connect(self._tell)

    # what it shows

    def show_picture(self, image: QImage, page: int = 0) -> None:
        """Show a page; the shapes stay."""
        self._image, self._page = image, page
        self.chosen = next((at for at, one in enumerate(self.shapes) if one.page == page), -1)
        self._resize()
        self._tell()

    def begin(self, shapes: Sequence[Shape]) -> None:
        """Begin with these shapes; nothing can be taken back yet."""
        self.shapes, self._before, self.chosen, self._zoom = tuple(shapes), [], -1, 0
        self._tell()

    def fit(self, room: QSize) -> None:
        """Fit the picture into this room, before zooming."""
        self._room = room
        self._resize()

    def clear(self) -> None:
        """Forget picture and shapes."""
        self._image = QImage()
        self.begin(())
        self.setFixedSize(0, 0)

    # what a person does

    def draw(self, how: str) -> None:
        """Draw boxes or ellipses from now on; the chosen shape becomes one."""
        self._how = how
        if self.chosen in self._here():
            self._put(self.chosen, replace(self.shapes[self.chosen], how=how))

    def zoom_by(self, steps: int) -> None:
        """Zoom in or out."""
        self._zoom = max(0, min(len(ZOOMS) - 1, self._zoom + steps))
        self._resize()

    def undo(self) -> None:
        """Take the last step on this page back; what was done on other pages stays."""
        at = next((at for at in reversed(range(len(self._before))) if self._before[at][0] == self._page), -1)
        if at >= 0:
            _, before = self._before.pop(at)
            others = [one for one in self.shapes if one.page != self._page]
            self.shapes = (*others, *[one for one in before if one.page == self._page])
            self.chosen = self._here()[-1] if self._here() else -1
            self._tell()

    def add(self, left: int = _NEW[0], top: int = _NEW[1], right: int = _NEW[2], bottom: int = _NEW[3]) -> None:
        """Put a shape onto the page and choose it."""
        if len(self.shapes) < MOST_SHAPES and not self._image.isNull():
            self._step((*self.shapes, Shape(self._how, left, top, right, bottom, self._page)))
            self.chosen = len(self.shapes) - 1
            self._tell()

    def remove(self) -> None:
        """Take the chosen shape away."""
        if self.chosen in self._here():
            self._step(tuple(one for at, one in enumerate(self.shapes) if at != self.chosen))
            self.chosen = self._here()[-1] if self._here() else -1
            self._tell()

    def choose_by(self, steps: int) -> None:
        """Choose another shape of the page."""
        here = self._here()
        if here:
            at = here.index(self.chosen) if self.chosen in here else -1
            self.chosen = here[(at + steps) % len(here)]
            self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = Qt.Key(event.key()), event.modifiers()
        if key in _ARROWS and self.chosen in self._here():
            step = _SMALL_STEP if held & Qt.KeyboardModifier.ControlModifier else _STEP
            across, down = (way * step for way in _ARROWS[key])
            self._push(across, down, corner=bool(held & Qt.KeyboardModifier.ShiftModifier))
            return
        acts: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Space: self.add, Qt.Key.Key_Return: self.add, Qt.Key.Key_Enter: self.add,
            Qt.Key.Key_Delete: self.remove, Qt.Key.Key_Backspace: self.undo,
            Qt.Key.Key_PageUp: lambda: self.choose_by(-1), Qt.Key.Key_PageDown: lambda: self.choose_by(1),
            Qt.Key.Key_Plus: lambda: self.zoom_by(1), Qt.Key.Key_Equal: lambda: self.zoom_by(1),
            Qt.Key.Key_Minus: lambda: self.zoom_by(-1),
        }  # fmt: skip
        act = acts.get(key)
        if act is None or (key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and held & Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
            return
        act()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = self._to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._to = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is None or event.button() != Qt.MouseButton.LeftButton:
            return
        left, top, right, bottom = self._drawn(QRectF(self._from, event.position()).normalized())
        self._from = None
        if right - left >= LEAST and bottom - top >= LEAST:
            self.add(left, top, right, bottom)
        else:
            under = (
                at for at in reversed(self._here())
                if self.shapes[at].left <= right and left <= self.shapes[at].right
                and self.shapes[at].top <= bottom and top <= self.shapes[at].bottom
            )  # fmt: skip
            self.chosen = next(under, self.chosen)
            self._tell()

    # at work

    def _here(self) -> list[int]:
        return [at for at, one in enumerate(self.shapes) if one.page == self._page]

    def _drawn(self, place: QRectF) -> tuple[int, int, int, int]:
        """Return a place on the widget in ten-thousandths, inside the picture."""
        across, down = WHOLE / max(1, self.width()), WHOLE / max(1, self.height())
        sides = (place.left() * across, place.top() * down, place.right() * across, place.bottom() * down)
        whole = [floor(side) for side in sides[:2]] + [ceil(side) for side in sides[2:]]
        left, top, right, bottom = (max(0, min(WHOLE, side)) for side in whole)
        return left, top, right, bottom

    def _push(self, across: int, down: int, *, corner: bool) -> None:
        one = self.shapes[self.chosen]
        if corner:
            right = max(one.left + LEAST, min(WHOLE, one.right + across))
            bottom = max(one.top + LEAST, min(WHOLE, one.bottom + down))
            moved = replace(one, right=min(right, WHOLE), bottom=min(bottom, WHOLE))
        else:
            across = max(-one.left, min(WHOLE - one.right, across))
            down = max(-one.top, min(WHOLE - one.bottom, down))
            moved = replace(
                one, left=one.left + across, right=one.right + across, top=one.top + down, bottom=one.bottom + down
            )
        self._put(self.chosen, moved)

    def _put(self, at: int, shape: Shape) -> None:
        if shape != self.shapes[at]:
            self._step(tuple(shape if place == at else one for place, one in enumerate(self.shapes)))
            self._tell()

    def _step(self, shapes: tuple[Shape, ...]) -> None:
        self._before.append((self._page, self.shapes))
        self.shapes = shapes

    def _resize(self) -> None:
        if not self._image.isNull():
            size = self._image.size().scaled(self._room * ZOOMS[self._zoom], Qt.AspectRatioMode.KeepAspectRatio)
            self.setFixedSize(size.expandedTo(QSize(1, 1)))
        self.update()

    def _tell(self) -> None:
        """Say to a screen reader what is drawn, and to whoever listens that something changed."""
        here = self._here()
        said = self._words.say("cover.none")
        if self.chosen in here:
            one = self.shapes[self.chosen]
            said = self._words.say(
                f"cover.{one.how}", n=here.index(self.chosen) + 1, total=len(here),
                left=one.left // 100, top=one.top // 100, right=one.right // 100, bottom=one.bottom // 100,
            )  # fmt: skip
        self.setAccessibleName(self._words.say("cover.picture"))
        self.setAccessibleDescription(said)
        self.update()
        self.changed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        for at in self._here():
            self._paint(painter, self.shapes[at], chosen=at == self.chosen)
        if self._from is not None:
            painter.setPen(QPen(self._theme.colour("accent"), 2, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self._from, self._to).normalized())
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()

    def _paint(self, painter: QPainter, one: Shape, *, chosen: bool) -> None:
        across, down = self.width() / WHOLE, self.height() / WHOLE
        place = QRectF(
            one.left * across, one.top * down, (one.right - one.left) * across, (one.bottom - one.top) * down
        )
        painter.setBrush(_COVER)
        painter.setPen(QPen(self._theme.colour("accent"), 3) if chosen else Qt.PenStyle.NoPen)
        if one.how == ELLIPSE:
            painter.drawEllipse(place)
        else:
            painter.drawRect(place)
