"""Corrections in the window: what changed stands on Today, and a notice reaches each who has the paper, by keys too."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kzdoc import casework, correcting, exporting, handing, publishing
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, choose_folder, on_stage, press, texts
from ui.screens.publish import PublishRoom
from ui.screens.publish_corrections import Correction
from ui.screens.today import TodayRoom

READERS = (("Районный суд", Audience.COURT), ("Адвокат Сынақова", Audience.LAWYER))


@pytest.fixture
def event(office, tmp_path):  # noqa: F811
    """Return an event of which two readers have a paper, and whose day was corrected since."""
    with office.at("coordinator") as session:
        told = [Change("title", "set", "Собрание у школы"), Change("date", "set", "2019-03-03")]
        root = casework.add(session, "event", told)
        for number, (recipient, audience) in enumerate(READERS):
            publishing.make_report(session, root, tmp_path / f"{number}.pdf", template="case-file", audience=audience,
                                   lang="ru", recipient=recipient, purpose="Жалоба", pack=False)  # fmt: skip
        correcting.catch_up(session)
        casework.change(session, root, [Change("date", "set", "2019-03-05")])
    return root


def laid_out(stage, qtbot):
    qtbot.waitUntil(
        lambda: stage.room.shown is not None and stage.room.shown.wanted == stage.room.form.wanted(), timeout=30_000
    )
    calm(qtbot, stage.desk)


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_today_lists_what_changed_without_saying_what_it_says(lang, office, event, theme, qtbot) -> None:  # noqa: F811
    with on_stage(office, "coordinator", TodayRoom, theme, qtbot, lang=lang) as stage:
        qtbot.waitUntil(lambda: stage.desk.words.say("correction.title") in texts(stage.room), timeout=30_000)
        calm(qtbot, stage.desk)
        shown = texts(stage.room)
        assert all(recipient in shown for recipient, _ in READERS)
        assert stage.desk.words.say("correction.otherwise", what=stage.desk.words.say("correction.facts")) in shown
        assert "2019" not in shown
        assert "школы" not in stage.room.corrections.card(stage.room._waits.overtaken).accessibleDescription()
        press(qtbot, stage.room, stage.desk.words.say("correction.make"))
        room, what = stage.journeys[-1]
        assert room == "publish"
        assert isinstance(what, Correction)
        assert what.root == event


def test_today_says_nothing_where_everything_holds(office, theme, qtbot) -> None:  # noqa: F811
    office.write("coordinator")
    with on_stage(office, "coordinator", TodayRoom, theme, qtbot) as stage:
        assert stage.room.corrections.card(()) is None
        assert stage.desk.words.say("correction.title") not in texts(stage.room)


def test_a_notice_reaches_each_who_has_the_paper_by_keys(office, event, theme, qtbot, tmp_path) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        first, second = correcting.overtaken(session)
    out = tmp_path / "out"
    out.mkdir()
    with on_stage(office, "coordinator", PublishRoom, theme, qtbot, lang="ru") as stage:
        stage.room.arrive(Correction(event, first.export))
        laid_out(stage, qtbot)
        assert stage.room.form.wanted().recipient == first.recipient
        assert stage.room.form.isHidden(), "nothing about a notice is typed again"
        assert stage.room.sign_button.hasFocus()
        assert "Получателей без исправления: 2 из 2" in texts(stage.room)
        assert stage.room.shown.paper.view.corrects is not None
        for number, one in enumerate((first, second)):
            assert stage.room.form.wanted().corrects == one
            assert stage.room.why_not() == ""
            qtbot.keyClick(stage.room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            choose_file(qtbot, stage.room, out / f"{number}.pdf")
            calm(qtbot, stage.desk)
            assert stage.room.signed["corrects"]["recipient"] == one.recipient
            assert not stage.room.sign_button.isEnabled()
            assert f"Получателей без исправления: {1 - number} из 2" in texts(stage.room)
            if number == 0:
                assert stage.room.corrections.why_no_next() == ""
                qtbot.keyClick(stage.room, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
                laid_out(stage, qtbot)
        assert stage.room.corrections.why_no_next() == "correction.next_off"
        press(qtbot, stage.room, "Сделать обычный документ")
        laid_out(stage, qtbot)
        assert not stage.room.form.isHidden()
        assert stage.room.form.wanted().corrects is None
    with office.at("coordinator") as session:
        assert correcting.overtaken(session) == []
        assert [one.form for one in session.vault.exports.all()][:2] == ["correction", "correction"]


def test_a_paper_that_holds_again_is_said_to_and_an_ordinary_one_is_offered(office, event, theme, qtbot) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        first, _ = correcting.overtaken(session)
        casework.change(session, event, [Change("date", "set", "2019-03-03")])
        assert correcting.overtaken(session) == []
    with on_stage(office, "coordinator", PublishRoom, theme, qtbot, lang="ru") as stage:
        stage.room.arrive(Correction(event, first.export))
        laid_out(stage, qtbot)
        assert stage.room.form.wanted().corrects is None
        assert "снова верно" in stage.notices[-1]


def test_choosing_the_case_shows_who_waits_for_a_notice(office, event, theme, qtbot) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        correcting.catch_up(session)
    with on_stage(office, "coordinator", PublishRoom, theme, qtbot, lang="ru") as stage:
        stage.room.arrive(event)
        laid_out(stage, qtbot)
        assert "Получателей без исправления: 2 из 2" in texts(stage.room)
        press(qtbot, stage.room, "Сделать исправление")
        laid_out(stage, qtbot)
        assert stage.room.form.wanted().corrects is not None


@pytest.fixture
def tables(office, tmp_path):  # noqa: F811
    """Return a table and numbers that left and that something changed of since."""
    with office.at("coordinator") as session:
        told = [Change("title", "set", "Собрание у школы"), Change("date", "set", "2019-03-03")]
        root = casework.add(session, "event", told)
        for number, (recipient, audience) in enumerate(READERS[1:] * 2):
            exporting.export_table(session, "event", tmp_path / f"{number}.csv", audience=audience, lang="ru",
                                   recipient=f"{recipient} {number}", purpose="Жалоба")  # fmt: skip
        correcting.catch_up(session)
        casework.change(session, root, [Change("date", "set", "2019-03-05")])
        correcting.catch_up(session)
    return root


def test_a_table_stands_on_today_and_its_notice_is_seen_and_signed(office, tables, theme, qtbot, tmp_path) -> None:  # noqa: F811
    lang = "kk"
    with office.at("coordinator") as session:
        first, _ = correcting.overtaken(session)
    with on_stage(office, "coordinator", TodayRoom, theme, qtbot, lang=lang) as stage:
        words = stage.desk.words
        qtbot.waitUntil(lambda: words.say("correction.title") in texts(stage.room), timeout=30_000)
        assert words.say("correction.lines_other", n=1) in texts(stage.room)
        press(qtbot, stage.room, words.say("correction.make"))
        room, what = stage.journeys[-1]
        assert (room, what) == ("publish", Correction(b"", first.export))
    with on_stage(office, "coordinator", PublishRoom, theme, qtbot, lang=lang) as stage:
        stage.room.arrive(what)
        laid_out(stage, qtbot)
        assert stage.room.why_not() == ""
        assert stage.desk.words.say("correction.readers_tables") in texts(stage.room)
        qtbot.keyClick(stage.room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        choose_file(qtbot, stage.room, tmp_path / "n.pdf")
        calm(qtbot, stage.desk)
        assert stage.room.signed["corrects"]["form"] == "table"
        assert stage.room.corrections.why_no_next() == ""
        assert stage.room.corrections.why_not_handed() == ""
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(stage.room, Qt.Key.Key_H, both)
        calm(qtbot, stage.desk)
        assert first.recipient in stage.notices[-1]
        assert stage.room.corrections.why_not_handed() == "correction.handed_off"
    with office.at("coordinator") as session:
        assert [len(one.handed) for one in handing.notices(session)] == [1]
    assert (tmp_path / "n.pdf.sig").is_file()
    assert tables


def test_the_notices_of_all_are_made_by_one_key(office, tables, theme, qtbot, tmp_path) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        first, _ = correcting.overtaken(session)
    (tmp_path / "new").mkdir()
    with on_stage(office, "coordinator", PublishRoom, theme, qtbot, lang="ru") as stage:
        stage.room.arrive(Correction(b"", first.export))
        laid_out(stage, qtbot)
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(stage.room, Qt.Key.Key_R, both)
        choose_folder(qtbot, stage.room, tmp_path / "new")
        calm(qtbot, stage.desk)
        assert "Исправлений сделано: 2." in stage.notices[-1]
        assert stage.room.corrections.why_none() == "correction.next_off"
    assert len(list((tmp_path / "new").glob("*.pdf"))) == 2
    with office.at("coordinator") as session:
        assert correcting.overtaken(session) == []
    assert tables
