"""The supervisor with real processes in the places of unlock and desk: little programs that say what they saw."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kzdoc.errors import KzdocError
from ui.supervisor import Parts, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SECRET = "5ec4e7" * 10

UNLOCK = """
import json, os, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from ui.handover import Handover, send, take_standard_output
log = open({log!r}, "a")
pipe = take_standard_output()
print("noise that must not reach the desk")
line = sys.stdin.readline()
if not line:
    log.write("unlock dismissed\\n"); sys.exit(20)
told = json.loads(line)
log.write(f"unlock {{told['show']}} {{told['vault']}}\\n")
answers = {answers!r}
turn = sum(1 for row in open({log!r}) if row.startswith("unlock ") and "dismissed" not in row)
answer = answers[min(turn, len(answers) - 1)]
log.close()
if answer == "open":
    send(pipe, Handover(Path("/vaults/one"), bytearray(b"{secret}")))
    sys.exit(0)
if answer == "die":
    os._exit(3)
sys.exit(20)
"""

DESK = """
import json, os, sys
sys.path.insert(0, {root!r})
from ui.handover import receive
got = receive()
log = open({log!r}, "a")
if got is None:
    log.write("desk nothing\\n"); sys.exit(11)
log.write(f"desk {{got.folder}} {{bytes(got.key).decode() == {secret!r}}}\\n")
print(json.dumps({{"vault": str(got.folder)}}), flush=True)
ends = {ends!r}
turn = sum(1 for row in open({log!r}) if row.startswith("desk /"))
log.close()
end = ends[min(turn, len(ends) - 1)]
os._exit(end)
"""


def _run(tmp_path: Path, *, answers: list[str], ends: list[int]) -> tuple[int, list[str]]:
    log = tmp_path / "log"
    log.touch()
    words = {"root": str(ROOT), "log": str(log), "answers": answers, "ends": ends, "secret": SECRET}
    parts = Parts(
        unlock=(sys.executable, "-c", UNLOCK.format(**words)), desk=(sys.executable, "-c", DESK.format(**words))
    )
    status = Supervisor(parts).run()
    return status, log.read_text().splitlines()


def test_open_then_quit(tmp_path) -> None:
    status, log = _run(tmp_path, answers=["open"], ends=[0])
    assert status == 0
    assert sorted(log) == sorted(["unlock first ", "desk /vaults/one True", "unlock dismissed"])


def test_lock_shows_the_lock_screen_of_the_same_vault(tmp_path) -> None:
    status, log = _run(tmp_path, answers=["open", "open"], ends=[10, 0])
    assert status == 0
    assert [row for row in log if row.startswith("unlock") and "dismissed" not in row] == [
        "unlock first ",
        "unlock locked /vaults/one",
    ]


SLOW_DESK = """
import json, os, sys, time
sys.path.insert(0, {root!r})
from ui.handover import receive
from ui.supervisor import LOCKING
got = receive()
if got is None:
    open({log!r}, "a").write("desk nothing\\n"); sys.exit(11)
turn = open({log!r}).read().count("desk opened")
open({log!r}, "a").write("desk opened\\n")
print(json.dumps({{"vault": str(got.folder)}}), flush=True)
if turn:
    os._exit(0)
os.write(1, LOCKING)
for _ in range(2000):
    if "unlock locked /vaults/one" in open({log!r}).read():
        open({log!r}, "a").write("desk saw the lock screen\\n")
        break
    time.sleep(0.01)
os._exit(10)
"""


def test_the_lock_screen_is_there_while_the_desk_still_saves_and_the_next_desk_waits_for_its_end(tmp_path) -> None:
    log = tmp_path / "log"
    log.touch()
    words = {"root": str(ROOT), "log": str(log), "answers": ["open", "open"], "secret": SECRET}
    slow = (sys.executable, "-c", SLOW_DESK.format(**words))
    assert Supervisor(Parts(unlock=(sys.executable, "-c", UNLOCK.format(**words)), desk=slow)).run() == 0
    rows = [row for row in log.read_text().splitlines() if "dismissed" not in row]
    assert rows == [
        "unlock first ",
        "desk opened",
        "unlock locked /vaults/one",
        "desk saw the lock screen",
        "desk opened",
    ]


def test_a_crash_says_that_all_is_kept(tmp_path) -> None:
    status, log = _run(tmp_path, answers=["open", "closed"], ends=[77])
    assert status == 0
    assert "unlock crashed /vaults/one" in log
    assert log[-1] == "desk nothing"


def test_closing_the_unlock_window_quits(tmp_path) -> None:
    status, log = _run(tmp_path, answers=["closed"], ends=[0])
    assert (status, log) == (0, ["unlock first ", "desk nothing"])


def test_crashing_again_and_again_is_given_up(tmp_path) -> None:
    with pytest.raises(KzdocError, match=r"desk\.cannot-start"):
        _run(tmp_path, answers=["die"], ends=[0])


def test_what_cannot_be_started(tmp_path) -> None:
    parts = Parts(unlock=(str(tmp_path / "nothing"),), desk=(str(tmp_path / "nothing"),))
    with pytest.raises(KzdocError, match=r"desk\.cannot-start"):
        Supervisor(parts).run()


def test_the_supervisor_never_holds_the_key(tmp_path) -> None:
    """Ask a real supervisor for its own memory while the desk works: the key is in none of it."""
    log = tmp_path / "log"
    log.touch()
    words = {"root": str(ROOT), "log": str(log), "answers": ["open"], "ends": [0], "secret": SECRET}
    unlock = UNLOCK.format(**words)
    looks = (
        "import os, sys; sys.path.insert(0, {root!r})\n"
        "from ui.handover import receive\n"
        "got = receive()\n"
        "wanted = bytes(got.key)\n"
        "found = wanted in memory(os.getppid())\n"
        "itself = wanted in memory(os.getpid())\n"
        "open({log!r}, 'a').write(f'parent {{found}} self {{itself}}\\n')\n"
    ).format(**words)
    memory = (
        "def memory(pid):\n"
        "    import re\n"
        "    data = b''\n"
        "    with open(f'/proc/{pid}/mem', 'rb', 0) as mem:\n"
        "        for line in open(f'/proc/{pid}/maps'):\n"
        "            if ' rw' in line:\n"
        "                a, b = (int(x, 16) for x in line.split()[0].split('-'))\n"
        "                try:\n"
        "                    mem.seek(a); data += mem.read(b - a)\n"
        "                except (OSError, ValueError, OverflowError): pass\n"
        "    return data\n"
    )
    key_free = unlock.replace(f'b"{SECRET}"', f"bytes(reversed({SECRET[::-1].encode()!r}))")
    parts = Parts(unlock=(sys.executable, "-c", key_free), desk=(sys.executable, "-c", memory + looks))
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from ui.supervisor import Parts, Supervisor\n"
        f"Supervisor(Parts(unlock={parts.unlock!r}, desk={parts.desk!r})).run()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=False, timeout=60)
    assert "parent False self True" in log.read_text()
