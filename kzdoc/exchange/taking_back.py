"""Taking a bundle back that was taken in, and bringing it back: what it brought is set aside on this desk.

Rules: one own revision names what is set aside, so nothing is deleted, files stay, and bringing back gives everything
back as it was. It holds on this desk alone and goes to nobody: what others wrote is not this desk's to take from others
(docs/adr/0012-taking-back-is-a-desks-own.md). What oneself wrote stays, and so does what another bundle brought that is
not taken back; a bundle all of which came in others too is noted, and goes with the last of them. What closed something
stays too: where somebody's consent would allow more without a revision, that revision stays in force. Notices (rosters,
alerts, revocations, what was asked to be forgotten) are no revisions and stay as they are. The receipt that was given
stays true: all of it is still here.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any

from kzdoc.browsing import Naming
from kzdoc.casework import plain
from kzdoc.domain.kinds.recurring import SAME_AS
from kzdoc.errors import InputError
from kzdoc.exchange.loosening import Closed, closed_by
from kzdoc.exchange.trust import state_of
from kzdoc.ledger.history import ASIDE, back_entry, backs, held_entries
from kzdoc.ledger.merge import Held, RecordState
from kzdoc.ledger.revision import INDEX_BASE, NewEntry
from kzdoc.progress import Progress, silent
from kzdoc.session import Session
from kzdoc.vault.taken_in import BundleIn

IN, SOME, BACK = "in", "some", "back"
"""How a bundle stands: all it brought is in force, some of it was taken back, all that can be was."""
TOLD = 300
"""Of so many records it is told what becomes of their values; of more, only what becomes of them."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a bundle brought: ``theirs`` can be taken back; ``own`` and what others ``also`` brought stays."""

    root: bytes
    theirs: dict[int, bytes] = field(default_factory=dict)
    own: int = 0
    also: int = 0


@dataclass(frozen=True, slots=True)
class _Taking:
    """A revision in force here that takes back; what of it is not a taking back itself.

    Without targets it notes a bundle all of which came in others too.
    """

    id: bytes
    root: bytes
    targets: frozenset[bytes]


class _RolledBack(Exception):  # noqa: N818 - not an error: it ends what was only tried
    """Ends a trial."""


# --- what was taken in


def taken(session: Session, *, most: int | None = None) -> list[dict[str, Any]]:
    """Return the bundles that were taken in, the newest ``most`` or all, newest first, in the JSON of `bundle taken`.

    ``standing`` is ``in``, ``some`` or ``back``; ``taken`` in seconds since 1970; ``revisions`` how many it brought
    words of, ``aside`` how many of these were taken back here.
    """
    here, back = _takings(session), session.store.at_home()
    return [_line(session, one, here, back) for one in session.vault.taken_in.bundles()[:most]]


def _line(session: Session, one: BundleIn, here: Sequence[_Taking], back: AbstractSet[bytes]) -> dict[str, Any]:
    seqs = session.vault.brought.by(one.root)
    aside = len(back & set(session.vault.brought.strangers(seqs, session.author).values())) if back else 0
    named = any(taking.root == one.root for taking in here)
    return {
        "bundle": one.root.hex(),
        "sender": session.author_name(one.sender),
        "state": state_of(session, one.sender),
        "sequence": one.sequence,
        "taken": one.taken,
        "new": one.counts.get("new", 0),
        "changed": one.counts.get("changed", 0),
        "conflicts": one.counts.get("conflicts", 0),
        "whole": one.whole,
        "revisions": len(seqs),
        "aside": aside,
        "standing": BACK if named else SOME if aside else IN,
    }


def standing(session: Session, root: bytes) -> str:
    """Return how a bundle that was taken in stands; raises ``InputError("bundle.not-taken-in")``."""
    return str(_line(session, _bundle(session, root), _takings(session), session.store.at_home())["standing"])


