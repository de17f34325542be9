"""Known names by their words, and whose a word of a text may be: Russian and Kazakh endings, initials, three scripts.

Words of the text are looked up by their folded key (fold.py) in an index of the known names' words; names are never
looked for in the text, so the cost follows the text. A word is a form of a name's word when what follows a known word
or its core is an ending that word may take (endings.py).
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from typing import Protocol

from rapidfuzz import fuzz

from kzdoc.names.cut import CUT
from kzdoc.names.diminutives import whole_names
from kzdoc.names.endings import FAMILY, TAILS, cores, follows, hardened
from kzdoc.names.fold import fold_word
from kzdoc.names.loose import (
    SHORTEST_BONES,
    SHORTEST_LOOSE,
    foreign,
    honoured,
    initials,
    loose,
    possessive,
    respected,
    smaller,
)
from kzdoc.names.words import with_children, words_of
from kzdoc.remembering import remembering

SHORTEST_CORE = 3
SHORTEST_SMALL = 6
LONGEST_NAME = 40
LONGEST_REST = 8
SLIP = 80
"""How like (0-100) a neighbour must be to a word of the name to count as a slip of the pen."""

_ALONE = frozenset({"nin", "din", "men", "ben", "den", "nen", "dan", "nan", "man", "niki", "diki"})
"""Endings plain enough to follow a name of two letters that stands alone."""
_ORDINARY_WORDS = "любовь любовью основ органов голосов законов часов судов домов годов"
_FEASTS = frozenset(map(fold_word, ["мереке", "береке", "жеке", "мерекеге", "мерекеде", "мерекесі", "берекелі"]))
_ORDINARY = frozenset(map(fold_word, _ORDINARY_WORDS.split()))
"""Words shaped like surnames that are none when they are written small."""

_DEAR_ENDING, _DEAR = re.compile(r"[қкғг][аәе]ң"), re.compile(r"^(.{3})[kg][ae]n(.*)$")
"""How elders are addressed: the first syllable of a name and -қаң, -кең ("Жақаң")."""
_ABSTRACT = re.compile(r"[тt]{2}(?:ы[қк]|y[kq])|т[ыі][қк]т")
"""In key letters "азаттық", freedom, is what Азатик is."""
_PLURALS = frozenset(("lar", "ler", "dar", "der", "tar", "ter"))
_SURNAME = re.compile(r"(?:[oe]v|in|sk|uli|kizi|tegi)[a-z]{0,5}$")
_FAMILY_NAME = re.compile(r"(?:[oe]va?|ina?|sk|ski|skaia|uli|kizi|tegi)$")


WHOLE, BARE, BONES, SMALL = "whole", "bare", "bones", "small"
"""What a form is of a name's word, where it is not a core of some paradigm (endings.py)."""
_LOOSE, _TRIPLE, _LITTLE = "~", ".", "^"
_FULL = 3
_NONE: dict[str, list[str]] = {}


class Words(Protocol):
    """The words of known names, wherever they are kept, and who bears them."""

    longest: int
    """So many letters the longest form has."""

    def forms(self, form: str) -> Collection[str]:
        """Return the words that have this form (``shapes``)."""

    def bearers(self, key: str) -> frozenset[Hashable]:
        """Return who has a name with this key (``keys_of``)."""

    def keys(self, owners: Collection[Hashable]) -> Mapping[Hashable, Collection[str]]:
        """Return the words of these owners' names, initials too."""

    def beginning(self, head: str) -> Collection[str]:
        """Return the words that begin so."""

    def starting(self, owners: frozenset[Hashable], begin: tuple[str, ...]) -> frozenset[Hashable]:
        """Return those of the owners, all met before, who have a word that begins so."""

    def prepare(self, text: str) -> None:
        """Take note of a text that is going to be read."""


