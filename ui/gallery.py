"""Every part of the desk on one page, and the scenes of which pictures are made. All people in it are invented."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

from ui.main_window import MainWindow
from ui.models import RecordList, Row
from ui.room import Room, TitledPage
from ui.rooms import ROOMS
from ui.unlock_window import UnlockWindow
from ui.widgets.answers import Answers
from ui.widgets.banner import Banner, Notice
from ui.widgets.basics import Card, button, column, icon_button, row, scrolled
from ui.widgets.chips import Facet, FacetChips
from ui.widgets.conflict_card import ConflictCard, Side
from ui.widgets.entry import Choice, LineEntry, TextEntry
from ui.widgets.file_choice import DropTarget, FileChoice
from ui.widgets.form_row import FormGrid, FormRow
from ui.widgets.marks import LimitBadge, StateMark, WithheldChip

if TYPE_CHECKING:
    from ui.surroundings import Surroundings

Build = Callable[["Surroundings"], QWidget]


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: a name for its file and what builds its window; ``arrange`` is called once it is shown."""

    name: str
    build: Build
    arrange: Callable[[QWidget], None] = lambda _window: None


def rows() -> list[Row]:
    """Return some records as a list shows them."""
    told = (
        ("Тестов Данияр", "Ұстау · бүгін 11:20 · Алматы", "only_here", "passed", "Мерзімі 12 минут бұрын өтті"),
        ("Сынақова Айгүл", "Ұстау · кеше 16:05 · Алматы", "sent", "later", "25 сағ 33 мин қалды"),
        ("Үлгіқызы Әсем", "Айғақ · 15 қараша · 2 үзінді", "receipted", "", ""),
        (
            "Женщина, около 40, красная куртка и очень длинное описание",
            "Задержание · сегодня 13:50",
            "only_here",
            "soon",
            "38 мин",
        ),
        ("Мысалов Ғалым", "Ұстау · 12 қараша · босатылды", "receipted", "", ""),
        ("Өңірова Жұлдыз", "Айғақ · 11 қараша · аудармашымен", "receipted", "", ""),
        ("Образцов Марат", "Задержание · где находится, неизвестно", "sent", "unknown", "Срок не рассчитать"),
    )
    return [
        Row(bytes([number]) * 16, name, line, state, standing, limit)
        for number, (name, line, state, standing, limit) in enumerate(told)
    ]


class GalleryRoom(Room):
    """All widgets, one under the other."""

    def __init__(self, desk: Surroundings) -> None:
        super().__init__(desk)
        words, theme = desk.words, desk.theme
        page = TitledPage(desk, "rail.record")
        page.show_line("Тестов Данияр · Ұстау")
        page.verbs.addWidget(button(words, "action.undo", _nothing))
        page.verbs.addWidget(button(words, "unlock.open", _nothing, look="main", theme=theme, icon="add"))
        page.column.addWidget(Banner(words, theme, Notice("b", "ok", "unlock.locked"), _nothing))
        page.column.addLayout(self._marks())
        page.column.addWidget(self._facets())
        page.column.addWidget(self._form())
        sides = (
            Side(
                "Сіз",
                "бүгін 14:32, осы ноутбук",
                "шамамен 11:20",
                "11:10–11:30",
                "Туысы, телефон арқылы.",
                "екінші қолдан",
                "only_here",
            ),
            Side(
                "«Алматы-2» мониторы",
                "бүгін 12:55",
                "11:35",
                "минутына дейін",
                "Куәгер, бетпе-бет.",
                "куәгер",
                "verified",
            ),
        )
        page.column.addWidget(ConflictCard(words, theme, sides, moves="14:20 / 14:35"))
        drop = DropTarget(words, theme, "files", "files.drop")
        drop.body.addLayout(row(button(words, "files.choose", _nothing), None))
        page.column.addWidget(drop)
        page.column.addWidget(self._list())
        self.setLayout(column(self.banners, scrolled(page), spacing=0))

    def _marks(self) -> QLayout:
        words, theme = self.desk.words, self.desk.theme
        return column(
            row(*[StateMark(words, theme, state) for state in ("only_here", "sent", "receipted")], None, spacing=16),
            row(
                LimitBadge(theme, "passed", "Просрочено на 12 мин"), LimitBadge(theme, "soon", "Осталось 38 мин"), None
            ),
            row(LimitBadge(theme, "later", "2 ч 18 мин"), LimitBadge(theme, "unknown", "Срок не рассчитать"), None),
            row(WithheldChip(words, theme, "withheld.name"), WithheldChip(words, theme, "withheld.no_basis"), None),
        )

    def _facets(self) -> FacetChips:
        chips = FacetChips(self.desk.words, self.desk.theme)
        names = (
            "Ұстау",
            "Тек осында",
            "Мерзімі өткен",
            "Қараша",
            "Алматы",
            "Астана",
            "Айғақ",
            "Ақтөбе облысы",
            "Жетісу",
        )
        chips.show_facets([Facet(name, name, number, on=number == 0) for number, name in enumerate(names)])
        return chips

    def _form(self) -> Card:
        words, theme = self.desk.words, self.desk.theme
        card = Card()
        grid = FormGrid()
        told: tuple[tuple[QWidget, str, str, str], ...] = (
            (LineEntry("date"), "Нақты ұсталған уақыты", "17.11.2026, 11:10–11:30. Мерзім осы сәттен есептеледі.", ""),
            (LineEntry("date"), "Хаттама жасалған уақыты", "", "«35:90» деген уақыт болмайды."),
            (Choice(), "Кто прочтёт", "Что видно суду, решает профиль «суд».", ""),
            (LineEntry("phone"), "Телефон", "Никогда не выходит наружу.", ""),
        )
        for field, name, reason, error in told:
            form_row = grid.add(FormRow(field))
            form_row.set_name(name)
            form_row.set_reason(reason)
            form_row.set_error(error)
            if isinstance(field, Choice):
                field.show_choices([("court", "Суд"), ("public", "Все")])
        answers = grid.add(FormRow(Answers(words, theme), wide=True))
        answers.set_name("Туыстарына хабарланды ма?")
        answers.set_reason("ҚПК 135-бап: кідіріссіз.")
        text = grid.add(FormRow(TextEntry(), wide=True))
        text.set_name("Не болды")
        card.body.addWidget(grid)
        card.body.addLayout(row(icon_button(words, theme, "eye", "unlock.reveal", _nothing), None))
        return card

    def _list(self) -> RecordList:
        made = RecordList(self.desk.words, self.desk.theme)
        made.rows.show_rows(rows())
        made.choose(bytes(16))
        made.setMinimumHeight(460)
        return made


