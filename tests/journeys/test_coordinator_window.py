"""A coordinator's day at the window: lists of three monitors settled by keyboard alone, a double joined and parted.

Real key events, a real vault behind the worker; everybody here is invented.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kzdoc import casework, joining, lists, proposing
from kzdoc.casework import Change
from kzdoc.exchange import receipting
from kzdoc.ledger.revision import NewEntry, NewStatement
from tests.corpus import latin
from tests.corpus.sentences import people
from tests.field_office import COORDINATOR, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, drop, on_stage, press, texts
from ui.screens.doubles_lists import OPEN, ListsPane
from ui.screens.doubles_pairs import PairPane
from ui.screens.merge import MergeRoom
from ui.theme import Theme
from ui.widgets.file_choice import DropTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kzdoc.session import Session
    from tests.field_office import Office

THEMES: list[Theme] = []
TITLES = ("Митинг на площади", "Алаңдағы митинг", "Задержания на площади")


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    if not THEMES:
        THEMES.append(Theme(qapp, mode="light"))
    THEMES[0].watch.forget()
    THEMES[0].watch_wheel()
    yield THEMES[0]
    THEMES[0].watch.forget()


def write_lists(session: Session, chance: random.Random, rows: int) -> tuple[list[bytes], dict[bytes, str]]:
    """Write one event as three monitors would, ``rows`` people each; return the events, and who is who in truth."""
    crowd = [one for one in people() if one.names.surname and one.ru.surname]
    met = chance.sample(crowd, min(len(crowd), rows * 4 // 3))
    who: dict[bytes, str] = {}
    events = []
    for title in TITLES:
        entries = []
        for one in chance.sample(met, rows):
            names = chance.choice((one.names, one.ru))
            written = f"{names.surname} {names.name}"
            if chance.random() < 0.3:
                written = latin.spell(f"{one.ru.surname} {one.ru.name}", "passport")
            elif chance.random() < 0.1:
                written = f"{names.surname} {names.name[:1]}."
            entries.append(NewEntry(session.randomness(16), "person", (NewStatement("name_ru", written),)))
            who[entries[-1].record] = one.id
        session.write(entries)
        listed = [entry.record for entry in entries]
        changes = [
            Change("title", "set", title),
            Change("date", "set", "2026-11-17"),
            Change("region", "set", "almaty"),
        ]
        events.append(casework.add(session, "event", [*changes, *[Change("persons", "add", one) for one in listed]]))
    while proposing.look(session).records:
        pass
    return events, who


def key(widget: Any, which: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, which, modifier)


@pytest.mark.parametrize("rows", [10, pytest.param(60, marks=pytest.mark.long)])
def test_three_lists_are_settled_by_keyboard_alone(rows: int, office: Office, theme: Theme, qtbot: Any) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        events, who = write_lists(session, random.Random(5), rows)
    with on_stage(office, "coordinator", MergeRoom, theme, qtbot) as stage:
        key(stage.room, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
        calm(qtbot, stage.desk)
        pane = stage.room.pane
        assert isinstance(pane, ListsPane)
        assert [event.people for event in pane._sets[0].events] == [rows] * 3
        table, lines = pane.table, pane.table.lines
        table.setFocus()
        asked = 0
        while OPEN in lines.said.values():
            key(table, Qt.Key.Key_Return)  # to the next row nobody has said anything of
            number = table.currentIndex().row()
            truth = {who[one] for one in lines.line(number).people if one}
            key(table, Qt.Key.Key_1 if len(truth) == 1 else Qt.Key.Key_2)
            asked += 1
            assert asked <= len(lines.said)
        for number in sorted(lines.said):  # a look at every row, and a wrong one is said to be two
            table.selectRow(number)
            if len({who[one] for one in lines.line(number).people if one}) > 1:
                key(table, Qt.Key.Key_2)
        assert asked < rows, "most rows are shown as one and only looked at"
        key(table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        calm(qtbot, stage.desk)
        assert stage.undo[-1] is not None
        assert "Списки соединены" in stage.notices[-1]
    with office.at("coordinator") as session:
        assert set(joining.group(session, events[0])) == set(events)
        found = {frozenset(joining.group(session, one)) for one in who}
        assert all(len({who[one] for one in each}) == 1 for each in found), "nobody was joined with somebody else"
        truth = [{one for one in who if who[one] == person} for person in set(who.values())]
        joined = sum(frozenset(each) in found for each in truth)
        assert joined >= 0.9 * len(truth)
        while proposing.look(session).records:
            pass
        assert lists.lists(session) == []


def test_a_double_is_joined_taken_back_and_joined_again(office: Office, theme: Theme, qtbot: Any) -> None:  # noqa: F811
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    one = office.write("coordinator", "Тестов Максат", born="1973")
    other = office.write("monitor", "Maks Testov", born="1973", work_notes="x")
    with office.at("monitor") as session:
        casework.change(session, other, [Change("aliases", "add", "Maksat Testov")])
    bundle = office.send("monitor", "coordinator", "first.kzbundle")
    with on_stage(office, "coordinator", MergeRoom, theme, qtbot, lang="kk") as stage:
        drop(stage.room.findChild(DropTarget), bundle)
        calm(qtbot, stage.desk)
        key(stage.room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        calm(qtbot, stage.desk)
        assert bundle.with_name(bundle.name + ".receipt").exists()
        pane = stage.room.pane
        assert isinstance(pane, PairPane)
        shown = texts(pane)
        assert "Тестов Максат" in shown
        assert "Туған жылы бір: 1973." in shown
        key(stage.room, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
        calm(qtbot, stage.desk)
        assert stage.room._waiting.people == 0
        stage.undo[-1]()
        calm(qtbot, stage.desk)
        assert stage.room._waiting.people == 1
        stage.room.open_work("people")
        calm(qtbot, stage.desk)
        press(qtbot, stage.room, stage.desk.words.say("doubles.join"))
        calm(qtbot, stage.desk)
    with office.at("coordinator") as session:
        assert set(joining.group(session, one)) == {one, other}
        assert casework.state(session, other).value("name_ru") == "Maks Testov"
    with office.at("monitor") as session:
        receipt = bundle.with_name(bundle.name + ".receipt").read_bytes()
        assert receipting.take_receipt(session, receipt)["from"] == COORDINATOR
