"""A passphrase: one spelling, weak ones refused with why, parameters within limits before any work."""

from __future__ import annotations

import dataclasses
import os
import time
from collections import Counter

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kzdoc.crypto.passphrase import (
    KdfParams,
    _material,
    _normalised_in_place,
    derive,
    generate,
    judge,
    normalise,
)
from kzdoc.crypto.strength import _COMMON_PHRASES, _COMMON_WORDS
from kzdoc.crypto.words import words_of
from kzdoc.errors import InputError, KzdocError, VaultError
from kzdoc.limits import LIMITS

PARAMS = KdfParams(LIMITS.kdf_memory_floor_kib, LIMITS.kdf_iterations_floor, 2, bytes(16))
LETTERS = "абвгдеёжзийкклмнопрстуфхцчшщъыьэюяәғқңөұүһіАБВЕЁӘҒҚҢӨҰҮҺІabcXYZ 0129-\t.,!"


@pytest.mark.parametrize(
    "typed",
    [
        "Ёлка-лес  ТУМАН",
        "елка лес туман",
        " елка лес туман ",
        "елка\u00a0лес\tтуман",
        "е\u0308лка — лес – туман",
        "ЕЛКА-ЛЕС-ТУМАН",
    ],
)
def test_one_spelling(typed):
    assert normalise(typed) == "елка лес туман"


@given(st.text())
@example("е\u0308\u0308")
@example("Ё\u0323")
@example("İstanbul")
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet=LETTERS))
@example("--ё - Қ")
def test_letters_are_normalised_without_a_str(text):
    made = _normalised_in_place(bytearray(text.encode()))
    assert made is not None
    assert made.decode() == normalise(text)


@given(st.text())
def test_bytes_and_text_give_the_same_material(text):
    try:
        raw = bytearray(text.encode())
    except UnicodeEncodeError:
        return
    assert _material(raw) == _material(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "short"),
        ("кот и пес", "short"),
        ("              .", "short"),
        ("123456789012345678", "digits"),
        ("2024-05-06-2024-05-07", "digits"),
        ("aaaaaaaaaaaaaaaaaaa", "few-characters"),
        ("абабабабабабабабаб", "few-characters"),
        ("пароль пароль пароль", "repeated"),
        ("дом лес дом лес дом лес", "repeated"),
        ("кот пес кот пес кот", "repeated"),
        ("qwertyuiopasdfghjkl", "sequence"),
        ("poiuytrewqlkjhgfdsa", "sequence"),
        ("йцукенгшщзхъфывапр", "sequence"),
        ("әіңғүұқөһ 1234567890", "sequence"),
        ("абвгдежзийклмнопр", "sequence"),
        ("abcdefghijklmnopqrs", "sequence"),
        ("1qaz2wsx3edc4rfv5tgb", "sequence"),
        ("1q2w3e4r5t6y7u8i", "sequence"),
        ("qwerty 12345 йцукен", "sequence"),
        ("password 87349520", "common"),
        ("мой-пароль-48815162", "common"),
        ("gfhjkm vjq gfhjkm 4815", "common"),
        ("correct horse battery staple", "common"),
        ("Correct-Horse Battery Staple 1", "common"),
        ("В лесу родилась ёлочка", "common"),
        ("d ktce hjlbkfcm `kjxrf", "common"),
        ("Менің Қазақстаным", "common"),
        ("алматы астана шымкент", "common"),
        ("конституционный", "few-words"),
        ("рябиновая настойка", "few-words"),
        ("Қазақстан Республикасы", "few-words"),
        ("P@ssw0rd!2024!!!", "common"),
    ],
)
def test_weak_ones_are_refused_with_why(text, why):
    with pytest.raises(InputError) as caught:
        judge(text)
    assert caught.value.code == f"passphrase.weak-{why}"


