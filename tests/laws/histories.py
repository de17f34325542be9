"""Random histories of a small field office, for laws: several authors write, copy, withhold, forget, fork, undo.

A history is grown step by step from drawn choices over several desks (each with its own ledger), so that what one
desk replaces is what that desk really saw. Keys and signatures are real.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from hypothesis import strategies as st

from kzdoc.crypto.identity import author_of, sign_revision
from kzdoc.ledger.absence import statement_digests, withhold
from kzdoc.ledger.history import Head, Ledger, aside_entry, opening_entry
from kzdoc.ledger.merge import REMOVED
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision, write_revision
from kzdoc.moment import Moment

SEEDS = [bytes([number]) * 32 for number in range(1, 4)]
AUTHORS = [author_of(seed) for seed in SEEDS]
RECORDS = [bytes([number]) * 16 for number in range(1, 4)]
FIELDS = ["name_ru", "occupation", "aliases"]
MANY = frozenset({"aliases"})


def many(kind: str) -> frozenset[str]:
    return MANY if kind == "person" else frozenset()


@dataclass
class Desk:
    seed: bytes
    chance: random.Random
    ledger: Ledger = field(default_factory=Ledger)
    chain: bytes = b""
    last: Revision | None = None

    def noise(self, size: int) -> bytes:
        return self.chance.randbytes(size)

    def write(self, entries: list[NewEntry]) -> Revision:
        opening = []
        if not self.chain:
            self.chain = self.noise(16)
            opening = [opening_entry(self.chain, self.ledger.heads())]
        revision = write_revision(
            opening + entries,
            sign=lambda raw: sign_revision(self.seed, raw),
            author=author_of(self.seed),
            chain=self.chain,
            sequence=self.last.skeleton.sequence + 1 if self.last else 0,
            previous=self.last.id if self.last else b"",
            moment=Moment(self.chance.randrange(10**9), 300),
            randomness=self.noise,
        )
        self.last = revision
        self.ledger = self.ledger.add(revision)
        return revision

    def edit(self, record: bytes, name: str, value: object, kind: str = "person") -> Revision:
        state = self.ledger.states(many=many).get(record)
        refs = state.refs(name) if state and name not in MANY else ()
        return self.write([NewEntry(record, kind, (NewStatement(name, value, refs),))])

    def remove(self, record: bytes) -> None:
        state = self.ledger.states(many=many).get(record)
        if state:
            seen = [list(ref) for values in state.fields.values() for live in values for ref in live.refs]
            statement = NewStatement(REMOVED, {"reason": "double", "seen": seen})
            self.write([NewEntry(record, "person", (statement,))])

    def aside(self) -> None:
        if self.ledger.revisions:
            target = self.chance.choice(sorted(self.ledger.revisions))
            self.write([aside_entry(target, "undo")])

    def forget(self) -> None:
        digests = [d for r in self.ledger.revisions.values() for d in statement_digests(r).values()]
        if digests:
            gone = frozenset({self.chance.choice(sorted(digests))})
            self.ledger = Ledger({}, gone).union(self.ledger)

    def new_chain(self) -> None:
        self.chain, self.last = b"", None

    def fork(self) -> None:
        """Go on from an older revision of the own chain, as a copied laptop would."""
        own = [r for r in self.ledger.revisions.values() if r.skeleton.chain == self.chain and self.chain]
        if own:
            self.last = self.chance.choice(sorted(own, key=lambda r: r.id))

    def partial(self) -> Ledger:
        """Return what a partner might get: some disclosures withheld, some revisions not sent at all."""
        sent = {}
        for key, revision in sorted(self.ledger.revisions.items()):
            if self.chance.random() < 0.2:
                continue
            indexes = [index for index in revision.statements if self.chance.random() < 0.3]
            sent[key] = withhold(revision, indexes, "not_shared")
        return Ledger(sent)


STEPS = (
    "edit",
    "edit",
    "edit",
    "kind",
    "many",
    "clear",
    "remove",
    "aside",
    "forget",
    "new_chain",
    "fork",
    "send",
    "send_part",
)


def grow(seed: int, steps: list[tuple[int, str, int, int, int]]) -> list[Desk]:
    """Return three desks after ``steps`` of (desk, what, record, field, other desk or value)."""
    desks = [Desk(key, random.Random(seed + number)) for number, key in enumerate(SEEDS)]
    for who, what, record, name, other in steps:
        desk = desks[who]
        if what == "edit":
            desk.edit(RECORDS[record], FIELDS[name % 2], f"value {other}")
        elif what == "kind":
            desk.edit(RECORDS[record], FIELDS[name % 2], f"value {other}", "aaa" if who == len(desks) - 1 else "person")
        elif what == "many":
            desk.edit(RECORDS[record], "aliases", f"note {other}")
        elif what == "clear":
            desk.edit(RECORDS[record], FIELDS[name % 2], None)
        elif what == "remove":
            desk.remove(RECORDS[record])
        elif what == "send":
            desks[other].ledger = desks[other].ledger.union(desk.ledger)
        elif what == "send_part":
            desks[other].ledger = desks[other].ledger.union(desk.partial())
        else:
            getattr(desk, what)()
    return desks


step = st.tuples(st.integers(0, 2), st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
histories = st.builds(grow, st.integers(0, 2**32), st.lists(step, min_size=1, max_size=14))


def good_heads(ledger: Ledger, author: bytes, upto: int) -> dict[bytes, tuple[int, bytes]]:
    """Return the heads of ``author`` as they were at sequence ``upto``."""
    good: dict[bytes, Head] = {}
    for revision in ledger.revisions.values():
        skeleton = revision.skeleton
        if skeleton.author == author and skeleton.sequence <= upto:
            head = Head(skeleton.author, skeleton.chain, skeleton.sequence, skeleton.id)
            good[skeleton.chain] = max(head, good.get(skeleton.chain, head))
    return {chain: (head.sequence, head.revision) for chain, head in good.items()}
