"""What only a real process shows: unlocking, passphrase files, locks, streams, a full disk."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.kzdoc.cli.shell import PASSPHRASE, TREE, Desk

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk with a vault made from outside."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    answer = desk("vault", "new", "V", "--author", "Тестов Данияр", "--json")
    assert answer.document == {"vault": "V", "author": "Тестов Данияр", "practice": False}
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    """Return a desk of one's own with a copy of that vault."""
    one = Desk(tmp_path / "desk")
    shutil.copytree(made.folder / "V", one.folder / "V")
    return one


@pytest.mark.parametrize(
    "text",
    [
        PASSPHRASE.encode(),
        b"\xef\xbb\xbf" + PASSPHRASE.encode() + b"\r\n",
        PASSPHRASE.encode() + "\r\nекінші жол\r\n".encode(),
        PASSPHRASE.upper().replace(" ", "  ").encode() + b"\r",
    ],
)
def test_passphrase_files_of_all_editors(desk: Desk, text: bytes) -> None:
    desk.write("other", text)
    answer = desk.bare("vault", "check", "V", "--passphrase-file", "other", "--json")
    assert answer.document == {"result": "good", "head": "not checked", "findings": []}


def test_a_vault_is_not_opened_by_anything_else(desk: Desk) -> None:
    desk.write("wrong", "басқа бір сөз тіркесі мүлде")
    desk.write("empty", "")
    desk.write("blank", " \n" + PASSPHRASE)
    desk.write("utf16", PASSPHRASE.encode("utf-16"))
    for words, code in (
        (("--passphrase-file", "wrong"), "vault.wrong-passphrase"),
        (("--passphrase-file", "utf16"), "passphrase.file"),
        (("--passphrase-file", "missing"), "passphrase.file-missing"),
        (("--passphrase-file", "empty"), "passphrase.file-empty"),
        (("--passphrase-file", "blank"), "passphrase.file-empty"),
        (("--passphrase-file", "."), "passphrase.file"),
        ((), "passphrase.not-given"),
    ):
        answer = desk.bare("record", "list", "V", "person", *words)
        assert (answer.status, answer.code) == (1, code)
    for vault in ("missing", "passphrase"):
        answer = desk("record", "list", vault, "person")
        assert (answer.status, answer.code) == (1, "vault.not-a-vault"), vault


def test_no_vault_is_made_over_anything_or_with_a_weak_passphrase(desk: Desk) -> None:
    assert desk("vault", "new", "V", "--author", "x").code == "vault.exists"
    for text, code in (
        ("қысқа", "passphrase.weak-short"),
        ("123456789012345678901234", "passphrase.weak-digits"),
        ("құпия сөз құпия сөз құпия сөз", "passphrase.weak-repeated"),
    ):
        desk.write("weak", text)
        answer = desk.bare("vault", "new", "W", "--author", "x", "--new-passphrase-file", "weak")
        assert (answer.status, answer.code) == (1, code)
        assert len(answer.err) > 60
        assert not (desk.folder / "W").exists()
    assert desk("vault", "new", "W", "--author", " ").code == "vault.author-name"
    assert not (desk.folder / "W").exists()


def test_a_new_passphrase_takes_the_place_of_the_old(desk: Desk) -> None:
    desk.write("next", "жаңа тау өзені мөлдір аққан\r\n")
    assert desk("vault", "passphrase", "V").code == "passphrase.not-given"
    assert desk("vault", "passphrase", "V", "--new-passphrase-file", "next", "--json").document == {"slot": 0}
    assert desk("vault", "slot", "list", "V").code == "vault.wrong-passphrase"
    late = ("--passphrase-file", "next", "--json")
    assert desk.bare("vault", "slot", "remove", "V", "0", *late).code == "vault.last-slot"
    words = ("--new-passphrase-file", "passphrase", "--add", "--label", "екінші")
    assert desk.bare("vault", "passphrase", "V", *words, *late).document == {"slot": 1}
    assert [row["label"] for row in desk("vault", "slot", "list", "V", "--json").rows] == ["", "екінші"]
    assert desk("vault", "slot", "remove", "V", "0", "--json").document == {"removed": 0, "rekeyed": True, "lost": []}
    assert desk.bare("vault", "check", "V", *late).code == "vault.wrong-passphrase"


