"""Publish: one paper for one reader and one purpose. What is withheld is seen before it is signed.

The page is rendered in memory and shown from memory; nothing plain is on the disk before the signature. Sign is off,
with the reason beside it, while a finding is open, while a name in a paper that anybody may come to read waits for a
decision, or while the reader or the purpose is not named. What is signed is what was shown: were the records changed
meanwhile, the paper is shown anew and nothing is signed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kzdoc import leaving
from kzdoc.errors import KzdocError
from kzdoc.picturing import UnseenError
from ui.keys import Command
from ui.room import Breadth, Room, TitledPage
from ui.screens.asking import ask_for_files
from ui.screens.panes import VerbBar, as_high_as_told, empty
from ui.screens.publish_corrections import Correction, Corrections
from ui.screens.publish_findings import FindingsCard
from ui.screens.publish_form import PaperForm
from ui.screens.publish_images import PicturesCard
from ui.screens.publish_names import NamesCard
from ui.screens.publish_paper import Shown, prepared, sign_what_was_shown
from ui.screens.publish_parts import SignedCard, Subject, SubjectCard, TogetherCard, WithheldCard, find_subjects
from ui.tokens import SPACE_3, SPACE_4, SPACE_6
from ui.widgets.banner import Notice
from ui.widgets.basics import Card, button, column, said, set_look
from ui.widgets.page_preview import PagePreview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from kzdoc.correcting import Overtaken
    from ui.surroundings import Surroundings

SETTLE_MS = 400
SIDE_WIDTH = 460
_PREVIEW_HEIGHT = 520


class PublishRoom(Room):
    """Form at the left, the page at the right, Sign at the foot."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk)
        words, theme = desk.words, desk.theme
        self.subject: Subject | None = None
        self.shown: Shown | None = None
        self.failure: KzdocError | None = None
        self.signed: dict[str, Any] = {}
        self.choice = SubjectCard(desk, self._search)
        self.choice.chosen.connect(self.choose)
        self.form = PaperForm(desk)
        self.form.changed.connect(self._changed)
        self.preview = PagePreview(words, theme)
        self._page = 0
        self.preview.turned.connect(self._note_page)
        self._fit = QTimer(self, singleShot=True, interval=0)
        self._fit.timeout.connect(lambda: self.preview.turn_to(self._page))
        self.names = NamesCard(desk)
        self.names.decided.connect(self._deciding)
        self.names.failed.connect(self._failed)
        self.names.opening.connect(self._open_case)
        self.pictures = PicturesCard(desk)
        self.pictures.decided.connect(self._settle_soon)
        self.pictures.failed.connect(self._failed)
        self.corrections = Corrections(self)
        self._to_names = False
        self._found, self._results = QVBoxLayout(), QVBoxLayout()
        for box in (self._found, self._results):
            box.setSpacing(SPACE_3)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.ask_preview)
        self.sign_button = button(words, "publish.sign", self.sign, look="main", theme=theme, icon="sign")
        self.bar = VerbBar(theme)
        self.names_button = button(words, "publish.names_go", self.names.go_on)
        self.pictures_button = button(words, "publish.pictures_go", self.pictures.go_on)
        self.redaction = QCheckBox()
        words.put(self.redaction.setText, "publish.redaction")
        words.put(self.redaction.setToolTip, "publish.redaction_why")
        self.bar.add_verbs(self.names_button, self.pictures_button, self.redaction, self.sign_button)
        self._lay_out()
        words.languageChanged.connect(self._show)
        self._show()

    # what a person does

    def choose(self, subject: Subject | None, corrects: Overtaken | None = None) -> None:
        """Make the paper about this person or event; ``corrects``: the notice that corrects this one."""
        self.form.correct(corrects)
        self.subject, self.shown, self.failure, self.signed = subject, None, None, {}
        self.preview.clear()
        self._show()
        if corrects is not None:
            self._to_names = True
            self.ask_preview()
        elif subject is not None:
            self.form.recipient.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ask_preview()

    def ask_preview(self) -> None:
        """Render the paper in memory."""
        subject, wanted = self.subject, self.form.wanted()
        self._settle.stop()
        if subject is None:
            return
        self.desk.tasks.read(
            lambda session, progress: prepared(session, subject.id, wanted, progress),
            done=self.show_paper,
            failed=self._failed,
            owner=self,
            label="publish.making",
            latest="publish.preview",
        )

    def why_not(self) -> str:
        """Return the catalogue key of why it cannot be signed, "" when it can."""
        shown, wanted = self.shown, self.form.wanted()
        reasons = (
            ("publish.why_nobody", self.subject is None),
            ("publish.why_corrected", bool(self.signed) and wanted.corrects is not None),
            ("publish.why_failed", self.failure is not None),
            ("publish.why_findings", shown is not None and bool(shown.paper.findings)),
            ("publish.why_deciding", self.names.busy),
            ("publish.why_names", shown is not None and shown.held),
            ("publish.why_pictures", shown is not None and bool(shown.unseen)),
            ("publish.why_pack", wanted.pack and wanted.audience.value == "public"),
            ("publish.why_recipient", wanted.needs_reader and not wanted.recipient),
            ("publish.why_purpose", wanted.needs_reader and not wanted.purpose),
            ("publish.why_making", shown is None or shown.wanted != wanted),
        )
        return next((key for key, holds in reasons if holds), "")

    def sign(self) -> None:
        """Choose where it goes; signing follows."""
        if self.why_not() or self.shown is None:
            return
        name = self.shown.wanted.file
        ask_for_files(self.desk, self, lambda paths: self._sign(paths[0]), wanted="save", name=name)

    # hooks of a room

    def commands(self) -> Sequence[Command]:
        """Return sign, and choose another."""
        other = Command("publish.other", "publish.other", lambda: self.choose(None), ("Ctrl+O",), "publish", "search")
        sign = Command(
            "publish.sign", "publish.sign", self.sign, ("Ctrl+Enter",), "publish", "sign", why_off=self.why_not
        )
        return (other, sign, *self.corrections.commands(), *self.names.commands(), *self.pictures.commands())

    def arrive(self, what: object) -> None:
        """Show the paper of a record when another room asks for it."""
        self.form.read()
        if isinstance(what, Correction):
            self.corrections.ask(what)
        elif isinstance(what, bytes):
            lang = self.desk.words.lang
            self.desk.tasks.read(
                lambda session, _progress: find_subjects(session, "", lang, only=what),
                done=lambda found: self.choose(found[0] if found else None),
                owner=self,
            )
        elif self.subject is None:
            self.choice.begin()
        elif not self.signed:
            self._settle.start()

    def refresh(self, changes: object) -> None:
        """Render again after a write: consent or names may have changed."""
        del changes
        if self.isVisible() and self.subject is not None and not self.signed:
            self._settle.start()

    def rearrange(self, breadth: Breadth) -> None:
        """Put the page beside the form, or under it."""
        beside = breadth != "narrow"
        self.bar.set_narrow(not beside)
        place = self._panes if beside else self._column
        place.addWidget(self._side)
        set_look(self._side, look="preview" if beside else "card")
        if beside:
            share = SIDE_WIDTH if breadth == "wide" else SIDE_WIDTH - 80
            self._side.setFixedWidth(self.desk.theme.px(share))
        else:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16_777_215)
        self._side.setMinimumHeight(0 if beside else self.desk.theme.px(_PREVIEW_HEIGHT))
        self._side.setVisible(self.subject is not None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit.start()

    # answers of the worker

    def show_paper(self, shown: Shown) -> None:
        """Show a paper's pages and what the leak check found in it."""
        self.shown, self.failure, self.names.busy = shown, None, False
        first = next((one.page - 1 for one in shown.paper.findings if one.page), 0)
        self.preview.show_pdf(shown.paper.pdf, spots=shown.spots, page=first)
        self.banners.take("publish")
        self._show()
        self._fit.start()
        if self._to_names:
            self._to_names = False
            QTimer.singleShot(0, self, self._go_on)

    def show_again(self, shown: Shown) -> None:
        """Show the same paper with something else beside it."""
        self.shown = shown
        self._show()

    def _note_page(self, page: int) -> None:
        self._page = page

    def _sign(self, out: Path) -> None:
        shown, subject = self.shown, self.subject
        if shown is None or subject is None:
            return
        self.sign_button.setEnabled(False)
        redaction = self.redaction.isChecked()
        self.desk.tasks.write(
            lambda session, progress: sign_what_was_shown(
                session, subject.id, out, shown, progress, redaction=redaction
            ),
            done=self._signed,
            failed=self._failed,
            owner=self,
            label="publish.signing",
        )

    def _signed(self, told: dict[str, Any]) -> None:
        self.signed = told
        self._show()
        self.corrections.signed()

    def _failed(self, error: KzdocError) -> None:
        self.names.rest()
        if isinstance(error, leaving.UndecidedError | leaving.HintedError | UnseenError):
            self._to_names = not isinstance(error, UnseenError)
            self.ask_preview()
            return
        if error.code == "publication.other-than-shown":
            self.shown = None
            self._settle.start()
        elif self.shown is None or self.shown.wanted != self.form.wanted():
            self.failure = error
            self.preview.clear()
        self.banners.put(Notice("publish", "warn", "error.said", {"sentence": self.desk.words.error(error)}))
        self._show()

    def _changed(self) -> None:
        self.signed, self.failure = {}, None
        self._settle.start()
        self._show()

    def _deciding(self) -> None:
        """Papers will show something else: what was signed is no longer what is seen."""
        focus = self.window().focusWidget()
        self._to_names = focus is not None and self.names.isAncestorOf(focus)
        self.signed = {}
        self._show()

    def _settle_soon(self) -> None:
        """Something was made that goes with the paper."""
        self.signed = {}
        self._settle.start()

    def _bring(self, widget: QWidget) -> None:
        """Show a widget of the page once it is laid out."""
        QTimer.singleShot(0, widget, lambda: self.area.ensureWidgetVisible(widget))

    def _go_on(self) -> None:
        """Go to the next name, or to what is missing before the paper can be signed; who is typing is left alone."""
        focus, why = self.window().focusWidget(), self.why_not()
        if focus is not None and self.form.isAncestorOf(focus):
            return
        if self.names.first() is not None or why == "publish.why_names":
            self.names.go_on()
            return
        form = self.form
        missing = {"publish.why_recipient": form.recipient, "publish.why_purpose": form.purpose}.get(why)
        (missing or (self.preview if why else self.sign_button)).setFocus(Qt.FocusReason.OtherFocusReason)

    def _search(self, text: str) -> None:
        lang = self.desk.words.lang
        self.desk.tasks.read(
            lambda session, _progress: find_subjects(session, text, lang),
            done=self.choice.show_found,
            owner=self,
            latest="publish.search",
        )

    # what is shown

    def _show(self) -> None:
        words = self.desk.words
        self.choice.show_subject(self.subject)
        self.form.setVisible(self.subject is not None and self.form.wanted().corrects is None)
        self._side.setVisible(self.subject is not None)
        empty(self._found)
        empty(self._results)
        for card in self._findings():
            self._found.addWidget(card)
        self._show_names()
        for card in self._cards():
            self._results.addWidget(card)
        records = len(self.shown.paper.records) if self.shown is not None else 0
        self.page.show_line(words.say("publish.about", n=records) if records else words.say("publish.line"))
        why = self.why_not()
        n = 0
        if self.shown is not None:
            n = len(self.shown.asked if why == "publish.why_names" else self.shown.paper.findings)
            n = self.shown.unseen if why == "publish.why_pictures" else n
        self.names_button.setVisible(why == "publish.why_names")
        self.pictures_button.setVisible(why == "publish.why_pictures")
        self.bar.setVisible(self.subject is not None)
        self.redaction.setVisible(not why)
        self.sign_button.setEnabled(not why)
        together = not why and self.shown is not None and bool(self.shown.before)
        tone = "danger" if why == "publish.why_findings" else "warn" if together else "quiet"
        icon = "warning" if why == "publish.why_findings" or together else "info" if why else ""
        ready = "publish.ready_together" if together else "publish.ready"
        self.bar.say(words.say(why or ready, n=n), icon, tone)

    def _cards(self) -> list[QWidget]:
        if self.subject is None:
            return [self._teach()]
        if self.shown is None:
            return []
        return [WithheldCard(self.desk, self.shown.paper.withheld)]

    def _findings(self) -> list[QWidget]:
        if self.subject is None or self.shown is None:
            return []
        cards: list[QWidget] = [SignedCard(self.desk, self.signed)] if self.signed else []
        cards += self.corrections.cards(self.shown.readers)
        if self.shown.before and not self.signed and self.form.wanted().corrects is None:
            cards.append(TogetherCard(self.desk, self.shown.before))
        if self.shown.paper.findings:
            turn_to, found = self.preview.turn_to, self.shown.found
            findings = self.shown.paper.findings
            failed, scope = self._failed, self.shown.scope
            card = FindingsCard(self.desk, findings, turn_to, self._open_case, found=found, failed=failed, scope=scope)
            cards.append(card)
        return cards

    def _show_names(self) -> None:
        """Show what is asked of the paper; while the vault is told what was decided, it stays as it is."""
        if self.subject is None or self.shown is None:
            self.names.hide()
            self.pictures.hide()
            return
        if not self.pictures.busy:
            self.pictures.show_pictures(self.shown.pictures, held=self.shown.wanted.audience in leaving.HELD_FOR)
        if not self.names.busy:
            self.names.show_names(self.shown.asked, **self.shown.said, held=self.shown.held)

    def _teach(self) -> Card:
        card = Card()
        card.body.addWidget(said(self.desk.words, "publish.teach", wrap=True))
        return card

    def _open_case(self) -> None:
        if self.subject is not None and self.subject.id:
            self.desk.go("record", self.subject.id)

    def _lay_out(self) -> None:
        self.page = TitledPage(self.desk, "rail.publish")
        for part in (self.choice, self.form):
            self.page.column.addWidget(part)
        self.page.column.addLayout(self._found)
        self.page.column.addWidget(self.names)
        self.page.column.addWidget(self.pictures)
        self.page.column.addLayout(self._results)
        self._column = QVBoxLayout()
        self.page.column.addLayout(self._column)
        self.page.column.addStretch(1)
        self._side = QFrame()
        inside = QVBoxLayout(self._side)
        inside.setContentsMargins(SPACE_6, SPACE_4, SPACE_6, SPACE_4)
        inside.addWidget(self.preview)
        self.area = as_high_as_told(self.page)
        self.names.came.connect(self._bring)
        self.pictures.came.connect(self._bring)
        self._panes = QHBoxLayout()
        self._panes.setSpacing(0)
        self._panes.addWidget(self.area, 1)
        self.setLayout(column(self.banners, self._panes, self.bar, spacing=0))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)
        self._panes.addWidget(self._side)
