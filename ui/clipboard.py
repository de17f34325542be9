"""What is copied here goes away again: after ten seconds, and at once when the process locks, quits or hands over.

Copying is an act of the person (Ctrl+C in a field, the field's menu; on X11 also marking with the mouse, which other
programs see as the primary selection). Whatever this process put there is put there again as plain text, marked as
nothing to remember for Klipper, Windows' history and cloud, and macOS's managers, and taken away when the time is up,
unless somebody else has put something in its place. A history that does not heed the marks, or looked before they
were set, keeps its copy; so does the system when the process is killed (docs/security-target.md).
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

CLEAR_AFTER_MS: Final = 10_000
MARKS: Final = {
    "x-kde-passwordManagerHint": b"secret",
    "application/x-nspasteboard-concealed-type": b"1",
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"1",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': bytes(4),
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': bytes(4),
}
"""What KeePassXC sets, and what the systems document for it."""

_MODES: Final = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)


class Clipboard(QObject):
    """Watches the clipboard for what this process puts there; one a process."""

    def __init__(self, parent: QObject | None = None, *, milliseconds: int = CLEAR_AFTER_MS) -> None:
        super().__init__(parent)
        self._board = QGuiApplication.clipboard()
        self._timers = {mode: QTimer(self, singleShot=True, interval=milliseconds) for mode in _MODES}
        for mode, timer in self._timers.items():
            timer.timeout.connect(lambda mode=mode: self._take_away(mode))
        self._board.changed.connect(self._changed)

    def clear(self) -> None:
        """Take away at once whatever this process put there."""
        for mode in _MODES:
            self._take_away(mode)

    def _changed(self, mode: QClipboard.Mode) -> None:
        if mode not in self._timers:
            return
        if not self._is_ours(mode):
            self._timers[mode].stop()
            return
        content = self._board.mimeData(mode)
        if content is not None and content.hasText() and not content.hasFormat(next(iter(MARKS))):
            self._board.setMimeData(_marked(content.text()), mode)  # comes back here, marked
            return
        self._timers[mode].start()

    def _take_away(self, mode: QClipboard.Mode) -> None:
        self._timers[mode].stop()
        if self._is_ours(mode):
            self._board.clear(mode)

    def _is_ours(self, mode: QClipboard.Mode) -> bool:
        return self._board.ownsClipboard() if mode is QClipboard.Mode.Clipboard else self._board.ownsSelection()


def _marked(text: str) -> QMimeData:
    """Return plain text with the marks that ask every manager not to remember it."""
    made = QMimeData()
    made.setText(text)
    for name, value in MARKS.items():
        made.setData(name, value)
    return made
