"""Palette, page preview, file choice: what opens over a room."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPushButton, QWidget
from reportlab.pdfgen.canvas import Canvas

from kzdoc.errors import KzdocError
from kzdoc.leakcheck.check import check_pdf
from kzdoc.platform.pdfium import ALONE
from ui.keys import Command, Keys
from ui.pages import Busy, page_picture, page_sizes
from ui.widgets.file_choice import FileChoice, list_folder
from ui.widgets.page_preview import PagePreview, Spot
from ui.widgets.palette import Item, Palette, matches

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("query", ["замок", "pfvjr", "Закрыть зам", "ЗАМ"])
def test_the_palette_finds_in_any_layout(query) -> None:
    assert matches(query, "Закрыть на замок")


@pytest.mark.parametrize(("query", "text"), [("кал", "Қалыпов Һадис"), ("жум", "Жұмағұлов"), ("0fks", "Қалыпов")])
def test_the_palette_folds_kazakh_letters(query, text) -> None:
    assert matches(query, text)


def test_the_palette_does_not_find_the_middle_of_words() -> None:
    assert not matches("мок", "Закрыть на замок")


def test_palette_groups_and_keys(theme, words, qtbot) -> None:
    over = QWidget()
    over.resize(800, 600)
    qtbot.addWidget(over)
    over.show()
    keys, ran = Keys(theme.watch), []
    keys.add(Command("lock", "command.lock", lambda: ran.append("lock"), ("F12",)))
    keys.add(Command("jot", "command.jot", lambda: ran.append("jot"), why_off=lambda: "empty.today"))
    palette = Palette(words, theme, keys, over)
    palette.rooms = [Item("Записи", lambda: ran.append("room"))]
    asked: list[str] = []
    palette.wanted.connect(asked.append)
    palette.open("з")
    palette.accept()
    assert ran == ["lock"]
    palette.open("заметку")
    palette.accept()  # it is off
    assert ran == ["lock"]
    palette.open("Тестов")
    assert asked == ["заметку", "Тестов"]
    palette.show_records("Тес", [Item("late", lambda: ran.append("late"))])
    palette.show_records("Тестов", [Item("Тестов Данияр", lambda: ran.append("record"))])
    palette.steer(1)
    palette.accept()
    assert ran == ["lock", "record"]
    assert palette.isHidden()


def _paper(pages: int) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(300, 400))
    for number in range(pages):
        canvas.drawString(50, 350, f"page {number}")
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def test_pages_from_memory(theme, words, qtbot) -> None:
    preview = PagePreview(words, theme)
    qtbot.addWidget(preview)
    preview.resize(400, 500)
    preview.show()
    preview.show_pdf(_paper(3), spots=[Spot(1, 50, 40, 60, 12)])
    assert preview.pages == 3
    turned: list[int] = []
    preview.turned.connect(turned.append)
    preview.turn_to(1)
    preview.turn_to(99)
    assert turned == [1, 2]
    preview.clear()
    assert preview.pages == 0
    with pytest.raises(KzdocError, match=r"desk\.no-preview"):
        preview.show_pdf(b"not a paper")


def test_a_page_waits_while_another_thread_is_in_pdfium(theme, words, qtbot) -> None:
    preview = PagePreview(words, theme)
    qtbot.addWidget(preview)
    preview.resize(400, 500)
    preview.show()
    with ALONE:
        preview.show_pdf(_paper(2), page=1)
        qtbot.wait(120)
        assert preview.pages == 0
        with pytest.raises(Busy):
            page_sizes(_paper(1))
    qtbot.waitUntil(lambda: preview.pages == 2)
    assert not preview.grab().isNull()


def test_the_leak_check_waits_while_a_page_is_drawn() -> None:
    done = threading.Event()

    def check() -> None:
        check_pdf(_paper(1), forbidden=[], view_text=None)
        done.set()

    thread = threading.Thread(target=check)
    with ALONE:
        thread.start()
        assert not done.wait(0.3)
    thread.join()
    assert done.is_set()


def test_a_page_is_drawn_as_wide_as_asked_with_its_ink() -> None:
    image = page_picture(_paper(2), 1, 600)
    assert (image.width(), image.height()) == (600, 800)
    black = sum(image.pixelColor(x, y).lightness() < 100 for x in range(90, 200) for y in range(80, 110))
    assert black > 50
    assert image.pixelColor(5, 5).lightness() == 255
    assert page_sizes(_paper(2)) == ((300.0, 400.0), (300.0, 400.0))


def _folder(tmp_path: Path) -> Path:
    (tmp_path / "Ұсталғандар").mkdir()
    (tmp_path / "тізім.csv").write_text("x")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "бума.kzbundle").write_text("x")
    return tmp_path


def test_listing(tmp_path) -> None:
    folders, files = list_folder(_folder(tmp_path), (".kzbundle",))
    assert [path.name for path in folders] == ["Ұсталғандар"]
    assert [path.name for path in files] == ["бума.kzbundle"]
    assert list_folder(tmp_path / "none") == ([], [])


def test_choosing_by_keyboard(theme, words, qtbot, tmp_path) -> None:
    choice = FileChoice(words, theme, wanted="files", start=_folder(tmp_path))
    qtbot.addWidget(choice)
    choice.show()
    listing = choice.findChildren(QListWidget)[0]
    qtbot.waitUntil(lambda: listing.count() == 3)
    take = next(button for button in choice.findChildren(QPushButton) if button.text() == "Взять")
    assert not take.isEnabled()
    listing.setCurrentRow(2)
    assert take.isEnabled()
    QTest.keyClick(listing, Qt.Key.Key_Return)
    assert choice.chosen_paths() == [tmp_path / "тізім.csv"]


def test_a_name_to_save_under_is_a_name_alone(theme, words, qtbot, tmp_path) -> None:
    choice = FileChoice(words, theme, wanted="save", start=tmp_path, name="paper.pdf")
    qtbot.addWidget(choice)
    take = next(button for button in choice.findChildren(QPushButton) if button.text() == "Положить сюда")
    qtbot.waitUntil(take.isEnabled)
    choice._name.setText("../paper.pdf")
    assert not take.isEnabled()
    choice._name.setText("paper.pdf")
    take.click()
    assert choice.chosen_paths() == [tmp_path / "paper.pdf"]


OURS = """
from ui.messages import Words; from ui.theme import Theme; from ui.widgets.file_choice import FileChoice
from PySide6.QtTest import QTest
theme = Theme(app, mode="light")
choice = FileChoice(Words("ru"), theme, wanted="folder", start=Path(folder))
choice.show(); QTest.qWait(200); choice._take(); QTest.qWait(50)
print(choice.chosen_paths())
"""
QTS = """
from PySide6.QtWidgets import QFileDialog
dialog = QFileDialog(None, "", folder); dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
import shiboken6
dialog.show(); app.processEvents(); dialog.accept(); shiboken6.delete(dialog)
"""


def _left_in_home(tmp_path: Path, code: str) -> list[str]:
    """Run a dialog on a named folder in a fresh home and return the files it left that name the folder."""
    home, folder = tmp_path / "home", tmp_path / "СынақовАйгүл"
    home.mkdir()
    folder.mkdir()
    head = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path\n"
        f"from PySide6.QtWidgets import QApplication; app = QApplication([]); folder = {str(folder)!r}\n"
    )
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    env = {**kept, "HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", head + code], env=env, check=True, timeout=60, capture_output=True)
    return sorted(str(path.relative_to(home)) for path in home.rglob("*.conf") if b"lastVisited" in path.read_bytes())


def test_our_choice_leaves_no_trace(tmp_path) -> None:
    assert _left_in_home(tmp_path, OURS) == []


def test_qts_own_dialog_would(tmp_path) -> None:
    assert _left_in_home(tmp_path, QTS) == [".config/QtProject.conf"]
