"""A stick that takes no writes, one that is pulled out, a vault open twice, a clock years off."""

from __future__ import annotations

import argparse
import ctypes
import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kzdoc.cli.frame import Call
from kzdoc.errors import KzdocError, VaultError
from kzdoc.language import catalogue
from kzdoc.moment import Moment
from kzdoc.platform import files
from kzdoc.session import Session
from kzdoc.vault import clock as clocks
from kzdoc.vault.backup import back_up, restore
from kzdoc.vault.check import check
from kzdoc.vault.vault import Vault
from tests.conftest import HandClock
from tests.faults.children import Child, failing
from tests.vaults import NOW, NewVault, Template, Writer

DAY, YEAR = 86_400, 31_557_600
_READ_ONLY, _REMOUNT = 1, 32


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[tuple[Path, Callable[[], None]]]:
    """Give a file system of its own, and what makes it refuse every write."""
    libc = ctypes.CDLL(None, use_errno=True)
    folder = tmp_path / "stick"
    folder.mkdir()
    place = str(folder).encode()
    if libc.mount(b"none", place, b"tmpfs", 0, b"size=16m"):
        pytest.skip("this user may not mount, and root alone is not stopped by permissions")

    def protect() -> None:
        assert libc.mount(b"none", place, b"tmpfs", _REMOUNT | _READ_ONLY, b"size=16m") == 0

    yield folder, protect
    assert libc.umount2(place, 2) == 0


@pytest.mark.parametrize("left", ["closed", "running"])
def test_a_vault_on_a_stick_that_takes_no_writes_is_read(
    left: str, stick: tuple[Path, Callable[[], None]], template_vault: Template, tmp_path: Path
) -> None:
    place, protect = stick
    home = template_vault.copy(tmp_path / "home")
    with template_vault.open(home, clock=HandClock(), randomness=os.urandom) as vault:
        saved = Writer(vault).save(os.urandom(16), {"name_ru": "Тестов Данияр"})
        if left == "running":
            shutil.copytree(home, place / "vault")
    if left == "closed":
        shutil.copytree(home, place / "vault")
    protect()
    before = {path.name: path.read_bytes() for path in (place / "vault").iterdir() if path.is_file()}
    with template_vault.open(place / "vault", clock=HandClock(), randomness=os.urandom) as vault:
        assert vault.read_only
        assert _warned(vault, NOW.seconds) == ["vault.read-only"]
        assert vault.chains.revision(saved.id)
        assert vault.records.counts() == {"person": 1}
        assert check(vault) == []
        for act in (
            lambda: Writer(vault).save(os.urandom(16), {"name_ru": "Мысалов"}),
            lambda: vault.drafts.keep(bytes(16), b"draft"),
            lambda: vault.settings.put("any", b""),
            vault.rebuild,
        ):
            with pytest.raises(VaultError, match=r"vault\.read-only"):
                act()
        back_up(vault, tmp_path / "rescued.kzbak")
    assert before == {path.name: path.read_bytes() for path in (place / "vault").iterdir() if path.is_file()}
    restore(tmp_path / "rescued.kzbak", tmp_path / "again")
    with template_vault.open(tmp_path / "again", clock=HandClock(), randomness=os.urandom) as vault:
        assert vault.chains.revision(saved.id)


def test_a_stick_that_becomes_read_only_under_an_open_vault_stops_it(
    stick: tuple[Path, Callable[[], None]], template_vault: Template
) -> None:
    place, _ = stick
    template_vault.copy(place / "vault")
    child = Child("faulty", place, template_vault.key)
    with failing(child, "pwrite64", "ftruncate", error="EROFS", when="40+", trace=place / "trace"):
        child.let_go()
        said = list(child.lines())
        assert child.end() == 0
    (refused,) = [one["refused"] for one in said if "refused" in one]
    assert refused


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")
def test_a_stick_that_is_pulled_out_stops_the_vault_and_loses_nothing(template_vault: Template, tmp_path: Path) -> None:
    template_vault.copy(tmp_path / "vault")
    calls = ("pread64", "pwrite64", "write", "fsync", "fdatasync", "ftruncate", "unlink")
    child = Child("faulty", tmp_path, template_vault.key)
    with failing(child, *calls, error="EIO", when="90+", trace=tmp_path / "trace"):
        child.let_go()
        said = list(child.lines())
        assert child.end() == 0
    (refused,) = [one["refused"] for one in said if "refused" in one]
    assert set(refused) <= {
        "vault.disk-gone",
        "vault.disk-error",
        "vault.stopped",
        "platform.sync-failed",
        "platform.disk-error",
    }
    assert refused
    saved = [bytes.fromhex(one["saved"]) for one in said if "saved" in one]
    with template_vault.open(tmp_path / "vault", clock=HandClock(), randomness=os.urandom) as vault:
        assert vault.chains.known(saved) == set(saved)


