"""Chains, forks, setting aside, revoking: which revisions are in force, and the union of two ledgers.

``Ledger`` is the whole model in memory, for laws and small tools; the vault keeps the same sets in tables and calls
the same functions. Nothing here reads a clock: ancestry by hash is the only order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kzdoc.errors import LedgerError
from kzdoc.ledger.absence import apply_erasures, restore
from kzdoc.ledger.merge import Held, MayReplace, RecordState, anyone, project
from kzdoc.ledger.revision import (
    INDEX_BASE,
    NewEntry,
    NewStatement,
    Revision,
    Skeleton,
    StatementRef,
    read_disclosure,
    read_entry,
)

RIGHTS = frozenset(("erase", "replace", "settle"))
"""What a roster grants over what others said (docs/formats/roster.md)."""

ASIDE = "_aside"
CHAIN = "_chain"
BACK = "back"
"""The field of an ``ASIDE`` entry that takes back on the writer's own desk alone; it goes to nobody."""
TARGETS_AT_ONCE = 1_000

Verify = Callable[[bytes, bytes, bytes], bool]
"""(author, skeleton, signature) → whether the signature is the author's."""


@dataclass(frozen=True, slots=True, order=True)
class Head:
    """The newest revision known of one branch of a chain."""

    author: bytes
    chain: bytes
    sequence: int
    revision: bytes


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may do what: part of the state's input, decided by roster and revocations, never by time.

    ``rights``: author → some of ``RIGHTS``; None means that everybody holds all, for laws and a vault that nobody else
    ever wrote in.
    ``revoked``: author → last good heads as {name: (sequence, revision id)}; a forked chain has several, so a head's
    own id is the safest name.
    ``successors``: author → who may replace and set aside what that author said, as the author himself may; whoever
    makes the policy follows a succession of a successor (``heirs``).
    """

    rights: Mapping[bytes, frozenset[str]] | None = None
    revoked: Mapping[bytes, Mapping[bytes, tuple[int, bytes]]] = field(default_factory=dict)
    successors: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)

    def may_replace(self, replacing: bytes, replaced: bytes) -> bool:
        """Return whether the first author's statements stand over the second's."""
        return self._holds(replacing, replaced, "replace")

    def may_set_aside(self, setting: bytes, aside: bytes) -> bool:
        """Return whether the first author may set aside the second's revisions."""
        return self._holds(setting, aside, "settle")

    def held_by(self, author: bytes) -> frozenset[str]:
        """Return the rights an author has over what others said."""
        return RIGHTS if self.rights is None else self.rights.get(author, frozenset())

    def _holds(self, author: bytes, other: bytes, right: str) -> bool:
        return author == other or right in self.held_by(author) or author in self.successors.get(other, ())


def heirs(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, frozenset[bytes]]:
    """Return for each author everybody his cases came to, given (author, successor) pairs: heirs of heirs too.

    Nobody is his own heir; the order of the pairs does not matter.
    """
    direct: dict[bytes, set[bytes]] = {}
    for author, successor in pairs:
        direct.setdefault(author, set()).add(successor)
    found: dict[bytes, frozenset[bytes]] = {}
    for author, first in direct.items():
        reached: set[bytes] = set()
        waiting = list(first)
        while waiting:
            one = waiting.pop()
            if one not in reached:
                reached.add(one)
                waiting.extend(direct.get(one, ()))
        if reached - {author}:
            found[author] = frozenset(reached - {author})
    return found


OPEN_OFFICE = Policy()
"""Everybody holds every right, nobody is revoked."""


def many_fields_of_nothing(kind: str) -> frozenset[str]:  # noqa: ARG001 - the signature of project's ``many``
    """Say that no kind has `many` fields (for laws that need no domain)."""
    return frozenset()


@dataclass(frozen=True, slots=True)
class Ledger:
    """A set of revisions with what is held of each, and the digests that were erased here."""

    revisions: Mapping[bytes, Revision] = field(default_factory=dict)
    erased: frozenset[bytes] = frozenset()

    def union(self, other: Ledger) -> Ledger:
        """Return the merge of two ledgers: commutative, associative, idempotent, and losing nothing but erasures."""
        erased = self.erased | other.erased
        merged = {key: apply_erasures(revision, erased) for key, revision in self.revisions.items()}
        for key, revision in other.revisions.items():
            mine = merged.get(key)
            merged[key] = restore(mine, revision, erased=erased) if mine else apply_erasures(revision, erased)
        return Ledger(merged, erased)

    def add(self, *revisions: Revision) -> Ledger:
        """Return the ledger with more revisions."""
        return self.union(Ledger({revision.id: revision for revision in revisions}))

    def heads(self) -> list[Head]:
        """Return the newest revision of every branch, sorted."""
        return heads([revision.skeleton for revision in self.revisions.values()])

    def states(
        self,
        policy: Policy = OPEN_OFFICE,
        many: Callable[[str], frozenset[str]] = many_fields_of_nothing,
        *,
        here: Container[bytes] = (),
    ) -> dict[bytes, RecordState]:
        """Return the state of every record; ``here`` are the revisions written at the desk that looks."""
        out = out_of_force(self.revisions.values(), policy, here=here)
        held: dict[bytes, list[Held]] = {}
        for revision in self.revisions.values():
            for entry in held_entries(revision):
                if not entry.entry.kind.startswith("_"):
                    held.setdefault(entry.entry.record, []).append(entry)
        may: MayReplace = policy.may_replace if policy.rights is not None else anyone
        states = {
            record: project(record, entries, many=many, excluded=out, may_replace=may)
            for record, entries in held.items()
        }
        return {record: state for record, state in states.items() if state}


