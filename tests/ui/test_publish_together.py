"""Publish says what its reader already has, what tells without a name, and signs a report of what is withheld."""

from __future__ import annotations

from pathlib import Path

from kzdoc import casework, publishing
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, press, texts, write
from tests.ui.test_publish_room import case, choose_audience, choose_person, laid_out, publish  # noqa: F401 - fixtures

READER = "Адвокат Мысалова"


def test_what_the_reader_already_has_is_said_before_signing(office, case, publish, qtbot, tmp_path) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        publishing.make_report(
            session, case, tmp_path / "a.pdf", template="case-file", audience=Audience.LAWYER, lang="ru",
            recipient=READER, purpose="Защита", pack=False,
        )  # fmt: skip
    with publish() as stage:
        choose_person(stage, qtbot)
        choose_audience(stage, qtbot, "embassy")
        assert "уже есть" not in texts(stage.room)
        write(stage.room.form.recipient, READER)
        laid_out(stage, qtbot)
        told = texts(stage.room)
        assert "У этого читателя уже есть что-то по этому делу" in told
        assert "Там показано полнее" in told


def test_a_report_of_what_is_withheld_is_signed_when_asked(publish, qtbot, tmp_path: Path) -> None:  # noqa: F811
    with publish() as stage:
        choose_person(stage, qtbot)
        assert stage.room.redaction.isHidden()
        write(stage.room.form.recipient, READER)
        write(stage.room.form.purpose, "Защита")
        laid_out(stage, qtbot)
        assert stage.room.redaction.isVisible()
        stage.room.redaction.setChecked(True)
        press(qtbot, stage.room, "Подписать")
        choose_file(qtbot, stage.room, tmp_path / "paper.pdf")
        qtbot.waitUntil(lambda: bool(stage.room.signed), timeout=60_000)
        calm(qtbot, stage.desk)
        assert (tmp_path / "paper.pdf.redaction").is_file()
        assert "paper.pdf.redaction" in texts(stage.room)


def test_what_tells_without_a_name_is_shown_before_signing(office, case, publish, qtbot) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        event = [Change("title", "set", "Собрание"), Change("persons", "set", case.hex())]
        casework.add(session, "event", [*event, Change("response", "set", "Увезли и его младшего брата.")])
    with publish() as stage:
        choose_person(stage, qtbot)
        assert "Кого можно узнать и без имени" in texts(stage.room)
        assert "Родство или близость: брата" in texts(stage.room)
        choose_audience(stage, qtbot, "internal")
        laid_out(stage, qtbot)
        assert "Кого можно узнать и без имени" not in texts(stage.room)
