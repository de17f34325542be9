"""A stick that goes to and fro: a FAT file system between two desks, one without room, one pulled in the middle."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from kzdoc import casework
from kzdoc.bundle.writer import LARGEST_ON_FAT
from kzdoc.domain.audience import Audience
from kzdoc.errors import InputError
from kzdoc.exchange import folder
from kzdoc.vault.check import state_hash
from tests.carriers import engine
from tests.kzdoc.test_exchange import put, shown
from tests.offices import NAMES
from tests.readers_nearby import read_nearby

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.offices import Office

A, _, C = NAMES


@pytest.fixture(autouse=True)
def nearby(monkeypatch: pytest.MonkeyPatch) -> None:
    read_nearby(monkeypatch)


class Stick:
    """A FAT32 image that files are moved to and from by mtools, as a person with a stick moves them."""

    def __init__(self, image: Path) -> None:
        self._image = image
        with image.open("wb") as file:
            file.truncate(40 * 2**20)
        self._run("mkfs.vfat", "-F", "32", str(image))

    def _run(self, program: str, *words: str) -> str:
        env = {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin", "MTOOLS_SKIP_CHECK": "1"}
        done = subprocess.run([program, *words], env=env, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode()

    def names(self) -> list[str]:
        """Return the names on the stick."""
        return self._run("mdir", "-b", "-i", str(self._image), "::/").split()

    def plug_in(self, place: Path) -> None:
        """Let a folder hold what the stick holds."""
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        if self.names():
            self._run("mcopy", "-s", "-i", str(self._image), "::/*", str(place))

    def pull(self, place: Path) -> None:
        """Let the stick hold what the folder holds."""
        if self.names():
            self._run("mdel", "-i", str(self._image), "::/*")
        files = [str(file) for file in place.iterdir() if file.is_file()]
        if files:
            self._run("mcopy", "-i", str(self._image), *files, "::/")


def test_a_fat_stick_between_two_desks(office: Office, tmp_path: Path) -> None:
    engine("mcopy")
    a, _, c = office.all()
    stick, place = Stick(tmp_path / "stick.img"), tmp_path / "stick"
    person = put(a, name_kk="Тестов Данияр")
    event = put(c, "event", title="Митинг")
    for desk, to in 3 * ((a, C), (c, A)):
        stick.plug_in(place)
        folder.arrange(desk, place, [to], audience=Audience.INTERNAL)
        told = folder.exchange(desk, place)
        assert told["safe_to_pull"] is True
        assert told["refused"] == []
        stick.pull(place)
    assert state_hash(a.vault) == state_hash(c.vault)
    assert shown(c, person)["fields"]["name_kk"] == "Тестов Данияр"
    assert shown(a, event)["fields"]["title"] == "Митинг"
    assert a.vault.sent.bundles()[-1].recipients[0][2] > 0
    assert stick.names() == [], "what both have is not carried about any longer"


def test_a_stick_pulled_in_the_middle(office: Office, tmp_path: Path) -> None:
    """Nothing half done, clear words, and the next time it goes on; by nobody is half a bundle taken for a whole."""
    a, _, c = office.all()
    stick, pocket = tmp_path / "stick", tmp_path / "pocket"
    stick.mkdir()
    folder.arrange(a, stick, [C], audience=Audience.INTERNAL)
    event = put(a, "event", title="Митинг")
    (tmp_path / "видео.mp4").write_bytes(b"v" * 3_000_000)
    casework.attach(a, event, [tmp_path / "видео.mp4"])

    def pull(step: str, *_: int) -> None:
        if step == "bundle.write" and stick.exists():
            stick.rename(pocket)

    told = folder.exchange(a, stick, progress=pull)
    assert (told["written"], told["safe_to_pull"]) == (None, False)
    assert told["not_written"]["code"].startswith("platform.")
    assert a.vault.sent.bundles() == [], "what did not arrive on the stick was not sent"
    before = state_hash(c.vault)
    (left,) = pocket.iterdir()
    assert left.name.startswith(".")
    told = folder.exchange(c, pocket)
    assert (told["taken"], told["other_files"]) == ([], 1)
    assert state_hash(c.vault) == before
    pocket.rename(stick)
    told = folder.exchange(a, stick)
    assert told["safe_to_pull"] is True
    assert [file.name for file in stick.iterdir()] == told["written"]["files"], "what was left half done is gone"
    assert [one["new"] for one in folder.exchange(c, stick)["taken"]] == [2]


def test_a_stick_pulled_while_it_is_read(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    stick, pocket = tmp_path / "stick", tmp_path / "pocket"
    stick.mkdir()
    folder.arrange(a, stick, [C], audience=Audience.INTERNAL)
    put(a, "event", title="Митинг", description="сөз " * 30_000)
    folder.exchange(a, stick)

    def pull(step: str, *_: int) -> None:
        if step == "bundle.open" and stick.exists():
            stick.rename(pocket)

    told = folder.exchange(c, stick, progress=pull)
    assert told["receipts_written"] == 0, "a receipt that nobody gets is none"
    pocket.rename(stick)
    told = folder.exchange(c, stick)
    assert told["receipts_written"] == 1
    assert state_hash(a.vault) == state_hash(c.vault)
    assert [one["from"] for one in folder.exchange(a, stick)["receipts"]] == [C]


@pytest.fixture
def small_stick(tmp_path: Path) -> Iterator[Path]:
    """Give a file system of one megabyte; skip the test where nobody may mount one."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("nobody may mount a small file system here")
    yield place
    out(place)


