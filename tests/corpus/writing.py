"""How one person is written once: which parts of the name, in which order, case, letters, and what it is called.

``in_russian``, ``in_kazakh`` and ``in_english`` return the written mention and its phenomenon. They draw from one
source of chance, so a seed gives the same writings. Bending (homoglyphs, breaks …) is done later, by the generator.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from tests.corpus import kazakh, latin, russian
from tests.corpus.disturb import RUSSIAN_FOR_KAZAKH
from tests.corpus.sentences import Names, Person

CASE_NAMES = {
    "nom": "nominative",
    "gen": "genitive",
    "dat": "dative",
    "acc": "accusative",
    "ins": "instrumental",
    "pre": "prepositional",
    "loc": "locative",
    "abl": "ablative",
    "own": "belonging",
    "like": "likeness",
}
_SHAPES = {
    "s n p": 12,
    "n p s": 7,
    "s n": 14,
    "n s": 14,
    "s": 14,
    "n": 9,
    "n p": 5,
    "i.j. s": 5,
    "i. j. s": 4,
    "s i.j.": 5,
    "s i. j.": 3,
    "s i.": 4,
    "i. s": 4,
    "dim": 6,
    "dim s": 3,
    "nick": 4,
}


class Written(NamedTuple):
    """A mention as written, what makes it hard, and whether it is a nickname (set in quotation marks)."""

    text: str
    phenomenon: str
    nickname: bool = False


def _shape(person: Person, names: Names, chance: random.Random, *, wants_end: bool = False) -> str:
    """Choose a shape the person has the parts for; ``wants_end``: the last word must be able to take an ending."""

    def fits(shape: str) -> bool:
        needs = set(shape.replace(".", " ").split())
        return (
            ("s" not in needs or bool(names.surname))
            and (not needs & {"p", "j"} or (bool(names.patronymic) and " " not in names.patronymic) or shape == "s n p")
            and ("dim" not in needs or bool(person.diminutives))
            and ("nick" not in needs or bool(person.nicknames))
            and not (wants_end and shape.endswith("."))
        )

    shapes = [shape for shape in _SHAPES if fits(shape) and (names.patronymic or "p" not in shape.split())]
    return chance.choices(shapes, [_SHAPES[shape] for shape in shapes])[0]


def _initial(name: str) -> str:
    return name[:1].upper()


def _fill(shape: str, parts: dict[str, str]) -> str:
    """Put the parts into a shape: ``i. j. s`` with И, О, Фамилия is «И. О. Фамилия»."""
    out, word = "", ""
    for sign in shape + " ":
        if sign.isalpha():
            word += sign
            continue
        out += parts.get(word, "") + sign
        word = ""
    return out.strip()


def _tag(lang: str, shape: str, case: str, *, changed: bool = True) -> str:
    if "." in shape:
        kind = "initials-split" if ". j" in shape else "initials" if "j" in shape else "initial-one"
        return f"{lang}-{kind}-{'after' if shape.endswith('.') else 'before'}"
    if shape in {"nick", "dim s", "dim"}:
        return f"{lang}-{'nickname' if shape == 'nick' else 'diminutive'}"
    if not changed and case != "nom":
        return f"{lang}-undeclined"
    return f"{lang}-{CASE_NAMES[case]}"


def in_russian(person: Person, case: str, chance: random.Random, *, plural: bool = False) -> Written:
    """Write a person in a Russian sentence."""
    if plural:
        return Written(russian.family(person.ru.surname, case), "ru-plural")
    dice = chance.random()
    if person.latin and dice < 0.03:
        return Written(person.latin[0], "ru-latin")
    kazakh_letters = person.names != person.ru and dice < 0.2
    names = person.names if kazakh_letters else person.ru
    shape = _shape(person, names, chance)
    parts = {
        "s": names.surname and russian.surname(names.surname, person.gender, case),
        "n": russian.given(names.name, person.gender, case),
        "p": russian.patronymic(names.patronymic, person.gender, case),
        "i": _initial(names.name),
        "j": _initial(names.patronymic),
        "dim": russian.given(chance.choice(person.diminutives), person.gender, case) if person.diminutives else "",
        "nick": russian.given(chance.choice(person.nicknames), person.gender, case) if person.nicknames else "",
    }
    third = person.gender == "f" and names.name.endswith("гуль") and shape in {"n", "n s", "s n"} and case != "nom"
    if third and chance.random() < 0.3:
        return Written(_fill(shape, parts | {"n": russian.third_declension(names.name, case)}), "ru-third-declension")
    raw = {"s": names.surname, "n": names.name, "p": names.patronymic}
    changed = any(parts[key] != raw[key] for key in shape.split() if key in raw)
    tag = _tag("ru", shape, case, changed=changed)
    if kazakh_letters and "ru-" + CASE_NAMES[case] == tag:
        tag = f"ru-kazakh-letters-{CASE_NAMES[case]}"
    return Written(_fill(shape, parts), tag, nickname=shape == "nick")


def _kazakh_parts(person: Person, names: Names, chance: random.Random) -> dict[str, str]:
    return {
        "s": names.surname,
        "n": names.name,
        "p": names.patronymic,
        "i": _initial(names.name),
        "j": _initial(names.patronymic),
        "dim": chance.choice(person.diminutives) if person.diminutives else "",
        "nick": chance.choice(person.nicknames) if person.nicknames else "",
    }


def in_kazakh(person: Person, case: str, chance: random.Random) -> Written:
    """Write a person in a Kazakh sentence: the last word takes the endings."""
    names = person.names
    dice = chance.random()
    if dice < 0.03 and not names.name.endswith("жан"):
        return Written(kazakh.inflect(kazakh.dear(names.name), case), "kk-jan")
    if dice < 0.10:
        owner = chance.choice(("1", "we", "3"))
        word = kazakh.inflect(names.name, case, owner=owner)  # type: ignore[arg-type]
        return Written(word, f"kk-{CASE_NAMES[case]}-possessive")
    plural = dice < 0.17
    shape = chance.choice(("s", "n", "n s")) if plural and names.surname else ""
    shape = shape or _shape(person, names, chance, wants_end=case != "nom")
    last = shape.rpartition(" ")[2]
    parts = _kazakh_parts(person, names, chance)
    if not shape.endswith("."):
        key = last.rpartition(".")[2]
        parts[key] = kazakh.inflect(parts[key], case, plural=plural)
    tag = _tag("kk", shape, case) + ("-plural" if plural else "")
    text = _fill(shape, parts)
    if person.origin == "kazakh" and chance.random() < 0.15:
        folded = text.translate(RUSSIAN_FOR_KAZAKH)
        return Written(folded, "kk-russian-letters" if folded != text else tag, nickname=shape == "nick")
    return Written(text, tag, nickname=shape == "nick")


_ENGLISH = {"passport": 16, "icao": 12, "bgn-ru": 12, "bgn-kk": 9, "2018": 7, "2021": 9, "chat": 5, "chat-q": 4}


def in_english(person: Person, chance: random.Random) -> Written:
    """Write a person in an English sentence, in one of the Latin spellings."""
    if chance.random() < 0.3:
        return _listed(person, chance)
    schemes = [s for s in _ENGLISH if person.origin == "kazakh" or s not in latin.KAZAKH_SCHEMES]
    scheme = chance.choices(schemes, [_ENGLISH[s] for s in schemes])[0]
    names = person.names if scheme in latin.KAZAKH_SCHEMES else person.ru
    shape = _shape(person, names, chance)
    if scheme.startswith("chat"):
        shape = chance.choice(("n s", "s n")) if names.surname else "n"
    spelled = {key: latin.spell(value, scheme) for key, value in _kazakh_parts(person, names, chance).items()}
    spelled["i"], spelled["j"] = (latin.spell(_initial(name), scheme) for name in (names.name, names.patronymic))
    tag = f"en-{scheme}" if "." not in shape and shape not in {"dim", "dim s", "nick"} else _tag("en", shape, "nom")
    return Written(_fill(shape, spelled), tag, nickname=shape == "nick")


def _listed(person: Person, chance: random.Random) -> Written:
    """Write the spelling of the person's own passport, whole or in part."""
    name, _, surname = chance.choice(person.latin).partition(" ")
    if not surname:
        return Written(name, "en-listed")
    texts = (f"{name} {surname}", f"{surname} {name}", surname, f"{name[0]}. {surname}", f"{surname}, {name}", name)
    tags = (
        "en-listed",
        "en-listed-swapped",
        "en-listed-surname",
        "en-initial-one-before",
        "en-comma",
        "en-listed-name",
    )
    i = chance.randrange(len(texts))
    return Written(texts[i], tags[i])
