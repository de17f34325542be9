"""The unlock window with a gate of our own, and once with the real vault."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from kzdoc import session
from kzdoc.errors import InputError, VaultError
from ui.application import Application
from ui.gate import SessionGate
from ui.preferences import Preferences, read_preferences
from ui.supervisor import CLOSED
from ui.unlock import Unlock
from ui.widgets.secret_field import SecretField

if TYPE_CHECKING:
    from ui.handover import Handover

PASSPHRASE = "алма терезе көпір жаңбыр дала қоңырау жұлдыз"


class TryGate:
    """Opens with one passphrase."""

    def __init__(self) -> None:
        self.there = True
        self.suggests = True
        self.made: list[tuple[str, str]] = []
        self.practice: list[bool] = []

    def exists(self, folder: Path) -> bool:
        return self.there

    def suggest(self, lang: str) -> str:
        return PASSPHRASE

    def judge(self, passphrase: str) -> None:
        if len(passphrase) < 12:
            raise InputError("passphrase.weak-short", limit=12)

    def create(self, folder: Path, passphrase: str, author: str, *, practice: bool, progress: object) -> bytearray:
        self.made.append((passphrase, author))
        self.practice.append(practice)
        return bytearray(range(32))

    def unlock(self, folder: Path, passphrase: str) -> bytearray:
        if passphrase != PASSPHRASE:
            raise VaultError("work.cancelled")
        return bytearray(range(32))

    def share_words(self) -> list[str]:
        return ["алма", "алтын", "терезе"]

    def look_at_shares(self, shares: list[str]) -> int:
        if "қате" in shares[-1]:
            raise InputError("share.wrong-word", share=len(shares), place=7, places="7")
        return 2 - len(shares)

    def recover(self, folder: Path, shares: list[str], passphrase: str) -> bytearray:
        self.made.append((" ".join(shares), passphrase))
        return bytearray(range(32))


class TryApplication(Application):
    """The application on the test's QApplication."""

    def __init__(self, theme, words, path: Path) -> None:
        self.qt, self.theme, self.words = QApplication.instance(), theme, words
        self.path, self.preferences = path, Preferences(lang=words.lang)
        self.ended: list[int] = []

    def exit(self, status: int) -> None:
        self.ended.append(status)


@pytest.fixture
def application(theme, words, tmp_path) -> TryApplication:
    return TryApplication(theme, words, tmp_path / "desk.json")


@pytest.fixture
def ended(application) -> list[int]:
    return application.ended


@pytest.fixture
def made(application):
    gate, got = TryGate(), []
    unlock = Unlock(application, lambda: gate, lambda handover: got.append(_copy(handover)))
    yield unlock, gate, got
    unlock.tasks.stop()
    unlock.window.deleteLater()


def _copy(handover: Handover) -> tuple[Path, bytes]:
    return handover.folder, bytes(handover.key)


def _texts(unlock: Unlock) -> list[str]:
    return [part.text() for part in unlock.window.findChildren(QLabel) if part.isVisibleTo(unlock.window)]


def test_the_right_passphrase_hands_the_key_over_and_ends(made, ended, qtbot) -> None:
    unlock, _, got = made
    unlock.show("locked", "/vaults/one")
    field = unlock.window.open_panel.secret.field
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    assert field.echoMode() == QLineEdit.EchoMode.Password
    field.setText(PASSPHRASE)
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ended == [0])
    assert got == [(Path("/vaults/one"), bytes(range(32)))]


