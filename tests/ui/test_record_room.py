"""The Record room on a real vault, by real keys and the mouse: write, find, undo, settle, lose nothing."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from kzdoc import browsing, casework, exporting, filling, publishing, session, withholding
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import kind, register_for_test
from kzdoc.domain.field import Field, Sensitivity, Type
from kzdoc.errors import KzdocError, VaultError
from kzdoc.language import Text
from tests.ui.record_stage import Stage, Template, make_template, write
from ui.screens.record_form import story_of
from ui.screens.record_picture import read_pixels
from ui.screens.record_scenes import disagree, said
from ui.screens.record_side import ItemRow
from ui.widgets.conflict_card import ConflictCard
from ui.widgets.marks import WithheldChip

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ui.surroundings import Surroundings

_TEMPLATES: list[Template] = []


@pytest.fixture
def template(tmp_path_factory: pytest.TempPathFactory, clock) -> Template:
    if not _TEMPLATES:
        _TEMPLATES.append(make_template(tmp_path_factory.mktemp("record") / "vault", clock))
    return _TEMPLATES[0]


@pytest.fixture
def stage(template: Template, desk: Surroundings, clock, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(template, tmp_path / "vault", desk, clock)
    yield made
    made.end()


def click(widget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def button(inside, text: str) -> QPushButton:
    return next(one for one in inside.findChildren(QPushButton) if one.text() == text and one.isVisible())


def begin(stage: Stage, kind_id: str) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    click(next(one for one in stage.room.new_page.buttons if one.property("kind") == kind_id))
    stage.settle()


def add(stage: Stage, kind_id: str, **values) -> bytes:
    record: bytes = stage.ask(lambda at: casework.add(at, kind_id, said(**values)))
    stage.room.list.ask()
    stage.settle()
    return record


# -- writing ------------------------------------------------------------------------------------------------------


def test_a_detention_of_somebody_new_is_written_by_keys_as_one_signed_revision(stage: Stage) -> None:
    begin(stage, "detention")
    stage.fill("person", "Тестов Данияр")
    stage.settle()
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    stage.fill("actual_time", "кеше, шамамен 11:20")
    assert "11:05–11:35" in stage.row("actual_time").note.text()
    stage.fill("narrative", "Алаңнан алып кетті.")
    stage.save()

    def look(at):
        person = next(iter(at.records.records("person")))
        detention = next(iter(at.records.records("detention")))
        return person, detention, len(at.records.history(detention.id))

    person, detention, revisions = stage.ask(look)
    assert person.value("name_ru") == "Тестов Данияр"
    assert detention.value("person") == person.id
    assert detention.value("actual_time") == "2026-03-01T11:05+05:00/2026-03-01T11:35+05:00"
    assert detention.fields["person"][0].refs[0][0] == person.fields["name_ru"][0].refs[0][0]
    assert revisions == 1
    assert stage.window.toast.isVisible()
    assert stage.room.form.head.title.text() == "Тестов Данияр"
    assert not stage.room.form.dirty
    assert stage.ask(filling.drafts) == []


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("2019 жылғы наурыз", "2019-03"),
        ("5 наурыз 2019", "2019-03-05"),
        ("март 2019", "2019-03"),
        ("between 3 and 5 May 2019", "[2019-05-03..2019-05-05]"),
    ],
)
def test_dates_are_typed_as_people_say_them(stage: Stage, typed: str, understood: str) -> None:
    begin(stage, "person")
    stage.fill("name_kk", "Сынақова Айгүл")
    stage.fill("born", typed)
    stage.save()
    if not understood.startswith("["):
        assert next(iter(stage.ask(lambda at: list(at.records.records("person"))))).value("born") == understood
    else:
        assert stage.ask(lambda at: list(at.records.records("person")))[0].value("born") == "2019-05-03/2019-05-05"


def test_what_cannot_be_read_is_said_under_the_field_and_nothing_is_saved(stage: Stage) -> None:
    begin(stage, "person")
    stage.fill("born", "35.90.2019")
    reason = stage.row("born")._reason
    stage.save()
    row = stage.row("born")
    assert row.error
    assert row.note.text() == row.error != reason
    assert row.slot.entry.hasFocus()
    assert stage.ask(lambda at: at.records.counts()) == {}
    stage.entry("born").clear()  # type: ignore[attr-defined]
    stage.fill("born", "2019")
    assert stage.row("born").error == ""


def test_a_link_not_chosen_is_never_guessed(stage: Stage) -> None:
    add(stage, "person", name_kk="Тестов Данияр")
    begin(stage, "detention")
    stage.fill("person", "Тестов")
    stage.settle()
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape)
    stage.save()
    assert stage.row("person").error
    assert stage.ask(lambda at: at.records.counts()) == {"person": 1}


def test_the_link_picker_finds_in_any_spelling(stage: Stage) -> None:
    person = add(stage, "person", name_kk="Жұмағұлова Тест")
    begin(stage, "detention")
    stage.fill("person", "zhumagul")
    stage.settle()
    QTest.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
    stage.save()
    assert stage.ask(lambda at: list(at.records.records("detention")))[0].value("person") == person


def test_many_values_are_rows_that_can_be_taken_away(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", aliases=["Данік", "Дан"])
    stage.go(record)
    slot = stage.row("aliases").slot
    assert slot.typed() == ["Дан", "Данік"]
    click(slot._slots[1].property("take"))
    click(slot._add)
    slot._slots[-1].setFocus()
    write(slot._slots[-1].entry, "Дәкен")
    stage.save()
    assert sorted(stage.ask(lambda at: at.records.record(record)).values("aliases")) == ["Дан", "Дәкен"]


def test_the_number_row_of_kazakh_and_an_odd_iin(stage: Stage) -> None:
    begin(stage, "person")
    stage.fill("iin", "990101300123")
    assert stage.row("iin").note.text().startswith(stage.desk.words.say("record.iin_odd").rstrip(".")[:20])
    stage.save()
    assert stage.ask(lambda at: list(at.records.records("person")))[0].value("iin") == "990101300123"


def test_every_kind_has_a_form_and_every_type_a_slot(stage: Stage) -> None:
    for one in browsing.KINDS.values():
        stage.room.begin(one.id)
        stage.settle()
        assert stage.room.form.body is not None
        assert list(stage.room.form.body.rows) == sorted(
            (field.id for field in one.fields), key=lambda name, of=one: _place(of, name)
        )
        told = story_of(one)
        assert (stage.room.form.body.story is not None) == bool(told)


def _place(of, name: str) -> tuple[bool, int, int]:
    sections = list(dict.fromkeys(field.section for field in of.fields))
    field = of.field(name)
    return field.section == "notes", sections.index(field.section), of.fields.index(field)


# -- the list -----------------------------------------------------------------------------------------------------


def test_a_record_is_found_by_its_latin_spelling_and_by_filters(stage: Stage) -> None:
    add(stage, "person", name_kk="Сынақова Айгүл", sex="female")
    person = add(stage, "person", name_kk="Тестов Данияр", sex="male")
    add(stage, "detention", person=person, type="preventive")
    stage.window.show_room("record")
    search = stage.room.list.search
    search.setFocus()
    write(search, "synaqova")
    stage.settle()
    assert stage.names() == ["Сынақова Айгүл"]
    search.clear()
    stage.settle()
    assert len(stage.names()) == 3
    kinds = stage.room.list.kinds
    kinds.setCurrentIndex(kinds.findData("person"))
    kinds.activated.emit(kinds.currentIndex())
    stage.settle()
    stage.room.list.facets.toggled.emit("sex:male", True)
    stage.settle()
    assert stage.names() == ["Тестов Данияр"]
    chip = next(one for one in stage.room.list.facets.chips() if one.isChecked())
    assert chip.text().endswith(" 1")
    click(chip)
    stage.settle()
    assert len(stage.names()) == 2


def test_the_palette_finds_records_and_opens_one(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Сынақова Айгүл")
    stage.window.show_room("today")
    QTest.keyClick(stage.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    write(stage.window.top.search, "synaqova")
    stage.settle()
    QTest.keyClick(stage.window.top.search, Qt.Key.Key_Return)
    stage.settle()
    assert stage.window.room == "record"
    assert stage.room.form.sheet.id == record


def test_the_list_says_where_a_record_is(stage: Stage) -> None:
    add(stage, "person", name_kk="Тестов Данияр")
    rows = stage.room.list.list.rows
    row = rows.row_at(rows.index(0))
    assert row.state == "only_here"
    assert stage.desk.words.say("state.only_here") in row.sentence(stage.desk.words)


# -- undo, history, removing --------------------------------------------------------------------------------------


def test_a_save_is_undone_from_the_toast_and_the_undoing_too(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.go(record)
    stage.fill("occupation", "ұстаз")
    stage.save()
    assert stage.ask(lambda at: at.records.record(record)).value("occupation") == "ұстаз"
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).value("occupation") is None
    assert stage.row("occupation").slot.typed() == ""
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.row("occupation").slot.typed() == "ұстаз"


def test_undoing_the_first_save_takes_the_record_out_of_the_list_and_history_brings_it_back(stage: Stage) -> None:
    begin(stage, "person")
    stage.fill("name_kk", "Тестов Данияр")
    stage.save()
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.names() == []
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.names() == ["Тестов Данияр"]


def test_history_shows_every_revision_and_sets_one_aside(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.go(record)
    stage.fill("occupation", "ұстаз")
    stage.save()
    QTest.keyClick(stage.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    page = stage.room.history_page
    assert page.isVisible()
    click(button(page, stage.desk.words.say("record.set_aside")))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).value("occupation") is None
    click(button(page, stage.desk.words.say("record.bring_back")))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).value("occupation") == "ұстаз"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert stage.room.form.isVisible()


def test_a_record_is_removed_for_a_reason_and_brought_back(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.go(record)
    words = stage.desk.words
    click(button(stage.room.form.head, words.say("record.remove")))
    stage.settle()
    go = button(stage.room.form.head, words.say("record.remove_now"))
    assert not go.isEnabled()
    write(stage.room.form.head.findChild(QLineEdit), "екі рет жазылған")
    click(go)
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).removed
    assert stage.names() == []
    click(button(stage.room.form.head, words.say("record.bring_back")))
    stage.settle()
    assert stage.names() == ["Тестов Данияр"]


# -- conflicts and what is withheld -------------------------------------------------------------------------------


def test_a_conflict_shows_both_values_side_by_side_and_is_settled(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", occupation="ұстаз")
    stage.ask(lambda at: disagree(at, record, "occupation", "мұғалім", "дәрігер", by="«Алматы-2» мониторы"))
    stage.go(record)
    card = stage.row("occupation").findChild(ConflictCard)
    texts = {one.text() for one in card.findChildren(type(stage.row("occupation").name))}
    assert {"мұғалім", "дәрігер", stage.desk.words.say("record.you")} <= texts
    assert any("Алматы-2" in text for text in texts)
    assert not stage.entry("occupation").isVisible()
    statements = {one.value: one for one in stage.room.form.sheet.fields["occupation"]}
    place = list(statements).index("дәрігер")
    click(button(card, stage.desk.words.say("conflict.keep", n=place + 1)))
    stage.settle()
    state = stage.ask(lambda at: at.records.record(record))
    assert state.values("occupation") == ["дәрігер"]
    assert not state.conflicts
    assert stage.entry("occupation").isVisible()
    click(button(stage.window.toast, stage.desk.words.say("action.undo")))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).conflicts == {"occupation"}


def test_a_third_value_settles_too(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", occupation="ұстаз")
    stage.ask(lambda at: disagree(at, record, "occupation", "мұғалім", "дәрігер", by="Б"))
    stage.go(record)
    card = stage.row("occupation").findChild(ConflictCard)
    write(card.entry, "суретші")
    click(button(card, stage.desk.words.say("conflict.write", n=3)))
    stage.settle()
    assert stage.ask(lambda at: at.records.record(record)).values("occupation") == ["суретші"]


def test_what_is_withheld_says_so_with_its_reason(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", occupation="ұстаз")
    stage.ask(lambda at: withholding.withhold(at, record, ["occupation"], "not_shared"))
    stage.go(record)
    chips = stage.room.form.findChildren(WithheldChip)
    assert [chip.accessibleName() for chip in chips if chip.isVisible()] == [
        stage.desk.words.say("withheld.not_shared")
    ]
    assert stage.row("occupation").slot.typed() == ""


def test_a_value_changed_under_what_is_typed_is_told_and_what_is_typed_stays(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", occupation="ұстаз")
    stage.go(record)
    stage.entry("occupation").clear()  # type: ignore[attr-defined]
    stage.fill("occupation", "дәрігер")
    stage.tasks.write(lambda at, _: casework.change(at, record, said(occupation="мұғалім", sex="male")))
    stage.settle()
    assert stage.row("occupation").slot.typed() == "дәрігер"
    assert "мұғалім" in stage.row("occupation").note.text()
    assert stage.row("sex").slot.typed() == "male"


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


# -- one column ---------------------------------------------------------------------------------------------------


def test_in_one_column_the_list_is_a_page_of_its_own_with_back(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр")
    stage.window.resize(683, 384)
    stage.settle()
    assert stage.room.list.isVisible()
    assert not stage.room.form.isVisible()
    place = stage.room.list.list.visualRect(stage.room.list.list.rows.index(0)).center()
    QTest.mouseClick(stage.room.list.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    stage.settle()
    assert stage.room.form.isVisible()
    assert not stage.room.list.isVisible()
    assert stage.room.form.isAncestorOf(stage.room.side)
    QTest.keyClick(stage.room.form, Qt.Key.Key_Escape)
    assert stage.room.list.isVisible()
    stage.window.resize(1366, 768)
    stage.settle()
    assert stage.room.list.isVisible()
    assert stage.room.form.isVisible()
    assert not stage.room.form.isAncestorOf(stage.room.side)
    assert stage.room.form.sheet.id == record


def test_the_language_switches_live(stage: Stage) -> None:
    record = add(stage, "person", name_kk="Тестов Данияр", sex="female")
    stage.go(record)
    for lang, label in (("kk", "Аты қазақша"), ("en", None), ("ru", "Имя по-казахски")):
        stage.desk.words.set_language(lang)
        shown = stage.row("name_kk").name.text()
        assert shown == kind("person").field("name_kk").label.to(lang)
        assert label is None or isinstance(shown, str)
        assert stage.row("sex").slot.typed() == "female"
    assert not stage.room.form.dirty


# -- one declaration ----------------------------------------------------------------------------------------------


def test_a_field_added_in_one_line_is_everywhere(stage: Stage, tmp_path: Path) -> None:
    tattoo = Field("tattoo", Type.TEXT, Sensitivity.IDENTITY, Text("Tattoo", "Татуировка", "Татуировка"), listed=True)
    of = kind("person")
    with register_for_test(replace(of, fields=(*of.fields, tattoo))):
        begin(stage, "person")
        stage.fill("name_kk", "Тестов Данияр")
        stage.fill("tattoo", "қыран құс")
        stage.save()
        rows = stage.room.list.list.rows
        assert "қыран құс" in rows.row_at(rows.index(0)).line
        write(stage.room.list.search, "qyran")
        stage.settle()
        assert stage.names() == ["Тестов Данияр"]
        record = stage.room.form.sheet.id
        internal, public = (
            stage.ask(lambda at, who=who: _published(at, record, who, tmp_path))
            for who in (Audience.INTERNAL, Audience.PUBLIC)
        )
    assert "Татуировка" in internal[0]
    assert all("қыран құс" in shown for shown in internal)
    assert not any("қыран" in shown for shown in public)
    stage.room.begin("person")
    stage.settle()
    assert "tattoo" not in stage.room.form.body.rows


def _published(at: session.Session, record: bytes, audience: Audience, folder: Path) -> tuple[str, str]:
    """Return the record's paper (read by another program) and its table for an audience."""
    told = {"audience": audience, "lang": "ru", "recipient": "Мысалов Ғалым", "purpose": "сынақ"}
    paper = publishing.preview(at, record, template="case-file", **told)
    text = subprocess.run(["pdftotext", "-", "-"], input=paper.pdf, capture_output=True, check=True)
    table = folder / f"{audience.value}.csv"
    exporting.export_table(at, "person", table, **told)
    return text.stdout.decode(), table.read_text(encoding="utf-8")
