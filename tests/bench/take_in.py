"""Taking in revisions beside bare SQLCipher + FTS5 that inserts one row a record with the same text; one run, a ratio.

Both sides write with the same settings (real keys, WAL, FULL, real fsync) in one transaction. The bare side checks
nothing and keeps one table row and one contentless index row a record. Ours gets revisions that were parsed and
verified (that is done once, for the preview) and writes truth, projection, facets and search.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from kzdoc.crypto.identity import verify_revision
from kzdoc.ledger.history import verify_run
from kzdoc.moment import Moment
from kzdoc.vault.connection import open_database
from kzdoc.vault.truth import verified
from kzdoc.vault.vault import create
from tests.bench.corpus import FIELDS, Author, born, people

REQUIRED = 0.25
PASSPHRASE = "сынақ түбі сары алтын тұнық бұлақ суы"


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def bare(folder: Path, texts: list[tuple[str, ...]]) -> float:
    """Return the seconds the bare side takes."""
    database = open_database(folder / "bare.db", bytearray(os.urandom(48)), create=True)
    database.run(f"CREATE TABLE record (number INTEGER PRIMARY KEY, {', '.join(FIELDS)})")
    database.run("CREATE VIRTUAL TABLE search USING fts5 (words, content='', contentless_delete=1)")
    rows = [(number, *one) for number, one in enumerate(texts)]
    words = [(number, " ".join(one)) for number, one in enumerate(texts)]
    begin = time.perf_counter()
    with database.transaction():
        database.run_many(f"INSERT INTO record VALUES ({', '.join('?' * (len(FIELDS) + 1))})", rows)  # noqa: S608 - marks only
        database.run_many("INSERT INTO search (rowid, words) VALUES (?, ?)", words)
    taken = time.perf_counter() - begin
    database.close()
    return taken


def main(count: int = 10_000, rounds: int = 7) -> bool:
    """Print the rates and the ratio; return whether the ratio is enough."""
    texts = people(count)
    revisions = born(Author(), texts)
    begin = time.perf_counter()
    verify_run(revisions, verify=verify_revision)
    run = time.perf_counter() - begin
    begin = time.perf_counter()
    incoming = [verified(revision, checked=False) for revision in revisions]
    layers = time.perf_counter() - begin
    ours, theirs = [], []
    for turn in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            theirs.append(bare(Path(name), texts))
            vault = create(
                Path(name) / "vault", PASSPHRASE, clock=lambda: Moment(1_700_000_000, 300), randomness=os.urandom
            )
            begin = time.perf_counter()
            changes = vault.store.accept(incoming, origin=turn.to_bytes(32, "big"))
            ours.append(time.perf_counter() - begin)
            vault.close()
        if len(changes.records) != count:
            raise SystemExit("take_in: records are missing")
    mine, other = min(ours), min(theirs)
    ratio = other / mine
    say(f"take_in: {count} revisions of {len(FIELDS)} fields; best of {rounds} on either side")
    say(f"take_in: before that, once a bundle: run of signatures {run:.3f} s, layers against digests {layers:.3f} s")
    say(f"take_in: bare {count / other:8.0f} rows/s   vault {count / mine:8.0f} revisions/s")
    say(f"take_in: ratio {ratio:.2f} (required {REQUIRED:.2f}) {'ok' if ratio >= REQUIRED else 'TOO SLOW'}")
    say(f"take_in: with verifying the layers {other / (mine + layers):.2f}")
    return ratio >= REQUIRED


if __name__ == "__main__":
    sys.exit(0 if main(*[int(argument) for argument in sys.argv[1:]]) else 1)
