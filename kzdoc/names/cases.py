"""The forms a name takes in Russian and Kazakh text, written out: for previews, the leak check's own lists and tests.

Rules: Russian declines surnames in -ов, -ев, -ин, -ский, a man's names that end in a consonant, names in -а and -я,
and patronymics in -вич and -вна; it leaves a woman's names in a consonant, and names in -ұлы, -қызы, -тегі, -ко, -о,
-у, -е, -ых as they are. Kazakh puts its endings on the last word, by the last vowel (back or front) and the last sound.
This is not how a name is recognised (kzdoc/names/reading.py): there the text is looked up, here forms are made.
"""

from __future__ import annotations

import re

MASCULINE, FEMININE = "m", "f"
RUSSIAN_CASES = ("nominative", "genitive", "dative", "accusative", "instrumental", "prepositional")

_UNCHANGING = re.compile(r"(?:[ұу]лы|[қк]ызы|тегі|теги|ко|[оуұүеёэію]|их|ых)$", re.IGNORECASE)
_HISSING = "гкхжшчщ"
_Endings = tuple[str, str, str, str, str]
_RULES: tuple[tuple[str, str, int, _Endings], ...] = (
    # what the word ends in, whose it is (m, f or either), letters cut, endings from genitive to prepositional
    (r"(?:ов|ев|ёв|ин|ын)$", "m", 0, ("а", "у", "а", "ым", "е")),
    (r"(?:ова|ева|ёва|ина|ына)$", "f", 1, ("ой", "ой", "у", "ой", "ой")),
    (r"(?:ский|цкий)$", "m", 2, ("ого", "ому", "ого", "им", "ом")),
    (r"(?:ская|цкая)$", "f", 2, ("ой", "ой", "ую", "ой", "ой")),
    (r"ич$", "m", 0, ("а", "у", "а", "ем", "е")),
    (r"ия$", "", 1, ("и", "и", "ю", "ей", "и")),
    (r"я$", "", 1, ("и", "е", "ю", "ей", "е")),
    (rf"[{_HISSING}]а$", "", 1, ("и", "е", "у", "ой", "е")),
    (r"[аә]$", "", 1, ("ы", "е", "у", "ой", "е")),
    (r"ий$", "m", 1, ("я", "ю", "я", "ем", "и")),
    (r"й$", "m", 1, ("я", "ю", "я", "ем", "е")),
    (r"ь$", "f", 1, ("и", "и", "ь", "ью", "и")),
    (r"ь$", "m", 1, ("я", "ю", "я", "ем", "е")),
    (r"[жшчщц]$", "m", 0, ("а", "у", "а", "ем", "е")),
    (r"[^аеёиоуыэюяәөүұіьъ\W\d_]$", "m", 0, ("а", "у", "а", "ом", "е")),
)


def russian_cases(word: str, gender: str) -> tuple[str, ...]:
    """Return the six Russian cases of one word of a name, in the order of ``RUSSIAN_CASES``."""
    if not _UNCHANGING.search(word):
        for shape, whose, cut, endings in _RULES:
            if whose in ("", gender) and re.search(shape, word, re.IGNORECASE):
                stem = word[: len(word) - cut]
                return (word, *(stem + ending for ending in endings))
    return (word,) * len(RUSSIAN_CASES)


def gender_of(name: str) -> str | None:
    """Return m or f where a patronymic or surname tells, else None."""
    lower = name.lower()
    if re.search(r"(?:вна|ова|ева|ёва|ская|цкая|[қк]ызы)\b", lower):
        return FEMININE
    return MASCULINE if re.search(r"(?:вич|ов|ев|ёв|ский|цкий|[ұу]лы)\b", lower) else None


_BACK, _FRONT = "аоуұыяё", "әеөүіэию"
_SUFFIXES: dict[str, tuple[str, ...]] = {
    # genitive, dative, accusative, locative, ablative, instrumental, plural; written for back vowels
    "vowel": ("ның", "ға", "ны", "да", "дан", "мен", "лар"),
    "glide": ("дың", "ға", "ды", "да", "дан", "мен", "лар"),
    "nasal": ("ның", "ға", "ды", "да", "нан", "мен", "дар"),
    "voiced": ("дың", "ға", "ды", "да", "дан", "мен", "дар"),
    "other": ("тың", "қа", "ты", "та", "тан", "пен", "тар"),
}
_FRONTED = str.maketrans("ыағқ", "іегк")


