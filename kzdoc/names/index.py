"""Known names by their words, and whose a word of a text may be: Russian and Kazakh endings, initials, three scripts.

Words of the text are looked up by their folded key (fold.py) in an index of the known names' words; names are never
looked for in the text, so the cost follows the text. A word is a form of a name's word when what follows a known word
or its core is an ending that word may take (endings.py).
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Hashable, Iterable

from rapidfuzz import fuzz

from kzdoc.names.endings import FAMILY, TAILS, cores, follows, hardened
from kzdoc.names.fold import fold_word
from kzdoc.names.loose import SHORTEST_BONES, SHORTEST_LOOSE, foreign, honoured, initials, loose, respected, smaller
from kzdoc.names.words import with_children, words_of

SHORTEST_CORE = 3
SHORTEST_SMALL = 6
LONGEST_NAME = 40
SLIP = 80
"""How like (0-100) a neighbour must be to a word of the name to count as a slip of the pen."""

_ALONE = frozenset({"nin", "din", "men", "ben", "den", "nen", "dan", "nan", "man", "niki", "diki"})
"""Endings plain enough to follow a name of two letters that stands alone."""
_ORDINARY_WORDS = "любовь любовью основ органов голосов законов часов судов домов годов"
_FEASTS = frozenset(map(fold_word, ["мереке", "береке", "жеке", "мерекеге", "мерекеде", "мерекесі", "берекелі"]))
_ORDINARY = frozenset(map(fold_word, _ORDINARY_WORDS.split()))
"""Words shaped like surnames that are none when they are written small."""

_PLURALS = frozenset(("lar", "ler", "dar", "der", "tar", "ter"))
_SURNAME = re.compile(r"(?:[oe]v|in|sk|uli|kizi|tegi)[a-z]{0,5}$")
_FAMILY_NAME = re.compile(r"(?:[oe]va?|ina?|sk|ski|skaia|uli|kizi|tegi)$")


class NameIndex:
    """Known names by their words and cores; every name has an owner, the person it is one of the names of."""

    def __init__(self, names: Iterable[tuple[Hashable, str]]) -> None:
        self._whole: dict[str, set[Hashable]] = {}
        self._cores: dict[str, dict[str, set[Hashable]]] = {}
        self._bare: dict[str, set[Hashable]] = {}
        self._triples: dict[str, set[Hashable]] = {}
        self._loose: dict[str, set[Hashable]] = {}
        self._keys: dict[Hashable, set[str]] = {}
        self._small: set[str] = set()
        self._varied: dict[str, frozenset[Hashable]] = {}
        self._met: dict[tuple[str, bool], frozenset[Hashable]] = {}
        self._orders: dict[frozenset[Hashable], tuple[Hashable, ...]] = {}
        for owner, name in names:
            words = with_children(name, words_of(name))
            if len(words) > 1 and all(len(word.key) == 1 for word in words):  # known by initials alone, "А. К."
                self._whole.setdefault(".".join(word.key for word in words), set()).add(owner)
            if len(words) == 3 and all(len(word.key) > 1 for word in words):  # noqa: PLR2004 - surname, name, patronymic
                first = [word.key[0] for word in words]
                for order in ("".join(first), "".join([*first[1:], first[0]])):
                    self._triples.setdefault(order, set()).add(owner)
            for word in words:
                for key in _other_keys(name[word.start : word.end]) | {word.key}:
                    self._add(owner, key)
                if name[word.start].islower():
                    self._small.add(word.key)
        self._sorted: list[str] = []
        self._longest = max(map(len, (*self._whole, *self._cores, *self._bare)), default=0)

    def _add(self, owner: Hashable, key: str) -> None:
        self._keys.setdefault(owner, set()).add(key)
        if len(key) == 1:
            return
        self._whole.setdefault(key, set()).add(owner)
        self._loosely(owner, key)
        for core, paradigm in cores(key):
            self._cores.setdefault(core, {}).setdefault(paradigm, set()).add(owner)
            self._loosely(owner, core)
            if paradigm == "family" and len(core) - len(FAMILY[0]) >= SHORTEST_CORE:
                self._bare.setdefault(core[: -len(FAMILY[0])], set()).add(owner)

    def _loosely(self, owner: Hashable, key: str) -> None:
        bones = loose(key)
        if len(bones) >= SHORTEST_BONES:
            self._loose.setdefault(bones, set()).add(owner)

    def owners(self, key: str, *, beside: bool = False) -> frozenset[Hashable]:
        """Return whose name the folded word may be a form of; ``beside`` another word of it, more is believed."""
        known = self._met.get((key, beside))
        if known is None:
            known = self._met[key, beside] = frozenset(self._lookup(key, beside=beside))
        return known

    def bearers(self, key: str) -> frozenset[Hashable]:
        """Return whose name has exactly this word."""
        return frozenset(self._whole.get(key, ()))

    def _lookup(self, key: str, *, beside: bool) -> Iterable[Hashable]:
        for cut in range(2, min(len(key), self._longest) + 1):
            head, rest = key[:cut], key[cut:]
            long = cut >= SHORTEST_CORE or beside
            if head in self._whole and (long or not rest or rest in _ALONE) and follows(head, rest):
                yield from self._whole[head]
            if head in self._cores and (beside or (len(key) >= SHORTEST_CORE and (rest or cut > SHORTEST_CORE))):
                for paradigm, owners in self._cores[head].items():
                    if rest in TAILS[paradigm] or (paradigm == "family" and _of_a_family(head, rest)):
                        yield from owners
            if beside and head in self._bare and (follows(head, rest) or rest in TAILS["consonant"]):
                yield from self._bare[head]
            if rest[:1] == "i" and (hard := hardened(head)) in self._whole and follows(head, rest):
                yield from self._whole[hard or ""]

    def variants(self, written: str, key: str) -> frozenset[Hashable]:
        """Return whose name a word written like a name may be in another spelling, softened, or by another habit."""
        known = self._varied.get(written)
        if known is None:
            known = self._varied[written] = frozenset(self._vary(written, key))
        return known

    def _vary(self, written: str, key: str) -> Iterable[Hashable]:
        if not SHORTEST_CORE <= len(key) <= LONGEST_NAME or key in _ORDINARY:
            return
        for other in foreign(written):
            if len(other) > 1:
                yield from self.owners(other)
        said = respected(key)
        if said and follows("zhan", said[1]):
            for head in said[0]:
                yield from self._whole.get(head, ())
                yield from (owner for each in self._cores.get(head, {}).values() for owner in each)
        for name in smaller(key):
            yield from self._whole.get(name, ())
        elder = honoured(key)
        if elder and follows("ke", elder[1]) and key not in _FEASTS:
            yield from self._beginning(elder[0])
        if len(key) >= SHORTEST_SMALL - 1:
            yield from self._by_bones(key)

    def _by_bones(self, key: str) -> Iterable[Hashable]:
        """Return whose name a key may be a form of when high vowels do not count."""
        for cut in range(SHORTEST_LOOSE, len(key) + 1):
            head, rest = key[:cut], key[cut:]
            owners = self._loose.get(loose(head))
            if owners and (not rest or rest in TAILS["consonant"] or rest in TAILS["family"] or follows(head, rest)):
                yield from owners

    def _beginning(self, head: str) -> Iterable[Hashable]:
        """Return whose name begins so and goes on for a syllable."""
        if not self._sorted:
            self._sorted = sorted(self._whole)
        at = bisect_left(self._sorted, head)
        while at < len(self._sorted) and self._sorted[at].startswith(head):
            if 0 < len(self._sorted[at]) - len(head) <= SHORTEST_LOOSE:
                yield from self._whole[self._sorted[at]]
            at += 1

    def slip(self, key: str, owners: frozenset[Hashable]) -> bool:
        """Return whether a folded word is a near miss of a word of the owners' names (of a few owners only)."""
        if len(key) <= SHORTEST_CORE or len(owners) > SLIP:
            return False
        return any(fuzz.ratio(key, known) >= SLIP for owner in owners for known in self._keys[owner])

    def with_initial(self, owners: frozenset[Hashable], letter: str) -> frozenset[Hashable]:
        """Return those of ``owners`` who have a word that may begin with an initial as it is written."""
        letters = tuple(initials(letter))
        return frozenset(owner for owner in owners if any(key.startswith(letters) for key in self._keys[owner]))

    def by_initials(self, letters: str) -> frozenset[Hashable]:
        """Return whose surname, name and patronymic these three initials may be, the surname first or last."""
        read = itertools.product(*(sorted(initials(letter)) for letter in letters))
        return frozenset(owner for keys in read for owner in self._triples.get("".join(keys), ()))

    def small(self, key: str) -> bool:
        """Return whether a word written small may be a name."""
        return key in self._small or (
            len(key) >= SHORTEST_SMALL
            and key not in _ORDINARY
            and _SURNAME.search(key) is not None
            and any(
                _FAMILY_NAME.search(key[:cut]) and self._has(key[:cut]) for cut in range(SHORTEST_LOOSE, len(key) + 1)
            )
        )

    def _has(self, head: str) -> bool:
        return head in self._whole or any(paradigm in ("family", "adjective") for paradigm in self._cores.get(head, ()))

    def ordered(self, owners: frozenset[Hashable]) -> tuple[Hashable, ...]:
        """Return owners in the one order they are told in."""
        if owners not in self._orders:
            self._orders[owners] = tuple(sorted(owners, key=repr))
        return self._orders[owners]


def _of_a_family(stem: str, rest: str) -> bool:
    """Return whether a surname's bare stem goes on as the Kazakh plural of the family, a woman's family too."""
    return rest[:3] in _PLURALS and follows(stem, rest)


def _other_keys(word: str) -> set[str]:
    """Return the keys of other ways to write a word: its soft sign left out, its ё as Latin writes it ("yo")."""
    lower = word.lower()
    return {fold_word(lower.replace("ь", "")), fold_word(lower.replace("ё", "ио"))}
