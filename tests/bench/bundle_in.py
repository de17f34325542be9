"""Taking a whole bundle file in, beside the bare side of take_in.py: from the sealed file to the last projection.

What take_in.py leaves out is in here: both reading processes, age, signatures, decoding, digests, the preview's counts
and one transaction.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from kzdoc.bundle.items import Introduction
from kzdoc.bundle.writer import FOR_STICKS, Addressee, write_bundle
from kzdoc.exchange import incoming
from kzdoc.progress import silent
from kzdoc.session import create_vault
from tests.bench.corpus import Author, born, people
from tests.bench.take_in import PASSPHRASE, REQUIRED, bare, say
from tests.offices import meet


def main(count: int = 10_000, rounds: int = 3) -> bool:
    """Print the rates and the ratio; return whether the ratio is enough."""
    texts = people(count)
    author = Author()
    revisions = born(author, texts)
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sender = create_vault(folder / "sender", PASSPHRASE, author="sender")
        for turn in range(rounds):
            theirs.append(bare(_made(folder / f"bare-{turn}"), texts))
            reader = create_vault(folder / f"reader-{turn}", PASSPHRASE, author=f"reader-{turn}")
            meet([sender, reader])
            file = folder / f"bundle-{turn}"
            write_bundle(
                [Introduction([(author.key, "author")]), *revisions],
                sender=sender.signer(),
                recipients=[Addressee(reader.identity().recipient, 1)],
                target=file,
                volume_size=FOR_STICKS,
                office=b"",
                practice=False,
                created_day="2026-03-02",
                randomness=os.urandom,
                progress=silent,
            )
            begin = time.perf_counter()
            told = incoming.take(reader, [file])
            ours.append(time.perf_counter() - begin)
            reader.close()
            if told["new"] != count:
                raise SystemExit("bundle_in: records are missing")
        sender.close()
    mine, other = min(ours), min(theirs)
    ratio = other / mine
    say(f"bundle_in: {count} revisions from a sealed file; best of {rounds} on either side")
    say(f"bundle_in: bare {count / other:8.0f} rows/s   bundle {count / mine:8.0f} revisions/s")
    say(f"bundle_in: ratio {ratio:.2f} (wished {REQUIRED:.2f})")
    return ratio >= REQUIRED


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


if __name__ == "__main__":
    sys.exit(0 if main(*[int(argument) for argument in sys.argv[1:]]) else 1)
