"""The house keeps its rules: each check is green on a whole tree, and red on one in which a single rule is broken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent.parent.parent
CHECKS = HERE / "packaging" / "checks"
LINT = [
    sys.executable,
    "-c",
    "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c())",
    "--no-cache",
]


def run_check(name: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run one of packaging/checks on a tree."""
    command = [sys.executable, CHECKS / f"{name}.py", root]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a tree, importing nothing from any other."""
    return subprocess.run(LINT, capture_output=True, text=True, check=False, cwd=root, env={"PYTHONPATH": str(root)})


@pytest.fixture(scope="module")
def skeleton(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the program's packages with every module emptied: the same floors, and nothing in them."""
    root = tmp_path_factory.mktemp("skeleton")
    for top in ("kzdoc", "ui"):
        for path in (HERE / top).rglob("*.py"):
            copy = root / path.relative_to(HERE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text('"""Emptied."""\n', encoding="utf-8")
    for name in ("session", "casework"):
        (root / "kzdoc" / f"{name}.py").touch()
    shutil.copy(HERE / "pyproject.toml", root)
    (root / "resources" / "i18n").mkdir(parents=True)
    return root


@pytest.fixture
def tree(skeleton: Path, tmp_path: Path) -> Path:
    """Return a copy of the skeleton that a test may spoil."""
    return shutil.copytree(skeleton, tmp_path / "tree")


def plant(tree: Path, where: str, line: str) -> None:
    """Put a line at the end of a module."""
    path = tree / where
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{line}\n", encoding="utf-8")


# -- floors -------------------------------------------------------------------------------------------------------


def test_the_skeleton_itself_is_green(skeleton: Path) -> None:
    done = lint(skeleton)
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout
    for name in ("system_calls", "network", "sentences"):
        assert run_check(name, skeleton).returncode == 0


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("kzdoc/domain/field.py", "import kzdoc.vault.store"),
        ("kzdoc/domain/field.py", "def late() -> None:\n    from kzdoc.vault import store"),
        ("kzdoc/ledger/merge.py", "from kzdoc.session import Session"),
        ("kzdoc/errors.py", "import kzdoc.encoding"),
        ("kzdoc/crypto/age.py", "from kzdoc.platform import files"),
        ("kzdoc/report/render.py", "from kzdoc.vault import store"),
        ("kzdoc/report/render.py", "def late() -> None:\n    import kzdoc.ledger.merge"),
        ("kzdoc/leakcheck/check.py", "from kzdoc.redaction import view"),
        ("kzdoc/vault/store.py", "from kzdoc.bundle import reader"),
        ("kzdoc/casework.py", "import kzdoc.cli"),
        ("kzdoc/domain/field.py", "import ui.desk"),
        ("ui/desk.py", "from kzdoc.vault import store"),
        ("ui/desk.py", "from kzdoc.cli import frame"),
        ("kzdoc/vault/store.py", "import cryptography.hazmat.primitives.hashes"),
        ("kzdoc/cli/frame.py", "def late() -> None:\n    import sqlcipher3.dbapi2"),
        ("kzdoc/domain/field.py", "import socket"),
        ("kzdoc/vault/store.py", "def late() -> None:\n    import socket"),
        ("ui/desk.py", "def late() -> None:\n    from http.client import HTTPConnection"),
        ("kzdoc/domain/field.py", "from PySide6.QtCore import QObject"),
        ("kzdoc/newroom.py", "ROOM = 1"),
    ],
)
def test_a_planted_import_turns_the_floors_red(tree: Path, where: str, line: str) -> None:
    for module in ("vault/store", "vault/__init__", "bundle/reader", "redaction/view", "cli/frame", "ledger/merge"):
        (tree / "kzdoc" / f"{module}.py").touch()
    (tree / "ui" / "desk.py").touch()
    plant(tree, where, line)
    done = lint(tree)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout or "not listed as layers" in done.stdout, done.stdout