def test_a_wrong_one_says_so_and_lets_try_again(made, ended, qtbot) -> None:
    unlock, _, got = made
    unlock.show("first", "/vaults/one")
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    panel = unlock.window.open_panel
    panel.secret.field.setText("неверно")
    panel.main.click()
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    assert panel.main.isEnabled()
    assert unlock.window.banners.gravest() is not None
    assert got == []
    assert ended == []


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("locked", "Всё, что вы написали, сохранено."),
        ("crashed", "Всё сохранённое цело; из того, что вы набирали, могли пропасть последние 3 секунды."),
    ],
)
def test_the_lock_screen_tells_what_is_kept_and_nothing_else(made, qtbot, why, told) -> None:
    unlock, _, _ = made
    unlock.show(why, "/vaults/Тестов")
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    texts = " ".join(_texts(unlock))
    assert told in texts
    assert ("Всё, что вы написали, сохранено." in texts) is (why == "locked")
    assert "Тестов" not in texts
    assert "/vaults" not in texts


def test_making_a_vault(made, ended, qtbot, tmp_path) -> None:
    unlock, gate, got = made
    gate.there = False
    unlock.show("first", "/vaults/new")
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    panel = unlock.window.create_panel
    assert panel.isVisible()
    panel.suggesting.emit()
    qtbot.waitUntil(lambda: panel.secret.text() == PASSPHRASE)
    assert panel.secret.field.echoMode() == QLineEdit.EchoMode.Normal
    panel.author.setText("Сынақова Айгүл")
    panel.again.field.setText("другое")
    panel.main.click()
    assert panel.note.text() == "Фразы не совпали. Пока ничего не создано."
    assert gate.made == []
    panel.again.field.setText("ещё раз")
    assert panel.note.text().startswith("Запишите её на бумаге")
    panel.again.field.setText(PASSPHRASE)
    panel.main.click()
    qtbot.waitUntil(lambda: ended == [0])
    assert gate.made == [(PASSPHRASE, "Сынақова Айгүл")]
    assert got[0][0] == Path("/vaults/new")
    assert gate.practice == [False]
    assert read_preferences(tmp_path / "desk.json").role == "monitor"


def test_a_practice_vault_is_chosen_plainly_and_made_beside_the_place_of_a_real_one(made, ended, qtbot) -> None:
    unlock, gate, got = made
    gate.there = False
    unlock.show("first", "/vaults/new")
    panel = unlock.window.create_panel
    qtbot.waitUntil(lambda: panel.secret.text() == PASSPHRASE)
    panel.practice.click()
    assert panel.main.text() == "Создать учебное хранилище"
    assert "настоящие хранилища не примут" in panel.line.text()
    assert unlock.folder == Path("/vaults/new-practice")
    panel.practice.click()
    assert (panel.main.text(), unlock.folder) == ("Создать хранилище", Path("/vaults/new"))
    panel.practice.click()
    panel.author.setText("Сынақова Айгүл")
    panel.again.field.setText(PASSPHRASE)
    panel.main.click()
    qtbot.waitUntil(lambda: ended == [0])
    assert gate.practice == [True]
    assert got[0][0] == Path("/vaults/new-practice")


def test_the_suggested_words_are_seen_whole_until_something_else_is_typed(made, qtbot) -> None:
    unlock, gate, _ = made
    gate.there = False
    unlock.show("first", "/vaults/new")
    panel = unlock.window.create_panel
    qtbot.waitUntil(lambda: panel.secret.text() == PASSPHRASE)
    assert panel.words.isVisible()
    assert panel.words.text() == PASSPHRASE
    for shown in (False, True):
        panel.secret.toggle_reveal()
        assert panel.words.isVisible() is shown
    panel.secret.field.setText(PASSPHRASE + "х")
    assert not panel.words.isVisible()
    assert panel.words.text() == ""


def test_an_own_phrase_typed_after_the_name_takes_the_place_of_the_offered_one(made, qtbot) -> None:
    unlock, gate, _ = made
    gate.there = False
    unlock.show("first", "/vaults/new")
    panel = unlock.window.create_panel
    qtbot.waitUntil(lambda: panel.secret.text() == PASSPHRASE)
    unlock.window.activateWindow()
    QTest.keyClicks(panel.author, "aigul")
    QTest.keyClick(panel.author, Qt.Key.Key_Return)
    QTest.keyClicks(panel.secret.field, "window lamp river")
    assert panel.secret.text() == "window lamp river"


