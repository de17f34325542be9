"""The words of one text looked up among the names that are filed in the vault: the same answers, by asking for them.

Rules: what the words of the text may be forms of is asked for together; whatever else the reading wants is asked for
one by one, so that nothing is missed for want of having been asked for. Nothing is kept longer than the text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from kzdoc.names.endings import hardened
from kzdoc.names.index import InMemory
from kzdoc.names.loose import SHORTEST_LOOSE, foreign, loose, smaller
from kzdoc.names.words import words_of
from kzdoc.redaction.addresses import Addresses
from kzdoc.redaction.addresses import looked_for as houses_in
from kzdoc.redaction.numbers import Numbers, plain_digits
from kzdoc.vault.names import HOUSE, NUMBER, SOMEBODY

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable

    from kzdoc.ledger.merge import RecordState
    from kzdoc.vault.names import Names
    from kzdoc.vault.reading import Records


class KnownWords:
    """The words of a vault's names as a reading of one text asks for them, with names that were decided beside them.

    ``free`` holds whoever of those met so far has the flag ``free_flag``; ``people`` those who are people's records.
    """

    def __init__(self, names: Names, text: str, *, free_flag: int, beside: InMemory) -> None:
        self._names = names
        self._beside = beside
        self._flag = free_flag
        self.free: set[bytes] = set()
        self.people: set[bytes] = set()
        self._forms: dict[str, Collection[str]] = dict.fromkeys(_forms_in(text), ())
        for form, word in names.forms(self._forms):
            self._forms[form] = (*self._forms[form], word)
        self._bearers: dict[str, frozenset[Hashable]] = {}
        self._keys: dict[Hashable, list[str]] = {}
        self.longest = max(names.longest(), beside.longest)

    def forms(self, form: str) -> Collection[str]:
        """Return the words that have this form."""
        found = self._forms.get(form)
        if found is None:
            found = self._forms[form] = [word for _, word in self._names.forms([form])]
        other = self._beside.forms(form)
        return {*found, *other} if other else found

    def bearers(self, key: str) -> frozenset[Hashable]:
        """Return who has a name with this key."""
        known = self._bearers.get(key)
        if known is None:
            rows = self._names.bearers(key)
            self.free.update([owner for owner, flags in rows if flags & self._flag])
            self.people.update([owner for owner, flags in rows if flags & SOMEBODY])
            known = self._bearers[key] = frozenset([owner for owner, _ in rows]) | self._beside.bearers(key)
        return known

    def keys(self, owners: Collection[Hashable]) -> Mapping[Hashable, Collection[str]]:
        """Return the words of these owners' names."""
        new = [cast("bytes", owner) for owner in owners if owner not in self._keys]
        for one in new:
            self._keys[one] = []
        for owner, key in self._names.words(new):
            self._keys[owner].append(key)
        beside = self._beside.keys([one for one in owners if self._beside.knows(one)])
        return {one: [*self._keys[one], *beside[one]] if one in beside else self._keys[one] for one in owners}

    def beginning(self, head: str) -> Collection[str]:
        """Return the words that begin so."""
        return {*self._names.beginning(head), *self._beside.beginning(head)}


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


def numbers_in(names: Names, text: str) -> Numbers:
    """Return those known numbers and addresses that may stand in a text."""
    plain = plain_digits(text)
    keys = names.known({NUMBER + key for key in Numbers.looked_for(plain)})
    under = names.filed({HOUSE + one for one in houses_in(plain)})
    homes = names.addresses(under) if under else []
    return Numbers(frozenset(key[1:] for key in keys), Addresses.known(homes) if homes else None)


class Met(Mapping[bytes, "RecordState"]):
    """The people met in a text, each read when asked for."""

    def __init__(self, people: set[bytes], records: Records) -> None:
        self._people = people
        self._records = records

    def __contains__(self, person: object) -> bool:
        """Return whether somebody met is a person's record."""
        return person in self._people

    def __getitem__(self, person: bytes) -> RecordState:
        """Return a person's record."""
        found = self._records.record(person) if person in self._people else None
        if found is None:
            raise KeyError(person)
        return found

    def __iter__(self) -> Iterator[bytes]:
        """Yield the people met so far."""
        return iter(self._people)

    def __len__(self) -> int:
        """Return how many were met so far."""
        return len(self._people)
