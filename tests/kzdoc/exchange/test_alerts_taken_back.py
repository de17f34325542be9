"""A false alert has a way back, and alerts wait in an order that every desk shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc.bundle.alerts import make_alert, read_alert
from kzdoc.bundle.frames import ALERT
from kzdoc.bundle.items import Notice
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange import alerts, held, incoming, notices, rosters, trust
from kzdoc.exchange.held import alerts_that_came, own_alerts, public_keys
from tests.kzdoc.exchange.test_raid import office_roster
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES


def told(session: Session, by: Session, about: bytes, *, day: str = "2026-03-05", number: int = 0) -> bytes:
    """Hand an alert over as if a bundle had brought it; return its id."""
    key = number.to_bytes(16, "big")
    made = make_alert(alert=key, about=about, heads=[], since="", day=day, signer=by.signer())
    with session.vault.transaction():
        notices.receive(session, [Notice(ALERT, made.text.encode("ascii"))], (), by.author)
    return key


def wrongly_detained(office: Office, tmp_path: Path) -> tuple[Session, Session, Session, bytes]:
    """Have A follow C's alert about B, of whom a later word is here; return the desks and the record."""
    a, b, c = office.all()
    person = put(b, name_kk="Тестов Данияр", born="1980")
    incoming.take(c, send(b, tmp_path / "1", C))
    alerts.detained(c, B, since="", lang="en")
    change(b, person, born="1999")
    incoming.take(a, send(b, tmp_path / "2", A))
    incoming.take(a, send(c, tmp_path / "3", A))
    alerts.follow_alert(a, str(alerts.alerts(a)[0]["alert"]), follow=True)
    assert shown(a, person)["fields"]["born"] == "1980"
    return a, b, c, person


def test_what_was_kept_aside_counts_again_and_the_fingerprint_is_compared_anew(office: Office, tmp_path: Path) -> None:
    a, b, _, person = wrongly_detained(office, tmp_path)
    done = alerts.take_back(a, B, "қателік болды")
    assert (done["state"], done["counts"]) == ("unverified", 1)
    assert shown(a, person)["fields"]["born"] == "1999"
    assert trust.state_of(a, b.author) == trust.UNVERIFIED
    assert not own_alerts(a)
    put(b, "event", title="Тестовое собрание")
    with pytest.raises(BundleError, match=r"bundle\.unverified-sender"):
        incoming.take(a, send(b, tmp_path / "4", A))
    trust.verify_contact(a, B, digits=trust.own_fingerprint(b, "en")["fingerprint"], by="voice", lang="en")
    assert incoming.take(a, send(b, tmp_path / "5", A))["new"] == 1
    (row,) = [one for one in alerts.alerts(a, every=True) if one["state"] == alerts.BACK]
    assert (row["name"], row["reason"]) == (B, "қателік болды")


