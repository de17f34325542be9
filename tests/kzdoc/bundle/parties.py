"""The other parties, simulated: an honest sender and one who can break any layer of a bundle and sign it afterwards.

``Draft`` holds every layer of a one-volume bundle as data; a test changes one and seals it. ``read_here`` runs the code
of both reading processes in this one, which is quick; ``test_reader.py`` shows that the processes do the same.
"""

from __future__ import annotations

import gc
import hashlib
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import cbor2
import msgspec

from kzdoc.bundle import frames, opener, parser
from kzdoc.bundle.cards import Card, make_card
from kzdoc.bundle.frames import FRAME, frame_head, padme
from kzdoc.bundle.header import CONTEXT, Counts, VolumeRow, bundle_root, reader_rows
from kzdoc.bundle.items import Erasures, Introduction, Taken, TakenRevision, encode_item, piece_head, read_piece
from kzdoc.bundle.merkle import Tree, leaf
from kzdoc.bundle.reader import Reader
from kzdoc.bundle.vouching import Vouching
from kzdoc.crypto.age import HybridIdentity, seal_bytes
from kzdoc.crypto.identity import HybridSigner, author_of, sign_revision
from kzdoc.encoding import encode
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision, write_revision
from kzdoc.moment import Moment

DAY = "2020-02-29"
OFFICE = b"office-almaty"


def chance(label: str) -> Callable[[int], bytes]:
    """Return bytes that look random and are the same in every run."""
    state = {"n": 0}

    def give(size: int) -> bytes:
        state["n"] += 1
        return hashlib.shake_256(f"{label} {state['n']}".encode()).digest(size)

    return give


@dataclass
class Party:
    """Somebody with keys."""

    name: str
    signer: HybridSigner = field(init=False)
    publisher: HybridSigner = field(init=False)
    identity: HybridIdentity = field(init=False)
    card: Card = field(init=False)

    def __post_init__(self) -> None:
        give = chance(self.name)
        self.signer, self.publisher = HybridSigner.generate(give), HybridSigner.generate(give)
        self.identity = HybridIdentity.generate(give)
        self.card = make_card(
            name=self.name,
            author=self.signer,
            recipient=self.identity.recipient,
            publisher=self.publisher,
            office=b"",
            practice=False,
        )


ANNA, BERIK, STRANGER = Party("Үлгіқызы Әсем"), Party("Мысалов Ғалым"), Party("Бөтен Адам")
READER = Reader(BERIK.identity.seed, {ANNA.card.author.ed25519: ANNA.card}, (OFFICE,), practice=False)


def revisions(count: int, *, party: Party = ANNA, label: str = "chain", words: int = 40) -> list[Revision]:
    """Return one chain of ``count`` revisions: a record each, eight fields, a narrative of ``words`` words."""
    give, seed = chance(f"{party.name} {label}"), party.signer.seed[:32]
    chain, previous, made = give(16), b"", []
    for sequence in range(count):
        said = [NewStatement(f"field_{n}", f"мән {n}") for n in range(6)]
        said += [NewStatement("count", sequence), NewStatement("narrative", " ".join(["сөз"] * words))]
        one = write_revision(
            [NewEntry(give(16), "person", tuple(said))],
            sign=lambda raw: sign_revision(seed, raw),
            author=author_of(seed),
            chain=chain,
            sequence=sequence,
            previous=previous,
            moment=Moment(1_580_000_000 + sequence, 360),
            randomness=give,
        )
        previous = one.id
        made.append(one)
    return made


Frame = tuple[int, bytes]


def frames_of(items: Iterable[Revision | Introduction | Erasures]) -> list[Frame]:
    return [encode_item(item) for item in items]


def pieces_of(data: bytes, cut: int) -> list[Frame]:
    digest = hashlib.sha256(data).digest()
    starts = range(0, max(len(data), 1), cut)
    return [(frames.PIECE, piece_head(digest, len(data), at) + data[at : at + cut]) for at in starts]


def tree_root(items: Sequence[Frame]) -> bytes:
    tree = Tree()
    for kind, payload in items:
        tree.add(leaf(kind, payload))
    return tree.root()