def _nothing() -> None:
    return None


def _window(room: str, *, role: str = "coordinator") -> Build:
    def build(desk: Surroundings) -> QWidget:
        window = MainWindow(desk, ROOMS, role=role)
        window.show_room(room)
        return window

    return build


def _gallery(desk: Surroundings) -> QWidget:
    entries = [replace(entry, build=GalleryRoom) if entry.id == "record" else entry for entry in ROOMS]
    window = MainWindow(desk, entries, role="coordinator")
    window.show_room("record")
    return window


def _scroll_down(window: QWidget) -> None:
    for area in window.findChildren(QScrollArea):
        area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())


def _toast(window: QWidget) -> None:
    if isinstance(window, MainWindow):
        window.desk.notice("notice.removed", undo=_nothing)


def _palette(window: QWidget) -> None:
    if isinstance(window, MainWindow):
        window.desk.keys.command("palette").run()


def _unlock(why: str, panel: str) -> Build:
    def build(desk: Surroundings) -> QWidget:
        window = UnlockWindow(desk.words, desk.theme, version="0.1.0")
        window.show_place(Path("/home/user/kzdoc"))
        if why:
            window.say("ok" if why == "locked" else "info", f"unlock.{why}")
        window.show_panel(panel)
        if why == "differ":
            window.say_nothing()
            window.create_panel.complain("create.differ")
        if why == "enough":
            window.recover_panel.show_taken([""] * 3, 0)
            window.say_nothing()
            window.fit()
        return window

    return build


def _file_choice(desk: Surroundings) -> QWidget:
    return FileChoice(desk.words, desk.theme, wanted="files", start=Path("/usr/share"))


SCENES: tuple[Scene, ...] = (
    Scene("unlock", _unlock("", "open")),
    Scene("unlock-locked", _unlock("locked", "open")),
    Scene("unlock-crashed", _unlock("crashed", "open")),
    Scene("unlock-create", _unlock("", "create")),
    Scene("unlock-differ", _unlock("differ", "create")),
    Scene("unlock-recover", _unlock("", "recover")),
    Scene("unlock-recover-enough", _unlock("enough", "recover")),
    Scene("parts", _gallery),
    Scene("parts-below", _gallery, _scroll_down),
    Scene("palette", _window("today"), _palette),
    Scene("toast", _window("today", role="monitor"), _toast),
    Scene("files", _file_choice),
    *[Scene(f"room-{entry.id}", _window(entry.id)) for entry in ROOMS],
)
