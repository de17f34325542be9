"""What may be somebody withheld in a case though it hardly looks like a name: asked about there, and only there."""

from __future__ import annotations

import time

import pytest

from kzdoc.names.index import NameIndex
from kzdoc.names.near import Near
from tests.corpus.sentences import neutral_sentences

NAMES = (
    "Тестов Данияр",
    "Мысалова Мадина",
    "Ахов Болат",
    "Чинов Марат",
    "Сынақова Әсел",
    "Үлгіқызы Айгүл",
    "Нұров Нұрлан",
)
ASKED_OF_NEUTRAL = 5


def near(*names: str) -> Near:
    return Near(NameIndex(enumerate(names)).words(range(len(names))))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ахов рассказал всё", "ахов"), ("Потом рассказали ахову.", "ахову"), ("вчера болат сказал", "болат"),
        ("Кеше болат айтты.", "болат"), ("Пришёл адвокат мадины.", "мадины"), ("айгуляша сказала", "айгуляша"),
        ("Позвали болатика домой.", "болатика"), ("Кеше Мадиша келді.", "Мадиша"), ("Мадюшу били.", "Мадюшу"),
        ("Дәкең айтты.", "Дәкең"), ("Мәкеңнің үйі.", "Мәкеңнің"), ("Әсеш келді.", "Әсеш"), ("Болаш ұсталды.", "Болаш"),
        ("Нұрлаш кетті.", "Нұрлаш"), ("Данюшу видели.", "Данюшу"), ("Данияша пришёл.", "Данияша"),
        ("Ч. рассказал всё.", "Ч."), ("Ч. задержали вчера.", "Ч."), ("По словам Ч., били.", "Ч."),
        ("Тест. А. ушёл.", "Тест. А."), ("then M. was beaten", "M."),
        ("Д.Т. рассказал всё.", "Д.Т."), ("видели М. М. и ушли", "М. М."), ("привели Ч. и били", "Ч."),
        ("Увели Т*ва утром.", "Т*ва"), ("били Тест… до утра", "Тест…"), ("били М_ву", "М_ву"), ("Т-ВА УВЕЛИ", "Т-ВА"),
        ("Т[...]ву увели", "Т[...]ву"), ("Т■■■ва увели", "Т■■■ва"), ("Данияxxx", "Данияxxx"), ("Т-ға айтты", "Т-ға"),
        ("привели Мыс. и били", "Мыс."), ("М--ву увели", "М--ву"),
    ],
)  # fmt: skip
def test_it_is_asked_about_where_they_are_withheld(text: str, asked: str) -> None:
    assert [text[slice(*span)] for span in near(*NAMES).asked(text)] == [asked]
    assert near("Өрнеков Жандос").asked(text) == []
    assert near().asked(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Болат құю зауыты, болат пен темір.", "Ш. рассказал всё.", "Маршрут, Марка, Данные, Такая, Болашақ.",
        "Жеке тұлға.",
        "Д.Ж. рассказал всё.", "Т.Д.М. ушёл", "К*ва, Кто-то, Т-34, Тем… более", "Мыс. Доброй Надежды",
        "Чинов М. ушёл.", "ч. 2 ст. 174", "Мадам, Дети, Река, Асель-цемент", "т.е. чин. потом",
    ],
)  # fmt: skip
def test_other_words_are_left_alone(text: str) -> None:
    assert near(*NAMES).asked(text) == []


def test_hardly_anything_is_asked_of_neutral_sentences() -> None:
    asked = [one.text[slice(*span)] for one in neutral_sentences() for span in near(*NAMES).asked(one.text)]
    assert len(asked) <= ASKED_OF_NEUTRAL, asked


def test_a_page_costs_little_however_many_are_near() -> None:
    page = " ".join(one.text for one in neutral_sentences()[:60])
    crowd = near(*(f"Тестов{chr(1072 + number % 32)}{chr(1072 + number // 32)} Данияр" for number in range(1000)))
    crowd.asked(page)
    begun = time.process_time()
    crowd.asked(page)
    assert time.process_time() - begun < 1


def test_what_is_asked_in_every_word_costs_no_more_than_the_words() -> None:
    page = "Т*ва и Тест. и Д.Т. " * 6_000
    begun = time.process_time()
    assert len(near(*NAMES).asked(page)) == 18_000
    assert time.process_time() - begun < 4
