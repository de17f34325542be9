"""One spelling of a word for searching and comparing, whatever alphabet and habit it was written in.

Rules: Cyrillic (Russian and Kazakh) and Latin (ICAO passports, BGN, the Kazakh Latin alphabets of 2018 and 2021,
chat style) meet in one small Latin key alphabet. Letters that the official Kazakh-to-Russian rule merges are merged
(А Ә, О Ө, У Ү Ұ, К Қ, Н Ң, Г Ғ, И І Й Ы; reference field-guide §3.9), Ж J Zh Дж Dzh are one, so are Х Һ H Kh, Е Ye
and Э. Doubled letters count once; signs, marks, apostrophes and soft hyphens vanish; what is not a letter or a digit
becomes one space. A sound that takes two Latin letters keeps two in the key ("zh", "sh", "ch", "ts"), so that what a
person has typed so far is nearly always the beginning of the key; `prefix_variants` covers the rest.

What this does not do: it knows no grammar (kzdoc/names/endings.py) and no people, and it merges more than it should
("Асхат" and "Ашат" share a key). It is for finding; a person or a rule decides.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from typing import Any

from kzdoc.remembering import remembering

_CYRILLIC = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "q",
    "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "і": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    # neighbours' letters that turn up in names: Ukrainian, Uzbek, Tajik, Kyrgyz
    "ї": "i", "є": "e", "ґ": "g", "ў": "u", "ҳ": "h", "ҷ": "zh", "ӯ": "u", "ӣ": "i", "җ": "zh", "ӑ": "a",
}  # fmt: skip
_LATIN = {
    "j": "zh", "q": "k", "w": "u", "x": "ks", "y": "i", "ı": "i", "ə": "a", "ɵ": "o", "¥": "u", "ø": "o", "ł": "l",
    "đ": "d", "ß": "s", "æ": "a", "œ": "o", "þ": "t", "ð": "d", "ħ": "h",
    "ş": "sh", "ș": "sh", "ś": "sh", "š": "sh", "ŝ": "sh", "ç": "q", "ć": "q", "č": "q", "ĉ": "q", "ž": "zh",
    "i\u0307": "i", "ź": "zh", "ż": "zh", "ĵ": "zh", "ý": "u", "â": "ia", "û": "iu",
}  # fmt: skip
_APOSTROPHES = frozenset("'`´ʹʺʼʻʽˈ‘’‛′＇")
_VOWELS = "aeiou"

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What Unicode lets programs ignore, and two blanks that look like nothing: none of it parts a word."""
_HIDDEN = INVISIBLE + "\u0300-\u036f"
_GREEK = "αβγδεζηθικλμνοπρςστυφχωΑΒΓΔΕΖΗΘΙΚΛΜΝΟΠΡΣΤΥΦΧΩ"
_AS_CYRILLIC = str.maketrans(_GREEK, "авгдезнөіклмнопрсстуфхоАВГДЕЗНӨІКЛМНОПРСТУФХО")
_AS_LATIN = str.maketrans(_GREEK, "abydeznoiklmvonpsstufxwABGDEZHOIKLMNOPPSTYFXO")
_DISGUISED = re.compile(f"[{INVISIBLE}\u0370-\u03ff\u1f00-\u1fff\uff21-\uff5a\U0001d400-\U0001d7ff]")
_MIXED = re.compile(f"[A-Za-zıɵəƏ][{_HIDDEN}]*[Ѐ-ԯ]|[Ѐ-ԯ][{_HIDDEN}]*[A-Za-zıɵəƏ]")
_HIDDEN_ONE = re.compile(f"[{INVISIBLE}]")
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_HIDDEN}])*")
_LATIN_LETTER = re.compile(r"[A-Za-z]")
_LOOKALIKE = dict(
    zip("aeopcyxihkmtAEOPCYXIHKMTB" + "ıɵəƏ", "аеорсухіһкмтАЕОРСУХІНКМТВ" + "іөәӘ", strict=True),
)
_TO_CYRILLIC = str.maketrans(_LOOKALIKE)
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in _LOOKALIKE.items() if latin.isascii()})
_LOOK_CYRILLIC = frozenset(_LOOKALIKE.values())
_LOOK_LATIN = frozenset(_LOOKALIKE)


