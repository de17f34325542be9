"""Direct seal: a testimony that is never kept here in a form this device could open once the form is closed.

Rules: while it is written it is kept every few seconds under a key that lives in memory only and, wrapped, with
headquarters; nothing on the medium opens it. Saved, it goes signed into the outbox, sealed, and into the ledger as a
stub, in one transaction; its words and the keys of its files are in no row that was ever committed. A form that was cut
short can be written out for headquarters, which opens it as a draft of its own. The format is docs/formats/sealed.md.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kzdoc import casework, filling
from kzdoc.bundle.cards import read_card
from kzdoc.casework import Change
from kzdoc.crypto.sealing import open_bytes, seal_bytes
from kzdoc.crypto.wrapping import WRAPPING, unwrap_secret, wrap_secret
from kzdoc.domain.catalogue import kind
from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError, KzdocError
from kzdoc.filling import Draft, Newborn
from kzdoc.ledger.absence import withhold
from kzdoc.ledger.history import held_entries
from kzdoc.ledger.revision import Revision
from kzdoc.platform.files import open_given, writing_durably
from kzdoc.progress import Progress, silent
from kzdoc.sealing import SEALED, checked_label, finish, headquarters, into_outbox, matter_of
from kzdoc.session import Session

MAGIC = b"KZDOCDIR\x00\x01"
_TAG = b"kzdoc-direct-1\0"
_KEY, _ID = 32, 16
_VERSION = 1
FILE_LIMIT = 64 * 2**20


class DirectForm:
    """A form being written that can be opened here while this object lives; ``close`` it on locking and leaving."""

    def __init__(self, session: Session, to: Sequence[str]) -> None:
        """Begin a form for headquarters by name; raises as ``sealing.headquarters``."""
        self._session = session
        self._partners = headquarters(session, to)
        self._key = bytearray(session.randomness(_KEY))
        self.id = session.randomness(_ID)
        recipients = [read_card(partner.card).recipient for partner in self._partners]
        self._wrapped = [
            wrap_secret(one, self._key, associated=_TAG + self.id, randomness=session.randomness) for one in recipients
        ]

    def keep(self, draft: Draft) -> int:
        """Keep what stands in the form, over what was kept of it; return when (claimed seconds)."""
        content = encode(
            {
                "version": _VERSION,
                "kind": draft.kind,
                "record": draft.record,
                "name": draft.name,
                "typed": dict(draft.typed),
            }
        )
        piece = seal_bytes(self._open_key(), content, associated=_TAG + self.id, randomness=self._session.randomness)
        count = len(self._wrapped).to_bytes(2, "big")
        self._session.vault.drafts.keep_direct(self.id, MAGIC + self.id + count + b"".join(self._wrapped) + piece)
        return self._session.clock().seconds

    def kept(self) -> Draft | None:
        """Return what was last kept, or None when nothing was."""
        sealed = self._session.vault.drafts.direct(self.id)
        return (
            _read(self.id, open_bytes(self._open_key(), _piece(sealed), associated=_TAG + self.id)) if sealed else None
        )

    def save(
        self,
        kind_id: str,
        changes: Sequence[Change],
        *,
        record: bytes = b"",
        born: Sequence[Newborn] = (),
        label: str = "",
        progress: Progress = silent,
    ) -> dict[str, Any]:
        """Sign the form, seal it into the outbox, leave a stub, drop the draft and wipe the key.

        Raises as ``filling.save`` and ``sealing.seal``; then nothing was saved and the form goes on.
        """
        name = checked_label(label)
        session = self._session
        had = {blob.sha256 for blob in session.blobs.all()}
        with session.vault.transaction():
            about, entries = filling.entries_of(session, kind_id, record, changes, born=born, progress=progress)
            revisions = session.signed(entries, progress=progress)
            words = {one.id: dict(said) for one in revisions if (said := _said(one))}
            if not words:
                raise InputError("record.empty")
            session.store.append([withhold(one, words.get(one.id, {}), SEALED) for one in revisions])
            records = list(dict.fromkeys([about, *[entry.record for entry in entries]]))
            matter = matter_of(session, words)
            sealing = into_outbox(session, matter, self._partners, records, label=name, progress=progress)
            for file in matter.files:
                if file not in had and not session.blobs.referred_to(file):
                    session.blobs.forget(file)
            session.vault.drafts.drop(self.id)
        self.close()
        finish(session)
        return {"record": about.hex(), "sealing": sealing.root.hex(), "number": sealing.number, "label": name}

    def drop(self) -> None:
        """Throw the form away: its draft and its key."""
        self._session.vault.drafts.drop(self.id)
        self.close()

    def close(self) -> None:
        """Wipe the key; what was kept stays for headquarters alone."""
        self._key[:] = bytes(len(self._key))
        self._key.clear()

    def _open_key(self) -> bytearray:
        if not self._key:
            raise InputError("direct.closed")
        return self._key


def _said(revision: Revision) -> dict[int, bytes]:
    """Return what a revision says of records; the ledger's own entries are not words of anybody."""
    return {
        index: said.raw
        for held in held_entries(revision)
        if not held.entry.kind.startswith("_")
        for index, said in held.statements.items()
    }


