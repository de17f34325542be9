"""Pictures before they go out: looked at, covered by mouse and by keys, and the paper waits. On a real vault."""

from __future__ import annotations

import io
from dataclasses import replace
from types import SimpleNamespace

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QImage

from kzdoc import casework, picturing
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.errors import Cancelled, PublicationError
from kzdoc.progress import silent
from kzdoc.redaction.images import ELLIPSE, WHOLE
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.kzdoc.report.test_images import full_of_more, noise, saved
from tests.ui.room_stage import calm, choose_file, on_stage, press, texts, write
from ui.messages import Words
from ui.screens.publish import PublishRoom
from ui.screens.publish_form import Wanted
from ui.screens.publish_images import Picture, PicturesCard, Sight
from ui.screens.publish_paper import prepared, sign_what_was_shown
from ui.widgets.cover_canvas import CoverCanvas

LEFT = Qt.MouseButton.LeftButton
TITLE = "Снимок у входа"


@pytest.fixture
def case(office, tmp_path):  # noqa: F811
    """Return an item with a picture about somebody who agreed to be shown."""
    files = {"Мысалова.jpg": full_of_more()["jpeg"], "b.png": saved(noise(20, 120, 80), "PNG")}
    with office.at("coordinator") as session:
        said = {"name_ru": "Тестов Данияр", "naming_basis": "already_public"}
        person = casework.add(session, "person", [Change(name, "set", value) for name, value in said.items()])
        consent = {"person": person.hex(), "audiences": ["public"], "classes": ["photo", "identity"]}
        casework.add(session, "consent", [Change(name, "set", value) for name, value in consent.items()])
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        items = casework.attach(session, person, [tmp_path / name for name in files])
        for number, item in enumerate(items):
            casework.change(session, item, [Change("title", "set", f"{TITLE} {number + 1}")])
    return items


@pytest.fixture
def publish(office, case, theme, qtbot):  # noqa: F811
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
        return room.shown is not None and room.shown.wanted == room.form.wanted() and not room.pictures.busy

    qtbot.waitUntil(lambda: ready() and not stage.room._settle.isActive(), timeout=30_000)
    calm(qtbot, stage.desk)


