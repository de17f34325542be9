"""What of a passphrase is left in memory: nothing when it came as bytes; the twin given as a str leaves copies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CHILD = """
import gc, sys
from kzdoc.crypto.passphrase import KdfParams, derive
from kzdoc.limits import LIMITS

MASK = 0x5A
masked = bytes.fromhex(sys.argv[2])  # never plain on the way in
typed = bytearray(len(masked))  # filled in place: a growing one leaves copies behind
for place, byte in enumerate(masked):
    typed[place] = byte ^ MASK
params = KdfParams(LIMITS.kdf_memory_floor_kib, LIMITS.kdf_iterations_floor, 2, bytes(16))
if sys.argv[1] == "bytes":
    key = derive(typed, params)
else:
    kept = typed.decode()
    key = derive(kept, params)
shown = bytearray(byte ^ MASK for byte in key)
for place in range(len(typed)):
    typed[place] = 0
for place in range(len(key)):
    key[place] = 0
gc.collect()
sys.stdout.write(shown.hex() + "\\n")
sys.stdout.flush()
sys.stdin.readline()
"""
PASSPHRASE = "тюленьжаворонокполынь"  # already in its one spelling


def copies(way: str) -> tuple[int, int]:
    """Return how many copies of the passphrase and of the key a child holds after deriving and wiping."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, way, bytes(byte ^ 0x5A for byte in PASSPHRASE.encode()).hex()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    key = bytes(byte ^ 0x5A for byte in bytes.fromhex(child.stdout.readline().decode()))
    spellings = [PASSPHRASE.encode(), PASSPHRASE.encode("utf-16-le")]  # CPython keeps Cyrillic text as UCS-2
    found = [0, 0]
    with Path(f"/proc/{child.pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{child.pid}/maps").read_text(encoding="utf-8").splitlines():
            span, rights, *rest = line.split()
            if not rights.startswith("rw") or rest[-1] in ("[vvar]", "[vsyscall]"):
                continue
            start, end = (int(word, 16) for word in span.split("-"))
            memory.seek(start)
            try:
                data = memory.read(end - start)
            except OSError:
                continue
            found[0] += sum(data.count(spelling) for spelling in spellings)
            found[1] += data.count(key)
    child.communicate(b"\n", timeout=60)
    return found[0], found[1]


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs Linux's /proc")
def test_bytes_leave_nothing_and_a_str_does():
    assert copies("bytes") == (0, 0)
    assert copies("str")[0] > 0
