"""Identifying numbers: by shape and by knowledge, whole or not at all; dates, sums and laws stay."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize("part", ["8", "87 ", "870101-", "a.", "KZ86 ", "+7 ", "43.238 ", "@a", "x.com/"])
def test_a_hostile_page_costs_little(part: str) -> None:
    text = part * (200_000 // len(part))
    start = time.process_time()
    find_numbers(text, KNOWN)
    assert time.process_time() - start < 6
