"""A coordinator's morning in the real window: a bundle of somebody unverified, the digits, taking in, a paper."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from kzdoc import casework, checking
from kzdoc.exchange import trust
from tests.field_office import COORDINATOR, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, drop, press, texts, write
from ui.keys import Keys
from ui.main_window import MainWindow
from ui.messages import Words
from ui.rooms import ROOMS
from ui.screens.keys_compare import ComparePanel
from ui.surroundings import Surroundings
from ui.tasks import Tasks
from ui.widgets.file_choice import DropTarget


@pytest.fixture
def window(office, theme, qtbot):  # noqa: F811
    """Return the window on the coordinator's vault."""
    tasks = Tasks(lambda: office.open("coordinator"), lambda session: session.close())
    tasks.start()
    made = MainWindow(Surroundings(Words("kk"), theme, Keys(theme.watch), tasks), ROOMS, role="coordinator")
    qtbot.addWidget(made)
    made.resize(1366, 690)
    made.show()
    made.show_room("today")
    calm(qtbot, made.desk)
    yield made
    assert tasks.stop(20)


def meet(window, office, qtbot):  # noqa: F811
    """Let the monitor, on another laptop, know and trust the coordinator; return the coordinator's card."""
    found = []
    window.desk.tasks.read(
        lambda session, _: (trust.card(session), trust.own_fingerprint(session, "kk")["fingerprint"]), done=found.extend
    )
    calm(qtbot, window.desk)
    with office.at("monitor") as monitor:
        trust.add_contact(monitor, found[0], name=COORDINATOR, lang="kk")
        trust.verify_contact(monitor, COORDINATOR, digits=found[1], by="voice", lang="kk")
    return found[0]


def go(window, qtbot, digit):
    qtbot.keyClick(window, digit, Qt.KeyboardModifier.ControlModifier)
    calm(qtbot, window.desk)
    return window.current()


def take_card_in(window, office, qtbot, file):  # noqa: F811
    """Take the monitor's card in by hand; return the digits the monitor reads out."""
    with office.at("monitor") as monitor:
        trust.write_card(monitor, file)
        digits = trust.own_fingerprint(monitor, "kk")["fingerprint"].split()
    room = go(window, qtbot, Qt.Key.Key_0)
    assert window.room == "keys"
    press(qtbot, window, window.desk.words.say("keys.add"))
    choose_file(qtbot, window, file)
    qtbot.waitUntil(lambda: room.panel is not None, timeout=20_000)
    press(qtbot, window, window.desk.words.say("keys.new_take"))
    calm(qtbot, window.desk)
    return digits


def compare(window, qtbot, digits):
    panel = window.current().panel
    assert isinstance(panel, ComparePanel)
    for place, entry in panel.entries.items():
        write(entry, digits[place])
    press(qtbot, window, window.desk.words.say("keys.by_voice"))
    calm(qtbot, window.desk)


def test_from_a_strangers_digits_to_a_signed_paper(window, office, qtbot, tmp_path) -> None:  # noqa: F811
    desk, say = window.desk, window.desk.words.say
    own_card = meet(window, office, qtbot)
    digits = take_card_in(window, office, qtbot, tmp_path / "card.txt")
    office.write("monitor", naming_basis="own_consent")
    bundle = office.send("monitor", "coordinator", "b.kzbundle")

    drop(go(window, qtbot, Qt.Key.Key_5).findChild(DropTarget), bundle)
    calm(qtbot, desk)
    press(qtbot, window, say("merge.compare_now"))
    calm(qtbot, desk)
    assert window.room == "keys"
    compare(window, qtbot, digits)

    room = go(window, qtbot, Qt.Key.Key_5)
    assert room.bundle.seen["state"] == "verified"
    go(window, qtbot, Qt.Key.Key_Return)
    assert say("merge.taken") in texts(room)

    room = go(window, qtbot, Qt.Key.Key_9).page()
    qtbot.keyClick(room.choice.entry, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.shown is not None, timeout=20_000)
    write(room.form.recipient, "Сот")
    write(room.form.purpose, "Шағым")
    qtbot.waitUntil(lambda: not room.why_not(), timeout=20_000)
    qtbot.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    choose_file(qtbot, window, tmp_path / "paper.pdf")
    calm(qtbot, desk)
    card = tmp_path / "own.card"
    card.write_bytes(own_card)
    assert checking.check_report(tmp_path / "paper.pdf", card=card)["signature"] == "good"
    assert window.banners.gravest() is None


def test_taking_in_can_be_cancelled_and_then_nothing_is_changed(window, office, qtbot) -> None:  # noqa: F811
    desk, say = window.desk, window.desk.words.say
    meet(window, office, qtbot)
    compare_with = take_card_in(window, office, qtbot, office.folder / "card.txt")
    compare(window, qtbot, compare_with)
    for number in range(20):
        office.write("monitor", f"Тестов {number}")
    bundle = office.send("monitor", "coordinator", "b.kzbundle")
    window.show_room("merge", [bundle])
    calm(qtbot, desk)
    room = window.current()
    press(qtbot, window, say("merge.take"))
    qtbot.waitUntil(lambda: desk.tasks._running is not None)
    desk.tasks.cancel()
    calm(qtbot, desk)
    assert not room.taken
    assert say("merge.stopped") in window.toast.accessibleName()
    assert room.bundle.seen["new"] == 20, "the bundle still lies on the desk"
    counted = []
    desk.tasks.read(lambda session, _: counted.extend(casework.listing(session, "person", {})))
    calm(qtbot, desk)
    assert counted == []
    press(qtbot, window, say("merge.take"))
    calm(qtbot, desk)
    assert room.taken["new"] == 20
