"""A stick, a folder or many files on the merge desk: one preview of all bundles, which of them are taken, what came.

Rules: what may come is ticked, in the order it would be taken in; what may not says why. Space turns a tick, Ctrl+A
all, Enter looks into one bundle alone, where its records can be chosen. What is neither bundle nor receipt is counted
and named, and blamed for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kzdoc.domain.dates import show_date
from kzdoc.errors import KzdocError
from kzdoc.exchange.arriving import listed
from kzdoc.exchange.several import COUNTS, Lying, Several
from ui.keys import key_text
from ui.screens.merge_parts import counts_card, done_card
from ui.widgets.basics import Card, IconLabel, button, label, row, rule, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from ui.messages import Words
    from ui.surroundings import Surroundings
    from ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
LINE_ROLE = int(Qt.ItemDataRole.UserRole)
TONE_ROLE = LINE_ROLE + 1
_ROW, _TICK, _PART, _LEAST = 56, 40, 0.55, 3
_SHOWN = 40
_STANDINGS = ("gap", "late", "fork", "copied")


class BundlesModel(QAbstractListModel):
    """The bundles that lie there, each with its tick if it may come."""

    chosen = Signal()

    def __init__(self, words: Words, theme: Theme, several: Several) -> None:
        super().__init__()
        self._words, self._theme = words, theme
        self.bundles: Sequence[Lying] = several.bundles
        self.ticked = {one.root for one in self.bundles if one.comes}

    def turn(self, number: int) -> None:
        """Turn the tick of a bundle that may come."""
        one = self.bundles[number]
        if one.comes:
            self.ticked ^= {one.root}
            self._tell()

    def turn_all(self) -> None:
        """Tick all that may come, or none when all are ticked."""
        every = {one.root for one in self.bundles if one.comes}
        self.ticked = set() if self.ticked == every else every
        self._tell()

    def _tell(self) -> None:
        self.dataChanged.emit(self.index(0), self.index(len(self.bundles) - 1))
        self.chosen.emit()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.bundles)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        one = self.bundles[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            ticked = Qt.CheckState.Checked if one.root in self.ticked else Qt.CheckState.Unchecked
            return ticked if one.comes else None
        return self._theme.font(bold=True) if role == Qt.ItemDataRole.FontRole else self._said(one, role)

    def _said(self, one: Lying, role: int) -> str | None:
        """Return what is said of a bundle in a role, None in others."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._head(one)
        if role == LINE_ROLE:
            return self._line(one)
        if role == TONE_ROLE:
            return "warn" if one.told["why"] or one.told["standing"] in _STANDINGS else "quiet"
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            ticked = self._words.say("merge.some_in" if one.root in self.ticked else "merge.some_out")
            return ". ".join([self._head(one), self._line(one), *[ticked] * one.comes])
        return None

    def _head(self, one: Lying) -> str:
        words, told = self._words, one.told
        key = words.say(f"merge.key_{told['state']}")
        made = words.say("many.made", number=told["number"], day=show_date(told["day"], words.lang))
        return f"{told['sender']} · {made} · {key}"

    def _line(self, one: Lying) -> str:
        """Return in one line what it adds, or why it does not come."""
        words, told = self._words, one.told
        if told["already"]:
            return words.say("many.already")
        said_of = []
        if told["why"] == "bundle.volumes-missing":
            which = listed(told["volumes_missing"])
            said_of.append(words.say("merge.parts_missing", which=which, n=told["volumes"]))
        elif told["why"]:
            said_of.append(why_in_words(words, told["why"]))
        elif told["standing"] in _STANDINGS:
            said_of.append(words.say(f"merge.standing_{told['standing']}"))
        counts = [words.say(f"many.{name}", n=told[name]) for name in COUNTS if told[name]]
        if told["counted"] == "alone":
            said_of.append(words.say("many.counted_alone"))
        if told["new"] is not None:
            said_of.append(" · ".join(counts) or words.say("merge.will_nothing"))
        if told["volumes"] > 1 and not told["volumes_missing"]:
            said_of.append(words.say("many.parts", n=told["volumes"]))
        return " · ".join(said_of)


def why_in_words(words: Words, code: str) -> str:
    """Return why a bundle does not come, as short as a row has place for."""
    key = f"many.why_{code.partition('.')[2]}"
    said_short = words.say(key)
    return said_short if said_short != key else str(words.error(KzdocError(code)))


