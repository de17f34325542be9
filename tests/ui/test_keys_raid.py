"""A partner was detained, from People and keys: asked once, told to all, and a paper of what that laptop held."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kzdoc.exchange import alerts, trust
from tests.field_office import STRANGER, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, on_stage, press, texts
from ui.screens.asking import Asking
from ui.screens.keys import KeysRoom


@pytest.fixture
def keys(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's keys."""
    return lambda lang="ru": on_stage(office, "coordinator", KeysRoom, theme, qtbot, lang=lang)


def test_it_is_asked_then_told_and_the_paper_is_written(keys, office, qtbot, tmp_path) -> None:  # noqa: F811
    office.know("coordinator", "stranger", verified=True)
    out = tmp_path / "exposure.pdf"
    with keys() as stage:
        press(qtbot, stage.room, "Под арестом…")
        dialog = stage.room.findChild(Asking)
        assert STRANGER in texts(dialog)
        assert STRANGER not in dialog.windowTitle(), "a task switcher shows it"
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        calm(qtbot, stage.desk)
        assert "доверия больше нет" not in texts(stage.room)
        press(qtbot, stage.room, "Под арестом…")
        asked = [one for one in stage.room.findChildren(Asking) if one.isVisible()]
        press(qtbot, asked[-1], asked[-1].act.text())
        calm(qtbot, stage.desk)
        assert "доверия больше нет" in texts(stage.room)
        press(qtbot, stage.room, "Что было на том ноутбуке…")
        choose_file(qtbot, stage.room, out)
        calm(qtbot, stage.desk)
        assert stage.room.banners.gravest() is None
    assert out.read_bytes().startswith(b"%PDF")
    with office.at("coordinator") as session:
        assert session.vault.contacts.named(STRANGER).state == trust.REVOKED
        author = session.vault.contacts.named(STRANGER).author
        assert session.vault.settings.get(alerts.OWN_ALERT + author.hex()), "every next bundle tells it"


def test_a_revocation_that_was_wrong_is_taken_back_with_a_reason(keys, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "stranger", verified=True)
    with office.at("coordinator") as session:
        alerts.detained(session, STRANGER, since="", lang="ru")
    with keys() as stage:
        press(qtbot, stage.room, "Доверие отозвано по ошибке…")
        panel = stage.room.panel
        assert not panel.take.isEnabled(), "not without a reason"
        panel.entry.insert("Другой человек")
        qtbot.keyClick(panel.entry, Qt.Key.Key_Return)
        calm(qtbot, stage.desk)
        assert "доверия больше нет" not in texts(stage.room)
        assert stage.room.banners.gravest() is None or stage.room.banners.gravest().kind != "error"
    with office.at("coordinator") as session:
        contact = session.vault.contacts.named(STRANGER)
        assert contact.state == trust.UNVERIFIED
        assert [one["reason"] for one in alerts.alerts(session, every=True)] == ["Другой человек"]
        assert session.vault.settings.get(alerts.OWN_ALERT + contact.author.hex()) is None
