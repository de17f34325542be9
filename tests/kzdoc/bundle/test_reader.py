from __future__ import annotations

import hashlib
import io
import os
import threading
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzdoc.bundle import opener, parser, reader
from kzdoc.bundle.ahead import FAR, Ahead
from kzdoc.bundle.frames import BUNDLE, FRAME, SIGNATURE_SIZE, frame_head, padme
from kzdoc.bundle.items import Blob, BlobPiece, Erasures, Introduction, TakenRevision
from kzdoc.bundle.reader import Reader, open_bundle
from kzdoc.bundle.sequence import Standing, standing
from kzdoc.bundle.writer import FOR_MESSENGERS, FOR_STICKS, Addressee, Written, write_bundle
from kzdoc.errors import BundleError, Cancelled, KzdocError
from kzdoc.ledger.history import held_entries
from kzdoc.limits import LIMITS
from kzdoc.platform.sandbox import LimitedProcess, start_limited
from kzdoc.progress import silent
from tests.kzdoc.bundle.parties import ANNA, BERIK, OFFICE, READER, STRANGER, Draft, frames_of, read_here, revisions


def write(items: list[object], target: Path, *, size: int = FOR_STICKS, sequence: int = 1) -> Written:
    return write_bundle(
        items,  # type: ignore[arg-type]
        sender=ANNA.signer,
        recipients=[Addressee(BERIK.identity.recipient, sequence), Addressee(STRANGER.identity.recipient, 44)],
        target=target,
        volume_size=size,
        office=OFFICE,
        practice=False,
        created_day="2020-02-29",
        randomness=os.urandom,
        progress=silent,
    )


class Film(io.RawIOBase):
    """As many bytes as asked for, made while they are read."""

    BLOCK = hashlib.shake_256(b"film").digest(1 << 20)

    def __init__(self, size: int) -> None:
        super().__init__()
        self.left = size
        self.at = 0

    def read(self, size: int = -1) -> bytes:
        take = min(size, self.left, len(self.BLOCK) - self.at)
        data = self.BLOCK[self.at : self.at + take]
        self.left -= take
        self.at = (self.at + take) % len(self.BLOCK)
        return data


def film(size: int) -> Blob:
    digest = hashlib.sha256()
    source = Film(size)
    while data := source.read(1 << 20):
        digest.update(data)
    return Blob(digest.digest(), size, lambda: cast("BinaryIO", Film(size)))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    made = revisions(5)
    picture = b"\xff\xd8 picture" * 1000
    blob = Blob(hashlib.sha256(picture).digest(), len(picture), lambda: io.BytesIO(picture))
    said = Introduction([(STRANGER.card.author.ed25519, "Сынақова Айгүл")])
    written = write([blob, said, *made, Erasures([bytes(32)])], tmp_path, sequence=7)
    with open_bundle(written.files, reader=READER, progress=silent) as opened:
        assert (opened.root, opened.bundle, opened.sequence) == (written.root, written.bundle, 7)
        assert opened.card == ANNA.card
        assert (opened.present, opened.missing, opened.counts) == ((1,), (), written.counts)
        items = list(opened.items(silent))
    assert items[0] == said
    taken = [item for item in items if isinstance(item, TakenRevision)]
    assert [item.revision() for item in taken] == made
    assert [item.held() for item in taken] == [held_entries(one) for one in made]
    assert opened.checked == {made[-1].id: made[-1].signature}
    assert items[-1] == BlobPiece(blob.sha256, blob.size, 0, picture)
    assert isinstance(items[-2], Erasures)


def test_volumes_come_in_any_order_and_more_than_once(tmp_path: Path) -> None:
    made = revisions(300, words=900)
    written = write([*made, film(700_000)], tmp_path, size=600_000)
    assert len(written.files) > 4
    assert all(path.stat().st_size <= 600_000 and path.stat().st_mtime == 946_684_800 for path in written.files)
    files = [*reversed(written.files), written.files[0]]
    with open_bundle(files, reader=READER, progress=silent) as opened:
        assert opened.missing == ()
        items = list(opened.items(silent))
    assert [item.skeleton.id for item in items if isinstance(item, TakenRevision)] == [one.id for one in made]
    data = b"".join(item.data for item in items if isinstance(item, BlobPiece))
    assert data == Film.BLOCK[:700_000]
    with open_bundle(written.files[1:], reader=READER, progress=silent) as opened:
        assert opened.missing == (1,)
        assert opened.root == written.root
        assert len(list(opened.items(silent))) > 0


