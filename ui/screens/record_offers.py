"""Drafts as the Record room offers them: a form is unfinished, it stands in the form again, it may be dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from kzdoc.domain.catalogue import KINDS
from kzdoc.filling import Draft
from ui.widgets.banner import Notice

if TYPE_CHECKING:
    from ui.screens.record import RecordRoom
    from ui.screens.record_draft import DraftKeeper


class DraftOffers(QObject):
    """Says of drafts what a person can do about them."""

    def __init__(self, room: RecordRoom, drafts: DraftKeeper) -> None:
        super().__init__(room)
        self._room, self._drafts = room, drafts
        self._found: list[Draft] = []
        self._told = False
        self.quiet = False
        drafts.kept.connect(self._kept)
        drafts.found.connect(self._offer)
        room.desk.words.languageChanged.connect(lambda: self._offer(self._found))

    def set_quiet(self, *, quiet: bool) -> None:
        """Offer nothing for a while: somebody sits opposite who must not read what else is unfinished."""
        self.quiet = quiet
        self._offer(self._found)

    def go_on(self, draft: Draft) -> None:
        """Bring a draft back into its form."""
        room = self._room
        if draft.id == self._drafts.draft and room.form.sheet is not None:
            room.panes.show_page(room.form)  # what stands in the form is newer than any draft of it
            room.form.focus_first()
        elif draft.record:
            room.open(draft.record)
        else:
            room.begin(draft.kind, draft)

    def note_saved(self) -> None:
        """Let stand what a save said of itself."""
        self._told = False

    def say_back(self, draft: Draft) -> None:
        """Say that what stands in the form is a draft, and offer to drop it."""
        time: dict[str, str | int] = {"time": self._room.desk.words.hour(draft.saved)}
        drop = "record.drop_draft"
        self._room.banners.put(Notice("draft-back", "info", "record.draft_back", time, drop, self._drop))

    def _offer(self, drafts: list[Draft]) -> None:
        self._found = drafts
        if drafts or self._told:  # after the last one nothing is left unsaved; what a save said of itself stays
            self._room.desk.saved("saved.draft" if drafts else "saved.all")
        self._told = bool(drafts)
        others = [draft for draft in drafts if draft.id != self._drafts.draft]
        if not others or self.quiet:
            self._room.banners.take("draft")
            return
        draft = others[0]
        words = self._room.desk.words
        kind = words.text(KINDS[draft.kind].label) if draft.kind in KINDS else draft.kind
        name = f"{kind} · {draft.name}" if draft.name else kind
        params: dict[str, str | int] = {"form": name, "time": words.hour(draft.saved), "n": len(others)}
        key = "record.draft_found" if len(others) == 1 else "record.drafts_found"
        self._room.banners.put(Notice("draft", "info", key, params, "record.go_on", lambda: self.go_on(draft)))

    def _drop(self) -> None:
        self._drafts.drop()
        self._drafts.begin()
        self._room.banners.take("draft-back")
        if self._room.form.sheet is not None:
            self._room.show_sheet(self._room.form.sheet, None)

    def _kept(self, seconds: int) -> None:
        key = "record.draft_kept" if self._drafts.direct is None else "direct.kept"
        self._room.form.say_kept(key, time=self._room.desk.words.hour(seconds))
        self._room.desk.saved("saved.draft")
        self._told = True
