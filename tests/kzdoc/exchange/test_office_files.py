"""A roster or a succession that came as a file: what it holds and what can be done with it, told before any act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc.errors import BundleError, InputError
from kzdoc.exchange import rosters, successions, trust
from tests.offices import NAMES

if TYPE_CHECKING:
    from tests.offices import Office

A, B, C = NAMES


def can(told: dict[str, object]) -> tuple[object, ...]:
    return told["can_sign"], told["can_take"], told.get("code")


def test_a_draft_says_who_signed_who_is_missing_and_what_changes(office: Office) -> None:
    a, b, c = office.all()
    with pytest.raises(InputError, match=r"roster\.none-offered"):
        rosters.look_at_roster(a, None)
    draft = rosters.new_roster(c, {}, [A, B])
    told = rosters.look_at_roster(a, draft)
    assert (told["version"], told["held"], told["signed"], told["needed"]) == (1, None, [C], 2)
    assert told["joins"] == sorted([A, B, C])
    assert can(told) == (True, False, "roster.too-few")
    assert can(rosters.look_at_roster(c, draft)) == (False, False, "roster.too-few")
    signed = rosters.sign_roster(a, draft)
    assert can(rosters.look_at_roster(a, signed)) == (False, True, None)
    assert can(rosters.look_at_roster(b, signed)) == (True, True, None)
    assert rosters.show_roster(a)["version"] is None, "looking changes nothing"
    for session in (a, b, c):
        rosters.take_roster(session, signed)
    assert rosters.look_at_roster(a, signed)["already"]
    second = rosters.sign_roster(b, rosters.new_roster(c, {A: frozenset(("replace",))}, [B]))
    told = rosters.look_at_roster(a, second)
    assert (told["held"], told["joins"], told["goes"], told["changes"]) == (1, [], [], [A])
    assert can(told) == (False, True, None)
    rosters.take_roster(a, second)
    told = rosters.look_at_roster(a, signed)
    assert can(told) == (False, False, "roster.older")
    assert told["params"] == {"version": 1, "held": 2}


def test_a_roster_signed_by_nobody_verified_here_cannot_be_taken(office: Office) -> None:
    a, _, c = office.all()
    only = rosters.new_roster(c, {A: frozenset()}, [])
    assert can(rosters.look_at_roster(a, only)) == (False, True, None)
    trust.revoke_contact(a, C, lang="kk")
    assert can(rosters.look_at_roster(a, only)) == (False, False, "roster.revoked-signer")


def test_a_succession_says_whom_it_concerns_before_it_is_taken(office: Office) -> None:
    a, b, c = office.all()
    draft = rosters.sign_roster(a, rosters.new_roster(c, {}, [A, B]))
    for session in (a, b, c):
        rosters.take_roster(session, draft)
    _, text = successions.succeed(c, A, B)
    told = successions.look_at(b, text)
    assert (told["author"], told["successor"], told["signed"], told["already"]) == (A, B, [C], False)
    assert (told["can_sign"], told["can_take"]) == (True, False)
    _, text = successions.sign(a, text)
    told = successions.look_at(b, text)
    assert (told["can_take"], told["already"]) == (True, False)
    successions.take(b, text)
    assert successions.look_at(b, text)["already"]
    trust.revoke_contact(c, B, lang="kk")
    _, revoked = successions.succeed(b, B, A)
    assert not successions.look_at(c, revoked)["can_take"], "whoever has his laptop could write it"
    with pytest.raises(BundleError, match=r"succession\."):
        successions.look_at(c, b"-----BEGIN KZDOC SUCCESSION-----\n")
