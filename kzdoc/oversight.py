"""What people look at over everything: numbers, the vault's health, heads, backups.

Every number says its unit, its window, how much could not be judged, and in one sentence how it may be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kzdoc.analysis import counting
from kzdoc.analysis.differences import GROUPS, side_by_side, sort_of
from kzdoc.authority import replaceable
from kzdoc.bundle.heads import compare, make_head, read_head
from kzdoc.casework import plain, statement_name
from kzdoc.domain.catalogue import KINDS
from kzdoc.domain.kinds.recurring import NOT_SAME_AS, SAME_AS
from kzdoc.errors import InputError, KzdocError, VaultError
from kzdoc.language import catalogue
from kzdoc.ledger.history import ASIDE, CHAIN, aside_entry, held_entries
from kzdoc.ledger.merge import Held, RecordState
from kzdoc.ledger.revision import INDEX_BASE, NewEntry, NewStatement, Revision
from kzdoc.limits import LIMITS
from kzdoc.naming import people
from kzdoc.platform.files import read_given, replace_durably
from kzdoc.progress import Progress, silent
from kzdoc.session import Session, open_session
from kzdoc.vault import backup as backups
from kzdoc.vault import check as checks
from kzdoc.vault import clock as clocks
from kzdoc.vault import tally
from kzdoc.vault.connection import wipe
from kzdoc.vault.slots import unlock
from kzdoc.vault.store import Changes


def count(
    session: Session,
    measure: str,
    *,
    by: str | None,
    since: str | None,
    until: str | None,
    unit: str,
    lang: str,
) -> dict[str, Any]:
    """Count the records of a kind, or list the published figures of a measure, in the JSON of `count`.

    Of published figures a ``unit`` other than records lists those in that unit alone.

    Raises ``InputError``: ``count.measure`` when it is neither a kind nor a measure; ``count.figures-by``: figures have
    no groups; ``count.unit``, ``count.window``.
    """
    window = counting.read_window(since, until, session.clock().day())
    shown = f"{window.since}/{window.until}" if window.since or window.until else None
    if measure in KINDS:
        of = KINDS[measure]
        one_of = people(session).allowed.one_of
        done = counting.count(session.records.records(measure), of, by=by, window=window, unit=unit, one_of=one_of)
        rows: list[dict[str, Any]] = [
            {"key": key, "value": value, "records": records} for key, value, records in done.rows
        ]
        note = "count.note-exact" if not done.not_judged else "count.note-at-least"
        return {
            "unit": unit,
            "window": shown,
            "qualifier": "exactly" if not done.not_judged else "at_least",
            "rows": rows,
            "not_judged": done.not_judged,
            "note": catalogue("cli", lang).say(note, n=done.not_judged),
        }
    counting.must_be_published(measure)
    if by is not None:
        raise InputError("count.figures-by")
    found = list(session.records.records("figure", {"measure": measure}))
    if unit != "records":
        found = [one for one in found if (one.value("figure") or {}).get("unit") == unit]
    rows, overlap = counting.figures(found, measure, window)
    return {
        "unit": rows[0]["unit"] if rows else unit,
        "window": shown,
        "qualifier": rows[0]["qualifier"] if len(rows) == 1 else "as_stated",
        "rows": rows,
        "not_judged": len(found) - len(rows) if shown is None else 0,
        "note": catalogue("cli", lang).say("count.note-overlap" if overlap else "count.note-figures"),
    }


def head(session: Session) -> bytes:
    """Return a signed head of the vault to keep elsewhere."""
    counts = session.records.counts() | tally.counters(session.vault.database)
    text = make_head(session.vault.chains.heads(), counts, day=session.clock().day(), signer=session.signer())
    return text.encode("ascii")


def write_head(session: Session, out: Path) -> None:
    """Write a signed head of the vault to a new file; raises ``InputError``: ``file.exists`` or the disk's error."""
    if out.exists():
        raise InputError("file.exists")
    replace_durably(out, head(session))


def today(session: Session) -> dict[str, int]:
    """Count what waits for a person: bundles in quarantine, open conflicts; and all records."""
    return {
        "waiting": sum(one.reason == "unverified-sender" for one in session.vault.quarantine.all()),
        "conflicts": sum(
            not side_by_side(shown, name) for shown in session.records.in_conflict() for name in shown.conflicts
        ),
        "records": sum(session.records.counts().values()),
    }


