"""Scenes of tables and what is like them in Publish: asked, held back, written; all in them is invented."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kzdoc import telling
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS
from kzdoc.language import Text
from kzdoc.redaction.view import Withheld
from kzdoc.together import LINES, NUMBERS, Together
from ui.gallery import Scene
from ui.main_window import MainWindow
from ui.rooms import ROOMS
from ui.screens.outgoing import OutgoingRoom
from ui.screens.outgoing_numbers import ShownNumbers
from ui.screens.outgoing_outputs import NUMBERS as COUNTED
from ui.screens.outgoing_outputs import TABLE
from ui.screens.outgoing_page import Asked
from ui.screens.outgoing_table import Line, ShownTable
from ui.screens.publish_names import Question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.screens.outgoing_page import OutputPage
    from ui.surroundings import Surroundings

_COURT = Text("District court No. 2, Almaty", "Районный суд № 2, Алматы", "Алматы қ. № 2 аудандық сот")
_WHY = Text("Complaint about the detention", "Жалоба на задержание", "Ұстауға шағым")
_NAMES = ("[ПЕРСОНА-1]", "Тестов Данияр", "[ПЕРСОНА-2]", "[ПЕРСОНА-3]", "[ПЕРСОНА-4]")
_PLACES = Text("Almaty", "Алматы", "Алматы")
_WITHHELD = (Withheld("identity", "no-basis", 14, ""), Withheld("location", "profile", 9, ""))
_QUESTION = Question("Мысалов Ғалым", ("Мысалов Ғалым", "Мысалова Ғалыма"), 4, 2, "…рядом стоял Мысалов Ғалым, его…")


def outgoing(arrange: Callable[[OutgoingRoom, str], None]) -> Callable[[Surroundings], QWidget]:
    """Return what builds a window at Publish and arranges it."""

    def build(desk: Surroundings) -> QWidget:
        window = MainWindow(desk, ROOMS, role="coordinator")
        window.show_room("publish")
        room: Any = window.current()
        arrange(room, desk.words.lang)
        return window

    return build


def _asked(page: OutputPage, audience: Audience, lang: str, *, named: bool = True) -> None:
    page.form.audience.setCurrentIndex(page.form.audience.findData(audience.value))
    if named:
        page.form.recipient.setText(_COURT.to(lang))
        page.form.purpose.setText(_WHY.to(lang))
    page.form.say_reasons()


def _lines(lang: str) -> tuple[Line, ...]:
    of = KINDS["detention"]
    names = [of.field(name).label.to(lang) for name in ("person", "actual_time", "region")]
    return tuple(
        Line(name, tuple(zip(names, (name, f"2026-11-{day:02}", _PLACES.to(lang)), strict=True)))
        for day, name in enumerate(_NAMES, start=3)
    )


def _table(
    room: OutgoingRoom, lang: str, asked: Asked, audience: Audience = Audience.LAWYER, *, named: bool = True
) -> None:
    room.choose(TABLE)
    page = room.table
    page._settle.stop()  # noqa: SLF001 - no vault answers in a scene
    _asked(page, audience, lang, named=named)
    page.show_output(ShownTable(page.wanted(), lang, _lines(lang), 31, _WITHHELD, asked))


def _table_asks(room: OutgoingRoom, lang: str) -> None:
    found = (
        Together(LINES, "2026-03-02", Audience.LAWYER, _COURT.to(lang), 12, ("person", "region")),
        Together(NUMBERS, "2026-05-11", Audience.COURT, _COURT.to(lang), 2),
    )
    _table(room, lang, Asked((_QUESTION,), together=found), Audience.COURT)
    room.table.names.go_on()


def _table_written(room: OutgoingRoom, lang: str) -> None:
    _table(room, lang, Asked())
    file = "/media/stick/kzdoc-detention-lawyer.xlsx"
    room.table.show_written({"file": file, "signature": f"{file}.sig", "redaction": f"{file}.redaction"})


def _numbers(room: OutgoingRoom, lang: str) -> None:
    room.choose(COUNTED)
    page = room.numbers
    page._settle.stop()  # noqa: SLF001 - no vault answers in a scene
    _asked(page, Audience.COURT, lang)
    page.form.by.setCurrentIndex(page.form.by.findData("region"))
    page.form.since.setText("2026")
    rows = tuple((code, value, value) for code, value in (("KZ-75", 41), ("KZ-71", 23), ("KZ-79", 12), ("KZ-10", 7)))
    counted = telling.Asked("detention", "region", "records", "2026-01-01", "")
    told = telling.Told(counted, Audience.COURT, rows, {}, ("KZ-11", "KZ-19"), None, ())
    page.show_output(ShownNumbers(page.wanted(), told))


OUTGOING_SCENES: tuple[Scene, ...] = (
    Scene("table", outgoing(lambda room, lang: _table(room, lang, Asked(), named=False))),
    Scene("table-asks", outgoing(_table_asks)),
    Scene("table-written", outgoing(_table_written)),
    Scene("numbers", outgoing(_numbers)),
)
