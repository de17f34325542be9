"""Lists of people in which some stand twice or thrice, written differently, as several monitors would write them.

Nothing here is taken from kzdoc: names are put together from ``people.json``, Latin spellings come from ``latin.py``,
what a hurried hand does from ``disturb.py`` and the small tables below. The truth is kept beside each record.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.corpus import disturb, latin
from tests.corpus.sentences import Names, people

_SHORN = ("ов", "ев", "ова", "ева", "ин", "ина")
_HABITS = (
    ("Дж", "Ж"), ("Ж", "Дж"), ("ие", "ье"), ("Ер", "Йер"), ("кы", "ки"), ("ай", "аи"), ("хм", "гм"), ("лл", "л"),
    ("нн", "н"), ("бек", "бик"), ("улы", "ұлы"), ("кызы", "қызы"), ("жан", "джан"), ("Е", "Э"), ("у", "ы"), ("и", "е"),
)  # fmt: skip
_KEYS = {"а": "пв", "е": "кн", "и": "мт", "н": "ег", "о": "рл", "р": "по", "с": "чм", "т": "ьи", "л": "дш", "к": "еу"}
_OF_THE_EAST = ("uyghur", "uzbek", "dungan", "turkish", "chechen", "tatar")
_OF_THE_WEST = ("russian", "ukrainian", "korean", "german", "polish")
_SCHEMES = ("passport", "passport", "icao", "bgn-ru", "bgn-kk", "2018", "2021", "chat", "chat-q")
REGIONS = tuple(f"r{number:02}" for number in range(20))
ARTICLES = ("488", "174", "405", "274", "256", "272", "434", "378")
FAMILY, GIVEN, FATHER = 0, 1, 2
Write = Callable[["Someone", random.Random], str]


@dataclass(frozen=True)
class Someone:
    """One invented person as life has them: surname, name and patronymic in Kazakh and in Russian."""

    number: int
    kk: tuple[str, str, str]
    ru: tuple[str, str, str]
    female: bool
    born: str
    region: str
    article: str
    group: int


@dataclass(frozen=True)
class Entry:
    """What one monitor wrote of somebody; ``who`` is the truth, ``with_`` the companions' names as written there."""

    number: int
    who: int
    name: str
    born: str
    sex: str
    region: str
    article: str
    with_: tuple[str, ...] = ()


def lists(size: int, seed: int, *, hand: str = "first") -> list[Entry]:
    """Return ``size`` entries, about three in ten of people who stand in another list too.

    ``hand`` is how monitors write: ``first`` is the everyday one, ``second`` was held out while kzdoc was made.
    """
    chance = random.Random(seed)
    known = _crowd(int(size * 0.76), chance)
    write = {"first": _written, "second": _written_otherwise}[hand]
    told = [(one, write(one, chance)) for one in known]
    while len(told) < size:
        one = chance.choice(known)
        told.append((one, write(one, chance)))
    beside: dict[int, list[Someone]] = {}
    for one in known:
        beside.setdefault(one.group, []).append(one)
    chance.shuffle(told)
    return [
        _entry(number, one, name, beside[one.group], chance, write=write) for number, (one, name) in enumerate(told)
    ]


def _crowd(size: int, chance: random.Random) -> list[Someone]:
    pool = people()
    kazakhs = [one for one in pool if one.origin == "kazakh"]
    men = [one for one in kazakhs if one.gender == "m"]
    crowd = []
    weights = [1 / (3 + place) for place in range(len(pool))]
    for number in range(size):
        given = chance.choices(pool, weights)[0]
        female, own = given.gender == "f", given.origin == "kazakh"
        if own:
            root = chance.choice(men)
            family = _family(root.names.name, root.ru.name, female, chance) if chance.random() < 0.7 else None
            same = [one for one in kazakhs if one.gender == given.gender]
        else:
            near = _OF_THE_EAST if given.origin in _OF_THE_EAST else _OF_THE_WEST
            same = [one for one in pool if one.origin in near and one.gender == given.gender]
            root = chance.choice([one for one in pool if one.origin in near and one.gender == "m"])
            family = _family(root.names.name, root.ru.name, female, chance) if chance.random() < 0.6 else None
        other = chance.choice(same)
        kk_family, ru_family = family or (other.names.surname, other.ru.surname)
        kk_father, ru_father = _father(chance.choice(men), female, chance) if own else _named_after(chance.choice(same))
        crowd.append(
            Someone(
                number,
                (kk_family, given.names.name, kk_father),
                (ru_family, given.ru.name, ru_father),
                female,
                f"{int(chance.triangular(1946, 2007, 1992))}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
                chance.choice(REGIONS),
                chance.choice(ARTICLES),
                number // chance.choice((6, 8, 8)),
            )
        )
    return crowd


def _family(kk: str, ru: str, female: bool, chance: random.Random) -> tuple[str, str]:
    end = chance.choice(("ов", "ев", "ин", "баев", "беков")) + ("а" if female else "")
    return kk.rstrip("аәьй") + end, ru.rstrip("аьй") + end


