"""The cards of People and keys: own card with its square code, partners, how the desk behaves, keeping the vault."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import segno
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from kzdoc.exchange import trust
from ui.messages import NAMES
from ui.screens.panes import empty
from ui.tokens import SPACE_2
from ui.widgets.basics import Card, IconLabel, button, column, label, row, rule, said
from ui.widgets.entry import Choice
from ui.widgets.flow import FlowLayout
from ui.widgets.form_row import FormRow
from ui.widgets.marks import StateMark

if TYPE_CHECKING:
    from ui.surroundings import Surroundings
    from ui.theme import Theme

IDLE_MINUTES = (1, 2, 5, 10, 15, 30, 60)
_QUIET_ZONE = 4
_CODE_SIDE = 132


class SquareCode(QWidget):
    """A QR code of the digits, painted; black on white in every theme, as readers want it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: tuple[bytes, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show the code of a text."""
        self._rows = tuple(bytes(line) for line in segno.make(text, error="m", micro=False).matrix)
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.px(_CODE_SIDE)
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        count = len(self._rows) + 2 * _QUIET_ZONE
        step = self.width() / count
        for y, line in enumerate(self._rows):
            for x, dark in enumerate(line):
                if dark:
                    at = QRectF((x + _QUIET_ZONE) * step, (y + _QUIET_ZONE) * step, step + 0.3, step + 0.3)
                    painter.fillRect(at, QColor(Qt.GlobalColor.black))
        painter.end()


class OwnCard(Card):
    """Who one is to partners: name, digits, words, code, and the file to hand over."""

    def __init__(self, desk: Surroundings, write: Callable[[], None]) -> None:
        super().__init__()
        words = desk.words
        self.name = label(bold=True, wrap=True)
        self.code = SquareCode(desk.theme)
        words.put(self.code.setAccessibleName, "keys.code")
        self.digits = QGridLayout()
        self.digits.setHorizontalSpacing(12)
        self.digits.setVerticalSpacing(4)
        self.words = label(wrap=True)
        told = column(said(words, "keys.own", size="small", tone="quiet"), self.name, self.digits, None, spacing=8)
        line = row(told, self.code, spacing=12)
        line.setStretch(0, 1)
        self.body.addLayout(line)
        self.body.addWidget(self.words)
        self.body.addWidget(said(words, "keys.own_why", size="small", tone="quiet", wrap=True))
        write_button = button(words, "keys.write_card", write, theme=desk.theme, icon="save")
        self.body.addLayout(row(write_button, None))

    def show_own(self, own: dict[str, str]) -> None:
        """Show one's own fingerprint."""
        self.name.setText(own["name"])
        self.words.setText(own["words"])
        self.code.show_text("".join(own["fingerprint"].split()))
        empty(self.digits)
        for place, group in enumerate(own["fingerprint"].split()):
            self.digits.addWidget(label(group, bold=True), place // 2, place % 2)
        self.digits.setColumnStretch(2, 1)


class ContactsCard(Card):
    """Partners, each with the state of their key and what can be done."""

    def __init__(self, desk: Surroundings, acts: Mapping[str, Callable[[str], None]]) -> None:
        """``acts`` by name: compare, rename, revoke, detained, exposure, again; each is given the partner's name."""
        super().__init__()
        self._desk, self._acts = desk, acts
        self.body.addWidget(said(desk.words, "keys.people", bold=True))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_2)
        self.body.addLayout(self._rows)

    def show_contacts(self, contacts: Sequence[dict[str, str]]) -> None:
        """Show the partners; none teaches how one is added."""
        words = self._desk.words
        empty(self._rows)
        if not contacts:
            self._rows.addWidget(said(words, "keys.nobody", tone="quiet", wrap=True))
        for one in contacts:
            self._rows.addWidget(rule())
            self._rows.addWidget(self._person(one))

    def _person(self, one: dict[str, str]) -> QWidget:
        words, theme = self._desk.words, self._desk.theme
        name, state = one["name"], one["state"]
        head = row(label(name, bold=True, wrap=True))
        head.setStretch(0, 1)
        if state == trust.REVOKED:
            icon = IconLabel(theme, "close", "quiet", 16)
            head.addLayout(row(icon, said(words, "keys.state_revoked", size="small", tone="quiet"), spacing=6))
        else:
            head.addWidget(StateMark(words, theme, state))
        box = column(head, spacing=4)
        if one["claims"] != name:
            claims = words.say("merge.claims", name=one["claims"])
            box.addWidget(label(claims, size="small", tone="quiet", wrap=True))
        box.addWidget(label(one["fingerprint"], size="small", tone="quiet", wrap=True))
        verbs = FlowLayout(None, 8)
        offered = {
            trust.UNVERIFIED: ("compare", "rename", "revoke", "detained"),
            trust.VERIFIED: ("rename", "revoke", "detained"),
            trust.REVOKED: ("rename", "exposure", "again"),
        }
        for act in offered[state]:
            verbs.addWidget(button(words, f"keys.{act}", partial(self._acts[act], name)))
        box.addLayout(verbs)
        made = QWidget()
        made.setLayout(box)
        made.setAccessibleName(name)
        return made


class SettingsCard(Card):
    """Language, colours, when it locks by itself, and lock now."""

    def __init__(self, desk: Surroundings, run: Callable[[str], None]) -> None:
        super().__init__()
        self._desk = desk
        words = desk.words
        self.lang, self.theme, self.idle = Choice(), Choice(), Choice()
        self._rows = {"lang": FormRow(self.lang), "theme": FormRow(self.theme), "idle": FormRow(self.idle)}
        self.body.addWidget(said(words, "keys.desk", bold=True))
        first = row(self._rows["lang"], self._rows["theme"], spacing=12)
        self.body.addLayout(first)
        self.body.addWidget(self._rows["idle"])
        self.body.addLayout(row(button(words, "keys.lock", lambda: run("lock"), theme=desk.theme, icon="lock"), None))
        self.lang.activated.connect(lambda _index: run(f"lang.{self.lang.chosen()}"))
        self.theme.activated.connect(lambda _index: run(self.theme.chosen()))
        self.idle.activated.connect(lambda _index: self._choose_idle())
        words.languageChanged.connect(self.say)
        desk.theme.changed.connect(self.say)
        self.say()

    def say(self) -> None:
        """Show the choices in force."""
        words = self._desk.words
        self.lang.show_choices(list(NAMES.items()), words.lang)
        dark = "dark" if self._desk.theme.tokens.dark else "light"
        self.theme.show_choices([(one, words.say(f"keys.theme_{one}")) for one in ("light", "dark")], dark)
        minutes = [(str(n), words.say("keys.minutes", n=n)) for n in IDLE_MINUTES]
        self.idle.show_choices(minutes, str(self._desk.idle_minutes))
        for key, each in self._rows.items():
            each.set_name(words.say(f"keys.{key}"))
        self._rows["idle"].set_reason(words.say("keys.idle_why"))

    def _choose_idle(self) -> None:
        self._desk.idle_minutes = int(self.idle.chosen())
        self._desk.choose_idle(self._desk.idle_minutes)


class VaultCard(Card):
    """Keeping the vault: a backup and its drill, a head to hold against it later and the check beside one."""

    def __init__(self, desk: Surroundings, acts: Mapping[str, Callable[[], None]]) -> None:
        """``acts`` by name: backup, drill, head, check."""
        super().__init__()
        words = desk.words
        self.body.addWidget(said(words, "keys.vault", bold=True))
        for key, run in acts.items():
            line = row(
                said(words, f"keys.{key}_why", size="small", tone="quiet", wrap=True), button(words, f"keys.{key}", run)
            )
            line.setStretch(0, 1)
            self.body.addLayout(line)
