"""Publish on a real vault: preview from memory, Sign with its reasons, a paper that verifies."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kzdoc import casework, checking, publishing
from kzdoc.casework import Change
from kzdoc.errors import PublicationError
from kzdoc.exchange import trust
from kzdoc.progress import silent
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, on_stage, press, texts, write
from ui.screens.publish import PublishRoom
from ui.screens.publish_findings import FindingsCard
from ui.screens.publish_paper import Shown, preview, sign_what_was_shown

WITNESS = "Сынақова Айгүл"


@pytest.fixture
def case(office):  # noqa: F811
    """Return a person who may be named, in whose case a witness may not."""
    with office.at("coordinator") as session:
        person = casework.add(
            session, "person", [Change("name_ru", "set", "Тестов Данияр"), Change("naming_basis", "set", "own_consent")]
        )
        witness = casework.add(session, "person", [Change("name_ru", "set", WITNESS)])
        casework.add(
            session,
            "detention",
            [
                Change("person", "set", person.hex()),
                Change("actual_time", "set", "2026-03-01T11:20+05:00"),
                Change("stated_reason", "set", f"Рядом стояла {WITNESS}."),
            ],
        )
        casework.add(
            session, "testimony", [Change("witness", "set", witness.hex()), Change("about", "set", person.hex())]
        )
    return person


@pytest.fixture
def publish(office, case, theme, qtbot):  # noqa: F811
    """Return a function that opens the coordinator's Publish room."""
    return lambda lang="ru": on_stage(office, "coordinator", PublishRoom, theme, qtbot, lang=lang)


def choose_person(stage, qtbot):
    write(stage.room.choice.entry, "тестов")
    calm(qtbot, stage.desk)
    qtbot.keyClick(stage.room.choice.entry, Qt.Key.Key_Return)
    laid_out(stage, qtbot)


def laid_out(stage, qtbot):
    qtbot.waitUntil(
        lambda: stage.room.shown is not None and stage.room.shown.wanted == stage.room.form.wanted(), timeout=30_000
    )
    calm(qtbot, stage.desk)


def choose_audience(stage, qtbot, name):
    stage.room.form.audience.setFocus()
    stage.room.form.audience.setCurrentIndex(stage.room.form.audience.findData(name))
    stage.room.form.audience.activated.emit(stage.room.form.audience.currentIndex())
    laid_out(stage, qtbot)


def test_nothing_is_asked_before_somebody_is_chosen(publish) -> None:
    with publish() as stage:
        assert stage.room.form.isHidden()
        assert stage.room.bar.isHidden()
        assert stage.room.choice.entry.hasFocus() or stage.room.choice.list.rows.rowCount() > 0


def test_sign_is_off_with_its_reason_until_reader_and_purpose_are_named(publish, qtbot) -> None:
    with publish() as stage:
        choose_person(stage, qtbot)
        assert stage.room.subject.title == "Тестов Данияр"
        assert stage.room.preview.pages >= 1
        assert not stage.room.sign_button.isEnabled()
        assert "Укажите получателя" in texts(stage.room.bar)
        write(stage.room.form.recipient, "Районный суд")
        laid_out(stage, qtbot)
        assert not stage.room.sign_button.isEnabled()
        assert "для чего" in texts(stage.room.bar)
        write(stage.room.form.purpose, "Жалоба")
        laid_out(stage, qtbot)
        assert stage.room.sign_button.isEnabled()
        choose_audience(stage, qtbot, "internal")
        stage.room.form.recipient.clear()
        stage.room.form._tell()
        laid_out(stage, qtbot)
        assert stage.room.sign_button.isEnabled()


