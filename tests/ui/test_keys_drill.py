"""Trying a backup and checking the vault, at the desk; an older vault is told beside a head and only beside one."""

from __future__ import annotations

import shutil

import pytest

from kzdoc import oversight
from tests.field_office import PASSPHRASE, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, on_stage, press, write
from ui.screens.keys import KeysRoom


@pytest.fixture
def keys(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the monitor's keys."""
    return lambda: on_stage(office, "monitor", KeysRoom, theme, qtbot)


def test_a_backup_is_tried_out(keys, office, qtbot, tmp_path) -> None:  # noqa: F811
    office.write("monitor", occupation="журналист")
    with office.at("monitor") as session:
        oversight.backup(session, tmp_path / "copy")
    with keys() as stage:
        press(qtbot, stage.room, "Проверить копию")
        choose_file(qtbot, stage.room, tmp_path / "copy")
        qtbot.waitUntil(lambda: stage.room.panel is not None, timeout=20_000)
        write(stage.room.panel.secrets["unlock.passphrase"].field, PASSPHRASE)
        press(qtbot, stage.room.panel, "Восстановить и проверить")
        calm(qtbot, stage.desk)
        assert stage.room.panel is None
        assert "цела" in stage.notices[-1]
    assert not list((office.folder / "monitor").glob(".drill-*"))


def test_an_older_vault_is_told_beside_a_head_and_only_there(keys, office, qtbot, tmp_path) -> None:  # noqa: F811
    office.write("monitor", occupation="журналист")
    older = shutil.copytree(office.folder / "monitor", tmp_path / "older")
    office.write("monitor", occupation="учитель")
    with office.at("monitor") as session:
        oversight.write_head(session, tmp_path / "head.txt")

    def told(verb):
        with keys() as stage:
            press(qtbot, stage.room, "Проверить хранилище")
            press(qtbot, stage.room.panel, verb)
            if verb == "Выбрать отметку":
                choose_file(qtbot, stage.room, tmp_path / "head.txt")
            calm(qtbot, stage.desk)
            return stage.room.panel.state.text()

    assert "ничего из отметки не пропало" in told("Выбрать отметку")
    shutil.rmtree(office.folder / "monitor")
    shutil.copytree(older, office.folder / "monitor")
    assert "не проверено" in told("Проверить без отметки")
    assert "старше, чем в отметке" in told("Выбрать отметку")
