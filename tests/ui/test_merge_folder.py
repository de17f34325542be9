"""The exchange folder at the merge desk: real vaults, a real folder, real clicks and keys."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt

from kzdoc import casework
from kzdoc.domain.audience import Audience
from kzdoc.exchange import folder
from tests.field_office import COORDINATOR, MONITOR, PERSON, made_office, office  # noqa: F401 - fixtures
from tests.readers_nearby import read_nearby
from tests.ui.room_stage import calm, choose_folder, on_stage, press, texts
from ui.screens.merge import MergeRoom


@pytest.fixture(autouse=True)
def nearby(monkeypatch):
    read_nearby(monkeypatch)


@pytest.fixture
def merge(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's merge desk."""
    return lambda lang="en": on_stage(office, "coordinator", MergeRoom, theme, qtbot, lang=lang)


@pytest.fixture
def shared(tmp_path):
    made = tmp_path / "stick"
    made.mkdir()
    return made


def begin(stage, qtbot, shared):
    """Open the folder with the mouse."""
    say = stage.desk.words.say
    qtbot.keyClick(stage.room, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    calm(qtbot, stage.desk)
    press(qtbot, stage.room, say("folder.choose"))
    choose_folder(qtbot, stage.room, shared)
    calm(qtbot, stage.desk)


def put_there(office, shared):  # noqa: F811
    """Let the monitor put a bundle there."""
    with office.at("monitor") as session:
        folder.arrange(session, shared, [COORDINATOR], audience=Audience.INTERNAL)
        folder.exchange(session, shared)


def bar(stage):
    return stage.room.bar.sentence.text()


def test_a_folder_is_chosen_exchanged_with_and_remembered(merge, office, shared, qtbot) -> None:  # noqa: F811
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    office.write("monitor")
    mine = office.write("coordinator", "Сынақова Айгүл")
    put_there(office, shared)
    whole = next(shared.glob("*.bin"))
    shutil.copyfile(whole, shared / f"{whole.stem}.sync-conflict-20261122-101010-ABCDEFG.bin")
    (shared / ".syncthing.b.bin.tmp").write_bytes(b"half")
    (shared / "b.bin").write_bytes(b"age-encryption.org/v1\nnothing more")
    with merge() as stage:
        room, say = stage.room, stage.desk.words.say
        begin(stage, qtbot, shared)
        assert bar(stage) == "3 new files lie here."
        with office.at("monitor") as session:
            assert list(casework.listing(session, "person", {})), "nothing was changed by looking"
        press(qtbot, room, say("folder.for_whom"))
        form = room.folder.form
        assert room.window().focusWidget() is form.chosen[MONITOR]
        qtbot.keyClick(form.chosen[MONITOR], Qt.Key.Key_Space)
        press(qtbot, room, say("folder.for_keep"))
        calm(qtbot, stage.desk)
        qtbot.keyClick(room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        calm(qtbot, stage.desk)
        shown = texts(room)
        assert bar(stage) == "Taken in: 1. Put there: 1. Receipts: 0. Safe to pull out."
        assert "Taken in: 1 new, 0 changed, 0 to settle" in shown
        assert f"For: {MONITOR}" in shown
        assert say("folder.copy") in shown
        assert say("folder.half") in shown
        assert "b.bin" in shown
        assert say("folder.ours", n=1) in shown
        press(qtbot, room, say("folder.exchange"))
        calm(qtbot, stage.desk)
        assert bar(stage).startswith(say("folder.done_nothing"))
    with office.at("monitor") as session:
        told = folder.exchange(session, shared)
        assert (len(told["taken"]), len(told["receipts"])) == (1, 1)
        assert casework.state(session, mine).value("name_ru") == "Сынақова Айгүл"
    with merge() as stage:
        press(qtbot, stage.room, stage.desk.words.say("folder.title"))
        calm(qtbot, stage.desk)
        assert stage.room.folder.stands.folder == shared, "nobody has to look for it again"
        press(qtbot, stage.room, say("folder.exchange"))
        calm(qtbot, stage.desk)
        assert say("folder.has_all") in texts(stage.room)
        qtbot.keyClick(stage.room, Qt.Key.Key_Escape)
        calm(qtbot, stage.desk)
        assert stage.room.work == ""


def test_what_somebody_unverified_put_there_waits_and_leads_to_his_digits(merge, office, shared, qtbot) -> None:  # noqa: F811
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=False)
    office.write("monitor")
    put_there(office, shared)
    with merge("ru") as stage:
        begin(stage, qtbot, shared)
        press(qtbot, stage.room, stage.desk.words.say("folder.exchange"))
        calm(qtbot, stage.desk)
        assert "1 пакет ждёт, пока отправитель не проверен" in texts(stage.room)
        assert PERSON not in texts(stage.room)
        press(qtbot, stage.room, stage.desk.words.say("merge.compare_now"))
        assert stage.journeys[-1] == ("keys", ("verify", MONITOR))
        press(qtbot, stage.room, stage.desk.words.say("merge.look"))
        calm(qtbot, stage.desk)
        assert stage.room.bundle.seen["state"] == "unverified"
        assert not stage.room.take_button.isEnabled()


def test_a_stick_that_is_out_is_said_and_a_round_that_is_stopped_leaves_nothing_half(
    merge,
    office,  # noqa: F811
    shared,
    qtbot,
) -> None:
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    office.write("monitor")
    put_there(office, shared)
    with merge("kk") as stage:
        say = stage.desk.words.say
        begin(stage, qtbot, shared)
        press(qtbot, stage.room, say("folder.exchange"))
        qtbot.waitUntil(lambda: stage.desk.tasks._running is not None, timeout=5_000)
        stage.desk.tasks.cancel()
        calm(qtbot, stage.desk)
        if not stage.room.folder.told:
            assert stage.notices[-1] == say("folder.stopped")
            press(qtbot, stage.room, say("folder.exchange"))
            calm(qtbot, stage.desk)
        assert len(stage.room.folder.told["taken"]) == 1
        shared.rename(shared.with_name("out"))
        stage.room.open_work("folder")
        calm(qtbot, stage.desk)
        assert bar(stage) == say("folder.away")
    with office.at("coordinator") as session:
        assert len(list(casework.listing(session, "person", {}))) == 1
