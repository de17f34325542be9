"""What a hostile volume may cost: memory, processor time, room; what would take more is refused."""

from __future__ import annotations

import dataclasses
import multiprocessing
import os
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from kzdoc.bundle import reader
from kzdoc.bundle.reader import open_bundle
from kzdoc.bundle.writer import Addressee, write_bundle
from kzdoc.errors import BundleError
from kzdoc.limits import LIMITS
from kzdoc.progress import silent
from tests.kzdoc.bundle.fixture import VAULT_READER, canary
from tests.kzdoc.bundle.parties import ANNA, BERIK, DAY, Draft, Frame, frames_of, revisions
from tests.kzdoc.bundle.test_reader import film

MIB = 2**20


def refusal(items: list[Frame], folder: Path) -> tuple[str, int, float]:
    """Return how a bundle of these items ends, how many were given, and this process's own seconds of work."""
    path = folder / "hostile.bin"
    path.write_bytes(Draft(items).sealed())
    given, began = 0, time.process_time()
    try:
        with open_bundle([path], reader=VAULT_READER, progress=silent) as opened:
            for _ in opened.items(silent):
                given += 1
    except BundleError as error:
        return error.code, given, time.process_time() - began
    return "good", given, time.process_time() - began


def many_numbers(size: int) -> bytes:
    """Return CBOR that takes eight times its size when it is read: an array of so many small numbers."""
    return b"\x9a" + size.to_bytes(4, "big") + bytes(size)


def bound(monkeypatch: pytest.MonkeyPatch, **limits: int) -> None:
    monkeypatch.setattr(reader, "LIMITS", dataclasses.replace(LIMITS, **limits))


def test_what_would_take_more_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, opener_memory=160 * MIB)
    assert refusal([(2, many_numbers(14 * MIB))], tmp_path)[:2] == ("bundle.limits-time", 0)


@pytest.mark.long
def test_what_would_take_more_than_512_mib_is_refused(tmp_path: Path) -> None:
    code, given, seconds = refusal([(2, many_numbers(60 * MIB))], tmp_path)
    assert (code, given) == ("bundle.limits-time", 0)
    assert seconds < 5


def test_with_more_memory_the_same_is_read_and_refused_for_what_it_is(tmp_path: Path) -> None:
    """The twin: without that bound the item would be held whole."""
    assert refusal([(2, many_numbers(14 * MIB))], tmp_path)[:2] == ("bundle.item", 0)


def test_what_would_take_more_time_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bound(monkeypatch, opener_cpu_seconds=1)
    [item] = frames_of(revisions(1, words=1))
    code, _, _ = refusal([item] * (60 * MIB // len(item[1])), tmp_path)
    assert code == "bundle.limits-time"


def test_a_process_that_ends_without_an_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_OPENER", "kzdoc.bundle.merkle")  # it has nothing to run
    assert refusal(canary(), tmp_path)[:2] == ("bundle.reader-failed", 0)


def test_without_the_bound_the_same_would_be_read(tmp_path: Path) -> None:
    [item] = frames_of(revisions(1))
    assert refusal([item] * 2_000, tmp_path)[:2] == ("good", 2_000)


def test_more_statements_than_a_slow_machine_can_check_are_refused(tmp_path: Path) -> None:
    code, given, _ = refusal([(2, bytes(22 * MIB))] * 3, tmp_path)
    assert (code, given) == ("bundle.limits-statements", 0)


def test_a_file_above_the_size_of_a_volume_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.bin"
    with path.open("wb") as file:
        file.truncate(LIMITS.bundle_volume + 1)
    with pytest.raises(BundleError, match=r"bundle\.limits-size"):
        open_bundle([path], reader=VAULT_READER, progress=silent)


@pytest.mark.long
def test_two_gigabytes_with_one_bad_byte_at_the_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    size = 1_900_000_000
    written = write_bundle(
        [*revisions(3), film(size)],
        sender=ANNA.signer,
        recipients=[Addressee(BERIK.identity.recipient, 1)],
        target=tmp_path,
        volume_size=LIMITS.bundle_volume,
        office=b"",
        practice=False,
        created_day=DAY,
        randomness=os.urandom,
        progress=silent,
    )
    [path] = written.files
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(bytes((last[0] ^ 1,)))
    began = time.monotonic()
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as apart:
        code, cpu, most = apart.submit(opened_apart, path).result()
    assert code == "bundle.damaged"
    assert cpu < LIMITS.opener_cpu_seconds
    assert most <= LIMITS.opener_memory
    assert set(tmp_path.iterdir()) == {path}
    with capsys.disabled():
        told = f"{cpu:.1f} s of processor time, {time.monotonic() - began:.1f} s"
        sys.stdout.write(f"\n2 GB with one bad byte at its end: refused after {told},\n")
        sys.stdout.write(f"no process that read it above {most >> 20} MiB\n")


def opened_apart(path: Path) -> tuple[str, float, int]:
    """Open a bundle; return the code, and the seconds and most bytes that the reading processes needed.

    For a process of its own: what others of the same tests needed before is not in it.
    """
    code = ""
    try:
        open_bundle([path], reader=VAULT_READER, progress=silent)
    except BundleError as error:
        code = error.code
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return code, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def test_an_honest_bundle_stays_far_below(tmp_path: Path) -> None:
    assert refusal(canary(), tmp_path)[:2] == ("good", 1)
