"""Signatures: both halves needed, nothing fits elsewhere, verifying never raises; fingerprints."""

from __future__ import annotations

import hashlib
import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzdoc.crypto.identity import (
    _SMALL_ORDER,
    PUBLIC_SIZE,
    SIGNATURE_SIZE,
    HybridPublic,
    HybridSigner,
    author_of,
    fingerprint_digits,
    fingerprint_words,
    sign_revision,
    verify_revision,
)
from kzdoc.errors import KzdocError

SIGNER = HybridSigner.from_seed(bytes(range(64)))
STRANGER = HybridSigner.from_seed(bytes(range(1, 65)))
MESSAGE = b"root of a bundle"
SIGNATURE = SIGNER.sign("bundle-root", MESSAGE)
ED_SEED = bytes(range(32))
AUTHOR = author_of(ED_SEED)
REVISION = sign_revision(ED_SEED, b"skeleton")


def test_a_signature_verifies():
    assert len(SIGNATURE) == SIGNATURE_SIZE
    assert SIGNER.public.verify("bundle-root", MESSAGE, SIGNATURE)
    assert HybridPublic.from_bytes(SIGNER.public.raw).verify("bundle-root", MESSAGE, SIGNATURE)
    assert len(SIGNER.public.raw) == PUBLIC_SIZE


def test_each_half_alone_is_not_enough():
    other = STRANGER.sign("bundle-root", MESSAGE)
    assert not SIGNER.public.verify("bundle-root", MESSAGE, SIGNATURE[:64] + other[64:])
    assert not SIGNER.public.verify("bundle-root", MESSAGE, other[:64] + SIGNATURE[64:])
    assert not SIGNER.public.verify("bundle-root", MESSAGE, SIGNATURE[:64])
    assert not SIGNER.public.verify("bundle-root", MESSAGE, SIGNATURE + b"\0")


def test_the_halves_of_two_keys_do_not_make_a_third():
    mixed = HybridPublic(SIGNER.public.ed25519, STRANGER.public.mldsa65)
    joined = SIGNATURE[:64] + STRANGER.sign("bundle-root", MESSAGE)[64:]
    assert not mixed.verify("bundle-root", MESSAGE, joined)


def test_another_context_or_message_does_not_verify():
    assert not SIGNER.public.verify("receipt", MESSAGE, SIGNATURE)
    assert not SIGNER.public.verify("bundle-root", MESSAGE + b"!", SIGNATURE)
    assert not STRANGER.public.verify("bundle-root", MESSAGE, SIGNATURE)


def test_a_context_cannot_run_into_the_message():
    assert not SIGNER.public.verify("bundle", b"-root" + MESSAGE, SIGNATURE)


@pytest.mark.parametrize("context", ["", "Bundle", "a b", "a\0b", "x" * 65, "корень"])
def test_a_context_has_one_plain_spelling(context):
    with pytest.raises(KzdocError, match=r"key.context"):
        SIGNER.sign(context, b"x")


def test_a_hybrid_signature_is_no_revision_signature():
    seed = SIGNER.seed[:32]
    assert not verify_revision(author_of(seed), MESSAGE, SIGNATURE[:64])
    assert verify_revision(author_of(seed), MESSAGE, sign_revision(seed, MESSAGE))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, SIGNATURE_SIZE - 1), st.integers(1, 255))
def test_any_changed_byte_of_a_signature_is_refused(place, change):
    changed = bytearray(SIGNATURE)
    changed[place] ^= change
    assert not SIGNER.public.verify("bundle-root", MESSAGE, bytes(changed))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=64), st.binary(max_size=80), st.binary(max_size=100))
def test_verifying_never_raises(author, skeleton, signature):
    assert not verify_revision(author, skeleton, signature)
    assert not verify_revision(AUTHOR, skeleton, signature)
    assert not HybridPublic(author, skeleton).verify("receipt", b"", signature)
    assert not HybridPublic(author[:32].ljust(32), bytes(1952)).verify("receipt", b"", signature.ljust(SIGNATURE_SIZE))


def test_a_revision_verifies_and_only_it():
    assert verify_revision(AUTHOR, b"skeleton", REVISION)
    assert not verify_revision(AUTHOR, b"skeletom", REVISION)
    assert not verify_revision(author_of(bytes(32)), b"skeleton", REVISION)
    assert not verify_revision(AUTHOR, b"skeleton", REVISION[:-1])


@pytest.mark.parametrize("low", sorted(_SMALL_ORDER), ids=lambda low: low.hex()[:8])
@pytest.mark.parametrize("sign", [0, 0x80])
def test_keys_of_small_order_count_for_nothing(low, sign):
    author = low[:-1] + bytes([low[-1] | sign])
    identity_point = b"\x01" + bytes(31)
    assert not verify_revision(author, b"anything", identity_point + bytes(32))
    with pytest.raises(KzdocError, match=r"key.malformed"):
        HybridPublic.from_bytes(author + SIGNER.public.mldsa65)


def test_without_that_guard_a_small_order_key_would_sign_anything():
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    identity_point = b"\x01" + bytes(31)
    Ed25519PublicKey.from_public_bytes(identity_point).verify(identity_point + bytes(32), b"anything")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=PUBLIC_SIZE + 5))
def test_key_readers_raise_only_our_error(raw):
    for data in (raw, raw.ljust(PUBLIC_SIZE, b"\xff")):
        try:
            HybridPublic.from_bytes(data)
        except KzdocError as error:
            assert error.code == "key.malformed"  # noqa: PT017 - most of the examples raise, not all must
    for length in (0, 31, 33, 63, 65):
        with pytest.raises(KzdocError):
            HybridSigner.from_seed(bytes(length))
    with pytest.raises(KzdocError):
        author_of(bytes(31))


def test_verifying_revisions_is_as_fast_as_the_curve():
    started = time.process_time()
    for _ in range(500):
        verify_revision(AUTHOR, b"skeleton", REVISION)
    assert (time.process_time() - started) / 500 < 0.001


def test_a_seed_shows_in_no_repr():
    assert "seed" not in repr(SIGNER)


def test_fingerprint_digits():
    digits = fingerprint_digits(b"card")
    groups = digits.split(" ")
    assert [len(group) for group in groups] == [5] * 8
    assert "".join(groups).isdigit()
    number = int.from_bytes(hashlib.sha256(b"kzdoc-fingerprint-v1\0card").digest(), "big") % 10**40
    assert digits.replace(" ", "") == f"{number:040d}"
    assert fingerprint_digits(b"card!") != digits


@pytest.mark.parametrize("lang", ["en", "ru", "kk"])
def test_fingerprint_words(lang):
    words = fingerprint_words(b"card", lang).split(" ")
    assert len(words) == 12
    assert fingerprint_words(b"card", lang) == " ".join(words)
    assert fingerprint_words(b"card!", lang) != " ".join(words)


def test_fingerprint_words_are_the_first_bits_of_the_hash():
    from kzdoc.crypto.words import words_of

    words = words_of("en")
    bits = "".join(f"{byte:08b}" for byte in hashlib.sha256(b"kzdoc-fingerprint-v1\0card").digest())
    expected = [words[int(bits[start : start + 11], 2)] for start in range(0, 132, 11)]
    assert fingerprint_words(b"card", "en") == " ".join(expected)


def test_generated_signers_differ():
    assert HybridSigner.generate(os.urandom).public != HybridSigner.generate(os.urandom).public
