"""What goes to partners over many bundles: nobody is left with what was replaced, and in the end all say the same."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from kzdoc import casework
from kzdoc.casework import Change
from kzdoc.domain.audience import Audience
from kzdoc.exchange import incoming, receipting
from kzdoc.ledger.history import held_entries
from kzdoc.vault.check import check, state_hash
from tests.kzdoc.test_exchange import change, put, send, shown
from tests.offices import NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from kzdoc.ledger.revision import StatementRef
    from kzdoc.session import Session
    from tests.offices import Office

A, B, C = NAMES
NAMED = "Сынақова Айгүл"
TITLES = ("Митинг", "Жиын", f"{NAMED} айтқан жиын", "Шеру", f"Шеру, {NAMED}")


def take(office: Office, source: Session, to: str, tmp: Path, audience: Audience, *, receipt: bool) -> None:
    """Send everything that may go from one desk to another, and perhaps a receipt back."""
    target = next(one for one in office.opened if one.name == to)
    number = len(list(tmp.iterdir()))
    files = send(source, tmp / f"b{number}", to, audience=audience, purpose="сынақ")
    assert incoming.take(target, files)["refused"] == []
    if receipt:
        receipting.take_receipt(source, receipting.make_receipt(target, files))


def said(session: Session) -> tuple[set[StatementRef], set[StatementRef]]:
    """Return (live, replaced) statements of records, of those whose words are here."""
    known = {
        (revision.id, index)
        for revision in session.vault.chains.since()
        for held in held_entries(revision)
        if held.entry.kind == "event"
        for index in held.statements
    }
    live = {
        ref
        for shown in session.records.records("event")
        for lives in shown.fields.values()
        for one in lives
        for ref in one.refs
    }
    return live, known - live


def step(office: Office, chance: random.Random, events: list[bytes], tmp: Path) -> None:
    desk = chance.choice(office.opened)
    what = chance.choice(("new", "edit", "edit", "edit", "clear", "send", "send", "send"))
    here = [event for event in events if desk.records.record(event) is not None]
    if what == "new" or not events:
        events.append(put(desk, "event", title=chance.choice(TITLES), date="2020-02-22", place="Абай көшесі 5"))
    elif what == "send":
        other = chance.choice([one for one in office.opened if one is not desk])
        audience = chance.choice((Audience.PARTNER, Audience.INTERNAL, Audience.LAWYER))
        take(office, desk, other.name, tmp, audience, receipt=chance.random() < 0.6)
    elif here and what == "edit":
        change(desk, chance.choice(here), title=chance.choice(TITLES), date=f"2020-02-{chance.randrange(10, 28)}")
    elif here:
        casework.change(desk, chance.choice(here), [Change("date", "set", "")])


def run(office: Office, tmp: Path, seed: int, steps: int) -> None:
    chance = random.Random(seed)
    desks = office.all()
    put(desks[0], "person", name_kk=NAMED)
    put(desks[1], "person", name_kk=NAMED)
    put(desks[2], "person", name_kk=NAMED)
    events: list[bytes] = []
    for _ in range(steps):
        step(office, chance, events, tmp)
    for audience in (Audience.PARTNER, Audience.PARTNER, Audience.INTERNAL, Audience.INTERNAL):
        for desk in desks:
            for other in desks:
                if other is not desk:
                    take(office, desk, other.name, tmp, audience, receipt=chance.random() < 0.5)
        replaced = set().union(*[said(desk)[1] for desk in desks])
        if audience is Audience.INTERNAL:
            continue
        for desk in desks:
            assert not said(desk)[0] & replaced, "a desk shows as current what somebody has replaced"
    assert len({state_hash(desk.vault) for desk in desks}) == 1
    for desk in desks:
        assert check(desk.vault) == []


@pytest.mark.parametrize("seed", range(2))
def test_histories_of_three_desks_end_in_one_state(office: Office, tmp_path: Path, seed: int) -> None:
    (tmp_path / "sent").mkdir()
    run(office, tmp_path / "sent", seed, 12)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_many_histories_of_three_desks_end_in_one_state(office: Office, tmp_path: Path, seed: int) -> None:
    (tmp_path / "sent").mkdir()
    run(office, tmp_path / "sent", seed, 30)


def test_what_went_before_is_known_to_be_replaced_by_something_withheld(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    put(a, "person", name_kk=NAMED)
    event = put(a, "event", title="Митинг")
    files = send(a, tmp_path / "1", audience=Audience.PARTNER, purpose="алмасу")
    incoming.take(c, files)
    receipting.take_receipt(a, receipting.make_receipt(c, files))
    assert shown(c, event)["fields"]["title"] == "Митинг"
    change(a, event, title=f"{NAMED} айтқан жиын")
    incoming.take(c, send(a, tmp_path / "2", audience=Audience.PARTNER, purpose="алмасу"))
    assert "title" not in shown(c, event)["fields"]
    assert shown(c, event)["withheld_fields"] == ["title"]
    small = send(a, tmp_path / "3", audience=Audience.PARTNER, purpose="алмасу")
    receipting.take_receipt(a, receipting.make_receipt(c, [tmp_path / "2"]))
    assert (
        send(a, tmp_path / "4", audience=Audience.PARTNER, purpose="алмасу")[0].stat().st_size
        <= small[0].stat().st_size
    )


def test_what_a_partner_wrote_himself_is_known_to_him_to_be_replaced(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    put(a, "person", name_kk=NAMED)
    event = put(c, "event", title="Митинг")
    incoming.take(a, send(c, tmp_path / "1", A))
    change(a, event, title=f"{NAMED} айтқан жиын")
    incoming.take(c, send(a, tmp_path / "2", C, audience=Audience.PARTNER, purpose="алмасу"))
    assert shown(c, event)["withheld_fields"] == ["title"]


def test_a_replacement_that_came_before_what_it_replaces_goes_too(office: Office, tmp_path: Path) -> None:
    a, b, c = office.all()
    put(b, "person", name_kk=NAMED)
    event = put(a, "event", title="Митинг", date="2020")
    first = send(a, tmp_path / "1", B)
    incoming.take(c, first_for_c := send(a, tmp_path / "2", C))
    assert first_for_c
    change(c, event, title=f"{NAMED} айтқан жиын")
    incoming.take(b, send(c, tmp_path / "3", B, records=[event]))
    incoming.take(b, first)
    incoming.take(a, send(b, tmp_path / "4", A, audience=Audience.PARTNER, purpose="алмасу"))
    assert shown(a, event)["withheld_fields"] == ["title"]


def test_a_revision_larger_than_an_item_goes_in_parts(office: Office, tmp_path: Path) -> None:
    a, _, c = office.all()
    event = put(a, "event", title="Митинг", description="сөз " * 50_000, response="көше " * 40_000)
    (tmp_path / "out").mkdir()
    files = send(a, tmp_path / "out" / "b", volume_size=600_000)
    assert len(files) > 1, "in one volume it would not fit"
    assert incoming.take(c, files)["refused"] == []
    receipting.take_receipt(a, receipting.make_receipt(c, files))
    assert shown(c, event) == shown(a, event)
    assert state_hash(c.vault) == state_hash(a.vault)


def test_introductions_say_what_the_card_says_and_of_those_alone_who_say_something(
    office: Office, tmp_path: Path
) -> None:
    a, b, c = office.all()
    b.vault.database.change("UPDATE contact SET name = 'Сары кемпірдің баласы' WHERE name = ?", (A,))
    event = put(a, "event", title="Митинг")
    put(c, "person", name_kk="Тестов Данияр")
    incoming.take(b, send(a, tmp_path / "1", B))
    incoming.take(b, send(c, tmp_path / "2", B))
    c.vault.contacts.set_state(A, "unverified", how="")
    c.vault.database.change("DELETE FROM contact WHERE name = ?", (A,))
    files = send(b, tmp_path / "3", C, audience=Audience.PARTNER, purpose="алмасу")
    told = incoming.take(c, files)
    assert told["refused"] == []
    assert c.author_name(a.author) == f"{A} ({B})"
    assert [casework.plain(one)["id"] for one in c.records.records("event")] == [event.hex()]
    carried = b.vault.sent.carried(b.vault.contacts.named(C).number, receipted_only=False)
    authors = {one.skeleton.author for one in b.vault.chains.since() if one.id in carried}
    assert c.author not in authors, "of C nothing may go, so not a skeleton goes either"
