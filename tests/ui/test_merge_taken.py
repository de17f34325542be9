"""Bundles that were taken in, at the merge desk: looked at before they are taken back, taken back, brought back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from kzdoc.exchange import incoming
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, on_stage, texts
from ui.screens import merge_taken
from ui.screens.merge import MergeRoom
from ui.screens.merge_taken import TakenPane


def people(office) -> int:  # noqa: F811
    with office.at("coordinator") as session:
        return session.records.counts().get("person", 0)


def test_a_bundle_is_looked_at_taken_back_by_key_and_brought_back(office, theme, qtbot) -> None:  # noqa: F811
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    office.write("monitor", "Сынақова Айгүл")
    with office.at("coordinator") as session:
        root = incoming.take(session, [office.send("monitor", "coordinator", "b.kzbundle")])["bundle"]
    with on_stage(office, "coordinator", MergeRoom, theme, qtbot) as stage:
        assert stage.room._waiting.first() == "", "what was taken in asks for nothing"
        QTest.keyClick(
            stage.room, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
        calm(qtbot, stage.desk)
        pane = stage.room.pane
        assert isinstance(pane, TakenPane)
        assert "Действует" in texts(pane)
        assert stage.room._why_no_main() == "taken.why_none"
        qtbot.mouseClick(pane.buttons[f"taken.take_back:{root}"], Qt.MouseButton.LeftButton)
        calm(qtbot, stage.desk)
        assert "Записей исчезнет: 1" in texts(pane)
        assert "Сынақова Айгүл — исчезнет" in texts(pane)
        assert pane.do_button.isVisible()
        assert pane.leave_button.hasFocus(), "what is dangerous waits for a choice"
        qtbot.mouseClick(pane.leave_button, Qt.MouseButton.LeftButton)
        calm(qtbot, stage.desk)
        assert "Действует" in texts(pane), "looking changes nothing"
        qtbot.mouseClick(pane.buttons[f"taken.take_back:{root}"], Qt.MouseButton.LeftButton)
        calm(qtbot, stage.desk)
        QTest.keyClick(stage.room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        calm(qtbot, stage.desk)
        assert stage.notices[-1] == "Пакет отменён. Ничего не удалено."
        assert "Отменён" in texts(stage.room.pane)
        stage.undo[-1]()
        calm(qtbot, stage.desk)
        assert "Действует" in texts(stage.room.pane)
        stage.room.pane.look(root)
        calm(qtbot, stage.desk)
        qtbot.mouseClick(stage.room.pane.do_button, Qt.MouseButton.LeftButton)
        calm(qtbot, stage.desk)
    assert people(office) == 0
    with on_stage(office, "coordinator", MergeRoom, theme, qtbot) as stage:
        stage.room.open_work("taken")
        calm(qtbot, stage.desk)
        qtbot.mouseClick(stage.room.pane.buttons[f"taken.bring:{root}"], Qt.MouseButton.LeftButton)
        calm(qtbot, stage.desk)
        assert "Действует" in texts(stage.room.pane)
    assert people(office) == 1


def test_older_bundles_are_shown_when_asked_for(office, theme, qtbot, monkeypatch) -> None:  # noqa: F811
    monkeypatch.setattr(merge_taken, "_SHOWN", 1)
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    for number in (1, 2):
        office.write("monitor", f"Сынақова {number}")
        with office.at("coordinator") as session:
            incoming.take(session, [office.send("monitor", "coordinator", f"{number}.kzbundle")])
    with on_stage(office, "coordinator", MergeRoom, theme, qtbot) as stage:
        stage.room.open_work("taken")
        calm(qtbot, stage.desk)
        pane = stage.room.pane
        assert len(pane.buttons) == 1
        [older] = [one for one in pane.findChildren(QPushButton) if one.text() == "Показать более ранние: 1"]
        qtbot.mouseClick(older, Qt.MouseButton.LeftButton)
        calm(qtbot, stage.desk)
        assert len(pane.buttons) == 2
        assert "Показать более ранние" not in texts(pane)
