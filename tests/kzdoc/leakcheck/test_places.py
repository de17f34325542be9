"""Places told by numbers in a finished paper or table: found by other means than redaction's."""

from __future__ import annotations

import pytest

from kzdoc.leakcheck.places import places_in


@pytest.mark.parametrize(
    "text",
    [
        """43°14'20" с.ш. 76°53'22" в.д.""", "43°14.333' с.ш., 76°53.367' в.д.", "43.238949 с.ш., 76.889709 в.д.",
        "N 43.238949 E 76.889709", "Широта 43.238949, долгота 76.889709.", "шығыс бойлық 76.88, солтүстік ендік 43.23",
        "https://2gis.kz/almaty/geo/76.889709,43.238949", "https://yandex.kz/maps/?ll=76.889709%2C43.238949",
        "43.238949,\n76.889709", "8MJ8+XX", "?lat=52.5200&lon=13.4050",
    ],
)  # fmt: skip
def test_a_place_is_found(text: str) -> None:
    assert list(places_in(f"Дом: {text} вот"))


@pytest.mark.parametrize(
    "text",
    [
        "штраф 43.500, 76.000 тенге",
        "2019+23",
        "С 05.03.2019 по 06.04.2019",
        "12,50 % и 76,88 %",
        "+20 °C в 14.30",
        "36°",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert not list(places_in(text))


def test_what_somebody_agreed_to_show_stands_by_its_very_digits() -> None:
    address = "Алматы, 43.238949, 76.889709"
    assert not list(places_in("Адрес: 43.238949, 76.889709", address))
    assert list(places_in("Адрес: 43.238949, 76.889701", address))
