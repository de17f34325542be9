"""Commands by physical key, with events as X11 makes them (the real layouts are in test_layouts_x11.py)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QWidget

from kzdoc.errors import KzdocError
from ui.keys import Command, Keys, key_text
from ui.layouts import other_layouts
from ui.widgets.entry import LineEntry

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
K, L, C, ONE, ZERO = 45, 46, 54, 10, 19  # X11 keycodes: evdev + 8


def press(widget: QWidget, code: int, text: str, modifiers: Qt.KeyboardModifier = NONE, key: int | None = None) -> None:
    """Press a key that the layout reads as ``text``."""
    meant = key if key is not None else (ord(text.upper()) if text else 0)
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        shown = "" if modifiers & CTRL else text
        QApplication.sendEvent(widget, QKeyEvent(kind, meant, modifiers, code, 0, 0, shown))


@pytest.fixture
def field(qtbot) -> LineEntry:
    made = LineEntry()
    qtbot.addWidget(made)
    made.show()
    made.setFocus()
    return made


@pytest.mark.parametrize(("text", "layout"), [("k", "us"), ("л", "ru"), ("л", "kk")])
def test_a_command_runs_under_every_layout(theme, field, text, layout) -> None:
    keys, ran = Keys(theme.watch), []
    keys.add(Command("palette", "command.palette", lambda: ran.append(layout), ("Ctrl+K",)))
    press(field, K, text, CTRL)
    assert ran == [layout]
    assert field.text() == ""


def test_a_digit_command_runs_under_the_kazakh_row(theme, field) -> None:
    keys, ran = Keys(theme.watch), []
    keys.add(Command("one", "rail.today", lambda: ran.append(1), ("Ctrl+1",)))
    keys.add(Command("nought", "rail.keys", lambda: ran.append(0), ("Ctrl+0",)))
    press(field, ONE, '"', CTRL)
    press(field, ZERO, "қ", CTRL)
    assert ran == [1, 0]


def test_another_latin_layout_keeps_its_letters(theme, field) -> None:
    keys, ran = Keys(theme.watch), []
    keys.add(Command("z", "command.lock", lambda: ran.append("z"), ("Ctrl+Z",)))
    press(field, 29, "z", CTRL)  # QWERTZ: z on the key of our y
    assert ran == ["z"]


def test_copy_in_a_field_works_under_cyrillic(theme, field, qapp) -> None:
    Keys(theme.watch)
    field.setText("Өңірова")
    field.selectAll()
    QApplication.clipboard().clear()
    press(field, C, "с", CTRL)
    assert QApplication.clipboard().text() == "Өңірова"
    press(field, 38, "ф", CTRL)  # select all
    press(field, 53, "ч", CTRL)  # cut
    assert field.text() == ""


def test_without_us_copy_is_dead_under_cyrillic(qtbot, qapp) -> None:
    field = QLineEdit("Өңірова")  # the twin: Qt alone
    qtbot.addWidget(field)
    field.selectAll()
    QApplication.clipboard().clear()
    press(field, C, "с", CTRL)
    assert QApplication.clipboard().text() == ""


def test_scopes(theme, field) -> None:
    keys, ran = Keys(theme.watch), []
    keys.add(Command("a", "command.lock", lambda: ran.append("a"), ("Ctrl+D",), scope="rally"))
    keys.add(Command("b", "command.lock", lambda: ran.append("b"), ("Ctrl+D",), scope="record"))
    keys.enter("record")
    press(field, 40, "в", CTRL)
    assert ran == ["b"]
    assert [command.id for command in keys.in_force()] == ["b"]
    keys.drop("record")
    press(field, 40, "в", CTRL)
    assert ran == ["b"]


def test_two_commands_cannot_have_one_key(theme) -> None:
    keys = Keys(theme.watch)
    keys.add(Command("a", "command.lock", print, ("F12",)))
    with pytest.raises(KzdocError, match=r"desk\.key-taken"):
        keys.add(Command("b", "command.jot", print, ("F12",), scope="record"))
    with pytest.raises(KzdocError, match=r"desk\.command-taken"):
        keys.add(Command("a", "command.jot", print))


def test_lock_works_over_a_dialog_and_others_do_not(theme, qtbot) -> None:
    keys, ran = Keys(theme.watch), []
    keys.add(Command("lock", "command.lock", lambda: ran.append("lock"), ("Ctrl+L",), over_dialogs=True))
    keys.add(Command("jot", "command.jot", lambda: ran.append("jot"), ("Ctrl+J",)))
    dialog = QDialog()
    qtbot.addWidget(dialog)
    dialog.setModal(True)
    dialog.show()
    press(dialog, 44, "о", CTRL)
    press(dialog, L, "д", CTRL)
    assert ran == ["lock"]


def test_a_command_that_is_off_does_not_run(theme, field) -> None:
    keys, ran = Keys(theme.watch), []
    keys.add(Command("lock", "command.lock", lambda: ran.append(1), ("F12",), why_off=lambda: "empty.today"))
    press(field, 96, "", key=Qt.Key.Key_F12)
    assert not ran


def test_the_name_of_a_press(qapp) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F12, CTRL, 96, 0, 0, "")
    assert key_text(event) == "Ctrl+F12"
    bare = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Control, CTRL, 37, 0, 0, "")
    assert key_text(bare) == ""


def _type_kazakh(field: LineEntry, keys: str) -> None:
    """Press physical keys, named as on the US layout, under the Kazakh layout."""
    us = "`1234567890-=qwertyuiop[]asdfghjkl;'zxcvbnm,./ "
    kazakh = '("әіңғ,.үұқөһйцукенгшщзхъфывапролджэячсмитьбю№ '
    codes = [49, *range(10, 22), *range(24, 36), *range(38, 49), *range(52, 62), 65]
    for name in keys:
        at = us.index(name)
        press(field, codes[at], kazakh[at])


@pytest.mark.parametrize(
    ("kind", "keys", "text"),
    [
        ("number", "1234567890", "1234567890"),
        ("phone", "=77011234567", "+77011234567"),
        ("date", "17/11/2026", "17.11.2026"),
        ("date", "2026-11-17", "2026-11-17"),
    ],
)
def test_the_kazakh_row_in_a_field_of_digits(theme, qtbot, kind, keys, text) -> None:
    field = LineEntry(kind)
    qtbot.addWidget(field)
    _type_kazakh(field, keys)
    assert field.text() == text


def test_words_in_a_date_under_the_kazakh_row(theme, qtbot) -> None:
    for keys, text in (
        ("5 0shrq8tr", "5 қыркйүек"),
        ("0fpfy", "қазан"),
        ("i3klt", "шілде"),
        ("1 0fhfif 2019", "1 қараша 2019"),
        ("-nrty", "өткен"),
        ("10 vfvsh", "10 мамыр"),
    ):
        field = LineEntry("date")
        qtbot.addWidget(field)
        _type_kazakh(field, keys)
        assert field.text() == text


def test_a_field_of_words_keeps_its_letters(theme, qtbot) -> None:
    field = LineEntry()
    qtbot.addWidget(field)
    _type_kazakh(field, "230")
    assert field.text() == "әіқ"


def test_what_was_typed_in_the_wrong_layout() -> None:
    assert "lock" in other_layouts("дщсл")
    assert "замок" in other_layouts("pfvjr")
    assert "қазан" in other_layouts("0fpfy")
    assert other_layouts("") == []
