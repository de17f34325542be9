"""The outbox on Today: sealed files that headquarters has not confirmed, and forms cut short that only it opens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from kzdoc import direct, sealing
from ui.screens.asking import ask_for_files
from ui.screens.panes import day_and_hour
from ui.tokens import SPACE_1
from ui.widgets.banner import Notice
from ui.widgets.basics import Card, IconLabel, button, column, label, row, rule, said

if TYPE_CHECKING:
    from kzdoc.errors import KzdocError
    from kzdoc.session import Session
    from ui.screens.panes import PanedRoom

MOST = 12
RECEIPTED = "receipted"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One sealed file that waits; ``number`` 0 is a form that was cut short. ``made`` is in claimed seconds."""

    id: bytes
    number: int
    label: str
    state: str
    made: int
    to: str


def read_outbox(session: Session) -> tuple[Outgoing, ...]:
    """Return what waits for headquarters, forms cut short first."""
    forms = [
        Outgoing(bytes.fromhex(one["draft"]), 0, "", "draft", one["saved"], "") for one in direct.cut_short(session)
    ]
    sealed = [_outgoing(one) for one in sealing.outbox(session) if one["state"] != RECEIPTED]
    return (*forms, *sealed)


def _outgoing(one: dict[str, Any]) -> Outgoing:
    to = ", ".join(reader["name"] for reader in one["to"])
    return Outgoing(bytes.fromhex(one["sealing"]), one["number"], one["label"], one["state"], one["made"], to)


class OutboxActs(QObject):
    """Writes what waits to a place a person chooses."""

    def __init__(self, room: PanedRoom) -> None:
        super().__init__(room)
        self._room, self._desk = room, room.desk

    def card(self, waiting: tuple[Outgoing, ...]) -> Card | None:
        """Return the card, None when nothing waits."""
        if not waiting:
            return None
        words, theme = self._desk.words, self._desk.theme
        card = Card()
        head = row(IconLabel(theme, "lock", "held", 20), said(words, "outbox.title", bold=True))
        head.setStretch(1, 1)
        card.body.addLayout(head)
        card.body.addWidget(said(words, "outbox.why", size="small", tone="quiet", wrap=True))
        for one in waiting[:MOST]:
            card.body.addWidget(rule())
            what = label(self._what(one), wrap=True)
            told = column(what, spacing=SPACE_1)
            quiet = " · ".join(filter(None, (one.label, words.say("outbox.for", names=one.to) if one.to else "")))
            if quiet:
                told.addWidget(label(quiet, size="small", tone="quiet", wrap=True))
            told.addLayout(row(button(words, "outbox.write", partial(self.write, one)), None))
            card.body.addLayout(told)
        return card

    def write(self, one: Outgoing) -> None:
        """Ask where to write it."""
        ask_for_files(self._desk, self._room, lambda paths: self._write(one, paths[0]), wanted="save", name="kzdoc.bin")

    def _what(self, one: Outgoing) -> str:
        words = self._desk.words
        if one.state == "draft":
            return words.say("outbox.draft", when=day_and_hour(words, one.made))
        return words.say(f"outbox.{one.state}", n=one.number)

    def _write(self, one: Outgoing, out: Path) -> None:
        def act(session: Session, _: Any) -> None:
            if one.state == "draft":
                direct.write_cut_short(session, one.id, out)
            else:
                sealing.write_sealed(session, one.id, out)

        self._desk.tasks.write(act, done=lambda _: self._wrote(), failed=self._failed, owner=self)

    def _wrote(self) -> None:
        self._room.banners.take("outbox")
        self._desk.notice("outbox.wrote")
        self._room.refresh(None)

    def _failed(self, error: KzdocError) -> None:
        sentence = self._desk.words.error(error)
        self._room.banners.put(Notice("outbox", "warn", "error.said", {"sentence": sentence}))
