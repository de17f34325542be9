"""Panels about the office: a next roster, one that came, handing cases over, a succession that came.

Everything that a signature does is said in words beside the button that asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from kzdoc.errors import BundleError
from kzdoc.exchange import trust
from ui.screens.keys_office_cards import RIGHTS, role_in_words
from ui.screens.office_words import effect
from ui.widgets.basics import Card, IconLabel, button, label, row, said
from ui.widgets.entry import Choice
from ui.widgets.flow import FlowLayout
from ui.widgets.form_row import FormRow

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout, QPushButton, QWidget

    from ui.screens.keys_office import OfficeTold
    from ui.surroundings import Surroundings

OUT, OWN, EDITOR, ALL, COORDINATOR = "out", "own", "editor", "all", "coordinator"
ROLES: dict[str, frozenset[str] | None] = {
    OWN: frozenset(),
    EDITOR: frozenset(("replace", "settle")),
    ALL: frozenset(RIGHTS),
    COORDINATOR: None,
}
"""The rights of each role; a coordinator has all of them and signs."""
_KEPT = "kept"


class OfficePanel(Card):
    """A panel over the partners; ``begin`` puts the focus where one begins."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self._first: QWidget | None = None

    def begin(self) -> None:
        """Put the focus where one begins."""
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def say_line(self, key: str, tone: str = "text", /, **params: str | int) -> None:
        """Add a sentence."""
        self.body.addWidget(label(self._desk.words.say(key, **params), tone=tone, wrap=True))

    def say_names(self, key: str, names: Sequence[str], tone: str = "text") -> None:
        """Add a sentence about names, if there are any."""
        if names:
            self.say_line(key, tone, names=", ".join(names))

    def offer(self, *verbs: QPushButton) -> None:
        """Add buttons; the last one is the one that changes nothing."""
        flow = FlowLayout(None, 8)
        for verb in verbs:
            flow.addWidget(verb)
        self.body.addLayout(flow)
        self._first = self._first or verbs[-1]


