"""Names cut short are asked about by their form alone; what is written otherwise is left alone."""

from __future__ import annotations

import sys

import pytest

from kzdoc.names.cut import cut_form, lone_initials, written_names
from kzdoc.names.index import NameIndex
from kzdoc.names.reading import mentions
from kzdoc.names.words import candidates
from tests.corpus.sentences import neutral_sentences

ASKED_OF_NEUTRAL = 22
"""So many were asked of whole names alone before names cut short were looked for."""


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Пришла Жанб. Айгүл с сыном.", "Жанб. Айгүл"),
        ("Видели Ж-ва у входа.", "Ж-ва"),
        ("Письмо отдали К-ову.", "К-ову"),
        ("Кеше Қ-ұлын ұстады, С-бекке айтты.", "С-бекке"),
        ("Задержали г-жу Б. у дома.", "г-жу Б."),
        ("Ушла г-жа Б. Она плакала.", "г-жа Б."),
        ("Писал Ж*** в чат.", "Ж***"),
        ("Тогда Ж…ва замолчала.", "Ж…ва"),
        ("Как заявил гр. К., его били.", "гр. К."),
        ("Потерпевшая А.Б. молчала.", "Потерпевшая А.Б."),
        ("Гражданин С заявил отвод.", "Гражданин С"),
        ("Кеше мырза Қ. келді.", "мырза Қ."),
        ("Кеше Қ. мырза келді.", "Қ. мырза"),
        ("Yesterday Mr. B. came.", "Mr. B."),
        ("It was Ms. Zh. who wrote.", "Ms. Zh."),
        ("Дочери Жан болатовой отказали.", "Жан болатовой"),
    ],
)
def test_a_name_cut_short_is_asked_about(text: str, asked: str) -> None:
    assert [text[start:end] for start, end in written_names(text)] == [asked]


@pytest.mark.parametrize(
    ("text", "behind", "ahead", "asked"),
    [
        ("Пришёл Витя ", False, True, ["Витя"]),
        ("Витя ", False, True, ["Витя"]),
        (" Жанболатова пришла.", True, False, ["Жанболатова"]),
        ("-Жанболатова пришла.", True, False, ["Жанболатова"]),
        (" болатовой отказали.", True, False, ["болатовой"]),
        ("Вчера ", False, True, []),
        ("Тогда адвокат ", False, True, []),
        (" Алматыда тұрады.", True, False, []),
        (". Суд отказал.", True, False, []),
        ("Тут был Витя ", False, False, []),
        ("(Ахметова) ушла.", True, False, ["Ахметова"]),
        (" (Ахметова) ушла.", True, False, ["Ахметова"]),
        ("/Ахметова ушла.", True, False, ["Ахметова"]),
        ("Ахметова (", False, True, ["Ахметова"]),
        (" (Площадь) пришла.", True, False, []),
        ("Света ", False, True, ["Света"]),
    ],
)
def test_a_lone_word_is_asked_about_directly_beside_a_token_alone(
    text: str, behind: bool, ahead: bool, asked: list[str]
) -> None:
    assert [text[slice(*span)] for span in written_names(text, behind=behind, ahead=ahead)] == asked


@pytest.mark.parametrize(
    "text",
    [
        "Г-н судья и г-жа прокурор вышли.",
        "ГРАЖДАНКЕ ВРУЧЕНО ПОД РОСПИСЬ.",
        "По п. 2 ч. 1 ст. 10 УПК суд отказал…",
        "Оценка 5*** из 10, пароль ****.",
        "Кызыл-Орда, Алма-Ата, Нур-Султан, Усть-Каменогорск",
        "Это было во вт. Утром суд. Потом обед.",
        "Судья новой палаты.",
        "He said no. Then Mr. and Mrs. left.",
    ],
)
def test_what_is_no_name_is_left_alone(text: str) -> None:
    before = candidates(text)
    assert [text[slice(*span)] for span in written_names(text) if span not in before] == []


def test_no_more_is_asked_of_neutral_texts_than_before() -> None:
    sentences = neutral_sentences()
    found = [one.text[slice(*span)] for one in sentences for span in written_names(one.text)]
    sys.stdout.write(f"neutral texts: {len(sentences)} sentences, {len(found)} places asked about\n")
    assert len(found) <= ASKED_OF_NEUTRAL


def test_one_that_was_decided_is_met_as_it_is_written() -> None:
    assert cut_form("г-жа  Б.") == cut_form("Г-жа Б.") != ""
    assert cut_form("Жанб. Айгүл") == cut_form("Иванова Дана") == ""
    index = NameIndex([(1, cut_form("г-жа Б.")), (2, cut_form("Ж***")), (3, cut_form("Ж-ва"))])
    text = "Пришли г-жа Б., Ж*** и Ж-ва, а г-жа В. и Жа нет."
    assert [(text[one.start : one.end], one.owners) for one in mentions(index, text)] == [
        ("г-жа Б.", (1,)), ("Ж***", (2,)), ("Ж-ва", (3,)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "same", "others"),
    [
        ("г-жу Б.", ("г-жа Б.", "г-же Б", "Г-жой Б."), ("г-н Б.", "г-жа В.", "гр-ка Б.")),
        ("г-н Б.", ("г-на Б.", "г-ну Б.", "г-ном Б."), ("г-жа Б.", "г-н Б. А.")),
        ("потерпевшему К.", ("Потерпевший К.", "потерпевшего К."), ("потерпевшая К.", "потерпевшей К.")),
        ("потерпевшая К.", ("потерпевшей К.", "потерпевшую К."), ("потерпевший К.",)),
        ("свидетель Ж.", ("свидетеля Ж.", "свидетелем Ж."), ("свидетельница Ж.",)),
        ("гражданке С.", ("гражданка С.", "гражданкой С."), ("гражданин С.",)),
        ("Ч.", ("Ч.",), ("г-н Ч.", "Ч. А.", "В.")),
    ],
)
def test_the_word_before_an_initial_is_compared_in_any_case(
    one: str, same: tuple[str, ...], others: tuple[str, ...]
) -> None:
    assert {cut_form(other) for other in same} == {cut_form(one)}
    assert cut_form(one)
    assert cut_form(one) not in {cut_form(other) for other in others}


@pytest.mark.parametrize(
    "text",
    [
        "Ч. рассказал всё.", "Ч. задержали вчера.", "Задержали Ч. вчера.", "По словам Ч., его били.",
        "Видели Ч. Потом ушли.",
        "Его звали Ч.", "Б. не было, Ч. ушёл.", "кеше Ч. келді", "then Zh. was beaten",
    ],
)  # fmt: skip
def test_an_initial_that_stands_for_somebody_alone(text: str) -> None:
    met = [text[slice(*span)] for span in lone_initials(text)]
    assert met
    assert set(met) <= {"Ч.", "Б.", "Zh."}


@pytest.mark.parametrize(
    "text",
    [
        "Ч. Мысалов ушёл.", "Мысалов Ч. ушёл.", "А. Ч. Мысалов", "ул. Ч. была пуста.", "гепатит В. не лечили.",
        "ч. 2 ст. 174", "видели Ч. Мысалова",
        "В. 1 пункте", "т.е. так", "группа А. ушла", "США. Потом", "А. Первое\nБ. Второе",
    ],
)  # fmt: skip
def test_an_initial_of_something_else_is_nobody_alone(text: str) -> None:
    assert lone_initials(text) == []