@pytest.mark.parametrize(
    "text",
    [
        "лошадь чайник берег зима",
        "кот лес мир дом",
        "horse lamp river winter",
        "Менің үйімде төрт терезе",
        "тау су көл жел орман",
        "мой кот спит на окне",
        "k7gx9q2mv4tz8wpl",
        "бабушкин самовар кипит",
        "gjvbljh cnjk jryj dtnth",
        "көлтерезетаудалаауыл",
        "лошадь 4031 чайник @ берег",
    ],
)
def test_ordinary_phrases_are_accepted(text):
    judge(text)


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_generated_ones_are_always_accepted(lang):
    for _ in range(500):
        text = generate(lang, os.urandom)
        assert len(text.split(" ")) == 7
        assert normalise(text) == text
        judge(text)


@settings(max_examples=300)
@given(st.text(max_size=60))
def test_judging_raises_only_our_error(text):
    try:
        judge(text)
    except KzdocError as error:
        assert error.code.startswith("passphrase.weak-")  # noqa: PT017 - some examples are accepted


def test_judging_does_not_stall_on_a_long_text():
    started = time.process_time()
    for text in ("ab" * 5_000, "qwerty" * 2_000, "a" * 10_000, " ".join(words_of("ru"))):
        with pytest.raises(InputError) if text[0] in "aq" else _nothing():
            judge(text)
    assert time.process_time() - started < 3


class _nothing:  # noqa: N801 - reads as words where it is used
    def __enter__(self) -> None: ...
    def __exit__(self, *exc: object) -> None: ...


def test_words_are_drawn_evenly():
    """χ² over 2,048 words: 200,000 draws stay within five standard deviations; a skewed source does not."""

    def square(source: object) -> float:
        text = generate("en", source, words=200_000)  # type: ignore[arg-type]
        expected = 200_000 / 2048
        return sum((count - expected) ** 2 / expected for count in _counts(text))

    def skewed(size: int) -> bytes:
        return bytes(byte & 0xFB for byte in os.urandom(size))

    spread = (2 * 2047) ** 0.5
    assert abs(square(os.urandom) - 2047) < 5 * spread
    assert square(skewed) > 2047 + 5 * spread


def _counts(text: str) -> list[int]:
    counted = Counter(text.split(" "))
    return [counted[word] for word in words_of("en")]


def test_our_own_lists_are_in_normal_form():
    assert [text for text in (*_COMMON_PHRASES, *_COMMON_WORDS) if normalise(text) != text] == []


def test_the_key_depends_on_everything():
    key = derive("Ёлка — лес туман", PARAMS)
    assert isinstance(key, bytearray)
    assert len(key) == 32
    assert derive(bytearray("елка лес туман".encode()), PARAMS) == key
    assert derive("елка лес туман!", PARAMS) != key
    assert derive("елка лес туман", dataclasses.replace(PARAMS, salt=b"\1" * 16)) != key


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 8},
        {"memory_kib": LIMITS.kdf_memory_floor_kib - 1},
        {"memory_kib": LIMITS.kdf_memory_ceiling_kib + 1},
        {"memory_kib": 64 * 2**20},
        {"memory_kib": 2**63},
        {"memory_kib": -1},
        {"iterations": 0},
        {"iterations": 2},
        {"iterations": 10**9},
        {"lanes": 0},
        {"lanes": 2**24},
        {"salt": b""},
        {"salt": bytes(15)},
        {"salt": bytes(10_000)},
    ],
)
def test_absurd_parameters_are_refused_before_any_work(change):
    params = dataclasses.replace(PARAMS, **change)
    started = time.process_time()
    with pytest.raises(VaultError, match=r"vault.kdf-parameters"):
        derive("елка лес туман", params)
    assert time.process_time() - started < 0.05


def test_the_floor_is_within_the_limits():
    params = KdfParams.floor(os.urandom)
    params.check()
    assert params.memory_kib == 256 * 1024
    assert params.iterations == 3


def test_the_callers_bytes_are_left_to_the_caller_and_broken_ones_refused():
    typed = bytearray("Елка лес".encode())
    derive(typed, PARAMS)
    assert typed.decode() == "Елка лес"
    with pytest.raises(InputError, match=r"passphrase.encoding"):
        derive(bytearray(b"\xff\xfe"), PARAMS)
