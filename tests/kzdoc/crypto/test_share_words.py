"""A share in words: comes back from any spelling, and what is wrong in it is found at its place."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from kzdoc.crypto import share_words
from kzdoc.crypto.share_words import WORDS, Share, complete, language_of, near, read_share, write_share
from kzdoc.crypto.words import words_of
from kzdoc.errors import InputError
from kzdoc.language import LANGUAGES

CHANCE = random.Random(20)


def share(number=2):
    return Share(os.urandom(4), 3, 5, number, os.urandom(16))


def spoilt(words, lang, places):
    """Return the words with others of the list at these places."""
    listed = words_of(lang)
    return [
        CHANCE.choice([other for other in listed if other != word]) if place in places else word
        for place, word in enumerate(words)
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_share_comes_back_however_it_is_typed(lang):
    for number in range(5):
        one = share(number)
        words = write_share(one, lang)
        assert len(words) == WORDS
        assert language_of(words) == lang
        for typed in (" ".join(words), "-".join(words).upper(), "\n".join(word[:4] for word in words)):
            assert read_share(typed) == one


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2])
def test_wrong_words_are_named_by_their_places(lang, count):
    for _ in range(30):
        words = write_share(share(), lang)
        places = sorted(CHANCE.sample(range(WORDS), count))
        with pytest.raises(InputError) as caught:
            read_share(" ".join(spoilt(words, lang, places)), share=4)
        assert caught.value.code == ("share.wrong-word" if count == 1 else "share.wrong-words")
        assert caught.value.params["places"] == ", ".join(str(place + 1) for place in places)
        assert caught.value.params["share"] == 4


def test_every_single_place_and_every_swap_of_neighbours_is_found():
    words = write_share(share(), "ru")
    for place in range(WORDS):
        with pytest.raises(InputError) as caught:
            read_share(" ".join(spoilt(words, "ru", [place])))
        assert caught.value.params["place"] == place + 1
    for place in range(WORDS - 1):
        if words[place] != words[place + 1]:
            swapped = [*words[:place], words[place + 1], words[place], *words[place + 2 :]]
            with pytest.raises(InputError, match=r"share.wrong-words"):
                read_share(" ".join(swapped))


def test_more_than_two_wrong_words_are_never_taken_for_right():
    codes = Counter()
    for _ in range(200):
        words = spoilt(write_share(share(), "kk"), "kk", CHANCE.sample(range(WORDS), CHANCE.randint(3, 20)))
        with pytest.raises(InputError) as caught:
            read_share(" ".join(words))
        codes[caught.value.code] += 1
    assert codes["share.check"] > 190


def test_without_check_symbols_a_wrong_word_would_pass(monkeypatch):
    monkeypatch.setattr(share_words, "_wrong", lambda _symbols: [])
    words = write_share(share(), "en")
    assert read_share(" ".join(spoilt(words, "en", [10]))) != read_share(" ".join(words))


def test_one_word_twenty_times_is_no_share():
    for lang in LANGUAGES:
        with pytest.raises(InputError, match=r"share.check"):
            read_share(" ".join([words_of(lang)[0]] * WORDS))


def test_what_is_not_a_share_is_named():
    words = write_share(share(), "en")
    short = " ".join(words[1:])
    for typed, code in (("", "share.words"), (short, "share.words"), ("zzzzz " * 20, "share.unknown-word")):
        with pytest.raises(InputError, match=code):
            read_share(typed)
    for bad in (Share(bytes(4), 1, 5, 0, bytes(16)), Share(bytes(4), 3, 2, 0, bytes(16)), share(7)):
        with pytest.raises(InputError, match=r"share.malformed"):
            read_share(" ".join(write_share(bad, "en")))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_are_completed_and_guessed(lang):
    word = words_of(lang)[777]
    assert word in complete(word[:3].upper(), lang)
    assert complete(word[:4], lang) == [word]
    assert complete("", lang) == []
    assert word in near(word[:-1] + word[-1] * 2, lang)
