"""What must not stand in something that leaves, and which names may: what the leak check is given.

Forbidden is every name and number that this reader may not see, of everybody the vault knows: a leak is a leak whoever
it is of. Allowed are only the names of people whom *this* paper or table names, and what a person decided to let stand:
that somebody of the same surname may be named elsewhere in the vault excuses nobody here. Whoever is withheld and
belongs to the case (a record of it leads to them, or a token stands for them) is told to the check as near: with them a
lone surname that could be either's is a finding (kzdoc/leakcheck/namesakes.py).
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kzdoc.domain.audience import Audience
from kzdoc.domain.catalogue import KINDS, kind
from kzdoc.domain.field import Field, Sensitivity, Type
from kzdoc.errors import PublicationError
from kzdoc.leakcheck.finding import Forbidden
from kzdoc.leakcheck.index import Hit, Index
from kzdoc.ledger.merge import RecordState
from kzdoc.names.index import NameIndex
from kzdoc.names.near import Near
from kzdoc.names.reading import mentions
from kzdoc.names.words import words_of
from kzdoc.naming import OTHER
from kzdoc.redaction.judge import Judge, Way
from kzdoc.redaction.people import Known, People
from kzdoc.redaction.text import NameBook
from kzdoc.redaction.unknown import NAME, SHOWN, WORD
from kzdoc.redaction.view import people_near


@dataclass(frozen=True, slots=True)
class Guard:
    """What the leak check of one paper or table looks for, and what it lets stand."""

    forbidden: tuple[Forbidden, ...]
    shown: tuple[str, ...]
    decided: tuple[str, ...]
    common: tuple[str, ...]

    def lists(self) -> dict[str, tuple[str, ...]]:
        """Return what may stand, as the leak check takes it."""
        return {"shown": self.shown, "decided": self.decided, "common": self.common}


def guard_of(
    known: Known,
    records: Sequence[RecordState],
    texts: Iterable[str],
    *,
    audience: Audience,
    met: Iterable[bytes] = (),
    scope: str = "",
) -> Guard:
    """Return what to look for in what is made of these records; ``texts`` are those its reader is shown.

    ``met``: whom a token stands for in it. ``scope``: where what was said of other people holds (kzdoc/naming.py).
    """
    here = known.decided.within(scope)
    decided = [name for how in (SHOWN, OTHER) for _, name in here.whole(how)]
    common = [name for _, name in here.whole(WORD)]
    if audience is Audience.INTERNAL:
        return Guard((), (), tuple(decided), tuple(common))
    around = people_near(records)
    everybody = known.everybody()
    may = everybody.may_name(audience)
    names = _names_of(everybody, _shown(known.index(), may, texts, around))
    near = _unlike(everybody, around.union(met) - may, names)
    places = Forbidden(_open_places(known, records, audience), Sensitivity.LOCATION.value, place=True)
    hidden = [*forbidden(known, audience, near=near), *_written(known, records, audience), places]
    hidden += _homes(known, audience, places.text)
    return Guard(tuple(hidden), tuple(names), tuple(decided), tuple(common))


def forbidden(known: Known, audience: Audience, *, near: frozenset[bytes] = frozenset()) -> list[Forbidden]:
    """Return every name and number that an audience must not see, of whomever; ``near``: who belongs to the case.

    Everybody is read here, from their records and not from the filing of names: what the redaction of a paper did not
    look up, or looked up wrongly, is then still a finding.
    """
    if audience is Audience.INTERNAL:
        return []
    everybody = known.everybody()
    by_id = {person.id: person for person in everybody.records}
    judge = Judge(audience, everybody.allowed, _book(known, audience, by_id), by_id.get)
    of_people = [
        item
        for one in everybody.records
        for item in _forbidden(judge, one, everybody.earlier.get(one.id, {}), near=one.id in near)
    ]
    identity = Sensitivity.IDENTITY.value
    decided = [Forbidden(name, identity, near=one in near) for one, name in known.decided.whole(NAME)]
    cut = {name for _, name in known.decided.names(NAME)} - {one.text for one in decided}
    return [*of_people, *decided, *(Forbidden(name, identity, cut=True) for name in sorted(cut))]


def _book(known: Known, audience: Audience, persons: Mapping[bytes, RecordState]) -> NameBook:
    """Return the names for an audience, with who may be named as the records say it and not as it is filed."""
    free = known.everybody().may_name(audience).union(one for one, _ in known.decided.names(SHOWN))
    return NameBook(known.index(), free, persons)


def _shown(index: NameIndex, may: frozenset[bytes], texts: Iterable[str], around: frozenset[bytes]) -> set[bytes]:
    """Return whom these texts name who may be named: people of the case, others only by a whole name of theirs."""
    found: set[bytes] = set()
    for text in texts:
        for one in mentions(index, text):
            owners = {owner for owner in one.owners if isinstance(owner, bytes)}
            if owners & may & around:
                found |= owners & may & around
            elif owners <= may and len(words_of(text[one.start : one.end])) > 1:
                found |= owners
    return found


def _names_of(known: People, people: set[bytes]) -> list[str]:
    names = [one.id for one in kind("person").fields if one.name_of]
    return [
        str(value)
        for one in known.records
        if one.id in people
        for name in names
        for value in [*one.values(name), *known.earlier.get(one.id, {}).get(name, ())]
    ]


def _unlike(known: People, people: frozenset[bytes], shown: Sequence[str]) -> frozenset[bytes]:
    """Return people without those whose record was removed and who are called like somebody shown: doubles of them."""
    removed = {one.id for one in known.records if one.removed} & people
    return people - {one for one in removed if not set(_names_of(known, {one})).isdisjoint(shown)}


def _written(known: Known, records: Sequence[RecordState], audience: Audience) -> list[Forbidden]:
    """Return the names a case holds as mere text (an organiser) that the audience must not see."""
    by_id = {record.id: record for record in records}
    everybody = known.everybody()
    persons = {person.id: person for person in everybody.records}
    judge = Judge(audience, everybody.allowed, _book(known, audience, persons), by_id.get)
    return [item for record in records if record.kind != "person" for item in _forbidden(judge, record, near=True)]


def _open_places(known: Known, records: Sequence[RecordState], audience: Audience) -> str:
    """Return the addresses that the audience may read as they stand, which may be coordinates."""
    by_id = {record.id: record for record in records}
    everybody = known.everybody()
    judge = Judge(
        audience, everybody.allowed, _book(known, audience, {one.id: one for one in everybody.records}), by_id.get
    )
    return "\n".join(
        str(value.get("text", ""))
        for record in records
        for one in (KINDS[record.kind].fields if record.kind in KINDS else ())
        if one.type is Type.ADDRESS
        for value in record.values(one.id)
        if isinstance(value, Mapping) and judge.judge(record, one, value).way is Way.WHOLE
    )


def _homes(known: Known, audience: Audience, shown: str) -> list[Forbidden]:
    """Return the addresses of people, earlier ones too, without those ``shown`` to the audience as they stand."""
    everybody = known.everybody()
    by_id = {person.id: person for person in everybody.records}
    judge = Judge(audience, everybody.allowed, _book(known, audience, by_id), by_id.get)
    found: list[Forbidden] = []
    for record in everybody.records:
        for one in kind("person").fields:
            if one.type is not Type.ADDRESS:
                continue
            for value in [*record.values(one.id), *everybody.earlier.get(record.id, {}).get(one.id, ())]:
                text = str(value.get("text", "")) if isinstance(value, Mapping) else ""
                free = judge.appears(record).way is Way.WHOLE and judge.judge(record, one, value).way is Way.WHOLE
                if text and not free and text not in shown:
                    found.append(Forbidden(text, (one.sensitivity or Sensitivity.LOCATION).value, address=True))
    return found


def _forbidden(
    judge: Judge,
    record: RecordState,
    earlier: Mapping[str, Sequence[Any]] = MappingProxyType({}),
    *,
    near: bool,
) -> list[Forbidden]:
    """Return the names and numbers of a record, earlier ones too, that the judge's audience must not see."""
    hidden = judge.appears(record).way is Way.HIDDEN
    found: list[Forbidden] = []
    for one in _looked_for(record.kind):
        values = [*record.values(one.id), *earlier.get(one.id, ())]
        number = one.type is Type.IDENTIFIER
        sensitivity = one.sensitivity.value if one.sensitivity else "work"
        found += [
            Forbidden(str(value), sensitivity, number=number, near=near and not number)
            for value in values
            if hidden or judge.judge(record, one, value).way is not Way.WHOLE
        ]
    return found


