"""Hints at somebody without a name: found in three languages, each sentence once, nothing where there is none."""

from __future__ import annotations

import pytest

from kzdoc.ledger.merge import RecordState
from kzdoc.names.index import NameIndex
from kzdoc.redaction.hints import COVERED, KIN, ONLY, POST, SENTENCE_LIMIT, SHOWN, Hint, Hinted, hints, waiting
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from kzdoc.redaction.tokens import Token, ViewText


def of(*texts: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return [(one.why, one.words) for one in hints((at, ViewText((text,))) for at, text in enumerate(texts))]


@pytest.mark.parametrize(
    ("text", "why", "words"),
    [
        ("Увезли брата заявителя.", (KIN,), ("брата",)),
        ("Дядя единственной женщины в камере молчал.", (KIN, ONLY), ("Дядя", "единственной")),
        ("Его жена учительница школы №5.", (KIN, POST), ("жена", "учительница")),
        ("Приходила её соседка.", (KIN,), ("соседка",)),
        ("Оның інісін ұрды.", (KIN,), ("інісін",)),
        ("Әкесіне қоңырау шалды.", (KIN,), ("Әкесіне",)),
        ("Камерадағы жалғыз әйел айтты.", (ONLY,), ("жалғыз",)),
        ("№ 12 мектептің мұғалімі болатын.", (POST,), ("мұғалімі",)),
        ("Ауыл имамы да сонда еді.", (POST,), ("имамы",)),
        ("She was the only woman in the cell.", (ONLY,), ("the only",)),
        ("His mother-in-law saw it.", (KIN,), ("mother-in-law",)),
        ("Его се\u00adстра ждала с дядеи\u0306.", (KIN,), ("сестра", "дядей")),
        ("His friend was fined.", (KIN,), ("His friend",)),
        ("A nurse of the village clinic was there.", (POST,), ("nurse",)),
    ],
)
def test_a_hint_is_found_in_three_languages(text: str, why: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert of(text) == [(why, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Задержали двоих, держали до вечера.",
        "Врач не пришёл.",
        "Матчи отменили, а мужской хор пел.",
        "Сынақ басталды, анау да келді.",
        "They were taken by bus.",
        "The doctor did not come.",
        "Сына кова вызвали.",
        "Ұлы Отан соғысы туралы айтты.",
        "The only way out was locked.",
        "",
    ],
)
def test_where_nobody_is_hinted_at_nothing_is_found(text: str) -> None:
    assert of(text) == []


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [("Дети ", " ждали.", "Дети"), ("", "’s child was ill.", "child"), ("A friend of ", " was fined.", "friend of")],
)
def test_who_is_close_to_somebody_taken_out_is_a_hint(before: str, after: str, word: str) -> None:
    (one,) = hints([(1, ViewText((before, Token("[X-1]", "identity", "no-basis"), after)))])
    assert (one.why, one.words) == ((KIN,), (word,))
    assert hints([(1, ViewText(("Дети ждали. Child of the year. A friend was fined.",)))]) == ()


def test_a_sentence_is_told_once_with_the_number_of_its_records() -> None:
    found = hints([(1, ViewText(("Был брат. Ушли.",))), (2, ViewText(("Был брат.",)))])
    assert [(one.sentence, one.records) for one in found] == [("Был брат.", 2)]


def test_a_token_stands_in_the_sentence_and_a_long_one_is_cut_around_its_word() -> None:
    token = Token("[ПЕРСОНА-1]", "identity", "no-basis")
    (short,) = hints([(1, ViewText(("Сестра ", token, " ждала.")))])
    assert short.sentence == "Сестра [ПЕРСОНА-1] ждала."
    (long,) = hints([(1, ViewText(("слово " * 90 + "брат " + "слово " * 90,)))])
    assert "брат" in long.sentence
    assert len(long.sentence) == SENTENCE_LIMIT + 2


RECORD, OTHER = b"a" * 16, b"b" * 16


def asked(record: bytes, *parts: str | Token) -> Hint:
    (one,) = hints([(1, ViewText(parts))], [record])
    return one


def test_a_decision_is_of_a_sentence_in_its_record_whatever_the_language_and_number_of_a_token() -> None:
    first = asked(RECORD, "Сестра ", Token("[ПЕРСОНА-1]", "identity", "no-basis"), " ждала.")
    kazakh = asked(RECORD, "Сестра ", Token("[АДАМ-7]", "identity", "no-basis"), "  ждала.")
    assert first.ids == kazakh.ids
    assert asked(RECORD, "Сестра Айгүл ждала.").ids != first.ids, "one name more is another sentence"
    assert asked(OTHER, "Сестра ", Token("[АДАМ-1]", "identity", "no-basis"), " ждала.").ids != first.ids


def covered(said: dict[str, str], numbering: Numbering) -> tuple[str, Hinted]:
    hinted = Hinted(said)
    person = RecordState(RECORD, "person", {}, frozenset(), (), removed=False, void=())
    book = NameBook(NameIndex([(RECORD, "Мысалова Үлгісұлу")]), frozenset(), {RECORD: person})
    text = "Мать Үлгісұлу Мысаловой ждала. Вышла Мысалова. Ушли."
    done = redact_text(text, book=book, lang="ru", numbering=numbering, hinted=hinted, record=OTHER)
    return done.text.plain(), hinted


def test_a_covered_sentence_goes_with_its_tokens_and_leaves_no_gap_in_their_numbers() -> None:
    whole, _ = covered({}, Numbering())
    assert whole == "Мать [ПЕРСОНА-1] ждала. Вышла [ПЕРСОНА-1]. Ушли."
    mother = asked(OTHER, "Мать ", Token("[X]", "identity", "no-basis"), " ждала.")
    numbering = Numbering()
    text, hinted = covered({mother.ids[0]: COVERED}, numbering)
    assert text == "[СКРЫТО] Вышла [ПЕРСОНА-1]. Ушли."
    assert [(one.sentence, one.decided) for one in hinted.covered.values()] == [("Мать […] ждала.", COVERED)]


def test_what_was_to_be_covered_and_still_stands_waits() -> None:
    """The twin: a way out that forgets to cover is not let through by the decision."""
    one = asked(RECORD, "Был брат.")
    (still,) = hints([(1, ViewText(("Был брат.",)))], [RECORD], {one.ids[0]: COVERED})
    assert waiting([still]) == (still,)
    (shown,) = hints([(1, ViewText(("Был брат.",)))], [RECORD], {one.ids[0]: SHOWN})
    assert waiting([shown]) == ()
