"""Laws of taking bundles back, on real vaults: in any order what is set aside is what the rule says, and bringing back
everything is as if nothing had ever been taken back.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.errors import InputError
from kzdoc.exchange import taking_back
from kzdoc.ledger.history import Ledger, held_entries
from kzdoc.ledger.merge import RecordState
from kzdoc.session import Session
from kzdoc.vault.check import check, state_hash
from tests.laws import histories as h
from tests.laws.test_vault_laws import accept, grown, modelled, states, without_erasures
from tests.offices import Office

SEEDS = range(4)
STEPS = 14


@dataclass
class Rule:
    """The rule in three lines, beside the vault: what each bundle brought, and what each taking back holds."""

    brought: dict[bytes, frozenset[bytes]] = field(default_factory=dict)
    back: dict[bytes, frozenset[bytes]] = field(default_factory=dict)

    def aside(self) -> frozenset[bytes]:
        return frozenset().union(*self.back.values())

    def take_back(self, root: bytes) -> frozenset[bytes]:
        others = [said for one, said in self.brought.items() if one != root and one not in self.back]
        return self.brought[root] - frozenset().union(*others) - self.aside()

    def bring(self, root: bytes) -> None:
        left = {one: held - self.brought[root] for one, held in self.back.items() if one != root}
        self.back = {one: held for one, held in left.items() if held}


def step(session: Session, rule: Rule, bundles: dict[bytes, Ledger], chance: random.Random) -> None:
    """Take a bundle in, take one back, bring one back, or write something of one's own."""
    root, what = chance.choice(sorted(bundles)), chance.choice(("in", "back", "back", "bring", "own"))
    if what == "own":
        casework.add(session, "event", [Change("title", "set", f"Митинг {chance.random()}")])
    elif what == "in":
        accept(session, bundles[root], root)
        session.vault.taken_in.note(root, sender=h.AUTHORS[0], sequence=1, whole=True, counts={})
        words = [one.id for one in bundles[root].revisions.values() if one.entries]
        rule.brought[root] = frozenset(words)
    elif root in rule.brought and what == "back":
        going = rule.take_back(root)
        if going:
            taking_back.take_back(session, root)
            rule.back[root] = rule.back.get(root, frozenset()) | going
        else:
            with pytest.raises(InputError, match=r"bundle\.nothing-to-take-back"):
                taking_back.take_back(session, root)
    elif root in rule.brought and (root in rule.back or rule.brought[root] & rule.aside()):
        taking_back.bring_back(session, root)
        rule.bring(root)


@pytest.mark.parametrize("seed", SEEDS)
def test_in_any_order_what_is_set_aside_is_what_the_rule_says_and_all_of_it_comes_back(
    seed: int, office: Office
) -> None:
    chance = random.Random(seed)
    parts = without_erasures(grown(seed))
    bundles = {bytes([number]) * 32: part for number, part in enumerate((*parts, parts[0].union(parts[1])), 1)}
    session, rule = office.open(), Rule()
    for _ in range(STEPS):
        step(session, rule, bundles, chance)
        assert session.store.at_home() == rule.aside()
    whole = Ledger({one.id: one for one in session.vault.chains.since()})
    policy = session.store.policy()
    own = {key for key, one in session.vault.chains.arrivals(list(whole.revisions)).items() if not one.origin}
    told = _histories(parts)
    here = whole.states(policy, many=h.many, here=own)
    assert _of(states(session), told) == _of(here, told)
    assert check(session.vault) == []
    before = state_hash(session.vault)
    session.vault.rebuild()
    assert state_hash(session.vault) == before
    for root in sorted(rule.brought):
        if taking_back.standing(session, root) != taking_back.IN:
            taking_back.bring_back(session, root)
    assert not session.store.at_home()
    assert _of(states(session), told) == _of(modelled(whole, policy), told)
    assert check(session.vault) == []


def _of(found: dict[bytes, RecordState], records: set[bytes]) -> dict[bytes, RecordState]:
    return {key: one for key, one in found.items() if key in records}


def _histories(parts: list[Ledger]) -> set[bytes]:
    return {held.entry.record for part in parts for one in part.revisions.values() for held in held_entries(one)}
