"""Kazakh endings of names: case, plural and possessive, by vowel harmony and the kind of the last sound.

Cases are ``nom gen dat acc loc abl ins`` and ``own`` (-нікі, "his"), ``like`` (-дай, "like"). A word in -ұлы, -қызы or
-тегі already bears the possessive of the third person and declines so (-ына, -ын). Surnames in -ов and -ев take the
harmony of what stands before (Жүнісбековтің, Күзембаевтың).
"""

from __future__ import annotations

from typing import Literal

CASES = ("nom", "gen", "dat", "acc", "loc", "abl", "ins", "own", "like")
Owner = Literal["", "1", "3", "we"]

_BACK = "аоұыуяюё"
_FRONT = "әеөүіэи"
_THIRD = ("ұлы", "улы", "қызы", "кызы", "тегі")
_SOFT = {"а": "е", "ы": "і", "қ": "к", "ғ": "г"}
_VOICED = {"қ": "ғ", "к": "г", "п": "б"}
# The endings by the kind of the last sound, written for back vowels.
_ENDINGS = {
    "vowel": ("", "ның", "ға", "ны", "да", "дан", "мен", "нікі", "дай"),
    "nasal": ("", "ның", "ға", "ды", "да", "нан", "мен", "нікі", "дай"),
    "sonorant": ("", "дың", "ға", "ды", "да", "дан", "мен", "дікі", "дай"),
    "buzzing": ("", "дың", "ға", "ды", "да", "дан", "бен", "дікі", "дай"),
    "voiceless": ("", "тың", "қа", "ты", "та", "тан", "пен", "тікі", "тай"),
    "third": ("", "ның", "на", "н", "нда", "нан", "мен", "нікі", "ндай"),
    "first": ("", "ның", "а", "ды", "да", "нан", "мен", "нікі", "дай"),
}
_PLURAL = {"vowel": "лар", "nasal": "дар", "sonorant": "лар", "buzzing": "дар", "voiceless": "тар"}
_HARD_ENDS = ("мен", "бен", "пен", "нікі", "дікі", "тікі")


def is_front(word: str) -> bool:
    """Tell whether the word takes front endings (-ге, -дің)."""
    low = word.lower()
    if low.endswith("ь"):
        return True
    if low.endswith(("ов", "ев", "ёв")) and any(letter in _BACK + _FRONT for letter in low[:-2]):
        low = low[:-2]
    vowels = [letter for letter in low if letter in _BACK + _FRONT]
    if low[-1] in "иу" and len(vowels) > 1 and any(letter not in "иу" for letter in vowels):
        vowels = [letter for letter in vowels if letter not in "иу"]
    return bool(vowels) and vowels[-1] in _FRONT


def last_sound(word: str) -> str:
    """Tell the kind of the last sound, which chooses among -ның, -дың and -тың."""
    last = word.lower().rstrip("ьъ")[-1]
    if last in "йруиюл" or (last == "у"):
        return "sonorant"
    if last in "мнң":
        return "nasal"
    if last in "зж":
        return "buzzing"
    return "vowel" if last in _BACK + _FRONT else "voiceless"


def _put(word: str, ending: str, *, front: bool) -> str:
    if not front or ending in _HARD_ENDS:
        return word + ending
    return word + "".join(_SOFT.get(letter, letter) for letter in ending)


def _plural(word: str, *, front: bool) -> str:
    last = word.lower().rstrip("ьъ")[-1]
    return _put(word, "дар" if last == "л" else _PLURAL[last_sound(word)], front=front)


def _owned(word: str, owner: Owner, *, front: bool) -> str:
    """Add "my", "his" or "our": Айгүлім, Серігі, Ерланымыз; a soft sign goes: Игорім."""
    if last_sound(word) == "vowel":
        return _put(word, {"1": "м", "3": "сы", "we": "мыз"}[owner], front=front)
    word = word.rstrip("ь")
    stem = word[:-1] + _VOICED.get(word[-1], word[-1])
    return _put(stem, {"1": "ым", "3": "ы", "we": "ымыз"}[owner], front=front)


def inflect(word: str, case: str, *, plural: bool = False, owner: Owner = "") -> str:
    """Return the word in a case; ``plural`` is that of a family or company (Ерландар), ``owner`` the possessive."""
    front = is_front(word)
    if plural:
        word = _plural(word, front=front)
    kind = "third" if word.lower().endswith(_THIRD) else last_sound(word)
    if owner:
        word = _owned(word, owner, front=front)
        kind = {"1": "first", "3": "third", "we": "buzzing"}[owner]
    return _put(word, _ENDINGS[kind][CASES.index(case)], front=front)


def dear(word: str) -> str:
    """Add -жан, the way of speaking kindly to somebody: Айгүлжан."""
    return word + "жан"
