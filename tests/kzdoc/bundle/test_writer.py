from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzdoc.bundle import frames
from kzdoc.bundle.frames import BUNDLE, FrameScanner, frame_head, padme, padme_below
from kzdoc.bundle.header import FIRST, read_header
from kzdoc.bundle.items import Blob
from kzdoc.bundle.merkle import Tree, leaf
from kzdoc.bundle.writer import FOR_MESSENGERS, FOR_STICKS, Addressee, _capacity, write_bundle
from kzdoc.crypto.age import HybridIdentity, open_bytes
from kzdoc.errors import BundleError, Cancelled
from kzdoc.limits import LIMITS
from kzdoc.progress import silent
from tests.kzdoc.bundle.parties import ANNA, BERIK, STRANGER, Draft, Party, chance, frames_of, read_here, revisions

CHUNK = 65_552


def write(items: object, target: Path, readers: list[Party], **change: object) -> list[Path]:
    choices: dict[str, object] = {
        "sender": ANNA.signer,
        "recipients": [Addressee(one.identity.recipient, 3) for one in readers],
        "target": target,
        "volume_size": FOR_STICKS,
        "office": b"",
        "practice": False,
        "created_day": "2020-02-29",
        "randomness": os.urandom,
        "progress": silent,
    }
    return list(write_bundle(items, **{**choices, **change}).files)  # type: ignore[arg-type]


@given(st.integers(0, 2**40))
def test_padme(length: int) -> None:
    padded = padme(length)
    assert length <= padded <= length * 1.12 + 1
    assert padme(padded) == padded
    assert padme_below(length) <= length
    assert padme(padme_below(length)) == padme_below(length)


def test_sizes_are_few() -> None:
    assert padme(9) == 10  # Nikitin et al. 2019, figure 3
    assert len({padme(length) for length in range(2**16, 2**17, 64)}) <= 33


@given(st.integers(0, 70))
def test_the_tree_is_that_of_rfc_6962(count: int) -> None:
    leaves = [leaf(1, bytes((n,))) for n in range(count)]

    def root(of: list[bytes]) -> bytes:
        import hashlib

        if len(of) < 2:
            return of[0] if of else hashlib.sha256(b"kzdoc-bundle-node-1\0").digest()
        half = 1 << (len(of) - 1).bit_length() - 1
        return hashlib.sha256(b"kzdoc-bundle-node-1\0" + root(of[:half]) + root(of[half:])).digest()

    tree = Tree()
    for one in leaves:
        tree.add(one)
    assert tree.root() == root(leaves)


@given(st.lists(st.tuples(st.integers(1, 255), st.binary(max_size=40)), max_size=8), st.integers(1, 50))
def test_frames_are_cut_alike_whatever_the_pieces(made: list[tuple[int, bytes]], cut: int) -> None:
    seen: list[tuple[int, bytes]] = []
    scanner = FrameScanner(lambda kind, payload: seen.append((kind, bytes(payload))))
    data = b"".join(frame_head(kind, len(payload)) + payload for kind, payload in made)
    data += bytes(padme(len(data)) - len(data))
    for start in range(0, len(data), cut):
        scanner.feed(data[start : start + cut])
    scanner.finish()
    assert seen == made


def test_outside_two_bundles_of_a_class_look_alike(tmp_path: Path) -> None:
    crowd = [BERIK, STRANGER, ANNA]
    one = write(revisions(3), tmp_path, [BERIK])[0].read_bytes()
    other = write(revisions(3, label="other"), tmp_path, crowd)[0].read_bytes()
    assert len(one) == len(other)
    for data in (one, other):
        lines = data[: data.index(b"\n--- ")].split(b"\n")
        stanzas = [line.split(b" ") for line in lines if line.startswith(b"-> ")]
        assert [(words[1], len(words[2])) for words in stanzas] == [(b"mlkem768x25519", 1494)] * 4
    shapes = [[len(line) for line in data.split(b"\n--- ")[0].split(b"\n")] for data in (one, other)]
    assert shapes[0] == shapes[1]


def test_names_and_times_tell_nothing(tmp_path: Path) -> None:
    for path in write(revisions(1), tmp_path, [BERIK]):
        assert len(path.stem) == 16
        assert path.suffix == ".bin"
        assert path.stat().st_mtime == 946_684_800


def test_every_plaintext_has_a_padme_length(tmp_path: Path) -> None:
    for count in (0, 1, 7, 40):
        data = write(revisions(count), tmp_path, [BERIK])[0].read_bytes()
        plain = open_bytes(data, identity=BERIK.identity)
        assert padme(len(plain)) == len(plain)


