"""What is in a bundle, before it is taken in and after: sender, counts, what it does, which of it, what stays out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from kzdoc.exchange import trust
from kzdoc.exchange.arriving import EVERYTHING, Choice
from ui.screens.merge_acts import Bundle
from ui.screens.merge_parts import SenderCard, UnverifiedCard, counts_card, done_card, told_card
from ui.screens.merge_some import SomePane
from ui.widgets.basics import Card, button, label, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

    from ui.surroundings import Surroundings


class InsidePart(QObject):
    """One bundle on the desk: its cards, its buttons, and what of it is ticked."""

    chosen = Signal()
    """Other records are ticked, so the bar says something else."""

    def __init__(self, desk: Surroundings, room: QWidget, take: Callable[[], None], wait: Callable[[], None]) -> None:
        super().__init__(room)
        self._desk = desk
        self.some: SomePane | None = None
        self.bundle = Bundle()
        self.take_button = button(desk.words, "merge.take", take, look="main", theme=desk.theme, icon="merge")
        self.wait_button = button(desk.words, "merge.let_wait", wait)

    def lay(self, bundle: Bundle) -> None:
        """Lay a bundle that was looked into on the desk; all it brings is ticked."""
        self.bundle, self.some = bundle, None
        if bundle.seen.get("records") and not bundle.seen["already"]:
            self.some = SomePane(self._desk, bundle.seen["records"])
            self.some.chosen.connect(self.chosen)

    def choice(self) -> Choice:
        """Return what of it is taken."""
        return self.some.choice() if self.some is not None else EVERYTHING

    def why_not(self) -> str:
        """Return the catalogue key of why it cannot be taken in, "" when it can."""
        nothing = self.some is not None and not self.some.model.count
        return self.bundle.why_not or ("merge.why_none_ticked" if nothing else "")

    def left(self) -> list[QWidget]:
        """Return who sent it and the counts."""
        seen = self.bundle.seen
        shown: list[QWidget] = [SenderCard(self._desk, seen, self.bundle.contact, self.bundle.files)]
        if not seen["already"] and not seen["volumes_missing"]:
            shown.append(counts_card(self._desk, seen))
        return shown

    def right(self, verify: Callable[[], None], column: QVBoxLayout) -> list[QWidget]:
        """Return what taking it in will do, and what of it; ``column`` is where the ticks stand already."""
        seen, desk = self.bundle.seen, self._desk
        if seen["already"]:
            return [done_card(desk, "merge.already")]
        shown: list[QWidget] = []
        if seen["state"] == trust.UNVERIFIED:
            shown.append(UnverifiedCard(desk, self.bundle.contact, verify))
        shown.append(told_card(desk, seen))
        if seen.get("left_out_before"):
            card = Card()
            card.body.addWidget(
                label(desk.words.say("merge.left_out_before", n=len(seen["left_out_before"])), wrap=True)
            )
            shown.append(card)
        if self.some is not None:
            column.removeWidget(self.some)  # what is ticked must not go with what is cleared
            shown.append(self.some)
        return shown

    def sentence(self) -> tuple[str, str]:
        """Return what the bar says, with an icon when it is a reason; the button says how many it takes."""
        seen, words, why = self.bundle.seen, self._desk.words, self.why_not()
        self.take_button.setEnabled(not why)
        some = self.some
        if some is not None and 0 < some.model.count < some.total:
            words.put(self.take_button.setText, "merge.take_some", n=some.model.count, total=some.total)
            if not why:
                return words.say("merge.ready_some", n=some.total - some.model.count), ""
        else:
            words.put(self.take_button.setText, "merge.take")
        told = "" if seen["already"] else words.say(why or "merge.ready", n=len(seen["volumes_missing"]))
        return told, "info" if why and told else ""

    def verbs(self) -> list[QPushButton]:
        """Return the buttons that can be pressed beside the one that leaves it."""
        seen = self.bundle.seen
        waits = seen["state"] == trust.UNVERIFIED and not self.bundle.root and not seen["already"]
        return [*[self.wait_button] * waits, *[self.take_button] * (not seen["already"])]


def rest_card(desk: Surroundings, taken: dict[str, Any], look: Callable[[], None]) -> Card | None:
    """Return what was left out of a bundle just taken in and where the rest is; None when nothing was."""
    left_out = len(taken.get("not_chosen", ()))
    if not left_out:
        return None
    words = desk.words
    card = Card()
    card.body.addWidget(label(words.say("merge.left_out", n=left_out), bold=True, wrap=True))
    if taken.get("along"):
        card.body.addWidget(label(words.say("merge.came_along", n=len(taken["along"])), wrap=True))
    key = "merge.rest_waits" if taken.get("rest_waits") else "merge.rest_in_files"
    card.body.addWidget(label(words.say(key), wrap=True))
    card.body.addLayout(row(button(words, "merge.look_at_rest", look), None))
    return card