# -- calls of the operating system --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "import fcntl",
        "import ctypes.util",
        "import ctypes\nctypes.CDLL(None)",
        "from ctypes import wintypes",
        "import ctypes\nctypes.windll.kernel32",
        "from msvcrt import locking",
        "def late() -> None:\n    import resource",
        "import os\nos.fsync(1)",
        "import os as o\no.rename('a', 'b')",
        "from os import replace",
        "import os\nif os.name == 'nt':\n    pass",
        "import sys\nif sys.platform == 'win32':\n    pass",
        "import signal\nsignal.SIGKILL",
        "import os\ngetattr(os, 'fork')()",
        "import importlib\nimportlib.import_module('fcntl')",
        "import platform",
        "from pathlib import Path\nPath('a').replace(Path('b'))",
        "from pathlib import Path\nPath('a').rename('b')",
        "import subprocess\nsubprocess.Popen(['x'], start_new_session=True)",
    ],
)
def test_a_planted_system_call_is_caught_outside_platform_and_allowed_inside(tree: Path, line: str) -> None:
    plant(tree, "kzdoc/platform/posix.py", line)
    assert run_check("system_calls", tree).returncode == 0
    plant(tree, "kzdoc/vault/store.py", line)
    done = run_check("system_calls", tree)
    assert done.returncode == 1
    assert "kzdoc/vault/store.py" in done.stdout


def test_ordinary_calls_are_no_system_calls(tree: Path) -> None:
    lines = (
        "import os\nfrom dataclasses import replace\nos.getpid()\n'a'.replace('b', 'c')\nos.environ\nos.fspath('a')\n"
    )
    plant(tree, "kzdoc/vault/store.py", lines + "replace(1, x=2)\nos.urandom(3)")
    assert run_check("system_calls", tree).stdout == ""


# -- network ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "import socket",
        "def late() -> None:\n    import urllib.request",
        "from urllib import request",
        "from PySide6 import QtNetwork",
        "from PySide6.QtNetwork import QTcpSocket",
        "import importlib\nimportlib.import_module('ssl')",
        "from PySide6.QtGui import QDesktopServices\nQDesktopServices.openUrl('x')",
    ],
)
def test_a_planted_way_to_the_network_is_caught(tree: Path, line: str) -> None:
    plant(tree, "ui/desk.py", line)
    assert run_check("network", tree).returncode == 1


DBUS = "from PySide6.QtDBus import QDBusConnection\n"


@pytest.mark.parametrize(
    "line",
    [
        DBUS + "bus = QDBusConnection.systemBus()",
        DBUS + "bus = QDBusConnection.sessionBus()",
        DBUS + "bus = QDBusConnection.connectToPeer('tcp:host=1.2.3.4', 'x')",
        DBUS + "bus = QDBusConnection.connectToBus('tcp:host=1.2.3.4', 'x')",
        DBUS + "bus = QDBusConnection.connectToBus(address, 'x')",
        DBUS + "bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SystemBus, 'x')",
        "from PySide6.QtDBus import QDBusServer",
        "from PySide6.QtDBus import QDBusInterface",
        "from PySide6.QtNetwork import QTcpSocket",
    ],
)
def test_where_the_bus_may_be_spoken_to_no_other_way_out_is_let_through(tree: Path, line: str) -> None:
    plant(tree, "ui/lock_signs.py", line)
    assert run_check("network", tree).returncode == 1


def test_the_bus_is_spoken_to_by_one_file_through_a_socket_of_this_machine(tree: Path) -> None:
    line = DBUS + "bus = QDBusConnection.connectToBus(unix_address(address), 'x')"
    plant(tree, "ui/lock_signs.py", line)
    assert run_check("network", tree).returncode == 0
    plant(tree, "ui/idle.py", line)
    assert run_check("network", tree).returncode == 1


def test_parsing_an_address_is_no_network(tree: Path) -> None:
    plant(tree, "kzdoc/domain/field.py", "from urllib.parse import urlsplit")
    assert run_check("network", tree).returncode == 0


