"""Files a command is given and files it makes: bounded, regular, never inside a vault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kzdoc.limits import LIMITS
from tests.offices import PASSPHRASE

if TYPE_CHECKING:
    from tests.kzdoc.cli.conftest import Do

READERS = (
    ("contact", "add", "VAULT", "FILE", "--name", "Үлгі"),
    ("contact", "roster", "sign", "VAULT", "FILE", "-o", "signed"),
    ("contact", "roster", "take", "VAULT", "FILE"),
    ("receipt", "take", "VAULT", "FILE"),
    ("receipt", "make", "VAULT", "FILE", "-o", "receipt"),
    ("bundle", "inspect", "VAULT", "FILE"),
    ("bundle", "take", "VAULT", "FILE", "--yes"),
    ("record", "import", "VAULT", "FILE", "--kind", "person"),
    ("record", "add", "VAULT", "person", "--json-file", "FILE"),
    ("vault", "check", "VAULT", "--head", "FILE"),
    ("vault", "restore", "FILE", "restored"),
    ("vault", "recovery", "rehearse", "VAULT", "FILE"),
    ("report", "check", "FILE"),
    ("report", "check", "paper.pdf", "--signer", "FILE"),
)


@pytest.mark.parametrize("words", READERS, ids=lambda words: " ".join(words[:3]))
def test_folders_devices_and_missing_files_are_told_as_such(
    do: Do, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("paper.pdf").write_bytes(b"%PDF")
    folder = [] if words[:2] in (("bundle", "inspect"), ("bundle", "take")) else [str(tmp_path)]  # a stick is one
    for file in (*folder, "/dev/zero", "missing"):
        answer = do(*[file if word == "FILE" else word for word in words])
        assert (answer.status, answer.code) == (1, "file.not-read"), answer.err


def test_what_comes_on_stdin_has_an_end(do: Do) -> None:
    text = "x" * (LIMITS.stdin_text + 1)
    assert do("record", "add", "VAULT", "person", "--json-file", "-", stdin=text).code == "file.too-large"
    answer = do("text", "redact", "VAULT", "--profile", "public", "--lang", "ru", stdin=text)
    assert answer.code == "file.too-large"


@pytest.mark.parametrize("depth", [20, 500, 990, 100_000])
def test_deep_json_is_refused_by_name(do: Do, depth: int) -> None:
    value = '{"aliases": ' + "[" * depth + "]" * depth + "}"
    answer = do("record", "add", "VAULT", "person", "--json-file", "-", stdin=value)
    assert answer.status == 1
    assert answer.code in ("import.not-json", "field.type")
    for name in ("residence", "related", "born", "name_kk"):
        value = json.dumps({name: "D"}).replace('"D"', '{"a":' * depth + "1" + "}" * depth)
        assert do("record", "add", "VAULT", "person", "--json-file", "-", stdin=value).code != "internal"


MAKERS = (
    ("bundle", "make", "VAULT", "--to", "nobody", "--profile", "internal", "-o", "OUT"),
    ("contact", "card", "VAULT", "-o", "OUT"),
    ("contact", "roster", "new", "VAULT", "-o", "OUT"),
    ("vault", "head", "VAULT", "-o", "OUT"),
    ("vault", "backup", "VAULT", "-o", "OUT"),
    ("record", "export", "VAULT", "person", "--profile", "internal", "-o", "OUT"),
    ("report", "make", "VAULT", "--record", "0" * 32, "--profile", "internal", "--lang", "ru", "-o", "OUT"),
)


@pytest.mark.parametrize("words", MAKERS, ids=lambda words: " ".join(words[:3]))
def test_nothing_is_written_into_a_vault(do: Do, tmp_path: Path, words: tuple[str, ...]) -> None:
    vault = tmp_path / "vault"
    (vault / "blobs").mkdir(parents=True)
    (vault / "vault.keys").touch()
    for out in (vault, vault / "new.pdf", vault / "blobs" / "new.pdf"):
        answer = do(*[str(out) if word == "OUT" else word for word in words])
        assert (answer.status, answer.code) == (1, "file.in-vault"), answer.err
    assert sorted(path.name for path in vault.rglob("*")) == ["blobs", "vault.keys"]


def test_a_folder_is_never_taken_for_a_new_file(do: Do, tmp_path: Path) -> None:
    for words in MAKERS:
        answer = do(*[str(tmp_path) if word == "OUT" else word for word in words])
        assert answer.code in ("file.exists", "publication.format"), words


def test_a_bundle_of_no_size_is_wrong_usage(do: Do, tmp_path: Path) -> None:
    words = ("bundle", "make", "VAULT", "--to", "x", "--profile", "internal", "-o", str(tmp_path / "b"), "--volume")
    for size in ("0", "0M", "0.0001k"):
        assert do(*words, size).status == 2


def test_a_paper_has_the_name_of_a_paper(do: Do, tmp_path: Path) -> None:
    words = ("report", "make", "VAULT", "--record", "0" * 32, "--profile", "internal", "--lang", "ru", "-o")
    assert do(*words, str(tmp_path / "T2.txt")).code == "publication.format"
    assert do(*words, str(tmp_path / "T2")).code == "publication.format"
    assert do(*words, str(tmp_path / "T2.PDF")).code == "record.unknown"


def test_a_restore_tries_the_passphrase_before_it_makes_anything(do: Do, tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("басқа тіркес мүлде бөлек сөздер\n", encoding="utf-8")
    (tmp_path / "right").write_text(PASSPHRASE + "\n", encoding="utf-8")
    backup = tmp_path / "copy.kzbak"
    assert do("vault", "backup", "VAULT", "-o", str(backup)).status == 0
    refused = do("vault", "restore", str(backup), "one", "--passphrase-file", "wrong")
    assert (refused.code, Path("one").exists()) == ("vault.wrong-passphrase", False)
    done = do("vault", "restore", str(backup), "one", "--passphrase-file", "right", "--json")
    assert done.document == {"vault": "one", "passphrase": "opens"}
    done = do("vault", "restore", str(backup), "two", "--json")
    assert done.document == {"vault": "two", "passphrase": "not checked"}
    assert done.err.count("\n") == 1
    backup.write_bytes(backup.read_bytes()[:5000])
    assert do("vault", "restore", str(backup), "three", "--passphrase-file", "right").code == "vault.backup-damaged"


def test_what_a_signer_is_called_is_what_a_card_shows(do: Do, tmp_path: Path) -> None:
    person = do("record", "add", "VAULT", "person", "name_ru=Тестов Данияр").out.strip()
    paper = ("report", "make", "VAULT", "--record", person, "--profile", "internal", "--lang", "ru", "-o", "paper.pdf")
    assert do(*paper).status == 0
    card = do("contact", "card", "VAULT", "-o", "card", "--json").document
    told = do("report", "check", "paper.pdf", "--signer", "card", "--json").document
    assert (told["signer"], told["code"]) == (card["publisher"], "")
    Path("noise").write_text("not a card", encoding="utf-8")
    assert do("report", "check", "paper.pdf", "--signer", "noise").code == "publication.not-a-card"
    shown = do("report", "check", "paper.pdf").out
    assert "publisher" in shown
    Path("paper.pdf").write_bytes(Path("paper.pdf").read_bytes() + b"%")
    changed = do("report", "check", "paper.pdf", "--signer", "card", "--json")
    assert (changed.status, changed.document["code"]) == (1, "publication.extra-bytes")
