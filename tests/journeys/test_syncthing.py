"""Two desks that never meet, with a real pair of Syncthings between their folders, on the loopback alone."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest

from kzdoc import casework
from kzdoc.domain.audience import Audience
from kzdoc.exchange import folder
from kzdoc.vault.check import state_hash
from tests.carriers import syncthing_pair, waited
from tests.kzdoc.test_exchange import change, put, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def sealed(place: Path) -> list[Path]:
    return [file for file in place.iterdir() if file.suffix == ".bin"]


def until_same(desks: list[tuple[Session, Path]]) -> None:
    """Let every desk do rounds until all hold the same and nothing lies anywhere any more."""

    def settled() -> bool:
        for session, place in desks:
            told = folder.exchange(session, place)
            assert told["refused"] == [], told
        same = len({state_hash(session.vault) for session, _ in desks}) == 1
        return same and not any(sealed(place) for _, place in desks)

    waited(settled, "one state and empty folders")


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    return one, other


def test_two_desks_and_a_pair_of_syncthings(office: Office, places: tuple[Path, Path], tmp_path: Path) -> None:
    a, _, c = office.all()
    folder.arrange(a, places[0], [C], audience=Audience.INTERNAL)
    folder.arrange(c, places[1], [A], audience=Audience.INTERNAL)
    person = put(a, name_kk="Тестов Данияр", born="1980")
    event = put(c, "event", title="Митинг", date="2020-02-22")
    with syncthing_pair(tmp_path / "carriers", *places):
        until_same([(a, places[0]), (c, places[1])])
        change(a, person, born="1981")
        change(c, person, born="1979")
        change(c, event, title="Жиын")
        until_same([(a, places[0]), (c, places[1])])
    assert shown(a, person)["conflicts"] == shown(c, person)["conflicts"] == ["born"]
    assert shown(a, event)["fields"]["title"] == "Жиын"
    assert (places[0] / ".stfolder").exists(), "the carrier's own folder is let be"


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_a_carrier_that_comes_and_goes(office: Office, places: tuple[Path, Path], tmp_path: Path, seed: int) -> None:
    """Large files in several parts, conflict copies, and a pair that is stopped in the middle and started again."""
    chance = random.Random(seed)
    a, _, c = office.all()
    folder.arrange(a, places[0], [C], audience=Audience.INTERNAL)
    folder.arrange(c, places[1], [A], audience=Audience.INTERNAL)
    event = put(a, "event", title="Митинг")
    (tmp_path / "видео.mp4").write_bytes(os.urandom(12_000_000))
    casework.attach(a, event, [tmp_path / "видео.mp4"])
    files = folder.exchange(a, places[0], volume_size=4_000_000)["written"]["files"]
    assert len(files) > 2
    for stay in (0.5, 1.5, 3.0):
        with syncthing_pair(tmp_path / f"carriers-{stay}", *places):
            waited(lambda stay=stay: chance.random() < 0.2 / stay, "a while")
            folder.exchange(c, places[1])
        if sealed(places[1]):
            one = chance.choice(sealed(places[1]))
            one.with_name(f"{one.stem}.sync-conflict-20260302-140000-ABCDEFG.bin").write_bytes(one.read_bytes()[:-1])
            one.with_name(f"{one.stem} (1).bin").write_bytes(one.read_bytes())
    with syncthing_pair(tmp_path / "carriers-last", *places):

        def settled() -> bool:
            folder.exchange(c, places[1])
            folder.exchange(a, places[0])
            return state_hash(a.vault) == state_hash(c.vault) and not sealed(places[0])

        waited(settled, f"one state, seed {seed}")
    assert [one.size for one in c.blobs.all()] == [12_000_000]