def keys_of(name: str) -> set[str]:
    """Return what a name is kept under: its words, and marked what is known of it as a whole.

    ``.abc``: the first letters of surname, name and patronymic; ``a.b``: initials without a word; ``^abc``: a word that
    is written small. What is cut short and marked so is kept as it is written (cut.py).
    """
    if name[:1] == CUT:
        return {name}
    words = with_children(name, words_of(name))
    found: set[str] = set()
    if len(words) > 1 and all(len(word.key) == 1 for word in words):  # known by initials alone, "А. К."
        found.add(".".join(word.key for word in words))
    if len(words) == _FULL and all(len(word.key) > 1 for word in words):
        found.add(_TRIPLE + "".join(word.key[0] for word in words))
    for word in words:
        found |= _other_keys(name[word.start : word.end]) | {word.key}
        if name[word.start].islower():
            found.add(_LITTLE + word.key)
    return found - {""}


def is_word(key: str) -> bool:
    """Return whether one of ``keys_of`` is a word or an initial, and no mark of something else."""
    return key[:1] not in (_LITTLE, CUT) and "." not in key


@remembering(100_000)
def shapes(key: str) -> tuple[tuple[str, str], ...]:
    """Return (form, what it is) of one of ``keys_of``: the forms by which it is met in texts."""
    if key[:1] == _LITTLE:
        return ((key, SMALL),)
    if key[:1] == CUT:
        return ((key, WHOLE),)
    if len(key) == 1 or key[:1] == _TRIPLE:
        return ()
    if "." in key:
        return ((key, WHOLE),)
    found = [(key, WHOLE), *_bones(key)]
    for core, paradigm in cores(key):
        found += [(core, paradigm), *_bones(core)]
        if paradigm == "family" and len(core) - len(FAMILY[0]) >= SHORTEST_CORE:
            found.append((core[: -len(FAMILY[0])], BARE))
    return tuple(dict.fromkeys(found))


def _bones(key: str) -> list[tuple[str, str]]:
    bones = loose(key)
    return [(_LOOSE + bones, BONES)] if len(bones) >= SHORTEST_BONES else []


class InMemory:
    """The words of names that were given."""

    def __init__(self, names: Iterable[tuple[Hashable, str]]) -> None:
        self._owners: dict[str, set[Hashable]] = {}
        self._keys: dict[Hashable, set[str]] = {}
        self._forms: dict[str, set[str]] = {}
        for owner, name in names:
            mine = self._keys.setdefault(owner, set())
            for key in keys_of(name):
                if key not in self._owners:
                    self._owners[key] = set()
                    for form, _ in shapes(key):
                        self._forms.setdefault(form, set()).add(key)
                self._owners[key].add(owner)
                if is_word(key):
                    mine.add(key)
        self._frozen: dict[str, frozenset[Hashable]] = {}
        self._sorted: list[str] = []
        self.longest = max(map(len, self._forms), default=0)

    def forms(self, form: str) -> Collection[str]:
        """Return the words that have this form."""
        return self._forms.get(form, ())

    def bearers(self, key: str) -> frozenset[Hashable]:
        """Return who has a name with this key."""
        if key in self._owners and key not in self._frozen:
            self._frozen[key] = frozenset(self._owners[key])
        return self._frozen.get(key, frozenset())

    def keys(self, owners: Collection[Hashable]) -> Mapping[Hashable, Collection[str]]:
        """Return the words of these owners' names."""
        return {owner: self._keys[owner] for owner in owners if owner in self._keys}

    def starting(self, owners: frozenset[Hashable], begin: tuple[str, ...]) -> frozenset[Hashable]:
        """Return those of the owners who have a word that begins so; who is unknown here has none."""
        known = ((owner, self._keys.get(owner, ())) for owner in owners)
        return frozenset([owner for owner, words in known if any(key.startswith(begin) for key in words)])

    def prepare(self, text: str) -> None:
        """Do nothing: all is here."""

    def knows(self, owner: Hashable) -> bool:
        """Return whether an owner is among them."""
        return owner in self._keys

    def beginning(self, head: str) -> Collection[str]:
        """Return the words that begin so."""
        if not self._sorted:
            self._sorted = sorted(key for key in self._owners if len(key) > 1 and is_word(key))
        first = bisect_left(self._sorted, head)
        return list(itertools.takewhile(lambda key: key.startswith(head), itertools.islice(self._sorted, first, None)))


