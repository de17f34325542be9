"""A window for the tests of real layouts: it says on its standard output, in JSON lines, what it understood."""

from __future__ import annotations

import json
import sys

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.keys import Command, Keys
from ui.messages import Words
from ui.theme import Theme
from ui.widgets.entry import LineEntry
from ui.widgets.secret_field import SecretField


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main() -> int:
    app = QApplication([])
    theme = Theme(app, mode="light")
    plain = sys.argv[1:] == ["plain"]  # the twin: Qt alone
    keys = None if plain else Keys(theme.watch)
    for name in () if keys is None else ("Ctrl+K", "Ctrl+L", "Ctrl+J", "Ctrl+1", "Ctrl+0", "Ctrl+=", "F12"):
        keys.add(Command(name, "command.lock", lambda name=name: say(command=name), (name,)))
    window = QWidget()
    window.setWindowTitle("kzdoc-probe")
    box = QVBoxLayout(window)
    fields = {"words": LineEntry(), "number": LineEntry("number"), "date": LineEntry("date")}
    for name, field in fields.items():
        box.addWidget(field)
        field.textChanged.connect(lambda text, name=name: say(field=name, text=text))
    secret = SecretField(Words("ru"), theme, name="unlock.passphrase")
    secret.field.typed.connect(lambda *_: say(layout=secret.layout_known, caps=secret._caps))
    box.addWidget(secret)
    for number, name in enumerate(("Ctrl+B", "Ctrl+2") if plain else ()):
        QShortcut(QKeySequence(name), window).activated.connect(lambda number=number: say(shortcut=number))
    window.show()
    fields["words"].setFocus()
    say(ready=True)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
