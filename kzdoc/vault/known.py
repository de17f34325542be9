"""The words of texts looked up among the names that are filed in the vault: the same answers, by asking for them.

Rules: what the words of a text may be forms of is asked for together; whatever else the reading wants is asked for one
by one, so that nothing is missed for want of having been asked for. What was answered is kept for the texts of the same
paper, and no longer than the vault stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kzdoc.names.endings import hardened
from kzdoc.names.index import InMemory
from kzdoc.names.loose import SHORTEST_LOOSE, foreign, loose, smaller
from kzdoc.names.words import words_of
from kzdoc.redaction.addresses import Addresses
from kzdoc.redaction.addresses import looked_for as houses_in
from kzdoc.redaction.numbers import Numbers
from kzdoc.vault.names import HOUSE, NUMBER, letters

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Mapping

    from kzdoc.vault.lookups import Lookups

MOST_FORMS = 200_000
"""So many answers are kept; a paper needs a few thousand."""


class KnownWords:
    """The words of a vault's names as the reading of texts asks for them, with names that were decided beside them.

    ``flags`` holds the flags (names.py) of whoever was met so far.
    """

    def __init__(self, look: Lookups, *, beside: InMemory) -> None:
        self._look = look
        self._beside = beside
        self._forms: dict[str, Collection[str]] = {}
        self._prepared = ""
        self._bearers: dict[str, frozenset[Hashable]] = {}
        self._keys: dict[Hashable, list[str]] = {}
        self.flags: dict[bytes, int] = {}
        self.longest = max(look.longest(), beside.longest)

    def prepare(self, text: str) -> None:
        """Ask at once for what the words of a text may be forms of."""
        if text == self._prepared:
            return
        if len(self._forms) > MOST_FORMS:
            self._forms.clear()
        self._prepared = text
        new = _forms_in(text) - self._forms.keys()
        self._forms.update(dict.fromkeys(new, ()))
        for form, word in self._look.forms(new):
            self._forms[form] = (*self._forms[form], word)

    def forms(self, form: str) -> Collection[str]:
        """Return the words that have this form."""
        found = self._forms.get(form)
        if found is None:
            found = self._forms[form] = [word for _, word in self._look.forms([form])]
        other = self._beside.forms(form)
        return {*found, *other} if other else found

    def bearers(self, key: str) -> frozenset[Hashable]:
        """Return who has a name with this key."""
        known = self._bearers.get(key)
        if known is None:
            rows = dict(self._look.bearers(key))
            self.flags.update(rows)
            known = self._bearers[key] = frozenset(rows) | self._beside.bearers(key)
        return known

    def keys(self, owners: Collection[Hashable]) -> Mapping[Hashable, Collection[str]]:
        """Return the words of these owners' names."""
        new = [cast("bytes", owner) for owner in owners if owner not in self._keys]
        for one in new:
            self._keys[one] = []
        for owner, key in self._look.words(new):
            self._keys[owner].append(key)
        beside = self._beside.keys([one for one in owners if self._beside.knows(one)])
        return {one: [*self._keys[one], *beside[one]] if one in beside else self._keys[one] for one in owners}

    def starting(self, owners: frozenset[Hashable], begin: tuple[str, ...]) -> frozenset[Hashable]:
        """Return those of the owners who have a word that begins so; a letter is told by the flags of those met."""
        wanted, flags = letters(begin), cast("Mapping[Hashable, int]", self.flags)
        if not all(len(one) == 1 and letters([one]) for one in begin):
            known = self.keys(owners).items()
            return frozenset([owner for owner, words in known if any(key.startswith(begin) for key in words)])
        met = {owner for owner in owners if flags.get(owner, 0) & wanted}
        return frozenset(met) | self._beside.starting(owners, begin)

    def beginning(self, head: str) -> Collection[str]:
        """Return the words that begin so."""
        return {*self._look.beginning(head), *self._beside.beginning(head)}


def _forms_in(text: str) -> set[str]:
    """Return the forms a name's word may have that is met in a text, as far as they are easily told."""
    found: set[str] = set()
    for key, written in {word.key: text[word.start : word.end] for word in words_of(text)}.items():
        found.add(f"^{key}")
        _heads(key, found)
        found |= {f"~{loose(key[:cut])}" for cut in range(SHORTEST_LOOSE, min(len(key), _MOST) + 1)}
        found.update(smaller(key))
        for other in foreign(written):
            _heads(other, found)
    return found


_MOST = 40


def _heads(key: str, found: set[str]) -> None:
    for cut in range(2, min(len(key), _MOST) + 1):
        found.add(key[:cut])
        if key[cut : cut + 1] == "i" and (hard := hardened(key[:cut])):
            found.add(hard)


class FiledNumbers:
    """The numbers and addresses of a vault's people, as far as they may stand in a text."""

    def __init__(self, look: Lookups) -> None:
        self._look = look

    def within(self, text: str) -> Numbers:
        """Return those known numbers and addresses that may stand in a text."""
        keys = self._look.known({NUMBER + key for key in Numbers.looked_for(text)})
        under = self._look.filed({HOUSE + one for one in houses_in(text)})
        homes = self._look.addresses(under) if under else []
        return Numbers(frozenset(key[1:] for key in keys), Addresses.known(homes) if homes else None)
