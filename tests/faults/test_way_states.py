"""Whenever power fails while a way to open the vault comes or goes: whoever the vault names opens it, and nobody else.

Slots of key owners stand for all kinds: they cost no derivation, and a new key writes every slot in their form.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kzdoc.vault import slots
from kzdoc.vault.rekey import NEXT
from tests.faults import work
from tests.faults.test_crash_states import Whole, given, recorded, replay, scratch, start  # noqa: F401 - a fixture
from tests.vaults import Template

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")


@dataclass
class Owned:
    """Judges a state: the first owner opens it, the vault lists exactly the owners that do; what was said stands."""

    seen: set[tuple[int, ...]] = field(default_factory=set)

    def __call__(self, folder: Path, said: list[dict[str, Any]]) -> None:
        file = slots.read_slot_file(folder / "vault")
        found = {number: slots.unlock_with(file, work.owner(number)) for number in (1, 2, 3, 4)}
        opening = tuple(number for number, key in found.items() if key is not None)
        key = found[1]
        assert key is not None, "whose slot stays is shut out"
        with Whole(bytes(key[1])).open(folder / "vault") as vault:
            Whole(bytes(key[1])).look(vault, said)
            assert not list(vault.folder.glob(f"{NEXT}*")), "the other database is still there"
            listed = {way.recipient for way in vault.ways.all()}
            owners = tuple(number for number in found if work.owner(number).recipient.raw in listed)
        assert owners == opening, f"{opening} open, {owners} are listed"
        assert set(given(said, "added")) <= set(opening), "a way that was added is gone"
        assert not set(given(said, "removed")) & set(opening), "a way that was taken away opens"
        self.seen.add(opening)


@pytest.fixture
def here(template_vault: Template, tmp_path: Path) -> Path:
    """Return a folder with a vault that two more owners open."""
    folder = start(template_vault, tmp_path / "here")
    key = bytearray(template_vault.key)
    with Whole(template_vault.key).open(folder / "vault") as vault:
        assert [work.add_way(vault, key, number) for number in (1, 2)] == [1, 2]
    return folder


ENDS = {"ways": {(1, 2), (1, 2, 3), (1, 2, 3, 4)}, "rekey": {(1, 2), (1,)}}
"""Who opens the vault in the states of a protocol."""


@pytest.mark.parametrize(
    ("name", "every"),
    [("ways", 2), ("rekey", 6), *(pytest.param(name, 1, marks=pytest.mark.long) for name in ("ways", "rekey"))],
)
def test_every_crash_state_of_ways_that_come_and_go(
    name: str,
    every: int,
    here: Path,
    template_vault: Template,
    scratch: Path,  # noqa: F811 - the fixture
) -> None:
    before, steps = recorded(here, name, template_vault.key)
    judge = Owned()
    told = replay(name, before, steps, judge, scratch, every=every)
    assert not told.bad, told.bad[:5]
    assert judge.seen == ENDS[name]


@pytest.mark.parametrize("name", ["ways", "rekey"])
def test_the_twin_that_does_not_flush_the_slots_is_caught(
    name: str,
    here: Path,
    template_vault: Template,
    scratch: Path,  # noqa: F811 - the fixture
) -> None:
    before, steps = recorded(here, name, template_vault.key, "no-file-sync")
    told = replay(f"twin, {name} no-file-sync", before, steps, Owned(), scratch, stop=1, backwards=True)
    assert told.bad
