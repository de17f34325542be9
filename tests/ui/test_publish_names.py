"""Is this a person? A paper that anybody may read waits for it; decided on the desk, it is signed. On a real vault."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kzdoc import casework, checking, naming
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import KzdocError
from kzdoc.exchange import trust
from kzdoc.progress import silent
from kzdoc.redaction.unknown import NAME, SHOWN, WORD
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, on_stage, press, texts, write
from ui.screens.publish import PublishRoom
from ui.screens.publish_form import Wanted
from ui.screens.publish_names import ASKED_AT_ONCE, NamesCard, Question, _context, take_over
from ui.screens.publish_paper import prepared, sign_what_was_shown

UNKNOWN = "Мысалов Ғалым"
TEXT = f"Рядом стоял {UNKNOWN}. Затем его, Мысалова Ғалыма, увели в магазин Новый Рынок."
PLACE = "Новый Рынок"


@pytest.fixture
def case(office):  # noqa: F811
    """Return a person who may be named, in whose case a text speaks of somebody nobody entered."""
    with office.at("coordinator") as session:
        person = casework.add(
            session,
            "person",
            [Change("name_ru", "set", "Тестов Данияр"), Change("naming_basis", "set", "already_public")],
        )
        told = [Change("title", "set", "Жиын"), Change("persons", "set", person.hex()), Change("response", "set", TEXT)]
        casework.add(session, "event", told)
    return person


@pytest.fixture
def publish(office, case, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's Publish room."""
    return lambda lang="ru": on_stage(office, "coordinator", PublishRoom, theme, qtbot, lang=lang)


def public_paper(stage, qtbot):
    """Choose the person, the public and a purpose, as a person would."""
    room = stage.room
    write(room.choice.entry, "тестов")
    calm(qtbot, stage.desk)
    qtbot.keyClick(room.choice.entry, Qt.Key.Key_Return)
    laid_out(stage, qtbot)
    room.form.audience.setCurrentIndex(room.form.audience.findData("public"))
    room.form.audience.activated.emit(room.form.audience.currentIndex())
    write(room.form.recipient, "Баспасөз")
    write(room.form.purpose, "Мәлімдеме")
    laid_out(stage, qtbot)


def laid_out(stage, qtbot):
    def ready() -> bool:
        room = stage.room
        return room.shown is not None and room.shown.wanted == room.form.wanted() and not room.names.busy

    qtbot.waitUntil(lambda: ready() and not stage.room._settle.isActive(), timeout=30_000)
    calm(qtbot, stage.desk)


def chips(stage, name):
    row = next(each for each in stage.room.names.rows if each.question.name == name)
    return row, {chip.text(): chip for chip in row.group.chips()}


