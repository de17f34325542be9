"""What a vault remembers of exchange folders: who takes part, what was seen there, what was put there.

Rules: kept in the vault's settings, nowhere else; nothing of it is a secret to lose, for without it files are looked at
once more and what was sent goes once more. What was put somewhere is known by its mark in every folder, so that a stick
may be mounted anywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kzdoc.domain.audience import Audience
from kzdoc.encoding import Value, decode, encode
from kzdoc.exchange.folder_files import Lying
from kzdoc.session import Session

_ARRANGED, _SEEN, _WRITING = "folder:", "folder-seen:", "folder-writing"
_PUT, _RECEIPTS, _DONE, _BESIDE = "folder-files:", "folder-receipts:", "folder-done", "folder-beside:"
_JUDGED, _PLACE = "folder-judged", "folder-place"
_DONE_MOST = 1_000
"""So many marks of files that nobody needs are kept, the newest: each round reads them all, each file adds one.

A copy of an older one that comes back is judged as any file is, and left lying.
"""
_WRITING_MOST = 8


@dataclass(frozen=True, slots=True)
class Arrangement:
    """For whom bundles are put into a folder (contact numbers), as what, and why.

    ``apart``: it lay on another disk than the vault then, a stick perhaps, which may be out.
    """

    to: tuple[int, ...]
    audience: Audience
    recipient: str
    purpose: str
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What a file turned out to be: ``code`` (folder.py), the bundle's root, the volume's number and of how many.

    ``trust``: what was known of partners then; a refusal is looked at again when that has changed.
    ``sender``: who signed it, of a bundle that waits.
    """

    lying: Lying
    mark: bytes
    code: str
    root: bytes = b""
    number: int = 0
    volumes: int = 0
    trust: bytes = b""
    sender: bytes = b""


class PutFile(NamedTuple):
    """A file put into a folder: the mark of its beginning, its size in bytes, the SHA-256 of the whole of it."""

    mark: bytes
    size: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Put:
    """A bundle put into a folder: its root and its files."""

    root: bytes
    files: tuple[PutFile, ...]

    @property
    def marks(self) -> list[bytes]:
        """The marks of its files."""
        return [one.mark for one in self.files]

    def lies_whole(self, present: Mapping[bytes, AbstractSet[int]]) -> bool:
        """Return whether all its files are among those that lie there (mark → sizes): a piece of one is not one."""
        return all(one.size in present.get(one.mark, ()) for one in self.files)


def raw_name(name: str) -> bytes:
    """Return a name as bytes; half a character, as Windows lets a name hold, is no text and is kept behind a zero."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return b"\0" + name.encode("utf-8", "surrogatepass")


def name_of(raw: bytes) -> str:
    """Return the name that was kept as bytes."""
    half = raw.startswith(b"\0")
    return raw.removeprefix(b"\0").decode("utf-8", "surrogatepass" if half else "surrogateescape")


def key_of(folder: Path) -> str:
    """Return the name under which things are remembered of a folder: nothing of its path can be read from it."""
    return hashlib.sha256(b"kzdoc folder 1\0" + raw_name(str(folder.resolve()))).hexdigest()


def draw_of(session: Session) -> bytes:
    """Return what decides which of too many files are looked at: the same every time, and nobody else's."""
    return hashlib.sha256(b"kzdoc folder draw 1\0" + session.vault.id).digest()


def arrangement(session: Session, folder: Path) -> Arrangement | None:
    """Return what was arranged for a folder, or None."""
    kept = session.vault.settings.get(_ARRANGED + key_of(folder))
    if kept is None:
        return None
    to, audience, recipient, purpose, apart = decode(kept)
    return Arrangement(tuple(to), Audience(audience), recipient, purpose, apart)


def arrange(session: Session, folder: Path, one: Arrangement) -> None:
    """Remember what was arranged for a folder."""
    kept = encode([list(one.to), one.audience.value, one.recipient, one.purpose, one.apart])
    session.vault.settings.put(_ARRANGED + key_of(folder), kept)


def place(session: Session) -> Path | None:
    """Return the folder that was chosen last at the desk, or None."""
    kept = session.vault.settings.get(_PLACE)
    return Path(name_of(decode(kept))) if kept else None


def remember_place(session: Session, folder: Path) -> None:
    """Remember the folder that was chosen, so that nobody has to look for it again."""
    session.vault.settings.put(_PLACE, encode(raw_name(str(folder))))


def seen(session: Session, folder: Path) -> dict[str, Seen]:
    """Return what the files of a folder turned out to be, by name."""
    kept = session.vault.settings.get(_SEEN + key_of(folder))
    rows = decode(kept) if kept else []
    found = [_seen(row) for row in rows]
    return {one.lying.name: one for one in found}