class _Table(dict[int, str]):
    """The letter table for ``str.translate``; an unseen character is worked out once and kept."""

    def __missing__(self, code: int) -> str:
        key = self[code] = _letter(chr(code))
        return key


def _letter(char: str) -> str:
    """Return the key of one character that the two tables do not name."""
    lower = char.lower()
    known = _CYRILLIC.get(lower, _LATIN.get(lower))
    if known is not None:
        return known
    category = unicodedata.category(char)
    if char in _APOSTROPHES or category in ("Mn", "Me", "Cf"):
        return ""
    if category[0] in "PSZC":
        return " "
    plain = unicodedata.normalize("NFKD", lower)
    return lower if plain in (char, lower) else "".join(_letter(part) for part in plain)


_TABLE = _Table()

# The quick way for the everyday text of these vaults: a code page of our own (ASCII, Russian, Kazakh, common marks),
# one byte a letter; sounds of two key letters pass through as control bytes and are spelled out afterwards.
_EVERYDAY = (
    "".join(map(chr, range(128)))
    + "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі"
    + "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі".upper()
    + "«»—–…“”„’№\u00a0\u00ad°·•‑"
)
_PAIRS = {"zh": 1, "ts": 2, "sh": 3, "iu": 4, "ia": 5, "ks": 6}
_SPELLED = tuple((chr(code), pair) for pair, code in _PAIRS.items())
_PAGE: Any = codecs.charmap_build(_EVERYDAY.ljust(256, "\ufffe"))
_DROPPED = bytes(i for i, char in enumerate(_EVERYDAY) if _TABLE[ord(char)] == "")
_BYTES = bytes(_PAIRS.get(_TABLE[ord(char)]) or ord(_TABLE[ord(char)] or " ") for char in _EVERYDAY.ljust(256, " "))


def _letters(text: str) -> str:
    """Return ``text`` letter by letter in the key alphabet."""
    try:
        page, _ = codecs.charmap_encode(text, "strict", _PAGE)
    except UnicodeEncodeError:
        return text.translate(_TABLE)
    key = page.translate(_BYTES, _DROPPED).decode("ascii")
    for mark, pair in _SPELLED:
        key = key.replace(mark, pair)
    return key


_SOFT_E = re.compile("[ьЬ][еёЕЁ]")
_DOUBLES = tuple((letter * 2, letter) for letter in "abdefghiklmnoprstuvz")


def fold(text: str) -> str:
    """Return the key form of ``text``: lower-case key letters and digits, words parted by one space.

    The work grows with the length of the text alone. Folding a key again leaves it as it is.
    """
    text = unicodedata.normalize("NFC", text)
    if _DISGUISED.search(text):
        text = _WORD.sub(_undisguised, _HIDDEN_ONE.sub("", text))
    if not text.isascii() and _LATIN_LETTER.search(text) and _MIXED.search(text):
        text = _WORD.sub(_one_script, text)
    if "ь" in text or "Ь" in text:
        text = _SOFT_E.sub("ие", text)
    key = f" {_letters(text)} "
    if "c" in key:
        key = key.replace("ch", "q").replace("c", "k")
    if "q" in key:
        key = key.replace("sq", "sh").replace("shq", "sh").replace("q", "ch")
    return " ".join(_sounds(key).split())


def _undisguised(match: re.Match[str]) -> str:
    """Return a word with its Greek letters in the script it pretends to be in, and its fancy ones plain."""
    word = match.group()
    if word.isascii() or _DISGUISED.search(word) is None:
        return word
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word))
    latin = _LATIN_LETTER.search(plain) and not _CYRILLIC_LETTER.search(plain)
    return plain.translate(_AS_LATIN if latin else _AS_CYRILLIC)


def as_latin(word: str) -> str:
    """Return a word without joiners and combining marks, in Latin letters where it mixes them with Cyrillic ones."""
    plain = word if word.isascii() else re.sub(f"[{_HIDDEN}]", "", unicodedata.normalize("NFC", word))
    return plain.translate(_TO_LATIN) if _LATIN_LETTER.search(plain) else plain


