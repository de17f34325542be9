"""Writing rows on a thread of its own while the next ones are made ready.

The library lets other threads run while it works on a statement, and only then; so rows go many to a statement. Rules:
one statement at a time uses the connection, whoever asks (``finish`` first); an error of a row that was put off comes
out of the next call, before anything else happens, and the transaction it was part of is rolled back.
"""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_PATIENCE = 0.001
"""Seconds the writer waits for its turn between two statements; Python's own five times as much cost a sixth more."""

_AT_ONCE = (1000, 125, 15, 1)
"""Rows to a statement: few sizes, so that each is prepared once."""


class Behind:
    """A thread that writes; use it until ``close``, which waits for what is under way and forgets its errors."""

    def __init__(self) -> None:
        self._patience = sys.getswitchinterval()
        sys.setswitchinterval(min(self._patience, _PATIENCE))
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="kzdoc-write")
        self._under_way: list[Future[None]] = []

    def put(self, write: Callable[[], None]) -> None:
        """Have something written soon, after what was put before."""
        self._under_way.append(self._writer.submit(write))

    def finish(self) -> None:
        """Wait until all is written; raises what the first that failed raised."""
        under_way, self._under_way = self._under_way, []
        for one in under_way:
            one.result()

    def close(self) -> None:
        """Wait for the end of what is under way, whatever comes of it."""
        self._writer.shutdown(cancel_futures=True)
        sys.setswitchinterval(self._patience)
        self._under_way = []


def insertions(into: str, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield statements with their parameters that insert all the rows; ``into`` is what stands before VALUES."""
    marks = f"({','.join('?' * len(rows[0]))})" if rows else ""
    start = 0
    for size in _AT_ONCE:
        statement = f"{into} VALUES {','.join([marks] * size)}"
        while len(rows) - start >= size:
            yield statement, [value for row in rows[start : start + size] for value in row]
            start += size
