"""Whether a form of a surname can be a man's, a woman's or a whole family's: who of one surname cannot be meant.

Rules: in Russian "-овой" is a woman's and "-овых" a family's; Kazakh endings follow the whole word, so "-ованың" is a
woman's too, and so is "-ova" in Latin letters. "-ова" and "-ову" are a man's in one case and a woman's in another: the
words around decide where grammar leaves no choice (a verb or a title that agrees, a preposition with its case, a noun
before a genitive); else nobody here does. Of a word that is no surname in -ов, -ев, -ин, -ский nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from kzdoc.names.endings import follows
from kzdoc.names.fold import fold_word
from kzdoc.remembering import remembering

MAN, WOMAN, FAMILY = "m", "f", "p"

_BOTH = {"a": "mf", "u": "mf"}
_TAILS = {
    "v": {"": "m", **_BOTH, "im": "mp", "om": "m", "e": "m", "oi": "f", "oiu": "f", "ei": "f", "i": "p", "ih": "p",
          "imi": "p"},
    "n": {"": "m", **_BOTH, "im": "mp", "om": "m", "e": "mf", "oi": "f", "oiu": "f", "ei": "f", "i": "fp", "ih": "p",
          "imi": "p"},
    "k": {"i": "m", "ogo": "m", "omu": "m", "im": "mp", "om": "m", "aia": "f", "oi": "f", "oiu": "f", "uiu": "f",
          "ie": "p", "ih": "p", "imi": "p"},
}  # fmt: skip
_STEM = re.compile(r"(?=([oe]v|in|sk))")
_SHORTEST = 3
_FATHERS = re.compile(r"[oe]v(?:n(?:a|i|e|u|oi|oiu)|ich(?:a|u|em|e)?)$")
_KAZAKH_PLURAL = re.compile(r"[dlt][ae]r")
_LONGEST = 24
"""Letters no ending goes beyond (the Kazakh chains have eleven, a vowel before them three): further off no stem is
looked for, so that the work grows with the length of a word alone."""
_OF_A_MAN, _OF_A_WOMAN = ("ov", "ev", "in", "ski"), ("ova", "eva", "ina", "skaia")
_HEAD = 3


@remembering(50_000)
def forms_of(written: str) -> frozenset[str]:
    """Return whose a form of a surname can be (``MAN``, ``WOMAN``, ``FAMILY``); nothing when it does not say."""
    latin = written.isascii()
    if latin and re.search(r"[a-z]s$", written, re.IGNORECASE) and _tails(fold_word(written[:-1]), latin=True) == {MAN}:
        return frozenset(FAMILY)
    return _tails(fold_word(re.sub(r"['’]s$", "", written)), latin=latin)


def _tails(key: str, *, latin: bool) -> frozenset[str]:
    if _FATHERS.search(key):
        return frozenset()
    for stem in _STEM.finditer(key, max(_SHORTEST - 1, len(key) - _LONGEST)):
        end = stem.start() + 2
        rest = key[end:]
        found = WOMAN if latin and rest == "a" else _TAILS[key[end - 1]].get(rest) or _kazakh(key[:end], rest)
        if found:
            return frozenset(found)
    return frozenset()


def _kazakh(stem: str, rest: str) -> str:
    """Return whose a surname with Kazakh endings is: they follow the whole word."""
    for vowel, whose in (("aia" if stem.endswith("k") else "a", WOMAN), ("i" if stem.endswith("k") else "", MAN)):
        ending = rest[len(vowel) :]
        if rest.startswith(vowel) and ending and follows(stem + vowel, ending):
            return FAMILY if _KAZAKH_PLURAL.match(ending) else whose
    return ""


def gender_of_key(key: str) -> str:
    """Return whose a word of a name is, by its folded key; "" when it does not say."""
    if key.endswith(_OF_A_WOMAN):
        return WOMAN
    return MAN if key.endswith(_OF_A_MAN) and len(key) > _SHORTEST else ""


def may_be(written: str, names: Iterable[str]) -> bool:
    """Return whether a word may be a form of one of these words of a name (keys) in one person's singular."""
    forms, genders = forms_of(written), _genders(written, names)
    return not forms or not genders or bool(forms & genders)


