"""What every test stands on: Qt without a screen, no network, no thread left behind, time and chance from outside."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

import pytest

from kzdoc.moment import Moment
from tests.offices import Office, Template, make_template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INTERNET = frozenset([2, 10, 23, 30])  # AF_INET, and AF_INET6 on Linux, Windows and macOS
NETWORK_EVENTS = frozenset(
    ["socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"]
)
THREAD_PATIENCE = 5.0
START = Moment(seconds=1_772_442_000, offset=300)  # 2 March 2026, 14:00 in Astana

_reached: list[str] = []


def _watch(event: str, args: tuple[object, ...]) -> None:
    """Refuse and remember every step towards the network (an audit hook stays for the life of the process)."""
    towards = event == "socket.__new__" and int(args[1]) in INTERNET  # type: ignore[call-overload]
    away = event in NETWORK_EVENTS and not (len(args) > 1 and isinstance(args[1], str | bytes))  # not a path of AF_UNIX
    if towards or away:
        _reached.append(event)
        raise PermissionError("a test reached for the network")


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Fail the test in which anything reached for the network, also when it swallowed the refusal."""
    _reached.clear()
    yield
    reached, _reached[:] = list(_reached), []
    assert not reached, f"a test reached for the network: {reached}"


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fail the test that leaves a thread running."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + THREAD_PATIENCE
    while (left := [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]) and _before(end):
        time.sleep(0.01)
    assert not left, f"threads left behind: {[thread.name for thread in left]}"


def _before(end: float) -> bool:
    return time.monotonic() < end


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: Moment = START) -> None:
        self.now = now

    def __call__(self) -> Moment:
        return self.now

    def advance(self, seconds: int) -> Moment:
        """Move forward (or, negative, back) and return the new moment."""
        self.now = Moment(self.now.seconds + seconds, self.now.offset)
        return self.now


class CountedRandomness:
    """Bytes that look random and are the same in every run; another seed gives others."""

    def __init__(self, seed: str = "kzdoc") -> None:
        self._seed, self._count = seed.encode(), 0

    def __call__(self, size: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(self._seed + self._count.to_bytes(8, "big")).digest(size)


@pytest.fixture
def clock() -> HandClock:
    """Return a clock that the test moves."""
    return HandClock()


@pytest.fixture
def randomness() -> CountedRandomness:
    """Return chance that repeats itself from run to run."""
    return CountedRandomness()


# -- vaults -------------------------------------------------------------------------------------------------------
# A template vault is made once a session and copied per test; its fixtures stand below this line.
from tests.vaults import new_vault, template_vault, vault  # noqa: E402, F401 - fixtures for every test


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return three vaults made once, everybody verified by everybody."""
    return make_template(tmp_path_factory.mktemp("template"), HandClock(), CountedRandomness("template"))


@pytest.fixture
def office(template: Template, tmp_path: Path, clock: HandClock) -> Iterator[Office]:
    """Return this test's own copies of the three vaults."""
    made = Office(template, tmp_path / "office", clock, os.urandom)
    yield made
    made.close()
