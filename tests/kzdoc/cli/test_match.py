"""`match` and the groups of `conflict`, from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kzdoc.cli.conftest import Do
    from tests.offices import Office


def test_doubles_are_listed_joined_parted_and_exported(office: Office, do: Do, tmp_path: Path) -> None:
    one = do("record", "add", "VAULT", "person", "name_ru=Тестов Данияр", "born=1990").out.strip()
    other = do("record", "add", "VAULT", "person", "name_latin=Daniyar Testov", "born=1990").out.strip()
    ended = do("match", "list", "VAULT", "--json", "--ui-lang", "en")
    assert not ended.err
    (row,) = ended.rows
    assert {row["one"], row["other"]} == {one, other}
    assert "Born in the same year: 1990." in row["text"]
    assert do("match", "join", "VAULT", one, other, "--json").document == {"joined": sorted([one, other])}
    assert do("match", "join", "VAULT", one, other).code == "match.joined"
    assert do("match", "list", "VAULT", "--json").rows == []
    assert do("match", "part", "VAULT", other, "--json").document == {"joined": [other]}
    assert do("match", "part", "VAULT", one, other, "--json").document == {"joined": [one]}
    assert do("match", "list", "VAULT", "--json").rows == []
    assert do("match", "export", "VAULT", "-o", str(tmp_path / "out"), "--json").document["rows"] == 2
    for inside in (office.folder / NAMES[0], office.folder / NAMES[0] / "table"):
        assert do("match", "export", "VAULT", "-o", str(inside)).code == "file.in-vault"
        assert not (inside / "people.csv").exists()


def test_events_stand_before_people(office: Office, do: Do) -> None:
    for place in ("Сынақ алаңы", "Сынақ алаңында"):
        assert do("record", "add", "VAULT", "event", f"title={place}", "date=2022-01-05", "region=KZ-75").status == 0
        assert do("record", "add", "VAULT", "person", "name_ru=Тестов Данияр", "born=1990").status == 0
    kinds = [row["kind"] for row in do("match", "list", "VAULT", "--json").rows]
    assert kinds == ["event", "person"]
    assert [row["kind"] for row in do("match", "list", "VAULT", "--kind", "person", "--json").rows] == ["person"]


def test_a_group_that_is_empty_or_half_named_is_refused(office: Office, do: Do) -> None:
    assert do("conflict", "list", "VAULT", "--groups", "--json").rows == []
    assert do("conflict", "settle", "VAULT", "--group", "spelling").code == "conflict.group-empty"
    assert do("conflict", "settle", "VAULT", "--keep", "x").code == "conflict.which"
    assert do("conflict", "settle", "VAULT", "--take-back", "xyz").code == "conflict.not-a-settling"
