"""How long work tells how far it is, and how it is stopped.

The worker calls ``progress(step, done, total)``; ``step`` is a code the presenters have a sentence for, ``total``
is 0 while unknown. The callable may raise ``Cancelled`` to stop the work, which must then leave nothing half done.
"""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called between pieces of work."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note that ``done`` of ``total`` pieces of ``step`` are finished."""


def silent(step: str, done: int, total: int) -> None:
    """Take no note of progress and never cancel."""
