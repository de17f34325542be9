"""The keys of a text's words are those of the whole text, though each word between spaces is folded by itself."""

from __future__ import annotations

import random

import pytest

from kzdoc.names.fold import fold, fold_tokens

ALPHABETS = (
    "абвгеёийкоцчшщъыьэюяәғқңөұүһі АБИЬЕ -'’.\t\n\u00a0\u00ad\u0301\u1f00\x1c\u2028_0",
    "abcdeghikquxzyjie CHKSIE0.-'\t\n\x1f_",
    "абвиеьәқ abcdhkiey ABHSé-’\u0301\n",
)


@pytest.mark.parametrize("alphabet", ALPHABETS, ids=["Cyrillic", "Latin", "mixed"])
def test_words_folded_apart_are_the_words_of_the_text(alphabet: str) -> None:
    rng = random.Random(alphabet)
    for _ in range(4_000):
        text = "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 16)))
        assert fold_tokens(text) == fold(text).split(), repr(text)
