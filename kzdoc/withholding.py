"""Taking words of a record out of this vault: for a time (withhold, restore) or for ever (forget).

Rules: withheld words are kept aside in the vault, out of every list, search, count, paper and bundle, until they are
restored or forgotten; their signatures stay whole. An edit made meanwhile stands in their place also after they are
back. Words that were taken back here, or are out of force otherwise, are taken out in the same way. What is forgotten
is remembered by digest, so that no bundle brings it back to this desk; a file of which no statement here speaks any
more loses its key with it, and no bundle brings it back without such a statement.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from kzdoc.casework import kept_aside, kind_or_none, said_in, statement_name
from kzdoc.encoding import decode, encode
from kzdoc.errors import InputError
from kzdoc.ledger.absence import REASONS
from kzdoc.ledger.revision import Revision, read_disclosure
from kzdoc.naming import WITHHELD, lying, still_named
from kzdoc.redaction.images import REVIEWS
from kzdoc.session import Session
from kzdoc.vault.brought import PUT_BACK, Part
from kzdoc.vault.truth import verified
from kzdoc.vault.unheard import Unheard

ABSENT_FOR = tuple(reason for reason in REASONS if reason in ("not_shared", "sealed", "travelled"))
"""The reasons a desk may give in the ledger's own words; any other text is kept beside the words as a note."""


EVIDENCE, MADE_FROM = "evidence_item", "derived_from"
ID_SHOWN, IDS_SHOWN = 12, 20
"""Digits of an id that a refusal tells, and how many ids."""


def withhold(session: Session, record: bytes, fields: Sequence[str], reason: str) -> int:
    """Withhold the live words of a record (or some fields) on this desk; return how many statements.

    ``reason`` is one of ``ABSENT_FOR`` or any text, which is kept here and goes to nobody.

    Raises ``InputError``: ``record.unknown``, ``field.unknown``, ``record.nothing-there``.
    """
    targets = _targets(session, record, fields, live_only=True)
    if not targets:
        raise InputError("record.nothing-there")
    revisions = session.vault.chains.revisions(list(targets))
    kept = kept_aside(session, record)
    for key, indexes in targets.items():
        kept.setdefault(key, {}).update({index: revisions[key].statements[index] for index in indexes})
    with session.vault.transaction():
        keep_aside(session, record, kept, "" if reason in ABSENT_FOR else reason)
        session.store.withhold(targets, reason=reason if reason in ABSENT_FOR else ABSENT_FOR[0])
    return sum(len(indexes) for indexes in targets.values())


def withheld_by(session: Session, record: bytes) -> list[dict[str, Any]]:
    """Return the statements of a record that are not here, in the JSON of `record show`: whose, of what field, why.

    ``field`` is None where nobody here knows it; ``here`` when the words lie aside on this desk and can be put back.
    """
    aside = {
        (key, index): read_disclosure(raw).field
        for key, said in kept_aside(session, record).items()
        for index, raw in said.items()
    }
    return [
        {
            "statement": statement_name(one.ref),
            "author": session.author_name(one.author),
            "field": aside.get(one.ref) or one.field,
            "reason": one.reason,
            "here": one.ref in aside,
        }
        for one in lying(session, record).absent
    ]


def restore(session: Session, record: bytes, fields: Collection[str] = ()) -> int:
    """Put back what was withheld of a record (or some fields) on this desk; return how many statements.

    Raises ``InputError("record.nothing-withheld")`` when nothing of it is kept aside here.
    """
    aside, left = kept_aside(session, record), dict[bytes, dict[int, bytes]]()
    for key, said in list(aside.items()) if fields else []:
        left[key] = {index: raw for index, raw in said.items() if read_disclosure(raw).field not in fields}
        aside[key] = {index: raw for index, raw in said.items() if index not in left[key]}
    left = {key: said for key, said in left.items() if said}
    aside = {key: said for key, said in aside.items() if said}
    here = session.vault.chains.revisions(list(aside))
    if not here:
        raise InputError("record.nothing-withheld")
    whole = [
        verified(Revision(mine.skeleton, mine.signature, mine.entries, aside[key]), checked=False)
        for key, mine in here.items()
    ]
    with session.vault.transaction():
        session.store.accept(whole, origin=PUT_BACK)
        session.vault.whereabouts.follow_records([record])
        session.vault.quarantine.drop(record)
        if left:
            keep_aside(session, record, left, "")
    return sum(len(said) for said in aside.values())


