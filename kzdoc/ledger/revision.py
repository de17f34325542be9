"""Revisions, entries and statements: written, read and checked against their digests.

The rules stand in docs/formats/revision.md. Bytes that were signed or digested are kept as they came; reading never
re-encodes them. This file knows no policy and no state: whether a statement counts is merge.py's question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from kzdoc.encoding import Value, check_types, decode_flat, encode, encode_trusted
from kzdoc.errors import KzdocError, LedgerError
from kzdoc.limits import LIMITS
from kzdoc.moment import Moment, Randomness

FORMAT = "kzdoc-revision-1"
PAD = 8
SALT = 16
INDEX_BASE = 65_536
EARLIEST, LATEST = -62_135_510_400, 253_402_214_400
"""Claimed seconds: whatever the offset, the day stands in the years 0001 to 9999, so that it can be shown."""

_PLAIN = (str, bytes, bool, type(None))
_ID_TAG = b"kzdoc-revision-id-1\0"
_ENTRY_TAG = b"kzdoc-entry-1\0"
_STATEMENT_TAG = b"kzdoc-statement-1\0"

Digest = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
"""32 bytes: SHA-256, an id of a revision, an Ed25519 key."""

Short = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
"""16 random bytes: a record's id, a chain's."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
"""A field's or a kind's id."""

StatementRef = tuple[Digest, int]
"""A statement's name: (revision id, index)."""


