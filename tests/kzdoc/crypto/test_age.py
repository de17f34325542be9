"""Sealing and opening: sizes, recipients, limits, and nothing but a KzdocError on any bytes whatever."""

from __future__ import annotations

import io
import os
import random
import tracemalloc

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kzdoc.crypto import age_header
from kzdoc.crypto.age import (
    STANZAS,
    HybridIdentity,
    HybridRecipient,
    hybrid_only,
    open_,
    open_bytes,
    open_with,
    seal,
    seal_bytes,
)
from kzdoc.crypto.age_stream import CHUNK, NONCE_SIZE
from kzdoc.errors import BundleError, Cancelled, KzdocError
from kzdoc.limits import LIMITS

ME = HybridIdentity.from_seed(bytes(range(32)))
OTHER = HybridIdentity.from_seed(bytes(range(32, 64)))
PIECE = CHUNK + 16
FIXED = random.Random(7).randbytes
SMALL = seal_bytes(b"a short text", recipients=[ME.recipient], randomness=FIXED)


def sealed_of(size: int) -> tuple[bytes, bytes]:
    plaintext = random.Random(size).randbytes(size)
    return plaintext, seal_bytes(plaintext, recipients=[ME.recipient], randomness=os.urandom)


def code_of(data: bytes, identity: HybridIdentity = ME) -> str:
    with pytest.raises(KzdocError) as caught:
        open_bytes(data, identity=identity)
    return caught.value.code


def stanza_count(sealed: bytes) -> int:
    return len(age_header.read_header(io.BytesIO(sealed)).stanzas)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 480_000])
def test_what_is_sealed_opens(size):
    plaintext, sealed = sealed_of(size)
    assert open_bytes(sealed, identity=ME) == plaintext


@pytest.mark.parametrize(("recipients", "count"), [(1, 4), (4, 4), (5, 8), (9, 16), (17, 32), (32, 32)])
def test_stanzas_are_padded_to_a_size(recipients, count):
    identities = [HybridIdentity.generate(os.urandom) for _ in range(recipients)]
    sealed = seal_bytes(b"x", recipients=[item.recipient for item in identities], randomness=os.urandom)
    assert stanza_count(sealed) == count
    assert all(open_bytes(sealed, identity=item) == b"x" for item in identities)
    shapes = {
        (item.arguments[0], len(item.arguments[1]), len(item.body))
        for item in age_header.read_header(io.BytesIO(sealed)).stanzas
    }
    assert len(shapes) == 1


def test_bundles_for_one_and_for_four_have_the_same_size():
    four = [HybridIdentity.generate(os.urandom).recipient for _ in range(4)]
    sizes = {len(seal_bytes(b"x" * 99, recipients=four[:count], randomness=os.urandom)) for count in (1, 2, 3, 4)}
    assert len(sizes) == 1


def test_more_than_the_largest_size_is_refused():
    keys = [HybridIdentity.generate(os.urandom).recipient for _ in range(5)]
    with pytest.raises(BundleError, match=r"bundle.too-many-recipients"):
        seal_bytes(b"x", recipients=keys, randomness=os.urandom, stanzas=(4,))


def test_nobody_is_refused_and_nothing_is_written():
    target = io.BytesIO()
    with pytest.raises(BundleError, match=r"bundle.no-recipients"):
        seal(io.BytesIO(b"x"), target, recipients=[], randomness=os.urandom)
    assert target.getvalue() == b""


def test_one_recipient_given_twice_counts_once():
    sealed = seal_bytes(b"x", recipients=[ME.recipient] * 5, randomness=os.urandom)
    assert stanza_count(sealed) == STANZAS[0]


def test_the_place_of_a_recipient_tells_nothing():
    places = set()
    for _ in range(40):
        sealed = seal_bytes(b"x", recipients=[ME.recipient, OTHER.recipient], randomness=os.urandom)
        stanzas = age_header.read_header(io.BytesIO(sealed)).stanzas
        places.add(next(place for place, stanza in enumerate(stanzas) if ME.unwrap([stanza])))
    assert places == {0, 1, 2, 3}


