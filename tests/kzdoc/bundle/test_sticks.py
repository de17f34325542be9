"""Writing to a stick: is there room, does FAT32 hold it, and does it give back what it was given."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from kzdoc.bundle import writer
from kzdoc.bundle.items import Blob
from kzdoc.bundle.writer import LARGEST_ON_FAT, SMALLEST_VOLUME
from kzdoc.errors import BundleError
from kzdoc.limits import LIMITS
from kzdoc.platform.files import digest_on_medium
from tests.kzdoc.bundle.parties import BERIK, revisions
from tests.kzdoc.bundle.test_writer import write


def test_without_room_nothing_is_written_and_the_figures_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = [file.stat().st_size for file in write(revisions(3), tmp_path, [BERIK])]
    for file in tmp_path.iterdir():
        file.unlink()
    free = {"bytes": sum(sizes) - 1}
    monkeypatch.setattr(writer, "free_space", lambda _: free["bytes"])
    with pytest.raises(BundleError, match=r"bundle\.no-space") as caught:
        write(revisions(3), tmp_path, [BERIK])
    needed = int(caught.value.params["needed"])
    assert caught.value.params["free"] == sum(sizes) - 1
    assert sum(sizes) <= needed <= sum(sizes) + 2_048, "what it asks for is what it takes"
    assert not list(tmp_path.iterdir())
    free["bytes"] = needed
    write(revisions(3), tmp_path, [BERIK])


def test_several_volumes_are_counted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = os.urandom(2 * 2**20)
    blob = Blob(hashlib.sha256(data).digest(), len(data), lambda: io.BytesIO(data))
    monkeypatch.setattr(writer, "free_space", lambda _: SMALLEST_VOLUME * 2)
    with pytest.raises(BundleError, match=r"bundle\.no-space"):
        write([blob], tmp_path, [BERIK], volume_size=SMALLEST_VOLUME)
    assert not list(tmp_path.iterdir())


def test_a_stick_that_gives_back_something_else_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rotten(path: Path) -> bytes:
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
        return digest_on_medium(path)

    monkeypatch.setattr(writer, "digest_on_medium", rotten)
    with pytest.raises(BundleError, match=r"bundle\.read-back"):
        write(revisions(3), tmp_path, [BERIK])
    assert not list(tmp_path.iterdir()), "nobody is left with a file that is not whole"


def test_no_volume_is_longer_than_fat32_holds(tmp_path: Path) -> None:
    assert LIMITS.bundle_volume <= LARGEST_ON_FAT == 4_294_967_295
    with pytest.raises(BundleError, match=r"bundle\.volume-size"):
        write(revisions(1), tmp_path, [BERIK], volume_size=LARGEST_ON_FAT + 1)
