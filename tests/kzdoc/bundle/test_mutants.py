"""Mutants of good bundles: none crashes or hangs the program or changes the vault; each ends by a documented code.

The worker is a process of its own, so that a crash of it is seen as one. What a mutant takes is its processor time.
"""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kzdoc.bundle import parser
from kzdoc.errors import KzdocError
from tests.kzdoc.bundle import mutant_worker
from tests.kzdoc.bundle.fixture_desk import happen, make_desk, receive, tables
from tests.kzdoc.bundle.mutants import mutant

ROOT = Path(__file__).parents[3]
MOST_CPU = 5.0
WAYS = {"sealed", "plain", "header", "item", "order", "words"}
MANY, AT_ONCE = 100_000, 5_000
PATIENCE = 3_600


def run(folder: Path, first: int, count: int, patience: int = PATIENCE) -> dict[str, Any]:
    """Let a worker take in mutants and return what it tells; fails when it crashes, hangs or finds one."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.kzdoc.bundle.mutant_worker", str(folder), str(first), str(count)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patience, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2_000:]
    told: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return told


def judged(told: dict[str, Any]) -> None:
    """See that nothing took long, and that mutants of every sort got as far as they should."""
    assert sum(told["ended"].values()) == told["count"]
    assert told["slowest"][0] < MOST_CPU
    assert {one.partition(":")[0] for one in told["ended"]} == WAYS
    ends = {one.partition(": ")[2] for one in told["ended"]}
    assert ends >= {"taken", "bundle.damaged", "bundle.signature", "bundle.malformed", "bundle.item"}
    assert told["count"] < AT_ONCE or ends >= {"bundle.digest", "bundle.revision-signature", "bundle.contents"}


def test_mutants(tmp_path: Path) -> None:
    judged(run(tmp_path / "work", 0, 300, patience=300))


@pytest.mark.long
def test_very_many_mutants(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended, seconds, slowest, peak = collections.Counter[str](), 0.0, (0.0, -1), 0
    for first in range(1_000, 1_000 + MANY, AT_ONCE):
        told = run(tmp_path / str(first), first, AT_ONCE)
        judged(told)
        ended.update(told["ended"])
        seconds, slowest, peak = (
            seconds + told["seconds"],
            max(slowest, tuple(told["slowest"])),
            max(peak, told["peak"]),
        )
    with capsys.disabled():
        sys.stdout.write(f"\n{MANY} mutants in {seconds:.0f} s of processor time, the slowest {slowest[0]:.2f} s\n")
        sys.stdout.write(f"(number {slowest[1]}), at most {peak >> 20} MiB; they ended:\n")
        sys.stdout.writelines(f"  {count:7} {end}\n" for end, count in sorted(ended.items()))


@pytest.mark.parametrize("number", range(12))
def test_the_two_processes_end_as_one(number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = make_desk_once(tmp_path).copy(tmp_path / "vault")
    happen(session, "take F00-first")
    before = tables(session)
    file = tmp_path / "mutant.bin"
    file.write_bytes(mutant(number)[1])
    with monkeypatch.context() as patched:
        patched.setattr(mutant_worker.reader, "_Opening", mutant_worker.OpeningHere)
        here = mutant_worker.outcome(session, file, mutant_worker.codes())
    assert tables(session) == before
    assert receive(session, file)[0] == here
    session.close()


def make_desk_once(tmp_path: Path) -> Any:
    """Return the desk of this run of tests; making one takes a second."""
    place = tmp_path.parent / "desk-of-mutants"
    if place not in _DESKS:
        _DESKS[place] = make_desk(place)
    return _DESKS[place]


_DESKS: dict[Path, Any] = {}


# --- twins: what the worker must notice


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(mutant_worker.reader, "_Opening", mutant_worker.OpeningHere)
    opened = make_desk_once(tmp_path).copy(tmp_path / "vault")
    happen(opened, "take F00-first")
    yield opened
    opened.close()


def test_a_reader_that_crashes_would_be_caught(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "decode_unjudged", lambda _: [].pop())
    with pytest.raises(IndexError):
        mutant_worker.work(session, tmp_path, 0, 60)


def test_a_code_that_no_page_names_would_be_caught(
    session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mutant_worker, "codes", lambda: frozenset(("bundle.item",)))
    with pytest.raises(KzdocError):
        mutant_worker.work(session, tmp_path, 0, 60)


def test_a_change_in_the_vault_would_be_caught(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = mutant_worker.outcome

    def leaky(session: Any, file: Path, allowed: frozenset[str], *, both: bool) -> str:
        session.vault.settings.put("seen", os.urandom(4))
        return true(session, file, allowed, both=both)

    monkeypatch.setattr(mutant_worker, "outcome", leaky)
    with pytest.raises(AssertionError):
        mutant_worker.work(session, tmp_path, 0, 1)


def test_a_mutant_that_hangs_would_be_caught(session: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import signal

    def endless(*_: object, **__: object) -> str:
        while True:
            pass

    monkeypatch.setattr(mutant_worker, "CPU_SECONDS", 0.2)
    monkeypatch.setattr(mutant_worker, "outcome", endless)
    before = signal.signal(signal.SIGPROF, mutant_worker._hangs)
    try:
        with pytest.raises(mutant_worker.Hangs):
            mutant_worker.work(session, tmp_path, 0, 1)
    finally:
        signal.signal(signal.SIGPROF, before)
