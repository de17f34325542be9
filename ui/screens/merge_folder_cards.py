"""The cards of an exchange folder: the place and for whom, each partner, what was put there, what is left over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from kzdoc.domain.audience import AUDIENCE_LABELS, Audience
from kzdoc.errors import BundleError
from kzdoc.exchange import trust
from ui.widgets.basics import Card, ElidedLabel, IconLabel, button, column, label, row, rule, said
from ui.widgets.entry import Choice, LineEntry
from ui.widgets.flow import FlowLayout
from ui.widgets.form_row import FormRow
from ui.widgets.marks import StateMark

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayout

    from kzdoc.exchange.folder_memory import Arrangement
    from kzdoc.exchange.folder_standing import PartnerStanding, Standing
    from ui.surroundings import Surroundings

_SHOWN = 12


def folder_card(desk: Surroundings, open_it: Callable[[], None]) -> Card:
    """Return the way to the exchange folder, for a desk on which nothing lies."""
    card = Card()
    card.body.addWidget(said(desk.words, "folder.line", size="small", tone="quiet", wrap=True))
    card.body.addLayout(row(button(desk.words, "folder.title", open_it, theme=desk.theme, icon="usb"), None))
    return card


class PlaceCard(Card):
    """Which folder, and for whom bundles are put there."""

    def __init__(
        self,
        desk: Surroundings,
        stands: Standing | None,
        gets: Sequence[str],
        choose: Callable[[], None],
        for_whom: Callable[[], None],
    ) -> None:
        super().__init__()
        words = desk.words
        head = row(IconLabel(desk.theme, "usb", "quiet", 20), said(words, "folder.title", bold=True, wrap=True))
        head.setStretch(1, 1)
        self.body.addLayout(head)
        if stands is None:
            self.body.addWidget(said(words, "folder.none", size="small", tone="quiet", wrap=True))
            return
        self.body.addWidget(ElidedLabel(str(stands.folder)))
        told = words.say("folder.for", names=", ".join(gets)) if gets else words.say("folder.for_nobody")
        self.body.addWidget(label(told, size="small", tone="quiet", wrap=True))
        verbs = FlowLayout(None, 8)
        verbs.addWidget(button(words, "folder.for_whom", for_whom))
        verbs.addWidget(button(words, "folder.other", choose))
        self.body.addLayout(verbs)


class PartnerCard(Card):
    """A partner: what was taken in now, what waits and why, what lies there for him."""

    def __init__(
        self,
        desk: Surroundings,
        one: PartnerStanding,
        now: Sequence[dict[str, Any]],
        acts: Mapping[str, Callable[[Any], None]],
    ) -> None:
        super().__init__()
        self.body.setSpacing(4)
        words, theme = desk.words, desk.theme
        head = row(label(one.name, bold=True, wrap=True))
        head.setStretch(0, 1)
        if one.state == trust.REVOKED:
            head.addWidget(said(words, "keys.state_revoked", size="small", tone="quiet"))
        else:
            head.addWidget(StateMark(words, theme, one.state))
        self.body.addLayout(head)
        told = [_line(desk, "check", "ok", _taken(desk, now))] if now else []
        lines: list[tuple[str, int]] = [] if now else [("taken", one.taken)]
        lines += [("waits", one.waits), ("ours", one.ours)]
        tones = {"waits": ("clock", "warn"), "ours": ("arrow-up", "quiet"), "taken": ("check", "quiet")}
        told += [_line(desk, *tones[key], words.say(f"folder.{key}", n=n)) for key, n in lines if n]
        if one.gets and not one.ours and one.state == trust.VERIFIED:
            told.append(_line(desk, "double-check", "ok", words.say("folder.has_all")))
        for each in told or [_line(desk, "info", "quiet", words.say("folder.nothing_of"))]:
            self.body.addLayout(each)
        if one.waits:
            verbs = FlowLayout(None, 8)
            if one.state == trust.UNVERIFIED:
                verbs.addWidget(button(words, "merge.compare_now", partial(acts["compare"], one.name)))
            if one.kept:
                verbs.addWidget(button(words, "merge.look", partial(acts["look"], one.kept[0])))
            self.body.addLayout(verbs)


def _taken(desk: Surroundings, now: Sequence[dict[str, Any]]) -> str:
    counts = {name: sum(one[name] for one in now) for name in ("new", "changed", "conflicts")}
    return desk.words.say("folder.taken_now", **counts)


def _line(desk: Surroundings, icon: str, tone: str, text: str) -> QLayout:
    mark = IconLabel(desk.theme, icon, tone, 16)
    made = row(mark, label(text, wrap=True))
    made.setStretch(1, 1)
    made.setAlignment(mark, Qt.AlignmentFlag.AlignTop)
    return made


class WrittenCard(Card):
    """What the last round put there, and who of those arranged got nothing."""

    def __init__(self, desk: Surroundings, written: dict[str, Any], without: Sequence[str]) -> None:
        super().__init__()
        self.body.setSpacing(4)
        words = desk.words
        self.body.addWidget(said(words, "folder.written", bold=True, wrap=True))
        self.body.addLayout(
            _line(desk, "arrow-up", "quiet", words.say("folder.written_to", names=", ".join(written["to"])))
        )
        counts = words.say("folder.written_what", n=written["statements"], files=len(written["files"]))
        self.body.addWidget(label(counts, size="small", tone="quiet", wrap=True))
        for name in without:
            self.body.addLayout(_line(desk, "unverified", "warn", words.say("folder.without", name=name)))


class LeftOverCard(Card):
    """What waits or cannot be read, each with its reason; nothing of it is touched."""

    def __init__(self, desk: Surroundings, stands: Standing) -> None:
        super().__init__()
        self.body.setSpacing(4)
        self._desk = desk
        words = desk.words
        self.body.addWidget(said(words, "folder.left_over", bold=True, wrap=True))
        self.body.addWidget(said(words, "folder.left_over_why", size="small", tone="quiet", wrap=True))
        for missing, of in stands.unfinished[:_SHOWN]:
            told = words.say("folder.parts", missing=", ".join(map(str, missing)), of=of)
            self.body.addLayout(_line(desk, "clock", "quiet", told))
        self._files("clock", [(name, words.say("folder.half")) for name in stands.half])
        self._files("copy", [(name, words.say("folder.copy")) for name in stands.copies])
        self._files("warning", [(name, str(words.error(BundleError(code)))) for name, code in stands.refused])
        if stands.not_for_us:
            self.body.addLayout(_line(desk, "info", "quiet", words.say("folder.not_for_us", n=stands.not_for_us)))
        if stands.others:
            self.body.addLayout(_line(desk, "info", "quiet", words.say("folder.others", n=stands.others)))
        if stands.flooded:
            self.body.addLayout(_line(desk, "warning", "warn", words.say("folder.flooded")))

    def _files(self, icon: str, named: Sequence[tuple[str, str]]) -> None:
        tone = "warn" if icon == "warning" else "quiet"
        for name, why in named[:_SHOWN]:
            self.body.addWidget(rule())
            told = column(ElidedLabel(name), label(why, size="small", tone="quiet", wrap=True), spacing=0)
            line = row(IconLabel(self._desk.theme, icon, tone, 16), told)
            line.setStretch(1, 1)
            self.body.addLayout(line)
        if len(named) > _SHOWN:
            more = self._desk.words.say("folder.more", n=len(named) - _SHOWN)
            self.body.addWidget(label(more, size="small", tone="quiet", wrap=True))


class TeachCard(Card):
    """What an exchange folder is, in three steps."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.body.addWidget(said(desk.words, "folder.how", bold=True, wrap=True))
        for number in range(1, 4):
            line = row(
                label(str(number), bold=True, tone="accent"), said(desk.words, f"folder.how_{number}", wrap=True)
            )
            line.setSpacing(12)
            line.setStretch(1, 1)
            self.body.addLayout(line)