def test_a_paper_for_everybody_waits_until_its_pictures_were_looked_at(office, publish, case, qtbot, tmp_path):  # noqa: F811
    with publish() as stage:
        room, card = stage.room, stage.room.pictures
        public_paper(stage, qtbot)
        assert room.why_not() == "publish.why_pictures"
        assert not room.sign_button.isEnabled()
        assert "2 изображения никто не просмотрел" in texts(room)
        press(qtbot, room, "К изображениям")
        qtbot.waitUntil(card.panel.isVisible, timeout=30_000)
        assert card.take_button.text() == "Просмотрено, закрывать нечего"
        canvas = card.canvas
        start, end = (
            QPoint(canvas.width() // 5, canvas.height() // 4),
            QPoint(canvas.width() * 4 // 5, canvas.height() - 9),
        )
        qtbot.mousePress(canvas, LEFT, pos=start)
        qtbot.mouseMove(canvas, end)
        qtbot.mouseRelease(canvas, LEFT, pos=end)
        assert len(canvas.shapes) == 1
        press(qtbot, room, "Закрыть и сделать изображение")
        laid_out(stage, qtbot)
        assert (stage.notices, room.why_not()) == (
            ["Новое изображение готово, закрыто 1 место"],
            "publish.why_pictures",
        )
        stage.desk.keys.run("publish.look") if hasattr(stage.desk.keys, "run") else card.go_on()
        qtbot.waitUntil(card.panel.isVisible, timeout=30_000)
        press(qtbot, room, "Просмотрено, закрывать нечего")
        laid_out(stage, qtbot)
        assert room.why_not() == ""
        assert "Все изображения просмотрены" in texts(room)
        press(qtbot, room, "Подписать")
        choose_file(qtbot, room, tmp_path / "paper.pdf")
        qtbot.waitUntil(lambda: bool(room.signed), timeout=30_000)
    names = sorted(path.name for path in tmp_path.glob("paper*"))
    papers = [one for one in names if not one.endswith(".sig")]
    assert papers in (
        ["paper-1.jpeg", "paper-2.png", "paper.pdf"],
        ["paper-1.png", "paper-2.jpeg", "paper.pdf"],
    )
    assert len(names) == 2 * len(papers)
    with office.at("coordinator") as session:
        made = picturing.reviews(session)
        covered = next(one for one in made.values() if one.shapes)
        data = b"".join(session.blobs.read(covered.made))
    assert Image.open(io.BytesIO(data)).convert("L").getpixel((32, 30)) < 8


def test_a_paper_whose_pictures_changed_since_it_was_shown_is_not_signed(office, case, tmp_path):  # noqa: F811
    with office.at("coordinator") as session:
        (root,) = casework.state(session, case[0]).values("about")
        wanted = Wanted(Audience.PUBLIC, "Оқырмандар", "Баяндама", "case-file", "ru")
        shown = prepared(session, root, wanted, silent)
        seen, _ = picturing.original_file(session, case[1])
        picturing.review(session, case[1], [], seen=seen)
        again = prepared(session, root, wanted, silent)
        assert (again.paper.pictures, again.paper.unseen) != (shown.paper.pictures, shown.paper.unseen)
        same = replace(shown, paper=replace(shown.paper, pdf=again.paper.pdf))
        with pytest.raises(PublicationError, match=r"publication\.other-than-shown"):
            sign_what_was_shown(session, root, tmp_path / "x.pdf", same, silent)
    assert not (tmp_path / "x.pdf").exists()


class Asked:
    """The desk's tasks, held back: what was asked for, and how it is answered."""

    def __init__(self) -> None:
        self.jobs: list[tuple[object, dict]] = []

    def read(self, act, **told) -> None:
        self.jobs.append((act, told))

    write = read


FIRST, SECOND = (Picture(letter * 16, letter.decode(), looked=False) for letter in (b"A", b"B"))


@pytest.fixture
def card(theme, qtbot):
    desk = SimpleNamespace(words=Words("en"), theme=theme, tasks=Asked(), notice=lambda *_, **__: None)
    one = PicturesCard(desk)
    qtbot.addWidget(one)
    one.show_pictures((FIRST, SECOND), held=True)
    return one


def sight(picture, page=0, pages=1, sha256=b"1"):
    return Sight(white(), page, pages, picture.record, sha256)


def answer(card, one):
    card._desk.tasks.jobs[-1][1]["done"](one)


def test_no_picture_is_made_that_was_not_on_the_screen(card, monkeypatch) -> None:
    made = []
    monkeypatch.setattr(picturing, "review", lambda _, record, __, seen, **___: made.append((record, seen)))
    card.look_at(FIRST)
    assert card.why_not() == "cover.why_busy"
    answer(card, sight(FIRST))
    card.canvas.add()
    card.look_at(SECOND)
    card._desk.tasks.jobs[-1][1]["failed"](Cancelled())
    assert (card.why_not(), len(card.canvas.shapes)) == ("", 1)
    card.take()
    card._desk.tasks.jobs[-1][0](None, silent)
    assert made == [(FIRST.record, b"1")]


def test_closing_while_a_picture_is_decoded_leaves_the_card_free(card) -> None:
    card.look_at(FIRST)
    card.close_picture()
    answer(card, sight(FIRST))
    assert (card.busy, card.why_not(), card.panel.isHidden()) == (False, "cover.why_none", True)
    card.look_at(SECOND)
    card.show_page(sight(FIRST))
    assert card.why_not() == "cover.why_none"


def test_a_document_is_looked_at_when_all_its_pages_were_shown(card) -> None:
    card.look_at(FIRST)
    answer(card, sight(FIRST, 0, 2))
    assert (card.why_not(), card.take_button.isEnabled()) == ("cover.why_pages", False)
    assert "Look at every page first." in texts(card.panel)
    jobs = len(card._desk.tasks.jobs)
    card.take()
    assert len(card._desk.tasks.jobs) == jobs
    card.turn(1)
    answer(card, sight(FIRST, 1, 2))
    assert (card.why_not(), card.take_button.isEnabled()) == ("", True)
    card.turn(0)
    answer(card, sight(FIRST, 0, 2, b"2"))
    assert card.why_not() == "cover.why_pages", "another file: all of it once more"


def white(width=80, height=60):
    image = QImage(width, height, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.white)
    return image


@pytest.fixture
def canvas(theme, qtbot):
    one = CoverCanvas(Words("en"), theme)
    qtbot.addWidget(one)
    one.fit(QSize(400, 300))
    one.show_picture(white())
    one.show()
    return one


def test_taking_back_on_one_page_changes_nothing_on_another(canvas) -> None:
    canvas.add(1000, 1000, 4000, 4000)
    (first,) = canvas.shapes
    canvas.show_picture(white(), 1)
    canvas.undo()
    assert canvas.shapes == (first,)
    canvas.add(5000, 5000, 6000, 6000)
    canvas.undo()
    assert (canvas.shapes, canvas.chosen) == ((first,), -1)
    canvas.chosen = 0
    canvas.draw(ELLIPSE)
    canvas.remove()
    assert canvas.shapes == (first,)
    canvas.show_picture(white(), 0)
    canvas.undo()
    assert canvas.shapes == ()


def test_what_is_drawn_covers_all_that_was_drawn_over(canvas) -> None:
    place = QRectF(1.04, 1.04, 100.01, 100.01)
    left, top, right, bottom = canvas._drawn(place)
    assert left * canvas.width() <= place.left() * WHOLE
    assert top * canvas.height() <= place.top() * WHOLE
    assert right * canvas.width() >= place.right() * WHOLE
    assert bottom * canvas.height() >= place.bottom() * WHOLE


def keys(qtbot, canvas, *pressed, held=Qt.KeyboardModifier.NoModifier):
    for key in pressed:
        qtbot.keyClick(canvas, key, held)


def test_by_keys_alone_a_shape_is_put_moved_sized_and_taken_back(canvas, qtbot) -> None:
    keys(qtbot, canvas, Qt.Key.Key_Space)
    (first,) = canvas.shapes
    keys(qtbot, canvas, Qt.Key.Key_Left, Qt.Key.Key_Up)
    keys(qtbot, canvas, Qt.Key.Key_Right, held=Qt.KeyboardModifier.ShiftModifier)
    (moved,) = canvas.shapes
    assert moved.left < first.left
    assert moved.top < first.top
    assert moved.right == first.right
    assert "Box 1 of 1" in canvas.accessibleDescription()
    canvas.draw(ELLIPSE)
    assert canvas.shapes[0].how == ELLIPSE
    keys(qtbot, canvas, Qt.Key.Key_Return, Qt.Key.Key_PageUp)
    assert (len(canvas.shapes), canvas.chosen) == (2, 0)
    keys(qtbot, canvas, Qt.Key.Key_Delete)
    assert len(canvas.shapes) == 1
    keys(qtbot, canvas, *[Qt.Key.Key_Backspace] * 9)
    assert canvas.shapes == ()
    assert "Nothing is covered" in canvas.accessibleDescription()


def test_a_shape_never_leaves_the_picture(canvas, qtbot) -> None:
    keys(qtbot, canvas, Qt.Key.Key_Space, *[Qt.Key.Key_Left] * 40, *[Qt.Key.Key_Up] * 40)
    keys(qtbot, canvas, *[Qt.Key.Key_Right] * 90, held=Qt.KeyboardModifier.ShiftModifier)
    (one,) = canvas.shapes
    assert (one.left, one.top, one.right) == (0, 0, WHOLE)


def test_a_click_chooses_and_what_is_drawn_is_seen_opaque(canvas, qtbot) -> None:
    for left in (40, 240):
        qtbot.mousePress(canvas, LEFT, pos=QPoint(left, 60))
        qtbot.mouseMove(canvas, QPoint(left + 100, 200))
        qtbot.mouseRelease(canvas, LEFT, pos=QPoint(left + 100, 200))
    assert (len(canvas.shapes), canvas.chosen) == (2, 1)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(80, 100))
    assert canvas.chosen == 0
    shown = canvas.grab().toImage()
    assert {shown.pixelColor(x, 130).lightness() for x in (60, 80, 260, 300)} == {0}
    assert shown.pixelColor(10, 20).lightness() > 200


def test_zoom_makes_the_picture_larger_and_keeps_the_shapes(canvas, qtbot) -> None:
    keys(qtbot, canvas, Qt.Key.Key_Space)
    before, width = canvas.shapes, canvas.width()
    keys(qtbot, canvas, Qt.Key.Key_Plus)
    assert canvas.width() == round(width * 1.5)
    assert canvas.shapes == before
    keys(qtbot, canvas, Qt.Key.Key_Minus)
    assert canvas.width() == width
