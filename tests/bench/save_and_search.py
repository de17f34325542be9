"""Saving one record and finding at 10,000 records: real keys, real fsync; the worst of many, against the promise."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kzdoc.crypto.identity import author_of, sign_revision
from kzdoc.ledger.revision import NewEntry, NewStatement, write_revision
from kzdoc.moment import Moment
from kzdoc.vault.truth import verified
from kzdoc.vault.vault import Vault, create
from tests.bench.corpus import FIELDS, Author, born, people
from tests.bench.take_in import PASSPHRASE, say

if TYPE_CHECKING:
    from collections.abc import Sequence

SAVE, FIND = 0.100, 0.050
NOW = Moment(1_700_000_000, 300)


def save(vault: Vault, seed: bytes, record: bytes, fields: dict[str, str]) -> None:
    """Save fields of a record, over what they were."""
    old = vault.records.record(record)
    statements = tuple(
        NewStatement(name, value, old.fields[name][0].refs if old and name in old.fields else ())
        for name, value in fields.items()
    )
    author = author_of(seed)
    place = vault.store.next_place(author)
    entries = [NewEntry(record, "person", statements), *([place.opening] if place.opening else [])]
    revision = write_revision(
        entries,
        sign=lambda skeleton: sign_revision(seed, skeleton),
        author=author,
        chain=place.chain,
        sequence=place.sequence,
        previous=place.previous,
        moment=NOW,
        randomness=os.urandom,
    )
    vault.store.append([revision])


def times_of_saving(vault: Vault, texts: Sequence[tuple[str, ...]]) -> list[float]:
    """Return how long each of 100 saves took: half are new records, half change one that is there."""
    seed = os.urandom(32)
    known = [state.id for state in vault.records.records("person")]
    rng = random.Random(7)
    taken = []
    for turn in range(100):
        record = os.urandom(16) if turn % 2 else rng.choice(known)
        fields = dict(zip(FIELDS, texts[turn], strict=True)) if turn % 2 else {"notes": texts[turn][-1]}
        begin = time.perf_counter()
        save(vault, seed, record, fields)
        taken.append(time.perf_counter() - begin)
    return taken


def times_of_finding(vault: Vault, texts: Sequence[tuple[str, ...]]) -> list[float]:
    """Return how long it took to find what was typed, letter by letter, names and words, in several alphabets."""
    taken = []
    for text in texts[:20]:
        name = text[0]
        for typed in ("т", "ж", "Zhum", "тес", name[:2], name[:4], name, text[1], text[2], text[-1].split()[0], "sot"):
            begin = time.perf_counter()
            vault.records.find(typed, limit=50)
            taken.append(time.perf_counter() - begin)
    return taken


def main(count: int = 10_000) -> bool:
    """Print the worst and the middle; return whether both promises are kept."""
    texts = people(count + 200)
    with tempfile.TemporaryDirectory() as name:
        vault = create(Path(name) / "vault", PASSPHRASE, clock=lambda: NOW, randomness=os.urandom)
        revisions = born(Author(), texts[:count])
        vault.store.accept([verified(one, checked=True) for one in revisions], origin=bytes(32))
        saving = sorted(times_of_saving(vault, texts[count:]))
        finding = sorted(times_of_finding(vault, texts))
        begin = time.perf_counter()
        rows = vault.records.briefs("person")
        listing = time.perf_counter() - begin
        vault.close()
    kept = saving[-1] <= SAVE and finding[-1] <= FIND
    for what, taken, limit in (("save", saving, SAVE), ("find", finding, FIND)):
        worst, middle = taken[-1] * 1e3, taken[len(taken) // 2] * 1e3
        say(f"{what}: {count} records, worst {worst:.1f} ms, middle {middle:.1f} ms (promised {limit * 1e3:.0f})")
    say(f"list: {len(rows)} rows of one kind in order, {listing * 1e3:.1f} ms")
    say("save_and_search: ok" if kept else "save_and_search: TOO SLOW")
    return kept


if __name__ == "__main__":
    sys.exit(0 if main(*[int(argument) for argument in sys.argv[1:]]) else 1)