class ForWhomCard(Card):
    """For whom bundles are put there, as what reader, and what for."""

    def __init__(
        self,
        desk: Surroundings,
        partners: Sequence[str],
        gets: Sequence[str],
        plan: Arrangement | None,
        *,
        arrange: Callable[[list[str], Audience, str], None],
        leave: Callable[[], None],
    ) -> None:
        super().__init__()
        words = desk.words
        self._arrange = arrange
        self.chosen: dict[str, QCheckBox] = {}
        self.audience, self.purpose = Choice(), LineEntry()
        self.body.addWidget(said(words, "folder.for_title", bold=True, wrap=True))
        if not partners:
            self.body.addWidget(said(words, "send.why_nobody", tone="quiet", wrap=True))
        for name in partners:
            box = QCheckBox(name.replace("&", "&&"))
            box.setChecked(name in gets)
            self.chosen[name] = box
            self.body.addWidget(box)
        audience = (plan.audience if plan else Audience.INTERNAL).value
        self.audience.show_choices([(one.value, words.text(text)) for one, text in AUDIENCE_LABELS.items()], audience)
        self.purpose.setText(plan.purpose if plan else "")
        for field, key in ((self.audience, "send.audience"), (self.purpose, "send.purpose")):
            line = FormRow(field)
            line.set_name(words.say(key))
            line.set_reason(words.say(f"{key}_why"))
            self.body.addWidget(line)
        self.keep = button(words, "folder.for_keep", self._done)
        verbs = FlowLayout(None, 8)
        verbs.addWidget(self.keep)
        verbs.addWidget(button(words, "action.cancel", leave))
        self.body.addLayout(verbs)

    def begin(self) -> None:
        """Put the focus on the first name."""
        first = next(iter(self.chosen.values()), self.keep)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _done(self) -> None:
        to = [name for name, box in self.chosen.items() if box.isChecked()]
        self._arrange(to, Audience(self.audience.chosen()), self.purpose.text().strip())
