"""The rows that are never derived: revisions, what is held of each, and what must never come back.

Rules: bytes that were signed or digested are stored and given back as they came. What comes from outside is read
strictly, here too, whoever may have read it before; what comes out of the encrypted database was strict when it went
in and is read fast. One row holds a revision's skeleton, one all of its disclosures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import cbor2

from kzdoc.crypto.identity import verify_revision
from kzdoc.errors import LedgerError, VaultError
from kzdoc.ledger.merge import Held
from kzdoc.ledger.revision import (
    INDEX_BASE,
    SALT,
    Disclosure,
    Entry,
    Revision,
    Skeleton,
    Slot,
    check_digests,
    read_disclosure,
)
from kzdoc.moment import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kzdoc.ledger.revision import NewEntry
    from kzdoc.vault.connection import Database

IN_ONE_QUESTION = 500
_SIGNATURE = 64
_PLAIN = (str, bytes, bool, type(None))


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a revision stands in this vault: order of arrival, bundle it came in (empty for own), signature seen."""

    seq: int
    origin: bytes
    checked: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """A revision from outside, verified layer by layer and read; only ``verified`` makes one.

    ``kept_out``: statements of it that came too and are not taken in.
    """

    revision: Revision
    held: tuple[Held, ...]
    checked: bool
    kept_out: frozenset[int] = frozenset()


def verified(revision: Revision, *, checked: bool) -> Incoming:
    """Return the revision ready to be looked at and taken in; ``checked`` when its own signature was checked.

    That the signature, or that of a later revision of its run, is good is the caller's to see (``verify_run``).

    Raises:
        LedgerError: as ``check_digests`` and ``read_disclosure`` do.
    """
    return Incoming(revision, tuple(held_strictly(revision)), checked)


