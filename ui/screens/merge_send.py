"""Send: a bundle for verified partners. To whom, as what reader, in parts of what size; what is withheld is counted.

Only verified partners can be chosen; one who is not says so beside the name. Receipts come back here.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QWidget

from kzdoc.domain.audience import AUDIENCE_LABELS, Audience
from kzdoc.exchange import outgoing, receipting, trust
from ui.keys import Command
from ui.screens.asking import ask_for_files
from ui.screens.panes import CountRow, PanedRoom, day_and_hour, empty, headed
from ui.widgets.banner import Notice
from ui.widgets.basics import Card, ElidedLabel, button, column, label, row, rule, said
from ui.widgets.entry import Choice, LineEntry
from ui.widgets.form_row import FormRow
from ui.widgets.marks import StateMark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

VOLUMES = (("", 0), ("messenger", 20 * 10**6), ("disc", 650 * 10**6), ("stick", 1_900 * 10**6))
"""Sizes of a part by what carries it: one file, a messenger, a disc, a stick formatted the old way."""

ENDING = ".kzbundle"
_SHOWN = 12


class SendRoom(PanedRoom):
    """Contacts and reader at the left; what goes and what went at the right."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk, "rail.send", left=440)
        words, theme = desk.words, desk.theme
        self.chosen: dict[str, QCheckBox] = {}
        self._contacts: list[dict[str, str]] = []
        self._counts: dict[str, int] = {}
        self._outside: Sequence[str] = ()
        self._made: list[dict[str, Any]] = []
        self._files: list[str] = []
        self.audience, self.volume, self.purpose = Choice(), Choice(), LineEntry()
        self._rows = [FormRow(self.audience), FormRow(self.purpose), FormRow(self.volume)]
        self._to = headed(said(words, "send.to", bold=True))
        self._names = column(spacing=4)
        self._to.body.addLayout(self._names)
        form = Card()
        for each in self._rows:
            form.body.addWidget(each)
        self.fill([self._to, form], [])
        self.make_button = button(words, "send.make", self.make, look="main", theme=theme, icon="send")
        self.receipt_button = button(words, "send.take_receipt", self.take_receipt)
        self.bar.add_verbs(self.receipt_button, self.make_button)
        self.audience.activated.connect(lambda _index: self._foresee())
        words.languageChanged.connect(self._say)
        self._say()

    # what a person does

    def make(self) -> None:
        """Choose where, and make the bundle."""
        ask_for_files(self.desk, self, lambda paths: self._write(paths[0]), wanted="save", name=f"kzdoc{ENDING}")

    def take_receipt(self) -> None:
        """Choose a partner's receipt and note it."""

        def act(path: Path) -> None:
            self.desk.tasks.write(
                lambda session, _progress: receipting.take_receipt_file(session, path),
                done=lambda told: self._notice("send.receipted", name=told["from"]),
                failed=self._failed,
                owner=self,
            )

        ask_for_files(self.desk, self, lambda paths: act(paths[0]))

    def to(self) -> list[str]:
        """Return the partners that are chosen."""
        return [name for name, box in self.chosen.items() if box.isChecked()]

    def why_not(self) -> str:
        """Return the catalogue key of why no bundle can be made, "" when it can."""
        if not any(one["state"] == trust.VERIFIED for one in self._contacts):
            return "send.why_nobody"
        if not self.to():
            return "send.why_none"
        return "" if self._counts.get("records") else "send.why_nothing"

    # hooks of a room

    def commands(self) -> Sequence[Command]:
        """Return make, and take a receipt."""
        return (
            Command("send.make", "send.make", self.make, ("Ctrl+Enter",), "send", icon="send", why_off=self.why_not),
            Command("send.receipt", "send.take_receipt", self.take_receipt, ("Ctrl+O",), "send"),
        )

    def arrive(self, what: object) -> None:
        """Read contacts and what went."""
        del what
        self._reload()

    def refresh(self, changes: object) -> None:
        """Read again after a write."""
        del changes
        if self.isVisible():  # else arriving reads it
            self._reload()

    # reading and writing

    def _reload(self) -> None:
        lang = self.desk.words.lang

        def done(found: tuple[list[dict[str, str]], list[dict[str, Any]]]) -> None:
            self.show_partners(*found)
            self._foresee()

        self.desk.tasks.read(
            lambda session, _progress: (trust.contacts(session, lang), outgoing.bundles_made(session)),
            done=done,
            owner=self,
            latest="send.reload",
        )

    def _foresee(self) -> None:
        to, audience = self.to(), Audience(self.audience.chosen() or "internal")
        if not to:
            self.show_counts({})
            return

        def seen(session: Session, progress: Progress) -> tuple[dict[str, int], list[str]]:
            counts = outgoing.foresee_bundle(session, to, audience=audience, progress=progress)
            return counts, outgoing.outside_roster(session, to, audience)

        self.desk.tasks.read(
            seen,
            done=lambda found: self.show_counts(*found),
            failed=self._failed,
            owner=self,
            latest="send.foresee",
        )

    def _write(self, out: Path) -> None:
        to, audience = self.to(), Audience(self.audience.chosen())
        size, purpose = dict(VOLUMES)[self.volume.chosen()], self.purpose.text().strip()

        def act(session: Session, progress: Progress) -> dict[str, Any]:
            return outgoing.make_bundle(
                session, to, out, audience=audience, volume_size=size or None, purpose=purpose, progress=progress
            )

        def done(made: dict[str, Any]) -> None:
            self._files = made["files"]
            self.banners.take("send")

        self.make_button.setEnabled(False)
        self.desk.tasks.write(act, done=done, failed=self._failed, owner=self, label="send.making")

    def _failed(self, error: KzdocError) -> None:
        self.banners.put(Notice("send", "warn", "error.said", {"sentence": self.desk.words.error(error)}))
        self._judge()

    def _notice(self, key: str, **params: str | int) -> None:
        self.banners.take("send")
        self.desk.notice(key, undo=None, **params)

    # what is shown

    def show_partners(self, contacts: list[dict[str, str]], made: list[dict[str, Any]]) -> None:
        """Show who can be sent to, and what went."""
        before = set(self.to())
        focus = next((name for name, box in self.chosen.items() if box.hasFocus()), "")
        self._contacts, self._made = contacts, made
        empty(self._names)
        self.chosen = {}
        for one in contacts:
            box = QCheckBox(one["name"].replace("&", "&&"))
            good = one["state"] == trust.VERIFIED
            box.setEnabled(good)
            box.setChecked(good and (one["name"] in before or len(contacts) == 1))
            box.toggled.connect(lambda _on: self._foresee())
            state = trust.VERIFIED if good else trust.UNVERIFIED
            self._names.addLayout(row(box, None, StateMark(self.desk.words, self.desk.theme, state)))
            if good:
                self.chosen[one["name"]] = box
        if focus in self.chosen:
            self.chosen[focus].setFocus()
        if any(one["state"] != trust.VERIFIED for one in contacts) or not contacts:
            self._names.addWidget(said(self.desk.words, "send.verify_first", size="small", tone="quiet", wrap=True))
            verify = button(self.desk.words, "send.to_keys", lambda: self.desk.go("keys"))
            self._names.addLayout(row(verify, None))
        self._show()

    def show_counts(self, counts: dict[str, int], outside: Sequence[str] = ()) -> None:
        """Show what the bundle would carry, and who gets it that is not of the office."""
        self._counts, self._outside = counts, outside
        self._show()

    def _say(self) -> None:
        words = self.desk.words
        names = ("send.audience", "send.purpose", "send.volume")
        for each, key in zip(self._rows, names, strict=True):
            each.set_name(words.say(key))
            each.set_reason(words.say(f"{key}_why"))
        chosen = self.audience.chosen() or Audience.INTERNAL.value
        self.audience.show_choices([(one.value, words.text(text)) for one, text in AUDIENCE_LABELS.items()], chosen)
        sizes = [(name, words.say(f"send.volume_{name or 'whole'}")) for name, _ in VOLUMES]
        self.volume.show_choices(sizes, self.volume.chosen())
        self.page.show_line(words.say("send.line"))
        self._show()

    def _show(self) -> None:
        empty(self.right)
        for card in (self._goes(), *([self._lies()] if self._files else []), self._went()):
            self.right.addWidget(card)
        self.right.addStretch(1)
        self._judge()

    def _judge(self) -> None:
        why = self.why_not()
        self.make_button.setEnabled(not why)
        self.bar.say(self.desk.words.say(why or "send.ready"), "info" if why else "", "quiet")

    def _goes(self) -> Card:
        words, theme = self.desk.words, self.desk.theme
        card = headed(said(words, "send.goes", bold=True))
        if not self._counts:
            card.body.addWidget(said(words, "send.choose_first", tone="quiet", wrap=True))
            return card
        for name, icon, tone in (
            ("records", "record", "quiet"),
            ("files_inside", "files", "quiet"),
            ("withheld", "withheld", "held"),
        ):
            count = words.number(self._counts[name])
            card.body.addWidget(CountRow(theme, icon, words.say(f"send.{name}"), count, tone=tone))
        if self._counts["withheld"]:
            card.body.addWidget(said(words, "send.withheld_why", size="small", tone="quiet", wrap=True))
        if self._outside:
            warning = words.say("send.outside", names=", ".join(self._outside))
            card.body.addWidget(label(warning, size="small", tone="warn", wrap=True))
        return card

    def _lies(self) -> Card:
        words = self.desk.words
        card = headed(said(words, "send.lies", bold=True))
        for file in self._files[:_SHOWN]:
            card.body.addWidget(ElidedLabel(file))
        card.body.addWidget(said(words, "send.lies_why", size="small", tone="quiet", wrap=True))
        return card

    def _went(self) -> QWidget:
        words = self.desk.words
        card = headed(said(words, "send.went", bold=True))
        if not self._made:
            card.body.addWidget(said(words, "send.went_nothing", tone="quiet", wrap=True))
        for number, one in enumerate(self._made[:_SHOWN]):
            if number:
                card.body.addWidget(rule())
            for reader in one["to"]:
                state = "receipted" if reader["receipted"] else "sent"
                card.body.addLayout(
                    row(label(reader["name"], bold=True), None, StateMark(words, self.desk.theme, state))
                )
            audience = words.text(AUDIENCE_LABELS[Audience(one["audience"])])
            when = f"{day_and_hour(words, one['made'])} · {audience}"
            card.body.addWidget(label(when, size="small", tone="quiet", wrap=True))
        return card
