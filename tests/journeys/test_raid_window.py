"""A raid: the desk is locked by one key, a colleague opens the vault by two of five shares, a paper is made.

Real windows, real vaults, the real gate with its slow key; nothing that was written is lost. All people are invented.
"""

from __future__ import annotations

import shutil
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from kzdoc import casework, filling, keeping
from kzdoc.casework import Change
from kzdoc.exchange import trust
from kzdoc.session import open_session_with_key
from tests.field_office import MONITOR, PASSPHRASE, made_office, office  # noqa: F401 - fixtures
from tests.ui.room_stage import calm, choose_file, choose_folder, press, texts, write
from ui.desk import Desk
from ui.gate import SessionGate
from ui.messages import Words
from ui.preferences import Preferences
from ui.screens.asking import Asking
from ui.supervisor import LOCKED
from ui.theme import Theme
from ui.unlock import Unlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kzdoc.session import Session
    from tests.field_office import Office

NEW = "жаңа тау өзені мөлдір аққан таңғы"
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, mode="light")
    yield made
    made.watch.forget()


@pytest.fixture
def sit_down(theme: Theme, qtbot: Any, tmp_path: Path) -> Iterator[Callable[..., tuple[Desk, list[int]]]]:
    """Return a function that opens the whole desk on a vault, as the program does once the key was handed over."""
    made: list[Desk] = []

    def build(open_it: Callable[[], Session]) -> tuple[Desk, list[int]]:
        theme.watch.forget()
        ended: list[int] = []
        around: Any = SimpleNamespace(
            qt=QApplication.instance(),
            theme=theme,
            words=Words("kk"),
            path=tmp_path / "desk.json",
            preferences=Preferences(idle_minutes=5, role="coordinator"),
            clipboard=SimpleNamespace(clear=lambda: None),
            exit=ended.append,
        )
        desk = Desk(around, open_it)
        made.append(desk)
        desk.begin()
        qtbot.waitUntil(lambda: desk.tasks.idle and desk.window.isVisible(), timeout=60_000)
        calm(qtbot, desk.surroundings)
        return desk, ended

    yield build
    for desk in made:
        desk.signs.stop()
        assert desk.tasks.stop(60)
        desk.window._ending = True
        desk.window.hide()
        desk.window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def make_shares(desk: Desk, folder: Path, qtbot: Any) -> list[str]:
    """Make five papers of which two open the vault, in People and keys; return what three of them say."""
    window, say = desk.window, desk.surroundings.words.say
    QTest.keyClick(window, Qt.Key.Key_0, CTRL)
    calm(qtbot, desk.surroundings)
    press(qtbot, window, say("ways.split"))
    panel = window.current().panel
    panel.counts.setFocus()
    while panel.counts.chosen() != "2-5":
        before = panel.counts.currentIndex()
        QTest.keyClick(panel.counts, Qt.Key.Key_Up)
        assert panel.counts.currentIndex() != before
    write(panel.secrets["unlock.passphrase"].field, PASSPHRASE)
    press(qtbot, window, say("ways.split_do"))
    choose_folder(qtbot, window, folder)
    calm(qtbot, desk.surroundings)
    papers = sorted(folder.glob("*.pdf"))
    assert len(papers) == 5
    return [keeping.read_share_file(path) for path in (papers[1], papers[4])]


def write_down(desk: Desk, qtbot: Any) -> None:
    """Begin a person and type a name; nothing is saved by hand."""
    window = desk.window
    QTest.keyClick(window, Qt.Key.Key_2, CTRL)
    calm(qtbot, desk.surroundings)
    QTest.keyClick(window, Qt.Key.Key_N, CTRL)
    room = window.current()
    button = next(one for one in room.new_page.buttons if one.property("kind") == "person")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    calm(qtbot, desk.surroundings)
    write(room.form.body.rows["name_kk"].slot.entry, "Сынақова Айгүл")


