"""Other ways to write and to soften a name: what a vault that knows one spelling must still know in a text.

Rules, all in key letters (fold.py): a Kazakh name in a Russian paper changes or loses its high vowels (Жүнісбеков:
Жунусбеков, Тілеуберді: Тлеуберди), so the consonants with а and е decide; a name from elsewhere in Latin letters may be
German, Ukrainian or Polish by habit (Wohlgemuth, Halyna, Jadwiga); an initial stands for every letter it may be read
as; -жан, -тай and the Russian diminutives hang on the name, -еке on its first syllables; what is somebody's is said in
Russian by an adjective of the name (Кайратов, Надин). Used where a word is written like a name and is no plain form of
one.
"""

from __future__ import annotations

import re

from kzdoc.names.endings import follows
from kzdoc.names.fold import as_latin, fold_word, unaccented
from kzdoc.remembering import remembering

SHORTEST_LOOSE = 4
SHORTEST_BONES = 5
_HIGH = re.compile("[iou]")
_HEAD = re.compile("^(?:ir(?=[^aeiou])|iri)")
_JAN = re.compile(r"zh?an(.*)$")
_SMALLER = re.compile(
    r"(?:i?[eo]?nk|[eoi]?chk|i?[aeu]shk|i?u[lns]k|i?u[lns](?:ech|och|en)k|(?<=[^aeiou])k|i?ash|ish|i?ush|i?u[lns])"
    r"(?:i?(?:a|e|u|ei|eiu|am|ami|ah)|i|oi|oiu)?$|"
    r"(?:[cs]hik|ik|ek|ok|[eo]chek|[eo]nok)(?:a|u|om|e|i|ov|am|ami|ah)?$"
)
_KAZAKH_SMALLER = re.compile(r"(?:tai|au|(?<=[aeiou])sh)(?=(?P<rest>[a-z]{0,12})$)")
_RESPECT = re.compile(r"^(.{3,}?)(?:[ea]?ke)(?P<rest>.*)$")


def loose(key: str) -> str:
    """Return what stays of a key in every habit: its consonants, а and е; a high vowel at the start as a mark."""
    key = _HEAD.sub("r", key)
    rest = _HIGH.sub("", key)
    return f"*{rest}" if key[:1] in "iou" else rest


_CHAT = 5
_FOREIGN = (
    ("German", ((r"\bsch", "sh"), ("sch", "sh"), (r"\bsp", "shp"), (r"\bst", "sht"), ("ie", "i"), ("ei", "ai"),
                ("eu", "oi"), ("tz", "ts"), ("ck", "k"), ("th", "t"), ("ch", "h"),
                (r"(?<=[aeiou])h(?=[^aeiou]|$)", ""), ("w", "v"), ("z", "ts"))),
    ("German", ((r"\bsch", "sh"), ("sch", "sh"), ("ie", "i"), ("tz", "ts"), ("ck", "k"), ("th", "t"), ("ch", "h"),
                (r"(?<=[aeiou])h(?=[^aeiou]|$)", ""), ("w", "v"))),
    ("Ukrainian", (("kh", "х"), (r"(?<![cszk])h", "g"), ("х", "kh"))),
    ("Polish", ((r"ł", "l"), ("rz", "zh"), ("sz", "sh"), ("cz", "ch"), ("w", "v"), ("j", "i"), ("ia", "ya"))),
    ("German", ((r"(?<=[aeioulnrm])s(?=[aeiou])", "z"), ("ie", "i"), ("ck", "k"), ("th", "t"))),
    ("English", ((r"g(?=[eiy])", "zh"),)),
    ("Korean", (("ee", "i"), ("oo", "u"))),
    ("chat", (("w", "sh"), ("x", "h"))),
    ("chat", (("w", "sh"), ("4", "ch"), ("c", "ts"))),
)  # fmt: skip


@remembering(10_000)
def foreign(written: str) -> tuple[str, ...]:
    """Return the keys of a word in Latin letters read by the habits of its neighbours, its plain key left out."""
    word = as_latin(written)
    if not re.fullmatch(r"[A-Za-zÀ-ž'’-]+", word):
        return ()
    if word.lower() == "lee":
        return ("li",)
    found = [] if written.isascii() else [fold_word(unaccented(word))]
    for habit, steps in _FOREIGN:
        if len(word) < (_CHAT if habit == "chat" else SHORTEST_LOOSE):
            continue
        if habit == "chat" and word[:2].lower() == "wh":  # an English question
            continue
        said = word.lower()
        for shape, sound in steps:
            said = re.sub(shape, sound, said)
        found.append(fold_word(said))
    plain = fold_word(written)
    return tuple(key for key in dict.fromkeys(found) if len(key) >= SHORTEST_LOOSE and key != plain)


_CHATTED = (("w", "sh"), ("x", "h"), ("4", "ch"))