def test_the_header_hides_its_readers_from_who_has_not_their_keys(tmp_path: Path) -> None:
    data = write(revisions(1), tmp_path, [BERIK, STRANGER])[0].read_bytes()
    plain = open_bytes(data, identity=BERIK.identity)
    header = read_header(plain[5 : 5 + int.from_bytes(plain[1:5], "big")])
    assert len(header.readers) == 4
    assert header.reader(BERIK.identity.recipient.raw) == (3, FIRST)
    assert header.reader(ANNA.identity.recipient.raw) is None
    assert BERIK.identity.recipient.raw not in plain
    assert ANNA.name.encode() not in plain


def test_a_writer_that_stops_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> io.BytesIO:
        calls.append(1)
        return io.BytesIO(bytes(2_000_000 if len(calls) == 1 else 900_000))

    calls: list[int] = []
    import hashlib

    blob = Blob(hashlib.sha256(bytes(2_000_000)).digest(), 2_000_000, broken)
    with pytest.raises(BundleError, match="source-changed"):
        write([blob], tmp_path, [BERIK], volume_size=600_000)
    assert list(tmp_path.iterdir()) == []


def test_a_writer_that_stops_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    old = tmp_path / "out.kzb"
    old.write_bytes(b"an older bundle")
    changing = [Blob(bytes(32), 5, lambda: io.BytesIO(bytes(5)))]
    with pytest.raises(BundleError, match="source-changed"):
        write(changing, old, [BERIK])

    def stop(step: str, done: int, total: int) -> None:
        if step == "bundle.write":
            raise Cancelled

    with pytest.raises(Cancelled):
        write(revisions(300), old, [BERIK], progress=stop)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("out.kzb", b"an older bundle")]


def test_a_named_target_names_its_volumes(tmp_path: Path) -> None:
    files = write(revisions(300, words=900), tmp_path / "out.kzb", [BERIK], volume_size=600_000)
    assert [path.name for path in files[:3]] == ["out.kzb", "out-2.kzb", "out-3.kzb"]


def test_bad_choices_are_refused(tmp_path: Path) -> None:
    for code, change in (
        ("volume-size", {"volume_size": 1000}),
        ("volume-size", {"volume_size": 2**40}),
        ("no-recipients", {"recipients": []}),
        ("too-many-recipients", {"recipients": [Addressee(one, 1) for one in _recipients(33)]}),
        ("malformed", {"created_day": "today"}),
    ):
        with pytest.raises(BundleError, match=code):
            write(revisions(1), tmp_path, [BERIK], **change)
    with pytest.raises(BundleError, match="limits-blob"):
        write([Blob(bytes(32), LIMITS.blob + 1, io.BytesIO)], tmp_path, [BERIK])
    assert list(tmp_path.iterdir()) == []


def _recipients(count: int) -> list[object]:
    give = chance("many")
    return [HybridIdentity.generate(give).recipient for _ in range(count)]


def test_a_film_of_4_gb_fits_the_format() -> None:
    film = 4_000_000_000
    for size, stanzas, most in ((FOR_STICKS, 4, 3), (FOR_STICKS, 32, 3), (FOR_MESSENGERS, 4, 230)):
        capacity = _capacity(size, stanzas=stanzas)
        pieces = -(-capacity // LIMITS.blob_piece)
        volumes = -(-film // (capacity - pieces * (frames.FRAME + frames.PIECE_HEAD)))
        assert volumes <= most <= BUNDLE.volumes
        plaintext = padme(capacity + 64 * 2**10)
        assert 256 + stanzas * 1_600 + 16 + plaintext + 16 * -(-plaintext // 65_536) <= size
    assert film < LIMITS.blob < 2**64


def test_the_scanner_refuses_without_reading_on() -> None:
    scanner = FrameScanner(lambda *_: None)
    with pytest.raises(BundleError, match="limits-item"):
        scanner.feed(frame_head(2, LIMITS.item + 1))


def test_a_leaky_twin_is_caught() -> None:
    """A sender whose padding or tree is not as the page says does not pass: the checks are not empty."""
    good = Draft(frames_of(revisions(1)))
    assert read_here(good.sealed())
    for bad in (
        Draft(frames_of(revisions(1)), padding=lambda _: b""),
        Draft(frames_of(revisions(1)), header={"volumes": [[1, 5, bytes(32)]]}),
    ):
        with pytest.raises(BundleError):
            read_here(bad.sealed())