def test_a_weak_phrase_gets_its_word_when_its_field_is_left(made, qtbot) -> None:
    unlock, gate, _ = made
    gate.there = False
    unlock.show("first", "/vaults/new")
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    unlock.window.activateWindow()
    panel = unlock.window.create_panel
    panel.secret.clear()
    for weak, said in (("алмас", True), (PASSPHRASE, False)):
        panel.secret.field.setFocus()
        panel.secret.field.setText(weak)
        QTest.keyClick(panel.secret.field, Qt.Key.Key_Tab)
        qtbot.waitUntil(lambda: unlock.tasks.idle)
        qtbot.wait(20)
        assert ("слишком короткая" in panel.note.text()) is said
        assert unlock.window.banners.gravest() is None


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("complaint", ["passphrase.weak-short", "create.differ"])
def test_the_button_stays_in_a_small_window_whatever_is_said(made, words, qtbot, lang, complaint) -> None:
    unlock, gate, _ = made
    gate.there = False
    words.set_language(lang)
    unlock.show("first", "/vaults/new")
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    unlock.window.showNormal()
    unlock.window.setFixedSize(1180, 640)
    panel = unlock.window.create_panel
    if complaint == "create.differ":
        panel.complain(complaint)
    else:
        panel.complain("error.said", sentence=words.error(InputError(complaint, limit=12)))
    qtbot.wait(50)
    button = panel.main
    bottom = button.mapTo(unlock.window, button.rect().bottomLeft()).y()
    assert bottom <= 640
    assert not button.visibleRegion().isEmpty()
    assert button.visibleRegion().boundingRect().height() == button.height()


def test_closing_ends(made, ended) -> None:
    unlock, _, _ = made
    unlock.show("first", "")
    unlock.window.close()
    assert ended == [CLOSED]


def test_the_language_is_remembered_and_nothing_else(made, words, tmp_path) -> None:
    unlock, _, _ = made
    unlock.window.languageChosen.emit("kk")
    assert words.lang == "kk"
    assert read_preferences(tmp_path / "desk.json") == Preferences(lang="kk")


def _key(field: QLineEdit, code: int, text: str, native: int = 0) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, ord(text.upper()), Qt.KeyboardModifier.NoModifier, code, 0, native, text)
    QApplication.sendEvent(field, event)


@pytest.mark.parametrize(
    ("keys", "layout"),
    [([(38, "a")], "en"), ([(38, "ф")], "cyrillic"), ([(38, "ф"), (11, "ә"), (38, "ф")], "kk"), ([(61, ".")], "ru")],
)
def test_the_layout_is_told_by_the_keys(theme, words, qtbot, keys, layout) -> None:
    secret = SecretField(words, theme, name="unlock.passphrase")
    qtbot.addWidget(secret)
    for code, text in keys:
        _key(secret.field, code, text)
    assert secret.layout_known == layout


def test_caps_lock_is_told(theme, words, qtbot, monkeypatch) -> None:
    secret = SecretField(words, theme, name="unlock.passphrase")
    qtbot.addWidget(secret)
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: "xcb")
    _key(secret.field, 38, "A", native=2)
    assert "Caps Lock включён" in [part.text() for part in secret.findChildren(QLabel)]
    _key(secret.field, 38, "a", native=0)
    assert "Caps Lock выключен" in [part.text() for part in secret.findChildren(QLabel)]


def test_the_real_gate(tmp_path) -> None:
    gate, folder = SessionGate(), tmp_path / "vault"
    assert not gate.exists(folder)
    key = gate.create(folder, PASSPHRASE, "Сынақова Айгүл", practice=True, progress=lambda *_: None)
    assert gate.exists(folder)
    with session.open_session_with_key(folder, bytearray(key)).vault as vault:
        assert vault.settings.get(session.PRACTICE)
    assert gate.unlock(folder, PASSPHRASE) == key
    began = time.monotonic()
    with pytest.raises(VaultError):
        gate.unlock(folder, PASSPHRASE + " жоқ")
    assert time.monotonic() - began > 0.05  # a guess costs something


