"""The bundles that were taken in: each with what it brought and how it stands, and the way to take it back.

Taking back is looked at before it is done: what goes, what comes back, what of one's own stands upon it. Nothing is
deleted by it, so bringing back is one button, here and in the toast.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kzdoc.browsing import Naming
from kzdoc.exchange import taking_back
from ui.screens.panes import day_and_hour, empty
from ui.tokens import SPACE_3
from ui.widgets.basics import Card, button, column, label, row, said

if TYPE_CHECKING:
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

_SHOWN = 60
_NAMED = 12
_COUNTS = ("vanish", "come_back", "changed")
_STAYS = ("stay_own", "stay_also", "strict")
_TONES = {taking_back.IN: "quiet", taking_back.SOME: "warn", taking_back.BACK: "warn"}


class TakenPane(QWidget):
    """Every bundle on a card, or what taking one of them back would do."""

    failed = Signal(object)
    unread = Signal(object)
    work = "taken"

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self.buttons: dict[str, QPushButton] = {}
        self._most = _SHOWN
        self.seen: dict[str, Any] = {}
        """What taking the bundle back that is looked at would do."""
        self._title = said(desk.words, "taken.title", size="title", wrap=True)
        self._line = said(desk.words, "taken.line", size="small", tone="quiet", wrap=True)
        self.do_button = button(desk.words, "taken.do", self.settle, look="main")
        self.leave_button = button(desk.words, "taken.leave", self.leave)
        self._verbs = QWidget()
        verbs = row(self.do_button, self.leave_button, None)
        verbs.setContentsMargins(0, 0, 0, 0)
        self._verbs.setLayout(verbs)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(SPACE_3)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE_3)
        for part in (self._title, self._line):
            box.addWidget(part)
        box.addLayout(self._cards)
        box.addWidget(self._verbs)
        self._verbs.hide()
        self.reload()

    # what a person does

    def reload(self) -> None:
        """Read the bundles anew; what is looked at before it is done stays."""
        if self.seen:
            return
        most = self._most
        self._desk.tasks.read(
            lambda session, _: (taking_back.taken(session, most=most), len(session.vault.taken_in.bundles())),
            done=lambda told: self.show_bundles(*told),
            failed=self.unread.emit,
            owner=self,
            latest="merge.taken",
        )

    def look(self, bundle: str) -> None:
        """Look at what taking a bundle back would do."""

        def act(session: Session, progress: Progress) -> dict[str, Any]:
            seen = taking_back.foresee(session, bytes.fromhex(bundle), progress=progress)
            naming = Naming(session)
            return seen | {"names": [naming.of(bytes.fromhex(one)) for one in seen["strict"]]}

        self._desk.tasks.read(act, done=self.show_before, failed=self.failed.emit, owner=self, label="taken.looking")

    def leave(self) -> None:
        """Take nothing back."""
        self.seen = {}
        self.reload()

    def settle(self) -> None:
        """Take the bundle back that is looked at."""
        if not self.seen:
            return
        bundle, self.seen = self.seen["bundle"], {}
        self._write(bundle, taking_back.take_back, "taken.done", partial(self.bring, bundle))

    def bring(self, bundle: str) -> None:
        """Bring a bundle back."""
        self._write(bundle, taking_back.bring_back, "taken.brought_back", None)

    def why_not(self) -> str:
        """Return the catalogue key of why nothing can be taken back now, "" when it can."""
        return "" if self.seen else "taken.why_none"

    def _write(self, bundle: str, act: Any, told: str, undo: Any) -> None:
        def done(_: Any) -> None:
            self._desk.notice(told, undo=undo)
            self.reload()

        def failed(error: Any) -> None:
            self.reload()
            self.failed.emit(error)

        self._desk.tasks.write(
            lambda session, progress: act(session, bytes.fromhex(bundle), progress=progress),
            done=done,
            failed=failed,
            owner=self,
            label="taken.doing",
        )

    # what is shown

    def show_older(self) -> None:
        """Show as many more of the bundles."""
        self._most += _SHOWN
        self.reload()

    def show_bundles(self, bundles: Sequence[dict[str, Any]], there: int = 0) -> None:
        """Show these bundles, the newest of so many that are there."""
        self._head("taken.title", "taken.line")
        self.buttons = {}
        for one in bundles:
            self._cards.addWidget(self._card(one))
        if there > len(bundles):
            older = button(self._desk.words, "taken.older", self.show_older)
            self._desk.words.put(older.setText, "taken.older", n=there - len(bundles))
            self._cards.addWidget(older)
        if not bundles:
            self._cards.addWidget(said(self._desk.words, "taken.none", tone="quiet", wrap=True))

    def show_before(self, seen: dict[str, Any]) -> None:
        """Show what taking a bundle back would do."""
        self.seen = seen
        words = self._desk.words
        self._head("taken.before", "taken.before_line")
        card = Card()
        card.body.setSpacing(4)
        card.body.addWidget(label(words.say("taken.from", sender=seen["sender"]), bold=True, wrap=True))
        for name in _COUNTS:
            if seen[name]:
                card.body.addWidget(label(words.say(f"taken.{name}", n=seen[name]), wrap=True))
        if not seen["revisions"]:
            card.body.addWidget(said(words, "taken.only_noted", wrap=True))
        for line in _named(words, seen["records"]):
            card.body.addWidget(label(line, size="small", tone="quiet", wrap=True))
        self._cards.addWidget(card)
        own = self._own(seen)
        if own is not None:
            self._cards.addWidget(own)
        stays = [words.say(f"taken.{name}", n=_count(seen[name])) for name in _STAYS if _count(seen[name])]
        for line in [*stays, ", ".join(seen.get("names", [])[:_NAMED])]:
            if line:
                self._cards.addWidget(label(line, size="small", tone="quiet", wrap=True))
        self._verbs.show()
        self.leave_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _head(self, title: str, line: str) -> None:
        words = self._desk.words
        words.put(self._title.setText, title)
        words.put(self._line.setText, line)
        self._verbs.hide()
        empty(self._cards)

    def _own(self, seen: dict[str, Any]) -> Card | None:
        """Return what of one's own stands upon it, by record."""
        words = self._desk.words
        lines = [
            f"{one['title']}: " + ", ".join(sorted({words.say(f"taken.own_{how}") for how in one["fields"].values()}))
            for one in seen["own_work"]
        ]
        if not lines and not seen["links"]:
            return None
        card = Card()
        card.body.setSpacing(4)
        card.body.addWidget(said(words, "taken.own", bold=True, wrap=True))
        for line in lines[:_NAMED]:
            card.body.addWidget(label(line, wrap=True))
        if len(lines) > _NAMED:
            more = words.say("merge.small_more", n=len(lines) - _NAMED)
            card.body.addWidget(label(more, size="small", tone="quiet", wrap=True))
        if seen["links"]:
            card.body.addWidget(label(words.say("taken.links", n=len(seen["links"])), wrap=True))
        return card

    def _card(self, one: dict[str, Any]) -> Card:
        words = self._desk.words
        card = Card()
        card.body.setSpacing(4)
        came = words.say("taken.came", when=day_and_hour(words, one["taken"]), n=one["sequence"])
        brought = words.say("taken.brought", new=one["new"], changed=one["changed"])
        stands = label(words.say(f"taken.standing_{one['standing']}"), size="small", tone=_TONES[one["standing"]])
        verbs = []
        if one["standing"] != taking_back.BACK:
            verbs.append(self._verb("taken.take_back", self.look, one))
        if one["standing"] != taking_back.IN:
            verbs.append(self._verb("taken.bring", self.bring, one))
        told = column(
            label(one["sender"], bold=True, wrap=True),
            label(f"{came} · {brought}", size="small", tone="quiet", wrap=True),
            stands,
            spacing=0,
        )
        line = row(told, *verbs)
        line.setStretch(0, 1)
        card.body.addLayout(line)
        return card

    def _verb(self, key: str, run: Any, one: dict[str, Any]) -> QPushButton:
        made = button(self._desk.words, key, partial(run, one["bundle"]))
        made.setAccessibleDescription(self._desk.words.say("taken.from", sender=one["sender"]))
        self.buttons[f"{key}:{one['bundle']}"] = made
        return made


def _count(value: Any) -> int:
    return value if isinstance(value, int) else len(value)


def _named(words: Any, records: Sequence[dict[str, Any]]) -> list[str]:
    """Return the first records by name with what becomes of each."""
    lines = [f"{one['title']} — {words.say('taken.becomes_' + one['becomes'])}" for one in records[:_NAMED]]
    more = len(records) - _NAMED
    return [*lines, words.say("merge.small_more", n=more)] if more > 0 else lines