HOLDER = """
import pathlib, sys
from kzdoc.moment import Moment
from kzdoc.platform.files import lock_file
lock = lock_file(pathlib.Path(sys.argv[1]), now=Moment(1_772_442_000, 300))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_second_program_is_told_who_holds_the_vault(
    template_vault: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = template_vault.copy(tmp_path / "vault")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder / "vault.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    ) as other:
        assert other.stdout
        assert other.stdin
        assert other.stdout.readline() == b"held\n"
        params = {"pid": other.pid, "since": "2026-03-02 14:00"}
        assert _refusal(template_vault, folder) == ("vault.locked", params)
        told = (folder / "vault.lock").read_text("ascii").split(" ")
        assert len(told) == 4  # a number, a moment, a salt, a mark: no name
        assert os.uname().nodename not in " ".join(told)
        monkeypatch.setattr(files.system, "machine_id", lambda: b"another")
        assert _refusal(template_vault, folder) == ("vault.locked-elsewhere", params)
        other.stdin.close()
    template_vault.open(folder, clock=HandClock(), randomness=os.urandom).close()
    assert (folder / "vault.lock").read_bytes() == b""


def _refusal(template: Template, folder: Path) -> tuple[str, dict[str, str | int]]:
    with pytest.raises(KzdocError) as refused:
        template.open(folder, clock=HandClock(), randomness=os.urandom)
    for lang in ("en", "ru", "kk"):
        assert "{" not in catalogue("errors", lang).say(refused.value.code, **refused.value.params)
    return refused.value.code, refused.value.params


def _warned(vault: Vault, seconds: int) -> list[str]:
    """Return the codes the command line says when it opens this vault, a line each."""
    stderr = io.StringIO()
    call = Call(argparse.Namespace(ui_lang="kk"), io.StringIO(), stderr, io.StringIO())
    call.warn(Session(vault, lambda: Moment(seconds, 300), os.urandom))
    return [line.split(": ")[0] for line in stderr.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (0, ""),
        (946_684_800, "vault.clock-behind"),  # 2000: where many clocks begin anew
        (NOW.seconds - 2 * DAY, "vault.clock-behind"),
        (NOW.seconds - 3600, ""),
        (NOW.seconds, ""),
        (NOW.seconds + 200 * DAY, ""),
        (NOW.seconds + 5 * YEAR, "vault.clock-ahead"),
        (2**31 + 5, "vault.clock-ahead"),
    ],
)
def test_a_clock_that_is_years_off_is_doubted_before_the_first_save(
    seconds: int, code: str, new_vault: NewVault
) -> None:
    vault = new_vault("one")
    now = Moment(seconds or NOW.seconds, 300)
    doubted = clocks.doubt(vault, now)
    assert (doubted.code if doubted else "") == code
    if doubted:
        for lang in ("en", "ru", "kk"):
            assert now.day() in catalogue("errors", lang).say(doubted.code, **doubted.params)
    assert _warned(vault, now.seconds) == ([code] if code else [])
    Writer(vault).save(os.urandom(16), {"name_ru": "Тестов Данияр"})  # a warning refuses nothing
    vault.database.stopped = True
    assert _warned(vault, now.seconds)[0] == "vault.stopped"


def test_a_vault_that_was_written_in_lately_is_not_doubted(new_vault: NewVault) -> None:
    vault = new_vault("one")
    writer = Writer(vault)
    writer._count = 4 * YEAR
    writer.save(os.urandom(16), {"name_ru": "Тестов Данияр"})
    assert clocks.doubt(vault, Moment(NOW.seconds + 4 * YEAR + 2 * DAY, 300)) is None
    assert clocks.doubt(vault, Moment(NOW.seconds + 5 * YEAR, 300)) is None
