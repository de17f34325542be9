"""What the Record room writes: saves, undoes, removes, settles, attaches; each one act, each offered to be undone.

A save that does not succeed leaves the form and its draft as they are and says why.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDateTime, QObject, Signal

from kzdoc import browsing, filling

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kzdoc.browsing import Sheet
    from kzdoc.casework import Change
    from kzdoc.errors import KzdocError
    from kzdoc.filling import Newborn, Saved
    from ui.screens.record_draft import DraftKeeper
    from ui.screens.record_form import RecordForm
    from ui.surroundings import Surroundings


def _as_always(changes: list[Change], born: tuple[Newborn, ...]) -> bool:
    del changes, born
    return False


class Acts(QObject):
    """Writes what stands in the form and what is asked of its record."""

    saved = Signal(object, object)
    """The fresh sheet of the record, and what was typed while it was being saved."""
    failed = Signal(object)

    def __init__(self, desk: Surroundings, form: RecordForm, drafts: DraftKeeper) -> None:
        super().__init__(form)
        self._desk, self._form, self._drafts = desk, form, drafts
        self.saving = False
        self.instead: Callable[[list[Change], tuple[Newborn, ...]], bool] = _as_always
        """Saves the form in another way and returns True when it has one."""

    def save(self) -> None:
        """Write the form as one revision; a row that is wrong is shown instead."""
        form = self._form
        if form.body is None or form.sheet is None or self.saving:
            return
        wrong = form.body.wrong()
        if wrong is not None:
            form.show_wrong(wrong)
            form.say_kept("record.look_here")
            return
        changes = form.body.changes()
        if not changes:
            form.say_kept("record.nothing_to_save")
            return
        self._drafts.keep()
        sheet, draft, typed = form.sheet, self._drafts.draft, form.body.typed()
        born = tuple(form.kit.born.values())
        if self.instead(changes, born):
            return
        self.saving = True
        form.say_kept("saved.now")
        self._desk.tasks.write(
            lambda session, progress: filling.save(
                session, sheet.kind, sheet.id, changes, born=born, draft=draft, progress=progress
            ),
            done=partial(self._saved, sheet.id, typed),
            failed=self._not_saved,
            owner=self,
        )

    def undo(self, record: bytes, revision: bytes) -> None:
        """Set a revision aside."""
        self._write(lambda session, _: filling.undo(session, record, revision), "record.undone")

    def undo_here(self, revision: bytes) -> None:
        """Set a revision of the form's record aside."""
        self.undo(self._record(), revision)

    def bring_back(self, revision: bytes) -> None:
        """Put a revision in force again."""
        record = self._record()
        self._write(lambda session, _: filling.bring_back(session, record, revision), "record.brought_back")

    def restore(self, statement: str) -> None:
        """Set the revision of a removal aside."""
        self.undo_here(bytes.fromhex(statement.partition(":")[0]))

    def remove(self, reason: str) -> None:
        """Remove the form's record."""
        record = self._record()
        self._write(lambda session, _: filling.remove(session, record, reason), "notice.removed")

    def settle(self, field: str, statement: str) -> None:
        """Settle a conflict by one of its statements."""
        record = self._record()
        self._write(lambda session, _: filling.settle(session, record, field, keep=statement), "record.settled")

    def write_third(self, field: str, text: str) -> None:
        """Settle a conflict by a third value."""
        record = self._record()
        self._write(lambda session, _: filling.settle(session, record, field, value=text), "record.settled")

    def attach(self, files: list[Path]) -> None:
        """Take files in as evidence about the form's record."""
        record = self._record()
        self._write(
            lambda session, progress: filling.attach(session, record, files, progress=progress), "record.attached"
        )

    def _record(self) -> bytes:
        return self._form.sheet.id if self._form.sheet is not None else b""

    def _write(self, action: Callable[[Any, Any], Saved], key: str) -> None:
        if self._record() or key == "record.undone":
            self._desk.tasks.write(action, done=partial(self._offer_undo, key), failed=self.failed.emit, owner=self)

    def _offer_undo(self, key: str, saved: Saved) -> None:
        """Say what was done; undoing it is a revision of its own, which can be undone as well."""
        if saved.revisions:
            self._desk.notice(key, undo=partial(self.undo, saved.record, saved.revisions[-1]))
        else:
            self._desk.notice(key)

    def _saved(self, record: bytes, typed: dict[str, Any], saved: Saved) -> None:
        """Read the record anew; until it is there, ``saving`` keeps the room from reading it a second time."""
        self._desk.saved("saved.at", time=self._desk.words.hour(QDateTime.currentSecsSinceEpoch()))
        self._offer_undo("record.saved", saved)
        form = self._form
        if form.body is None or form.sheet is None or form.sheet.id != record:
            self.saving = False
            return
        self._drafts.begin()
        form.say_kept("saved.typing")

        def fresh(sheet: Sheet) -> None:
            self.saving = False
            if form.body is not None and form.sheet is not None and form.sheet.id in (record, sheet.id):
                still = {name: now for name, now in form.body.typed().items() if typed.get(name) != now}
                self.saved.emit(sheet, still)

        self._desk.tasks.read(
            lambda session, _: browsing.sheet(session, saved.record), done=fresh, failed=self._not_read, owner=self
        )

    def _not_read(self, error: KzdocError) -> None:
        self.saving = False
        self.failed.emit(error)

    def _not_saved(self, error: KzdocError) -> None:
        self.saving = False
        self._form.say_kept("saved.failed")
        self._desk.saved("saved.failed")
        self.failed.emit(error)
