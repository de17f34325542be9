"""A hint while one writes: this person, event or detention may be here already. It stands aside and asks for nothing.

Rules: of people names and the year of birth are compared, of events title, day, place, region and type, of detentions
the person and the day; in this vault alone, and only when something of that was typed. It is asked a moment after the
last key, off the window's thread, and an answer that is late is dropped. What is joined already or was found to be
different is not told. In an interview, and of what is sealed from the first word, nothing is asked. What one types in
never moves for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from kzdoc import proposing
from kzdoc.analysis.occasions import Occasion
from kzdoc.browsing import Naming
from kzdoc.errors import InputError
from ui.screens.panes import empty
from ui.widgets.basics import Card, button, column, label, row, said

if TYPE_CHECKING:
    from kzdoc.errors import KzdocError
    from kzdoc.progress import Progress
    from kzdoc.session import Session
    from ui.screens.record import RecordRoom
    from ui.screens.record_row import FieldRow

WAIT_MS = 600
_NAMES = ("name_kk", "name_ru", "name_latin", "aliases")
_COMPARED = {
    "person": (*_NAMES, "born"),
    "event": ("title", "date", "place", "region", "type"),
    "detention": ("person", "actual_time"),
}
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared: the kind, the record that is edited (empty for a new one), and its values by field."""

    kind: str
    record: bytes
    said: tuple[tuple[str, tuple[str, ...]], ...]


def look(session: Session, asked: Asked) -> list[bytes]:
    """Return what may be the same; runs on the worker."""
    said = dict(asked.said)
    if asked.kind == "person":
        names = [name.strip() for field in _NAMES for name in said.get(field, ()) if name.strip()]
        year = _YEAR.search(" ".join(said.get("born", ())))
        return proposing.alike(session, names, year.group() if year else "", but=asked.record) if names else []
    if asked.kind == "event":
        title, day, place = (" ".join(said.get(field, ())) for field in ("title", "date", "place"))
        event = Occasion(b"", title, day, place, frozenset(said.get("region", ())), frozenset(said.get("type", ())))
        return proposing.alike_events(session, event, but=asked.record)
    return [
        one
        for person in said.get("person", ())
        for time in said.get("actual_time", ())
        for one in proposing.same_day(session, bytes.fromhex(person), time, but=asked.record)
    ]


def _value(row: FieldRow) -> tuple[str, ...]:
    """Return what stands in a row, a record by its id in hexadecimal digits; nothing while it cannot be read."""
    try:
        value = row.value()
    except InputError:
        return ()
    several = value if isinstance(value, list) else [value]
    return tuple([one.hex() if isinstance(one, bytes) else str(one) for one in several if one not in (None, "")])


class AlikeHint(QObject):
    """Lives beside the form; its card stands under the story."""

    def __init__(self, room: RecordRoom) -> None:
        super().__init__(room)
        self._room = room
        self.card = Card()
        self.card.body.addWidget(said(room.desk.words, "record.alike", bold=True, wrap=True))
        self._rows = column(spacing=4)
        self.card.body.addLayout(self._rows)
        self._why = label(size="small", tone="quiet", wrap=True)
        room.desk.words.put(self._why.setText, "record.alike_why_person")
        self.card.body.addWidget(self._why)
        self.card.hide()
        room.side.put_under_story(self.card)
        self._wait = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._wait.timeout.connect(self._ask)
        room.form.edited.connect(self._wait.start)

    def typed(self) -> Asked | None:
        """Return what stands in the form and is compared, None where nothing of it was typed or nothing is asked."""
        form, room = self._room.form, self._room
        if form.sheet is None or form.body is None or room.offers.quiet or room.drafts.direct is not None:
            return None
        compared = _COMPARED.get(form.sheet.kind, ())
        if not form.body.typed().keys() & set(compared):
            return None
        said = {name: _value(form.body.rows[name]) for name in compared if name in form.body.rows}
        return Asked(form.sheet.kind, form.sheet.id, tuple([(name, one) for name, one in said.items() if one]))

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
        if isinstance(asked, Asked):
            self._room.desk.words.put(self._why.setText, f"record.alike_why_{asked.kind}")
        self.card.setVisible(bool(found))

    def _ask(self) -> None:
        asked = self.typed()
        if asked is None:
            self.show_found(asked, [])
            return

        def read(session: Session, _progress: Progress) -> list[tuple[bytes, str]]:
            naming = Naming(session)
            return [(one, naming.of(one) or "…") for one in look(session, asked)]

        def failed(_error: KzdocError) -> None:
            self.show_found(asked, [])  # it is a hint; whatever else fails is told there

        self._room.desk.tasks.read(
            read,
            done=lambda found: self.show_found(asked, found),
            failed=failed,
            owner=self,
            latest="record-alike",
        )