def recover(theme: Theme, folder: Path, shares: list[str], qtbot: Any, tmp_path: Path) -> bytearray:
    """Open a vault by its shares at the unlock window, with a new passphrase; return the key that was handed over."""
    handed: list[tuple[Path, bytearray]] = []
    around: Any = SimpleNamespace(
        qt=QApplication.instance(),
        theme=theme,
        words=Words("kk"),
        path=tmp_path / "colleague.json",
        preferences=Preferences(lang="kk"),
        exit=lambda _status: None,
    )
    unlock = Unlock(around, SessionGate, lambda handover: handed.append((handover.folder, bytearray(handover.key))))
    try:
        unlock.show("first", str(folder))
        qtbot.waitUntil(lambda: unlock.tasks.idle, timeout=60_000)
        assert MONITOR not in texts(unlock.window), "nothing of what is inside is said"
        QTest.mouseClick(unlock.window._forgot, Qt.MouseButton.LeftButton)
        panel = unlock.window.recover_panel
        for count, text in enumerate(shares, 1):
            write(panel.entry, text)
            QTest.mouseClick(panel.next, Qt.MouseButton.LeftButton)
            qtbot.waitUntil(lambda count=count: len(panel.shares) == count, timeout=60_000)
        write(panel.secret.field, NEW)
        write(panel.again.field, NEW)
        QTest.mouseClick(panel.main, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: bool(handed), timeout=60_000)
    finally:
        unlock.tasks.stop()
        unlock.window.deleteLater()
    assert handed[0][0] == folder
    return handed[0][1]


def test_locked_by_one_key_opened_by_two_of_five_and_what_was_on_it_printed(
    office: Office,  # noqa: F811
    theme: Theme,
    sit_down: Any,
    qtbot: Any,
    tmp_path: Path,
) -> None:
    office.know("coordinator", "monitor", verified=True)
    office.know("monitor", "coordinator", verified=True)
    office.write("monitor")
    papers = tmp_path / "papers"
    papers.mkdir()

    # before: five papers are given away. Then somebody is at the door
    desk, ended = sit_down(lambda: office.open("monitor"))
    shares = make_shares(desk, papers, qtbot)
    write_down(desk, qtbot)
    QTest.keyClick(QApplication.focusWidget() or desk.window, Qt.Key.Key_F12)
    qtbot.waitUntil(lambda: ended == [LOCKED], timeout=60_000)
    assert not desk.window.isVisible()
    assert not desk.tasks._thread.is_alive(), "the worker that held the key has ended"

    # a colleague has a backup of it elsewhere, and two of the papers
    copy = tmp_path / "colleague" / "vault"
    copy.parent.mkdir()
    shutil.copytree(office.folder / "monitor", copy)
    key = recover(theme, copy, shares, qtbot, tmp_path)
    there, _ = sit_down(lambda: open_session_with_key(copy, key))
    found: list[Any] = []
    there.tasks.read(
        lambda session, _: found.append(
            ([one.typed for one in filling.drafts(session)], len(list(casework.listing(session, "person", {}))))
        )
    )
    calm(qtbot, there.surroundings)
    assert found == [([{"name_kk": "Сынақова Айгүл"}], 1)], "not a word is lost, though nobody saved it"

    # the coordinator trusts nothing later and prints what that laptop held
    with office.at("coordinator") as session:
        casework.add(session, "person", [Change("name_ru", "set", "Мысалов Ғалым")])
    paper = tmp_path / "exposure.pdf"
    head, _ = sit_down(lambda: office.open("coordinator"))
    say = head.surroundings.words.say
    QTest.keyClick(head.window, Qt.Key.Key_0, CTRL)
    calm(qtbot, head.surroundings)
    press(qtbot, head.window, say("keys.detained"))
    asked = next(one for one in head.window.findChildren(Asking) if one.isVisible())
    press(qtbot, asked, asked.act.text())
    calm(qtbot, head.surroundings)
    press(qtbot, head.window, say("keys.exposure"))
    choose_file(qtbot, head.window, paper)
    calm(qtbot, head.surroundings)
    assert paper.read_bytes().startswith(b"%PDF")
    told: list[Any] = []
    head.tasks.read(lambda session, _: told.append(session.vault.contacts.named(MONITOR).state))
    calm(qtbot, head.surroundings)
    assert told == [trust.REVOKED]
