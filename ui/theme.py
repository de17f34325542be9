"""The theme: fonts, palette, style sheet, light and dark, zoom; everything switches live on open windows.

Rules learnt by trying: palette *and* sheet are set together on every change, because a sheet resolves palette colours
once; zoom sets the font and then the sheet again, because ``app.setFont`` alone does not reach fields under a sheet;
it does so once per wheel stop, not per notch. Fusion's animations are off by the sheet
(``widget-animation-duration``), not by a QProxyStyle: PySide 6.12.0 loses a reference to None at each call of an
overridden ``styleHint`` whose arguments are null, and Python ends when none is left.
"""

from __future__ import annotations

from typing import Literal, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from kzdoc.resources import resource
from ui.icons import IconEngine
from ui.sheet import write_sheet
from ui.tokens import BODY, DARK, LIGHT, SMALL, TITLE, Tokens
from ui.watch import Watch

Mode = Literal["system", "light", "dark"]
ZOOM_STEPS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0)
_WHEEL_STOP_MS = 120
_NOTCH = 120


class Theme(QObject):
    """One for each process; widgets ask it for colours, fonts and icons, and listen to ``changed``."""

    changed = Signal()

    def __init__(self, app: QApplication, *, mode: Mode = "system", zoom: float = 1.0) -> None:
        super().__init__(app)
        self._app = app
        self.watch = Watch(app)
        self._mode: Mode = mode
        self._zoom = zoom
        self._notches = 0
        self._wheel_stop = QTimer(self, singleShot=True, interval=_WHEEL_STOP_MS)
        self._wheel_stop.timeout.connect(self._zoom_by_wheel)
        app.setStyle("fusion")
        self._family = _load_fonts()
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.watch_wheel()
        self.apply()

    @property
    def mode(self) -> Mode:
        """``system``, ``light`` or ``dark``, as the person chose it."""
        return self._mode

    @property
    def zoom(self) -> float:
        """The factor of all text and control heights."""
        return self._zoom

    @property
    def tokens(self) -> Tokens:
        """The colours in force."""
        if self._mode == "system":
            return DARK if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._mode == "dark" else LIGHT

    def px(self, length: int) -> int:
        """Return ``length`` pixels at the zoom in force."""
        return round(length * self._zoom)

    def colour(self, name: str) -> QColor:
        """Return the colour of a token."""
        return QColor(getattr(self.tokens, name))

    def font(self, size: int = BODY, *, bold: bool = False) -> QFont:
        """Return the desk's font at one of its three sizes, zoomed."""
        font = QFont(self._family)
        font.setPixelSize(self.px(size))
        font.setBold(bold)
        return font

    def small(self, *, bold: bool = False) -> QFont:
        """Return the font of reasons, times and marks."""
        return self.font(SMALL, bold=bold)

    def title(self) -> QFont:
        """Return the font of a room's one title."""
        return self.font(TITLE, bold=True)

    def icon(self, name: str, tone: str = "text") -> QIcon:
        """Return the icon ``name`` in the colour of ``tone``; disabled it is quiet; it follows the theme."""

        def colour_of(mode: QIcon.Mode) -> str:
            wanted = "quiet" if mode == QIcon.Mode.Disabled else tone
            return cast("str", getattr(self.tokens, wanted))

        return QIcon(IconEngine(name, colour_of))

    def set_mode(self, mode: Mode) -> None:
        """Choose light, dark or the system's own, live."""
        if mode != self._mode:
            self._mode = mode
            self.apply()

    def set_zoom(self, zoom: float) -> None:
        """Choose the nearest of the zoom's steps, live."""
        nearest = min(ZOOM_STEPS, key=lambda step: abs(step - zoom))
        if nearest != self._zoom:
            self._zoom = nearest
            self.apply()

    def step_zoom(self, steps: int) -> None:
        """Go ``steps`` up or down the zoom's steps."""
        at = min(range(len(ZOOM_STEPS)), key=lambda index: abs(ZOOM_STEPS[index] - self._zoom))
        self.set_zoom(ZOOM_STEPS[max(0, min(len(ZOOM_STEPS) - 1, at + steps))])

    def watch_wheel(self) -> None:
        """Zoom by Ctrl and the wheel."""
        self.watch.on(QEvent.Type.Wheel, handler=self._wheel)

    def apply(self) -> None:
        """Set font, palette and sheet on the application, in this order, and tell the widgets."""
        self._app.setFont(self.font())
        self._app.setPalette(_palette(self.tokens))
        self._app.setStyleSheet(write_sheet(self.tokens, self.px))
        self.changed.emit()

    def _wheel(self, watched: QObject, event: QEvent) -> bool:
        if not (isinstance(event, QWheelEvent) and isinstance(watched, QWidget)):
            return False
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        self._notches += event.angleDelta().y()
        self._wheel_stop.start()
        return True

    def _zoom_by_wheel(self) -> None:
        steps = int(self._notches / _NOTCH) or (1 if self._notches > 0 else -1)
        self._notches = 0
        self.step_zoom(steps)

    def _system_changed(self) -> None:
        if self._mode == "system":
            self.apply()


def _load_fonts() -> str:
    """Load the shipped Noto Sans before the first widget and return its family; else the system's own."""
    families: list[str] = []
    for path in sorted(resource("fonts").glob("NotoSans-*.ttf")):
        handle = QFontDatabase.addApplicationFont(str(path))
        if handle >= 0:
            families += QFontDatabase.applicationFontFamilies(handle)
    return families[0] if families else "Noto Sans"


def _palette(tokens: Tokens) -> QPalette:
    roles = QPalette.ColorRole
    palette = QPalette()
    pairs = {
        roles.Window: tokens.ground,
        roles.WindowText: tokens.text,
        roles.Base: tokens.surface,
        roles.AlternateBase: tokens.ground,
        roles.Text: tokens.text,
        roles.PlaceholderText: tokens.quiet,
        roles.Button: tokens.surface,
        roles.ButtonText: tokens.text,
        roles.BrightText: tokens.danger,
        roles.Highlight: tokens.accent,
        roles.HighlightedText: tokens.on_accent,
        roles.Link: tokens.accent,
        roles.LinkVisited: tokens.accent,
        roles.ToolTipBase: tokens.surface,
        roles.ToolTipText: tokens.text,
        roles.Light: tokens.surface,
        roles.Midlight: tokens.line,
        roles.Mid: tokens.edge,
        roles.Dark: tokens.edge,
        roles.Shadow: tokens.line,
    }
    for role, colour in pairs.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.Text, roles.ButtonText, roles.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.quiet))
    return palette
