"""The questions of a paper: who will read it, to whom, what for, which paper, in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kzdoc import publishing
from kzdoc.correcting import Overtaken
from kzdoc.domain.audience import AUDIENCE_LABELS, Audience
from ui.messages import NAMES
from ui.widgets.basics import row
from ui.widgets.entry import Choice, LineEntry
from ui.widgets.form_row import FormGrid, FormRow

if TYPE_CHECKING:
    from ui.surroundings import Surroundings

FIRST_TEMPLATE = "case-file"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a paper is asked for."""

    audience: Audience
    recipient: str
    purpose: str
    template: str
    lang: str
    corrects: Overtaken | None = None
    pack: bool = False

    @property
    def file(self) -> str:
        """What its file may be called."""
        of = f"correction-{self.corrects.plain()['paper']}" if self.corrects else self.audience.value
        return f"kzdoc-{of}-{self.lang}.pdf"

    @property
    def needs_reader(self) -> bool:
        """Whether it leaves the organisation, so that reader and purpose must be named."""
        return self.audience is not Audience.INTERNAL


class PaperForm(FormGrid):
    """What is asked, in two columns; ``changed`` when one of it was."""

    changed = Signal()

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self.audience, self.template, self.lang = Choice(), Choice(), Choice()
        self.recipient, self.purpose = LineEntry(), LineEntry()
        self._corrects: Overtaken | None = None
        self._pack = False
        self._templates: list[dict[str, str]] = []
        both = QWidget()
        line = row(self.template, self.lang)
        line.setStretch(0, 3)
        line.setStretch(1, 2)
        both.setLayout(line)
        both.setFocusProxy(self.template)
        fields = (self.audience, self.recipient, self.purpose, both)
        keys = ("audience", "recipient", "purpose", "template")
        self._named = [
            (self.add(FormRow(field, wide=field is both)), key) for field, key in zip(fields, keys, strict=True)
        ]
        self._say()
        for choice in (self.audience, self.template, self.lang):
            choice.activated.connect(lambda _index: self._tell())
        for entry in (self.recipient, self.purpose):
            entry.textEdited.connect(lambda _text: self._tell())
        desk.words.languageChanged.connect(self._say)

    def wanted(self) -> Wanted:
        """Return what is asked for now."""
        return Wanted(
            Audience(self.audience.chosen() or Audience.COURT.value),
            self.recipient.text().strip(),
            self.purpose.text().strip(),
            self.template.chosen() or FIRST_TEMPLATE,
            self.lang.chosen() or self._desk.words.lang,
            self._corrects,
            self._pack and self._corrects is None,
        )

    def ask_pack(self, *, pack: bool) -> None:
        """Ask for a paper with its proof and the program that checks it, or for the paper alone."""
        if pack != self._pack:
            self._pack = pack
            self.changed.emit()

    def correct(self, paper: Overtaken | None) -> None:
        """Ask for the notice that corrects a paper, for its reader and in its language; None: an ordinary paper."""
        self._corrects = paper
        if paper is None:
            return
        for choice, key in (
            (self.audience, paper.audience.value),
            (self.template, paper.template),
            (self.lang, paper.lang),
        ):
            choice.setCurrentIndex(max(0, choice.findData(key)))
        self.recipient.setText(paper.recipient)
        self.purpose.setText(paper.purpose)
        self._reasons()

    def read(self) -> None:
        """Ask which papers there are."""
        lang = self._desk.words.lang
        self._desk.tasks.read(
            lambda _session, _progress: publishing.templates(lang), done=self._show_templates, owner=self
        )

    def _show_templates(self, found: list[dict[str, str]]) -> None:
        self._templates = found
        chosen = self.template.chosen() or FIRST_TEMPLATE
        self.template.show_choices([(one["template"], one["label"]) for one in found], chosen)

    def _tell(self) -> None:
        self._reasons()
        self.changed.emit()

    def _say(self) -> None:
        words = self._desk.words
        audience = self.audience.chosen() or Audience.COURT.value
        self.audience.show_choices([(one.value, words.text(text)) for one, text in AUDIENCE_LABELS.items()], audience)
        self.lang.show_choices(list(NAMES.items()), self.lang.chosen() or words.lang)
        self._show_templates(publishing.templates(words.lang))
        for each, key in self._named:
            each.set_name(words.say(f"publish.{key}"))
        self.template.setAccessibleName(words.say("publish.paper"))
        self.lang.setAccessibleName(words.say("publish.lang"))
        self._reasons()

    def _reasons(self) -> None:
        words = self._desk.words
        inside = not self.wanted().needs_reader
        for each, key in self._named:
            quiet = inside and key in ("recipient", "purpose")
            each.set_reason(words.say(f"publish.{key}_{'inside' if quiet else 'why'}"))
