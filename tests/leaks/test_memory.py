"""What is in memory: after unlocking the desk has neither the passphrase nor a readable key; after locking nobody has.

The desk keeps records in memory while it is open, and nothing is promised about them (docs/security-target.md): they
serve here to show that the search sees the memory it looks at. The database library holds the key it works with in a
form of its own; kzdoc adds no copy to it.
"""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kzdoc.crypto.passphrase import KdfParams, derive
from kzdoc.session import create_vault
from kzdoc.vault import slots
from tests.leaks import canaries, memory, theatre, trace
from tests.leaks.theatre import PASSPHRASE, Theatre

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534
RECORD = canaries.MARKER.encode("utf-16-le")
rooted = pytest.mark.skipif(bool(memory.WHY_NOT), reason=memory.WHY_NOT)
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def needles(vault: Path) -> dict[str, bytes]:
    """Return the passphrase, the key made of it, and the key of the database, in every form they might lie in."""
    file = slots.read_slot_file(vault)
    number, key = slots.unlock_slot(file, PASSPHRASE)
    _, _, kib, iterations, lanes, salt = slots._SLOT.unpack_from(file.slots[number])
    kek = derive(PASSPHRASE, KdfParams(kib, iterations, lanes, salt))
    return memory.secrets(PASSPHRASE, database_key=bytes(key[:32]), key_and_salt=bytes(key), kek=bytes(kek))


def gone(number: int) -> bool:
    """Tell whether a process has ended, waiting a little for it."""
    end = time.monotonic() + 10
    while Path(f"/proc/{number}/status").exists():
        if "\nState:\tZ" in Path(f"/proc/{number}/status").read_text() or time.monotonic() > end:
            break
        time.sleep(0.05)
    return not Path(f"/proc/{number}/maps").exists() or not Path(f"/proc/{number}/maps").read_text()


def at_the_open_desk(played: Theatre) -> tuple[int, dict[str, bytes]]:
    """Return the desk's process and what must not be in it."""
    played.wait_for("open.ready")
    return played.part("desk"), needles(played.home / "vault")


@rooted
def test_after_unlocking_nobody_has_the_passphrase_or_a_key_and_after_locking_nobody_has_anything(
    tmp_path: Path,
) -> None:
    plan = [["record", "search", "pause:open", "lock"]]
    with theatre.play(tmp_path, plan, traced=False) as played:
        (
            played.control / "slip"
        ).touch()  # a wrong passphrase first; what is left of it is that of nearly the right one
        desk, secret = at_the_open_desk(played)
        family = memory.family(played.process.pid)
        assert {one: found for one in family if (found := memory.copies(one, secret))} == {}
        assert memory.copies(desk, {"record": RECORD}), "the search is blind"
        played.go_on("open")
        played.wait_for("sitting-1")
        time.sleep(1.0)
        assert gone(desk)
        left = memory.family(played.process.pid)
        assert len(left) >= 2, "supervisor and the unlock window"
        secret |= {f"record {name}": data for data, name in canaries.spellings().items() if "NFC utf" in name}
        assert {one: found for one in left if (found := memory.copies(one, secret))} == {}
        assert played.end() == 0
        assert b"HAND" not in played.stderr


@rooted
@pytest.mark.long
def test_a_program_that_keeps_them_is_found(tmp_path: Path) -> None:
    """The twin: a desk that keeps a copy of the key it was handed, a supervisor that learned the passphrase."""
    with theatre.play(tmp_path, [["pause:open", "lock"]], traced=False, twin=True) as played:
        desk, secret = at_the_open_desk(played)
        assert "database_key" in memory.copies(desk, secret)
        played.go_on("open")
        played.wait_for("sitting-1")
        assert "passphrase utf-16-le" in memory.copies(played.process.pid, secret)
        played.end()


CARELESS = """
import sys
from pathlib import Path
from kzdoc.session import open_session
given = Path(sys.argv[2]).read_text(encoding="utf-8-sig").splitlines()[0]
session = open_session(Path(sys.argv[1]), given)
sys.stdin.readline()
print("[]", flush=True)
sys.stdin.readline()
session.close()
"""


