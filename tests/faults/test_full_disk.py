"""A full disk: what is there is read, checked and backed up elsewhere; what would write is told why it cannot."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kzdoc.errors import VaultError
from kzdoc.moment import Moment
from kzdoc.vault import check, vault
from kzdoc.vault.backup import back_up, restore
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.offices import Office
    from tests.vaults import Template

READ = """
import resource, sys
from pathlib import Path
from kzdoc.platform.hardening import load_sqlcipher
load_sqlcipher()
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
from tests.faults.test_full_disk import look
print(*look(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])))
"""


COMMAND = """
import resource, sys
from kzdoc.platform.hardening import load_sqlcipher
load_sqlcipher()
from kzdoc.cli.__main__ import main
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
sys.exit(main(sys.argv[1:]))
"""


def opened(folder: Path, key: bytes) -> vault.Vault:
    """Open a vault as the desk does."""
    return vault.open_with_key(folder, bytearray(key), clock=lambda: Moment(1_700_000_000, 0), randomness=os.urandom)


def look(folder: Path, key: bytes) -> tuple[bool, int, str]:
    """Return whether a vault was opened to be read alone, what is wrong with it, and what a writer is told."""
    with opened(folder, key) as one:
        found = len(check.check(one))
        try:
            one.settings.put("name", b"value")
        except VaultError as error:
            return one.read_only, found, error.code
        return one.read_only, found, "written"


def test_where_no_file_may_grow_a_vault_is_read(template_vault: Template, tmp_path: Path) -> None:
    template_vault.copy(tmp_path / "vault")
    words = [sys.executable, "-c", READ, str(tmp_path / "vault"), template_vault.key.hex()]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert done.stdout.split() == ["True", "0", "vault.disk-full"], done.stderr
    assert look(tmp_path / "vault", template_vault.key) == (False, 0, "written")
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of 16 MB, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(place)]
    if not shutil.which("mount") or subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_vault_on_a_full_disk_is_read_and_backed_up_elsewhere(
    template_vault: Template, small_disk: Path, tmp_path: Path
) -> None:
    template_vault.copy(small_disk / "vault")
    with contextlib.suppress(OSError), (small_disk / "fill").open("wb", buffering=0) as fill:
        while fill.write(bytes(4096)):
            pass
    assert look(small_disk / "vault", template_vault.key) == (True, 0, "vault.disk-full")
    with opened(small_disk / "vault", template_vault.key) as one:
        back_up(one, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "restored")
    assert look(tmp_path / "restored", template_vault.key) == (False, 0, "written")
    (small_disk / "fill").unlink()
    assert look(small_disk / "vault", template_vault.key) == (False, 0, "written")


def test_that_the_disk_is_full_is_said_once(office: Office) -> None:
    office.open(NAMES[0]).close()
    (office.folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    words = ["record", "add", str(office.folder / NAMES[0]), "person", "name_kk=Тестов", "--ui-lang", "en"]
    words += ["--passphrase-file", str(office.folder / "passphrase")]
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 1
    assert done.stderr.count("There is no room left on the disk") == 1, done.stderr
    assert "error: vault.disk-full: Not carried out" in done.stderr
