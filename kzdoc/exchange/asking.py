"""Asked to forget: what partners who may erase for others have forgotten, offered here; each desk forgets by itself.

Rules: an erasure notice changes nothing. It is an asking when its sender said the words himself, succeeds who did, or
holds the right `erase`; of others it is passed over. Only what is still here is asked for. Forgetting what is asked for
is one act of this desk, with the rules of any forgetting: files that nothing speaks of go, receipts kept are dropped,
and texts that still name a person come first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from kzdoc.casework import kept_aside
from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError
from kzdoc.exchange.held import asked_to_forget, keep_asked
from kzdoc.ledger.absence import statement_digests
from kzdoc.ledger.history import held_entries
from kzdoc.ledger.revision import Revision, read_disclosure
from kzdoc.naming import WITHHELD, still_named
from kzdoc.session import Session
from kzdoc.vault.batch import in_batches
from kzdoc.vault.store import AT_ONCE

_ERASE = "erase"
_LOOKED = "asked-looked:"
_IDS_SHOWN, _ID_DIGITS = 20, 12


def note_asked(session: Session, digests: Collection[bytes], sender: bytes) -> int:
    """Note what a verified sender asks to be forgotten, inside the caller's transaction; return how many are new.

    What he asks comes with every bundle of his; while it is the same, what was looked at before is not looked at again.
    """
    wanted = set(digests) - session.vault.chains.erased()
    if not wanted:
        return 0
    policy = session.store.policy()
    for_all = _ERASE in policy.held_by(sender)
    before = set(asked_to_forget(session))
    asked = set(before)
    succeeded = sorted(author for author, heirs in policy.successors.items() if sender in heirs)
    stamp = hashlib.sha256(encode([sorted(wanted), for_all, succeeded])).digest()
    kept = session.vault.settings.get(_LOOKED + sender.hex())
    told, upto = decode(kept) if kept else (b"", 0)
    newest = session.vault.lacking.newest()
    for places in in_batches(range(upto + 1 if told == stamp else 1, newest + 1), AT_ONCE):
        for _, revision in session.vault.chains.at(list(places)):
            if not for_all and revision.skeleton.author not in (sender, *succeeded):
                continue
            gone = {index for index, digest in statement_digests(revision).items() if digest in wanted}
            asked |= {(revision.id, index, sender) for index in gone if revision.absent.get(index) != "erased"}
    session.vault.settings.put(_LOOKED + sender.hex(), encode([stamp, newest]))
    keep_asked(session, sorted(asked))
    return len(asked - before)


def asked(session: Session) -> list[dict[str, Any]]:
    """Return what is asked to be forgotten, a row for each record and who asks, in the JSON of `contact asked`."""
    rows: dict[tuple[bytes, bytes], set[str]] = {}
    counts: dict[tuple[bytes, bytes], int] = {}
    for key, index, by, record, field in _still_here(session):
        del key, index
        rows.setdefault((record, by), set()).add(field)
        counts[(record, by)] = counts.get((record, by), 0) + 1
    return [
        {
            "id": record.hex(),
            "by": session.author_name(by),
            "fields": sorted(field for field in fields if field),
            "statements": counts[(record, by)],
        }
        for (record, by), fields in sorted(rows.items())
    ]


def forget_asked(session: Session, records: Collection[bytes] | None, *, leave_texts: bool) -> int:
    """Forget on this desk for ever what is asked of these records (None: of all); return how many statements.

    Raises ``InputError``: ``record.nothing-there``; ``record.still-named`` as forgetting a record does.
    """
    chosen = [one for one in _still_here(session) if records is None or one[3] in records]
    if not chosen:
        raise InputError("record.nothing-there")
    if not leave_texts:
        _check_texts(session, chosen)
    targets: dict[bytes, list[int]] = {}
    for key, index, _, _, _ in chosen:
        targets.setdefault(key, []).append(index)
    here = session.vault.chains.revisions(list(targets))
    files = {file for key, indexes in targets.items() for file in _files(here[key], indexes)}
    with session.vault.transaction():
        session.store.forget(targets)
        session.vault.taken_in.forget_receipts()
        for record in {one[3] for one in chosen}:
            _drop_aside(session, record, targets)
        keep_asked(session, [one for one in asked_to_forget(session) if one[1] not in targets.get(one[0], ())])
        for file in sorted(files):
            if not session.blobs.referred_to(file):
                session.blobs.forget(file)
    session.blobs.finish_forgetting()
    return sum(len(set(indexes)) for indexes in targets.values())


def put_away(session: Session, records: Collection[bytes] | None) -> int:
    """Put what is asked of these records (None: of all) away; it may be asked again. Return how many statements."""
    away = {one[:3] for one in _still_here(session) if records is None or one[3] in records}
    keep_asked(session, [one for one in asked_to_forget(session) if one not in away])
    return len(away)


def _still_here(session: Session) -> list[tuple[bytes, int, bytes, bytes, str]]:
    """Return (revision, index, who asks, record, field or nothing) of what is asked for and not forgotten yet."""
    noted = asked_to_forget(session)
    here = session.vault.chains.revisions([key for key, _, _ in noted])
    told = []
    entries = {key: held_entries(one) for key, one in here.items()}
    for key, index, by in noted:
        for held in entries.get(key, ()):
            if index in held.statements:
                told.append((key, index, by, held.entry.record, held.statements[index].field))
            elif held.absent.get(index, "erased") != "erased":
                told.append((key, index, by, held.entry.record, ""))
    return told


def _check_texts(session: Session, chosen: Iterable[tuple[bytes, int, bytes, bytes, str]]) -> None:
    fields: dict[bytes, set[str]] = {}
    for _, _, _, record, field in chosen:
        fields.setdefault(record, set()).add(field)
    named = sorted({one for record, names in fields.items() for one in still_named(session, record, sorted(names))})
    if named:
        shown = ", ".join(one.hex()[:_ID_DIGITS] for one in named[:_IDS_SHOWN])
        raise InputError("record.still-named", n=len(named), ids=shown + (" …" if len(named) > _IDS_SHOWN else ""))


def _files(revision: Revision, indexes: Iterable[int]) -> set[bytes]:
    values = [read_disclosure(revision.statements[index]).value for index in indexes if index in revision.statements]
    hashes = [value.get("sha256") for value in values if isinstance(value, Mapping)]
    return {one for one in hashes if isinstance(one, bytes)}


def _drop_aside(session: Session, record: bytes, targets: Mapping[bytes, Collection[int]]) -> None:
    """Take forgotten words out of what is kept aside of a record."""
    aside = kept_aside(session, record)
    left = {
        key: {index: raw for index, raw in said.items() if index not in targets.get(key, ())}
        for key, said in aside.items()
    }
    if left == aside:
        return
    session.vault.quarantine.drop(record)
    kept = {key.hex(): said for key, said in left.items() if said}
    if kept:
        content = encode({"note": "", "statements": kept})
        session.vault.quarantine.put(record, sender=session.author, reason=WITHHELD, content=content)
