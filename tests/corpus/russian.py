"""Russian declension of surnames, names and patronymics, by the rules of a school grammar and nobody's code.

Cases are ``nom gen dat acc ins pre``. What is not declined (women's surnames in a consonant, -ко, -ых, -ұлы, -кызы …)
comes back as it was. Kazakh letters are left alone: «Қожабергенов» declines as «Кожабергенов» does.
"""

from __future__ import annotations

from typing import Literal

Gender = Literal["m", "f"]
CASES = ("nom", "gen", "dat", "acc", "ins", "pre")

_HUSHING = "жшчщ"
_VELAR = "гкхқғ"
_FIXED_ENDS = ("ұлы", "улы", "қызы", "кызы", "тегі", "теги", "оглы", "угли", "заде", "ых", "их", "аго", "ово")
_STEMS = {"Лев": "Льв", "Павел": "Павл", "Пётр": "Петр"}
_STRESSED_END = frozenset(["Раимкожа", "Райымқожа", "Кожа", "Қожа", "Айша", "Роща".lower()])


def _endings(word: str, cut: int, case: str, *endings: str) -> str:
    """Take ``cut`` letters off and put on the ending of the case, from gen, dat, acc, ins, pre."""
    return word[: len(word) - cut] + endings[CASES.index(case) - 1]


def _in_a(word: str, case: str) -> str:
    """Decline a word in -а of either gender: Гроза, Ольга, Маша, Лепёшечница."""
    before = word[-2].lower()
    gen = "и" if before in _HUSHING + _VELAR else "ы"
    soft = before in _HUSHING + "ц" and word not in _STRESSED_END
    return _endings(word, 1, case, gen, "е", "у", "ей" if soft else "ой", "е")


def _in_ya(word: str, case: str) -> str:
    """Decline a word in -я: Мария, Дарья, Таня, Илья."""
    if word.endswith("ия"):
        return _endings(word, 1, case, "и", "и", "ю", "ей", "и")
    return _endings(word, 1, case, "и", "е", "ю", "ёй" if word == "Илья" else "ей", "е")


def _masculine(word: str, case: str) -> str:
    """Decline a man's word in a consonant, -й or -ь: Нам, Коваль, Палий, Игорёк."""
    last = word[-1].lower()
    if last == "ь":
        return _endings(word, 1, case, "я", "ю", "я", "ем", "е")
    if word.endswith("ий"):
        return _endings(word, 1, case, "я", "ю", "я", "ем", "и")
    if last == "й":
        return _endings(word, 1, case, "я", "ю", "я", "ем", "е")
    stem = _STEMS.get(word, word[:-2] + "ьк" if word.endswith("ёк") else word)
    return _endings(stem, 0, case, "а", "у", "а", "ем" if last in _HUSHING + "ц" else "ом", "е")


def surname(word: str, gender: Gender, case: str) -> str:
    """Decline one surname; each half of a double one for itself."""
    if "-" in word:
        halves = word.split("-")
        fixed = halves[-1].endswith("заде")
        return "-".join(half if fixed else surname(half, gender, case) for half in halves)
    if case == "nom" or word.endswith(_FIXED_ENDS) or word[-1] in "оеэиуюыі":
        return word
    return _man(word, case) if gender == "m" else _woman(word, case)


def _woman(word: str, case: str) -> str:
    """Decline a woman's surname; one in a consonant stays."""
    if word.endswith(("ова", "ева", "ёва", "ина", "ына")):
        return _endings(word, 1, case, "ой", "ой", "у", "ой", "ой")
    if word.endswith("ая"):
        return _endings(word, 2, case, "ой", "ой", "ую", "ой", "ой")
    if word.endswith("а"):
        return _in_a(word, case)
    return _in_ya(word, case) if word.endswith("я") else word


def _man(word: str, case: str) -> str:
    """Decline a man's surname that is declined at all."""
    if word.endswith(("ов", "ев", "ёв", "ин", "ын")) and len(word) > 3:
        return _endings(word, 0, case, "а", "у", "а", "ым", "е")
    if word.endswith(("ский", "цкий")):
        return _endings(word, 2, case, "ого", "ому", "ого", "им", "ом")
    if word.endswith(("ый", "ой")) and len(word) > 4:
        return _endings(word, 2, case, "ого", "ому", "ого", "ым", "ом")
    if word.endswith("а"):
        return _in_a(word, case)
    return _in_ya(word, case) if word.endswith("я") else _masculine(word, case)


def family(word: str, case: str) -> str:
    """Decline the plural of a man's surname in -ов, -ин, -ский: Стоговы, Дубровицкие. Others come back unchanged."""
    index = CASES.index(case)
    if word.endswith(("ов", "ев", "ёв", "ин", "ын")) and len(word) > 3:
        return word + ("ы", "ых", "ым", "ых", "ыми", "ых")[index]
    if word.endswith(("ский", "цкий")):
        return word[:-2] + ("ие", "их", "им", "их", "ими", "их")[index]
    if word.endswith("ный"):
        return word[:-2] + ("ые", "ых", "ым", "ых", "ыми", "ых")[index]
    return word


def given(word: str, gender: Gender, case: str) -> str:
    """Decline a name, a diminutive or a nickname. A woman's name in a consonant or -ь is not declined, but Любовь."""
    if case == "nom" or word[-1] in "оеэиуюыі" or "-" in word:
        return word
    if word == "Любовь":
        return _endings(word, 1, case, "и", "и", "ь", "ью", "и")
    if word.endswith("а"):
        return _in_a(word, case)
    if word.endswith("я"):
        return _in_ya(word, case)
    if gender == "f":
        return word
    return _endings(word, 2, case, "ого", "ому", "ого", "ым", "ом") if word.endswith("ый") else _masculine(word, case)


def third_declension(word: str, case: str) -> str:
    """Decline a woman's name in -ль as some do: Айгуль, Айгули, Айгулью."""
    return _endings(word, 1, case, "и", "и", "ь", "ью", "и") if case != "nom" else word


def patronymic(word: str, gender: Gender, case: str) -> str:
    """Decline -ович, -евна; leave -ұлы, -кызы, -оглы and what is empty."""
    if case == "nom" or not word or word.endswith(_FIXED_ENDS):
        return word
    if gender == "f":
        return _in_a(word, case)
    return _endings(word, 0, case, "а", "у", "а", "ом" if word == "Ильич" else "ем", "е")
