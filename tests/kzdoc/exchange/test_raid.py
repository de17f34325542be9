"""Somebody was detained: alerts, rosters that travel, succession, askings to forget, practice vaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import withholding
from kzdoc.bundle.alerts import make_alert
from kzdoc.bundle.frames import ALERT, ROSTER
from kzdoc.bundle.items import Notice
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange import alerts, asking, held, incoming, notices, rosters, successions, trust
from kzdoc.session import create_vault
from tests.kzdoc.test_exchange import change, put, refused, send, shown
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def office_roster(c: Session, *others: Session, **rights: tuple[str, ...]) -> bytes:
    """Put a roster of one coordinator in force at every desk."""
    draft = rosters.new_roster(c, {name: frozenset(rights.get(name, ())) for name in (A, B)}, [])
    for session in (c, *others):
        rosters.take_roster(session, draft)
    return draft


# --- detained


def test_detained_is_one_act_and_the_next_bundle_tells(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(b, name_kk="Тестов Данияр", born="1980")
    incoming.take(a, send(b, tmp_path / "1", A))
    incoming.take(c, send(b, tmp_path / "2", C))
    told = alerts.detained(c, B, since="2026-03-01", lang="en")
    assert (told["state"], told["since"], told["heads"]) == ("revoked", "2026-03-01", 1)
    change(b, person, born="1999")
    incoming.take(a, send(b, tmp_path / "3", A))
    assert shown(a, person)["fields"]["born"] == "1999"
    files = send(c, tmp_path / "4", A)
    seen = incoming.inspect(a, files)
    assert [(one["name"], one["by"], one["since"], one["beyond"], one["state"]) for one in seen["alerts"]] == [
        (B, C, "2026-03-01", 1, "waiting")
    ]
    assert not alerts.alerts(a), "looking changes nothing"
    incoming.take(a, files)
    assert shown(a, person)["fields"]["born"] == "1999", "nothing follows by itself"
    waiting = alerts.alerts(a)
    assert [one["name"] for one in waiting] == [B]
    done = alerts.follow_alert(a, waiting[0]["alert"], follow=True)
    assert done["state"] == "followed"
    assert shown(a, person)["fields"]["born"] == "1980"
    assert trust.state_of(a, b.author) == trust.REVOKED
    assert not alerts.alerts(a)
    with pytest.raises(BundleError, match=r"bundle\.revoked-sender"):
        incoming.take(a, send(b, tmp_path / "5", A))


def test_an_alert_put_away_changes_nothing_and_does_not_come_back(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    incoming.take(c, send(b, tmp_path / "2", C))
    alerts.detained(c, B, since="", lang="en")
    incoming.take(a, send(c, tmp_path / "4", A))
    alerts.follow_alert(a, alerts.alerts(a)[0]["alert"], follow=False)
    assert trust.state_of(a, b.author) == trust.VERIFIED
    incoming.take(a, send(c, tmp_path / "5", A))
    assert not alerts.alerts(a)
    with pytest.raises(InputError, match=r"alert\.unknown"):
        alerts.follow_alert(a, "00" * 16, follow=True)


def test_who_follows_tells_on(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    incoming.take(c, send(b, tmp_path / "1", C))
    alerts.detained(c, B, since="", lang="en")
    incoming.take(a, send(c, tmp_path / "2", A))
    alerts.follow_alert(a, alerts.alerts(a)[0]["alert"], follow=True)
    assert len(held.own_alerts(a)) == 1
    incoming.take(c, send(a, tmp_path / "3", C))
    assert not alerts.alerts(c), "it is known here"
    assert alerts.alerts(b) == []


def test_with_the_right_in_the_roster_it_is_followed_at_once_and_without_it_not(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    incoming.take(c, send(b, tmp_path / "1", C))
    incoming.take(a, send(b, tmp_path / "1b", A))
    office_roster(c, a)
    alerts.detained(c, B, since="", lang="en")
    told = incoming.take(a, send(c, tmp_path / "2", A))
    assert [one["state"] for one in told["alerts"]] == ["followed"]
    assert trust.state_of(a, b.author) == trust.REVOKED


def test_an_alert_of_a_member_without_the_right_waits(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    office_roster(c, a)
    alerts.detained(a, B, since="", lang="en")
    told = incoming.take(c, send(a, tmp_path / "2", C))
    assert [one["state"] for one in told["alerts"]] == ["waiting"]
    assert trust.state_of(c, b.author) == trust.VERIFIED


def test_only_the_sender_himself_warns_and_nobody_is_followed_against_himself(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    incoming.take(c, send(a, tmp_path / "1", C))
    forged = make_alert(
        alert=bytes(16), about=c.author, heads=[], since="", day="2026-03-05", signer=b.signer()
    ).text.encode()
    with a.vault.transaction():
        told = notices.receive(a, [Notice(ALERT, forged), Notice(ALERT, b"x"), Notice(ROSTER, b"y")], (), c.author)
    codes = [one["code"] for one in told["notices_refused"]]
    assert codes == ["alert.unknown-signer", "alert.malformed", "roster.malformed"]
    alerts.detained(c, A, since="", lang="en")
    about_me = held.own_alerts(c)[0]
    with a.vault.transaction():
        told = notices.receive(a, [Notice(ALERT, about_me)], (), c.author)
    assert told["alerts"][0]["self"]
    with pytest.raises(InputError, match=r"alert\.about-self"):
        alerts.follow_alert(a, told["alerts"][0]["alert"], follow=True)
    assert a.store.policy().revoked == {}


def test_a_head_that_is_not_here_yet_takes_nothing_from_what_is(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(b, name_kk="Тестов Данияр", born="1980")
    incoming.take(a, send(b, tmp_path / "1", A))
    change(b, person, born="1981")
    incoming.take(c, send(b, tmp_path / "2", C))
    alerts.detained(c, B, since="", lang="en")
    text = held.own_alerts(c)[0]
    with a.vault.transaction():
        notices.receive(a, [Notice(ALERT, text)], (), c.author)
    alerts.follow_alert(a, alerts.alerts(a)[0]["alert"], follow=True)
    assert shown(a, person)["fields"]["born"] == "1980", "what is here lies before the head that is named"
    incoming.take(a, send(c, tmp_path / "3", A))
    assert shown(a, person)["fields"]["born"] == "1981"


def test_a_wrong_day_is_refused_before_anything_is_done(office: Office) -> None:
    c = office.open(C)
    for day in ("5 March", "2026-3-5", "2026-02-30", "20260305"):
        with pytest.raises(InputError, match=r"alert\.since"):
            alerts.detained(c, B, since=day, lang="en")
    assert not held.own_alerts(c)
    assert c.store.policy().revoked == {}


# --- rosters


def test_a_roster_travels_goes_up_and_never_back(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    first = office_roster(c)
    old = send(c, tmp_path / "1", A)
    told = incoming.take(a, old)
    assert told["roster"] == {"version": 1, "state": "offered"}
    assert rosters.show_roster(a)["offered"] == 1
    assert rosters.show_roster(a)["version"] is None, "a first one waits for a person"
    rosters.take_roster(a, None)
    assert rosters.show_roster(a) | {"office": ""} == {
        "version": 1,
        "offered": None,
        "office": "",
        "day": c.clock().day(),
        "coordinators": [C],
        "members": [{"name": A, "rights": []}, {"name": B, "rights": []}],
        "revoked": [],
        "own": True,
        "signed": [C],
        "needed": 1,
    }
    trust.revoke_contact(c, B, lang="en")
    with pytest.raises(BundleError, match=r"contact\.not-verified"):
        rosters.new_roster(c, {B: frozenset()}, [])
    second = rosters.new_roster(c, {A: frozenset(("replace",))}, [])
    rosters.take_roster(c, second)
    told = incoming.take(a, send(c, tmp_path / "2", A))
    named = {"joins": [], "goes": [B], "changes": [A], "revokes": [B]}
    counted = {"uncounted": 0, "counted": 0, "conflicts": 0}
    assert told["roster"] == {"version": 2, "state": "taken", **named, **counted}
    assert rosters.show_roster(a)["revoked"] == [B]
    assert trust.state_of(a, b.author) == trust.REVOKED, "revocations are in it"
    assert a.store.policy().held_by(a.author) == {"replace"}
    with a.vault.transaction():
        back = notices.receive(a, [Notice(ROSTER, first)], (), c.author)
    assert back["roster"] == {"version": 1, "state": "refused", "code": "roster.older", "held": 2}
    assert [(one["code"], one["item"]) for one in back["notices_refused"]] == [("roster.older", "roster")]
    assert rosters.show_roster(a)["version"] == 2
    with a.vault.transaction():
        assert notices.receive(a, [Notice(ROSTER, second)], (), c.author)["roster"] is None


def test_the_roster_goes_to_nobody_outside(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    outsider = create_vault(tmp_path / "outside", PASSPHRASE, author="Бөтен", clock=office.clock)
    trust.add_contact(c, trust.card(outsider), name="Бөтен", lang="en")
    digits = trust.own_fingerprint(outsider, "en")["fingerprint"]
    trust.verify_contact(c, "Бөтен", digits=digits, by="person", lang="en")
    office_roster(c)
    partners = [trust.named(c, "Бөтен")]
    assert notices.notices_for(c, partners, Audience.PARTNER) == []
    assert [one.kind for one in notices.notices_for(c, [trust.named(c, A)], Audience.PARTNER)] == [ROSTER]
    assert held.office_of(c, [outsider.author, a.author]) == b""
    outsider.close()


def test_a_bundle_for_another_office_is_refused(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    office_roster(c, a)
    incoming.take(a, send(c, tmp_path / "1", A))
    assert held.office_of(c, [a.author]) == b"", "C does not know yet whether A holds the roster"
    incoming.take(c, send(a, tmp_path / "2", C))
    assert held.office_of(c, [a.author]) == held.own_office(c) != b""
    named = send(c, tmp_path / "3", A)
    a.vault.settings.drop("roster")
    rosters.take_roster(a, rosters.new_roster(a, {}, []))
    assert refused(a, named) == "bundle.other-office"
    incoming.take(b, send(c, tmp_path / "4", B))


# --- succession


def test_who_hands_over_agrees_and_the_successor_stands_over_him(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    office_roster(c, a, b)
    incoming.take(b, send(a, tmp_path / "1", B))
    change(b, person, born="1990")
    assert shown(b, person)["conflicts"] == ["born"]
    told, _ = successions.succeed(a, A, B)
    assert told == {"author": A, "successor": B, "signatures": 1, "in_force": True}
    done = incoming.take(b, send(a, tmp_path / "2", B))
    assert done["successions"] == [{"author": A, "successor": B, "signatures": 1, "in_force": True}]
    assert shown(b, person)["conflicts"] == []
    assert shown(b, person)["fields"]["born"] == "1990"
    incoming.take(c, send(b, tmp_path / "3", C))
    assert shown(c, person) == shown(b, person)


def test_coordinators_hand_over_for_one_who_cannot_and_one_of_three_is_not_enough(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    draft = rosters.new_roster(c, {}, [A, B])
    draft = rosters.sign_roster(a, draft)
    for session in (a, b, c):
        rosters.take_roster(session, draft)
    told, text = successions.succeed(c, A, B)
    assert not told["in_force"]
    with pytest.raises(BundleError, match=r"succession\.too-few"):
        successions.take(a, text)
    told, text = successions.sign(b, text)
    assert told == {"author": A, "successor": B, "signatures": 2, "in_force": True}
    assert successions.take(c, text)["in_force"]
    assert c.store.policy().successors == {a.author: frozenset((b.author,))}


def test_nobody_takes_what_was_not_given(office: Office) -> None:
    a, b, c = office.all()
    with pytest.raises(BundleError, match=r"succession\.not-yours"):
        successions.succeed(b, A, B)
    office_roster(c, a, b)
    with pytest.raises(BundleError, match=r"succession\.not-yours"):
        successions.succeed(b, A, B)
    with pytest.raises(InputError, match=r"succession\.self"):
        successions.succeed(c, C, C)


def test_who_is_revoked_agrees_to_nothing_any_more(office: Office) -> None:
    a, _, c = office.all()
    _, text = successions.succeed(a, A, B)
    trust.revoke_contact(c, A, lang="en")
    with pytest.raises(BundleError, match=r"succession\.too-few"):
        successions.take(c, text)
    assert c.store.policy().successors == {}


# --- asked to forget


def test_what_a_partner_forgot_is_asked_of_others_and_each_forgets_by_his_own_act(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", occupation="мұғалім", born="1980")
    for session, name in ((b, B), (c, C)):
        incoming.take(session, send(a, tmp_path / name, name))
    office_roster(c, a, b)
    withholding.forget(c, person, ["occupation"], leave_texts=True)
    withholding.forget(b, person, ["born"], leave_texts=True)
    told = incoming.take(a, send(b, tmp_path / "1", A))
    assert told["asked_to_forget"] == 0, "B has not the right"
    told = incoming.take(a, send(c, tmp_path / "2", A))
    assert told["asked_to_forget"] == 1
    assert shown(a, person)["fields"]["occupation"] == "мұғалім", "nothing goes by itself"
    rows = asking.asked(a)
    assert rows == [{"id": person.hex(), "by": C, "fields": ["occupation"], "statements": 1}]
    assert asking.forget_asked(a, None, leave_texts=False) == 1
    assert "occupation" not in shown(a, person)["fields"]
    assert asking.asked(a) == []
    told = incoming.take(a, send(c, tmp_path / "3", A))
    assert told["asked_to_forget"] == 0


def test_an_asking_that_comes_with_every_bundle_is_looked_for_among_what_came_since(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, c = office.all()
    person = put(a, name_kk="Тестов Данияр", occupation="мұғалім")
    incoming.take(c, send(a, tmp_path / "0", C))
    for number in range(6):
        put(a, "event", title=f"Тестовое собрание {number}")
    withholding.forget(c, person, ["occupation"], leave_texts=True)
    looked: list[int] = []
    digests = asking.statement_digests
    monkeypatch.setattr(asking, "statement_digests", lambda one: looked.append(1) or digests(one))
    assert incoming.take(a, send(c, tmp_path / "1", A))["asked_to_forget"] == 1
    assert len(looked) >= 1
    looked.clear()
    put(c, "event", title="Тестовое собрание")
    files = send(c, tmp_path / "2", A)
    assert incoming.take(a, files)["asked_to_forget"] == 0
    assert len(looked) <= 1, "only what this bundle brought"


def test_an_asking_can_be_put_away(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    person = put(a, name_kk="Тестов Данияр", occupation="мұғалім")
    incoming.take(c, send(a, tmp_path / "1", C))
    withholding.forget(c, person, ["occupation"], leave_texts=True)
    assert incoming.take(a, send(c, tmp_path / "2", A))["asked_to_forget"] == 1
    assert asking.put_away(a, [person]) == 1
    assert asking.asked(a) == []
    with pytest.raises(InputError, match=r"record\.nothing-there"):
        asking.forget_asked(a, None, leave_texts=False)
    assert shown(a, person)["fields"]["occupation"] == "мұғалім"


# --- practice


def test_practice_and_real_do_not_mix_in_either_direction(office: Office, tmp_path: Path) -> None:
    a = office.open(A)
    practice = create_vault(tmp_path / "practice", PASSPHRASE, author="Жаттығу", practice=True, clock=office.clock)
    other = create_vault(tmp_path / "practice2", PASSPHRASE, author="Екінші", practice=True, clock=office.clock)
    for one, two in ((a, practice), (practice, a)):
        with pytest.raises(BundleError, match=r"contact\.practice"):
            trust.add_contact(one, trust.card(two), name=two.name, lang="en")
    for one, two in ((practice, other), (other, practice)):
        trust.add_contact(one, trust.card(two), name=two.name, lang="en")
        digits = trust.own_fingerprint(two, "en")["fingerprint"]
        trust.verify_contact(one, two.name, digits=digits, by="person", lang="en")
    put(practice, name_kk="Тестов Данияр")
    files = send(practice, tmp_path / "1", other.name)
    assert incoming.take(other, files)["new"] == 1
    other.vault.settings.drop("practice")
    again = send(practice, tmp_path / "2", other.name)
    assert refused(other, again) == "bundle.practice", "a real vault refuses what practice made"
    practice.close()
    other.close()


def test_what_a_roster_makes_vanish_is_said_before_and_after(office: Office, tmp_path: Path) -> None:
    """B's later word is here when a roster that revokes B after the earlier one comes in a bundle by itself."""
    a, b, c = office.all()
    office_roster(c, a)
    person = put(b, name_kk="Тестов Данияр", born="1980")
    incoming.take(c, send(b, tmp_path / "1", C))
    change(b, person, born="1999")
    incoming.take(a, send(b, tmp_path / "2", A))
    trust.revoke_contact(c, B, lang="en")
    rosters.take_roster(c, rosters.new_roster(c, {A: frozenset()}, []))
    files = send(c, tmp_path / "3", A)
    seen = incoming.inspect(a, files)["roster"]
    assert (seen["revokes"], seen["goes"], seen["uncounted"]) == ([B], [B], 1)
    assert shown(a, person)["fields"]["born"] == "1999", "looking changes nothing"
    assert incoming.take(a, files)["roster"] == seen
    assert shown(a, person)["fields"]["born"] == "1980"