def check(session: Session, *, head: bytes | None, progress: Progress = silent) -> dict[str, Any]:
    """Check everything in the vault, and against a head kept elsewhere, in the JSON of `vault check`.

    ``head`` is "extends" when the present state contains all the head names, "behind" when something of it is gone,
    another stands in its place or a table is older than the head says, "not checked" without one: then nothing is said
    about what may have been put back.
    """
    findings = [{"code": one.code, "item": one.item} for one in checks.check(session.vault, progress=progress)]
    compared = "not checked"
    if head is not None:
        kept = read_head(head, signer=session.signer().public)
        known = session.vault.chains.known([line.revision for line in kept.heads])
        held = {(line.author, line.chain, line.sequence): {line.revision} & known for line in kept.heads}
        result = compare(kept, lambda author, chain, sequence: held[(author, chain, sequence)])
        compared = result.result
        findings += [{"code": "head.missing", "item": line.revision.hex()} for line in result.missing]
        findings += [{"code": "head.other", "item": line.revision.hex()} for line in result.other]
        older = tally.older(session.vault.database, kept.counts)
        findings += [{"code": "head.older", "item": table} for table in older]
        compared = "behind" if older else compared
    return {"result": "bad" if findings else "good", "head": compared, "findings": findings}


def clock_doubt(session: Session) -> KzdocError | None:
    """Return why this machine's clock is hardly right, to be said before the first save; None when nothing is odd.

    It is said, not raised: ``vault.clock-behind``, ``vault.clock-ahead``.
    """
    return clocks.doubt(session.vault, session.clock())


def warnings(session: Session) -> list[KzdocError]:
    """Return what a person should know of an open vault, the gravest first; said, not raised, and nothing is refused.

    ``vault.stopped`` after a failed write or flush; ``vault.read-only`` or ``vault.disk-full`` when it is open to be
    read alone; why the clock is hardly right.
    """
    vault, said = session.vault, []
    if vault.stopped:
        said.append(KzdocError("vault.stopped"))
    if vault.read_only:
        said.append(KzdocError("vault.disk-full" if vault.database.full else "vault.read-only"))
    doubt = clock_doubt(session)
    return [*said, doubt] if doubt else said


def backup(session: Session, target: Path, *, progress: Progress = silent) -> None:
    """Write a backup, restored and checked before it gets its name; two older ones of that name are kept."""
    backups.back_up(session.vault, target, progress=progress)


def restore_backup(source: Path, folder: Path, *, passphrase: str | None = None, progress: Progress = silent) -> None:
    """Make a vault out of a backup; it opens with the passphrases the backup had, and begins a new chain.

    A ``passphrase`` that does not open the backup is told before anything is made: ``vault.wrong-passphrase``.
    """
    if passphrase is not None:
        wipe(unlock(backups.keys_of(source), passphrase))
    backups.restore(source, folder, progress=progress)


def drill(session: Session, source: Path, passphrase: str, *, progress: Progress = silent) -> dict[str, int]:
    """Restore a backup beside the vault, open it, check all of it and throw it away again.

    Return how many ``records`` it holds, and how many acts of this vault are ``newer`` than it.

    Raises ``VaultError``: ``vault.wrong-passphrase`` before anything is made, ``vault.backup-damaged``,
    ``vault.disk-full``; ``InputError("file.not-read")``.
    """
    wipe(unlock(backups.keys_of(source), passphrase))
    with backups.aside(session.vault.folder) as work:
        backups.restore(source, work / "restored", progress=progress)
        tried = open_session(work / "restored", passphrase, clock=session.clock, randomness=session.randomness)
        try:
            if checks.check(tried.vault, progress=progress):
                raise VaultError("vault.backup-damaged")
            held = {(one.author, one.chain): one.sequence for one in tried.vault.chains.heads()}
            records = sum(tried.records.counts().values())
        finally:
            tried.close()
    heads = session.vault.chains.heads()
    newer = sum(max(0, one.sequence - held.get((one.author, one.chain), -1)) for one in heads)
    return {"records": records, "newer": newer}


def check_beside(session: Session, head: Path | None, *, progress: Progress = silent) -> dict[str, Any]:
    """Check everything as ``check``, beside the head in a file; raises also as reading the file does."""
    given = read_given(head, limit=LIMITS.head_file) if head else None
    return check(session, head=given, progress=progress)


def rebuild(session: Session, *, progress: Progress = silent) -> int:
    """Make every projection anew from the ledger; return how many records there are."""
    return session.store.rebuild(progress=progress)


# --- conflicts that are settled together


