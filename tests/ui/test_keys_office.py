"""The office in People and keys on real vaults: rosters made, signed and refused, cases handed over, by real events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from kzdoc.exchange import rosters, successions, trust
from tests.field_office import COORDINATOR, MONITOR, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, on_stage, press, texts
from ui.screens.asking import Asking
from ui.screens.keys import KeysRoom


@pytest.fixture
def keys(office, theme, qtbot):  # noqa: F811
    """Return a function that opens the keys of a desk in an office where two verified each other."""
    office.know("monitor", "coordinator", verified=True)
    office.know("coordinator", "monitor", verified=True)

    def at(desk, lang="ru"):
        theme.watch.forget()
        return on_stage(office, desk, KeysRoom, theme, qtbot, lang=lang)

    return at


def sign(stage, qtbot, file):
    """Say yes to the question that a signature is asked with, and choose where the file goes."""
    dialogs = [one for one in stage.room.findChildren(Asking) if one.isVisible()]
    assert dialogs[0].stay.hasFocus() or dialogs[0].focusWidget() is dialogs[0].stay, "the safe verb has the focus"
    qtbot.mouseClick(dialogs[0].act, Qt.MouseButton.LeftButton)
    choose_file(qtbot, stage.room, file)
    calm(qtbot, stage.desk)


def choose(qtbot, choice, data):
    """Choose an item with the keyboard."""
    choice.setFocus()
    wanted = choice.findData(data)
    while choice.currentIndex() != wanted:
        key = Qt.Key.Key_Down if choice.currentIndex() < wanted else Qt.Key.Key_Up
        before = choice.currentIndex()
        qtbot.keyClick(choice, key)
        assert choice.currentIndex() != before


def open_file(stage, qtbot, file):
    press(qtbot, stage.room, stage.desk.words.say("office.open"))
    choose_file(qtbot, stage.room, file)
    qtbot.waitUntil(lambda: stage.room.panel is not None, timeout=20_000)


def test_two_coordinators_sign_a_roster_and_an_older_one_is_refused_and_said(keys, office, qtbot, tmp_path) -> None:  # noqa: F811
    first, draft, both = tmp_path / "one.txt", tmp_path / "draft.txt", tmp_path / "both.txt"
    with keys("coordinator") as stage:
        say = stage.desk.words.say
        assert say("office.none") in texts(stage.room)
        press(qtbot, stage.room, say("office.new"))
        assert say("office.new_needed", n=1, needed=1) in texts(stage.room)
        choose(qtbot, stage.room.panel.roles[MONITOR], "editor")
        press(qtbot, stage.room, say("office.new_make"))
        sign(stage, qtbot, first)
        assert stage.notices[-1] == say("office.made_in_force", version=1, name="one.txt", n=1, needed=1)
        shown = texts(stage.room)
        assert "подписали 1 из 1" in shown
        assert "меняет за других, решает за других" in shown
        press(qtbot, stage.room, say("office.new"))
        assert stage.room.panel.roles[MONITOR].chosen() == "editor", "what is held is where one begins"
        choose(qtbot, stage.room.panel.roles[MONITOR], "coordinator")
        assert say("office.new_needed", n=2, needed=2) in texts(stage.room)
        press(qtbot, stage.room, say("office.new_make"))
        sign(stage, qtbot, draft)
        assert stage.notices[-1] == say("office.made", version=2, n=1, needed=2, name="draft.txt")
        assert "версия 1" in texts(stage.room), "one of two is not enough"
    with keys("monitor", "kk") as stage:
        say = stage.desk.words.say
        open_file(stage, qtbot, first)
        press(qtbot, stage.room, say("office.take"))
        calm(qtbot, stage.desk)
        open_file(stage, qtbot, draft)
        assert say("office.seen_changes", names=MONITOR) in texts(stage.room)
        press(qtbot, stage.room, say("office.sign"))
        sign(stage, qtbot, both)
        assert stage.notices[-1] == say("office.made_in_force", version=2, name="both.txt", n=2, needed=2)
        open_file(stage, qtbot, first)
        shown = texts(stage.room.panel)
        assert "1-нұсқа" in shown
        assert stage.desk.words.say("office.seen_held", version=2) in shown
        offered = [each.text() for each in stage.room.panel.findChildren(QPushButton)]
        assert offered == [say("action.close")], "an older one can neither be signed nor taken"
        qtbot.keyClick(stage.room, Qt.Key.Key_Escape)
        assert stage.room.panel is None
    with office.at("monitor") as session:
        assert rosters.show_roster(session)["version"] == 2
    with office.at("coordinator") as session:
        assert rosters.show_roster(session)["version"] == 1
        assert rosters.take_roster(session, both.read_bytes())["version"] == 2


def test_a_signature_is_not_given_unless_asked_twice(keys, office, qtbot) -> None:  # noqa: F811
    with keys("coordinator", "en") as stage:
        say = stage.desk.words.say
        press(qtbot, stage.room, say("office.hand"))
        assert say("office.hand_3", author=COORDINATOR, successor=MONITOR) in texts(stage.room)
        press(qtbot, stage.room, say("office.hand_do"))
        dialog = next(one for one in stage.room.findChildren(Asking) if one.isVisible())
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
        calm(qtbot, stage.desk)
    with office.at("coordinator") as session:
        assert successions.in_force(session) == []


def test_cases_are_handed_over_seen_by_the_successor_and_taken_in(keys, office, qtbot, tmp_path) -> None:  # noqa: F811
    file = tmp_path / "hand.txt"
    with keys("monitor", "ru") as stage:
        say = stage.desk.words.say
        press(qtbot, stage.room, say("office.hand"))
        assert say("office.hand_own") in texts(stage.room)
        press(qtbot, stage.room, say("office.hand_do"))
        sign(stage, qtbot, file)
        assert file.exists()
        assert say("office.succeeds", author=MONITOR, successor=COORDINATOR) in texts(stage.room)
    with keys("coordinator", "kk") as stage:
        say = stage.desk.words.say
        open_file(stage, qtbot, file)
        shown = texts(stage.room.panel)
        for number in range(1, 5):
            assert say(f"office.hand_{number}", author=MONITOR, successor=COORDINATOR) in shown
        press(qtbot, stage.room, say("office.take_over"))
        calm(qtbot, stage.desk)
        assert stage.notices[-1] == say("office.taken_over", author=MONITOR, successor=COORDINATOR)
        open_file(stage, qtbot, file)
        assert say("office.hand_already") in texts(stage.room.panel)
    with office.at("coordinator") as session:
        author = trust.named(session, MONITOR).author
        assert session.store.policy().successors == {author: frozenset((session.author,))}
