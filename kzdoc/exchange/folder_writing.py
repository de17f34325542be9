"""Putting bundles and receipts into an exchange folder: whole under a random name, or not at all.

Rules: everything is written in a folder of its own within the folder, flushed and read back, noted in the vault, and
only then given its name. That inner folder is remembered before anything is written: after a stop in the middle what
lies in it is finished if it was noted and removed if it was not. A name says nothing, and no two of a bundle's volumes
have names that belong together.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kzdoc.bundle.cards import read_card
from kzdoc.bundle.sealed_receipts import MOST, seal_receipts
from kzdoc.bundle.writer import Written
from kzdoc.errors import BundleError, KzdocError
from kzdoc.exchange import folder_memory as memory
from kzdoc.exchange.choosing import keep_standings
from kzdoc.exchange.folder_files import mark_of, read_mark
from kzdoc.exchange.folder_memory import Arrangement, Put, PutFile
from kzdoc.exchange.outgoing import Load, load_for, send
from kzdoc.exchange.receipting import make_receipt
from kzdoc.exchange.trust import VERIFIED
from kzdoc.platform.files import file_errors, is_own_folder, move_durably, replace_durably
from kzdoc.progress import Progress
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact

_INNER = ".part"
PASSING = frozenset(("bundle.reader-failed", "bundle.contents", "file.not-read", "sandbox.failed"))
"""Refusals that say nothing of the file: it is looked at again the next time."""


def finish_writing(session: Session, folder: Path) -> None:
    """Bring to an end what a stop left half done: what was noted gets its name, what was not goes.

    A link in the place of such a folder is somebody else's: nothing is looked for behind it, and it is forgotten.
    What is not seen here may lie on a stick that is not in; it is looked for again. Raises
    ``KzdocError("platform.…")`` when the folder does not let it.
    """
    names = memory.writing(session)
    here = [name for name in names if is_own_folder(folder / name)]
    for name in here:
        _finish(session, folder, folder / name)
    done = [name for name in here if not (folder / name).exists()]
    links = [name for name in names if name not in here and os.path.lexists(folder / name)]
    memory.remember_writing(session, [name for name in names if name not in (*done, *links)])


def _finish(session: Session, folder: Path, inner: Path) -> None:
    noted = {mark for put in memory.puts(session).values() for mark in put.marks} | {*memory.receipts_put(session)}
    with file_errors():
        files = sorted(inner.iterdir())
    unread = False
    for file in files:
        mark = read_mark(file)
        if mark in noted:
            move_durably(file, folder / file.name)
        elif mark is not None:
            file.unlink(missing_ok=True)
        else:
            unread = unread or not file.is_dir()
    if not unread:
        shutil.rmtree(inner, ignore_errors=True)


def _begun(session: Session, folder: Path) -> Path:
    """Return a new inner folder that is remembered."""
    name = f".{session.randomness(8).hex()}{_INNER}"
    memory.remember_writing(session, [*memory.writing(session), name])
    with file_errors():
        (folder / name).mkdir()
    return folder / name


def put_bundle(
    session: Session,
    folder: Path,
    partners: Sequence[Contact],
    plan: Arrangement,
    *,
    on_the_way: Sequence[bytes],
    volume_size: int | None,
    progress: Progress,
) -> dict[str, Any] | None:
    """Put what the partners lack into a folder; return what was made, None when they lack nothing.

    Raises as ``make_bundle`` does; nothing is left then but what the medium did not let go of.
    """
    load = load_for(session, partners, audience=plan.audience, on_the_way=on_the_way, progress=progress)
    if not load.parts and not load.blobs and not _news(session, folder, load, on_the_way):
        with session.vault.transaction():
            keep_standings(session, load.choice)
        return None
    inner = _begun(session, folder)

    def noting(written: Written) -> None:
        files = [
            PutFile(mark_of(file), file.stat().st_size, digest)
            for file, digest in zip(written.files, written.digests, strict=True)
        ]
        memory.remember_put(session, Put(written.root, tuple(files)))
        memory.remember_beside(session, folder, written.root, load.beside())

    try:
        told = send(
            session,
            load,
            inner,
            volume_size=volume_size,
            recipient=plan.recipient,
            purpose=plan.purpose,
            noting=noting,
            progress=progress,
        )
    finally:
        finish_writing(session, folder)
    return {**told, "files": [Path(file).name for file in told["files"]]}


def _news(session: Session, folder: Path, load: Load, on_the_way: Sequence[bytes]) -> bool:
    """Return whether there is a roster, an alert or a succession to tell, or something to be forgotten.

    What is to be forgotten goes by itself when it has changed since the last bundle, or that was lost.
    """
    if load.notices:
        return True
    if not load.choice.forgotten:
        return False
    root, told = memory.beside(session, folder)
    if told != load.beside():
        return True
    received = {number: seconds for number, _, seconds in session.vault.sent.recipients_of(root)}
    return root not in on_the_way and not all(received.get(partner.number) for partner in load.partners)


def put_receipts(
    session: Session, folder: Path, bundles: Mapping[bytes, Sequence[Path]]
) -> tuple[set[bytes], set[bytes]]:
    """Put receipts for these bundles (root → files) into a folder, sealed to their senders.

    Return for which, and which bundles could not be read now: they wait for the next time.
    """
    by_sender: dict[bytes, list[tuple[bytes, bytes]]] = {}
    later: set[bytes] = set()
    for root, files in bundles.items():
        taken = session.vault.taken_in.bundle(root)
        receipt = (taken.receipt or _made(session, files)) if taken else b""
        if receipt is None:
            later.add(root)
        elif taken and receipt:
            by_sender.setdefault(taken.sender, []).append((root, receipt))
    written: set[bytes] = set()
    for sender, several in sorted(by_sender.items()):
        cards = [one for one in session.vault.contacts.by_author(sender) if one.state == VERIFIED]
        for start in range(0, len(several) if cards else 0, MOST):
            part = several[start : start + MOST]
            data = seal_receipts(
                [receipt for _, receipt in part],
                recipient=read_card(cards[0].card).recipient,
                randomness=session.randomness,
            )
            _put_file(session, folder, data, [root for root, _ in part])
            written |= {root for root, _ in part}
    return written, later


def _made(session: Session, files: Sequence[Path]) -> bytes | None:
    """Return a receipt made anew for a bundle that was taken in earlier, empty when it is not all here any more.

    None when its files could not be read now: a carrier removed one, or a process was stopped.
    """
    try:
        return make_receipt(session, files)
    except KzdocError as error:
        if error.code in PASSING:
            return None
        if not isinstance(error, BundleError):
            raise
        return b""


def _put_file(session: Session, folder: Path, data: bytes, roots: Sequence[bytes]) -> None:
    inner = _begun(session, folder)
    try:
        file = inner / f"{session.randomness(8).hex()}.bin"
        replace_durably(file, data)
        memory.remember_receipts(session, folder, mark_of(file), roots)
    finally:
        finish_writing(session, folder)
