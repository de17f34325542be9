"""A fault of ours tells its kind and place, never a value; a crash leaves no image of the memory on the disk."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.leaks import canaries

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="core dumps are looked for as Linux writes them")
HARDEN = "from kzdoc.platform.hardening import harden_process; harden_process()\n"
FAULTS = {
    "at the top": "raise ValueError(VALUE)",
    "with a cause": "try:\n    int(VALUE)\nexcept ValueError as error:\n    raise KeyError(VALUE) from error",
    "on a thread": "import threading\ndef work():\n    raise ValueError(VALUE)\n"
    "thread = threading.Thread(target=work, name=VALUE)\nthread.start()\nthread.join()",
    "while forgetting": "class Record:\n    def __repr__(self): return VALUE\n"
    "    def __del__(self): raise ValueError(VALUE)\nrecord = Record()\ndel record",
    "in a slot": "import os\nos.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
    "from PySide6.QtCore import QCoreApplication, QTimer\napp = QCoreApplication([])\n"
    "def slot():\n    raise ValueError(VALUE)\n"
    "QTimer.singleShot(0, slot)\nQTimer.singleShot(50, app.quit)\napp.exec()",
}


def told(fault: str, *, hardened: bool) -> bytes:
    """Return what a program with a fault says on both streams."""
    head = HARDEN if hardened else ""
    code = f"import sys\nsys.stdin.reconfigure(encoding='utf-8')\nVALUE = sys.stdin.read()\n{head}{fault}"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code],
        cwd=ROOT,
        input=canaries.value("ақау").encode(),
        capture_output=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("where", sorted(FAULTS))
def test_a_fault_is_told_without_a_value(where: str) -> None:
    said = told(FAULTS[where], hardened=True)
    assert b"kzdoc: " in said
    assert b"Traceback" not in said
    assert canaries.search(said) == []


@pytest.mark.parametrize("where", sorted(FAULTS))
def test_python_alone_would_tell_the_value(where: str) -> None:
    """The twin of each."""
    assert canaries.search(told(FAULTS[where], hardened=False))


CRASH = """
import os, resource, signal, sys
VALUE = sys.stdin.read()
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
if sys.argv[1] == "hardened":
    sys.path.insert(0, sys.argv[2])
    from kzdoc.platform.hardening import harden_process
    harden_process()
number = getattr(signal, sys.argv[3])
if number != signal.SIGKILL:
    signal.signal(number, signal.SIG_DFL)  # a program started in the background ignores some of them
os.kill(os.getpid(), number)
"""


def cores(folder: Path, way: str, number: str) -> list[Path]:
    """Return what a crash leaves in the folder the program worked in."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", CRASH, way, str(ROOT), number],
        cwd=folder,
        input=canaries.value("құлау").encode(),
        check=False,
        capture_output=True,
    )
    assert done.returncode < 0
    return sorted(folder.iterdir())


@linux
@pytest.mark.parametrize("number", ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGQUIT"])
def test_a_crash_leaves_no_core(tmp_path: Path, number: str) -> None:
    assert cores(tmp_path, "hardened", number) == []


@linux
def test_without_hardening_the_core_holds_the_value(tmp_path: Path) -> None:
    """The twin; a system that gives cores to a program of its own, or none at all, makes it say nothing."""
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    left = cores(tmp_path, "plain", "SIGSEGV")
    if not left and (pattern.startswith(("|", "/")) or not _may_dump()):
        pytest.skip("this system writes no core here")
    assert any(canaries.search(path.read_bytes()) for path in left)


def _may_dump() -> bool:
    import resource

    return resource.getrlimit(resource.RLIMIT_CORE)[1] != 0
