"""The Record room: undo, history, removing, conflicts, what is withheld."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from kzdoc import casework, withholding
from tests.ui.record_stage import Stage, add, begin, button, click, write
from ui.screens.record_scenes import disagree, said
from ui.widgets.conflict_card import ConflictCard
from ui.widgets.marks import WithheldChip

if TYPE_CHECKING:
    pass

# -- undo, history, removing --------------------------------------------------------------------------------------


def test_a_save_is_undone_from_the_toast_and_the_undoing_too(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.go(record)
    stage.fill("occupation", "ұстаз")
    stage.save()
    assert stage.ask(lambda at: at.records.record(record)).value("occupation") == "ұстаз"
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).value("occupation") is None
    assert stage.row("occupation").slot.typed() == ""
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.row("occupation").slot.typed() == "ұстаз"


def test_undoing_the_first_save_takes_the_record_out_of_the_list_and_history_brings_it_back(stage: Stage) -> None:
    begin(stage, "person")
    stage.fill("name_kk", "Тестов Данияр")
    stage.save()
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.names() == []
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.names() == ["Тестов Данияр"]


def test_history_shows_every_revision_and_sets_one_aside(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.go(record)
    stage.fill("occupation", "ұстаз")
    stage.save()
    QTest.keyClick(stage.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    page = stage.room.history_page
    assert page.isVisible()
    click(button(page, stage.desk.words.say("record.set_aside")))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).value("occupation") is None
    click(button(page, stage.desk.words.say("record.bring_back")))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).value("occupation") == "ұстаз"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert stage.room.form.isVisible()


def test_a_record_is_removed_for_a_reason_and_brought_back(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.go(record)
    words = stage.desk.words
    click(button(stage.room.form.head, words.say("record.remove")))
    stage.settle()
    go = button(stage.room.form.head, words.say("record.remove_now"))
    assert not go.isEnabled()
    write(stage.room.form.head.findChild(QLineEdit), "екі рет жазылған")
    click(go)
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).removed
    assert stage.names() == []
    click(button(stage.room.form.head, words.say("record.bring_back")))
    stage.settle()
    assert stage.names() == ["Тестов Данияр"]


# -- conflicts and what is withheld -------------------------------------------------------------------------------


def test_a_conflict_shows_both_values_side_by_side_and_is_settled(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", occupation="ұстаз")
    stage.ask(lambda at: disagree(at, record, "occupation", "мұғалім", "дәрігер", by="«Алматы-2» мониторы"))
    stage.go(record)
    card = stage.row("occupation").findChild(ConflictCard)
    texts = {one.text() for one in card.findChildren(type(stage.row("occupation").name))}
    assert {"мұғалім", "дәрігер", stage.desk.words.say("record.you")} <= texts
    assert any("Алматы-2" in text for text in texts)
    assert not stage.entry("occupation").isVisible()
    statements = {one.value: one for one in stage.room.form.sheet.fields["occupation"]}
    place = list(statements).index("дәрігер")
    click(button(card, stage.desk.words.say("conflict.keep", n=place + 1)))
    stage.settle()
    state = stage.ask(lambda at: at.records.record(record))
    assert state.values("occupation") == ["дәрігер"]
    assert not state.conflicts
    assert stage.entry("occupation").isVisible()
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).conflicts == {"occupation"}


def test_a_third_value_settles_too(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", occupation="ұстаз")
    stage.ask(lambda at: disagree(at, record, "occupation", "мұғалім", "дәрігер", by="Б"))
    stage.go(record)
    card = stage.row("occupation").findChild(ConflictCard)
    write(card.entry, "суретші")
    click(button(card, stage.desk.words.say("conflict.write", n=3)))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).values("occupation") == ["суретші"]


def test_what_is_withheld_says_so_with_its_reason(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", occupation="ұстаз")
    stage.ask(lambda at: withholding.withhold(at, record, ["occupation"], "not_shared"))
    stage.go(record)
    chips = stage.room.form.findChildren(WithheldChip)
    assert [chip.accessibleName() for chip in chips if chip.isVisible()] == [
        stage.desk.words.say("withheld.not_shared")
    ]
    assert stage.row("occupation").slot.typed() == ""


def test_a_value_changed_under_what_is_typed_is_told_and_what_is_typed_stays(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", occupation="ұстаз")
    stage.go(record)
    stage.entry("occupation").clear()  # type: ignore[attr-defined]
    stage.fill("occupation", "дәрігер")
    stage.tasks.write(lambda at, _: casework.change(at, record, said(occupation="мұғалім", sex="male")))
    stage.settle()
    assert stage.row("occupation").slot.typed() == "дәрігер"
    assert "мұғалім" in stage.row("occupation").note.text()
    assert stage.row("sex").slot.typed() == "male"
