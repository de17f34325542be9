"""A testimony for headquarters alone, in the form: the switch, what it means in words, its saving.

While the switch is on, what is typed is kept only in pieces that headquarters opens, under a key in this window's
memory (kzdoc/direct.py); saved, it is sealed at once and waits in the outbox. There is one such form at a time. One
that is left stays open in memory and is offered again; locking ends it for this laptop.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from kzdoc import browsing, filling, keeping, sealing
from kzdoc.direct import DirectForm
from kzdoc.exchange import trust
from kzdoc.filling import Draft
from ui.screens.panes import empty
from ui.tokens import SPACE_2
from ui.widgets.banner import Notice
from ui.widgets.basics import Card, button, column, label, row, said
from ui.widgets.entry import LineEntry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.browsing import Sheet
    from kzdoc.casework import Change
    from kzdoc.errors import KzdocError
    from kzdoc.filling import Newborn
    from kzdoc.session import Session
    from ui.screens.record import RecordRoom
    from ui.surroundings import Surroundings

KINDS = ("testimony",)
Partners = tuple[list[str], bool]
"""The verified partners by name, and whether recovery was rehearsed, so that one of them is enough."""


class DirectCard(Card):
    """The switch; ``wanted`` and ``unwanted`` when it was turned, ``chosen`` with those who shall open it."""

    wanted = Signal()
    unwanted = Signal()
    chosen = Signal(list)

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        words = desk.words
        self.switch = QCheckBox()
        words.put(self.switch.setText, "direct.switch")
        self.switch.clicked.connect(self._turned)
        self.line = label(size="small", tone="quiet", wrap=True)
        self.boxes: dict[str, QCheckBox] = {}
        self._names = column(spacing=SPACE_2)
        self.begin = button(words, "direct.begin", lambda: self.chosen.emit(self.to()))
        self._choice = QWidget()
        self._choice.setLayout(column(said(words, "seal.to", bold=True), self._names, row(self.begin, None)))
        self.label = LineEntry()
        words.put(self.label.setAccessibleName, "seal.label")
        words.put(self.label.setPlaceholderText, "seal.label_hint")
        self._label = QWidget()
        self._label.setLayout(column(said(words, "seal.label", size="small", tone="quiet"), self.label, spacing=4))
        for part in (self.switch, self.line, self._choice, self._label):
            self.body.addWidget(part)
        self.body.setSpacing(SPACE_2)
        words.languageChanged.connect(self._say)
        self._told: tuple[str, dict[str, str | int]] = ("direct.why", {})
        self.show_off()

    def show_off(self, key: str = "direct.why") -> None:
        """Show that the form is written as any other; ``key`` says what else it would mean, or why it cannot be."""
        self._show(key, on=False)

    def show_choice(self, partners: Partners) -> None:
        """Ask who shall open it."""
        names, rehearsed = partners
        empty(self._names)
        self.boxes = {}
        least = 1 if rehearsed else sealing.ENOUGH
        for name in names:
            box = QCheckBox(name.replace("&", "&&"))
            box.toggled.connect(lambda _on: self.begin.setEnabled(len(self.to()) >= least))
            self._names.addWidget(box)
            self.boxes[name] = box
        self.begin.setEnabled(False)
        self._show("seal.two_or_recovery" if rehearsed else "seal.two", on=True, choosing=True)
        next(iter(self.boxes.values())).setFocus()

    def show_on(self, to: Sequence[str], *, alone: bool) -> None:
        """Say that what is typed goes to headquarters only; with somebody opposite nobody is named."""
        self._show("direct.on_unnamed" if alone else "direct.on", on=True, naming=True, names=", ".join(to))

    def to(self) -> list[str]:
        """Return who was chosen."""
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def _show(self, key: str, *, on: bool, choosing: bool = False, naming: bool = False, **params: str | int) -> None:
        self._told = key, params
        self.switch.setChecked(on)
        self._choice.setVisible(choosing)
        self._label.setVisible(naming)
        if not naming:
            self.label.clear()
        self._say()

    def _say(self) -> None:
        key, params = self._told
        self.line.setText(self._desk.words.say(key, **params))

    def _turned(self, on: bool) -> None:
        (self.wanted if on else self.unwanted).emit()


class DirectActs(QObject):
    """Puts it into the Record room."""

    def __init__(self, room: RecordRoom) -> None:
        super().__init__(room)
        self._room, self._desk, self._drafts = room, room.desk, room.drafts
        self._form: DirectForm | None = None
        self._to: list[str] = []
        self._kind = ""
        self.card = DirectCard(room.desk)
        self.card.hide()
        room.form.put_first(self.card)
        room.form.head.shown.connect(self._shown)
        room.acts.instead = self.save
        self.card.wanted.connect(self._ask)
        self.card.unwanted.connect(self._stop)
        self.card.chosen.connect(self._begin)
        self._drafts.dropped.connect(self._dropped)

    @property
    def on(self) -> bool:
        """Whether the form that is shown is written for headquarters alone."""
        return self._drafts.direct is not None

    def tell(self) -> None:
        """Say anew for whom it is written, and whether another one is open: somebody came to sit opposite, or left."""
        if self.on:
            self.card.show_on(self._to, alone=self._alone)
        else:
            self._offer()

    @property
    def _alone(self) -> bool:
        return self._room.form.kit.alone

    # turning it on and off

    def _ask(self) -> None:
        lang = self._desk.words.lang

        def look(session: Session, _: Any) -> Partners:
            names = [one["name"] for one in trust.contacts(session, lang) if one["state"] == trust.VERIFIED]
            return names, keeping.recovery(session)["state"] == keeping.REHEARSED

        self._desk.tasks.read(look, done=self._choose, failed=self._failed, owner=self, latest="record-direct")

    def _choose(self, partners: Partners) -> None:
        names, rehearsed = partners
        least = 1 if rehearsed else sealing.ENOUGH
        if len(names) < least:
            self.card.show_off("direct.refused")
        elif len(names) == least:
            self._begin(names)
        else:
            self.card.show_choice(partners)

    def _begin(self, to: list[str]) -> None:
        """Open the form for headquarters with what is typed in it, and destroy what was an ordinary draft of it."""
        sheet, body, before = self._room.form.sheet, self._room.form.body, self._drafts.draft
        if sheet is None or body is None or sheet.id:
            return
        self._to, self._kind, typed = list(to), sheet.kind, body.typed()

        def begin(session: Session, _: Any) -> DirectForm:
            form = DirectForm(session, to)
            form.keep(Draft(form.id, sheet.kind, b"", "", typed))
            if before:
                filling.drop_draft(session, before)
            return form

        self._drafts.pause()
        self._desk.tasks.write(begin, done=partial(self._began, sheet), failed=self._failed, owner=self)

    def _began(self, sheet: Sheet, form: DirectForm) -> None:
        self._form = form
        now = self._room.form.sheet
        if now is not sheet:
            if now is not None:  # another form came meanwhile; this one waits to be gone on with
                self._shown(now)
            return
        self._drafts.begin(form.id, direct=form)
        self._room.banners.take("draft-back")
        self.tell()
        self._drafts.keep()

    def _stop(self) -> None:
        """Write it as any other form again; what was kept for headquarters goes."""
        if self.on:
            self._drafts.drop()
            self._drafts.begin()
            self._drafts.keep()
        self.card.show_off()

    def _dropped(self) -> None:
        self._form = None
        self._room.banners.take("direct")

    # leaving it and going on

    def _shown(self, sheet: Sheet) -> None:
        form = self._form
        here = form is not None and self._drafts.draft == form.id
        if here:
            self._drafts.begin(self._drafts.draft, direct=form)
            self.tell()
            self._room.banners.take("direct")
        elif form is not None:
            self._offer()
        else:
            self.card.show_off()
        self.card.setVisible(not sheet.id and sheet.kind in KINDS and (here or form is None))

    def _offer(self) -> None:
        """Offer to go on with the one that is open; not while somebody sits opposite."""
        if self._form is None or self._alone:
            self._room.banners.take("direct")
        else:
            go_on = Notice("direct", "held", "direct.open", {}, "record.go_on", self._go_on, closes=False)
            self._room.banners.put(go_on)

    def _go_on(self) -> None:
        form = self._form
        if form is None or self._alone:
            return
        kind = self._kind

        def read(session: Session, _: Any) -> tuple[Sheet, Draft | None]:
            return browsing.blank(session, kind), form.kept()

        def show(found: tuple[Sheet, Draft | None]) -> None:
            if not self._alone:
                self._room.show_sheet(*found)

        self._room.drafts.keep()
        self._desk.tasks.read(read, done=show, failed=self._failed, owner=self)

    # saving

    def save(self, changes: list[Change], born: tuple[Newborn, ...]) -> bool:
        """Save the form sealed, if it is written so; return whether it is."""
        form, sheet, name = self._drafts.direct, self._room.form.sheet, self.card.label.text()
        if form is None or sheet is None:
            return False
        self._room.acts.saving = True
        self._room.form.say_kept("saved.now")
        self._desk.tasks.write(
            lambda _session, progress: form.save(sheet.kind, changes, born=born, label=name, progress=progress),
            done=self._saved,
            failed=self._not_saved,
            owner=self,
            label="seal.sealing",
        )
        return True

    def _saved(self, told: dict[str, Any]) -> None:
        self._room.acts.saving = False
        self._form = None
        self._drafts.begin()
        self._room.form.sheet = None
        self._desk.notice("direct.sealed", n=told["number"])
        self._room.list.ask()
        self._room.open(bytes.fromhex(told["record"]))

    def _not_saved(self, error: KzdocError) -> None:
        self._room.acts.saving = False
        self._room.form.say_kept("saved.failed")
        self._say(error)

    def _failed(self, error: KzdocError) -> None:
        self._drafts.pause(paused=False)
        if not self.on:
            self.card.show_off()
        self._say(error)

    def _say(self, error: KzdocError) -> None:
        sentence = self._desk.words.error(error)
        self._room.banners.put(Notice("save", "warn", "error.said", {"sentence": sentence}))
