"""`count --profile`: what a reader outside is told."""

from __future__ import annotations

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
