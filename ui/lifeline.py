"""How the desk notices that its supervisor is gone: a thread writes an empty line to it again and again.

The standard output of the desk is a pipe that the supervisor alone reads, so a write fails as soon as it has ended, in
whatever way and on every system. The desk then locks; a loop that does not answer is ended hard.
"""

from __future__ import annotations

import os
import threading

from PySide6.QtCore import QObject, Signal

from ui.supervisor import BEAT

EVERY_SECONDS = 0.5
_PATIENCE_SECONDS = 6.0
_STDOUT = 1


class Lifeline(QObject):
    """Emits ``gone`` once, when nobody reads the standard output any more."""

    gone = Signal()

    def hold(self, status: int) -> None:
        """Begin; a process that has not ended some seconds after ``gone`` ends with ``status``."""
        threading.Thread(target=self._beat, args=(status,), name="lifeline", daemon=True).start()

    def _beat(self, status: int) -> None:
        pause = threading.Event()
        try:
            while True:
                os.write(_STDOUT, BEAT)
                pause.wait(EVERY_SECONDS)
        except OSError:
            self.gone.emit()
        pause.wait(_PATIENCE_SECONDS)
        os._exit(status)