def test_the_order_comes_from_the_given_randomness():
    def place(seed: int) -> int:
        chance = random.Random(seed).randbytes
        sealed = seal_bytes(b"x", recipients=[ME.recipient], randomness=chance)
        return next(
            at for at, item in enumerate(age_header.read_header(io.BytesIO(sealed)).stanzas) if ME.unwrap([item])
        )

    assert [place(seed) for seed in range(6)] == [place(seed) for seed in range(6)]


def test_cut_at_a_piece_is_truncated_and_cut_within_is_broken():
    _, sealed = sealed_of(3 * CHUNK)
    assert code_of(sealed[:-PIECE]) == "bundle.age-truncated"
    assert code_of(sealed[:-1]) == "bundle.age-payload"


def test_what_follows_a_full_last_piece_is_trailing():
    _, sealed = sealed_of(2 * CHUNK)
    assert code_of(sealed + b"\0") == "bundle.age-trailing"
    assert code_of(sealed + bytes(2 * PIECE)) == "bundle.age-trailing"


def test_swapped_pieces_are_refused():
    _, sealed = sealed_of(4 * CHUNK)
    body = len(sealed) - 4 * PIECE
    one, two = sealed[body : body + PIECE], sealed[body + PIECE : body + 2 * PIECE]
    assert code_of(sealed[:body] + two + one + sealed[body + 2 * PIECE :]) == "bundle.age-payload"


def test_an_empty_last_piece_is_refused():
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    file_key, nonce = bytes(16), bytes(NONCE_SIZE)
    head = age_header.write_header((ME.recipient.wrap(file_key),), file_key)
    cipher = ChaCha20Poly1305(HKDF(algorithm=SHA256(), length=32, salt=nonce, info=b"payload").derive(file_key))
    first = cipher.encrypt(bytes(12), bytes(CHUNK), None)
    empty = cipher.encrypt((1).to_bytes(11, "big") + b"\x01", b"", None)
    filled = cipher.encrypt((1).to_bytes(11, "big") + b"\x01", b"!", None)
    assert code_of(head + nonce + first + empty) == "bundle.age-payload"
    assert open_bytes(head + nonce + first + filled, identity=ME) == bytes(CHUNK) + b"!"


def test_a_header_without_end_is_refused_before_it_is_read_to_the_end():
    source = io.BytesIO(b"age-encryption.org/v1\n-> x\n" + b"A" * 64 * 1_000_000)
    with pytest.raises(BundleError):
        age_header.read_header(source)
    assert source.tell() <= LIMITS.age_header + 1
    lines = io.BytesIO(b"age-encryption.org/v1\n-> x\n" + (b"A" * 64 + b"\n") * 1_000_000)
    with pytest.raises(BundleError, match=r"bundle.age-header-size"):
        age_header.read_header(lines)
    assert lines.tell() <= LIMITS.age_header + 1


def test_a_policy_is_asked_before_any_identity():
    class Loud:
        def unwrap(self, stanzas: object) -> bytes | None:
            raise AssertionError("an identity saw what the policy refuses")

    def refuse(stanzas: object) -> None:
        raise BundleError("bundle.age-scrypt")

    with pytest.raises(BundleError, match=r"bundle.age-scrypt"):
        open_with(io.BytesIO(SMALL), io.BytesIO(), identities=[Loud()], policy=refuse)
    with pytest.raises(AssertionError):  # the twin: asked when the policy admits
        open_with(io.BytesIO(SMALL), io.BytesIO(), identities=[Loud()], policy=hybrid_only)


