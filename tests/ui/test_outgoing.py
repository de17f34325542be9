"""Everything that goes out of Publish besides a paper, on a real vault: asked, seen, held, written, by real events."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kzdoc import casework, checking, exporting, naming
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import PublicationError
from kzdoc.exchange import trust
from kzdoc.progress import silent
from kzdoc.redaction.unknown import NAME
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, on_stage, press, texts, write
from ui.screens.outgoing import OutgoingRoom
from ui.screens.outgoing_cards import LeakCard
from ui.screens.outgoing_form import Reader
from ui.screens.outgoing_page import How
from ui.screens.outgoing_table import Wanted, read_table, write_table

UNKNOWN = "Мысалов Ғалым"
READER = "Қазылар алқасы"


@pytest.fixture
def people(office):  # noqa: F811
    """Return two people and an event of each: one may be named, one may not."""
    with office.at("coordinator") as session:
        named = [Change("name_ru", "set", "Тестов Данияр"), Change("naming_basis", "set", "already_public")]
        first = casework.add(session, "person", named)
        second = casework.add(session, "person", [Change("name_ru", "set", "Сынақова Айгүл")])
        for person, told in ((first, f"Рядом стоял {UNKNOWN}."), (second, "Раздавала листовки.")):
            about = [
                Change("title", "set", "Жиын"),
                Change("date", "set", "2026-03-01"),
                Change("persons", "set", person.hex()),
            ]
            casework.add(session, "event", [*about, Change("response", "set", told)])
    return first, second


@pytest.fixture
def publish(office, people, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's Publish."""
    return lambda lang="ru": on_stage(office, "coordinator", OutgoingRoom, theme, qtbot, lang=lang)


@pytest.fixture
def stage(publish, qtbot):
    """Return the coordinator's Publish, asked for a table of events."""
    with publish() as made:
        ask_for_table(made, qtbot)
        yield made


def ask_for_table(stage, qtbot):
    press(qtbot, stage.room, "Таблица")
    choose(stage, qtbot, stage.room.table.form.kind, "event")


def laid_out(stage, qtbot):
    def ready() -> bool:
        page = stage.room.page()
        still = page.failure is None and (page.shown is None or page.shown.wanted != page.wanted())
        return not still and not page._settle.isActive() and not page.names.busy

    qtbot.waitUntil(ready, timeout=30_000)
    calm(qtbot, stage.desk)


def choose(stage, qtbot, choice, key):
    choice.setFocus()
    choice.setCurrentIndex(choice.findData(key))
    choice.activated.emit(choice.currentIndex())
    laid_out(stage, qtbot)


def for_reader(stage, qtbot, audience):
    page = stage.room.page()
    choose(stage, qtbot, page.form.audience, audience)
    write(page.form.recipient, READER)
    write(page.form.purpose, "Есеп")
    laid_out(stage, qtbot)


def test_a_table_is_seen_and_written(stage, qtbot, tmp_path: Path) -> None:
    page = stage.room.table
    choose(stage, qtbot, page.form.form, "csv")
    choose(stage, qtbot, page.form.audience, "lawyer")
    assert page.why_not() == "outgoing.why_recipient"
    assert "Укажите получателя" in texts(stage.room)
    for_reader(stage, qtbot, "lawyer")
    told = texts(stage.room)
    assert "Так увидит читатель" in told
    assert "2 строки" in told
    assert "нет основания называть имя" in told
    press(qtbot, stage.room, "Записать файл")
    out = tmp_path / "table.csv"
    choose_file(qtbot, stage.room, out)
    qtbot.waitUntil(lambda: bool(page.told), timeout=30_000)
    calm(qtbot, stage.desk)
    told = texts(stage.room)
    assert "Записано" in told
    assert "ничего скрытого в нём не найдено" in told
    rows = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 3
    assert "Сынақова" not in out.read_text(encoding="utf-8-sig")
    assert "Тестов Данияр" in out.read_text(encoding="utf-8-sig")


def test_a_table_goes_with_the_signed_report_of_what_it_withholds(stage, qtbot, tmp_path: Path) -> None:
    page = stage.room.table
    choose(stage, qtbot, page.form.form, "csv")
    for_reader(stage, qtbot, "internal")
    assert page.redaction.isHidden(), "our own readers see everything: there is nothing to tell"
    for_reader(stage, qtbot, "lawyer")
    page.redaction.setFocus()
    qtbot.keyClick(page.redaction, Qt.Key.Key_Space)
    press(qtbot, stage.room, "Записать файл")
    choose_file(qtbot, stage.room, tmp_path / "table.csv")
    qtbot.waitUntil(lambda: bool(page.told), timeout=30_000)
    calm(qtbot, stage.desk)
    assert "table.csv.redaction" in texts(stage.room)
    card = tmp_path / "own.card"
    stage.desk.tasks.read(lambda session, _: trust.write_card(session, card))
    calm(qtbot, stage.desk)
    judged = checking.check_report(tmp_path / "table.csv", card=card)
    assert judged["signature"] == "good"
    assert judged["redaction"] == "good"