class _BundlePainter(QStyledItemDelegate):
    """Two lines: a tick with who sent it, and under it what it adds."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's
        return QSize(120, self._theme.px(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        whole = QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(whole, self._theme.colour("select" if chosen else "surface"))
        painter.fillRect(QRect(whole.left(), whole.bottom(), whole.width(), 1), self._theme.colour("line"))
        indent = 0 if index.data(Qt.ItemDataRole.CheckStateRole) is not None else self._theme.px(24)
        option.rect = whole.adjusted(indent, 2, 0, -whole.height() // 2)
        super().paint(painter, option, index)
        option.rect = whole
        painter.save()
        painter.setFont(self._theme.small())
        painter.setPen(self._theme.colour(str(index.data(TONE_ROLE))))
        place = whole.adjusted(self._theme.px(30), whole.height() // 2 - 2, -self._theme.px(8), -4)
        line = painter.fontMetrics().elidedText(str(index.data(LINE_ROLE)), Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), line)
        painter.restore()


class BundlesView(QListView):
    """The rows; keys tick and look inside."""

    opened = Signal(object)
    """A bundle to be looked into by itself."""

    def __init__(self, words: Words, theme: Theme, several: Several) -> None:
        super().__init__()
        self._theme = theme
        self.bundles = BundlesModel(words, theme, several)
        self._painter = _BundlePainter(theme)
        self.setModel(self.bundles)
        self.setItemDelegate(self._painter)
        self.setProperty("look", "framed")
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        words.put(self.setAccessibleName, "many.title")
        self.setCurrentIndex(self.bundles.index(0))
        rows = min(max(self.bundles.rowCount(), 1), max(_LEAST, round(690 * _PART / _ROW)))
        self.setFixedHeight(rows * theme.px(_ROW) + 6)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, at = key_text(event), self.currentIndex().row()
        if key == "Ctrl+A":
            self.bundles.turn_all()
        elif key == "Space" and at >= 0:
            self.bundles.turn(at)
        elif key == "Enter" and at >= 0:
            self.opened.emit(self.bundles.bundles[at])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        at = self.indexAt(event.position().toPoint())
        if at.isValid() and event.position().x() < self._theme.px(_TICK):
            self.bundles.turn(at.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self.indexAt(event.position().toPoint())
        if at.isValid() and event.position().x() >= self._theme.px(_TICK):
            self.opened.emit(self.bundles.bundles[at.row()])


class ManyPart(QObject):
    """What lies there, which of it is ticked, and what was done."""

    chosen = Signal()
    opened = Signal(object)

    def __init__(self, desk: Surroundings, room: QWidget, take: Callable[[], None]) -> None:
        super().__init__(room)
        self._desk = desk
        self.lies: Several | None = None
        self.told: dict[str, Any] = {}
        self.view: BundlesView | None = None
        self._card = Card()
        self.take_button = button(desk.words, "many.take", take, look="main", theme=desk.theme, icon="merge")

    def lay(self, several: Several | None, told: dict[str, Any] | None = None) -> None:
        """Lay what was found on the desk, or what was done with it, or (None) nothing."""
        self.lies, self.told, self.view = several, told or {}, None

    def ticked(self) -> set[bytes]:
        """Return the roots of what is to be taken in."""
        return set(self.view.bundles.ticked) if self.view is not None else set()

    def why_not(self) -> str:
        """Return the catalogue key of why nothing can be taken in, "" when something can."""
        if self.told or self.lies is None:
            return "merge.why_nothing"
        if not any(one.comes for one in self.lies.bundles) and not self.lies.receipts:
            return "many.why_none"
        return "" if self.ticked() or self.lies.receipts else "merge.why_none_ticked"

    def sentence(self) -> tuple[str, str]:
        """Return what the bar says, with an icon when it is a reason; the button says how many."""
        words, why = self._desk.words, self.why_not()
        self.take_button.setEnabled(not why)
        if self.told:
            return words.say("many.done", n=len(self.told["taken"])), "check"
        n = len(self.ticked())
        words.put(self.take_button.setText, "many.take_some" if n else "many.take", n=n)
        return words.say(why or "many.ready"), "info" if why else ""

    def left(self) -> list[QWidget]:
        """Return the totals, and what lies there beside bundles."""
        words, lies = self._desk.words, self.lies
        if lies is None:
            return []
        seen = self._sums() if self.told else lies.document()["totals"]
        card = counts_card(self._desk, seen | {"refused": self.told.get("refused", lies.refused)})
        if not self.told:
            card.body.addWidget(said(words, "many.counted", size="small", tone="quiet", wrap=True))
        return [card, *self._beside(lies)]

    def right(self, column: QVBoxLayout) -> list[QWidget]:
        """Return the bundles, or after taking in what came and what did not; ``column`` is where they stand already."""
        if self.told:
            return self._report()
        if self.lies is None or not self.lies.bundles:
            return [done_card(self._desk, "many.nothing")]
        words = self._desk.words
        if self.view is not None:
            column.removeWidget(self._card)  # what is ticked must not go with what is cleared
        else:
            self.view = BundlesView(words, self._desk.theme, self.lies)
            self.view.bundles.chosen.connect(self.chosen)
            self.view.opened.connect(self.opened)
            self._card = Card()
            self._card.body.addWidget(said(words, "many.title", bold=True, wrap=True))
            self._card.body.addWidget(said(words, "many.keys", size="small", tone="quiet", wrap=True))
            self._card.body.addWidget(self.view)
        return [self._card]

    def _sums(self) -> dict[str, Any]:
        return {name: sum(one.get(name, 0) for one in self.told["taken"]) for name in COUNTS}

    def _beside(self, lies: Several) -> list[QWidget]:
        """Return a card of receipts, of what cannot be opened, and of other files, if there are any."""
        words = self._desk.words
        receipts = self.told.get("receipts", lies.receipts)
        lines = [words.say("many.receipts", n=len(receipts))] if receipts else []
        lines += [f"{one['file']}: {why_in_words(words, one['code'])}" for one in lies.refused[:_SHOWN]]
        if lies.not_for_us:
            lines.append(words.say("many.not_for_us", n=lies.not_for_us))
        if lies.found.others:
            names = ", ".join(lies.found.named) + (" …" if lies.found.others > len(lies.found.named) else "")
            lines.append(words.say("many.others", n=lies.found.others, names=names))
        if lies.found.vaults:
            lines.append(words.say("many.vaults", n=lies.found.vaults))
        if lies.found.more:
            lines.append(words.say("many.more"))
        if not lines:
            return []
        card = Card()
        card.body.addWidget(said(words, "many.beside", bold=True, wrap=True))
        for line in lines:
            card.body.addWidget(label(line, size="small", tone="quiet", wrap=True))
        return [card]

    def _report(self) -> list[QWidget]:
        """Return a line for each bundle that came and for each that did not, and why."""
        words, theme, told = self._desk.words, self._desk.theme, self.told
        card = Card()
        if told["stopped"]:
            card.body.addWidget(said(words, "many.stopped", bold=True, wrap=True))
        rows = [("check", "ok", one["sender"], self._came(one)) for one in told["taken"]]
        rows += [("info", "warn", one["sender"], self._stayed(one)) for one in told["not_taken"]]
        for number, (icon, tone, who, line) in enumerate(rows[:_SHOWN]):
            if number:
                card.body.addWidget(rule())
            head = row(IconLabel(theme, icon, tone, 20), label(who, bold=True, wrap=True))
            head.setStretch(1, 1)
            card.body.addLayout(head)
            card.body.addWidget(label(line, size="small", tone="quiet", wrap=True))
        if len(rows) > _SHOWN:
            card.body.addWidget(label(words.say("many.rows_more", n=len(rows) - _SHOWN), wrap=True))
        if told["known"]:
            card.body.addWidget(label(words.say("many.known", n=told["known"]), wrap=True))
        if told["taken_back"]:
            card.body.addWidget(label(words.say("many.taken_back", n=len(told["taken_back"])), wrap=True))
        if not rows and not told["known"] and not told["taken_back"]:
            card.body.addWidget(said(words, "many.nothing_came", wrap=True))
        return [card]

    def _came(self, one: dict[str, Any]) -> str:
        words = self._desk.words
        counts = [words.say(f"many.{name}", n=one[name]) for name in COUNTS if one.get(name)]
        receipt = [words.say("many.receipt", name=one["receipt"])] if one.get("receipt") else []
        return " · ".join([*(counts or [words.say("merge.will_nothing")]), *receipt])

    def _stayed(self, one: dict[str, Any]) -> str:
        words = self._desk.words
        waits = [words.say("many.waits_here")] if one["waits"] else []
        return " · ".join([", ".join(one["files"]), why_in_words(words, one["code"]), *waits])
