"""`bundle take --only` and `--but`, from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kzdoc.cli.conftest import Do
    from tests.offices import Office


def test_some_of_a_bundle_is_taken_by_the_command_line(office: Office, do: Do, tmp_path: Path) -> None:
    sender = office.open(NAMES[2])
    one = put(sender, name_kk="Тестов Данияр")
    put(sender, "event", title="Митинг")
    (file,) = send(sender, tmp_path / "out.kzb", NAMES[0])
    seen = do("bundle", "inspect", "VAULT", str(file), "--json").document
    assert {(row["kind"], row["title"]) for row in seen["records"]} == {
        ("person", "Тестов Данияр"),
        ("event", "Митинг"),
    }
    assert do("bundle", "take", "VAULT", str(file), "--yes", "--only", "charge").code == "bundle.not-in-it"
    ended = do("bundle", "take", "VAULT", str(file), "--json", "--but", one.hex(), "--ui-lang", "en")
    assert ended.document["not_chosen"] == [one.hex()]
    assert "records: 1" in ended.err
    assert do("record", "list", "VAULT", "person", "--json").rows == []
    ended = do("bundle", "take", "VAULT", str(file), "--json")
    assert (ended.document["whole"], ended.err) == (True, "")
    assert len(do("record", "list", "VAULT", "person", "--json").rows) == 1
