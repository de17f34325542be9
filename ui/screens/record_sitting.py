"""An interview in the Record room: what it asks before it begins, and what stays on the screen while it lasts.

With the witness at the table only this interview's form stands there: no list, no other drafts, no way to other
records, and a name that is typed offers nobody whom it does not name whole.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QWidget

from kzdoc import browsing
from kzdoc.errors import Cancelled
from ui.curtain import LONGEST, SHORTEST
from ui.room import TitledPage
from ui.screens.record_row import fitted
from ui.sitting import MINUTES
from ui.widgets.banner import Notice
from ui.widgets.basics import Card, button, column, row, said
from ui.widgets.entry import Choice, LineEntry
from ui.widgets.form_row import FormRow

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from kzdoc.browsing import Sheet
    from kzdoc.errors import KzdocError
    from ui.screens.record import RecordRoom
    from ui.surroundings import Surroundings

KIND = "testimony"
_USUAL_MINUTES = 30


class SittingPage(QWidget):
    """The code, the minutes, and in words what a curtain does and what it does not."""

    going = Signal(str, int)
    left = Signal()

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.desk = desk
        words = desk.words
        page = TitledPage(desk, "sitting.title")
        page.verbs.addWidget(button(words, "sitting.not", self.left.emit, look="link", theme=desk.theme, icon="back"))
        page.column.addWidget(said(words, "sitting.line", wrap=True))
        self.code = LineEntry("number")
        figures = QRegularExpression(f"[0-9]{{0,{LONGEST}}}")
        self.code.setValidator(QRegularExpressionValidator(figures, self.code))
        self._code_row = FormRow(self.code)
        self.minutes = Choice()
        self._minutes_row = FormRow(self.minutes)
        self.act = button(words, "sitting.begin", self._go, look="main")
        card = Card()
        for part in (self._code_row, self._minutes_row):
            card.body.addWidget(part)
        page.column.addWidget(card)
        page.column.addWidget(said(words, "sitting.curtain", size="small", tone="quiet", wrap=True))
        page.column.addWidget(said(words, "sitting.not_a_lock", size="small", tone="warn", wrap=True))
        page.column.addLayout(row(self.act, None))
        page.column.addStretch(1)
        self.setLayout(column(fitted(page)))
        self.code.textChanged.connect(lambda _: self._judge())
        self.code.returnPressed.connect(self._go)
        words.languageChanged.connect(self._say)
        self._say()

    def begin(self) -> None:
        """Ask for a new code."""
        self.code.clear()
        self.code.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _say(self) -> None:
        words = self.desk.words
        self._code_row.set_name(words.say("sitting.code"))
        self._code_row.set_reason(words.say("sitting.code_why", n=SHORTEST))
        self._minutes_row.set_name(words.say("sitting.minutes"))
        self._minutes_row.set_reason(words.say("sitting.minutes_why"))
        chosen = self.minutes.chosen() or str(_USUAL_MINUTES)
        self.minutes.show_choices([(str(n), words.say("keys.minutes", n=n)) for n in MINUTES], chosen)
        self._judge()

    def _judge(self) -> None:
        ready = len(self.code.text()) >= SHORTEST
        self.act.setEnabled(ready)
        self.act.setToolTip("" if ready else self.desk.words.say("sitting.code_why", n=SHORTEST))

    def _go(self) -> None:
        if self.act.isEnabled():
            code = self.code.text()
            self.code.clear()
            self.going.emit(code, int(self.minutes.chosen()))


class SittingActs(QObject):
    """Puts the interview into the Record room."""

    def __init__(self, room: RecordRoom) -> None:
        super().__init__(room)
        self._room = room
        self._before: QWidget | None = None
        self._left: Sheet | None = None
        self._waiting = False
        self.page = SittingPage(room.desk)
        room.panes.add(self.page)
        self.page.left.connect(self._leave)
        self.page.going.connect(self._go)

    def ask(self) -> None:
        """Ask for the code and the minutes; in an interview there is nothing to ask."""
        if self._room.panes.page() is not self.page:
            self._before = self._room.panes.page()
        self._room.panes.show_page(self.page)
        self.page.begin()

    def show(self, *, sitting: bool) -> None:
        """Leave only the form, or bring everything back."""
        room = self._room
        room.form.kit.alone = sitting
        room.form.head.set_alone(alone=sitting)
        room.side.set_alone(alone=sitting)
        room.offers.set_quiet(quiet=sitting)
        room.direct.tell()
        room.panes.set_alone(alone=sitting)
        if sitting:
            room.form.focus_first()

    def _leave(self) -> None:
        self._bring_back()
        self._room.panes.show_page(self._before or self._room.form)

    def _go(self, code: str, minutes: int) -> None:
        """Begin on the testimony that is open, or once an empty one is there: never over another record."""
        room, sheet = self._room, self._room.form.sheet
        if self._waiting:
            return
        if sheet is not None and sheet.kind == KIND and self._before is room.form:
            room.panes.show_page(room.form)
            room.desk.sit(code, minutes)
            return
        room.drafts.keep()
        self._left, self._waiting = sheet, True
        room.form.sheet = None
        room.panes.set_alone(alone=True)
        room.desk.tasks.read(
            lambda session, _: browsing.blank(session, KIND),
            done=partial(self._begin, code, minutes),
            failed=self._not_begun,
            owner=self,
            latest="record-sitting",
        )

    def _begin(self, code: str, minutes: int, blank: Sheet) -> None:
        if not self._waiting or not self.page.isVisible():
            self._bring_back()
            return
        self._left, self._waiting = None, False
        self._room.show_sheet(blank, None)
        self._room.desk.sit(code, minutes)

    def _not_begun(self, error: KzdocError) -> None:
        self._bring_back()
        if not isinstance(error, Cancelled):
            sentence = self._room.desk.words.error(error)
            self._room.banners.put(Notice("save", "warn", "error.said", {"sentence": sentence}))

    def _bring_back(self) -> None:
        """No interview begins: what was in the form stays there."""
        if not self._waiting:
            return
        left, self._left, self._waiting = self._left, None, False
        self._room.form.sheet = self._room.form.sheet or left
        self._room.panes.set_alone(alone=False)
