"""What becomes of an answer that cannot be written out, and of streams that are closed: real processes."""

from __future__ import annotations

import json
import os
import pty
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


NO_ROOM = (
    "import resource, sys; from kzdoc.platform.hardening import load_sqlcipher; load_sqlcipher(); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); from kzdoc.cli.__main__ import main; sys.exit(main())"
)
"""A process in which no file may grow."""
NEW_FILES = ("vault head V -o new", "contact card V -o new")


@pytest.mark.parametrize("words", NEW_FILES)
def test_a_file_without_room_leaves_nothing_in_the_way_of_the_next_try(desk: Desk, words: str) -> None:
    line = f"{words} --passphrase-file passphrase"
    status, _, err = shell(desk, f'"{sys.executable}" -c "{NO_ROOM}" {line}')
    told = err.splitlines()[-1]
    assert (status, told.split(": ")[:2]) == (1, ["error", "file.not-written"]), err
    assert "no room" in told
    assert not (desk.folder / "new").exists()
    assert shell(desk, f"kz {line}")[0] == 0


def test_a_file_that_is_not_written_says_why(desk: Desk) -> None:
    status, _, err = shell(desk, "kz contact card V -o missing/new --passphrase-file passphrase")
    assert (status, err.split(": ")[1]) == (1, "file.not-written")
    assert "is not there" in err


def test_the_end_of_input_is_no_passphrase(desk: Desk) -> None:
    ours, theirs = pty.openpty()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(TREE), "HOME": str(desk.folder)}
    words = [sys.executable, "-m", "kzdoc.cli", "record", "list", "V", "person"]
    with subprocess.Popen(
        words, cwd=desk.folder, env=env, stdin=theirs, stderr=subprocess.PIPE, start_new_session=True
    ) as asking:
        assert asking.stderr is not None
        seen = asking.stderr.read(1)  # it asks
        os.write(ours, b"\x04")
        told = (seen + asking.stderr.read()).decode()
    os.close(ours)
    os.close(theirs)
    assert asking.returncode == 1
    assert "error: passphrase.not-given: " in told, told
    assert "--passphrase-file" in told