def test_volumes_of_two_bundles_do_not_mix(tmp_path: Path) -> None:
    one, other = write([*revisions(1)], tmp_path), write([*revisions(2)], tmp_path)
    with pytest.raises(BundleError, match="volumes-differ"):
        open_bundle([*one.files, *other.files], reader=READER, progress=silent)


def test_a_file_changed_between_looking_and_taking_changes_nothing(tmp_path: Path) -> None:
    made = revisions(2)
    written, other = write([*made], tmp_path / "a.bin"), write([*revisions(3)], tmp_path / "b.bin")
    with open_bundle(written.files, reader=READER, progress=silent) as opened:
        with written.files[0].open("r+b") as file:
            file.write(other.files[0].read_bytes())
        assert [item.revision() for item in opened.items(silent) if isinstance(item, TakenRevision)] == made


def test_a_large_volume_is_gone_over_again_and_must_be_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opener, "KEPT", 0)
    good, other = Draft(frames_of(revisions(2))).sealed(), Draft(frames_of(revisions(2, label="b"))).sealed()
    assert len(good) == len(other)
    assert len(read_here(good, again=good)) == 2
    with pytest.raises(BundleError, match=r"bundle\.contents"):
        read_here(good, again=other)


def test_a_volume_of_statements_alone_is_never_gone_over_twice() -> None:
    prologue = BUNDLE.header + SIGNATURE_SIZE + 4 + 3 * FRAME
    plaintext = padme(prologue + BUNDLE.items_per_volume * FRAME + BUNDLE.statements_per_volume)
    sealed = LIMITS.age_header + plaintext + 16 * (plaintext // 65_536 + 2)
    assert sealed < opener.KEPT < opener.KEPT + BUNDLE.statements_per_volume < LIMITS.opener_memory


def test_cancelling_leaves_no_process_and_no_thread(tmp_path: Path) -> None:
    written = write([*revisions(2)], tmp_path)

    def stop(step: str, done: int, total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        open_bundle(written.files, reader=READER, progress=stop)
    with open_bundle(written.files, reader=READER, progress=silent) as opened, pytest.raises(Cancelled):
        next(opened.items(stop))


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[LimitedProcess]:
    """Every process that was started, as they are."""
    started: list[LimitedProcess] = []

    def start(*arguments: Any, **named: Any) -> LimitedProcess:
        started.append(start_limited(*arguments, **named))
        return started[-1]

    monkeypatch.setattr(reader, "start_limited", start)
    return started


def have_ended(children: list[LimitedProcess]) -> bool:
    return bool(children) and all(one._process.poll() is not None for one in children)


def test_no_process_outlives_a_refusal_of_a_later_file(tmp_path: Path, children: list[LimitedProcess]) -> None:
    written = write([*revisions(60, words=9_000)], tmp_path, size=600_000)
    assert len(written.files) > 2
    bad = tmp_path / "bad.bin"
    bad.write_bytes(b"no bundle")
    with pytest.raises(BundleError, match="not-a-bundle"):
        open_bundle([*written.files[:2], bad, *written.files[2:]], reader=READER, progress=silent)
    assert have_ended(children)


def test_a_later_volume_is_checked_anew_when_its_turn_comes(tmp_path: Path, children: list[LimitedProcess]) -> None:
    written = write([*revisions(60, words=9_000)], tmp_path, size=600_000)
    with open_bundle(written.files, reader=READER, progress=silent) as opened:
        kept, changed = written.files[1].read_bytes(), written.files[0].read_bytes()
        written.files[1].write_bytes(changed)
        with pytest.raises(BundleError, match=r"bundle\.contents"):
            list(opened.items(silent))
    assert have_ended(children)
    written.files[1].write_bytes(kept)
    with open_bundle(written.files, reader=READER, progress=silent) as opened:
        next(opened.items(silent))  # while the next volume is being looked at already
    assert have_ended(children)


def test_a_missing_file_is_named_as_that(tmp_path: Path) -> None:
    with pytest.raises(KzdocError, match=r"file\.not-read"):
        open_bundle([tmp_path / "none"], reader=READER, progress=silent)


def test_bits_flipped_anywhere_are_refused() -> None:
    good = Draft(frames_of(revisions(2))).sealed()
    assert len(read_here(good)) == 2

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 8 * len(good) - 1))
    def refuse(bit: int) -> None:
        bad = bytearray(good)
        bad[bit // 8] ^= 1 << bit % 8
        with pytest.raises(BundleError):
            read_here(bytes(bad))

    refuse()


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(1, 5), st.booleans())
def test_no_other_exception_escapes_from_signed_nonsense(noise: bytes, kind: int, inside: bool) -> None:
    frame = frames_of(revisions(1))[0]
    if inside and noise:
        place = int.from_bytes(noise[:2], "big") % len(frame[1])
        frame = kind, frame[1][:place] + noise + frame[1][place + len(noise) :]
    else:
        frame = kind, noise
    try:
        read_here(Draft([frame]).sealed())
    except KzdocError as error:
        assert error.code.startswith("bundle.")  # noqa: PT017 - any refusal will do, any other exception fails


