"""The check that walks all texts, its twin, and a few pictures."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QWidget

from ui.fit import clipped_texts
from ui.gallery import SCENES
from ui.pictures import SIZES, take
from ui.rooms import ROOMS
from ui.widgets.basics import ElidedLabel, label
from ui.widgets.entry import Choice, LineEntry


def test_clipped_words_are_caught(theme, qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    box = QHBoxLayout(page)
    short, button, elided = label("Публикация"), QPushButton("Отправить координатору"), ElidedLabel("Очень длинное имя")
    for part in (short, button, elided):
        box.addWidget(part)
    page.resize(600, 60)
    page.show()
    assert clipped_texts(page) == []
    short.setFixedWidth(30)
    button.setFixedWidth(60)
    elided.setFixedWidth(110)
    assert {item.text for item in clipped_texts(page)} == {"Публикация", "Отправить координатору"}
    elided.setFixedWidth(30)
    assert "Очень длинное имя" in {item.text for item in clipped_texts(page)}


def test_a_word_outside_the_window_is_caught(theme, qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(200, 60)
    outside = label("Сегодня")
    outside.setParent(page)
    outside.move(180, 10)
    page.show()
    assert [item.text for item in clipped_texts(page)] == ["Сегодня"]


def test_what_is_chosen_in_a_box_and_a_hint_in_a_field_are_caught_when_cut(theme, qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    box = QHBoxLayout(page)
    choice, line = Choice(), LineEntry()
    choice.show_choices([("a", "административное задержание")])
    line.setPlaceholderText("Найти запись или команду")
    box.addWidget(choice)
    box.addWidget(line)
    page.resize(800, 60)
    page.show()
    assert clipped_texts(page) == []
    choice.setFixedWidth(180)
    line.setFixedWidth(90)
    cut = {item.text for item in clipped_texts(page)}
    assert cut == {"административное задержание", "Найти запись или команду"}
    line.setText("Тестов")
    choice.setProperty("elides", True)
    assert clipped_texts(page) == []
    choice.setFixedWidth(80)
    assert [item.text for item in clipped_texts(page)] == ["административное задержание"]


def test_a_text_cut_by_what_is_around_it_is_caught_and_one_to_scroll_to_is_not(theme, qtbot) -> None:
    page, frame, inner = QWidget(), QWidget(), QWidget()
    qtbot.addWidget(page)
    page.resize(400, 200)
    frame.setParent(page)
    frame.setGeometry(0, 0, 300, 20)
    low = label("Сегодня", wrap=False)
    low.setParent(frame)
    low.move(0, 12)
    area = QScrollArea(page)
    area.setGeometry(0, 40, 300, 100)
    inner.resize(280, 600)
    below = label("Внизу")
    below.setParent(inner)
    below.move(0, 500)
    area.setWidget(inner)
    page.show()
    assert [item.text for item in clipped_texts(page)] == ["Сегодня"]


@pytest.mark.parametrize("scene", [scene for scene in SCENES if not scene.name.startswith("room-")])
@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_nothing_is_clipped(theme, qapp, scene, lang) -> None:
    for size in SIZES.values():
        picture, clipped = take(scene, theme, lang, size)
        assert picture.width() >= size[0]
        assert clipped == []


def test_every_room_has_a_picture() -> None:
    assert {f"room-{entry.id}" for entry in ROOMS} <= {scene.name for scene in SCENES}
