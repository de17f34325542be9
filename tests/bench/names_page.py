"""Redacting a page of 500 words in an unlocked vault that knows 50,000 people, beside one look-up for each word.

The first page after something changed reads the people anew; it is told apart. The bare side knows each person by the
whole words of the name alone and finds no form of them.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from kzdoc.domain.audience import Audience
from kzdoc.names.words import words_of
from kzdoc.publishing import redact
from kzdoc.session import open_session
from tests.bench.corpus import people
from tests.bench.take_in import say
from tests.bench.unlock_and_lock import filled
from tests.leaks.theatre import PASSPHRASE

PROMISED = 0.1
WORDS = 500
SEED = 20_261_122


def page(texts: list[tuple[str, ...]], rng: random.Random) -> str:
    """Return a page in which every tenth sentence names somebody."""
    words: list[str] = []
    while len(words) < WORDS:
        words += rng.choice(texts)[-1].split()[:9] + rng.choice(texts)[rng.randint(0, 2)].split() + ["айтты."]
    return " ".join(words[:WORDS])


def main(count: int = 50_000, pages: int = 20) -> bool:
    """Print the times of a first and of further pages; return whether the promise is kept."""
    texts, rng = people(count), random.Random(SEED)
    with tempfile.TemporaryDirectory() as name:
        filled(Path(name) / "vault", count)
        session = open_session(Path(name) / "vault", PASSPHRASE)
        begin = time.perf_counter()
        redact(session, "Тестов", audience=Audience.PUBLIC, lang="ru")
        first = time.perf_counter() - begin
        spent, bare, spans = [], [], 0
        known = {word.key for one in texts for word in words_of(one[0])}
        for _ in range(pages):
            text = page(texts, rng)
            begin = time.perf_counter()
            spans += len(redact(session, text, audience=Audience.PUBLIC, lang="ru")["spans"])
            spent.append(time.perf_counter() - begin)
            begin = time.perf_counter()
            sum(word.key in known for word in words_of(text))
            bare.append(time.perf_counter() - begin)
        session.close()
    worst, plain = max(spent), sorted(bare)[len(bare) // 2]
    say(f"names_page: {count} people; {pages} other pages of {WORDS} words, {spans} names withheld")
    say(f"names_page: middle {sorted(spent)[pages // 2] * 1000:.0f} ms, worst {worst * 1000:.0f} ms (promised 100)")
    say(f"names_page: bare look-ups {plain * 1000:.1f} ms; the first page after a change {first:.2f} s")
    return worst <= PROMISED


if __name__ == "__main__":
    sys.exit(0 if main(*[int(argument) for argument in sys.argv[1:]]) else 1)
