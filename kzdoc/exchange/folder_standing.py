"""How an exchange folder stands before a round and after it: per partner, and what in it is of no use yet.

Rules: nothing is opened, taken in, written or removed. What a file is was found out by the last round; of files that
came since, the beginning alone is read, to know own ones and second copies again. What carries the folder is believed
in nothing: a name says only that a file is still being written.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from kzdoc.exchange import folder_memory as memory
from kzdoc.exchange.folder_files import MOST_NAMES, Lying, half_written, look, mark_of, shown
from kzdoc.exchange.folder_memory import Arrangement, Seen
from kzdoc.exchange.folder_seeing import (
    NOT_FOR_US,
    OTHER,
    OWN,
    PARTLY,
    RECEIPT,
    SPOILT,
    TAKEN,
    UNRECEIPTED,
    VOLUME,
    WAITING,
)
from kzdoc.exchange.trust import state_of
from kzdoc.platform.files import file_error
from kzdoc.session import Session

MARKS_MOST = 200
"""Of so many files that came since the last round the beginning is read; the others are new."""
NAMED_MOST = 100
_NO_REFUSAL = frozenset((OTHER, OWN, RECEIPT, TAKEN, NOT_FOR_US, VOLUME, WAITING, PARTLY))
_CAME = frozenset((TAKEN, UNRECEIPTED, PARTLY))


@dataclass(frozen=True, slots=True)
class PartnerStanding:
    """What lies there of a partner and for him, counted in bundles.

    ``taken``: his, taken in. ``waits``: his, until he is verified; ``kept`` of them by root here, sealed. ``ours``: for
    him and not receipted yet. ``gets``: whether bundles are put there for him.
    """

    name: str
    state: str
    taken: int = 0
    waits: int = 0
    kept: tuple[bytes, ...] = ()
    ours: int = 0
    gets: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A folder as it is now.

    ``new``: files nobody looked at yet. ``refused``: file names with codes. ``unfinished``: (missing numbers, of how
    many) of each bundle that is not here whole. ``half``: files still being written. ``copies``: files that are a
    second copy of another. ``others``: files that are not ours.
    """

    folder: Path
    partners: tuple[PartnerStanding, ...]
    new: int
    refused: tuple[tuple[str, str], ...]
    unfinished: tuple[tuple[tuple[int, ...], int], ...]
    half: tuple[str, ...]
    copies: tuple[str, ...]
    others: int
    not_for_us: int
    arranged: Arrangement | None
    flooded: bool


def standing(session: Session, folder: Path) -> Standing:
    """Return how a folder stands; raises ``KzdocError("platform.…")`` when it cannot be read."""
    found = look(folder, memory.draw_of(session))
    known, new = _known(session, folder, found.files)
    copies, cut = _copies(known)
    codes = Counter(one.code for one in known)
    refused = [(shown(one.lying.name), one.code) for one in known if one.code not in _NO_REFUSAL]
    return Standing(
        folder,
        _partners(session, folder, known),
        new,
        tuple(refused[:NAMED_MOST]),
        _unfinished(known),
        tuple([*_half(folder), *cut][:NAMED_MOST]),
        tuple(copies[:NAMED_MOST]),
        codes[OTHER],
        codes[NOT_FOR_US],
        memory.arrangement(session, folder),
        found.flooded,
    )


def _known(session: Session, folder: Path, files: tuple[Lying, ...]) -> tuple[list[Seen], int]:
    """Return what is known of the files, and how many nobody has looked at."""
    seen = memory.seen(session, folder)
    own = {mark for put in memory.puts(session).values() for mark in put.marks}
    own |= {*memory.done(session), *memory.receipts_put(session)}
    by_mark = {one.mark: one for one in seen.values() if one.mark and one.code != OWN}
    known: list[Seen] = []
    new = looked = 0
    for lying in files:
        before = seen.get(lying.name)
        if before is not None and before.lying == lying:
            known.append(before)
            continue
        looked += 1
        mark = mark_of(folder / lying.name) if looked <= MARKS_MOST else b"?"
        if not mark or mark in own:
            known.append(Seen(lying, mark, OWN if mark else OTHER))
        elif mark in by_mark and by_mark[mark].lying in files:
            of = by_mark[mark]
            known.append(Seen(lying, mark, of.code, of.root, of.number, of.volumes, of.trust, of.sender))
        else:
            new += 1
    return known, new


