"""Ways to open the vault: the card that lists them, and the panels that add recovery, rehearse it, change a passphrase.

Every act that needs the key asks for the passphrase again. Taking a way away gives the vault a new key, says so before,
and locks the desk after, for what was open is closed by it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from kzdoc import keeping, travelling
from kzdoc.exchange import trust
from kzdoc.session import look_at_shares, share_words
from ui.screens.asking import ask, ask_for_files
from ui.screens.panes import empty
from ui.tokens import SPACE_2
from ui.unlock_recover import ShareEntry
from ui.widgets.basics import Card, button, column, label, row, rule, said
from ui.widgets.entry import Choice
from ui.widgets.flow import FlowLayout
from ui.widgets.form_row import FormRow
from ui.widgets.secret_field import SecretField

if TYPE_CHECKING:
    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

COUNTS = ((2, 3), (2, 5), (3, 5), (2, 2), (3, 4), (4, 7))
"""Shares needed of shares made, the usual ones first."""


class WaysCard(Card):
    """The slots in use, and what can be done about them."""

    def __init__(self, desk: Surroundings, acts: dict[str, Callable[[], None]], remove: Callable[[int], None]) -> None:
        super().__init__()
        self._desk, self._remove = desk, remove
        self.body.addWidget(said(desk.words, "ways.title", bold=True))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_2)
        self.body.addLayout(self._rows)
        self.body.addWidget(rule())
        verbs = FlowLayout(None, 8)
        for name, act in acts.items():
            verbs.addWidget(button(desk.words, f"ways.{name}", act))
        self.body.addLayout(verbs)

    def show_ways(self, ways: Sequence[dict[str, Any]]) -> None:
        """Show the slots in use."""
        empty(self._rows)
        for way in ways:
            self._rows.addWidget(self._row(way, last=len(ways) == 1))

    def _row(self, way: dict[str, Any], *, last: bool) -> QWidget:
        words = self._desk.words
        named = words.say(f"ways.{way['kind']}", needed=way.get("needed", 0), total=way.get("total", 0))
        lines = [label(f"{named} · {way['label']}" if way["label"] else named, wrap=True)]
        if "rehearsed" in way:
            key = "ways.rehearsed" if way["rehearsed"] else "ways.not_rehearsed"
            said_ = words.say(key, day=words.day(way["rehearsed"]) if way["rehearsed"] else "", set=way["set"])
            lines.append(label(said_, size="small", tone="quiet" if way["rehearsed"] else "warn", wrap=True))
        line = row(column(*lines, spacing=0))
        if not last:
            line.addWidget(button(words, "ways.remove", lambda: self._remove(way["slot"]), look="link"))
        line.setStretch(0, 1)
        made = QWidget()
        made.setLayout(line)
        return made


class WayPanel(Card):
    """A few fields over the partners: secrets, counts or the words of shares; one verb, and a way out."""

    def __init__(
        self,
        desk: Surroundings,
        title: str,
        secrets: Sequence[str],
        submit: Callable[[WayPanel], None],
        leave: Callable[[], None],
        *,
        counts: bool = False,
        shares: bool = False,
        partners: Sequence[str] = (),
    ) -> None:
        super().__init__()
        words = desk.words
        self.shares: list[str] = []
        self.body.addWidget(said(words, title, bold=True))
        self.body.addWidget(said(words, f"{title}_how", wrap=True))
        self.counts = Choice()
        self.counts.show_choices([(f"{k}-{n}", words.say("ways.counts", needed=k, total=n)) for k, n in COUNTS], "3-5")
        self.entry = ShareEntry(share_words() if shares else ())
        self.entry.setFixedHeight(desk.theme.px(84))
        words.put(self.entry.setAccessibleName, "recover.words")
        if counts:
            counting = FormRow(self.counts)
            counting.set_name(words.say("ways.how_many"))
            self.body.addWidget(counting)
        self.partner = Choice()
        self.partner.show_choices([(name, name) for name in partners], next(iter(partners), ""))
        if partners:
            whose = FormRow(self.partner)
            whose.set_name(words.say("ways.partner"))
            self.body.addWidget(whose)
        if shares:
            self.body.addLayout(column(said(words, "recover.words"), self.entry, spacing=4))
        self.secrets = {
            name: SecretField(words, desk.theme, name=name, with_layout=not at) for at, name in enumerate(secrets)
        }
        for name, field in self.secrets.items():
            told = said(words, name)
            told.setBuddy(field.field)
            self.body.addLayout(column(told, field, spacing=4))
            field.submitted.connect(lambda: submit(self))
        self.state = label(size="small", tone="quiet", wrap=True)
        self.state.hide()
        self.body.addWidget(self.state)
        self.verb = button(words, f"{title}_do", lambda: submit(self), look="main")
        self.body.addLayout(row(None, button(words, "ways.leave", leave), self.verb))

    def begin(self) -> None:
        """Put the focus where one types first."""
        first = next(iter(self.secrets.values()), None)
        (first.field if first is not None else self.entry).setFocus()

    def text(self, name: str) -> str:
        """Return what stands in a secret field."""
        return self.secrets[name].text()

    def say(self, sentence: str) -> None:
        """Say how far it is."""
        self.state.setText(sentence)
        self.state.setVisible(bool(sentence))


class TravelPanel(WayPanel):
    """What would leave and what stays, and whether a passphrase goes as well."""

    def __init__(
        self,
        desk: Surroundings,
        told: dict[str, Any],
        submit: Callable[[WayPanel], None],
        leave: Callable[[], None],
        *,
        way_back: bool,
    ) -> None:
        """``way_back``: something kept elsewhere opens the vault."""
        super().__init__(desk, "ways.travel", [], submit, leave)
        words = desk.words
        kept = sum(one["statements"] for one in told["kept"])
        self.say(words.say("ways.travel_told", n=told["withheld"], kept=kept))
        self.no_key = QCheckBox(words.say("ways.travel_no_key"))
        self.no_key.setEnabled(way_back)
        self.no_key.setChecked(way_back)
        why = "ways.travel_back" if way_back else "ways.travel_no_way"
        self.body.insertLayout(
            self.body.count() - 1,
            column(self.no_key, said(words, why, size="small", tone="quiet", wrap=True), spacing=2),
        )
        self.verb.setEnabled(bool(told["withheld"]))

    def begin(self) -> None:
        """Put the focus on the choice, or on the verb when there is none."""
        (self.no_key if self.no_key.isEnabled() else self.verb).setFocus()


class WaysPart:
    """What a person does about the ways; the room lends its panel place, its notices and its errors."""

    def __init__(
        self,
        desk: Surroundings,
        room: QWidget,
        *,
        open_panel: Callable[[WayPanel], None],
        close: Callable[[], None],
        told: Callable[..., None],
        failed: Callable[[KzdocError], None],
        none: Callable[[], None],
    ) -> None:
        """``none`` is called when a partner is needed and none is verified."""
        self.desk, self.room, self._none = desk, room, none
        self._open, self._close, self._told, self._failed = open_panel, close, told, failed
        self._partners: list[str] = []
        acts = {
            "split": self.split,
            "rehearse": self.rehearse,
            "change": self.change,
            "office": self.office,
            "travel": self.travel,
        }
        self.card = WaysCard(desk, acts, self.ask_remove)

    def split(self) -> None:
        """Make recovery shares and write their papers."""
        self._open(WayPanel(self.desk, "ways.split", ["unlock.passphrase"], self._split, self._close, counts=True))

    def rehearse(self) -> None:
        """See that shares open the vault, one share after another."""
        self._open(WayPanel(self.desk, "ways.rehearse", [], self._take, self._close, shares=True))

    def change(self) -> None:
        """Put a new passphrase in the place of the old one."""
        fields = ["ways.old", "recover.passphrase", "create.again"]
        self._open(WayPanel(self.desk, "ways.change", fields, self._change, self._close))

    def show_partners(self, contacts: Sequence[dict[str, str]]) -> None:
        """Note which partners are verified: of those one may be let open the vault."""
        self._partners = [one["name"] for one in contacts if one["state"] == trust.VERIFIED]

    def office(self) -> None:
        """Let the key of headquarters open the vault; without a verified partner, say what comes first."""
        if not self._partners:
            self._none()
            return
        fields = ["unlock.passphrase"]
        self._open(WayPanel(self.desk, "ways.office", fields, self._office, self._close, partners=self._partners))

    def travel(self) -> None:
        """Say what headquarters holds and would leave, before anything does."""

        def show(found: tuple[dict[str, Any], bool]) -> None:
            told, way_back = found
            self._open(TravelPanel(self.desk, told, self._travel, self._close, way_back=way_back))

        self.desk.tasks.read(
            lambda session, progress: (
                travelling.foresee(session, progress=progress),
                bool(keeping.ways_back(session)),
            ),
            done=show,
            failed=self._failed,
            owner=self.room,
            label="ways.packing",
        )

    def ask_remove(self, number: int) -> None:
        """Ask before a way is taken away and the vault gets a new key."""
        ask(
            self.desk,
            self.room,
            self.desk.words.say("ways.remove_title"),
            ("ways.remove_what", "ways.remove_kept", "ways.remove_lock"),
            verb="ways.remove_do",
            leave="ways.remove_not",
            then=lambda: self._remove(number),
        )

    def _split(self, panel: WayPanel) -> None:
        passphrase, lang = panel.text("unlock.passphrase"), self.desk.words.lang
        needed, total = [int(number) for number in panel.counts.chosen().split("-")]

        def make(folder: Path) -> None:
            def act(session: Session, _progress: Progress) -> dict[str, Any]:
                return keeping.make_recovery(
                    session, folder, passphrase=passphrase, needed=needed, total=total, lang=lang
                )

            self._write(act, lambda _: self._told("ways.split_done", n=total))

        if passphrase:
            ask_for_files(self.desk, self.room, lambda paths: make(paths[0]), wanted="folder")

    def _take(self, panel: WayPanel) -> None:
        shares = [*panel.shares, panel.entry.toPlainText()]

        def taken(missing: int) -> None:
            panel.shares = shares
            panel.entry.clear()
            panel.entry.setFocus()
            panel.say(self.desk.words.say("recover.missing", given=len(shares), n=missing))
            if not missing:
                self._write(
                    lambda session, _: keeping.rehearse(session, shares), lambda _: self._told("ways.rehearse_done")
                )

        if shares[-1].strip():
            self.desk.tasks.read(
                lambda _s, _p: look_at_shares(shares), done=taken, failed=self._failed, owner=self.room
            )

    def _change(self, panel: WayPanel) -> None:
        old, new = panel.text("ways.old"), panel.text("recover.passphrase")
        if new != panel.text("create.again"):
            panel.say(self.desk.words.say("recover.differ"))
        elif old and new:
            self._write(
                lambda session, _: keeping.set_passphrase(session, old, new, keep=False),
                lambda _: self._told("ways.change_done"),
            )

    def _office(self, panel: WayPanel) -> None:
        name, passphrase = panel.partner.chosen(), panel.text("unlock.passphrase")
        if passphrase:
            self._write(
                lambda session, _: keeping.add_headquarters(session, name, passphrase=passphrase),
                lambda _: self._told("ways.office_done", name=name),
            )

    def _travel(self, panel: WayPanel) -> None:
        without = isinstance(panel, TravelPanel) and panel.no_key.isChecked()

        def act(session: Session, progress: Progress) -> int:
            done = travelling.travel(session, progress=progress)
            if without:
                keeping.leave_without_passphrase(session, progress=progress)
            return int(done["withheld"])

        if not without:
            self._write(act, lambda n: self._told("ways.travel_done", n=n))
            return
        self.desk.tasks.read(  # the session is closed by it: nothing is read anew, the desk locks
            act,
            done=lambda _: self.desk.keys.command("lock").run(),
            failed=self._failed,
            owner=self.room,
            label="ways.removing",
        )

    def _remove(self, number: int) -> None:
        self.desk.tasks.read(
            lambda session, progress: keeping.remove_slot(session, number, progress=progress),
            done=lambda _: self.desk.keys.command("lock").run(),
            failed=self._failed,
            owner=self.room,
            label="ways.removing",
        )

    def _write(self, act: Callable[[Session, Progress], Any], done: Callable[[Any], None]) -> None:
        self.desk.tasks.write(act, done=done, failed=self._failed, owner=self.room)
