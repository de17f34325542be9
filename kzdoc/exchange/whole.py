"""Bundles that carry all that is said of some records: what sealing makes, and what brings a traveller's words back.

Rules: to verified partners of one's own house, whatever class the words are of (internal notes too: what does not go
would be lost); nothing is left out because it went before. The bundle is docs/formats/bundle.md's own. A sealed one is
opened once more before anybody relies on it, by a key that was made for that and is forgotten, and compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kzdoc.bundle.items import Blob, BlobPiece, Introduction, TakenRevision
from kzdoc.bundle.reader import Reader, open_bundle
from kzdoc.bundle.writer import FOR_STICKS, Addressee, Written, write_bundle
from kzdoc.crypto.age import HybridIdentity
from kzdoc.crypto.identity import verify_revision
from kzdoc.errors import BundleError
from kzdoc.exchange.arriving import listed
from kzdoc.exchange.carrying import open_file, size_of
from kzdoc.exchange.held import office_of
from kzdoc.exchange.outgoing import addressee, verified_partner
from kzdoc.ledger.history import held_entries, stays_home
from kzdoc.ledger.merge import Held
from kzdoc.ledger.revision import INDEX_BASE, Revision
from kzdoc.progress import Progress
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact

Words = Mapping[bytes, Mapping[int, bytes]]
"""Disclosures by revision and index."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What a whole bundle carries: parts of revisions, words sealed in it, files, and whom to introduce."""

    parts: tuple[Revision, ...]
    sealed: tuple[Revision, ...]
    files: tuple[bytes, ...]
    authors: tuple[tuple[bytes, str], ...]


def partners_named(session: Session, names: Sequence[str]) -> list[Contact]:
    """Return the verified partners of these names, each once.

    Raises ``BundleError``: ``contact.not-verified``, ``contact.revoked``; ``InputError("contact.unknown")``.
    """
    found = {one.number: one for one in [verified_partner(session, name) for name in names]}
    return list(found.values())


def gather(
    session: Session, words: Words, files: Sequence[bytes], partners: Sequence[Contact], progress: Progress
) -> Whole:
    """Return a bundle's worth of ``words``: their revisions, and the bare skeletons of the same authors' chains.

    Skeletons all partners have receipted are left out. Raises ``BundleError("seal.unsigned")`` when a
    revision that says one of the words was never signed as it stands here, so that nobody could check it.
    """
    mine = session.vault.chains.revisions(list(words))
    authors = {revision.skeleton.author for revision in mine.values()}
    carried = [session.vault.sent.carried(partner.number, receipted_only=True) for partner in partners]
    parts: list[Revision] = []
    sealed: list[Revision] = []
    beyond = session.store.in_force()[0]
    for number, revision in enumerate(session.vault.chains.since()):
        progress("bundle.choose", number, 0)
        if revision.id in words:
            if not _is_signed(revision):
                raise BundleError("seal.unsigned")
            part = _part_of(revision, words[revision.id])
            parts.append(part)
            gone = dict.fromkeys(words[revision.id], "sealed")
            sealed.append(Revision(part.skeleton, part.signature, part.entries, {}, gone))
        elif revision.skeleton.author in authors and not all(revision.id in one for one in carried):
            parts += [_part_of(revision, {})] if revision.id not in beyond and _is_signed(revision) else []
    names = {author: session.author_name(author) for author in authors if author != session.author}
    return Whole(tuple(parts), tuple(sealed), tuple(sorted(set(files))), tuple(sorted(names.items())))


def _is_signed(revision: Revision) -> bool:
    return verify_revision(revision.skeleton.author, revision.skeleton.raw, revision.signature)


def _part_of(revision: Revision, words: Mapping[int, bytes]) -> Revision:
    """Return the revision with these words and the ledger's own entries, with the entries they stand in."""
    system = {held.number for held in held_entries(revision) if _travels(held)}
    numbers = system | {index // INDEX_BASE for index in words}
    entries = {number: raw for number, raw in revision.entries.items() if number in numbers}
    own = {index: raw for index, raw in revision.statements.items() if index // INDEX_BASE in system}
    return Revision(revision.skeleton, revision.signature, entries, {**own, **words}, {})


def _travels(held: Held) -> bool:
    """Return whether an entry is the ledger's own and not this desk's alone."""
    return held.entry.kind.startswith("_") and not stays_home(held)


def write_whole(
    session: Session,
    whole: Whole,
    partners: Sequence[Contact],
    target: Path,
    *,
    also: HybridIdentity | None,
    progress: Progress,
) -> tuple[Written, dict[int, int]]:
    """Write the bundle; return it and each partner's number for it. ``also`` is one more key that opens it.

    Raises ``BundleError``: ``bundle.…`` from the writer; no file is left then.
    """
    numbers = {partner.number: session.vault.sent.next_number(partner.number) for partner in partners}
    readers = [addressee(session, partner, numbers[partner.number]) for partner in partners]
    if also is not None:
        readers.append(Addressee(also.recipient, 1))
    blobs = [Blob(key, size_of(session, key), partial(open_file, session, key)) for key in whole.files]
    introduced = [Introduction(list(whole.authors))] if whole.authors else []
    written = write_bundle(
        [*introduced, *whole.parts, *whole.sealed, *blobs],
        sender=session.signer(),
        recipients=readers,
        target=target,
        volume_size=FOR_STICKS,
        office=office_of(session, [partner.author for partner in partners]),
        practice=session.practice,
        created_day=session.clock().day(),
        randomness=session.randomness,
        progress=progress,
    )
    return written, numbers


def seen_in(
    session: Session, files: Sequence[Path], identity: HybridIdentity, progress: Progress
) -> tuple[Words, set[bytes]]:
    """Open what was written as a reader with ``identity`` would; return the words in it and its whole files.

    Raises ``BundleError`` as reading a bundle does.
    """
    own = session.card()
    senders = {own.author.ed25519: own}
    reader = Reader(identity_seed=identity.seed, senders=senders, offices=(), practice=session.practice)
    words: dict[bytes, dict[int, bytes]] = {}
    whole: set[bytes] = set()
    with open_bundle(files, reader=reader, progress=progress) as opened:
        if opened.missing:
            raise BundleError("bundle.volumes-missing", n=len(opened.missing), which=listed(opened.missing))
        digest = hashlib.sha256()
        for item in opened.items(progress):
            if isinstance(item, TakenRevision):
                words.setdefault(item.skeleton.id, {}).update({index: one.raw for index, one in item.said.items()})
            elif isinstance(item, BlobPiece):
                digest = digest if item.offset else hashlib.sha256()
                digest.update(item.data)
                if item.offset + len(item.data) == item.size and digest.digest() == item.sha256:
                    whole.add(item.sha256)
    return words, whole