@functools.cache
def _looked_for(kind_id: str) -> tuple[Field, ...]:
    """Return the fields of a kind whose values are looked for: names of people who need a basis, and numbers."""
    fields = KINDS[kind_id].fields if kind_id in KINDS else ()
    return tuple(
        [
            one
            for one in fields
            if one.type is Type.IDENTIFIER or (one.name_of and one.sensitivity is Sensitivity.IDENTITY)
        ]
    )


def reader_clean(
    guard: Guard, recipient: str = "", purpose: str = "", *, name: str = "", near: Near | None = None
) -> None:
    """Refuse what would go out beside the paper: its reader, its purpose, the ``name`` of its file.

    ``near``: those withheld in the case, of whom purpose and name may not tell by initials or a name cut short either.

    Raises ``PublicationError``: ``publication.leak-reader``, ``publication.leak-name`` when one names what this
    audience must not see. The reader's own first name beside the reader's own surname is not the withheld one's.
    """
    index = Index(guard.forbidden, guard.shown, decided=guard.decided)
    met = [one for one in index.search(recipient) if not _own_first_name(index, recipient, one)]
    met += index.search(_parted(purpose))
    cut = near.asked(purpose) if near else []
    if met or cut:
        raise PublicationError("publication.leak-reader", n=len(met) or len(cut))
    if near and near.asked(name.rpartition(".")[0]):
        raise PublicationError("publication.leak-name")
    if index.search(_parted(re.sub(r"[_.]", " ", name))) or index.search_places(name):
        raise PublicationError("publication.leak-name")


