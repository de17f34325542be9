"""Words that several people bear, names in and beside numbers, what hangs on a name: token or not."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping

import pytest

from kzdoc.names.index import InMemory, NameIndex
from kzdoc.redaction.text import NameBook, Numbering, redact_text, wholly_named, withheld_people
from kzdoc.redaction.tokens import Token
from tests.kzdoc.redaction.cases import state

HERO, WIFE, BROTHER, STRANGER, OFFICIAL = (bytes([number]) * 16 for number in range(1, 6))
NAMES = {
    HERO: "Тестов Данияр", WIFE: "Тестова Айгүл", BROTHER: "Тестов Ерлан", STRANGER: "Мысалов Данияр",
    OFFICIAL: "Примеров Кайрат",
}  # fmt: skip


def book(*people: bytes, named: tuple[bytes, ...] = (HERO, OFFICIAL)) -> NameBook:
    records = [state(one, "person", name_ru=NAMES[one]) for one in people or NAMES]
    return NameBook.build(records, named)


def left(text: str, known: NameBook, near: tuple[bytes, ...] = ()) -> str:
    return redact_text(text, book=known, lang="ru", numbering=Numbering(), near=frozenset(near)).text.plain()


def test_a_surname_stays_where_it_can_only_be_the_named_one_s() -> None:
    known = book(HERO, WIFE, OFFICIAL)
    assert left("Тестов вышел.", known) == "Тестов вышел."
    assert left("Тестова вышла.", known) == "[ПЕРСОНА-1] вышла."
    assert left("Арест Тестова.", known, (HERO,)) == "Арест Тестова."
    assert left("Тестов и Тестова вышли.", known, (HERO, WIFE)) == "Тестов и [ПЕРСОНА-1] вышли."
    assert left("Тестову позвонили.", known, (HERO, WIFE)) == "[ПЕРСОНА-1] позвонили."


def test_a_brother_of_the_same_name_hides_the_bare_surname_in_their_case_only() -> None:
    known = book(HERO, BROTHER)
    assert left("Тестов вышел.", known) == "[ПЕРСОНА-1] вышел."
    assert left("Тестов вышел.", known, (HERO, BROTHER)) == "[ПЕРСОНА-1] вышел."
    assert left("Тестов вышел.", known, (HERO,)) == "Тестов вышел."
    assert left("Тестов Данияр вышел, Тестов молчал.", known) == "Тестов Данияр вышел, Тестов молчал."
    assert left("Тестов Данияр и Тестов Ерлан вышли, Тестов молчал.", known) == (
        "Тестов Данияр и [ПЕРСОНА-1] вышли, [ПЕРСОНА-1] молчал."
    )
    assert left("Тестов Е. вышел, Тестов Д. молчал.", known) == "[ПЕРСОНА-1] вышел, Тестов Д. молчал."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Тестовой выкручивали руки.", "[ПЕРСОНА-1] выкручивали руки."),
        ("Его жену, Тестову, увезли.", "Его жену, [ПЕРСОНА-1], увезли."),
        ("Рядом стояла Тестова, её били.", "Рядом стояла [ПЕРСОНА-1], её били."),
        ("Увезли обоих Тестовых.", "Увезли обоих [ПЕРСОНА-1]."),
        ("His wife Testova was beaten.", "His wife [ПЕРСОНА-1] was beaten."),
        ("Тестованы ұрды.", "[ПЕРСОНА-1] ұрды."),
        ("Вчера увидели Тестова.", "Вчера увидели Тестова."),
        ("Дело Тестова, пришли к Тестову.", "Дело Тестова, пришли к Тестову."),
        ("Говорили с Тестовым.", "Говорили с Тестовым."),
    ],
)
def test_a_woman_s_form_is_not_the_named_man_s_also_when_she_is_not_of_the_case(text: str, expected: str) -> None:
    assert left(text, book(HERO, WIFE), (HERO,)) == expected


def test_a_man_s_form_is_not_the_named_woman_s() -> None:
    known = book(BROTHER, WIFE, named=(WIFE,))
    assert left("Тестов вышел, Тестова вышла.", known, (WIFE,)) == "[ПЕРСОНА-1] вышел, Тестова вышла."


def test_a_given_name_that_some_official_bears_too_is_no_leave() -> None:
    known = book(HERO, STRANGER)
    assert left("Данияр сказал.", known, (STRANGER,)) == "[ПЕРСОНА-1] сказал."
    assert left("Данияр сказал.", known, (HERO, STRANGER)) == "[ПЕРСОНА-1] сказал."
    assert left("Данияр сказал.", known) == "[ПЕРСОНА-1] сказал."
    assert left("Данияр сказал.", known, (HERO,)) == "Данияр сказал."


def test_namesakes_in_full_are_told_apart_by_the_case_alone() -> None:
    twin = bytes([9]) * 16
    known = NameBook.build([state(one, "person", name_ru="Тестов Данияр") for one in (HERO, twin)], [HERO])
    assert left("Тестов Данияр вышел.", known) == "[ПЕРСОНА-1] вышел."
    assert left("Тестов Данияр вышел.", known, (HERO,)) == "Тестов Данияр вышел."
    assert left("Тестов Данияр вышел.", known, (HERO, twin)) == "[ПЕРСОНА-1] вышел."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Айгүл-дің үйі", "[ПЕРСОНА-1] үйі"), ("«Айгүл»дің үйі", "[ПЕРСОНА-1] үйі"),
        ("«Айгүл» дейді", "«[ПЕРСОНА-1]» дейді"), ("Айгүл’дің үйі", "[ПЕРСОНА-1] үйі"),
        ("Айгүл-апай келді", "[ПЕРСОНА-1] келді"), ("Тестовои\u0306 Айгүл", "[ПЕРСОНА-1]"),
        ("Айгүл\u00ad келді", "[ПЕРСОНА-1] келді"), ("Айгүл\nТестова\nкелді", "[ПЕРСОНА-1]\nкелді"),
        ("aigul.testova@example.org", "[НОМЕР]"), ("Тестова Айгүл@example.org", "[НОМЕР]"),
        ("https://example.org/aigul-testova/1", "https://example.org/[ПЕРСОНА-1]/1"),
        ("Айгүл870101400121", "[ПЕРСОНА-1][НОМЕР]"),
    ],
)  # fmt: skip
def test_what_hangs_on_a_name(text: str, expected: str) -> None:
    assert left(text, book(WIFE)) == expected


def test_a_token_is_one_person_s_throughout_and_tells_nothing() -> None:
    known, numbering = book(WIFE, BROTHER), Numbering()
    first = redact_text("Ерлан, потом Айгүл.", book=known, lang="kk", numbering=numbering).text.parts
    second = redact_text("Айгүл, Ерлан.", book=known, lang="kk", numbering=numbering).text.parts
    labels = [part.label for part in (*first, *second) if isinstance(part, Token)]
    assert labels == ["[АДАМ-1]", "[АДАМ-2]", "[АДАМ-2]", "[АДАМ-1]"]


def test_a_written_name_is_named_only_if_all_of_it_is() -> None:
    assert wholly_named("Тестов Данияр", book())
    assert not wholly_named("Данияр", book())  # a namesake may be meant
    alone = book(HERO, OFFICIAL)
    assert wholly_named("Тестов Данияр, Примеров К.", alone)
    assert not wholly_named("Тестов Данияр и Чужаков", alone)
    assert not wholly_named("", alone)
    assert not wholly_named("«Пример»", alone)


def test_two_hundred_pages_are_read_to_the_end() -> None:
    known = book()
    text = "Вчера Тестова Айгүл и Тестов Данияр вышли, Чужаков Некто позвонил 8 701 000 11 22. " * 8_000
    done = redact_text(text, book=known, lang="ru", numbering=Numbering())
    assert "Айгүл" not in done.text.plain()
    assert len(done.candidates) == 8_000


class Counting(InMemory):
    """Words of names that count of how many people they were asked."""

    asked = 0

    def keys(self, owners: Collection[Hashable]) -> Mapping[Hashable, Collection[str]]:
        self.asked += len(owners)
        return super().keys(owners)


def test_of_a_crowd_of_one_surname_only_a_few_are_read_to_tell_of_whom_a_token_is() -> None:
    crowd = [number.to_bytes(16, "big") for number in range(1, 1001)]
    called = {one: "Тестова" if one in crowd[:5] else "Тестов" for one in crowd}
    words = Counting(called.items())
    people = {one: state(one, "person", name_ru=name) for one, name in called.items()}
    known = NameBook(NameIndex(words=words), frozenset(), people)
    assert [one.person for one in withheld_people("Тестов вышел.", known)] == [crowd[5]]
    assert [one.person for one in withheld_people("Тестова вышла.", known)] == [crowd[0]]
    assert [one.person for one in withheld_people("Тестов вышел.", known, frozenset(crowd[700:]))] == [crowd[700]]
    assert words.asked < 50


def test_who_alone_of_a_crowd_may_be_meant_is_found_behind_all_others() -> None:
    crowd = [number.to_bytes(16, "big") for number in range(1, 301)]
    called = dict.fromkeys(crowd[:-1], "Тестов") | {crowd[-1]: "Тестова"}
    people = [state(one, "person", name_ru=name) for one, name in called.items()]
    assert [one.person for one in withheld_people("Тестова вышла.", NameBook.build(people, ()))] == [crowd[-1]]
    shown = NameBook.build(people, crowd[-1:])
    assert withheld_people("Тестова вышла.", shown) == []
    assert [one.person for one in withheld_people("Тестов вышел.", shown)] == [crowd[0]]
