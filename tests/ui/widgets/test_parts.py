"""The small parts, with real keys and clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from kzdoc.language import LANGUAGES, catalogue
from ui.fit import clipped_texts
from ui.models import RecordList, Row, RowsModel
from ui.widgets.answers import Answers
from ui.widgets.banner import BannerPlace, Notice
from ui.widgets.basics import label
from ui.widgets.chips import Chip, Facet, FacetChips
from ui.widgets.conflict_card import ConflictCard, Side
from ui.widgets.entry import Choice, LineEntry, TextEntry
from ui.widgets.form_row import FormGrid, FormRow
from ui.widgets.marks import LimitBadge, StateMark, WithheldChip
from ui.widgets.toast import Toast


@pytest.fixture
def page(qtbot) -> QWidget:
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def _put(page: QWidget, *parts: QWidget) -> None:
    for part in parts:
        page.layout().addWidget(part)
    QApplication.processEvents()


def test_a_name_is_never_markup(theme, page) -> None:
    name = label("<b>Тестов</b>")
    _put(page, name)
    assert name.textFormat() == Qt.TextFormat.PlainText


def test_tab_enters_the_chips_once_and_arrows_move(theme, words, page) -> None:
    chips = FacetChips(words, theme)
    before, after = QLineEdit(), QLineEdit()
    _put(page, before, chips, after)
    chips.show_facets([Facet("a", "Ұстау", 3), Facet("b", "Айғақ"), Facet("c", "Қараша")])
    QApplication.processEvents()
    heard: list[tuple[str, bool]] = []
    chips.toggled.connect(lambda key, on: heard.append((key, on)))
    before.setFocus()
    QTest.keyClick(before, Qt.Key.Key_Tab)
    first = QApplication.focusWidget()
    assert isinstance(first, Chip)
    QTest.keyClick(first, Qt.Key.Key_Right)
    second = QApplication.focusWidget()
    assert isinstance(second, Chip)
    assert second.text() == "Айғақ"
    QTest.keyClick(second, Qt.Key.Key_Space)
    assert heard == [("b", True)]
    QTest.keyClick(second, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is after


def test_facets_take_two_rows_at_most_and_the_rest_waits_behind_one_chip(theme, words, page, qtbot) -> None:
    chips = FacetChips(words, theme)
    _put(page, chips)
    page.resize(300, 400)
    chips.show_facets([Facet(str(n), f"Алматы облысы {n}", n, on=n == 9) for n in range(10)])
    QApplication.processEvents()
    shown = [chip.text() for chip in chips.chips()]
    assert shown[0] == "Алматы облысы 9 9"  # what is on is never hidden
    assert shown[-1] == "+ Фильтр"
    assert len(shown) < 10
    qtbot.waitUntil(lambda: chips.height() <= 2 * 26 + 4)


def test_not_asked_is_the_start_and_is_a_value(theme, words, page) -> None:
    answers = Answers(words, theme)
    _put(page, answers)
    heard: list[str] = []
    answers.changed.connect(heard.append)
    assert answers.value() is None
    assert len(answers.chips()) == 4
    answers.chips()[3].setFocus()
    QTest.keyClick(answers.chips()[3], Qt.Key.Key_Right)  # from "not asked" round to "yes"
    assert answers.value() == "yes"
    QTest.mouseClick(answers.chips()[2], Qt.MouseButton.LeftButton)
    assert answers.value() == "not_told"
    answers.set_value(None)
    assert heard == ["yes", "not_told"]
    assert [chip.isChecked() for chip in answers.chips()] == [False, False, False, True]


def test_an_error_stands_where_the_reason_stood(theme, page) -> None:
    row = FormRow(LineEntry("date"))
    row.set_name("Нақты ұсталған уақыты")
    row.set_reason("Мерзім осы сәттен есептеледі.")
    below = QLineEdit()
    _put(page, row, below)
    place = below.geometry()
    row.set_error("«35:90» деген уақыт болмайды.")
    QApplication.processEvents()
    assert below.geometry() == place
    assert row.note.text() == "«35:90» деген уақыт болмайды."
    assert row.field.accessibleName() == "Нақты ұсталған уақыты"
    assert row.field.accessibleDescription() == row.note.text()
    row.set_error("")
    row.set_understood("17.11.2026, 11:10–11:30")
    assert row.note.text() == "17.11.2026, 11:10–11:30"


def test_two_columns_where_there_is_room(theme, page) -> None:
    grid = FormGrid()
    first, second = grid.add(FormRow(LineEntry())), grid.add(FormRow(LineEntry()))
    _put(page, grid)
    assert first.y() == second.y()
    page.setFixedWidth(420)
    QApplication.processEvents()
    assert first.x() == second.x()


def test_the_wheel_only_scrolls(theme, page) -> None:
    choice = Choice()
    choice.show_choices([("a", "А"), ("b", "Б")], "a")
    _put(page, choice)
    choice.setFocus()
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QWheelEvent

    none = Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        QPointF(3, 3), QPointF(3, 3), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(choice, event)
    assert choice.chosen() == "a"


def test_tab_leaves_a_text(theme, page) -> None:
    text, after = TextEntry(), QLineEdit()
    _put(page, text, after)
    text.setFocus()
    QTest.keyClick(text, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is after


def test_withheld_is_as_wide_whatever_is_inside(theme, words, page) -> None:
    chips = [WithheldChip(words, theme, f"withheld.{reason}") for reason in ("name", "no_basis", "no_consent")]
    _put(page, *chips)
    for lang in ("en", "ru", "kk"):
        words.set_language(lang)
        QApplication.processEvents()
        assert len({chip.width() for chip in chips}) == 1


def test_marks_are_words_too(theme, words, page) -> None:
    mark, badge = StateMark(words, theme, "only_here"), LimitBadge(theme, "passed", "Просрочено на 12 мин")
    _put(page, mark, badge)
    assert "только здесь" in [part.text() for part in mark.findChildren(type(label()))]
    mark.show_state("receipted")
    badge.show_limit("unknown", "Срок не рассчитать")
    assert badge.property("look") == "mark-held"
    assert "принято" in [part.text() for part in mark.findChildren(type(label()))]


def test_the_gravest_banner_alone(theme, words, page) -> None:
    place = BannerPlace(words, theme)
    _put(page, place)
    place.put(Notice("a", "ok", "unlock.locked"))
    place.put(Notice("b", "danger", "limit.unknown"))
    place.put(Notice("c", "warn", "unlock.crashed"))
    assert place.gravest() is not None
    assert place.gravest().id == "b"
    place.take("b")
    assert place.gravest().id == "c"
    QApplication.processEvents()
    for button in place.findChildren(QPushButton):
        if button.accessibleName() == "Закрыть" and button.isVisible():
            button.click()
    assert place.gravest().id == "a"
    place.take("a")
    assert place.isHidden()


def test_a_quiet_place_shows_no_banner_that_comes_meanwhile(theme, words, page) -> None:
    place = BannerPlace(words, theme)
    _put(page, place)
    place.put(Notice("a", "ok", "unlock.locked"))
    place.set_quiet(quiet=True)
    assert place.isHidden()
    place.put(Notice("b", "danger", "limit.unknown"))
    place.take("a")
    assert place.isHidden()
    place.set_quiet(quiet=False)
    assert not place.isHidden()
    assert place.gravest().id == "b"


def test_a_toast_waits_while_someone_is_at_it(theme, words, page) -> None:
    undone: list[int] = []
    toast = Toast(words, theme, page)
    toast.say("Жазба алынды.", lambda: undone.append(1))
    assert toast.isVisible()
    assert not toast.waiting
    QApplication.sendEvent(toast, QEnterEvent(QPointF(2, 2), QPointF(2, 2), QPointF(2, 2)))
    assert toast.waiting
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert not toast.waiting
    assert page.rect().contains(toast.geometry())
    undo = next(button for button in toast.findChildren(QPushButton) if button.text() == "Вернуть")
    undo.click()
    assert undone == [1]
    assert toast.isHidden()


def test_a_held_toast_says_its_last_sentence_afterwards(theme, words, page) -> None:
    toast = Toast(words, theme, page)
    toast.hold(held=True)
    for sentence in ("Тестов Данияр", "Жазба алынды."):
        toast.say(sentence)
        assert toast.isHidden()
        assert not toast.accessibleName()
    toast.hold(held=False)
    assert toast.isVisible()
    assert toast.accessibleName() == "Жазба алынды."


def test_a_conflict_chooses_nothing_beforehand(theme, words, page) -> None:
    sides = (Side("Сіз", "14:32", "шамамен 11:20"), Side("«Алматы-2»", "12:55", "11:35"))
    card = ConflictCard(words, theme, sides)
    _put(page, card)
    kept: list[int] = []
    thirds: list[str] = []
    card.kept.connect(kept.append)
    card.third.connect(thirds.append)
    keeps = [button for button in card.findChildren(QPushButton) if button.text().startswith("Оставить")]
    assert len(keeps) == 2
    assert len({button.size().toTuple() for button in keeps}) == 1
    assert not any(button.isDefault() or button.hasFocus() for button in keeps)
    keeps[1].click()
    write = next(button for button in card.findChildren(QPushButton) if button.text().startswith("Записать"))
    assert not write.isEnabled()
    card.entry.setText("между 11:20 и 11:35")
    write.click()
    assert (kept, thirds) == ([1], ["между 11:20 и 11:35"])


ROWS = [
    Row(b"1" * 16, "Тестов Данияр", "Ұстау · Алматы", "only_here", "passed", "Мерзімі өтті"),
    Row(b"2" * 16, "Сынақова Айгүл", "Айғақ"),
]


def test_a_row_is_read_as_one_sentence(theme, words, qapp) -> None:
    model = RowsModel(words)
    model.show_rows(ROWS)
    said = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Тестов Данияр, Мерзімі өтті, Ұстау · Алматы, только здесь"


def test_a_list_keeps_its_choice_when_texts_change(theme, words, page) -> None:
    records = RecordList(words, theme)
    _put(page, records)
    records.rows.show_rows(ROWS)
    assert records.choose(b"2" * 16)
    assert not records.choose(b"3" * 16)
    assert records.sizeHintForRow(0) == 76
    assert records.sizeHintForRow(1) == 60
    records.rows.show_rows([ROWS[0], Row(b"2" * 16, "Сынақова А.", "Айғақ")])
    assert records.chosen() == b"2" * 16
    QTest.keyClick(records, Qt.Key.Key_Up)
    assert records.chosen() == b"1" * 16


def test_every_reason_fits_the_one_width(theme, words, page) -> None:
    for lang in LANGUAGES:
        words.set_language(lang)
        reasons = [key for key in catalogue("desk", lang).keys() if key.startswith("withheld.")]  # noqa: SIM118 - not a dict
        chips = [WithheldChip(words, theme, reason) for reason in reasons]
        _put(page, *chips)
        assert {item.text for chip in chips for item in clipped_texts(chip)} == set()
