"""Finding as people here type: any alphabet and case, the beginning of a word, names before other words."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.names.fold import fold
from kzdoc.vault.search import folded, sort_key
from kzdoc.vault.vault import Vault
from tests.vaults import Writer

PEOPLE = {
    "a": {"name_kk": "Жұмағұлов Асқар", "notes": "Қарағанды қаласында ұсталды"},
    "b": {"name_ru": "Жумагулова Мадина", "notes": "сестра"},
    "c": {"name_latin": "Tsoy Chingiz", "notes": "видел, как увезли Жумагулова"},
    "d": {"name_ru": "Щёголев Юрий", "notes": "адвокат"},
}


@pytest.fixture
def people(vault: Vault) -> dict[bytes, str]:
    writer = Writer(vault)
    ids = {}
    for letter, fields in PEOPLE.items():
        record = os.urandom(16)
        writer.save(record, fields)
        ids[record] = letter
    return ids


def test_remembered_pieces_fold_as_the_whole_does() -> None:
    texts = ["Жұмағұлов — Қарлығаш", "…  870101300123 ‖ ٣", "Testov, Daniyar 12", ""]
    whole = " ".join(filter(None, (fold(piece) for piece in " ".join(texts).split())))
    assert folded(texts) == folded(texts) == whole
    assert not folded(["—"])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Zhumagulov", "abc"),
        ("ЖУМАГУЛОВ", "abc"),
        ("жұмағұл", "abc"),
        ("Жумагулов Аскар", "a"),
        ("аскар жума", "a"),
        ("караганд", "a"),
        ("Цой", "c"),
        ("C", "c"),
        ("Чинг", "c"),
        ("щеголев", "d"),
        ("Shchegolev", "d"),
        ("адвокат", "d"),
        ("адв ющ", ""),
        ("нет такого", ""),
        ("", ""),
        ("  ,.-* ", ""),
        ('" OR "', ""),
        ("names : *", ""),
        ("NEAR(а б)", ""),
    ],
)
def test_what_is_typed_is_found(vault: Vault, people: dict[bytes, str], typed: str, expected: str) -> None:
    found = "".join(sorted(people[state.id] for state in vault.records.find(typed)))
    if typed == "C":
        assert expected in found
    else:
        assert found == expected


def test_names_come_before_other_words_and_whole_words_before_beginnings(
    vault: Vault, people: dict[bytes, str]
) -> None:
    found = [people[state.id] for state in vault.records.find("Жумагулова")]
    assert found[0] == "b"
    assert set(found) >= {"b", "c"}
    assert len(vault.records.find("Жумагулов", limit=1)) == 1
    assert not vault.records.find("Жумагулов", kind="event")
    assert len(vault.records.find("Жумагулов", kind="person")) == 3


@given(st.text(max_size=60))
def test_folding_word_by_word_is_folding_the_whole(text: str) -> None:
    plain = " ".join(text.split())
    assert folded([plain]) == fold(plain)


def test_titles_stand_in_the_order_of_the_kazakh_alphabet() -> None:
    names = ["Яна", "Өмір", "Ола", "Ұлан", "Улан", "Қанат", "Канат", "Әсем", "Асем", "Іңкәр", "Zara"]
    assert sorted(names, key=sort_key) == [
        "Zara", "Асем", "Әсем", "Канат", "Қанат", "Ола", "Өмір", "Улан", "Ұлан", "Іңкәр", "Яна",
    ]  # fmt: skip


NUMBER = ("+77011234567", "+7 701 123 45 67", "8 (701) 123-45-67", "87011234567", "7011234567", "8 701 1234567")


@pytest.mark.parametrize("typed", [*NUMBER, "8‑701‑123‑45‑67", "701 123 4567"])
def test_a_telephone_number_is_found_however_it_is_written(vault: Vault, typed: str) -> None:
    writer = Writer(vault)
    ids = [os.urandom(16) for _ in NUMBER]
    for record, number in zip(ids, NUMBER, strict=True):
        writer.save(record, {"name_kk": "Тестов", "notes": f"звонил с {number} вечером"})
    writer.save(os.urandom(16), {"name_kk": "Сынақова", "notes": "87011234568, +7 702 123 45 67, 1234567"})
    assert {state.id for state in vault.records.find(typed)} == set(ids)


def test_whoever_is_called_so_comes_before_what_only_mentions_him(vault: Vault) -> None:
    writer = Writer(vault)
    person, other, event = (os.urandom(16) for _ in range(3))
    writer.save(person, {"name_kk": "Тестов Данияр"})
    writer.save(other, {"name_kk": "Тестова Айгүл"})
    said = os.urandom(16)
    writer.save(event, {"title": "Тестов ісі бойынша жиын"}, kind="event")
    writer.save(said, {"speaker": "Тестов"}, kind="official_statement")
    assert [state.id for state in vault.records.find("Тестов")] == [person, other, said, event]
    assert [state.id for state in vault.records.find("Тестов", limit=1)] == [person]
    assert [state.id for state in vault.records.find("Тестов", kind="event")] == [event]
