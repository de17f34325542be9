"""From entries to the state of one record: who lives, who is replaced, what conflicts, what is absent.

Rules: docs/formats/revision.md, "Rules of state". The state of a record depends on the entries about that record and
on which revisions are out of force, on nothing else; so a change costs what it touches. The order in which entries
are given does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from kzdoc.encoding import encode_trusted
from kzdoc.ledger.revision import INDEX_BASE, Disclosure, Entry, Slot, StatementRef
from kzdoc.moment import Moment

REMOVED = "_removed"
"""The field that removes a record; see docs/formats/revision.md, "System entries"."""

KIND = "_kind"
"""The field that says which of several claimed kinds a record is of, and under which they are in conflict."""

MayReplace = Callable[[bytes, bytes], bool]
"""Whether the first author's statement stands over the second's."""


@dataclass(frozen=True, slots=True)
class LiveValue:
    """A live value; ``refs`` are all statements that say it, ``author`` and ``time`` are of the first of them."""

    value: Any
    refs: tuple[StatementRef, ...]
    author: bytes
    time: Moment


@dataclass(frozen=True, slots=True)
class Absence:
    """A statement known to exist whose words are not here; ``field`` only if something known was replaced by it."""

    ref: StatementRef
    reason: str
    author: bytes
    field: str | None
    replaced: tuple[StatementRef, ...]


@dataclass(frozen=True, slots=True)
class RecordState:
    """One record as everybody with the same revisions sees it.

    ``fields`` has every live value of every field, several where they conflict, ordered by their encoding. A field
    that was cleared stands there with the one value None, so that the next writer can replace the clearing;
    ``values`` and ``value`` pass over it.
    """

    id: bytes
    kind: str
    fields: Mapping[str, tuple[LiveValue, ...]]
    conflicts: frozenset[str]
    absent: tuple[Absence, ...]
    removed: bool
    void: tuple[StatementRef, ...] = ()

    def value(self, field: str) -> Any:
        """Return the first live value of ``field`` that is not `nothing`, or None."""
        return next(iter(self.values(field)), None)

    def values(self, field: str) -> list[Any]:
        """Return all live values of ``field`` that are not `nothing`."""
        return [live.value for live in self.fields.get(field, ()) if live.value is not None]

    def refs(self, field: str) -> tuple[StatementRef, ...]:
        """Return every live statement of ``field``, withheld ones known to be of it included: what an edit replaces."""
        said = [ref for live in self.fields.get(field, ()) for ref in live.refs]
        return tuple(said + [absence.ref for absence in self.absent if absence.field == field])


class Held(msgspec.Struct, frozen=True, gc=False):
    """One entry of a record with what is held of its statements; both maps are by index."""

    revision: bytes
    author: bytes
    number: int
    entry: Entry
    statements: Mapping[int, Disclosure]
    absent: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Place:
    ref: StatementRef
    author: bytes
    time: Moment
    slot: Slot
    said: Disclosure | None
    absent: str | None


Fits = Callable[[str, str, Any], bool]
"""(kind, field, value) → whether the value has the shape its field is declared with."""


def anything(kind: str, field: str, value: Any) -> bool:  # noqa: ARG001 - the signature of Fits
    """Let every value stand (for laws that need no domain)."""
    return True


def anyone(replacing: bytes, replaced: bytes) -> bool:  # noqa: ARG001 - the signature of MayReplace
    """Let every accepted author replace every other: the office without a roster."""
    return True


def project(
    record: bytes,
    held: Sequence[Held],
    *,
    many: Callable[[str], frozenset[str]],
    excluded: Container[bytes] = (),
    may_replace: MayReplace = anyone,
    fits: Fits = anything,
) -> RecordState | None:
    """Return the state of ``record``, or None when no entry in force is about it.

    ``many`` gives the ids of the `many` fields of a kind; ``excluded`` holds the ids of revisions that are not
    accepted or set aside. A value that does not fit its field counts as `nothing`.
    """
    in_force = [entry for entry in held if entry.revision not in excluded]
    if not in_force:
        return None
    places = {place.ref: place for entry in in_force for place in _places(entry)}
    replaced, void = _replaced(places, may_replace)
    live = [place for ref, place in places.items() if ref not in replaced and place.said is not None]
    kinds = _kinds(in_force, live, may_replace)
    kind = min(kinds)
    fields = _fields(live, many(kind), lambda said: said.value if fits(kind, said.field, said.value) else None)
    removed, removal_disputed = _removal(fields, {place.ref: place.author for place in live}, may_replace)
    conflicts = _conflicts(fields, many(kind))
    if removal_disputed:
        conflicts.add(REMOVED)
    conflicts.discard(KIND)
    if len(kinds) > 1:
        conflicts.add(KIND)
        fields = dict(sorted({**fields, KIND: _claims(in_force, live, kinds)}.items()))
    return RecordState(
        record,
        kind,
        fields,
        frozenset(conflicts),
        _absences(places, replaced),
        removed,
        tuple(sorted(void)),
    )


def _kinds(in_force: Sequence[Held], live: Sequence[_Place], may_replace: MayReplace) -> frozenset[str]:
    """Return what sorts of thing the record may be: one, or several that stand against each other.

    Who may not replace another's statements may not turn another's record into something else either. Of the kinds
    left, one that a live statement names, by somebody who may replace the authors of all others, is the one.
    """
    said: dict[str, set[bytes]] = {}
    for one in in_force:
        said.setdefault(one.entry.kind, set()).add(one.author)
    if len(said) == 1:
        return frozenset(said)

    def overruled(author: bytes, kind: str) -> bool:
        others = {other for name, authors in said.items() if name != kind for other in authors if other != author}
        return any(may_replace(other, author) and not may_replace(author, other) for other in others)

    def stands_over(author: bytes, kind: str) -> bool:
        return all(author == other or may_replace(author, other) for name in standing - {kind} for other in said[name])

    standing = {kind for kind, authors in said.items() if not all(overruled(author, kind) for author in authors)}
    standing = standing or set(said)
    chosen = {
        place.said.value
        for place in live
        if place.said is not None
        and place.said.field == KIND
        and isinstance(place.said.value, str)
        and place.said.value in standing
        and stands_over(place.author, place.said.value)
    }
    return frozenset(chosen or standing)


def _claims(in_force: Sequence[Held], live: Sequence[_Place], kinds: frozenset[str]) -> tuple[LiveValue, ...]:
    """Return each claimed kind as a value, named by the statements that say it or, without any, by its entries'.

    An entry of which no statement is here is named by its last place, which no slot ever has (limits.py).
    """
    claims = []
    for kind in sorted(kinds):
        saying = [place for place in live if place.said and place.said.field == KIND and place.said.value == kind]
        if saying:
            claims.append(_live_value(kind, saying))
            continue
        saying_so = [one for one in in_force if one.entry.kind == kind]
        entries = sorted(saying_so, key=lambda one: (one.revision, one.number))
        refs = [(one.revision, min(one.statements, default=(one.number + 1) * INDEX_BASE - 1)) for one in entries]
        claims.append(LiveValue(kind, tuple(refs), entries[0].author, entries[0].entry.time))
    return tuple(claims)


def _places(held: Held) -> Iterable[_Place]:
    base = held.number * INDEX_BASE
    for where, slot in enumerate(held.entry.slots):
        index = base + where
        said = held.statements.get(index)
        absent = held.absent.get(index)
        if said is None and absent is None and not slot.replaces:
            continue  # a decoy, or something nobody told us of
        yield _Place((held.revision, index), held.author, held.entry.time, slot, said, absent)


def _replaced(
    places: Mapping[StatementRef, _Place], may_replace: MayReplace
) -> tuple[set[StatementRef], set[StatementRef]]:
    replaced: set[StatementRef] = set()
    void: set[StatementRef] = set()
    for place in places.values():
        for ref in place.slot.replaces:
            target = places.get(ref)
            if target is None:
                continue  # not here yet (it waits) or elsewhere (history.void_edges reports it)
            if place.said and target.said and place.said.field != target.said.field:
                void.add(place.ref)
            elif place.author == target.author or may_replace(place.author, target.author):
                replaced.add(ref)
    return replaced, void


def _fields(
    live: Sequence[_Place], many: frozenset[str], value_of: Callable[[Disclosure], Any]
) -> dict[str, tuple[LiveValue, ...]]:
    grouped: dict[str, dict[bytes, tuple[Any, list[_Place]]]] = {}
    for place in live:
        said = place.said
        if said is None:
            continue
        value = value_of(said)
        if value is None and said.field in many:
            continue  # in a `many` field `nothing` takes an element away and is no element itself
        grouped.setdefault(said.field, {}).setdefault(encode_trusted(value), (value, []))[1].append(place)
    return {
        name: tuple([_live_value(*values[key]) for key in sorted(values)]) for name, values in sorted(grouped.items())
    }


def _live_value(value: Any, places: list[_Place]) -> LiveValue:
    ordered = sorted(places, key=lambda place: place.ref) if len(places) > 1 else places
    first = ordered[0]
    return LiveValue(value, tuple([place.ref for place in ordered]), first.author, first.time)


def _conflicts(fields: Mapping[str, tuple[LiveValue, ...]], many: frozenset[str]) -> set[str]:
    conflicts: set[str] = set()
    for name, values in fields.items():
        if name != REMOVED and name not in many and len(values) > 1:
            conflicts.add(name)
    return conflicts


def _removal(
    fields: Mapping[str, tuple[LiveValue, ...]], authors: Mapping[StatementRef, bytes], may_replace: MayReplace
) -> tuple[bool, bool]:
    """Return (removed, disputed): removed when some removal has seen everything else that lives.

    Who may not replace what others said may not remove it either; then the record stays and the removal is a conflict.
    """
    removals = [value for value in fields.get(REMOVED, ()) if value.value is not None]
    if not removals:
        return False, False
    others = {ref for name, lives in fields.items() if name != REMOVED for live in lives for ref in live.refs}
    said_by = {authors[ref] for ref in others}

    def may_remove(author: bytes) -> bool:
        return all(author == other or may_replace(author, other) for other in said_by)

    for removal in removals:
        if others <= _seen(removal.value) and any(may_remove(authors[ref]) for ref in removal.refs):
            return True, False
    return False, True


def _seen(removal: Any) -> set[StatementRef]:
    """Return the statements a removal says it has seen; what is not a statement's name, as anybody may sign, is not."""
    named = removal.get("seen") if isinstance(removal, Mapping) else None
    return {
        (pair[0], pair[1])
        for pair in (named if isinstance(named, list | tuple) else ())
        if isinstance(pair, list | tuple) and len(pair) == 2  # noqa: PLR2004 - revision and index
        if isinstance(pair[0], bytes) and isinstance(pair[1], int)
    }


def _absences(places: Mapping[StatementRef, _Place], replaced: set[StatementRef]) -> tuple[Absence, ...]:
    absences = []
    for ref, place in sorted(places.items()):
        if place.said is not None or ref in replaced:
            continue
        known = tuple([target for target in place.slot.replaces if target in places])
        names = {said.field for target in known if (said := places[target].said)}
        field = names.pop() if len(names) == 1 else None
        absences.append(Absence(ref, place.absent or "not_received", place.author, field, known))
    return tuple(absences)
