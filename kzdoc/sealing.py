"""Sealing: what is said of a record goes to headquarters alone, and nothing on this device opens it any more.

Rules: at least two headquarters can open it, or one while this vault's recovery was rehearsed. The sealed file lies in
the vault, whole, opened once and compared, before a word is taken away; file and taking away are one transaction. Taken
away is every statement of the record, earlier and withheld ones too, with its files' keys, its drafts, and what was
decided of names that stood in it. A stub stays: kind, and the label of the sealing; it takes addenda. Headquarters
takes the file in like any bundle. The format is docs/formats/sealed.md.
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzdoc import filling
from kzdoc.casework import kept_aside, state
from kzdoc.crypto.age import HybridIdentity
from kzdoc.errors import BundleError, InputError, KzdocError
from kzdoc.exchange import incoming
from kzdoc.exchange.whole import Words, gather, partners_named, seen_in, write_whole
from kzdoc.keeping import REHEARSED, recovery
from kzdoc.ledger.history import held_entries
from kzdoc.ledger.revision import read_disclosure
from kzdoc.naming import ASK, decide, decisions, still_named
from kzdoc.platform.files import writing_durably
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.contacts import Contact
from kzdoc.vault.outbox import SEALED_MEDIA, Sealing

LABEL_LIMIT = 60
ENOUGH = 2
SEALED = "sealed"
_AUDIENCE = "internal"


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be sealed: words, by revision and index, and the files they speak of."""

    words: Words
    files: tuple[bytes, ...]
    texts: tuple[str, ...]


def foresee(session: Session, records: Sequence[bytes], to: Sequence[str] | None = None) -> dict[str, Any]:
    """Say what sealing would take away; nothing is changed. Raises as ``seal`` for records, and readers if given."""
    chosen = _with_items(session, records)
    partners = headquarters(session, to) if to is not None else []
    matter = _matter(session, chosen)
    named = _still_named(session, chosen)
    return {**_counts(chosen, matter, partners), "still_named": [one.hex() for one in named]}


