"""A desk that took the roster of a wrong office is of none again, and can take the right one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc.bundle.roster import make_roster
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange import alerts, incoming, leaving_office, notices, rosters, successions, trust
from kzdoc.exchange.held import held_roster, offered_roster
from tests.kzdoc.exchange.test_raid import office_roster
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.offices import Office

A, B, C = NAMES


def test_the_right_roster_can_be_taken_after_the_wrong_one_was_left(office: Office) -> None:
    a, b, c = office.all()
    right = rosters.new_roster(a, {B: frozenset(), C: frozenset()}, [])
    office_roster(c, b)
    with pytest.raises(BundleError, match=r"roster\.other"):
        rosters.take_roster(b, right)
    with pytest.raises(InputError, match=r"roster\.reason"):
        leaving_office.leave_office(b, " ")
    seen = leaving_office.look_at_leaving(b)
    assert held_roster(b) is not None, "looking changes nothing"
    done = leaving_office.leave_office(b, "басқа кеңсенікі екен")
    assert done == {**seen, "reason": "басқа кеңсенікі екен"}
    assert held_roster(b) is None
    ((_, version, day, reason),) = leaving_office.offices_left(b)
    assert (version, day, reason) == (1, b.clock().day(), "басқа кеңсенікі екен")
    assert rosters.take_roster(b, right)["version"] == 1
    leaving_office.leave_office(c, "себебі")
    with pytest.raises(InputError, match=r"roster\.none-held"):
        leaving_office.leave_office(c, "себебі")


def test_rights_go_with_it_and_what_they_held_back_counts_again(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    for number, one in enumerate((b, c)):
        incoming.take(one, send(a, tmp_path / f"a{number}", one.name))
    office_roster(c, b)
    change(c, person, born="1990")
    incoming.take(b, send(c, tmp_path / "1", B))
    held = shown(b, person)
    seen = leaving_office.look_at_leaving(b)
    assert shown(b, person) == held
    done = leaving_office.leave_office(b, "қателік")
    assert {**seen, "reason": "қателік"} == done
    assert shown(b, person)["fields"]["born"] == "1990"


def test_whom_it_revoked_stays_revoked_until_a_person_takes_that_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = office.all()
    alerts.detained(c, A, since="", lang="en")
    made = rosters.new_roster(c, {B: frozenset()}, [])
    for one in (b, c):
        rosters.take_roster(one, made)
    assert trust.state_of(b, a.author) == trust.REVOKED
    heads = trust.good_heads(b, a.author)
    assert leaving_office.leave_office(b, "қателік")["revoked"] == [A]
    assert (trust.state_of(b, a.author), trust.good_heads(b, a.author)) == (trust.REVOKED, heads)
    alerts.take_back(b, A, "бұл да қате")
    assert trust.state_of(b, a.author) == trust.UNVERIFIED
    unknown, other = bytes([7]) * 32, bytes([8]) * 32
    for about in (unknown, other):
        named = make_roster(
            roster=about[:16],
            version=1,
            coordinators=[c.signer().public],
            members={},
            revoked={about: ()},
            day="2026-03-05",
            signer=c.signer(),
        )
        rosters.take_roster(b, named.text.encode("ascii"))
        leaving_office.leave_office(b, "қателік")
        monkeypatch.setattr(leaving_office, "keep_followed", lambda *_: None)
    assert trust.state_of(b, unknown) == trust.REVOKED
    assert trust.state_of(b, other) == trust.UNVERIFIED, "the twin that forgets whom it revoked is caught"


def test_who_was_handed_cases_by_its_coordinators_alone_has_them_no_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = office.all()
    roster = office_roster(c, a, b)
    told, text = successions.succeed(c, A, B)
    assert told["in_force"]
    successions.take(b, text)
    assert len(successions.in_force(b)) == 1
    assert leaving_office.leave_office(b, "қателік")["successions"] == 1
    assert successions.in_force(b) == []
    rosters.take_roster(b, roster)
    successions.take(b, text)
    monkeypatch.setattr(leaving_office, "_drop_successions", lambda _: 0)
    leaving_office.leave_office(b, "тағы қателік")
    assert successions.in_force(b), "the twin that leaves them in force is caught"


def test_what_was_left_does_not_wait_again_by_a_bundle(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, b, c = office.all()
    office_roster(c, b)
    leaving_office.leave_office(b, "қателік")
    later = rosters.new_roster(c, {A: frozenset(), B: frozenset()}, [])
    rosters.take_roster(c, later)
    put(c, "event", title="Тестовое собрание")
    came = incoming.take(b, send(c, tmp_path / "1", B))
    assert came["roster"]["code"] == "roster.left"
    assert offered_roster(b) is None
    rosters.take_roster(b, later)
    assert held_roster(b) is not None, "a person may take it all the same"
    leaving_office.leave_office(b, "тағы қателік")
    monkeypatch.setattr(notices, "refused_as_left", lambda *_: None)
    rosters.take_roster(c, rosters.new_roster(c, {B: frozenset()}, []))
    put(c, "event", title="Тестовый сход")
    incoming.take(b, send(c, tmp_path / "2", B))
    assert offered_roster(b) is not None, "the twin that remembers no leaving is caught"
