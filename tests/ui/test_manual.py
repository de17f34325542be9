"""The manual: opened by F1 in three languages, and it names every button as the window does."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from kzdoc.language import LANGUAGES, catalogue
from kzdoc.resources import resource
from tests.ui.room_stage import calm, texts
from ui.main_window import MainWindow
from ui.messages import Words
from ui.rooms import ROOMS
from ui.screens.manual import read_manual


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_names_every_button_as_the_window_does(lang, qapp) -> None:
    raw = resource("manual", f"{lang}.md").read_text(encoding="utf-8")
    keys = re.findall(r"\{(.*?)\}", raw)
    assert keys
    unknown = [key for key in keys if key not in catalogue("desk", lang)]
    assert unknown == []
    parts = read_manual(Words(lang))
    assert not any("{" in part.text or "}" in part.text for part in parts)
    assert any(catalogue("desk", lang).say("send.make") in part.text for part in parts)


def test_the_three_pages_say_as_much(qapp) -> None:
    shapes = {lang: [part.sort for part in read_manual(Words(lang))] for lang in LANGUAGES}
    assert shapes["en"] == shapes["ru"] == shapes["kk"]
    assert shapes["en"].count("title") == 1
    assert shapes["en"].count("section") == 6


def test_f1_opens_it_in_the_language_of_the_desk_and_esc_goes_back(desk, qtbot) -> None:
    window = MainWindow(desk, ROOMS, role="monitor")
    qtbot.addWidget(window)
    window.resize(1366, 690)
    window.show()
    window.show_room("send")
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert window.room == "manual"
    room = window.current()
    assert "Первый час" in texts(room)
    assert "От чего kzdoc не защищает" in texts(room)
    desk.words.set_language("kk")
    qtbot.waitUntil(lambda: "kzdoc неден қорғамайды" in texts(room))
    assert "Первый час" not in texts(room)
    bar = room.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    QTest.keyClick(room, Qt.Key.Key_PageDown)
    assert bar.value() > 0
    QTest.keyClick(room, Qt.Key.Key_Home)
    assert bar.value() == 0
    QTest.keyClick(room, Qt.Key.Key_Escape)
    calm(qtbot, desk)
    assert window.room == "send", "back where one was"


def test_esc_goes_back_to_where_the_focus_was(desk, qtbot) -> None:
    window = MainWindow(desk, ROOMS, role="monitor")
    qtbot.addWidget(window)
    window.resize(1366, 690)
    window.show()
    window.show_room("record")
    calm(qtbot, desk)
    places = [one for one in window.current().findChildren(QAbstractButton) if one.isVisible() and one.isEnabled()]
    place = places[-1]
    place.setFocus()
    for key in (Qt.Key.Key_F1, Qt.Key.Key_Escape, Qt.Key.Key_F1, Qt.Key.Key_F1, Qt.Key.Key_Escape):
        QTest.keyClick(window.focusWidget() or window, key)
        calm(qtbot, desk)
    assert window.room == "record"
    assert window.focusWidget() is place


def test_who_opened_it_first_of_all_comes_to_today(desk, qtbot) -> None:
    window = MainWindow(desk, ROOMS, role="monitor")
    qtbot.addWidget(window)
    window.show()
    window.show_room("manual")
    QTest.keyClick(window.current(), Qt.Key.Key_Escape)
    calm(qtbot, desk)
    assert window.room == "today"
