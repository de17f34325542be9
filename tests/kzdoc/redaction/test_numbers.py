"""Identifying numbers: by shape and by knowledge, whole or not at all; dates, sums and laws stay."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.redaction.coordinates import find_coordinates
from kzdoc.redaction.numbers import Numbers, find_numbers

NOBODY = Numbers()


def replaced(text: str, known: Numbers = NOBODY) -> str:
    at, parts = 0, []
    for start, end, _ in find_numbers(text, known):
        parts += [text[at:start], "#"]
        at = end
    return "".join([*parts, text[at:]])


@pytest.mark.parametrize(
    "number",
    [
        "870101400121", "870101 400121", "870101-400121", "87 01 01 40 01 21", "870101 400 121", "8701 0140 0121",
        "87О1О14ОО12l", "870101400120", "870101\n400121", "870101\u00a0400121", "990231599999",
        "+77010001122", "8 701 000 11 22", "8(701)000-11-22", "+7 (701) 000 11 22", "87010001122", "701 000 11 22",
        "+7 701-000-11-22", "+49 30 1234567", "8-701-000-11-22", "7010001122",
        "4400 4301 2345 6789", "4400430123456789", "KZ86 125K ZT50 0410 0100", "KZ86125KZT5004100100",
        "N12345678", "N 12345678", "№ 012345678", "123 ABC 02", "123АВС02", "A 123 BCD",
        "a.canary@example.org", "имя@пример.каз", "@canary_kz", "t.me/canary_kz", "https://www.instagram.com/canary.kz",
        "43.23895, 76.88970", "43°14′20″ N, 76°53′22″ E",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["ИИН {}.", "({})", "{}", "Жазып ал: {}, солай.", "call {} now"])
def test_a_number_goes_whole(number: str, around: str) -> None:
    assert replaced(around.format(number)) == around.format("#")


@pytest.mark.parametrize(
    "place",
    [
        """43°14'20" с.ш. 76°53'22" в.д.""", "43°14.333' с.ш., 76°53.367' в.д.", "43.238949 с.ш., 76.889709 в.д.",
        "N 43.238949 E 76.889709", "43.238949N 76.889709E", "Широта 43.238949, долгота 76.889709",
        "северная широта 43.238949, восточная долгота 76.889709", "43,238949; 76,889709", "43.24° с. ш. 76.89° в. д.",
        "солтүстік ендік 43.238949, шығыс бойлық 76.889709", "Ендігі 43.238949, бойлығы 76.889709",
        """43°14'20" солтүстік ендік және 76°53'22" шығыс бойлық""", "76.889709,43.238949", "52.520008, 13.404954",
        "43 градуса 14 минут северной широты, 76 градусов 53 минуты восточной долготы",
        "https://2gis.kz/almaty/geo/76.889709,43.238949", "https://yandex.kz/maps/?ll=76.889709%2C43.238949&z=17",
        "https://2gis.kz/almaty/geo/76.889709,43.238949?at=2019-03-05", "https://maps.app.goo.gl/kzExample1",
        "43.238949%2C76.889709", "lat=43.238949&lon=76.889709", "geo:43.238949,76.889709",
        "8MJ8+XX", "8FQ78MJ8+XX", "///слово.другое.третье",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["({})", "{}", "Жазып ал: {}, солай.", "Вот {}"])