def test_a_vault_in_use_says_by_whom(desk: Desk) -> None:
    hold = (
        "import sys; from pathlib import Path; from kzdoc.platform.files import lock_file\n"
        "lock = lock_file(Path('V/vault.lock')); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold]
    env = {**os.environ, "PYTHONPATH": str(TREE)}
    with subprocess.Popen(command, cwd=desk.folder, env=env, stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        answer = desk("record", "list", "V", "person")
        assert (answer.status, answer.code) == (1, "vault.locked")
        assert str(other.pid) in answer.err
        other.communicate()
    assert desk("record", "list", "V", "person").status == 0


def test_batch_answers_every_line(desk: Desk) -> None:
    lines = [
        '\ufeffkzdoc-cli record add VAULT person \'name_kk=Тестов Данияр\' "aliases=Дан \\"Д\\""\r',
        '["record", "add", "person", "name_kk=Бір = екі", "description=бірінші\\nекінші"]',
        "# түсініктеме",
        "",
        "record list person",
        "record add V person born=бірде",
        "record find './V' тестов --kind person",
        "nonsense",
        'record add person "жабылмаған',
        '["record", 7]',
        "vault new X",
        "vault check",
        "board",
        "count event",
        "kind show charge",
        "record show --help",
        "record list --ui-lang ru nobody",
    ]
    done = desk("batch", "V", stdin="\n".join(lines))
    assert (done.status, done.err) == (2, "")
    answers = done.rows
    assert len(answers) == len(lines) - 2
    first, second, listed, refused, found, *rest = answers
    assert set(first) == set(second) == {"id"}
    assert [row["id"] for row in listed] == sorted([first["id"], second["id"]])
    assert refused["error"] == "date.not-understood"
    assert found[0]["fields"] == {"name_kk": "Тестов Данияр", "aliases": ['Дан "Д"']}
    assert [one.get("error", "") for one in rest] == [
        *["usage"] * 4, "", "usage", "", "", "usage", "kind.unknown",
    ]  # fmt: skip
    assert "нет" in rest[-1]["sentence"]
    assert desk("batch", "V", stdin="record show 00\n").status == 1
    assert desk("batch", "V", stdin="record list person\n").status == 0
    assert not (desk.folder / "X").exists()


def test_text_is_redacted_whatever_it_is(desk: Desk) -> None:
    desk("record", "add", "V", "person", "name_kk=Тестов Данияр", "iin=850101400012")
    words = ("text", "redact", "V", "--profile", "public", "--lang", "kk")
    told = desk(*words, stdin="Тестов Данияр, 850101400012, 22.02.2020")
    assert told.status == 0
    assert "Тестов" not in told.out
    assert "850101400012" not in told.out
    assert "22.02.2020" in told.out
    for stdin in ("", b"\xff\xfe\x00 \xd0"):
        assert desk(*words, "--json", stdin=stdin).status == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of 3 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or not mount or not umount:
        pytest.skip("a small disk can be mounted by root only")
    done = subprocess.run([mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", folder], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("mounting is not permitted here: " + done.stderr.decode().strip())
    yield folder
    subprocess.run([umount, folder], check=True)


def test_a_full_disk_says_so_and_keeps_what_was_saved(desk: Desk, small_disk: Path) -> None:
    vault = str(small_disk / "V")
    shutil.copytree(desk.folder / "V", vault)
    before = desk("record", "add", vault, "person", "name_kk=Бұрынғы").out.strip()
    filler = small_disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"0" * 4096):
            pass
    assert "Бұрынғы" in desk("record", "list", vault, "person").out  # what is there can be read all the same
    with filler.open("r+b") as file:
        file.truncate(filler.stat().st_size - 300_000)
    desk.write("long.json", '{"name_kk": "Сыймайды", "description": "' + "ұзақ сөз " * 40_000 + '"}')
    desk.write("video.mp4", os.urandom(2_000_000))
    assert desk("record", "attach", vault, before, "video.mp4").code == "platform.disk-full"
    answer = desk("record", "add", vault, "person", "--json-file", "long.json")
    assert (answer.status, answer.code) == (1, "vault.disk-full")
    assert desk("vault", "backup", vault, "-o", str(small_disk / "backup")).code in (
        "vault.disk-full",
        "platform.disk-full",
    )
    assert desk("vault", "new", str(small_disk / "W"), "--author", "x").code in (
        "vault.disk-full",
        "platform.disk-full",
    )
    filler.unlink()
    assert {one.name for one in small_disk.iterdir()} == {"V"}
    assert [row["fields"] for row in desk("record", "list", vault, "person", "--json").rows] == [{"name_kk": "Бұрынғы"}]
    assert desk("vault", "check", vault, "--json").document["result"] == "good"
    assert desk("record", "add", vault, "person", "name_kk=Кейінгі").status == 0
