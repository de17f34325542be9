"""Sealing and opening a file of 1 GB beside the ``age`` tool: from file to file, on the same disk, in turns.

Ours writes and reads hybrid (ML-KEM-768 and X25519) stanzas, the tool X25519 ones; the stream of chunks, which is what
takes the time, is the same format.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kzdoc.crypto.age import HybridIdentity, open_, seal
from tests.bench.take_in import say

if TYPE_CHECKING:
    from collections.abc import Callable

    _Act = Callable[[Path], None]

REQUIRED = 0.80
_BLOCK = 1 << 20


def main(megabytes: int = 1000, rounds: int = 3) -> bool:
    """Print the rates and the ratios; return whether both are enough."""
    tool, maker = shutil.which("age"), shutil.which("age-keygen")
    if tool is None or maker is None:
        say("sealing: NOT COMPARED: the tool age is not here (Debian: apt-get install age)")
        return False
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = folder / "plain"
        with plain.open("wb") as file:
            for _ in range(megabytes * 10**6 // _BLOCK):
                file.write(os.urandom(_BLOCK))
        identity = HybridIdentity.generate(os.urandom)
        key = folder / "key"
        made = subprocess.run([maker, "-o", str(key)], capture_output=True, text=True, check=True)
        recipient = made.stderr.split()[-1]
        acts = {
            "sealing": (
                lambda out: _seal(plain, out, identity),
                lambda out: _tool([tool, "-r", recipient, "-o", str(out), str(plain)]),
            ),
            "opening": (
                lambda out: _open(folder / "sealing-ours", out, identity),
                lambda out: _tool([tool, "-d", "-i", str(key), "-o", str(out), str(folder / "sealing-theirs")]),
            ),
        }
        kept = [_beside(what, both, folder, rounds, plain.stat().st_size) for what, both in acts.items()]
        return all(kept)


def _beside(what: str, both: tuple[_Act, _Act], folder: Path, rounds: int, size: int) -> bool:
    """Do it in turns, print the best of each and return whether ours is fast enough."""
    best = {"ours": float("inf"), "theirs": float("inf")}
    for _ in range(rounds):
        for whose, act in (("theirs", both[1]), ("ours", both[0])):
            out = folder / f"{what}-{whose}"
            out.unlink(missing_ok=True)
            begin = time.perf_counter()
            act(out)
            best[whose] = min(best[whose], time.perf_counter() - begin)
    ratio = best["theirs"] / best["ours"]
    rates = [f"{name} {size / best[whose] / 1e6:6.0f} MB/s" for name, whose in (("age", "theirs"), ("kzdoc", "ours"))]
    fine = f"(required {REQUIRED:.2f}) {'ok' if ratio >= REQUIRED else 'TOO SLOW'}"
    say(f"sealing: {what} {size / 1e6:.0f} MB; {'   '.join(rates)}   ratio {ratio:.2f} {fine}")
    return ratio >= REQUIRED


def _seal(source: Path, target: Path, identity: HybridIdentity) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        seal(reading, writing, recipients=[identity.recipient], randomness=os.urandom)


def _open(source: Path, target: Path, identity: HybridIdentity) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        open_(reading, writing, identity=identity)


def _tool(command: list[str]) -> None:
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(0 if main(*[int(argument) for argument in sys.argv[1:]]) else 1)