def held_strictly(revision: Revision) -> list[Held]:
    """Return the entries of a revision from outside after checking every layer against its digest.

    Raises ``LedgerError`` as ``check_digests`` and ``read_disclosure`` do.
    """
    entries = check_digests(revision)
    said: dict[int, dict[int, Disclosure]] = {number: {} for number in entries}
    for index, raw in revision.statements.items():
        said[index // INDEX_BASE][index] = _disclosure_strictly(raw)
    return _held(revision.id, revision.skeleton.author, entries, said, revision.absent)


def held_fast(
    revision: bytes,
    author: bytes,
    entries: Mapping[int, bytes],
    statements: Mapping[int, bytes],
    absent: Mapping[int, str],
) -> list[Held]:
    """Return the entries of a revision from this vault's own rows."""
    read = {number: _entry_fast(raw) for number, raw in entries.items()}
    said: dict[int, dict[int, Disclosure]] = {number: {} for number in entries}
    for index, raw in statements.items():
        _, name, value = cbor2.loads(raw)
        said[index // INDEX_BASE][index] = Disclosure(name, value, raw)
    return _held(revision, author, read, said, absent)


def _held(
    revision: bytes,
    author: bytes,
    entries: Mapping[int, Entry],
    said: Mapping[int, Mapping[int, Disclosure]],
    absent: Mapping[int, str],
) -> list[Held]:
    lacks: dict[int, dict[int, str]] = {}
    for index, reason in absent.items():
        lacks.setdefault(index // INDEX_BASE, {})[index] = reason
    return [
        Held(revision, author, number, entry, said[number], lacks.get(number, {})) for number, entry in entries.items()
    ]


def _disclosure_strictly(raw: bytes) -> Disclosure:
    """Read a statement as ``read_disclosure`` does, at a third of its cost where the value is text or bytes."""
    try:
        salt, name, value = cbor2.loads(raw)
        plain = (
            type(value) in _PLAIN
            and type(salt) is bytes
            and len(salt) == SALT
            and type(name) is str
            and 0 < len(name) <= 64  # noqa: PLR2004 - as read_disclosure
            and cbor2.dumps([salt, name, value], canonical=True) == raw
        )
    except Exception as error:  # whatever the decoder meets in hostile bytes
        raise LedgerError("ledger.statement") from error
    return Disclosure(name, value, raw) if plain else read_disclosure(raw)


def _entry_fast(raw: bytes) -> Entry:
    _, record, kind, seconds, offset, slots = cbor2.loads(raw)
    read = tuple(
        [Slot(digest, tuple([(ref[0], ref[1]) for ref in replaces]) if replaces else ()) for digest, replaces in slots]
    )
    return Entry(record, kind, Moment(seconds, offset), read, raw)


@dataclass(slots=True)
class Act:
    """What is known of one act of writing without asking the database, where its rows may still be under way.

    ``seq`` and ``number`` are the places of the next arrival and the next record (None: ask), ``revisions`` and
    ``records`` those that came in this act; numbers of chains and bundles by what they are. ``spoken`` are the places
    of revisions of which any words came, ``parts`` the statements that came of those that did not come whole: most
    are ``alike``, and kept once.
    """

    seq: int
    number: int | None = None
    revisions: set[bytes] = field(default_factory=set)
    records: set[bytes] = field(default_factory=set)
    chains: dict[tuple[bytes, bytes], int] = field(default_factory=dict)
    origins: dict[bytes, int] = field(default_factory=lambda: {b"": 0})
    spoken: set[int] = field(default_factory=set)
    parts: dict[int, frozenset[int]] = field(default_factory=dict)
    alike: dict[frozenset[int], frozenset[int]] = field(default_factory=dict)

    def note_words(self, seq: int, came: Incoming) -> None:
        """Note which words came of the revision at a place; of a skeleton alone nothing."""
        one = came.revision
        if not one.entries:
            return
        before = self.parts.get(seq, None if seq in self.spoken else frozenset[int]())
        self.spoken.add(seq)
        if before is None or not (one.absent or len(one.entries) < len(one.skeleton.entries)):
            self.parts.pop(seq, None)
        else:
            came_here = frozenset(one.statements)
            whole = before | came_here | came.kept_out if before or came.kept_out else came_here
            self.parts[seq] = self.alike.setdefault(whole, whole)


@dataclass(frozen=True, slots=True)
class NextPlace:
    """Where the next own revision goes; ``opening`` is an entry it must carry when it opens a chain."""

    chain: bytes
    sequence: int
    previous: bytes
    opening: NewEntry | None


class Truth:
    """Reading and writing of revisions and disclosures; inside the caller's transaction where it writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_seq(self) -> int:
        """Return the place of the next arrival."""
        row = self._database.row("SELECT max(seq) FROM revision")
        return (row[0] or 0) + 1 if row else 1

    def known(self, ids: Sequence[bytes]) -> dict[bytes, int]:
        """Return which of the revisions are here, with their place of arrival."""
        return dict(in_chunks(self._database.rows, "SELECT id, seq FROM revision WHERE id IN", ids))

    def known_before(self, ids: Sequence[bytes]) -> set[bytes]:
        """Return which of the revisions were here before the act under way."""
        return {row[0] for row in in_chunks(self._database.ahead, "SELECT id FROM revision WHERE id IN", ids)}

    def add(self, rows: Sequence[tuple[Revision, Arrival]], act: Act) -> None:
        """Insert new revisions with what is held of them."""
        chains = self._chains({(revision.skeleton.author, revision.skeleton.chain) for revision, _ in rows}, act)
        origins = self._origins({arrival.origin for _, arrival in rows}, act)
        skeletons = []
        for revision, arrival in rows:
            skeleton = revision.skeleton
            skeletons.append(
                (
                    arrival.seq,
                    skeleton.id,
                    chains[skeleton.author, skeleton.chain],
                    skeleton.sequence,
                    skeleton.previous,
                    arrival.checked,
                    origins[arrival.origin],
                )
            )
        self._database.insert("INSERT INTO revision", skeletons)
        self._database.insert(
            "INSERT INTO disclosure",
            [
                (arrival.seq, revision.signature + revision.skeleton.raw, _disclosed(revision))
                for revision, arrival in rows
            ],
        )

    def _chains(self, wanted: Iterable[tuple[bytes, bytes]], act: Act) -> dict[tuple[bytes, bytes], int]:
        """Return the numbers of the chains, noting those that are new."""
        numbers = act.chains
        for author, chain in sorted(set(wanted) - numbers.keys()):
            self._database.run("INSERT OR IGNORE INTO chain (author, chain) VALUES (?, ?)", (author, chain))
            row = self._database.row("SELECT number FROM chain WHERE author = ? AND chain = ?", (author, chain))
            numbers[author, chain] = row[0] if row else 0
        return numbers

    def _origins(self, wanted: Iterable[bytes], act: Act) -> dict[bytes, int]:
        """Return the numbers of the bundles, noting those that are new; own revisions have 0."""
        numbers = act.origins
        for root in sorted(set(wanted) - numbers.keys()):
            self._database.run("INSERT OR IGNORE INTO origin (root) VALUES (?)", (root,))
            row = self._database.row("SELECT number FROM origin WHERE root = ?", (root,))
            numbers[root] = row[0] if row else 0
        return numbers

    def replace(self, seq: int, revision: Revision) -> None:
        """Put what is now held of a revision in the place of what was held; the skeleton stays as it is."""
        self._database.run("UPDATE disclosure SET held = ? WHERE seq = ?", (_disclosed(revision), seq))
        self._database.run("INSERT OR REPLACE INTO lack SELECT contact, audience, ?, 0, 0 FROM lacks", (seq,))
        self.look_anew()

    def look_anew(self) -> None:
        """Look anew at all of which partners did not get everything: more of it may go, whatever was not written."""
        self._database.run("UPDATE lacks SET stamp = x''")

    def mark_checked(self, signatures: Iterable[tuple[int, bytes]]) -> None:
        """Note (seq, signature) pairs that were checked, each in place of one that was not."""
        for seq, signature in signatures:
            if self._database.run("UPDATE revision SET checked = 1 WHERE seq = ? AND checked = 0", (seq,)):
                self._database.run(
                    f"UPDATE disclosure SET signed = CAST(? || substr(signed, {_SIGNATURE + 1}) AS BLOB) WHERE seq = ?",  # noqa: S608 - a number
                    (signature, seq),
                )
                self._database.run("UPDATE lack SET why = 0 WHERE seq = ?", (seq,))

    def revisions(self, seqs: Sequence[int]) -> Iterator[tuple[Arrival, Revision]]:
        """Yield the revisions at these places, in their order of arrival."""
        for chunk in range(0, len(seqs), IN_ONE_QUESTION):
            part = seqs[chunk : chunk + IN_ONE_QUESTION]
            for row in self._database.rows(_REVISION + f" WHERE r.seq IN ({_marks(part)}) ORDER BY r.seq", part):
                yield read_row(row)

    def all(self) -> Iterator[tuple[Arrival, Revision]]:
        """Yield every revision in order of arrival."""
        for row in self._database.stream(_REVISION + " ORDER BY r.seq"):
            yield read_row(row)

    def held_of(self, records: Sequence[bytes]) -> dict[bytes, list[Held]]:
        """Return what is held about each of the records, read from the rows."""
        wanted = set(records)
        places = in_chunks(self._database.rows, "SELECT seq, record FROM entry_of WHERE record IN", records)
        found: dict[bytes, list[Held]] = {}
        for _, revision in self.revisions(sorted({seq for seq, _ in places})):
            for held in held_fast(
                revision.id, revision.skeleton.author, revision.entries, revision.statements, revision.absent
            ):
                if held.entry.record in wanted and not held.entry.kind.startswith("_"):
                    found.setdefault(held.entry.record, []).append(held)
        return found

    def erased(self) -> frozenset[bytes]:
        """Return the digests that must never come back."""
        return frozenset(row[0] for row in self._database.ahead("SELECT digest FROM erased"))

    def erase(self, digests: Iterable[bytes]) -> None:
        """Add digests to those that must never come back."""
        self._database.run_many("INSERT OR IGNORE INTO erased VALUES (?)", [(digest,) for digest in digests])


_REVISION = (
    "SELECT r.seq, r.id, c.author, c.chain, r.sequence, r.previous, d.signed, r.checked, coalesce(o.root, x''), d.held"
    " FROM revision r JOIN disclosure d ON d.seq = r.seq JOIN chain c ON c.number = r.chain"
    " LEFT JOIN origin o ON o.number = r.origin"
)


def read_row(row: tuple[Any, ...]) -> tuple[Arrival, Revision]:
    """Return a revision from its joined rows; raises ``vault.damaged`` when they cannot be read."""
    seq, key, author, chain, sequence, previous, signed, checked, origin, held = row
    raw = signed[_SIGNATURE:]
    try:
        skeleton = Skeleton(author, chain, sequence, previous, tuple(cbor2.loads(raw)[5]), raw, key)
        entries, statements, absent = cbor2.loads(held)
    except Exception as error:  # the decoder's own errors, on rows somebody with the key wrote
        raise VaultError("vault.damaged", item="revision") from error
    return Arrival(seq, origin, bool(checked)), Revision(skeleton, signed[:_SIGNATURE], entries, statements, absent)


def signs(revision: Revision, *, instead_of: bytes) -> bool:
    """Return whether a revision here already came again with another signature, one that is its author's.

    Inside a run a signature is not looked at, so one who passes a run on may have spoilt it; with it nobody could be
    given that revision. Whoever brings the true one mends that.
    """
    skeleton = revision.skeleton
    return revision.signature != instead_of and verify_revision(skeleton.author, skeleton.raw, revision.signature)


def _disclosed(revision: Revision) -> bytes:
    return cbor2.dumps([dict(revision.entries), dict(revision.statements), dict(revision.absent)])


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


def in_chunks(
    ask: Callable[[str, Sequence[Any]], list[tuple[Any, ...]]], question: str, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """Return all rows of ``question`` (it ends in ``IN``) for any number of values; ``ask`` is ``Database.rows``."""
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(values), IN_ONE_QUESTION):
        part = values[start : start + IN_ONE_QUESTION]
        found.extend(ask(f"{question} ({_marks(part)})", part))
    return found
