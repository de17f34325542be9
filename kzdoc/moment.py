"""Time and chance as they come in from outside.

Nothing below the session reads a clock or asks for randomness by itself: a ``Clock`` and a ``Randomness`` are
passed down, so that a test or a deterministic paper can give its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import msgspec


class Moment(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """A claimed instant: whole seconds since 1970-01-01T00:00Z, and the writer's UTC offset in minutes."""

    seconds: int
    offset: int

    def iso(self) -> str:
        """Return the instant as ISO 8601 in the writer's own offset, to the second."""
        zone = dt.timezone(dt.timedelta(minutes=self.offset))
        return dt.datetime.fromtimestamp(self.seconds, zone).isoformat()

    def day(self) -> str:
        """Return the writer's calendar day, ``YYYY-MM-DD``."""
        return self.iso()[:10]


Clock = Callable[[], Moment]
"""Returns the present moment as this machine claims it."""

Randomness = Callable[[int], bytes]
"""Returns that many unpredictable bytes (``os.urandom`` outside tests)."""
