"""The foot bar of long work: what is being done, how far it is, Cancel. Work elsewhere goes on meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from ui.tokens import SPACE_2, SPACE_4, SPACE_6
from ui.widgets.basics import ElidedLabel, button, label

if TYPE_CHECKING:
    from ui.messages import Words
    from ui.tasks import Tasks


class FootBar(QFrame):
    """Listens to the worker; it shows after 600 ms and goes when nothing runs."""

    def __init__(self, words: Words, tasks: Tasks[object]) -> None:
        super().__init__()
        self._words = words
        self._step = ""
        self.setProperty("look", "foot")
        self._what = ElidedLabel()
        self._count = label(size="small", tone="quiet")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        box = QHBoxLayout(self)
        box.setContentsMargins(SPACE_6, SPACE_2, SPACE_6, SPACE_2)
        box.setSpacing(SPACE_4)
        box.addWidget(self._what, 2)
        box.addWidget(self._bar, 3)
        box.addWidget(self._count)
        box.addWidget(button(words, "action.cancel", tasks.cancel))
        tasks.busy.connect(self._show)
        tasks.progressed.connect(self._count_up)
        tasks.quiet.connect(self.hide)
        self.hide()

    def _show(self, what: str) -> None:
        self._words.put(self._what.setText, what)
        self._words.put(self._bar.setAccessibleName, what)
        self._bar.setRange(0, 0)
        self._count.setText("")
        self.show()

    def _count_up(self, step: str, done: int, total: int) -> None:
        key = f"step.{step}"
        if step != self._step and self._words.say(key) != key:
            self._words.put(self._what.setText, key)
        self._step = step
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        counted = {"done": self._words.number(done), "total": self._words.number(total)}
        self._count.setText(self._words.say("work.of", **counted) if total else self._words.number(done))