def unaccented(word: str) -> str:
    """Return a word in Latin letters without its accents."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def _one_script(match: re.Match[str]) -> str:
    """Return a word that mixes Cyrillic and Latin lookalikes in the script it pretends to be in."""
    word = match.group()
    letters = [char for char in word if char.isalpha()]
    cyrillic = [char for char in letters if "\u0400" <= char <= "\u052f"]
    if not cyrillic or len(cyrillic) == len(letters):
        return word
    foreign = [char for char in letters if char not in cyrillic and char not in _LOOK_LATIN]
    if foreign and all(char in _LOOK_CYRILLIC for char in cyrillic):
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC)


def _sounds(key: str) -> str:
    """Return the key with spellings of one sound brought to one."""
    for double, single in _DOUBLES:
        shorter = key.replace(double, single)
        while len(shorter) != len(key):
            key, shorter = shorter, shorter.replace(double, single)
    for spelling, sound in _SPELLINGS:
        key = key.replace(spelling, sound)
    return key


_SPELLINGS = (
    ("kh", "h"), ("gh", "g"), ("ng", "n"), ("dzh", "zh"), ("zhzh", "zh"),
    (" ie", " e"), ("aie", "ae"), ("eie", "e"), ("oie", "oe"), ("uie", "ue"), ("aui", "au"),
)  # fmt: skip


def fold_tokens(text: str) -> list[str]:
    """Return the keys of the words of ``text``, in order; in a text of one script remembers what is between spaces."""
    if text.isascii() or not _LATIN_LETTER.search(text):
        return [key for part in text.split() for key in _tokens(part)]
    return fold(text).split()


@remembering(200_000)
def _tokens(part: str) -> tuple[str, ...]:
    return tuple(fold(part).split())


@remembering(200_000)
def fold_word(word: str) -> str:
    """Return the key of one word, without spaces (a hyphen or a line break inside it vanishes); remembers words."""
    return fold(word).replace(" ", "")


# What the end of an unfinished key may yet turn into; the second table is for a last letter typed as a Latin c.
_UNFINISHED = (
    ("k", ("h",)), ("dz", ("zh",)), ("d", ("zh",)), (" i", (" e",)),
    ("ai", ("a",)), ("ei", ("e",)), ("oi", ("o",)), ("ui", ("u",)),
)  # fmt: skip
_UNFINISHED_C = (("k", ("ch", "")), ("sk", ("sh",)))


def prefix_variants(text: str) -> tuple[str, ...]:
    """Return every key with which a name's key may begin when ``text`` is what has been typed of the name so far.

    The first is ``fold(text)``; the others are for a last letter that may yet become half of a two-letter spelling
    ("C" of "Ch", "K" of "Kh", "D" of "Dzh", "Nazarbay" of "Nazarbayev"). After a space nothing is unfinished.
    """
    key = fold(text)
    last = unicodedata.normalize("NFC", text)[-1:].lower()
    if not key or not last.isalpha():
        return (key,)
    padded = f" {key}"
    variants = [key]
    for end, others in _UNFINISHED + (_UNFINISHED_C if last == "c" else ()):
        if padded.endswith(end):
            variants += [(padded[: -len(end)] + other)[1:] for other in others]
    return tuple(dict.fromkeys(variant for variant in variants if variant))


_ENDINGS = re.compile(r"(?:ovich|evich|ovna|evna|uli|kizi|tegi|ski|skaia|tski|tskaia|[oe]va?|ina?)$")
_SHORTEST_STEM = 3


def skeleton(text: str) -> str:
    """Return the bare consonants of the names in ``text``, word by word, without surname and patronymic endings.

    One family in different papers ("Джанбулатов", "Жанбулат", "Жанболатова") has one skeleton. It is coarse: for
    gathering candidates, never for deciding.
    """
    return " ".join(filter(None, map(_bones, fold_tokens(text))))


def _bones(token: str) -> str:
    stem = _ENDINGS.sub("", token)
    stem = stem if len(stem) >= _SHORTEST_STEM else token
    return stem[0] + "".join(letter for letter in stem[1:] if letter not in _VOWELS)
