"""The Record room: the list, the form by declaration, the story and the files beside it.

Whatever is typed is in a draft before anything else is shown; a save is one signed revision, and its undoing is
offered in the toast and stands in the history for ever. Here it goes from record to record; how the panes lie is in
record_panes.py, what is offered of drafts in record_offers.py.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from kzdoc import browsing, filling
from kzdoc.domain.catalogue import KINDS
from kzdoc.errors import KzdocError
from kzdoc.filling import Draft
from ui.keys import Command
from ui.room import Breadth, Room
from ui.screens.record_acts import Acts
from ui.screens.record_alike import AlikeHint
from ui.screens.record_direct import DirectActs
from ui.screens.record_draft import DraftKeeper
from ui.screens.record_forget import ForgetActs
from ui.screens.record_form import RecordForm
from ui.screens.record_list import ListPane
from ui.screens.record_offers import DraftOffers
from ui.screens.record_pages import HistoryPage, NewPage
from ui.screens.record_panes import RecordPanes
from ui.screens.record_seal import SealActs
from ui.screens.record_side import RecordSide
from ui.screens.record_sitting import SittingActs
from ui.sitting import SITTING
from ui.widgets.banner import Notice
from ui.widgets.basics import column
from ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kzdoc.browsing import Sheet
    from kzdoc.filling import Step
    from kzdoc.listing import Listing
    from ui.surroundings import Surroundings

_SCOPE = "record"
_UNKNOWN = "record.unknown"


class RecordRoom(Room):
    """Panes, and what passes between them and the worker."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk)
        words, theme = desk.words, desk.theme
        self._listed = False
        self.list = ListPane(desk)
        self.form = RecordForm(desk)
        self.side = RecordSide(desk, self.form.kit)
        self.drafts = DraftKeeper(desk, self.form)
        self.acts = Acts(desk, self.form, self.drafts)
        self.new_page = NewPage(desk)
        self.history_page = HistoryPage(desk)
        self._empty = EmptyState(words, theme, "record", "empty.record", verb="record.new", run=self.ask_new)
        self._quiet = EmptyState(words, theme, "record", "record.choose_one", verb="record.new", run=self.ask_new)
        self.panes = RecordPanes(self, self.list, self.form, self.side, (self._empty, self._quiet))
        self.panes.add(self.new_page, self.history_page)
        self.sealing = SealActs(self, self.panes.add, self.panes.show_page)
        self.sitting = SittingActs(self)
        self.offers = DraftOffers(self, self.drafts)
        self.direct = DirectActs(self)
        self.forgetting = ForgetActs(self)
        self.alike = AlikeHint(self)
        self.setLayout(column(self.banners, self.panes, spacing=0))
        self._connect()
        self.panes.show_page(self._empty)

    # hooks of the window

    def commands(self) -> Sequence[Command]:
        return (
            self._command("save", "record.command_save", self.acts.save, "Ctrl+Enter", "save", self._no_form),
            self._command("new", "record.new", self.ask_new, "Ctrl+N", "add"),
            self._command("find", "record.search", self.go_to_search, "Ctrl+F", "search"),
            self._command("history", "record.history", self.ask_history, "Ctrl+H", "history", self._no_record),
            self._command("attach", "record.add_file", self.side.ask, "Ctrl+Shift+A", "file", self._no_record),
            self._command("remove", "record.remove", self.form.head.ask_removal, "", "remove", self._no_record),
            self._command("seal", "seal.open", self.sealing.ask, "", "lock", self._no_record),
            self._command("forget", "forget.open", self.forgetting.ask, "", "eye-off", self._no_record),
        )

    def arrive(self, what: object) -> None:
        if not self._listed:
            self._listed = True
            self.list.ask()
            self.drafts.look()
        if isinstance(what, bytes):
            self.open(what)
        elif isinstance(what, Draft):
            self.offers.go_on(what)
        elif what == SITTING:
            self.sitting.ask()
        elif isinstance(what, str) and what in KINDS:
            self.begin(what)
        elif self.panes.page() is self.form and self.panes.on_page:
            self.form.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.panes.first_here().setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, changes: object) -> None:
        records = getattr(changes, "records", None)
        if not records or not self._listed:
            return
        self.list.ask()
        sheet = self.form.sheet
        if sheet is not None and sheet.id in records and self.panes.page() is not self._empty and not self.acts.saving:
            self.open(sheet.id, again=True)

    def keep(self) -> None:
        self.drafts.keep()

    def leave(self) -> None:
        self.drafts.keep()

    def sit(self, sitting: bool) -> None:
        self.sitting.show(sitting=sitting)

    def rearrange(self, breadth: Breadth) -> None:
        self.panes.rearrange(breadth)

    def back(self) -> bool:
        page = self.panes.page()
        if page in (self.history_page, self.new_page) and self.form.sheet is not None:
            self.panes.show_page(self.form)
            return True
        if self.breadth == "narrow" and self.panes.on_page:
            self.panes.show_list()
            return True
        return False

    # going from record to record

    def open(self, record: bytes, *, again: bool = False) -> None:
        """Show a record; ``again`` keeps what is being typed in it and the page that is shown."""
        if not again:
            self.drafts.keep()

        def read(session: Any, _: Any) -> tuple[Sheet, Draft | None]:
            found = [one for one in filling.drafts(session) if one.record == record]
            return browsing.sheet(session, record), found[0] if found else None

        self.desk.tasks.read(
            read,
            done=partial(self._opened, again),
            failed=self._not_opened,
            owner=self,
            latest="record-open",
        )

    def begin(self, kind: str, draft: Draft | None = None) -> None:
        """Show an empty form of a kind, or one whose draft was kept."""
        self.drafts.keep()
        self.desk.tasks.read(
            lambda session, _: browsing.blank(session, kind),
            done=lambda sheet: self.show_sheet(sheet, draft),
            owner=self,
            latest="record-open",
        )

    def ask_new(self) -> None:
        """Ask what kind of record to begin."""
        self.panes.show_page(self.new_page)
        self.new_page.focus_first()

    def ask_history(self) -> None:
        """Show how the record came to be."""
        sheet = self.form.sheet
        if sheet is None or not sheet.id:
            return
        lang = self.desk.words.lang
        self.desk.tasks.read(
            lambda session, _: filling.history(session, sheet.id, lang), done=self._show_history, owner=self
        )

    def go_to_search(self) -> None:
        """Go to the search over the list."""
        self.panes.show_list()
        self.list.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.search.selectAll()

    def _opened(self, again: bool, found: tuple[Sheet, Draft | None]) -> None:
        sheet, draft = found
        if again and self.form.sheet is not None and self.form.sheet.id == sheet.id and self.form.body is not None:
            focus = QApplication.focusWidget()
            self.form.show_sheet(sheet, self.form.body.typed())
            self.side.show_sheet(sheet, self.form.body.story)
            if self.panes.page() is self.history_page:
                self.ask_history()
            elif focus is not None and self.form.isAncestorOf(focus):
                focus.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.show_sheet(sheet, draft)

    def _not_opened(self, error: KzdocError) -> None:
        if error.code != _UNKNOWN:
            self._tell_error(error)
            return
        self.form.sheet = None
        self.drafts.begin()
        self.panes.go_to_list()
        self.panes.show_page(self._quiet, forward=False)

    def show_sheet(self, sheet: Sheet, draft: Draft | None) -> None:
        """Show a record or an empty form, and over it what a draft kept."""
        self.drafts.begin(draft.id if draft else b"")
        self.form.show_sheet(sheet, draft.typed if draft else None)
        if self.form.body is not None:
            self.side.show_sheet(sheet, self.form.body.story)
        self.list.choose(sheet.id)
        if draft is not None and draft.saved:
            self.form.say_kept("record.draft_kept", time=self.desk.words.hour(draft.saved))
        else:
            self.form.say_kept("saved.typing")
        self.banners.take("save")
        self.banners.take("draft-back")
        if draft is not None and draft.saved:
            self.offers.say_back(draft)
        self.panes.show_page(self.form)
        if not sheet.id or draft is not None or self.breadth == "narrow":  # in one column the list that had it is gone
            self.form.focus_first()
        self.drafts.look()

    def _show_history(self, steps: list[Step]) -> None:
        sheet = self.form.sheet
        if sheet is not None:
            self.history_page.show_steps(sheet.name, sheet.kind, steps)
            self.panes.show_page(self.history_page)
            self.history_page.back_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_saved(self, sheet: Sheet, still: dict[str, Any]) -> None:
        place = self.form.area.verticalScrollBar().value()
        self.form.show_sheet(sheet, still)
        self.form.area.verticalScrollBar().setValue(place)
        if self.form.body is not None:
            self.side.show_sheet(sheet, self.form.body.story)
        self.list.choose(sheet.id)
        self.banners.take("save")
        self.banners.take("draft-back")
        self.offers.note_saved()
        self.drafts.look()

    def _tell_error(self, error: KzdocError) -> None:
        sentence = self.desk.words.error(error)
        self.banners.put(Notice("save", "warn", "error.said", {"sentence": sentence}))

    def _not_kept(self, error: KzdocError) -> None:
        self.form.say_kept("record.draft_not_kept")
        self._tell_error(error)

    def _connect(self) -> None:
        form, acts, drafts = self.form, self.acts, self.drafts
        self.list.chosen.connect(self._chosen)
        self.list.adding.connect(self.ask_new)
        self.list.listed.connect(self._show_listing)
        form.done.connect(acts.save)
        form.kept.connect(acts.settle)
        form.third.connect(acts.write_third)
        form.head.history.connect(self.ask_history)
        form.head.removing.connect(acts.remove)
        form.head.restoring.connect(acts.restore)
        form.head.settled.connect(acts.settle)
        acts.saved.connect(self._show_saved)
        acts.failed.connect(self._tell_error)
        drafts.failed.connect(self._not_kept)
        self.new_page.began.connect(self.begin)
        self.new_page.left.connect(self._leave_new)
        self.history_page.left.connect(lambda: self.panes.show_page(self.form))
        self.history_page.undone.connect(acts.undo_here)
        self.history_page.restored.connect(acts.bring_back)
        self.side.adding.connect(acts.attach)

    def _chosen(self, record: bytes) -> None:
        sheet = self.form.sheet
        if sheet is not None and sheet.id == record and self.panes.page() is self.form:
            self.panes.show_page(self.form)
        else:
            self.open(record)

    def _leave_new(self) -> None:
        if self.form.sheet is not None:
            self.panes.show_page(self.form)
        else:
            self.panes.show_page(self._quiet if self.list.shown.kinds else self._empty)
            self.panes.show_list()

    @staticmethod
    def _command(  # noqa: PLR0917 - what a command is made of, in its own order
        what: str,
        label: str,
        run: Callable[[], None],
        key: str,
        icon: str,
        why_off: Callable[[], str] | None = None,
    ) -> Command:
        keys = (key,) if key else ()
        return Command(f"record.{what}", label, run, keys, scope=_SCOPE, icon=icon, why_off=why_off)

    def _no_form(self) -> str:
        return "" if self.panes.page() is self.form else "record.no_form"

    def _no_record(self) -> str:
        sheet = self.form.sheet
        return "" if self.panes.page() is self.form and sheet is not None and sheet.id else "record.no_form"

    def _show_listing(self, listing: Listing) -> None:
        if listing.kinds and self.panes.page() is self._empty:
            self.panes.show_page(self._quiet)
        elif not listing.kinds and self.panes.page() is self._quiet:
            self.panes.show_page(self._empty)
