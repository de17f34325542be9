"""What was joined, at the merge desk: looked at again, parted with one button, taken back; nothing is lost."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kzdoc import casework, joining
from kzdoc.casework import Change
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, on_stage, texts
from ui.screens import doubles_joined
from ui.screens.doubles_joined import JoinedPane
from ui.screens.merge import MergeRoom


def test_a_joining_is_parted_and_taken_back_and_everything_stays(office, theme, qtbot) -> None:  # noqa: F811
    one, other, third = (office.write("coordinator", name) for name in ("Тестов Максат", "Maks Testov", "Тестов М."))
    with office.at("coordinator") as session:
        held = [casework.add(session, "detention", [Change("person", "set", each)]) for each in (one, other)]
        joining.same_person(session, one, other)
        joining.same_person(session, other, third)
        assert joining.groups(session) == [sorted([one, other, third])]
    with on_stage(office, "coordinator", MergeRoom, theme, qtbot) as stage:
        assert "Соединённые" in [each.text() for each in stage.room.findChildren(type(stage.room.take_button))]
        assert stage.room._waiting.first() == "", "what is joined asks for nothing"
        QTest.keyClick(stage.room, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
        calm(qtbot, stage.desk)
        pane = stage.room.pane
        assert isinstance(pane, JoinedPane)
        assert "Maks Testov" in texts(pane)
        assert set(pane.buttons) == {one, other, third}
        qtbot.mouseClick(pane.buttons[other], Qt.MouseButton.LeftButton)
        calm(qtbot, stage.desk)
        assert stage.notices[-1] == "Разъединено. Все записи целы, с файлами."
        assert set(stage.room.pane.buttons) == {one, third}, "the others stay joined"
        stage.undo[-1]()
        calm(qtbot, stage.desk)
        assert set(stage.room.pane.buttons) == {one, other, third}
        for _ in range(2):  # of three one leaves, then one of two
            qtbot.mouseClick(stage.room.pane.buttons[min(stage.room.pane.buttons)], Qt.MouseButton.LeftButton)
            calm(qtbot, stage.desk)
        assert stage.room.pane.buttons == {}
        assert "Ничего не соединено." in texts(stage.room.pane)
    with office.at("coordinator") as session:
        assert joining.groups(session) == []
        for detention, each in zip(held, (one, other), strict=True):
            assert casework.state(session, detention).values("person") == [each], "what belongs to each stays with it"


def test_what_is_joined_beyond_the_first_is_counted_and_shown_when_asked(office, theme, qtbot, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setattr(doubles_joined, "_SHOWN", 2)
    with office.at("coordinator") as session:
        for number in range(5):
            one, other = (
                casework.add(session, "person", [Change("name_kk", "set", f"Тестов {name}{number}")]) for name in "АБ"
            )
            joining.same_person(session, one, other)
    with on_stage(office, "coordinator", MergeRoom, theme, qtbot) as stage:
        QTest.keyClick(stage.room, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
        calm(qtbot, stage.desk)
        pane = stage.room.pane
        assert isinstance(pane, JoinedPane)
        for shown, more in ((2, "3"), (4, "1")):
            assert len(pane.buttons) == 2 * shown
            assert pane.more_button is not None
            assert pane.more_button.text().endswith(f": {more}")
            qtbot.mouseClick(pane.more_button, Qt.MouseButton.LeftButton)
            calm(qtbot, stage.desk)
        assert len(pane.buttons) == 10
        assert pane.more_button is None
