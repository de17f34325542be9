"""The bytes in which a record's state lies in its row (docs/formats/vault.md, "Projection").

Rules: one state has one spelling, so that two desks, or a row and its revisions, can be compared byte by byte. A
record as it was born (one entry, nothing absent, cleared, in conflict or said twice) has a short spelling; most have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cbor2

from kzdoc.encoding import encode_ordered, encode_trusted, spelled_head, spelled_number
from kzdoc.ledger.merge import Absence, LiveValue, RecordState
from kzdoc.ledger.revision import INDEX_BASE, SALT
from kzdoc.moment import Moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kzdoc.ledger.merge import Held
    from kzdoc.ledger.revision import Disclosure

_SHORT = 3
_SOURCE, _DIGEST = b"\x83\x84\x58\x20", b"\x58\x20"
"""CBOR before a revision's id, in an array of four in one of three, and before an author's key."""
_ARRAY, _MAP = 4, 5
_FIELD = 2 + SALT
"""Where field and value stand in a statement's bytes: after the array's head, the salt's and the salt."""


def pack_born(held: Held, said: Sequence[tuple[str, int, Disclosure]]) -> bytes:
    """Return the short spelling of a record whose one entry says ``said``: (field, index, statement), sorted.

    Field and value are spelled in a state as in the statement itself, so they are not spelled again.
    """
    time = held.entry.time
    return b"".join(
        (
            *(_SOURCE, held.revision, _DIGEST, held.author, spelled_number(time.seconds), spelled_number(time.offset)),
            spelled_head(_MAP, len(said)),
            *[one.raw[_FIELD:] for _, _, one in said],
            spelled_head(_ARRAY, len(said)),
            *[spelled_number(index) for _, index, _ in said],
        )
    )


def pack(state: RecordState) -> bytes:
    """Return the bytes of a state."""
    born = _as_born(state)
    if born is not None:
        return born
    places: dict[tuple[bytes, int], int] = {}
    sources: list[list[Any]] = []
    fields: dict[str, list[list[Any]]] = {}
    for name, lives in state.fields.items():
        packed = fields[name] = []
        for live in lives:
            first = live.refs[0]
            place = (first[0], first[1] // INDEX_BASE)
            if place not in places:
                places[place] = len(sources)
                sources.append([first[0], live.author, live.time.seconds, live.time.offset])
            packed.append([live.value, [places[place], first[1]], *[list(ref) for ref in live.refs[1:]]])
    absent = [
        [list(absence.ref), absence.reason, absence.author, absence.field, [list(ref) for ref in absence.replaced]]
        for absence in state.absent
    ]
    void = [list(ref) for ref in state.void]
    return encode_trusted([sources, fields, sorted(state.conflicts), absent, void, state.removed])


def _as_born(state: RecordState) -> bytes | None:
    """Return the short spelling if the state has one."""
    if state.conflicts or state.absent or state.removed or state.void or not state.fields:
        return None
    entries = {(live.refs[0][0], live.refs[0][1] // INDEX_BASE) for lives in state.fields.values() for live in lives}
    if len(entries) > 1 or any(len(lives) > 1 or len(lives[0].refs) > 1 for lives in state.fields.values()):
        return None
    if any(lives[0].value is None for lives in state.fields.values()):
        return None
    first = next(iter(state.fields.values()))[0]
    names = sorted(state.fields)
    source = [first.refs[0][0], first.author, first.time.seconds, first.time.offset]
    values = {name: state.fields[name][0].value for name in names}
    return encode_ordered([source, values, [state.fields[name][0].refs[0][1] for name in names]])


def unpack(record: bytes, kind: str, packed: bytes) -> RecordState:
    """Return the state that ``pack`` was given."""
    parts = cbor2.loads(packed)
    if len(parts) == _SHORT:
        (revision, author, seconds, offset), values, indexes = parts
        time = Moment(seconds, offset)
        lives = {
            name: (LiveValue(values[name], ((revision, index),), author, time),)
            for name, index in zip(sorted(values), indexes, strict=True)
        }
        return RecordState(record, kind, lives, frozenset(), (), False)
    sources, fields, conflicts, absent, void, removed = parts
    return RecordState(
        record,
        kind,
        {name: tuple([_live(live, sources) for live in fields[name]]) for name in sorted(fields)},
        frozenset(conflicts),
        tuple(
            [
                Absence((ref[0], ref[1]), reason, author, field, tuple([(one[0], one[1]) for one in replaced]))
                for ref, reason, author, field, replaced in absent
            ]
        ),
        removed,
        tuple([(ref[0], ref[1]) for ref in void]),
    )


def values_in(packed: bytes, names: Iterable[str]) -> dict[str, list[Any]]:
    """Return the live values of some fields in the bytes of a state, `nothing` left out; nothing else is built."""
    parts = cbor2.loads(packed)
    if len(parts) == _SHORT:
        return {name: [parts[1][name]] for name in names if name in parts[1]}
    found = {name: [live[0] for live in parts[1].get(name, ()) if live[0] is not None] for name in names}
    return {name: values for name, values in found.items() if values}


def _live(live: list[Any], sources: list[list[Any]]) -> LiveValue:
    value, (place, index), *others = live
    revision, author, seconds, offset = sources[place]
    refs = ((revision, index), *[(other[0], other[1]) for other in others])
    return LiveValue(value, refs, author, Moment(seconds, offset))
