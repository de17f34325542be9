"""Whose something is by the Russian adjective of a name, and the habits of chats, tickets and lookalikes."""

from __future__ import annotations

import pytest

from kzdoc.names.index import NameIndex
from kzdoc.names.loose import foreign, possessive
from kzdoc.names.reading import mentions

NAMES = (
    ("kairat", "Сынақов Қайрат"),
    ("nadia", "Мысалова Надя"),
    ("aigul", "Үлгіқызы Айгүл"),
    ("elza", "Тестова Эльза"),
    ("samat", "Ізтілеу Самат Бекетұлы"),
)


def met(text: str) -> list[str]:
    return [text[one.start : one.end] for one in mentions(NameIndex(NAMES), text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Кайратов паспорт не нашли.", "Кайратов"),
        ("Забрали Кайратову куртку.", "Кайратову"),
        ("На Надином столе пусто.", "Надином"),
        ("Взяли Надины письма.", "Надины"),
        ("Ей вернут Айгулин платок.", "Айгулин"),
        ("Искали в Надюшиной комнате.", "Надюшиной"),
    ],
)
def test_what_is_somebodys_names_whose_it_is(text: str, found: str) -> None:
    assert met(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Кайратов сказал, что подаст жалобу.",
        "Кайратова подписала бумагу.",
        "Кайратов и двое других ушли.",
        "Кайратов паспорта не показал.",
        "Жанатов паспорт не нашли.",
        "Надинск стоит у реки.",
    ],
)
def test_a_surname_made_of_a_name_is_somebody_elses(text: str) -> None:
    assert met(text) == []


def test_the_twin_that_asks_for_no_agreement_takes_a_surname_for_the_name() -> None:
    assert possessive("kairatov", "паспорт")[0] == "kairat"
    assert possessive("kairatov", "паспорта") == ()
    assert possessive("kairatova", "паспорта")[0] == "kairat"


def test_small_letters_go_on_as_one_name_in_another_spelling() -> None:
    assert met("they asked samat beketuly iztleu about it. He left.") == ["samat beketuly iztleu"]
    assert met("Самат ізтелеуден сұрады.") == ["Самат"]


def test_a_word_of_another_script_or_habit_is_read_as_it_is_meant() -> None:
    assert met("The widow Elsa came.") == ["Elsa"]
    assert foreign("Lee") == ("li",)
    assert foreign("Le\u0435") == ("li",)
    assert "bogdan" in foreign("Bo\u200bhdan")
    assert not any(key.startswith("sh") for key in foreign("Where"))
