"""The cards of the merge desk: where to drop, who sent it, what is in it, what waits, what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kzdoc.exchange import trust
from kzdoc.exchange.arriving import listed
from kzdoc.exchange.held import FOLLOWED
from ui.screens.asking import ask
from ui.screens.office_words import effect
from ui.screens.panes import CountRow, day_and_hour, headed
from ui.widgets.basics import Card, ElidedLabel, IconLabel, button, label, row, rule, said
from ui.widgets.file_choice import DropTarget
from ui.widgets.marks import StateMark

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.surroundings import Surroundings

COUNTS = (
    ("new", "add", "quiet"),
    ("changed", "edit", "quiet"),
    ("conflicts", "warning", "warn"),
    ("doubles", "rally", "quiet"),
    ("withheld", "withheld", "held"),
    ("refused", "close", "quiet"),
)
"""What is counted, its icon, and its tone when there is any."""

_STANDINGS = ("gap", "late", "fork", "jump", "copied")


def count_of(seen: dict[str, Any], name: str) -> int:
    """Return one of the counts of a bundle."""
    value = seen.get(name, 0)
    return len(value) if isinstance(value, list) else int(value)


def drop_card(
    desk: Surroundings,
    choose: Callable[[], None],
    dropped: Callable[[list[Path]], None],
    *,
    main: bool = True,
    folder: Callable[[], None] | None = None,
) -> DropTarget:
    """Return the place to drop a bundle on; ``main`` when nothing else here is more to be done."""
    target = DropTarget(desk.words, desk.theme, "usb", "merge.drop")
    target.body.addLayout(row(button(desk.words, "merge.choose", choose, look="main" if main else "plain"), None))
    if folder is not None:
        target.body.addLayout(row(button(desk.words, "merge.choose_folder", folder), None))
    target.dropped.connect(dropped)
    return target


class SenderCard(Card):
    """Who sent it and whether the key is verified: the first thing one sees."""

    def __init__(
        self, desk: Surroundings, seen: dict[str, Any], contact: dict[str, str], files: Sequence[Path]
    ) -> None:
        super().__init__()
        words, theme = desk.words, desk.theme
        state = seen.get("state", trust.VERIFIED)
        good = state == trust.VERIFIED
        tone = "ok" if good else "warn"
        name = label(seen["sender"], bold=True, wrap=True)
        head = row(IconLabel(theme, "verified" if good else "unverified", tone, 20), name, spacing=8)
        head.setStretch(1, 1)
        self.body.addLayout(head)
        self.body.setSpacing(4)
        self.body.addWidget(said(words, f"merge.key_{state}", size="small", tone=tone, wrap=True))
        if contact and contact["claims"] != contact["name"]:
            claims = words.say("merge.claims", name=contact["claims"])
            self.body.addWidget(label(claims, size="small", tone="quiet", wrap=True))
        if files:
            size = sum(file.stat().st_size for file in files if file.exists())
            line = ElidedLabel(f"{files[0].name} · {words.size(size)}")
            line.setProperty("scale", "small")
            line.setProperty("tone", "quiet")
            self.body.addWidget(line)
        standing = seen.get("standing", "")
        if standing in _STANDINGS:
            self.body.addWidget(said(words, f"merge.standing_{standing}", size="small", tone="warn", wrap=True))


def counts_card(desk: Surroundings, seen: dict[str, Any]) -> Card:
    """Return new, changed, conflicts, doubles, withheld, refused."""
    card = Card()
    for name, icon, tone in COUNTS:
        n = count_of(seen, name)
        text = desk.words.say(f"merge.count_{name}")
        card.body.addWidget(CountRow(desk.theme, icon, text, desk.words.number(n), tone=tone if n else "quiet"))
    return card


def told_card(desk: Surroundings, seen: dict[str, Any]) -> Card:
    """Return in sentences what taking the bundle in will do."""
    words = desk.words
    if seen["volumes_missing"]:
        return _parts_card(desk, seen)
    card = headed(said(words, "merge.will", bold=True))
    for name in ("new", "changed", "conflicts", "doubles", "withheld", "refused"):
        n = count_of(seen, name)
        if n:
            card.body.addWidget(label(words.say(f"merge.will_{name}", n=n), wrap=True))
    for text in beside(desk, seen):
        card.body.addWidget(label(text, tone="warn", wrap=True))
    if not any(count_of(seen, name) for name in ("new", "changed")):
        card.body.addWidget(said(words, "merge.will_nothing", wrap=True))
    return card


def _parts_card(desk: Surroundings, seen: dict[str, Any]) -> Card:
    """Return which parts of a bundle are not here; before they are nothing can be told of what is in it."""
    card = headed(said(desk.words, "merge.will", bold=True))
    which = desk.words.say("merge.parts_missing", which=listed(seen["volumes_missing"]), n=seen["volumes"])
    card.body.addWidget(label(which, tone="warn", wrap=True))
    if seen.get("parts_gone"):
        card.body.addWidget(label(desk.words.say("merge.parts_gone", n=seen["parts_gone"]), tone="warn", wrap=True))
    card.body.addWidget(said(desk.words, "merge.will_unknown", wrap=True))
    return card


def ask_to_let_go(desk: Surroundings, over: QWidget, then: Callable[[], None]) -> None:
    """Ask before a bundle that waits is let go."""
    title = desk.words.say("merge.let_go_title")
    ask(desk, over, title, ["merge.let_go_lines"], verb="merge.let_go", leave="merge.let_go_not", then=then)


def beside(desk: Surroundings, seen: dict[str, Any]) -> list[str]:
    """Return what the bundle says beside its records: consents withdrawn, who was detained, a roster."""
    words = desk.words
    told = [words.say("merge.withdrawn", n=seen["withdrawn"])] if seen.get("withdrawn") else []
    told += [words.say("merge.own_elsewhere", n=seen["own_elsewhere"])] if seen.get("own_elsewhere") else []
    for one in seen.get("alerts", ()):
        key = "merge.alert_followed" if one["state"] == FOLLOWED else "merge.alert"
        told.append(words.say(key, name=one["name"], by=one["by"], n=one["beyond"]))
    if seen.get("asked_to_forget"):
        told.append(words.say("merge.asked", n=seen["asked_to_forget"]))
    roster = seen.get("roster") or {}
    if roster:
        told += [words.say(f"merge.roster_{roster['state']}", version=roster["version"]), *effect(words, roster)]
    return told


def beside_card(desk: Surroundings, taken: dict[str, Any]) -> Card | None:
    """Return what a bundle that was taken in brought beside its records; None when that was nothing."""
    lines = beside(desk, taken)
    if not lines:
        return None
    card = headed(said(desk.words, "merge.beside", bold=True))
    for text in lines:
        card.body.addWidget(label(text, tone="warn", wrap=True))
    return card


class UnverifiedCard(Card):
    """The sender is not verified: what to compare by phone, and where."""

    def __init__(self, desk: Surroundings, contact: dict[str, str], verify: Callable[[], None]) -> None:
        super().__init__(look="banner-warn")
        words = desk.words
        head = row(IconLabel(desk.theme, "unverified", "warn", 20), said(words, "merge.compare", bold=True, wrap=True))
        head.setStretch(1, 1)
        self.body.addLayout(head)
        self.body.addWidget(said(words, "merge.compare_why", wrap=True))
        if contact:
            self.body.addWidget(label(contact["words"], bold=True, wrap=True))
            self.body.addLayout(row(button(words, "merge.compare_now", verify), None))


class WaitingCard(Card):
    """Bundles in quarantine: each opens, and waits for its sender to be verified or for the rest of it to be taken."""

    def __init__(
        self,
        desk: Surroundings,
        waiting: Sequence[dict[str, Any]],
        open_one: Callable[[bytes], None],
        let_go: Callable[[bytes], None],
    ) -> None:
        super().__init__()
        words = desk.words
        self.body.addWidget(said(words, "merge.waiting", bold=True))
        self.body.addWidget(said(words, "merge.waiting_why", size="small", tone="quiet", wrap=True))
        for one in waiting:
            root = bytes.fromhex(one["bundle"])
            self.body.addWidget(rule())
            came = words.say("merge.came", when=day_and_hour(words, one["arrived"]))
            head = row(label(one["sender"], bold=True, wrap=True), StateMark(words, desk.theme, one["state"]))
            head.setStretch(0, 1)
            self.body.addLayout(head)
            if one["waits_for"] == "rest":
                self.body.addWidget(said(words, "merge.rest_of_it", wrap=True))
            look = button(words, "merge.look", lambda root=root: open_one(root))  # type: ignore[misc]
            go = button(words, "merge.let_go", lambda root=root: let_go(root), look="link")  # type: ignore[misc]
            line = row(label(came, size="small", tone="quiet", wrap=True), go, look)
            line.setStretch(0, 1)
            self.body.addLayout(line)


class ExpectCard(Card):
    """What the empty desk teaches: the four steps of a bundle."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self.body.addWidget(said(desk.words, "merge.how", bold=True))
        for number in range(1, 5):
            line = row(label(str(number), bold=True, tone="accent"), said(desk.words, f"merge.how_{number}", wrap=True))
            line.setSpacing(12)
            line.setStretch(1, 1)
            self.body.addLayout(line)


def done_card(desk: Surroundings, key: str, receipt: str = "", save_receipt: Callable[[], None] | None = None) -> Card:
    """Return a calm sentence with a tick; under it where the receipt lies, or the verb that writes it."""
    card = Card()
    head = row(IconLabel(desk.theme, "check", "ok", 20), said(desk.words, key, wrap=True))
    head.setStretch(1, 1)
    card.body.addLayout(head)
    if receipt:
        card.body.addWidget(said(desk.words, "merge.receipt", size="small", tone="quiet", wrap=True))
        name = ElidedLabel(Path(receipt).name)
        card.body.addWidget(name)
    elif save_receipt is not None:
        card.body.addWidget(said(desk.words, "merge.receipt_not", size="small", tone="quiet", wrap=True))
        card.body.addLayout(row(button(desk.words, "merge.save_receipt", save_receipt), None))
    return card