_REACH = 40
_SMALL = r"[а-яё]+"
_WOMANS_VERB = re.compile(r"(?<!шко)(?<!ска)(?<!^си)(?<!^де)(?:[аеиояуытсзгкхбп]|ш)ла(?:сь)?$")
_HER_DEED = re.compile(r"(?<!\w)(?:[а-яё]+[аяь]|она)\s(?:не\s)?[а-яё]+ла\s$", re.IGNORECASE)
"""A deed of somebody else, so that the name behind it may be whom it was done to."""
_ANOTHERS_VERB = re.compile(r"[аеиояуы]л(?:и|о)?(?:с[ья])?$|[ш]ли(?:сь)?$|[тсзгкх]ли$")
_TITLES = "гражданк|женщин|активистк|журналистк|правозащитниц|учительниц|студентк|пенсионерк|свидетельниц|г-ж|госпож"
_KIN = "жен|сестр|мам|вдов|невест|бабушк|снох|свекровь?|дочк|мать?|дочь?"
_WOMAN_BEFORE = {
    "а": re.compile(rf"(?<!\w)(?:(?:{_TITLES})а,?|(?:{_KIN})[аь]?,|[а-яё]{{3,}}(?:н|ш|щ)ая)\s$", re.IGNORECASE),
    "у": re.compile(rf"(?<!\w)(?:(?:{_TITLES}|{_KIN})[уь]?,?|[а-яё]{{3,}}(?:н|ш|щ)ую)\s$", re.IGNORECASE),
}
_OF_HIS = re.compile(rf"(?<!\w)(?:{_KIN})[уы]\s$", re.IGNORECASE)
"""A woman of his, in a case in which her own surname would be another form ("жену Тестова")."""
_MAN_BEFORE = re.compile(
    r"(?<!\w)(?:г-н[ау]|господин[ау]|гражданин[ау]|активист[ау]|журналист[ау]|[а-яё]{3,}(?:ного|ному|шего|шему|щего|щему)|"
    r"отц[ау]|сын[ау]|брат[ау]|муж[ау])\s$",
    re.IGNORECASE,
)
_FOR_A = (
    "у от для против из без около после ради вместо кроме насчёт насчет помимо возле вокруг до среди относительно мимо "
    "дело дела делу деле деле арест ареста аресте дом дома доме имя имени адвокат адвокату адвоката телефон квартира "
    "квартиру квартире слова словам словах голос паспорт рука руки руку тело лицо машина машину"
)
_FOR_U = "к ко по благодаря вопреки согласно навстречу"
_WOMANS_U = "в на за про через о об во обо"
_BEFORE_A, _BEFORE_U, _WOMANS_BEFORE_U = (frozenset(words.split()) for words in (_FOR_A, _FOR_U, _WOMANS_U))
_GENITIVE_AFTER = re.compile(r"(?:[нт]и[еяюи]|ств[оае]|ост[ьи])$")
_NEXT = re.compile(rf"\s({_SMALL})")
_LAST = re.compile(rf"({_SMALL})\s$", re.IGNORECASE)
_KAZAKH_WORD = re.compile(r"(?<!\w)[а-яё]*[әғқңөұүһі][а-яёәғқңөұүһі]*")


def meant(text: str, start: int, end: int) -> str:
    """Return whose a form that a man and a woman share surely is where it stands, ``MAN`` or ``WOMAN``; else ""."""
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    if _KAZAKH_WORD.search(before + " " + after):  # Kazakh has no such cases: it is the word as it is
        return WOMAN if text[start:end].lower().endswith(("а", "a")) else ""
    last, following = _LAST.search(before), _NEXT.match(after)
    beside = [one[1].lower() for one in (last, following) if one]
    vowel = text[end - 1].lower()
    if vowel not in _WOMAN_BEFORE:
        return ""
    if _WOMAN_BEFORE[vowel].search(before):
        return WOMAN
    word = last[1].lower() if last else ""
    if vowel == "у":
        return WOMAN if word in _WOMANS_BEFORE_U else MAN if word in _BEFORE_U or _MAN_BEFORE.search(before) else ""
    if any(map(_WOMANS_VERB.search, beside)):
        return "" if _HER_DEED.search(before) else WOMAN
    his = word in _BEFORE_A or _GENITIVE_AFTER.search(word) or _MAN_BEFORE.search(before) or _OF_HIS.search(before)
    return MAN if his or any(map(_ANOTHERS_VERB.search, beside)) else ""


def another_s(text: str, start: int, end: int, names: Iterable[str]) -> bool:
    """Return whether a lone word surely is not of somebody with these words of a name, of whom it may be a form."""
    written = text[start:end]
    genders = _genders(written, names)
    if not genders or not (forms := forms_of(written)):
        return False
    if not forms & genders:
        return True
    sure = meant(text, start, end) if {MAN, WOMAN} <= forms else ""
    return bool(sure) and sure not in genders


def doubtful(text: str, start: int, end: int, one: Iterable[str], other: Iterable[str]) -> bool:
    """Return whether a lone word may as well be of a woman as of a man of one surname, and nothing around tells."""
    written = text[start:end]
    mine, theirs = _genders(written, one), _genders(written, other)
    apart = bool(mine and theirs) and not mine & theirs
    return apart and {MAN, WOMAN} <= forms_of(written) and not meant(text, start, end)


def _genders(written: str, names: Iterable[str]) -> set[str]:
    key = fold_word(written)
    return {gender_of_key(name) for name in names if name[:_HEAD] == key[:_HEAD]} - {""}
