"""Sealing from the window: for two partners, asked once more; a stub and the outbox stay."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLabel, QPushButton

from kzdoc import filling, sealing, session
from kzdoc.direct import DirectForm
from kzdoc.exchange import trust
from kzdoc.filling import Draft
from tests.ui.record_stage import PASSPHRASE, Stage, add
from ui.screens.asking import Asking
from ui.screens.today import TodayRoom
from ui.widgets.file_choice import FileChoice

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("Штаб бір", "Штаб екі", "Штаб үш")
_CARDS: dict[str, tuple[bytes, str]] = {}


def meet(folder: Path, names: tuple[str, ...]) -> Callable[[session.Session], None]:
    """Return what makes partners known and verified."""

    def act(at: session.Session) -> None:
        for name in names:
            card, digits = card_of(folder, name)
            trust.add_contact(at, card, name=name, lang="en")
            trust.verify_contact(at, name, digits=digits, by="person", lang="en")

    return act


def card_of(folder: Path, name: str) -> tuple[bytes, str]:
    """Return a partner's card and digits; the partner's vault is made once a process."""
    if name not in _CARDS:
        other = session.create_vault(folder / name, PASSPHRASE, author=name)
        try:
            _CARDS[name] = trust.card(other), trust.own_fingerprint(other, "en")["fingerprint"]
        finally:
            other.close()
    return _CARDS[name]


def shown(stage: Stage, record: bytes) -> None:
    stage.room.open(record)
    stage.settle()


def texts(widget: Any) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def test_sealed_for_two_it_leaves_a_stub_and_waits_in_the_outbox(stage: Stage, tmp_path: Path) -> None:
    record = add(stage, "testimony", text="құпиясөз айтылды")
    stage.ask(meet(tmp_path, NAMES))
    shown(stage, record)
    stage.room.sealing.ask()
    stage.settle()
    page = stage.room.sealing.page
    assert page.isVisible()
    assert not page.act.isEnabled(), "nobody is chosen yet"
    page.boxes[NAMES[0]].setChecked(True)
    assert not page.act.isEnabled(), "one is not enough"
    page.boxes[NAMES[2]].setChecked(True)
    page.label.setText("Бірінші")
    page.act.click()
    (dialog,) = stage.room.findChildren(Asking)
    dialog.stay.click()
    stage.settle()
    assert stage.ask(sealing.outbox) == [], "asked, and not done"
    page.act.click()
    next(one for one in stage.room.findChildren(Asking) if one.isVisible()).act.click()
    stage.settle()
    stage.settle()
    (row,) = stage.ask(sealing.outbox)
    assert [one["name"] for one in row["to"]] == [NAMES[0], NAMES[2]]
    assert stage.ask(lambda at: at.records.find("құпиясөз")) == []
    assert stage.ask(filling.drafts) == []
    assert stage.room.form.head.title.text().endswith("Бірінші")
    assert "құпиясөз" not in texts(stage.window)
    stage.window.show_room("today")
    stage.settle()
    today = stage.window.current()
    assert isinstance(today, TodayRoom)
    assert "Бірінші" in texts(today)
    write(stage, today, tmp_path / "sealed.bin")
    assert (tmp_path / "sealed.bin").read_bytes().startswith(b"age-encryption.org/v1")
    assert stage.ask(sealing.outbox)[0]["state"] == "written"


def write(stage: Stage, today: TodayRoom, out: Path) -> None:
    """Press the first button of the outbox and choose where."""
    key = stage.desk.words.say("outbox.write")
    next(one for one in today.findChildren(QPushButton) if one.text() == key and one.isVisible()).click()
    (choice,) = today.findChildren(FileChoice)
    choice.chosen_paths = lambda: [out]  # type: ignore[method-assign]
    choice.accept()
    stage.settle()


def test_nothing_is_sealed_while_something_typed_is_not_saved(stage: Stage, tmp_path: Path) -> None:
    record = add(stage, "testimony", text="құпиясөз")
    stage.ask(meet(tmp_path, NAMES[:2]))
    shown(stage, record)
    stage.fill("summary", "терілді")
    stage.room.sealing.ask()
    stage.settle()
    assert not stage.room.sealing.page.isVisible()
    assert stage.desk.words.say("seal.save_first") in texts(stage.room.banners)


def test_a_person_still_named_elsewhere_is_said_and_must_be_agreed_to(stage: Stage, tmp_path: Path) -> None:
    person = add(stage, "person", name_ru="Мысалов Ғалым")
    add(stage, "event", title="Митинг", description="Там был Мысалов Ғалым")
    stage.ask(meet(tmp_path, NAMES[:2]))
    shown(stage, person)
    stage.room.sealing.ask()
    stage.settle()
    page = stage.room.sealing.page
    assert len(page.to()) == 2, "where there are just two, both are chosen"
    assert not page.act.isEnabled()
    page.leave_texts.setChecked(True)
    assert page.act.isEnabled()


def test_a_form_cut_short_waits_on_today(stage: Stage, tmp_path: Path) -> None:
    stage.ask(meet(tmp_path, NAMES[:2]))

    def cut(at: session.Session) -> None:
        form = DirectForm(at, NAMES[:2])
        form.keep(Draft(form.id, "testimony", b"", "", {"text": "құпиясөз"}))
        form.close()

    add(stage, "event", title="Митинг")
    stage.ask(cut)
    stage.window.show_room("today")
    stage.settle()
    write(stage, stage.window.current(), tmp_path / "form.bin")
    assert (tmp_path / "form.bin").read_bytes().startswith(b"KZDOCDIR")
