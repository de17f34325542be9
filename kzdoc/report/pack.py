"""The verification pack of a publication: FILE.pdf.pack (docs/formats/pack.md).

Rules: made only on request for one named recipient; statements carry fresh ids and salts, so that two packs cannot
be joined; the root of their Merkle tree is signed by the publisher with the key that signed the paper; authors'
proofs are opaque bytes, none unless the caller has their recorded agreement. Packs are judged by
packaging/verify_pack.py alone, which needs no vault and no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.crypto.identity import HybridSigner
from kzdoc.encoding import encode
from kzdoc.errors import PublicationError
from kzdoc.moment import Randomness
from kzdoc.redaction.tokens import Token
from kzdoc.redaction.view import View

CONTEXT = "pack-1"
FORMAT = "kzdoc-pack-1"
LEAF_TAG = "kzdoc/pack/leaf/1"
ID_SIZE, SALT_SIZE = 16, 32


@dataclass(frozen=True, slots=True)
class Statement:
    """One shown value as printed: number of the record in the paper, ids of kind and field, text."""

    record: int
    kind: str
    field: str
    text: str


def statements_of(view: View) -> tuple[Statement, ...]:
    """Return every value ``view`` shows, in its order, tokens by their labels."""
    return tuple(
        Statement(
            record.ref,
            record.kind,
            field.id,
            "".join(part.label if isinstance(part, Token) else part for part in value.parts),
        )
        for record in view.records
        for field in record.fields
        for value in field.values
    )


def write_pack(
    pdf: bytes, view: View, signer: HybridSigner, *, randomness: Randomness, proofs: Sequence[bytes] = ()
) -> bytes:
    """Return the pack of the paper ``pdf`` made from ``view``.

    Raises:
        PublicationError: ``publication.pack-no-recipient`` when the view names no recipient.
    """
    if not view.recipient.strip():
        raise PublicationError("publication.pack-no-recipient")
    leaves = [
        [randomness(ID_SIZE), randomness(SALT_SIZE), shown.record, shown.kind, shown.field, shown.text]
        for shown in statements_of(view)
    ]
    body: dict[str, Any] = {
        "format": FORMAT,
        "paper": hashlib.sha256(pdf).digest(),
        "size": len(pdf),
        "recipient": view.recipient,
        "purpose": view.purpose,
        "leaves": leaves,
        "root": root([leaf_hash(leaf) for leaf in leaves]),
        "proofs": list(proofs),
        "publisher": {"ed25519": signer.public.ed25519, "mldsa65": signer.public.mldsa65},
    }
    body["signature"] = signer.sign(CONTEXT, _signed(body))
    return encode(body)


def leaf_hash(leaf: Sequence[Any]) -> bytes:
    """Return the hash of one leaf ``[id, salt, record, kind, field, text]``."""
    return hashlib.sha256(b"\x00" + encode([LEAF_TAG, *leaf])).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the Merkle root of leaf hashes (RFC 9162 §2.1)."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    split = _split(len(hashes))
    return hashlib.sha256(b"\x01" + root(hashes[:split]) + root(hashes[split:])).digest()


def _split(count: int) -> int:
    return int(1 << ((count - 1).bit_length() - 1))


def _signed(body: Mapping[str, Any]) -> bytes:
    digests = [hashlib.sha256(proof).digest() for proof in body["proofs"]]
    head = [body[key] for key in ("format", "paper", "size", "recipient", "purpose")]
    return encode([*head, len(body["leaves"]), body["root"], digests])
