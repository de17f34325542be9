"""How the names of people are read for comparing: their words, what each is, and the keys under which people are filed.

Rules: words are folded (names/fold.py), so that the alphabet does not matter; "Серік ұлы" is one word; a name typed in
Latin letters by the habits of a chat (w for ш, x for х, 4 for ч) is read both ways. A key is a tuple whose first part
says its sort. Keys gather who may be one; the sorts of ``COUNTED`` only count who bears what.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from kzdoc.ledger.merge import RecordState
from kzdoc.names.fold import fold_tokens, skeleton
from kzdoc.names.loose import chatted
from kzdoc.remembering import remembering

CROWD = {
    "letter": 400, "both": 400, "year": 200, "father": 200, "with": 400, "alone": 40, "begins": 200, "place": 100,
    "day": 200, "date": 100, "#": 500,
}  # fmt: skip
"""A key of a sort that more records share than this gathers nobody by itself."""
COUNTED = ("bears", "called", "region", "article", "born")
YEAR, DAY = 4, 10
_FATHER = re.compile(r"(?:ovich|evich|ich|ovna|evna|ichna|uli|kizi|tegi)$")
_CHILD = ("uli", "kizi", "tegi", "ogli")
_TORN = re.compile("[-\u00ad]\\s*\\n\\s*")
_PAIRS = ("zh", "sh", "ch", "ts", "ia", "iu")
_FIRST = str.maketrans("eiouhgqdj", "aaaakkkzz")
_LONG = 4

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """What is compared of a person. ``born`` begins with the year; ``companions`` are `companion_key`s."""

    id: Hashable
    names: tuple[str, ...]
    born: str = ""
    sex: str = ""
    iin: str = ""
    numbers: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    companions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: its key, the key's bones, its first letter, and whether it is an initial or a patronymic."""

    key: str
    bones: str
    first: str
    initial: bool
    father: bool


Reading = tuple[Word, ...]
Read = tuple[tuple[str, Reading], ...]
"""The readings of somebody's names, each with the name it is of."""


def read_name(name: str) -> Reading:
    """Return the words of a name as they are compared; "Серік ұлы" is one word."""
    words: list[str] = []
    for key in fold_tokens(_TORN.sub("", name)):
        if key in _CHILD and words:
            words[-1] += key
        else:
            words.append(key)
    return tuple([_word(key) for key in words])


def read_names(person: Person) -> Read:
    """Return every reading of every name of a person."""
    return tuple([(name, reading) for name in person.names for reading in _readings(name)])


@remembering(50_000)
def _readings(name: str) -> tuple[Reading, ...]:
    other = chatted(name)
    return (read_name(name), read_name(other)) if other else (read_name(name),)


@remembering(200_000)
def _word(key: str) -> Word:
    bones = skeleton(key)
    father = len(key) > _LONG and _FATHER.search(key) is not None
    return Word(key, bones, bones[:1].translate(_FIRST), len(key) == 1 or key in _PAIRS, father)


_NAMES = ("name_ru", "name_kk", "name_latin", "aliases")


def called(one: RecordState) -> tuple[str, ...]:
    """Return every name of a person, each once."""
    return tuple(dict.fromkeys(str(value) for name in _NAMES for value in one.values(name)))


def companion_key(names: Iterable[str]) -> str:
    """Return a key by which a companion's record in one list is met again in another list."""
    for name in names:
        bones = sorted(word.bones for word in read_name(name) if not word.father)
        if bones:
            return " ".join(bones)
    return ""


def whole(read: Read) -> Key:
    """Return a person's name as namesakes share it: the bones of the words, fathers left out."""
    return next((tuple(sorted(word.bones for word in words if not word.father)) for _, words in read), ())


def bones_of(read: Read) -> set[str]:
    """Return the bones of all words of a person."""
    return {word.bones for _, words in read for word in words}


def counted(person: Person, read: Read) -> set[Key]:
    """Return what a person is counted under: words borne, the whole name, regions, articles, the year of birth."""
    found: set[Key] = {("bears", bones) for bones in bones_of(read)} | {("called", *whole(read))}
    found |= {("region", one) for one in person.regions} | {("article", one) for one in person.articles}
    return found | ({("born", person.born[:YEAR])} if person.born else set())


def gathered(person: Person, read: Read) -> set[Key]:
    """Return the keys under which a person is filed and looked for."""
    found: set[Key] = {("#", number) for number in person.numbers | {person.iin} if number}
    for _, words in read:
        found |= _of_words(person, words)
    return found


def _of_words(person: Person, words: Reading) -> set[Key]:
    found: set[Key] = set()
    year = person.born[:YEAR]
    fathers = [word for word in words if word.father]
    names = [word for word in words if not word.father and not word.initial]
    letters = {word.first for word in words if not word.father}
    for word in names if len(names) > 1 else names + fathers:
        found |= {("letter", word.bones, letter) for letter in letters if letter != word.first}
        found |= {("year", word.bones, year)} if year else set()
        found |= {("father", word.bones, father.bones[:3]) for father in fathers}
        found.add(("alone", word.bones))
    found |= {("with", letter, one) for letter in letters for one in person.companions}
    found |= {("date", letter, person.born) for letter in letters} if len(person.born) == DAY else set()
    for one, other in itertools.combinations(sorted(names, key=lambda word: word.bones), 2):
        found.add(("both", one.bones, other.bones))
        found |= {("begins", one.bones[:2], other.bones[:2], year)} if year else set()
        found |= {("place", one.first, other.first, year, region) for region in person.regions if year}
        found |= {("day", one.first, other.first, person.born)} if len(person.born) == DAY else set()
    return found
