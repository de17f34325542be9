"""Redacting a page of 500 words in an unlocked vault that knows 50,000 people, beside one look-up for each word.

Names are as often borne as in life (named_people.py), every person has a number and an address, one in five may be
named. Told apart: filing the names once after a bundle was taken in; the first page of a vault just unlocked; pages
each right after somebody was entered and somebody corrected; further pages. Processor time is what counts, for other
work on the machine does not change it; the wall clock is told beside it. The bare side knows each person by the whole
words of the name alone and finds no form of them. What was loaded before is kept from the collector of garbage, as
ui/desk.py does: the people this bench holds by itself are in no vault's memory. Told besides, without a
promise: a public paper of a case with one such page right after a change, with its leak check, for which everybody is
read.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from kzdoc import naming
from kzdoc.casework import Change, add, change
from kzdoc.domain.audience import Audience
from kzdoc.ledger.revision import NewEntry, NewStatement
from kzdoc.moment import Moment
from kzdoc.names.cases import kazakh_forms, russian_cases
from kzdoc.names.words import words_of
from kzdoc.publishing import preview
from kzdoc.reviewing import redact
from kzdoc.session import Session, create_vault, open_session
from kzdoc.vault.truth import verified
from tests.bench.corpus import Author
from tests.bench.named_people import Someone, named
from tests.bench.take_in import say
from tests.corpus.sentences import neutral_sentences
from tests.leaks.theatre import PASSPHRASE

PROMISED = 0.1
WORDS = 500
SEED = 20_261_122
PART = 5_000
BASES = ("none", "none", "none", "none", "official", "already_public")

Spent = tuple[float, float]
"""Seconds of the processor, and of the clock on the wall."""


def written(one: Someone, rng: random.Random) -> str:
    """Return a person as a text has them: whole, in part, in any case."""
    gender, case = "f" if one.woman else "m", rng.randrange(6)
    surname, given = (russian_cases(word, gender)[case] for word in (one.surname, one.given))
    forms = (
        f"{surname} {given}", f"{given} {surname}", surname, given, f"{one.given[0]}. {surname}",
        f"{one.surname} {rng.choice(kazakh_forms(one.given))}", rng.choice(kazakh_forms(one.surname)), one.latin,
        one.kazakh,
    )  # fmt: skip
    return rng.choice(forms)


def page(people: Sequence[Someone], plain: Sequence[str], rng: random.Random) -> str:
    """Return a page in which somebody is met about every thirteen words."""
    words: list[str] = []
    while len(words) < WORDS:
        words += [*rng.choice(plain).split()[:11], *written(rng.choice(people), rng).split()]
    return " ".join(words[:WORDS])


def filled(folder: Path, people: Sequence[Someone], rng: random.Random) -> None:
    """Make a vault of these people."""
    session = create_vault(folder, PASSPHRASE, author="Тестілеуші", clock=lambda: Moment(int(time.time()), 300))
    author = Author()
    for start in range(0, len(people), PART):
        part = [author.revision([entry(one, rng)]) for one in people[start : start + PART]]
        session.store.accept([verified(one, checked=True) for one in part], origin=start.to_bytes(32, "big"))
    session.close()


def entry(one: Someone, rng: random.Random) -> NewEntry:
    """Return the record of a person."""
    street = rng.choice(("Мысал", "Үлгі", "Сынақ", "Ақжол", "Теңіз"))
    said: dict[str, object] = {
        "name_kk": one.kazakh,
        "name_ru": one.russian,
        "name_latin": one.latin,
        "sex": "female" if one.woman else "male",
        "born": f"{rng.randint(1940, 2004)}",
        "iin": f"{rng.randrange(10**12):012}",
        "phone": f"+7701{rng.randrange(10**7):07}",
        "naming_basis": rng.choice(BASES),
        "address": {"text": f"{street} көшесі, {rng.randint(1, 200)}"},
    }
    return NewEntry(os.urandom(16), "person", tuple(NewStatement(name, value) for name, value in said.items()))


def spent(act: Callable[[], object]) -> Spent:
    """Return what an act took."""
    wall, processor = time.perf_counter(), time.process_time()
    act()
    return time.process_time() - processor, time.perf_counter() - wall


def told(what: str, times: Sequence[Spent]) -> None:
    """Print the middle and the worst."""
    processor, wall = (sorted(one) for one in zip(*times, strict=True))
    middle = len(times) // 2
    say(
        f"names_page: {what}: middle {processor[middle] * 1000:.0f} ms, worst {processor[-1] * 1000:.0f} ms of the"
        f" processor; on the wall {wall[middle] * 1000:.0f} and {wall[-1] * 1000:.0f}"
    )


def paper(session: Session, text: str, somebody: bytes) -> list[Spent]:
    """Make a public paper of a case twice, each right after somebody was corrected; return what each took."""
    case = add(session, "event", [Change("title", "set", "Сход"), Change("response", "set", text)])
    reader = {"recipient": "x", "purpose": "y", "template": "case-file"}
    times = []
    for word in ("Ерлан", "Ғалым"):
        change(session, somebody, [Change("name_ru", "set", f"Мысалов {word}")])
        times.append(spent(lambda: preview(session, case, audience=Audience.PUBLIC, lang="ru", **reader)))
    return times


def main(count: int = 50_000, pages: int = 20) -> bool:
    """Print the times of all sorts of pages; return whether the promise is kept by each of them."""
    rng = random.Random(SEED)
    people = named(count)
    plain = [one.text for one in neutral_sentences()]
    known = {word.key for one in people for word in words_of(one.kazakh)}
    with tempfile.TemporaryDirectory() as name:
        filled(Path(name) / "vault", people, rng)
        gc.collect()
        gc.freeze()
        session = open_session(Path(name) / "vault", PASSPHRASE)
        once = spent(lambda: naming.catch_up(session))
        session.close()
        first, after, further, bare, spans = [], [], [], [], 0

        def read(session: Session) -> None:
            nonlocal spans
            text = page(people, plain, rng)
            times = spent(lambda: redact(session, text, audience=Audience.PUBLIC, lang="ru"))
            spans += len(redact(session, text, audience=Audience.PUBLIC, lang="ru")["spans"])
            said.append(times)
            bare.append(spent(lambda: sum(word.key in known for word in words_of(text))))

        for _ in range(3):
            said = first
            session = open_session(Path(name) / "vault", PASSPHRASE)
            read(session)
            session.close()
        session = open_session(Path(name) / "vault", PASSPHRASE)
        for number in range(pages):
            said = further
            read(session)
            somebody = add(session, "person", [Change("name_ru", "set", f"Тестов{number} Данияр")])
            said = after
            read(session)
            change(session, somebody, [Change("name_ru", "set", f"Мысалов{number} Данияр")])
            read(session)
        papers = paper(session, page(people, plain, rng), somebody)
        session.close()
    say(f"names_page: {count} people, {len(known)} words of their names; {spans} names withheld")
    say(f"names_page: filing them once: {once[0]:.1f} s of the processor, {once[1]:.1f} on the wall")
    told("first page after unlocking", first)
    told("page right after a change", after)
    told("further pages", further)
    told("bare look-ups", bare)
    told("a public paper of one case right after a change", papers)
    kept = max(one for times in (first, after, further) for one, _ in times) <= PROMISED
    verdict = "ok" if kept else "TOO SLOW"
    say(f"names_page: promised {PROMISED * 1000:.0f} ms each {verdict}; load {os.getloadavg()[0]:.1f}")
    return kept


if __name__ == "__main__":
    sys.exit(0 if main(*[int(argument) for argument in sys.argv[1:]]) else 1)