def _copies(known: list[Seen]) -> tuple[list[str], list[str]]:
    """Return the names of second copies, and of files that are only the beginning of another one."""
    by_mark: dict[bytes, list[Seen]] = {}
    for one in known:
        if one.mark:
            by_mark.setdefault(one.mark, []).append(one)
    copies: list[str] = []
    cut: list[str] = []
    for several in by_mark.values():
        several.sort(key=lambda one: (-one.lying.size, one.lying.modified, len(one.lying.name), one.lying.name))
        for one in several[1:]:
            (copies if one.lying.size == several[0].lying.size else cut).append(shown(one.lying.name))
    return sorted(copies), sorted(cut)


def _half(folder: Path) -> list[str]:
    found: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in itertools.islice(entries, MOST_NAMES):
                with contextlib.suppress(OSError):  # it went away meanwhile
                    if half_written(entry.name) and entry.is_file(follow_symlinks=False):
                        found.append(shown(entry.name))
    except OSError as error:
        raise file_error(error) from error
    return sorted(found)


def _unfinished(known: list[Seen]) -> tuple[tuple[tuple[int, ...], int], ...]:
    here: dict[bytes, set[int]] = {}
    of: dict[bytes, int] = {}
    for one in known:
        if one.code == VOLUME:
            here.setdefault(one.root, set()).add(one.number)
            of[one.root] = one.volumes
    return tuple([(tuple(sorted(set(range(1, of[root] + 1)) - got)), of[root]) for root, got in here.items()])


def _partners(session: Session, folder: Path, known: list[Seen]) -> tuple[PartnerStanding, ...]:
    taken, waits = _bundles(session, known, _CAME), _bundles(session, known, frozenset((WAITING,)))
    kept = {row.id: row.sender for row in session.vault.quarantine.all()}
    ours = _ours(session, known)
    plan = memory.arrangement(session, folder)
    gets = set(plan.to) if plan else set()
    contacts = session.vault.contacts.all()
    numbers = {one.author: one.number for one in contacts}
    authors = {*taken, *waits, *[one.author for one in contacts if one.number in gets or ours[one.number]]}
    told = [
        PartnerStanding(
            session.author_name(author),
            state_of(session, author),
            len(taken.get(author, ())),
            len(waits.get(author, ())),
            tuple(sorted(root for root in waits.get(author, ()) if root in kept)),
            ours[numbers.get(author, -1)],
            numbers.get(author, -1) in gets,
        )
        for author in authors
        if author != session.author
    ]
    return tuple(sorted(told, key=lambda one: (not one.waits, one.name)))


def _bundles(session: Session, known: list[Seen], codes: frozenset[str]) -> dict[bytes, set[bytes]]:
    """Return the roots of the bundles of which files are one of these, by sender."""
    found: dict[bytes, set[bytes]] = {}
    for one in known:
        if one.code in codes and one.root:
            row = None if one.sender else session.vault.taken_in.bundle(one.root)
            sender = one.sender or (row.sender if row else b"")
            if sender:
                found.setdefault(sender, set()).add(one.root)
    return found


def _ours(session: Session, known: list[Seen]) -> Counter[int]:
    """Return how many bundles lie there that a partner (contact number) has not receipted."""
    present: dict[bytes, set[int]] = {}
    for one in known:
        if one.mark and one.code != SPOILT:
            present.setdefault(one.mark, set()).add(one.lying.size)
    found: Counter[int] = Counter()
    for put in memory.puts(session).values():
        if put.lies_whole(present):
            readers = session.vault.sent.recipients_of(put.root)
            found.update([number for number, _, received in readers if not received])
    return found
