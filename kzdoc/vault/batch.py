"""Doing much at once: cutting a stream into batches, what one has in hand, and no garbage collector inside it."""

from __future__ import annotations

import contextlib
import gc
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kzdoc.ledger.merge import Held

_T = TypeVar("_T")


def in_batches(stream: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield lists of up to ``size`` of what the stream gives; none when it gives nothing."""
    batch: list[_T] = []
    for one in stream:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


@contextlib.contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the garbage collector out of the block: in a batch it would walk the same living objects again and again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@dataclass(slots=True)
class Touched:
    """What one act has in hand until it writes the projections."""

    born: dict[bytes, list[Held]] = field(default_factory=dict)
    kinds: dict[bytes, str] = field(default_factory=dict)
    asides: bool = False

    def take(self, held: Iterable[Held]) -> list[Held]:
        """Note entries by record; return those that are about records and not the ledger's own."""
        about = []
        for one in held:
            kind = one.entry.kind
            if kind[0] == "_":
                self.asides = self.asides or kind == "_aside"
                continue
            about.append(one)
            record = one.entry.record
            self.kinds[record] = kind
            several = self.born.get(record)
            if several is None:
                self.born[record] = [one]
            else:
                several.append(one)
        return about