class Watched(io.BytesIO):
    """A stream that looks, each time it is read, at how much was read before and waits."""

    ahead: Any = None

    def read(self, size: int | None = -1) -> bytes:
        assert sum(len(one[1]) for one in self.ahead._waiting if one) < FAR
        return super().read(size)


def test_what_the_parser_wrote_is_read_ahead_but_not_far() -> None:
    piece = 1 << 20
    stream = Watched(b"".join(frame_head(parser.PIECE, piece) + bytes((n,)) * piece for n in range(9)) + b"cut off")
    stream.ahead = ahead = Ahead(stream)
    reading = threading.Thread(target=ahead.run)
    reading.start()
    told: list[int] = []
    frames = list(iter(lambda: ahead.take(lambda: told.append(1)), None))
    reading.join(9)
    assert [payload[0] for _, payload in frames] == list(range(9))
    assert len(told) > 9
    assert not reading.is_alive()


def test_reading_ahead_ends_though_nobody_takes() -> None:
    stream = Watched(frame_head(parser.PIECE, 2 * FAR) + bytes(2 * FAR))
    stream.ahead = ahead = Ahead(stream)
    reading = threading.Thread(target=ahead.run)
    reading.start()
    ahead.stop()
    reading.join(9)
    assert not reading.is_alive()


def test_where_a_bundle_stands() -> None:
    def at(sequence: int, root: bytes = b"new", previous: bytes = b"2") -> Standing:
        return standing(sequence, root, previous, taken={1: b"1", 2: b"2", 5: b"5"})

    assert at(3) is Standing.LATE
    assert at(3, previous=b"other") is Standing.FORK
    assert at(2, b"2") is Standing.ALREADY
    assert at(2) is Standing.FORK
    assert at(6, previous=b"5") is Standing.NEXT
    assert at(9) is Standing.GAP
    assert at(2_000_000) is Standing.JUMP
    assert standing(1, b"r", bytes(32), taken={}) is Standing.NEXT


@pytest.mark.long
def test_a_film_of_200_mb_streams_in_bounded_memory(tmp_path: Path) -> None:
    size = 200 * 2**20
    written = write([film(size)], tmp_path, size=FOR_STICKS)
    digest, seen = hashlib.sha256(), 0
    with open_bundle(written.files, reader=READER, progress=silent) as opened:
        for piece in opened.items(silent):
            assert isinstance(piece, BlobPiece)
            digest.update(piece.data)
            seen += len(piece.data)
    assert (seen, digest.digest()) == (size, film(size).sha256)


@pytest.mark.long
def test_ten_thousand_revisions_are_read_within_the_limits(tmp_path: Path) -> None:
    written = write([*revisions(10_000)], tmp_path)
    with open_bundle(written.files, reader=READER, progress=silent) as opened:
        assert sum(1 for _ in opened.items(silent)) == 10_000


def test_a_reader_without_the_senders_card_learns_nothing(tmp_path: Path) -> None:
    written = write([*revisions(1)], tmp_path)
    reader = Reader(BERIK.identity.seed, {}, (OFFICE,), practice=False)
    with pytest.raises(BundleError, match="unknown-sender"):
        open_bundle(written.files, reader=reader, progress=silent)


def test_messenger_volumes_fit(tmp_path: Path) -> None:
    written = write([film(45_000_000)], tmp_path, size=FOR_MESSENGERS)
    assert len(written.files) == 3
    assert all(path.stat().st_size <= FOR_MESSENGERS for path in written.files)
