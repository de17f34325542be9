"""Mutants of good bundles, one by one from a number: of the sealed file, the plaintext, its structure, its words.

The structural ones are signed and sealed anew, so that they reach the code behind the signature. The same number gives
the same mutant but for the post-quantum signature, whose randomness is fresh.
"""

from __future__ import annotations

import functools
import io
import random
from collections.abc import Callable
from typing import Any

import cbor2

from kzdoc.bundle import frames
from kzdoc.bundle.items import Erasures, Introduction
from kzdoc.crypto.age_header import write_header
from kzdoc.crypto.age_stream import seal_stream
from kzdoc.domain.catalogue import KINDS
from kzdoc.encoding import check_types
from kzdoc.errors import KzdocError
from kzdoc.ledger.revision import NewEntry, NewStatement
from kzdoc.progress import silent
from tests.kzdoc.bundle.fixture import event, numbered, ref, root_of
from tests.kzdoc.bundle.fixtures_age import FILE_KEY, NONCE, stanzas
from tests.kzdoc.bundle.fixtures_contents import evidence, first_person
from tests.kzdoc.bundle.fixtures_history import FIRST, SECOND, first, roster
from tests.kzdoc.bundle.parties import ANNA, STRANGER, Draft, Frame, chance, frames_of

Mutant = tuple[str, bytes]
ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 23, 24, 2**32, 2**63 - 1, 2**63, 2**64 - 1, -(2**63), b"", bytes(15), bytes(16),
    bytes(31), bytes(32), bytes(33), b"\xff" * 64, "", "\x00", "\u202eабв", "я" * 300, "2020-13-45", [], {}, [[]],
    {0: 0}, {"a": []}, [None] * 40,
)  # fmt: skip
KINDS_OF_ITEMS = (0, 1, 2, 3, 4, 5, 0x48, 0x7F, *sorted(frames.NOTICES), 0x90, 0xFF)
DEEP: Any = functools.reduce(lambda inner, _: [inner], range(15), 1)


@functools.cache
def _age_header() -> bytes:
    return write_header(tuple(stanzas()), FILE_KEY)


def seal(plaintext: bytes) -> bytes:
    """Return the plaintext as a bundle for the reader; the stanzas are the same every time."""
    target = io.BytesIO()
    target.write(_age_header())
    seal_stream(io.BytesIO(plaintext), target, file_key=FILE_KEY, nonce=NONCE, progress=silent)
    return target.getvalue()


@functools.cache
def good() -> Draft:
    """Return the bundle from which most mutants are made: of everything something."""
    said = Introduction([(STRANGER.signer.public.ed25519, "Бөтен Адам")])
    words = [*frames_of([said, SECOND, Erasures([bytes(32)])]), *((kind, roster(1)) for kind in sorted(frames.NOTICES))]
    return numbered("mutants", words + evidence("mutants", b"\x89PNG" * 500, "image/png"), 2, root_of(first()))


@functools.cache
def good_plaintext() -> bytes:
    return good().plaintext()


def mutant(number: int, seed: str = "kzdoc") -> Mutant:
    """Return one mutant: (what was done, the file)."""
    chosen = random.Random(f"{seed} {number}")
    ways = (_sealed, _plain, _header, _item, _item, _order, _words, _words, _words)
    way: Callable[[random.Random], bytes] = chosen.choice(ways)
    return way.__name__.strip("_"), way(chosen)


# --- bytes


def scrambled(chosen: random.Random, data: bytes) -> bytes:
    """Return the data with one to three small things done to its bytes."""
    made = bytearray(data)
    for _ in range(chosen.choice((1, 1, 1, 2, 3))):
        place = chosen.randrange(len(made) or 1)
        size = chosen.choice((1, 2, 4, 5, 16, 32, 100, 1000))
        match chosen.randrange(7):
            case 0 if made:
                made[place] ^= 1 << chosen.randrange(8)
            case 1 if made:
                made[place] = chosen.choice((0, 1, 0x7F, 0x80, 0xFF))
            case 2:
                del made[place : place + size]
            case 3:
                made[place:place] = chosen.randbytes(size)
            case 4:
                made[place:place] = made[(where := chosen.randrange(len(made) or 1)) : where + size]
            case 5:
                del made[place:]
            case _:
                made[place : place + size] = bytes(size)
    return bytes(made)


