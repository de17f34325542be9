"""A testimony for headquarters alone, from the window: the switch, what is kept meanwhile, its end, what it refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kzdoc import casework, direct, filling, sealing
from tests.ui.record_stage import Stage, add, begin, button, click
from tests.ui.test_record_seal import NAMES, meet, texts

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session

WORD = "құпиясөз"


def turn(stage: Stage) -> None:
    """Turn the switch by the keyboard."""
    switch = stage.room.direct.card.switch
    switch.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(switch, Qt.Key.Key_Space)
    stage.settle()


def opened_here(stage: Stage) -> bytes:
    """Return everything in drafts that this vault opens with its own keys."""

    def look(at: Session) -> bytes:
        notes = at.vault.drafts.all()
        return b"".join(at.vault.drafts.open(one.id) or b"" for one in notes)

    return stage.ask(look)


def test_while_it_is_on_nothing_here_opens_what_is_kept_and_saved_it_is_sealed(stage: Stage, tmp_path: Path) -> None:
    stage.ask(meet(tmp_path, NAMES[:2]))
    begin(stage, "testimony")
    card = stage.room.direct.card
    assert card.isVisible()
    stage.fill("text", WORD)
    stage.room.keep()
    stage.settle()
    assert WORD.encode() in opened_here(stage), "before the switch it is a draft like any other"
    turn(stage)
    assert opened_here(stage) == b"", "the ordinary draft is destroyed"
    assert NAMES[0] in card.line.text()
    assert NAMES[1] in card.line.text()
    stage.fill("summary", WORD + " екі")
    stage.room.keep()
    stage.settle()
    assert opened_here(stage) == b""
    assert len(stage.ask(direct.cut_short)) == 1
    card.label.setText("Бірінші")
    stage.save()
    stage.settle()
    (row,) = stage.ask(sealing.outbox)
    assert sorted(one["name"] for one in row["to"]) == sorted(NAMES[:2])
    assert row["label"] == "Бірінші"
    assert stage.ask(lambda at: at.records.find(WORD)) == []
    assert stage.ask(direct.cut_short) == []
    assert stage.room.form.head.title.text().endswith("Бірінші")
    assert WORD not in texts(stage.window)
    assert not card.isVisible()


def test_without_two_headquarters_it_is_refused_calmly_and_one_writes_on(stage: Stage, tmp_path: Path) -> None:
    stage.ask(meet(tmp_path, NAMES[:1]))
    begin(stage, "testimony")
    stage.fill("text", WORD)
    turn(stage)
    card = stage.room.direct.card
    assert card.line.text() == stage.desk.words.say("direct.refused")
    assert not card.switch.isChecked()
    stage.room.keep()
    stage.settle()
    assert [one.typed for one in stage.ask(filling.drafts)] == [{"text": WORD}]


def test_of_several_one_chooses_and_only_those_are_written_for(stage: Stage, tmp_path: Path) -> None:
    stage.ask(meet(tmp_path, NAMES))
    begin(stage, "testimony")
    turn(stage)
    card = stage.room.direct.card
    assert not card.begin.isEnabled()
    for name in (NAMES[0], NAMES[2]):
        card.boxes[name].setChecked(True)
    click(card.begin)
    stage.settle()
    stage.fill("text", WORD)
    stage.save()
    stage.settle()
    (row,) = stage.ask(sealing.outbox)
    assert sorted(one["name"] for one in row["to"]) == sorted((NAMES[0], NAMES[2]))


def test_left_it_waits_in_memory_and_is_gone_on_with(stage: Stage, tmp_path: Path) -> None:
    other = add(stage, "event", title="Митинг")
    stage.ask(meet(tmp_path, NAMES[:2]))
    begin(stage, "testimony")
    turn(stage)
    stage.fill("text", WORD)
    stage.go(other)
    assert WORD not in texts(stage.window)
    assert opened_here(stage) == b""
    begin(stage, "testimony")
    assert not stage.room.direct.card.isVisible(), "one at a time"
    click(button(stage.room.banners, stage.desk.words.say("record.go_on")))
    stage.settle()
    assert stage.room.direct.on
    assert stage.row("text").slot.typed() == WORD
    QTest.keyClick(stage.entry("text"), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(stage.entry("text"), Qt.Key.Key_Delete)
    stage.room.keep()
    stage.settle()
    assert stage.room.direct.on, "an empty form is still for headquarters"
    stage.fill("text", WORD)
    stage.room.keep()
    stage.settle()
    assert opened_here(stage) == b""


def test_turned_off_it_is_a_form_like_any_other_and_nothing_is_lost(stage: Stage, tmp_path: Path) -> None:
    stage.ask(meet(tmp_path, NAMES[:2]))
    begin(stage, "testimony")
    turn(stage)
    stage.fill("text", WORD)
    stage.room.keep()
    turn(stage)
    assert not stage.room.direct.on
    assert stage.ask(direct.cut_short) == []
    assert [one.typed for one in stage.ask(filling.drafts)] == [{"text": WORD}]
    stage.save()
    assert stage.ask(sealing.outbox) == []
    record = stage.room.form.sheet.id
    assert stage.ask(lambda at: casework.state(at, record).value("text")) == WORD


def test_with_the_witness_opposite_nobody_of_headquarters_is_named(stage: Stage, tmp_path: Path) -> None:
    stage.ask(meet(tmp_path, NAMES[:2]))
    begin(stage, "testimony")
    turn(stage)
    stage.window.sitting.begin("2580", 30)
    assert NAMES[0] not in texts(stage.window)
    stage.window.sitting.end()
    assert NAMES[0] in texts(stage.window)


def test_with_the_witness_opposite_another_open_form_is_not_offered_nor_gone_on_with(
    stage: Stage, tmp_path: Path
) -> None:
    other = add(stage, "event", title="Митинг")
    stage.ask(meet(tmp_path, NAMES[:2]))
    begin(stage, "testimony")
    turn(stage)
    stage.fill("text", WORD)
    stage.go(other)
    offered = stage.desk.words.say("direct.open")
    assert offered in texts(stage.room.banners)
    begin(stage, "testimony")
    stage.window.sitting.begin("2580", 30)
    stage.settle()
    assert offered not in texts(stage.window)
    stage.room.direct._go_on()
    stage.settle()
    assert stage.row("text").slot.typed() != WORD
    assert not stage.room.direct.on
    stage.window.sitting.end()
    stage.settle()
    assert offered in texts(stage.room.banners), "afterwards it is offered again"


def test_a_saved_record_has_no_such_switch(stage: Stage) -> None:
    stage.go(add(stage, "testimony", text="Айтылған сөз"))
    assert not stage.room.direct.card.isVisible()
    begin(stage, "person")
    assert not stage.room.direct.card.isVisible()
