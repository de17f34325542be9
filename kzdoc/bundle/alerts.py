"""Alerts: "X was detained; these are the last heads to be trusted", signed by who says so (docs/formats/alert.md).

An alert changes nothing by itself: whoever reads it decides whether to follow. What it is worth (who signed it, and
whether the roster lets him revoke for others) is judged above.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kzdoc.bundle.armour import is_day, read_body, sized, unwrap, wrap
from kzdoc.crypto.identity import SIGNATURE_SIZE, HybridPublic, HybridSigner
from kzdoc.encoding import encode
from kzdoc.errors import BundleError
from kzdoc.ledger.history import Head

FORMAT = "kzdoc-alert-1"
_CONTEXT = "kzdoc-alert-v1"
_TEXT_LIMIT = 2**20
_HEADS = 4_096
_KEYS = frozenset(("format", "alert", "about", "heads", "since", "by", "day"))


@dataclass(frozen=True, slots=True)
class Alert:
    """``about`` an author: the last good ``heads``; ``since`` the day it happened or empty; ``by`` who signed it."""

    id: bytes
    about: bytes
    heads: tuple[Head, ...]
    since: str
    by: bytes
    day: str
    text: str = field(repr=False, compare=False)


def make_alert(
    *, alert: bytes, about: bytes, heads: Sequence[Head], since: str, day: str, signer: HybridSigner
) -> Alert:
    """Return a signed alert; raises ``BundleError("alert.malformed")`` when no reader would accept it."""
    body = encode(
        {
            "format": FORMAT,
            "alert": alert,
            "about": about,
            "heads": sorted([head.chain, head.sequence, head.revision] for head in heads),
            "since": since,
            "by": signer.public.ed25519,
            "day": day,
        }
    )
    return _read(body, wrap("alert", body, signer.sign(_CONTEXT, body)))


def read_alert(text: str | bytes, *, known: Mapping[bytes, HybridPublic]) -> Alert:
    """Return the alert in ``text`` once its signature by one of ``known`` (by Ed25519 key) holds.

    Raises:
        BundleError: ``alert.malformed``, ``alert.newer-version``, ``alert.unknown-signer``, ``alert.signature``.
    """
    body, (signature,) = unwrap("alert", text, signature_sizes=(SIGNATURE_SIZE,), limit=_TEXT_LIMIT)
    alert = _read(body, text if isinstance(text, str) else text.decode("ascii"))
    signer = known.get(alert.by)
    if signer is None:
        raise BundleError("alert.unknown-signer")
    if not signer.verify(_CONTEXT, body, signature):
        raise BundleError("alert.signature")
    return alert


def _read(body: bytes, text: str) -> Alert:
    value = read_body("alert", body, FORMAT, _KEYS)
    good = (
        sized(value["alert"], 16)
        and sized(value["about"], 32)
        and are_heads(value["heads"], _HEADS)
        and (value["since"] == "" or is_day(value["since"]))
        and sized(value["by"], 32)
        and is_day(value["day"])
    )
    if not good:
        raise BundleError("alert.malformed")
    heads = tuple([Head(value["about"], *row) for row in value["heads"]])
    return Alert(value["alert"], value["about"], heads, value["since"], value["by"], value["day"], text)


def are_heads(rows: Any, limit: int) -> bool:
    """Return whether this is a sorted array of ``[chain(16), sequence, revision(32)]``, each once."""
    return (
        type(rows) is list
        and len(rows) <= limit
        and all(
            type(row) is list
            and len(row) == 3  # noqa: PLR2004 - chain, sequence, revision
            and sized(row[0], 16)
            and type(row[1]) is int
            and 0 <= row[1] < 2**63
            and sized(row[2], 32)
            for row in rows
        )
        and all(rows[place] < rows[place + 1] for place in range(len(rows) - 1))
    )
