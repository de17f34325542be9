"""The head of a vault, signed and kept outside it; comparing it shows a rollback (docs/formats/head.md).

Rules: each line names a revision, which vouches by hash for all before it; the present state extends the head when it
holds every one of them. Counts are for people and are not compared: forgetting rightly lowers them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzdoc.bundle.armour import is_day, read_body, sized, unwrap, wrap
from kzdoc.crypto.identity import SIGNATURE_SIZE, HybridPublic, HybridSigner
from kzdoc.encoding import encode
from kzdoc.errors import BundleError
from kzdoc.ledger.history import Head

FORMAT = "kzdoc-head-1"
_CONTEXT = "kzdoc-head-v1"
_TEXT_LIMIT = 16 * 2**20
_LINE = 4
_KEYS = frozenset(("format", "heads", "counts", "signer", "day"))

Present = Callable[[bytes, bytes, int], Collection[bytes]]
"""(author, chain, sequence) → ids of the revisions held at that place (several after a fork)."""


@dataclass(frozen=True, slots=True)
class VaultHead:
    """What a vault held on a claimed day."""

    heads: tuple[Head, ...]
    counts: Mapping[str, int]
    signer: bytes
    day: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """``result`` is ``extends`` or ``behind``; ``missing`` and ``other`` are the lines that say so."""

    result: str
    missing: tuple[Head, ...]
    other: tuple[Head, ...]


def make_head(heads: Sequence[Head], counts: Mapping[str, int], *, day: str, signer: HybridSigner) -> str:
    """Return the text of a head file."""
    lines = [[head.author, head.chain, head.sequence, head.revision] for head in sorted(set(heads))]
    body = encode(
        {"format": FORMAT, "heads": lines, "counts": dict(counts), "signer": signer.public.ed25519, "day": day}
    )
    _read_body(body)
    return wrap("head", body, signer.sign(_CONTEXT, body))


def read_head(text: str | bytes, *, signer: HybridPublic) -> VaultHead:
    """Return the head in ``text`` once its signature by ``signer``, the vault's own key, holds.

    Raises:
        BundleError: ``head.malformed``, ``head.newer-version``, ``head.other-signer``, ``head.signature``.
    """
    body, (signature,) = unwrap("head", text, signature_sizes=(SIGNATURE_SIZE,), limit=_TEXT_LIMIT)
    try:
        head = _read_body(body)
    except BundleError as error:  # what is damaged is not called newer: only what was signed has a version
        if error.code == "head.newer-version" and not signer.verify(_CONTEXT, body, signature):
            raise BundleError("head.malformed") from error
        raise
    if head.signer != signer.ed25519:
        raise BundleError("head.other-signer")
    if not signer.verify(_CONTEXT, body, signature):
        raise BundleError("head.signature")
    return head


def compare(head: VaultHead, present: Present) -> Comparison:
    """Return whether the present state contains everything the head names."""
    missing: list[Head] = []
    other: list[Head] = []
    for line in head.heads:
        held = present(line.author, line.chain, line.sequence)
        if line.revision in held:
            continue
        (other if held else missing).append(line)
    return Comparison("behind" if missing or other else "extends", tuple(missing), tuple(other))


def _read_body(body: bytes) -> VaultHead:
    value = read_body("head", body, FORMAT, _KEYS)
    lines, counts = value["heads"], value["counts"]
    good = (
        type(lines) is list
        and all(_is_line(line) for line in lines)
        and lines == sorted(lines)
        and type(counts) is dict
        and all(type(name) is str and type(count) is int for name, count in counts.items())
        and sized(value["signer"], 32)
        and is_day(value["day"])
    )
    if not good:
        raise BundleError("head.malformed")
    return VaultHead(tuple([Head(*line) for line in lines]), counts, value["signer"], value["day"])


def _is_line(line: Any) -> bool:
    if type(line) is not list or len(line) != _LINE:
        return False
    author, chain, sequence, revision = line
    return (
        sized(author, 32)
        and sized(chain, 16)
        and type(sequence) is int
        and 0 <= sequence < 2**63
        and sized(revision, 32)
    )