def test_a_place_goes_however_its_numbers_are_written(place: str, around: str) -> None:
    assert replaced(around.format(place)) == around.format("#")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Удостоверение личности 045678901", "Удостоверение личности #"),
        ("удостоверение 045678901, выдано МВД РК 12.03.2015", "удостоверение #, выдано МВД РК 12.03.2015"),
        ("удостоверение личности гражданина РК 345678901", "удостоверение личности гражданина РК #"),
        ("жеке куәлік 045678901", "жеке куәлік #"), ("жеке куәлігінің нөмірі 345 678 901", "жеке куәлігінің нөмірі #"),
        ("ID card 345678901", "ID card #"), ("паспорт 12345678", "паспорт #"), ("Вот 045678901.", "Вот #."),
        ("ЕРДР 247500121000123", "ЕРДР #"), ("247500121000123", "#"), ("КУИ № 24-7500-12-1-00123", "КУИ № #"),
        ("ivan [at] mail [dot] kz", "#"), ("ivan [dot] petrov (at) mail.kz", "#"), ("ivan@mail [dot] kz", "#"),
        ("пиши: ivan собака mail точка ру", "пиши: #"),
    ],
)  # fmt: skip
def test_papers_cases_and_mail_go_in_ordinary_wording(text: str, left: str) -> None:
    assert replaced(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "2019+23", "с 10.00 в д. 12 Алматы", "с 09.30 в д. Алматы", "температура 36,6 градусов", "минус 20 градусов",
        "штраф 43.500, 76.000 тенге", "удостоверение получил в 2015 году, 12 марта", "на востоке 12,5 %",
        "https://2gis.kz", "широта души",
    ],
)  # fmt: skip
def test_what_only_resembles_a_place_or_a_paper_stays(text: str) -> None:
    assert replaced(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "С 05.03.2019 05.04.2019 он сидел.", "2019-03-05, 2019-03-06 и 2019-04", "В 2018–2020 гг.",
        "2018-2020 2021-2022",
        "5 марта 2019 года в 14:30", "ст. 174 УК 15 лет", "ст. 405 УК РК", "ч. 2 ст. 258 УК, 10 лет",
        "488 КоАП 15 суток",
        "штраф 150 000 000 000 тенге", "ущерб 12 345 678 901,50 ₸", "приговор № 64", "2019/2610(RSP)",
        "рост 180, вес 75, 36 лет", "60 человек из 5000", "около 14:30-15:00 6 марта", "резолюция 2019/2610",
        "14.03.2019 г. 16 чел.", "A/HRC/WGAD/2017/16", "CAT/C/KAZ/CO/4", "от 25 мая 2020 года № 333-VI",
        "1 413 и 1 460",
    ],
)  # fmt: skip
def test_dates_sums_and_laws_stay(text: str) -> None:
    assert replaced(text) == text


KNOWN = Numbers.known(
    ["+77010001122", "canary_kz", "ayshe@example.org", "c01234567", "Мысал көшесі, 17", "дом 5", "123", "+996555123456"]
)


@pytest.mark.parametrize(
    "text",
    [
        "701 0001122", "7 7 0 1 0 0 0 1 1 2 2", "8.701.000.11.22", "+7-701-0001122", "Canary_KZ", "canary kz",
        "ayshe, example.org", "AYSHE@EXAMPLE.ORG", "C 01234567", "c-0123-4567",
        "мысал көшесі 17", "Мысал\nкөшесі, 17", "996 555 123 456",
    ],
)  # fmt: skip
def test_a_known_number_goes_however_it_is_grouped(text: str) -> None:
    assert replaced(f"Вот: {text}!", KNOWN) == "Вот: #!"


def test_a_sum_beside_a_number_does_not_shield_it() -> None:
    assert replaced("870101400121, 500 тенге") == "#, 500 тенге"
    assert replaced("87010001122 500 тенге") == "# 500 тенге"


def test_what_is_too_short_is_not_looked_for() -> None:
    assert replaced("кабинет 123, дом 5", KNOWN) == "кабинет 123, дом 5"


@given(st.text(alphabet="0123456789 .-+()@abcKZNОоlЗ№°′,\n"))
def test_the_spans_are_ordered_apart_and_inside(text: str) -> None:
    found = find_numbers(text, KNOWN)
    at = 0
    for start, end, _ in found:
        assert at <= start < end <= len(text)
        at = end


@given(st.integers(10, 99), st.integers(1, 12), st.integers(1, 31), st.text("0123456789", min_size=6, max_size=6))
def test_every_iin_goes_whatever_its_check_digit(year: int, month: int, day: int, rest: str) -> None:
    assert replaced(f"ИИН {year}{month:02}{day:02}{rest}.") == "ИИН #."


@pytest.mark.parametrize(
    "part", ["8", "87 ", "870101-", "a.", "KZ86 ", "+7 ", "43.238 ", "@a", "x.com/", "43°14' ", "23+"]
)
def test_a_hostile_page_costs_little(part: str) -> None:
    text = part * (200_000 // len(part))
    start = time.process_time()
    find_numbers(text, KNOWN)
    assert time.process_time() - start < 6


@pytest.mark.parametrize(
    "text",
    [
        "Дом: 43.238N, 76.889E.",
        "Дом: 43.238° N, 76.889° E.",
        "Алматы,43.238949,76.889709",
        "п.1.43.238,76.889",
        "10.2021 43.238949, 76.889709",
        "43.238949 и 76.889709",
        "43.238949 – 76.889709",
        "43,238949 x 76,889709",
        "43.238949х76.889709",
        "43.238949 және 76.889709",
        "43.238949 стоял там же 76.889709",
        "76.889709 потом 43.238949",
        "8fhj+2vq Алматы",
    ],
)
def test_a_place_goes_whatever_stands_before_it(text: str) -> None:
    covered = set()
    for start, end in find_coordinates(text):
        covered |= set(range(start, end))
    first = text.index("43") if "43" in text else text.index("8f")
    last = text.index("889") + 3 if "889" in text else text.index("vq") + 2
    assert set(range(first, last)) <= covered
