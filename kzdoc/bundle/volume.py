"""Verifying one volume: plaintext in, verdict or refusal out; pure, without files, keys or processes.

Rules (docs/formats/bundle.md, "Reading"): ``VolumeCheck`` goes over the plaintext once; everything a reader must
believe is checked, the signature before any item is looked at. The items it was told to keep may be passed on when
there is a verdict. A volume too large for that is gone over a second time by ``VolumeRelease``, which passes on each
item only if it is, byte for byte, one that the first pass has checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kzdoc.bundle import frames
from kzdoc.bundle.frames import BUNDLE, FRAME, FrameScanner, frame_head, padme
from kzdoc.bundle.header import CONTEXT, Header, VolumeRow, read_header
from kzdoc.bundle.merkle import Tree, leaf
from kzdoc.crypto.identity import HybridPublic
from kzdoc.errors import BundleError

_BATCH = 1 << 18
_PROLOGUE = (frames.HEADER, frames.SIGNATURE, frames.VOLUME)


@dataclass(frozen=True, slots=True)
class Expected:
    """What the reader knows beforehand: his recipient key, the senders he has cards of, where he belongs."""

    recipient: bytes
    senders: Mapping[bytes, HybridPublic]
    offices: frozenset[bytes]
    practice: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A volume that is whole, signed by a known sender and meant for this reader."""

    header: Header
    number: int
    sequence: int
    previous: bytes
    leaves: bytes


class VolumeCheck:
    """The first pass: give it the plaintext with ``write``, then ask ``finish`` for the verdict.

    ``kept`` are the item frames, once there is a verdict; None unless they were to be kept.
    """

    def __init__(self, expected: Expected, *, keep: bool = False) -> None:
        self.expected = expected
        self.kept = bytearray() if keep else None
        self._scanner = FrameScanner(self._take)
        self._prologue: list[bytes] = []
        self._tree = Tree()
        self._leaves = bytearray()
        self._statements = 0
        self._pieces_began = False
        self.header: Header | None = None
        self.number = 0
        self._place = (0, b"")

    def write(self, data: bytes) -> int:
        """Take the next bytes of plaintext; raises ``BundleError`` with one of the codes of bundle.md."""
        if self._scanner.total == 0 and (data[:1] != b"H" or int.from_bytes(data[1:FRAME], "big") > BUNDLE.header):
            raise BundleError("bundle.not-a-bundle")
        self._scanner.feed(data)
        return len(data)

    def finish(self) -> Verdict:
        """Return the verdict; raises ``BundleError`` when anything is missing or differs from what was signed."""
        if self.header is None:
            raise BundleError("bundle.not-a-bundle")
        self._scanner.finish()
        row = self._row()
        if (self._tree.count, self._items_length(), self._tree.root()) != row:
            raise BundleError("bundle.contents")
        sequence, previous = self._place
        return Verdict(self.header, self.number, sequence, previous, bytes(self._leaves))

    def plaintext_length(self) -> int | None:
        """Return how long the signed header says the plaintext is; None while there is no header."""
        if self.header is None:
            return None
        return padme(self._prologue_length() + self._row().length)

    def _row(self) -> VolumeRow:
        if self.header is None:
            raise BundleError("bundle.not-a-bundle")
        return self.header.volumes[self.number]

    def _prologue_length(self) -> int:
        return sum(FRAME + len(payload) for payload in self._prologue)

    def _items_length(self) -> int:
        return self._scanner.content - self._prologue_length()

    def _take(self, kind: int, payload: memoryview) -> None:
        if len(self._prologue) < len(_PROLOGUE):
            self._take_prologue(kind, payload)
            return
        if kind in _PROLOGUE or self._tree.count >= self._row().items:
            raise BundleError("bundle.contents")
        if kind in frames.STATEMENTS:
            self._statements += len(payload)
            if self._pieces_began:
                raise BundleError("bundle.malformed")
            if self._statements > BUNDLE.statements_per_volume:
                raise BundleError("bundle.limits-statements", limit=BUNDLE.statements_per_volume)
        elif kind == frames.PIECE:
            self._pieces_began = True
        elif kind < frames.MAY_PASS_OVER or kind == frames.NEVER_AN_ITEM:
            raise BundleError("bundle.newer-version")
        digest = leaf(kind, payload)
        self._tree.add(digest)
        self._leaves += digest
        if self.kept is not None:
            self.kept += frame_head(kind, len(payload))
            self.kept += payload

    def _take_prologue(self, kind: int, payload: memoryview) -> None:
        if kind != _PROLOGUE[len(self._prologue)]:
            raise BundleError("bundle.malformed" if self._prologue else "bundle.not-a-bundle")
        limit = {frames.HEADER: BUNDLE.header, frames.SIGNATURE: frames.SIGNATURE_SIZE, frames.VOLUME: 4}[kind]
        if len(payload) > limit:
            raise BundleError("bundle.limits-header", limit=BUNDLE.header)
        self._prologue.append(bytes(payload))
        if kind == frames.VOLUME:
            self._judge(*self._prologue)

    def _judge(self, raw: bytes, signature: bytes, number: bytes) -> None:
        """Check everything that stands before the items."""
        header = read_header(raw)
        sender = self.expected.senders.get(header.sender)
        if sender is None:
            raise BundleError("bundle.unknown-sender")
        if len(signature) != frames.SIGNATURE_SIZE or not sender.verify(CONTEXT, header.root, signature):
            raise BundleError("bundle.signature")
        place = header.reader(self.expected.recipient)
        if place is None:
            raise BundleError("bundle.forwarded")
        if header.practice != self.expected.practice:
            raise BundleError("bundle.practice")
        if header.office and header.office not in self.expected.offices:
            raise BundleError("bundle.other-office")
        volume = int.from_bytes(number, "big")
        if len(number) != 4 or volume >= len(header.volumes) or not 0 < place[0] < 2**63:  # noqa: PLR2004 - a u32
            raise BundleError("bundle.malformed")
        self.header, self.number, self._place = header, volume, place


class VolumeRelease:
    """The second pass: plaintext in by ``write``, checked item frames out by ``release``, then ``finish``."""

    def __init__(self, leaves: bytes, release: Callable[[bytes], object]) -> None:
        self._leaves = leaves
        self._release = release
        self._scanner = FrameScanner(self._take)
        self._frames = 0
        self._batch = bytearray()

    def write(self, data: bytes) -> int:
        """Take the next bytes; raises ``BundleError("bundle.contents")`` when they are not those of the first pass."""
        self._scanner.feed(data)
        return len(data)

    def finish(self) -> None:
        """Pass on what is left; raises ``BundleError("bundle.contents")`` when items are missing."""
        if 32 * (self._frames - len(_PROLOGUE)) != len(self._leaves):
            raise BundleError("bundle.contents")
        self._release(bytes(self._batch))
        self._batch.clear()

    def _take(self, kind: int, payload: memoryview) -> None:
        place = 32 * (self._frames - len(_PROLOGUE))
        self._frames += 1
        if place < 0:
            return
        if leaf(kind, payload) != self._leaves[place : place + 32]:
            raise BundleError("bundle.contents")
        self._batch += frame_head(kind, len(payload))
        self._batch += payload
        if len(self._batch) >= _BATCH:
            self._release(bytes(self._batch))
            self._batch.clear()
