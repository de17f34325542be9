"""The words of a text by their folded keys, and what is written like a person's name without being known as one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from kzdoc.names.endings import follows
from kzdoc.names.fold import INVISIBLE, fold_word

_ENDINGS = (
    # Russian: surnames, given names and patronymics of either gender, all cases and the plural
    "а у ом е ы ой ою ым ых ыми ому ого ем ам ами ах ов и ю ей ею ев ий ия ию ии ием ем ям ями ях я ь "
    # Kazakh: case, plural, possession, with vowel harmony
    "ның нің дың дің тың тің ға ге қа ке на не ны ні ды ді ты ті н да де та те нда нде "
    "дан ден тан тен нан нен мен бен пен лар лер дар дер тар тер ым ім м ың ің ң сы сі ы і мыз міз ыңыз іңіз "
    "ларға лерге ларды лерді лардың лердің ларда лерде лардан лерден дікі тікі нікі дағы дегі ша ше s"
)
ENDINGS = frozenset({"", *(fold_word(ending) for ending in _ENDINGS.split())})
"""The plain list of endings, for the leak check, which looks on its own."""

_INSIDE = f"{INVISIBLE}\u0300-\u036f'’ʼ"
_FIGURE = r"(?<=[^\W\d_]{2})[134568](?=[^\W\d_]{2})"
_SIGN = rf"(?:[^\W\d_]|¥|(?<=[^\W\d_])0(?=[^\W\d_])|(?<!\w)0(?=[^\W\d_]{{3}})|(?<!\w)[346](?=[^\W\d_]{{4}})|{_FIGURE})"
_WORD = re.compile(rf"{_SIGN}(?:{_SIGN}|[{_INSIDE}]+(?=[^\W\d_{_INSIDE}]))*[\u00ad\u0300-\u036f]*")
_FIGURES = re.compile(r"[013-68]")
_AS_CYRILLIC, _AS_LATIN = str.maketrans("0134568", "оізчббв"), str.maketrans("0134568", "oieasbb")
CHILD = re.compile(r"(?:uli|kizi|tegi)")
_BESIDE_CHILD = re.compile(r"['’ʼ]?[^\w.,;:!?]|-", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its folded key and where it stands."""

    key: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Return the words of ``text``; soft hyphens, joiners and combining marks do not part a word, hyphens do."""
    found = ((fold_word(_lettered(match.group())), match) for match in _WORD.finditer(text))
    return [Word(key, match.start(), match.end()) for key, match in found if key]


def _lettered(word: str) -> str:
    """Return a word with the figures that stand in it for letters as these letters."""
    if _FIGURES.search(word) is None:
        return word
    return word.translate(_AS_LATIN if word.isascii() else _AS_CYRILLIC)


def with_children(text: str, words: list[Word], known: Callable[[str], object] | None = None) -> list[Word]:
    """Return the words with "Серік ұлы" written apart as one word, as it is written together.

    ``known`` tells of a key whether it may be somebody's; what is known only apart stays apart.
    """
    joined: list[Word] = []
    whole = -1  # where the newest word put together stands: it is not put together again
    for word in words:
        last = joined[-1] if joined and whole != len(joined) - 1 else None
        child = CHILD.match(word.key)
        beside = last is not None and _BESIDE_CHILD.fullmatch(text, last.end, word.start) is not None
        if last and child and beside and follows(child.group(), word.key[child.end() :]):
            key = fold_word(text[last.start : last.end] + text[word.start : word.end])
            if known is None or known(key) or not (known(last.key) or known(word.key)):
                joined[-1] = Word(key, last.start, word.end)
                whole = len(joined) - 1
                continue
        joined.append(word)
    return joined


CAPITAL, LETTER = "А-ЯЁӘҒҚҢӨҰҮҺІA-ZÄĞÖŞŪÜÑ", "а-яёәғқңөұүһіa-zğıñöşūüä'’"
_CAPITALISED = re.compile(
    rf"(?<![^\W\d_])[{CAPITAL}][{LETTER}]+(?:(?:[^\S\n]|-)[{CAPITAL}][{LETTER}]+)+"
    rf"|(?:[{CAPITAL}]\.\s?){{1,2}}[{CAPITAL}][{LETTER}]+"
    rf"|[{CAPITAL}][{LETTER}]+(?:\s?[{CAPITAL}]\.){{1,2}}"
)


_OFFICE = re.compile(
    r"(?:(?:адвокат|следовател|дознавател|прокурор|судь|депутат|аким|министр|журналист|активист|правозащитник|свидетел|"
    r"потерпевш|подсудим|задержанн|обвиняем|эксперт|полковник|майор|капитан|лейтенант|сержант|генерал|начальник|президент|"
    r"директор|врач|доктор|участков|сотрудник|гражданк|господин|госпож|показани)[а-яё]{0,3}|"
    r"(?:тергеуші|қорғаушы|куәгер|белсенді|полицей)[а-яёәғқңөұүһі]{0,6}|"
    r"investigator|lawyer|prosecutor|judge|deputy|minister|journalist|activist|witness|colonel|captain|major|officer|doctor|"
    r"attorney|mister|mrs|mr|ms|dr)",
    re.IGNORECASE,
)
_SURNAMED = re.compile(r"(?:[оеё]в|ин|ск|жан|бек|бай|хан)(?:а|у|ым|ой|е|ых|ы|ий|ая)?$")
_BEGINS = re.compile(r"(?:^|[.!?…:;—–«\"“„\n(]|[-•*])[\s\u00a0]{0,3}$")
_DOING = re.compile(
    r"(?:(?:говори|сказа|рассказа|сообщи|позвони|звони|написа|ответи|заяви|показа|увиде|виде|слыша|бы|ста|задержа|"
    r"арестова|изби|избива|би|допроси|допрашива|вызва|отпусти|освободи|осуди|приговори|встрети|узна|подписа|обрати|"
    r"потребова|подтверди|утвержда|счита|добави|поясни|объясни|вспомни|пропа|верну|приеха|уеха|сиде|лежа|стоя|работа)"
    r"л[аои]?(?:с[ья])?|(?:при|у|вы|во|по|подо)?(?:шёл|шел|шла|шли)|(?:у|при|вы)вез(?:ла|ли)?|помог(?:ла|ли)?)",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[^\s-]+")


def candidates(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of what is written like a person's name: capitalised pairs, a surname with initials.

    A line that ends, ends a name: people write lists. The deed with which a sentence begins and the office before a
    name are no part of it; what stays of such a pair is asked about, though it is one word.
    """
    return [_bared(text, *match.span()) for match in _CAPITALISED.finditer(text)]


def no_name(word: str) -> bool:
    """Return whether a word is an office or a deed and not shaped like a surname."""
    office = _OFFICE.fullmatch(word) and _SURNAMED.search(word) is None
    return bool(office or _DOING.fullmatch(word))


def _bared(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a name without the words before it that are none; the last word always stays."""
    words = list(_PARTS.finditer(text, start, end))
    headed = _BEGINS.search(text, max(0, start - 4), start) is not None
    for at, word in enumerate(words[:-1]):
        office = _OFFICE.fullmatch(word.group()) and _SURNAMED.search(word.group()) is None
        if not (office or (at == 0 and headed and _DOING.fullmatch(word.group()))):
            return word.start(), end
    return words[-1].start(), end
