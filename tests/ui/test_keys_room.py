"""People and keys on real vaults: cards, digits typed, trust taken back, backup and head."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from kzdoc import oversight
from kzdoc.exchange import trust
from tests.field_office import MONITOR, PASSPHRASE, STRANGER, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, on_stage, press, texts, write
from ui.keys import Command
from ui.screens.asking import Asking
from ui.screens.keys import KeysRoom
from ui.screens.keys_parts import SquareCode


@pytest.fixture
def keys(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's keys."""
    return lambda lang="ru": on_stage(office, "coordinator", KeysRoom, theme, qtbot, lang=lang)


def states(office):  # noqa: F811
    with office.at("coordinator") as session:
        return {one["name"]: one["state"] for one in trust.contacts(session, "ru")}


def digits_of(office, desk):  # noqa: F811
    with office.at(desk) as session:
        return trust.own_fingerprint(session, "ru")["fingerprint"].split()


def test_the_own_card_is_shown_and_written(keys, office, qtbot, tmp_path) -> None:  # noqa: F811
    out = tmp_path / "my-card.txt"
    with keys() as stage:
        shown = texts(stage.room)
        for group in digits_of_open(stage, qtbot):
            assert group in shown
        assert "Пока никого" in shown
        press(qtbot, stage.room, "Записать мою карточку")
        choose_file(qtbot, stage.room, out)
        calm(qtbot, stage.desk)
        assert "my-card.txt" in stage.notices[-1]
    told = trust.look_at_card(out, "ru")
    assert told["name"] == "Координатор"


def digits_of_open(stage, qtbot):
    found = []
    stage.desk.tasks.read(
        lambda session, _: trust.own_fingerprint(session, "ru")["fingerprint"].split(), done=found.extend
    )
    calm(qtbot, stage.desk)
    return found


def test_the_square_code_is_painted_black_on_white_also_in_the_dark(keys, theme) -> None:
    theme.set_mode("dark")
    with keys() as stage:
        image = stage.room.findChild(SquareCode).grab().toImage()
        colours = {
            image.pixelColor(x, y).lightness() for x in range(0, image.width(), 2) for y in range(image.height())
        }
        assert {0, 255} <= colours
        assert image.pixelColor(1, 1).lightness() == 255


def test_a_card_is_taken_in_and_verified_by_two_groups_of_digits(keys, office, qtbot, tmp_path) -> None:  # noqa: F811
    card = tmp_path / "almaty.txt"
    with office.at("monitor") as session:
        trust.write_card(session, card)
    real = digits_of(office, "monitor")
    with keys() as stage:
        press(qtbot, stage.room, "Принять карточку")
        choose_file(qtbot, stage.room, card)
        qtbot.waitUntil(lambda: stage.room.panel is not None, timeout=20_000)
        assert stage.room.panel.entry.text() == MONITOR
        press(qtbot, stage.room, "Принять")
        calm(qtbot, stage.desk)
        panel = stage.room.panel
        assert len(panel.entries) == 2
        assert not any(verb.isEnabled() for verb in panel.verbs.values())
        assert not [one for one in panel.findChildren(QPushButton) if one.text().lower() in ("ok", "ок", "да")]
        for place, entry in panel.entries.items():
            write(entry, "00000" if real[place] != "00000" else "11111")
        press(qtbot, stage.room, "Сверено по голосу")
        calm(qtbot, stage.desk)
        assert stage.room.banners.gravest() is not None
        assert stage.room.panel is panel
        for place, entry in panel.entries.items():
            entry.clear()
            write(entry, real[place])
        press(qtbot, stage.room, "Сверено по голосу")
        calm(qtbot, stage.desk)
        assert stage.room.panel is None
        assert "проверен" in texts(stage.room)
    assert states(office) == {MONITOR: "verified"}
    with office.at("coordinator") as session:
        assert session.vault.contacts.named(MONITOR).how == "voice"


def test_letters_do_not_fit_into_digits(keys, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=False)
    with keys() as stage:
        stage.room.arrive(("verify", MONITOR))
        calm(qtbot, stage.desk)
        entry = next(iter(stage.room.panel.entries.values()))
        write(entry, "12a34567")
        assert entry.text() == "12345"


@pytest.mark.parametrize("answer", ["esc", "keep", "revoke"])
def test_trust_is_taken_back_only_by_its_verb(answer, keys, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "stranger", verified=True)
    with keys() as stage:
        press(qtbot, stage.room, "Больше не доверять")
        dialog = stage.room.findChild(Asking)
        assert dialog.stay.hasFocus() or dialog.focusWidget() is dialog.stay
        if answer == "esc":
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        else:
            press(qtbot, dialog, dialog.act.text() if answer == "revoke" else dialog.stay.text())
        calm(qtbot, stage.desk)
    assert states(office) == {STRANGER: "revoked" if answer == "revoke" else "verified"}


def test_backup_and_head_are_written(keys, office, qtbot, tmp_path) -> None:  # noqa: F811
    backup, head = tmp_path / "all.kzbackup", tmp_path / "head.txt"
    with keys() as stage:
        press(qtbot, stage.room, "Записать копию")
        choose_file(qtbot, stage.room, backup)
        calm(qtbot, stage.desk)
        press(qtbot, stage.room, "Записать отметку")
        choose_file(qtbot, stage.room, head)
        calm(qtbot, stage.desk)
        assert stage.room.banners.gravest() is None
    oversight.restore_backup(backup, tmp_path / "restored")
    assert (tmp_path / "restored").is_dir()
    with office.at("coordinator") as session:
        assert oversight.check(session, head=head.read_bytes())["head"] == "extends"
    assert PASSPHRASE.encode() not in backup.read_bytes()


def test_the_time_until_it_locks_is_chosen(keys, qtbot) -> None:
    with keys() as stage:
        chosen = []
        stage.desk.choose_idle = chosen.append
        idle = stage.room.settings.idle
        idle.setFocus()
        qtbot.keyClick(idle, Qt.Key.Key_Down)
        assert chosen == [10]


def test_language_and_lock_run_the_commands_of_the_window(keys, qtbot) -> None:
    ran = []
    with keys() as stage:
        stage.desk.keys.add(
            Command("lock", "command.lock", lambda: ran.append("lock")),
            Command("lang.kk", "command.lang_kk", lambda: stage.desk.words.set_language("kk")),
        )
        press(qtbot, stage.room, "Заблокировать сейчас")
        assert ran == ["lock"]
        lang = stage.room.settings.lang
        lang.setFocus()
        qtbot.keyClick(lang, Qt.Key.Key_Home)
        calm(qtbot, stage.desk)
        assert "Адамдар мен кілттер" in texts(stage.room)
        assert stage.room.settings.lang.chosen() == "kk"