def conflict_groups(session: Session) -> dict[str, list[dict[str, Any]]]:
    """Return the open conflicts that only spell differently or add precision, by group, in the JSON of `conflict list`.

    ``keep`` is the value `settle_group` would keep; what truly differs, or what the roster lets others settle, is in no
    group.
    """
    told: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for shown, name, group, value in _grouped(session):
        lives = shown.fields[name]
        said = plain(shown)["fields"][name]
        kept = next(place for place, live in enumerate(lives) if live.value == value)
        values = [
            {"statement": statement_name(live.refs[0]), "value": one} for live, one in zip(lives, said, strict=True)
        ]
        told[group].append(
            {"id": shown.id.hex(), "kind": shown.kind, "field": name, "keep": said[kept], "values": values}
        )
    return told


def _grouped(session: Session) -> Iterator[tuple[RecordState, str, str, Any]]:
    for shown in session.records.in_conflict():
        of = KINDS.get(shown.kind)
        for name in sorted(shown.conflicts):
            if of is None or not of.has(name) or shown.removed or side_by_side(shown, name):
                continue
            sort = sort_of(of.field(name), [live.value for live in shown.fields[name]])
            if sort and len(replaceable(session, shown.refs(name))) == len(shown.refs(name)):
                yield shown, name, *sort


def settle_group(session: Session, group: str) -> Changes:
    """Settle every conflict of a group in one act; ``revisions`` of what is returned are what `unsettle_group` takes.

    Raises ``InputError``: ``conflict.group`` for a group there is none of, ``conflict.group-empty``.
    """
    if group not in GROUPS:
        raise InputError("conflict.group")
    said: dict[tuple[bytes, str], list[NewStatement]] = {}
    for shown, name, sort, value in _grouped(session):
        if sort == group:
            said.setdefault((shown.id, shown.kind), []).append(NewStatement(name, value, shown.refs(name)))
    if not said:
        raise InputError("conflict.group-empty")
    return session.write([NewEntry(record, of, tuple(statements)) for (record, of), statements in said.items()])


def unsettle_group(session: Session, revisions: Sequence[bytes]) -> Changes:
    """Take a settling back in one act: its revisions are set aside and the conflicts are open again.

    What `settle_group` and `lists.settle_lists` wrote is known by what it says: values that stand in the place of
    several, values kept beside each other, records that are one or are not, or such a settling taken back. Raises
    ``InputError``: ``conflict.not-a-settling`` when one is not here, not the own one, or says anything else;
    ``conflict.nothing-to-take-back`` when all of them were taken back before.
    """
    known = session.vault.chains.revisions(revisions)
    if not revisions or any(
        one not in known or known[one].skeleton.author != session.author or not _settles(session, known[one])
        for one in revisions
    ):
        raise InputError("conflict.not-a-settling")
    back = session.store.in_force()[0]
    left = [one for one in dict.fromkeys(revisions) if one not in back]
    if not left:
        raise InputError("conflict.nothing-to-take-back")
    asides = [statement for one in left for statement in aside_entry(one, "undo").statements]
    return session.write([replace(aside_entry(left[0], "undo"), statements=tuple(asides))])


def _settles(session: Session, revision: Revision) -> bool:
    """Return whether all that a revision says settles something, or takes such a settling back.

    What a chain opens with is beside the point.
    """
    entries = [one for one in held_entries(revision) if one.entry.kind != CHAIN]
    if not entries or any(one.absent for one in entries):
        return False
    asides = [said.value for one in entries if one.entry.kind == ASIDE for said in one.statements.values()]
    targets = [one[0] for one in asides if isinstance(one, list) and one]
    known = session.vault.chains.revisions(targets)
    settled = all(_settled(one) for one in entries if one.entry.kind != ASIDE)
    return settled and len(targets) == len(asides) and all(_undone(session, known.get(one)) for one in targets)


def _undone(session: Session, target: Revision | None) -> bool:
    return target is not None and target.skeleton.author == session.author and _settles(session, target)


def _settled(held: Held) -> bool:
    said = {held.number * INDEX_BASE + where: slot.replaces for where, slot in enumerate(held.entry.slots)}
    fields = [one.field for one in held.statements.values()]
    of = KINDS.get(held.entry.kind)

    def beside(field: str) -> bool:
        return fields.count(field) > 1 and of is not None and of.has(field) and not of.field(field).many

    return bool(fields) and all(
        one.field in (SAME_AS, NOT_SAME_AS)
        or (len(said[index]) > 1 and fields.count(one.field) == 1)
        or (said[index] and beside(one.field))
        for index, one in held.statements.items()
    )