def test_what_looks_like_a_name_holds_a_table_for_strangers_until_it_is_answered_by_keys(
    stage, qtbot, tmp_path: Path
) -> None:
    page = stage.room.table
    for_reader(stage, qtbot, "court")
    assert page.why_not() == "outgoing.why_names"
    assert "Записать пока нельзя" in texts(stage.room)
    stage.room.activateWindow()
    page.names_button.setFocus()
    QTest.keyClick(page.names_button, Qt.Key.Key_Space)
    commands = {one.id: one for one in stage.room.commands()}
    commands["publish.as_name"].run()
    commands["publish.names"].run()
    laid_out(stage, qtbot)
    assert page.why_not() == ""
    commands["publish.sign"].run()
    choose_file(qtbot, stage.room, tmp_path / "table.xlsx")
    qtbot.waitUntil(lambda: bool(page.told), timeout=30_000)
    assert (tmp_path / "table.xlsx").is_file()


def test_what_the_reader_has_waits_for_a_reason_with_strangers(publish, office, qtbot, tmp_path: Path) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        naming.decide(session, [UNKNOWN], NAME)
        exporting.export_table(
            session, "event", tmp_path / "before.csv", audience=Audience.LAWYER, recipient=READER,
            purpose="Қорғау", lang="ru",
        )  # fmt: skip
    with publish() as stage:
        ask_for_table(stage, qtbot)
        page = stage.room.table
        for_reader(stage, qtbot, "public")
        assert page.why_not() == "outgoing.why_although"
        assert page.together.reason.isVisible()
        assert "для «Қазылар алқасы»" in texts(stage.room)
        write(page.together.reason, "Сот өзі сұрады")
        assert page.why_not() == ""
        page.write()
        choose_file(qtbot, stage.room, tmp_path / "table.csv")
        qtbot.waitUntil(lambda: bool(page.told), timeout=30_000)
    with office.at("coordinator") as session:
        kept = next(one for one in session.vault.exports.all() if one.audience == "public")
        assert kept.detail["although"] == "Сот өзі сұрады"


def test_a_table_that_would_be_another_by_now_is_not_written(office, people, tmp_path: Path) -> None:  # noqa: F811
    wanted = Wanted(Reader(Audience.LAWYER, READER, "Есеп"), "event", "csv", "ru")
    with office.at("coordinator") as session:
        shown = read_table(session, wanted, "ru", silent)
        casework.add(session, "event", [Change("title", "set", "Сот"), Change("persons", "set", people[0].hex())])
        with pytest.raises(PublicationError) as caught:
            write_table(session, shown, tmp_path / "a.csv", How(), silent)
    assert caught.value.code == "publication.other-than-shown"
    assert not (tmp_path / "a.csv").exists()


def test_a_finding_in_a_finished_table_leads_to_its_record(stage, qtbot, monkeypatch, tmp_path: Path) -> None:
    page = stage.room.table
    for_reader(stage, qtbot, "lawyer")
    real = exporting._written

    def leaking(table, form, lang):
        data, columns, own = real(table, form, lang)
        return data.replace("Раздавала".encode(), "Сынақова".encode()), columns, own

    monkeypatch.setattr(exporting, "_written", leaking)
    choose(stage, qtbot, page.form.form, "csv")
    page.write()
    choose_file(qtbot, stage.room, tmp_path / "table.csv")
    qtbot.waitUntil(lambda: bool(page.findChildren(LeakCard)), timeout=30_000)
    calm(qtbot, stage.desk)
    assert not (tmp_path / "table.csv").exists()
    assert page.why_not() == "outgoing.why_failed"
    press(qtbot, stage.room, "Открыть запись")
    assert stage.journeys[-1][0] == "record"


def test_the_way_between_paper_and_table_by_keys(stage, qtbot) -> None:
    commands = {one.id: one for one in stage.room.commands()}
    assert commands["publish.other"].off() == "outgoing.elsewhere"
    commands["outgoing.paper"].run()
    assert stage.room.page() is stage.room.paper
    assert commands["publish.other"].off() == ""
    assert commands["publish.sign"].off() == "publish.why_nobody"
    commands["outgoing.table"].run()
    calm(qtbot, stage.desk)
    assert stage.room.page() is stage.room.table


@pytest.mark.parametrize("lang", ["en", "kk"])
def test_in_the_other_languages(publish, qtbot, lang) -> None:
    with publish(lang) as made:
        press(qtbot, made.room, {"en": "A table", "kk": "Кесте"}[lang])
        laid_out(made, qtbot)
        assert {"en": "So the reader sees it", "kk": "Оқырман осылай көреді"}[lang] in texts(made.room)
