"""Reading a bundle: files in, checked items out; the main program's side of the two processes.

Rules (docs/formats/bundle.md, "Reading"): this process never decrypts and never decodes what a bundle contains. It
feeds each volume to an opener, which holds the identity while it lives, hears who signed what, and only then lets a
parser without keys hand the items on. Whoever takes items from ``Opened.items`` does so in one transaction and drops
all of it when an error comes: statements of a volume come only when all of them are good, but a later volume, or a
blob piece, can still fail. Nothing is written to disk.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self, TypeVar, cast

import msgspec

from kzdoc.bundle import parser
from kzdoc.bundle.ahead import PATIENCE, Ahead
from kzdoc.bundle.cards import Card
from kzdoc.bundle.frames import BUNDLE
from kzdoc.bundle.header import Counts, Header
from kzdoc.bundle.items import Taken, TakenItem, TakenRevision, read_piece
from kzdoc.bundle.opener import GO, KEPT, read_answer, request
from kzdoc.bundle.volume import Verdict
from kzdoc.bundle.vouching import Vouching
from kzdoc.errors import BundleError, KzdocError
from kzdoc.limits import LIMITS
from kzdoc.platform.files import open_given
from kzdoc.platform.sandbox import LimitedProcess, start_limited
from kzdoc.progress import Progress

_PIECE = 1 << 20
_OPENER, _PARSER = "kzdoc.bundle.opener", "kzdoc.bundle.parser"
_SAYS_LITTLE = frozenset(("sandbox.failed", "bundle.reader-failed"))
_BATCHES = msgspec.msgpack.Decoder(list[Taken])
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the age identity's seed, the senders by Ed25519 key, the own offices, practice or not."""

    identity_seed: bytes = field(repr=False)
    senders: Mapping[bytes, Card]
    offices: tuple[bytes, ...]
    practice: bool


def open_bundle(files: Sequence[Path], *, reader: Reader, progress: Progress) -> Opened:
    """Verify every volume and return what they are; use it in a ``with`` block.

    ``files`` are any volumes of one bundle in any order; the same volume twice counts once.

    Raises:
        BundleError: with a code of bundle.md; nothing of any volume was released.
        KzdocError: ``platform.…`` when a file cannot be read; ``work.cancelled``.
    """
    opened: Opened | None = None
    under_way: list[_Opening] = []
    try:
        for path, following in itertools.zip_longest(files, files[1:]):
            if not under_way:
                under_way.append(_Opening(path, reader, go_on=True))
            if following is not None:  # two at a time: one checks while the other starts
                under_way.append(_Opening(following, reader, go_on=False))
            under_way[0].hear(progress)
            opening = under_way.pop(0)
            if opened is None:
                opened = Opened(reader, opening)
            else:
                opened.add(opening)
                opening.close()
    except BaseException:
        for one in under_way:
            one.close()
        if opened is not None:
            opened.close()
        raise
    if opened is None:
        raise BundleError("bundle.not-a-bundle")
    return opened


