"""Some of a bundle at the merge desk: ticks by record and by kind, what is named and not ticked, what stays out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.exchange import incoming, quarantine
from kzdoc.exchange.arriving import Choice
from tests.field_office import MONITOR, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, drop, on_stage, press, texts
from ui.messages import Words
from ui.screens.asking import Asking
from ui.screens.merge import MergeRoom
from ui.screens.merge_some import SomeView
from ui.widgets.file_choice import DropTarget

MANY = 10_000


@pytest.fixture
def merge(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's merge desk."""
    return lambda lang="ru": on_stage(office, "coordinator", MergeRoom, theme, qtbot, lang=lang)


@pytest.fixture
def bundle(office):  # noqa: F811
    """Return a bundle of two people and the detention of the first, from a verified monitor."""
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    one = office.write("monitor")
    office.write("monitor", "Сынақова Айгүл")
    with office.at("monitor") as session:
        casework.add(session, "detention", [Change("person", "set", one.hex())])
    return office.send("monitor", "coordinator", "b.kzbundle")


def dropped(stage, qtbot, path):
    """Drop a bundle on the desk; return the list of what it brings."""
    drop(stage.room.findChild(DropTarget), path)
    calm(qtbot, stage.desk)
    return stage.room.findChild(SomeView)


def row_of(view, title):
    """Return the row with this name, kinds first."""
    model = view.some
    return next(n for n in range(model.rowCount()) if str(model.index(n).data()).endswith(title))


def counts(office):  # noqa: F811
    with office.at("coordinator") as session:
        return session.records.counts()


def test_what_is_ticked_is_taken_in_and_the_rest_later(merge, bundle, office, qtbot) -> None:  # noqa: F811
    with merge() as stage:
        view = dropped(stage, qtbot, bundle)
        assert "3 из 3" in texts(stage.room)
        view.setFocus()
        view.setCurrentIndex(view.some.index(row_of(view, "Сынақова Айгүл")))
        qtbot.keyClick(view, Qt.Key.Key_Space)
        assert "2 из 3" in texts(stage.room)
        press(qtbot, stage.room, "Принять 2 из 3")
        calm(qtbot, stage.desk)
        assert "Не принята 1 запись." in texts(stage.room)
        assert not bundle.with_name(bundle.name + ".receipt").exists()
        press(qtbot, stage.room, "Посмотреть остальное")
        calm(qtbot, stage.desk)
        assert "1 из 1" in texts(stage.room)
        press(qtbot, stage.room, "Принять")
        calm(qtbot, stage.desk)
        assert "Принято." in texts(stage.room)
    assert counts(office) == {"person": 2, "detention": 1}
    with office.at("coordinator") as session:
        assert quarantine.waiting(session) == []


def test_whom_a_detention_names_is_told_and_offered_along(merge, bundle, office, qtbot) -> None:  # noqa: F811
    with merge() as stage:
        view = dropped(stage, qtbot, bundle)
        people = row_of(view, "Человек или группа")
        view.setCurrentIndex(view.some.index(people))
        qtbot.keyClick(view, Qt.Key.Key_Space)
        said = texts(stage.room)
        assert "Отмеченное ссылается на 1 новую запись без галочки: Тестов Данияр." in said
        press(qtbot, stage.room, "Отметить и их")
        assert "Отмеченное ссылается" not in texts(stage.room)
        assert "2 из 3" in texts(stage.room)
        press(qtbot, stage.room, "Принять 2 из 3")
        calm(qtbot, stage.desk)
    assert counts(office) == {"person": 1, "detention": 1}


def test_nothing_ticked_is_nothing_taken(merge, bundle, office, qtbot) -> None:  # noqa: F811
    with merge() as stage:
        view = dropped(stage, qtbot, bundle)
        view.setFocus()
        qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        assert not stage.room.take_button.isEnabled()
        assert stage.room.bar.sentence.text() == "Ничего не отмечено."
        qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        assert stage.room.take_button.isEnabled()
    assert counts(office) == {}


def test_ticks_stay_while_the_desk_is_read_again(merge, bundle, qtbot) -> None:
    with merge() as stage:
        view = dropped(stage, qtbot, bundle)
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(12, 10))
        before = sorted(texts(stage.room).splitlines())
        stage.room.refresh(None)
        calm(qtbot, stage.desk)
        assert stage.room.findChild(SomeView) is view
        assert sorted(texts(stage.room).splitlines()) == before
        assert "1 из 3" in before
        stage.desk.words.set_language("kk")
        calm(qtbot, stage.desk)
        assert "Ішінде не бар" in texts(stage.room)


def test_the_rest_is_let_go_by_a_person_alone(merge, bundle, office, qtbot) -> None:  # noqa: F811
    with merge() as stage:
        view = dropped(stage, qtbot, bundle)
        view.setCurrentIndex(view.some.index(row_of(view, "Сынақова Айгүл")))
        qtbot.keyClick(view, Qt.Key.Key_Space)
        press(qtbot, stage.room, "Принять 2 из 3")
        calm(qtbot, stage.desk)
        stage.room.put_away()
        calm(qtbot, stage.desk)
        assert "Часть принята, остальное ждёт." in texts(stage.room)
        assert MONITOR in texts(stage.room)
        for verb, stays in (("Оставить", True), ("Удалить копию", False)):
            press(qtbot, stage.room, "Удалить копию")
            (asked,) = [one for one in stage.room.findChildren(Asking) if one.isVisible()]
            press(qtbot, asked, verb)
            calm(qtbot, stage.desk)
            qtbot.wait(20)
            assert ("Часть принята" in texts(stage.room)) is stays
    with office.at("coordinator") as session:
        assert quarantine.waiting(session) == []


def test_ten_thousand_records_stay_quick(theme, qtbot) -> None:
    names = ("Тестов Данияр", "Сынақова Айгүл", "Мысалов Ғалым")
    records = [
        {
            "id": f"{number:032x}",
            "kind": ("person", "detention")[number % 2],
            "title": f"{names[number % 3]} {number}",
            "state": "new",
            "links": [f"{number - 1:032x}"] if number % 2 else [],
        }
        for number in range(MANY)
    ]
    view = SomeView(Words("ru"), theme, records)
    qtbot.addWidget(view)
    view.show()
    model = view.some
    assert model.rowCount() == 2
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert model.rowCount() == 2 + MANY // 2
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert model.count == MANY // 2
    assert len(model.missed()) == MANY // 2
    model.narrow("сынакова")
    assert model.rowCount() == 2 + len([one for one in records if "Сынақова" in one["title"]])
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert MANY // 2 < model.count < MANY


def test_what_was_left_out_before_and_comes_again_is_said_beforehand(merge, bundle, office, qtbot) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        first = incoming.inspect(session, [bundle], listed_too=True)["records"][-1]
        incoming.take(session, [bundle], choice=Choice(frozenset([bytes.fromhex(first["id"])]), but=True))
    office.write("monitor", "Мысалов Ғалым")
    again = office.send("monitor", "coordinator", "c.kzbundle")
    with merge() as stage:
        dropped(stage, qtbot, again)
        assert "придёт 1 запись, которую вы раньше не приняли" in texts(stage.room)
