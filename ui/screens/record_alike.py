"""A hint while a new person is written down: somebody here may be the same. It stands aside and asks for nothing.

Rules: only names and the year of birth are compared, in this vault alone; it is asked a moment after the last key, off
the window's thread, and an answer that is late is dropped. In an interview, and of what is sealed from the first word,
nothing is asked. What one types in never moves for it.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from kzdoc import proposing
from kzdoc.browsing import Naming
from ui.screens.panes import empty
from ui.widgets.basics import Card, button, column, label, row, said

if TYPE_CHECKING:
    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.screens.record import RecordRoom

WAIT_MS = 600
_NAMES = ("name_kk", "name_ru", "name_latin", "aliases")
_YEAR = re.compile(r"(?:19|20)\d\d")


class AlikeHint(QObject):
    """Lives beside the form; its card stands under the story."""

    def __init__(self, room: RecordRoom) -> None:
        super().__init__(room)
        self._room = room
        self.card = Card()
        self.card.body.addWidget(said(room.desk.words, "record.alike", bold=True, wrap=True))
        self._rows = column(spacing=4)
        self.card.body.addLayout(self._rows)
        self.card.body.addWidget(said(room.desk.words, "record.alike_why", size="small", tone="quiet", wrap=True))
        self.card.hide()
        room.side.put_under_story(self.card)
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._ask)
        room.form.edited.connect(self._wait.start)

    def typed(self) -> tuple[tuple[str, ...], str]:
        """Return the names and the year that stand in a new person's form, nothing for any other form."""
        form, room = self._room.form, self._room
        new = form.sheet is not None and not form.sheet.id and form.sheet.kind == "person"
        if not new or form.body is None or room.offers.quiet or room.drafts.direct is not None:
            return (), ""
        told = form.body.typed()
        names = [told[name] for name in _NAMES if isinstance(told.get(name), str)]
        year = _YEAR.search(str(told.get("born") or ""))
        return tuple([name.strip() for name in names if name.strip()]), year.group() if year else ""

    def show_found(self, asked: object, found: list[tuple[bytes, str]]) -> None:
        """Show who it may be, unless something else stands in the form by now."""
        empty(self._rows)
        if asked != self.typed():
            found = []
        for record, name in found:
            look = button(self._room.desk.words, "record.alike_open", partial(self._room.open, record), look="link")
            line = row(label(name, wrap=True), look)
            line.setStretch(0, 1)
            self._rows.addLayout(line)
        self.card.setVisible(bool(found))

    def _ask(self) -> None:
        asked = self.typed()
        names, year = asked
        if not names:
            self.show_found(asked, [])
            return

        def read(session: Session, _progress: Progress) -> list[tuple[bytes, str]]:
            naming = Naming(session)
            return [(one, naming.of(one) or "…") for one in proposing.alike(session, names, year)]

        def failed(_error: KzdocError) -> None:
            self.show_found(asked, [])  # it is a hint; whatever else fails is told there

        self._room.desk.tasks.read(
            read,
            done=lambda found: self.show_found(asked, found),
            failed=failed,
            owner=self,
            latest="record-alike",
        )
