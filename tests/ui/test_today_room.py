"""Today on a real vault: what waits, and the way to it."""

from __future__ import annotations

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from kzdoc import casework, filling
from kzdoc.casework import Change
from kzdoc.errors import BundleError
from kzdoc.exchange import incoming, receipting
from kzdoc.filling import Draft
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, on_stage, press, texts
from ui.screens.today import TodayRoom, where_it_is


@pytest.fixture
def today(office, theme, qtbot):  # noqa: F811
    """Return a function that opens somebody's Today."""
    return lambda at="monitor", lang="ru": on_stage(office, at, TodayRoom, theme, qtbot, lang=lang)


def test_an_empty_vault_teaches(today, qtbot) -> None:
    with today() as stage:
        assert "Начните с записи" in texts(stage.room)
        press(qtbot, stage.room, "Записать задержание")
        assert stage.journeys == [("record", "detention")]


def test_records_only_here_are_counted_listed_and_opened(today, office, qtbot) -> None:  # noqa: F811
    record = office.write("monitor")
    with today() as stage:
        assert "1 запись есть только на этом ноутбуке" in texts(stage.room)
        where = stage.room.list.visualRect(stage.room.list.rows.index_of(record)).center()
        qtbot.mouseClick(stage.room.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert stage.journeys[-1] == ("record", record)
        press(qtbot, stage.room, "Отправить")
        assert stage.journeys[-1] == ("send", None)


def test_what_is_elsewhere_is_said_only_after_it_was_sent_and_confirmed(today, office) -> None:  # noqa: F811
    office.write("monitor")
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    bundle = office.send("monitor", "coordinator", "all.kzbundle")
    with today() as stage:
        assert "1 запись отправлена, но получение ещё не подтверждено" in texts(stage.room)
        assert "есть и у партнёров" not in texts(stage.room)
    with office.at("coordinator") as session:
        incoming.take(session, [bundle])
        receipt = receipting.make_receipt(session, [bundle])
    with office.at("monitor") as session:
        receipting.take_receipt(session, receipt)
    with today() as stage:
        assert "Все сохранённые записи есть и у партнёров" in texts(stage.room)
    office.write("monitor", "Сынақова Айгүл")
    with today() as stage:
        assert "1 запись есть только на этом ноутбуке" in texts(stage.room)
        assert "есть и у партнёров" not in texts(stage.room)


def test_a_draft_in_a_new_vault_has_gone_nowhere(today, office) -> None:  # noqa: F811
    with office.at("monitor") as session:
        filling.keep_draft(session, Draft(b"d" * 16, "person", b"", "Үлгіқызы Әсем", {"name_kk": "Үлгіқызы Әсем"}))
    with today() as stage:
        assert "Партнёрам пока ничего не отправлено" in texts(stage.room)
        assert "1 черновик есть только на этом ноутбуке" in texts(stage.room)
        assert "есть и у партнёров" not in texts(stage.room)


@pytest.mark.parametrize(
    ("places", "sentence"),
    [
        ({}, "today.nothing_sent"),
        ({"receipted": 3}, "today.elsewhere"),
        ({"receipted": 3, "sent": 1}, "today.on_the_way"),
        ({"receipted": 3, "sent": 1, "only_here": 1}, "today.only_here"),
    ],
)
def test_one_record_less_safe_than_the_others_decides(places, sentence) -> None:
    assert where_it_is(places)[0] == sentence


def test_drafts_bundles_that_wait_and_conflicts_have_their_way(today, office, qtbot) -> None:  # noqa: F811
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=False)
    office.write("monitor")
    bundle = office.send("monitor", "coordinator", "b.kzbundle")
    with office.at("coordinator") as session:
        with pytest.raises(BundleError, match=r"bundle\.unverified-sender"):
            incoming.take(session, [bundle])
        filling.keep_draft(session, Draft(b"d" * 16, "testimony", b"", "Үлгіқызы Әсем", {}))
    with today("coordinator") as stage:
        shown = texts(stage.room)
        assert "1 пакет ждёт" in shown
        assert "Үлгіқызы Әсем" in shown
        press(qtbot, stage.room, "Посмотреть")
        assert stage.journeys[-1] == ("merge", None)
        press(qtbot, stage.room, "Продолжить")
        room, draft = stage.journeys[-1]
        assert (room, draft.id, draft.name) == ("record", b"d" * 16, "Үлгіқызы Әсем")


def test_it_speaks_kazakh(today, office, qtbot) -> None:  # noqa: F811
    office.write("monitor")
    with today("monitor", "kk") as stage:
        assert "1 жазба тек осы ноутбукте бар" in texts(stage.room)
        stage.desk.words.set_language("en")
        calm(qtbot, stage.desk)
        assert "1 record exists only on this laptop" in texts(stage.room)


def test_who_is_held_stands_first_with_the_limit_its_rule_and_what_is_not_certain(today, office, qtbot) -> None:  # noqa: F811
    with office.at("monitor") as session:
        now = dt.datetime.fromtimestamp(session.clock().seconds, dt.UTC)
        since = (now - dt.timedelta(hours=3, minutes=12)).isoformat(timespec="minutes")
        person = casework.add(session, "person", [Change("name_ru", "set", "Тестов Данияр")])
        told = {"person": person.hex(), "type": "criminal_suspicion", "actual_time": since}
        record = casework.add(session, "detention", [Change(name, "set", value) for name, value in told.items()])
    with today("monitor", "ru") as stage:
        shown = texts(stage.room)
        assert "Просрочено на 12 мин" in shown
        assert "протокол задержания: 3 ч · ст. 131 УПК РК · правило не проверено" in shown
        assert "Осталось 44 ч 4" in shown, shown
        assert "доставление к следственному судье: 48 ч · 72 ч в сложных случаях · ст. 131 УПК РК" in shown
        go = next(one for one in stage.room.findChildren(QPushButton) if "Просрочено" in one.accessibleDescription())
        qtbot.mouseClick(go, Qt.MouseButton.LeftButton)
        assert stage.journeys[-1] == ("record", record)


def test_a_clock_that_cannot_be_judged_says_why(today, office) -> None:  # noqa: F811
    with office.at("monitor") as session:
        casework.add(session, "detention", [Change("outcome", "set", "still_held")])
    with today("monitor", "en") as stage:
        assert "Limit cannot be judged" in texts(stage.room)
        assert "the type of detention is not told" in texts(stage.room)
