"""Today tells who was detained; one press trusts no further, and before it nothing has changed."""

from __future__ import annotations

import pytest

from kzdoc.exchange import alerts, incoming, trust
from tests.field_office import COORDINATOR, STRANGER, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, on_stage, press, texts
from ui.screens.today import TodayRoom


@pytest.fixture
def told(office):  # noqa: F811
    """Return the office after the coordinator told the monitor that the third was detained."""
    office.know("coordinator", "monitor", verified=True)
    office.know("coordinator", "stranger", verified=True)
    office.know("monitor", "coordinator", verified=True)
    office.know("monitor", "stranger", verified=True)
    office.write("monitor")
    with office.at("coordinator") as session:
        alerts.detained(session, STRANGER, since="2026-03-01", lang="ru")
    bundle = office.send("coordinator", "monitor", "tells")
    with office.at("monitor") as session:
        incoming.take(session, [bundle])
    return office


def state(office) -> str:  # noqa: F811
    with office.at("monitor") as session:
        return {one["name"]: one["state"] for one in trust.contacts(session, "ru")}[STRANGER]


@pytest.mark.parametrize(
    "press_of",
    [
        ("ru", "Больше не доверять", trust.REVOKED),
        ("en", "Put away", trust.VERIFIED),
        ("kk", "Бұдан былай сенбеу", trust.REVOKED),
    ],
)
def test_an_alert_stands_on_today_and_one_press_decides(told, theme, qtbot, press_of) -> None:
    lang, verb, after = press_of
    assert state(told) == trust.VERIFIED, "nothing follows by itself"
    with on_stage(told, "monitor", TodayRoom, theme, qtbot, lang=lang) as stage:
        said = texts(stage.room)
        assert STRANGER in said
        assert COORDINATOR in said
        assert "2026-03-01" in said
        press(qtbot, stage.room, verb)
        calm(qtbot, stage.desk)
        assert "2026-03-01" not in texts(stage.room)
    assert state(told) == after