def left_in_a_batch(folder: Path, *words: str) -> dict[str, int]:
    """Return what a process that has opened a vault and answered one line still knows."""
    create_vault(folder / "v", PASSPHRASE, author="Тестілеуші").close()
    (folder / "passphrase").write_bytes(codecs.BOM_UTF8 + f"{PASSPHRASE}\r\nекінші жол\n".encode())
    secret = needles(folder / "v")
    own = trace.environment(folder / "home")
    with subprocess.Popen(
        [sys.executable, *words], cwd=folder, env=own, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b"record list person\n")
        child.stdin.flush()
        assert child.stdout.readline() == b"[]\n"
        found = memory.copies(child.pid, secret)
        child.communicate(b"\n", timeout=60)
    return found


@rooted
def test_a_batch_does_not_hold_the_passphrase_it_was_opened_with(tmp_path: Path) -> None:
    assert left_in_a_batch(tmp_path, "-m", "kzdoc.cli", "batch", "v", "--passphrase-file", "passphrase") == {}


@rooted
@pytest.mark.long
def test_a_program_that_opens_with_a_text_would_hold_it(tmp_path: Path) -> None:
    """The twin of the test above."""
    assert "passphrase utf-16-le" in left_in_a_batch(tmp_path, "-c", CARELESS, "v", "passphrase")


KEYING = """
import sys
from kzdoc.platform.hardening import load_sqlcipher
from kzdoc.vault.connection import open_database, wipe
from pathlib import Path
masked = bytes.fromhex(sys.argv[2])
key = bytearray(len(masked))
for place, byte in enumerate(masked):
    key[place] = byte ^ 0x5A
if sys.argv[1] == "bytes":
    database = open_database(Path(sys.argv[3]) / "b.db", key, create=True)
    wipe(key)
else:
    database = load_sqlcipher().connect(sys.argv[3] + "/t.db")
    database.execute(f"PRAGMA key = \\"x'{key.hex()}'\\"")
    database.execute("CREATE TABLE t (x)")
    wipe(key)
sys.stdout.write("\\n")
sys.stdout.flush()
sys.stdin.readline()
"""


def keyed(way: str, folder: Path) -> dict[str, int]:
    """Return what is left of a key in a process that opened a database with it."""
    key = os.urandom(48)
    masked = bytes(byte ^ 0x5A for byte in key).hex()
    command = [sys.executable, "-c", KEYING, way, masked, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        found = memory.copies(child.pid, memory.secrets(key=key[:32], whole=key))
        child.communicate(b"\n", timeout=60)
    return found


@linux
def test_the_database_is_keyed_without_a_copy_left(tmp_path: Path) -> None:
    assert keyed("bytes", tmp_path) == {}


@linux
def test_a_key_given_as_text_leaves_copies(tmp_path: Path) -> None:
    """The twin of the test above."""
    assert keyed("text", tmp_path)


DROP = f"""
import ctypes, os, sys
from kzdoc.platform.hardening import harden_process
if os.geteuid() == 0:
    os.setgroups([])
    os.setresgid({NOBODY}, {NOBODY}, {NOBODY})
    os.setresuid({NOBODY}, {NOBODY}, {NOBODY})
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # as any program is that was started by an ordinary user
"""
LOOKED_AT = """
if sys.argv[1] == "hardened":
    harden_process()
sys.stdout.write("\\n")
sys.stdout.flush()
sys.stdin.readline()
"""
LOOKING = "open(f'/proc/{sys.argv[1]}/mem', 'rb').close()"


def others_can_look(way: str) -> bool:
    """Tell whether another process of the same, ordinary user can open a process's memory."""
    command = [sys.executable, "-c", DROP + LOOKED_AT, way]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline(), "the process did not start"
        looking = [sys.executable, "-c", DROP + LOOKING, str(child.pid)]
        looked = subprocess.run(looking, capture_output=True, check=False, cwd=ROOT)
        child.communicate(b"\n", timeout=60)
    assert looked.returncode == 0 or b"PermissionError" in looked.stderr, looked.stderr.decode()
    return looked.returncode == 0


@linux
def test_other_programs_of_the_same_person_cannot_look_in() -> None:
    assert not others_can_look("hardened")


@linux
def test_without_hardening_they_could() -> None:
    """The twin; a kernel that forbids it by itself (yama) makes it say nothing."""
    scope = Path("/proc/sys/kernel/yama/ptrace_scope")
    if scope.exists() and scope.read_text().strip() != "0":
        pytest.skip("this kernel lets nobody look into a process that is not a child")
    assert others_can_look("plain")
