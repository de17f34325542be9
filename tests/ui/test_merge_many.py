"""A stick, a folder or many files at the merge desk: one preview, some or all taken in, parts in any order."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import incoming, outgoing, receipting, several
from tests.field_office import COORDINATOR, MONITOR, STRANGER, made_office, office  # noqa: F401 - fixtures
from tests.readers_nearby import read_nearby
from tests.ui.room_stage import calm, choose_folder, drop, on_stage, press, texts
from ui.screens.merge import MergeRoom
from ui.screens.merge_many import BundlesView
from ui.screens.merge_some import SomeView


@pytest.fixture
def merge(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's merge desk."""
    return lambda lang="ru": on_stage(office, "coordinator", MergeRoom, theme, qtbot, lang=lang)


@pytest.fixture(autouse=True)
def nearby(request, monkeypatch):
    """Let bundles be read in this process, but for the first test."""
    if "taken_in" not in request.node.name:
        read_nearby(monkeypatch)


@pytest.fixture
def stick(office):  # noqa: F811
    """Return a folder with a bundle of each monitor, one of them unverified, a damaged one and a photo."""
    made = office.folder / "stick"
    made.mkdir()
    for desk, verified in (("monitor", True), ("stranger", False)):
        office.know(desk, "coordinator", verified=True)
        office.know("coordinator", desk, verified=verified)
        office.write(desk)
        office.send(desk, "coordinator", f"stick/{desk}.doc")
    office.write("monitor", "Сынақова Айгүл")
    office.send("monitor", "coordinator", "stick/a.doc")
    raw = bytearray((made / "a.doc").read_bytes())
    raw[-300] ^= 1
    (made / "broken.doc").write_bytes(raw)
    (made / "фото.jpg").write_bytes(b"\xff\xd8")
    return made


def dropped(stage, qtbot, *paths):
    drop(stage.room, *paths)
    calm(qtbot, stage.desk)
    return stage.room.findChild(BundlesView)


def people(office):  # noqa: F811
    with office.at("coordinator") as session:
        return session.records.counts().get("person", 0)


def test_a_stick_is_previewed_and_what_may_come_is_taken_in(merge, stick, office, qtbot) -> None:  # noqa: F811
    with merge() as stage:
        press(qtbot, stage.room, "Выбрать флешку или папку")
        choose_folder(qtbot, stage.room, stick)
        calm(qtbot, stage.desk)
        view = stage.room.findChild(BundlesView)
        shown = [view.bundles.index(n).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(3)]
        assert [MONITOR in one for one in shown] == [True, True, False]
        assert "Отправитель ещё не проверен · считается отдельно · новых: 1" in shown[2]
        assert "новых: 1" in shown[0]
        said = texts(stage.room)
        assert "broken.doc: Повреждён в пути: попросите ещё раз" in said
        assert "1 другой файл: фото.jpg" in said
        press(qtbot, stage.room, "Принять 2 пакета")
        calm(qtbot, stage.desk)
        said = texts(stage.room)
        assert "Приняты 2 пакета." in said
        assert "расписка: monitor.doc.receipt" in said
        assert (stick / "monitor.doc.receipt").exists()
        assert (stick / "a.doc.receipt").exists()
        press(qtbot, stage.room, "Убрать")
        calm(qtbot, stage.desk)
        assert "Что сделано" not in texts(stage.room)
    assert people(office) == 2
    with office.at("monitor") as session:
        found = several.take(session, several.group(session, [stick]))
        assert [one["from"] for one in found["receipts"]] == [COORDINATOR, COORDINATOR]


def test_only_what_is_ticked_is_taken_in(merge, stick, office, qtbot) -> None:  # noqa: F811
    with merge() as stage:
        view = dropped(stage, qtbot, stick)
        view.setCurrentIndex(view.bundles.index(2))
        qtbot.keyClick(view, Qt.Key.Key_Space)  # it may not come, so no tick
        assert len(view.bundles.ticked) == 2
        qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        assert stage.room.bar.sentence.text() == "Ничего не отмечено."
        assert not stage.room.many.take_button.isEnabled()
        view.setCurrentIndex(view.bundles.index(0))
        qtbot.keyClick(view, Qt.Key.Key_Space)
        stage.room.refresh(None)
        calm(qtbot, stage.desk)
        assert stage.room.findChild(BundlesView) is view
        press(qtbot, stage.room, "Принять 1 пакет")
        calm(qtbot, stage.desk)
    assert people(office) == 1


