"""How well names are known in texts, measured on people and forms made apart; what is missed is printed."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter

import pytest

from kzdoc.names.index import NameIndex
from kzdoc.names.reading import mentions
from tests.kzdoc.names.people_in_texts import (
    FRAMES,
    NEUTRAL,
    PEOPLE,
    disguised,
    kazakh_forms,
    latin_forms,
    russian,
)

WAYS = {
    "Russian cases": (russian, "ru", 0.995),
    "Kazakh endings": (kazakh_forms, "kk", 0.99),
    "Latin habits": (latin_forms, "en", 0.99),
    "disguises": (disguised, "ru", 0.97),
}
INDEX = NameIndex([(at, one.name) for at, one in enumerate(PEOPLE)])


def found(text: str, form: str, at: int, owner: int) -> bool:
    """Return whether one mention covers the whole form and may be the owner's."""
    end = at + len(form)
    inside = [one for one in mentions(INDEX, text) if one.start < end and at < one.end]
    letters = {place for place in range(at, end) if text[place].isalpha()}
    covered = {place for one in inside for place in range(one.start, one.end)}
    return letters <= covered and any(owner in one.owners for one in inside)


def measured(way: str) -> tuple[int, list[str]]:
    forms, lang, _ = WAYS[way]
    total, missed = 0, []
    for owner, one in enumerate(PEOPLE):
        for number, form in enumerate(dict.fromkeys(forms(one))):
            frame = FRAMES[lang][number % len(FRAMES[lang])]
            total += 1
            if not found(frame.format(form), form, frame.index("{}"), owner):
                missed.append(form)
    return total, missed


def test_there_are_enough_people() -> None:
    assert len(PEOPLE) >= 60


@pytest.mark.parametrize("way", WAYS)
def test_recall(way: str, capsys: pytest.CaptureFixture[str]) -> None:
    total, missed = measured(way)
    recall = 1 - len(missed) / total
    with capsys.disabled():
        sys.stdout.write(f"\n{way}: recall {recall:.2%} of {total} forms; missed {missed[:20]}")
    assert recall >= WAYS[way][2], missed


def test_precision_on_sentences_that_name_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    common = ["Надежда", "Мир", "Вера", "Роза", "Любовь", "Лев", "Слава", "Айгүл", "Арман", "Бақыт", "Азамат", "Еркін",
              "Қайрат", "Серік", "Жұлдыз", "Ұлан", "Талап", "Ана", "Дана", "Hope Grace", "Rose Mark", "Ким", "Ли Ян",
              "Анна", "Том", "Әли", "Адам", "Тұман"]  # fmt: skip
    index = NameIndex([*enumerate(one.name for one in PEOPLE), *((100 + at, name) for at, name in enumerate(common))])
    words = len(re.findall(r"\w+", NEUTRAL))
    taken = Counter(NEUTRAL[one.start : one.end] for one in mentions(index, NEUTRAL))
    # A capital that only a sentence's beginning gives cannot be told from a name: those few words are let go.
    opening = {word for word in taken if re.search(rf"(?:^|[.!?]\s){re.escape(word)}", NEUTRAL)}
    wrong = [word for word in taken.elements() if word not in opening]
    with capsys.disabled():
        sys.stdout.write(f"\nprecision: {1 - len(wrong) / words:.2%} of {words} words left alone; taken {dict(taken)}")
    assert len(wrong) / words <= 0.005, wrong


def test_precision_beside_people_of_other_names(capsys: pytest.CaptureFixture[str]) -> None:
    """Every person of the first half, asked of texts about the second half."""
    half = len(PEOPLE) // 2
    index = NameIndex([(at, one.name) for at, one in enumerate(PEOPLE[::2][:half])])
    known = {word for one in PEOPLE[::2] for word in one.words}
    total, wrong = 0, []
    for one in PEOPLE[1::2]:
        for form in dict.fromkeys(russian(one)):
            if any(word[:5] == other[:5] for word in one.words for other in known):
                continue
            total += 1
            if mentions(index, FRAMES["ru"][1].format(form)):
                wrong.append(form)
    with capsys.disabled():
        sys.stdout.write(
            f"\nother people: {1 - len(wrong) / total:.2%} of {total} forms left alone; taken {wrong[:20]}"
        )
    assert len(wrong) / total <= 0.02, wrong


def test_a_page_against_fifty_thousand_people(capsys: pytest.CaptureFixture[str]) -> None:
    surnames = [f"{one.words[0][:-2]}{end}" for one in PEOPLE for end in ("аев", "енов", "ұлы", "баев", "ова", "ин")]
    givens = [one.words[1] for one in PEOPLE]
    people = ((at, f"{surnames[at % len(surnames)]} {givens[at * 7 % len(givens)]}") for at in range(50_000))
    index = NameIndex(people)
    forms = [form for one in PEOPLE for form in (one.name, one.words[0], one.words[1])]
    words = (" ".join(f"{form} рассказал об этом подробно." for form in forms)).split()[:500]
    page = " ".join(words)
    start = time.process_time()
    met = mentions(index, page)
    cold = time.process_time() - start
    warm = min(_spent(index, page) for _ in range(3))
    with capsys.disabled():
        sys.stdout.write(
            f"\n500 words, 50,000 people: {cold * 1000:.0f} ms at first, {warm * 1000:.0f} ms after; {len(met)}"
        )
    assert met


def _spent(index: NameIndex, page: str) -> float:
    start = time.process_time()
    mentions(index, page)
    return time.process_time() - start
