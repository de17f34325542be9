"""Bundles taken in: from whom, when, with what counts, and the receipt made for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cbor2

from kzdoc.encoding import encode_trusted

if TYPE_CHECKING:
    from kzdoc.moment import Clock
    from kzdoc.vault.connection import Database


@dataclass(frozen=True, slots=True)
class BundleIn:
    """A bundle taken in; ``whole`` when nothing of it was refused, ``receipt`` the bytes made for it or empty."""

    root: bytes
    sender: bytes
    sequence: int
    taken: int
    whole: bool
    counts: Mapping[str, int]
    receipt: bytes


class TakenIn:
    """The bundles an open vault took in."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def bundle(self, root: bytes) -> BundleIn | None:
        """Return what is known of a bundle taken in, or None."""
        row = self._database.row("SELECT * FROM bundle_in WHERE root = ?", (root,))
        return _bundle_in(row) if row else None

    def bundles(self) -> list[BundleIn]:
        """Return the bundles taken in, the newest first."""
        return [_bundle_in(row) for row in self._database.rows("SELECT * FROM bundle_in ORDER BY taken DESC, root")]

    def taken_from(self, sender: bytes, *, but: bytes) -> dict[int, bytes]:
        """Return the roots of the bundles taken in from a sender by their sequence numbers, one left out."""
        return dict(
            self._database.rows("SELECT sequence, root FROM bundle_in WHERE sender = ? AND root <> ?", (sender, but))
        )

    def note(self, root: bytes, *, sender: bytes, sequence: int, whole: bool, counts: Mapping[str, int]) -> None:
        """Note a bundle taken in."""
        self._database.change(
            "INSERT OR REPLACE INTO bundle_in VALUES (?, ?, ?, ?, ?, ?, x'')",
            (root, sender, sequence, self._clock().seconds, whole, encode_trusted(dict(counts))),
        )

    def keep_receipt(self, root: bytes, receipt: bytes) -> None:
        """Keep the receipt made for a bundle taken in."""
        self._database.change("UPDATE bundle_in SET receipt = ? WHERE root = ?", (receipt, root))

    def forget_receipts(self) -> None:
        """Drop the receipts kept here: words were forgotten, so each must be made anew from what is still here."""
        self._database.change("UPDATE bundle_in SET receipt = x''")


def _bundle_in(row: tuple[object, ...]) -> BundleIn:
    root, sender, sequence, taken, whole, counts, receipt = row
    return BundleIn(root, sender, sequence, taken, bool(whole), cbor2.loads(counts), receipt)  # type: ignore[arg-type]  # STRICT columns
