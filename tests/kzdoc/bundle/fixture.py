"""What a fixture of tests/vectors/bundles is, and the hands that make hostile bundles for it.

A fixture is a file and a description beside it (JSON): ``reads`` is how the two reading processes must end (``good`` or
a code), ``takes`` how taking it in must end (``taken``, ``already`` or a code), ``before`` what happened in the vault
until then, ``after`` what must be seen in it. The reader is Мысалов Ғалым of parties.py; he verified Үлгіқызы Әсем and
Сынақов Ерлан, and has an unverified card of Күмәнді Адам.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from kzdoc.bundle.header import bundle_root, reader_rows
from kzdoc.bundle.reader import Reader
from kzdoc.crypto.identity import author_of, sign_revision
from kzdoc.encoding import encode
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision, write_revision
from kzdoc.moment import Moment
from tests.kzdoc.bundle.parties import ANNA, BERIK, Draft, Frame, Party, chance, frames_of

LOST, DOUBTED = Party("Сынақов Ерлан"), Party("Күмәнді Адам")
VAULT_READER = Reader(
    BERIK.identity.seed, {one.card.author.ed25519: one.card for one in (ANNA, LOST, DOUBTED)}, (), practice=False
)
CANARY = "Жасырынқызы Есім"
"""A name that stands in every refused fixture and must be found nowhere afterwards."""


@dataclass(frozen=True)
class Fixture:
    """One fixture; ``make`` gives its bytes, which are committed unless it is ``made`` when it is needed."""

    id: str
    name: str
    about: str
    layer: str
    reads: str
    takes: str
    make: Callable[[], bytes]
    before: Sequence[str] = ()
    after: str = ""
    made: bool = False
    long: bool = False
    kind: str = "bundle"
    limits: dict[str, int] = field(default_factory=dict)

    @property
    def stem(self) -> str:
        """The name of its files, without endings."""
        return f"{self.id}-{self.name}"

    def told(self) -> dict[str, Any]:
        """Return what the file beside it says."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("make", "name")}


def event(
    party: Party,
    label: str,
    *entries: NewEntry,
    sequence: int = 0,
    previous: bytes = b"",
    chain: bytes = b"",
) -> Revision:
    """Return one revision by ``party``, the same in every run."""
    give, seed = chance(f"{party.name} {label}"), party.signer.seed[:32]
    return write_revision(
        entries,
        sign=lambda raw: sign_revision(seed, raw),
        author=author_of(seed),
        chain=chain or give(16),
        sequence=sequence,
        previous=previous,
        moment=Moment(1_700_000_000 + sequence, 300),
        randomness=give,
    )


def person(label: str, name: str = CANARY, **more: Any) -> NewEntry:
    """Return an entry that makes a person known."""
    said = [NewStatement("name_ru", name), *(NewStatement(name, value) for name, value in more.items())]
    return NewEntry(chance(f"person {label}")(16), "person", tuple(said))


def canary(label: str = "canary") -> list[Frame]:
    """Return the items of an ordinary small bundle."""
    return frames_of([event(ANNA, label, person(label))])


def ref(revision: Revision, name: str = "") -> tuple[bytes, int]:
    """Return the name of a statement of ``revision``: the one of field ``name``, or the first."""
    from kzdoc.ledger.revision import read_disclosure

    found = [index for index, raw in revision.statements.items() if name in ("", read_disclosure(raw).field)]
    return revision.id, found[0]


def numbered(
    label: str, items: list[Frame], sequence: int, previous: bytes, header: dict[str, Any] | None = None, **more: Any
) -> Draft:
    """Return a bundle with this number for the reader."""
    salt = chance(f"{label} salt")(32)
    rows = reader_rows(
        [(BERIK.identity.recipient.raw, sequence, previous)], salt=salt, randomness=chance(f"{label} rows")
    )
    return Draft(items, header={"salt": salt, "readers": rows, **(header or {})}, label=label, **more)


def root_of(draft: Draft) -> bytes:
    """Return the bundle root of a draft."""
    return bundle_root(encode(draft.header_map()) if draft.raw_header is None else draft.raw_header)


def flip(data: bytes, place: int) -> bytes:
    """Return ``data`` with one bit changed."""
    place %= len(data)
    return data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
