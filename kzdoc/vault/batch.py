"""Doing much at once: cutting a stream into batches, and keeping the garbage collector out of one."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
