"""The window: rail, top bar, the rooms' pages, foot bar, palette, toast. It arranges and passes on; it does nothing.

Pages are built at the first visit. Locking never asks: it hides the window, lets rooms keep their drafts, and ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QStackedLayout, QStackedWidget, QWidget

from ui.keys import EVERYWHERE, Command
from ui.room import breadth_of
from ui.sitting import ROOM, SITTING, Sitting
from ui.tokens import SPACE_3
from ui.widgets.banner import BannerPlace, Notice
from ui.widgets.basics import column, row
from ui.widgets.foot_bar import FootBar
from ui.widgets.palette import Item, Palette
from ui.widgets.rail import Rail
from ui.widgets.toast import Toast
from ui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QCloseEvent, QResizeEvent, QShowEvent

    from kzdoc.errors import KzdocError
    from ui.room import Room, RoomEntry
    from ui.surroundings import Surroundings

_LAID_OUT_MS = 30


class MainWindow(QWidget):
    """``locking`` and ``closing`` ask the desk process to end; ``search`` answers the palette's queries."""

    locking = Signal()
    closing = Signal()
    themeChosen = Signal(str)  # noqa: N815 - Qt's way of naming signals
    languageChosen = Signal(str)  # noqa: N815 - Qt's way to write a signal
    jotting = Signal()
    searched = Signal(str)
    covered = Signal(bool)
    """Whether the curtain is drawn."""
    sat = Signal(int)
    """How many minutes the interview that begins may wait until it locks; 0 when it is over."""

    def __init__(self, desk: Surroundings, rooms: Sequence[RoomEntry], *, role: str) -> None:
        super().__init__()
        self.desk = desk
        self._entries = {entry.id: entry for entry in rooms}
        self._pages: dict[str, Room] = {}
        self._room = ""
        self._before: tuple[str, QWidget | None] = (next(iter(self._entries)), None)
        self._before_search: QWidget | None = None
        self._ending = False
        words, theme = desk.words, desk.theme
        self._practice = False
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(480, 320)
        self.rail = Rail(words, theme)
        self.rail.chosen.connect(self.show_room)
        verbs = {"jot": self.jotting.emit, "lock": self.lock, "cover": self._cover, "end": self._end_sitting}
        self.top = TopBar(words, theme, verbs)
        self.top.language.connect(self.choose_language)
        self.banners = BannerPlace(words, theme, margin=SPACE_3)
        self._stack = QStackedWidget()
        self.foot = FootBar(words, desk.tasks)
        self.sitting = Sitting(self, self._lay_out(), self.lock)
        self.sitting.covered.connect(self._covered)
        self.sitting.changed.connect(self._sat)
        self._name_window()
        self.toast = Toast(words, theme, self._stack)
        self._stack.currentChanged.connect(lambda _page: self.toast.raise_())
        self.palette_box = Palette(words, theme, desk.keys, self)
        self._connect_search()
        desk.show_notice = self._notice
        desk.show_room = self.show_room
        desk.show_before = self._show_before
        desk.show_saved = lambda key, params: self.top.show_saved(key, **params)
        desk.sit = self.sitting.begin
        desk.tasks.failed.connect(self.show_error)
        desk.tasks.changed.connect(self._changed)
        desk.keys.add(*self._commands())
        words.languageChanged.connect(self._name_rooms)
        self.set_role(role)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._show_focus)

    def _show_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Scroll to where the focus went, now and once more when what is new there has been laid out."""
        if now is not None and self.isAncestorOf(now):
            self._scroll_to(now)
            QTimer.singleShot(_LAID_OUT_MS, now, lambda: self._scroll_to(now))

    def _scroll_to(self, now: QWidget) -> None:
        """Scroll every area around a control to it: an area does so by itself only when the focus was in it before."""
        part = now.parentWidget()
        while part is not None and part is not self and now.hasFocus():
            if isinstance(part, QScrollArea):
                part.ensureWidgetVisible(now, 0, SPACE_3)
            part = part.parentWidget()

    # rooms

    def set_role(self, role: str) -> None:
        """Show the rooms of a role in the rail; the palette keeps all of them."""
        shown = [entry for entry in self._entries.values() if role in entry.roles]
        self.rail.show_rooms([(entry.id, entry.icon, entry.label) for entry in shown])
        self.rail.mark(self._room)

    def show_room(self, room: str, what: object = None) -> None:
        """Go to a room, building it at the first visit, and give it what it should show.

        In an interview there is one room, and in it one form.
        """
        if self.sitting.on and (room != ROOM or what is not None):
            return
        page = self._pages.get(room)
        if page is None:
            entry = self._entries[room]
            page = entry.build(self.desk)
            self._pages[room] = page
            self._stack.addWidget(page)
            self.desk.keys.add(*page.commands())
        before = self.current()
        if before is not None and before is not page:
            self._before = (self._room, QApplication.focusWidget())
            before.leave()
        self._room = room
        self.desk.keys.enter(room)
        self._stack.setCurrentWidget(page)
        self.rail.mark(room)
        page.set_breadth(breadth_of(self.width()))
        page.arrive(what)
        focus = QApplication.focusWidget()
        if focus is None or not page.isAncestorOf(focus):
            page.setFocus(Qt.FocusReason.OtherFocusReason)
            QTimer.singleShot(0, page, lambda: self._begin(page))

    def _show_before(self) -> None:
        """Go back to the room that was shown before, and to where the focus was in it."""
        room, focus = self._before
        self.show_room(room)
        page = self.current()
        if focus is not None and page is not None and shiboken6.isValid(focus) and page.isAncestorOf(focus):
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, page: Room) -> None:
        """Set the focus to the first control of a page that has it itself: the page shows no focus, a control does."""
        if page is self.current() and self.isVisible() and self.focusWidget() in {page, None}:
            page.focusNextChild()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        page = self.current()
        if page is not None:
            if not page.isAncestorOf(self.focusWidget() or page):
                page.setFocus(Qt.FocusReason.OtherFocusReason)  # else Qt begins at the search, which comes first
            QTimer.singleShot(0, page, lambda: self._begin(page))

    def current(self) -> Room | None:
        """Return the room that is shown."""
        return self._pages.get(self._room)

    @property
    def room(self) -> str:
        """The id of the room that is shown."""
        return self._room

    # practice, curtain, interview

    def set_practice(self, practice: bool) -> None:
        """Say in the title and in the top bar that this vault is for practice."""
        self._practice = practice
        self.top.set_practice(practice)
        self._name_window()

    def _name_window(self) -> None:
        """Give the window its title; it says nothing while others may look."""
        neutral = self.sitting.drawn or self.sitting.on
        key = "window.neutral" if neutral else "window.practice" if self._practice else "window.title"
        self.desk.words.put(self.setWindowTitle, key)

    def _cover(self) -> None:
        self._keep_all()
        self.sitting.draw()

    def _keep_all(self) -> None:
        self.palette_box.close_quietly()
        for page in self._pages.values():
            page.keep()

    def _covered(self, covered: bool) -> None:
        self._name_window()
        self.toast.hold(held=covered)
        page = self.current()
        if not covered and page is not None:
            page.refresh(None)
        self.covered.emit(covered)

    def _end_sitting(self) -> None:
        self._keep_all()
        self.sitting.ask_to_end()

    def _sat(self, minutes: int) -> None:
        sitting = self.sitting.on
        self._name_window()
        self.rail.setVisible(not sitting)
        self.banners.set_quiet(quiet=sitting)
        self.top.set_sitting(sitting)
        page = self._pages.get(ROOM)
        if page is not None:
            page.sit(sitting)
        self.sat.emit(minutes)

    # locking, language, notices

    def lock(self) -> None:
        """Hide everything at once and ask to be ended; nothing is asked and nothing is lost."""
        self._end(self.locking.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self._end(self.closing.emit)

    def choose_language(self, lang: str) -> None:
        """Switch the language, live."""
        self.desk.words.set_language(lang)
        self.languageChosen.emit(lang)

    def show_error(self, error: KzdocError) -> None:
        """Say what happened in a banner that stays until it is closed."""
        self.banners.put(Notice("error", "warn", "error.said", {"sentence": self.desk.words.error(error)}))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        breadth = breadth_of(event.size().width())
        narrow = breadth == "narrow"
        self.rail.set_narrow(narrow)
        self.top.set_narrow(narrow)
        page = self.current()
        if page is not None:
            page.set_breadth(breadth)
        self.palette_box.close_quietly()

    def _end(self, tell: Callable[[], None]) -> None:
        if self._ending:
            return
        self._ending = True
        for widget in QApplication.topLevelWidgets():
            widget.hide()
        for page in self._pages.values():
            page.keep()
        QTimer.singleShot(0, tell)

    def _notice(self, key: str, params: dict[str, str | int], undo: Callable[[], None] | None) -> None:
        self.toast.say(self.desk.words.say(key, **params), undo)

    def _changed(self, changes: object) -> None:
        for page in self._pages.values():
            page.refresh(changes)

    # search and palette

    def _open_palette(self) -> None:
        search = self.top.search
        if not search.hasFocus():
            self._before_search = QApplication.focusWidget()
        search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        search.selectAll()
        self._show_palette()

    def _show_palette(self) -> None:
        search = self.top.search
        self.palette_box.move(search.mapTo(self, search.rect().bottomLeft()) + QPoint(0, 4))
        self.palette_box.open(search.text())

    def _leave_search(self) -> None:
        self.palette_box.close_quietly()
        self.top.search.clear()
        self.palette_box.close_quietly()
        if self._before_search is not None and self._before_search.isVisible():
            self._before_search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _accept(self) -> None:
        if self.palette_box.isHidden():
            self._show_palette()
            return
        self.palette_box.accept()

    def _connect_search(self) -> None:
        search, box = self.top.search, self.palette_box
        search.textEdited.connect(self._show_palette)
        search.steered.connect(box.steer)
        search.accepted.connect(self._accept)
        search.left.connect(self._leave_search)
        box.wanted.connect(self.searched)
        box.closed.connect(search.clear)
        self._name_rooms()

    def _name_rooms(self) -> None:
        say = self.desk.words.say

        def item(entry: RoomEntry) -> Item:
            return Item(say(entry.label), lambda: self.show_room(entry.id), entry.keys[0].replace("+", " "), entry.icon)

        self.palette_box.rooms = [item(entry) for entry in self._entries.values()]

    # what the window itself can do

    def _commands(self) -> list[Command]:
        theme = self.desk.theme
        rooms = [
            Command(f"room.{entry.id}", entry.label, self._goer(entry.id), entry.keys, listed=False)
            for entry in self._entries.values()
        ]
        return [
            *rooms,
            Command("lock", "command.lock", self.lock, ("F12", "Ctrl+L"), icon="lock", over_dialogs=True),
            Command("palette", "command.palette", self._open_palette, ("Ctrl+K",), listed=False),
            Command("curtain", "command.curtain", self._cover, ("F11",), icon="eye-off", over_dialogs=True),
            Command(
                "sitting", "command.sitting", lambda: self.show_room(ROOM, SITTING), ("Ctrl+I",), icon="microphone"
            ),
            Command("sitting.end", "top.end_sitting", self._end_sitting, why_off=self._no_sitting, listed=False),
            Command("jot", "command.jot", self.jotting.emit, ("Ctrl+J",), icon="jot"),
            Command("back", "command.back", self._back, ("Alt+Left",), icon="back", listed=False),
            Command("zoom-in", "command.zoom_in", lambda: theme.step_zoom(1), ("Ctrl+=",), icon="zoom-in"),
            Command("zoom-out", "command.zoom_out", lambda: theme.step_zoom(-1), ("Ctrl+-",), icon="zoom-out"),
            Command("light", "command.light", lambda: self.themeChosen.emit("light"), icon="sun"),
            Command("dark", "command.dark", lambda: self.themeChosen.emit("dark"), icon="moon"),
            *[
                Command(f"lang.{lang}", f"command.lang_{lang}", self._speaker(lang), icon="language", scope=EVERYWHERE)
                for lang in ("kk", "ru", "en")
            ],
            Command("quit", "command.quit", lambda: self._end(self.closing.emit), ("Ctrl+Q",), icon="close"),
        ]

    def _no_sitting(self) -> str:
        return "" if self.sitting.on else "sitting.none"

    def _goer(self, room: str) -> Callable[[], None]:
        return lambda: self.show_room(room)

    def _speaker(self, lang: str) -> Callable[[], None]:
        return lambda: self.choose_language(lang)

    def _back(self) -> None:
        page = self.current()
        if page is not None:
            page.back()

    def _lay_out(self) -> QStackedLayout:
        """Lay the desk out as the lower of two layers; the curtain becomes the other."""
        content = column(self.top, self.banners, self._stack, self.foot, spacing=0)
        content.setStretch(2, 1)
        box = row(self.rail, content, spacing=0)
        box.setStretch(1, 1)
        under = QWidget()
        under.setLayout(box)
        layers = QStackedLayout(self)
        layers.setContentsMargins(0, 0, 0, 0)
        layers.addWidget(under)
        return layers
