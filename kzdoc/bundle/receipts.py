"""Receipts: "I have this bundle, whole", signed (docs/formats/receipt.md).

A receipt is made for a bundle of which every volume was taken in; it names the bundle and its reader, never its
sender. What it is worth (an HQ key verified in person or not) is decided above.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kzdoc.bundle.armour import is_day, read_body, sized, unwrap, wrap
from kzdoc.bundle.cards import Card
from kzdoc.crypto.identity import SIGNATURE_SIZE, HybridSigner
from kzdoc.encoding import encode
from kzdoc.errors import BundleError

FORMAT = "kzdoc-receipt-1"
_CONTEXT = "kzdoc-receipt-v1"
_TEXT_LIMIT = 16 * 2**10
_KEYS = frozenset(("format", "bundle", "root", "sequence", "reader", "day"))
_FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who (``reader``, an Ed25519 key) has which bundle since which claimed day.

    ``forgotten``: he had all of it and has forgotten some of it since; nobody may rely on his holding it.
    """

    bundle: bytes
    root: bytes
    sequence: int
    reader: bytes
    day: str
    forgotten: bool = False

    def check_names(self, *, bundle: bytes, root: bytes, sequence: int) -> None:
        """Check that it is for this bundle; raises ``BundleError("receipt.other-bundle")``."""
        if (self.bundle, self.root, self.sequence) != (bundle, root, sequence):
            raise BundleError("receipt.other-bundle")


def make_receipt(*, bundle: bytes, root: bytes, sequence: int, day: str, forgotten: bool, signer: HybridSigner) -> str:
    """Return the receipt's text; ``forgotten`` says that some of the bundle has been forgotten since."""
    body = encode(
        {
            "format": FORMAT,
            "bundle": bundle,
            "root": root,
            "sequence": sequence,
            "reader": signer.public.ed25519,
            "day": day,
            **({_FORGOTTEN: True} if forgotten else {}),
        }
    )
    text = wrap("receipt", body, signer.sign(_CONTEXT, body))
    _read_body(body)
    return text


def read_receipt(text: str | bytes, *, known: Mapping[bytes, Card]) -> Receipt:
    """Return the receipt in ``text`` once its signature by one of ``known`` (cards by Ed25519 key) holds.

    Raises:
        BundleError: ``receipt.malformed``, ``receipt.newer-version``, ``receipt.unknown-signer``,
            ``receipt.signature``.
    """
    body, (signature,) = unwrap("receipt", text, signature_sizes=(SIGNATURE_SIZE,), limit=_TEXT_LIMIT)
    receipt = _read_body(body)
    card = known.get(receipt.reader)
    if card is None:
        raise BundleError("receipt.unknown-signer")
    if not card.author.verify(_CONTEXT, body, signature):
        raise BundleError("receipt.signature")
    return receipt


def _read_body(body: bytes) -> Receipt:
    value = read_body("receipt", body, FORMAT, _KEYS, may_have=frozenset((_FORGOTTEN,)))
    forgotten = value.get(_FORGOTTEN)
    good = (
        sized(value["bundle"], 16)
        and sized(value["root"], 32)
        and sized(value["reader"], 32)
        and type(value["sequence"]) is int
        and 0 < value["sequence"] < 2**63
        and is_day(value["day"])
        and (forgotten is True or _FORGOTTEN not in value)
    )
    if not good:
        raise BundleError("receipt.malformed")
    told = (value["bundle"], value["root"], value["sequence"], value["reader"], value["day"])
    return Receipt(*told, forgotten=forgotten is True)