def _sealed(chosen: random.Random) -> bytes:
    return scrambled(chosen, seal(good_plaintext()))


def _plain(chosen: random.Random) -> bytes:
    return seal(scrambled(chosen, good_plaintext()))


# --- structure


def changed(chosen: random.Random, value: Any) -> Any:
    """Return a CBOR value with one part of it another."""
    if isinstance(value, list) and value and chosen.random() < 0.85:
        return _changed_list(chosen, value)
    if isinstance(value, dict) and value and chosen.random() < 0.85:
        return _changed_map(chosen, value)
    if isinstance(value, bytes) and value and chosen.random() < 0.6:
        return _changed_bytes(chosen, value)
    if isinstance(value, str) and value and chosen.random() < 0.4:
        return value[: chosen.randrange(len(value))] + chosen.choice(("", "\u202e", "\x1b[2J", "x" * 90))
    if type(value) is int and chosen.random() < 0.5:
        return value + chosen.choice((-1, 1, 2**16, 65_536 * 8))
    return DEEP if chosen.random() < 0.03 else chosen.choice(ODD)


def _changed_bytes(chosen: random.Random, value: bytes) -> bytes:
    inner = _inner(value)
    if inner is not None and chosen.random() < 0.8:
        return _spelled(chosen, changed(chosen, inner))
    return scrambled(chosen, value)


def _changed_list(chosen: random.Random, value: list[Any]) -> list[Any]:
    made, place = list(value), chosen.randrange(len(value))
    match chosen.randrange(8):
        case 0:
            del made[place]
        case 1:
            made.insert(place, made[chosen.randrange(len(made))])
        case 2:
            chosen.shuffle(made)
        case _:
            made[place] = changed(chosen, made[place])
    return made


def _changed_map(chosen: random.Random, value: dict[Any, Any]) -> dict[Any, Any]:
    made, key = dict(value), chosen.choice(list(value))
    match chosen.randrange(8):
        case 0:
            del made[key]
        case 1:
            made[chosen.choice((0, 1, 7, 65_536, 2**40, -1, "x-new", "new", ""))] = made[key]
        case _:
            made[key] = changed(chosen, made[key])
    return made


def _inner(raw: bytes) -> Any:
    """Return what bytes hold when they are CBOR of more than one part, else None."""
    try:
        value = cbor2.loads(raw)
    except Exception:  # noqa: BLE001 - most bytes are not
        return None
    return value if isinstance(value, list | dict) else None


def _spelled(chosen: random.Random, value: Any) -> bytes:
    """Return CBOR of a value, now and then not in its one spelling."""
    return cbor2.dumps(value, canonical=chosen.random() < 0.95)


def _resealed(draft: Draft) -> bytes:
    return seal(draft.plaintext())


def _with(items: list[Frame]) -> Draft:
    """Return the good bundle with other items, whatever the header must say of them."""
    header = {key: value for key, value in good().header.items() if key in ("salt", "readers")}
    return Draft(items, header=header, label="mutants")


def _header(chosen: random.Random) -> bytes:
    raw = _spelled(chosen, changed(chosen, good().header_map()))
    draft = _with(good().items)
    draft.raw_header = raw
    return _resealed(draft)


def _item(chosen: random.Random) -> bytes:
    items = list(good().items)
    place = chosen.randrange(len(items))
    kind, payload = items[place]
    value = _inner(payload)
    made = scrambled(chosen, payload) if value is None else _spelled(chosen, changed(chosen, value))
    items[place] = (kind, made)
    return _resealed(_with(items))