def click(qtbot, stage, name, how):
    _, found = chips(stage, name)
    qtbot.mouseClick(found[stage.desk.words.say(f"publish.names_as_{how}")], Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_public_paper_waits_for_its_names_and_is_signed_when_they_are_decided(
    lang,
    publish,
    office,  # noqa: F811
    qtbot,
    tmp_path,
) -> None:
    out = tmp_path / "out" / "case.pdf"
    out.parent.mkdir()
    with publish(lang) as stage:
        say = stage.desk.words.say
        public_paper(stage, qtbot)
        assert stage.room.why_not() == "publish.why_names"
        assert not stage.room.sign_button.isEnabled()
        assert say("publish.why_names", n=2) in texts(stage.room.bar)
        told = texts(stage.room.names)
        assert say("publish.names_title") in told
        assert UNKNOWN in told
        assert "Мысалова Ғалыма" in told, "the other form is told, not asked"
        assert "Рядом стоял Мысалов Ғалым" in told, "a line of the paper"
        assert "×2" in told
        click(qtbot, stage, UNKNOWN, NAME)
        click(qtbot, stage, PLACE, WORD)
        press(qtbot, stage.room, say("publish.names_take"))
        laid_out(stage, qtbot)
        assert stage.notices == [say("publish.names_taken", n=2)]
        shown = "\n".join(stage.room.shown.paper.view.texts())
        assert "Мысалов" not in shown
        assert PLACE in shown
        assert stage.room.why_not() == ""
        press(qtbot, stage.room, say("publish.sign"))
        choose_file(qtbot, stage.room, out)
        calm(qtbot, stage.desk)
        assert stage.room.signed
    with office.at("coordinator") as session:
        card = tmp_path / "coordinator.card"
        card.write_bytes(trust.card(session))
        verdict = checking.check_report(out, card=card)
        assert naming.decisions(session).said == ((UNKNOWN, NAME), (PLACE, WORD))
    assert verdict["signature"] == "good", verdict


def test_undecided_it_leaves_no_file(publish, qtbot, tmp_path) -> None:
    """The twin: the same way without an answer, by button, by key and past the room."""
    out = tmp_path / "case.pdf"
    with publish() as stage:
        public_paper(stage, qtbot)
        qtbot.mouseClick(stage.room.sign_button, Qt.MouseButton.LeftButton)
        qtbot.keyClick(stage.room.form.purpose, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        stage.room.sign()
        stage.room._sign(out)
        calm(qtbot, stage.desk)
        assert stage.room.signed == {}
    assert list(tmp_path.glob("case.pdf*")) == []


def test_a_refused_paper_brings_the_question_up_instead_of_a_bare_sentence(publish, office, qtbot, tmp_path) -> None:  # noqa: F811
    """Somebody took a decision back elsewhere: the page is the same, and it is refused at the last moment."""
    with office.at("coordinator") as session:
        naming.decide(session, [UNKNOWN, PLACE], WORD)
    with publish() as stage:
        public_paper(stage, qtbot)
        assert stage.room.why_not() == ""
        stage.desk.tasks.read(lambda session, _progress: naming.decide(session, [PLACE], naming.ASK))
        calm(qtbot, stage.desk)
        press(qtbot, stage.room, "Подписать")
        choose_file(qtbot, stage.room, tmp_path / "case.pdf")
        calm(qtbot, stage.desk)
        laid_out(stage, qtbot)
        assert stage.room.banners.gravest() is None
        assert [each.question.name for each in stage.room.names.rows] == [PLACE]
        row = stage.room.names.rows[0]
        assert row.isAncestorOf(stage.room.window().focusWidget()), "the focus is on the answer"
        assert not row.visibleRegion().isEmpty(), "and it is seen"
    assert list(tmp_path.glob("case.pdf*")) == []


def test_by_keys_alone(publish, office, qtbot) -> None:  # noqa: F811
    alt = Qt.KeyboardModifier.AltModifier
    with publish() as stage:
        public_paper(stage, qtbot)
        window = stage.room.window()
        press(qtbot, stage.room, "К вопросам")
        assert stage.room.names.rows[0].isAncestorOf(window.focusWidget())
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Right)
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
        assert stage.room.names.answers() == [(("Мысалов Ғалым", "Мысалова Ғалыма"), SHOWN)]
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
        assert stage.room.names.answers() == [], "the same again takes it back"
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_1, alt)
        assert stage.room.names.rows[1].isAncestorOf(window.focusWidget()), "on to the next"
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_3, alt)
        assert window.focusWidget() is stage.room.names.take_button
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Return, alt)
        laid_out(stage, qtbot)
        assert stage.room.why_not() == ""
        qtbot.waitUntil(lambda: window.focusWidget() is stage.room.sign_button, timeout=2_000)
    with office.at("coordinator") as session:
        assert dict(naming.decisions(session).said) == {UNKNOWN: NAME, PLACE: WORD}


def test_what_is_left_unanswered_is_asked_again_and_answers_survive_typing(publish, qtbot) -> None:
    with publish() as stage:
        public_paper(stage, qtbot)
        assert not stage.room.names.take_button.isEnabled()
        assert "хотя бы для одного" in texts(stage.room.names)
        click(qtbot, stage, PLACE, WORD)
        write(stage.room.form.purpose, " 2")
        laid_out(stage, qtbot)
        assert [how for _, how in stage.room.names.answers()] == [WORD]
        press(qtbot, stage.room, "Принять")
        laid_out(stage, qtbot)
        assert [each.question.name for each in stage.room.names.rows] == [UNKNOWN]
        assert stage.room.why_not() == "publish.why_names"


def test_a_decision_is_seen_and_taken_back(publish, office, qtbot) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        naming.decide(session, [UNKNOWN], SHOWN)
        naming.decide(session, [PLACE], WORD)
    with publish() as stage:
        public_paper(stage, qtbot)
        names = stage.room.names
        assert "нет ничего, о чём надо решить" in texts(names)
        press(qtbot, stage.room, "Принятые решения")
        assert [names.past.list.rows.row_at(names.past.list.rows.index(n)).line for n in range(2)] == [
            "можно назвать",
            "обычное слово",
        ]
        assert names.past.list.hasFocus() or stage.room.window().focusWidget() is names.past.list
        qtbot.waitUntil(lambda: not names.past.back.visibleRegion().isEmpty(), timeout=2_000)
        qtbot.keyClick(names.past.list, Qt.Key.Key_Down)
        press(qtbot, stage.room, "Отменить решение")
        laid_out(stage, qtbot)
        assert [each.question.name for each in names.rows] == [PLACE]
        assert stage.room.why_not() == "publish.why_names"
        stage.undo[-1]()
        laid_out(stage, qtbot)
        assert stage.room.why_not() == ""