def out(stick: Path) -> None:
    """Take a stick out: its empty place stays on the computer's own disk."""
    subprocess.run(["umount", "-l", str(stick)], check=False, capture_output=True)


def test_nothing_is_written_to_the_own_disk_where_the_stick_is_out(office: Office, small_stick: Path) -> None:
    a, _, _ = office.all()
    folder.arrange(a, small_stick, [C], audience=Audience.INTERNAL)
    put(a, "person", name_kk="Тестов Данияр")
    out(small_stick)
    with pytest.raises(InputError, match=r"folder\.stick-out"):
        folder.exchange(a, small_stick)
    with pytest.raises(InputError, match=r"folder\.stick-out"):
        folder.arrange(a, small_stick, [C], audience=Audience.INTERNAL)
    assert list(small_stick.iterdir()) == []
    folder.arrange(a, small_stick, [], audience=Audience.INTERNAL)
    folder.arrange(a, small_stick, [C], audience=Audience.INTERNAL)
    assert folder.exchange(a, small_stick)["written"]["statements"] == 1, "the folder is on this disk for good"


def test_of_a_stick_that_cannot_be_written_what_came_in_is_not_denied(office: Office, small_stick: Path) -> None:
    a, _, c = office.all()
    folder.arrange(a, small_stick, [C], audience=Audience.INTERNAL)
    put(a, "person", name_kk="Тестов Данияр")
    folder.exchange(a, small_stick)
    subprocess.run(["mount", "-o", "remount,ro", str(small_stick)], check=True, capture_output=True)
    told = folder.exchange(c, small_stick)
    assert len(told["taken"]) == 1
    assert told["not_written"] == {"code": "folder.not-writable"}


def test_a_stick_without_room(office: Office, small_stick: Path, tmp_path: Path) -> None:
    a, _, c = office.all()
    folder.arrange(a, small_stick, [C], audience=Audience.INTERNAL)
    event = put(a, "event", title="Митинг")
    (tmp_path / "видео.mp4").write_bytes(b"v" * 700_000)
    casework.attach(a, event, [tmp_path / "видео.mp4"])
    (small_stick / "films.avi").write_bytes(b"f" * 600_000)
    told = folder.exchange(a, small_stick)
    assert told["not_written"]["code"] == "bundle.no-space"
    assert told["not_written"]["needed"] > told["not_written"]["free"] > 0
    assert told["safe_to_pull"] is False
    assert [file.name for file in small_stick.iterdir()] == ["films.avi"]
    (small_stick / "films.avi").unlink()
    assert folder.exchange(a, small_stick)["safe_to_pull"] is True
    assert len(folder.exchange(c, small_stick)["taken"]) == 1


def test_no_part_is_longer_than_fat_holds(office: Office, tmp_path: Path) -> None:
    a = office.open(A)
    stick = tmp_path / "stick"
    stick.mkdir()
    folder.arrange(a, stick, [C], audience=Audience.INTERNAL)
    put(a, "event", title="Митинг")
    told = folder.exchange(a, stick, volume_size=LARGEST_ON_FAT + 1)
    assert told["not_written"]["code"] == "bundle.volume-size"
    assert list(stick.iterdir()) == []