def test_what_is_withheld_is_told_before_signing_and_is_not_on_the_page(publish, qtbot) -> None:
    with publish() as stage:
        choose_person(stage, qtbot)
        choose_audience(stage, qtbot, "public")
        told = texts(stage.room)
        assert "Будет скрыто" in told
        assert "нет основания называть имя" in told
        assert stage.room.shown.paper.view.withheld
        assert not any(WITNESS in text for text in stage.room.shown.paper.view.texts())


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_a_paper_is_signed_and_verifies(lang, publish, office, qtbot, tmp_path) -> None:  # noqa: F811
    out = tmp_path / "out" / "case.pdf"
    out.parent.mkdir()
    with publish(lang) as stage:
        choose_person(stage, qtbot)
        write(stage.room.form.recipient, "Районный суд")
        write(stage.room.form.purpose, "Жалоба")
        laid_out(stage, qtbot)
        assert list(out.parent.iterdir()) == []
        assert not list(tmp_path.rglob("*.pdf")), "nothing plain is on the disk before signing"
        press(qtbot, stage.room, stage.desk.words.say("publish.sign"))
        choose_file(qtbot, stage.room, out)
        calm(qtbot, stage.desk)
        assert stage.room.signed["sha256"][:8] in texts(stage.room)
        assert str(out) in texts(stage.room)
    with office.at("coordinator") as session:
        trust.write_card(session, card := tmp_path / "own.card")
        assert [row.audience for row in session.vault.exports.all()] == ["court"]
    verdict = checking.check_report(out, card=card)
    assert verdict["signature"] == "good", verdict
    assert sorted(file.name for file in out.parent.iterdir()) == ["case.pdf", "case.pdf.sig"]


def test_a_paper_is_never_written_over_another(publish, qtbot, tmp_path) -> None:
    out = tmp_path / "case.pdf"
    out.write_bytes(b"mine")
    with publish() as stage:
        choose_person(stage, qtbot)
        choose_audience(stage, qtbot, "internal")
        press(qtbot, stage.room, "Подписать")
        choose_file(qtbot, stage.room, out)
        calm(qtbot, stage.desk)
        assert stage.room.banners.gravest() is not None
        assert stage.room.preview.pages >= 1
        assert stage.room.sign_button.isEnabled(), "one can choose another name"
    assert out.read_bytes() == b"mine"


def test_a_finding_opens_its_page_and_keeps_sign_off(publish, qtbot, monkeypatch) -> None:
    whole = publishing.printed

    def leaky(view, *, template, **marks):
        """Render what the view withheld: the twin that must be caught."""
        from dataclasses import replace

        from kzdoc.redaction.tokens import ViewText

        title = ViewText((f"{view.records[0].title.plain()} {WITNESS}",))
        return whole(
            replace(view, records=(replace(view.records[0], title=title), *view.records[1:])),
            template=template,
            **marks,
        )

    with publish() as stage:
        choose_person(stage, qtbot)
        monkeypatch.setattr(publishing, "printed", leaky)
        write(stage.room.form.recipient, "Суд")
        write(stage.room.form.purpose, "Жалоба")
        laid_out(stage, qtbot)
        assert stage.room.shown.paper.findings
        card = stage.room.findChild(FindingsCard)
        assert card is not None
        shown = texts(card)
        assert "Страница 1" in shown
        assert "читается скрытое имя или номер" in shown
        assert WITNESS not in shown
        assert not stage.room.sign_button.isEnabled()
        assert stage.room.why_not() == "publish.why_findings"
        assert stage.room.preview._spots
        stage.room.sign()
        assert stage.room.signed == {}
        press(qtbot, stage.room, "Открыть запись")
        assert stage.journeys[-1] == ("record", stage.room.subject.id)


def test_what_changed_since_it_was_shown_is_not_signed(publish, office, case, qtbot, tmp_path) -> None:  # noqa: F811
    with publish() as stage:
        choose_person(stage, qtbot)
        choose_audience(stage, qtbot, "internal")
        shown = stage.room.shown
    office.write("coordinator", record=case, occupation="учитель")
    with office.at("coordinator") as session:
        with pytest.raises(PublicationError, match=r"publication\.other-than-shown"):
            sign_what_was_shown(session, case, tmp_path / "x.pdf", shown, silent)
        again = Shown(shown.wanted, preview(session, case, shown.wanted, silent))
        assert sign_what_was_shown(session, case, tmp_path / "x.pdf", again, silent)["findings"] == 0
    assert not (tmp_path / "x.pdf.part").exists()


def test_an_event_can_be_chosen_by_arrows(publish, office, qtbot) -> None:  # noqa: F811
    with office.at("coordinator") as session:
        casework.add(session, "event", [Change("title", "set", "Алаңдағы бейбіт жиын")])
    with publish() as stage:
        rows = stage.room.choice.list.rows
        assert rows.rowCount() == 3
        for _ in range(2):
            qtbot.keyClick(stage.room.choice.entry, Qt.Key.Key_Down)
        qtbot.keyClick(stage.room.choice.entry, Qt.Key.Key_Return)
        laid_out(stage, qtbot)
        assert stage.room.subject.kind == "event"
