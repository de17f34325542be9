"""kill -9 on unlocked savers, in the middle of a save: every save they were told is there is there."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kzdoc.vault.check import check
from tests.conftest import HandClock
from tests.faults import work
from tests.faults.children import Child
from tests.faults.figures import report
from tests.vaults import Template

SEED = 20_261_122
SAVE_TAKES = 0.012
EVERY = 50
"""After so many kills the whole vault is checked; after each, that it opens and lacks nothing acknowledged."""


@dataclass
class Killed:
    """What came of it."""

    saved: list[bytes] = field(default_factory=list)
    inside: int = 0
    turns: int = 0


def kill_savers(template: Template, folder: Path, inside: int, *spoilt: str) -> Killed:
    """Kill savers of one vault until so many kills landed between the beginning of a save and its acknowledgement."""
    chance = random.Random(SEED)
    killed = Killed()
    while killed.inside < inside:
        killed.turns += 1
        child = Child("endless", folder, template.key, *spoilt)
        child.let_go()
        wanted = chance.randint(1, 3)
        newest = {}
        for newest in child.lines():
            if "saved" in newest:
                killed.saved.append(bytes.fromhex(newest["saved"]))
            elif "begun" in newest:
                wanted -= 1
                if wanted == 0:
                    time.sleep(chance.random() * SAVE_TAKES)
                    child.kill()
        assert child.end() < 0
        killed.inside += "begun" in newest
        judge(template, folder, killed)
    return killed


def judge(template: Template, folder: Path, killed: Killed) -> None:
    """Open the vault with the real code and look for all that was acknowledged."""
    with template.open(folder / "vault", clock=HandClock(), randomness=os.urandom) as vault:
        recent = killed.saved[-40:] if killed.turns % EVERY else killed.saved
        assert vault.chains.known(recent) == set(recent), "an acknowledged save is lost"
        step = int(vault.settings.get(work.STEP) or b"0")
        assert step >= len(killed.saved), "an acknowledged step is lost"
        assert vault.drafts.open(work.DRAFT) in (None, str(step + 1).encode()), "half a save"
        if killed.turns % EVERY == 0:
            assert check(vault) == []


@pytest.mark.parametrize("inside", [30, pytest.param(2000, marks=pytest.mark.long)])
def test_no_acknowledged_save_is_lost_to_a_kill(inside: int, template_vault: Template, tmp_path: Path) -> None:
    template_vault.copy(tmp_path / "vault")
    start = time.monotonic()
    killed = kill_savers(template_vault, tmp_path, inside)
    with template_vault.open(tmp_path / "vault", clock=HandClock(), randomness=os.urandom) as vault:
        assert vault.chains.known(killed.saved) == set(killed.saved)
        assert check(vault) == []
    report(
        f"{killed.inside} kills inside a save of {killed.turns}, {len(killed.saved)} saves acknowledged, 0 lost,"
        f" {time.monotonic() - start:.0f} s"
    )
    assert killed.inside >= inside


def test_the_twin_that_acknowledges_before_it_has_saved_is_caught(template_vault: Template, tmp_path: Path) -> None:
    template_vault.copy(tmp_path / "vault")
    with pytest.raises(AssertionError, match="acknowledged"):
        kill_savers(template_vault, tmp_path, 200, "too-early")
