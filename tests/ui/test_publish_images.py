"""Pictures before they go out: looked at, covered by mouse and by keys, and the paper waits. On a real vault."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage

from kzdoc import casework, picturing
from kzdoc.casework import Change
from kzdoc.redaction.images import ELLIPSE, WHOLE
from tests.field_office import made_office, office  # noqa: F401 - fixtures
from tests.kzdoc.report.test_images import full_of_more, noise, saved
from tests.ui.room_stage import calm, choose_file, on_stage, press, texts, write
from ui.messages import Words
from ui.screens.publish import PublishRoom
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


@pytest.fixture
def canvas(theme, qtbot):
    one = CoverCanvas(Words("en"), theme)
    qtbot.addWidget(one)
    one.fit(QSize(400, 300))
    image = QImage(80, 60, QImage.Format.Format_RGB888)
    image.fill(Qt.GlobalColor.white)
    one.show_picture(image)
    one.show()
    return one


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