def test_taken_over_it_can_be_undone(publish, office, qtbot) -> None:  # noqa: F811
    with publish() as stage:
        public_paper(stage, qtbot)
        click(qtbot, stage, UNKNOWN, NAME)
        press(qtbot, stage.room, "Принять")
        laid_out(stage, qtbot)
        stage.undo[-1]()
        laid_out(stage, qtbot)
        assert len(stage.room.names.rows) == 2
        assert stage.notices[-1] == "Снова под вопросом: 1"
    with office.at("coordinator") as session:
        assert naming.decisions(session).said == ()


def test_a_named_reader_is_asked_but_does_not_wait(publish, qtbot) -> None:
    with publish() as stage:
        public_paper(stage, qtbot)
        form = stage.room.form
        form.audience.setCurrentIndex(form.audience.findData("lawyer"))
        form.audience.activated.emit(form.audience.currentIndex())
        laid_out(stage, qtbot)
        assert stage.room.why_not() == ""
        assert len(stage.room.names.rows) == 2
        assert "ответа не ждёт" in texts(stage.room.names)


def test_another_case_does_not_show_the_names_of_the_one_before(publish, office, qtbot) -> None:  # noqa: F811
    other = office.write("coordinator", "Үлгіқызы Әсем", naming_basis="already_public")
    with publish() as stage:
        public_paper(stage, qtbot)
        click(qtbot, stage, PLACE, WORD)
        stage.room.arrive(other)
        qtbot.waitUntil(lambda: stage.room.subject.id == other, timeout=30_000)
        assert stage.room.names.isHidden()
        assert stage.room.names.why_not() != ""
        laid_out(stage, qtbot)
        assert stage.room.names.isHidden()
        assert stage.room.why_not() == ""


def test_the_language_turns_with_the_rest_and_answers_stay(publish, qtbot) -> None:
    with publish() as stage:
        public_paper(stage, qtbot)
        click(qtbot, stage, PLACE, WORD)
        stage.desk.words.set_language("kk")
        assert "Бұл адам ба?" in texts(stage.room.names)
        assert [how for _, how in stage.room.names.answers()] == [WORD]


def test_what_cannot_be_written_is_told_and_can_be_tried_again(publish, qtbot, monkeypatch) -> None:
    def full(*_args):
        """Refuse as a full disk would."""
        raise KzdocError("disk.full")

    with publish() as stage:
        public_paper(stage, qtbot)
        click(qtbot, stage, PLACE, WORD)
        monkeypatch.setattr(naming, "decide", full)
        press(qtbot, stage.room, "Принять")
        calm(qtbot, stage.desk)
        assert stage.room.banners.gravest() is not None
        assert stage.room.names.take_button.isEnabled()
        assert [how for _, how in stage.room.names.answers()] == [WORD]
        assert stage.room.why_not() == "publish.why_names"


def test_forms_that_hang_together_by_others_are_all_decided(office, case) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        forms = ("Үлгіқызы Әсем", "Образцов Марат", "Образцова Марата")
        assert take_over(session, [(forms, WORD)]) == 1
        assert all(naming.decisions(session).settles(form) for form in forms)
        take_over(session, [(forms, naming.ASK)])
        assert naming.decisions(session).said == ()


def test_what_was_shown_before_a_decision_is_not_signed_after_it(office, case, tmp_path) -> None:  # noqa: F811
    wanted = Wanted(Audience.LAWYER, "Адвокат", "Қорғау", "case-file", "ru")
    with office.at("coordinator") as session:
        shown = prepared(session, case, wanted, silent)
        take_over(session, [((UNKNOWN,), NAME)])
        with pytest.raises(KzdocError, match=r"publication\.other-than-shown"):
            sign_what_was_shown(session, case, tmp_path / "x.pdf", shown, silent)


def test_the_line_around_a_name_is_cut_at_words_and_never_inside_another_word() -> None:
    long = "слово " * 30
    line = _context(["Тестов Дан"], [f"{long}Тестов Данияр {long}", f"{long}Тестов Дан, {long}"])
    assert "Тестов Дан," in line
    assert line.startswith("…слово")
    assert line.endswith("слово…")
    assert _context(["Тестов Дан"], ["иное", "Тестов Данияр"]) == ""


def test_a_name_longer_than_a_name_is_no_dead_end_and_many_come_in_parts(desk, qtbot) -> None:
    card = NamesCard(desk)
    qtbot.addWidget(card)
    long = " ".join(["Сынақова Айгүл"] * 12)
    asked = [Question(long, (long,), 1, 1, ""), *(Question(f"Тестов {n}", (), 1, 1, "") for n in range(ASKED_AT_ONCE))]
    card.show_names(asked, (), held=True)
    card.show()
    opened = []
    card.opening.connect(lambda: opened.append(1))
    press(qtbot, card, "Открыть запись")
    assert len(opened) == 1
    assert "запятые" in texts(card)
    assert "После этих ещё 1" in texts(card)
    assert card.first() is card.rows[1]
