"""The guard against a database library that does not encrypt, for real under a foreign libsqlite3."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from kzdoc.errors import KzdocError, VaultError
from kzdoc.platform import hardening

FOREIGN = "libsqlite3.so.0"
TRY = """
import sys, tempfile
from pathlib import Path
import sqlite3
from kzdoc.platform import hardening
tempfile.tempdir = sys.argv[2]
try:
    library = hardening._load(isolated=sys.argv[1] == "isolated")
except Exception as error:
    print(error)
    raise SystemExit(1)
connection = library.connect(sys.argv[2] + "/vault.db")
connection.set_key(bytearray(b"x'" + b"11" * 48 + b"'"))
hardening.check_encrypting(connection)
connection.execute("create table t (x)")
connection.execute("insert into t values ('canary-canary')")
connection.commit()
print("encrypts")
"""


def run(folder: Path, how: str, preload: str) -> subprocess.CompletedProcess[str]:
    """Load the library in a fresh process whose temporary folder is ``folder``."""
    environment = {**os.environ, "LD_PRELOAD": preload} if preload else dict(os.environ)
    return subprocess.run(
        [sys.executable, "-c", TRY, how, folder], env=environment, capture_output=True, text=True, check=False
    )


def have_foreign() -> bool:
    environment = {**os.environ, "LD_PRELOAD": FOREIGN}
    done = subprocess.run([sys.executable, "-c", ""], env=environment, capture_output=True, check=False)
    return sys.platform == "linux" and not done.stderr


foreign = pytest.mark.skipif(not have_foreign(), reason="no other libsqlite3 on this machine")


def test_the_library_we_ship_is_seen_to_encrypt(tmp_path: Path) -> None:
    assert run(tmp_path, "isolated", "").stdout == "encrypts\n"
    assert (tmp_path / "vault.db").read_bytes()[:15] != b"SQLite format 3"


@foreign
def test_under_a_foreign_library_the_isolated_import_still_encrypts(tmp_path: Path) -> None:
    done = run(tmp_path, "isolated", FOREIGN)
    assert done.stdout == "encrypts\n", done.stderr
    data = (tmp_path / "vault.db").read_bytes()
    assert data[:15] != b"SQLite format 3"
    assert b"canary" not in data


@foreign
def test_with_the_isolation_off_the_guard_alone_refuses_and_creates_nothing(tmp_path: Path) -> None:
    before = set(os.listdir("/dev/shm")) if Path("/dev/shm").is_dir() else set()  # noqa: S108
    done = run(tmp_path, "plain", FOREIGN)
    assert (done.returncode, done.stdout) == (1, "platform.no-encryption\n")
    assert os.listdir(tmp_path) == []
    if before:
        assert {n for n in os.listdir("/dev/shm") if n.startswith("tmp")} <= before  # noqa: S108


@foreign
def test_without_our_guard_the_foreign_library_writes_in_the_clear(tmp_path: Path) -> None:
    """The twin: were this to fail, the two tests above would show nothing."""
    script = (
        "import sys, sqlcipher3.dbapi2 as d\nc = d.connect(sys.argv[1])\nc.execute(\"pragma key = 'secret'\")\n"
        "c.execute('create table t (x)')\nc.commit()\n"
    )
    path = tmp_path / "twin.db"
    environment = {**os.environ, "LD_PRELOAD": FOREIGN}
    subprocess.run([sys.executable, "-c", script, path], env=environment, check=True, capture_output=True)
    assert path.read_bytes()[:15] == b"SQLite format 3"


class Plain(sqlite3.Connection):
    """A library that takes a key, claims to encrypt, and does not."""

    def set_key(self, key: bytearray) -> None:
        """Do nothing with the key."""

    def execute(self, sql: str, *rest: Any) -> Any:
        """Answer what a library that encrypts would answer."""
        claims = {"PRAGMA cipher_version": "select '4.19.0 community'", "PRAGMA cipher_status": "select '1'"}
        return super().execute(claims.get(sql, sql), *rest)


def pretender() -> types.ModuleType:
    library = types.ModuleType("pretender")
    library.connect = lambda path: sqlite3.connect(path, factory=Plain)  # type: ignore[attr-defined]
    library.DatabaseError = sqlite3.DatabaseError  # type: ignore[attr-defined]
    return library


def test_a_library_that_claims_to_encrypt_is_caught_by_what_it_wrote(tmp_path: Path) -> None:
    hardening._try_in_memory(pretender())  # its claims alone would be believed
    with pytest.raises(VaultError) as refused:
        hardening._try_on_disk(pretender(), tmp_path / "probe")
    assert refused.value.code == "platform.no-encryption"


def test_a_library_that_any_key_opens_is_caught(tmp_path: Path) -> None:
    real = hardening.load_sqlcipher()
    library = types.ModuleType("careless")
    library.DatabaseError = real.DatabaseError  # type: ignore[attr-defined]

    class Careless(real.Connection):  # type: ignore[misc, name-defined]
        def set_key(self, key: bytearray) -> None:
            super().set_key(bytearray(b"x'" + b"00" * 48 + b"'"))

    library.connect = lambda path: real.connect(path, factory=Careless)  # type: ignore[attr-defined]
    with pytest.raises(VaultError):
        hardening._try_on_disk(library, tmp_path / "probe")


def test_a_connection_without_a_key_is_refused() -> None:
    connection = hardening.load_sqlcipher().connect(":memory:")
    with pytest.raises(VaultError):
        hardening.check_encrypting(connection)
    connection.close()
    with sqlite3.connect(":memory:") as plain, pytest.raises(VaultError):
        hardening.check_encrypting(plain)
    plain.close()


@pytest.mark.parametrize("name", ["", "xcb", "offscreen", "wayland;xcb", "windows:fontengine=freetype", "cocoa"])
def test_platforms_that_draw_here_are_let_through(name: str) -> None:
    hardening.check_qt_platform({"QT_QPA_PLATFORM": name}, ["kzdoc", "folder"])


@pytest.mark.parametrize(
    ("environment", "arguments"),
    [
        ({"QT_QPA_PLATFORM": "vnc"}, []),
        ({"QT_QPA_PLATFORM": "vnc:port=5900"}, []),
        ({"QT_QPA_PLATFORM": "xcb;vnc"}, []),
        ({"QT_QPA_PLATFORM": "minimalegl"}, []),
        ({"QT_QPA_GENERIC_PLUGINS": "tuiotouch"}, []),
        ({"QT_PLUGIN_PATH": "anywhere"}, []),
        ({}, ["kzdoc", "-platform", "vnc"]),
        ({}, ["kzdoc", "--platform=vnc"]),
        ({}, ["kzdoc", "-plugin", "tuiotouch"]),
    ],
)
def test_every_other_platform_is_refused(environment: dict[str, str], arguments: list[str]) -> None:
    with pytest.raises(KzdocError) as refused:
        hardening.check_qt_platform(environment, arguments)
    assert refused.value.code == "platform.qt-platform"


def test_a_packaged_program_may_name_its_own_plugins_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "kzdoc"), raising=False)
    hardening.check_qt_platform({"QT_PLUGIN_PATH": str(tmp_path / "kzdoc" / "PySide6" / "plugins")})
    listed = f"{tmp_path / 'kzdoc'}{os.pathsep}{tmp_path / 'other'}"
    for elsewhere in (tmp_path / "kzdoc" / ".." / "other", tmp_path / "kzdoc2", listed):
        with pytest.raises(KzdocError):
            hardening.check_qt_platform({"QT_PLUGIN_PATH": str(elsewhere)})
    (tmp_path / "kzdoc").mkdir()
    monkeypatch.chdir(tmp_path / "kzdoc")
    with pytest.raises(KzdocError):
        hardening.check_qt_platform({"QT_QPA_GENERIC_PLUGINS": "tuiotouch"})


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_hardened_process_leaves_no_dump_and_makes_private_files(tmp_path: Path) -> None:
    script = (
        "import ctypes, os, resource, sys; from pathlib import Path; from kzdoc.platform.hardening import *\n"
        "assert harden_process() == (), harden_process()\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0\n"
        "Path(sys.argv[1]).write_bytes(b'')\n"
        "os.abort()\n"
    )
    path = tmp_path / "made"
    done = subprocess.run([sys.executable, "-c", script, path], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == -6, done.stderr
    assert path.stat().st_mode & 0o077 == 0
    assert os.listdir(tmp_path) == ["made"]