# -- sentences ----------------------------------------------------------------------------------------------------

WHOLE = '{"a.b": "One {n}", "c.d": {"one": "x {n}", "other": "y {n}", "few": "z {n}", "many": "w {n}"}}'


def write_catalogue(tree: Path, name: str = "errors", **spoken: str) -> None:
    for lang in ("en", "ru", "kk"):
        (tree / "resources" / "i18n" / f"{name}.{lang}.json").write_text(spoken.get(lang, WHOLE), encoding="utf-8")


def test_a_whole_catalogue_is_green(tree: Path) -> None:
    write_catalogue(tree)
    plant(tree, "kzdoc/domain/field.py", "raise InputError('a.b', n=1)")
    assert run_check("sentences", tree).stdout == ""


def test_a_code_may_be_given_its_parameters_further_up(tree: Path) -> None:
    write_catalogue(tree)
    plant(tree, "kzdoc/domain/field.py", "raise InputError('a.b')\nraise InputError('a.b', **{'n': 1})")
    assert run_check("sentences", tree).stdout == ""


@pytest.mark.parametrize(
    ("kk", "trouble"),
    [
        ('{"a.b": "One {n}"}', "c.d: is missing"),
        (WHOLE.replace("One {n}", "One"), "lacks the parameters ['n']"),
        (WHOLE.replace("One {n}", ""), "is empty"),
        (WHOLE.replace('"other"', '"others"'), "lacks the plural forms ['other']"),
    ],
)
def test_a_catalogue_that_is_not_whole_is_caught(tree: Path, kk: str, trouble: str) -> None:
    write_catalogue(tree, kk=kk)
    done = run_check("sentences", tree)
    assert done.returncode == 1
    assert trouble in done.stdout


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        ("raise InputError('no.sentence')", "has no sentence"),
        ("raise errors.KzdocError('no.sentence' if x else 'a.b', n=1)", "has no sentence"),
        ("raise VaultError(f'no.{x}')", "no sentence begins so"),
        ("raise VaultError('a.b')", "waits for ['n']"),
    ],
)
def test_an_error_without_its_sentence_is_caught(tree: Path, line: str, trouble: str) -> None:
    write_catalogue(tree)
    plant(tree, "kzdoc/domain/field.py", line)
    done = run_check("sentences", tree)
    assert done.returncode == 1
    assert trouble in done.stdout


# -- addresses ----------------------------------------------------------------------------------------------------


def test_nothing_that_git_keeps_names_a_registry_or_a_place_on_one_machine() -> None:
    done = run_check("addresses", HERE)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "line",
    [
        "https://py" + "pi.org/simple",
        "https://files.python" + "hosted.org/packages/x.whl",
        '"resol' + 'ved": "https://registry.npm' + 'js.org/x.tgz"',
        "--extra-index-" + "url https://example.invalid/simple",
        "deb http://deb.deb" + "ian.org/debian bookworm main",
        "/wo" + "rk/somewhere/.venv",
        "/ho" + "me/daniyar/kzdoc",
    ],
)
def test_a_planted_address_is_caught(tree: Path, line: str) -> None:
    assert run_check("addresses", tree).returncode == 0
    (tree / "notes.txt").write_text(f"first\n{line}\n", encoding="utf-8")
    done = run_check("addresses", tree)
    assert done.returncode == 1
    assert "notes.txt:2:" in done.stdout


# -- pinned requirements ------------------------------------------------------------------------------------------


