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
    assert "bundle waiting" in ended.err
    assert do("record", "list", "VAULT", "person", "--json").rows == []
    ended = do("bundle", "take", "VAULT", str(file), "--json")
    assert (ended.document["whole"], ended.err) == (True, "")
    assert len(do("record", "list", "VAULT", "person", "--json").rows) == 1


def test_what_was_left_out_of_another_bundle_is_said_when_it_comes(office: Office, do: Do, tmp_path: Path) -> None:
    sender = office.open(NAMES[2])
    one = put(sender, name_kk="Тестов Данияр")
    put(sender, "event", title="Митинг")
    (file,) = send(sender, tmp_path / "1.kzb", NAMES[0])
    do("bundle", "take", "VAULT", str(file), "--yes", "--but", one.hex())
    put(sender, "event", title="Жиын")
    (file,) = send(sender, tmp_path / "2.kzb", NAMES[0])
    assert do("bundle", "inspect", "VAULT", str(file), "--json").document["left_out_before"] == [one.hex()]
    ended = do("bundle", "take", "VAULT", str(file), "--yes", "--json", "--ui-lang", "en")
    assert ended.document["left_out_before"] == [one.hex()]
    assert "came now: 1" in ended.err


def test_what_waits_is_listed_looked_into_and_taken_in(office: Office, do: Do, tmp_path: Path) -> None:
    sender = office.open(NAMES[2])
    one, other = put(sender, name_kk="Тестов Данияр"), put(sender, "event", title="Митинг")
    (file,) = send(sender, tmp_path / "out.kzb", NAMES[0])
    assert do("bundle", "waiting", "VAULT", "--json").rows == []
    do("bundle", "take", "VAULT", str(file), "--yes", "--only", "person")
    file.unlink()
    (waits,) = do("bundle", "waiting", "VAULT", "--json").rows
    assert (waits["sender"], waits["state"], waits["waits_for"]) == (NAMES[2], "verified", "rest")
    seen = do("bundle", "inspect", "VAULT", "--waiting", waits["bundle"], "--json").document
    assert [row["id"] for row in seen["records"]] == [other.hex()]
    told = do("bundle", "take", "VAULT", "--waiting", waits["bundle"], "--json", "--only", other.hex()).document
    assert (told["new"], told["whole"], told["not_chosen"]) == (1, True, [])
    assert do("bundle", "waiting", "VAULT", "--json").rows == []
    assert do("bundle", "take", "VAULT", "--waiting", waits["bundle"]).code == "bundle.not-waiting"
    assert one.hex() in {row["id"] for row in do("record", "list", "VAULT", "person", "--json").rows}


def test_what_waits_can_be_let_go(office: Office, do: Do, tmp_path: Path) -> None:
    sender = office.open(NAMES[2])
    put(sender, name_kk="Тестов Данияр")
    put(sender, "event", title="Митинг")
    (file,) = send(sender, tmp_path / "out.kzb", NAMES[0])
    do("bundle", "take", "VAULT", str(file), "--yes", "--only", "person")
    (waits,) = do("bundle", "waiting", "VAULT", "--json").rows
    assert do("bundle", "waiting", "VAULT", "--let-go", waits["bundle"], "--json").document["let_go"] == waits["bundle"]
    assert do("bundle", "waiting", "VAULT", "--json").rows == []
    assert do("bundle", "waiting", "VAULT", "--let-go", "zz").code == "bundle.not-waiting"
    assert len(do("record", "list", "VAULT", "person", "--json").rows) == 1


def test_files_or_one_that_waits_are_named(do: Do) -> None:
    for verb in ("inspect", "take"):
        assert do("bundle", verb, "VAULT").status == 2
        assert do("bundle", verb, "VAULT", "file", "--waiting", "00").status == 2


def test_whom_what_was_taken_names_is_told(office: Office, do: Do, tmp_path: Path) -> None:
    sender = office.open(NAMES[2])
    one = put(sender, name_kk="Тестов Данияр")
    detention = put(sender, "detention", person=one.hex())
    (file,) = send(sender, tmp_path / "out.kzb", NAMES[0])
    listed = {
        row["id"]: row["links"] for row in do("bundle", "inspect", "VAULT", str(file), "--json").document["records"]
    }
    assert listed == {one.hex(): [], detention.hex(): [one.hex()]}
    ended = do("bundle", "take", "VAULT", str(file), "--json", "--only", "detention", "--ui-lang", "en")
    assert ended.document["named_outside"] == [one.hex()]
    assert "names records" in ended.err
    told = do("bundle", "take", "VAULT", str(file), "--json").document
    assert (told["named_outside"], told["whole"]) == ([], True)
