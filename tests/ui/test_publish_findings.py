"""What the leak check found, on the desk: seen at its place, answered in three ways, and the paper is made again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kzdoc import casework, naming
from kzdoc.casework import Change
from kzdoc.redaction.unknown import NAME, WORD
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, on_stage, press, texts, write
from tests.ui.test_publish_names import laid_out, public_paper
from ui.screens.publish import PublishRoom
from ui.screens.publish_findings import FindingsCard

WORDS = "надежда"


@pytest.fixture
def publish(office, theme, qtbot):  # noqa: F811
    """Return a function that opens Publish; a text has a word that is also a withheld person's name."""
    with office.at("coordinator") as session:
        named = [Change("name_ru", "set", "Тестов Данияр"), Change("naming_basis", "set", "already_public")]
        person = casework.add(session, "person", named)
        casework.add(session, "person", [Change("name_ru", "set", "Мысалова Надежда")])
        told = [("title", "Жиын"), ("persons", person.hex()), ("response", "Осталась только надежда.")]
        casework.add(session, "event", [Change(name, "set", value) for name, value in told])
    return lambda lang="ru": on_stage(office, "coordinator", PublishRoom, theme, qtbot, lang=lang)


def card(stage):
    return stage.room.findChild(FindingsCard)


def answer(stage, how):
    return next(iter(card(stage).rows))._answers[how]


def test_a_finding_is_seen_and_a_common_word_lets_the_paper_through(publish, office, qtbot) -> None:  # noqa: F811
    with publish() as stage:
        public_paper(stage, qtbot)
        assert stage.room.why_not() == "publish.why_findings"
        told = texts(card(stage))
        assert WORDS in told
        assert "Страница 1" in told
        assert stage.room.preview._spots
        qtbot.mouseClick(answer(stage, WORD), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: stage.room.why_not() == "", timeout=30_000)
        laid_out(stage, qtbot)
        assert stage.notices == [stage.desk.words.say("publish.names_taken", n=1)]
        stage.undo[-1]()
        qtbot.waitUntil(lambda: stage.room.why_not() == "publish.why_findings", timeout=30_000)
    with office.at("coordinator") as session:
        assert naming.decisions(session).said == ()


@pytest.mark.parametrize("lang", ["en", "kk"])
def test_another_person_needs_a_reason(lang, publish, office, qtbot) -> None:  # noqa: F811
    with publish(lang) as stage:
        public_paper(stage, qtbot)
        row = card(stage).rows[0]
        qtbot.mouseClick(answer(stage, naming.OTHER), Qt.MouseButton.LeftButton)
        assert row.reason.isVisibleTo(stage.room)
        qtbot.keyClick(row.reason, Qt.Key.Key_Return)
        calm(qtbot, stage.desk)
        assert stage.room.why_not() == "publish.why_findings", "without a reason nothing is decided"
        write(row.reason, "Кличка")
        press(qtbot, row, stage.desk.words.say("publish.names_take"))
        qtbot.waitUntil(lambda: stage.room.why_not() == "", timeout=30_000)
    with office.at("coordinator") as session:
        assert [(one["name"], one["reason"]) for one in naming.reasons(session)] == [(WORDS, "Кличка")]
        assert [(name, len(where)) for name, where in naming.decisions(session).others] == [(WORDS, 32)], "in this case"


def test_withheld_it_is_taken_out_of_the_paper(publish, qtbot) -> None:
    with publish() as stage:
        public_paper(stage, qtbot)
        qtbot.mouseClick(answer(stage, NAME), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: stage.room.why_not() == "", timeout=30_000)
        assert not any(WORDS in text for text in stage.room.shown.paper.view.texts())