def said(unlock: Unlock) -> str:
    notice = unlock.window.banners.gravest()
    return "" if notice is None else str(notice.params.get("sentence", notice.sentence))


def type_in(field, text: str) -> None:
    """Type with one key event a letter."""
    field.setFocus()
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


def test_a_forgotten_passphrase_shares_one_after_another_and_a_new_one(made, ended, qtbot) -> None:
    unlock, gate, got = made
    unlock.show("first", "/vaults/one")
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    QTest.mouseClick(unlock.window._forgot, Qt.MouseButton.LeftButton)
    panel = unlock.window.recover_panel
    assert panel.isVisible()
    assert not panel.main.isVisible()
    type_in(panel.entry, "алма терезе қате")
    QTest.mouseClick(panel.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "7" in said(unlock))
    assert panel.shares == []
    assert "қате" in panel.entry.toPlainText()  # what was typed stays to be put right
    for count, text in enumerate(("алма терезе", "терезе алма"), start=1):
        panel.entry.setPlainText(text)
        QTest.mouseClick(panel.next, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda count=count: len(panel.shares) == count)
        assert not panel.entry.toPlainText()
        assert said(unlock) == ""
    assert panel.main.isVisible()
    assert not panel.entry.isVisible()
    panel.secret.field.setText(PASSPHRASE)
    panel.again.field.setText("другое")
    panel.main.click()
    assert said(unlock) == "recover.differ"
    panel.again.field.setText(PASSPHRASE)
    panel.main.click()
    qtbot.waitUntil(lambda: ended == [0])
    assert gate.made == [("алма терезе терезе алма", PASSPHRASE)]
    assert got[0] == (Path("/vaults/one"), bytes(range(32)))


def test_a_word_is_completed(made, qtbot) -> None:
    unlock, _, _ = made
    unlock.show("first", "/vaults/one")
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    QTest.mouseClick(unlock.window._forgot, Qt.MouseButton.LeftButton)
    entry = unlock.window.recover_panel.entry
    entry.completer.setWidget(entry)
    type_in(entry, "ал")
    entry.completer.setCompletionPrefix("ал")
    assert entry.completer.completionCount() == 2
    type_in(entry, "т")
    entry.complete(entry.completer.currentCompletion())
    assert entry.toPlainText() == "алтын "


def test_without_shares_a_new_vault_is_begun_beside_the_old_one(made, ended, qtbot, tmp_path) -> None:
    unlock, _, got = made
    folder = tmp_path / "vault"
    folder.mkdir()
    unlock.show("first", str(folder))
    qtbot.waitUntil(lambda: unlock.tasks.idle)
    QTest.mouseClick(unlock.window._forgot, Qt.MouseButton.LeftButton)
    unlock.window.recover_panel.starting.emit()
    panel = unlock.window.create_panel
    assert panel.isVisible()
    assert panel.place.text() == str(tmp_path / "vault-2")
    qtbot.waitUntil(lambda: panel.secret.text() == PASSPHRASE)
    panel.author.setText("Сынақова Айгүл")
    panel.again.field.setText(PASSPHRASE)
    panel.main.click()
    qtbot.waitUntil(lambda: ended == [0])
    assert got[0][0] == tmp_path / "vault-2"


def test_seven_words_are_offered_before_anything_is_typed(made, qtbot) -> None:
    unlock, gate, _ = made
    gate.there = False
    unlock.show("first", "/vaults/new")
    qtbot.waitUntil(lambda: unlock.window.create_panel.secret.text() == PASSPHRASE)
    assert unlock.window.create_panel.again.text() == ""
