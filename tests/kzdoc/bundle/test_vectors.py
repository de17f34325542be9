"""Every file of tests/vectors/bundles is refused with the code its header says, and nothing of it comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from kzdoc.bundle.reader import open_bundle
from kzdoc.errors import BundleError
from kzdoc.progress import silent
from tests.kzdoc.bundle.parties import READER, read_here

FOLDER = Path(__file__).parents[2] / "vectors" / "bundles"
VECTORS = sorted(FOLDER.glob("*.vector"))
BY_PROCESS = (
    "good",
    "truncated",
    "bit-flipped",
    "forwarded",
    "zip-renamed",
    "ml-dsa-bad",
    "blob-gap",
    "statement-digest",
)


def read(path: Path) -> tuple[str, bytes]:
    head, _, data = path.read_bytes().partition(b"\n\n")
    return head.decode().splitlines()[0].removeprefix("expect: "), data


def outcome(data: bytes) -> tuple[str, int]:
    try:
        return "good", len(read_here(data))
    except BundleError as error:
        return error.code, 0


def test_the_vectors_are_there() -> None:
    assert len(VECTORS) >= 60
    assert len({read(path)[0] for path in VECTORS}) >= 25


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    expected, data = read(path)
    code, released = outcome(data)
    assert code == expected
    assert (released > 0) == (expected == "good")


@pytest.mark.parametrize("name", BY_PROCESS)
def test_vector_through_the_processes(name: str, tmp_path: Path) -> None:
    expected, data = read(FOLDER / f"{name}.vector")
    path = tmp_path / "volume.bin"
    path.write_bytes(data)
    released = []
    try:
        with open_bundle([path], reader=READER, progress=silent) as opened:
            released += [item for item in opened.items(silent) if not hasattr(item, "offset")]
        code = "good"
    except BundleError as error:
        code = error.code
    assert code == expected
    assert expected in ("good", "bundle.piece") or not released


@pytest.mark.long
@pytest.mark.parametrize("path", [path for path in VECTORS if path.stem not in BY_PROCESS], ids=lambda path: path.stem)
def test_every_vector_through_the_processes(path: Path, tmp_path: Path) -> None:
    test_vector_through_the_processes(path.stem, tmp_path)
