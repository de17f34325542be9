"""Comparing a partner's fingerprint, and naming whoever's card is new.

Six of the eight groups of digits stand there; two, chosen by chance, are to be typed as the partner reads them out.
The action gets the whole fingerprint and judges it; nothing here knows the two groups.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout

from ui.widgets.basics import Card, button, label, row, said, set_look
from ui.widgets.entry import LineEntry
from ui.widgets.flow import FlowLayout
from ui.widgets.form_row import FormRow

if TYPE_CHECKING:
    from ui.surroundings import Surroundings

GROUP = 5
BY = ("person", "voice")
_ENTRY_WIDTH = 84


class ComparePanel(Card):
    """Eight places in two rows; two of them are fields."""

    def __init__(
        self,
        desk: Surroundings,
        name: str,
        groups: Sequence[str],
        verify: Callable[[str, str], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__()
        self._desk, self._groups, self._verify = desk, list(groups), verify
        words = desk.words
        self.body.addWidget(label(words.say("keys.compare_title", name=name), bold=True, wrap=True))
        self.body.addWidget(said(words, "keys.compare_how", wrap=True))
        self.entries: dict[int, LineEntry] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for place, group in enumerate(groups):
            at = place // 4, place % 4
            if group:
                grid.addWidget(label(group, bold=True), *at, Qt.AlignmentFlag.AlignCenter)
                continue
            self.entries[place] = self._entry(place)
            grid.addWidget(self.entries[place], *at)
        for place in range(4):
            grid.setColumnMinimumWidth(place, desk.theme.px(_ENTRY_WIDTH))
        grid.setColumnStretch(4, 1)
        self.body.addLayout(grid)
        self.reason = label(size="small", tone="quiet", wrap=True)
        self.body.addWidget(self.reason)
        self.verbs = {by: button(words, f"keys.by_{by}", lambda by=by: self._done(by)) for by in BY}  # type: ignore[misc]
        flow = FlowLayout(None, 8)
        for verb in (*self.verbs.values(), button(words, "action.cancel", leave)):
            flow.addWidget(verb)
        self.body.addLayout(flow)
        self._judge()

    def begin(self) -> None:
        """Put the cursor into the first gap."""
        next(iter(self.entries.values())).setFocus(Qt.FocusReason.OtherFocusReason)

    def wrong(self) -> None:
        """Show that what was typed is not this card's."""
        for entry in self.entries.values():
            set_look(entry, wrong=True)

    def digits(self) -> str:
        """Return the whole fingerprint as it stands and was typed."""
        typed = {place: entry.text() for place, entry in self.entries.items()}
        return " ".join(typed.get(place, group) for place, group in enumerate(self._groups))

    def _entry(self, place: int) -> LineEntry:
        entry = LineEntry("number")
        entry.setValidator(QRegularExpressionValidator(rf"[0-9]{{0,{GROUP}}}", entry))
        entry.setFixedWidth(self._desk.theme.px(_ENTRY_WIDTH))
        self._desk.words.put(entry.setAccessibleName, "keys.group", n=place + 1)
        entry.textChanged.connect(self._judge)
        entry.textEdited.connect(lambda text: self.focusNextChild() if len(text) == GROUP else None)
        return entry

    def _judge(self) -> None:
        whole = all(len(entry.text()) == GROUP for entry in self.entries.values())
        for verb in self.verbs.values():
            verb.setEnabled(whole)
        for entry in self.entries.values():
            set_look(entry, wrong=False)
        self.reason.setText(self._desk.words.say("keys.compare_by" if whole else "keys.compare_type"))

    def _done(self, by: str) -> None:
        self._verify(self.digits(), by)


class NewCardPanel(Card):
    """One line about a partner: what one calls him, where his own claim is only the beginning, or a reason."""

    def __init__(
        self,
        desk: Surroundings,
        claims: str,
        take: Callable[[str], None],
        leave: Callable[[], None],
        *,
        about: str = "keys.new",
        field: str = "keys.new_name",
    ) -> None:
        """``about`` begins the catalogue keys of title, reason and verb; ``field`` names what is written."""
        super().__init__()
        words = desk.words
        self.entry = LineEntry()
        self.entry.setText(claims)
        self.body.addWidget(said(words, f"{about}_title", bold=True, wrap=True))
        form = FormRow(self.entry)
        form.set_name(words.say(field))
        form.set_reason(words.say(f"{about}_why"))
        self.body.addWidget(form)
        self.take = button(words, f"{about}_take", lambda: take(self.entry.text().strip()))
        self.take.setEnabled(bool(claims.strip()))
        self.entry.textChanged.connect(lambda text: self.take.setEnabled(bool(text.strip())))
        self.entry.returnPressed.connect(self.take.click)
        self.body.addLayout(row(self.take, button(words, "action.cancel", leave), None))

    def begin(self) -> None:
        """Put the cursor into the name."""
        self.entry.setFocus(Qt.FocusReason.OtherFocusReason)
        self.entry.selectAll()
