"""An ending that hangs on a name behind a mark that closes goes with the name; what is no ending of it stays."""

from __future__ import annotations

import pytest

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from tests.kzdoc.redaction.cases import HERO, WITNESS, state

NAMES = {HERO: "Тестов Данияр", WITNESS: "Сынақова Азат"}
BOOK = NameBook.build([state(one, "person", name_kk=name) for one, name in NAMES.items()], [])


def left(text: str) -> str:
    return redact_text(text, book=BOOK, lang="kk", numbering=Numbering()).text.plain()


@pytest.mark.parametrize(
    "name",
    [
        "«Сынақова»лық", "«Сынақова»лықтар", "«Тестов»тың", '"Тестов"тың', "'Тестов'-тен", "“Тестов”тан", "„Тестов“қа",
        "«Тестов»-тың", "‹Тестов›ты", "(Тестов)тың", "[Тестов]қа", "«Тестов»сыз", "«Тестов»тардікінде", "«Данияр»ға",
        "«Данияр Тестов»тың", "Тестовтық", "Тестовсыз", "Сынақовалық", "Сынақовалықтардың", "Тестов-тардікі",
    ],
)  # fmt: skip
def test_the_ending_goes_with_the_name(name: str) -> None:
    assert left(f"Кеше {name} келді.") == "Кеше [АДАМ-1] келді."
    assert Index([Forbidden(one, "identity") for one in NAMES.values()]).search(f"Кеше {name} келді.")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("«Тестов» келді.", "«[АДАМ-1]» келді."),
        ("«Данияр»адвокат келді.", "«[АДАМ-1]»адвокат келді."),
        ("(туысы Тестов)ты", "(туысы [АДАМ-1])ты"),
        ("Тестов-адвокат", "[АДАМ-1]-адвокат"),
        ("Азаттық радиосы", "Азаттық радиосы"),
        ("Көше «Азаттық»тың бойы", "Көше «Азаттық»тың бойы"),
    ],
)
def test_what_does_not_hang_on_it_stays(text: str, kept: str) -> None:
    assert left(text) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Потом Сынақ. Азат келді.", "Потом [АДАМ-1] келді."),
        ("СЫНАҚ. АЗАТ АЙТТЫ", "[АДАМ-1] АЙТТЫ"),
        ("Synaq. Azat left.", "[АДАМ-1] left."),
        ("Кеше Азат Сын. келді.", "Кеше [АДАМ-1] келді."),
        ("Кеше Азат. С. келді.", "Кеше [АДАМ-1] келді."),
        ("Привели Тестова. Д. и били.", "Привели [АДАМ-1] и били."),
    ],
)
def test_what_is_cut_short_beside_the_name_goes_with_it(text: str, kept: str) -> None:
    assert left(text) == kept


@pytest.mark.parametrize(
    "text",
    ["Просп. {0} ұзын.", "Кеше {0}. Данияр де келді.", "Кеше {0}. С басқа.", "Кеше {0}. С. Мысалов келді.", "Т. {0}."],
)
def test_and_another_s_does_not(text: str) -> None:
    assert left(text.format("Азат")).startswith(text.partition("{0}")[0] + "[АДАМ-1]")
    assert left(text.format("Азат")).endswith(text.partition("{0}")[2].replace("Данияр", "[АДАМ-2]"))


def test_a_common_word_made_of_a_given_name_is_no_finding() -> None:
    assert Index([Forbidden("Сынақова Азат", "identity")]).search("Азаттық радиосы, азаттық үшін.") == []
