"""Histories of five desks and a hostile author, grown from one number: what travels is cut, doubled, late and replayed.

Besides the ordinary steps of ``histories`` a desk may be restored from an older state of itself, two desks may go on as
one copied laptop, the office may fall into parts that hear nothing of each other, and the hostile author, whose keys
are real, signs whatever the format lets him say. Every packet that ever travelled is kept: it may arrive again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from kzdoc.crypto.identity import author_of, sign_revision
from kzdoc.ledger.absence import withhold
from kzdoc.ledger.history import ASIDE, CHAIN, Ledger
from kzdoc.ledger.merge import REMOVED
from kzdoc.ledger.revision import NewEntry, NewStatement, Revision, StatementRef, write_revision
from kzdoc.moment import Moment
from tests.laws import histories as h

SEEDS = [bytes([number]) * 32 for number in range(11, 16)]
DESKS = len(SEEDS)
HOSTILE = bytes([99]) * 32
STEPS = ("edit",) * 4 + ("note", "clear", "remove", "aside", "forget", "new_chain", "fork", "snapshot", "restore")
STEPS += ("copy", "part", "join", "hostile", "hostile") + ("send",) * 4 + ("send_part", "replay", "replay")

Merge = Callable[[Ledger, Ledger], Ledger]


@dataclass
class Office:
    """Five desks, what travelled between them, and who hears whom."""

    chance: random.Random
    desks: list[h.Desk]
    packets: list[Ledger] = field(default_factory=list)
    apart: list[int] = field(default_factory=lambda: [0] * DESKS)
    snapshots: dict[int, tuple[Ledger, bytes, Revision | None]] = field(default_factory=dict)
    happened: set[str] = field(default_factory=set)

    def step(self) -> None:
        """Let one thing happen somewhere."""
        what = self.chance.choice(STEPS)
        who = self.chance.randrange(DESKS)
        self.happened.add(what)
        getattr(self, f"_{what}")(who, self.desks[who])

    def _edit(self, _who: int, desk: h.Desk) -> None:
        kind = "aaa" if self.chance.random() < 0.05 else "person"
        desk.edit(self.chance.choice(h.RECORDS), self.chance.choice(h.FIELDS[:2]), f"v{self.chance.randrange(4)}", kind)

    def _note(self, _who: int, desk: h.Desk) -> None:
        desk.edit(self.chance.choice(h.RECORDS), "aliases", f"note {self.chance.randrange(4)}")

    def _clear(self, _who: int, desk: h.Desk) -> None:
        desk.edit(self.chance.choice(h.RECORDS), self.chance.choice(h.FIELDS[:2]), None)

    def _remove(self, _who: int, desk: h.Desk) -> None:
        desk.remove(self.chance.choice(h.RECORDS))

    def _aside(self, _who: int, desk: h.Desk) -> None:
        desk.aside()

    def _forget(self, _who: int, desk: h.Desk) -> None:
        desk.forget()

    def _new_chain(self, _who: int, desk: h.Desk) -> None:
        desk.new_chain()

    def _fork(self, _who: int, desk: h.Desk) -> None:
        desk.fork()

    def _snapshot(self, who: int, desk: h.Desk) -> None:
        self.snapshots[who] = (desk.ledger, desk.chain, desk.last)

    def _restore(self, who: int, desk: h.Desk) -> None:
        """Put an older state of a desk back, chain and all, as a vault copied from a backup by hand is."""
        if who in self.snapshots:
            desk.ledger, desk.chain, desk.last = self.snapshots[who]

    def _copy(self, who: int, desk: h.Desk) -> None:
        """Let another desk say one thing as a copy of this one."""
        other = self.desks[(who + 1 + self.chance.randrange(DESKS - 1)) % DESKS]
        own = other.seed, other.chain, other.last
        other.seed, other.chain, other.last = desk.seed, desk.chain, desk.last
        self._edit(who, other)
        other.seed, other.chain, other.last = own

    def _part(self, _who: int, _desk: h.Desk) -> None:
        self.apart = [self.chance.randrange(2) for _ in self.desks]

    def _join(self, _who: int, _desk: h.Desk) -> None:
        self.apart = [0] * DESKS

    def _send(self, who: int, desk: h.Desk) -> None:
        self._travel(who, desk.ledger)

    def _send_part(self, who: int, desk: h.Desk) -> None:
        self._travel(who, desk.partial())

    def _replay(self, who: int, desk: h.Desk) -> None:
        if self.packets:
            desk.ledger = desk.ledger.union(self.chance.choice(self.packets))

    def _travel(self, who: int, packet: Ledger) -> None:
        """Send a packet; whoever is apart may still meet it later."""
        self.packets.append(packet)
        for other in self.chance.sample(range(DESKS), 2):
            if other != who and self.apart[other] == self.apart[who]:
                self.desks[other].ledger = self.desks[other].ledger.union(packet)

    def _hostile(self, _who: int, desk: h.Desk) -> None:
        """Let the hostile author sign something about what a desk holds, and slip it into what travels."""
        evil = hostile(self.chance, desk.ledger)
        cut = withhold(evil, [one for one in evil.statements if self.chance.random() < 0.3], "not_shared")
        self.packets += [Ledger({evil.id: evil}), Ledger({cut.id: cut})]
        desk.ledger = desk.ledger.add(self.chance.choice([evil, cut]))


def hostile(chance: random.Random, seen: Ledger) -> Revision:
    """Return a revision the format allows and no honest desk writes."""
    revisions = sorted(seen.revisions)
    some = chance.choice(revisions) if revisions else chance.randbytes(32)
    places = [(key, index) for key in revisions for index in seen.revisions[key].statements]
    refs: list[StatementRef] = chance.sample(places, min(len(places), chance.randrange(1, 6)))
    refs += [(chance.randbytes(32), chance.randrange(2**20)), (some, chance.randrange(2**20))]
    record, name = chance.choice(h.RECORDS), chance.choice(h.FIELDS)
    said = NewStatement(name, f"forged {chance.randrange(3)}", tuple(refs))
    entry = chance.choice(
        [
            NewEntry(record, "person", (said, said)),
            NewEntry(record, "000", (said,)),
            NewEntry(record, "zzz", (NewStatement(name, None, tuple(refs)),)),
            NewEntry(
                record, "person", (NewStatement(REMOVED, {"reason": "double", "seen": [list(one) for one in refs]}),)
            ),
            NewEntry(record, "person", (NewStatement(REMOVED, chance.choice([[], 7, {"seen": 3}, None])),)),
            NewEntry(record, ASIDE, (NewStatement("aside", [some, "forged"]), NewStatement("aside", [3, some]))),
            NewEntry(chance.randbytes(16), CHAIN, (NewStatement("knows", [[some, -1]]), said)),
        ]
    )
    chains = sorted({one.skeleton.chain for one in seen.revisions.values()}) or [bytes(16)]
    sequence = chance.choice([0, 1, 2, 2**40])
    return write_revision(
        [entry, *([entry] if chance.random() < 0.2 else [])],
        sign=lambda raw: sign_revision(HOSTILE, raw),
        author=author_of(HOSTILE),
        chain=chance.choice(chains),
        sequence=sequence,
        previous=chance.choice([some, chance.randbytes(32)]) if sequence else b"",
        moment=Moment(chance.randrange(10**9), 0),
        randomness=chance.randbytes,
    )


def grown(seed: int) -> Office:
    """Return an office after the history that a number stands for."""
    chance = random.Random(seed)
    office = Office(chance, [h.Desk(key, random.Random(chance.random())) for key in SEEDS])
    for _ in range(chance.randrange(8, 28)):
        office.step()
    return office


def settle(office: Office, merge: Merge) -> list[Ledger]:
    """Return what the desks hold when everything that travelled, and all each holds, has come to all, in any order."""
    ledgers = [desk.ledger for desk in office.desks]
    sent = [*office.packets, *ledgers]
    for at, ledger in enumerate(ledgers):
        order = [*sent, *office.chance.choices(sent, k=3)]
        office.chance.shuffle(order)
        for packet in order:
            ledger = merge(ledger, packet)  # noqa: PLW2901 - what the desk holds grows
        ledgers[at] = ledger
    return ledgers
