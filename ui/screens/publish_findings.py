"""What the leak check found in a paper: each opens its page and place, and has three answers.

What stands there can be withheld, be a common word, or be another person's name; the last needs a reason, which is
kept, and holds for this case alone. An answer is taken over at once, can be undone, and the paper is laid out again.
The words are seen on our own screen alone: no finding holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from kzdoc import naming
from kzdoc.domain.field import Sensitivity
from kzdoc.domain.sections import SENSITIVITY_LABELS
from kzdoc.redaction.unknown import NAME, WORD
from ui.tokens import SPACE_3
from ui.widgets.basics import Card, IconLabel, button, column, label, row, rule, said
from ui.widgets.chips import Chip, ChipGroup
from ui.widgets.entry import LineEntry

if TYPE_CHECKING:
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

ANSWERS = (
    (NAME, "publish.found_as_name"),
    (WORD, "publish.names_as_word"),
    (naming.OTHER, "publish.found_as_other"),
)
_RULES = ("text", "streams", "layout", "leakcheck", "third", "table")
_DOUBTS = {"text.shared-name": "publish.rule_shared", "text.same-name": "publish.rule_same"}


def finding_sentence(desk: Surroundings, finding: Any) -> str:
    """Return a finding as a sentence: where, what class, which rule."""
    words = desk.words
    area = finding.rule.split(".")[0]
    key = _DOUBTS.get(finding.rule, f"publish.rule_{area}" if area in _RULES else "publish.rule_other")
    rule_text = words.say(key, rule=finding.rule)
    where = words.say("publish.on_page", n=finding.page) if finding.page else words.say("publish.in_file")
    known = finding.sensitivity and finding.sensitivity in {one.value for one in Sensitivity}
    kind = words.text(SENSITIVITY_LABELS[Sensitivity(finding.sensitivity)]) if known else ""
    return " · ".join(part for part in (where, kind, rule_text) if part)


class FoundRow(QWidget):
    """Words that were found: where, and the three answers; a reason is asked only for another person."""

    answered = Signal(str, str, str)
    """The words, the answer, the reason."""

    def __init__(self, desk: Surroundings, found: str, findings: Sequence[Any], turn_to: Callable[[int], None]) -> None:
        super().__init__()
        words = desk.words
        self.found = found
        self._answers: dict[str, Chip] = {}
        times = label(f"×{words.number(len(findings))}", size="small", tone="quiet")
        show = button(words, "publish.show_page", lambda: turn_to(findings[0].page - 1))
        head = row(label(found, bold=True, wrap=True), times, show, spacing=SPACE_3)
        head.setStretch(0, 1)
        lines = column(rule(), head)
        for sentence in dict.fromkeys(finding_sentence(desk, one) for one in findings):
            lines.addWidget(label(sentence, size="small", tone="quiet", wrap=True))
        self.group = ChipGroup()
        self.group.setAccessibleName(found)
        for how, key in ANSWERS:
            chip = Chip(desk.theme, words.say(key))
            chip.setAccessibleName(f"{found}: {chip.text()}")
            chip.clicked.connect(lambda _=False, chosen=how: self.choose(chosen))
            self._answers[how] = chip
            self.group.add(chip)
        lines.addWidget(self.group)
        self.reason = LineEntry()
        words.put(self.reason.setPlaceholderText, "publish.found_reason")
        words.put(self.reason.setAccessibleName, "publish.found_reason")
        self.reason.returnPressed.connect(self._give_reason)
        take = button(words, "publish.names_take", self._give_reason, theme=desk.theme, icon="check")
        take.setEnabled(False)
        self.reason.textChanged.connect(lambda text: take.setEnabled(bool(text.strip())))
        self._asked = QWidget()
        line = row(self.reason, take, spacing=SPACE_3)
        line.setStretch(0, 1)
        line.setContentsMargins(0, 0, 0, 0)
        self._asked.setLayout(line)
        self._asked.hide()
        lines.addWidget(self._asked)
        self.setLayout(lines)
        lines.setContentsMargins(0, 0, 0, 0)

    def choose(self, how: str) -> None:
        """Answer; for another person ask why first."""
        for each, chip in self._answers.items():
            chip.setChecked(each == how)
        self._asked.setVisible(how == naming.OTHER)
        if how == naming.OTHER:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.answered.emit(self.found, how, "")

    def _give_reason(self) -> None:
        if self.reason.text().strip():
            self.answered.emit(self.found, naming.OTHER, self.reason.text().strip())


class FindingsCard(Card):
    """What the leak check found; what can be decided has its answers, everything else page, rule and class."""

    def __init__(
        self,
        desk: Surroundings,
        findings: Sequence[Any],
        turn_to: Callable[[int], None],
        open_case: Callable[[], None],
        *,
        found: Sequence[tuple[str, Sequence[Any]]] = (),
        scope: str = "",
        failed: Callable[[Any], None] | None = None,
    ) -> None:
        super().__init__(look="banner-danger")
        self._desk, self._failed, self._scope = desk, failed, scope
        words = desk.words
        title = label(words.say("publish.findings", n=len(findings)), bold=True, wrap=True)
        head = row(IconLabel(desk.theme, "warning", "danger", 20), title)
        head.setStretch(1, 1)
        self.body.addLayout(head)
        self.rows = [FoundRow(desk, text, each, turn_to) for text, each in found]
        for one in self.rows:
            one.answered.connect(self._answer)
            self.body.addWidget(one)
        decided = [one for _, each in found for one in each]
        for finding in (one for one in findings if one not in decided):
            line = row(label(finding_sentence(desk, finding), wrap=True))
            line.setStretch(0, 1)
            if finding.page:
                show = button(words, "publish.show_page", lambda page=finding.page: turn_to(page - 1))  # type: ignore[misc]
                line.addWidget(show)
            self.body.addLayout(line)
        why = "publish.found_why" if found else "publish.findings_why"
        self.body.addWidget(said(words, why, size="small", tone="quiet", wrap=True))
        self.body.addLayout(row(button(words, "publish.open_case", open_case), None))

    def _answer(self, found: str, how: str, reason: str) -> None:
        desk = self._desk
        for one in self.rows:
            one.setEnabled(False)
        _decide(desk, found, how, reason, self._failed, scope=self._scope)


def _decide(
    desk: Surroundings, found: str, how: str, reason: str, failed: Callable[[Any], None] | None, *, scope: str
) -> None:
    """Take an answer over, another person for this case and all else for all papers, with the way back."""

    def write(session: Session, _progress: Progress) -> None:
        naming.decide(session, [found], how, reason=reason, scope=scope)

    asked = (desk, found, naming.ASK, "", failed)

    def done(_nothing: None) -> None:
        if how == naming.ASK:
            desk.notice("publish.names_asked", n=1)
        else:
            desk.notice("publish.names_taken", undo=partial(_decide, *asked, scope=scope), n=1)

    desk.tasks.write(write, done=done, failed=failed, label="publish.names_take")
