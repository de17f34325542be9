"""Today on a real vault: what waits, and the way to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kzdoc import filling
from kzdoc.errors import BundleError
from kzdoc.exchange import incoming
from kzdoc.filling import Draft
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, on_stage, press, texts
from ui.screens.today import TodayRoom


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


def test_what_a_partner_has_is_not_only_here(today, office) -> None:  # noqa: F811
    office.write("monitor")
    office.know("monitor", "coordinator", verified=True)
    office.send("monitor", "coordinator", "all.kzbundle")
    with today() as stage:
        assert "ушло и к партнёрам" in texts(stage.room)


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
        assert stage.journeys[-1] == ("record", None)


def test_it_speaks_kazakh(today, office, qtbot) -> None:  # noqa: F811
    office.write("monitor")
    with today("monitor", "kk") as stage:
        assert "1 жазба тек осы ноутбукте бар" in texts(stage.room)
        stage.desk.words.set_language("en")
        calm(qtbot, stage.desk)
        assert "1 record exists only on this laptop" in texts(stage.room)