def _bundle(session: Session, root: bytes) -> BundleIn:
    found = session.vault.taken_in.bundle(root)
    if found is None:
        raise InputError("bundle.not-taken-in")
    return found


def taken_back_from(session: Session, authors: Iterable[bytes]) -> frozenset[bytes]:
    """Return the revisions that were taken back here and that each of these authors had brought."""
    back, brought = session.store.at_home(), []
    for author in authors if back else ():
        roots = [one.root for one in session.vault.taken_in.bundles() if one.sender == author]
        seqs = set().union(*[session.vault.brought.by(root) for root in roots])
        brought.append(back & set(session.vault.brought.strangers(seqs, session.author).values()))
    return frozenset.intersection(*map(frozenset, brought)) if brought else frozenset()


def _takings(session: Session) -> list[_Taking]:
    """Return the takings back in force, the oldest first."""
    excluded = session.store.in_force()[0]
    several = [one for _, one in session.vault.chains.at(session.vault.brought.takings())]
    themselves = {one.id for one in several}
    return [
        _Taking(one.id, _root_of(held_entries(one)), frozenset(backs(one)) - themselves)
        for one in several
        if one.id not in excluded and not (themselves & set(backs(one)))  # what brings back takes nothing back
    ]


def _root_of(entries: Iterable[Any]) -> bytes:
    said = [one.value for held in entries if held.entry.kind == ASIDE for one in held.statements.values()]
    return next((bytes(value[0]) for value in said if isinstance(value, list) and value), b"")


# --- taking back


def foresee(session: Session, root: bytes, *, progress: Progress = silent) -> dict[str, Any]:
    """Say what taking a bundle back would do; nothing is changed. Raises as ``take_back`` does."""
    return _run(session, root, progress, keep=False)


def take_back(session: Session, root: bytes, *, progress: Progress = silent) -> dict[str, Any]:
    """Take a bundle back: set aside here what it alone brought; return what that did, as ``foresee`` told.

    Raises:
        InputError: ``bundle.not-taken-in``; ``bundle.nothing-to-take-back`` when all of it is set aside already, is
            one's own, or has to stay.
        Cancelled: nothing was changed.
    """
    return _run(session, root, progress, keep=True)


def _run(session: Session, root: bytes, progress: Progress, *, keep: bool) -> dict[str, Any]:
    """Take back, and again with less as long as somebody's consent would allow more; kept or rolled back."""
    stays: frozenset[bytes] = frozenset()
    loosened: set[bytes] = set()
    while True:
        told: dict[str, Any] = {}
        more: frozenset[bytes] = frozenset()
        with contextlib.suppress(_RolledBack), session.vault.transaction():
            told, more = _take_back(session, root, stays, loosened, progress)
            if more or not keep:
                raise _RolledBack
        if not more:
            return told | {"stay_strict": len(stays), "strict": sorted(one.hex() for one in loosened)}
        stays |= more


def _take_back(
    session: Session, root: bytes, stays: frozenset[bytes], loosened: set[bytes], progress: Progress
) -> tuple[dict[str, Any], frozenset[bytes]]:
    """Take back all but what ``stays``; return what that did, and what else would have to stay."""
    bundle, part, back = _bundle(session, root), _part(session, root), session.store.at_home()
    going = {seq: key for seq, key in part.theirs.items() if key not in back and key not in stays}
    noted = any(one.root == root for one in _takings(session))
    if not going and (noted or stays or not part.also):
        raise InputError("bundle.nothing-to-take-back")
    about = _spoken_of(session, root)
    before, closed = _states(session, about, progress), Closed(session, about, loosened)
    pointing = session.vault.brought.pointing_at(about)
    own = _own_upon(session, about, frozenset(going.values()), pointing)
    session.write([_entry(root, going.values())], progress=progress)
    more = closed_by(session, closed, going)
    if more:
        return {}, more
    told = _told(session, bundle, part, before, own)
    links = _dangling(session, pointing, about)
    return told | {"revisions": len(going), "links": links, "standing": BACK}, more


