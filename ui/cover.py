"""Taking every window but one off the screen, and whatever opens meanwhile, until they are brought back.

Dialogs are hidden, not closed: what they ask stays asked. Menus, lists under a field and hints are closed. A window
that somebody opens while the cover is on (a job has ended, and asks something) is never drawn before it is lifted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

if TYPE_CHECKING:
    from ui.watch import Watch


class Cover(QObject):
    """``window`` stays; all others come and go."""

    def __init__(self, watch: Watch, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._taken: list[QWidget] = []
        self.on = False
        watch.on(QEvent.Type.Show, handler=self._shown)

    def put(self) -> None:
        """Take the other windows away."""
        if self.on:
            return
        self.on = True
        QToolTip.hideText()
        while (popup := QApplication.activePopupWidget()) is not None and popup.isVisible():
            popup.close()
        others = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not self._window]
        self._taken = sorted(others, key=_depth)
        for one in reversed(self._taken):
            one.hide()

    def lift(self) -> None:
        """Bring them back in the order in which they stood."""
        self.on = False
        taken, self._taken = self._taken, []
        for one in taken:
            if shiboken6.isValid(one):
                one.hide()
                one.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
                one.show()
                one.activateWindow()

    def _shown(self, watched: QObject, event: QEvent) -> bool:
        del event
        if not (self.on and isinstance(watched, QWidget) and watched.isWindow()) or watched is self._window:
            return False
        watched.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        if watched not in self._taken:
            self._taken.append(watched)
        QTimer.singleShot(0, watched, lambda: watched.hide() if self.on else None)
        return False


def _depth(widget: QWidget) -> int:
    """Return over how many windows a window stands."""
    depth, parent = 0, widget.parentWidget()
    while parent is not None:
        depth, parent = depth + parent.isWindow(), parent.parentWidget()
    return depth
