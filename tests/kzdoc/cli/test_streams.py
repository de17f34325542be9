"""What becomes of an answer that cannot be written out, and of streams that are closed: real processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kzdoc.cli.shell import TREE, Desk

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk with a vault made from outside."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    assert desk("vault", "new", "V", "--author", "Тестов Данияр").status == 0
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    """Return a desk of one's own with a copy of that vault."""
    one = Desk(tmp_path / "desk")
    shutil.copytree(made.folder / "V", one.folder / "V")
    return one


def shell(desk: Desk, line: str) -> tuple[int, str, str]:
    """Run a line of a shell in which ``kz`` is the command; return status, stdout and stderr."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(TREE), "HOME": str(desk.folder)}
    kz = f'kz() {{ "{sys.executable}" -m kzdoc.cli "$@"; }}\n'
    done = subprocess.run(
        ["sh", "-c", kz + line], cwd=desk.folder, env=env, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


PERSON = "record add V person 'name_ru=Тестов Данияр' --passphrase-file passphrase"


def test_what_was_saved_is_not_said_to_be_lost_when_the_answer_finds_no_room(desk: Desk) -> None:
    for line in (f"kz {PERSON} > /dev/full", f"kz {PERSON} --json > /dev/full"):
        status, _, err = shell(desk, line)
        assert (status, err.split(": ")[:2], err.count("\n")) == (1, ["error", "output.not-written"], 1), err
        assert "record find" in err
    assert len(desk("record", "list", "V", "person").out.splitlines()) == 2


@pytest.mark.parametrize("words", ["kind list", "kind list --json", "kind show person", "--help", "--version"])
def test_an_answer_without_room_is_told_once(desk: Desk, words: str) -> None:
    status, _, err = shell(desk, f"kz {words} > /dev/full")
    assert (status, err.split(": ")[:2], err.count("\n")) == (1, ["error", "output.not-written"], 1), err


def test_a_batch_without_room_stops_at_the_line_it_could_not_answer(desk: Desk) -> None:
    (desk.folder / "lines").write_text("kind list\nkind list\n", encoding="utf-8")
    status, _, err = shell(desk, "kz batch V --passphrase-file passphrase < lines > /dev/full")
    assert (status, err.split(": ")[:2], err.count("\n")) == (1, ["error", "output.not-written"], 1), err


def test_with_no_output_at_all_nothing_is_done(desk: Desk) -> None:
    for line in (f"kz {PERSON} >&-", "kz kind list >&-", "kz --version >&-"):
        status, _, err = shell(desk, line)
        assert (status, err.split(": ")[:2], err.count("\n")) == (1, ["error", "output.closed"], 1), err
    assert desk("record", "list", "V", "person").out == ""


@pytest.mark.parametrize("words", ["kind show person --json", "kind list"])
def test_who_has_read_enough_is_told_nothing(desk: Desk, words: str) -> None:
    line = f"{{ kz {words}; echo $? > status; }} | true"
    assert shell(desk, line)[1:] == ("", "")
    assert (desk.folder / "status").read_text() in ("0\n", "1\n")
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "kzdoc.cli", *words.split()], cwd=TREE, stdout=write, stderr=subprocess.PIPE, check=False
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")


def test_closed_questions_and_messages_are_done_without(desk: Desk) -> None:
    status, out, err = shell(desk, "kz kind list --json <&- 2>&-")
    assert (status, err) == (0, "")
    assert json.loads(out.splitlines()[0])
    assert shell(desk, "kz record list V person <&-")[2].startswith("error: passphrase.not-given: ")
