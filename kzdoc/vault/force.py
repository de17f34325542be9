"""Which revisions are in force: what is set aside or lies beyond a revoked author's last good heads.

The rules are kzdoc/ledger/history.py's; this file keeps their inputs in tables and their answer in memory. Asking
costs what is set aside and what revoked authors wrote, not what is there; and it is asked only when one of these, or
what they speak of, comes. A row of ``aside`` whose ``seq`` is negative was written at this desk and takes back for this
desk alone, whoever wrote what it names; nobody else sets it aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kzdoc.ledger.history import (
    ASIDE,
    OPEN_OFFICE,
    Head,
    Policy,
    beyond_good_heads,
    set_aside,
    stays_home,
    taken_back_by,
)
from kzdoc.ledger.revision import Skeleton
from kzdoc.vault.truth import Truth, held_fast, in_chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kzdoc.ledger.merge import Held
    from kzdoc.vault.connection import Database

_ROSTER_SET = b"\0"
"""An author no key can have: its row says that there is a roster at all."""
_WRITTEN_TO_TAKE_BACK = "SELECT DISTINCT r.id FROM aside a JOIN revision r ON r.seq = -a.seq WHERE a.seq < 0"
_KEY = 32
"""A row of ``roster`` with two keys for its author, and no rights, says that the second succeeds the first."""


class Force:
    """The set of revisions out of force, and the policy that decides about it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.policy = self._read_policy()
        self.at_home: frozenset[bytes] = frozenset()
        """What is out of force by a taking back at this desk: nothing of it goes to anybody."""
        self.excluded: frozenset[bytes] = self._out_of_force()

    def heads(self) -> list[Head]:
        """Return the newest revision of every branch of every chain, sorted."""
        return sorted(
            Head(*row)
            for row in self._database.rows(
                "SELECT c.author, c.chain, r.sequence, r.id FROM revision r JOIN chain c ON c.number = r.chain"
                " WHERE NOT EXISTS (SELECT 1 FROM revision n"
                " WHERE n.chain = r.chain AND n.sequence = r.sequence + 1 AND n.previous = r.id)"
            )
        )

    def note_asides(self, revisions: Sequence[tuple[int, Sequence[Held]]]) -> bool:
        """Note what these revisions set aside, in place of what was noted of them; (seq, entries) pairs.

        Return whether any of them speaks of setting aside at all.
        """
        noted = False
        for seq, held in revisions:
            if not any(one.entry.kind == ASIDE for one in held):
                continue
            noted = True
            self._database.run("DELETE FROM aside WHERE seq IN (?, ?)", (seq, -seq))
            self._note(seq, _targets(held))
            back = {target for one in held for target in taken_back_by(one)}
            back |= {one.entry.record for one in held if stays_home(one) and not back}  # so that it is found
            if back and self._database.row("SELECT 1 FROM revision WHERE seq = ? AND origin = 0", (seq,)):
                self._note(-seq, back)
        return noted

    def _note(self, seq: int, targets: Iterable[bytes]) -> None:
        self._database.run_many("INSERT OR IGNORE INTO aside VALUES (?, ?)", [(one, seq) for one in sorted(targets)])

    def asks(self, arriving: Sequence[bytes]) -> bool:
        """Return whether it may be other what is in force because these revisions came, which set nothing aside."""
        if self.policy.revoked:
            return True
        if not self._anything():
            return False
        return bool(in_chunks(self._database.ahead, "SELECT 1 FROM aside WHERE target IN", arriving))

    def set_policy(self, policy: Policy) -> frozenset[bytes]:
        """Write the policy; return the authors here whose rights differ from before."""
        changed = frozenset(
            row[0]
            for row in self._database.rows("SELECT DISTINCT author FROM chain")
            if policy.held_by(row[0]) != self.policy.held_by(row[0])
            or policy.successors.get(row[0]) != self.policy.successors.get(row[0])
        )
        self._database.run("DELETE FROM roster")
        self._database.run("DELETE FROM revoked")
        if policy.rights is not None:
            rows = [(author, " ".join(sorted(rights))) for author, rights in policy.rights.items()]
            self._database.run_many("INSERT INTO roster VALUES (?, ?)", [(_ROSTER_SET, ""), *rows])
        self._database.run_many(
            "INSERT INTO roster VALUES (?, '')",
            [(author + one,) for author, several in policy.successors.items() for one in several],
        )
        self._database.run_many(
            "INSERT INTO revoked VALUES (?, ?, ?, ?)",
            [
                (author, chain, sequence, revision)
                for author, chains in policy.revoked.items()
                for chain, (sequence, revision) in (chains or {b"": (-1, b"")}).items()
            ],
        )
        self.policy = policy
        return changed

    def idle(self) -> bool:
        """Whether every revision is in force and nothing here says otherwise."""
        return not self.excluded and not self._anything()

    def refresh(self) -> set[bytes]:
        """Work out anew what is out of force; return the records whose state this may change."""
        if self.idle():
            return set()
        before = self.excluded
        self.excluded = self._out_of_force()
        truth = Truth(self._database)
        here = truth.known(sorted(before ^ self.excluded))
        return {
            one.entry.record
            for _, revision in truth.revisions(sorted(here.values()))
            for one in held_fast(revision.id, revision.skeleton.author, revision.entries, {}, {})
            if not one.entry.kind.startswith("_")
        }

    def about(self, authors: Iterable[bytes]) -> set[bytes]:
        """Return the records that these authors said anything about."""
        return {
            row[0]
            for author in authors
            for row in self._database.rows(
                "SELECT DISTINCT e.record FROM chain c JOIN revision r ON r.chain = c.number"
                " JOIN entry_of e ON e.seq = r.seq WHERE c.author = ?",
                (author,),
            )
        }

    def _anything(self) -> bool:
        return bool(self.policy.revoked) or bool(self._database.ahead("SELECT 1 FROM aside LIMIT 1"))

    def _out_of_force(self) -> frozenset[bytes]:
        self.at_home = frozenset()
        if not self._anything():
            return frozenset()
        beyond = beyond_good_heads(self._skeletons_of(self.policy.revoked), self.policy)
        rows = self._database.rows(
            "SELECT s.id, cs.author, t.id, ct.author, a.seq < 0 FROM aside a JOIN revision s ON s.seq = abs(a.seq)"
            " JOIN revision t ON t.id = a.target JOIN chain cs ON cs.number = s.chain"
            " JOIN chain ct ON ct.number = t.chain"
        )
        home = [(setting, target) for setting, _, target, _, here in rows if here]
        own = {row[0] for row in self._database.rows(_WRITTEN_TO_TAKE_BACK)}
        edges = [
            (setting, target)
            for setting, author, target, whose, here in rows
            if here or (self.policy.may_set_aside(author, whose) and (target not in own or author == whose))
        ]
        gone = set_aside(edges, beyond)
        back = {target for setting, target in home if setting not in gone and setting not in beyond}
        self.at_home = frozenset(back - {setting for setting, _ in home})
        return frozenset(beyond | gone)

    def _skeletons_of(self, authors: Iterable[bytes]) -> dict[bytes, Skeleton]:
        return {
            row[4]: Skeleton(row[0], row[1], row[2], row[3], (), b"", row[4])
            for author in authors
            for row in self._database.rows(
                "SELECT c.author, c.chain, r.sequence, r.previous, r.id FROM chain c"
                " JOIN revision r ON r.chain = c.number WHERE c.author = ?",
                (author,),
            )
        }

    def _read_policy(self) -> Policy:
        rights = dict(self._database.rows("SELECT author, rights FROM roster"))
        revoked: dict[bytes, dict[bytes, tuple[int, bytes]]] = {}
        for author, chain, sequence, revision in self._database.rows("SELECT * FROM revoked"):
            chains = revoked.setdefault(author, {})
            if chain:
                chains[chain] = (sequence, revision)
        if not rights and not revoked:
            return OPEN_OFFICE
        there = rights.pop(_ROSTER_SET, None) is not None
        successors: dict[bytes, frozenset[bytes]] = {}
        for pair in [key for key in rights if len(key) == 2 * _KEY]:
            del rights[pair]
            successors[pair[:_KEY]] = successors.get(pair[:_KEY], frozenset()) | {pair[_KEY:]}
        told = {author: frozenset(held.split()) for author, held in rights.items()} if there else None
        return Policy(told, revoked, successors)


def _targets(held: Iterable[Held]) -> set[bytes]:
    """Return the revisions that disclosed ``_aside`` statements name (history.asides, on entries already read)."""
    return {
        said.value[0]
        for one in held
        if one.entry.kind == ASIDE
        for said in one.statements.values()
        if said.field == "aside"
        and isinstance(said.value, list)
        and len(said.value) == 2  # noqa: PLR2004 - a pair
        and isinstance(said.value[0], bytes)
    }
