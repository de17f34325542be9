"""References to None, True and False kept in store, against a mistake of PySide 6.12.0 under Python 3.11.

There every Qt method without a result gives back a None it does not own, and ``emit`` and ``disconnect`` a True: one
reference is lost at each call, and after some five thousand Python ends ("deallocating None"). From Python 3.12 on
these are immortal and nothing happens; PySide 6.11.3 has not the mistake, but QtPdf comes as a small wheel of its own
(pyside6-pdf) with 6.12.0 only, and before that in a package that carries a browser. Until a page is shown without it
or Python is newer, a store of references is kept and filled up while the window lives: 16 MB for every two million
calls. A test shows the mistake and that the store outlives it.

The store must not be given back at the end either, for then more would be given back than was ever lent: it holds
itself, and ``gc.freeze`` keeps that ring out of the last collection.
"""

from __future__ import annotations

import gc
import sys
from typing import Any

from PySide6.QtCore import QObject, QTimer

IMMORTAL_FROM = (3, 12)
STORES: tuple[tuple[bool | None, int], ...] = ((None, 2_000_000), (True, 500_000), (False, 250_000))
_EVERY_MS = 250

_kept: list[Any] = []


def fill_up() -> None:
    """Add to each store that is half empty."""
    if sys.version_info >= IMMORTAL_FROM:
        return
    if not _kept:
        _kept.append(_kept)
        gc.freeze()
    for constant, store in STORES:
        if sys.getrefcount(constant) < store // 2:
            _kept.append([constant] * store)


class Ballast(QObject):
    """Fills the stores up at the start and four times a second."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        fill_up()
        if sys.version_info < IMMORTAL_FROM:
            self._timer = QTimer(self, interval=_EVERY_MS)
            self._timer.timeout.connect(fill_up)
            self._timer.start()
