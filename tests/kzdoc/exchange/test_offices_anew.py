"""An office founded anew, coordinators named twice, alerts beside rosters, and words withheld that come again."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from kzdoc import withholding
from kzdoc.bundle.roster import make_roster
from kzdoc.casework import kept_aside
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError
from kzdoc.exchange import alerts, folder, incoming, receipting, rosters, trust
from kzdoc.exchange.held import held_roster
from tests.kzdoc.exchange.test_trust import STRANGER, know
from tests.kzdoc.exchange.test_trust import stranger as stranger  # noqa: PLC0414 - a fixture
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


def together(office: Office) -> tuple[Session, Session, Session]:
    """Return three desks of an office whose coordinators are the first and the third."""
    a, b, c = office.all()
    made = rosters.sign_roster(c, rosters.new_roster(a, {B: frozenset()}, [C]))
    for one in (a, b, c):
        rosters.take_roster(one, made)
    return a, b, c


def test_who_founds_an_office_anew_is_still_heard_and_hears(office: Office, tmp_path: Path) -> None:
    _, b, c = together(office)
    put(b, "event", title="Жиын")
    incoming.take(c, send(b, tmp_path / "0", C))
    alerts.detained(c, A, since="", lang="en")
    anew = rosters.new_roster(c, {B: frozenset(("replace",))}, [])
    rosters.take_roster(c, anew)
    event = put(c, "event", title="Митинг")
    told = incoming.take(b, send(c, tmp_path / "1", B))
    assert b.records.record(event) is not None
    assert (told["alerts"][0]["state"], told["roster"]["state"]) == ("followed", "offered")
    late = put(b, "event", title="Кеш")
    incoming.take(c, send(b, tmp_path / "2", C))
    assert c.records.record(late) is not None
    rosters.take_roster(b, None)
    put(b, "event", title="Таң")
    incoming.take(c, send(b, tmp_path / "3", C))
    file = send(c, tmp_path / "4", B)
    incoming.take(b, file)


def test_a_vault_restored_from_before_the_roster_is_heard_again(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    put(b, "event", title="b0")
    incoming.take(c, send(b, tmp_path / "0", C))
    b.close()
    shutil.copytree(office.folder / B, tmp_path / "old")
    b = office.open(B)
    made = rosters.new_roster(c, {A: frozenset(), B: frozenset()}, [])
    for one in (a, b, c):
        rosters.take_roster(one, made)
    put(b, "event", title="b1")
    incoming.take(c, send(b, tmp_path / "1", C))
    file = send(c, tmp_path / "2", B)
    incoming.take(b, file)
    receipting.take_receipt(c, receipting.make_receipt(b, file))
    b.close()
    shutil.rmtree(office.folder / B)
    shutil.copytree(tmp_path / "old", office.folder / B)
    b = office.open(B)
    put(b, "event", title="b1 again")
    incoming.take(c, send(b, tmp_path / "3", C))
    put(c, "event", title="c0")
    assert incoming.take(b, send(c, tmp_path / "4", B))["whole"]


def test_a_coordinator_named_twice_signs_for_nobody_else(office: Office) -> None:
    a, _, c = together(office)
    held = held_roster(c)
    assert held is not None
    with pytest.raises(BundleError, match=r"roster\.malformed"):
        make_roster(
            roster=held.id,
            version=held.version + 1,
            coordinators=[c.signer().public, c.signer().public],
            members={a.author: frozenset()},
            day=c.clock().day(),
            signer=c.signer(),
        )


def test_an_alert_and_a_roster_hold_together_and_are_told_once(
    office: Office, stranger: Session, tmp_path: Path
) -> None:
    a, b, c = office.all()
    for one in (a, b, c):
        if not stranger.vault.contacts.by_author(one.author):
            know(stranger, one, one.name)
        if not one.vault.contacts.by_author(stranger.author):
            know(one, stranger, STRANGER)
    first = rosters.sign_roster(c, rosters.new_roster(a, {B: frozenset(), STRANGER: frozenset()}, [C]))
    for one in (a, b, c):
        rosters.take_roster(one, first)
    person = put(stranger, name_kk="Тестов Данияр", born="1980")
    file = send(stranger, tmp_path / "1", A, B, C)
    for one in (a, b, c):
        incoming.take(one, file)
    change(stranger, person, born="1990")
    incoming.take(a, send(stranger, tmp_path / "2", A))
    alerts.detained(c, STRANGER, since="", lang="en")
    trust.revoke_contact(a, STRANGER, lang="en")
    second = rosters.sign_roster(c, rosters.new_roster(a, {B: frozenset()}, [C]))
    for one in (a, c, b):
        rosters.take_roster(one, second)
    told = []
    for turn in range(4):
        told += incoming.take(a, send(c, tmp_path / f"x{turn}", A))["alerts"]
        told += incoming.take(c, send(a, tmp_path / f"y{turn}", C))["alerts"]
    assert len(told) <= 2, "nobody answers an alert that says nothing new"
    incoming.take(b, send(a, tmp_path / "3", B))
    heads = [trust.good_heads(one, stranger.author) for one in (a, c)]
    assert heads[0] == heads[1]
    assert shown(a, person)["fields"]["born"] == shown(c, person)["fields"]["born"]


def test_words_withheld_here_do_not_come_back_by_themselves(office: Office, tmp_path: Path, shared: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    file = send(a, tmp_path / "1", B, C)
    incoming.take(c, file)
    incoming.take(b, file)
    withholding.withhold(c, person, ["name_kk"], "asked_by_person")
    folder.arrange(b, shared, [C], audience=Audience.INTERNAL)
    late = put(b, "event", title="Жиын")
    folder.exchange(b, shared)
    folder.exchange(c, shared)
    assert c.records.record(late) is not None
    assert "name_kk" not in shown(c, person)["fields"]
    incoming.take(c, send(a, tmp_path / "2", C, again=True))
    assert "name_kk" not in shown(c, person)["fields"]
    assert kept_aside(c, person)
    assert withholding.restore(c, person) == 1
    assert shown(c, person)["fields"]["name_kk"]
