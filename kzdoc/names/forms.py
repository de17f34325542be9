"""Knowing a name in whatever form a text gives it: Russian and Kazakh endings, initials, three scripts.

Words of the text are looked up by their folded key (fold.py) in an index of the known names' words; names are never
looked for in the text, so the cost follows the text. A word is a form of a name's word when what follows a known stem
is an ending of Russian or Kazakh grammar. It errs towards finding; who may be named is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from kzdoc.names.fold import fold, fold_word

SHORTEST_STEM = 4
SHORTEST_NAME = 3

_ENDINGS = (
    # Russian: surnames, given names and patronymics of either gender, all cases and the plural
    "а у ом е ы ой ою ым ых ыми ому ого ем ам ами ах ов и ю ей ею ев ий ия ию ии ием ем ям ями ях я ь "
    # Kazakh: case, plural, possession, with vowel harmony
    "ның нің дың дің тың тің ға ге қа ке на не ны ні ды ді ты ті н да де та те нда нде "
    "дан ден тан тен нан нен мен бен пен лар лер дар дер тар тер ым ім м ың ің ң сы сі ы і мыз міз ыңыз іңіз "
    "ларға лерге ларды лерді лардың лердің ларда лерде лардан лерден дікі тікі нікі дағы дегі ша ше s"
)
ENDINGS = frozenset({"", *(fold_word(ending) for ending in _ENDINGS.split())})
_FINALS = ("aia", "ski", "ia", "ai", "oi", "a", "i")
_WORD = re.compile(r"[^\W\d_]+(?:[\u00ad\u200b-\u200d\u2060\u0300-\u036f'’ʼ-]+[^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: its folded key and where it stands."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A known name met in a text: whose it may be (several bear one surname) and where."""

    owners: tuple[Hashable, ...]
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """Return the words of ``text``; soft hyphens, joiners and combining marks do not part a word."""
    words = []
    for match in _WORD.finditer(text):
        for piece in re.finditer(r"[^-]+", match.group()):
            key = fold_word(piece.group())
            if key:
                words.append(Word(key, match.start() + piece.start(), match.start() + piece.end()))
    return words


def stems_of(word: str) -> set[str]:
    """Return a folded word and what stays of it when its own last vowel makes room for an ending."""
    if len(word) < SHORTEST_NAME:
        return set()
    shorter = {word.removesuffix(ending) for ending in _FINALS if word.endswith(ending)}
    return {word} | {stem for stem in shorter if len(stem) >= SHORTEST_STEM}


class NameIndex:
    """Known names by the stems of their words; every name has an owner, the person it is one of the names of."""

    def __init__(self, names: Iterable[tuple[Hashable, str]]) -> None:
        self._stems: dict[str, set[Hashable]] = {}
        self._initials: dict[Hashable, set[str]] = {}
        for owner, name in names:
            keys = fold(name).split()
            for key in keys:
                self._initials.setdefault(owner, set()).add(key[0])
                for stem in stems_of(key):
                    self._stems.setdefault(stem, set()).add(owner)

    def owners(self, key: str) -> set[Hashable]:
        """Return whose name the folded word may be a form of."""
        found: set[Hashable] = set()
        for cut in range(min(SHORTEST_NAME, len(key)), len(key) + 1):
            stem, ending = key[:cut], key[cut:]
            if stem in self._stems and ending in ENDINGS and (cut >= SHORTEST_STEM or not ending):
                found |= self._stems[stem]
        return found

    def mentions(self, text: str) -> list[Mention]:
        """Return the mentions in ``text`` by place: neighbouring words of one name are one mention.

        An initial beside a known word belongs to the mention. Where neighbours share an owner only those owners are
        kept; a word that several people bear keeps all of them.
        """
        words = words_of(text)
        found: list[Mention] = []
        for word, owners in ((word, self.owners(word.key)) for word in words):
            if not owners:
                continue
            last = found[-1] if found else None
            common = owners & set(last.owners) if last else set()
            if last and common and self._one_name(text[last.end : word.start]):
                found[-1] = Mention(_sorted(common), last.start, word.end)
            else:
                found.append(Mention(_sorted(owners), word.start, word.end))
        return [self._with_initials(text, mention) for mention in found]

    def _one_name(self, between: str) -> bool:
        return re.fullmatch(r"(?:[\s\u00a0-]|[^\W\d_]\.){1,8}", between) is not None

    def _with_initials(self, text: str, mention: Mention) -> Mention:
        letters = {letter for owner in mention.owners for letter in self._initials.get(owner, ())}
        start, end = mention.start, mention.end
        before = re.search(r"(?:[^\W\d_]\.[\s\u00a0]?){1,2}$", text[max(0, start - 8) : start])
        if before and fold_word(before.group())[:1] in letters:
            start -= len(before.group())
        after = re.match(r"[\s\u00a0](?:[^\W\d_]\.[\s\u00a0]?){1,2}", text[end : end + 8])
        if after and fold_word(after.group())[:1] in letters:
            end += len(after.group().rstrip())
        return Mention(mention.owners, start, end)


def _sorted(owners: Iterable[Hashable]) -> tuple[Hashable, ...]:
    return tuple(sorted(owners, key=repr))


_CAPITALISED = re.compile(
    r"[А-ЯЁӘҒҚҢӨҰҮҺІA-Z][а-яёәғқңөұүһіa-zğıñöşūüä'’]+(?:[\s\u00a0-][А-ЯЁӘҒҚҢӨҰҮҺІA-Z][а-яёәғқңөұүһіa-zğıñöşūüä'’]+)+"
    r"|(?:[А-ЯЁӘҒҚҢӨҰҮҺІA-Z]\.\s?){1,2}[А-ЯЁӘҒҚҢӨҰҮҺІA-Z][а-яёәғқңөұүһіa-z]+"
    r"|[А-ЯЁӘҒҚҢӨҰҮҺІA-Z][а-яёәғқңөұүһіa-z]+(?:\s?[А-ЯЁӘҒҚҢӨҰҮҺІA-Z]\.){1,2}"
)


def candidates(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of what is written like a person's name: capitalised pairs, a surname with initials."""
    return [match.span() for match in _CAPITALISED.finditer(text)]