def _spoken_of(session: Session, root: bytes) -> set[bytes]:
    """Return the records that what a bundle brought is about, or that it set aside, gave back or closed."""
    seqs = session.vault.brought.by(root)
    targets = session.vault.brought.set_aside_by(seqs)
    return session.vault.brought.records({*seqs, *targets})


def _entry(root: bytes, revisions: Iterable[bytes]) -> NewEntry:
    return back_entry(root, sorted(revisions))


def _part(session: Session, root: bytes) -> Part:
    """Return what a bundle brought, as far as no other that is not taken back itself did too."""
    seqs = session.vault.brought.by(root)
    gone = {one.root for one in _takings(session)}
    others = [one.root for one in session.vault.taken_in.bundles() if one.root != root and one.root not in gone]
    also = session.vault.brought.also(seqs, others)
    theirs = session.vault.brought.strangers(seqs - also, session.author)
    return Part(root, theirs, len(seqs) - len(also) - len(theirs), len(also))


# --- bringing back


def bring_back(session: Session, root: bytes, *, progress: Progress = silent) -> dict[str, Any]:
    """Put everything a bundle brought in force again, whichever taking back set it aside.

    What another taking back set aside besides stays aside. Raises ``InputError``: ``bundle.not-taken-in``,
    ``bundle.not-taken-back``.
    """
    with session.vault.transaction():
        bundle = _bundle(session, root)
        mine = session.vault.brought.strangers(session.vault.brought.by(root), session.author)
        wanted = frozenset(mine.values())
        undone = [one for one in _takings(session) if one.root == root or one.targets & wanted]
        if not undone:
            raise InputError("bundle.not-taken-back")
        before = _states(session, _spoken_of(session, root), progress)
        left = [replace(one, targets=one.targets - wanted) for one in undone if one.root != root]
        entries = [back_entry(root, [one.id for one in undone])]
        entries += [_entry(one.root, one.targets) for one in left if one.targets]
        for entry in entries:
            session.write([entry], progress=progress)
        told = _told(session, bundle, Part(root), before, [])
        return told | {"revisions": len(wanted), "standing": standing(session, root)}


def when_taken_again(session: Session, told: dict[str, Any], *, progress: Progress = silent) -> dict[str, Any]:
    """Bring a bundle back that somebody takes in again after taking it back; return what is told of it now.

    Otherwise ``aside`` says how many of its revisions another taking back holds, which stays as it is.
    """
    root = bytes.fromhex(told["bundle"])
    back = session.store.at_home()
    stands = standing(session, root) if session.vault.brought.takings() and session.vault.taken_in.bundle(root) else IN
    if stands == BACK:
        done = bring_back(session, root, progress=progress)
        counts = {"new": told["new"] + done["come_back"], "changed": told["changed"] + done["changed"]}
        nothing = not (done["come_back"] or done["changed"])  # all of it came in others too
        return told | counts | {"already": nothing, "brought_back": done["revisions"], "aside": 0}
    if stands == IN:
        return told | {"brought_back": 0, "aside": 0}
    theirs = session.vault.brought.strangers(session.vault.brought.by(root), session.author)
    return told | {"brought_back": 0, "aside": len(back & set(theirs.values()))}


# --- what is told


def _states(session: Session, about: AbstractSet[bytes], progress: Progress) -> dict[bytes, RecordState]:
    progress("vault.follow", 0, len(about))
    return session.records.states(about)


