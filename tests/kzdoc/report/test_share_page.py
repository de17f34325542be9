"""The paper of a share: one page in each language, its words and its square code, and nobody's name."""

from __future__ import annotations

import os

import pypdfium2
import pytest
import segno

from kzdoc.crypto.share_words import Share, read_share, write_share
from kzdoc.language import LANGUAGES
from kzdoc.report.share_page import SharePaper, draw_share, words_in_paper


def made(lang, words=None):
    words = words or write_share(Share(b"1234", 3, 5, 1, os.urandom(16)), lang)
    return words, draw_share(SharePaper(words, 2, 5, 3, "31323334", "2026-11-22"), lang=lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_page_with_the_words_and_their_numbers(lang):
    words, pdf = made(lang)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    text = document[0].get_textpage().get_text_range()
    for place, word in enumerate(words, start=1):
        assert word in text
        assert str(place) in text
    assert "31323334" in text
    assert read_share(words_in_paper(pdf)).number == 1


def test_the_longest_words_stay_on_one_page_and_in_their_columns():
    for lang in LANGUAGES:
        from kzdoc.crypto.words import words_of

        longest = sorted(words_of(lang), key=len)[-20:]
        assert len(pypdfium2.PdfDocument(made(lang, longest)[1])) == 1


def test_the_square_code_says_the_words():
    words, pdf = made("kk")
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=4).to_pil().convert("L")
    matrix = [bytes(line) for line in segno.make(" ".join(words), error="m", micro=False, encoding="utf-8").matrix]
    step = 4 * 128 / (len(matrix) + 8)
    left, top = 4 * 66 + 4 * step, 4 * (841.8898 - 70 - 128) + 4 * step
    read = [
        [
            picture.getpixel((round(left + (x + 0.5) * step), round(top + (y + 0.5) * step))) < 128
            for x in range(len(line))
        ]
        for y, line in enumerate(matrix)
    ]
    assert read == [[bool(dark) for dark in line] for line in matrix]


def test_the_same_share_is_the_same_paper():
    words, pdf = made("ru")
    assert made("ru", words)[1] == pdf


def test_a_typed_text_is_read_as_well():
    assert words_in_paper("\ufeffалма терезе\n".encode()) == "алма терезе\n"
    with pytest.raises(UnicodeDecodeError):
        words_in_paper(b"\xff\xfe")