def test_every_requirement_is_pinned_with_hashes_and_explained() -> None:
    explained = (HERE / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    for name in ("runtime", "dev"):
        asked = {
            re.split(r"[=<>\[ ;]", line)[0].lower()
            for line in (HERE / "requirements" / f"{name}.in").read_text(encoding="utf-8").splitlines()
            if line.strip() and not line.startswith(("#", "-"))
        }
        text = (HERE / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)==\S+(.*(?:\n    .*)*)", text, flags=re.MULTILINE | re.IGNORECASE)
        assert pinned
        assert all("--hash=sha256:" in rest for _, rest in pinned)
        assert {re.sub(r"[._-]+", "-", package) for package in asked} <= {package.lower() for package, _ in pinned}
        assert not {package for package in asked if package not in explained}, "docs/dependencies.md does not explain"


def test_the_program_asks_for_exactly_what_is_pinned_for_running() -> None:
    project = tomllib.loads((HERE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = (HERE / "requirements" / "runtime.in").read_text(encoding="utf-8").split()
    assert sorted(project["dependencies"]) == sorted(line.split("==")[0] for line in asked)


# -- the guards of tests/conftest.py ------------------------------------------------------------------------------

BAD_TESTS = {
    "network": "import socket\ndef test_it():\n    try:\n        socket.socket()\n    except OSError:\n        pass\n",
    "name": "import contextlib, socket\ndef test_it():\n    with contextlib.suppress(OSError):\n"
    "        socket.getaddrinfo('x.invalid', 1)\n",
    "thread": "import threading, time\ndef test_it():\n    threading.Thread(target=time.sleep, args=(9,)).start()\n",
}


@pytest.mark.parametrize("name", sorted(BAD_TESTS))
def test_a_test_that_reaches_out_or_leaves_a_thread_fails(name: str, tmp_path: Path) -> None:
    shutil.copy(HERE / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_bad.py").write_text(BAD_TESTS[name], encoding="utf-8")
    (tmp_path / "test_good.py").write_text("import socket\ndef test_it():\n    socket.socketpair()\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path]
    surroundings = {**os.environ, "PYTHONPATH": str(HERE)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=surroundings)
    assert "1 error" in done.stdout or "1 failed" in done.stdout, done.stdout
    assert "test_good" not in done.stdout.split("short test summary")[-1]


def test_tests_of_the_program_make_no_window() -> None:
    for path in (HERE / "tests" / "kzdoc").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) PySide6", path.read_text(encoding="utf-8"), re.MULTILINE), path


# -- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "data = path.read_bytes()",
        "text = path.read_text(encoding='utf-8')",
        "with path.open('rb') as file: pass",
        "with path.open(mode='r') as file: pass",
        "with path.open('r+b') as file: pass",
        "file = open('name')",
    ],
)
def test_a_planted_reading_without_a_bound_is_caught(tree: Path, line: str) -> None:
    plant(tree, "kzdoc/platform/files.py", line)
    assert run_check("reads", tree).returncode == 0
    plant(tree, "kzdoc/keeping.py", line)
    done = run_check("reads", tree)
    assert done.returncode == 1
    assert "kzdoc/keeping.py" in done.stdout


def test_resources_and_writing_are_no_unbounded_reading(tree: Path) -> None:
    lines = "resource('a', 'b').read_text()\npath.open('xb')\nbox.open(words)\nread_given(path, limit=3)"
    plant(tree, "kzdoc/keeping.py", lines)
    assert run_check("reads", tree).stdout == ""


def test_a_passphrase_has_one_name_in_kazakh() -> None:
    spoken = [path.read_text(encoding="utf-8") for path in (HERE / "resources" / "i18n").glob("*.kk.json")]
    assert not [one for text in spoken for one in re.findall(r"\w+ сөйлем\w*", text) if "ұпия" in one]
    assert any("құпия сөз тіркесі" in text for text in spoken)


# -- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("line", "code"), [("moment.present()", 1), ("moment.Moment(0, 0)", 0)])
def test_a_test_that_uses_a_name_the_program_no_longer_has_is_found(tree: Path, line: str, code: int) -> None:
    shutil.copy(HERE / "kzdoc" / "moment.py", tree / "kzdoc")
    plant(tree, "tests/test_planted.py", f"from kzdoc import moment\n\n\ndef test_it():\n    {line}")
    command = [sys.executable, "-m", "mypy", "--config-file", CHECKS / "tests.ini", "--cache-dir", os.devnull, "tests"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tree)
    assert done.returncode == code, done.stdout
