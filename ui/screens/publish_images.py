"""Pictures before they go out: looked at by a person, covered where nobody may see, made anew.

A paper that anybody may read waits until each of its pictures was looked at. What goes is a new picture; the original
stays where it is. The vault is asked and told by the worker, which has the picture decoded in a limited process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from kzdoc import picturing
from kzdoc.redaction.images import BOX, ELLIPSE, Shape, as_seen
from ui.keys import Command
from ui.screens.panes import empty
from ui.tokens import SPACE_2, SPACE_3
from ui.widgets.basics import Card, ElidedLabel, IconLabel, button, column, icon_button, label, row, said
from ui.widgets.chips import Chip, ChipGroup
from ui.widgets.cover_canvas import CoverCanvas

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from kzdoc.progress import Progress
    from kzdoc.publishing import Paper
    from kzdoc.session import Session
    from ui.surroundings import Surroundings

_HEIGHT, _LEAST_HEIGHT = 340, 160
_SHARE = 0.45
"""Of the window's height, so that a low one shows a whole picture with its tools."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a paper: its original's item and title, whether somebody looked at it, and what was covered."""

    record: bytes
    title: str
    looked: bool
    shapes: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Sight:
    """A page as it is shown, how many there are, and of which item's file."""

    image: QImage
    page: int
    pages: int
    record: bytes
    sha256: bytes


def pictures_of(session: Session, paper: Paper) -> tuple[Picture, ...]:
    """Return the pictures of a paper, those that wait first."""
    titles = picturing.titles(session, paper.unseen)
    waiting = [Picture(bytes.fromhex(one["id"]), one["title"], looked=False) for one in titles]
    made = {one.record: one for one in picturing.reviews(session).values()}
    states = session.records.states([one.record for one in paper.pictures])
    done = []
    for one in paper.pictures:
        original = states[one.record].value("derived_from")
        if original is not None and one.record in made:
            first = session.records.record(original)
            title = picturing.title_of(states[one.record]) or (picturing.title_of(first) if first else "")
            done.append(Picture(original, title, looked=True, shapes=made[one.record].shapes))
    return (*waiting, *done)


def seen(session: Session, record: bytes, page: int, progress: Progress) -> Sight:
    """Return a page of an item's picture for the screen: the very pixels that will go out, but for what is covered."""
    pixels, pages, sha256 = picturing.page(session, record, page, progress)
    image = as_seen(pixels)
    data = image.tobytes()
    shown = QImage(data, image.width, image.height, 3 * image.width, QImage.Format.Format_RGB888).copy()
    return Sight(shown, page, pages, record, sha256)


