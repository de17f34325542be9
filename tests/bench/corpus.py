"""Clearly invented people and accounts for the benches: Zipf-like words, so that words repeat as they do in life."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

from kzdoc.crypto.identity import author_of, sign_revision
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision, write_revision
from kzdoc.moment import Moment

if TYPE_CHECKING:
    from collections.abc import Sequence

FIELDS = ("name_kk", "name_ru", "name_latin", "born", "sex", "iin", "naming_basis", "notes")
_SURNAMES = ("Тестов", "Мысалов", "Үлгіқызы", "Сынақова", "Жұмағұлов", "Құлыншақ", "Бейнелиев", "Әңгімеұлы")
_NAMES = ("Данияр", "Айгүл", "Әсем", "Ғалым", "Нұрлан", "Қарлығаш", "Өмір", "Шолпан", "Іңкәр", "Мадина")
_SYLLABLES = ("ба", "қа", "ұс", "тал", "ды", "сот", "тер", "геу", "әл", "ның", "ға", "жер", "ше", "бір", "күн", "мен")


def vocabulary(rng: random.Random, size: int = 6000) -> tuple[list[str], list[float]]:
    """Return invented words and the weights with which they are used."""
    words = ["".join(rng.choice(_SYLLABLES) for _ in range(rng.randint(1, 5))) for _ in range(size)]
    return words, [1 / (rank + 10) for rank in range(size)]


def people(count: int, seed: int = 1) -> list[tuple[str, ...]]:
    """Return ``count`` invented people: a value for each of FIELDS, the last an account of 40 words."""
    rng = random.Random(seed)
    words, weights = vocabulary(rng)
    return [
        (
            f"{rng.choice(_SURNAMES)} {rng.choice(_NAMES)} {rng.choice(words)}",
            f"{rng.choice(_SURNAMES)} {rng.choice(_NAMES)}",
            f"Testov {rng.choice(('Daniyar', 'Asem', 'Galym'))} {number}",
            f"{rng.randint(1940, 2004)}-{rng.randint(1, 12):02}",
            rng.choice(("male", "female")),
            f"{rng.randint(0, 10**12 - 1):012}",
            "none",
            " ".join(rng.choices(words, weights, k=40)),
        )
        for number in range(count)
    ]


class Author:
    """Somebody who writes a chain of revisions."""

    def __init__(self, seed: bytes | None = None) -> None:
        self.seed = seed or os.urandom(32)
        self.key = author_of(self.seed)
        self.chain = os.urandom(16)
        self.sequence = 0
        self.previous = b""

    def revision(self, entries: Sequence[NewEntry]) -> Revision:
        """Return the next revision of the chain."""
        revision = write_revision(
            entries,
            sign=lambda skeleton: sign_revision(self.seed, skeleton),
            author=self.key,
            chain=self.chain,
            sequence=self.sequence,
            previous=self.previous,
            moment=Moment(1_700_000_000 + self.sequence, 300),
            randomness=os.urandom,
        )
        self.sequence += 1
        self.previous = revision.id
        return revision


def born(author: Author, texts: Sequence[tuple[str, ...]]) -> list[Revision]:
    """Return one revision for each person."""
    return [
        author.revision(
            [
                NewEntry(
                    os.urandom(16),
                    "person",
                    tuple(NewStatement(field, text) for field, text in zip(FIELDS, one, strict=True)),
                )
            ]
        )
        for one in texts
    ]
