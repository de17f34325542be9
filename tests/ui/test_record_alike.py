"""A hint while a new person is written down: it stands aside, compares names and years alone, and waits for a pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kzdoc import joining, proposing
from tests.ui.record_stage import Stage, add, begin
from tests.ui.room_stage import texts
from ui.screens import record_alike

if TYPE_CHECKING:
    from kzdoc.session import Session


def filed(session: Session) -> None:
    while proposing.look(session).records:
        pass


def pause(stage: Stage) -> None:
    QTest.qWait(record_alike.WAIT_MS + 100)
    stage.settle()


def where(stage: Stage) -> QPoint:
    """Return where the field one types in stands on the screen."""
    return stage.entry("born").mapToGlobal(QPoint(0, 0))


def test_somebody_with_that_name_and_year_is_told_aside_and_nothing_waits_for_it(stage: Stage) -> None:
    add(stage, "person", name_ru="Тестова Айгерим", born="1988")
    add(stage, "person", name_ru="Мысалов Ғалым", born="1970")
    stage.ask(filed)
    begin(stage, "person")
    stage.fill("name_kk", "Тестова Айгерім")
    assert not stage.room.alike.card.isVisible(), "not while one types"
    stage.fill("born", "1988")
    QTest.qWait(100)  # the window scrolls to where one types
    before = where(stage)
    pause(stage)
    assert "Тестова Айгерим" in texts(stage.room.alike.card)
    assert "Мысалов" not in texts(stage.room.alike.card)
    assert where(stage) == before, "the form stays"
    QTest.keyClick(stage.entry("born"), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    stage.fill("born", "1950")
    pause(stage)
    assert not stage.room.alike.card.isVisible(), "a namesake born elsewhen is another person"
    assert stage.ask(lambda at: at.store.near.left()) == 0, "nothing was filed"


def test_in_an_interview_and_in_other_forms_nothing_is_asked(stage: Stage) -> None:
    add(stage, "person", name_ru="Тестова Айгерим", born="1988")
    stage.ask(filed)
    begin(stage, "person")
    stage.room.offers.set_quiet(quiet=True)
    stage.fill("name_kk", "Тестова Айгерім")
    pause(stage)
    assert stage.room.alike.typed() is None
    assert not stage.room.alike.card.isVisible()
    stage.room.offers.set_quiet(quiet=False)
    begin(stage, "event")
    assert stage.room.alike.typed() is None


def test_an_event_of_that_day_and_place_is_told(stage: Stage) -> None:
    add(
        stage,
        "event",
        title="Митинг на площади Примерной",
        date="2026-03-05",
        place="площадь Примерная",
        region="KZ-75",
    )
    add(
        stage,
        "event",
        title="Митинг на площади Примерной",
        date="2024-03-05",
        place="площадь Примерная",
        region="KZ-75",
    )
    stage.ask(filed)
    begin(stage, "event")
    stage.fill("title", "Митинг, площадь Примерная")
    pause(stage)
    assert not stage.room.alike.card.isVisible(), "without a day any event may be it"
    stage.fill("date", "2026-03-05")
    stage.fill("place", "Примерная площадь")
    pause(stage)
    assert texts(stage.room.alike.card).count("Митинг на площади Примерной") == 1
    assert stage.desk.words.say("record.alike_why_event") in texts(stage.room.alike.card)


def test_who_is_edited_is_compared_when_the_name_is_and_not_with_whom_it_is_joined(stage: Stage) -> None:
    known = add(stage, "person", name_ru="Тестова Айгерим", born="1988")
    one = add(stage, "person", name_ru="Сынақова", born="1988")
    stage.ask(filed)
    stage.go(one)
    stage.fill("occupation", "учитель")
    pause(stage)
    assert stage.room.alike.typed() is None, "nothing that is compared was typed"
    stage.fill("name_kk", "Тестова Айгерім")
    pause(stage)
    assert "Тестова Айгерим" in texts(stage.room.alike.card)
    stage.ask(lambda at: joining.same_person(at, one, known))
    stage.fill("name_kk", " ")
    pause(stage)
    assert not stage.room.alike.card.isVisible(), "that is decided"


def test_a_detention_of_that_person_on_that_day_is_told(stage: Stage) -> None:
    person = add(stage, "person", name_ru="Тестов Данияр")
    add(stage, "detention", person=person.hex(), actual_time="2026-03-05T10:00+05:00")
    one = add(stage, "detention", person=person.hex(), actual_time="2026-04-01")
    stage.go(one)
    entry = stage.entry("actual_time")
    QTest.keyClick(entry, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    stage.fill("actual_time", "2026-03-06")
    pause(stage)
    assert not stage.room.alike.card.isVisible()
    QTest.keyClick(entry, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    stage.fill("actual_time", "2026-03-05")
    pause(stage)
    assert texts(stage.room.alike.card).count("Тестов Данияр") == 1
