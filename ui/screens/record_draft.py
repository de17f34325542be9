"""The draft of the form: kept, sealed, every three seconds while somebody types, and offered again afterwards.

One keeper serves one form at a time. A draft is kept before another record is shown, before the desk locks, and while
a save does not succeed; it goes when the save succeeds, in the same transaction, or when the person drops it. A form
for headquarters alone (``direct``) is kept in its own way only, and never in a draft that this vault opens.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from kzdoc import filling
from kzdoc.filling import Draft

if TYPE_CHECKING:
    from kzdoc.direct import DirectForm
    from kzdoc.errors import KzdocError
    from ui.screens.record_form import RecordForm
    from ui.surroundings import Surroundings

EVERY_MS = 3_000
_ID_BYTES = 16


class DraftKeeper(QObject):
    """Keeps what stands in ``form``; ``kept`` carries the time in seconds, ``failed`` the error."""

    kept = Signal(int)
    failed = Signal(object)
    found = Signal(list)
    """The drafts there are, the newest first."""
    dropped = Signal()
    """A form for headquarters was thrown away."""

    def __init__(self, desk: Surroundings, form: RecordForm) -> None:
        super().__init__(form)
        self._desk, self._form = desk, form
        self.draft = b""
        self.direct: DirectForm | None = None
        self._last: object = None
        self._paused = False
        self._timer = QTimer(self, singleShot=True, interval=EVERY_MS)
        self._timer.timeout.connect(self.keep)
        form.edited.connect(self._wait)

    def begin(self, draft: bytes = b"", *, direct: DirectForm | None = None) -> None:
        """Serve another form, whose draft this is if it has one."""
        self._timer.stop()
        self.draft, self.direct, self._last = draft, direct, None
        self._paused = False

    def pause(self, *, paused: bool = True) -> None:
        """Keep nothing until ``begin``: it is being decided where what is typed may be kept."""
        self._paused = paused

    def keep(self) -> None:
        """Keep the form now, if something is typed and not kept yet; a form back to what is saved needs no draft."""
        self._timer.stop()
        form = self._form
        if form.body is None or form.sheet is None or self._paused:
            return
        typed = form.body.typed()
        if typed == self._last or (not typed and not self.draft):
            return
        self._last = typed
        if not typed and self.direct is None:
            self.drop()
            return
        self.draft = self.draft or os.urandom(_ID_BYTES)
        sheet, direct = form.sheet, self.direct
        draft = Draft(self.draft, sheet.kind, sheet.id, sheet.name, typed)
        self._desk.tasks.write(
            lambda session, _: filling.keep_draft(session, draft) if direct is None else direct.keep(draft),
            done=self.kept.emit,
            failed=self._failed,
            owner=self,
            label="work.saving",
        )

    def drop(self) -> None:
        """Destroy the draft of this form."""
        draft, direct = self.draft, self.direct
        self.draft, self.direct = b"", None
        if direct is not None:
            self._desk.tasks.write(lambda _session, _: direct.drop(), done=lambda _: self.look())
            self.dropped.emit()
        elif draft:
            self._desk.tasks.write(lambda session, _: filling.drop_draft(session, draft), done=lambda _: self.look())

    def look(self) -> None:
        """Ask which drafts there are."""
        self._desk.tasks.read(
            lambda session, _: filling.drafts(session), done=self.found.emit, owner=self, latest="record-drafts"
        )

    def _wait(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _failed(self, error: KzdocError) -> None:
        self._last = None
        self.failed.emit(error)
