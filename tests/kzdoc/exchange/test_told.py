"""Rosters, alerts and successions go to whom they are not known to be with: once, and again when that is in doubt."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from kzdoc.domain.audience import Audience
from kzdoc.exchange import alerts, folder, incoming, notices, receipting, rosters, successions, trust
from kzdoc.vault.told import Told
from tests.kzdoc.exchange.test_raid import office_roster
from tests.kzdoc.test_exchange import put, send
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES

pytestmark = pytest.mark.usefixtures("nearby")


def waits(source: Session, to: str) -> int:
    """Return how many texts a bundle for a partner would carry now."""
    partners = [trust.named(source, to)]
    return len(notices.lacking(source, partners, notices.notices_for(source, partners, Audience.INTERNAL), {}))


def receipted(source: Session, reader: Session, files: list[Path]) -> None:
    receipting.take_receipt(source, receipting.make_receipt(reader, files))


def test_what_is_receipted_goes_no_more_and_a_small_bundle_is_small(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    office_roster(c, a)
    put(c, "event", title="Жиын")
    first = send(c, tmp_path / "1", A)
    incoming.take(a, first)
    assert waits(c, A) == 1, "taken in, but nobody said so"
    assert waits(a, C) == 0, "who sent it holds it"
    receipted(c, a, first)
    assert waits(c, A) == 0
    put(c, "event", title="Шеру")
    second = send(c, tmp_path / "2", A)
    assert first[0].stat().st_size - second[0].stat().st_size > 5_000
    assert incoming.take(a, second)["roster"] is None
    put(c, "event", title="Митинг")
    assert send(c, tmp_path / "3", A, again=True)[0].stat().st_size > second[0].stat().st_size, "all again, if asked"


def test_a_new_version_an_alert_and_a_succession_go_once_each(office: Office, shared: Path) -> None:
    a, _, c = office.all()
    office_roster(c, a)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    rounds = [(lambda: rosters.take_roster(c, rosters.new_roster(c, {A: frozenset(("settle",)), B: frozenset()}, [])))]
    rounds.append(lambda: successions.succeed(c, B, A))
    rounds.append(lambda: alerts.detained(c, B, since="", lang="en"))
    folder.exchange(c, shared)
    folder.exchange(a, shared)
    for change in rounds:
        change()
        told = folder.exchange(c, shared)
        assert told["written"] is not None
        assert folder.exchange(c, shared)["written"] is None, "it is on its way"
        folder.exchange(a, shared)
        assert folder.exchange(c, shared)["written"] is None, "it is there"
    assert rosters.show_roster(a)["version"] == 2
    assert [one["successor"] for one in successions.in_force(a)] == [A]
    assert trust.named(a, B).state == trust.REVOKED, "a coordinator's alert is followed at once"


def lose(shared: Path) -> None:
    for file in shared.iterdir():
        shutil.rmtree(file) if file.is_dir() else file.unlink()


def history(office: Office, shared: Path, seed: int, steps: int) -> tuple[int, int]:
    """Let versions be made and bundles be lost, kept back, taken and receipted; return what A holds, and what is."""
    chance = random.Random(seed)
    a, _, c = office.all()
    office_roster(c, a)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    folder.arrange(a, shared, [C], audience=Audience.INTERNAL)
    for number in range(steps):
        if chance.random() < 0.4:
            rights = frozenset(chance.sample(("settle", "replace", "erase"), 2))
            rosters.take_roster(c, rosters.new_roster(c, {A: rights, B: frozenset()}, []))
        if chance.random() < 0.5:
            put(c, "event", title=f"Жиын {number}")
        folder.exchange(c, shared)
        if chance.random() < 0.5:
            lose(shared)
        if chance.random() < 0.6:
            folder.exchange(a, shared)
        if chance.random() < 0.4:
            lose(shared)
    for _ in range(3):
        folder.exchange(c, shared)
        folder.exchange(a, shared)
    return rosters.show_roster(a)["version"], rosters.show_roster(c)["version"]


@pytest.mark.parametrize("seed", range(2))
def test_a_lost_bundle_loses_no_roster(office: Office, shared: Path, seed: int) -> None:
    there, here = history(office, shared, seed, 5)
    assert there == here
    assert waits(office.opened[2], A) == 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_lost_bundles_lose_no_roster(office: Office, shared: Path, seed: int) -> None:
    there, here = history(office, shared, seed, 12)
    assert there == here
    assert waits(office.opened[2], A) == 0


def test_a_desk_that_takes_sent_for_received_is_caught(
    office: Office, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sent(self: Told, contact: int, *, coming: Any) -> set[bytes]:
        del coming
        return set(self._rows(contact))

    monkeypatch.setattr(Told, "holds", sent)
    a, _, c = office.all()
    office_roster(c, a)
    folder.arrange(c, shared, [A], audience=Audience.INTERNAL)
    rosters.take_roster(c, rosters.new_roster(c, {A: frozenset(("settle",)), B: frozenset()}, []))
    folder.exchange(c, shared)
    lose(shared)
    folder.exchange(c, shared)
    folder.exchange(a, shared)
    assert rosters.show_roster(a)["version"] == 1


def test_what_cannot_be_judged_yet_waits_and_is_judged_again(office: Office, tmp_path: Path) -> None:
    """A first roster needs its signers verified: its sender does not send it twice, so it is kept until they are."""
    a, b, c = office.all()
    draft = rosters.sign_roster(c, rosters.new_roster(b, {A: frozenset()}, [C]))
    rosters.take_roster(b, draft)
    a.vault.contacts.set_state(C, trust.UNVERIFIED, how="")
    files = send(b, tmp_path / "1", A)
    told = incoming.take(a, files)
    assert [one["code"] for one in told["notices_refused"]] == ["roster.other-signers"]
    receipted(b, a, files)
    assert waits(b, A) == 0
    digits = trust.own_fingerprint(c, "en")["fingerprint"]
    trust.verify_contact(a, C, digits=digits, by="person", lang="en")
    put(b, "event", title="Жиын")
    told = incoming.take(a, send(b, tmp_path / "2", A))
    assert (told["roster"], told["notices_refused"]) == ({"version": 1, "state": "offered"}, [])
    put(b, "event", title="Шеру")
    assert incoming.take(a, send(b, tmp_path / "3", A))["roster"] is None, "it waits no more"


def test_to_an_older_vault_it_goes_again(office: Office) -> None:
    a, _, c = office.all()
    number = trust.named(c, A).number
    with c.vault.transaction():
        c.vault.told.seen(number, [b"r" * 32])
    assert c.vault.told.holds(number, coming=()) == {b"r" * 32}
    with c.vault.transaction():
        c.vault.told.forget(number)
    assert c.vault.told.holds(number, coming=()) == set()
    del a


def test_what_is_kept_stays_small(office: Office) -> None:
    c = office.open(C)
    number = trust.named(c, A).number
    with c.vault.transaction():
        for turn in range(40):
            c.vault.told.went(number, turn.to_bytes(32, "big"), [b"r" * 32])
    kept = c.vault.settings.get(f"told:{number}")
    assert kept is not None
    assert len(kept) < 20 * 40
    assert c.vault.told.holds(number, coming=[(39).to_bytes(32, "big")]) == {b"r" * 32}
    assert c.vault.told.holds(number, coming=[bytes(32)]) == set(), "long ago: in doubt"
