"""Locks, durable replacing and places, on the real file system."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kzdoc.errors import KzdocError, VaultError
from kzdoc.platform import files

if sys.platform == "win32":
    from kzdoc.platform import windows as system
else:
    from kzdoc.platform import posix as system

HOLDER = """
import sys
from pathlib import Path
from kzdoc.platform.files import lock_file
lock = lock_file(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def hold(path: Path) -> subprocess.Popen[bytes]:
    """Start another process that holds the lock, and return when it has it."""
    other = subprocess.Popen([sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline().strip() == b"held"
    return other


def test_a_second_process_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with hold(path) as other:
        with pytest.raises(VaultError) as refused:
            files.lock_file(path)
        assert refused.value.code == "vault.locked"
        assert refused.value.params == {"pid": other.pid, "since": "?"}
        other.communicate()
    files.lock_file(path).release()


def test_a_killed_holder_leaves_no_lock_behind(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with hold(path) as other:
        other.kill()
    with files.lock_file(path):
        assert path.read_bytes().split(b" ")[:2] == [str(os.getpid()).encode(), b"?"]


def test_the_same_process_cannot_hold_it_twice_and_release_is_final(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    lock = files.lock_file(path)
    with pytest.raises(VaultError):
        files.lock_file(path)
    lock.release()
    lock.release()
    files.lock_file(path).release()


def test_a_link_is_not_followed_by_the_lock(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(b"kept")
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(KzdocError):
        files.lock_file(tmp_path / "lock")
    assert (tmp_path / "elsewhere").read_bytes() == b"kept"


def test_replacing_leaves_one_whole_private_file(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    files.replace_durably(path, b"old" * 100)
    files.replace_durably(path, b"new")
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["keys"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_failed_replacing_keeps_the_old_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    files.replace_durably(path, b"old")
    with contextlib.suppress(ZeroDivisionError), files.writing_durably(path) as handle:
        handle.write(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["keys"]


@pytest.mark.parametrize(
    ("call", "number", "code"),
    [
        ("sync_descriptor", errno.EIO, "platform.sync-failed"),
        ("sync_descriptor", errno.ENOSPC, "platform.disk-full"),
        ("rename_over", errno.EACCES, "platform.no-access"),
    ],
)
def test_each_step_that_fails_is_named_and_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: str
) -> None:
    path = tmp_path / "keys"
    files.replace_durably(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(number, "planted")

    monkeypatch.setattr(system, call, fail)
    with pytest.raises(KzdocError) as refused:
        files.replace_durably(path, b"new")
    assert refused.value.code == code
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["keys"]


@pytest.mark.skipif(sys.platform == "win32", reason="the size of files cannot be bounded there")
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    script = (
        "import resource, signal, sys; from pathlib import Path; from kzdoc.platform.files import replace_durably\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: replace_durably(Path(sys.argv[1]), bytes(5000))\n"
        "except Exception as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "big"], capture_output=True, check=True)
    assert done.stdout.strip() == b"platform.disk-full"
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")
def test_the_order_is_write_flush_rename_flush_folder(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from kzdoc.platform.files import *\n"
    script += "replace_durably(Path(sys.argv[1]), b'canary-canary')"
    log = tmp_path / "log"
    command = ["strace", "-o", log, "-e", "trace=write,fsync,rename,renameat2", sys.executable, "-c", script]
    subprocess.run([*command, tmp_path / "keys"], check=True)
    lines = log.read_text().splitlines()
    first = next(number for number, line in enumerate(lines) if "canary-canary" in line)
    assert [line.split("(")[0] for line in lines[first : first + 4]] == ["write", "fsync", "rename", "fsync"]


def test_a_place_stays_with_its_folder_and_changes_with_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = tmp_path / "vault"
    files.make_private_folder(vault)
    (vault / "file").write_bytes(b"1")
    here = files.place_id(vault)
    assert len(here) == 32
    assert files.place_id(vault) == here
    vault.rename(tmp_path / "renamed")
    assert files.place_id(tmp_path / "renamed") == here
    shutil.copytree(tmp_path / "renamed", vault)
    assert files.place_id(vault) != here
    monkeypatch.setattr(system, "machine_id", lambda: b"another machine")
    assert files.place_id(tmp_path / "renamed") != here


def test_a_folder_put_back_where_it_lay_is_another_place(tmp_path: Path) -> None:
    vault, backup = tmp_path / "vault", tmp_path / "backup"
    vault.mkdir()
    here = files.place_id(vault)
    shutil.copytree(vault, backup)
    shutil.rmtree(vault)  # ext4 now gives the same inode number away again
    shutil.copytree(backup, vault)
    assert files.place_id(vault) != here


def test_a_private_folder_is_private_and_never_takes_over_another(tmp_path: Path) -> None:
    files.make_private_folder(tmp_path / "a")
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0
    with pytest.raises(KzdocError) as refused:
        files.make_private_folder(tmp_path / "a")
    assert refused.value.code == "platform.exists"


def test_what_is_missing_is_named_and_no_path_is_told(tmp_path: Path) -> None:
    for call in (files.place_id, files.free_space, files.lock_file):
        with pytest.raises(KzdocError) as refused:
            call(tmp_path / "Тестов" / "x")
        assert refused.value.code == "platform.missing"
        assert refused.value.params == {}
    assert files.free_space(tmp_path) > 0
