"""A partner is called something else at the desk; the key, what was verified and his own name for himself stay."""

from __future__ import annotations

import pytest

from kzdoc.exchange import trust
from tests.field_office import MONITOR, STRANGER, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, on_stage, press, texts
from ui.screens.keys import KeysRoom

NEW = "Алматы, екінші топ"


@pytest.fixture
def keys(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's keys."""
    return lambda: on_stage(office, "coordinator", KeysRoom, theme, qtbot)


def told(office):  # noqa: F811
    with office.at("coordinator") as session:
        return {one["name"]: (one["state"], one["claims"]) for one in trust.contacts(session, "ru")}


def test_a_partner_is_called_something_else_and_nothing_but_the_name_changes(keys, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=True)
    with keys() as stage:
        press(qtbot, stage.room, "Переименовать")
        panel = stage.room.panel
        assert panel.entry.text() == MONITOR
        panel.entry.setText(f"  {NEW} ")
        press(qtbot, panel, "Переименовать")
        calm(qtbot, stage.desk)
        assert stage.room.panel is None
        assert NEW in stage.notices[-1]
        assert NEW in texts(stage.room)
    assert told(office) == {NEW: ("verified", MONITOR)}


def test_a_name_that_is_taken_is_refused_and_the_panel_stays(keys, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=True)
    office.know("coordinator", "stranger", verified=False)
    before = told(office)
    with keys() as stage:
        stage.room.rename(MONITOR)
        stage.room.panel.entry.setText(STRANGER)
        press(qtbot, stage.room.panel, "Переименовать")
        calm(qtbot, stage.desk)
        assert stage.room.banners.gravest() is not None
        assert stage.room.panel is not None
    assert told(office) == before
