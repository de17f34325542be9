"""`bundle inspect` and `bundle take` of folders and many files, from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.kzdoc.test_exchange import flip_end, put, send
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kzdoc.cli.conftest import Do
    from tests.offices import Office


def stick_of(office: Office, tmp_path: Path) -> tuple[Path, list[Path]]:
    """Return a folder with a bundle of each of the two others for the first."""
    stick = tmp_path / "stick"
    stick.mkdir()
    files = []
    for number, name in enumerate(NAMES[1:]):
        sender = office.open(name)
        put(sender, name_kk="Тестов Данияр")
        files += send(sender, stick / f"{number}.bin", NAMES[0])
    return stick, files


def test_a_folder_is_looked_into_and_taken_in(office: Office, do: Do, tmp_path: Path) -> None:
    stick, files = stick_of(office, tmp_path)
    seen = do("bundle", "inspect", "VAULT", str(stick), "--json").document
    assert [(one["sender"], one["new"], one["files"]) for one in seen["bundles"]] == [
        (NAMES[2], 1, [files[1].name]),
        (NAMES[1], 1, [files[0].name]),
    ]
    assert do("bundle", "take", "VAULT", str(stick), "--yes", "--only", "person").status == 2
    for unknown in ("zz", "00" * 32, ""):
        refused = do("bundle", "take", "VAULT", str(stick), "--yes", "--bundle", unknown)
        assert (refused.status, refused.code) == (1, "bundle.not-there")
        assert "bundle inspect" in refused.err, "it says what to do"
    second, first = (one["bundle"] for one in seen["bundles"])
    shortest = next(n for n in range(1, 65) if second[:n] != first[:n])
    if shortest > 1:
        assert do("bundle", "take", "VAULT", str(stick), "--bundle", second[: shortest - 1]).code == "bundle.not-there"
    told = do("bundle", "take", "VAULT", str(stick), "--yes", "--json", "--bundle", second[:shortest])
    assert (told.status, [one["sender"] for one in told.document["taken"]]) == (0, [NAMES[2]])
    told = do("bundle", "take", "VAULT", str(stick), "--yes", "--json")
    assert (told.status, told.document["known"], len(told.document["taken"])) == (0, 1, 1)
    assert len(do("record", "list", "VAULT", "person", "--json").rows) == 2


def test_what_lies_in_a_folder_is_told_by_where_it_lies(office: Office, do: Do, tmp_path: Path) -> None:
    stick, files = stick_of(office, tmp_path)
    (stick / "Алматы").mkdir()
    files[0].rename(stick / "Алматы" / "пакет.bin")
    (stick / "Алматы" / "көшірме.bin").write_bytes((stick / "Алматы" / "пакет.bin").read_bytes())
    (stick / "сілтеме.bin").symlink_to(files[1])
    (stick / "Алматы" / "жазба.txt").write_text("жай мәтін", encoding="utf-8")
    seen = do("bundle", "inspect", "VAULT", str(stick), "--json").document
    assert sorted(one["files"][0] for one in seen["bundles"]) == [files[1].name, "Алматы/көшірме.bin"]
    assert (seen["copies"], seen["links"], seen["named"]) == (1, 1, ["Алматы/жазба.txt"])


def test_a_folder_with_nothing_in_it_is_said(do: Do, tmp_path: Path) -> None:
    (tmp_path / "бос").mkdir()
    for language, word in (("en", "No bundle"), ("ru", "Ни пакетов"), ("kk", "табылмады")):
        for verb in (["inspect"], ["take", "--yes"]):
            told = do("bundle", verb[0], "VAULT", str(tmp_path / "бос"), *verb[1:], "--ui-lang", language)
            assert (told.status, word in told.err) == (0, True)


def test_what_was_taken_back_is_told_apart(office: Office, do: Do, tmp_path: Path) -> None:
    stick, _ = stick_of(office, tmp_path)
    done = do("bundle", "take", "VAULT", str(stick), "--yes", "--json").document
    root = done["taken"][0]["bundle"]
    assert do("bundle", "take-back", "VAULT", root, "--yes").status == 0
    told = do("bundle", "take", "VAULT", str(stick), "--yes", "--json", "--ui-lang", "en")
    assert (told.status, told.document["known"]) == (0, 1)
    assert [one["bundle"] for one in told.document["taken_back"]] == [root]
    assert "stay aside" in told.err


def test_a_choice_that_is_neither_kind_nor_record_is_said(office: Office, do: Do, tmp_path: Path) -> None:
    _, files = stick_of(office, tmp_path)
    assert do("bundle", "take", "VAULT", str(files[0]), "--yes", "--only", "адам").code == "bundle.what-to-choose"


def test_what_does_not_come_is_told_and_the_rest_comes(office: Office, do: Do, tmp_path: Path) -> None:
    _, files = stick_of(office, tmp_path)
    flip_end(files[0])
    told = do("bundle", "take", "VAULT", *map(str, files), "--yes", "--json", "--ui-lang", "en")
    assert (told.status, len(told.document["taken"]), told.document["refused"][0]["code"]) == (1, 1, "bundle.damaged")
    assert told.err.startswith(f"{files[0].name}: bundle.damaged: ")
    assert do("bundle", "take", "VAULT", str(files[0]), str(files[0])).code == "bundle.damaged"


def test_a_folder_is_taken_in_by_the_real_program(office: Office, tmp_path: Path) -> None:
    stick, _ = stick_of(office, tmp_path)
    office.open().close()
    office.close()
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE, encoding="utf-8")
    words = ["bundle", "take", str(office.folder / NAMES[0]), str(stick), "--yes", "--json"]
    command = [sys.executable, "-m", "kzdoc.cli", *words, "--passphrase-file", str(secret)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert ended.returncode == 0, ended.stderr
    assert [one["new"] for one in json.loads(ended.stdout)["taken"]] == [1, 1]
