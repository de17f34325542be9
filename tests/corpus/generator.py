"""Sentences by the thousand: templates filled with people, places, months and numbers, every mention's span exact.

``generate(seed)`` gives at least 10,000 different sentences, the three languages in equal parts, always the same for
one seed. A template's slots: ``{p:gen}`` a person in a case (``{p:gen:pl}`` the Russian plural of the family), ``{p}``
and ``{p's}`` in English, ``{n:iin}`` a number of the last person, ``{when}`` and others from ``fillers.json``;
``[был|была]`` agrees with the person of the sentence.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field
from functools import cache

from tests.corpus import disturb, latin, numbers, russian, writing
from tests.corpus.sentences import FOLDER, LANGS, Lang, Mention, Person, Sentence, people
from tests.corpus.writing import Written

_SLOT = re.compile(r"\{(p's|[a-z]+)(?::([a-z]+))?(?::(pl))?\}|\[([^|\]]*)\|([^|\]]*)\]")
_CONFUSABLE = re.compile("⟦!\\|(.+?)⟧")
_BENT_SHARE = 0.34
_NUMBER_SHARE = 0.13
_LATIN_SHARE = 0.07
_QUOTES = (("«", "»"), ("“", "”"), ('"', '"'), ("„", "“"), ("«", "»"))


@cache
def templates(lang: Lang) -> tuple[str, ...]:
    """Return the templates of a language that speak of people."""
    return tuple((FOLDER / f"templates.{lang}.txt").read_text(encoding="utf-8").splitlines())


@cache
def number_templates(lang: Lang) -> tuple[str, ...]:
    """Return the templates of a language that hold a number or an address."""
    rows = (FOLDER / "templates_numbers.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(row.split("\t")[1] for row in rows if row.startswith(lang))


@cache
def _fillers(lang: Lang) -> dict[str, list[str]]:
    found: dict[str, dict[str, list[str]]] = json.loads((FOLDER / "fillers.json").read_text(encoding="utf-8"))
    return found[lang]


@dataclass
class _Draft:
    """A sentence being put together."""

    lang: Lang
    chance: random.Random
    text: str = ""
    mentions: list[Mention] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    confusable: list[tuple[int, int]] = field(default_factory=list)
    scheme: str = ""

    def add(self, plain: str) -> None:
        """Append words that are no mention; those marked ``⟦!|…⟧`` are noted as confusable."""
        for i, part in enumerate(_CONFUSABLE.split(plain)):
            start = len(self.text)
            self._append(part)
            if i % 2:
                self.confusable.append((start, len(self.text)))

    def _append(self, plain: str) -> None:
        if plain and not self.text:
            plain = plain[0].upper() + plain[1:]
        self.text += latin.spell(plain, self.scheme) if self.scheme else plain

    def mention(self, person: Person, kind: str, written: str, phenomenon: str) -> None:
        """Append a mention and note where it stands."""
        start = len(self.text)
        self.text += written
        self.mentions.append(Mention(start, len(self.text), person.id, kind, phenomenon))


class _Company:
    """Everybody of the list again and again in shuffled order, so that nobody is forgotten."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.waiting: list[Person] = []

    def next(self) -> Person:
        if not self.waiting:
            self.waiting = list(people())
            self.chance.shuffle(self.waiting)
        return self.waiting.pop()

    def next_of_family(self) -> Person:
        """Return somebody whose surname has a plural of its own."""
        while True:
            person = self.next()
            if russian.family(person.ru.surname, "gen") != person.ru.surname:
                return person


def generate(seed: int, per_lang: int = 3500) -> list[Sentence]:
    """Return ``per_lang`` different sentences in each language."""
    sentences: list[Sentence] = []
    for lang in LANGS:
        chance = random.Random(f"{seed} {lang}")
        company = _Company(chance)
        seen: set[str] = set()
        while len(seen) < per_lang:
            sentence = _sentence(lang, chance, company)
            if sentence.text not in seen:
                seen.add(sentence.text)
                sentences.append(sentence)
    return sentences


def _sentence(lang: Lang, chance: random.Random, company: _Company) -> Sentence:
    of_numbers = chance.random() < _NUMBER_SHARE
    template = chance.choice(number_templates(lang) if of_numbers else templates(lang))
    draft = _Draft(lang, chance)
    if lang == "kk" and not of_numbers and chance.random() < _LATIN_SHARE:
        draft.scheme = chance.choice(("2018", "2021"))
    after, same = 0, company.next()
    for slot in _SLOT.finditer(template):
        draft.add(template[after : slot.start()])
        after = slot.end()
        if slot[4] is not None:
            draft.add(slot[4] if (draft.people or [same])[0].gender == "m" else slot[5])
        elif slot[1] == "n":
            _add_number(draft, same, slot[2])
        elif slot[1] in {"p", "p's"}:
            person = same if not draft.people else company.next()
            if slot[3]:
                person = company.next_of_family()
            draft.people.append(person)
            _add_person(draft, person, slot)
        else:
            draft.add(chance.choice(_fillers(lang)[slot[1]]))
    draft.add(template[after:])
    return Sentence(draft.text, lang, tuple(draft.mentions), "generated", confusable=tuple(draft.confusable))


def _add_number(draft: _Draft, person: Person, kind: str) -> None:
    values = numbers.spellings(kind, numbers.identifiers(person)[kind], draft.lang)
    phenomenon = draft.chance.choice(sorted(values))
    before, opened, rest = values[phenomenon].partition("⟦")
    secret, _, behind = rest.partition("⟧") if opened else (before, "", "")
    draft.text += before if opened else ""
    draft.mention(person, kind, secret, phenomenon)
    draft.text += behind


def _add_person(draft: _Draft, person: Person, slot: re.Match[str]) -> None:
    chance = draft.chance
    case = slot[2] or "nom"
    if draft.lang == "ru":
        written = writing.in_russian(person, case, chance, plural=bool(slot[3]))
        if draft.text.endswith((" о ", "О ")) and written.text[0] in "АИОУЭ":
            draft.text = draft.text[:-1] + "б "
    elif draft.lang == "kk":
        written = writing.in_kazakh(person, case, chance)
    else:
        written = writing.in_english(person, chance)
    if draft.scheme:
        written = Written(latin.spell(written.text, draft.scheme), f"kk-latin-{draft.scheme}")
    elif chance.random() < _BENT_SHARE:
        written = _bend(written, draft.lang, chance)
    quoted = written.nickname or (not draft.scheme and chance.random() < 0.02)
    opening, closing = chance.choice(_QUOTES) if quoted else ("", "")
    draft.text += opening
    draft.mention(person, "person", written.text, written.phenomenon)
    draft.text += closing
    if slot[1] == "p's":
        draft.text += chance.choice(("'s", "’s"))


def _bend(written: Written, lang: Lang, chance: random.Random) -> Written:
    """Bend a mention in the first way, of a shuffled few, that changes it."""
    kinds = list(disturb.DISTURBANCES)
    rare = [kind for kind, sign in (("yo-as-ye", "ё"), ("no-break-hyphen", "-")) if sign in written.text]
    first = rare if chance.random() < 0.5 else []
    for kind in [*first, *chance.sample(kinds, len(kinds))]:
        text = disturb.DISTURBANCES[kind](written.text, chance)
        if text != written.text:
            return Written(text, f"{lang}-{kind}", written.nickname)
    return written