# --- forms that were cut short


def cut_short(session: Session) -> list[dict[str, Any]]:
    """Return the forms that only headquarters can open, the newest first."""
    return [{"draft": one.id.hex(), "saved": one.saved} for one in session.vault.drafts.all() if one.direct]


def write_cut_short(session: Session, draft: bytes, out: Path) -> None:
    """Write such a form to a new file for headquarters; it stays here until it is dropped.

    Raises ``InputError``: ``direct.unknown``, ``file.exists``; ``platform.…`` of the disk.
    """
    sealed = session.vault.drafts.direct(draft)
    if sealed is None:
        raise InputError("direct.unknown")
    if out.exists():
        raise InputError("file.exists")
    with writing_durably(out) as target:
        target.write(sealed)


def is_cut_short(untrusted: bytes) -> bool:
    """Tell whether a file begins as a form that was cut short does."""
    return untrusted.startswith(MAGIC)


def read_cut_short(file: Path) -> bytes:
    """Return the bytes of a file that is such a form, b"" of any other; raises ``InputError("file.not-read")``."""
    try:
        with open_given(file) as source:
            untrusted = source.read(len(MAGIC))
            return untrusted + source.read(FILE_LIMIT) if is_cut_short(untrusted) else b""
    except OSError as error:
        raise InputError("file.not-read") from error


def open_cut_short(session: Session, untrusted: bytes) -> Draft:
    """Open such a form with this vault's key and keep it as a draft here; return it.

    Who wrote it is not proved: it is words in a form, and becomes a statement when somebody here saves it.

    Raises ``InputError``: ``direct.not-a-draft``, ``direct.not-for-you``.
    """
    draft = untrusted[len(MAGIC) : len(MAGIC) + _ID]
    identity = session.identity()
    opened = (unwrap_secret(identity, one, associated=_TAG + draft) for one in _wrapped(untrusted))
    key = next((one for one in opened if one is not None), None)
    if key is None:
        raise InputError("direct.not-for-you")
    try:
        found = _read(draft, open_bytes(key, _piece(untrusted), associated=_TAG + draft))
    except KzdocError as error:
        raise InputError("direct.not-a-draft") from error
    finally:
        key[:] = bytes(len(key))
    filling.keep_draft(session, found)
    return found


def _wrapped(sealed: bytes) -> list[bytes]:
    start, size = len(MAGIC) + _ID + 2, _KEY + WRAPPING
    return [sealed[at : at + size] for at in range(start, _pieces_at(sealed), size)]


def _piece(sealed: bytes) -> bytes:
    return sealed[_pieces_at(sealed) :]


def _pieces_at(sealed: bytes) -> int:
    start = len(MAGIC) + _ID
    count = int.from_bytes(sealed[start : start + 2], "big")
    end = start + 2 + count * (_KEY + WRAPPING)
    if not is_cut_short(sealed) or not 0 < count <= 32 or end > len(sealed) or len(sealed) > FILE_LIMIT:  # noqa: PLR2004 - readers of a bundle
        raise InputError("direct.not-a-draft")
    return end


def _read(draft: bytes, content: bytes) -> Draft:
    told: Any = None
    with contextlib.suppress(KzdocError):
        told = decode(content)
    good = (
        isinstance(told, Mapping)
        and told.get("version") == _VERSION
        and isinstance(told.get("kind"), str)
        and isinstance(told.get("record"), bytes)
        and isinstance(told.get("name"), str)
        and isinstance(told.get("typed"), Mapping)
    )
    if not good:
        raise InputError("direct.not-a-draft")
    kind(told["kind"])
    return Draft(draft, told["kind"], told["record"], told["name"], told["typed"])


def save_directly(
    session: Session, kind_id: str, changes: Sequence[Change], to: Sequence[str], *, label: str = ""
) -> dict[str, Any]:
    """Write and seal a new record in one step; raises as ``DirectForm`` and its ``save``."""
    casework.kind_or_none(kind_id)
    form = DirectForm(session, to)
    try:
        return form.save(kind_id, changes, label=label)
    finally:
        form.close()
