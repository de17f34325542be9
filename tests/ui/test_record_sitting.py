"""An interview in the Record room: one testimony on the screen, nothing of anybody else; everything back after it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from kzdoc import browsing, filling
from kzdoc.errors import Cancelled, InputError, KzdocError
from tests.ui.record_stage import add, button, click, write

if TYPE_CHECKING:
    from tests.ui.record_stage import Stage

OTHER = "Мысалов Ғалым"


def read(stage: Stage) -> str:
    """Return every text on every window."""
    kinds: tuple[type[QLabel | QAbstractButton], ...] = (QLabel, QAbstractButton)
    tops = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    return "\n".join(one.text() for top in tops for kind in kinds for one in top.findChildren(kind) if one.isVisible())


def sit(stage: Stage) -> None:
    """Begin an interview by its key, with a code."""
    QTest.keyClick(stage.window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    page = stage.room.sitting.page
    assert not page.act.isEnabled(), "without a code there is no curtain"
    write(page.code, "25a80")
    assert page.code.text() == "2580"
    click(page.act)
    stage.settle()


def test_only_this_testimony_is_on_the_screen_and_everything_comes_back(stage: Stage) -> None:
    other = add(stage, "person", name_kk=OTHER)
    stage.go(other)
    stage.fill("occupation", "ұста")
    assert OTHER in read(stage), "the twin: without an interview the name is met"
    sit(stage)
    stage.settle()
    room = stage.room
    assert room.form.sheet is not None
    assert room.form.sheet.kind == "testimony"
    assert not room.list.isVisible()
    assert not stage.window.rail.isVisible()
    assert OTHER not in read(stage), "nor as an unfinished form"
    assert stage.window.windowTitle() == stage.desk.words.say("window.neutral")
    stage.fill("text", "Алаңда не көргенін айтты")
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_N, Qt.Key.Key_F, Qt.Key.Key_K, Qt.Key.Key_H):
        QTest.keyClick(stage.entry("text"), key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(stage.entry("text"), Qt.Key.Key_Escape)
    stage.window.show_room("record", other)
    stage.settle()
    assert stage.row("text").slot.typed() == "Алаңда не көргенін айтты"
    stage.save()
    assert [one.typed for one in stage.ask(filling.drafts)] == [{"occupation": "ұста"}]
    assert OTHER not in read(stage)
    click(button(stage.window.top, stage.desk.words.say("top.end_sitting")))
    QTest.keyClicks(stage.window.sitting.curtain.entry, "2580")
    QTest.keyClick(stage.window.sitting.curtain.entry, Qt.Key.Key_Return)
    stage.settle()
    assert room.list.isVisible()
    assert stage.window.rail.isVisible()
    assert OTHER in read(stage)


def test_a_name_that_is_typed_offers_nobody_it_does_not_name_whole(stage: Stage) -> None:
    add(stage, "person", name_kk=OTHER)
    sit(stage)
    field = stage.entry("witness")
    field.setFocus()
    popup = stage.row("witness").slot._popup

    def offered(text: str) -> list[str]:
        field.clear()  # type: ignore[attr-defined]
        write(field, text)
        stage.settle()
        model = popup.model()
        found = [str(model.index(number, 0).data()) for number in range(model.rowCount())]
        popup.popup().hide()
        return [one for one in found if "+" not in one]

    assert offered("Мыс") == []
    assert offered("Мысалов Ғалым") == [OTHER]
    stage.window.sitting.end()
    (whole,) = offered("Мыс")
    assert OTHER in whole, "the twin: otherwise the search offers as one types"


def test_the_curtain_falls_with_the_draft_kept_and_the_code_brings_the_form_back(stage: Stage) -> None:
    sit(stage)
    stage.fill("text", "Айтылған сөз")
    QTest.keyClick(stage.entry("text"), Qt.Key.Key_F11)
    stage.settle()
    assert [one.typed for one in stage.ask(filling.drafts)] == [{"text": "Айтылған сөз"}]
    entry = stage.window.sitting.curtain.entry
    QTest.keyClicks(entry, "2580")
    QTest.keyClick(entry, Qt.Key.Key_Return)
    assert stage.entry("text").hasFocus()
    assert stage.row("text").slot.typed() == "Айтылған сөз"


def test_esc_leaves_the_question_and_nothing_begins(stage: Stage) -> None:
    record = add(stage, "testimony", text="Айтылған сөз")
    stage.go(record)
    QTest.keyClick(stage.window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(stage.room.sitting.page.code, Qt.Key.Key_Escape)
    assert stage.room.panes.page() is stage.room.form
    assert not stage.window.sitting.on
    sit(stage)
    assert stage.room.form.sheet is not None
    assert stage.room.form.sheet.id == record, "a testimony that is open goes on"


def begin_while_the_worker_is_held(stage: Stage, gate: threading.Event) -> None:
    """Ask for an interview while something else is still being read."""
    stage.tasks.read(lambda _session, _progress: gate.wait(5))
    QTest.keyClick(stage.window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    write(stage.room.sitting.page.code, "2580")
    click(stage.room.sitting.page.act)
    QTest.qWait(30)


def test_an_interview_begins_only_when_its_empty_form_is_there(stage: Stage) -> None:
    stage.go(add(stage, "person", name_kk=OTHER))
    gate = threading.Event()
    begin_while_the_worker_is_held(stage, gate)
    assert not stage.window.sitting.on
    assert OTHER not in read(stage), "neither the record nor the list"
    gate.set()
    stage.settle()
    assert stage.window.sitting.on
    assert stage.room.form.sheet is not None
    assert (stage.room.form.sheet.kind, stage.room.form.sheet.id) == ("testimony", b"")
    assert OTHER not in read(stage)


@pytest.mark.parametrize("error", [Cancelled(), InputError("record.unknown")], ids=["cancelled", "failed"])
def test_without_an_empty_form_there_is_no_interview(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, error: KzdocError
) -> None:
    other = add(stage, "person", name_kk=OTHER)
    stage.go(other)

    def refuse(session: object, kind: str) -> None:
        raise error

    monkeypatch.setattr(browsing, "blank", refuse)
    sit(stage)
    assert not stage.window.sitting.on
    assert stage.room.panes.page() is stage.room.sitting.page
    QTest.keyClick(stage.room.sitting.page.code, Qt.Key.Key_Escape)
    assert stage.room.form.sheet is not None
    assert stage.room.form.sheet.id == other, "what was there is there"
    assert stage.room.list.isVisible()


def test_who_leaves_the_question_meanwhile_begins_nothing(stage: Stage) -> None:
    other = add(stage, "person", name_kk=OTHER)
    stage.go(other)
    gate = threading.Event()
    begin_while_the_worker_is_held(stage, gate)
    QTest.keyClick(stage.room.sitting.page.code, Qt.Key.Key_Escape)
    gate.set()
    stage.settle()
    assert not stage.window.sitting.on
    assert stage.room.form.sheet is not None
    assert stage.room.form.sheet.id == other
