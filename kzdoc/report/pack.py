"""The verification pack of a publication: FILE.pdf.pack (docs/formats/pack.md).

Rules: made only on request for one named recipient; statements carry fresh ids and salts, so that two packs cannot
be joined; the root of their Merkle tree is signed by the publisher with the key that signed the paper; authors'
proofs are opaque bytes, none unless the caller has their recorded agreement. Checking needs no vault and no clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.crypto.identity import HybridPublic, HybridSigner
from kzdoc.encoding import decode, encode
from kzdoc.errors import KzdocError, PublicationError
from kzdoc.moment import Randomness
from kzdoc.redaction.tokens import Token
from kzdoc.redaction.view import View
from kzdoc.report.signature import signer_fingerprint

CONTEXT = "pack-1"
FORMAT = "kzdoc-pack-1"
LEAF_TAG = "kzdoc/pack/leaf/1"
KEYS = {"format", "paper", "size", "recipient", "purpose", "leaves", "root", "proofs", "publisher", "signature"}
LEAF_TYPES = (bytes, bytes, int, str, str, str)
MOST_BYTES = 64 * 2**20
ID_SIZE, SALT_SIZE, HASH_SIZE, SIGNATURE_SIZE = 16, 32, 32, 64 + 3309


@dataclass(frozen=True, slots=True)
class Statement:
    """One shown value as printed: number of the record in the paper, ids of kind and field, text."""

    record: int
    kind: str
    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that was checked: what it vouches for, and by whom (fingerprint digits)."""

    recipient: str
    purpose: str
    statements: tuple[Statement, ...]
    proofs: tuple[bytes, ...]
    signer: str


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


def check_pack(pack: bytes, pdf: bytes, *, expected: HybridPublic | None) -> Pack:
    """Return what ``pack`` vouches for about ``pdf``.

    Raises:
        PublicationError: one of the codes under "Judging" in docs/formats/pack.md.
    """
    if len(pack) > MOST_BYTES:
        raise PublicationError("publication.pack-too-large", limit=MOST_BYTES)
    body = _read(pack)
    if body["paper"] != hashlib.sha256(pdf).digest() or body["size"] != len(pdf):
        raise PublicationError("publication.pack-other-paper")
    if body["root"] != root([leaf_hash(leaf) for leaf in body["leaves"]]):
        raise PublicationError("publication.pack-root")
    public = HybridPublic(body["publisher"]["ed25519"], body["publisher"]["mldsa65"])
    if not public.verify(CONTEXT, _signed(body), body["signature"]):
        raise PublicationError("publication.pack-signature")
    if expected is not None and expected != public:
        raise PublicationError("publication.other-signer")
    statements = tuple(Statement(*leaf[2:]) for leaf in body["leaves"])
    return Pack(body["recipient"], body["purpose"], statements, tuple(body["proofs"]), signer_fingerprint(public))


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


def inclusion_path(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sibling hashes from leaf ``index`` up to the root (RFC 9162 §2.1.3)."""
    if len(hashes) == 1:
        return []
    split = _split(len(hashes))
    if index < split:
        return [*inclusion_path(hashes[:split], index), root(hashes[split:])]
    return [*inclusion_path(hashes[split:], index - split), root(hashes[:split])]


def root_from_path(leaf: bytes, index: int, count: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root that ``path`` gives for one leaf of ``count``; ``None`` when the path has another length."""
    if count == 1:
        return leaf if not path else None
    if not path or not 0 <= index < count:
        return None
    split, sibling = _split(count), path[-1]
    if index < split:
        below = root_from_path(leaf, index, split, path[:-1])
        pair = None if below is None else below + sibling
    else:
        below = root_from_path(leaf, index - split, count - split, path[:-1])
        pair = None if below is None else sibling + below
    return None if pair is None else hashlib.sha256(b"\x01" + pair).digest()


def _split(count: int) -> int:
    return int(1 << ((count - 1).bit_length() - 1))


def _signed(body: Mapping[str, Any]) -> bytes:
    digests = [hashlib.sha256(proof).digest() for proof in body["proofs"]]
    head = [body[key] for key in ("format", "paper", "size", "recipient", "purpose")]
    return encode([*head, len(body["leaves"]), body["root"], digests])


def _read(pack: bytes) -> dict[str, Any]:
    try:
        body = decode(pack)
    except KzdocError as error:
        raise PublicationError("publication.pack-malformed") from error
    if not isinstance(body, dict) or set(body) != KEYS or not _well_formed(body):
        raise PublicationError("publication.pack-malformed")
    return body


def _well_formed(body: dict[str, Any]) -> bool:
    publisher, leaves, proofs = body["publisher"], body["leaves"], body["proofs"]
    return (
        body["format"] == FORMAT
        and all(type(body[key]) is str for key in ("recipient", "purpose"))
        and type(body["size"]) is int
        and all(_bytes(body[key], size) for key, size in (("paper", 32), ("root", 32), ("signature", SIGNATURE_SIZE)))
        and isinstance(publisher, dict)
        and set(publisher) == {"ed25519", "mldsa65"}
        and _bytes(publisher["ed25519"], 32)
        and _bytes(publisher["mldsa65"], 1952)
        and isinstance(leaves, list)
        and all(_is_leaf(leaf) for leaf in leaves)
        and all(len({leaf[part] for leaf in leaves}) == len(leaves) for part in (0, 1))
        and isinstance(proofs, list)
        and all(isinstance(proof, bytes) for proof in proofs)
    )


def _bytes(value: Any, size: int) -> bool:
    return isinstance(value, bytes) and len(value) == size


def _is_leaf(leaf: Any) -> bool:
    return (
        isinstance(leaf, list)
        and len(leaf) == len(LEAF_TYPES)
        and all(type(part) is kind for part, kind in zip(leaf, LEAF_TYPES, strict=True))
        and len(leaf[0]) == ID_SIZE
        and len(leaf[1]) == SALT_SIZE
    )