def _seen(row: Sequence[object]) -> Seen:
    name, size, modified, changed, *rest = row
    lying = Lying(name_of(bytes(name)), size, modified, changed)  # type: ignore[call-overload,arg-type]  # our own row
    return Seen(lying, *rest)  # type: ignore[arg-type]  # our own row


def remember_seen(session: Session, folder: Path, rows: Iterable[Seen]) -> None:
    """Remember what the files of a folder are; what is not among them is forgotten."""
    session.vault.settings.put(_SEEN + key_of(folder), encode([_row(one) for one in rows]))


def _row(one: Seen) -> list[Value]:
    name = raw_name(one.lying.name)
    found = (one.mark, one.code, one.root, one.number, one.volumes, one.trust, one.sender)
    return [name, *one.lying[1:], *found]


def puts(session: Session) -> dict[bytes, Put]:
    """Return the bundles put into folders that not all readers have receipted, by root."""
    rows = {bytes.fromhex(name): row for name, row in _rows(session, _PUT).items()}
    return {root: Put(root, tuple([PutFile(*one) for one in row])) for root, row in rows.items()}


def remember_put(session: Session, one: Put) -> None:
    """Remember a bundle that was put into a folder."""
    session.vault.settings.put(_PUT + one.root.hex(), encode([list(file) for file in one.files]))


def done_with(session: Session, one: Put) -> None:
    """Forget a bundle that all its readers have receipted or that was withdrawn, but for the marks of its files."""
    with session.vault.transaction():
        session.vault.settings.drop(_PUT + one.root.hex())
        _note_done(session, one.marks)


def done(session: Session) -> list[bytes]:
    """Return the marks of files put into folders that nobody needs any more: a copy of one may go wherever it is."""
    kept = session.vault.settings.get(_DONE)
    return list(decode(kept)) if kept else []


def judged(session: Session) -> bytes:
    """Return the stamp of what was here when it was last judged whether what was put somewhere may arrive."""
    return session.vault.settings.get(_JUDGED) or b""


def remember_judged(session: Session, stamp: bytes) -> None:
    """Remember what was here when that was judged."""
    if stamp != judged(session):
        session.vault.settings.put(_JUDGED, stamp)


def receipts_put(session: Session) -> dict[bytes, tuple[bytes, ...]]:
    """Return the roots of the bundles that files with our receipts name, by the files' marks."""
    rows = _rows(session, _RECEIPTS).items()
    return {bytes.fromhex(name): tuple([one for one in row if isinstance(one, bytes)]) for name, row in rows}


def remember_receipts(session: Session, folder: Path, mark: bytes, roots: Collection[bytes]) -> None:
    """Remember a file with receipts that was put into a folder; without roots it is forgotten."""
    if roots:
        session.vault.settings.put(_RECEIPTS + mark.hex(), encode([*sorted(roots), key_of(folder)]))
    else:
        session.vault.settings.drop(_RECEIPTS + mark.hex())


def forget_vanished(session: Session, folder: Path, present: Collection[bytes]) -> None:
    """Forget the files with receipts that were put into this folder and lie there no more, but for their marks.

    One that comes back is a copy nobody needs: what it named was receipted anew if it lies here still.
    """
    here = key_of(folder)
    rows = {
        bytes.fromhex(name): [one for one in row if isinstance(one, str)]
        for name, row in _rows(session, _RECEIPTS).items()
    }
    gone = [mark for mark, places in rows.items() if places in ([], [here]) and mark not in present]
    with session.vault.transaction():
        for mark in gone:
            session.vault.settings.drop(_RECEIPTS + mark.hex())
        if gone:
            _note_done(session, gone)


def _note_done(session: Session, marks: Iterable[bytes]) -> None:
    kept = [*done(session), *marks][-_DONE_MOST:]
    session.vault.settings.put(_DONE, encode(kept))


def _rows(session: Session, beginning: str) -> Mapping[str, list[Any]]:
    kept = session.vault.settings.under(beginning)
    return {name.removeprefix(beginning): decode(value) for name, value in kept.items()}


def beside(session: Session, folder: Path) -> tuple[bytes, bytes]:
    """Return (root, hash of what went beside records) of the newest bundle put into a folder, empty for none."""
    kept = session.vault.settings.get(_BESIDE + key_of(folder))
    root, told = decode(kept) if kept else (b"", b"")
    return root, told


def remember_beside(session: Session, folder: Path, root: bytes, told: bytes) -> None:
    """Remember what went beside the records of the newest bundle put into a folder."""
    session.vault.settings.put(_BESIDE + key_of(folder), encode([root, told]))


def writing(session: Session) -> list[str]:
    """Return the names of the folders within folders of which something may be left."""
    kept = session.vault.settings.get(_WRITING)
    return list(decode(kept)) if kept else []


def remember_writing(session: Session, names: Sequence[str]) -> None:
    """Remember where something may be left half written; of many, the newest."""
    if list(names) != writing(session):
        session.vault.settings.put(_WRITING, encode(list(names)[-_WRITING_MOST:]))
