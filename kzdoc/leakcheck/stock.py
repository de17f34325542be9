"""Words of names by their folded forms: which word of which name a word of a text may be a form of.

Rules: a word is known by its folded form (kzdoc/names/fold.py), by the endings of Russian and Kazakh grammar, and by
what makes a name small or dear in both (Айгуляша, Данияршик, Болаттай), from plain lists of its own; it shares no
lookup with redaction, and errs towards finding.
"""

from __future__ import annotations

import re

from kzdoc.names.fold import fold_tokens
from kzdoc.names.words import ENDINGS
from kzdoc.remembering import remembering

SHORTEST_STEM = 4
SHORTEST_WORD = 3
SHORTEST_COUPLED = 8
OWN_ENDINGS = ("aia", "i", "a", "ia", "ai", "oi")
SURNAME_STEMS = ("ov", "ev", "in", "sk")
"""A stem with one of these is a word of its own: what stays of a woman's surname is her brother's."""
_DEAR = re.compile(
    r"(?:i?[aeiu]shk?|i?u[lns]k?|i?u[lns](?:ech|och|en)k|[eoi]?chk|i?[eo]?nk|k)"
    r"(?:i?(?:a|e|u|ei|eiu|am|ami|ah)|i|oi|oiu)|"
    r"(?:[cs]hik|ik|ek|ok|[eo]chek|[eo]nok)(?:a|u|om|e|i|ov|am|ami|ah)?|"
    r"(?:zhan|tai|(?<=t)ai|au|(?<=[aeiou])sh|e?ken?)(?P<rest>[a-z]{0,12})"
)
"""What hangs on a name to make it small or dear, with the endings of its own."""
_AZATTYQ = "azatik"
"""«Азаттық», a word and a broadcaster that many papers name."""
_DERIVED = re.compile("(?:[dlt]ik|siz)[a-z]{0,10}")
SURNAMES = (*SURNAME_STEMS, "ova", "eva", "ina")
"""What becomes another word with -лық or -сыз and is still somebody: of given names common words are made."""
_LOST = ("", "a", "e", "ia", "i")
"""The vowel that a name loses before it."""

Place = tuple[int, int]
"""The number of a name and of a word in it."""


class Stock:
    """Names by number, and their words by what they may be written as."""

    def __init__(self) -> None:
        self.names: list[tuple[str, ...]] = []
        self._words: dict[str, list[Place]] = {}
        self._stems: dict[str, list[Place]] = {}
        self._placed: dict[str, list[Place]] = {}
        self._coupled: dict[str, list[Place]] = {}

    def add(self, name: str) -> int:
        """Take in a name and return its number."""
        number = len(self.names)
        self.names.append(tuple(fold_tokens(name)))
        for at, word in enumerate(self.names[number]):
            if len(word) >= SHORTEST_WORD:
                self._words.setdefault(word, []).append((number, at))
            for stem, whole in _stems(word):
                (self._words if whole else self._stems).setdefault(stem, []).append((number, at))
        self._placed.clear()
        self._coupled.clear()
        return number

    def places(self, key: str) -> list[Place]:
        """Return the words of names a folded word may be a form of."""
        known = self._placed.get(key)
        if known is None:
            known = self._placed[key] = self._find(key)
        return known

    def coupled(self, key: str) -> list[Place]:
        """Return the two words of one name that a folded word is written of without anything between."""
        known = self._coupled.get(key)
        if known is None:
            known = self._coupled[key] = self._part(key) if len(key) >= SHORTEST_COUPLED else []
        return known

    def _part(self, key: str) -> list[Place]:
        for cut in range(SHORTEST_WORD, len(key) - SHORTEST_WORD + 1):
            for one, other in ((key[:cut], key[cut:]), (key[cut:], key[:cut])):
                for name, at in self._words.get(one, ()):
                    rest = [place for place in self.places(other) if place[0] == name and place[1] != at]
                    if rest:
                        return [(name, at), *rest]
        return []

    def _find(self, key: str) -> list[Place]:
        places = list(self._words.get(key, ()))
        for cut in range(SHORTEST_WORD, len(key)):
            ending = key[cut:]
            if ending in ENDINGS and (cut >= SHORTEST_STEM or len(ending) > 1):
                stem = key[:cut]
                places += [*self._words.get(stem, ()), *self._stems.get(stem, ())]
            elif key[:cut].endswith(SURNAMES) and _DERIVED.fullmatch(ending):
                places += self._words.get(key[:cut], ())
        return list(dict.fromkeys([*places, *self._dear(key)]))

    def _dear(self, key: str) -> list[Place]:
        """Return the words of names that a folded word may be the diminutive of."""
        places: list[Place] = []
        for cut in range(SHORTEST_STEM, len(key) - 1 if not key.startswith(_AZATTYQ) else 0):
            whole = [place for vowel in _LOST for place in self._words.get(key[:cut] + vowel, ())]
            hung = _DEAR.fullmatch(key, cut) if whole else None
            if hung and (hung["rest"] or "") in ENDINGS:
                places += whole
        return places


@remembering(100_000)
def _stems(word: str) -> tuple[tuple[str, bool], ...]:
    """Return (stem, whether it is a word of its own): what stays of a word when its own ending makes room for another.

    What is no word of its own counts only with another ending.
    """
    cut = {word[: -len(ending)] for ending in OWN_ENDINGS if word.endswith(ending)}
    return tuple((stem, stem.endswith(SURNAME_STEMS)) for stem in sorted(cut) if len(stem) >= SHORTEST_STEM)
