"""The endings a name's word may take, in key letters: Russian declension, Kazakh plural, possession and case.

Rules: Russian changes what follows a word's core ("alia" → "al" + "iei"), and which endings a core may take depends
on how the word itself ends; -ұлы, -қызы, -тегі, -ко and names in -о, -у, -е do not change. Kazakh adds to the whole
word, in the order plural, possession, case; the first sound of an ending follows the last of the word (after a vowel
"-ның", after a sonorant "-дың", after the rest "-тың"). Back and front vowels are both allowed: the key letters do not
tell ә from а or і from ы. An ending that begins as the word ends has lost a letter in the key (fold.py).
"""

from __future__ import annotations

import itertools
import re
from functools import cache

UNCHANGING = ("uli", "kizi", "tegi", "ko", "o", "u", "e", "ih")
FAMILY = ("ov", "ev", "in")

_FAMILY_TAILS = " a u e i im om oi oiu ei ih imi ami"
_TAILS = {
    "family": _FAMILY_TAILS,
    "consonant": " a u e i om em am ami ah ia iu iam iami iah",
    "a": " a i e u oi oiu ei eiu am ami ah",
    "ia": "ia i iu e ie ei eiu iei ieiu iam iami iah",
    "i": "i ia iu e em iem ie iam iami iah",
    "ei": "i ia iu m em iam iami iah ",
    "adjective": "i ogo omu im om aia oi uiu ih imi ie",
}
TAILS = {paradigm: frozenset(tails.split(" ")) for paradigm, tails in _TAILS.items()}

_PARADIGMS: tuple[tuple[tuple[str, ...], tuple[tuple[int, str], ...]], ...] = (
    # what the word ends in; letters cut to its core, and the endings the core takes
    (UNCHANGING, ()),
    (("ski",), ((1, "adjective"),)),
    (("skaia",), ((3, "adjective"),)),
    (FAMILY, ((0, "family"),)),
    (tuple(f"{ending}a" for ending in FAMILY), ((1, "family"), (1, "a"))),
    (("naia", "laia", "vaia", "taia", "raia", "baia", "zaia", "daia"), ((3, "adjective"), (2, "ia"))),
    (("oi",), ((1, "i"), (2, "adjective"))),
    (("ei",), ((1, "ei"),)),
    (("ia",), ((2, "ia"),)),
    (("a",), ((1, "a"),)),
    (("i",), ((1, "i"), (1, "adjective"))),
)


def cores(key: str) -> list[tuple[str, str]]:
    """Return the (core, paradigm) pairs by which a word's key declines in Russian; none for an unchanging word."""
    for ends, paradigms in _PARADIGMS:
        if key.endswith(ends) and key != "lev":
            return [(key[: len(key) - cut], paradigm) for cut, paradigm in paradigms]
    fleeting = [(key[:-3] + "ts", "consonant")] if key.endswith("ets") else []
    fleeting += [("lv", "consonant")] if key == "lev" else []
    fleeting += [(key[:-2] + key[-1], "consonant")] if key.endswith(("avel", "ok")) else []
    return [(key, "consonant"), *fleeting]


_PLURAL = {"vowel": "lar ler", "sonorant": "lar ler dar der", "other": "tar ter"}
_OWNED = {"vowel": "m n si miz niz", "sonorant": "im in i imiz iniz", "other": "im in i imiz iniz"}
_CASE = {
    "vowel": "nin ga ge na ne ni n da de nda nde dan den nan nen men niki dagi degi ndagi ndegi dai dei sha she",
    "sonorant": "din nin ga ge di ni da de dan den nan nen men ben diki niki dagi degi dai dei sha she a e",
    "other": "tin ka ke ti ta te tan ten pen ben tiki tagi tegi tai tei sha she a e",
}
_BELONGS = {"vowel": ("niki",), "sonorant": ("diki", "niki"), "other": ("tiki",)}
_OF_WHAT_BELONGS = ("n", "ne", "na", "nde", "nda", "nen", "nan", "ge", "ga", "ni", "men", "ler", "lar")
"""What follows "-дікі", what belongs to somebody: "Тестовтікінде", at his place."""
_OTHER = re.compile(r"(?:[bvgdkptsfh]|sh|ch)$")
_MOVING = 6
"""From this length on, an ending of any sound class is taken: long words are not met by chance."""


def _sound(word: str) -> tuple[str, ...]:
    if word.endswith(("i", "u")):
        return ("vowel", "sonorant")
    if word[-1:] in "aeo":
        return ("vowel",)
    return ("other",) if _OTHER.search(word) else ("sonorant",)


@cache
def _kazakh(sounds: tuple[str, ...]) -> frozenset[str]:
    """Return every chain plural-possession-case that may follow a word ending in one of ``sounds``."""
    ends = {""}
    for sound in sounds:
        for plural in ("", *_PLURAL[sound].split()):
            after = _sound(plural) if plural else (sound,)
            for owned in ("", *itertools.chain.from_iterable(_OWNED[one].split() for one in after)):
                last = _sound(owned) if owned else after
                cases = itertools.chain.from_iterable(_CASE[one].split() for one in last)
                ends |= {plural + owned + case for case in ("", *cases)}
                ends |= {plural + owned + belongs + case for belongs in _BELONGS[last[0]] for case in _OF_WHAT_BELONGS}
    return frozenset(ends)


_DERIVED = re.compile("[dlt]ik|siz")
"""What makes another word of a surname, "Тестовтық"; of a given name it makes common words: "Азаттық", "Еркіндік"."""
_ALL = ("vowel", "sonorant", "other")
_SOFTENED = {"g": "k", "b": "p"}


def follows(word: str, ending: str) -> bool:
    """Return whether a Kazakh chain of endings, or the English "s", may follow a word; both in key letters."""
    if not ending or ending == "s":
        return True
    allowed = _kazakh(_ALL if len(word) >= _MOVING else _sound(word))
    if ending in allowed or word[-1] + ending in allowed or (word.endswith("n") and f"g{ending}" in allowed):
        return True
    derived = _DERIVED.match(ending) if word.removesuffix("a").endswith(FAMILY) else None
    return derived is not None and ending[derived.end() :] in _kazakh(_ALL)


def hardened(word: str) -> str | None:
    """Return the word whose last sound a possessive softened ("serig" of "serik"), or None."""
    hard = _SOFTENED.get(word[-1:])
    return word[:-1] + hard if hard else None
