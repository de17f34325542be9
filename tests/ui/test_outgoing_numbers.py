"""Numbers in Publish, on a real vault: asked, seen with what is left out, held, written, by real events."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kzdoc import casework, telling
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import PublicationError
from kzdoc.progress import silent
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, on_stage, press, texts, write
from tests.ui.test_outgoing import READER, choose, for_reader, laid_out
from ui.screens.outgoing import OutgoingRoom
from ui.screens.outgoing_form import Reader
from ui.screens.outgoing_numbers import Wanted, read_numbers, write_numbers
from ui.screens.outgoing_page import How

ASTANA, ALMATY, SHYMKENT = "KZ-71", "KZ-75", "KZ-79"


@pytest.fixture
def events(office):  # noqa: F811
    """Write eight events in one region, six in another, two in a third."""
    with office.at("coordinator") as session:
        for region, times in ((ALMATY, 8), (ASTANA, 6), (SHYMKENT, 2)):
            for _ in range(times):
                said = (Change("title", "set", "Жиын"), Change("date", "set", "2026-03-01"))
                casework.add(session, "event", [*said, Change("region", "set", region)])


@pytest.fixture
def stage(office, events, theme, qtbot):  # noqa: F811
    """Return the coordinator's Publish, asked for numbers of events."""
    with on_stage(office, "coordinator", OutgoingRoom, theme, qtbot, lang="ru") as made:
        press(qtbot, made.room, "Числа")
        choose(made, qtbot, made.room.numbers.form.kind, "event")
        yield made


def test_numbers_are_seen_and_written_with_what_is_left_out(stage, qtbot, office, tmp_path: Path) -> None:  # noqa: F811
    page = stage.room.numbers
    choose(stage, qtbot, page.form.form, "csv")
    for_reader(stage, qtbot, "public")
    choose(stage, qtbot, page.form.by, "region")
    told = texts(stage.room)
    assert "Алматы" in told
    assert "Групп не показано: 2" in told, "the small one, and one that guards it"
    assert "Шымкент" not in told
    assert page.redaction.isHidden()
    press(qtbot, stage.room, "Записать файл")
    choose_file(qtbot, stage.room, tmp_path / "numbers.csv")
    qtbot.waitUntil(lambda: bool(page.told), timeout=30_000)
    calm(qtbot, stage.desk)
    assert "Записано" in texts(stage.room)
    rows = list(csv.reader((tmp_path / "numbers.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[:2] == [["Область или город", "записи"], ["Алматы", "8"]]
    assert "меньше 5" in rows[-1][0]
    assert not [row for row in rows if "Шымкент" in "".join(row) or "Астана" in "".join(row)]
    kept = []
    stage.desk.tasks.read(lambda session, _: kept.extend(session.vault.exports.all()))
    calm(qtbot, stage.desk)
    assert [(one.form, one.recipient, one.detail["by"]) for one in kept] == [("count", READER, "region")]


def test_what_both_tell_together_waits_for_a_reason(stage, qtbot, tmp_path: Path) -> None:
    page = stage.room.numbers
    for_reader(stage, qtbot, "public")
    asked = {"by": None, "since": None, "until": None, "unit": "events", "lang": "ru"}
    reader = {"audience": Audience.PUBLIC, "recipient": "Газета", "purpose": "Мақала"}
    stage.desk.tasks.write(lambda session, _: telling.count_for(session, "event", **reader, **asked))
    stage.desk.tasks.write(
        lambda session, _: casework.add(session, "event", [Change("title", "set", "Т"), Change("date", "set", "2026")])
    )
    calm(qtbot, stage.desk)
    choose(stage, qtbot, page.form.unit, "events")
    laid_out(stage, qtbot)
    assert page.why_not() == "outgoing.why_although"
    write(page.together.reason, "Бұрын жарияланған")
    assert page.why_not() == ""


def test_days_that_are_none_are_told_and_nothing_can_be_written(stage, qtbot) -> None:
    page = stage.room.numbers
    for_reader(stage, qtbot, "lawyer")
    assert page.why_not() == ""
    write(page.form.since, "35.15.2026")
    laid_out(stage, qtbot)
    assert page.why_not() == "outgoing.why_failed"
    page.form.since.clear()
    write(page.form.since, "2026")
    laid_out(stage, qtbot)
    assert page.why_not() == ""


def test_a_field_that_could_name_somebody_is_not_offered(stage, qtbot) -> None:
    page = stage.room.numbers
    choose(stage, qtbot, page.form.kind, "detention")
    offered = {page.form.by.itemData(place) for place in range(page.form.by.count())}
    assert "region" in offered
    assert not offered & {"person", "place", "account"}
    choose(stage, qtbot, page.form.kind, "person")
    assert "name_kk" not in {page.form.by.itemData(place) for place in range(page.form.by.count())}


def test_numbers_that_would_be_others_by_now_are_not_written(office, events, tmp_path: Path) -> None:  # noqa: F811
    wanted = Wanted(Reader(Audience.LAWYER, READER, "Есеп"), "event", "", "records", "", "", "csv", "ru")
    with office.at("coordinator") as session:
        shown = read_numbers(session, wanted, silent)
        casework.add(session, "event", [Change("title", "set", "Сот"), Change("date", "set", "2026-03-02")])
        with pytest.raises(PublicationError) as caught:
            write_numbers(session, shown, tmp_path / "a.csv", How(), silent)
    assert caught.value.code == "publication.other-than-shown"
    assert not (tmp_path / "a.csv").exists()
