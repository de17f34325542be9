"""Papers by the command line: what stops them is listed, names nobody entered are decided once, forgetting asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.kzdoc.cli.conftest import Answer, Do

MAKE = ("report", "make", "VAULT", "--lang", "ru", "--for", "Читатели", "--purpose", "Доклад")


@pytest.fixture
def hero(do: Do) -> str:
    return do("record", "add", "VAULT", "person", "name_ru=Тестов Данияр", "naming_basis=already_public").out.strip()


@pytest.fixture
def witness(do: Do) -> str:
    return do("record", "add", "VAULT", "person", "name_ru=Мысалова Үлгісұлу").out.strip()


def event(do: Do, hero: str, text: str) -> str:
    return do("record", "add", "VAULT", "event", "title=Собрание", f"persons={hero}", f"response={text}").out.strip()


def make(do: Do, hero: str, profile: str, *more: str) -> Answer:
    return do(*MAKE, "--profile", profile, "--record", hero, "-o", f"{profile}.pdf", *more)


@pytest.mark.parametrize("profile", ["public", "embassy", "court"])
def test_a_paper_anybody_may_read_waits_until_unknown_names_are_decided(do: Do, hero: str, profile: str) -> None:
    event(do, hero, "Рядом стоял Кайрат Примеров. Кайрата Примерова увезли.")
    refused = make(do, hero, profile)
    first, *rest = refused.err.splitlines()
    assert refused.status == 1
    assert first.startswith("error: publication.unreviewed: ")
    assert rest == ["  2 × Кайрат Примеров (also: Кайрата Примерова)"]
    assert not Path(f"{profile}.pdf").exists()
    assert do("text", "decide", "VAULT", "Кайрат Примеров", "--as", "name").status == 0
    assert make(do, hero, profile).status == 0


def test_a_partner_s_paper_lists_them_in_both_forms(do: Do, hero: str) -> None:
    event(do, hero, "Рядом стоял Кайрат Примеров.")
    made = make(do, hero, "partner", "--json")
    assert made.document["candidates"] == [
        {"name": "Кайрат Примеров", "forms": ["Кайрат Примеров"], "count": 1, "records": 1}
    ]
    Path("partner.pdf").unlink()
    Path("partner.pdf.sig").unlink()
    assert "  1 × Кайрат Примеров" in make(do, hero, "partner").out.splitlines()


def test_what_tells_who_somebody_is_without_a_name_is_told_and_stays(do: Do, hero: str) -> None:
    event(do, hero, "Увезли и жену учителя. Ушли к вечеру.")
    made = make(do, hero, "partner", "--json")
    (told,) = made.document["hints"]
    assert len(told.pop("ids")) == 1
    assert told == {
        "why": ["kin"],
        "words": ["жену"],
        "sentence": "Увезли и жену учителя.",
        "records": 1,
        "decided": "",
    }
    Path("partner.pdf").unlink()
    Path("partner.pdf.sig").unlink()
    assert "  жену: Увезли и жену учителя." in make(do, hero, "partner").out.splitlines()
    assert make(do, hero, "internal", "--json").document["hints"] == []
    redact = ("text", "redact", "VAULT", "--lang", "ru", "--json", "--profile")
    told = do(*redact, "public", stdin="Его брат молчал.").document
    assert (told["text"], [one["words"] for one in told["hints"]]) == ("Его брат молчал.", [["брат"]])
    assert do(*redact, "internal", stdin="Его брат молчал.").document["hints"] == []


def test_a_decision_holds_for_all_languages_and_forms(do: Do, hero: str) -> None:
    event(do, hero, "Рядом стоял Кайрат Примеров. Кайрата Примерова увезли. Союз Писателей молчал.")
    asked = ("text", "candidates", "VAULT", "--record", hero, "--profile", "public", "--json", "--lang")
    assert [row["name"] for row in do(*asked, "kk").rows] == ["Кайрат Примеров", "Союз Писателей"]
    do("text", "decide", "VAULT", "Кайрат Примеров", "--as", "name")
    do("text", "decide", "VAULT", "Союз Писателей", "--as", "word")
    assert do(*asked, "en").rows == []
    assert [row["as"] for row in do("text", "decided", "VAULT", "--json").rows] == ["name", "word"]
    said = do("text", "redact", "VAULT", "--profile", "public", "--lang", "ru", "--json", stdin="О Кайрате Примерове.")
    assert said.document == {"text": "О [ПЕРСОНА-1].", "candidates": [], "hints": [], "spans": said.document["spans"]}
    do("text", "decide", "VAULT", "Кайрат Примеров", "--as", "ask")
    assert [row["name"] for row in do(*asked, "ru").rows] == ["Кайрат Примеров"]


def test_a_word_decided_never_frees_the_name_of_somebody_withheld(do: Do, hero: str, witness: str) -> None:
    assert witness
    do("text", "decide", "VAULT", "Үлгісұлу Мысалова", "--as", "word")
    said = do("text", "redact", "VAULT", "--profile", "public", "--lang", "ru", stdin="Үлгісұлу Мысалова молчит.")
    assert said.out.strip() == "[ПЕРСОНА-1] молчит."
    assert hero


def test_wrong_decisions_are_refused(do: Do) -> None:
    assert do("text", "decide", "VAULT", "«»", "--as", "name").code == "name.no-word"
    assert do("text", "decide", "VAULT", "Мысал", "--as", "whatever").status == 2


def test_a_leak_is_listed_without_values(do: Do, hero: str, witness: str, monkeypatch: pytest.MonkeyPatch) -> None:
    event(do, hero, "Жалоба Мысаловой отклонена.")
    monkeypatch.setattr("kzdoc.redaction.text._people", lambda *_: [])
    refused = make(do, hero, "partner")
    first, *rest = refused.err.splitlines()
    assert first.startswith("error: publication.leak: ")
    assert any(line.startswith("  page 1: text.name") for line in rest)
    assert "Мысалов" not in refused.err
    assert "Мысалов" not in json.dumps(refused.out)
    assert witness


def test_a_reader_line_that_names_somebody_withheld_says_so(do: Do, hero: str, witness: str) -> None:
    event(do, hero, "Тихо.")
    words = ("report", "make", "VAULT", "--lang", "ru", "--profile", "partner", "--record", hero, "-o", "a.pdf")
    refused = do(*words, "--for", "Адвокат Мысаловой", "--purpose", "Доклад")
    assert refused.code == "publication.leak-reader"
    assert witness


def test_forgetting_says_which_texts_still_name_the_person(do: Do, hero: str, witness: str) -> None:
    said = event(do, hero, "Жалоба Мысаловой отклонена.")
    refused = do("record", "forget", "VAULT", witness)
    assert refused.code == "record.still-named"
    assert said[:12] in refused.err
    assert do("record", "show", "VAULT", witness, "--json").document["fields"]["name_ru"] == "Мысалова Үлгісұлу"
    assert do("record", "forget", "VAULT", witness, "--leave-texts").status == 0


def test_forgetting_asks_nothing_when_no_text_names_the_person(do: Do, hero: str, witness: str) -> None:
    event(do, hero, "Жалоба отклонена.")
    assert do("record", "forget", "VAULT", witness).status == 0


def test_a_finding_is_listed_by_place_and_rule_and_decided_with_a_reason(do: Do, hero: str) -> None:
    do("record", "add", "VAULT", "person", "name_ru=Мысалова Надежда")
    event(do, hero, "Осталась только надежда.")
    refused = make(do, hero, "public")
    assert "publication.leak" in refused.err
    assert "text.name" in refused.err
    assert "text decide" in refused.err
    assert "адежд" not in refused.err
    other = ("text", "decide", "VAULT", "надежда", "--as", "other")
    assert do(*other).code == "name.no-reason"
    assert do(*other, "--reason", "Кличка").code == "name.no-scope"
    assert do(*other, "--reason", "Кличка", "--record", "0" * 32).code == "record.unknown"
    assert do(*other, "--reason", "Кличка", "--table", "whatever").code == "kind.unknown"
    assert do(*other, "--reason", "Кличка", "--record", hero).status == 0
    row = {"name": "надежда", "as": "other", "reason": "Кличка", "record": hero, "table": ""}
    assert do("text", "decided", "VAULT", "--json").rows == [row]
    assert do("text", "decided", "VAULT").out.strip() == f"other  надежда (Кличка; in papers of {hero})"
    do(*other, "--reason", "Собака", "--table", "event")
    assert do("text", "decided", "VAULT").out.splitlines()[-1] == "other  надежда (Собака; in tables of event)"
    do("text", "decide", "VAULT", "надежда", "--as", "ask", "--table", "event")
    assert do("text", "decided", "VAULT", "--json").rows == [row]
    assert make(do, hero, "public").status == 0


def test_a_redaction_report_goes_with_the_paper_and_is_checked(do: Do, hero: str) -> None:
    made = make(do, hero, "lawyer", "--redaction", "--json")
    assert made.status == 0
    file = Path(made.document["redaction"])
    assert file.name == "lawyer.pdf.redaction"
    good = do("report", "check", made.document["file"], "--json")
    assert (good.status, good.document["redaction"]) == (0, "good")
    assert [row["reason"] for row in good.document["withheld"]] == [
        row["reason"] for row in sorted(made.document["withheld"], key=lambda row: (row["class"], row["reason"]))
    ]
    file.write_bytes(file.read_bytes().replace(b"for lawyer", b"for public"))
    bad = do("report", "check", made.document["file"], "--json")
    assert (bad.status, bad.document["redaction"], bad.document["code"]) == (1, "bad", "redaction.bad-signature")


def test_a_reader_who_already_has_more_is_told_of(do: Do, hero: str) -> None:
    first = make(do, hero, "lawyer", "--json")
    assert first.document["had_before"] == []
    second = make(do, hero, "public", "--json")
    assert [one["audience"] for one in second.document["had_before"]] == ["lawyer"]
    assert "lawyer" in second.err.lower() or "адвокат" in second.err.lower()


def test_a_leak_in_a_table_is_listed_by_row_column_and_record(
    do: Do, hero: str, witness: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = event(do, hero, "Жалоба Мысаловой отклонена.")
    monkeypatch.setattr("kzdoc.redaction.text._people", lambda *_: [])
    words = ("record", "export", "VAULT", "event", "--profile", "partner", "--for", "Суд", "--purpose", "Доклад")
    refused = do(*words, "--lang", "ru", "-o", "a.csv")
    first, *rest = refused.err.splitlines()
    assert first.startswith("error: publication.leak-cell: ")
    assert "page" not in refused.err
    assert any(
        line.startswith("  row 2, column ") and line.endswith(f"field response of record {said}") for line in rest
    )
    assert "Мысалов" not in refused.err
    assert witness