def _told(
    session: Session,
    bundle: BundleIn,
    part: Part,
    before: dict[bytes, RecordState],
    own: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    """Return what became of the records, inside the caller's transaction."""
    about = _spoken_of(session, bundle.root)
    after = session.records.states(about)
    naming = Naming(session)
    rows = [_row(naming, key, before.get(key), after.get(key)) for key in about]
    changed = sorted([one for one in rows if one], key=lambda one: (one["kind"], one["title"], one["id"]))
    for one in changed[:TOLD]:
        key = bytes.fromhex(one["id"])
        one["values"] = _values(before.get(key), after.get(key))
    return {
        "sender": session.author_name(bundle.sender),
        "bundle": bundle.root.hex(),
        "stay_own": part.own,
        "stay_also": part.also,
        "vanish": sum(one["becomes"] == "gone" for one in changed),
        "come_back": sum(one["becomes"] == "back" for one in changed),
        "changed": sum(one["becomes"] == "changed" for one in changed),
        "records": changed,
        "own_work": [{**one, "title": naming.of(bytes.fromhex(one["id"]))} for one in own],
    }


def _row(naming: Naming, key: bytes, was: RecordState | None, now: RecordState | None) -> dict[str, Any] | None:
    one = now or was
    if one is None or was == now:
        return None
    here, there = was is not None and not was.removed, now is not None and not now.removed
    becomes = "changed" if here == there else "back" if there else "gone"
    if becomes == "changed" and was is not None and now is not None and _says(was) == _says(now):
        return None  # only what is known of words that are not here is another
    return {"id": key.hex(), "kind": one.kind, "title": naming.of_state(one), "becomes": becomes}


def _says(one: RecordState) -> tuple[object, ...]:
    """Return what a record says, whoever said it."""
    fields = {name: sorted(repr(live.value) for live in lives) for name, lives in one.fields.items() if lives}
    return one.kind, fields, one.conflicts


def _values(was: RecordState | None, now: RecordState | None) -> list[dict[str, Any]]:
    """Return what each field that differs says before and after."""
    if was is None or now is None:
        return []
    first, then = plain(was)["fields"], plain(now)["fields"]
    names = sorted(name for name in first.keys() | then.keys() if first.get(name) != then.get(name))
    return [{"field": name, "before": first.get(name), "after": then.get(name)} for name in names]


def _own_upon(
    session: Session, about: AbstractSet[bytes], going: AbstractSet[bytes], pointing: Iterable[tuple[bytes, bytes]]
) -> list[dict[str, Any]]:
    """Return what oneself built upon what goes: by record, which fields, and how (settled, edited, joined, linked).

    It stays in force, and says what it says without what it stood upon.
    """
    excluded = session.store.in_force()[0]
    records = about | {source for source, _ in pointing}
    found: dict[tuple[bytes, str], dict[str, str]] = {}
    for _, revision in session.vault.chains.at(session.vault.brought.own_about(records, session.author)):
        for held in held_entries(revision) if revision.id not in excluded else ():
            upon = {name: how for name, how in _upon(held, about, going) if held.entry.record in records}
            if upon:
                found.setdefault((held.entry.record, held.entry.kind), {}).update(upon)
    return [{"id": key.hex(), "kind": kind, "fields": upon} for (key, kind), upon in sorted(found.items())]


def _upon(held: Held, about: AbstractSet[bytes], going: AbstractSet[bytes]) -> Iterator[tuple[str, str]]:
    """Yield (field, how) of what an entry says upon what goes."""
    for index, said in held.statements.items():
        replaces = held.entry.slots[index % INDEX_BASE].replaces
        if isinstance(said.value, bytes) and said.value in about:
            yield said.field, "joined" if said.field == SAME_AS else "linked"
        elif any(ref[0] in going for ref in replaces):
            yield said.field, "settled" if len(replaces) > 1 else "edited"


def _dangling(session: Session, pointing: Iterable[tuple[bytes, bytes]], about: AbstractSet[bytes]) -> list[list[str]]:
    """Return (record, target) where a record that stays names one that is not there any more."""
    gone = about - session.records.states(about).keys()
    stays = session.records.states({source for source, target in pointing if target in gone})
    return sorted([source.hex(), target.hex()] for source, target in pointing if target in gone and source in stays)
