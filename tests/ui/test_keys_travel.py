"""Travelling light at the desk: told first what would leave; a passphrase goes only when something elsewhere opens."""

from __future__ import annotations

import pytest

from kzdoc import keeping
from kzdoc.errors import VaultError
from kzdoc.exchange import incoming, receipting
from kzdoc.session import unlock
from tests.field_office import PASSPHRASE, made_office, office  # noqa: F401 - fixtures
from tests.kzdoc.test_exchange import shown
from tests.ui.room_stage import calm, on_stage, press, texts
from ui.keys import Command
from ui.screens.keys import KeysRoom
from ui.screens.keys_ways import TravelPanel


@pytest.fixture
def keys(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the monitor's keys."""
    return lambda: on_stage(office, "monitor", KeysRoom, theme, qtbot)


def confirmed(office):  # noqa: F811
    """Let headquarters confirm a whole copy of one record; return its id."""
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    record = office.write("monitor", occupation="журналист")
    file = office.send("monitor", "coordinator", "all.kzbundle")
    with office.at("coordinator") as session:
        incoming.take(session, [file])
        receipt = receipting.make_receipt(session, [file])
    with office.at("monitor") as session:
        for one in session.vault.contacts.all():
            session.vault.contacts.set_state(one.name, one.state, how="person")
        receipting.take_receipt(session, receipt)
    return record


def fields(office, record):  # noqa: F811
    with office.at("monitor") as session:
        return shown(session, record)["fields"]


def test_without_a_way_back_the_words_leave_and_the_passphrase_stays(keys, office, qtbot) -> None:  # noqa: F811
    record = confirmed(office)
    with keys() as stage:
        press(qtbot, stage.room, "Ехать налегке")
        calm(qtbot, stage.desk)
        panel = stage.room.panel
        assert isinstance(panel, TravelPanel)
        assert not panel.no_key.isEnabled()
        assert "Сначала создайте" in texts(panel)
        press(qtbot, panel, "Оставить дома")
        calm(qtbot, stage.desk)
        assert stage.room.panel is None
        assert "ушло" in stage.notices[-1]
    assert fields(office, record) == {}
    assert unlock(office.folder / "monitor", PASSPHRASE)


def test_with_one_no_passphrase_opens_it_and_the_desk_locks(keys, office, qtbot) -> None:  # noqa: F811
    confirmed(office)
    with office.at("monitor") as session:
        keeping.add_headquarters(session, session.vault.contacts.all()[0].name, passphrase=PASSPHRASE)
    locked = []
    with keys() as stage:
        stage.desk.keys.add(Command("lock", "keys.lock", lambda: locked.append(1), (), "keys"))
        stage.room.ways.travel()
        calm(qtbot, stage.desk)
        assert stage.room.panel.no_key.isChecked()
        press(qtbot, stage.room.panel, "Оставить дома")
        calm(qtbot, stage.desk)
    assert locked == [1]
    with pytest.raises(VaultError, match="wrong-passphrase"):
        unlock(office.folder / "monitor", PASSPHRASE)