def held_entries(revision: Revision) -> list[Held]:
    """Return the entries of ``revision`` with their statements read, ready for ``merge.project``."""
    by_entry: dict[int, dict[int, bytes]] = {}
    for index, raw in revision.statements.items():
        by_entry.setdefault(index // INDEX_BASE, {})[index] = raw
    author = revision.skeleton.author
    return [
        Held(
            revision.id,
            author,
            number,
            read_entry(raw),
            {index: read_disclosure(said) for index, said in by_entry.get(number, {}).items()},
            {index: reason for index, reason in revision.absent.items() if index // INDEX_BASE == number},
        )
        for number, raw in revision.entries.items()
    ]


def heads(skeletons: Iterable[Skeleton]) -> list[Head]:
    """Return the revisions that no other of ``skeletons`` follows; a forked chain has several."""
    known = list(skeletons)
    followed = {skeleton.previous for skeleton in known}
    return sorted(
        Head(skeleton.author, skeleton.chain, skeleton.sequence, skeleton.id)
        for skeleton in known
        if skeleton.id not in followed
    )


def forks(skeletons: Iterable[Skeleton]) -> list[tuple[bytes, bytes, int]]:
    """Return (author, chain, sequence) wherever one author signed two revisions of the same number."""
    seen: dict[tuple[bytes, bytes, int], set[bytes]] = {}
    for skeleton in skeletons:
        seen.setdefault((skeleton.author, skeleton.chain, skeleton.sequence), set()).add(skeleton.id)
    return sorted(place for place, ids in seen.items() if len(ids) > 1)


def asides(revisions: Iterable[Revision]) -> list[tuple[bytes, bytes, bytes]]:
    """Return (setting revision, its author, revision set aside) for every disclosed ``_aside`` statement."""
    found: list[tuple[bytes, bytes, bytes]] = []
    for revision in revisions:
        author = revision.skeleton.author
        for held in held_entries(revision):
            if held.entry.kind == ASIDE:
                found.extend((revision.id, author, target) for target in _targets(held))
    return found


def backs(revision: Revision) -> list[bytes]:
    """Return the revisions that one written at this desk takes back here, whoever wrote them."""
    return [target for held in held_entries(revision) for target in taken_back_by(held)]


def taken_back_by(held: Held) -> list[bytes]:
    """Return the revisions that an entry takes back on the desk it was written at; of another kind, none."""
    said = [one.value for one in held.statements.values() if held.entry.kind == ASIDE and one.field == BACK]
    lists = [value[1] for value in said if isinstance(value, list) and len(value) == 2]  # noqa: PLR2004 - root, targets
    return [target for several in lists if isinstance(several, list) for target in several if isinstance(target, bytes)]


def stays_home(held: Held) -> bool:
    """Return whether an entry is this desk's own matter and goes to nobody."""
    return held.entry.kind == ASIDE and any(one.field == BACK for one in held.statements.values())


def _targets(held: Held) -> list[bytes]:
    values = [said.value for said in held.statements.values() if said.field == "aside"]
    pairs = [value for value in values if isinstance(value, list) and len(value) == 2]  # noqa: PLR2004 - target, reason
    return [target for target, _ in pairs if isinstance(target, bytes)]


def out_of_force(revisions: Collection[Revision], policy: Policy, *, here: Container[bytes] = ()) -> frozenset[bytes]:
    """Return the ids of revisions that are beyond a revoked author's last good heads, or set aside.

    What was taken back counts where that was written (``here``), whoever wrote what is taken back; elsewhere not. It is
    its writer's own matter: nobody else sets a taking back aside, whatever rights he holds.
    """
    known = {revision.id: revision.skeleton for revision in revisions}
    beyond = beyond_good_heads(known, policy)
    own = {one.id for one in revisions if one.id in here and any(stays_home(held) for held in held_entries(one))}
    edges = [
        (setting, target)
        for setting, author, target in asides(revisions)
        if target in known and policy.may_set_aside(author, known[target].author)
        if target not in own or author == known[target].author
    ]
    edges += [(one.id, target) for one in revisions if one.id in own for target in backs(one) if target in known]
    return frozenset(beyond | set_aside(edges, beyond))


def beyond_good_heads(known: Mapping[bytes, Skeleton], policy: Policy) -> set[bytes]:
    """Return the revisions of revoked authors that are not the last good heads or their ancestors."""
    good: set[bytes] = set()
    for chains in policy.revoked.values():
        for _, head in chains.values():
            step = known.get(head)
            while step is not None and step.id not in good:
                good.add(step.id)
                step = known.get(step.previous)
    return {
        revision for revision, skeleton in known.items() if skeleton.author in policy.revoked and revision not in good
    }


def set_aside(edges: Iterable[tuple[bytes, bytes]], beyond: Container[bytes]) -> set[bytes]:
    """Return what is set aside, given (setting, target) pairs; a setter that is itself set aside sets nothing.

    A revision names another by hash, so the pairs have no cycle and the answer is unique: each setter is settled after
    all who might set it aside, and each pair is looked at once. Pairs that did run in a circle would settle nobody.
    """
    setters: dict[bytes, set[bytes]] = {}
    targets: dict[bytes, list[bytes]] = {}
    for setting, target in set(edges):
        setters.setdefault(target, set()).add(setting)
        targets.setdefault(setting, []).append(target)
    unsettled = {target: len(whose) for target, whose in setters.items()}
    settled = [setting for setting in targets if setting not in unsettled]
    gone: set[bytes] = set()
    while settled:
        setting = settled.pop()
        counts = setting not in beyond and setting not in gone
        for target in targets.get(setting, ()):
            if counts:
                gone.add(target)
            unsettled[target] -= 1
            if unsettled[target] == 0:
                settled.append(target)
    return gone


def verify_run(run: Sequence[Revision], *, verify: Verify) -> tuple[list[bool], list[bool]]:
    """Return (good, checked) for a run of one chain sorted by sequence, each revision following the one before.

    The newest signature vouches for the whole run (its bytes contain the ids of all before it by hash); if it fails,
    or where the run is broken, each is checked alone.
    """
    good = [False] * len(run)
    checked = [False] * len(run)
    start = 0
    while start < len(run):
        end = start + 1
        while end < len(run) and run[end].skeleton.previous == run[end - 1].id:
            end += 1
        last = run[end - 1]
        if verify(last.skeleton.author, last.skeleton.raw, last.signature):
            good[start:end] = [True] * (end - start)
            checked[end - 1] = True
        else:
            for place in range(start, end - 1):
                one = run[place]
                good[place] = verify(one.skeleton.author, one.skeleton.raw, one.signature)
                checked[place] = True
            checked[end - 1] = True
        start = end
    return good, checked


def opening_entry(chain: bytes, known: Iterable[Head]) -> NewEntry:
    """Return the entry with which a new chain begins: the heads its author knew."""
    value = [[head.author, head.chain, head.sequence, head.revision] for head in sorted(known)]
    return NewEntry(chain, CHAIN, (NewStatement("knows", value),))


def aside_entry(revision: bytes, reason: str) -> NewEntry:
    """Return the entry that sets ``revision`` aside."""
    return NewEntry(revision[:16], ASIDE, (NewStatement("aside", [revision, reason]),))


def back_entry(root: bytes, revisions: Sequence[bytes]) -> NewEntry:
    """Return the entry that takes ``revisions`` of the bundle ``root`` back on the desk it is written at.

    Without any it says that the bundle is taken back, though all it brought came in others too.
    """
    starts = range(0, max(1, len(revisions)), TARGETS_AT_ONCE)
    parts = [list(revisions[start : start + TARGETS_AT_ONCE]) for start in starts]
    return NewEntry(root[:16], ASIDE, tuple([NewStatement(BACK, [root, part]) for part in parts]))


def void_edges(ledger: Ledger) -> list[StatementRef]:
    """Return the statements that claim to replace one of another record or field."""
    where = {
        (revision.id, held.number): held.entry.record
        for revision in ledger.revisions.values()
        for held in held_entries(revision)
    }
    void: set[StatementRef] = set()
    for revision in ledger.revisions.values():
        for held in held_entries(revision):
            for place, slot in enumerate(held.entry.slots):
                for target, index in slot.replaces:
                    record = where.get((target, index // INDEX_BASE))
                    if record is not None and record != held.entry.record:
                        void.add((revision.id, held.number * INDEX_BASE + place))
    for state in ledger.states().values():
        void.update(state.void)
    return sorted(void)


def check_follows(previous: Skeleton | None, skeleton: Skeleton) -> None:
    """Raise ``LedgerError("ledger.not-next")`` unless ``skeleton`` directly follows ``previous`` in its chain."""
    if previous is None:
        if skeleton.sequence != 0:
            raise LedgerError("ledger.not-next")
        return
    if (
        skeleton.author != previous.author
        or skeleton.chain != previous.chain
        or skeleton.sequence != previous.sequence + 1
        or skeleton.previous != previous.id
    ):
        raise LedgerError("ledger.not-next")