def _parted(text: str) -> str:
    """Return a text with its words parted that were written as one, as names of files often are: "ДелоСауле"."""
    return "".join(f" {two}" if one.islower() and two.isupper() else two for one, two in itertools.pairwise(f" {text}"))


_SURNAME = re.compile(
    r"(?:[oe]v|[iy]n|sk)(?:a|oi|oe|u|im|om|ogo|omu|i|ii|ai|aia)?|.{2,}(?:enko|chuk|shvili|ian|uly|kyzy)"
)
"""How the folded key of a word that can be nobody's first name ends, whatever its case."""


def _own_first_name(index: Index, recipient: str, hit: Hit) -> bool:
    """Return whether a hit is a first name of the reader: beside a surname that is nobody's who is withheld.

    A name is recorded surname first: a word that stands first in a withheld name is taken for a surname.
    """
    words = words_of(recipient)
    met = [at for at, word in enumerate(words) if (word.start, word.end) == (hit.start, hit.end)]
    if hit.rule != "name" or not met or any(part == 0 for _, part in index.stock.places(words[met[0]].key)):
        return False
    for other in (met[0] - 1, met[0] + 1):
        if not 0 <= other < len(words):
            continue
        left, right = sorted((words[met[0]], words[other]), key=lambda word: word.start)
        surname = re.search(rf"(?:{_SURNAME.pattern})$", words[other].key) is not None
        apart = recipient[left.end : right.start].strip(" \u00a0")
        if surname and not apart and not index.stock.places(words[other].key):
            return True
    return False
