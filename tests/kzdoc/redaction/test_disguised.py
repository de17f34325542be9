"""Names, addresses and numbers in disguise: joined, in handles, softened, in other digits, in parts."""

from __future__ import annotations

import pytest

from kzdoc.redaction.text import NameBook, Numbering, redact_text
from tests.kzdoc.redaction.cases import HERO, WITNESS, state

PEOPLE = [
    state(HERO, "person", name_ru="Тестов Данияр"),
    state(WITNESS, "person", name_ru="Мысалова Сауле Ахметовна", phone="+77010001122",
          address={"text": "г. Алматы, ул. Примерова, д. 7, кв. 11"}),
    state(b"e" * 16, "person", name_ru="Үлгілиев Ержан"),
]  # fmt: skip
BOOK = NameBook.build(PEOPLE, [HERO])


def left(text: str) -> str:
    return redact_text(text, book=BOOK, lang="ru", numbering=Numbering()).text.plain()


@pytest.mark.parametrize(
    "text",
    [
        "SauleMysalova",
        "#СаулеМысалова",
        "ЕржанҮлгілиев",
        "saule_mysalova",
        "saule_mysalova_87",
        "saulemysalova",
        "saule mysalova",
        "Мысаловтар",
        "М.С.А.",
        "С. А. М.",
        "Сауленька",
        "Саулешка",
        "Ержеке",
        "Ержанжан",
        "Мыса-\nловой",
        "САУЛЕ АХМЕТОВНА",
    ],
)
def test_the_whole_of_it_becomes_one_token(text: str) -> None:
    assert left(f"{text} молчит") == "[ПЕРСОНА-1] молчит"


@pytest.mark.parametrize(
    "text",
    [
        "ул. Примерова 7, кв. 11",
        "Примерова 7-11",
        "улица Примерова, дом 7, квартира 11",
        "на Примеровой, 7",
        "7 Primerova Street, apt. 11",
        "＋７ ７０１ ０００ １１ ２２",
        "٨ ٧٠١ ٠٠٠ ١١ ٢٢",
    ],
)
def test_addresses_in_parts_and_numbers_in_other_digits(text: str) -> None:
    done = left(f"Там: {text}; ждали")
    assert "[НОМЕР]" in done
    assert not any(sign.isdigit() for sign in done)


@pytest.mark.parametrize("text", ["улица Примерова длинная", "ДаниярТестов", "дом 7 по другой улице", "и т.д. А.Б.В."])
def test_what_tells_nothing_of_them_stays(text: str) -> None:
    assert left(text) == text


def test_one_person_has_one_token_however_written() -> None:
    text = "САУЛЕ АХМЕТОВНА … Saule Mysalova … Сәуле Мысалова; Мысалова Сауле"
    assert left(text) == "[ПЕРСОНА-1] … [ПЕРСОНА-1] … [ПЕРСОНА-1]; [ПЕРСОНА-1]"


def test_a_name_that_stands_in_a_record_as_text_is_no_second_person() -> None:
    book = NameBook.build(PEOPLE, [HERO], [(b"\0" * 16, "Сауле Мысалова, врач"), (b"\1" * 16, "Mysalova S.")])
    numbering = Numbering()
    texts = ("Мысалова Сауле", "САУЛЕ АХМЕТОВНА … Saule Mysalova … Сәуле Мысалова", "С. Мысалова")
    said = [redact_text(text, book=book, lang="ru", numbering=numbering).text.plain() for text in texts]
    assert "[ПЕРСОНА-2]" not in "".join(said)


@pytest.mark.parametrize(
    "written",
    [
        "Сын\u03b1кова", "CЫН\u0391КОВА", "Сынак\u03bfва", "Сына\u3164кова",
        "Сына\ufffcкова", "Сына\U000e0100кова", "Сына\u200eкова", "Сына\u2800кова", "Сынаковa", "Сынак\uff4fва",
        "Сынак0ва", "Syn\u03b1kova", "\U0001d412ynakova",
    ],
)  # fmt: skip
def test_letters_of_other_scripts_and_signs_that_nobody_sees_hide_no_name(written: str) -> None:
    known = NameBook.build([state(b"1" * 16, "person", name_ru="Сынакова Гульмира")], ())
    told = redact_text(f"Вчера {written} ушла.", book=known, lang="ru", numbering=Numbering()).text.plain()
    assert told == "Вчера [ПЕРСОНА-1] ушла."


def test_a_figure_for_a_letter_hides_no_name() -> None:
    known = NameBook.build([state(b"1" * 16, "person", name_ru="Жанболатова Айгуль")], ())
    told = redact_text(
        "Жан6олатова Айгуль молчит. Zhan6olatova.", book=known, lang="ru", numbering=Numbering()
    ).text.plain()
    assert told == "[ПЕРСОНА-1] молчит. [ПЕРСОНА-1]."
