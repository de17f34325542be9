"""`count --profile`: what a reader outside is told."""

from __future__ import annotations

from pathlib import Path

from tests.kzdoc.cli.conftest import Do


def test_numbers_for_a_profile(do: Do) -> None:
    for number in range(6):
        do("record", "add", "VAULT", "event", f"title=Митинг {number}", "date=2020-02-22", "region=Алматы")
    do("record", "add", "VAULT", "event", "title=Митинг", "date=2020-02-22", "region=Астана")
    inside = do("count", "VAULT", "event", "--by", "region", "--json").document
    assert sorted(row["value"] for row in inside["rows"]) == [1, 6]
    outside = ("--profile", "public", "--for", "Газета «Пример»", "--purpose", "Мақала")
    assert do("count", "VAULT", "event", "--by", "region", *outside, "--json").document["rows"] == []
    whole = do("count", "VAULT", "event", *outside)
    assert whole.out.splitlines()[0].split()[-1] == "7"
    assert "5" in whole.out.splitlines()[1]
    assert do("count", "VAULT", "event", "--profile", "public").code == "publication.no-reader"
    assert do("count", "VAULT", "event", "--by", "place", *outside).code == "count.by-outside"


def test_an_unknown_kind_is_told_with_the_kinds_there_are_whoever_reads(do: Do) -> None:
    outside = ("--profile", "public", "--for", "Газета «Пример»", "--purpose", "Мақала")
    for words in ((), outside):
        refused = do("count", "VAULT", "detentions", *words)
        assert refused.code == "count.measure"
        assert " detention, " in refused.err
        assert "administrative_arrests" in refused.err
    assert do("count", "VAULT", "administrative_arrests", *outside).code == "count.figures-inside"


def test_what_a_reader_has_is_said_first_and_held_back_from_the_public(do: Do) -> None:
    hero = do("record", "add", "VAULT", "person", "name_ru=Тестов Данияр", "naming_basis=already_public").out.strip()
    who = do("record", "add", "VAULT", "person", "name_ru=Мысалова Айгүл").out.strip()
    for number in range(8):
        person = hero if number < 6 else who
        do("record", "add", "VAULT", "detention", f"person={person}", "actual_time=2020-02-22", "region=Алматы")
    reader = ("--profile", "public", "--for", "Газета «Пример»", "--purpose", "Мақала")
    assert do("record", "export", "VAULT", "detention", "-o", "a.csv", *reader, "--json").document["together"] == []
    held = do("count", "VAULT", "detention", *reader)
    why, refused = held.err.splitlines()
    assert "“Газета «Пример»”" in why
    assert refused.startswith("error: publication.together: ")
    told = do("count", "VAULT", "detention", *reader, "--although", "Редакция решила", "--json").document
    assert [(one["why"], one["n"]) for one in told["together"]] == [("numbers", 1)]
    again = do("record", "export", "VAULT", "detention", "-o", "b.csv", *reader)
    withheld, _, _ = again.err.splitlines()
    assert (again.status, withheld) == (1, "2 names or mentions: there is no basis to publish them.")
    assert do("record", "export", "VAULT", "detention", "-o", "b.csv", *reader, "--although", "Да").status == 0


def test_numbers_are_written_as_a_table_of_what_is_told(do: Do, tmp_path: Path) -> None:
    for number in range(6):
        do("record", "add", "VAULT", "event", f"title=Митинг {number}", "date=2020-02-22", "region=Алматы")
    do("record", "add", "VAULT", "event", "title=Митинг", "date=2020-02-22", "region=Астана")
    outside = ("--profile", "embassy", "--for", "Посольство Примерии", "--purpose", "Отчёт")
    file = str(tmp_path / "числа.csv")
    told = do("count", "VAULT", "event", *outside, "-o", file, "--json").document
    assert (told["file"], told["rows"][0]["value"], told["together"]) == (file, 7, [])
    lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].split(",")[-1].strip('"') == "7"
    assert do("count", "VAULT", "event", *outside, "-o", file).code == "file.exists"
    assert do("count", "VAULT", "event", "-o", str(tmp_path / "b.csv")).code == "count.file-inside"
    assert do("count", "VAULT", "event", *outside, "-o", str(tmp_path / "b.doc")).code == "export.format"
    assert do("count", "VAULT", "event", *outside[:2], "-o", str(tmp_path / "b.csv")).code == "publication.no-reader"
    assert [path.name for path in tmp_path.glob("*.csv")] == ["числа.csv"]
