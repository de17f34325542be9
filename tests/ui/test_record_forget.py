"""Forgetting from the window: what goes and who else has it is said, a word is typed; what the core refuses stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kzdoc import browsing, casework
from kzdoc.domain.audience import Audience
from kzdoc.errors import VaultError
from kzdoc.exchange import outgoing
from kzdoc.vault.connection import Database
from tests.ui.record_stage import add, button, click, write
from tests.ui.test_record_seal import NAMES, meet, texts
from ui.screens.record_side import ItemRow

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.ui.record_stage import Stage
    from ui.screens.record_forget import ForgetDialog

WORD = "құпиясөз"


def ask(stage: Stage, record: bytes) -> ForgetDialog:
    """Open the dialog by its verb in the head."""
    stage.go(record)
    click(button(stage.room.form.head, stage.desk.words.say("forget.open")))
    stage.settle()
    dialog = stage.room.forgetting.dialog
    assert dialog is not None
    assert dialog.isVisible()
    assert QApplication.focusWidget() is dialog.stay or dialog.focusWidget() is dialog.stay, (
        "the safe one has the focus"
    )
    return dialog


def type_word(dialog: ForgetDialog, word: str) -> None:
    dialog.word.setFocus()
    dialog.word.clear()
    write(dialog.word, word)


def test_a_record_is_forgotten_after_its_word_and_a_stub_stays(stage: Stage) -> None:
    record = add(stage, "testimony", text=WORD, summary="Алаң")
    dialog = ask(stage, record)
    words = stage.desk.words
    said = texts(dialog)
    assert words.say("forget.goes_n", n=2) in said
    assert words.say("forget.nobody") in said
    assert not dialog.act.isEnabled()
    for wrong in ("", "да", "забыт"):
        type_word(dialog, wrong)
        assert not dialog.act.isEnabled()
        assert dialog.act.toolTip(), "a button that is off says why"
    type_word(dialog, "Забыть")
    click(dialog.act)
    stage.settle()
    stage.settle()
    assert stage.ask(lambda at: at.records.find(WORD)) == []
    sheet = stage.ask(lambda at: browsing.sheet(at, record))
    assert not any(sheet.values(name) for name in sheet.fields)
    assert WORD not in texts(stage.window)
    assert stage.room.form.sheet.id == record, "what stays is shown"


def test_what_could_not_be_removed_from_the_disk_is_said_beside_that_it_is_forgotten(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> bool:
        raise VaultError("vault.disk-full")

    record = add(stage, "testimony", text=WORD, summary="Алаң")
    dialog = ask(stage, record)
    type_word(dialog, "Забыть")
    with monkeypatch.context() as patched:
        patched.setattr(Database, "empty_wal", fail)
        click(dialog.act)
        stage.settle()
        stage.settle()
    assert stage.ask(lambda at: at.records.find(WORD)) == []
    assert stage.desk.words.say("forget.clean_up_due") in texts(stage.window)


def test_esc_and_the_safe_verb_forget_nothing(stage: Stage) -> None:
    record = add(stage, "testimony", text=WORD)
    dialog = ask(stage, record)
    type_word(dialog, "забыть")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    stage.settle()
    dialog = ask(stage, record)
    type_word(dialog, "забыть")
    click(dialog.stay)
    stage.settle()
    assert stage.ask(lambda at: casework.state(at, record).value("text")) == WORD


def test_one_field_goes_and_the_rest_stays(stage: Stage) -> None:
    record = add(stage, "testimony", text=WORD, summary="Алаң")
    dialog = ask(stage, record)
    dialog.whole.click()
    assert set(dialog.fields) == {"text", "summary"}
    assert not dialog.act.isEnabled()
    dialog.fields["text"].click()
    stage.settle()
    assert stage.desk.words.say("forget.goes_n", n=1) in texts(dialog)
    type_word(dialog, "забыть")
    click(dialog.act)
    stage.settle()
    state = stage.ask(lambda at: casework.state(at, record))
    assert (state.value("text"), state.value("summary")) == (None, "Алаң")


def test_a_late_count_of_the_whole_record_lets_nothing_go_while_no_field_is_ticked(stage: Stage) -> None:
    record = add(stage, "testimony", text=WORD, summary="Алаң")
    stage.go(record)
    stage.room.forgetting.ask()
    dialog = stage.room.forgetting.dialog
    assert dialog is not None
    dialog.whole.click()  # before the answer for the whole is there
    stage.settle()
    type_word(dialog, "забыть")
    assert not dialog.act.isEnabled()
    assert dialog.act.toolTip() == stage.desk.words.say("forget.off_fields")
    dialog.accept()
    stage.settle()
    assert stage.ask(lambda at: casework.state(at, record).value("text")) == WORD


def test_an_item_of_evidence_is_gone_to_and_forgotten_with_its_file(stage: Stage, tmp_path: Path) -> None:
    record = add(stage, "testimony", text=WORD)
    stage.go(record)
    file = tmp_path / "дауыс.ogg"
    file.write_bytes(b"OggS" + bytes(2_000))
    stage.room.side.adding.emit([file])
    stage.settle()
    row = stage.room.side.findChild(ItemRow)
    sha256 = row.item.sha256
    click(row.way)
    stage.settle()
    item = stage.room.form.sheet.id
    assert item != record
    dialog = ask(stage, item)
    assert stage.desk.words.say("forget.goes_files", n=1) in texts(dialog)
    type_word(dialog, "забыть")
    click(dialog.act)
    stage.settle()
    assert not stage.ask(lambda at: at.blobs.has(sha256))
    assert stage.ask(lambda at: casework.state(at, record).value("text")) == WORD


def test_who_was_sent_a_copy_is_named(stage: Stage, tmp_path: Path) -> None:
    record = add(stage, "event", title="Митинг")
    stage.ask(meet(tmp_path, NAMES[:1]))

    def send(at: Session) -> None:
        outgoing.make_bundle(at, NAMES[:1], tmp_path, audience=Audience.INTERNAL, records=[record])

    stage.ask(send)
    dialog = ask(stage, record)
    assert stage.desk.words.say("forget.sent", names=NAMES[0]) in texts(dialog)
    assert stage.desk.words.say("forget.nobody") not in texts(dialog)
    stage.desk.words.set_language("kk")
    stage.settle()
    assert stage.desk.words.say("forget.sent", names=NAMES[0]) in texts(dialog)
    dialog.reject()


def test_a_person_named_elsewhere_must_be_agreed_to_as_the_core_asks(stage: Stage) -> None:
    person = add(stage, "person", name_ru="Мысалов Ғалым")
    add(stage, "event", title="Митинг", description="Там был Мысалов Ғалым")
    dialog = ask(stage, person)
    assert stage.desk.words.say("forget.named", n=1) in texts(dialog)
    type_word(dialog, "забыть")
    assert not dialog.act.isEnabled()
    dialog.leave_texts.click()
    click(dialog.act)
    stage.settle()
    assert stage.ask(lambda at: casework.state(at, person).value("name_ru")) is None


def test_nothing_is_forgotten_while_something_typed_is_not_saved(stage: Stage) -> None:
    record = add(stage, "testimony", text=WORD)
    stage.go(record)
    stage.fill("summary", "терілді")
    click(button(stage.room.form.head, stage.desk.words.say("forget.open")))
    stage.settle()
    assert stage.room.forgetting.dialog is None
    assert stage.desk.words.say("forget.save_first") in texts(stage.room.banners)
