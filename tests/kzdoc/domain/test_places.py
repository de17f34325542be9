"""Regions: twenty of them, found in text by any of their names, told as of a day."""

import pytest

from kzdoc.domain.places import REGIONS, offset_of, region, region_of
from kzdoc.errors import InputError


def test_seventeen_regions_and_three_cities():
    assert len(REGIONS) == 20
    assert sum(one.city for one in REGIONS) == 3
    assert len({one.code for one in REGIONS}) == 20
    for one in REGIONS:
        assert all(one.label)
        assert one.parent in ("", *(other.code for other in REGIONS))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Алматы, пр. Абая 5", "KZ-75"),
        ("Алматинская область, Талгар", "KZ-19"),
        ("Алматы облысы", "KZ-19"),
        ("Жаңаөзен қаласы", "KZ-47"),
        ("Zhanaozen", "KZ-47"),
        ("г. Нур-Султан", "KZ-71"),
        ("ЮЖНО-КАЗАХСТАНСКАЯ ОБЛАСТЬ", "KZ-61"),
        ("Қарағанды облысы", "KZ-35"),
        ("Караганда", "KZ-35"),
        ("KZ-ALA", "KZ-75"),
        ("Кордай ауданы, Жамбыл облысы", "KZ-31"),
        ("Алматы и Астана", None),
        ("где-то", None),
    ],
)
def test_a_text_names_one_region_or_none(text, code):
    assert region_of(text) == code


def test_a_region_is_told_as_of_its_day():
    assert region_of("Жезказган") == "KZ-62"
    assert region_of("Жезказган", "2019-03-05") == "KZ-35"
    assert region_of("Семей", "2022-06-07") == "KZ-63"
    assert region_of("Семей", "2022-06-08") == "KZ-10"
    assert region("KZ-71").name_on("2020-02-01", "ru") == "Нур-Султан"
    assert region("KZ-71").name_on("2023-01-01", "ru") == "Астана"
    assert region("KZ-61").name_on("2017-01-01", "kk") == "Оңтүстік Қазақстан облысы"


def test_clocks_by_region_and_day():
    assert offset_of("KZ-47", "2019-03-05") == "+05:00"
    assert offset_of("KZ-75", "2019-03-05") == "+06:00"
    assert offset_of("KZ-75", "2024-03-01") == "+05:00"
    assert offset_of("KZ-43", "2018-12-20") == "+06:00"
    assert offset_of("KZ-43", "2018-12-21") == "+05:00"


def test_old_letter_codes_are_understood():
    assert region("KZ-MAN").code == "KZ-47"
    with pytest.raises(InputError, match=r"place\.unknown"):
        region("KZ-00")
