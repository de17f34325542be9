"""Sealing from the Record room: what leaves and for whom is said plainly and asked once more; what stays is shown.

Nothing is sealed while something typed is not saved: what stood in the form would be kept as a draft again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from kzdoc import keeping, sealing
from kzdoc.errors import KzdocError
from kzdoc.exchange import trust
from ui.room import TitledPage
from ui.screens.asking import ask
from ui.screens.panes import empty
from ui.screens.record_row import fitted
from ui.tokens import SPACE_2
from ui.widgets.banner import Notice
from ui.widgets.basics import Card, button, column, label, row, said
from ui.widgets.entry import LineEntry

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from kzdoc.browsing import Sheet
    from kzdoc.session import Session
    from ui.screens.record import RecordRoom
    from ui.surroundings import Surroundings

Foreseen = tuple[dict[str, Any], list[str], bool]
"""What would leave, the verified partners by name, whether recovery was rehearsed."""


class SealPage(QWidget):
    """Whom to seal for, what leaves and what stays; ``going`` when a person asked for it, ``left`` when not."""

    going = Signal()
    left = Signal()

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.desk = desk
        words, theme = desk.words, desk.theme
        page = TitledPage(desk, "seal.title")
        self.leave_button = button(words, "seal.not", self.left.emit, look="link", theme=theme, icon="back")
        page.verbs.addWidget(self.leave_button)
        self._foreseen: Foreseen | None = None
        self.boxes: dict[str, QCheckBox] = {}
        self.label = LineEntry()
        words.put(self.label.setAccessibleName, "seal.label")
        words.put(self.label.setPlaceholderText, "seal.label_hint")
        self.leave_texts = QCheckBox()
        words.put(self.leave_texts.setText, "seal.leave_texts")
        self.leave_texts.toggled.connect(lambda _on: self._judge())
        self._to, self._leaves, self._named = Card(), Card(), Card(look="banner-warn")
        self._names = column(spacing=SPACE_2)
        self._why = label(size="small", tone="quiet", wrap=True)
        for one in (said(words, "seal.to", bold=True), self._why):
            self._to.body.addWidget(one)
        self._to.body.addLayout(self._names)
        self._lines = column(spacing=SPACE_2)
        self._leaves.body.addWidget(said(words, "seal.leaves", bold=True))
        self._leaves.body.addLayout(self._lines)
        self._named_line = label(wrap=True)
        self._named.body.addWidget(self._named_line)
        self._named.body.addWidget(self.leave_texts)
        called = Card()
        called.body.addWidget(said(words, "seal.label", bold=True))
        called.body.addWidget(self.label)
        self.act = button(words, "seal.do", self.going.emit, look="main", theme=theme, icon="lock")
        page.column.addWidget(said(words, "seal.line", wrap=True))
        for card in (self._to, self._leaves, self._named, called):
            page.column.addWidget(card)
        page.column.addLayout(row(self.act, None))
        page.column.addStretch(1)
        self.setLayout(column(fitted(page)))
        words.languageChanged.connect(self._say)

    def show_foreseen(self, foreseen: Foreseen) -> None:
        """Show what would leave and who there is."""
        self._foreseen = foreseen
        empty(self._names)
        self.boxes = {}
        for name in foreseen[1]:
            box = QCheckBox(name.replace("&", "&&"))
            box.setChecked(len(foreseen[1]) == sealing.ENOUGH)
            box.toggled.connect(lambda _on: self._judge())
            self._names.addWidget(box)
            self.boxes[name] = box
        self.label.clear()
        self.leave_texts.setChecked(False)
        self._say()
        first = next(iter(self.boxes.values()), None)
        (first or self.leave_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def to(self) -> list[str]:
        """Return who was chosen."""
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def _say(self) -> None:
        if self._foreseen is None:
            return
        words, (told, names, rehearsed) = self.desk.words, self._foreseen
        two = "seal.two_or_recovery" if rehearsed else "seal.two"
        self._why.setText(words.say(two if names else "seal.nobody"))
        empty(self._lines)
        lines = [words.say("seal.leaves_n", n=told["statements"])]
        lines += [words.say("seal.leaves_files", n=told["files"])] if told["files"] else []
        for line in (*lines, words.say("seal.stays"), words.say("seal.before")):
            self._lines.addWidget(label(line, wrap=True))
        self._named.setVisible(bool(told["still_named"]))
        self._named_line.setText(words.say("seal.named", n=len(told["still_named"])))
        self._judge()

    def _judge(self) -> None:
        """Let Seal be pressed when it can be, and say why not."""
        if self._foreseen is None:
            return
        told, names, rehearsed = self._foreseen
        enough = len(self.to()) >= (1 if rehearsed else sealing.ENOUGH)
        self.act.setEnabled(enough and (not told["still_named"] or self.leave_texts.isChecked()))
        why = (
            "" if self.act.isEnabled() else "seal.nobody" if not names else "seal.leave_texts" if enough else "seal.two"
        )
        self.act.setToolTip(self.desk.words.say(why) if why else "")


class SealActs(QObject):
    """Puts sealing into the Record room: its verb, its page, its stub."""

    def __init__(self, room: RecordRoom, add: Callable[[QWidget], object], show: Callable[[QWidget], None]) -> None:
        super().__init__(room)
        self._room, self._desk, self._show_page = room, room.desk, show
        self.page = SealPage(room.desk)
        add(self.page)
        room.form.head.sealing.connect(self.ask)
        room.form.head.shown.connect(self.note_stub)
        room.desk.words.languageChanged.connect(lambda: self.note_stub(room.form.sheet))
        self.page.left.connect(self._leave)
        self.page.going.connect(self._confirm)

    def ask(self) -> None:
        """Show what sealing the form's record would do."""
        sheet, body = self._room.form.sheet, self._room.form.body
        if sheet is None or not sheet.id:
            return
        if body is not None and body.typed():
            self._tell("seal.save_first")
            return
        lang, record = self._desk.words.lang, sheet.id

        def look(session: Session, _: Any) -> Foreseen:
            names = [one["name"] for one in trust.contacts(session, lang) if one["state"] == trust.VERIFIED]
            rehearsed = keeping.recovery(session)["state"] == keeping.REHEARSED
            return sealing.foresee(session, [record]), names, rehearsed

        self._desk.tasks.read(look, done=self._show, failed=self._failed, owner=self, latest="record-seal")

    def note_stub(self, sheet: Sheet | None) -> None:
        """Say on a stub when it was sealed and under which number."""
        if sheet is None or not sheet.id or not any(reason == sealing.SEALED for _, reason in sheet.withheld):
            return
        record = sheet.id
        self._desk.tasks.read(
            lambda session, _: sealing.labels(session, {record}).get(record),
            done=lambda found: self._show_stub(record, found),
            owner=self,
            latest="record-stub",
        )

    def _show(self, foreseen: Foreseen) -> None:
        self._room.banners.take("save")
        self._show_page(self.page)
        self.page.show_foreseen(foreseen)

    def _show_stub(self, record: bytes, found: dict[str, Any] | None) -> None:
        sheet = self._room.form.sheet
        if found is None or sheet is None or sheet.id != record:
            return
        made = QDateTime.fromSecsSinceEpoch(found["made"]).toString("yyyy-MM-dd")
        self._room.form.head.tell_sealed(found["number"], found["label"], self._desk.words.day(made))

    def _leave(self) -> None:
        self._show_page(self._room.form)

    def _confirm(self) -> None:
        words = self._desk.words
        lines = ("seal.line", "seal.sure_line")
        ask(self._desk, self._room, words.say("seal.sure"), lines, verb="seal.do", leave="seal.not", then=self._seal)

    def _seal(self) -> None:
        sheet = self._room.form.sheet
        if sheet is None:
            return
        record, to, name = sheet.id, self.page.to(), self.page.label.text()
        leave_texts = self.page.leave_texts.isChecked()
        self.page.act.setEnabled(False)
        self._desk.tasks.write(
            lambda session, progress: sealing.seal(
                session, [record], to, label=name, leave_texts=leave_texts, progress=progress
            ),
            done=lambda told: self._sealed(record, told["number"]),
            failed=self._failed,
            owner=self,
            label="seal.sealing",
        )

    def _sealed(self, record: bytes, number: int) -> None:
        self._desk.notice("seal.sealed", n=number)
        self._room.drafts.begin()
        self._room.list.ask()
        self._room.open(record)

    def _failed(self, error: KzdocError) -> None:
        self.page.act.setEnabled(True)
        sentence = self._desk.words.error(error)
        self._room.banners.put(Notice("save", "warn", "error.said", {"sentence": sentence}))

    def _tell(self, key: str) -> None:
        self._room.banners.put(Notice("save", "warn", key))
