"""Who stands over whom: verified here, only vouched for, revoked, and those whom a revoked one vouched for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kzdoc import casework, joining, oversight
from kzdoc.bundle.roster import make_roster
from kzdoc.domain.audience import Audience
from kzdoc.errors import BundleError, InputError
from kzdoc.exchange import alerts, folder, incoming, outgoing, receipting, rosters, successions, trust
from kzdoc.exchange.held import alerts_that_came, held_roster
from kzdoc.session import Session, create_vault
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES, PASSPHRASE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.offices import Office

A, B, C = NAMES
STRANGER = "Бөтен"


def know(session: Session, other: Session, name: str) -> None:
    """Take another's card in and verify it."""
    trust.add_contact(session, trust.card(other), name=name, lang="en")
    digits = trust.own_fingerprint(other, "en")["fingerprint"]
    trust.verify_contact(session, name, digits=digits, by="person", lang="en")


@pytest.fixture
def stranger(office: Office, tmp_path: Path) -> Iterator[Session]:
    """Return somebody whom only B knows, and who knows only B."""
    b = office.open(B)
    one = create_vault(tmp_path / "stranger", PASSPHRASE, author=STRANGER, clock=office.clock)
    know(one, b, B)
    know(b, one, STRANGER)
    b.close()
    yield one
    one.close()


def test_an_author_only_vouched_for_stands_beside_and_not_over(
    office: Office, stranger: Session, tmp_path: Path
) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    incoming.take(b, send(a, tmp_path / "1", B))
    incoming.take(c, send(a, tmp_path / "2", C))
    incoming.take(stranger, send(b, tmp_path / "3", STRANGER))
    change(stranger, person, born="1990", occupation="мұғалім")
    incoming.take(b, send(stranger, tmp_path / "4", B))
    assert shown(b, person)["fields"]["born"] == "1990", "B has verified who wrote it"
    incoming.take(c, send(b, tmp_path / "5", C))
    assert shown(c, person)["conflicts"] == ["born"]
    assert shown(c, person)["fields"]["born"] == ["1980", "1990"]
    assert shown(c, person)["fields"]["occupation"] == "мұғалім"
    change(stranger, person, occupation="дәрігер")
    incoming.take(b, send(stranger, tmp_path / "6", B))
    incoming.take(c, send(b, tmp_path / "7", C))
    assert shown(c, person)["fields"]["occupation"] == "дәрігер", "what is his own he replaces"
    know(c, stranger, STRANGER)
    assert shown(c, person)["conflicts"] == []
    assert shown(c, person) == shown(b, person)


def test_whom_only_a_revoked_partner_vouched_for_says_nothing_new(
    office: Office, stranger: Session, tmp_path: Path
) -> None:
    a, b, c = office.all()
    record = put(stranger, name_kk="Сынақова Айгүл", born="1980")
    incoming.take(b, send(stranger, tmp_path / "1", B))
    incoming.take(c, send(b, tmp_path / "2", C))
    assert shown(c, record)["fields"]["born"] == "1980"
    trust.revoke_contact(c, B, lang="en")
    assert shown(c, record)["fields"]["born"] == "1980", "what was known stays"
    change(stranger, record, born="1990")
    incoming.take(b, send(stranger, tmp_path / "3", B))
    incoming.take(a, send(b, tmp_path / "4", A))
    revisions = [one for one in a.vault.chains.since() if one.skeleton.author == stranger.author]
    assert len(revisions) == 2
    assert c.store.policy().revoked.keys() == {b.author, stranger.author}
    incoming.take(c, send(a, tmp_path / "5", C))
    assert c.store.policy().revoked.keys() == {b.author}, "A vouches for the stranger now"
    assert shown(c, record)["fields"]["born"] == "1990"