class NameIndex:
    """Known names by their words and cores; every name has an owner, the person it is one of the names of."""

    def __init__(self, names: Iterable[tuple[Hashable, str]] = (), *, words: Words | None = None) -> None:
        self._words: Words = InMemory(names) if words is None else words
        self._sorts: dict[str, dict[str, list[str]]] = {}
        self._varied: dict[str, frozenset[Hashable]] = {}
        self._met: dict[tuple[str, bool], frozenset[Hashable]] = {}

    def _of(self, form: str) -> dict[str, list[str]]:
        """Return the words that have a form, by what it is of them."""
        known = self._sorts.get(form)
        if known is None:
            words = self._words.forms(form)
            if not words:
                return _NONE
            known = self._sorts[form] = {}
            for word in words:
                for one, sort in shapes(word):
                    if one == form:
                        known.setdefault(sort, []).append(word)
        return known

    def _borne(self, words: Iterable[str]) -> frozenset[Hashable]:
        """Return who bears any of the words."""
        return _together(self._words.bearers(word) for word in dict.fromkeys(words))

    def prepare(self, text: str) -> None:
        """Take note of a text that is going to be read: its words may be looked up together."""
        self._words.prepare(text)

    def owners(self, key: str, *, beside: bool = False) -> frozenset[Hashable]:
        """Return whose name the folded word may be a form of; ``beside`` another word of it, more is believed."""
        known = self._met.get((key, beside))
        if known is None:
            known = self._met[key, beside] = self._borne(self._lookup(key, beside=beside))
        return known

    def bearers(self, key: str) -> frozenset[Hashable]:
        """Return whose name has exactly this word."""
        return self._words.bearers(key) if WHOLE in self._of(key) else frozenset()

    def _lookup(self, key: str, *, beside: bool) -> Iterator[str]:
        """Yield the words of names that the key may be a form of."""
        for cut in range(2, min(len(key), self._words.longest) + 1):
            head, rest = key[:cut], key[cut:]
            known = self._of(head)
            for sort, words in known.items():
                if self._fits(sort, head, rest, beside=beside):
                    yield from words
            if rest[:1] == "i" and (hard := hardened(head)) and follows(head, rest):
                yield from self._of(hard).get(WHOLE, ())

    @staticmethod
    def _fits(sort: str, head: str, rest: str, *, beside: bool) -> bool:
        """Return whether a form of that sort may go on with ``rest``."""
        if sort == WHOLE:
            long = len(head) >= SHORTEST_CORE or beside
            return (long or not rest or rest in _ALONE) and follows(head, rest)
        if sort == BARE:
            return beside and (follows(head, rest) or rest in TAILS["consonant"])
        whole = len(head) + len(rest) >= SHORTEST_CORE and (rest or len(head) > SHORTEST_CORE)
        if sort not in TAILS or not (beside or whole):
            return False
        return rest in TAILS[sort] or (sort == "family" and _of_a_family(head, rest))

    def variants(self, written: str, key: str) -> frozenset[Hashable]:
        """Return whose name a word written like a name may be in another spelling, softened, or by another habit."""
        known = self._varied.get(written)
        if known is None:
            known = self._varied[written] = _together(self._vary(written, key))
        return known

    def _vary(self, written: str, key: str) -> Iterator[frozenset[Hashable]]:
        if len(key) > LONGEST_NAME or key in _ORDINARY:
            return
        for other in foreign(written):
            if len(other) > 1:
                yield self.owners(other)
        if len(key) < SHORTEST_CORE:
            return
        for name in whole_names(written, key):
            yield self._borne(self._of(name).get(WHOLE, ()))
        yield from self._respected(key)
        dear = _DEAR.match(key) if _DEAR_ENDING.search(written.lower()) else None
        if dear and follows("kan", dear[2]):
            yield from self._beginning(dear[1], LONGEST_REST)
        for name in () if _ABSTRACT.search(written.lower()) else smaller(key):
            yield self._borne(self._of(name).get(WHOLE, ()))
        elder = honoured(key)
        if elder and follows("ke", elder[1]) and key not in _FEASTS:
            yield from self._beginning(elder[0])
        if len(key) >= SHORTEST_SMALL - 1:
            yield from self._by_bones(key)

    def shortened(self, written: str, key: str) -> frozenset[Hashable]:
        """Return whose given name a word may be short for, beside another word of it, where it is a common word too."""
        names = whole_names(written, key, beside=True)
        return self._borne(word for name in names for word in self._of(name).get(WHOLE, ()))

    def possessors(self, key: str, behind: str) -> frozenset[Hashable]:
        """Return whose the word ``behind`` is by the adjective of a name before it, by the name or its diminutive."""
        names = possessive(key, behind)
        plain = self._borne(word for name in names for word in self._of(name).get(WHOLE, ()))
        return plain or self._borne(
            word for name in names for other in smaller(name) for word in self._of(other).get(WHOLE, ())
        )

    def _respected(self, key: str) -> Iterator[frozenset[Hashable]]:
        """Return whose name stands before -жан."""
        said = respected(key)
        for head in said[0] if said and follows("zhan", said[1]) else ():
            for sort, words in self._of(head).items():
                if sort == WHOLE or sort in TAILS:
                    yield self._borne(words)

    def _by_bones(self, key: str) -> Iterator[frozenset[Hashable]]:
        """Return whose name a key may be a form of when high vowels do not count."""
        for cut in range(SHORTEST_LOOSE, len(key) + 1):
            head, rest = key[:cut], key[cut:]
            words = self._of(_LOOSE + loose(head)).get(BONES)
            if words and (not rest or rest in TAILS["consonant"] or rest in TAILS["family"] or follows(head, rest)):
                yield self._borne(words)

    def _beginning(self, head: str, most: int = SHORTEST_LOOSE) -> Iterator[frozenset[Hashable]]:
        """Return whose name begins so and goes on for a syllable, or for ``most`` letters."""
        for word in self._words.beginning(head):
            if 0 < len(word) - len(head) <= most:
                yield self._words.bearers(word)

    def words(self, owners: Collection[Hashable]) -> Mapping[Hashable, Collection[str]]:
        """Return the words of these owners' names, initials too."""
        return self._words.keys(owners)

    def slip(self, key: str, owners: frozenset[Hashable]) -> bool:
        """Return whether a folded word is a near miss of a word of the owners' names (of a few owners only)."""
        if len(key) <= SHORTEST_CORE or len(owners) > SLIP:
            return False
        return any(fuzz.ratio(key, known) >= SLIP for words in self._words.keys(owners).values() for known in words)

    def with_initial(self, owners: frozenset[Hashable], letter: str) -> frozenset[Hashable]:
        """Return those of ``owners`` who have a word that may begin with an initial as it is written."""
        return self._words.starting(owners, tuple(initials(letter)))

    def by_initials(self, letters: str) -> frozenset[Hashable]:
        """Return whose surname, name and patronymic these three initials may be, the surname first or last."""
        read = ["".join(keys) for keys in itertools.product(*(sorted(initials(letter)) for letter in letters))]
        return self._borne(_TRIPLE + order for one in read for order in (one, one[-1:] + one[:-1]))

    def small(self, key: str) -> bool:
        """Return whether a word written small may be a name."""
        return bool(self._of(_LITTLE + key)) or (
            len(key) >= SHORTEST_SMALL
            and key not in _ORDINARY
            and _SURNAME.search(key) is not None
            and any(
                _FAMILY_NAME.search(key[:cut]) and self._has(key[:cut]) for cut in range(SHORTEST_LOOSE, len(key) + 1)
            )
        )

    def _has(self, head: str) -> bool:
        return not self._of(head).keys().isdisjoint((WHOLE, "family", "adjective"))


def _together(found: Iterable[frozenset[Hashable]]) -> frozenset[Hashable]:
    whole = [one for one in found if one]
    return whole[0] if len(whole) == 1 else frozenset().union(*whole)


def _of_a_family(stem: str, rest: str) -> bool:
    """Return whether a surname's bare stem goes on as the Kazakh plural of the family, a woman's family too."""
    return rest[:3] in _PLURALS and follows(stem, rest)


def _other_keys(word: str) -> set[str]:
    """Return the keys of other ways to write a word: its soft sign left out, its ё as Latin writes it ("yo")."""
    lower = word.lower()
    return {fold_word(lower.replace("ь", "")), fold_word(lower.replace("ё", "ио"))}
