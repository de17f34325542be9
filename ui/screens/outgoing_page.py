"""The steps a table and numbers share: asked, laid out in memory, decided of, written as one file.

What goes out is read by the worker and shown; nothing is written before a person says where. The button is off, with
its reason beside it, while a name or sentence waits for a decision, while what the reader has already waits for a
reason, or while reader and purpose are not named. What is written is what was shown: were the records changed
meanwhile, it is shown anew and there is no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from kzdoc.leaving import HELD_FOR, HintedError, LeakError, UndecidedError
from kzdoc.together import Together, TogetherError
from ui.keys import Command
from ui.room import Breadth, Room, TitledPage
from ui.screens.asking import ask_for_files
from ui.screens.outgoing_cards import LeakCard, TogetherAsk, WrittenCard
from ui.screens.outgoing_outputs import OutputChips
from ui.screens.panes import VerbBar, as_high_as_told, empty
from ui.screens.publish_names import NamesCard, Question
from ui.tokens import SPACE_3
from ui.widgets.banner import Notice
from ui.widgets.basics import button, column

if TYPE_CHECKING:
    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.screens.outgoing_form import Reader, ReaderForm
    from ui.surroundings import Surroundings

SETTLE_MS = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for a person: names and sentences, what was decided of them, what is told together."""

    questions: tuple[Question, ...] = ()
    decided: tuple[tuple[str, str], ...] = ()
    hinted: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    together: tuple[Together, ...] = ()
    scope: str = ""
    """Where what is said of another person holds."""

    @property
    def said(self) -> dict[str, Any]:
        """What was decided, as the list of reviews takes it: names, then sentences with their ids."""
        pairs = [(sentence, how) for sentence, how, _ in self.hinted]
        return {"said_of": (*self.decided, *pairs), "ids": {sentence: ids for sentence, _, ids in self.hinted}}


@dataclass(frozen=True, slots=True)
class How:
    """How it is written: why it goes although it tells too much with what its reader has; with which report beside."""

    although: str = ""
    redaction: bool = False