def test_a_revoked_partner_cannot_be_brought_back_by_an_introduction(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    record = put(b, name_kk="Тестов Данияр", born="1980")
    incoming.take(c, send(b, tmp_path / "1", C))
    trust.revoke_contact(c, B, lang="en")
    change(b, record, born="1990")
    incoming.take(a, send(b, tmp_path / "2", A))
    incoming.take(c, send(a, tmp_path / "3", C))
    assert shown(c, record)["fields"]["born"] == "1980"
    assert b.author in c.store.policy().revoked


def test_a_settlement_stays_settled_when_its_author_is_revoked(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    incoming.take(b, send(a, tmp_path / "1", B))
    change(b, person, born="1981")
    incoming.take(c, send(b, tmp_path / "2", C))
    trust.revoke_contact(c, B, lang="en")
    assert shown(c, person)["fields"]["born"] == "1981"
    assert shown(c, person)["conflicts"] == []


def test_a_roster_says_who_replaces_whom(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    person = put(a, name_kk="Тестов Данияр", born="1980")
    incoming.take(b, send(a, tmp_path / "1", B))
    change(b, person, born="1990")
    incoming.take(c, send(b, tmp_path / "2", C))
    assert shown(c, person)["conflicts"] == []
    draft = rosters.new_roster(c, {A: frozenset(("replace",)), B: frozenset()}, [])
    would = rosters.look_at_roster(c, draft)
    assert rosters.held_roster(c) is None, "looking changes nothing"
    told = rosters.take_roster(c, draft)
    assert (told["version"], told["coordinators"], told["members"]) == (1, 1, 3)
    assert (told["conflicts"], told["uncounted"], would["conflicts"]) == (1, 0, 1)
    rosters.take_roster(a, draft)
    assert shown(c, person)["fields"]["born"] == ["1980", "1990"], "without the right it stands beside"
    incoming.take(a, send(c, tmp_path / "3", A))
    assert shown(a, person) == shown(c, person)
    with pytest.raises(BundleError, match=r"roster\.in-force"):
        rosters.take_roster(c, draft)
    foreign = rosters.new_roster(b, {}, [])
    with pytest.raises(BundleError, match=r"roster\.other"):
        rosters.take_roster(c, foreign)
    both = rosters.new_roster(c, {B: frozenset(("replace",))}, [A])
    with pytest.raises(BundleError, match=r"roster\.too-few"):
        rosters.take_roster(c, both)
    rosters.take_roster(c, rosters.sign_roster(a, both))
    assert shown(c, person)["fields"]["born"] == "1990"


# --- revoked in whatever way, nothing goes to him and nothing of his counts


def small_office(*sessions: Session) -> None:
    """Give these an office with the first of them as its one coordinator."""
    members: dict[str, frozenset[str]] = {one.name: frozenset() for one in sessions[1:]}
    made = rosters.new_roster(sessions[0], members, [])
    for session in sessions:
        rosters.take_roster(session, made)


@pytest.mark.parametrize("blind", [False, True])
def test_whom_the_roster_revokes_gets_nothing_more_and_his_receipts_do_not_count(
    office: Office, tmp_path: Path, nearby: None, monkeypatch: pytest.MonkeyPatch, *, blind: bool
) -> None:
    """``blind`` is the twin: a desk that does not write down whom others revoke goes on sending to him."""
    del nearby
    a, b, c = office.all()
    small_office(a, b, c)
    put(c, name_kk="Тестов Данияр")
    files = send(c, tmp_path / "1", B)
    incoming.take(b, files)
    receipt = receipting.make_receipt(b, files)
    shared = tmp_path / "shared"
    shared.mkdir()
    put(c, name_kk="Мысалов Ғалым")
    folder.arrange(c, shared, [B], audience=Audience.INTERNAL)
    folder.exchange(c, shared)
    assert list(shared.iterdir())
    trust.revoke_contact(a, B, lang="en")
    if blind:
        monkeypatch.setattr(trust, "_mark_revoked", lambda _: None)
    rosters.take_roster(c, rosters.new_roster(a, {C: frozenset()}, []))
    gets = {one["name"]: one["state"] for one in trust.contacts(c, "en")}[B] != trust.REVOKED
    told = folder.exchange(c, shared)
    assert gets is bool(list(shared.iterdir())) is blind
    if blind:
        assert send(c, tmp_path / "2", B)
        return
    assert told["written"] is None
    with pytest.raises(BundleError, match=r"contact\.revoked"):
        send(c, tmp_path / "2", B)
    with pytest.raises(BundleError):
        receipting.take_receipt(c, receipt)


def test_who_was_revoked_before_his_card_came_is_verified_by_nobody(
    office: Office, stranger: Session, tmp_path: Path
) -> None:
    _, b, c = office.all()
    alerts.detained(b, STRANGER, since="", lang="en")
    incoming.take(c, send(b, tmp_path / "1", C))
    alerts.follow_alert(c, str(alerts.alerts(c)[0]["alert"]), follow=True)
    told = trust.add_contact(c, trust.card(stranger), name=STRANGER, lang="en")
    assert told["state"] == trust.REVOKED
    digits = trust.own_fingerprint(stranger, "en")["fingerprint"]
    with pytest.raises(BundleError, match=r"contact\.revoked"):
        trust.verify_contact(c, STRANGER, digits=digits, by="person", lang="en")


@pytest.mark.parametrize("blind", [False, True])
def test_what_a_revoked_coordinator_signs_puts_nothing_in_force(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, blind: bool
) -> None:
    """``blind`` is the twin: a desk that counts every signature gives whoever has his laptop all rights."""
    a, b, c = office.all()
    small_office(a, b, c)
    one = put(a, name_kk="Тестов Данияр", born="1980")
    files = send(a, tmp_path / "1", B, C)
    for session in (b, c):
        incoming.take(session, files)
    alerts.detained(c, A, since="", lang="en")
    change(a, one, born="1999")
    incoming.take(b, send(a, tmp_path / "2", B))
    _, text = successions.succeed(a, C, B)
    successions.take(b, text)
    held = held_roster(a)
    assert held is not None
    own = [head for head in a.vault.chains.heads() if head.author == a.author]
    rosters.take_roster(
        b,
        make_roster(
            roster=held.id,
            version=2,
            coordinators=[a.signer().public],
            members={b.author: frozenset(("replace", "settle")), c.author: frozenset()},
            revoked={a.author: own},
            day=a.clock().day(),
            signer=a.signer(),
        ).text.encode("ascii"),
    )
    put(b, "event", title="Тестовое собрание")
    if blind:
        monkeypatch.setattr(rosters, "_revoked_places", lambda *_: set())
        monkeypatch.setattr(successions, "_judged", lambda _, given: given)
    told = incoming.take(c, send(b, tmp_path / "3", C))
    assert (told["roster"]["state"] == rosters.TAKEN) == blind
    assert (shown(c, one)["fields"]["born"] == "1999") == blind
    assert bool(c.store.policy().successors) == blind
    if not blind:
        assert told["roster"]["code"] == "roster.revoked-signer"


def test_an_office_whose_coordinator_was_revoked_here_is_founded_anew_by_a_person(office: Office) -> None:
    a, b, c = office.all()
    small_office(a, b, c)
    old = held_roster(c)
    assert old is not None
    new = rosters.new_roster(b, {C: frozenset()}, [])
    with pytest.raises(BundleError, match=r"roster\.other-signers"):
        rosters.take_roster(c, new)
    for session in (b, c):
        trust.revoke_contact(session, A, lang="en")
    new = rosters.new_roster(b, {C: frozenset(("replace",))}, [])
    assert rosters.look_at_roster(c, new)["can_take"]
    assert rosters.take_roster(c, new)["version"] == 1
    held = held_roster(c)
    assert held is not None
    assert held.id != old.id
    assert set(held.revoked) == {a.author}


@pytest.mark.parametrize("order", [(B, C), (C, B)])
def test_two_alerts_about_one_person_end_alike_in_whatever_order(
    office: Office, stranger: Session, tmp_path: Path, order: tuple[str, str]
) -> None:
    a, b, c = office.all()
    for one in (a, c):
        know(stranger, one, one.name)
        know(one, stranger, STRANGER)
    person = put(a, name_kk="Тестов Данияр", born="1980")
    files = send(a, tmp_path / "1", B, C, STRANGER)
    for one in (b, c, stranger):
        incoming.take(one, files)
    change(a, person, born="1990")
    files = send(a, tmp_path / "2", C, STRANGER)
    for one in (c, stranger):
        incoming.take(one, files)
    bundles = {}
    for one in (b, c):
        alerts.detained(one, A, since="", lang="en")
        bundles[one.name] = send(one, tmp_path / f"alert-{one.name}", STRANGER)
    for name in order:
        incoming.take(stranger, bundles[name])
        for told in alerts.alerts(stranger):
            alerts.follow_alert(stranger, str(told["alert"]), follow=True)
    assert shown(stranger, person)["fields"]["born"] == "1980"
    assert alerts.alerts(stranger) == []


def test_of_many_alerts_of_one_about_one_the_newest_waits(office: Office, tmp_path: Path) -> None:
    a, b, _ = office.all()
    said = []
    for number in range(4):
        said.append((b.clock().day(), alerts.detained(b, C, since="", lang="en")["alert"]))
        put(b, "event", title=f"Тестовое собрание {number}")
        incoming.take(a, send(b, tmp_path / str(number), A))
    assert [(one["day"], one["alert"]) for one in alerts.alerts(a)] == [max(said)]
    assert len(alerts_that_came(a)) == 1


def test_nobody_is_told_that_something_is_settled_or_parted_which_is_not(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    small_office(a, b, c)
    one, two = put(a, name_kk="Тестов Данияр", born="1980"), put(a, name_kk="Тестов Д.")
    joining.same_person(a, one, two)
    files = send(a, tmp_path / "1", B, C)
    for session in (b, c):
        incoming.take(session, files)
    change(b, one, born="1980-05")
    incoming.take(c, send(b, tmp_path / "2", C))
    assert not any(oversight.conflict_groups(c).values()), "what others settle is in no group"
    with pytest.raises(InputError, match=r"conflict\.no-right"):
        casework.settle(c, one, "born", value="1990")
    with pytest.raises(InputError, match=r"conflict\.no-right"):
        joining.part(c, one)
    [conflict] = casework.conflicts(b)
    with pytest.raises(InputError, match=r"conflict\.no-right"):
        casework.settle(b, one, "born", value="1990")
    [others] = [said["statement"] for said in conflict["values"] if said["value"] == "1980"]
    casework.settle(b, one, "born", keep=others)
    assert shown(b, one)["fields"]["born"] == "1980", "one's own words anybody may give up"
    assert casework.conflicts(b) == []
    incoming.take(a, send(c, tmp_path / "3", A))
    assert any(oversight.conflict_groups(a).values())


@pytest.mark.parametrize("introduced", [True, False])
def test_words_that_came_without_an_introduction_do_not_outlive_the_trust_in_whoever_brought_them(
    office: Office, stranger: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, introduced: bool
) -> None:
    b, c = office.open(B), office.open(C)
    trust.add_contact(c, trust.card(stranger), name=STRANGER, lang="en")
    person = put(stranger, name_kk="Тестов Данияр", born="1980")
    incoming.take(b, send(stranger, tmp_path / "1", B))
    if not introduced:
        parts_of = outgoing.parts_of
        monkeypatch.setattr(outgoing, "parts_of", lambda *given: (parts_of(*given)[0], []))
    incoming.take(c, send(b, tmp_path / "2", C))
    assert shown(c, person)["fields"]["born"] == "1980"
    change(stranger, person, born="1990")
    incoming.take(b, send(stranger, tmp_path / "3", B))
    again = send(b, tmp_path / "4", C)
    trust.revoke_contact(c, B, lang="en")
    assert stranger.author in c.store.policy().revoked, "nobody is left who vouches for him"
    with pytest.raises(BundleError, match=r"bundle\.revoked-sender"):
        incoming.take(c, again)
    assert shown(c, person)["fields"]["born"] == "1980"