def _father(man: object, female: bool, chance: random.Random) -> tuple[str, str]:
    names: tuple[Names, Names] = (man.names, man.ru)  # type: ignore[attr-defined]
    kk, ru = names[0].name, names[1].name
    child = ("қызы", "кызы", "овна") if female else ("ұлы", "улы", "ович")
    return kk + child[0], ru + child[chance.choice((1, 2, 2))]


def _named_after(one: object) -> tuple[str, str]:
    return one.names.patronymic, one.ru.patronymic  # type: ignore[attr-defined]


def _written(one: Someone, chance: random.Random) -> str:
    """Return a name as one monitor writes it."""
    words = list(chance.choice((one.kk, one.ru, one.ru)))
    if chance.random() < 0.5:
        words[FATHER] = ""
    if chance.random() < 0.05 and words[FAMILY].endswith(_SHORN):
        words[FAMILY] = words[FAMILY].removesuffix("а")[:-2]
    if chance.random() < 0.12:
        old, new = chance.choice(_HABITS)
        place = chance.choice((FAMILY, GIVEN))
        words[place] = words[place].replace(old, new, 1)
    if chance.random() < 0.06:
        place = chance.choice((FAMILY, GIVEN))
        words[place] = _slip(words[place], chance)
    if chance.random() < 0.06:
        words[GIVEN] = words[GIVEN][:1] + "."
        words[FATHER] = words[FATHER][:1] + "." if words[FATHER] else ""
    order = (FAMILY, GIVEN, FATHER) if chance.random() < 0.65 else (GIVEN, FATHER, FAMILY)
    text = " ".join(words[place] for place in order if words[place])
    if chance.random() < 0.25:
        text = latin.spell(text, chance.choice(_SCHEMES))
    elif chance.random() < 0.04:
        text = chance.choice((disturb.homoglyph, disturb.capitals, disturb.soft_hyphen))(text, chance)
    return text


_SOUNDS = (
    ("я", "йа"),
    ("ю", "йу"),
    ("щ", "ш"),
    ("ё", "йо"),
    ("ц", "тс"),
    ("х", "к"),
    ("ғ", "к"),
    ("ө", "у"),
    ("ы", ""),
)


def _written_otherwise(one: Someone, chance: random.Random) -> str:
    """Return a name as another hand writes it: a form filled in capitals, a comma, initials in front, by ear, torn."""
    words = list(chance.choice((one.kk, one.kk, one.ru)))
    if chance.random() < 0.4:
        words[FATHER] = ""
    if chance.random() < 0.1:
        place = chance.choice((FAMILY, GIVEN))
        words[place] = words[place].replace(*chance.choice(_SOUNDS))
    if chance.random() < 0.05:
        place = chance.choice((FAMILY, GIVEN))
        words[place] = _slip(words[place], chance)
    how = chance.random()
    if how < 0.05:
        text = f"{words[GIVEN][:1]}.{words[FAMILY]}"
    elif how < 0.25:
        text = f"{words[FAMILY]}, {words[GIVEN]} {words[FATHER]}".strip()
    else:
        text = " ".join(words[place] for place in (GIVEN, FATHER, FAMILY) if words[place])
    if chance.random() < 0.3:
        return latin.spell(text, chance.choice(("passport", "icao", "bgn-kk", "2021")))
    if chance.random() < 0.15:
        bent = (
            disturb.capitals,
            disturb.russian_letters,
            disturb.zero_width,
            disturb.no_break_space,
            disturb.combining,
        )
        return chance.choice(bent)(text, chance)
    return text


def _slip(word: str, chance: random.Random) -> str:
    if len(word) < 5:
        return word
    at = chance.randrange(1, len(word) - 1)
    how = chance.randrange(3)
    if how == 0:
        return word[:at] + word[at + 1 :]
    if how == 1:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + chance.choice(_KEYS.get(word[at], word[at])) + word[at + 1 :]


def _entry(number: int, one: Someone, name: str, group: list[Someone], chance: random.Random, *, write: Write) -> Entry:
    born, luck = one.born, chance.random()
    if luck < 0.12:
        born = ""
    elif luck < 0.55:
        born = born[:4]
    elif luck < 0.58:
        born = f"{int(born[:4]) + chance.choice((-1, 1))}"
    elif luck < 0.61:
        born = f"{born[:4]}-{born[8:]}-{born[5:7]}" if int(born[8:]) <= 12 else born
    beside = [other for other in group if other is not one and chance.random() < 0.6]
    return Entry(
        number,
        one.number,
        name,
        born,
        "" if chance.random() < 0.3 else "f" if one.female else "m",
        "" if chance.random() < 0.15 else one.region if chance.random() < 0.93 else chance.choice(REGIONS),
        "" if chance.random() < 0.4 else one.article if chance.random() < 0.9 else chance.choice(ARTICLES),
        tuple(write(other, chance) for other in beside),
    )


def true_pairs(entries: list[Entry]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of entries that are of one person."""
    of: dict[int, list[int]] = {}
    for entry in entries:
        of.setdefault(entry.who, []).append(entry.number)
    for same in of.values():
        yield from ((a, b) for place, a in enumerate(same) for b in same[place + 1 :])
