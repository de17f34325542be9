"""Bundles for partners: made, foreseen, remembered; what goes into them is chosen in choosing.py.

Rules: only to verified partners. Beside the records go the office's roster, alerts and successions (notices.py). A
bundle for people of one office says so and no other office takes it in; one from a practice vault is for practice
vaults. What a partner was sent is noted down to statement and file, or no file is left. A bundle that is said to be
safe was read back from the medium.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzdoc.bundle.cards import read_card
from kzdoc.bundle.items import Erasures, Introduction, Notice
from kzdoc.bundle.writer import FOR_STICKS, Addressee, Written, write_bundle
from kzdoc.domain.audience import Audience
from kzdoc.encoding import encode
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange.carrying import blobs_of, files_for
from kzdoc.exchange.choosing import Choice, carried_by, choice_of, coming_to, keep_standings, parts_of
from kzdoc.exchange.held import held_roster, office_of
from kzdoc.exchange.notices import hash_of, lacking, notices_for
from kzdoc.exchange.trust import VERIFIED, named
from kzdoc.leaving import reader_named
from kzdoc.ledger.history import held_entries
from kzdoc.ledger.revision import Revision
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact


def make_bundle(
    session: Session,
    to: Sequence[str],
    out: Path,
    *,
    audience: Audience,
    records: Sequence[bytes] | None = None,
    volume_size: int | None = None,
    recipient: str = "",
    purpose: str = "",
    again: bool = False,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Make a bundle for partners by name; ``records`` None means everything that may go.

    ``again`` also sends what all of them have receipted: to one who was travelling, or restored an older vault.

    Raises:
        BundleError: ``contact.not-verified``, ``contact.revoked``, ``bundle.…`` from the writer; no file is left.
        InputError: ``contact.unknown``, ``record.unknown``, ``file.exists``.
        PublicationError: ``publication.no-reader`` without a purpose, unless it stays ``internal``.
    """
    partners = [verified_partner(session, name) for name in dict.fromkeys(to)]
    recipient = recipient or ", ".join(partner.name for partner in partners)
    reader_named(audience, recipient, purpose)
    choice = choice_of(session, audience, records)
    choice.again = again
    _check_free(out, several=volume_size is not None)
    load = _loaded(session, choice, partners, progress)
    return send(
        session,
        load,
        out,
        volume_size=volume_size,
        recipient=recipient,
        purpose=purpose,
        noting=None,
        progress=progress,
    )


@dataclass(frozen=True, slots=True)
class Load:
    """What a bundle would carry: parts of revisions, whom to introduce, files, signed texts, what to forget."""

    partners: tuple[Contact, ...]
    choice: Choice
    parts: tuple[Revision, ...]
    authors: tuple[tuple[bytes, str], ...]
    blobs: frozenset[bytes]
    notices: tuple[Notice, ...]

    def beside(self) -> bytes:
        """Return a hash of what is to be forgotten: without other news it goes again only when it has changed."""
        return hashlib.sha256(encode(sorted(self.choice.forgotten))).digest()


def load_for(
    session: Session,
    partners: Sequence[Contact],
    *,
    audience: Audience,
    on_the_way: Collection[bytes],
    progress: Progress,
) -> Load:
    """Return what verified partners lack of everything; what bundles that are on their way carry, they do not."""
    choice = choice_of(session, audience, None)
    choice.on_the_way = frozenset(on_the_way)
    return _loaded(session, choice, partners, progress)


def _loaded(session: Session, choice: Choice, partners: Sequence[Contact], progress: Progress) -> Load:
    parts, authors = parts_of(session, choice, partners, progress)
    blobs = blobs_of(session, choice, parts, partners)
    notices = notices_for(session, partners, choice.audience)
    if not choice.again:
        coming = {partner.number: coming_to(session, choice, partner) for partner in partners}
        notices = lacking(session, partners, notices, coming)
    return Load(tuple(partners), choice, tuple(parts), tuple(authors), frozenset(blobs), tuple(notices))


