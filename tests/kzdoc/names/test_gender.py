"""Whose a form of a surname can be: a man's, a woman's, a family's; and what the words around tell."""

from __future__ import annotations

import pytest

from kzdoc.names import gender
from kzdoc.names.endings import _ALL, _kazakh
from kzdoc.names.gender import forms_of, gender_of_key, meant


@pytest.mark.parametrize(
    ("words", "whose"),
    [
        ("Тестов Тестове Тестовтың Testov Testov's Мысалский Мысалского Сынаков Сынаковке", "m"),
        ("Тестовой Тестовою Тестованың Тестовамен Testova Testova's Мысалская Мысалскую Ильиной", "f"),
        ("Тестовых Тестовы Тестовыми Тестовтар Testovs Мысалских", "p"),
        ("Тестова Тестову Ильина", "fm"),
        ("Тестовым Мысалским", "mp"),
        ("Айгүл Асановна Асанович Үлгіқызы Ерлан", ""),
    ],
)
def test_forms(words: str, whose: str) -> None:
    assert {word: "".join(sorted(forms_of(word))) for word in words.split()} == dict.fromkeys(words.split(), whose)


def looks(monkeypatch: pytest.MonkeyPatch, times: int) -> int:
    """Return how often an ending is looked up for a word of so many surnames one after the other."""
    seen: list[str] = []

    def counted(word: str, ending: str) -> bool:
        seen.append(ending)
        return follows(word, ending)

    follows = gender.follows
    with monkeypatch.context() as here:
        here.setattr(gender, "follows", counted)
        gender._tails("testov" * times + "xx", latin=False)
    return len(seen)


def test_a_long_word_costs_no_more_looks_than_a_short_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks(monkeypatch, 10) == looks(monkeypatch, 1_000) > 0
    monkeypatch.setattr(gender, "_LONGEST", 1_000_000)  # the twin: every stem of the word is followed to its end
    assert looks(monkeypatch, 1_000) > 50 * looks(monkeypatch, 10)


def test_no_ending_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [f"{stem}{vowel}{ending}" for stem in ("testov", "misalsk") for vowel in ("", "a", "aia", "i")
            for ending in _kazakh(_ALL)]  # fmt: skip
    near = [gender._tails(key, latin=False) for key in keys]
    monkeypatch.setattr(gender, "_LONGEST", 1_000_000)
    assert near == [gender._tails(key, latin=False) for key in keys]
    monkeypatch.setattr(gender, "_LONGEST", 8)  # the twin: the longest chains are lost
    assert near != [gender._tails(key, latin=False) for key in keys]


def test_words_of_names() -> None:
    assert [gender_of_key(key) for key in ("testov", "testova", "misalski", "misalskaia", "ermek", "lev")] == [
        "m", "f", "m", "f", "", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("Рядом стояла Тестова, её били.", "f"), ("Тестова сказала всё.", "f"), ("Задержанная Тестова молчит.", "f"),
        ("Его жену, Тестову, увезли.", "f"), ("Искали сестру Тестову.", "f"), ("Спросили про Тестову.", "f"),
        ("Тестова келді, үйде екен.", "f"),
        ("Вчера увидели Тестова.", "m"), ("Тестова увезли.", "m"), ("Следователь допросил Тестова.", "m"),
        ("Задержание Тестова длилось.", "m"), ("Пришли к Тестову домой.", "m"), ("Увезли жену Тестова.", "m"),
        ("Били задержанного Тестова.", "m"),
        ("Полиция избила Тестова.", ""), ("Жена Тестова молчит.", ""), ("Тестов и Тестова.", ""), ("Тестову били.", ""),
    ],
)  # fmt: skip
def test_what_the_words_around_tell(text: str, whose: str) -> None:
    word = "Тестову" if "Тестову" in text else "Тестова"
    start = text.rindex(word)
    assert meant(text, start, start + len(word)) == whose
