"""What was put into an exchange folder and should not arrive any more is taken back, and the rest goes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, withholding
from kzdoc.domain.audience import Audience
from kzdoc.exchange import asking, folder, folder_withdrawing, trust
from tests.kzdoc.exchange.test_folder import arrange, listing, once
from tests.kzdoc.test_exchange import change, put
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


def forget(session: Session, person: bytes) -> None:
    withholding.forget(session, person, [], leave_texts=True)


def withhold(session: Session, person: bytes) -> None:
    withholding.withhold(session, person, ["name_kk"], "sealed")


def withdraw_consent(session: Session, person: bytes) -> None:
    change(session, person, naming_basis="")


CASES = [
    (forget, Audience.PARTNER),
    (forget, Audience.INTERNAL),
    (withhold, Audience.INTERNAL),
    (withdraw_consent, Audience.PARTNER),
]


@pytest.mark.parametrize(("taken_away", "audience"), CASES)
def test_what_may_not_arrive_any_more_does_not_and_the_rest_does(
    office: Office, shared: Path, taken_away: object, audience: Audience
) -> None:
    a, _, c = office.all()
    arrange(a, shared, C, audience=audience)
    person = put(a, "person", name_kk="Тестов Данияр", naming_basis="already_public")
    put(a, "event", title="Жиын")
    first = once(a, shared)["written"]["files"]
    assert callable(taken_away)
    taken_away(a, person)
    told = once(a, shared)
    assert told["removed"] == 1
    assert not listing(shared).keys() & set(first)
    once(c, shared)
    said = [shown.values("name_kk") for shown in c.records.records("person")]
    assert not any("Тестов Данияр" in map(str, values) for values in said)
    assert len(list(c.records.records("event"))) == 1


def test_a_desk_that_would_judge_nothing_is_caught(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, c = office.all()
    arrange(a, shared, C)
    person = put(a, "person", name_kk="Тестов Данияр")
    once(a, shared)
    forget(a, person)
    monkeypatch.setattr(folder_withdrawing, "_says_too_much", lambda *_: False)
    assert folder.exchange(a, shared)["removed"] == 0
    once(c, shared)
    assert len(list(c.records.records("person"))) == 1


def test_what_a_revoked_partner_could_open_goes_though_another_has_not_got_it(office: Office, shared: Path) -> None:
    a, b, c = office.all()
    arrange(a, shared, B, C)
    put(a, name_kk="Тестов Данияр")
    first = once(a, shared)["written"]["files"]
    trust.revoke_contact(a, C, lang="en")
    told = once(a, shared)
    assert (told["removed"], told["written"]["to"]) == (1, [B])
    assert not listing(shared).keys() & set(first)
    assert once(c, shared)["taken"] == []
    assert [one["new"] for one in once(b, shared)["taken"]] == [1]


def test_what_was_forgotten_before_it_came_is_never_heard_of_and_its_chain_is_whole(
    office: Office, shared: Path
) -> None:
    a, b, c = office.all()
    folder.arrange(a, shared, [B, C], audience=Audience.INTERNAL)
    event = put(a, "event", title="Жиын")
    folder.exchange(a, shared)
    folder.exchange(b, shared)
    withholding.forget(a, event, ["title"], leave_texts=True)
    later = put(a, "event", title="Басқа жиын")
    for desk in (a, c, b):
        folder.exchange(desk, shared)
    asking.forget_asked(b, None, leave_texts=True)
    assert [one.records.known([event]) for one in (a, b, c)] == [{event}, {event}, set()]
    assert casework.state(b, event).fields == {}
    assert c.records.record(later) is not None
    assert [one.sequence for one in c.vault.chains.heads() if one.author == a.author] == [
        one.sequence for one in a.vault.chains.heads() if one.author == a.author
    ]
    change(b, event, description="сипат")
    folder.arrange(b, shared, [A, C], audience=Audience.INTERNAL)
    for desk in (b, c):
        folder.exchange(desk, shared)
    assert casework.state(c, event).value("description") == "сипат", "what is said of it afterwards is heard"
