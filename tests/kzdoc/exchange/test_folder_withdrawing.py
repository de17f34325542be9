"""What was put into an exchange folder and should not arrive any more is taken back, and the rest goes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, withholding
from kzdoc.domain.audience import Audience
from kzdoc.exchange import asking, folder, folder_withdrawing, incoming, quarantine, several, taking_back, trust
from kzdoc.exchange import folder_memory as memory
from kzdoc.exchange.arriving import Choice
from tests.kzdoc.exchange.test_folder import arrange, listing, once
from tests.kzdoc.test_exchange import change, put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES

CONSENT = {
    "classes": ["identity"],
    "audiences": ["public"],
    "given_on": "2026-01-01",
    "voluntary": "yes",
    "risks_explained": "yes",
}

pytestmark = pytest.mark.usefixtures("nearby")


def forget(session: Session, person: bytes) -> None:
    withholding.forget(session, person, [], leave_texts=True)


def withhold(session: Session, person: bytes) -> None:
    withholding.withhold(session, person, ["name_kk"], "sealed")


def withhold_for_any_reason(session: Session, person: bytes) -> None:
    withholding.withhold(session, person, ["name_kk"], "қауіпті")


def withdraw_consent(session: Session, person: bytes) -> None:
    change(session, person, naming_basis="")


CASES = [
    (forget, Audience.PARTNER),
    (forget, Audience.INTERNAL),
    (withhold, Audience.INTERNAL),
    (withhold_for_any_reason, Audience.INTERNAL),
    (withhold_for_any_reason, Audience.PARTNER),
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


def test_what_came_in_this_very_round_takes_back_what_lies_there(office: Office, shared: Path, tmp_path: Path) -> None:
    a, b, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    given = put(a, "consent", person=one.hex(), **CONSENT)
    incoming.take(c, send(a, tmp_path / "1"))
    arrange(c, shared, B, audience=Audience.PUBLIC)
    once(c, shared)
    change(a, given, withdrawn_on="2026-02-01")
    send(a, shared / "new.bin")
    told = once(c, shared)
    assert told["removed"] > 0
    once(b, shared)
    came = b.records.record(one)
    assert came is None or not came.values("name_kk")


def test_what_was_taken_back_here_goes_to_nobody_though_it_lies_there(
    office: Office, shared: Path, tmp_path: Path
) -> None:
    a, b, c = office.all()
    one = put(a, name_kk="Тестов Данияр")
    root = bytes.fromhex(incoming.take(c, send(a, tmp_path / "1"))["bundle"])
    arrange(c, shared, B)
    once(c, shared)
    taking_back.take_back(c, root)
    assert once(c, shared)["removed"] > 0
    once(b, shared)
    assert b.records.record(one) is None


@pytest.mark.parametrize("back", [False, True])
def test_what_a_person_left_out_or_took_back_does_not_come_by_itself(
    office: Office, shared: Path, *, back: bool
) -> None:
    a, _, c = office.all()
    one, other = put(a, name_kk="Тестов Данияр"), put(a, name_kk="Мысалов Ғалым")
    files = send(a, shared / "1.bin")
    root = bytes.fromhex(incoming.take(c, files, choice=Choice(frozenset([one])))["bundle"])
    quarantine.let_go(c, root)
    if back:
        taking_back.take_back(c, root)
    there = c.records.counts()
    assert once(c, shared)["taken"] == []
    lies = several.look(c, [shared])
    assert [lying.comes for lying in lies.bundles] == [False]
    assert several.take(c, lies)["taken"] == []
    assert c.records.counts() == there
    several.take(c, several.look(c, [shared]), chosen={root})
    assert {one, other} <= {brief.id for brief in c.records.briefs("person")}


def test_a_stop_while_a_bundle_is_done_with_leaves_no_file_behind_for_ever(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, _ = office.all()
    put(a, "event", title="Тестовое собрание")
    arrange(a, shared, B)
    once(a, shared)
    once(b, shared)

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as power:
        power.setattr(memory, "_note_done", cut)
        with pytest.raises(KeyboardInterrupt):
            once(a, shared)
    for _ in range(2):
        once(a, shared)
        once(b, shared)
    assert list(shared.iterdir()) == []


def test_what_was_taken_back_here_once_lets_a_folder_rest(
    office: Office, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chain goes whole, what was taken back of it as a skeleton: that says nothing and is no cause to go anew."""
    a, _, c = office.all()
    put(a, "person", name_kk="Тестов Данияр")
    told = incoming.take(c, send(a, tmp_path / "1"))
    taking_back.take_back(c, bytes.fromhex(told["bundle"]))
    put(a, "event", title="Митинг")
    incoming.take(c, send(a, tmp_path / "2"))
    arrange(c, shared, B, audience=Audience.PARTNER)
    assert once(c, shared)["written"], "and a second round has nothing to do"
    monkeypatch.setattr(folder_withdrawing, "_says_too_much", lambda *_: True)
    put(c, "event", title="Жиын")
    assert folder.exchange(c, shared)["withdrawn"] == 1