def chatted(name: str) -> str:
    """Return a name in Latin letters as a chat means it ("winar" is Шынар, "axat" Ахат), "" when nothing says so."""
    said = name.lower()
    if not re.fullmatch(r"(?=.*[wx4])[a-zà-ž0-9'’ .-]+", said):
        return ""
    for letter, sound in _CHATTED:
        said = said.replace(letter, sound)
    return said


_LETTERS = {
    "y": "ieu", "i": "ieu", "e": "eio", "j": "zi", "w": "uvs", "c": "ktsc", "h": "hgn", "g": "gh", "q": "k", "x": "hk",
    "v": "vu", "u": "uo", "o": "ou", "z": "zt", "s": "s", "k": "kh", "t": "t", "p": "pr", "b": "bv", "m": "m", "a": "a",
}  # fmt: skip
_CYRILLIC_FACES = {"H": "n", "P": "r", "C": "s", "B": "v", "X": "h", "Y": "u"}


def initials(letter: str) -> frozenset[str]:
    """Return the key letters with which a name may begin whose initial is written so ("Ye", "Sh", "Ә", Latin "H")."""
    key = fold_word(letter)
    found = {key[:1]}
    if letter[:1].isascii():
        found |= set(_LETTERS.get(letter[:1].lower(), ""))
        found |= {_CYRILLIC_FACES.get(letter[:1], key[:1])}
    elif letter[:1] in "ОӨУҮҰоөуүұ":
        found |= {"o", "u"}
    elif letter[:1] in "ЕЁЭеёэ":
        found |= {"e", "i"}
    elif letter[:1] in "ЫИІЙыиій":
        found |= {"i", "e"}
    return frozenset(found - {""})


def respected(key: str) -> tuple[tuple[str, str], str] | None:
    """Return (names, ending) of a name with -жан ("erlanzhanga" is "erlan" and "ga"), or None; of "zzh" a z is lost."""
    at = key.rfind("zhan")
    return ((key[:at], key[: at + 1]), key[at + 4 :]) if at >= 2 else None  # noqa: PLR2004 - the shortest name


def smaller(key: str) -> tuple[str, ...]:
    """Return what may be the name of which this is a diminutive, Russian or Kazakh: its stem, with its vowel too."""
    stems: list[str] = []
    found = _SMALLER.search(key, SHORTEST_LOOSE - 1)
    while found:
        stem = key[: found.start()]
        stems += (stem, f"{stem}a", f"{stem}e", f"{stem}ia", f"{stem}i")
        found = _SMALLER.search(key, found.start() + 1)
    kazakh = _KAZAKH_SMALLER.finditer(key, SHORTEST_LOOSE)
    stems += [key[: one.start()] for one in kazakh if follows(one.group(), one["rest"])]
    return tuple(dict.fromkeys(stems))


_OF_A_MAN = re.compile(r"^(.{2,})([oe]v)(a|o|u|i|oi|oiu|im|ih|imi|om|omu|ogo|)$")
_OF_A_WOMAN = re.compile(r"^(.{2,})(in)(a|o|u|i|oi|oiu|im|ih|imi|om|omu|ogo|)$")
_AGREES = {
    "": "бвгджзйклмнпрстфхцчшщь", "a": "аяь", "o": "оея", "u": "уюь", "i": "ыиаяе", "oi": "йеиыью", "oiu": "йеиыью",
    "im": "мью", "ih": "хвйьае", "imi": "и", "om": "меиу", "omu": "уюе", "ogo": "аяоиы",
}  # fmt: skip
"""How the word may end of which such an adjective is said, by the adjective's own ending."""
_DOING = re.compile(r"(?:[аиеуыя]л[аои]?(?:с[ья])?|[аяеую]ет(?:ся)?|ит(?:ся)?)$")
_LINKS = (
    "был была были как что для без при под над или уже ещё тоже там где его её их нам мне вам тот так это кто она они "
    "мой свой сам все всё тут чей перед после через против около"
)
_JOINING = frozenset(_LINKS.split())


def possessive(key: str, behind: str) -> tuple[str, ...]:
    """Return whose the word ``behind`` may be by the Russian adjective before it ("Кайратов паспорт", "Надин").

    ``behind`` is a word written small that agrees with the adjective and says no deed: "Кайратов сказал" is a surname.
    """
    man, woman = _OF_A_MAN.match(key), _OF_A_WOMAN.match(key)
    found = man or woman
    if found is None or len(behind) <= SHORTEST_LOOSE - 2 or behind in _JOINING or _DOING.search(behind):
        return ()
    if behind[-1] not in _AGREES[found[3]]:
        return ()
    stem = found[1]
    return (stem, f"{stem}i", f"{stem}ei") if man else (f"{stem}a", f"{stem}ia", stem)


def honoured(key: str) -> tuple[str, str] | None:
    """Return (first letters, ending) of a name with Kazakh -еке, -аке, -ке ("erzheke"), or None."""
    found = _RESPECT.match(key)
    return (found[1], found["rest"]) if found else None
