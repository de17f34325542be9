"""Takes mutants in, one after the other, in one process of its own: `python -m tests.kzdoc.bundle.mutant_worker …`.

The code of both reading processes runs in this one, which is quick; test_mutants.py sees for some mutants that the
processes end the same way. Each mutant is looked into (which takes it in, in a real vault, and rolls that back). Of
three, one is taken in as well: it is refused again, or looked at as a desk would and rolled back. Ends at the first
that does anything else than be taken in or be refused by a code of bundle.md, and tells which.
"""

from __future__ import annotations

import collections
import contextlib
import gc
import io
import json
import re
import resource
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from kzdoc import browsing, listing
from kzdoc.bundle import opener, parser, reader
from kzdoc.bundle.frames import FRAME
from kzdoc.errors import KzdocError
from kzdoc.exchange import incoming, trust
from kzdoc.session import Session
from tests.kzdoc.bundle.fixture_desk import happen, make_desk, tables
from tests.kzdoc.bundle.mutants import mutant

PAGE = Path(__file__).parents[3] / "docs" / "formats" / "bundle.md"
CPU_SECONDS = 10
MEMORY = 2 << 30
LOOK_EVERY = 50
BOTH_EVERY = 3


class Hangs(Exception):  # noqa: N818 - what a mutant did
    """A mutant took longer than any may."""


class Undone(Exception):  # noqa: N818 - rolls back
    """Ends what must not last."""


def codes() -> frozenset[str]:
    """Return the codes that bundle.md documents."""
    table = PAGE.read_text(encoding="utf-8")
    found = set(re.findall(r"`(bundle\.[a-z0-9-]+)`", table))
    for row in re.findall(r"\| `bundle\.limits-…` \| ([a-z, ]+)", table):
        found |= {f"bundle.limits-{word.strip()}" for word in row.split(",") if word.strip()}
    return frozenset(found)


class _Child:
    """Stands where a process would; its end is what was raised in it."""

    def __init__(self) -> None:
        self.error: KzdocError | None = None

    def finish(self) -> None:
        if self.error is not None:
            raise self.error

    def kill(self) -> None:
        pass


class OpeningHere(reader._Opening):
    """A volume of which both processes are in this one."""

    def __init__(self, path: Path, given: reader.Reader, *, go_on: bool) -> None:
        del go_on
        self.path, self.closed, self._place = path, False, 0
        self._go = threading.Event()
        self._opener, self._parser = _Child(), _Child()  # type: ignore[assignment]
        data = path.read_bytes()
        message = opener.request(
            seed=given.identity_seed,
            senders=[card.author for card in given.senders.values()],
            offices=given.offices,
            practice=given.practice,
            size=len(data),
        )
        answers, out = io.BytesIO(), io.BytesIO()
        opener.in_sandbox([], io.BytesIO(message + data + opener.GO + b"\3"), out, answers)
        self._verdict = opener.read_answer(answers.getvalue()[4:])
        self._stream = out.getvalue()[1:]

    def _frames(self, child: Any, progress: Any) -> Iterator[tuple[int, bytes]]:
        del progress
        out = io.BytesIO()
        try:
            parser.in_sandbox([], io.BytesIO(bytes((self._place,)) + self._stream), out)
        except KzdocError as error:
            child.error = error
        finally:
            gc.enable()
        data, at = out.getvalue(), 0
        while at < len(data):
            size = int.from_bytes(data[at + 1 : at + FRAME], "big")
            yield data[at], data[at + FRAME : at + FRAME + size]
            at += FRAME + size

    def close(self) -> None:
        """Do nothing: nothing is open."""
        self.closed = True


def look(session: Session) -> None:
    """Look at everything as a desk would."""
    listed = listing.list_records(session, listing.Wanted(lang="kk"))
    for row in listed.rows:
        told = browsing.sheet(session, row.id)
        assert told.kind == row.kind


def outcome(session: Session, file: Path, allowed: frozenset[str], *, both: bool = True) -> str:
    """Return how a mutant ends: a code, or ``taken``; without ``both`` it is only looked into."""
    try:
        incoming.inspect(session, [file])
    except KzdocError as error:
        if error.code not in allowed:
            raise
        if not both:
            return error.code
        try:
            incoming.take(session, [file])
        except KzdocError as again:
            assert again.code == error.code, (again.code, error.code)  # noqa: PT017 - this is no test
            return error.code
        raise AssertionError("taken in, though it could not be looked into") from error
    if not both:
        return "taken"
    try:
        with session.vault.transaction():
            incoming.take(session, [file])
            look(session)
            _undo()
    except Undone:
        return "taken"
    except KzdocError as error:
        if error.code not in allowed:
            raise
        return error.code


def _undo() -> NoReturn:
    raise Undone


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _hangs(*_: object) -> None:
    raise Hangs


def work(session: Session, folder: Path, first: int, count: int) -> dict[str, Any]:
    """Take in mutants from a number on and return what became of them."""
    allowed, ended = codes(), collections.Counter[str]()
    file, before, slowest = folder / "mutant.bin", tables(session), (0.0, -1)
    for number in range(first, first + count):
        way, data = mutant(number)
        file.write_bytes(data)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        began = time.process_time()
        try:
            code = outcome(session, file, allowed, both=number % BOTH_EVERY == 0)
        except BaseException as error:
            _say({"number": number, "way": way, "error": f"{type(error).__name__}: {error}"})
            raise
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        slowest = max(slowest, (time.process_time() - began, number))
        ended[f"{way}: {code}"] += 1
        if (number - first) % LOOK_EVERY == 0 or number == first + count - 1:
            assert tables(session) == before, number
    with contextlib.suppress(KzdocError):
        session.blobs.sweep()
    return {"first": first, "count": count, "ended": ended, "slowest": slowest}


def main() -> None:
    """Work as the arguments say: a folder, the first number, how many."""
    folder, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, _hangs)
    reader._Opening = OpeningHere  # type: ignore[misc]
    session = make_desk(folder / "made").copy(folder / "vault")
    happen(session, "take F00-first")
    known = trust.reader_of(session)  # reading four cards takes longer than most mutants
    incoming.reader_of = lambda _: known
    began = time.process_time()
    told = work(session, folder, first, count)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    session.close()
    _say({**told, "seconds": time.process_time() - began, "peak": peak})


if __name__ == "__main__":
    main()
