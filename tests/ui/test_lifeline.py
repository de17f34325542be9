"""The supervisor ends, in whatever way, while a real desk holds a real vault: the desk ends and the vault is free."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kzdoc import session

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0

PROGRAM = """
import sys; sys.path.insert(0, {root!r})
from ui.supervisor import Parts, Supervisor
Supervisor(Parts(unlock=(sys.executable, "-c", {unlock!r}), desk=(sys.executable, "-c", {desk!r}))).run()
"""
UNLOCK = """
import sys; sys.path.insert(0, {root!r})
from pathlib import Path
from ui.handover import Handover, send, take_standard_output
pipe = take_standard_output()
if not sys.stdin.readline():
    sys.exit(20)
send(pipe, Handover(Path({folder!r}), bytearray(Path({key!r}).read_bytes())))
"""
DESK = """
import os, sys; sys.path.insert(0, {root!r})
from ui import desk, lifeline
told = desk._tell_supervisor
def opened(folder):
    told(folder)
    os.write(2, b"open %d\\n" % os.getpid())
desk._tell_supervisor = opened
{twin}
sys.exit(desk.main())
"""


def _supervisor(template, tmp_path: Path, twin: str = "") -> subprocess.Popen[bytes]:
    """Start the three processes; the desk's standard error is the pipe, which ends when the last of them has."""
    shutil.copytree(template.folder, tmp_path / "vault")
    (tmp_path / "key").write_bytes(template.key)
    words = {"root": str(ROOT), "folder": str(tmp_path / "vault"), "key": str(tmp_path / "key"), "twin": twin}
    program = PROGRAM.format(root=str(ROOT), unlock=UNLOCK.format(**words), desk=DESK.format(**words))
    around = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    return subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, env=around)


def _wait_open(supervisor: subprocess.Popen[bytes]) -> int:
    """Return the number of the desk's process."""
    assert supervisor.stderr is not None
    while line := supervisor.stderr.readline():
        if line.startswith(b"open "):
            return int(line.split()[1])
    raise AssertionError("the desk did not open")


@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_the_desk_locks_when_its_supervisor_ends(template, tmp_path: Path, end: str) -> None:
    supervisor = _supervisor(template, tmp_path)
    _wait_open(supervisor)
    getattr(supervisor, end)()
    supervisor.communicate(timeout=PATIENCE)  # all that hold the pipe have ended: desk and waiting unlock
    session.open_session_with_key(tmp_path / "vault", bytearray(template.key)).close()


def test_without_the_lifeline_it_would_live_on(template, tmp_path: Path) -> None:
    supervisor = _supervisor(template, tmp_path, "lifeline.Lifeline.hold = lambda *_: None")
    desk = _wait_open(supervisor)
    supervisor.kill()
    with pytest.raises(subprocess.TimeoutExpired):
        supervisor.communicate(timeout=1.5)
    os.kill(desk, signal.SIGKILL)
    supervisor.communicate(timeout=PATIENCE)
