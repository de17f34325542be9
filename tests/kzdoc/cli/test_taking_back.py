"""`bundle taken` and `bundle take-back`, from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kzdoc.cli.conftest import Do
    from tests.offices import Office


def people(do: Do) -> int:
    """Return how many people are listed."""
    return len(do("record", "list", "VAULT", "person", "--json").rows)


def test_a_bundle_is_taken_back_and_brought_back_by_its_root_or_its_file(
    office: Office, do: Do, tmp_path: Path
) -> None:
    sender = office.open(NAMES[2])
    one = put(sender, name_kk="Тестов Данияр")
    (file,) = send(sender, tmp_path / "out.kzb", NAMES[0])
    assert do("bundle", "taken", "VAULT", "--json").rows == []
    assert do("bundle", "take-back", "VAULT", str(file)).code == "bundle.not-taken-in"
    root = do("bundle", "take", "VAULT", str(file), "--json").document["bundle"]
    (row,) = do("bundle", "taken", "VAULT", "--json").rows
    assert (row["bundle"], row["sender"], row["standing"], row["new"]) == (root, NAMES[2], "in", 1)
    seen = do("bundle", "take-back", "VAULT", root, "--preview", "--json").document
    assert (seen["vanish"], [line["id"] for line in seen["records"]], people(do)) == (1, [one.hex()], 1)
    assert do("bundle", "take-back", "VAULT", root, "--yes", "--json").document == seen
    assert people(do) == 0
    assert do("bundle", "take-back", "VAULT", "nonsense").code == "bundle.not-taken-in"
    assert do("bundle", "take-back", "VAULT", root, "--yes").code == "bundle.nothing-to-take-back"
    assert [line["standing"] for line in do("bundle", "taken", "VAULT", "--json").rows] == ["back"]
    assert do("bundle", "take-back", "VAULT", str(file), "--undo", "--json").document["come_back"] == 1
    assert people(do) == 1
    assert do("bundle", "take-back", "VAULT", root, "--undo").code == "bundle.not-taken-back"
    told = do("bundle", "take-back", "VAULT", str(file), "--yes", "--ui-lang", "en").out
    assert told.splitlines()[1:] == ["goes: Тестов Данияр"]
    assert told.startswith(NAMES[2])
    ended = do("bundle", "take", "VAULT", str(file), "--json", "--ui-lang", "en")
    assert (ended.document["already"], ended.document["brought_back"], people(do)) == (False, 1, 1)
    assert "in force again" in ended.err
    assert do("vault", "check", "VAULT", "--json").document["result"] == "good"