def send(
    session: Session,
    load: Load,
    out: Path,
    *,
    volume_size: int | None,
    recipient: str,
    purpose: str,
    noting: Callable[[Written], None] | None,
    progress: Progress,
) -> dict[str, Any]:
    """Write what was chosen as a bundle and note it; ``noting`` is called in the same transaction.

    Raises as ``make_bundle`` does; no file is left then.
    """
    partners, choice, audience = load.partners, load.choice, load.choice.audience
    introductions = [Introduction(list(load.authors))] if load.authors else []
    erasures = [Erasures(sorted(choice.forgotten))] if choice.forgotten else []
    numbers = {partner.number: session.vault.sent.next_number(partner.number) for partner in partners}
    written = write_bundle(
        [*load.notices, *introductions, *load.parts, *erasures, *files_for(session, load.blobs)],
        sender=session.signer(),
        recipients=[addressee(session, partner, numbers[partner.number]) for partner in partners],
        target=out,
        volume_size=volume_size or FOR_STICKS,
        office=office_of(session, [partner.author for partner in partners]),
        practice=session.practice,
        created_day=session.clock().day(),
        randomness=session.randomness,
        progress=progress,
    )
    with _or_none_is_left(written.files), session.vault.transaction():
        session.vault.sent.note(
            written.root,
            profile=audience.value,
            purpose=purpose,
            recipients=numbers,
            carried={part.id: sorted(carried_by(part)) for part in load.parts},
            blobs=load.blobs,
        )
        session.vault.exports.note(
            audience=audience.value,
            recipient=recipient,
            purpose=purpose,
            form="bundle",
            sha256=written.root,
            records=sorted(key for key, shown in choice.states.items() if shown is not None),
            detail={},
        )
        for partner in partners:
            session.vault.told.went(partner.number, written.root, {hash_of(one) for one in load.notices})
        keep_standings(session, choice)
        if noting is not None:
            noting(written)
    files = [str(file) for file in written.files]
    told = {"bundle": written.root.hex(), "files": files, "to": [partner.name for partner in partners]}
    return {**told, **_counts(choice, load.parts), "files_inside": len(load.blobs), "safe_to_pull": True}


def _counts(choice: Choice, parts: Sequence[Revision]) -> dict[str, int]:
    """Return what goes and what does not; ``marked`` is what the reader's own desk will say is withheld in it."""
    statements = sum(len(part.statements) for part in parts)
    marked = sum(len(part.absent) for part in parts)
    return {"revisions": len(parts), "statements": statements, "withheld": choice.withheld, "marked": marked}


def _check_free(out: Path, *, several: bool) -> None:
    """Refuse a name that is taken, for further volumes too: no bundle is written over an older one."""
    further = re.compile(re.escape(out.stem) + r"-[0-9]+" + re.escape(out.suffix))
    if out.is_dir() or not out.parent.is_dir():
        return
    if out.exists() or (several and any(further.fullmatch(other.name) for other in out.parent.iterdir())):
        raise InputError("file.exists")


@contextlib.contextmanager
def _or_none_is_left(files: Sequence[Path]) -> Iterator[None]:
    """Take written files back when what must be noted of them could not be noted."""
    try:
        yield
    except BaseException:
        for file in files:
            file.unlink(missing_ok=True)
        raise


def foresee_bundle(
    session: Session, to: Sequence[str], *, audience: Audience, progress: Progress = silent
) -> dict[str, int]:
    """Count what a bundle of everything would carry and withhold; nothing is written.

    Raises ``BundleError``: ``contact.not-verified``, ``contact.revoked``.
    """
    partners = [verified_partner(session, name) for name in dict.fromkeys(to)]
    choice = choice_of(session, audience, None)
    parts, _ = parts_of(session, choice, partners, progress)
    records = {held.entry.record for part in parts for held in held_entries(part) if held.statements}
    return {
        "records": len(records & choice.states.keys()),
        "statements": sum(len(part.statements) for part in parts),
        "withheld": choice.withheld,
        "files_inside": len(choice.blobs),
    }


def outside_roster(session: Session, to: Sequence[str], audience: Audience) -> list[str]:
    """Return those partners who are not of the office that the roster in force names, for what stays ``internal``."""
    roster = held_roster(session)
    if roster is None or audience is not Audience.INTERNAL:
        return []
    return [name for name in dict.fromkeys(to) if not roster.knows(named(session, name).author)]


def bundles_made(session: Session) -> list[dict[str, Any]]:
    """Return the bundles made here, the newest first, each with its readers and when they receipted it (seconds, 0)."""
    told = []
    for one in session.vault.sent.bundles():
        readers = [(session.vault.contacts.numbered(number), received) for number, _, received in one.recipients]
        to = [{"name": contact.name, "receipted": received} for contact, received in readers if contact is not None]
        told.append({"bundle": one.root.hex(), "made": one.made, "audience": one.profile, "to": to})
    return told


def verified_partner(session: Session, name: str) -> Contact:
    """Return the partner of that name; raises ``BundleError``: ``contact.not-verified``, ``contact.revoked``."""
    contact = named(session, name)
    if contact.state != VERIFIED:
        raise BundleError("contact.revoked" if contact.state == "revoked" else "contact.not-verified")
    return contact


def addressee(session: Session, partner: Contact, number: int) -> Addressee:
    """Return a partner as the reader of the bundle with that number for him."""
    card = read_card(partner.card)
    before = session.vault.sent.bundle_numbered(partner.number, number - 1)
    return Addressee(card.recipient, number, before) if before else Addressee(card.recipient, number)
