"""What the corpus is made of: people, sentences and the mentions in them, each an exact stretch of characters.

``people.json`` holds invented persons only. What a vault would know of one is ``surname``, ``name``, ``patronymic``,
``diminutives`` and ``nicknames``; ``ru`` is the spelling of a Russian document and ``latin`` that of a passport, which
a vault may or may not know. ``hand.json`` holds sentences written by hand in which mentions stand as
``⟦person-id|text⟧`` or, for numbers and addresses, ``⟦person-id:class|text⟧``. ``⟦!|Мира⟧`` is a word that equals a
name of the list and is none here (a street, a foundation, the first word of a sentence): covering it is wrong, and
understandable.

A mention covers the whole written word with its case ending, not the English ``'s`` and not quotation marks around it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FOLDER = Path(__file__).resolve().parent
Lang = Literal["ru", "kk", "en"]
LANGS: tuple[Lang, ...] = ("ru", "kk", "en")
_MARK = re.compile(r"⟦(?P<person>p\d{3}|!)(?::(?P<kind>[a-z]+))?\|(?P<text>[^⟦⟧|]+)⟧")


@dataclass(frozen=True)
class Names:
    """Surname, name and patronymic in one spelling; any of them may be empty, the name never is."""

    surname: str
    name: str
    patronymic: str


@dataclass(frozen=True)
class Person:
    """One invented person."""

    id: str
    gender: Literal["m", "f"]
    origin: str
    names: Names
    ru: Names
    diminutives: tuple[str, ...]
    nicknames: tuple[str, ...]
    latin: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """One stretch ``text[start:end]`` that tells a person (or a number of theirs), and what makes it hard to find."""

    start: int
    end: int
    person: str
    kind: str
    phenomenon: str


@dataclass(frozen=True)
class Sentence:
    """A text in one language, its mentions in order, and where it comes from.

    ``doubt`` says what a careful editor may see otherwise; ``confusable`` are the words marked with ``!``.
    """

    text: str
    lang: Lang
    mentions: tuple[Mention, ...]
    source: str
    doubt: str = ""
    confusable: tuple[tuple[int, int], ...] = ()


@cache
def people() -> tuple[Person, ...]:
    """Return everybody of ``people.json``."""
    found = json.loads((FOLDER / "people.json").read_text(encoding="utf-8"))
    return tuple(
        Person(
            id=one["id"],
            gender=one["gender"],
            origin=one["origin"],
            names=Names(one["surname"], one["name"], one["patronymic"]),
            ru=Names(**one["ru"]),
            diminutives=tuple(one["diminutives"]),
            nicknames=tuple(one["nicknames"]),
            latin=tuple(one["latin"]),
        )
        for one in found
    )


def read_marks(marked: str, lang: Lang, phenomenon: str, *, doubt: str = "") -> Sentence:
    """Turn ``⟦p001|Ерлан⟧ келді`` into the plain text with its spans."""
    text, after = "", 0
    mentions: list[Mention] = []
    confusable: list[tuple[int, int]] = []
    for mark in _MARK.finditer(marked):
        text += marked[after : mark.start()]
        start = len(text)
        text += mark["text"]
        if mark["person"] == "!":
            confusable.append((start, len(text)))
        else:
            mentions.append(Mention(start, len(text), mark["person"], mark["kind"] or "person", phenomenon))
        after = mark.end()
    text += marked[after:]
    if "⟦" in text or "⟧" in text:
        raise ValueError(f"a mark is not closed: {marked}")
    return Sentence(text, lang, tuple(mentions), "hand", doubt, tuple(confusable))


def hand_sentences() -> list[Sentence]:
    """Return the sentences written by hand; those with a ``doubt`` may rightly go to the reviewer either way."""
    found = json.loads((FOLDER / "hand.json").read_text(encoding="utf-8"))
    return [
        read_marks(one["text"], one["lang"], f"hand-{one['lang']}-{one['about']}", doubt=one.get("doubt", ""))
        for one in found
    ]


def neutral_sentences() -> list[Sentence]:
    """Return the sentences in which nobody of the list, and no number of anybody, is mentioned."""
    return [
        Sentence(line, lang, (), "neutral")
        for lang in LANGS
        for line in (FOLDER / "neutral" / f"{lang}.txt").read_text(encoding="utf-8").splitlines()
        if line
    ]