def forget(session: Session, record: bytes, fields: Sequence[str], *, leave_texts: bool) -> int:
    """Forget the words of a record (or some fields), earlier and withheld ones too, on this desk for ever.

    Return how many statements. The signed skeleton stays verifiable. What was made from an item of evidence goes with
    it, or with its file. A name that is forgotten is known to nothing here any more, so that texts which still speak of
    the person would be published with it: unless ``leave_texts`` says that they may, they are to be changed first
    (``naming.still_named``).

    Raises ``InputError``: ``record.unknown``, ``field.unknown``, ``record.nothing-there``; ``record.still-named`` with
    how many records' texts and the beginnings of their ids.
    """
    goes = {record: fields, **_made_of(session, record, fields)}
    targets, aside, left = _all_to_forget(session, goes)
    named = [] if leave_texts else still_named(session, record, fields)
    if named:
        ids = ", ".join(one.hex()[:ID_SHOWN] for one in named[:IDS_SHOWN]) + (" …" if len(named) > IDS_SHOWN else "")
        raise InputError("record.still-named", n=len(named), ids=ids)
    if not targets:
        raise InputError("record.nothing-there")
    files = _files(session, targets, aside)
    with session.vault.transaction():
        session.store.forget(targets)
        session.vault.taken_in.forget_receipts()
        for one in goes:
            session.vault.quarantine.drop(one)
            if left[one]:
                keep_aside(session, one, left[one], "")
        _forget_reviews(session, {one for one, names in goes.items() if not names or "file" in names})
        for file in files:
            if not session.blobs.referred_to(file):
                session.blobs.forget(file)
    session.blobs.finish_forgetting()
    return sum(len(indexes) for indexes in targets.values())


def foresee_forgetting(session: Session, record: bytes, fields: Sequence[str] = ()) -> dict[str, Any]:
    """Say what ``forget`` would take away and who else holds it; nothing is changed.

    ``statements`` and ``files`` are counts, ``still_named`` the records whose texts still name the person; of partners
    ``confirmed`` (receipted), ``sent`` (not receipted) and ``from`` (what they brought here) are names.

    Raises ``InputError``: ``record.unknown``, ``field.unknown``.
    """
    targets, aside, _ = _all_to_forget(session, {record: fields, **_made_of(session, record, fields)})
    log = session.vault.sent
    holders: dict[str, list[str]] = {"confirmed": [], "sent": [], "from": []}
    for contact in session.vault.contacts.all():
        if _meets(log.carried(contact.number, receipted_only=True), targets):
            holders["confirmed"].append(contact.name)
        elif _brought(session.vault.brought.from_sender(contact.author), targets):
            holders["from"].append(contact.name)
        elif _meets(log.carried(contact.number, receipted_only=False), targets):
            holders["sent"].append(contact.name)
    return {
        "statements": sum(len(indexes) for indexes in targets.values()),
        "files": len(_files(session, targets, aside)),
        "still_named": [one.hex() for one in still_named(session, record, fields)],
        **holders,
    }


def _meets(carried: Mapping[bytes, Collection[int]], targets: Mapping[bytes, Sequence[int]]) -> bool:
    return any(index in carried.get(key, ()) for key, indexes in targets.items() for index in indexes)


def _brought(parts: Mapping[bytes, Part], targets: Mapping[bytes, Sequence[int]]) -> bool:
    """Return whether any of these statements is in what a partner's bundles brought."""
    both = parts.keys() & targets.keys()
    return any(part is None or not part.isdisjoint(targets[key]) for key in both for part in (parts[key],))


def _made_of(session: Session, record: bytes, fields: Sequence[str]) -> dict[bytes, Sequence[str]]:
    """Return the items made from an item of evidence, removed ones too, and of what is made from these; by fields."""
    if fields and "file" not in fields:
        return {}
    of = lying(session, record).kind
    if of != EVIDENCE:
        return {}
    read, unheard = session.records, Unheard(session.vault.database)
    silent = [*unheard.among(session.store.in_force()[0], (EVIDENCE,))]
    items = (*read.records(EVIDENCE), *read.removed(EVIDENCE), *silent)
    links = [(one.id, set(one.values(MADE_FROM))) for one in items]
    links += [(row[-2], {row[0]}) for row in _reviews(session) if read.record(row[-2]) or unheard.record(row[-2])]
    found = {record}
    while more := {one for one, sources in links if sources & found} - found:
        found |= more
    return {one: ["file"] if fields else [] for one in sorted(found - {record})}


