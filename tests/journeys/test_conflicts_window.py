"""A coordinator's day: three bundles, two in conflict, one person under two names joined, parted and joined again.

Through the real window with real keys and drops; the receipts go back and mark what was sent. All people are invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kzdoc import casework, joining
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import incoming, outgoing, receipting, trust
from kzdoc.session import create_vault, unlock
from tests.field_office import COORDINATOR, MONITOR, PASSPHRASE, STRANGER, made_office, office  # noqa: F401 - fixtures
from tests.readers_nearby import read_nearby
from tests.ui.room_stage import calm, drop, press, texts
from ui.keys import Keys
from ui.main_window import MainWindow
from ui.messages import Words
from ui.rooms import ROOMS
from ui.screens.doubles_pairs import PairPane
from ui.screens.merge_conflicts import ConflictPane
from ui.surroundings import Surroundings
from ui.tasks import Tasks
from ui.theme import Theme
from ui.widgets.file_choice import DropTarget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.field_office import Office

THIRD = "Үлгіқызы Әсем"
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(office: Office, qapp: Any, qtbot: Any, monkeypatch: Any) -> Iterator[MainWindow]:  # noqa: F811
    read_nearby(monkeypatch)
    theme = Theme(qapp, mode="light")
    tasks: Tasks[Any] = Tasks(lambda: office.open("coordinator"), lambda session: session.close())
    tasks.start()
    made = MainWindow(Surroundings(Words("kk"), theme, Keys(theme.watch), tasks), ROOMS, role="coordinator")
    qtbot.addWidget(made)
    made.resize(1366, 690)
    made.show()
    made.show_room("today")
    yield made
    assert tasks.stop(60)
    theme.watch.forget()


def third_monitor(office: Office) -> Path:  # noqa: F811
    """Make a third monitor's vault; she and the coordinator know each other."""
    folder = office.folder / "third"
    create_vault(folder, PASSPHRASE, author=THIRD).close()
    office.keys["third"] = bytes(unlock(folder, PASSPHRASE))
    return folder


def meet(office: Office, window: MainWindow, qtbot: Any) -> None:  # noqa: F811
    """Let three monitors and the coordinator verify each other by their digits."""
    cards: list[Any] = []
    window.desk.tasks.read(
        lambda session, _: (trust.card(session), trust.own_fingerprint(session, "kk")["fingerprint"]), done=cards.append
    )
    calm(qtbot, window.desk)
    for desk, name in (("monitor", MONITOR), ("stranger", STRANGER), ("third", THIRD)):
        with office.at(desk) as session:
            own = trust.card(session), trust.own_fingerprint(session, "kk")["fingerprint"]
            trust.add_contact(session, cards[0][0], name=COORDINATOR, lang="kk")
            trust.verify_contact(session, COORDINATOR, digits=cards[0][1], by="voice", lang="kk")

        def know(session: Any, _: Any, name: str = name, own: tuple[bytes, str] = own) -> None:
            trust.add_contact(session, own[0], name=name, lang="kk")
            trust.verify_contact(session, name, digits=own[1], by="voice", lang="kk")

        window.desk.tasks.write(know)
        calm(qtbot, window.desk)


def press_key(window: MainWindow, qtbot: Any, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    QTest.keyClick(window, key, modifier)
    calm(qtbot, window.desk)


def lay(window: MainWindow, qtbot: Any, bundle: Path) -> None:
    """Drop a bundle and take it in by the keyboard."""
    drop(window.current().findChild(DropTarget) or window.current(), bundle)
    calm(qtbot, window.desk)
    assert window.current().bundle.seen["state"] == "verified"
    press_key(window, qtbot, Qt.Key.Key_Return, CTRL)
    assert window.current().taken["receipt"] == str(bundle) + ".receipt"


def test_three_bundles_a_conflict_and_a_double_joined_parted_and_joined_again(
    office: Office,  # noqa: F811
    window: MainWindow,
    qtbot: Any,
) -> None:
    third_monitor(office)
    meet(office, window, qtbot)
    person = office.write("monitor", "Тестов Максат", born="1973", occupation="инженер")
    shared = office.send("monitor", "coordinator", "first.kzbundle")

    press_key(window, qtbot, Qt.Key.Key_5, CTRL)
    room = window.current()
    lay(window, qtbot, shared)

    # the coordinator sends it on; the second monitor writes something else than the first
    passed = office.folder / "passed.kzbundle"
    window.desk.tasks.write(
        lambda session, _: outgoing.make_bundle(session, [STRANGER], passed, audience=Audience.INTERNAL)
    )
    calm(qtbot, window.desk)
    with office.at("stranger") as session:
        incoming.take(session, [passed])
        casework.change(session, person, [Change("occupation", "set", "ұстаз")])
    office.write("monitor", record=person, occupation="журналист")
    with office.at("third") as session:
        other = casework.add(
            session, "person", [Change("name_ru", "set", "Maks Testov"), Change("born", "set", "1973")]
        )
    bundles = [
        office.send("monitor", "coordinator", "a.kzbundle"),
        office.send("stranger", "coordinator", "b.kzbundle"),
    ]
    bundles.append(office.folder / "c.kzbundle")
    with office.at("third") as session:
        outgoing.make_bundle(session, [COORDINATOR], bundles[2], audience=Audience.INTERNAL)
    for bundle in bundles:
        lay(window, qtbot, bundle)

    # two wrote different things: both are kept until the coordinator chooses, by a key
    press_key(window, qtbot, Qt.Key.Key_6, ALT)
    assert isinstance(room.pane, ConflictPane)
    assert {"ұстаз", "журналист"} <= {side.value for side in room.pane.conflict.sides}
    theirs = next(n for n, side in enumerate(room.pane.conflict.sides) if side.value == "журналист")
    press_key(window, qtbot, (Qt.Key.Key_1, Qt.Key.Key_2)[theirs], ALT)
    assert room._waiting.conflicts == []

    # two names, one man: flagged with reasons, joined, undone by the toast, joined again
    press_key(window, qtbot, Qt.Key.Key_8, ALT)
    assert isinstance(room.pane, PairPane)
    assert "Maks Testov" in texts(room.pane)
    press_key(window, qtbot, Qt.Key.Key_1, ALT)
    assert room._waiting.people == 0
    press(qtbot, window.toast, window.desk.words.say("action.undo"))
    calm(qtbot, window.desk)
    assert room._waiting.people == 1
    press_key(window, qtbot, Qt.Key.Key_8, ALT)
    press_key(window, qtbot, Qt.Key.Key_1, ALT)
    assert room._waiting.people == 0

    told: list[Any] = []
    window.desk.tasks.read(
        lambda session, _: told.append(
            (set(joining.group(session, person)), casework.state(session, person).value("occupation"))
        )
    )
    calm(qtbot, window.desk)
    assert told == [({person, other}, "журналист")]
    for desk, bundle in zip(("monitor", "stranger", "third"), bundles, strict=True):
        with office.at(desk) as session:
            receipt = bundle.with_name(bundle.name + ".receipt").read_bytes()
            assert receipting.take_receipt(session, receipt)["from"] == COORDINATOR
