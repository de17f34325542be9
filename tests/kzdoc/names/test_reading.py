"""A name is known in every form a text gives it, and other words are not taken for it."""

import time

import pytest

from kzdoc.names.cases import kazakh_forms, name_forms, russian_cases, written
from kzdoc.names.index import NameIndex
from kzdoc.names.reading import mentions
from kzdoc.names.words import candidates, words_of

MEN = (
    "Тестов Данияр Серікұлы", "Мысалов Ғалым Ерланович", "Үлгібаев Нұрсұлтан Маратович", "Сынақбай Серік",
    "Қолдантай Жанболат", "Примерский Дмитрий Сергеевич", "Коваленко Игорь Павлович", "Абай Ілияс", "Ли Сергей",
    "Үлгіұлы Әлихан", "Сынақов Қанат", "Щебетов Николай", "Тестбай Асқар", "Чернилин Еркебұлан",
)  # fmt: skip
WOMEN = (
    "Сынақова Айгүл Маратқызы", "Үлгіқызы Әсем", "Тестова Алия Ериковна", "Мысалова Наталья Юрьевна", "Тестбай Гүлнар",
    "Ли Асель", "Коваленко Ольга", "Примерская Дана", "Мысалбекова Бақытгүл", "Үлгі Жансұлу",
)  # fmt: skip


def met(text, *names):
    index = NameIndex(list(enumerate(names, 1)))
    return [(text[one.start : one.end], one.owners) for one in mentions(index, text)]


def test_russian_cases_by_gender():
    assert russian_cases("Тестов", "m") == ("Тестов", "Тестова", "Тестову", "Тестова", "Тестовым", "Тестове")
    assert russian_cases("Тестова", "f")[1:4] == ("Тестовой", "Тестовой", "Тестову")
    assert russian_cases("Примерский", "m")[4] == "Примерским"
    assert russian_cases("Алия", "f") == ("Алия", "Алии", "Алии", "Алию", "Алией", "Алии")
    assert russian_cases("Асель", "f")[4] == "Аселью"
    assert set(russian_cases("Тестбай", "f")) == {"Тестбай"}
    assert russian_cases("Тестбай", "m")[1] == "Тестбая"
    for fixed in ("Серікұлы", "Маратқызы", "Коваленко", "Жансұлу"):
        assert set(russian_cases(fixed, "m")) == {fixed}


def test_kazakh_endings_follow_vowel_and_last_sound():
    assert kazakh_forms("Данияр")[:7] == (
        "Даниярдың", "Даниярға", "Даниярды", "Даниярда", "Даниярдан", "Даниярмен", "Даниярлар",
    )  # fmt: skip
    assert kazakh_forms("Серік")[:3] == ("Серіктің", "Серікке", "Серікті")
    assert kazakh_forms("Әсем")[4] == "Әсемнен"
    assert kazakh_forms("Тестова")[0] == "Тестованың"
    assert "Тестовтарға" in kazakh_forms("Тестов")


@pytest.mark.parametrize(("names", "gender"), [(MEN, "m"), (WOMEN, "f")])
def test_nearly_every_form_in_four_spellings_is_known(names, gender):
    total, missed = 0, []
    for name in names:
        index = NameIndex([(1, name)])
        for form in written(name, gender):
            text = f"Потом {form} сказал, что уехал."
            total += 1
            if not any(one.start <= 6 and one.end >= 6 + len(form) for one in mentions(index, text)):
                missed.append(form)
    assert total > 2_000
    assert len(missed) / total < 0.005, missed


def test_the_twin_that_looks_for_the_plain_name_misses_a_third():
    forms = [form for name in MEN for form in written(name, "m")]
    found = [form for form in forms if any(word in form for name in MEN for word in name.split())]
    assert len(found) < len(forms) * 2 / 3