def kazakh_forms(word: str) -> tuple[str, ...]:
    """Return a word with the Kazakh case endings, the plural, and the plural with the case endings."""
    vowels = [letter for letter in word.lower() if letter in _BACK + _FRONT]
    front = bool(vowels) and vowels[-1] in _FRONT
    singular = _suffixed(word, front=front)
    return (*singular, *_suffixed(singular[-1], front=front)[:-1])


def _suffixed(word: str, *, front: bool) -> tuple[str, ...]:
    return tuple(word + (ending.translate(_FRONTED) if front else ending) for ending in _SUFFIXES[_sound(word)])


def _sound(word: str) -> str:
    last = word[-1:].lower()
    for sound, letters in (("vowel", "аәеоөұүыіэюяи"), ("glide", "йрлуь"), ("nasal", "мнң"), ("voiced", "зж")):
        if last in letters:
            return sound
    return "other"


def name_forms(name: str, gender: str | None = None) -> tuple[str, ...]:
    """Return the forms of a name of one to three words, surname first, the plain ones first; no form twice.

    ``gender``: m, f, or None when it is not known; then it is read off the name, and where that says nothing the forms
    of both are returned.
    """
    words = name.split()
    if not words:
        return ()
    found = gender or gender_of(name)
    cases = [[russian_cases(word, one) for word in words] for one in ((found,) if found else (MASCULINE, FEMININE))]
    together = [[word[case] for word in by_word] for by_word in cases for case in range(len(RUSSIAN_CASES))]
    together += [[*words[:-1], last] for last in kazakh_forms(words[-1])]
    together += [[last, *words[1:]] for last in kazakh_forms(words[0])]
    forms = [" ".join(order) for one in together for order in _orders(one)]
    forms += [word for one in together for word in one if len(word) > 1]
    return tuple(dict.fromkeys(forms))


def _orders(words: list[str]) -> list[list[str]]:
    """Return a surname, given name and patronymic in the orders and with the initials in which they are written."""
    if len(words) == 1:
        return [words]
    surname, *given = words
    initials = [f"{one[0]}." for one in given]
    orders = [words, [*given, surname], [surname, *initials], [*initials, surname], [surname, "".join(initials)]]
    orders += [["".join(initials), surname], [surname, given[0]], [given[0], surname]]
    return [*orders, given]


def spellings(name: str) -> tuple[str, ...]:
    """Return a Cyrillic name in Latin letters by the four habits met most: ICAO, BGN, Kazakh 2021, chat."""
    return tuple(dict.fromkeys("".join(table.get(one, one) for one in name) for table in _HABITS))


def _habit(**other: str) -> dict[str, str]:
    plain = dict(zip("абвгдежзийклмнопрстуфхыіэәғқңөұүһё", "abvgdezzijklmnoprstufhyieagqnouuhe", strict=True))
    table = {**plain, "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ъ": "", "ь": "", **other}
    return {**table, **{one.upper(): letters.capitalize() for one, letters in table.items()}}


_HABITS = (
    _habit(ж="zh", й="i", х="kh", қ="k", ы="y", ю="iu", я="ia"),
    _habit(ж="zh", й="y", х="kh", ғ="gh", ң="ng", ы="y"),
    _habit(ж="j", й="i", ә="ä", ғ="ğ", ң="ñ", ө="ö", ү="ü", ұ="ū", ш="ş", ы="y", ч="ç"),
    _habit(ж="j", й="i", х="h", қ="k", ы="i"),
)


def written(name: str, gender: str | None = None) -> tuple[str, ...]:
    """Return every form of a Cyrillic name in Cyrillic and in Latin letters."""
    return tuple(dict.fromkeys(one for form in name_forms(name, gender) for one in (form, *spellings(form))))