def test_who_still_passes_it_on_is_followed_by_a_person_alone(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = office.all()
    office_roster(c, a, b)
    alerts.detained(c, B, since="", lang="en")
    assert [one["state"] for one in incoming.take(a, send(c, tmp_path / "1", A))["alerts"]] == ["followed"]
    alerts.take_back(a, B, "қателік болды")
    told(a, c, b.author, day=a.clock().day(), number=7)
    assert trust.named(a, B).state == trust.UNVERIFIED
    (waits,) = alerts.alerts(a)
    assert waits["state"] == "waiting"
    told(a, c, b.author, day="9999-01-01", number=8)
    assert trust.named(a, B).state == trust.REVOKED, "one said later is heard as before"
    alerts.take_back(a, B, "тағы қателік")
    monkeypatch.setattr(alerts, "taken_back", lambda _: {})
    told(a, c, b.author, day=a.clock().day(), number=9)
    assert trust.named(a, B).state == trust.REVOKED, "the twin that remembers no taking back is caught"


def test_one_said_here_by_mistake_is_taken_back_too_and_nobody_hears_of_it(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    alerts.detained(c, B, since="", lang="en")
    alerts.take_back(c, B, "басқа адам екен")
    incoming.take(a, send(c, tmp_path / "1", A))
    assert alerts.alerts(a) == []
    assert trust.state_of(a, b.author) == trust.VERIFIED


def test_what_cannot_be_taken_back_is_said(office: Office) -> None:
    _, b, c = office.all()
    with pytest.raises(InputError, match=r"contact\.not-revoked"):
        alerts.take_back(c, B, "себебі")
    alerts.detained(c, B, since="", lang="en")
    with pytest.raises(InputError, match=r"contact\.reason"):
        alerts.take_back(c, B, " ")
    assert trust.named(c, B).state == trust.REVOKED
    rosters.take_roster(c, rosters.new_roster(c, {A: frozenset()}, []))
    with pytest.raises(InputError, match=r"contact\.revoked-by-roster"):
        alerts.take_back(c, B, "себебі")
    assert trust.state_of(c, b.author) == trust.REVOKED


def test_a_member_puts_no_coordinator_out_of_the_office(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c = office.all()
    office_roster(c, a, b, **{A: ("revoke",)})
    told(b, a, c.author)
    assert trust.state_of(b, c.author) == trust.VERIFIED
    assert [one["state"] for one in alerts.alerts(b)] == ["waiting"]
    monkeypatch.setattr(alerts, "_counts_by_itself", lambda *_: True)
    told(b, a, c.author, number=1)
    assert trust.state_of(b, c.author) == trust.REVOKED, "the twin that follows whoever may revoke is caught"


def test_one_that_was_put_away_can_be_followed_later(office: Office) -> None:
    a, b, c = office.all()
    key = told(a, c, b.author).hex()
    alerts.follow_alert(a, key, follow=False)
    assert alerts.alerts(a) == []
    assert [(one["alert"], one["state"]) for one in alerts.alerts(a, every=True)] == [(key, "put-away")]
    with pytest.raises(InputError, match=r"alert\.unknown"):
        alerts.follow_alert(a, key, follow=False)
    alerts.follow_alert(a, key, follow=True)
    assert trust.state_of(a, b.author) == trust.REVOKED


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_two_of_one_about_one_the_later_waits_whatever_came_first(office: Office, order: tuple[int, int]) -> None:
    a, b, c = office.all()
    for number in order:
        told(a, c, b.author, day=f"2026-03-0{number}", number=number)
    assert [one["alert"] for one in alerts.alerts(a)] == [(2).to_bytes(16, "big").hex()]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_two_of_one_day_the_same_waits_whatever_came_first(office: Office, order: tuple[int, int]) -> None:
    a, b, c = office.all()
    for number in order:
        told(a, c, b.author, number=number)
    assert [one["alert"] for one in alerts.alerts(a)] == [(2).to_bytes(16, "big").hex()]


def test_a_day_to_come_is_refused_and_the_earlier_of_two_is_told(office: Office) -> None:
    _, _, c = office.all()
    with pytest.raises(InputError, match=r"alert\.since-later"):
        alerts.detained(c, B, since="9999-01-01", lang="en")
    assert trust.named(c, B).state == trust.VERIFIED
    for since in ("2026-02-01", "2026-03-01", ""):
        alerts.detained(c, B, since=since, lang="en")
        assert read_alert(own_alerts(c)[0], known=public_keys(c)).since == "2026-02-01"


def test_one_sender_fills_no_vault_with_alerts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b, c = office.all()
    monkeypatch.setattr(alerts, "WAITING_MOST", 3)
    for number in range(5):
        told(a, c, bytes([number + 1]) * 32, number=number)
    assert len(alerts_that_came(a)) == 3
    told(a, b, c.author, number=9)
    assert len(alerts_that_came(a)) == 4, "another's place is not taken"
    told(a, c, bytes([1]) * 32, day="2026-03-06", number=10)
    assert len(alerts_that_came(a)) == 4, "a newer one about the same person takes the place of its own"
    assert held.WAITING in {one.state for one in alerts_that_came(a).values()}
