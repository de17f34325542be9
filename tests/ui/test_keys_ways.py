"""Ways to open the vault, on a real vault: shares made and rehearsed, a passphrase changed, a way taken away."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kzdoc import keeping
from kzdoc.errors import VaultError
from kzdoc.session import unlock, unlock_with_identity
from tests.field_office import PASSPHRASE, STRANGER, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, on_stage, open_choices, press, texts, write
from ui.keys import Command
from ui.screens.asking import Asking
from ui.screens.keys import KeysRoom
from ui.screens.today import TodayRoom

NEW = "жаңа тау өзені мөлдір аққан"


@pytest.fixture
def keys(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's keys."""
    return lambda lang="ru": on_stage(office, "coordinator", KeysRoom, theme, qtbot, lang=lang)


def made_papers(stage, qtbot, folder):
    """Make three shares of which two are needed, through the room."""
    press(qtbot, stage.room, "Создать доли восстановления")
    panel = stage.room.panel
    panel.counts.setCurrentIndex(0)
    write(panel.secrets["unlock.passphrase"].field, PASSPHRASE)
    press(qtbot, stage.room, "Выбрать папку")
    choose_file(qtbot, stage.room, folder)
    dialog = open_choices(stage.room)[0]
    qtbot.waitUntil(lambda: dialog._folder == folder)
    qtbot.mouseClick(dialog._main, Qt.MouseButton.LeftButton)
    calm(qtbot, stage.desk)
    return [keeping.read_share_file(path) for path in sorted(folder.glob("*.pdf"))]


def test_shares_are_made_and_rehearsed(keys, office, qtbot, tmp_path) -> None:  # noqa: F811
    folder = tmp_path / "papers"
    folder.mkdir()
    with keys() as stage:
        assert "Парольная фраза" in texts(stage.room)
        papers = made_papers(stage, qtbot, folder)
        assert len(papers) == 3
        assert "3" in stage.notices[-1]
        assert "ещё не проверен" in texts(stage.room)
        assert not any(word in texts(stage.room) for word in papers[0].split() if len(word) > 6)
        press(qtbot, stage.room, "Проверить восстановление")
        words = papers[0].split()
        for text, said in ((" ".join([words[1], words[0], *words[2:]]), None), (papers[0], "1"), (papers[2], "")):
            stage.room.panel.entry.setPlainText(text)
            press(qtbot, stage.room, "Принять долю")
            calm(qtbot, stage.desk)
            if said is None:
                assert "1, 2" in str(stage.room.banners.gravest().params["sentence"])
                assert stage.room.panel.shares == []
            elif said:
                assert said in stage.room.panel.state.text()
        assert stage.room.panel is None
        assert "ещё не проверен" not in texts(stage.room)
    with office.at("coordinator") as session:
        assert keeping.recovery(session)["state"] == keeping.REHEARSED


def test_a_passphrase_is_changed_by_the_old_one(keys, office, qtbot) -> None:  # noqa: F811
    folder = office.folder / "coordinator"
    with keys() as stage:
        for again, done in (("другое", False), (NEW, True)):
            press(qtbot, stage.room, "Сменить парольную фразу") if not stage.room.panel else None
            fields = stage.room.panel.secrets
            for name, text in (("ways.old", PASSPHRASE), ("recover.passphrase", NEW), ("create.again", again)):
                fields[name].field.clear()
                write(fields[name].field, text)
            press(qtbot, stage.room, "Сменить")
            calm(qtbot, stage.desk)
            assert (stage.room.panel is None) == done
    assert unlock(folder, NEW)
    with pytest.raises(VaultError, match="wrong-passphrase"):
        unlock(folder, PASSPHRASE)


def test_headquarters_is_let_open_it_once_it_is_verified(keys, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=False)
    with keys() as stage:
        press(qtbot, stage.room, "Дать ключ штабу")
        calm(qtbot, stage.desk)
        assert stage.room.panel is None
        assert "сверьте цифры" in texts(stage.room)
    office.know("coordinator", "stranger", verified=True)
    with keys() as stage:
        press(qtbot, stage.room, "Дать ключ штабу")
        panel = stage.room.panel
        assert [panel.partner.itemText(n) for n in range(panel.partner.count())] == [STRANGER]
        for secret in ("жаңылыс", PASSPHRASE):
            panel.secrets["unlock.passphrase"].field.clear()
            write(panel.secrets["unlock.passphrase"].field, secret)
            press(qtbot, stage.room, "Дать ключ")
            calm(qtbot, stage.desk)
            assert (stage.room.panel is None) == (secret == PASSPHRASE)
        assert "Ключ штаба" in texts(stage.room)
    with office.at("stranger") as session:
        seed = session.identity()
    assert unlock_with_identity(office.folder / "coordinator", seed)


@pytest.mark.parametrize("answer", ["leave", "take"])
def test_a_way_is_taken_away_only_by_its_verb_and_the_desk_locks(keys, office, qtbot, answer) -> None:  # noqa: F811
    folder = office.folder / "coordinator"
    with office.at("coordinator") as session:
        keeping.set_passphrase(session, PASSPHRASE, NEW, keep=True, label="запасная")
    before = unlock(folder, NEW)
    locked = []
    with keys() as stage:
        stage.desk.keys.add(Command("lock", "keys.lock", lambda: locked.append(1), (), "keys"))
        press(qtbot, stage.room, "Удалить")
        dialog = stage.room.findChild(Asking)
        qtbot.mouseClick(dialog.stay if answer == "leave" else dialog.act, Qt.MouseButton.LeftButton)
        calm(qtbot, stage.desk)
    assert bool(locked) == (answer == "take")
    assert (unlock(folder, NEW) == before) == (answer == "leave")
    if answer == "take":
        with pytest.raises(VaultError, match="wrong-passphrase"):
            unlock(folder, PASSPHRASE)


def test_today_reminds_until_it_is_rehearsed(office, theme, qtbot) -> None:  # noqa: F811
    office.write("coordinator", "Тестов Данияр")
    with on_stage(office, "coordinator", TodayRoom, theme, qtbot) as stage:
        assert "Долей восстановления нет" in texts(stage.room)
    with office.at("coordinator") as session:
        shares = keeping.split_recovery(session, passphrase=PASSPHRASE, needed=2, total=3, lang="ru")
    with on_stage(office, "coordinator", TodayRoom, theme, qtbot) as stage:
        assert "не проверено" in texts(stage.room)
        press(qtbot, stage.room, "К восстановлению")
        assert stage.journeys == [("keys", None)]
    with office.at("coordinator") as session:
        keeping.rehearse(session, [" ".join(words) for words in shares.words[:2]])
    with on_stage(office, "coordinator", TodayRoom, theme, qtbot) as stage:
        assert "осстановлени" not in texts(stage.room)