def seal(
    session: Session,
    records: Sequence[bytes],
    to: Sequence[str],
    *,
    label: str = "",
    leave_texts: bool,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Seal records, with the evidence items attached to them, to headquarters by name.

    ``label`` is what the stub is called here: whoever opens this vault reads it. ``leave_texts`` says that texts of
    other records may go on naming a person whose names are sealed.

    Raises:
        InputError: ``record.unknown``, ``record.nothing-there``, ``contact.unknown``, ``seal.one-key``,
            ``seal.label``, ``seal.still-named``.
        BundleError: ``contact.not-verified``, ``contact.revoked``, ``bundle.…``, ``seal.not-whole``.
        VaultError, Cancelled: nothing was changed then.
    """
    partners = headquarters(session, to)
    chosen = _with_items(session, records)
    name = checked_label(label)
    if not leave_texts:
        _refuse_named(_still_named(session, chosen))
    matter = _matter(session, chosen)
    with session.vault.transaction():
        sealing = into_outbox(session, matter, partners, chosen, label=name, progress=progress)
        left = _take_away(session, chosen, matter)
    finish(session)
    told = _counts(chosen, matter, partners)
    return {"sealing": sealing.root.hex(), "number": sealing.number, "label": name, **told, "files_left": left}


# --- before


def headquarters(session: Session, to: Sequence[str]) -> list[Contact]:
    """Return the partners that may be sealed to; raises ``InputError("seal.one-key")`` and as ``seal``."""
    partners = partners_named(session, to)
    keys = {partner.author for partner in partners}
    if len(keys) < ENOUGH and not (keys and recovery(session)["state"] == REHEARSED):
        raise InputError("seal.one-key")
    return partners


def checked_label(label: str) -> str:
    """Return a label as it is kept; raises ``InputError("seal.label")``."""
    name = unicodedata.normalize("NFC", label.strip())
    if len(name) > LABEL_LIMIT or not name.isprintable():
        raise InputError("seal.label", limit=LABEL_LIMIT)
    return name


def _with_items(session: Session, records: Sequence[bytes]) -> list[bytes]:
    """Return the records with the evidence items attached to them, each once."""
    chosen = dict.fromkeys(records)
    for record in records:
        state(session, record)
        found = [link.source for link in session.records.linked(record) if link.field == "about"]
        items = session.records.states(found)
        chosen.update(dict.fromkeys(key for key in found if key in items and items[key].kind == "evidence_item"))
    return list(chosen)


def _matter(session: Session, records: Sequence[bytes]) -> Matter:
    """Return all that is said of the records, live, replaced or kept aside; raises ``record.nothing-there``."""
    words: dict[bytes, dict[int, bytes]] = {}
    wanted = set(records)
    ids = {key for several in session.vault.chains.of_records(records).values() for key in several}
    for revision in session.vault.chains.revisions(sorted(ids)).values():
        for held in held_entries(revision):
            if held.entry.record in wanted:
                words.setdefault(revision.id, {}).update({index: said.raw for index, said in held.statements.items()})
    for record in records:
        for key, aside in kept_aside(session, record).items():
            words.setdefault(key, {}).update(aside)
    words = {key: said for key, said in words.items() if said}
    if not words:
        raise InputError("record.nothing-there")
    return matter_of(session, words)


def matter_of(session: Session, words: Words) -> Matter:
    """Return words with the files and texts in them."""
    values = [read_disclosure(raw).value for said in words.values() for raw in said.values()]
    files = {
        value["sha256"] for value in values if isinstance(value, Mapping) and isinstance(value.get("sha256"), bytes)
    }
    here = tuple(sorted(file for file in files if session.blobs.has(file)))
    return Matter(words, here, tuple(text for value in values for text in _texts(value)))


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return [text for part in parts for text in _texts(part)]


def _counts(records: Sequence[bytes], matter: Matter, partners: Sequence[Contact]) -> dict[str, Any]:
    return {
        "records": [record.hex() for record in records],
        "statements": sum(len(said) for said in matter.words.values()),
        "files": len(matter.files),
        "to": [partner.name for partner in partners],
    }


def _still_named(session: Session, records: Sequence[bytes]) -> list[bytes]:
    """Return the other records whose texts speak of a person that is to be sealed."""
    persons = [record for record in records if state(session, record).kind == "person"]
    found = {other for person in persons for other in still_named(session, person)}
    return sorted(found - set(records))


def _refuse_named(named: Sequence[bytes]) -> None:
    if named:
        ids = ", ".join(one.hex()[:12] for one in named[:20]) + (" …" if len(named) > 20 else "")  # noqa: PLR2004 - as forgetting tells it
        raise InputError("seal.still-named", n=len(named), ids=ids)


# --- the sealed file


def into_outbox(
    session: Session,
    matter: Matter,
    partners: Sequence[Contact],
    records: Sequence[bytes],
    *,
    label: str,
    progress: Progress,
) -> Sealing:
    """Write the sealed file, open it as a reader would, compare it and keep it, inside the caller's transaction.

    Until that is committed its pieces are nobody's: what a stop leaves of them goes at the next opening.

    Raises ``BundleError``: ``bundle.…``, ``seal.not-whole``; nothing is kept then.
    """
    seen_by = HybridIdentity.generate(session.randomness)
    whole = gather(session, matter.words, matter.files, partners, progress)
    written, numbers = write_whole(session, whole, partners, session.blobs.unnamed, also=seen_by, progress=progress)
    try:
        _check_held(matter, *seen_in(session, written.files, seen_by, progress))
        kept = _keep(session, written.files, progress)
    finally:
        for file in written.files:
            file.unlink(missing_ok=True)
    number, made = session.vault.outbox.next_number(), session.clock().seconds
    sealing = Sealing(written.root, number, label, made, tuple(records), tuple(kept))
    session.vault.outbox.note(sealing)
    session.vault.sent.note(
        written.root,
        profile=_AUDIENCE,
        purpose=SEALED,
        recipients=numbers,
        carried={key: sorted(said) for key, said in matter.words.items()},
        blobs=matter.files,
    )
    return sealing


def _check_held(matter: Matter, found: Words, inside: AbstractSet[bytes]) -> None:
    """Raise ``BundleError("seal.not-whole")`` when something that is to be taken away is not in the sealed file."""
    said = [
        (found.get(key, {}).get(index), raw) for key, wanted in matter.words.items() for index, raw in wanted.items()
    ]
    if any(one != raw for one, raw in said) or set(matter.files) - inside:
        raise BundleError("seal.not-whole")


def _keep(session: Session, files: Sequence[Path], progress: Progress) -> list[bytes]:
    kept = []
    for file in files:
        with file.open("rb") as source:
            total = file.stat().st_size
            kept.append(session.blobs.add(source, media=SEALED_MEDIA, progress=progress, total=total).sha256)
    return kept


def _take_away(session: Session, records: Sequence[bytes], matter: Matter) -> int:
    """Take the words away, inside the caller's transaction; return how many files stay for others' sake."""
    session.store.withhold(matter.words, reason=SEALED)
    gone = set(records)
    for record in records:
        session.vault.quarantine.drop(record)
    for draft in filling.drafts(session):
        if draft.record in gone:
            session.vault.drafts.drop(draft.id)
    session.vault.taken_in.forget_receipts()
    _ask_again(session, matter.texts)
    left = {file for file in matter.files if session.blobs.referred_to(file)}
    for file in matter.files:
        if file not in left:
            session.blobs.forget(file)
    return len(left)


def finish(session: Session) -> None:
    """Remove from the medium what was taken away, after the commit; what fails here the next opening does.

    What was saved is saved: a failure now must not be told as if it were not.
    """
    with contextlib.suppress(KzdocError, OSError):
        session.blobs.finish_forgetting()


def _ask_again(session: Session, texts: Sequence[str]) -> None:
    """Forget what was decided of names that stand in these texts: the list of decisions would keep them."""
    folded = [text.casefold() for text in texts]
    kept = decisions(session)
    every = dict.fromkeys(name for name, _ in (*kept.said, *kept.others))
    names = [name for name in every if any(name.casefold() in text for text in folded)]
    if names:
        decide(session, names, ASK)


# --- the outbox


def outbox(session: Session) -> list[dict[str, Any]]:
    """Return the sealings, the newest first: to whom, whether written out, who receipted it (claimed seconds, or 0)."""
    readers = {one["bundle"]: one["to"] for one in _made(session)}
    return [_told(session, one, readers.get(one.root.hex(), [])) for one in session.vault.outbox.all()]


def _made(session: Session) -> list[dict[str, Any]]:
    told = []
    for one in session.vault.sent.bundles():
        named = [(session.vault.contacts.numbered(number), received) for number, _, received in one.recipients]
        to = [{"name": contact.name, "receipted": received} for contact, received in named if contact is not None]
        told.append({"bundle": one.root.hex(), "to": to})
    return told


def _told(session: Session, one: Sealing, readers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    sizes = [blob.size for blob in map(session.blobs.get, one.files) if blob is not None]
    receipted = any(reader["receipted"] for reader in readers)
    return {
        "sealing": one.root.hex(),
        "number": one.number,
        "label": one.label,
        "made": one.made,
        "records": [record.hex() for record in one.records],
        "to": [dict(reader) for reader in readers],
        "size": sum(sizes),
        "written": one.written,
        "state": "receipted" if receipted else "written" if one.written else "waiting",
        "kept": len(sizes) == len(one.files) > 0,
    }


def write_sealed(session: Session, sealing: bytes, out: Path) -> list[str]:
    """Write a sealed file to a folder (under a random name) or to a new file; return the paths.

    Raises ``InputError``: ``outbox.unknown``, ``outbox.gone``, ``file.exists``; ``platform.…`` of the disk.
    """
    one = session.vault.outbox.one(sealing)
    if not one.files:
        raise InputError("outbox.gone")
    paths = _paths(session, out, len(one.files))
    if any(path.exists() for path in paths):
        raise InputError("file.exists")
    for path, file in zip(paths, one.files, strict=True):
        with writing_durably(path) as target:
            target.writelines(session.blobs.read(file))
    session.vault.outbox.note_written(sealing)
    return [str(path) for path in paths]


def _paths(session: Session, out: Path, count: int) -> list[Path]:
    if out.is_dir():
        return [out / f"{session.randomness(8).hex()}.bin" for _ in range(count)]
    return [out if number == 1 else out.with_stem(f"{out.stem}-{number}") for number in range(1, count + 1)]


def clear(session: Session) -> int:
    """Drop the sealed files that headquarters has receipted; return how many sealings lost theirs. The rows stay."""
    done = [one for one in outbox(session) if one["state"] == "receipted" and one["kept"]]
    with session.vault.transaction():
        for one in done:
            root = bytes.fromhex(one["sealing"])
            for file in session.vault.outbox.one(root).files:
                session.blobs.forget(file)
            session.vault.outbox.note_dropped(root)
    finish(session)
    return len(done)


def open_sealed(session: Session, files: Sequence[Path], *, progress: Progress = silent) -> dict[str, Any]:
    """Open a sealed file at headquarters: it is taken in like any bundle. Raises as ``incoming.take``."""
    return incoming.take(session, files, progress=progress)


def labels(session: Session, records: AbstractSet[bytes]) -> dict[bytes, dict[str, Any]]:
    """Return number, label and time of the newest sealing of each of these records that was sealed here."""
    found: dict[bytes, dict[str, Any]] = {}
    for one in session.vault.outbox.all():
        for record in records & set(one.records) - found.keys():
            found[record] = {"number": one.number, "label": one.label, "made": one.made}
    return found
