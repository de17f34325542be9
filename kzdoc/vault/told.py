"""Which signed texts beside records each partner is known to hold: roster, alerts, successions.

Rules: he holds a text when he receipted a bundle that carried it, or sent the very text himself. A bundle that was
never receipted proves nothing, so a text that was lost on its way goes again; while such a bundle is known to lie on
its way it does not. Of a partner whose vault is an older one again nothing is known (``forget``), and from then on only
his receipts count: what he sends may have been made before. When in doubt a text goes once more; it does nothing twice.

Kept as ``setting`` rows ``told:CONTACT``: CBOR ``[ [sha256 of the text, [bundle root …]] … ]``, an empty root where it
was seen from him; the newest last, as many as stand below: what is dropped goes once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cbor2

from kzdoc.encoding import encode_trusted

if TYPE_CHECKING:
    from collections.abc import Collection

    from kzdoc.vault.connection import Database
    from kzdoc.vault.rows import NamedBytes

_TOLD = "told:"
_TEXTS, _BUNDLES = 512, 16
_SEEN = b""


class Told:
    """The signed texts that partners hold, as far as this vault knows."""

    def __init__(self, database: Database, settings: NamedBytes) -> None:
        self._database = database
        self._settings = settings

    def holds(self, contact: int, *, coming: Collection[bytes]) -> set[bytes]:
        """Return the hashes of the texts that a partner holds or that bundles on their way (``coming``) carry."""
        known = self._rows(contact)
        proved = {*coming, _SEEN, *self._receipted(contact)} if known else set()
        return {text for text, roots in known.items() if not proved.isdisjoint(roots)}

    def went(self, contact: int, root: bytes, texts: Collection[bytes]) -> None:
        """Note that a bundle for a partner carries texts; in the caller's transaction."""
        if not texts:
            return
        known, proved = self._rows(contact), {_SEEN, *self._receipted(contact)}
        for text in sorted(texts):
            roots = known.pop(text, [])
            known[text] = [*([one for one in roots if one in proved][-1:] or roots[1 - _BUNDLES :]), root]
        self._keep(contact, known)

    def seen(self, contact: int, texts: Collection[bytes]) -> None:
        """Note that a partner sent texts himself; in the caller's transaction."""
        known = self._rows(contact)
        if all(_SEEN in known.get(text, ()) for text in texts):
            return
        for text in sorted(texts):
            known.pop(text, None)
            known[text] = [_SEEN]
        self._keep(contact, known)

    def forget(self, contact: int) -> None:
        """Know nothing any more of what a partner holds: his vault is an older one again."""
        self._settings.drop(f"{_TOLD}{contact}")

    def _receipted(self, contact: int) -> set[bytes]:
        rows = self._database.rows("SELECT root FROM sent_to WHERE contact = ? AND received <> 0", (contact,))
        return {row[0] for row in rows}

    def _rows(self, contact: int) -> dict[bytes, list[bytes]]:
        kept = self._settings.get(f"{_TOLD}{contact}")
        return {text: list(roots) for text, roots in cbor2.loads(kept)} if kept else {}

    def _keep(self, contact: int, known: dict[bytes, list[bytes]]) -> None:
        rows = [[text, roots] for text, roots in known.items()][-_TEXTS:]
        self._settings.put(f"{_TOLD}{contact}", encode_trusted(rows))
