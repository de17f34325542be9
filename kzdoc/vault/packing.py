"""The bytes in which a record's state lies in its row (docs/formats/vault.md, "Projection").

Rules: one state has one spelling, so that two desks, or a row and its revisions, can be compared byte by byte. A
record as it was born (one entry, nothing absent, cleared, in conflict or said twice) has a short spelling; most have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cbor2

from kzdoc.encoding import encode_trusted
from kzdoc.ledger.merge import Absence, LiveValue, RecordState
from kzdoc.ledger.revision import INDEX_BASE
from kzdoc.moment import Moment

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORT = 3


def pack_born(
    revision: bytes, author: bytes, time: Moment, values: Mapping[str, Any], indexes: Mapping[str, int]
) -> bytes:
    """Return the short spelling: the one entry it comes from, its values, and their indexes by sorted field.

    Both maps are sorted by field; the values were read from deterministic CBOR, so they need no sorting again.
    """
    return cbor2.dumps([[revision, author, time.seconds, time.offset], values, list(indexes.values())])


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
    return pack_born(
        first.refs[0][0],
        first.author,
        first.time,
        {name: state.fields[name][0].value for name in sorted(state.fields)},
        {name: state.fields[name][0].refs[0][1] for name in sorted(state.fields)},
    )


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


def _live(live: list[Any], sources: list[list[Any]]) -> LiveValue:
    value, (place, index), *others = live
    revision, author, seconds, offset = sources[place]
    refs = ((revision, index), *[(other[0], other[1]) for other in others])
    return LiveValue(value, refs, author, Moment(seconds, offset))
