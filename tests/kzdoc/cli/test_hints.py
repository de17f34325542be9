"""A sentence that tells who somebody is without a name holds a paper and a table that anybody may come to read."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from tests.kzdoc.cli.conftest import Answer, Do

KIN = "Увезли и жену учителя."
MAKE = ("report", "make", "VAULT", "--for", "Читатели", "--purpose", "Доклад")


@pytest.fixture
def hero(do: Do) -> str:
    return do("record", "add", "VAULT", "person", "name_ru=Тестов Данияр", "naming_basis=already_public").out.strip()


@pytest.fixture
def event(do: Do, hero: str) -> str:
    told = (f"persons={hero}", f"response={KIN} Ушли к вечеру.")
    return do("record", "add", "VAULT", "event", "title=Собрание", *told).out.strip()


def make(do: Do, hero: str, profile: str, lang: str = "ru") -> Answer:
    return do(*MAKE, "--profile", profile, "--lang", lang, "--record", hero, "-o", f"{profile}-{lang}.pdf")


def hints(do: Do, hero: str, profile: str = "public", lang: str = "ru") -> list[dict[str, object]]:
    return do("text", "hints", "VAULT", "--record", hero, "--profile", profile, "--lang", lang, "--json").rows


def decide(do: Do, one: dict[str, object], how: str) -> None:
    assert isinstance(one["ids"], list)
    assert do("text", "decide", "VAULT", *one["ids"], "--hint", "--as", how, "--reason", "Спросили").status == 0


@pytest.mark.usefixtures("event")
def test_a_strict_paper_waits_and_one_decision_holds_for_all_readers_and_languages(do: Do, hero: str) -> None:
    for profile in ("public", "embassy", "court"):
        refused = make(do, hero, profile)
        first, line, answer = refused.err.splitlines()
        assert (refused.status, first.startswith("error: publication.hints: ")) == (1, True)
        assert KIN in line
        assert "--hint" in answer
        assert not Path(f"{profile}-ru.pdf").exists()
    assert make(do, hero, "lawyer").status == 0, "a named reader's paper tells them and does not wait"
    (asked,) = hints(do, hero)
    decide(do, asked, "shown")
    assert KIN in make(do, hero, "public").out
    for profile, lang in (("public", "kk"), ("embassy", "en"), ("court", "ru")):
        assert make(do, hero, profile, lang).status == 0
    (told,) = hints(do, hero, lang="kk")
    assert (told["decided"], told["sentence"]) == ("shown", KIN)


@pytest.mark.usefixtures("event")
def test_what_is_covered_goes_whole_and_stands_in_no_paper(do: Do, hero: str) -> None:
    decide(do, hints(do, hero)[0], "covered")
    made = do(*MAKE, "--profile", "public", "--lang", "en", "--record", hero, "-o", "a.pdf", "--json").document
    assert {"class": "open", "reason": "hint", "count": 1} in made["withheld"]
    assert [one["decided"] for one in made["hints"]] == ["covered"]
    with pypdfium2.PdfDocument("a.pdf") as paper:
        said = " ".join(page.get_textpage().get_text_range() for page in paper)
    assert "жену" not in said
    assert "Ушли к вечеру." in said
    assert KIN not in make(do, hero, "public").out, "of what is covered nobody is told that it stands in the paper"


@pytest.mark.usefixtures("event")
def test_a_decision_is_taken_back_and_everything_said_stays_on_record(do: Do, hero: str) -> None:
    one = hints(do, hero)[0]
    decide(do, one, "shown")
    decide(do, one, "ask")
    assert make(do, hero, "public").status == 1
    said = do("text", "decided", "VAULT", "--hints", "--json").rows
    assert [(row["as"], row["reason"]) for row in said] == [("shown", "Спросили"), ("ask", "Спросили")]
    assert {row["id"] for row in said} == set(one["ids"])  # type: ignore[call-overload]  # a list of ids


def test_the_same_words_in_another_record_are_asked_of_again(do: Do, hero: str, event: str) -> None:
    assert event
    decide(do, hints(do, hero)[0], "shown")
    do("record", "add", "VAULT", "event", "title=Другое", f"persons={hero}", f"response={KIN}")
    (told,) = hints(do, hero)
    assert (told["records"], told["decided"]) == (2, "")
    assert make(do, hero, "public").status == 1


@pytest.mark.usefixtures("event")
def test_a_table_waits_as_a_paper_does(do: Do, hero: str) -> None:
    reader = ("--profile", "public", "--for", "Все", "--purpose", "Доклад", "--lang", "ru")
    table = ("record", "export", "VAULT", "event", *reader)
    refused = do(*table, "-o", "events.csv")
    assert (refused.status, "publication.hints" in refused.err) == (1, True)
    assert not Path("events.csv").exists()
    decide(do, hints(do, hero)[0], "covered")
    made = do(*table, "-o", "events.csv", "--json")
    assert made.status == 0
    assert [one["decided"] for one in made.document["hints"]] == ["covered"]
    cells = Path("events.csv").read_text(encoding="utf-8-sig")
    assert KIN not in cells
    assert "[СКРЫТО] Ушли к вечеру." in cells


@pytest.mark.parametrize(
    ("said", "code"), [(("x", "--as", "shown"), "hint.unknown"), (("0" * 32, "--as", "word"), "hint.how")]
)
def test_what_is_no_decision_is_refused(do: Do, hero: str, said: tuple[str, ...], code: str) -> None:
    assert hero
    assert code in do("text", "decide", "VAULT", *said, "--hint").err
