"""Scenes of corrections: what changed since it left, on Today, and the notice for each reader; invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kzdoc.correcting import Other, Overtaken, Reader
from kzdoc.domain.audience import Audience
from kzdoc.language import Text
from ui.gallery import Scene
from ui.screens.publish_corrections import subject_of
from ui.screens.publish_paper import Shown
from ui.screens.publish_parts import Subject
from ui.screens.today import TodayRoom, Waits

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.screens.merge_scenes import RoomOf
    from ui.screens.publish import PublishRoom

_COURT = Text("District court No. 2, Almaty", "Районный суд № 2, Алматы", "Алматы қ. № 2 аудандық сот")
_WHY = Text("Complaint about the detention", "Жалоба на задержание", "Ұстауға шағым")
_FACTS = Other(1, 0, ("identity", "open"))


def _gave(lang: str, number: int, name: str, other: Other, *, root: int = 1, **more: Any) -> Overtaken:
    audience = Audience.COURT if number % 2 else Audience.LAWYER
    paper, day = bytes([number]) * 32, f"2026-11-{10 + number:02}"
    case = b"" if "of" in more else bytes([root]) * 16
    told = {"template": "case-file", "withdrawn": False, "root": case, **more}
    return Overtaken(paper, day, audience, name, _WHY.to(lang), lang=lang, export=number, other=other, **told)


def _overtaken(lang: str) -> tuple[Overtaken, Overtaken, Overtaken]:
    """Return papers of two cases that say what no longer holds."""
    return (
        _gave(lang, 3, _COURT.to(lang), _FACTS),
        _gave(lang, 2, "Сынақова Айгүл", _FACTS),
        _gave(lang, 1, "Мысалов Ғалым", Other(), root=2, withdrawn=True),
    )


def _tables(lang: str) -> tuple[Overtaken, Overtaken]:
    """Return a table and numbers that say what no longer holds."""
    lines = Other(consents=True, lost=(2, 7), otherwise=(11,), classes=("identity",))
    people = _gave(lang, 6, _COURT.to(lang), lines, of=("detention",), template="table")
    asked = ("detention", "region", "persons", "2026-01-01", "2026-06-30")
    return people, _gave(lang, 5, "Сынақова Айгүл", Other(numbers=3), of=asked, template="count")


def _today_tables(room: TodayRoom, lang: str) -> None:
    counts = {"waiting": 0, "conflicts": 0, "records": 41}
    room.show_today(Waits(counts, (), (), {"receipted": 41}, overtaken=_tables(lang)))


def _today(room: TodayRoom, lang: str) -> None:
    counts = {"waiting": 0, "conflicts": 0, "records": 41}
    room.show_today(Waits(counts, (), (), {"receipted": 41}, overtaken=_overtaken(lang)))


def correction_scenes(room: RoomOf, paper: Callable[[], Any]) -> tuple[Scene, ...]:
    """Return the scenes; ``room`` builds a window at a room and arranges it, ``paper`` a stand-in for a paper."""

    def notice(publish: PublishRoom, lang: str) -> None:
        first, second, _ = _overtaken(lang)
        kept = _gave(lang, 4, "Үлгіқызы Әсем", Other())
        publish.choose(Subject(bytes(16), "person", "Тестов Данияр"), first)
        readers = (Reader(first, holds=False, notices=()), Reader(second, holds=False, notices=()))
        told = (*readers, Reader(kept, holds=True, notices=("2026-11-16",)))
        publish.show_paper(Shown(publish.form.wanted(), paper(), readers=told))

    def tables(publish: PublishRoom, lang: str) -> None:
        first, second = _tables(lang)
        publish.choose(subject_of(first, None, lang), first)
        readers = (Reader(first, holds=False, notices=()), Reader(second, holds=False, notices=()))
        publish.show_paper(Shown(publish.form.wanted(), paper(), readers=readers))

    return (
        Scene("today-corrections", room("today", _today)),
        Scene("today-corrections-tables", room("today", _today_tables)),
        Scene("publish-correction", room("publish", notice)),
        Scene("publish-correction-table", room("publish", tables)),
    )