class PicturesCard(Card):
    """The pictures of a paper, and under them the one that is looked at."""

    decided = Signal()
    failed = Signal(object)
    came = Signal(object)

    def __init__(self, desk: Surroundings) -> None:
        super().__init__()
        self._desk = desk
        self._pictures: tuple[Picture, ...] = ()
        self._held = False
        self._open: Picture | None = None
        self._asked: tuple[Picture, int, bool] | None = None
        """The picture and page last asked for, and whether it begins anew."""
        self._sha256 = b""
        self._shown: set[int] = set()
        self._pages = self._page = 0
        self.busy = False
        words, theme = desk.words, desk.theme
        self._title, self._why = label(bold=True, wrap=True), label(size="small", tone="quiet", wrap=True)
        head = row(IconLabel(theme, "image", "held", 20), self._title)
        head.setStretch(1, 1)
        self._place = QVBoxLayout()
        self._place.setSpacing(SPACE_2)
        self.canvas = CoverCanvas(words, theme)
        self.canvas.changed.connect(self._show_foot)
        self._area = QScrollArea()
        self._area.setWidget(self.canvas)
        self._area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._lay_out()
        self.body.addLayout(head)
        self.body.addWidget(self._why)
        self.body.addLayout(self._place)
        self.body.addWidget(self.panel)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        words.languageChanged.connect(self._fill)
        self.hide()

    def _lay_out(self) -> None:
        words, theme = self._desk.words, self._desk.theme
        self.shapes = ChipGroup()
        self._chips = {how: Chip(theme, words.say(f"cover.draw_{how}")) for how in (BOX, ELLIPSE)}
        for how, chip in self._chips.items():
            words.put(chip.setText, f"cover.draw_{how}")
            chip.setChecked(how == BOX)
            chip.clicked.connect(lambda _=False, drawn=how: self.draw(drawn))
            self.shapes.add(chip)
        canvas = self.canvas
        self.undo_button = icon_button(words, theme, "undo", "cover.undo", canvas.undo)
        self.remove_button = icon_button(words, theme, "remove", "cover.remove", canvas.remove)
        zooms = [
            icon_button(words, theme, "zoom-out", "preview.smaller", lambda: canvas.zoom_by(-1)),
            icon_button(words, theme, "zoom-in", "preview.larger", lambda: canvas.zoom_by(1)),
        ]
        self._back = button(words, "preview.back", lambda: self.turn(self._page - 1), look="link")
        self._forward = button(words, "preview.forward", lambda: self.turn(self._page + 1), look="link")
        self._where = label(size="small", tone="quiet")
        self._wait = label(size="small", tone="quiet", wrap=True)
        self._pager = QWidget()
        self._pager.setLayout(_flat(row(self._back, self._where, self._forward, None)))
        self.take_button = button(words, "cover.take", self.take, look="main", theme=theme, icon="check")
        self.close_button = button(words, "cover.close", self.close_picture)
        self._hint = said(words, "cover.hint", size="small", tone="quiet", wrap=True)
        tools = row(self.shapes, self.undo_button, self.remove_button, *zooms, spacing=SPACE_2)
        tools.setStretch(0, 1)
        self.panel = QWidget()
        lines = column(
            self._hint,
            tools,
            self._area,
            self._pager,
            self._wait,
            row(self.take_button, self.close_button, None, spacing=SPACE_3),
        )
        self.panel.setLayout(_flat(lines))
        self.panel.hide()

    # what it shows

    def show_pictures(self, pictures: Sequence[Picture], *, held: bool) -> None:
        """Show the pictures of a paper; the one that is open stays open while it is among them."""
        self.busy = False
        self._pictures, self._held = tuple(pictures), held
        held_open = self._open or (self._asked[0] if self._asked else None)
        if held_open is not None and held_open.record not in [one.record for one in self._pictures]:
            self.close_picture()
        self._fill()
        self.setVisible(bool(self._pictures))

    def waiting(self) -> list[Picture]:
        """Return the pictures nobody has looked at."""
        return [one for one in self._pictures if not one.looked]

    def why_not(self) -> str:
        """Return the catalogue key of why no picture can be made now, "" when one can."""
        if self.busy:
            return "cover.why_busy"
        if self._open is None:
            return "cover.why_none"
        return "" if len(self._shown) >= self._pages else "cover.why_pages"

    # what a person does

    def go_on(self) -> None:
        """Look at the first picture that waits; the one already open gets the focus."""
        if self._open is not None:
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            self.came.emit(self.panel)
            return
        first = next(iter(self.waiting()), None)
        if first is not None:
            self.look_at(first)

    def look_at(self, picture: Picture) -> None:
        """Open a picture, with what was covered before."""
        if not self.busy:
            self._ask(picture, 0, anew=True)

    def turn(self, page: int) -> None:
        """Show another page of a document."""
        if self._open is not None and 0 <= page < self._pages and not self.busy:
            self._ask(self._open, page, anew=False)

    def draw(self, how: str) -> None:
        """Draw boxes, or ellipses."""
        for each, chip in self._chips.items():
            chip.setChecked(each == how)
        self.canvas.draw(how)

    def take(self) -> None:
        """Make the new picture with what is drawn over it; nothing drawn says that there is nothing to cover."""
        picture, sha256 = self._open, self._sha256
        if picture is None or self.why_not():
            return
        shapes = self.canvas.shapes
        key = "cover.made" if shapes else "cover.made_bare"

        def done(_: object) -> None:
            self.busy = False
            self._desk.notice(key, n=len(shapes))
            self.close_picture()
            self.decided.emit()

        self.busy = True
        self._show_foot()
        self._desk.tasks.write(
            lambda session, progress: picturing.review(session, picture.record, shapes, seen=sha256, progress=progress),
            done=done,
            failed=self._could_not,
            owner=self,
            label="cover.making",
        )

    def close_picture(self) -> None:
        """Put the open picture away; what is drawn and not taken over is forgotten."""
        self._open = self._asked = None
        self.panel.hide()
        self.canvas.clear()

    def commands(self) -> Sequence[Command]:
        """Return looking and making, with their keys."""
        return (
            Command("publish.look", "cover.look_first", self.go_on, ("Alt+4",), "publish", "image"),
            Command("publish.cover", "cover.take", self.take, ("Alt+5",), "publish", "check", why_off=self.why_not),
            Command("publish.cover_box", "cover.draw_box", partial(self.draw, BOX), ("Alt+6",), "publish"),
            Command("publish.cover_ellipse", "cover.draw_ellipse", partial(self.draw, ELLIPSE), ("Alt+7",), "publish"),
        )

    # at work

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_page(self, sight: Sight) -> None:
        """Show a page that the worker had decoded, if it is the one last asked for; only then it is open."""
        self.busy = False
        picture, page, anew = self._asked or (None, 0, False)
        if picture is None or (picture.record, page) != (sight.record, sight.page):
            self._show_foot()
            return
        if anew:
            self.canvas.begin(picture.shapes)
        if anew or sight.sha256 != self._sha256:
            self._shown = set()
        self._open, self._asked, self._sha256 = picture, None, sight.sha256
        self._shown.add(sight.page)
        self._page, self._pages = sight.page, sight.pages
        self.panel.show()
        self._fit()
        self.canvas.show_picture(sight.image, sight.page)
        self._pager.setVisible(sight.pages > 1)
        self._where.setText(self._desk.words.say("preview.page", n=sight.page + 1, total=sight.pages))
        self._back.setEnabled(sight.page > 0)
        self._forward.setEnabled(sight.page < sight.pages - 1)
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.came.emit(self.panel)
        self._show_foot()

    def _ask(self, picture: Picture, page: int, *, anew: bool) -> None:
        self._asked = picture, page, anew
        self.busy = True
        self._show_foot()
        self._desk.tasks.read(
            lambda session, progress: seen(session, picture.record, page, progress),
            done=self.show_page,
            failed=self._could_not,
            owner=self,
            label="cover.opening",
        )

    def _could_not(self, error: object) -> None:
        self.busy, self._asked = False, None
        self._show_foot()
        self.failed.emit(error)

    def _fit(self) -> None:
        height = min(self._desk.theme.px(_HEIGHT), max(_LEAST_HEIGHT, int(self.window().height() * _SHARE)))
        self._area.setFixedHeight(height)
        self.canvas.fit(QSize(max(80, self.width() - 60), height - 8))

    def _fill(self) -> None:
        words = self._desk.words
        waiting = len(self.waiting())
        self._title.setText(words.say("cover.title", n=waiting) if waiting else words.say("cover.title_done"))
        self._why.setText(words.say("cover.why" if self._held else "cover.why_free"))
        empty(self._place)
        for one in self._pictures:
            name = ElidedLabel(one.title or words.say("cover.untitled"))
            state = words.say("cover.covered", n=len(one.shapes)) if one.looked else words.say("cover.not_looked")
            look = button(words, "cover.again" if one.looked else "cover.look", partial(self.look_at, one))
            look.setAccessibleName(f"{look.text()}: {name.text()}")
            line = row(name, label(state, size="small", tone="quiet"), look, spacing=SPACE_3)
            line.setStretch(0, 1)
            held = QWidget()
            held.setLayout(_flat(line))
            self._place.addWidget(held)
        self._show_foot()

    def _show_foot(self) -> None:
        words = self._desk.words
        self.take_button.setText(words.say("cover.take" if self.canvas.shapes else "cover.take_bare"))
        why = self.why_not()
        self.take_button.setEnabled(not why)
        self._wait.setText(words.say(why) if why == "cover.why_pages" else "")
        self._wait.setVisible(why == "cover.why_pages")
        self.remove_button.setEnabled(self.canvas.chosen >= 0)


def _flat(layout: QLayout) -> QLayout:
    layout.setContentsMargins(0, 0, 0, 0)
    return layout
