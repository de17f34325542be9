"""The word lists: 2,048 plain words each, none beginning another, in the one spelling of a passphrase."""

from __future__ import annotations

from itertools import pairwise

import pytest

from kzdoc.crypto import words
from kzdoc.crypto.passphrase import normalise
from kzdoc.errors import KzdocError

ALPHABETS = {
    "en": set("abcdefghijklmnopqrstuvwxyz"),
    "ru": set("абвгдежзийклмнопрстуфхцчшщъыьэюя"),
    "kk": set("аәбвгғдежзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"),
}
LANGUAGES = sorted(ALPHABETS)


def defects(listed: tuple[str, ...], alphabet: set[str]) -> list[str]:
    """Return the words that break a rule of the list."""
    ordered = sorted(listed)
    found = [one for one, two in pairwise(ordered) if two.startswith(one)]
    found += [word for word in listed if not 3 <= len(word) <= 9 or set(word) - alphabet or normalise(word) != word]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_list_keeps_its_rules(lang):
    listed = words.words_of(lang)
    assert len(set(listed)) == words.COUNT
    assert defects(listed, ALPHABETS[lang]) == []
    assert list(listed) == sorted(listed)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_four_letters_tell_a_word(lang):
    listed = words.words_of(lang)
    assert len({word[:4] for word in listed}) == words.COUNT


def test_a_broken_rule_is_noticed():
    listed = words.words_of("ru")
    for bad in (listed[0] + "а", "ёлка", "Ель", "я", "кое-что", listed[5]):
        assert defects((*listed, bad), ALPHABETS["ru"])


def test_lists_share_no_more_than_a_few_loan_words():
    shared = set(words.words_of("ru")) & set(words.words_of("kk"))
    assert len(shared) < 250


def test_another_language_is_refused():
    with pytest.raises(KzdocError, match=r"language.unknown"):
        words.words_of("../en")


def test_a_damaged_list_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "en.txt"
    path.write_text("one two three", encoding="utf-8")
    monkeypatch.setattr(words, "resource", lambda *_: path)
    words.words_of.cache_clear()
    with pytest.raises(KzdocError, match=r"words.damaged"):
        words.words_of("en")
    words.words_of.cache_clear()