def test_enter_looks_into_one_to_choose_its_records(merge, stick, qtbot) -> None:
    with merge() as stage:
        view = dropped(stage, qtbot, stick)
        view.setCurrentIndex(view.bundles.index(1))
        qtbot.keyClick(view, Qt.Key.Key_Return)
        calm(qtbot, stage.desk)
        assert stage.room.findChild(SomeView) is not None
        assert "2 из 2" in texts(stage.room)


def test_many_files_are_as_good_as_a_folder(merge, stick, office, qtbot) -> None:  # noqa: F811
    with merge() as stage:
        view = dropped(stage, qtbot, stick / "monitor.doc", stick / "a.doc", stick / "фото.jpg")
        assert view.bundles.rowCount() == 2
        press(qtbot, stage.room, "Принять 2 пакета")
        calm(qtbot, stage.desk)
    assert people(office) == 2


def test_an_empty_folder_is_a_calm_sentence(merge, tmp_path, qtbot) -> None:
    with merge() as stage:
        empty = tmp_path / "empty"
        empty.mkdir()
        dropped(stage, qtbot, empty)
        assert "Пакетов там нет." in texts(stage.room)


def in_parts(office, folder):  # noqa: F811
    """Return the files of a bundle in three parts."""
    folder.mkdir()
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)
    with office.at("monitor") as session:
        event = casework.add(session, "event", [Change("title", "set", "Митинг")])
        (office.folder / "видео.mp4").write_bytes(session.randomness(1_300_000))
        casework.attach(session, event, [office.folder / "видео.mp4"])
        outgoing.make_bundle(session, [COORDINATOR], folder / "b.kzb", audience=Audience.INTERNAL, volume_size=600_000)
    return sorted(folder.iterdir())


def test_parts_dropped_in_turns_complete_the_bundle(merge, office, qtbot) -> None:  # noqa: F811
    files = in_parts(office, office.folder / "parts")
    assert len(files) == 3
    with merge() as stage:
        dropped(stage, qtbot, files[2])
        assert "Не хватает 2 частей пакета" in stage.room.bar.sentence.text()
        dropped(stage, qtbot, files[0])
        assert "Не хватает 1 части пакета" in stage.room.bar.sentence.text()
        away = office.folder / "away"
        shutil.move(files[2], away)
        dropped(stage, qtbot, files[1])
        assert "1 части, которую вы уже приносили, нет на прежнем месте." in texts(stage.room)
        shutil.move(away, files[2])
        dropped(stage, qtbot, files[1])
        press(qtbot, stage.room, "Принять")
        calm(qtbot, stage.desk)
        assert "Принято." in texts(stage.room)
    with office.at("coordinator") as session:
        assert len(session.blobs.all()) == 1


def test_what_was_taken_in_before_and_an_unknown_sender_are_told(merge, stick, office, qtbot) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        incoming.take(session, [stick / "monitor.doc"])
    with merge() as stage:
        view = dropped(stage, qtbot, stick)
        shown = [view.bundles.index(n).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(3)]
        assert "Уже принят. Делать нечего." in shown[0]
        assert STRANGER in shown[2]
        assert len(view.bundles.ticked) == 1


def test_a_receipt_dropped_here_is_noted(merge, office, qtbot) -> None:  # noqa: F811
    office.know("coordinator", "monitor", verified=True)
    office.know("monitor", "coordinator", verified=True)
    office.write("coordinator")
    sent = office.send("coordinator", "monitor", "c.kzb")
    receipt = office.folder / "c.txt"
    with office.at("monitor") as session:
        incoming.take(session, [sent])
        receipt.write_bytes(receipting.make_receipt(session, [sent]))
    with merge() as stage:
        dropped(stage, qtbot, receipt)
        assert "1 расписка за отправленное вами" in texts(stage.room)
        press(qtbot, stage.room, "Принять")
        calm(qtbot, stage.desk)
    with office.at("coordinator") as session:
        assert outgoing.bundles_made(session)[0]["to"][0]["receipted"] > 0
