"""The Record room: drafts are kept, offered, gone on with, and survive a kill; files of a record."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from kzdoc import filling, session
from kzdoc.errors import KzdocError, VaultError
from kzdoc.filling import Draft
from tests.ui.record_stage import Stage, Template, add, begin, button, click
from ui.screens.record_picture import read_pixels
from ui.screens.record_side import ItemRow

if TYPE_CHECKING:
    from ui.surroundings import Surroundings

# -- drafts -------------------------------------------------------------------------------------------------------


def test_a_draft_is_kept_while_typing_and_offered_when_another_record_was_opened(stage: Stage) -> None:
    one = add(stage, "person", name_kk="Тестов Данияр")
    other = add(stage, "person", name_kk="Сынақова Айгүл")
    stage.go(one)
    stage.fill("occupation", "ұста")
    stage.go(other)
    drafts = stage.ask(filling.drafts)
    assert [(draft.record, draft.typed) for draft in drafts] == [(one, {"occupation": "ұста"})]
    click(button(stage.room.banners, stage.desk.words.say("record.go_on")))
    stage.settle()
    assert stage.row("occupation").slot.typed() == "ұста"
    stage.save()
    assert stage.ask(filling.drafts) == []
    assert stage.ask(lambda at: at.records.record(one)).value("occupation") == "ұста"


def test_what_is_said_of_saving_agrees_while_a_draft_is_gone_on_with(stage: Stage) -> None:
    one = add(stage, "person", name_kk="Тестов Данияр")
    other = add(stage, "person", name_kk="Сынақова Айгүл")
    told: list[str] = []
    stage.desk.show_saved = lambda key, _: told.append(key)
    stage.go(one)
    stage.fill("occupation", "ұста")
    stage.go(other)
    stage.settle()
    assert told[-1] == "saved.draft"
    click(button(stage.room.banners, stage.desk.words.say("record.go_on")))
    stage.settle()
    (draft,) = stage.ask(filling.drafts)
    kept = stage.desk.words.say("record.draft_kept", time=stage.desk.words.hour(draft.saved))
    assert stage.room.form.kept_text() == kept
    assert told[-1] == "saved.draft"
    stage.save()
    stage.settle()
    assert told[-1] == "saved.at"


def test_the_draft_is_kept_by_itself_within_three_seconds(stage: Stage) -> None:
    begin(stage, "person")
    stage.fill("name_kk", "Тестов")
    QTest.qWait(3_200)
    stage.settle()
    assert [draft.typed for draft in stage.ask(filling.drafts)] == [{"name_kk": "Тестов"}]
    QTest.keyClick(stage.entry("name_kk"), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(stage.entry("name_kk"), Qt.Key.Key_Delete)
    stage.room.keep()
    stage.settle()
    assert stage.ask(filling.drafts) == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from PySide6.QtTest import QTest
sys.path.insert(0, sys.argv[3])
from tests.ui.record_stage import Stage, Template
from kzdoc.moment import Moment
from ui.keys import Keys
from ui.messages import Words
from ui.surroundings import Surroundings
from ui.tasks import Tasks
from ui.theme import Theme
app = QApplication([])
theme = Theme(app, mode="light")
desk = Surroundings(Words("kk"), theme, Keys(theme.watch), Tasks(list))
folder = Path(sys.argv[1])
stage = Stage(Template(folder, bytes.fromhex(sys.argv[2])), folder, desk, lambda: Moment(1_772_442_000, 300))
stage.room.begin("detention")
stage.settle()
stage.fill("place_of_detention", "Орталық алаң")
stage.fill("narrative", "Үш адам екі қолынан ұстап, ")
QTest.qWait(3_300)
stage.settle()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_draft_survives_a_killed_process_and_is_offered_after_unlocking(
    template: Template, desk: Surroundings, clock, tmp_path: Path
) -> None:
    first = Stage(template, tmp_path / "vault", desk, clock)
    first.end()
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", _KILLED, str(first.folder), template.key.hex(), root]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": root})
    assert done.returncode == -9, done.stderr
    database = (first.folder / "vault.db").read_bytes() + (first.folder / "vault.db-wal").read_bytes()
    assert "Орталық".encode() not in database
    again = Stage(template, first.folder, desk, clock)
    notice = again.room.banners.gravest()
    assert notice is not None
    assert notice.sentence == "record.draft_found"
    click(button(again.room.banners, again.desk.words.say("record.go_on")))
    again.settle()
    assert again.row("place_of_detention").slot.typed() == "Орталық алаң"
    assert again.row("narrative").slot.typed() == "Үш адам екі қолынан ұстап,"
    again.end()


def test_a_full_disk_says_so_and_the_draft_stays(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.go(record)
    told = " ".join(hashlib.sha256(bytes([number % 256, number // 256])).hexdigest() for number in range(4_000))
    stage.entry("description").setPlainText(told)  # type: ignore[attr-defined]
    stage.room.keep()
    stage.settle()
    most = stage.ask(_let_it_not_grow)
    stage.save()
    notice = stage.room.banners.gravest()
    assert notice is not None
    assert notice.params["sentence"] == stage.desk.words.error(VaultError("vault.disk-full"))
    assert stage.row("description").slot.typed() == told
    assert [draft.typed for draft in stage.ask(filling.drafts)] == [{"description": told}]
    assert stage.ask(lambda at: at.records.record(record)).value("description") is None
    stage.ask(lambda at: at.vault.database.row(f"PRAGMA max_page_count = {most}"))
    stage.save()
    assert stage.ask(lambda at: at.records.record(record)).value("description") == told
    assert stage.ask(filling.drafts) == []
    assert stage.room.banners.gravest() is None


def _let_it_not_grow(at: session.Session) -> int:
    """Give the database no page more than it has, as a full disk does; return how many it might have had."""
    database = at.vault.database
    most, pages = database.row("PRAGMA max_page_count"), database.row("PRAGMA page_count")
    assert most is not None
    assert pages is not None
    database.row(f"PRAGMA max_page_count = {pages[0]}")
    return int(most[0])


# -- files --------------------------------------------------------------------------------------------------------


def test_a_file_is_attached_and_its_picture_stays_veiled_until_asked_for(stage: Stage, tmp_path: Path) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.go(record)
    file = tmp_path / "сурет.png"
    _picture(file)
    stage.room.side.adding.emit([file])
    stage.settle()
    item = stage.room.side.findChild(ItemRow)
    assert item is not None
    click(item.eye)
    stage.settle()
    assert item.picture.isVisible()
    assert item.picture.veiled
    veiled = item.picture.grab().toImage()
    assert veiled.pixelColor(20, 20).saturation() < 30
    click(button(item, stage.desk.words.say("record.unveil")))
    assert item.picture.grab().toImage().pixelColor(20, 20).red() > 200
    assert not list(tmp_path.rglob("*.rgb"))
    click(item.eye)
    assert item.picture.isHidden()


def test_a_picture_that_is_none_is_refused_and_nothing_breaks(stage: Stage, tmp_path: Path) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.go(record)
    file = tmp_path / "сурет.jpg"
    file.write_bytes(b"\xff\xd8\xff" + os.urandom(2_000))
    stage.room.side.adding.emit([file])
    stage.settle()
    item = stage.room.side.findChild(ItemRow)
    click(item.eye)
    stage.settle()
    assert item.picture.isHidden()
    assert item._note.text()


@pytest.mark.parametrize("answer", [b"", b"\0\0\0\1\0\0\0\1", b"\0\0\0\2\0\0\0\1abcdefg", b"\xff" * 20])
def test_an_answer_of_another_shape_is_refused(answer: bytes) -> None:
    with pytest.raises(KzdocError) as error:
        read_pixels(answer, 100)
    assert error.value.code == "picture.unreadable"


def _picture(path: Path) -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#E03020"))
    image.save(str(path))


def test_in_a_vault_without_records_a_draft_chosen_on_today_opens_at_the_first_visit(
    template: Template, desk: Surroundings, clock, tmp_path: Path
) -> None:
    stage = Stage(template, tmp_path / "new", desk, clock, room="today")
    typed = {"name_kk": "Тестов"}
    stage.ask(lambda at: filling.keep_draft(at, Draft(b"d" * 16, "person", b"", "", typed)))
    stage.window.show_room("today")
    stage.settle()
    click(button(stage.window.current(), stage.desk.words.say("today.go_on")))
    stage.settle()
    assert stage.window.room == "record"
    assert stage.room.panes.page() is stage.room.form
    assert stage.row("name_kk").slot.typed() == "Тестов"
    assert stage.room.banners.gravest().id == "draft-back"
    stage.end()


def test_a_draft_chosen_on_today_opens_itself_and_never_covers_what_is_newer(stage: Stage) -> None:
    begin(stage, "person")
    stage.fill("name_kk", "Тестов")
    stage.room.keep()
    stage.settle()
    (draft,) = stage.ask(filling.drafts)
    stage.fill("name_kk", " Данияр")
    stage.window.show_room("record", draft)
    stage.settle()
    assert stage.row("name_kk").slot.typed() == "Тестов Данияр"
    stage.go(add(stage, "person", name_kk="Сынақова Айгүл"))
    (draft,) = stage.ask(filling.drafts)
    stage.window.show_room("today")
    stage.settle()
    click(button(stage.window.current(), stage.desk.words.say("today.go_on")))
    stage.settle()
    assert stage.window.room == "record"
    assert stage.room.drafts.draft == draft.id
    assert stage.row("name_kk").slot.typed() == "Тестов Данияр"
