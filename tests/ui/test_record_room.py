"""The Record room on a real vault, by real keys and the mouse: write, find, one column, one declaration."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kzdoc import exporting, filling, publishing, session
from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS, kind, register_for_test
from kzdoc.domain.field import Field, Sensitivity, Type
from kzdoc.language import Text
from tests.ui.record_stage import Stage, add, begin, click, write
from ui.screens.record_form import story_of

if TYPE_CHECKING:
    pass

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
    for one in KINDS.values():
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