def test_cancel_stops_both_ways():
    def stop(step: str, done: int, total: int) -> None:
        if done > CHUNK:
            raise Cancelled

    plaintext, sealed = sealed_of(5 * CHUNK)
    with pytest.raises(Cancelled):
        seal(io.BytesIO(plaintext), io.BytesIO(), recipients=[ME.recipient], randomness=os.urandom, progress=stop)
    with pytest.raises(Cancelled):
        open_(io.BytesIO(sealed), io.BytesIO(), identity=ME, progress=stop)


class Zeros(io.RawIOBase):
    """A source of zeros that gives less than it is asked for, as a pipe does."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        give = min(self.left, size, 50_001)
        self.left -= give
        return bytes(give)


class Counter(io.RawIOBase):
    """A target that only counts."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.size += len(data)  # type: ignore[arg-type]
        return len(data)  # type: ignore[arg-type]


def test_memory_does_not_grow_with_the_size():
    tracemalloc.start()
    target = Counter()
    seal(Zeros(40_000_000), target, recipients=[ME.recipient], randomness=os.urandom)  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert target.size > 40_000_000
    assert peak < 2_000_000


def test_a_source_that_gives_little_at_a_time_is_sealed_whole():
    target = io.BytesIO()
    seal(Zeros(3 * CHUNK + 5), target, recipients=[ME.recipient], randomness=os.urandom)  # type: ignore[arg-type]
    assert open_bytes(target.getvalue(), identity=ME) == bytes(3 * CHUNK + 5)


def test_keys_written_as_text_come_back():
    assert HybridIdentity.from_text(ME.secret_text()) == ME
    assert HybridRecipient.from_text(str(ME.recipient)) == ME.recipient
    assert str(ME.recipient).startswith("age1pq1")


@pytest.mark.parametrize(
    "raw", [b"", bytes(1215), bytes(1216), b"\xff" * 1216, ME.recipient.raw + b"x", ME.recipient.raw[:1184] + bytes(32)]
)
def test_a_malformed_recipient_is_refused(raw):
    with pytest.raises(KzdocError, match=r"key.malformed"):
        HybridRecipient.from_bytes(raw)


def test_a_seed_shows_in_no_repr():
    assert "seed" not in repr(ME)
    assert ME.seed.hex()[:16] not in repr(ME)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_any_changed_byte_is_refused_with_a_code(changes):
    data = bytearray(SMALL)
    for place, change in changes:
        data[place] ^= change
    if bytes(data) == SMALL:
        return
    target = io.BytesIO()
    with pytest.raises(KzdocError):
        open_(io.BytesIO(bytes(data)), target, identity=ME)
    assert target.getvalue() == b""


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SMALL)), st.integers(0, len(SMALL)), st.binary(max_size=40))
def test_cut_joined_and_stuffed_files_are_refused_with_a_code(start, end, middle):
    data = SMALL[:start] + middle + SMALL[end:]
    if data == SMALL:
        return
    with pytest.raises(KzdocError):
        open_bytes(data, identity=ME)


LINES = st.sampled_from(
    [
        b"age-encryption.org/v1",
        b"-> mlkem768x25519 ",
        b"-> ",
        b"--- ",
        b"---",
        b"A" * 64,
        b"AA",
        b"",
        b"=",
        b"\r",
        b"\xff",
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.one_of(LINES, st.binary(max_size=70)), max_size=12), st.binary(max_size=10))
@example([b"age-encryption.org/v1", b"-> mlkem768x25519 \xc3\xa9"], b"")
def test_made_up_headers_are_refused_with_a_code(lines, rest):
    with pytest.raises(KzdocError):
        open_bytes(b"\n".join([b"age-encryption.org/v1", *lines]) + b"\n" + rest, identity=ME)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80), st.binary(max_size=1300))
def test_key_readers_raise_only_our_error(text, raw):
    for read in (HybridRecipient.from_text, HybridIdentity.from_text):
        for spelled in (text, "age1pq1" + text, "AGE-SECRET-KEY-PQ-1" + text):
            with pytest.raises(KzdocError):
                read(spelled)
    with pytest.raises(KzdocError):
        HybridRecipient.from_bytes(raw[:1215])
