"""A vault under fire, thinly: a full disk, a kill, a foreign database library. Each has its twin."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from kzdoc.errors import KzdocError, VaultError
from kzdoc.vault.check import check
from tests.conftest import HandClock
from tests.vaults import Template, Writer

ROOT = Path(__file__).parents[2]
FOREIGN = [path for path in Path("/usr/lib").glob("*/libsqlite3.so.0") if path.exists()]
TMPFS_SIZE = 2 * 2**20

SAVER = """
import os, pathlib, sys
from kzdoc.moment import Moment
from tests.vaults import Template, Writer
template = Template(pathlib.Path(sys.argv[1]), bytes.fromhex(sys.stdin.readline()))
vault = template.open(template.folder, clock=lambda: Moment(1, 0), randomness=os.urandom)
if len(sys.argv) > 2:
    vault.database.rows("PRAGMA synchronous = OFF")
writer = Writer(vault)
number = 0
while True:
    vault.drafts.keep(bytes(16), b"draft")
    revision = writer.save(os.urandom(16), {"name_ru": f"Мысалов {number}", "notes": "сынақ " * 200})
    print(revision.id.hex(), flush=True)
    number += 1
"""

OPENER = """
import os, pathlib, sys
from kzdoc.moment import Moment
from kzdoc.errors import KzdocError
from kzdoc.vault.vault import create
try:
    create(pathlib.Path(sys.argv[1]), "сынақ түбі сары алтын тұнық бұлақ суы", clock=lambda: Moment(1, 0),
           randomness=os.urandom).close()
except KzdocError as error:
    print(error.code)
else:
    print("made")
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of two megabytes."""
    libc = ctypes.CDLL(None, use_errno=True)
    folder = tmp_path / "small"
    folder.mkdir()
    options = f"size={TMPFS_SIZE}".encode()
    if libc.mount(b"none", str(folder).encode(), b"tmpfs", 0, options):
        pytest.skip("this user may not mount")
    yield folder
    assert libc.umount2(str(folder).encode(), 2) == 0


def fill(folder: Path) -> Path:
    """Take all room that is left."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                return ballast


def test_a_full_disk_says_so_and_the_draft_stays(template_vault: Template, small_disk: Path) -> None:
    folder = template_vault.copy(small_disk / "vault")
    with template_vault.open(folder, clock=HandClock(), randomness=os.urandom) as vault:
        writer = Writer(vault)
        record = os.urandom(16)
        writer.save(record, {"name_ru": "Тестов Данияр"})
        vault.drafts.keep(record, b"unsaved")
        ballast = fill(small_disk)
        refused = []
        for _ in range(40):
            try:
                with vault.transaction():
                    writer.save(os.urandom(16), {"notes": "сынақ " * 2000})
                    vault.drafts.drop(record)
            except VaultError as error:
                refused.append(error.code)
                break
        assert refused == ["vault.disk-full"]
        assert vault.drafts.open(record) == b"unsaved"
        assert vault.records.record(record) is not None
        ballast.unlink()
        saved = writer.save(os.urandom(16), {"notes": "енді орын бар"})
        assert vault.chains.revision(saved.id)
        assert check(vault) == []
    with template_vault.open(folder, clock=HandClock(), randomness=os.urandom) as vault:
        assert check(vault) == []
        assert vault.chains.revision(saved.id)


def test_a_full_disk_keeps_nothing_of_a_file_or_a_new_vault(template_vault: Template, small_disk: Path) -> None:
    folder = template_vault.copy(small_disk / "vault")
    with template_vault.open(folder, clock=HandClock(), randomness=os.urandom) as vault:
        with pytest.raises(KzdocError, match="disk-full"), Path("/dev/zero").open("rb") as endless:
            vault.blobs.add(endless, media="")
        assert not list((folder / "blobs").iterdir())
        assert not vault.blobs.all()
        assert check(vault) == []
    fill(small_disk)
    done = run(OPENER, str(small_disk / "new"))
    assert done.stdout.strip().endswith("disk-full"), done
    assert not (small_disk / "new").exists()


def run(program: str, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program), *arguments],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_acknowledged_save_is_lost_to_a_kill(template_vault: Template, tmp_path: Path) -> None:
    folder = template_vault.copy(tmp_path / "vault")
    acknowledged: list[str] = []
    for turn in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", SAVER, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as saver:
            assert saver.stdin
            assert saver.stdout
            saver.stdin.write(template_vault.key.hex() + "\n")
            saver.stdin.flush()
            acknowledged += [saver.stdout.readline().strip() for _ in range(5 + 7 * turn)]
            saver.send_signal(signal.SIGKILL)
            acknowledged += [line.strip() for line in saver.stdout if line.endswith("\n")]
        with template_vault.open(folder, clock=HandClock(), randomness=os.urandom) as vault:
            known = vault.chains.known([bytes.fromhex(key) for key in acknowledged])
            assert {key.hex() for key in known} == set(acknowledged)
            assert check(vault) == []
    assert len(acknowledged) >= 36


def syncs_per_save(template_vault: Template, folder: Path, trace: Path, *unsafe: str) -> float:
    """Return how often the saver flushes for each save it acknowledges."""
    template_vault.copy(folder)
    with subprocess.Popen(
        [
            "strace",
            "-f",
            "-e",
            "trace=fsync,fdatasync",
            "-o",
            str(trace),
            sys.executable,
            "-c",
            SAVER,
            str(folder),
            *unsafe,
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as saver:
        assert saver.stdin
        assert saver.stdout
        saver.stdin.write(template_vault.key.hex() + "\n")
        saver.stdin.flush()
        saves = [saver.stdout.readline() for _ in range(20)]
        child = int(re.match(r"\d+", trace.read_text() or f"{saver.pid}")[0])  # type: ignore[index]
        os.kill(child, signal.SIGKILL)
        saver.wait()
    return len(re.findall(r"f(?:data)?sync\(", trace.read_text())) / len(saves)


@pytest.mark.skipif(not Path("/usr/bin/strace").exists(), reason="strace is not here")
def test_every_save_is_flushed_before_it_is_acknowledged(template_vault: Template, tmp_path: Path) -> None:
    assert syncs_per_save(template_vault, tmp_path / "safe", tmp_path / "one") >= 2  # the draft and the save
    assert syncs_per_save(template_vault, tmp_path / "twin", tmp_path / "two", "unsafe") < 1


@pytest.mark.skipif(not FOREIGN, reason="no other SQLite on this system")
def test_under_a_foreign_library_a_vault_is_encrypted_or_refused(tmp_path: Path) -> None:
    done = run(OPENER, str(tmp_path / "vault"), environment={"LD_PRELOAD": str(FOREIGN[0])})
    told = done.stdout.strip()
    assert told in {"made", "platform.no-encryption"}, done
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert bool(files) is (told == "made")
    assert not [path for path in files if path.read_bytes()[:15] == b"SQLite format 3"]


@pytest.mark.skipif(not FOREIGN, reason="no other SQLite on this system")
def test_with_the_loaders_protection_off_the_guard_alone_refuses(tmp_path: Path) -> None:
    unprotected = """
        import kzdoc.platform.hardening as hardening
        real = hardening._load
        hardening._load = lambda *, isolated: real(isolated=False)
        """ + textwrap.indent(OPENER, "        ")
    done = run(unprotected, str(tmp_path / "vault"), environment={"LD_PRELOAD": str(FOREIGN[0])})
    assert done.stdout.strip() == "platform.no-encryption", done
    assert not list(tmp_path.iterdir())