def _reviews(session: Session) -> list[list[Any]]:
    kept = session.vault.settings.get(REVIEWS)
    return list(decode(kept)) if kept else []


def _forget_reviews(session: Session, records: Collection[bytes]) -> None:
    """Forget what was made of which picture where one of these items is the original or the new one."""
    kept = _reviews(session)
    left = [row for row in kept if row[0] not in records and row[-2] not in records]
    if len(left) < len(kept):
        session.vault.settings.put(REVIEWS, encode(left))


def _all_to_forget(
    session: Session, goes: Mapping[bytes, Sequence[str]]
) -> tuple[dict[bytes, list[int]], dict[bytes, dict[int, bytes]], dict[bytes, dict[bytes, dict[int, bytes]]]]:
    """Return the statements that forgetting these records takes away, all that is kept aside, and what of it stays."""
    targets: dict[bytes, list[int]] = {}
    every: dict[bytes, dict[int, bytes]] = {}
    left: dict[bytes, dict[bytes, dict[int, bytes]]] = {}
    for record, fields in goes.items():
        aside = kept_aside(session, record)
        mine, left[record] = _to_forget(session, record, fields, aside)
        for key, indexes in mine.items():
            targets.setdefault(key, []).extend(indexes)
        for key, said in aside.items():
            every.setdefault(key, {}).update(said)
    return targets, every, left


def _to_forget(
    session: Session, record: bytes, fields: Sequence[str], aside: Mapping[bytes, Mapping[int, bytes]]
) -> tuple[dict[bytes, list[int]], dict[bytes, dict[int, bytes]]]:
    """Return the statements that forgetting takes away, held or kept aside, and what of those kept aside stays."""
    targets = _targets(session, record, fields, live_only=False)
    left: dict[bytes, dict[int, bytes]] = {}
    for key, said in aside.items():
        for index, raw in said.items():
            if not fields or read_disclosure(raw).field in fields:
                targets.setdefault(key, []).append(index)
            else:
                left.setdefault(key, {})[index] = raw
    return targets, left


def _files(
    session: Session, targets: Mapping[bytes, Sequence[int]], aside: Mapping[bytes, Mapping[int, bytes]]
) -> set[bytes]:
    """Return the files that these statements, held or kept aside, speak of."""
    revisions = session.vault.chains.revisions(list(targets))
    found: set[bytes] = set()
    for key, indexes in targets.items():
        held = revisions[key].statements if key in revisions else {}
        for raw in [one for index in indexes for one in (held.get(index), aside.get(key, {}).get(index)) if one]:
            value = read_disclosure(raw).value
            if isinstance(value, Mapping) and isinstance(value.get("sha256"), bytes):
                found.add(value["sha256"])
    return found


def keep_aside(session: Session, record: bytes, said: Mapping[bytes, Mapping[int, bytes]], note: str) -> None:
    """Keep words of a record aside in this vault, over what was kept of it; inside the caller's transaction."""
    statements = {key.hex(): dict(words) for key, words in said.items()}
    content = encode({"note": note, "statements": statements})
    session.vault.quarantine.put(record, sender=session.author, reason=WITHHELD, content=content)


def _targets(session: Session, record: bytes, fields: Sequence[str], *, live_only: bool) -> dict[bytes, list[int]]:
    """Return the statement indexes by revision that say something of these fields (none named: of all)."""
    present = lying(session, record)
    of = kind_or_none(present.kind)
    for name in fields:
        if of is not None:
            of.field(name)
    live = {ref for lives in present.fields.values() for one in lives for ref in one.refs}
    targets: dict[bytes, list[int]] = {}
    for step in session.records.history(record):
        revision = session.vault.chains.revision(step.revision)
        for ref, name, _ in said_in(revision, record) if revision else []:
            if (not fields or name in fields) and (ref in live or not live_only):
                targets.setdefault(ref[0], []).append(ref[1])
    return targets