class Skeleton(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The signed outer layer; ``raw`` is what the signature covers."""

    author: Digest
    chain: Short
    sequence: int
    previous: bytes
    entries: tuple[Digest, ...]
    raw: bytes
    id: Digest


class Slot(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One place of an entry: a statement's digest (or a decoy's) and what it replaces."""

    digest: Digest
    replaces: tuple[StatementRef, ...]


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The middle layer: which record, when (claimed), and its slots."""

    record: Short
    kind: Name
    time: Moment
    slots: tuple[Slot, ...]
    raw: bytes


class Disclosure(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The inner layer: one statement's field and value with its salt."""

    field: Name
    value: Any
    raw: bytes


class Revision(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A revision with as much of it as its holder has.

    ``entries``: raw entry by number; ``statements``: raw disclosure by index; ``absent``: reason by index.
    """

    skeleton: Skeleton
    signature: bytes
    entries: Mapping[int, bytes] = msgspec.field(default_factory=dict)
    statements: Mapping[int, bytes] = msgspec.field(default_factory=dict)
    absent: Mapping[int, str] = msgspec.field(default_factory=dict)

    @property
    def id(self) -> bytes:
        """Return the revision's id."""
        return self.skeleton.id


@dataclass(frozen=True, slots=True)
class NewStatement:
    """A statement about to be written."""

    field: str
    value: Value
    replaces: tuple[StatementRef, ...] = ()


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry about to be written: the statements of one record."""

    record: bytes
    kind: str
    statements: tuple[NewStatement, ...]


def revision_id(skeleton: bytes) -> bytes:
    """Return the id of the revision with these skeleton bytes."""
    return hashlib.sha256(_ID_TAG + skeleton).digest()


def _place(author: bytes, chain: bytes, sequence: int) -> bytes:
    return author + chain + sequence.to_bytes(8, "big")


def entry_digest(place: bytes, number: int, entry: bytes) -> bytes:
    """Return an entry's digest; ``place`` is author ‖ chain ‖ u64 sequence."""
    return hashlib.sha256(_ENTRY_TAG + place + number.to_bytes(4, "big") + entry).digest()


def statement_digest(place: bytes, index: int, record: bytes, disclosure: bytes) -> bytes:
    """Return a statement's digest; ``place`` is author ‖ chain ‖ u64 sequence."""
    return hashlib.sha256(_STATEMENT_TAG + place + index.to_bytes(4, "big") + record + disclosure).digest()


def write_revision(
    entries: Sequence[NewEntry],
    *,
    sign: Callable[[bytes], bytes],
    author: bytes,
    chain: bytes,
    sequence: int,
    previous: bytes,
    moment: Moment,
    randomness: Randomness,
) -> Revision:
    """Return a new signed revision with all its disclosures.

    ``sign`` turns skeleton bytes into the author's Ed25519 signature. Entries and slots take random places among
    decoys. Raises ``LedgerError`` (``ledger.limit``) when there is more than a revision may hold.
    """
    if not entries or len(entries) > LIMITS.entries_per_revision:
        raise LedgerError("ledger.limit", limit=LIMITS.entries_per_revision)
    place = _place(author, chain, sequence)
    raw_entries: dict[int, bytes] = {}
    statements: dict[int, bytes] = {}
    digests = _decoys(len(entries), randomness)
    for number, new in zip(_places(len(entries), len(digests), randomness), entries, strict=True):
        raw, disclosed = _write_entry(new, number, place, moment, randomness)
        raw_entries[number] = raw
        statements.update(disclosed)
        digests[number] = entry_digest(place, number, raw)
    raw_skeleton = encode_trusted([FORMAT, author, chain, sequence, previous, digests])
    skeleton = Skeleton(author, chain, sequence, previous, tuple(digests), raw_skeleton, revision_id(raw_skeleton))
    return Revision(skeleton, sign(raw_skeleton), raw_entries, statements)


def _write_entry(
    new: NewEntry, number: int, place: bytes, moment: Moment, randomness: Randomness
) -> tuple[bytes, dict[int, bytes]]:
    if len(new.statements) > LIMITS.statements_per_entry:
        raise LedgerError("ledger.limit", limit=LIMITS.statements_per_entry)
    slots: list[list[Any]] = [[digest, []] for digest in _decoys(len(new.statements), randomness)]
    disclosed: dict[int, bytes] = {}
    for where, statement in zip(_places(len(new.statements), len(slots), randomness), new.statements, strict=True):
        raw = encode([randomness(SALT), statement.field, statement.value])
        if len(raw) > LIMITS.statement:
            raise LedgerError("ledger.limit", limit=LIMITS.statement)
        index = number * INDEX_BASE + where
        disclosed[index] = raw
        slots[where] = [
            statement_digest(place, index, new.record, raw),
            sorted([list(ref) for ref in statement.replaces]),
        ]
    entry = [randomness(SALT), new.record, new.kind, moment.seconds, moment.offset, slots]
    return encode_trusted(entry), disclosed


def _decoys(count: int, randomness: Randomness) -> list[bytes]:
    padded = max(PAD, -(-count // PAD) * PAD)
    noise = randomness(32 * padded)
    return [noise[start : start + 32] for start in range(0, len(noise), 32)]


def _places(count: int, padded: int, randomness: Randomness) -> list[int]:
    """Return ``count`` different places below ``padded`` in random order (sorted by random keys)."""
    noise = randomness(8 * padded)
    order = sorted(range(padded), key=lambda place: noise[8 * place : 8 * place + 8])
    return order[:count]


def read_skeleton(raw: bytes) -> Skeleton:
    """Return the skeleton in ``raw``.

    Raises ``LedgerError("ledger.skeleton")`` when it is not one, spelled otherwise than §Skeleton says.
    """
    return skeleton_of(_decoded(raw, "ledger.skeleton"), raw)


def _decoded(raw: bytes, code: str) -> Any:
    try:
        return decode_flat(raw)
    except KzdocError as error:
        raise LedgerError(code) from error


def skeleton_of(decoded: Any, raw: bytes) -> Skeleton:
    """Return the skeleton that was decoded from ``raw``; how that is spelled is not judged here.

    Raises ``LedgerError("ledger.skeleton")``.
    """
    try:
        version, author, chain, sequence, previous, entries = decoded
        good = (
            version == FORMAT
            and _sized(author, 32)
            and _sized(chain, 16)
            and type(sequence) is int
            and 0 <= sequence < 2**63
            and _sized(previous, 32 if sequence else 0)
            and type(entries) is list
            and 0 < len(entries) <= LIMITS.entries_per_revision
            and len(entries) % PAD == 0
            and _are_digests(entries)
        )
    except (ValueError, TypeError) as error:
        raise LedgerError("ledger.skeleton") from error
    if not good:
        raise LedgerError("ledger.skeleton")
    return Skeleton(author, chain, sequence, previous, tuple(entries), raw, revision_id(raw))


def read_entry(raw: bytes) -> Entry:
    """Return the entry in ``raw``; raises ``LedgerError("ledger.entry")`` when it is not one."""
    return entry_of(_decoded(raw, "ledger.entry"), raw)


def entry_of(decoded: Any, raw: bytes) -> Entry:
    """Return the entry decoded from ``raw``, its spelling not judged; raises ``LedgerError("ledger.entry")``."""
    try:
        salt, record, kind, seconds, offset, slots = decoded
        good = (
            _sized(salt, SALT)
            and _sized(record, 16)
            and type(kind) is str
            and 0 < len(kind) <= 64  # noqa: PLR2004 - a kind's id is a short word
            and type(seconds) is int
            and EARLIEST <= seconds <= LATEST
            and type(offset) is int
            and -24 * 60 < offset < 24 * 60
            and type(slots) is list
            and 0 < len(slots) <= LIMITS.statements_per_entry
            and len(slots) % PAD == 0
            and _are_digests([digest for digest, _ in slots])
        )
        read = tuple([Slot(digest, () if replaces == [] else _edges(replaces)) for digest, replaces in slots])
    except (ValueError, TypeError) as error:
        raise LedgerError("ledger.entry") from error
    if not good:
        raise LedgerError("ledger.entry")
    return Entry(record, kind, Moment(seconds, offset), read, raw)


def _edges(replaces: Any) -> tuple[StatementRef, ...]:
    if type(replaces) is not list:
        raise LedgerError("ledger.entry")
    for revision, index in replaces:
        if not _sized(revision, 32) or type(index) is not int or not 0 <= index < 2**32:
            raise LedgerError("ledger.entry")
    return tuple([(revision, index) for revision, index in replaces])


def read_disclosure(raw: bytes) -> Disclosure:
    """Return the statement in ``raw``; raises ``LedgerError("ledger.statement")`` when it is not one."""
    return disclosure_of(_decoded(raw, "ledger.statement"), raw)


def disclosure_of(decoded: Any, raw: bytes) -> Disclosure:
    """Return the statement decoded from ``raw``, its spelling not judged.

    Raises ``LedgerError("ledger.statement")``.
    """
    try:
        salt, name, value = decoded
        if type(value) not in _PLAIN:
            check_types(value)
    except (KzdocError, ValueError, TypeError) as error:
        raise LedgerError("ledger.statement") from error
    if not _sized(salt, SALT) or type(name) is not str or not 0 < len(name) <= 64:  # noqa: PLR2004 - a short word
        raise LedgerError("ledger.statement")
    return Disclosure(name, value, raw)


def _sized(value: Any, size: int) -> bool:
    return type(value) is bytes and len(value) == size


def _are_digests(values: Sequence[Any]) -> bool:
    return {*map(type, values)} == {bytes} and {*map(len, values)} == {32}


def check_digests(revision: Revision) -> dict[int, Entry]:
    """Return the entries of ``revision`` by number after checking everything it holds against its digests.

    Raises:
        LedgerError: ``ledger.entry-digest`` or ``ledger.statement-digest`` when a layer does not belong here,
            ``ledger.statement-orphan`` when a statement's or absence's entry or slot is not here.
    """
    skeleton = revision.skeleton
    place = _place(skeleton.author, skeleton.chain, skeleton.sequence)
    entries: dict[int, Entry] = {}
    for number, raw in revision.entries.items():
        if not 0 <= number < len(skeleton.entries) or entry_digest(place, number, raw) != skeleton.entries[number]:
            raise LedgerError("ledger.entry-digest")
        entries[number] = read_entry(raw)
    for index, raw in revision.statements.items():
        entry, slot = _slot_at(entries, index)
        if statement_digest(place, index, entry.record, raw) != slot.digest:
            raise LedgerError("ledger.statement-digest")
    for index in revision.absent:
        _slot_at(entries, index)
    return entries


def follows_digests(skeleton: Skeleton, entries: Mapping[int, Entry], said: Mapping[int, Disclosure]) -> bool:
    """Return whether decoded entries and statements are those the skeleton was signed over, by their bytes alone.

    What they were decoded into is the caller's to have seen; ``check_digests`` decodes for itself.
    """
    place = _place(skeleton.author, skeleton.chain, skeleton.sequence)
    digests = skeleton.entries
    for number, entry in entries.items():
        if not 0 <= number < len(digests) or entry_digest(place, number, entry.raw) != digests[number]:
            return False
    start = _STATEMENT_TAG + place
    for index, one in said.items():
        owner = entries.get(index // INDEX_BASE)
        if owner is None or index % INDEX_BASE >= len(owner.slots):
            return False
        digest = hashlib.sha256(start + index.to_bytes(4, "big") + owner.record + one.raw).digest()
        if digest != owner.slots[index % INDEX_BASE].digest:
            return False
    return True


def _slot_at(entries: Mapping[int, Entry], index: int) -> tuple[Entry, Slot]:
    number, where = divmod(index, INDEX_BASE)
    entry = entries.get(number)
    if entry is None or where >= len(entry.slots):
        raise LedgerError("ledger.statement-orphan")
    return entry, entry.slots[where]
