"""Whether two records may be of one person: a score, and the reasons for it in words.

Rules: evidence is weighed as in record linkage (Fellegi and Sunter 1969): what agrees adds as many bits as it is rare
among the records here, what disagrees takes away. Names are compared word by word in any order, as they sound; a
missing word or date says nothing. Nobody is compared with everybody: only who shares a key (words.py), so a record
costs what is near it. It only proposes. Reasons are codes with parameters (``match.…`` in
resources/i18n/redaction.*.json).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kzdoc.analysis.filing import Filing, InMemory
from kzdoc.analysis.likeness import Reason, Told, facts_told, name_told
from kzdoc.analysis.words import CROWD, Person, Read, counted, gathered, read_names

LIKELY = 53
"""From this score on (of 100) a pair is worth a look: likelier one than not."""
FEWEST = 500
"""So many people are thought of where fewer are filed: a small vault is a part of a larger world."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two records that may be one: 0 to 100, with the reasons, the weightiest first."""

    one: Any
    other: Any
    score: int
    reasons: tuple[Reason, ...]


def near(person: Person, filing: Filing) -> set[Hashable]:
    """Return who shares a key with a person who need not be filed."""
    found: set[Hashable] = set()
    for key in gathered(person, read_names(person)):
        found.update(filing.under(key, CROWD[key[0]]))
    return found - {person.id}


def keys_of(person: Person) -> set[tuple[str, ...]]:
    """Return every key a person is filed under."""
    read = read_names(person)
    return gathered(person, read) | counted(person, read)


def compare(one: Person, other: Person, filing: Filing, *, among: int = 0) -> Match:
    """Return how likely two people are one: among all who are filed, or among so many of whom one is looked for."""
    people = max(filing.size(), FEWEST)
    mine: Read = read_names(one)
    theirs: Read = read_names(other)
    told: Told = [*name_told(mine, theirs, filing, people), *facts_told(one, other, filing, people)]
    bits = sum(weight for weight, _ in told) - math.log2(among or people)
    reasons = tuple([reason for _, reason in sorted(told, key=lambda pair: -abs(pair[0])) if reason.code])
    return Match(one.id, other.id, score_of(bits), reasons)


def score_of(bits: float) -> int:
    """Return the bits for and against as 0 to 99."""
    return min(99, round(100 / (1 + 2 ** -max(-30.0, min(30.0, bits)))))


class Index:
    """People filed in memory."""

    def __init__(self, people: Iterable[Person] = ()) -> None:
        self.people: dict[Hashable, Person] = {}
        self.filing = InMemory()
        self.compared = 0
        for person in people:
            self.add(person)

    def add(self, person: Person) -> None:
        """File a person, in place of what was filed under the id before."""
        self.people[person.id] = person
        self.filing.put(person.id, keys_of(person))

    def remove(self, key: Hashable) -> None:
        """Take a person out."""
        del self.people[key]
        self.filing.take(key)

    def near(self, person: Person) -> set[Hashable]:
        """Return who shares a key with a person who need not be filed."""
        return near(person, self.filing)

    def compare(self, one: Person, other: Person) -> Match:
        """Return how likely two people are one; every comparison is counted."""
        self.compared += 1
        return compare(one, other, self.filing)

    def matches(self, person: Person, *, least: int = LIKELY) -> list[Match]:
        """Return the records that may be this person, the likeliest first."""
        found = [self.compare(person, self.people[other]) for other in self.near(person)]
        likely = [match for match in found if match.score >= least]
        return sorted(likely, key=lambda match: (-match.score, repr(match.other)))

    def pairs(self, new: Iterable[Hashable] | None = None, *, least: int = LIKELY) -> Iterator[Match]:
        """Yield the likely pairs that one of ``new`` (None: everybody) is in, each once."""
        done: set[Hashable] = set()
        for key in list(self.people if new is None else new):
            done.add(key)
            person = self.people[key]
            for other in self.near(person) - done:
                match = self.compare(person, self.people[other])
                if match.score >= least:
                    yield match