class Opened:
    """A bundle whose present volumes are whole, signed by a known sender and meant for this reader."""

    def __init__(self, reader: Reader, opening: _Opening) -> None:
        self._reader = reader
        self._header: Header = opening.verdict.header
        self._volumes = {opening.verdict.number: opening}
        self.sequence = opening.verdict.sequence
        self.previous = opening.verdict.previous
        self.card = reader.senders[self._header.sender]
        self.checked: dict[bytes, bytes] = {}
        """Signatures that were checked, by revision id, of the volumes read so far."""

    @property
    def sender(self) -> bytes:
        """Return the sender's Ed25519 key."""
        return self._header.sender

    @property
    def bundle(self) -> bytes:
        """Return the bundle's id."""
        return self._header.bundle

    @property
    def root(self) -> bytes:
        """Return the bundle root: what a receipt names."""
        return self._header.root

    @property
    def day(self) -> str:
        """Return the day the sender claims to have made it."""
        return self._header.day

    @property
    def office(self) -> bytes:
        """Return the office it is for, empty for any."""
        return self._header.office

    @property
    def counts(self) -> Counts:
        """Return how many items all volumes together carry."""
        return self._header.counts

    @property
    def present(self) -> tuple[int, ...]:
        """Return the numbers of the volumes that are here, counting from 1."""
        return tuple(number + 1 for number in sorted(self._volumes))

    @property
    def missing(self) -> tuple[int, ...]:
        """Return the numbers of the volumes that are not here, counting from 1."""
        return tuple(number + 1 for number in range(len(self._header.volumes)) if number not in self._volumes)

    def add(self, opening: _Opening) -> None:
        """Take one more volume; raises ``BundleError("bundle.volumes-differ")`` when it is not of this bundle."""
        if opening.verdict.header.raw != self._header.raw:
            opening.close()
            raise BundleError("bundle.volumes-differ")
        self._volumes.setdefault(opening.verdict.number, opening)

    def items(self, progress: Progress) -> Iterator[TakenItem]:
        """Give the items of the volumes present, in the order of the volumes.

        Raises:
            BundleError: ``bundle.item``, ``bundle.digest``, ``bundle.revision-signature``, ``bundle.piece``,
                ``bundle.contents`` when a file is no longer what was verified, ``bundle.limits-…``,
                ``bundle.reader-failed``. Everything already given must be dropped then.
        """
        last = len(self._header.volumes) - 1
        present = sorted(self._volumes)
        for number, following in itertools.zip_longest(present, present[1:]):
            place = (parser.FIRST if number == 0 else 0) | (parser.LAST if number == last else 0)
            with contextlib.closing(self._opening(number)) as opening:
                verdict = opening.hear(progress)
                if (verdict.header.raw, verdict.number) != (self._header.raw, number):
                    raise BundleError("bundle.contents")
                if following is not None:  # it is checked anew while this one is read
                    self._opening(following)
                yield from opening.items(place, self._header.volumes[number].items, progress)
                self.checked |= opening.checked

    def _opening(self, number: int) -> _Opening:
        """Return the opening of a volume, a new one if it is closed."""
        before = self._volumes[number]
        if before.closed:
            self._volumes[number] = _Opening(before.path, self._reader, go_on=True)
        return self._volumes[number]

    def close(self) -> None:
        """End every process that still holds the identity."""
        for opening in self._volumes.values():
            opening.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Opening:
    """One volume and the two processes at work on it, from the verdict to the last item.

    Both are started at once when it is known that items will be asked for: starting takes a tenth of a second.
    """

    checked: Mapping[bytes, bytes] = {}

    def __init__(self, path: Path, reader: Reader, *, go_on: bool) -> None:
        self.path = path
        self._verdict: Verdict | None = None
        self._go = threading.Event()
        with open_given(path) as file:
            self._size = os.fstat(file.fileno()).st_size
        if self._size > LIMITS.bundle_volume:
            raise BundleError("bundle.limits-size", limit=LIMITS.bundle_volume)
        message = request(
            seed=reader.identity_seed,
            senders=[card.author for card in reader.senders.values()],
            offices=reader.offices,
            practice=reader.practice,
            size=self._size,
        )
        self._file: BinaryIO = open_given(path)  # closed by ``close``
        self._children: list[LimitedProcess] = []
        self._threads: list[threading.Thread] = []
        self._ahead: Ahead | None = None
        self.closed = False
        self._fed = 0
        self._place = 0
        try:
            self._opener = self._start(_OPENER)
            self._parser = self._start(_PARSER, self._opener) if go_on else None
            self._run(self._feed, message)
        except BaseException:
            self.close()
            raise

    def hear(self, progress: Progress) -> Verdict:
        """Return the opener's verdict, waiting for it, or raise its refusal."""
        if self._verdict is None:
            answer = self._patiently(lambda: self._opener.read_answer(2 * BUNDLE.header), "bundle.open", progress)
            if answer is None:
                raise _refusal(self._opener)
            self._verdict = read_answer(answer)
        return self._verdict

    @property
    def verdict(self) -> Verdict:
        """Return the verdict that was heard."""
        if self._verdict is None:
            raise BundleError("bundle.reader-failed")
        return self._verdict

    def items(self, place: int, count: int, progress: Progress) -> Iterator[TakenItem]:
        """Let the opener go on and give what the parser makes of it; ``place`` is of the volume in the bundle."""
        child = cast("LimitedProcess", self._parser)
        self._place = place
        self._go.set()
        vouching = Vouching()
        given = 0
        for kind, payload in self._frames(child, progress):
            if kind == parser.BATCH:
                batch = _read_batch(payload)
                given += len(batch)
                for item in batch:
                    if isinstance(item, TakenRevision):
                        vouching.see(item)
                    yield item
            elif kind == parser.PIECE:
                given += 1
                yield read_piece(payload)
            elif kind == parser.DONE and int.from_bytes(payload, "big") == count >= given:
                child.finish()
                self._opener.finish()
                self.checked = vouching.finish(progress)
                return
            else:
                break
        raise _refusal(child, self._opener)

    def close(self) -> None:
        """End both processes and let go of the file; does nothing the second time."""
        if self.closed:
            return
        self.closed = True
        for child in self._children:
            child.kill()
        if self._ahead is not None:
            self._ahead.stop()
        self._go.set()
        for thread in self._threads:
            thread.join()
        self._file.close()

    def _start(self, module: str, feeder: LimitedProcess | None = None) -> LimitedProcess:
        """Start a child; one with a feeder reads what that writes, and nobody else does."""
        source = None if feeder is None else feeder.stdout
        try:
            child = start_limited(
                module, memory=LIMITS.opener_memory, cpu_seconds=LIMITS.opener_cpu_seconds, stdin=source
            )
        except KzdocError as error:
            raise BundleError("bundle.reader-failed") from error
        self._children.append(child)
        if source is not None:
            source.close()
        return child

    def _run(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, name="kzdoc-bundle", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _feed(self, message: bytes) -> None:
        """Give the opener its message and the volume, and once it may go on the volume again."""
        target = cast("BinaryIO", self._opener.stdin)
        with contextlib.suppress(OSError, ValueError):  # it ended or was ended; its status says why
            target.write(message)
            self._feed_file(target)
            self._go.wait()
            if not self.closed:
                target.write(GO + bytes((self._place,)))
                if self._size > KEPT:
                    self._feed_file(target)
            target.close()

    def _feed_file(self, target: BinaryIO) -> None:
        self._file.seek(0)
        self._fed, left = 0, self._size
        while left and (piece := self._file.read(min(_PIECE, left))):
            target.write(piece)
            left -= len(piece)
            self._fed += len(piece)
        target.flush()

    def _frames(self, child: LimitedProcess, progress: Progress) -> Iterator[tuple[int, bytes]]:
        """Give the parser's frames until it ends; what it wrote meanwhile is read while one is at work."""
        ahead = self._ahead = Ahead(cast("BinaryIO", child.stdout))
        self._run(ahead.run)
        while (frame := ahead.take(lambda: progress("bundle.read", self._fed, self._size))) is not None:
            yield frame

    def _patiently(self, work: Callable[[], _T], step: str, progress: Progress) -> _T:
        """Return what ``work`` reads from a child, telling progress meanwhile; raising there ends the waiting."""
        results: queue.SimpleQueue[_T | None] = queue.SimpleQueue()

        def run() -> None:
            result = None
            with contextlib.suppress(OSError, ValueError):
                result = work()
            results.put(result)

        threading.Thread(target=run, name="kzdoc-bundle-read", daemon=True).start()
        while True:
            progress(step, self._fed, self._size)
            with contextlib.suppress(queue.Empty):
                return cast("_T", results.get(timeout=PATIENCE))


def _refusal(*children: LimitedProcess) -> KzdocError:
    """Return why the children ended, the most telling reason of all."""
    found: list[KzdocError] = []
    for child in children:
        try:
            child.finish()
        except KzdocError as error:
            found.append(error)
    for one in found:
        if one.code == "sandbox.limit":
            return BundleError("bundle.limits-time", seconds=LIMITS.opener_cpu_seconds)
        if one.code not in _SAYS_LITTLE:
            return one
    return BundleError("bundle.reader-failed")


def _read_batch(payload: bytes) -> list[Taken]:
    try:
        return _BATCHES.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BundleError("bundle.reader-failed") from error