def _order(chosen: random.Random) -> bytes:
    items = list(good().items)
    for _ in range(chosen.choice((1, 2))):
        place = chosen.randrange(len(items)) if items else 0
        match chosen.randrange(5):
            case 0:
                items[place : place + 1] = []
            case 1:
                items.insert(place, chosen.choice(good().items))
            case 2:
                chosen.shuffle(items)
            case 3 if items:
                items[place] = (
                    chosen.choice((0, 1, 2, 3, 4, 5, 0x48, 0x7F, *frames.NOTICES, 0x90, 0xFF)),
                    items[place][1],
                )
            case _:
                items.insert(
                    place,
                    (chosen.choice((1, 2, 3, 4, *frames.NOTICES, 0x90)), chosen.choice((b"", b"\x80", bytes(48)))),
                )
    draft = _with(items)
    if chosen.random() < 0.3:
        draft.sent = list(good().items)
    return _resealed(draft)


# --- words: rightly signed by their author, and not what any honest program says

FIELDS = sorted({(kind.id, one.id) for kind in KINDS.values() for one in kind.fields})
SYSTEM = (("_aside", "aside"), ("_chain", "knows"), ("person", "_removed"), ("person", "_kind"), ("person", "_new"))


def _value(chosen: random.Random) -> Any:
    """Return a value of any shape, often near one a field has."""
    near: tuple[Any, ...] = (
        {"amount": 2**63 - 1, "currency": "KZT"}, {"value": -1, "qualifier": "x", "unit": ""},
        {"text": "x", "region": ""}, {"sha256": bytes(32), "size": 5, "media": "image/png"},
        {"seen": [[FIRST.id, 0]]}, {"seen": 5}, {"seen": [[1, 2, 3]]},
        [FIRST.id, "x"], [[ANNA.signer.public.ed25519, bytes(16), 2**63, FIRST.id]], [FIRST.id], "2020-02-30", "0000",
        "9999-99", "~2020", "24:61", first_person(), bytes(16), "900101350123", "+7 701 000 00 00", "person", "_aside",
    )  # fmt: skip
    value = chosen.choice((*ODD, *near, *near))
    other = changed(chosen, value) if chosen.random() < 0.3 else value
    try:
        check_types([other])
    except KzdocError:  # what nobody can sign
        return value
    return other


def _entry(chosen: random.Random, number: int) -> NewEntry:
    kind, field = chosen.choice(SYSTEM) if chosen.random() < 0.25 else chosen.choice(FIELDS)
    record = chosen.choice((first_person(), chance(f"mutant {number}")(16), FIRST.id[:16]))
    said = [NewStatement(field, _value(chosen), _replaces(chosen))]
    for _ in range(chosen.randrange(4)):
        kind_too, name = chosen.choice(FIELDS)
        name = name if kind_too == kind or chosen.random() < 0.3 else field
        said.append(NewStatement(name, _value(chosen), _replaces(chosen)))
    return NewEntry(record, kind, tuple(said))


def _replaces(chosen: random.Random) -> tuple[tuple[bytes, int], ...]:
    known = [ref(FIRST), ref(SECOND), (FIRST.id, 2**31), (bytes(32), 0), (SECOND.id, 65_536)]
    return tuple(chosen.sample(known, chosen.choice((0, 0, 0, 1, 1, 2))))


def _words(chosen: random.Random) -> bytes:
    party = chosen.choice((ANNA, ANNA, STRANGER))
    label = str(chosen.randrange(2**40))
    made = []
    previous, sequence, chain = b"", 0, chance(f"chain {label}")(16)
    for number in range(chosen.choice((1, 1, 2, 3))):
        if number and chosen.random() < 0.2:
            sequence, previous = chosen.choice(((2**63 - 1, bytes(32)), (1, FIRST.id), (5, SECOND.id)))
        entries = [_entry(chosen, number) for _ in range(chosen.choice((1, 1, 2)))]
        one = event(party, f"{label} {number}", *entries, sequence=sequence, previous=previous, chain=chain)
        made.append(one)
        previous, sequence = one.id, min(sequence + 1, 2**63 - 1)
    said = [Introduction([(STRANGER.signer.public.ed25519, "Бөтен Адам")])] if chosen.random() < 0.9 else []
    items = frames_of([*said, *made])
    if chosen.random() < 0.2:
        items = [*items, *evidence(label, chosen.randbytes(chosen.choice((1, 40, 4000))), "image/png")[1:]]
    return _resealed(_with(items))
