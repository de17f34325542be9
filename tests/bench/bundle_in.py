"""Taking a whole bundle in, beside the bare side of take_in.py: from the sealed files to the last projection.

What take_in.py leaves out is in here: the reading processes, age, signatures, decoding, digests, the preview's counts
and one transaction. It is done in a process of its own, so that its memory is that of taking in alone (unlocking,
which takes 256 MiB by design, is over by then). 10,000 are also merged by a tool for keeping entries in an encrypted
file, which signs nothing, sends nothing and makes no index.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kzdoc.bundle.items import Introduction
from kzdoc.bundle.writer import FOR_STICKS, Addressee, write_bundle
from kzdoc.exchange import incoming
from kzdoc.progress import silent
from kzdoc.session import create_vault, open_session
from tests.bench import keepass
from tests.bench.corpus import Author, born, people
from tests.bench.take_in import PASSPHRASE, bare, say
from tests.offices import meet

REQUIRED = {10_000: 0.25, 100_000: 0.35}
MEMORY = 300
"""Megabytes that taking in may need, in any of its processes."""

BESIDE = 10_000
"""So many entries, and no more, are merged by the other tool."""

_TAKE = "--take"


def main(count: int = 10_000, rounds: int = 3) -> bool:
    """Print the rates and the ratio; return whether the ratio is enough and the memory small enough."""
    texts = people(count)
    ours, theirs, memory = [], [], []
    beside = "not compared, for it takes with the square of their number"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _sealed(folder, texts)
        for turn in range(rounds):
            there = folder / f"turn-{turn}"
            there.mkdir()
            theirs.append(bare(there, texts))
            shutil.copytree(folder / "reader", there / "reader")
            seconds, megabytes = _taken_by_another(there / "reader", count)
            ours.append(seconds)
            memory.append(megabytes)
            shutil.rmtree(there)
        if count <= BESIDE:
            beside = f"{count / keepass.merging(folder, texts):8.0f} entries/s" if keepass.there() else keepass.MISSING
    mine, other, most = min(ours), min(theirs), max(memory)
    ratio, required = other / mine, REQUIRED.get(count, 0)
    fine = ratio >= required and most <= MEMORY
    say(f"bundle_in: {count} revisions from a sealed bundle; best of {rounds} on either side")
    say(f"bundle_in: bare {count / other:8.0f} rows/s   bundle {count / mine:8.0f} revisions/s")
    say(f"bundle_in: keepassxc-cli merge {beside}")
    verdict = "ok" if fine else "NOT KEPT"
    say(f"bundle_in: ratio {ratio:.2f} (required {required:.2f}), at most {most} MB (allowed {MEMORY}) {verdict}")
    return fine


def _taken_by_another(reader: Path, count: int) -> tuple[float, int]:
    """Have another process take the bundle in; return its seconds and the megabytes it or a child of its needed."""
    command = [sys.executable, "-m", "tests.bench.bundle_in", _TAKE, str(reader), str(count)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
    return float(told[0]), int(told[1])


def take(folder: Path, count: int) -> str:
    """Take the bundle two folders up into a vault; return the seconds and megabytes."""
    reader = open_session(folder, PASSPHRASE)
    files = sorted(folder.parents[1].joinpath("bundle").iterdir())
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # what unlocking needed is not asked about
    begin = time.perf_counter()
    told = incoming.take(reader, files)
    taken = time.perf_counter() - begin
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    most = max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    reader.close()
    if told["new"] != count:
        raise SystemExit("bundle_in: records are missing")
    return f"{taken} {most // 1000}"


def _sealed(folder: Path, texts: list[tuple[str, ...]]) -> None:
    """Make a reader's vault and, beside it, a bundle for it with a revision for each person."""
    author = Author()
    sender = create_vault(folder / "sender", PASSPHRASE, author="sender")
    reader = create_vault(folder / "reader", PASSPHRASE, author="reader")
    meet([sender, reader])
    (folder / "bundle").mkdir()
    write_bundle(
        [Introduction([(author.key, "author")]), *born(author, texts)],
        sender=sender.signer(),
        recipients=[Addressee(reader.identity().recipient, 1)],
        target=folder / "bundle" / "volume",
        volume_size=FOR_STICKS,
        office=b"",
        practice=False,
        created_day="2026-03-02",
        randomness=os.urandom,
        progress=silent,
    )
    sender.close()
    reader.close()


if __name__ == "__main__":
    if sys.argv[1:2] == [_TAKE]:
        say(take(Path(sys.argv[2]), int(sys.argv[3])))
        sys.exit(0)
    sys.exit(0 if main(*[int(argument) for argument in sys.argv[1:]]) else 1)