HAND = [
    ("О Джумысалове Г. Е. ничего не известно.", "Жұмысалов Ғалым Ерланұлы", "Джумысалове Г. Е."),
    ("А Жұмы-\nсалов кричал.", "Жұмысалов Ғалым", "Жұмы-\nсалов"),
    ("Ж ұ м ы с а л о в кричал.", "Жұмысалов Ғалым", "Ж ұ м ы с а л о в"),
    ("Жұ\u00adмы\u00adсалов кричал.", "Жұмысалов Ғалым", "Жұ\u00adмы\u00adсалов"),
    ("пришёл жумысалов и сел", "Жұмысалов Ғалым", "жумысалов"),
    ("Слова Zhumysalov's lawyer.", "Жұмысалов Ғалым", "Zhumysalov's"),
    ("Пришёл Тестoв (латинская о).", "Тестов Данияр", "Тестoв"),
    ("Данияр Серік ұлы келді.", "Тестов Данияр Серікұлы", "Данияр Серік ұлы"),
    ("Данияр Сериковичу позвонили.", "Тестов Данияр", "Данияр Сериковичу"),
    ("Пришёл Данияр Тетсов.", "Тестов Данияр", "Данияр Тетсов"),
    ("Пришёл Данияр Тест.", "Тестов Данияр", "Данияр Тест"),
    ("Айгүл Сынақова-Тестова айтты.", "Сынақова Айгүл", "Айгүл Сынақова"),
    ("Рассказала А. К. вчера.", "А.К.", "А. К"),
    ("Тестов-ага айтты.", "Тестов Данияр", "Тестов-ага"),
    ("Серігім, қайдасың?", "Тестов Серік", "Серігім"),
    ("С Алией говорили.", "Тестова Алия", "Алией"),
    ("У Алии были.", "Тестова Алия", "Алии"),
    ("Сынақовалардың үйінде.", "Сынақова Айгүл", "Сынақовалардың"),
    ("Данияр\u00a0Тестов", "Тестов Данияр", "Данияр\u00a0Тестов"),
    ("ТЕСТОВ ДАНИЯР СЕРІКҰЛЫ", "Тестов Данияр", "ТЕСТОВ ДАНИЯР СЕРІКҰЛЫ"),
    ("Тестовтікінде болды.", "Тестов Данияр", "Тестовтікінде"),
    ("Айгүлдікінен шықты.", "Сынақова Айгүл", "Айгүлдікінен"),
    ("Жақаңның үйі.", "Тестов Жақсылық", "Жақаңның"),
    ("6олатова ушла.", "Болатова Айгүл", "6олатова"),
    ("Света Хан сказала.", "Хан Светлана", "Света Хан"),
    ("Khan Sveta said.", "Хан Светлана", "Khan Sveta"),
]


@pytest.mark.parametrize(("text", "name", "said"), HAND)
def test_a_name_in_the_ways_of_the_field(text, name, said):
    assert said in [found for found, _ in met(text, name)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Он жил надеждой на мир.", "Надежда Мир"),
        ("Көктемде айгүл гүлдейді.", "Сынақова Айгүл"),
        ("Приехал из Алматы.", "Тестова Алма"),
        ("Сериков и Маратов.", "Тестов Серік Марат"),
        ("Далия и Галия.", "Тестова Алия"),
        ("Кімге айтасың? Әлі жоқ.", "Ким Алия"),
        ("Лидеры ушли, an hour later, in May 2019.", "Ли Майя Ан"),
        ("Полицейский участок на площади.", "Примерский Дмитрий"),
        ("Света не было, 4часовой допрос.", "Хан Светлана"),
        ("Арқаң ауыра ма?", "Тестов Ардақ"),
    ],
)
def test_other_words_are_left_alone(text, name):
    assert met(text, name) == []


def test_two_people_of_one_surname_are_told_apart_by_what_stands_beside():
    names = ("Тестов Данияр", "Тестов Ерлан")
    assert met("Ерланға Тестовқа хат.", *names) == [("Ерланға Тестовқа", (2,))]
    assert met("Тестов Д. молчал", *names) == [("Тестов Д.", (1,))]
    assert met("Тестов молчал", *names) == [("Тестов", (1, 2))]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Говорил Тимур Мысалов.", ["Тимур Мысалов"]),
        ("Адвокат Гульмира Тасболатова", ["Гульмира Тасболатова"]),
        ("Следователь Иванченко", ["Иванченко"]),
        ("Показания Саг", ["Саг"]),
        ("WhatsApp Image 2026", []),
        ("Акимова Дана и Майоров Пётр", ["Акимова Дана", "Майоров Пётр"]),
        ("Самал Мысалова келді. Лейла Мысалова", ["Самал Мысалова", "Лейла Мысалова"]),
    ],
)
def test_the_deed_and_the_office_before_a_name_are_no_part_of_it(text: str, asked: list[str]) -> None:
    assert [text[slice(*span)] for span in candidates(text)] == asked


def test_words_and_candidates():
    assert [word.key for word in words_of("Тестов-Мысалов, 5 мая")] == ["testov", "misalov", "maia"]
    text = "Пришла Незнакомова Дана, с ней А. Б. Чужаков и судья."
    assert [text[slice(*span)] for span in candidates(text)] == ["Незнакомова Дана", "А. Б. Чужаков"]


def test_forms_begin_with_the_name_itself_and_repeat_nothing():
    forms = name_forms("Тестов Данияр Серікұлы")
    assert forms[0] == "Тестов Данияр Серікұлы"
    assert len(set(forms)) == len(forms)
    assert {"Д. С. Тестов", "Тестову Данияру Серікұлы", "Тестовтың", "Данияр"} <= set(forms)
    assert name_forms("") == ()


def test_a_page_costs_what_its_text_costs_not_what_the_vault_holds():
    few = NameIndex([(0, "Тестов Данияр")])
    many = NameIndex((at, f"Тест{at % 977}ов Имя{at % 89}бек") for at in range(20_000))
    page = "Свидетель рассказал, что Тестов Данияр ушёл домой поздно вечером. " * 50
    spent = []
    for index in (few, many):
        mentions(index, page)
        start = time.process_time()
        mentions(index, page)
        spent.append(time.process_time() - start)
    assert spent[1] < spent[0] * 5 + 0.05