class RosterPanel(OfficePanel):
    """The next version: a role for each partner who is verified here."""

    def __init__(
        self,
        desk: Surroundings,
        contacts: Sequence[dict[str, str]],
        office: OfficeTold,
        make: Callable[[Mapping[str, frozenset[str] | None]], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(desk)
        words, held = desk.words, office.roster
        now: dict[str, frozenset[str] | None] = {}
        if held["version"] is not None:
            now = {one["name"]: frozenset(one["rights"]) for one in held["members"]}
            now |= dict.fromkeys(held["coordinators"])
        self._now, self.roles = now, dict[str, Choice]()
        self.body.addWidget(
            label(words.say("office.new_title", version=(held["version"] or 0) + 1), bold=True, wrap=True)
        )
        self.body.addWidget(said(words, "office.new_how", size="small", tone="quiet", wrap=True))
        verified = [one["name"] for one in contacts if one["state"] == trust.VERIFIED]
        for name in verified:
            self._role(name)
        if not verified:
            self.body.addWidget(said(words, "office.new_alone", tone="quiet", wrap=True))
        self.say_names(
            "office.new_lost", sorted(now.keys() - {*verified, office.own, *held.get("revoked", ())}), "warn"
        )
        self.say_names("office.new_revoked", [one["name"] for one in contacts if one["state"] == trust.REVOKED])
        self.needed = label(size="small", tone="quiet", wrap=True)
        self.body.addWidget(self.needed)
        self._first = next(iter(self.roles.values()), None)
        self.make = button(words, "office.new_make", lambda: make(self.chosen()), theme=desk.theme, icon="sign")
        self.offer(self.make, button(words, "action.cancel", leave))
        self._judge()

    def chosen(self) -> dict[str, frozenset[str] | None]:
        """Return the rights of everybody who is in; None for a coordinator."""
        told = {name: choice.chosen() for name, choice in self.roles.items()}
        return {name: self._now[name] if role == _KEPT else ROLES[role] for name, role in told.items() if role != OUT}

    def _role(self, name: str) -> None:
        words = self._desk.words
        choice = Choice()
        shown = [(role, words.say(f"office.role_{role}")) for role in (OUT, *ROLES)]
        chosen = OUT
        if name in self._now:
            rights = self._now[name]
            chosen = next((role for role, one in ROLES.items() if one == rights), _KEPT)
            if chosen == _KEPT and rights is not None:
                shown.append((_KEPT, role_in_words(words, sorted(rights))))
        choice.show_choices(shown, chosen)
        choice.activated.connect(lambda _index: self._judge())
        self.roles[name] = choice
        line = FormRow(choice)
        line.set_name(name)
        self.body.addWidget(line)

    def _judge(self) -> None:
        leads = 1 + sum(rights is None for rights in self.chosen().values())
        self.needed.setText(self._desk.words.say("office.new_needed", n=leads, needed=leads // 2 + 1))


class SeenRosterPanel(OfficePanel):
    """A roster that came: who signed it, what it changes, what can be done with it."""

    def __init__(
        self,
        desk: Surroundings,
        told: dict[str, Any],
        acts: Mapping[str, Callable[[], None]],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(desk)
        words = desk.words
        title = words.say("office.seen_title", version=told["version"])
        head = row(IconLabel(desk.theme, "sign", "text", 20), label(title, bold=True, wrap=True))
        head.setStretch(1, 1)
        self.body.addLayout(head)
        signed = ", ".join(told["signed"]) or "…"
        self.say_line("office.seen_signed", names=signed, n=len(told["signed"]), needed=told["needed"])
        self.say_line("office.seen_first" if told["held"] is None else "office.seen_held", version=told["held"] or 0)
        self.say_names("office.seen_coordinators", told["coordinators"])
        first = told["held"] is None
        if first:
            self.say_names("office.seen_members", [one["name"] for one in told["members"]])
        for text in effect(words, told | {"joins": []} if first else told):
            self.body.addWidget(label(text, wrap=True))
        self.say_names("office.revoked", [one for one in told["revoked"] if one not in told["revokes"]], "warn")
        if told["already"]:
            self.say_line("office.seen_already", "ok")
        elif "code" in told and not told["can_sign"]:
            self.body.addWidget(
                label(str(words.error(BundleError(told["code"], **told["params"]))), tone="warn", wrap=True)
            )
        verbs = []
        if told["can_take"] and not told["already"]:
            verbs.append(button(words, "office.take", acts["take"]))
        if told["can_sign"] and not told["already"]:
            verbs.append(button(words, "office.sign", acts["sign"], theme=desk.theme, icon="sign"))
        self.offer(*verbs, button(words, "action.close", leave))


class HandOverPanel(OfficePanel):
    """Whose cases go to whom, and in words what the signature does."""

    def __init__(
        self,
        desk: Surroundings,
        office: OfficeTold,
        verified: Sequence[str],
        *,
        hand: Callable[[str, str], None],
        ways: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(desk)
        words = desk.words
        self.body.addWidget(said(words, "office.hand_title", bold=True, wrap=True))
        self.author, self.successor = Choice(), Choice()
        lead = office.own in office.roster.get("coordinators", ())
        authors = [office.own, *[one["name"] for one in office.roster.get("members", ())] * lead]
        authors += [one for one in office.roster.get("coordinators", ()) if one != office.own] * lead
        self.author.show_choices([(name, name) for name in dict.fromkeys(authors)], office.own)
        self.successor.show_choices([(name, name) for name in (*verified, *[office.own] * lead)])
        for field, key in ((self.author, "office.hand_whose"), (self.successor, "office.hand_to")):
            line = FormRow(field)
            line.set_name(words.say(key))
            self.body.addWidget(line)
            field.activated.connect(lambda _index: self._say())
        self.lines = [label(wrap=True) for _ in range(4)]
        for place, each in enumerate(self.lines):
            self.body.addLayout(_numbered(place, each))
        self.hand = button(
            words,
            "office.hand_do",
            lambda: hand(self.author.chosen(), self.successor.chosen()),
            theme=desk.theme,
            icon="sign",
        )
        self.reason = label(size="small", tone="quiet", wrap=True)
        self.body.addWidget(self.reason)
        self._first = self.successor
        self.offer(self.hand, button(words, "office.let_open", ways), button(words, "action.cancel", leave))
        self._verified, self._own = list(verified), office.own
        self._say()

    def _say(self) -> None:
        words = self._desk.words
        author, successor = self.author.chosen(), self.successor.chosen()
        for number, each in enumerate(self.lines, 1):
            each.setText(words.say(f"office.hand_{number}", author=author, successor=successor or "…"))
        why = "send.why_nobody" if not successor else "office.hand_self" if author == successor else ""
        self.hand.setEnabled(not why)
        others = author != self._own
        self.reason.setText(words.say(why or ("office.hand_others" if others else "office.hand_own")))


class SeenSuccessionPanel(OfficePanel):
    """A succession that came: from whom to whom, who signed it, what it means, and taking it in."""

    def __init__(
        self,
        desk: Surroundings,
        told: dict[str, Any],
        acts: Mapping[str, Callable[[], None]],
        leave: Callable[[], None],
    ) -> None:
        super().__init__(desk)
        words = desk.words
        names = {"author": told["author"], "successor": told["successor"]}
        self.body.addWidget(label(words.say("office.succeeds", **names), bold=True, wrap=True))
        signed = ", ".join(told["signed"]) or "…"
        self.say_line("office.hand_signed", names=signed, day=words.day(told["day"]))
        for place in range(4):
            text = words.say(f"office.hand_{place + 1}", **names)
            self.body.addLayout(_numbered(place, label(text, wrap=True)))
        verbs = []
        if told["already"]:
            self.say_line("office.hand_already", "ok")
        else:
            if told["can_take"]:
                verbs.append(button(words, "office.take_over", acts["take"]))
            if told["can_sign"]:
                verbs.append(button(words, "office.sign", acts["sign"], theme=desk.theme, icon="sign"))
            if not verbs:
                sentence = words.error(BundleError("succession.too-few"))
                self.body.addWidget(label(str(sentence), tone="warn", wrap=True))
        self.offer(*verbs, button(words, "action.close", leave))


def _numbered(place: int, text: QWidget) -> QLayout:
    number = label(str(place + 1), bold=True, tone="accent")
    made = row(number, text, spacing=12)
    made.setStretch(1, 1)
    made.setAlignment(number, Qt.AlignmentFlag.AlignTop)
    return made