@dataclass
class Draft:
    """One volume in layers: ``items`` are what is signed, ``sent`` what is in it (the same unless said)."""

    items: list[Frame]
    sent: list[Frame] | None = None
    header: dict[str, Any] = field(default_factory=dict)
    raw_header: bytes | None = None
    signer: HybridSigner = ANNA.signer
    context: str = CONTEXT
    signature: Callable[[bytes], bytes] = lambda good: good
    number: bytes = bytes(4)
    readers: Sequence[Party] = (BERIK,)
    listed: Sequence[Party] | None = None
    padding: Callable[[bytes], bytes] = lambda good: good
    label: str = "draft"

    def header_map(self) -> dict[str, Any]:
        give = chance(self.label)
        bundle, salt = give(16), give(32)
        listed = self.readers if self.listed is None else self.listed
        rows = reader_rows([(one.identity.recipient.raw, 1, bytes(32)) for one in listed], salt=salt, randomness=give)
        length = sum(FRAME + len(payload) for _, payload in self.items)
        counts = Counts(*(sum(kind == one for kind, _ in self.items) for one in frames.ITEM_TYPES))
        return {
            "format": "kzdoc-bundle-1",
            "min_reader": 1,
            "bundle": bundle,
            "salt": salt,
            "sender": self.signer.public.ed25519,
            "readers": rows,
            "office": b"",
            "practice": False,
            "day": DAY,
            "counts": list(counts),
            "volumes": [list(VolumeRow(len(self.items), length, tree_root(self.items)))],
            **self.header,
        }

    def plaintext(self) -> bytes:
        header = encode(self.header_map()) if self.raw_header is None else self.raw_header
        signature = self.signature(self.signer.sign(self.context, bundle_root(header)))
        parts: list[Frame] = [(frames.HEADER, header)]
        parts += [(frames.SIGNATURE, signature)] if signature else []
        parts += [(frames.VOLUME, self.number), *(self.items if self.sent is None else self.sent)]
        content = b"".join(frame_head(kind, len(payload)) + payload for kind, payload in parts)
        return content + self.padding(bytes(padme(len(content)) - len(content)))

    def sealed(self) -> bytes:
        return sealed(self.plaintext(), self.readers)


def sealed(plaintext: bytes, readers: Sequence[Party] = (BERIK,)) -> bytes:
    return seal_bytes(plaintext, recipients=[one.identity.recipient for one in readers], randomness=chance("age"))


def loose(value: Any) -> bytes:
    """Return CBOR that need not be deterministic."""
    return cbor2.dumps(value)


def read_here(data: bytes, reader: Reader = READER, *, again: bytes = b"") -> list[Any]:
    """Return what a one-volume bundle gives, through opener, parser and vouching; raises what they raise."""
    message = opener.request(
        seed=reader.identity_seed,
        senders=[card.author for card in reader.senders.values()],
        offices=reader.offices,
        practice=reader.practice,
        size=len(data),
    )
    frames_out, answers = io.BytesIO(), io.BytesIO()
    place = bytes((parser.FIRST | parser.LAST,))
    opener.in_sandbox([], io.BytesIO(message + data + opener.GO + place + again), frames_out, answers)
    items = parse_here(frames_out.getvalue())
    vouching = Vouching()
    for item in items:
        if isinstance(item, TakenRevision):
            vouching.see(item)
    vouching.finish()
    return items


def parse_here(stream: bytes) -> list[Any]:
    """Return what the parser makes of the byte for it and item frames; raises what it raises."""
    parsed = io.BytesIO()
    try:
        parser.in_sandbox([], io.BytesIO(stream), parsed)
    finally:
        gc.enable()  # the parser turns it off for its short life
    return read_frames(parsed.getvalue())


def read_frames(data: bytes) -> list[Any]:
    items: list[Any] = []
    at = 0
    while at < len(data):
        kind, size = data[at], int.from_bytes(data[at + 1 : at + FRAME], "big")
        payload = data[at + FRAME : at + FRAME + size]
        at += FRAME + size
        if kind == parser.BATCH:
            items += msgspec.msgpack.decode(payload, type=list[Taken])
        elif kind == parser.PIECE:
            items.append(read_piece(payload))
    return items
