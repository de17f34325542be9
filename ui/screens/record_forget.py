"""Forgetting from the Record room: what goes, what stays, who else has it; a word is typed before it is done.

The dialog counts anew whenever a person chooses otherwise. Nothing is forgotten while something typed is not saved:
a draft would keep what is to go. The act itself is one transaction of ``withholding.forget``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from kzdoc import filling, withholding
from kzdoc.domain.catalogue import KINDS
from ui.screens.panes import empty
from ui.screens.record_row import fitted
from ui.tokens import SPACE_1, SPACE_2, SPACE_3, SPACE_4, SPACE_6
from ui.widgets.banner import Notice
from ui.widgets.basics import Card, button, column, label, row, said
from ui.widgets.entry import LineEntry
from ui.widgets.form_row import FormRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.browsing import Sheet
    from kzdoc.errors import KzdocError
    from kzdoc.session import Session
    from ui.screens.record import RecordRoom
    from ui.surroundings import Surroundings

_WIDTH, _HEIGHT = 560, 640
_MARGIN = 24
_HOLDERS = ("confirmed", "sent", "from")


class ForgetDialog(QDialog):
    """``counting`` asks what the chosen fields (an empty list: all) would take away; ``show_told`` is the answer."""

    counting = Signal(list)

    def __init__(self, desk: Surroundings, over: QWidget, sheet: Sheet) -> None:
        super().__init__(over)
        self._desk = desk
        words, theme = desk.words, desk.theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words.put(self.setWindowTitle, "window.title")
        self._told: dict[str, Any] = {}
        self.whole = QCheckBox()
        words.put(self.whole.setText, "forget.whole")
        self.whole.setChecked(True)
        self.fields: dict[str, QCheckBox] = {}
        self._choices = QWidget()
        self._choices.setLayout(column(*self._boxes(sheet), spacing=SPACE_1))
        self._choices.hide()
        what = Card()
        for part in (self.whole, self._choices):
            what.body.addWidget(part)
        self._goes, self._stays, self._holders = column(spacing=4), column(spacing=4), column(spacing=4)
        self._named = Card(look="banner-warn")
        self._named_line = label(wrap=True)
        self.leave_texts = QCheckBox()
        words.put(self.leave_texts.setText, "seal.leave_texts")
        self._named.body.addWidget(self._named_line)
        self._named.body.addWidget(self.leave_texts)
        self._named.hide()
        self.word = LineEntry()
        self._word_row = FormRow(self.word)
        page = QWidget()
        parts = [what, self._named]
        for key, box in (("forget.goes", self._goes), ("forget.holders", self._holders), ("forget.stays", self._stays)):
            card = Card()
            card.body.addLayout(column(said(words, key, bold=True), box, spacing=SPACE_2))
            parts.append(card)
        title = said(words, "forget.title", size="title", wrap=True)
        self._sheet = sheet
        self._name = label(tone="quiet", wrap=True)
        inside = column(title, self._name, *parts, self._word_row, None, spacing=SPACE_2)
        inside.setContentsMargins(SPACE_6, SPACE_4, SPACE_6, SPACE_3)
        page.setLayout(inside)
        self.stay = button(words, "forget.not", self.reject)
        self.act = button(words, "forget.do", self.accept)
        foot = row(None, self.act, self.stay)
        foot.setContentsMargins(SPACE_6, SPACE_2, SPACE_6, SPACE_3)
        self.area = fitted(page)
        self.setLayout(column(self.area, foot, spacing=0))
        room = over.window().size()
        self.resize(
            min(theme.px(_WIDTH), room.width() - _MARGIN), min(theme.px(_HEIGHT), max(240, room.height() - 2 * _MARGIN))
        )
        self.whole.toggled.connect(self._choose)
        self.leave_texts.toggled.connect(lambda _on: self._judge())
        self.word.textChanged.connect(lambda _text: self._judge())
        words.languageChanged.connect(self._say)
        self._say()

    def chosen(self) -> list[str] | None:
        """Return the fields to forget, an empty list for the whole record, or None when nothing is chosen."""
        if self.whole.isChecked():
            return []
        return [name for name, box in self.fields.items() if box.isChecked()] or None

    def show_told(self, told: dict[str, Any]) -> None:
        """Show what would go and who else has it."""
        self._told = told
        self._say()

    def _boxes(self, sheet: Sheet) -> list[QWidget]:
        kind = KINDS[sheet.kind]
        there = {name for name in sheet.fields if kind.has(name)} | {name for name, _ in sheet.withheld if name}
        for field in kind.fields:
            if field.id in there:
                box = QCheckBox()
                box.toggled.connect(lambda _on: self._choose())
                self.fields[field.id] = box
        return list(self.fields.values())

    def _choose(self) -> None:
        self._choices.setVisible(not self.whole.isChecked())
        self._told = {}
        self._judge()
        chosen = self.chosen()
        if chosen is not None:
            self.counting.emit(chosen)

    def _say(self) -> None:
        words, told = self._desk.words, self._told
        self._name.setText(_called(self._desk, self._sheet))
        for name, field in self.fields.items():
            field.setText(words.text(KINDS[self._sheet.kind].field(name).label).replace("&", "&&"))
        for box in (self._goes, self._stays, self._holders):
            empty(box)
        if told:
            lines = [words.say("forget.goes_n", n=told["statements"])]
            lines += [words.say("forget.goes_files", n=told["files"])] if told["files"] else []
            self._fill(self._goes, (*lines, words.say("forget.never")))
            held = [words.say(f"forget.{how}", names=", ".join(told[how])) for how in _HOLDERS if told[how]]
            self._fill(self._holders, (*held, words.say("forget.each")) if held else (words.say("forget.nobody"),))
        self._fill(self._stays, (words.say("forget.stub"), words.say("forget.before")))
        self._named.setVisible(bool(told.get("still_named")))
        self._named_line.setText(words.say("forget.named", n=len(told.get("still_named", ()))))
        self._word_row.set_name(words.say("forget.type", word=words.say("forget.word")))
        self._word_row.set_reason(words.say("forget.type_why"))
        self._judge()

    @staticmethod
    def _fill(box: Any, lines: Sequence[str]) -> None:
        for line in lines:
            box.addWidget(label(line, wrap=True))

    def _judge(self) -> None:
        """Let Forget be pressed when it can be, and say why not."""
        words, told = self._desk.words, self._told
        typed = self.word.text().strip().casefold() == words.say("forget.word").casefold()
        if not told or self.chosen() is None:
            why = words.say("forget.off_fields")
        elif not told["statements"]:
            why = words.say("forget.off_nothing")
        elif told["still_named"] and not self.leave_texts.isChecked():
            why = words.say("forget.off_texts")
        else:
            why = "" if typed else words.say("forget.type", word=words.say("forget.word"))
        self.act.setEnabled(not why)
        self.act.setToolTip(why)


def _called(desk: Surroundings, sheet: Sheet) -> str:
    kind = desk.words.text(KINDS[sheet.kind].label)
    return f"{kind} · {sheet.name}" if sheet.name else kind


class ForgetActs(QObject):
    """Puts forgetting into the Record room."""

    def __init__(self, room: RecordRoom) -> None:
        super().__init__(room)
        self._room, self._desk = room, room.desk
        self.dialog: ForgetDialog | None = None
        room.form.head.forgetting.connect(self.ask)

    def ask(self) -> None:
        """Ask what of the form's record is to be forgotten; not while something of it is not saved."""
        sheet, body = self._room.form.sheet, self._room.form.body
        if sheet is None or not sheet.id:
            return
        if body is not None and body.typed():
            self._room.banners.put(Notice("save", "warn", "forget.save_first"))
            return
        self._room.banners.take("save")
        dialog = ForgetDialog(self._desk, self._room, sheet)
        dialog.counting.connect(lambda fields: self._count(dialog, sheet.id, fields))
        dialog.accepted.connect(lambda: self._forget(sheet.id, dialog.chosen(), dialog.leave_texts.isChecked()))
        self.dialog = dialog
        dialog.open()
        dialog.stay.setFocus(Qt.FocusReason.OtherFocusReason)
        self._count(dialog, sheet.id, [])

    def _count(self, dialog: ForgetDialog, record: bytes, fields: list[str]) -> None:
        self._desk.tasks.read(
            lambda session, _: withholding.foresee_forgetting(session, record, fields),
            done=lambda told: dialog.show_told(told) if dialog.chosen() == fields else None,
            failed=self._failed,
            owner=dialog,
            latest="record-forget",
        )

    def _forget(self, record: bytes, fields: list[str] | None, leave_texts: bool) -> None:
        self.dialog = None
        if fields is None:
            return

        def act(session: Session, _progress: Any) -> tuple[int, bool] | None:
            if any(draft.record == record for draft in filling.drafts(session)):
                return None
            count = withholding.forget(session, record, fields, leave_texts=leave_texts)
            return count, session.blobs.unfinished

        self._desk.tasks.write(
            act,
            done=lambda told: self._forgotten(record, told),
            failed=self._failed,
            owner=self,
            label="forget.doing",
        )

    def _forgotten(self, record: bytes, told: tuple[int, bool] | None) -> None:
        if told is None:
            self._room.banners.put(Notice("save", "warn", "forget.save_first"))
            return
        count, unfinished = told
        if unfinished:
            self._desk.notice("forget.clean_up_due")
        else:
            self._desk.notice("forget.done", n=count)
        self._room.drafts.begin()
        self._room.list.ask()
        self._room.open(record)

    def _failed(self, error: KzdocError) -> None:
        sentence = self._desk.words.error(error)
        self._room.banners.put(Notice("save", "warn", "error.said", {"sentence": sentence}))
