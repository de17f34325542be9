"""The n-th write, flush or renaming fails, once or for good, for every n: a clear refusal, nothing lost, nothing half.

The saver is a real process; strace makes its calls fail as a disk does.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kzdoc.language import catalogue
from kzdoc.vault import slots
from kzdoc.vault.check import check
from kzdoc.vault.connection import Database
from kzdoc.vault.vault import open_with_key
from tests.faults import work
from tests.faults.children import Child, failing
from tests.faults.figures import report
from tests.vaults import NOW, Template

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")

FLUSH = ("fsync", "fdatasync")
WRITE = ("pwrite64", "write")
FAULTS = [
    (FLUSH, "EIO"),
    (WRITE, "EIO"),
    (WRITE, "ENOSPC"),
    (("rename", "renameat", "renameat2"), "EIO"),
    (("ftruncate",), "EIO"),
]
CLEAR = {
    "vault.disk-error",
    "vault.disk-full",
    "vault.disk-gone",
    "vault.stopped",
    "vault.read-only",
    "platform.sync-failed",
    "platform.disk-error",
    "platform.disk-full",
    "platform.no-encryption",
}
LEFT_OVER = "vault.blob-left-over"


@dataclass
class Spoilt:
    """One run: what the saver said, and whether a fault fired."""

    fired: bool
    said: dict[str, list[Any]] = field(default_factory=dict)
    names_alone: bool = False
    """What failed was flushing the folder's names, nothing of a file."""
    at_closing: bool = False
    """It failed when all was said and done: closing moves the WAL, which stays where it is when that fails."""


def run(template: Template, folder: Path, calls: tuple[str, ...], error: str, when: str) -> Spoilt:
    """Let a saver work on a fresh vault on a disk that fails, and judge what is left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    template.copy(folder / "vault")
    trace = folder / "trace"
    child = Child("faulty", folder, template.key)
    with failing(child, *calls, error=error, when=when, trace=trace):
        child.let_go()
        lines = list(child.lines())
        status = child.end()
    said: dict[str, list[Any]] = {}
    for line in lines:
        for name, value in line.items():
            said.setdefault(name, []).append(value)
    assert status == 0, f"{calls[0]} {error} {when}: ended with {status}: {lines}"
    before, injected, after = trace.read_text().partition("INJECTED")
    fired = [line for line in (before + injected + after).splitlines() if "INJECTED" in line]
    names_alone = bool(fired) and all(f"<{folder}/vault>" in line for line in fired)
    spoilt = Spoilt(bool(fired), said, names_alone=names_alone, at_closing="refused" in before)
    judge(template, folder / "vault", spoilt)
    return spoilt


def judge(template: Template, folder: Path, spoilt: Spoilt) -> None:
    """The disk works again: the vault opens, whole, with all that was acknowledged and no half of anything."""
    said = spoilt.said
    (refused,) = said["refused"]
    assert set(refused) <= CLEAR, refused
    for lang in ("en", "ru", "kk"):
        assert all(catalogue("errors", lang).say(code) for code in refused)
    with open_with_key(folder, bytearray(template.key), clock=lambda: NOW, randomness=os.urandom) as vault:
        found = [one for one in check(vault) if one.code != LEFT_OVER]
        assert not found, found
        saved = [bytes.fromhex(one) for one in said.get("saved", [])]
        assert vault.chains.known(saved) == set(saved), "an acknowledged save is lost"
        assert all(b"".join(vault.blobs.read(bytes.fromhex(one))) for one in said.get("blob", []))
        step = int(vault.settings.get(work.STEP) or b"0")
        assert vault.database.row("SELECT count(*) FROM revision") >= (min(step, 1),)
        assert max(said.get("step", [0])) <= step
    slots.read_slot_file(folder)


def every(template: Template, folder: Path, *, stride: int) -> dict[str, int]:
    """Go through all faults, the n-th and from the n-th on, until none fires any more; return the figures."""
    figures = {"runs": 0, "fired": 0, "refused": 0, "stopped": 0}
    for calls, error in FAULTS:
        for form in ("{}", "{}+"):
            place = 1
            while True:
                spoilt = run(template, folder / "here", calls, error, form.format(place))
                if not spoilt.fired:
                    break
                figures["runs"] += 1
                figures["fired"] += 1
                figures["refused"] += bool(spoilt.said["refused"][0])
                stopped = spoilt.said.get("stopped", [False])[0]
                figures["stopped"] += stopped
                if calls is FLUSH and spoilt.said["opened"] == [True]:
                    # the library flushes the WAL's name a second time, after us, and says nothing when that fails
                    idle = spoilt.names_alone and not spoilt.said["refused"][0]
                    assert stopped or idle or spoilt.at_closing, (
                        f"a failed flush did not end the writing: {form.format(place)} {spoilt.said}"
                    )
                place += stride
    return figures


@pytest.mark.parametrize("stride", [25, pytest.param(1, marks=pytest.mark.long)])
def test_whichever_write_flush_or_renaming_fails(stride: int, template_vault: Template, tmp_path: Path) -> None:
    start = time.monotonic()
    figures = every(template_vault, tmp_path, stride=stride)
    report(json.dumps(figures), f"{time.monotonic() - start:.0f} s")
    assert figures["fired"] >= 25


def test_the_twin_that_goes_on_after_a_failed_flush_is_caught(
    template_vault: Template, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaf = property(lambda _: False, lambda _, __: None)
    monkeypatch.setattr(Database, "stopped", deaf, raising=False)
    with pytest.raises(AssertionError, match="did not end the writing"):
        every(template_vault, tmp_path, stride=8)


@pytest.mark.parametrize("size", [4096 * 10, 4096 * 20])
def test_a_file_that_may_not_grow_is_a_full_disk(size: int, template_vault: Template, tmp_path: Path) -> None:
    """As on a disk that is full or a quota that is used up, where nothing may be mounted to try the real thing."""
    template_vault.copy(tmp_path / "vault")
    child = Child("faulty", tmp_path, template_vault.key, str(size))
    child.let_go()
    said: dict[str, list[Any]] = {}
    for line in child.lines():
        for name, value in line.items():
            said.setdefault(name, []).append(value)
    assert child.end() == 0
    assert said["refused"][0]
    judge(template_vault, tmp_path / "vault", Spoilt(fired=True, said=said))
