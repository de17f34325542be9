"""Today: who is held and which limit runs out, then what waits: drafts, bundles, conflicts, what is only here."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QTimer
from PySide6.QtWidgets import QWidget

from kzdoc import browsing, correcting, custody, filling, keeping, listing, oversight
from kzdoc.correcting import Overtaken
from kzdoc.custody import Held
from kzdoc.domain.catalogue import KINDS
from kzdoc.exchange import alerts
from kzdoc.filling import Draft
from ui.keys import Command
from ui.models import RecordList, Row
from ui.screens.panes import PanedRoom, day_and_hour
from ui.screens.today_alerts import AlertActs
from ui.screens.today_corrections import CorrectionActs
from ui.screens.today_held import HeldCard
from ui.screens.today_outbox import OutboxActs, Outgoing, read_outbox
from ui.tokens import ROW
from ui.widgets.basics import Card, ElidedLabel, IconLabel, button, column, label, row, rule, said
from ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kzdoc.session import Session
    from ui.room import Breadth
    from ui.surroundings import Surroundings

MOST = 50
FIRST = "detention"
"""The kind the one button of the room begins."""

_RIGHT = 368
_LIST_HEIGHT = 420
_EMPTY_HEIGHT = 200
_AGAIN_MS = 60_000


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits: counts, drafts, the first rows of what is only here, how many records are where; who is held."""

    counts: dict[str, int]
    drafts: tuple[Draft, ...] = ()
    rows: tuple[Row, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    held: Held = field(default_factory=Held)
    recovery: str = keeping.REHEARSED
    outbox: tuple[Outgoing, ...] = ()
    alerts: tuple[dict[str, Any], ...] = ()
    overtaken: tuple[Overtaken, ...] = ()
    comparing: bool = False


class TodayRoom(PanedRoom):
    """Who is held and the records only here at the left, what waits at the right; the limits go on by the minute."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk, "rail.today", right=_RIGHT)
        self._waits: Waits | None = None
        self.list: RecordList | None = None
        self.bar.hide()
        self.alerts = AlertActs(desk, self)
        self.alerts.decided.connect(self._reload)
        self.outbox = OutboxActs(self)
        self.corrections = CorrectionActs(desk, self)
        self.corrections.found.connect(self._reload)
        write = button(desk.words, "today.write", self.write, look="main", theme=desk.theme, icon="add")
        self.page.verbs.addWidget(write)
        desk.words.languageChanged.connect(self._reload)
        self._minute = QTimer(self, interval=_AGAIN_MS)
        self._minute.timeout.connect(lambda: self.refresh(None))
        self._minute.start()

    def write(self) -> None:
        """Go and write something down."""
        self.desk.go("record", FIRST)

    def commands(self) -> Sequence[Command]:
        """Return write."""
        return (Command("today.write", "today.write", self.write, ("Ctrl+N",), "today", "add"),)

    def arrive(self, what: object) -> None:
        """Read what waits."""
        del what
        self._reload()

    def refresh(self, changes: object) -> None:
        """Read again after a write."""
        del changes
        if self.isVisible():  # else arriving reads it
            self._reload()

    def show_today(self, waits: Waits) -> None:
        """Show what waits."""
        self._waits = waits
        self._show()
        if waits.comparing:
            self.corrections.look()

    def _reload(self) -> None:
        lang = self.desk.words.lang
        self.desk.tasks.read(
            lambda session, _progress: read_today(session, lang), done=self.show_today, owner=self, latest="today"
        )

    def _show(self) -> None:
        waits = self._waits
        if waits is None:
            return
        words = self.desk.words
        self.page.show_line(words.day(QDateTime.currentDateTime().toString("yyyy-MM-dd")))
        self.list = None
        nothing = not (
            waits.counts["records"] or waits.drafts or waits.outbox or waits.counts["waiting"] or waits.alerts
        )
        self._right_place.setVisible(not nothing)
        if nothing:
            begin = EmptyState(words, self.desk.theme, "today", "today.empty")
            begin.setMinimumHeight(_EMPTY_HEIGHT)
            self.fill([begin], [])
            return
        cards = (
            *[self.alerts.card(one) for one in waits.alerts],
            self._waiting(waits),
            self.outbox.card(waits.outbox),
            self._conflicts(waits),
            self.corrections.card(waits.overtaken),
            self._recovery(waits),
            self._drafts(waits),
        )
        held = HeldCard(self.desk, waits.held, partial(self.desk.go, "record"), narrow=self.breadth == "narrow")
        self.fill([held, self._where_it_is(waits)], [card for card in cards if card])

    def rearrange(self, breadth: Breadth) -> None:
        super().rearrange(breadth)
        self._show()

    def _waiting(self, waits: Waits) -> QWidget | None:
        n = waits.counts["waiting"]
        icon = IconLabel(self.desk.theme, "usb", "quiet", 20)
        return self._card(icon, self.desk.words.say("today.waiting", n=n), "today.to_merge", None) if n else None

    def _conflicts(self, waits: Waits) -> QWidget | None:
        n = waits.counts["conflicts"]
        icon = IconLabel(self.desk.theme, "warning", "warn", 20)
        return self._card(icon, self.desk.words.say("today.conflicts", n=n), "merge.settle", "conflicts") if n else None

    def _recovery(self, waits: Waits) -> QWidget | None:
        if waits.recovery == keeping.REHEARSED:
            return None
        icon = IconLabel(self.desk.theme, "warning", "warn", 20)
        sentence = self.desk.words.say(f"today.recovery_{waits.recovery}")
        return self._card(icon, sentence, "today.to_recovery", None, room="keys")

    def _drafts(self, waits: Waits) -> QWidget:
        words = self.desk.words
        card = Card()
        card.body.addWidget(said(words, "today.drafts", bold=True))
        if not waits.drafts:
            card.body.addWidget(said(words, "today.drafts_none", tone="quiet", wrap=True))
        for draft in waits.drafts[:MOST]:
            card.body.addWidget(rule())
            what = words.text(KINDS[draft.kind].label) if draft.kind in KINDS else draft.kind
            kept = words.say("today.draft", when=day_and_hour(words, draft.saved))
            name = ElidedLabel(f"{what} · {draft.name}" if draft.name else what)
            told = column(name, label(kept, size="small", tone="quiet", wrap=True), spacing=0)
            line = row(told, button(words, "today.go_on", partial(self.desk.go, "record", draft)))
            line.setStretch(0, 1)
            card.body.addLayout(line)
        return card

    def _where_it_is(self, waits: Waits) -> QWidget:
        words, theme = self.desk.words, self.desk.theme
        card = Card()
        sentence, n, icon, tone = where_it_is(waits.places)
        title = label(words.say(sentence, n=n), bold=True, wrap=True)
        head = row(IconLabel(theme, icon, tone, 20), title)
        head.setStretch(1, 1)
        card.body.addLayout(head)
        if waits.drafts:
            told = words.say("today.drafts_only_here", n=len(waits.drafts))
            card.body.addWidget(label(told, size="small", tone="quiet", wrap=True))
        if sentence == "today.on_the_way":
            card.body.addWidget(said(words, "today.on_the_way_why", size="small", tone="quiet", wrap=True))
        if sentence != "today.only_here":
            return card
        send = button(words, "today.send", lambda: self.desk.go("send"), theme=theme, icon="send")
        why = row(said(words, "today.only_here_why", size="small", tone="quiet", wrap=True), send)
        why.setStretch(0, 1)
        card.body.addLayout(why)
        self.list = RecordList(words, theme)
        self.list.rows.show_rows(waits.rows)
        self.list.setFixedHeight(theme.px(min(_LIST_HEIGHT, len(waits.rows) * ROW + 2)))
        for signal in (self.list.clicked, self.list.activated):
            signal.connect(lambda _index: self._open())
        card.body.addWidget(self.list)
        if n > len(waits.rows):
            more = words.say("today.more", n=n - len(waits.rows))
            card.body.addWidget(label(more, size="small", tone="quiet", wrap=True))
        return card

    def _open(self) -> None:
        chosen = self.list.chosen() if self.list is not None else None
        if chosen is not None:
            self.desk.go("record", chosen)

    def _card(self, icon: IconLabel, sentence: str, verb: str, what: object, *, room: str = "merge") -> Card:
        card = Card()
        head = row(icon, label(sentence, wrap=True), spacing=12)
        head.setStretch(1, 1)
        card.body.addLayout(head)
        card.body.addLayout(row(button(self.desk.words, verb, lambda: self.desk.go(room, what)), None))
        return card


def read_today(session: Session, lang: str) -> Waits:
    """Return what waits today."""
    only_here = listing.only_here(session, lang=lang, limit=MOST)
    rows = tuple([Row(one.id, one.name, one.line, "only_here") for one in only_here.rows])
    drafts = tuple(filling.drafts(session))
    recovery = str(keeping.recovery(session)["state"])
    outbox = read_outbox(session)
    told = tuple(alerts.alerts(session))
    held = custody.held(session, lang)
    changed, comparing = tuple(correcting.known(session)), correcting.waits(session)
    counts = oversight.today(session)
    return Waits(counts, drafts, rows, only_here.places, held, recovery, outbox, told, changed, comparing)


def where_it_is(places: Mapping[str, int]) -> tuple[str, int, str, str]:
    """Return what is true of all saved records at once: a sentence, its count, an icon and its tone.

    That everything is elsewhere is said only when a partner confirmed every record.
    """
    only_here, sent, receipted = (places.get(place, 0) for place in browsing.PLACES)
    if only_here:
        return "today.only_here", only_here, "laptop", "warn"
    if sent:
        return "today.on_the_way", sent, "send", "quiet"
    if receipted:
        return "today.elsewhere", receipted, "double-check", "ok"
    return "today.nothing_sent", 0, "laptop", "quiet"
