"""Who is held now, on a real vault: what ends a detention, who is counted apart, and what is said of the rest."""

from __future__ import annotations

import datetime as dt

import pytest

from kzdoc import casework, custody
from kzdoc.casework import Change
from kzdoc.ledger.revision import NewEntry, NewStatement
from tests.field_office import made_office, office  # noqa: F401 - fixtures


@pytest.fixture
def session(office):  # noqa: F811
    with office.at("monitor") as at:
        yield at


def ago(session, hours: float) -> str:
    now = session.clock()
    zone = dt.timezone(dt.timedelta(minutes=now.offset))
    return (dt.datetime.fromtimestamp(now.seconds, zone) - dt.timedelta(hours=hours)).isoformat(timespec="minutes")


def detain(session, name: str = "Тестов Данияр", **fields: str) -> bytes:
    person = casework.add(session, "person", [Change("name_ru", "set", name)])
    changes = [Change(field, "set", value) for field, value in fields.items()]
    return casework.add(session, "detention", [Change("person", "set", person.hex()), *changes])


def then(session, detention: bytes, status: str, date: str) -> None:
    person = casework.state(session, detention).value("person")
    told = {"person": person.hex(), "status": status, "date": date}
    casework.add(session, "status_event", [Change(field, "set", value) for field, value in told.items()])


def test_those_in_their_first_hours_stand_by_gravity_with_where_and_since_when(session) -> None:
    later = detain(session, "Сынақова Айгүл", type="criminal_suspicion", actual_time=ago(session, 1))
    passed = detain(session, type="criminal_suspicion", actual_time=ago(session, 4), facility="РУП «Пример-1»")
    unknown = detain(session, "Образцов Марат", type="criminal_suspicion", outcome="still_held")
    found = custody.held(session, "ru")
    assert [row.record for row in found.rows] == [passed, later, unknown]
    assert found.rows[0].name == "Тестов Данияр"
    assert found.rows[0].line.startswith("РУП «Пример-1» · ")
    assert [clock.standing for clock in found.rows[0].clocks] == ["passed", "later"]
    assert [clock.why for clock in found.rows[2].clocks] == ["time"]
    assert (found.by_court, found.not_told) == (0, 0)


@pytest.mark.parametrize("ended", [{"outcome": "released_no_record"}, {"outcome": "fined"}, {"released_time": "today"}])
def test_a_detention_that_ended_is_not_shown(session, ended: dict) -> None:
    told = {key: ago(session, 0) if value == "today" else value for key, value in ended.items()}
    detain(session, type="administrative", actual_time=ago(session, 2), **told)
    assert custody.held(session, "kk") == custody.Held()


def test_an_old_detention_without_an_end_is_counted_and_not_judged(session) -> None:
    detain(session, type="criminal_suspicion", actual_time="2019-03-22")
    assert custody.held(session, "en") == custody.Held(not_told=1)


def test_those_held_by_a_court_are_counted_apart(session) -> None:
    detain(session, type="sentence", outcome="still_held", actual_time="2019-03-22")
    remanded = detain(session, "Сынақова Айгүл", type="criminal_suspicion", actual_time=ago(session, 60))
    then(session, remanded, "remanded", session.clock().day())
    found = custody.held(session, "en")
    assert (found.rows, found.by_court, found.not_told) == ((), 2, 0)


def test_a_later_release_of_the_person_ends_it_and_an_earlier_one_does_not(session) -> None:
    record = detain(session, type="criminal_suspicion", actual_time=ago(session, 10))
    then(session, record, "released", "2020-01-01")
    assert len(custody.held(session, "en").rows) == 1
    then(session, record, "released", session.clock().day())
    assert custody.held(session, "en") == custody.Held()


def test_a_minor_has_the_shorter_limit(session) -> None:
    record = detain(session, type="criminal_suspicion", actual_time=ago(session, 20))
    person = casework.state(session, record).value("person")
    casework.change(session, person, [Change("age_stated", "set", "16")])
    rules = [clock.rule.id for clock in custody.held(session, "en").rows[0].clocks if clock.rule]
    assert "criminal-judge-minor" in rules


def test_a_day_that_nobody_can_read_keeps_nobody_from_seeing_who_is_held(session) -> None:
    """Anybody may sign a word where a day belongs; it is of no use and does no harm."""
    record = detain(session, type="criminal_suspicion", outcome="still_held", actual_time=ago(session, 2))
    person = casework.state(session, record).value("person")
    word = NewStatement("born", "ертеде")
    session.write([NewEntry(person, "person", (word,))])
    day = (NewStatement("person", person), NewStatement("status", "released"), NewStatement("date", "кеше"))
    session.write([NewEntry(bytes(15) + b"1", "status_event", day)])
    said = (NewStatement("person", person), NewStatement("actual_time", "таңертең"), NewStatement("outcome", "unknown"))
    session.write([NewEntry(bytes(15) + b"2", "detention", said)])
    found = custody.held(session, "kk")
    assert {row.record for row in found.rows} == {record, bytes(15) + b"2"}


def test_who_is_held_is_found_without_reading_who_is_not(session, monkeypatch) -> None:
    for number in range(6):
        detain(session, f"Тестов {number}", actual_time="2019-03-22", released_time="2019-03-23")
    held = detain(session, type="criminal_suspicion", actual_time=ago(session, 2))
    read: list[bytes] = []
    one = casework.state
    monkeypatch.setattr(casework, "state", lambda session, record: (read.append(record), one(session, record))[1])
    assert [row.record for row in custody.held(session, "en").rows] == [held]
    assert read == [held]
