"""Whether this machine sleeps, slept or is about to: what a program that holds keys must know.

Two signs: a window message where the system sends one before it sleeps, and everywhere the clock that goes on while the
machine sleeps running ahead of the one that does not, which is seen only after it woke.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    from kzdoc.platform import windows as system
else:
    from kzdoc.platform import posix as system


def asks_for_messages() -> bool:
    """Tell whether this system tells of sleep by window messages, so that somebody should look at them."""
    return system.TELLS_BY_MESSAGE


def goes_to_sleep(message: int) -> bool:
    """Tell whether the native window message at that address says that the machine goes to sleep."""
    return system.tells_of_sleep(message)


def seconds_asleep() -> float:
    """Return how long this machine has slept since it started; 0.0 when nothing tells."""
    try:
        return system.seconds_asleep()
    except OSError:
        return 0.0
