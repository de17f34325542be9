"""Ways in which a written name is bent, by accident or by hand, without ceasing to be read as the name.

Each takes the written mention and a source of chance and returns it bent, or unchanged when there is nothing to bend:
look-alike letters of the other script, hyphens and line breaks, invisible signs, letters put together from two signs.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

LATIN_TWIN = dict(zip("аеорсухіАВЕКМНОРСТХһҺ", "aeopcyxiABEKMHOPCTXhH", strict=True))
CYRILLIC_TWIN = {latin: cyrillic for cyrillic, latin in LATIN_TWIN.items() if cyrillic not in "һҺ"}
_VOWELS = "аеёиоуыэюяәөұүіАЕЁИОУЫЭЮЯӘӨҰҮІaeiouyAEIOUY"
SOFT_HYPHEN, NO_BREAK_SPACE, ZERO_WIDTH, NO_BREAK_HYPHEN = "\u00ad", "\u00a0", "\u200b", "\u2011"
ACUTE, WORD_JOINER, ZERO_WIDTH_JOINER = "\u0301", "\u2060", "\u200d"


def homoglyph(text: str, chance: random.Random) -> str:
    """Put one to three letters of the other script that look the same."""
    twins = LATIN_TWIN if any("а" <= letter <= "я" for letter in text.lower()) else CYRILLIC_TWIN
    places = [i for i, letter in enumerate(text) if letter in twins]
    letters = list(text)
    for i in chance.sample(places, min(len(places), chance.randint(1, 3))):
        letters[i] = twins[letters[i]]
    return "".join(letters)


def _inner_places(text: str) -> list[int]:
    """Return the places between two letters where a printer may hyphenate: two letters on each side, after a vowel."""
    return [
        i
        for i in range(2, len(text) - 1)
        if all(text[k].isalpha() for k in range(i - 2, i + 2))
        and text[i - 1] in _VOWELS
        and text[i] not in "ьъйЬЪЙ"
        and any(letter in _VOWELS for letter in text[i:].split(" ", maxsplit=1)[0])
    ]


def _insert(text: str, sign: str, chance: random.Random) -> str:
    places = _inner_places(text)
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + sign + text[at:]


def hyphen_break(text: str, chance: random.Random) -> str:
    """Break a word at the end of a line with a hyphen."""
    return _insert(text, "-\n", chance)


def soft_hyphen(text: str, chance: random.Random) -> str:
    """Put a soft hyphen into a word, sometimes with the line break that shows it."""
    return _insert(text, chance.choice([SOFT_HYPHEN, SOFT_HYPHEN, SOFT_HYPHEN + "\n"]), chance)


def zero_width(text: str, chance: random.Random) -> str:
    """Put an invisible sign into a word."""
    return _insert(text, chance.choice([ZERO_WIDTH, WORD_JOINER, ZERO_WIDTH_JOINER]), chance)


def line_break(text: str, chance: random.Random) -> str:
    """Break the line between two words of the name, sometimes with an indent or a Windows line end."""
    places = [i for i, letter in enumerate(text) if letter == " "]
    if not places:
        return text
    at = chance.choice(places)
    return text[:at] + chance.choice(["\n", "\n", " \n", "\r\n", "\n    "]) + text[at + 1 :]


def no_break_space(text: str, chance: random.Random) -> str:
    """Write a space as a no-break, narrow or double one."""
    return text.replace(" ", chance.choice([NO_BREAK_SPACE, NO_BREAK_SPACE, "\u202f", "  ", "\t"]))


def combining(text: str, chance: random.Random) -> str:
    """Take letters apart into a letter and its mark (й, ё, á, ş), or put a stress mark on a vowel."""
    apart = unicodedata.normalize("NFD", text)
    if apart != text:
        return apart
    places = [i for i, letter in enumerate(text) if letter in _VOWELS]
    if not places:
        return text
    at = chance.choice(places) + 1
    return text[:at] + ACUTE + text[at:]


def without_yo(text: str, _chance: random.Random) -> str:
    """Write е for ё."""
    return text.replace("ё", "е").replace("Ё", "Е")


def capitals(text: str, _chance: random.Random) -> str:
    """Write everything in capitals."""
    return text.upper()


def small_letters(text: str, _chance: random.Random) -> str:
    """Write two or more words in small letters, as in a message typed in haste; one word would be a common one."""
    return text if "." in text or " " not in text else text.lower()


def no_break_hyphen(text: str, _chance: random.Random) -> str:
    """Write the hyphen of a double name as another kind of hyphen."""
    return text.replace("-", NO_BREAK_HYPHEN)


RUSSIAN_FOR_KAZAKH = str.maketrans("ӘҒҚҢӨҰҮІҺҲәғқңөұүіһҳ", "АГКНОУУИХХагкноууихх")


def russian_letters(text: str, _chance: random.Random) -> str:
    """Write Kazakh letters with the Russian ones of a keyboard that has no others: Қ as К, ә as а, і as и."""
    return text.translate(RUSSIAN_FOR_KAZAKH)


DISTURBANCES: dict[str, Callable[[str, random.Random], str]] = {
    "homoglyph": homoglyph,
    "hyphen-break": hyphen_break,
    "soft-hyphen": soft_hyphen,
    "zero-width": zero_width,
    "line-break": line_break,
    "no-break-space": no_break_space,
    "combining": combining,
    "yo-as-ye": without_yo,
    "capitals": capitals,
    "small-letters": small_letters,
    "no-break-hyphen": no_break_hyphen,
}
