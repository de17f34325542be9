"""Two programs for the tests of the clipboard: ``copy`` copies out of a field, ``look`` says what others see of it.

``copy watched|plain MILLISECONDS`` obeys words on its standard input, one a line: ``copy`` (Ctrl+C), ``mark`` (select
all, as the mouse does), ``clear``; ``look`` answers each line with a JSON list: clipboard, primary selection, marks.
"""

from __future__ import annotations

import json
import sys
import threading

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from ui.clipboard import MARKS, Clipboard

WORDS = "Тестов Данияр, көше 5"


class Lines(QObject):
    """Standard input, line by line, on the window's thread."""

    came = Signal(str)
    ended = Signal()

    def listen(self) -> None:
        for line in sys.stdin:
            self.came.emit(line.strip())
        self.ended.emit()


def main() -> int:
    app = QApplication([])
    lines = Lines()
    board = QGuiApplication.clipboard()
    kept: list[object] = [lines]
    if sys.argv[1] == "copy":
        if sys.argv[2] == "watched":
            kept.append(Clipboard(app, milliseconds=int(sys.argv[3])))
        field = QLineEdit(WORDS)
        field.show()
        field.setFocus()

        def obey(word: str) -> None:
            if word == "copy":
                field.selectAll()
                QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            elif word == "mark":
                field.deselect()
                QTest.mouseDClick(field, Qt.MouseButton.LeftButton)
                QTest.qWait(50)
            elif word == "clear":
                kept[1].clear()  # type: ignore[attr-defined]
            QTest.qWait(100)
            say(word)

        lines.came.connect(obey)
    else:

        def look(_: str) -> None:
            content = board.mimeData(QClipboard.Mode.Clipboard)
            marked = bool(content is not None and content.hasFormat(next(iter(MARKS))))
            say([board.text(QClipboard.Mode.Clipboard), board.text(QClipboard.Mode.Selection), marked])

        lines.came.connect(look)
    lines.ended.connect(app.quit)
    threading.Thread(target=lines.listen, daemon=True).start()
    say("ready")
    return app.exec()


def say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
