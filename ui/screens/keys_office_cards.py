"""The card of the office: the roster in force with who signed it, and who hands over to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.screens.panes import empty
from ui.tokens import SPACE_2
from ui.widgets.basics import Card, IconLabel, button, column, label, row, rule, said
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

    from ui.messages import Words
    from ui.surroundings import Surroundings

RIGHTS = ("replace", "settle", "erase", "revoke")
"""In the order in which they are said."""


def role_in_words(words: Words, rights: Sequence[str]) -> str:
    """Return what a member may do for others, in words."""
    if not rights:
        return words.say("office.role_own")
    if set(rights) == set(RIGHTS):
        return words.say("office.role_all")
    return ", ".join(words.say(f"office.right_{one}") for one in RIGHTS if one in rights)


class OfficeCard(Card):
    """Read again whenever it is shown; what can be done stands under each part."""

    def __init__(self, desk: Surroundings, acts: Mapping[str, Callable[[], None]]) -> None:
        """``acts`` by name: new, open, offered, hand."""
        super().__init__()
        self._desk, self._acts = desk, acts
        words = desk.words
        self.body.addWidget(said(words, "office.title", bold=True))
        self._roster, self._successions = QVBoxLayout(), QVBoxLayout()
        for box in (self._roster, self._successions):
            box.setSpacing(SPACE_2)
        self.body.addLayout(self._roster)
        self.body.addWidget(rule())
        self.body.addWidget(said(words, "office.hand_title", bold=True))
        self.body.addLayout(self._successions)

    def show_office(self, roster: dict[str, Any], successions: Sequence[dict[str, Any]]) -> None:
        """Show the roster in force and the successions."""
        words = self._desk.words
        empty(self._roster)
        if roster["version"] is None:
            self._roster.addWidget(said(words, "office.none", tone="quiet", wrap=True))
        else:
            self._show_people(roster)
        if roster["offered"] is not None:
            self._roster.addWidget(self._banner(roster["offered"]))
        self._roster.addLayout(self._verbs("open", "new"))
        empty(self._successions)
        for one in successions:
            told = words.say("office.succeeds", author=one["author"], successor=one["successor"])
            self._successions.addWidget(label(told, wrap=True))
        if not successions:
            self._successions.addWidget(said(words, "office.hand_none", size="small", tone="quiet", wrap=True))
        self._successions.addLayout(self._verbs("hand"))

    def _banner(self, version: int) -> QWidget:
        card = Card(look="banner-info")
        card.body.addWidget(label(self._desk.words.say("office.offered", version=version), wrap=True))
        look = button(self._desk.words, "office.look", self._acts["offered"])
        card.body.addLayout(row(look, None))
        return card

    def _show_people(self, roster: dict[str, Any]) -> None:
        words = self._desk.words
        told = words.say(
            "office.version",
            version=roster["version"],
            day=words.day(roster["day"]),
            n=len(roster["signed"]),
            of=len(roster["coordinators"]),
        )
        self._roster.addWidget(label(told, size="small", tone="quiet", wrap=True))
        for name in roster["coordinators"]:
            signed = name in roster["signed"]
            self._roster.addLayout(self._person(name, words.say("office.role_coordinator"), signed=signed))
        for one in roster["members"]:
            self._roster.addLayout(self._person(one["name"], role_in_words(words, one["rights"])))
        if roster["revoked"]:
            names = words.say("office.revoked", names=", ".join(roster["revoked"]))
            self._roster.addWidget(label(names, size="small", tone="warn", wrap=True))
        if not roster["own"]:
            self._roster.addWidget(said(words, "office.not_own", size="small", tone="warn", wrap=True))

    def _person(self, name: str, role: str, *, signed: bool = False) -> QLayout:
        words = self._desk.words
        told = column(label(name, bold=True, wrap=True), label(role, size="small", tone="quiet", wrap=True), spacing=0)
        made = row(told)
        made.setStretch(0, 1)
        if signed:
            made.addWidget(IconLabel(self._desk.theme, "sign", "ok", 16))
            made.addWidget(said(words, "office.signed", size="small", tone="ok"))
        return made

    def _verbs(self, *names: str) -> QLayout:
        verbs = FlowLayout(None, 8)
        for name in names:
            verbs.addWidget(button(self._desk.words, f"office.{name}", self._acts[name]))
        return verbs
