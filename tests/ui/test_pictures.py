"""The check that walks all texts, its twin, and a few pictures."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.fit import clipped_texts
from ui.gallery import SCENES
from ui.pictures import SIZES, take
from ui.rooms import ROOMS
from ui.widgets.basics import ElidedLabel, label


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
    elided.setFixedWidth(30)
    assert {item.text for item in clipped_texts(page)} == {"Публикация", "Отправить координатору"}


def test_a_word_outside_the_window_is_caught(theme, qtbot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(200, 60)
    outside = label("Сегодня")
    outside.setParent(page)
    outside.move(180, 10)
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
