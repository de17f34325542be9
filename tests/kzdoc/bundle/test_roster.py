"""Rosters: enough signatures, versions that only go up, one office's coordinators; everything else refused by code."""

from __future__ import annotations

import pytest

from kzdoc.bundle.roster import ROSTER_RIGHTS, Roster, make_roster, read_roster, sign_roster
from kzdoc.crypto.identity import HybridSigner
from kzdoc.errors import BundleError

ONE, TWO, THREE, OTHER = (HybridSigner.from_seed(bytes([number]) * 64) for number in range(1, 5))
MEMBER = b"m" * 32
OFFICE = (ONE, TWO, THREE)


def made(version: int = 1, by: tuple[HybridSigner, ...] = (ONE, TWO), of: tuple[HybridSigner, ...] = OFFICE) -> Roster:
    roster = make_roster(
        roster=b"r" * 16,
        version=version,
        coordinators=[one.public for one in of],
        members={MEMBER: frozenset({"replace"})},
        day="2026-03-02",
        signer=by[0],
    )
    for signer in by[1:]:
        roster = sign_roster(roster, signer)
    return roster


def refused(new: Roster, held: Roster) -> str:
    with pytest.raises(BundleError) as caught:
        new.check_follows(held)
    return caught.value.code


def test_two_of_three_or_the_one() -> None:
    with pytest.raises(BundleError, match=r"roster\.too-few"):
        made(by=(ONE,)).check_complete()
    with pytest.raises(BundleError, match=r"roster\.too-few"):
        made(by=(ONE, ONE)).check_complete()
    made(by=(ONE, THREE)).check_complete()
    made(by=(ONE,), of=(ONE,)).check_complete()
    roster = read_roster(made().text)
    assert roster.members == {MEMBER: {"replace"}, **{one.public.ed25519: ROSTER_RIGHTS for one in OFFICE}}
    assert roster.signers == {ONE.public.ed25519, TWO.public.ed25519}


def test_a_version_follows_only_by_those_who_held_the_office() -> None:
    held = made(2)
    made(3).check_follows(held)
    made(3, by=(TWO, THREE)).check_follows(held)
    made(3, by=(ONE, TWO, OTHER), of=(ONE, TWO, OTHER)).check_follows(held)
    assert refused(made(2, by=(ONE, THREE)), held) == "roster.older"
    assert refused(made(1), held) == "roster.older"
    assert refused(made(3, by=(ONE,)), held) == "roster.too-few"
    assert refused(made(3, by=(OTHER,), of=(OTHER,)), held) == "roster.other-signers"
    assert refused(made(3, by=(ONE, OTHER), of=(ONE, OTHER)), held) == "roster.other-signers"
    foreign = make_roster(
        roster=b"x" * 16, version=9, coordinators=[ONE.public], members={}, day="2026-03-02", signer=ONE
    )
    assert refused(foreign, held) == "roster.other"


def test_a_stranger_does_not_sign_and_an_altered_text_does_not_hold() -> None:
    with pytest.raises(BundleError, match=r"roster\.other-signers"):
        sign_roster(made(), OTHER)
    text = made().text.splitlines()
    for line in (1, 20, 60, len(text) - 3):
        altered = list(text)
        altered[line] = ("A" if altered[line][0] != "A" else "B") + altered[line][1:]
        with pytest.raises(BundleError, match=r"roster\.(malformed|signature|newer-version)"):
            read_roster("\n".join(altered) + "\n")
    for junk in ("", "x", "\n".join(text[:-1]), b"\xff"):
        with pytest.raises(BundleError, match=r"roster\.malformed"):
            read_roster(junk)
