"""F14 to F27: what is wrong with the signatures and what they cover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kzdoc.encoding import encode
from tests.kzdoc.bundle.fixture import DOUBTED, LOST, Fixture, canary, event, flip, person
from tests.kzdoc.bundle.parties import ANNA, STRANGER, Draft, frames_of, loose

LOST_CHAIN = [event(LOST, "known", person("known", "Тестова Дана"))]
LOST_CHAIN.append(
    event(
        LOST,
        "later",
        person("later", "Жалған Айғақ"),
        sequence=1,
        previous=LOST_CHAIN[0].id,
        chain=LOST_CHAIN[0].skeleton.chain,
    )
)
"""One revision that was known here when the partner was revoked, and one signed later with the stolen key."""


def signed_layer() -> Iterator[Fixture]:
    def bad(number: int, name: str, about: str, code: str, letter: str = "", **change: Any) -> Fixture:
        return Fixture(
            f"F{number:02}{letter}",
            name,
            about,
            "signed",
            code,
            code,
            lambda: Draft(canary(), **change).sealed(),
        )

    other = ANNA.signer.sign("kzdoc-bundle-v1", bytes(32))
    header = Draft(canary()).header_map()
    canonical = encode(header)
    doubled = bytes((canonical[0] + 1,)) + encode("day") + encode("2020-02-28") + canonical[1:]
    turned = loose(dict(sorted(header.items(), reverse=True)))
    yield bad(14, "stripped", "no signature", "bundle.malformed", signature=lambda _: b"")
    yield bad(14, "half", "Ed25519 alone", "bundle.signature", "b", signature=lambda good: good[:64])
    yield bad(15, "ml-dsa", "Ed25519 holds, ML-DSA does not", "bundle.signature", signature=lambda s: flip(s, 2_000))
    yield bad(16, "ed25519", "ML-DSA holds, Ed25519 does not", "bundle.signature", signature=lambda s: flip(s, 7))
    yield bad(17, "unknown-key", "signed by a key without a card", "bundle.unknown-sender", signer=STRANGER.signer)
    yield Fixture(
        "F18",
        "revoked",
        "signed by a partner who was revoked",
        "signed",
        "good",
        "bundle.revoked-sender",
        lambda: Draft(frames_of(LOST_CHAIN), signer=LOST.signer, label="revoked").sealed(),
        before=("take F18a-known", "revoke LOST"),
    )
    yield Fixture(
        "F18a",
        "known",
        "by the same partner before that",
        "signed",
        "good",
        "taken",
        lambda: Draft(frames_of(LOST_CHAIN[:1]), signer=LOST.signer, label="before").sealed(),
        after="known",
    )
    yield Fixture(
        "F18b",
        "revoked-carried",
        "what a revoked partner wrote before and after, carried by another",
        "signed",
        "good",
        "taken",
        lambda: Draft(frames_of(LOST_CHAIN), label="carried").sealed(),
        before=("take F18a-known", "revoke LOST"),
        after="what was known stands, what came later is kept and says nothing",
    )
    yield Fixture(
        "F19",
        "unverified",
        "signed by a partner who is not verified",
        "signed",
        "good",
        "bundle.unverified-sender",
        lambda: Draft(canary(), signer=DOUBTED.signer, label="doubted").sealed(),
        after="it waits in quarantine, sealed as it came",
    )
    yield bad(20, "forwarded", "encrypted again for a reader not listed", "bundle.forwarded", listed=[STRANGER])
    yield bad(21, "office", "for another office", "bundle.other-office", header={"office": b"office-other"})
    yield bad(21, "practice", "made in a practice vault", "bundle.practice", "b", header={"practice": True})
    yield bad(22, "other-root", "the signature of another bundle", "bundle.signature", signature=lambda _: other)
    yield bad(23, "context", "signed as a receipt is", "bundle.signature", context="kzdoc-receipt-v1")
    yield bad(24, "not-canonical", "the header's keys in another order", "bundle.malformed", raw_header=turned)
    yield bad(25, "duplicate-key", "a key twice in the header", "bundle.malformed", raw_header=doubled)
    yield bad(26, "unknown-field", "a key no reader knows", "bundle.newer-version", header={"anchor": b""})
    yield bad(27, "min-reader", "for a reader of the future", "bundle.newer-version", header={"min_reader": 2})
    yield Fixture(
        "F27b",
        "item-type",
        "an item of the type by which the processes tell each other the end",
        "signed",
        "bundle.newer-version",
        "bundle.newer-version",
        Draft([*canary(), (0xFF, (1).to_bytes(4, "big")), *canary("after")]).sealed,
    )
