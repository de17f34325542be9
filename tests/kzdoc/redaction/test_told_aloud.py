"""Numbers and addresses as people write them for people: told aloud, run together, in markup."""

from __future__ import annotations

import pytest

from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Index
from kzdoc.redaction.numbers import Numbers, find_numbers
from kzdoc.redaction.plain import plain, spoken
from kzdoc.redaction.text import NameBook, Numbering, redact_text
from tests.kzdoc.redaction.cases import WITNESS, state

HOMES = (
    "г. Алматы, ул. Жибек Жолы, 14, кв. 7", "проспект Әл-Фараби, 21",
    "ул.Сакена Сейфуллина, д.5", "мкр. Самал-2, 58, кв. 4",
)  # fmt: skip
KNOWN = Numbers.known(["zvezda.77@mail.kz", "+7 701 000 01 23", "@primer85"], HOMES)


def replaced(text: str, known: Numbers = KNOWN) -> str:
    at, parts = 0, []
    for start, end, _ in find_numbers(text, known):
        parts += [text[at:start], "#"]
        at = end
    return "".join([*parts, text[at:]])


@pytest.mark.parametrize(
    "told",
    [
        "zvezda.77 собака mail.kz", "zvezda.77 [at] mail dot kz", "zvezda 77 at mail kz",
        "zvezda.77(собака)mail точка kz",
        "zvezda точка 77 собака mail точка kz", "z v e z d a . 7 7 @ m a i l . k z", "zvezda.77<b>@</b>mail.kz",
        "zvezda.77&#64;mail&period;kz", "zve&shy;zda.77@mail.kz", "zve\u200bzda.77@mail.kz", "zvezda.77%40mail.kz",
        "ｚｖｅｚｄａ．７７＠ｍａｉｌ．ｋｚ", "zvezda.77", "zvezda77", "zvezda_77",
        "neznakomka собака gmail.com", "neznakomka at gmail com", "neznakomka_5 [at] gmail dot com",
        "незнакомка собака мейл кз", "neznakomka эт почта точка кз", "neznakomka @ example.org",
    ],
)  # fmt: skip
@pytest.mark.parametrize("around", ["({})", "Хат: {}, солай.", "писать на {} сразу"])
def test_a_mail_address_goes_however_it_is_told(told: str, around: str) -> None:
    assert replaced(around.format(told)) == around.format("#")


@pytest.mark.parametrize(
    "told",
    [
        "+7 701 ноль ноль ноль 01 23", "восемь семьсот один 000 ноль один двадцать три",
        "восемь семь ноль один ноль ноль ноль ноль один два три", "seven oh one zero zero zero zero one two three",
        "жеті жүз бір 000 01 23", "555-01-23", "555 01 23", "тел. 5550123",
        "02 123 ABC", "02 KZ 123 ABC", "primer85", "@primer85", "primer85_kz", "t.primer85",
    ],
)  # fmt: skip
def test_a_number_goes_in_words_and_without_its_beginning(told: str) -> None:
    assert replaced(f"Там {told}; ждали").endswith("#; ждали")


@pytest.mark.parametrize(
    "told",
    [
        "ЖибекЖолы, 14", "жибекжолы 14", "Жибек-Жолы 14-7", "Жибек Жолы, дом четырнадцать", "Zhibek-Zholy 14",
        "Әл-Фараби, 21", "21, Әл-Фараби", "Сейфуллина,д.5", "Сейфуллина,5-12", "Самал-2, 58", "Самал, 58",
        "Жибек&nbsp;Жолы,&nbsp;14",
    ],
)  # fmt: skip
def test_an_address_goes_whole_however_it_is_told(told: str) -> None:
    assert replaced(f"Там {told}; ждали") == "Там #; ждали"


@pytest.mark.parametrize(
    "text",
    [
        "собака лаяла у дома", "у него дог, кот и собака; точка", "He met us at the gate and left at once",
        "I read it at tengrinews.kz", "видел один, два, три раза", "один из них ушёл", "Он пришёл в 8, он ушёл в 9",
        "если a < b и b > c", "AT&T; R&D", "в микрорайоне Самал-2 шумно", "12 500 МРП", "статья 146 УК", "10.05.2019",
        "длина 5 км", "бұл жолы 14 адам",
        "Zvezda, 77 years", "zvezda 77",
    ],
)  # fmt: skip
def test_what_only_sounds_like_it_stays(text: str) -> None:
    assert replaced(text) == text


def test_a_name_with_figures_behind_it_is_one_handle() -> None:
    book = NameBook.build([state(WITNESS, "person", name_ru="Мысалова Сауле")], [])
    for text in ("mysalova85", "mysalova.85", "Мысалова85", "saulemysalova2001"):
        done = redact_text(f"ник {text}, там", book=book, lang="ru", numbering=Numbering())
        assert done.text.plain() == "ник [ПЕРСОНА-1], там"


def test_what_is_found_in_the_plain_text_is_taken_out_of_the_original() -> None:
    text = "<i>а</i>&#64;б семь семь семь ７"
    read = plain(text)
    assert read.text == "а@б семь семь семь 7"
    heard = spoken(read)
    assert heard.text == "а@б 777 7"
    assert [text[slice(*heard.span(at, at + 1))] for at in (0, 1, 4, 8)] == ["а", "&#64;", "семь семь семь", "７"]


@pytest.mark.parametrize(
    "text",
    [
        "zvezda.77 собака mail.kz",
        "zvezda [dot] 77 [at] mail dot kz",
        "ящик zvezda.77 там",
        "zve<b>zda</b>.77&#64;mail.kz",
    ],
)
def test_the_finished_file_is_searched_for_addresses_told_aloud(text: str) -> None:
    index = Index([Forbidden("zvezda.77@mail.kz", "identity", number=True)])
    assert index.search(text)
    assert not index.search("звезда упала в 77-м; zvezda 77 и mail.kz не отвечал")


@pytest.mark.parametrize("text", ["жибекжолы 14", "Сейфуллина,д.5", "Сейфуллина, 5-12", "Самал-2, 58", "Самал, дом 58"])
def test_the_finished_file_is_searched_for_homes_run_together(text: str) -> None:
    index = Index([Forbidden(home, "identity", address=True) for home in HOMES])
    assert list(index.search_places(text))
    assert not list(index.search_places("в микрорайоне Самал-2 шумно; дом 5 далеко"))
