"""Two desks with a WebDAV server between them, and rclone that carries: copied, kept the same, and cut off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc.domain.audience import Audience
from kzdoc.exchange import folder
from kzdoc.vault.check import state_hash
from tests.carriers import engine, rclone, webdav_server
from tests.kzdoc.test_exchange import put, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office

A, _, C = NAMES


def bisync(home: Path, place: Path, dav: str, *more: str) -> None:
    """Keep a desk's folder and the server's the same, both ways."""
    done = rclone(home, "bisync", str(place), dav, "--force", *more)
    assert done.returncode == 0, done.stderr.decode()


def test_two_desks_and_a_webdav_server(office: Office, tmp_path: Path) -> None:
    engine("rclone")
    a, _, c = office.all()
    served, mine, theirs, home = (tmp_path / name for name in ("served", "mine", "theirs", "carrier"))
    for place in (served, mine, theirs):
        place.mkdir()
    folder.arrange(a, mine, [C], audience=Audience.INTERNAL)
    folder.arrange(c, theirs, [A], audience=Audience.INTERNAL)
    person = put(a, name_kk="Тестов Данияр")
    event = put(c, "event", title="Митинг")
    (mine / "Оқыңыз.txt").write_text("бұл қалта бәріміздікі")
    with webdav_server(home, served) as dav:
        for place in (mine, theirs):
            bisync(home, place, dav, "--resync")
        for _ in range(3):
            for desk, place in ((a, mine), (c, theirs)):
                bisync(home, place, dav)
                folder.exchange(desk, place)
                bisync(home, place, dav)
    assert state_hash(a.vault) == state_hash(c.vault)
    assert shown(c, person)["fields"]["name_kk"] == "Тестов Данияр"
    assert shown(a, event)["fields"]["title"] == "Митинг"
    assert a.vault.sent.bundles()[0].recipients[0][2] > 0, "receipted through the server"
    left = [file.name for file in served.iterdir()]
    assert left == ["Оқыңыз.txt"], "nothing stays on the server that everybody has, and nothing else goes"


@pytest.mark.long
def test_a_carrier_that_only_adds_and_one_that_is_cut_off(office: Office, tmp_path: Path) -> None:
    """`rclone copy` never deletes, and what is cut off leaves half a file behind: doubled, stale and partial files."""
    engine("rclone")
    a, _, c = office.all()
    served, mine, theirs, home = (tmp_path / name for name in ("served", "mine", "theirs", "carrier"))
    for place in (served, mine, theirs):
        place.mkdir()
    folder.arrange(a, mine, [C], audience=Audience.INTERNAL)
    folder.arrange(c, theirs, [A], audience=Audience.INTERNAL)
    with webdav_server(home, served) as dav:
        for number in range(6):
            put(a, "event", title=f"Митинг {number}", description="сөз " * 4_000)
            put(c, "event", title=f"Жиын {number}")
            for desk, place in ((a, mine), (c, theirs)):
                assert rclone(home, "copy", dav, str(place)).returncode == 0
                told = folder.exchange(desk, place)
                assert told["refused"] == []
                assert rclone(home, "copy", str(place), dav).returncode == 0
            half = next(file for file in served.iterdir() if file.stat().st_size > 20_000)
            (theirs / f"{half.name}.partial").write_bytes(half.read_bytes()[:9_000])
            (theirs / f"{number}.bin").write_bytes(half.read_bytes()[:9_000])
            assert folder.exchange(c, theirs)["taken"] == []
            (theirs / f"{number}.bin").unlink()
        for _ in range(3):
            for desk, place in ((a, mine), (c, theirs)):
                rclone(home, "copy", dav, str(place))
                folder.exchange(desk, place)
                rclone(home, "copy", str(place), dav)
    assert state_hash(a.vault) == state_hash(c.vault)
    assert len(list(a.records.records("event"))) == 12