class OutputPage(Room):
    """A page of Publish: what it asks, what it shows, the button at its foot. A kind of output fills in the rest."""

    output = ""
    verb = "outgoing.write"
    checked = ""
    reports = True
    """Whether a signed report of what is withheld may go beside it."""

    def __init__(self, desk: Surroundings, form: ReaderForm) -> None:
        super().__init__(desk)
        words, theme = desk.words, desk.theme
        self.form = form
        self.shown: Any = None
        self.failure: KzdocError | None = None
        self.told: Mapping[str, Any] = {}
        self.outputs = OutputChips(desk, self.output)
        self.names = NamesCard(desk)
        self.names.decided.connect(self._deciding)
        self.names.failed.connect(self._failed)
        self.names.opening.connect(lambda: desk.go("record"))
        self.names.came.connect(self._bring)
        self.together = TogetherAsk(desk)
        self.together.changed.connect(self._show_bar)
        self._to_names = False
        self._above, self._below = QVBoxLayout(), QVBoxLayout()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.lay_out)
        self.bar = VerbBar(theme)
        self.names_button = button(words, "publish.names_go", self.names.go_on)
        self.write_button = button(words, self.verb, self.write, look="main", theme=theme, icon="publish")
        self.redaction = QCheckBox()
        words.put(self.redaction.setText, "publish.redaction")
        words.put(self.redaction.setToolTip, "outgoing.redaction_why")
        self.bar.add_verbs(self.names_button, self.redaction, self.write_button)
        self.page = TitledPage(desk, "rail.publish")
        for part in (self.outputs, form):
            self.page.column.addWidget(part)
        for box in (self._above, self._below):
            box.setSpacing(SPACE_3)
        self.page.column.addLayout(self._above)
        self.page.column.addWidget(self.names)
        self.page.column.addWidget(self.together)
        self.page.column.addLayout(self._below)
        self.page.column.addStretch(1)
        self.area = as_high_as_told(self.page)
        self.setLayout(column(self.banners, self.area, self.bar, spacing=0))
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(0, 0, 0, 0)
        form.changed.connect(self._changed)
        words.languageChanged.connect(self.show_all)
        self.show_all()

    # what a kind of output fills in

    def wanted(self) -> Any:
        """Return what is asked for now; it is equal to another one that asks the same."""
        raise NotImplementedError

    def reader(self) -> Reader:
        """Return for whom it is."""
        return self.form.reader()

    def kind_id(self) -> str:
        """Return the kind of record it is made of."""
        raise NotImplementedError

    def file_name(self) -> str:
        """Return what its file may be called."""
        raise NotImplementedError

    def read(self, session: Session, wanted: Any, lang: str, progress: Progress) -> Any:
        """Lay out in memory what is asked for; on the worker."""
        raise NotImplementedError

    def make(self, session: Session, shown: Any, out: Path, how: How, progress: Progress) -> Mapping[str, Any]:
        """Write what was shown, or refuse when it would be another by now; on the worker."""
        raise NotImplementedError

    def asked(self) -> Asked:
        """Return what waits for a person in what is shown."""
        raise NotImplementedError

    def cards(self) -> Sequence[QWidget]:
        """Return what is shown of it."""
        raise NotImplementedError

    def line(self) -> str:
        """Return the quiet line under the title."""
        return self.desk.words.say(f"outgoing.{self.output}_why")

    # what a person does

    def lay_out(self) -> None:
        """Lay out in memory what is asked for."""
        wanted, lang = self.wanted(), self.desk.words.lang
        self._settle.stop()
        self.desk.tasks.read(
            lambda session, progress: self.read(session, wanted, lang, progress),
            done=self.show_output,
            failed=self._failed,
            owner=self,
            label="outgoing.laying",
            latest=f"outgoing.{self.output}",
        )

    def held(self) -> bool:
        """Return whether anybody may come to read it, so that it waits for every answer."""
        return self.reader().audience in HELD_FOR

    def why_not(self) -> str:
        """Return the catalogue key of why it cannot be written, "" when it can."""
        asked = self.asked() if self.shown is not None else Asked()
        missing = self.reader().missing()
        reasons = (
            ("outgoing.why_failed", self.failure is not None),
            ("publish.why_deciding", self.names.busy),
            ("outgoing.why_names", bool(asked.questions) and self.held()),
            (f"outgoing.why_{missing}", bool(missing)),
            ("outgoing.why_although", bool(asked.together) and self.held() and not self.together.although()),
            ("outgoing.why_making", self.shown is None or self.shown.wanted != self.wanted()),
        )
        return next((key for key, holds in reasons if holds), "")

    def write(self) -> None:
        """Choose where it goes; it is written then."""
        if not self.why_not():
            ask_for_files(self.desk, self, lambda paths: self._write(paths[0]), wanted="save", name=self.file_name())

    # hooks of a room

    def commands(self) -> Sequence[Command]:
        """Return Write and the answers to names."""
        write = Command("publish.sign", "publish.sign", self.write, ("Ctrl+Enter",), "publish", why_off=self.why_not)
        return (write, *self.names.commands())

    def arrive(self, what: object) -> None:
        """Begin at what is asked first."""
        del what
        first = self.form.rows()[0].field
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.told:
            self._settle.start()

    def refresh(self, changes: object) -> None:
        """Lay out again after a write: consent or names may have changed."""
        del changes
        if self.isVisible() and not self.told:
            self._settle.start()

    def rearrange(self, breadth: Breadth) -> None:
        """Give the bar less room in one column."""
        self.bar.set_narrow(breadth == "narrow")

    # answers of the worker

    def show_output(self, shown: Any) -> None:
        """Show what was laid out."""
        self.shown, self.failure, self.names.busy = shown, None, False
        self.banners.take("outgoing")
        self.show_all()
        if self._to_names:
            self._to_names = False
            QTimer.singleShot(0, self, self._go_on)

    def _write(self, out: Path) -> None:
        shown, how = self.shown, How(self.together.although(), self.redaction.isChecked())
        self.write_button.setEnabled(False)
        self.desk.tasks.write(
            lambda session, progress: self.make(session, shown, out, how, progress),
            done=self.show_written,
            failed=self._failed,
            owner=self,
            label="outgoing.writing",
        )

    def show_written(self, told: Mapping[str, Any]) -> None:
        """Show where the file lies, and go to the top of the page."""
        self.told = told
        self.show_all()
        QTimer.singleShot(0, self, lambda: self.area.verticalScrollBar().setValue(0))

    def _failed(self, error: KzdocError) -> None:
        self.names.rest()
        if isinstance(error, UndecidedError | HintedError | TogetherError):
            self._to_names = not isinstance(error, TogetherError)
            self.lay_out()
            return
        if error.code == "publication.other-than-shown":
            self.shown = None
            self._settle.start()
        elif isinstance(error, LeakError) or self.shown is None or self.shown.wanted != self.wanted():
            self.failure = error
        if not isinstance(error, LeakError):
            sentence = self.desk.words.error(error)
            self.banners.put(Notice("outgoing", "warn", "error.said", {"sentence": sentence}))
        self.show_all()

    def _changed(self) -> None:
        self.told, self.failure = {}, None
        self.banners.take("outgoing")
        self._settle.start()
        self.show_all()

    def _deciding(self) -> None:
        """Note that it will show something else: what was written is no longer what is seen."""
        focus = self.window().focusWidget()
        self._to_names = focus is not None and self.names.isAncestorOf(focus)
        self.told, self.failure = {}, None
        self.show_all()

    def _go_on(self) -> None:
        """Go to the next name, or to what is missing; who is typing is left alone."""
        why, form = self.why_not(), self.form
        if self.names.first() is not None or why == "outgoing.why_names":
            self.names.go_on()
            return
        missing = {
            "outgoing.why_recipient": form.recipient,
            "outgoing.why_purpose": form.purpose,
            "outgoing.why_although": self.together.reason,
        }.get(why)
        (missing or (form if why else self.write_button)).setFocus(Qt.FocusReason.OtherFocusReason)

    def _bring(self, widget: QWidget) -> None:
        QTimer.singleShot(0, widget, lambda: self.area.ensureWidgetVisible(widget))

    # what is shown

    def show_all(self) -> None:
        """Show everything anew."""
        for box in (self._above, self._below):
            empty(box)
        if self.told:
            self._above.addWidget(WrittenCard(self.desk, self.told, self.checked))
        if isinstance(self.failure, LeakError):
            self._above.addWidget(LeakCard(self.desk, self.failure, self.kind_id()))
        asked = self.asked() if self.shown is not None else Asked()
        if not self.names.busy:
            self.names.show_names(asked.questions, **asked.said, held=self.held(), scope=asked.scope)
        self.together.show_found(() if self.told else asked.together, self.kind_id(), held=self.held())
        for card in self.cards() if self.shown is not None else ():
            self._below.addWidget(card)
        self.page.show_line(self.line())
        self._show_bar()

    def _show_bar(self) -> None:
        words, why = self.desk.words, self.why_not()
        asked = self.asked() if self.shown is not None else Asked()
        names = why == "outgoing.why_names"
        self.names_button.setVisible(names)
        self.redaction.setVisible(self.reports and not why and self.reader().needs_name)
        self.write_button.setEnabled(not why)
        found = isinstance(self.failure, LeakError)
        ready = "outgoing.done" if self.told else "outgoing.ready"
        tone = "danger" if found else "quiet"
        self.bar.say(
            words.say(why or ready, n=len(asked.questions)), "warning" if found else "info" if why else "", tone
        )
