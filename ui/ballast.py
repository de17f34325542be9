"""References to None kept in store, against a mistake of PySide 6.12.0 under Python 3.11.

There every Qt method without a result gives back a None it does not own, so one reference to None is lost at each
call, and after some five thousand Python ends ("deallocating None"). From Python 3.12 on None is immortal and nothing
happens; PySide 6.11.3 has not the mistake. Until one of the two is certain, a store of references is kept and filled
up while the window lives: 16 MB for every two million calls. A test shows the mistake and that the store outlives it.
"""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer

IMMORTAL_FROM = (3, 12)
_STORE = 2_000_000
_LOW = 1_000_000
_EVERY_MS = 250

_kept: list[list[None]] = []


def fill_up() -> int:
    """Add to the store when it is low; return how many references to None there are now."""
    if sys.version_info >= IMMORTAL_FROM:
        return _STORE
    if sys.getrefcount(None) < _LOW:
        _kept.append([None] * _STORE)
    return sys.getrefcount(None)


class Ballast(QObject):
    """Fills the store up at the start and four times a second."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        fill_up()
        if sys.version_info < IMMORTAL_FROM:
            self._timer = QTimer(self, interval=_EVERY_MS)
            self._timer.timeout.connect(fill_up)
            self._timer.start()
